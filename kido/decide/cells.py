"""Cells of a table as facts, whole columns at a time: each distinct word is read once, by the same door as a single transaction.

    read_words(cells, fact, terms)    -> Words: the values, and which cells need a closer look
    read_values(cells, fact, terms)   -> the same of yes and no, days and places
    read_figures(cells, fact, terms)  -> frame of lowest, highest, last digit and state

What a column cannot settle by itself is left to the door: such rows are marked and judged one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from kido.decide.figures import PERCENT
from kido.decide.values import LAST_YEAR, Values
from kido.errors import Problem
from kido.register.yaml_file import Mark
from kido.terms.amounts import SCALE, Amount
from kido.terms.vocabulary import Fact, Terms

ABSENT, KNOWN, NAMED, BALANCE, LOOK = 0, 1, 2, 3, 9  # what a cell of a figure is; LOOK: the door must see the row
_PLAIN = r"^[0-9]{1,9}(?:\.[0-9]{1,6})?$"  # never \d, which takes full-width figures too
WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())  # as `str.strip` has it
TEXTS = (pl.String, pl.Categorical, pl.Enum)
_MICRO = 10**6  # figures with six digits behind the point are read as they stand


def is_readable(kind: pl.DataType) -> bool:
    """Whether cells of a column are words, figures, days or yes and no."""
    worded = kind in (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Null)
    return worded or kind.is_numeric()


@dataclass(slots=True)
class Words:
    """One column: its values (null: not known) and which cells the door must look at."""

    values: pl.Series
    look: pl.Series


def text_of(column: pl.Series) -> pl.Series:
    """Cells as text, as a row-by-row reader sees them; empty ones are null."""
    kind = column.dtype
    if kind == pl.Boolean:
        text = pl.select(pl.when(column).then(pl.lit("true")).when(~column).then(pl.lit("false"))).to_series()
    elif kind.is_float():
        text = column.cast(pl.String).str.replace(r"\.0$", "")
    elif kind == pl.Datetime:
        text = column.dt.strftime("%Y-%m-%d")  # the law goes by days
    else:
        text = column.cast(pl.String)
    text = text.str.strip_chars(WHITE)
    return pl.select(pl.when(text != "").then(text)).to_series().alias(column.name)


def _words(column: pl.Series) -> tuple[pl.Series, list[str]]:
    """A column to look its cells up in, and its different words; text is only tidied word by word."""
    cells = column if column.dtype == pl.String else text_of(column)
    return cells, cells.unique().drop_nulls().to_list()


def by_word(cells: pl.Series, values: dict[str, object], kind: pl.DataType) -> pl.Series:
    """A value for each cell by its word."""
    found = pl.DataFrame({"word": list(values), "value": list(values.values())}, schema={"word": pl.String, "value": kind})
    return pl.DataFrame({"word": cells}).join(found, on="word", how="left", maintain_order="left")["value"]


def door(fact: Fact, word: str, terms: Terms) -> tuple[object | None, Values]:
    """One cell through the door of a single transaction; a problem stands in the `problems` of the second."""
    problems: list[Problem] = []
    values = Values(terms, problems)
    return values.read(fact, Mark(word, "", 0, 0)), values


def read_words(column: pl.Series, fact: Fact, terms: Terms, special: Callable[[str], bool] = lambda word: False) -> Words:
    """A column of words or codes. `special` words are left to the caller: not known here."""
    cells, words_ = _words(column)
    found: dict[str, str | None] = {}
    look: list[str] = []
    for word in words_:
        value, values = (None, None) if special(word) or not word.strip() else door(fact, word.strip(), terms)
        look += [word] if values and values.problems else []
        found[word] = None if value is None else str(value)
    known = terms.list_of(fact)
    words = list(terms.ids(fact)) if known and fact.type != "places" else sorted({value for value in found.values() if value is not None})
    words += sorted({value for value in found.values() if value is not None} - set(words))
    return Words(by_word(cells, found, pl.Enum(words)).alias(fact.name), _among(cells, look))


def read_values(column: pl.Series, fact: Fact, terms: Terms, kind: pl.DataType) -> Words:
    """A column of yes and no, days, or places passed on the way."""
    if column.dtype == pl.Boolean and fact.type == "bool":
        return Words(column.alias(fact.name), pl.repeat(False, len(column), eager=True))
    if column.dtype == pl.Date and fact.type == "date":
        return Words(column.alias(fact.name), (column.dt.year() > LAST_YEAR).fill_null(False))
    cells, words = _words(column)
    found, look = {}, []
    for word in words:
        value, values = door(fact, word.strip(), terms) if word.strip() else (None, None)
        look += [word] if values and values.problems else []
        found[word] = list(value) if isinstance(value, tuple) else value
    return Words(by_word(cells, found, kind).alias(fact.name), _among(cells, look))


def _among(text: pl.Series, words: list[str]) -> pl.Series:
    return text.is_in(words).fill_null(False) if words else pl.repeat(False, len(text), eager=True)


def read_figures(column: pl.Series, fact: Fact, terms: Terms, balance: Callable[[str], bool] = lambda word: False) -> pl.DataFrame:
    """A column of figures: `low`, `high`, `ulp` (of the last digit) and `state` of each cell; each different cell is read once."""
    different = column.unique()
    if len(different) > len(column) // 4:
        return _figures(column, fact, terms, balance)
    table = _figures(different, fact, terms, balance).with_columns(different.alias("cell"))
    found = pl.DataFrame({"cell": column}).join(table, on="cell", how="left", maintain_order="left", nulls_equal=True)
    return found.select("low", "high", "ulp", "state")


def _figures(column: pl.Series, fact: Fact, terms: Terms, balance: Callable[[str], bool]) -> pl.DataFrame:
    """Plain decimals are read as columns; everything else (bounds, units, words) once for each spelling by the door."""
    plain = _plain(column)
    rest = text_of(column.filter(plain["micro"].is_null() & column.is_not_null()))
    frame = plain.select(
        low=_scaled(plain["micro"]),
        ulp=pl.col("ulp"),
        state=pl.when(pl.col("micro").is_null()).then(ABSENT).otherwise(KNOWN).cast(pl.Int8),
    )
    frame = frame.with_columns(high=pl.col("low"))
    if fact.unit in PERCENT:
        over = pl.col("low") > 100 * SCALE
        frame = frame.with_columns(state=pl.when(over).then(LOOK).otherwise("state").cast(pl.Int8))
    if rest.null_count() == len(rest):
        return frame.select("low", "high", "ulp", "state")
    table = pl.DataFrame(
        [(word, *_read_figure(word, fact, terms, balance)) for word in rest.unique().drop_nulls().to_list()],
        schema={"word": pl.String, "low.": pl.Int128, "high.": pl.Int128, "ulp.": pl.Int64, "state.": pl.Int8}, orient="row",
    )  # fmt: skip
    frame = frame.with_columns(pl.col("low", "high").cast(pl.Int128), word=text_of(column)).join(
        table, on="word", how="left", maintain_order="left"
    )
    other = pl.col("state") == ABSENT
    return frame.select(
        *(pl.when(other).then(f"{name}.").otherwise(name).alias(name) for name in ("low", "high", "ulp")),
        pl.when(other).then(pl.col("state.").fill_null(ABSENT)).otherwise("state").alias("state"),
    )


def _scaled(micro: pl.Series) -> pl.Series:
    """Millionths on the grid; in 64 bits where they fit."""
    most = micro.max()
    kind = pl.Int64 if most is None or most < 2**62 // (SCALE // _MICRO) else pl.Int128
    return pl.select(micro.cast(kind) * pl.lit(SCALE // _MICRO, dtype=kind)).to_series()


def _read_figure(word: str, fact: Fact, terms: Terms, balance: Callable[[str], bool]) -> tuple[int | None, int | None, int | None, int]:
    if balance(word):
        return None, None, None, BALANCE
    found, values = door(fact, word, terms)
    if values.problems or values.currency or (values.without_currency and fact.type == "money"):
        return None, None, None, LOOK
    if not isinstance(found, Amount):
        return None, None, None, NAMED
    return found.low, found.high, found.ulp, KNOWN


def _plain(column: pl.Series) -> pl.DataFrame:
    """Plain decimals in millionths, and the size of their last digit; null where a cell is anything else."""
    if column.dtype == pl.Float64:  # of 32 bits, what is shown and what is held differ too early: such a column is read as text
        micro = (column * _MICRO).round(0)
        exact = column.is_finite() & (column >= 0) & (column < 1e9) & ((micro / _MICRO) == column)
        whole = pl.select(pl.when(exact).then(micro.cast(pl.Int64, strict=False))).to_series()
        return pl.DataFrame({"micro": whole}).with_columns(ulp=_last_digit(pl.col("micro")))
    if column.dtype.is_integer():
        column = column.cast(pl.Int64, strict=False)
        fits = (column >= 0) & (column < 10**9)
        return pl.DataFrame({"micro": pl.select(pl.when(fits).then(column * _MICRO)).to_series()}).with_columns(
            ulp=pl.when(pl.col("micro").is_not_null()).then(pl.lit(SCALE, dtype=pl.Int64))
        )
    text = text_of(column)
    fits = text.str.contains(_PLAIN)
    figure = pl.select(pl.when(fits).then(text)).to_series()
    digits = figure.str.split(".").list.get(1, null_on_oob=True).str.len_chars().fill_null(0)
    micro = (figure.cast(pl.Float64) * _MICRO).round(0).cast(pl.Int64)
    found = pl.DataFrame({"micro": micro, "digits": digits}).with_columns(
        ulp=pl.col("digits").replace_strict({n: 10 ** (12 - n) for n in range(7)}, return_dtype=pl.Int64)
    )
    rounded_zero = (pl.col("micro") == 0) & (pl.col("digits") > 0)  # 0.00 may be anything below half of its last digit
    return found.select(
        pl.when(~rounded_zero).then("micro").alias("micro"), pl.when(~rounded_zero & pl.col("micro").is_not_null()).then("ulp").alias("ulp")
    )


def _last_digit(micro: pl.Expr) -> pl.Expr:
    """The last digit a float shows: of 2.5 a tenth, of 2.0 one."""
    found = pl
    for zeros in range(6, 0, -1):
        found = found.when(micro % 10**zeros == 0).then(pl.lit(10 ** (6 + zeros), dtype=pl.Int64))
    return pl.when(micro.is_not_null()).then(found.otherwise(pl.lit(_MICRO, dtype=pl.Int64)))


def narrow(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Figures in 64 bits where they fit: four times as fast to compare."""
    most = frame.select(pl.col(names).abs().max()).row(0)
    return frame.with_columns(pl.col(name).cast(pl.Int64) for name, top in zip(names, most, strict=True) if top is None or top < 2**62)
