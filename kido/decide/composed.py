"""Contents of a table as stated, before they are balanced: from columns of elements, or from one column of text.

element_columns(columns, terms, rows)     -> frame with `wt:E.low`, `.high`, `.ulp`, `.state`, and the rows to look at
text_columns(cells, contents, terms)      -> the same, with what the text says where no element column says anything
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kido.decide.cells import ABSENT, BALANCE, KNOWN, LOOK, NAMED, read_figures, text_of
from kido.decide.contents import BALANCE as BALANCE_WORDS
from kido.decide.contents import OTHER, REST, read_composition
from kido.decide.values import Values
from kido.errors import Problem
from kido.register.yaml_file import Mark
from kido.terms.text import folded
from kido.terms.vocabulary import CONTENT, Fact, Terms

PARTS = ("low", "high", "ulp", "state")
_SCHEMA = {"low": pl.Int64, "high": pl.Int64, "ulp": pl.Int64, "state": pl.Int8}


def element_columns(columns: Mapping[str, pl.Series], terms: Terms, rows: int) -> tuple[pl.DataFrame, pl.Series]:
    """Contents from a column for each element."""
    frames, look = [], pl.repeat(False, rows, eager=True)
    for symbol, cells in columns.items():
        name = f"{symbol.lower()}{CONTENT}"
        fact = terms.facts.get(name) or Fact(name, "number", "wt%", "composition", "", {}, {}, "")
        read = read_figures(cells, fact, terms, _is_balance)
        look = look | (read["state"] == LOOK)
        frames.append(read.select(pl.col(part).cast(kind, strict=False).alias(f"wt:{symbol}.{part}") for part, kind in _SCHEMA.items()))
    return (pl.concat(frames, how="horizontal") if frames else pl.DataFrame()), look


def _is_balance(word: str) -> bool:
    return folded(word) in BALANCE_WORDS


def text_columns(cells: pl.Series, contents: pl.DataFrame, terms: Terms) -> tuple[pl.DataFrame, pl.Series]:
    """Contents from text such as `Nd 30, Dy present, Fe bal.`, each spelling read once."""
    text = text_of(cells)
    stated = [name for name in contents.columns if name.endswith(".state")]
    if stated:
        silent = contents.select(pl.all_horizontal(pl.col(name) == ABSENT for name in stated)).to_series()
        text = pl.select(pl.when(silent).then(text)).to_series()
    found, odd = {}, []
    for word in text.unique().drop_nulls().to_list():
        problems: list[Problem] = []
        read = read_composition(Mark(word, "", 0, 0), Values(terms, problems))
        if problems or OTHER in read:
            odd.append(word)
        else:
            found[word] = read
    symbols = tuple(dict.fromkeys(symbol for read in found.values() for symbol in read))
    table = pl.DataFrame(
        [(word, *(cell for symbol in symbols for cell in _cell(read, symbol))) for word, read in found.items()],
        schema={"word": pl.String} | {f"wt:{symbol}.{part}": kind for symbol in symbols for part, kind in _SCHEMA.items()}, orient="row",
    )  # fmt: skip
    read = pl.DataFrame({"word": text}).join(table, on="word", how="left", maintain_order="left").drop("word")
    read = read.with_columns(pl.col(f"wt:{symbol}.state").fill_null(ABSENT) for symbol in symbols)
    merged = {name: read[name] for name in read.columns} | {name: contents[name] for name in contents.columns if name not in read.columns}
    for name in stated:
        symbol = name[3:-6]
        if symbol in symbols:
            said = contents[name] != ABSENT
            merged |= {f"wt:{symbol}.{part}": contents[f"wt:{symbol}.{part}"].zip_with(said, read[f"wt:{symbol}.{part}"]) for part in PARTS}
    look = text.is_in(odd).fill_null(False) if odd else pl.repeat(False, len(text), eager=True)
    return pl.DataFrame(merged), look


def _cell(read: dict, symbol: str) -> tuple:
    if symbol not in read:
        return None, None, None, ABSENT
    amount = read[symbol]
    if amount is REST:
        return None, None, None, BALANCE
    return (None, None, None, NAMED) if amount is None else (amount.low, amount.high, amount.ulp, KNOWN)
