"""A table as office programs write it: .csv, .tsv, .txt, .xlsx, .xls; rows of text with the places the user sees.

read_tables(path, decode)  -> list of TableFile: every sheet with anything in it
read_table(path, decode)   -> the first of them
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import ParseError

from kido.errors import KidoError, Problem
from kido.register.exchange.encoding import decoded
from kido.register.odd_cells import odd_cells
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
    hidden: tuple[str, ...] = ()  # sheets of the same workbook that are not shown
    lines: list[str] = field(default_factory=list)

    def place(self, number: int) -> str:
        """Where a row stands: `orders.xlsx:Sheet1:7`.

        >>> TableFile("a.csv", [], "UTF-8").place(0)
        'a.csv:1'
        """
        return f"{self.name}:{self.sheet}:{number + 1}" if self.sheet else f"{self.name}:{number + 1}"


def read_table(path: Path | str, decode: Callable[[bytes, str], tuple[str, str]] = decoded) -> TableFile:
    """The first sheet with anything in it."""
    return read_tables(path, decode)[0]


def read_tables(path: Path | str, decode: Callable[[bytes, str], tuple[str, str]] = decoded) -> list[TableFile]:
    """Read every table of a file whole; of a workbook the sheets with anything in them, in their order.

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
        tables, hidden = _workbook(path, data)
        return [TableFile(path.name, rows, "xlsx", sheet, hidden) for sheet, rows in tables]
    text, encoding = decode(data, path.name)
    if ending == ".txt":
        return [TableFile(path.name, [], encoding, lines=text.splitlines())]
    return [TableFile(path.name, list(_rows(text, path.name, "\t" if ending == ".tsv" else "")), encoding)]


def _workbook(path: Path, data: bytes) -> tuple[list[tuple[str, list[list[str]]]], tuple[str, ...]]:
    """Every sheet that is shown and has anything in it: its name and rows; and the names of the hidden ones."""
    name = path.name
    parts = opened(path, MOST_OFFICE) if path.suffix.casefold() != ".xls" else {}  # the old form is no archive
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    tables = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        hidden = tuple(one.name for one in sheets if one.visible != SheetVisibleEnum.Visible)
        for sheet in (one.name for one in sheets if one.name not in hidden):
            found = book.get_sheet_by_name(sheet)
            if found.height > MOST_ROWS:
                raise KidoError(Problem("too-many-rows", f"{name}:{sheet}", f"{found.height:,}", {"most": f"{MOST_ROWS:,}"}))
            cells = found.to_python(skip_empty_area=False)  # rows keep the numbers the user sees
            for (row, column), shown in odd_cells(parts, sheet).items() if parts else ():
                cells += [[] for _ in range(row + 1 - len(cells))]
                cells[row] += [None] * (column + 1 - len(cells[row]))
                cells[row][column] = shown or _percent(cells[row][column])
            _spread(cells, found.merged_cell_ranges or ())
            table = [[cell(value) for value in row] for row in cells]
            if any(any(row) for row in table):
                tables.append((sheet, table))
    except (CalamineError, ParseError) as error:
        raise KidoError(Problem("office-not-read", name, "", {"why": str(error)})) from None
    if not tables:
        raise KidoError(Problem("no-rows", name, ""))
    return tables, hidden


def _spread(cells: list[list[object]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A value merged over several rows stands in each of them; whoever reads the sheet sees it so."""
    for (first, column), (last, _) in merged:
        for row in cells[first + 1 : last + 1]:
            if column < len(cells[first]):
                row += [None] * (column + 1 - len(row))
                row[column] = cells[first][column]


def _percent(value: object) -> object:
    """A number as it is shown in a cell of per cents; the figures of the file are kept, not those of its rounding.

    >>> _percent(0.975), _percent(3), _percent("text")
    ('97.5%', '300%', 'text')
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{(Decimal(repr(value)) * 100).normalize():f}%"


def cell(value: object) -> str:
    """A cell as the user wrote it: a whole number has no point.

    >>> cell(2000.0), cell(99.90000000000003), cell(" a "), cell(None)
    ('2000', '99.9', 'a', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()  # what is asked of a table goes by days
    if isinstance(value, float):  # fifteen figures, as a spreadsheet shows it
        value = float(f"{value:.15g}")
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()


def _rows(text: str, name: str, between: str = "") -> Iterator[list[str]]:
    start = text.partition("\n")[0]
    between = between or ("\t" if "\t" in start and "," not in start else ";" if ";" in start and "," not in start else ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    try:
        for row in reader:
            swallowed = next((cell for cell in row if "\n" in cell and len(row) > 2 and _looks_like_rows(cell, between, len(row))), None)
            if swallowed is not None:
                raise KidoError(Problem("quote-left-open", f"{name}:{reader.line_num}", swallowed[:80]))
            yield row
    except csv.Error as error:
        raise KidoError(Problem("csv-syntax", f"{name}:{reader.line_num}", "", {"why": str(error)})) from None


def _looks_like_rows(cell: str, between: str, cells: int) -> bool:
    """Whole rows inside one cell: a quote was left open, and closed by a later one."""
    return any(line.count(between) >= cells - 1 for line in cell.split("\n")[1:])
