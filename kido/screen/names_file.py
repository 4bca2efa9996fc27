"""A file of names to compare: .csv, .tsv, .txt or .xlsx, in the encodings office programs write.

read_names(path, column)   -> NamesFile: the rows in order, each with its place, its name and its country if there is one
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register.table_file import MOST_ROWS, read_table
from kido.screen.rows import decoded_names
from kido.terms.text import folded, nearest

_NAMES = (
    "name", "company", "company name", "party", "名称", "名前", "会社名", "社名", "取引先名", "取引先", "得意先名", "仕入先名", "需要者名", "企業名",
    "公司名称", "公司", "企业名称", "회사명", "상호",
)  # fmt: skip
_COUNTRIES = ("country", "国", "国名", "国・地域", "国コード", "所在国", "国家", "국가")


@dataclass(frozen=True, slots=True)
class NameRow:
    """One row: `place` is file and row as the user sees them; `cells` the whole row, so that nothing is lost."""

    place: str
    name: str
    country: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamesFile:
    """What was read, and how: shown to the user, who may say otherwise."""

    header: tuple[str, ...]
    column: str
    country_column: str
    encoding: str
    rows: tuple[NameRow, ...]
    sheet: str = ""


def read_names(path: Path | str, column: str = "") -> NamesFile:
    """The names in a file. `column` says which; left out, it is told by its heading, or is the only one.

    Raises
    ------
    KidoError : what is no table, too large, locked, with macros, of unknown encoding, or without a column of names
    """
    read = read_table(path, decoded_names)
    name = Path(path).name
    if Path(path).suffix.casefold() == ".txt":
        return _named([["name"], *([line] for line in read.lines)], name, "name", read.encoding, first=0)
    return _named(read.rows, name, column, read.encoding, read.sheet)


def _named(table: list[list[str]], name: str, column: str, encoding: str, sheet: str = "", first: int = 1) -> NamesFile:
    """The table with its column of names found; `first` is the number of the line the header stands on."""
    start = next((number for number, row in enumerate(table) if any(cell.strip() for cell in row)), None)
    if start is None:
        raise KidoError(Problem("no-rows", name, ""))
    if len(table) - start > MOST_ROWS:
        raise KidoError(Problem("too-many-rows", name, f"{len(table):,}", {"most": f"{MOST_ROWS:,}"}))
    header = tuple(cell.strip() for cell in table[start])
    at = _column(header, _NAMES, column)
    if at is None and not column and max(len([cell for cell in row if cell]) for row in table) == 1:
        header, at, start = ("name",), next(i for i, cell in enumerate(table[start]) if cell.strip()), start - 1  # names alone
    if at is None:
        read = column or ", ".join(header)[:80]
        raise KidoError(
            Problem("no-name-column", f"{name}:{start + first}", read, {"columns": ", ".join(header), "near": nearest(column, header)})
        )
    country = _column(header, _COUNTRIES, "")
    place = f"{name}:{sheet}:" if sheet else f"{name}:"
    rows = tuple(
        NameRow(f"{place}{number + first}", _at(row, at), _at(row, country), tuple(row))
        for number, row in enumerate(table)
        if number > start and any(cell.strip() for cell in row)
    )
    if not rows:
        raise KidoError(Problem("no-rows", name, ""))
    shown = header[at] if at < len(header) else header[0]
    return NamesFile(header, shown, header[country] if country is not None else "", encoding, rows, sheet)


def _column(header: Sequence[str], known: Sequence[str], wanted: str) -> int | None:
    """The column asked for, else the first whose heading is a known one."""
    names = [folded(cell) for cell in header]
    if wanted:
        return names.index(folded(wanted)) if folded(wanted) in names else None
    return next((names.index(word) for word in known if word in names), None)


def _at(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""
