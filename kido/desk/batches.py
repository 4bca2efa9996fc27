"""A file of transactions, judged piece by piece: a run that was stopped goes on where it was.

    batch(source, into, …)  -> Batch: how many rows were answered and rejected, and where the answers are
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kido.decide.columns import Columns, columns_of
from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store

if TYPE_CHECKING:
    from kido.register.table_source import Source

PIECE = 250_000  # rows


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


def batch(
    source: str | Path,
    into: str | Path,
    on: date | str | None = None,
    known_on: date | str | None = None,
    columns: Mapping[str, str] | None = None,
    facts: Mapping[str, str] | None = None,
    processes: int | None = None,
    otherwise: date | str | None = None,
    seen: Callable[[int, int], None] = lambda done, total: None,
) -> Batch:
    """Judge every row of a file, or of every file of a folder.

    Parameters
    ----------
    source : .csv, .tsv, .xlsx, .xls or .parquet, or a folder of them with one header
    into : .csv, .parquet or .xlsx; `NAME.measures` and `NAME.rejected` are written beside it
    on : the day for all rows; each row's own date if left out, else `otherwise`
    columns : heading -> fact, where the heading does not tell it
    facts : stated of every row, where the row itself says nothing
    processes : as many as there are cores if left out
    seen : called with the rows done and the rows there are

    Raises
    ------
    KidoError : a file or column that cannot be used; a file that changed during the run; a process that died. What was judged is kept.
    """
    _needs_tables()
    from kido.desk.run import Asked, Run
    from kido.register.batch_output import Tables
    from kido.register.table_source import sources

    found = sources(Path(source))
    into = Path(into)
    tables = Tables(into)
    told = columns_of(found[0].header, store.terms(), columns, found[0].name)
    for other in found[1:]:
        if other.header != found[0].header:
            read = ", ".join(other.header)[:200]
            raise KidoError(
                Problem("other-header", other.name, read, {"first": found[0].name, "columns": ", ".join(found[0].header)[:200]})
            )
    told = replace(told, stated=dict(facts or {}))
    asked = Asked(told, as_date(on, "on"), as_date(known_on, "known_on"), as_date(otherwise, "on"))
    with Run(into, found, asked, PIECE, processes, seen) as run:
        run.go()
        files = tables.write(run.folders)
        counted = run.counted()
        run.remove()
    return Batch(counted["rows"], counted["rows"] - counted["rejected"], counted["rejected"], counted["answers"], files, told, run.resumed, counted["alone"])


def _needs_tables() -> None:
    try:
        import polars  # noqa: F401
    except ImportError:
        raise KidoError(Problem("extra-missing", "batch", "polars", {"extra": "tables"})) from None


def row_of(
    source: str | Path, row: str, columns: Mapping[str, str] | None = None, facts: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The facts of one row of a table, by its line (`7`, `orders.csv:7`) or its id, as `determine` reads them.

    Raises
    ------
    KidoError : no such row, or an id that stands in several
    """
    _needs_tables()
    from kido.register.table_source import sources

    found = sources(Path(source))
    told = columns_of(found[0].header, store.terms(), columns, found[0].name)
    told = replace(told, stated=dict(facts or {}))
    wanted = _rows(found, told, lambda place, id: place == row or place.rpartition(":")[2] == row)
    wanted = wanted or _rows(found, told, lambda place, id: id == row)
    if len(wanted) != 1:
        raise KidoError(Problem("no-such-row", found[0].name, row, {"rows": str(len(wanted))}))
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
