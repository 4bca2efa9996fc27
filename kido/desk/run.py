"""The run of one table: its pieces in a folder beside the output, until the output is whole.

    with Run(into, sources, asked, size, processes, seen) as run: run.go()

A piece is there whole or not at all. Pieces are used again only by a run that asks the same of the same files with the same
register. Rows that a column cannot settle are judged by several processes, in parts that are kept as well.
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
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kido.decide.batch import Batch, Piece, Row, Single, judge_rows
from kido.decide.columns import Columns
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.batch_output import NAMES, not_written
from kido.register.home import write_whole
from kido.terms import ground

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from kido.register.table_source import Source

PART = 500  # rows judged one by one; a few seconds of one process
_FORMAT = 2  # of the pieces
_FEW = 300  # rows that are not worth other processes
_SEEN = "counted.json"


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
    folder: Path = field(init=False)
    folders: list[Path] = field(init=False, default_factory=list)
    pool: ProcessPoolExecutor | None = field(init=False, default=None)

    def __post_init__(self):
        self.folder = self.into.with_name(f".{self.into.name}.run")

    def __enter__(self) -> Run:
        said = [_FORMAT, self.size, PART, store.register().version, [one.identity for one in self.sources], str(self.asked)]
        mark, name = self.folder / "run", hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
        if not (mark.is_file() and mark.read_text(encoding="utf-8") == name):
            self.remove()
            self._write(mark, name.encode())
        for left in self.folder.glob("*.tmp"):
            shutil.rmtree(left, ignore_errors=True)
        return self

    def __exit__(self, *_) -> None:
        if self.pool is not None:
            self.pool.shutdown(wait=False, cancel_futures=True)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- pieces --------------------------------------------------------------------------

    def go(self) -> None:
        """Judge every piece that is not there yet."""
        asked, total = self.asked, sum(one.rows for one in self.sources)
        judging = Batch(asked.columns, store.register(), store.terms(), asked.on, asked.known_on, asked.otherwise)
        done = number = 0
        for source in self.sources:
            for frame in source.pieces(self.size):
                folder = self.folder / f"{number:06}"
                if (folder / _SEEN).is_file():
                    self.resumed += frame.height
                else:
                    before, rows = done, frame.height
                    piece = judging.piece(frame, lambda some, at=number, before=before, rows=rows: self._alone(some, at, before, rows, total))
                    self._keep(folder, piece)
                self.folders.append(folder)
                number += 1
                done += frame.height
                self.seen(done, total)
            source.unchanged()

    def _keep(self, folder: Path, piece: Piece) -> None:
        """A piece is written beside its place and put there whole."""
        beside = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
        answers = dict(piece.summary["answer"].cast(pl.String).value_counts().iter_rows())
        counted = {"rows": piece.rows, "rejected": piece.bad, "alone": piece.alone, "answers": answers}
        try:
            beside.mkdir(parents=True, exist_ok=True)
            for name, frame in zip(NAMES, (piece.summary, piece.measures, piece.rejected), strict=True):
                frame.write_parquet(beside / f"{name}.parquet", compression="lz4")
            write_whole(beside / _SEEN, json.dumps(counted).encode())
            beside.replace(folder)
        except (OSError, pl.exceptions.PolarsError) as error:
            shutil.rmtree(beside, ignore_errors=True)
            raise not_written(folder, error) from None
        for part in self.folder.glob(f"{folder.name}.*.rows"):
            part.unlink(missing_ok=True)

    def counted(self) -> dict:
        """What all pieces come to."""
        found = [json.loads((folder / _SEEN).read_text(encoding="utf-8")) for folder in self.folders]
        answers: Counter[str] = Counter()
        for one in found:
            answers.update(one["answers"])
        return {name: sum(one[name] for one in found) for name in ("rows", "rejected", "alone")} | {"answers": dict(answers)}

    # -- rows judged one by one ----------------------------------------------------------

    def _alone(self, rows: list[Row], piece: int, before: int, height: int, total: int) -> Iterable[Single]:
        """Judge rows in parts; each part is kept, so that a killed run loses a few seconds."""
        parts = [rows[start : start + PART] for start in range(0, len(rows), PART)]
        paths = [self.folder / f"{piece:06}.{number:06}.rows" for number in range(len(parts))]
        open_ = [number for number, path in enumerate(paths) if not path.is_file()]
        left = sum(len(parts[number]) for number in open_)
        for number, found in self._judged(parts, open_):
            self._write(paths[number], found)
            left -= len(parts[number])
            self.seen(before + height * (len(rows) - left) // len(rows), total)
        for path in paths:
            yield from pickle.loads(path.read_bytes())

    def _judged(self, parts: list[list[Row]], wanted: list[int]) -> Iterator[tuple[int, bytes]]:
        if sum(len(parts[number]) for number in wanted) <= _FEW:
            for number in wanted:
                yield number, _judge_part(parts[number], self.asked)
            return
        from concurrent.futures import as_completed
        from concurrent.futures.process import BrokenProcessPool

        try:
            waiting = {self._pool().submit(_judge_part, parts[number], self.asked): number for number in wanted}
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        except BrokenProcessPool:
            raise KidoError(Problem("process-died", "batch", str(self.into), {"rows": f"{sum(map(len, parts)):,}"})) from None

    def _pool(self) -> ProcessPoolExecutor:
        """Fresh processes: one that is forked beside the threads of a table library may hang."""
        if self.pool is None:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            how = multiprocessing.get_context("spawn")
            self.pool = ProcessPoolExecutor(self.processes, how, initializer=_answer_with, initargs=(ground.asked.get(),))
        return self.pool

    def _write(self, path: Path, data: bytes) -> None:
        try:
            write_whole(path, data)
        except OSError as error:
            raise not_written(path, error) from None


def _answer_with(version: str) -> None:
    """The register of the run, in a process of its own."""
    ground.asked.set(version)
    store.register()


def _judge_part(rows: list[Row], asked: Asked) -> bytes:
    """One part. Reasons are many small objects without circles: collecting them in between takes a fifth of the time."""
    gc.disable()
    try:
        found = judge_rows(rows, asked.columns, store.register(), store.terms(), asked.on, asked.known_on, asked.otherwise)
        return pickle.dumps(list(found))
    finally:
        gc.enable()
