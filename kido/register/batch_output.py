"""The tables of a batch: answers, measures and rejected rows, each written whole or not at all.

Tables(into, summary, measures).write(rows)  -> Counted
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register.exchange.cells import kept

KINDS = (".csv", ".parquet", ".xlsx")
REJECTED = "rejected"
PROBLEM = ("place", "at", "code", "read", "wrong_ja", "wrong_en", "do_ja", "do_en")
MOST_SHEET = 1_048_575  # rows of a sheet beside its header
_PIECE = 50_000


@dataclass(frozen=True, slots=True)
class Counted:
    answered: int
    rejected: int
    answers: dict[str, int]
    files: tuple[Path, ...]


class Tables:
    """Three tables beside each other: `orders.csv`, `orders.measures.csv`, `orders.rejected.csv`."""

    def __init__(self, into: Path, summary: Sequence[str], measures: Sequence[str]):
        if into.suffix.casefold() not in KINDS:
            raise KidoError(Problem("unknown-output-kind", "--output", str(into), {"values": ", ".join(KINDS)}))
        self.into, self.heads = into, (tuple(summary), tuple(measures), PROBLEM)
        self.paths = (into, into.with_suffix(f".measures{into.suffix}"), into.with_suffix(f".rejected{into.suffix}"))

    def write(self, rows: Iterable[dict]) -> Counted:
        """Write every row that was judged; old files stand until the new ones are whole."""
        try:
            tables = [_KINDS[self.into.suffix.casefold()](path, head) for path, head in zip(self.paths, self.heads, strict=True)]
        except OSError as error:
            raise _not_written(self.into, error) from None
        answers: Counter[str] = Counter()
        rejected = 0
        at = self.heads[0].index("answer")
        try:
            for row in rows:
                if REJECTED in row:
                    rejected += 1
                    for problem in row[REJECTED]:
                        tables[2].add((row["place"], *problem))
                else:
                    answers[row["summary"][at]] += 1
                    tables[0].add(row["summary"])
                    for measure in row["measures"]:
                        tables[1].add(measure)
            files = tuple(table.close() for table in tables)
        except OSError as error:
            raise _not_written(self.into, error) from None
        finally:
            for table in tables:
                table.drop()
        return Counted(sum(answers.values()), rejected, dict(answers), files)


def _not_written(path: Path, error: OSError) -> KidoError:
    return KidoError(Problem("file-not-written", "--output", str(path), {"why": error.strerror or str(error)}))


class _Table:
    """Written beside its place, and put there when it is whole."""

    def __init__(self, path: Path, head: tuple[str, ...]):
        self.path, self.head = path, head
        self.beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        path.parent.mkdir(parents=True, exist_ok=True)

    def close(self) -> Path:
        self.finish()
        self.beside.replace(self.path)
        return self.path

    def drop(self) -> None:
        self.beside.unlink(missing_ok=True)


class _Csv(_Table):
    """UTF-8 with its mark, so that Excel reads it; no text runs as a formula."""

    def __init__(self, path: Path, head: tuple[str, ...]):
        super().__init__(path, head)
        self.file = self.beside.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file)
        self.writer.writerow(head)

    def add(self, row: Sequence[str]) -> None:
        self.writer.writerow([kept(text) for text in row])

    def finish(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def drop(self) -> None:
        self.file.close()
        super().drop()


class _Parquet(_Table):
    """Pieces of some rows each, joined at the end without holding them all."""

    def __init__(self, path: Path, head: tuple[str, ...]):
        super().__init__(path, head)
        self.rows: list[Sequence[str]] = []
        self.pieces: list[Path] = []

    def add(self, row: Sequence[str]) -> None:
        self.rows.append(row)
        if len(self.rows) >= _PIECE:
            self.piece()

    def piece(self) -> None:
        import polars as pl

        path = self.beside.with_name(f"{self.beside.name}.{len(self.pieces)}")
        pl.DataFrame(self.rows, schema=dict.fromkeys(self.head, pl.String), orient="row").write_parquet(path)
        self.pieces.append(path)
        self.rows = []

    def finish(self) -> None:
        import polars as pl

        self.piece()
        pl.scan_parquet(self.pieces).sink_parquet(self.beside)

    def drop(self) -> None:
        for path in self.pieces:
            path.unlink(missing_ok=True)
        super().drop()


class _Xlsx(_Table):
    """A sheet with a frozen head; a table that does not fit into a sheet is refused by name."""

    def __init__(self, path: Path, head: tuple[str, ...]):
        super().__init__(path, head)
        import xlsxwriter

        self.book = xlsxwriter.Workbook(self.beside, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self.sheet = self.book.add_worksheet(path.suffixes[0].strip(".")[:31] if len(path.suffixes) > 1 else "answers")
        self.sheet.freeze_panes(1, 0)
        self.count = 0
        self.row(head)

    def row(self, row: Sequence[str]) -> None:
        for column, text in enumerate(row):
            self.sheet.write_string(self.count, column, text[:32_767])
        self.count += 1

    def add(self, row: Sequence[str]) -> None:
        if self.count > MOST_SHEET:
            raise KidoError(Problem("sheet-full", "--output", str(self.path), {"most": f"{MOST_SHEET:,}"}))
        self.row(row)

    def finish(self) -> None:
        self.sheet.autofilter(0, 0, max(0, self.count - 1), len(self.head) - 1)
        self.book.close()


_KINDS = {".csv": _Csv, ".parquet": _Parquet, ".xlsx": _Xlsx}
