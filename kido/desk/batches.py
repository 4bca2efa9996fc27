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

from kido.decide.columns import Columns, columns_of, is_heading, stated_facts
from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.address import is_address

if TYPE_CHECKING:
    import polars as pl

    from kido.desk.components import Beside
    from kido.register.answer_book import Wording
    from kido.register.table_source import NotRead, Source

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
    not_read: tuple[NotRead, ...] = ()  # of each table
    undated: int = 0  # answered rows that state no day


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
    wording: Wording | None = None,
) -> Batch:
    """Judge every row of a file, or of every file of a folder.

    Parameters
    ----------
    source : .csv, .tsv, .xlsx, .xls or .parquet, a folder of them with one header, or a table of a database: sqlite:///orders.db::shipments
    into : .csv or .parquet, with `NAME.measures` and `NAME.rejected` beside it; or .xlsx, with a sheet for each
    on : the day for all rows; each row's own date if left out, else `otherwise`
    columns : heading -> fact, where the heading does not tell it; or a function of the header and the name of the table that tells all
    facts : stated of every row, where the row itself says nothing
    processes : as many as there are cores if left out
    seen : called with the rows done and the rows there are
    components : a table of part, element and content; the heading it shares with the transactions names the part
    wording : the words of a workbook, such as `kido.face.batch_words.BatchWords("ja")`; codes if left out

    Raises
    ------
    KidoError : a file or column that cannot be used; a file that changed during the run; a process that died. What was judged is kept.
    """
    _needs_tables()
    from kido.desk.run import Asked, Run, alone
    from kido.register.batch_output import Tables

    into = Path(into)
    tables = Tables(into)
    _apart(tables.paths, [Path(one) for one in (source, components) if one is not None and not is_address(str(one))])
    days = as_date(on, "on"), as_date(known_on, "known_on"), as_date(otherwise, "on")
    with alone(into), _opened(source, into.with_name(f".{into.name}.rows"), columns, components) as (found, beside, told):
        told = replace(told, stated=stated_facts(facts or {}, store.terms()))
        run = Run(into, found, Asked(told, *days), PIECE, processes, seen)
        run.go()
        counted = run.counted()
        not_read = tuple(one.not_read for one in found)
        counts = counted | {"not_read": not_read, "register": store.register().version, "sources": tuple(one.name for one in found)}
        files = tables.write(run.folders, counts, _inputs(found, told) if tables.book else None, wording)
        run.remove()
    rows, rejected = counted["rows"], counted["rejected"]
    return Batch(
        rows, rows - rejected, rejected, counted["answers"], files, told, run.resumed, counted["alone"], beside,
        not_read, counted["undated"],
    )  # fmt: skip


def _inputs(found: Sequence[Source], told: Columns) -> pl.DataFrame:
    """The rows as text under their headings, with their places."""
    import polars as pl

    from kido.decide.cells import text_of

    names = [name or f"({number + 1})" for number, name in enumerate(told.names)]
    pieces = [one.piece(0, one.rows) for one in found]
    return pl.concat(
        piece.select(
            "place", *(text_of(piece[str(number)]).alias(f"{name} " if name == "place" else name) for number, name in enumerate(names))
        )
        for piece in pieces
    )


def told_by(columns: Telling | None, header: Sequence[str], name: str) -> Columns:
    """How the columns of a table are read."""
    return columns(header, name) if callable(columns) else columns_of(header, store.terms(), columns, name)


def _apart(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """No output takes the place of an input, or stands where the next run would read it."""
    for output in outputs:
        for one in inputs:
            place = output.resolve()
            if place == one.resolve() or (one.is_dir() and place.parent == one.resolve()):
                raise KidoError(Problem("output-is-source", "--output", str(output), {"input": str(one)}))


def _heading(text: str) -> bool:
    return is_heading(text, store.terms())


def header_of(source: str | Path) -> tuple[str, ...]:
    """The headings of a table."""
    _needs_tables()
    from kido.register.database_source import database_table
    from kido.register.table_source import sources

    return database_table(str(source)).header if is_address(str(source)) else sources(Path(source), _heading)[0].header


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
    found = sources(Path(source), _heading)
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
) -> tuple[str, str, dict[str, object]]:  # fmt: skip
    """One row of a table, by its line (`7`, `orders.csv:7`) or else its id: its place, its id, and its facts as `determine` reads them.

    Raises
    ------
    KidoError : no such row, or an id that stands in several
    """
    _needs_tables()
    with (
        tempfile.TemporaryDirectory(prefix="kido-") as folder,
        _opened(source, Path(folder) / "rows", columns, components) as (found, _, told),
    ):
        told = replace(told, stated=stated_facts(facts or {}, store.terms()))
        wanted = _rows(found, told, lambda place, id: place == row or place.rpartition(":")[2] == row)
        wanted = wanted or _rows(found, told, lambda place, id: id == row) or _rows(found, told, lambda place, id: row in id.split())
        first = found[0].name
    if len(wanted) != 1:
        places = ", ".join(place for place, _, _ in wanted[:5]) or "-"
        raise KidoError(Problem("no-such-row", first, row, {"rows": str(len(wanted)), "places": places}))
    return wanted[0]


def _rows(found: list[Source], told: Columns, fits: Callable[[str, str], bool]) -> list[tuple[str, str, dict[str, object]]]:
    """The rows whose place or id fits."""
    from kido.decide.cells import text_of

    wanted = []
    for one in found:
        for start in range(0, one.rows, PIECE):
            piece = one.piece(start, PIECE)
            cells = zip(*[text_of(piece[str(number)]).fill_null("").to_list() for number in range(len(told.header))], strict=True)
            for place, row in zip(piece["place"].to_list(), cells, strict=True):
                id, facts = told.transaction(row)
                if fits(place, id):
                    wanted.append((place, id, facts))
    return wanted
