"""A file of transactions, judged piece by piece: a run that was stopped goes on where it was.

batch(source, into, …)  -> Batch: how many rows were answered and rejected, and where the answers are
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kido.decide.columns import Columns, columns_of
from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.address import is_address

if TYPE_CHECKING:
    from kido.desk.components import Beside
    from kido.register.table_source import Source

PIECE = 125_000  # rows
Telling = Mapping[str, str] | Callable[[Sequence[str], str], Columns]  # heading -> fact; or what tells the columns of a header and a name


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run came to. `rows` = `answered` + `rejected`; `answers` counts the rows of each answer."""

    rows: int
    answered: int
    rejected: int
    answers: Mapping[str, int]
    files: tuple[Path, ...]
    columns: Columns
    resumed: int = 0  # rows that an earlier run had judged
    alone: int = 0  # rows that a column could not settle, judged one by one
    beside: Beside | None = None  # the component table


def batch(
    source: str | Path,
    into: str | Path,
    on: date | str | None = None,
    known_on: date | str | None = None,
    columns: Telling | None = None,
    facts: Mapping[str, str] | None = None,
    processes: int | None = None,
    otherwise: date | str | None = None,
    seen: Callable[[int, int], None] = lambda done, total: None,
    components: str | Path | None = None,
) -> Batch:
    """Judge every row of a file, or of every file of a folder.

    Parameters
    ----------
    source : .csv, .tsv, .xlsx, .xls or .parquet, a folder of them with one header, or a table of a database: sqlite:///orders.db::shipments
    into : .csv, .parquet or .xlsx; `NAME.measures` and `NAME.rejected` are written beside it
    on : the day for all rows; each row's own date if left out, else `otherwise`
    columns : heading -> fact, where the heading does not tell it; or a function of the header and the name of the table that tells all
    facts : stated of every row, where the row itself says nothing
    processes : as many as there are cores if left out
    seen : called with the rows done and the rows there are
    components : a table of part, element and content; the heading it shares with the transactions names the part

    Raises
    ------
    KidoError : a file or column that cannot be used; a file that changed during the run; a process that died. What was judged is kept.
    """
    _needs_tables()
    from kido.desk.run import Asked, Run
    from kido.register.batch_output import Tables

    into = Path(into)
    tables = Tables(into)
    days = as_date(on, "on"), as_date(known_on, "known_on"), as_date(otherwise, "on")
    with _opened(source, into.with_name(f".{into.name}.rows"), columns, components) as (found, beside, told):
        told = replace(told, stated=dict(facts or {}))
        run = Run(into, found, Asked(told, *days), PIECE, processes, seen)
        run.go()
        files = tables.write(run.folders)
        counted = run.counted()
        run.remove()
    rows, rejected = counted["rows"], counted["rejected"]
    return Batch(rows, rows - rejected, rejected, counted["answers"], files, told, run.resumed, counted["alone"], beside)


def told_by(columns: Telling | None, header: Sequence[str], name: str) -> Columns:
    """How the columns of a table are read."""
    return columns(header, name) if callable(columns) else columns_of(header, store.terms(), columns, name)


def header_of(source: str | Path) -> tuple[str, ...]:
    """The headings of a table."""
    _needs_tables()
    from kido.register.database_source import database_table
    from kido.register.table_source import sources

    return database_table(str(source)).header if is_address(str(source)) else sources(Path(source))[0].header


@contextmanager
def _opened(
    source: str | Path, copy: Path, columns: Telling | None, components: str | Path | None = None
) -> Iterator[tuple[list[Source], Beside | None, Columns]]:
    """The tables of a source and how their columns are read; the rows of a database are in the folder `copy` as long as they are needed."""
    from kido.register.database_source import database_table
    from kido.register.table_source import sources

    if is_address(str(source)):
        table = database_table(str(source))
        told = told_by(columns, _with_components(table.header, table.name, components), table.name)
        with table.copied(copy) as copied:
            yield *_beside([copied], components), told
        return
    found = sources(Path(source))
    for other in found[1:]:
        if other.header != found[0].header:
            read, columns_ = (", ".join(one.header)[:200] for one in (other, found[0]))
            raise KidoError(Problem("other-header", other.name, read, {"first": found[0].name, "columns": columns_}))
    told = told_by(columns, _with_components(found[0].header, found[0].name, components), found[0].name)
    yield *_beside(found, components), told


def _with_components(header: Sequence[str], name: str, components: str | Path | None) -> Sequence[str]:
    if components is None:
        return header
    from kido.desk.components import with_composition

    return with_composition(header, name)


def _beside(found: list[Source], components: str | Path | None) -> tuple[list[Source], Beside | None]:
    if components is None:
        return found, None
    from kido.desk.components import beside

    return beside(found, Path(components))


def _needs_tables() -> None:
    try:
        import polars  # noqa: F401
    except ImportError:
        raise KidoError(Problem("extra-missing", "batch", "polars", {"extra": "tables"})) from None


def row_of(
    source: str | Path, row: str, columns: Telling | None = None, facts: Mapping[str, str] | None = None,
    components: str | Path | None = None,
) -> dict[str, object]:  # fmt: skip
    """The facts of one row of a table, by its line (`7`, `orders.csv:7`) or its id, as `determine` reads them.

    Raises
    ------
    KidoError : no such row, or an id that stands in several
    """
    _needs_tables()
    with (
        tempfile.TemporaryDirectory(prefix="kido-") as folder,
        _opened(source, Path(folder) / "rows", columns, components) as (found, _, told),
    ):
        told = replace(told, stated=dict(facts or {}))
        wanted = _rows(found, told, lambda place, id: place == row or place.rpartition(":")[2] == row)
        wanted = wanted or _rows(found, told, lambda place, id: id == row) or _rows(found, told, lambda place, id: row in id.split())
        first = found[0].name
    if len(wanted) != 1:
        raise KidoError(Problem("no-such-row", first, row, {"rows": str(len(wanted))}))
    return wanted[0]


def _rows(found: list[Source], told: Columns, fits: Callable[[str, str], bool]) -> list[dict[str, object]]:
    """The facts of the rows whose place or id fits."""
    from kido.decide.cells import text_of

    wanted = []
    for one in found:
        for start in range(0, one.rows, PIECE):
            piece = one.piece(start, PIECE)
            cells = zip(*[text_of(piece[str(number)]).fill_null("").to_list() for number in range(len(told.header))], strict=True)
            for place, row in zip(piece["place"].to_list(), cells, strict=True):
                id, facts = told.transaction(row)
                if fits(place, id):
                    wanted.append(facts)
    return wanted
