"""The run of one table: its pieces in a folder beside the output, until the output is whole.

    run = Run(into, sources, asked, size, processes, seen); run.go()

A piece is there whole or not at all. Pieces are used again only by a run that asks the same of the same files with the same
register. A large table is judged by several processes, each with a piece; rows that a column cannot settle are kept in parts.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import pickle
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
from filelock import FileLock, Timeout

from kido.decide.batch import Batch, Row, Single, judge_rows
from kido.decide.columns import Columns
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.batch_output import NAMES, not_written
from kido.register.home import write_whole
from kido.register.table_source import Source
from kido.terms import ground

PART = 100  # rows judged one by one; about a second of one process
SMALL = 150_000  # rows that are not worth other processes
LEAST = 50_000  # rows of a piece: each costs about a second beside its rows
_SETTINGS = {"POLARS_MAX_THREADS": "1", "_RJEM_MALLOC_CONF": "dirty_decay_ms:5000,muzzy_decay_ms:5000"}  # memory is used again soon
_FORMAT = 3  # of the pieces
_SEEN = "counted.json"
_PARTS = ".rows"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every row."""

    columns: Columns
    on: date | None
    known_on: date | None
    otherwise: date | None

    def __str__(self) -> str:
        told = sorted(self.columns.facts.items()), sorted(self.columns.stated.items())
        return json.dumps([*map(str, (self.on, self.known_on, self.otherwise)), *told], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of pieces, and what is asked: all that judges a piece, in whatever process."""

    folder: Path
    asked: Asked

    def piece(self, number: int) -> Path:
        return self.folder / f"{number:06}"

    def judge(self, judging: Batch, number: int, frame: pl.DataFrame, told: Callable[[int], None] = lambda rows: None) -> None:
        """Judge a piece and put it into its place whole; `told` of the rows that were judged one by one."""
        folder = self.piece(number)
        piece = judging.piece(frame, lambda rows: self._alone(rows, number, told))
        beside = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
        answers = dict(piece.summary["answer"].cast(pl.String).value_counts().iter_rows())
        counted = {"rows": piece.rows, "rejected": piece.bad, "alone": piece.alone, "undated": piece.undated, "answers": answers}
        try:
            beside.mkdir(parents=True, exist_ok=True)
            for name, tables in zip(NAMES, ((piece.summary,), piece.measures, (piece.rejected,)), strict=True):
                for number, table in enumerate(tables):
                    table.write_parquet(beside / f"{name}-{number:02}.parquet", compression="lz4", statistics=False)
            write_whole(beside / _SEEN, json.dumps(counted).encode())
            beside.replace(folder)
        except (OSError, pl.exceptions.PolarsError) as error:
            shutil.rmtree(beside, ignore_errors=True)
            raise not_written(folder, error) from None
        for part in self.folder.glob(f"{folder.name}.*{_PARTS}"):
            part.unlink(missing_ok=True)

    def _alone(self, rows: list[Row], piece: int, told: Callable[[int], None]) -> Iterable[Single]:
        """Judge rows one by one, in parts that are kept, so that a killed run loses about a second."""
        for number, start in enumerate(range(0, len(rows), PART)):
            path = self.folder / f"{piece:06}.{number:06}{_PARTS}"
            if not path.is_file():
                self.write(path, _judge_part(rows[start : start + PART], self.asked))
            told(min(PART, len(rows) - start))
            yield from pickle.loads(path.read_bytes())

    def write(self, path: Path, data: bytes) -> None:
        try:
            write_whole(path, data)
        except OSError as error:
            raise not_written(path, error) from None


def _judge_part(rows: list[Row], asked: Asked) -> bytes:
    """One part. Reasons are many small objects without circles: collecting them in between takes a fifth of the time."""
    gc.disable()
    try:
        found = judge_rows(rows, asked.columns, store.register(), store.terms(), asked.on, asked.known_on, asked.otherwise)
        return pickle.dumps(list(found))
    finally:
        gc.enable()


@dataclass(slots=True)
class Run:
    """One run; `resumed` rows had been judged by an earlier one."""

    into: Path
    sources: list[Source]
    asked: Asked
    size: int
    processes: int | None
    seen: Callable[[int, int], None]
    resumed: int = 0
    place: Place = field(init=False)
    folders: list[Path] = field(init=False, default_factory=list)

    def __post_init__(self):
        self.place = Place(_beside(self.into, "run"), self.asked)
        self.processes = self.processes or os.cpu_count() or 1
        self.size = max(1, min(self.size, max(LEAST, -(-self.rows // (2 * self.processes)))))

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.sources)

    def _begin(self) -> None:
        """Pieces of another question are of no use; what a killed run was writing is none."""
        said = [_FORMAT, self.size, PART, store.register().version, [one.identity for one in self.sources], str(self.asked)]
        mark, name = self.place.folder / "run", hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
        if not (mark.is_file() and mark.read_text(encoding="utf-8") == name):
            self.remove()
            self.place.write(mark, name.encode())
        for left in self.place.folder.glob("*.tmp"):
            shutil.rmtree(left, ignore_errors=True)

    def remove(self) -> None:
        shutil.rmtree(self.place.folder, ignore_errors=True)

    def go(self) -> None:
        """Judge every piece that is not there yet."""
        self._begin()
        pieces = list(_pieces(self.sources, self.size))
        self.folders = [self.place.piece(number) for number, *_ in pieces]
        left = [piece for piece in pieces if not (self.place.piece(piece[0]) / _SEEN).is_file()]
        self.resumed = self.rows - sum(rows for _, _, _, rows in left)
        done = self.resumed
        alone = self.processes == 1 or self.rows <= SMALL
        for rows in self._here(left) if alone else self._beside(left):
            done += rows
            self.seen(done, self.rows)
        for source in self.sources:
            source.unchanged()

    def _here(self, left: list[tuple[int, int, int, int]]) -> Iterator[int]:
        judging = _judging(self.asked) if left else None
        done = self.resumed
        for number, at, start, rows in left:
            told = 0

            def alone(some: int) -> None:
                nonlocal told
                told += some
                self.seen(done + told, self.rows)  # noqa: B023 - judged at once

            self.place.judge(judging, number, self.sources[at].piece(start, rows), alone)
            done += rows
            yield rows

    def _beside(self, left: list[tuple[int, int, int, int]]) -> Iterator[int]:
        """Several processes, each with one thread of the table library; what they judge one by one is told as it comes."""
        from concurrent.futures import FIRST_COMPLETED, wait
        from concurrent.futures.process import BrokenProcessPool

        from loky import ProcessPoolExecutor

        start = {"initializer": _start, "initargs": (ground.asked.get(), self.place), "env": _SETTINGS}
        waiting: dict = {}
        rest, told = iter(left), 0
        with ProcessPoolExecutor(min(self.processes, len(left) or 1), **start) as pool:
            try:
                while True:
                    for number, at, first, rows in rest:
                        source = self.sources[at]
                        frame = source.piece(first, rows) if source.local else None
                        waiting[pool.submit(_judge, number, source.path, source.name, source.header, first, rows, frame)] = rows
                        if len(waiting) > self.processes:
                            break
                    if not waiting:
                        return
                    ready, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                    for future in ready:
                        future.result()
                        yield waiting.pop(future) - told
                        told = 0
                    if not ready:
                        now = PART * sum(1 for _ in self.place.folder.glob(f"*{_PARTS}"))
                        if told < now < sum(waiting.values()):
                            yield now - told
                            told = now
            except BrokenProcessPool:
                raise KidoError(Problem("process-died", "batch", str(self.into), {"rows": f"{self.rows:,}"})) from None
            finally:
                pool.shutdown(wait=True, kill_workers=True)  # with psutil; without it loky needs a program that a bare system lacks

    def counted(self) -> dict:
        """What all pieces come to."""
        found = [json.loads((folder / _SEEN).read_text(encoding="utf-8")) for folder in self.folders]
        answers: Counter[str] = Counter()
        for one in found:
            answers.update(one["answers"])
        return {name: sum(one[name] for one in found) for name in ("rows", "rejected", "alone", "undated")} | {"answers": dict(answers)}


def _beside(into: Path, what: str) -> Path:
    return into.with_name(f".{into.name}.{what}")


@contextmanager
def alone(into: Path) -> Iterator[None]:
    """No other run writes to the same output meanwhile; the lock falls with its process."""
    lock = FileLock(_beside(into, "lock"))
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        raise KidoError(Problem("run-twice", "--output", str(into))) from None
    except OSError as error:
        raise not_written(into, error) from None
    try:
        yield
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)  # while it is held: whoever comes next makes a new one
        lock.release()


def _pieces(sources: list[Source], size: int) -> Iterator[tuple[int, int, int, int]]:
    """Number, source, first row and rows of each piece."""
    number = 0
    for at, source in enumerate(sources):
        for start in range(0, source.rows, size):
            yield number, at, start, min(size, source.rows - start)
            number += 1


def _judging(asked: Asked) -> Batch:
    return Batch(asked.columns, store.register(), store.terms(), asked.on, asked.known_on, asked.otherwise)


# -- in a process of its own -----------------------------------------------------------------

_OWN: list[tuple[Place, Batch]] = []


def _start(version: str, place: Place) -> None:
    """The register of the run."""
    ground.asked.set(version)
    _OWN[:] = [(place, _judging(place.asked))]


def _judge(number: int, path: Path, name: str, header: tuple[str, ...], start: int, rows: int, frame: pl.DataFrame | None) -> None:
    from kido.register.table_source import parquet_piece

    place, judging = _OWN[0]
    place.judge(judging, number, frame if frame is not None else parquet_piece(path, name, header, start, rows))
