"""Tables that are read row by row: a file, the like sheets of a workbook, or every table of a folder in the order of their names.

sources(path, heading)  -> list of Source; `.header`, `.rows`, and the rows themselves in pieces with their places

The header is the first row with two headings that are known, else the first row with anything in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kido.errors import KidoError, Problem
from kido.register.exchange.encoding import CP932, decoded
from kido.register.table_file import TABLES, TableFile, read_tables

if TYPE_CHECKING:
    import polars as pl

PARQUET = ".parquet"
BEYOND = "beyond"  # what stands in a row beyond the header
LAST_HEADER = 30  # the header is looked for in these rows
KINDS = (*(kind for kind in TABLES if kind != ".txt"), PARQUET)


@dataclass(frozen=True, slots=True)
class NotRead:
    """What is there and was not read, by the places the user sees.

    files   of a folder
    sheets  of a workbook, hidden ones and those with other headings
    above   rows above the header
    cells   rows with text in a column without a heading
    """

    files: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


def all_not_read(found: Sequence[NotRead]) -> dict[str, list[str]]:
    """Of several tables together, by kind; a kind of which there is nothing is left out.

    >>> all_not_read([NotRead(sheets=("memo",)), NotRead(sheets=("old",), above=("a.csv:1",))])
    {'sheets': ['memo', 'old'], 'above': ['a.csv:1']}
    """
    kinds = {name: [place for each in found for place in getattr(each, name)] for name in NotRead.__match_args__}
    return {name: places for name, places in kinds.items() if places}


@dataclass(slots=True)
class Source:
    """One table. `identity` changes with the file; `rows` are those with anything in them."""

    path: Path
    name: str
    header: tuple[str, ...]
    rows: int
    identity: tuple
    held: list[tuple[str, list[str]]] = field(default_factory=list, repr=False)
    copied: bool = False  # of a database, for this run only
    not_read: NotRead = NotRead()

    @property
    def local(self) -> bool:
        """Whether its rows are here only, and not in a file that another process can read."""
        return bool(self.held)

    def piece(self, start: int, rows: int) -> pl.DataFrame:
        """Some rows: a column `place`, the cells by the number of their column, and `beyond` if a row is longer than the header."""
        if self.path.suffix.casefold() == PARQUET:
            return parquet_piece(self.path, self.name, self.header, start, rows)
        return _held_piece(self, start, rows)

    def unchanged(self) -> None:
        """A file that changed while it was read was not judged as a whole."""
        if not self.copied and _identity(self.path) != self.identity[:3]:
            raise KidoError(Problem("file-changed", self.name, str(self.path)))


def sources(path: Path, heading: Callable[[str], bool] = lambda text: False) -> list[Source]:
    """Open a table, the like sheets of a workbook, or the tables of a folder.

    Parameters
    ----------
    heading : whether a text is known as a heading

    Raises
    ------
    KidoError : not there, no table, no rows, an empty folder
    """
    if path.is_dir():
        there = sorted(one for one in path.iterdir() if not one.name.startswith((".", "~$")))
        files = [one for one in there if one.suffix.casefold() in KINDS and not (one.is_dir() and one.suffix.casefold() != PARQUET)]
        if not files:
            raise KidoError(Problem("no-tables", str(path), path.name, {"kinds": ", ".join(KINDS)}))
        found = [source for one in files for source in _sources(one, heading)]
        found[0].not_read = replace(found[0].not_read, files=tuple(one.name for one in there if one not in files))
        return found
    return _sources(path, heading)


def _sources(path: Path, heading: Callable[[str], bool]) -> list[Source]:
    if path.suffix.casefold() not in KINDS:
        raise KidoError(Problem("wrong-kind-of-file", str(path), path.name))
    if path.suffix.casefold() == PARQUET:
        return [_parquet(path)]
    identity = _identity(path)
    tables = [(table, *_header(table, heading)) for table in read_tables(path, lambda data, name: _decoded(data, name, heading))]
    first = next((one for one in tables if one[2]), tables[0])
    header = _texts(first)
    alike = [one for one in tables if _texts(one) == header]
    sheets = (*(one[0].sheet for one in tables if _texts(one) != header), *first[0].hidden)
    found = [_source(path, table, at, identity, sheets if number == 0 else ()) for number, (table, at, _) in enumerate(alike)]
    if not any(one.rows for one in found):
        raise KidoError(Problem("no-rows", first[0].name, ""))
    return [one for one in found if one.rows]


def _texts(one: tuple[TableFile, int, bool]) -> tuple[str, ...]:
    """The headings; a sheet may be wider than they are."""
    table, at, _ = one
    texts = [text.strip() for text in table.rows[at]]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _header(table: TableFile, heading: Callable[[str], bool]) -> tuple[int, bool]:
    """The row of the headings, and whether they are known. Above it stand titles, which fill fewer cells."""
    some = [number for number, row in enumerate(table.rows) if _filled(row)]
    if not some:
        raise KidoError(Problem("no-rows", table.name, ""))
    first = some[0]
    for number in some:
        if number >= first + LAST_HEADER:
            break
        row = table.rows[number]
        if sum(bool(text.strip()) and heading(text) for text in row) >= 2 and (
            number == first or _filled(row) > _filled(table.rows[first])
        ):
            return number, True
    return first, False


def _decoded(data: bytes, name: str, heading: Callable[[str], bool]) -> tuple[str, str]:
    """As for any text; where it is not sure that it is cp932, known headings tell."""
    try:
        return decoded(data, name)
    except KidoError:
        text = data.decode("cp932", errors="replace")
        first = re.split(r'[,;\t"\r\n]+', text[:10_000])
        if "\ufffd" in text or sum(bool(word.strip()) and heading(word) for word in first[:200]) < 2:
            raise
        return text, CP932


def _filled(row: list[str]) -> int:
    return sum(bool(text.strip()) for text in row)


def _source(path: Path, table: TableFile, start: int, identity: tuple, sheets: tuple[str, ...]) -> Source:
    header = _texts((table, start, True))
    nameless = [number for number, text in enumerate(header) if not text]
    held, cells = [], []
    for number, row in enumerate(table.rows):
        if number > start and any(text.strip() for text in row):
            held.append((table.place(number), row))
            if any(at < len(row) and row[at].strip() for at in nameless):
                cells.append(table.place(number))
    above = tuple(table.place(number) for number in range(start) if any(text.strip() for text in table.rows[number]))
    return Source(path, table.name, header, len(held), (*identity, table.sheet), held, not_read=NotRead((), sheets, above, tuple(cells)))


def _identity(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path.resolve()), found.st_size, found.st_mtime_ns


def _parquet(path: Path) -> Source:
    """Read slice by slice, so that it need not fit into memory."""
    import polars as pl

    if not path.is_file():
        raise KidoError(Problem("no-such-file", str(path), path.name))
    try:
        lazy = pl.scan_parquet(path)
        header = tuple(lazy.collect_schema().names())
        rows = lazy.select(pl.len()).collect().item()
    except pl.exceptions.PolarsError as error:
        raise KidoError(Problem("file-not-read", str(path), path.name, {"why": str(error).splitlines()[0][:200]})) from None
    if not rows:
        raise KidoError(Problem("no-rows", path.name, ""))
    return Source(path, path.name, header, rows, _identity(path))


def parquet_piece(path: Path, name: str, header: tuple[str, ...], start: int, rows: int) -> pl.DataFrame:
    import polars as pl

    piece = pl.scan_parquet(path).slice(start, rows).collect()
    piece.columns = [str(number) for number in range(len(header))]
    return piece.with_columns(pl.format("{}:{}", pl.lit(name), pl.int_range(start + 1, start + 1 + pl.len())).alias("place"))


def _held_piece(source: Source, start: int, rows: int) -> pl.DataFrame:
    import polars as pl

    width = len(source.header)
    some = source.held[start : start + rows]
    cells = zip(*((row + [""] * width)[:width] if len(row) != width else row for _, row in some), strict=True)
    schema = {"place": pl.String} | {str(number): pl.String for number in range(width)}
    frame = pl.DataFrame([[place for place, _ in some], *cells], schema=schema, orient="col")
    beyond = [", ".join(text.strip() for text in row[width:] if text.strip()) or None for _, row in some]
    return frame.with_columns(pl.Series(BEYOND, beyond, pl.String)) if any(beyond) else frame
