"""A file of names to compare: .csv, .tsv, .txt or .xlsx, in the encodings office programs write.

read_names(path, column)   -> NamesFile: the rows in order, each with its place, its name and its country if there is one
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.screen.rows import decoded_names
from kido.terms.office_file import opened
from kido.terms.text import folded, nearest

MOST_ROWS = 1_000_000
MOST_BYTES = 200_000_000
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
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise KidoError(Problem("list-too-large", path.name, f"{path.stat().st_size:,}", {"most": f"{MOST_BYTES:,}"}))
        data = path.read_bytes()
    except FileNotFoundError:
        raise KidoError(Problem("no-such-file", str(path), str(path))) from None
    except OSError as error:
        raise KidoError(Problem("file-not-read", str(path), path.name, {"why": error.strerror or str(error)})) from None
    ending = path.suffix.casefold()
    if ending in (".xlsx", ".xlsm", ".xls"):
        sheet, table = _workbook(path, data)
        return _named(table, path.name, column, "xlsx", sheet)
    text, encoding = decoded_names(data, path.name)
    if ending == ".txt":
        return _named([["name"], *([line] for line in text.splitlines())], path.name, "name", encoding, first=0)
    return _named(list(_lines(text, path.name)), path.name, column, encoding)


def _workbook(path: Path, data: bytes) -> tuple[str, list[list[str]]]:
    """The first sheet with anything in it."""
    name = path.name
    if path.suffix.casefold() != ".xls":  # the old form is no archive
        opened(path, MOST_BYTES // 2)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheet_names:
            found = book.get_sheet_by_name(sheet)
            if found.height > MOST_ROWS:
                raise KidoError(Problem("too-many-rows", f"{name}:{sheet}", f"{found.height:,}", {"most": f"{MOST_ROWS:,}"}))
            before = [[]] * (found.start[0] if found.start else 0)  # rows keep the numbers the user sees
            table = [[_cell(value) for value in row] for row in found.to_python(skip_empty_area=True)]
            if any(any(row) for row in table):
                return sheet, before + table
    except CalamineError as error:
        raise KidoError(Problem("office-not-read", name, "", {"why": str(error)})) from None
    raise KidoError(Problem("no-rows", name, ""))


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _lines(text: str, name: str) -> Iterator[list[str]]:
    start = text.partition("\n")[0]
    between = "\t" if "\t" in start and "," not in start else ";" if ";" in start and "," not in start else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    except csv.Error as error:
        raise KidoError(Problem("csv-syntax", name, "", {"why": str(error)})) from None


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
