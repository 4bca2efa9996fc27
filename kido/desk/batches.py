"""A file of transactions, judged by several processes, part by part: a run that was stopped goes on where it was.

    batch(source, into, …)  -> Batch: how many rows were answered and rejected, and where the answers are

The parts of a run stand in a folder beside the output until it is whole. They are used again only by a run that asks the same of
the same files with the same register; the output itself is written once, whole, at the end.
"""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kido.decide.batch import MEASURES, SUMMARY, judge_rows
from kido.decide.columns import Columns, columns_of
from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.home import write_whole

if TYPE_CHECKING:
    from concurrent.futures import Future

    from kido.register.table_source import Source

PART = 500  # rows; a few seconds of one process
_FORMAT = 1  # of the parts


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
    from kido.register.batch_output import Tables
    from kido.register.table_source import sources

    found = sources(Path(source))
    into = Path(into)
    tables = Tables(into, SUMMARY, MEASURES)
    told = columns_of(found[0].header, store.terms(), columns, found[0].name)
    for other in found[1:]:
        if other.header != found[0].header:
            read = ", ".join(other.header)[:200]
            raise KidoError(
                Problem("other-header", other.name, read, {"first": found[0].name, "columns": ", ".join(found[0].header)[:200]})
            )
    asked = _Asked(as_date(on, "on"), as_date(known_on, "known_on"), as_date(otherwise, "on"), dict(facts or {}), told)
    parts = _Parts(into, found, asked)
    total = sum(one.rows for one in found)
    resumed = _run(found, asked, parts, processes, total, seen)
    for one in found:
        one.unchanged()
    counted = tables.write(parts.rows())
    parts.remove()
    return Batch(total, counted.answered, counted.rejected, counted.answers, counted.files, told, resumed)


def row_of(
    source: str | Path, row: str, columns: Mapping[str, str] | None = None, facts: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The facts of one row of a table, by its line (`7`, `orders.csv:7`) or its id, as `determine` reads them.

    Raises
    ------
    KidoError : no such row, or an id that stands in several
    """
    from kido.register.table_source import sources

    found = sources(Path(source))
    told = columns_of(found[0].header, store.terms(), columns, found[0].name)
    told = replace(told, stated=dict(facts or {}))
    every = [(place, *told.transaction(cells)) for one in found for place, cells in one]
    wanted = [facts for place, _, facts in every if place == row or place.rpartition(":")[2] == row]
    wanted = wanted or [facts for _, id, facts in every if id == row]
    if len(wanted) != 1:
        raise KidoError(Problem("no-such-row", found[0].name, row, {"rows": str(len(wanted))}))
    return wanted[0]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of every row."""

    on: date | None
    known_on: date | None
    otherwise: date | None
    facts: dict[str, str]
    columns: Columns


class _Parts:
    """The folder of a run."""

    def __init__(self, into: Path, found: list[Source], asked: _Asked):
        self.folder = into.with_name(f".{into.name}.run")
        said = {
            "format": _FORMAT, "part": PART, "register": store.register().version, "files": [one.identity for one in found],
            "on": str(asked.on), "known_on": str(asked.known_on), "otherwise": str(asked.otherwise), "facts": sorted(asked.facts.items()),
            "columns": sorted(asked.columns.facts.items()),
        }  # fmt: skip
        self.run = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        mark = self.folder / "run"
        if not (mark.is_file() and mark.read_text(encoding="utf-8") == self.run):
            self.remove()
            write_whole(mark, self.run.encode())

    def path(self, number: int) -> Path:
        return self.folder / f"{number:08}.jsonl"

    def done(self, number: int) -> bool:
        return self.path(number).is_file()

    def keep(self, number: int, lines: bytes) -> None:
        """A part is there whole or not at all."""
        try:
            write_whole(self.path(number), lines)
        except OSError as error:
            raise KidoError(Problem("file-not-written", str(self.path(number)), "", {"why": error.strerror or str(error)})) from None

    def rows(self) -> Iterator[dict]:
        for path in sorted(self.folder.glob("*.jsonl")):
            with path.open(encoding="utf-8") as lines:
                yield from map(json.loads, lines)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _run(found: list[Source], asked: _Asked, parts: _Parts, processes: int | None, total: int, seen: Callable[[int, int], None]) -> int:
    """Judge every part that is not there yet; returns how many rows an earlier run had judged."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    waiting: dict[Future, tuple[int, int]] = {}
    done = resumed = 0
    rows = (row for one in found for row in one)
    store.register()  # once, before the processes are made from this one
    with ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")
    ) as pool:
        try:
            for number in range(total + 1):
                part = list(islice(rows, PART))
                if not part:
                    break
                if parts.done(number):
                    resumed += len(part)
                    done += len(part)
                    continue
                waiting[pool.submit(_judge_part, part, asked)] = number, len(part)
                if len(waiting) >= 8:
                    done += _collect(waiting, parts)
                    seen(done, total)
            while waiting:
                done += _collect(waiting, parts)
                seen(done, total)
        except BrokenProcessPool:
            raise KidoError(Problem("process-died", "batch", f"{done:,}", {"rows": f"{total:,}"})) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return resumed


def _collect(waiting: dict[Future, tuple[int, int]], parts: _Parts) -> int:
    from concurrent.futures import FIRST_COMPLETED, wait

    ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
    count = 0
    for future in ready:
        number, rows = waiting.pop(future)
        parts.keep(number, future.result())
        count += rows
    return count


def _judge_part(part: list[tuple[str, list[str]]], asked: _Asked) -> bytes:
    """One part, as JSON lines. Reasons are many small objects without circles: collecting them in between takes a fifth of the time."""
    gc.disable()
    try:
        return _lines(part, asked)
    finally:
        gc.enable()


def _lines(part: list[tuple[str, list[str]]], asked: _Asked) -> bytes:
    stated = replace(asked.columns, stated=asked.facts)
    lines = []
    for judged in judge_rows(part, stated, store.register(), store.terms(), asked.on, asked.known_on, asked.otherwise):
        if judged.problems:
            problems = [[p.place, p.code, p.read, p.wrong("ja"), p.wrong("en"), p.do("ja"), p.do("en")] for p in judged.problems]
            lines.append({"place": judged.place, "rejected": problems})
        else:
            lines.append({"summary": judged.summary, "measures": judged.measures})
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines).encode()
