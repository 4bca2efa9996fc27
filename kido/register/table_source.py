"""Tables that are read row by row: a file, or every table of a folder in the order of their names.

sources(path)  -> list of Source; `.header`, `.rows`, and the rows themselves in pieces with their places
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kido.errors import KidoError, Problem
from kido.register.table_file import TABLES, read_table

if TYPE_CHECKING:
    import polars as pl

PARQUET = ".parquet"
KINDS = (*(kind for kind in TABLES if kind != ".txt"), PARQUET)


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

    @property
    def local(self) -> bool:
        """Whether its rows are here only, and not in a file that another process can read."""
        return bool(self.held)

    def piece(self, start: int, rows: int) -> pl.DataFrame:
        """Some rows: a column `place`, and the cells by the number of their column."""
        if self.path.suffix.casefold() == PARQUET:
            return parquet_piece(self.path, self.name, self.header, start, rows)
        return _held_piece(self, start, rows)

    def unchanged(self) -> None:
        """A file that changed while it was read was not judged as a whole."""
        if not self.copied and _identity(self.path) != self.identity:
            raise KidoError(Problem("file-changed", self.name, str(self.path)))


def sources(path: Path) -> list[Source]:
    """Open a table, or the tables of a folder.

    Raises
    ------
    KidoError : not there, no table, no rows, an empty folder
    """
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix.casefold() in KINDS and not one.name.startswith((".", "~$")))
        if not files:
            raise KidoError(Problem("no-tables", str(path), path.name, {"kinds": ", ".join(KINDS)}))
        return [_source(one) for one in files]
    return [_source(path)]


def _source(path: Path) -> Source:
    if path.suffix.casefold() not in KINDS:
        raise KidoError(Problem("wrong-kind-of-file", str(path), path.name))
    if path.suffix.casefold() == PARQUET:
        return _parquet(path)
    identity = _identity(path)
    table = read_table(path)
    start = next((number for number, row in enumerate(table.rows) if any(text.strip() for text in row)), None)
    if start is None:
        raise KidoError(Problem("no-rows", table.name, ""))
    held = [(table.place(number), row) for number, row in enumerate(table.rows) if number > start and any(text.strip() for text in row)]
    if not held:
        raise KidoError(Problem("no-rows", table.name, ""))
    return Source(path, table.name, tuple(text.strip() for text in table.rows[start]), len(held), identity, held)


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
    return pl.DataFrame([[place for place, _ in some], *cells], schema=schema, orient="col")
