"""A table as office programs write it: .csv, .tsv, .txt, .xlsx, .xls; rows of text with the places the user sees.

read_table(path, decode)   -> TableFile
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register.exchange.encoding import decoded
from kido.terms.office_file import opened

MOST_ROWS = 1_000_000
MOST_BYTES = 2_000_000_000
MOST_OFFICE = 100_000_000
BOOKS = (".xlsx", ".xlsm", ".xls")
TABLES = (".csv", ".tsv", ".txt", *BOOKS)


@dataclass(frozen=True, slots=True)
class TableFile:
    """`rows` as they stand, empty ones too, so that their number is the line the user sees; `lines` of a .txt."""

    name: str
    rows: list[list[str]]
    encoding: str
    sheet: str = ""
    lines: list[str] = field(default_factory=list)

    def place(self, number: int) -> str:
        """Where a row stands: `orders.xlsx:Sheet1:7`.

        >>> TableFile("a.csv", [], "UTF-8").place(0)
        'a.csv:1'
        """
        return f"{self.name}:{self.sheet}:{number + 1}" if self.sheet else f"{self.name}:{number + 1}"


def read_table(path: Path | str, decode: Callable[[bytes, str], tuple[str, str]] = decoded) -> TableFile:
    """Read a table whole.

    Raises
    ------
    KidoError : not there, too large, locked, with macros, of unknown encoding, or no table
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
    if ending in BOOKS:
        sheet, rows = _workbook(path, data)
        return TableFile(path.name, rows, "xlsx", sheet)
    text, encoding = decode(data, path.name)
    if ending == ".txt":
        return TableFile(path.name, [], encoding, lines=text.splitlines())
    return TableFile(path.name, list(_rows(text, path.name)), encoding)


def _workbook(path: Path, data: bytes) -> tuple[str, list[list[str]]]:
    """The first sheet with anything in it."""
    name = path.name
    if path.suffix.casefold() != ".xls":  # the old form is no archive
        opened(path, MOST_OFFICE)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheet_names:
            found = book.get_sheet_by_name(sheet)
            if found.height > MOST_ROWS:
                raise KidoError(Problem("too-many-rows", f"{name}:{sheet}", f"{found.height:,}", {"most": f"{MOST_ROWS:,}"}))
            before = [[]] * (found.start[0] if found.start else 0)  # rows keep the numbers the user sees
            table = [[cell(value) for value in row] for row in found.to_python(skip_empty_area=True)]
            if any(any(row) for row in table):
                return sheet, before + table
    except CalamineError as error:
        raise KidoError(Problem("office-not-read", name, "", {"why": str(error)})) from None
    raise KidoError(Problem("no-rows", name, ""))


def cell(value: object) -> str:
    """A cell as the user wrote it: a whole number has no point.

    >>> cell(2000.0), cell(" a "), cell(None)
    ('2000', 'a', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()  # what is asked of a table goes by days
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _rows(text: str, name: str) -> Iterator[list[str]]:
    start = text.partition("\n")[0]
    between = "\t" if "\t" in start and "," not in start else ";" if ";" in start and "," not in start else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise KidoError(Problem("csv-syntax", f"{name}:{reader.line_num}", "", {"why": str(error)})) from None
