"""The tables of a batch: answers, measures and rejected rows, each written whole or not at all.

Tables(into).write(pieces)  -> the files
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import polars as pl

from kido.errors import KidoError, Problem
from kido.register.answer_book import Codes, Wording, write_book
from kido.terms.cells import FORMULA

BOOK = ".xlsx"
KINDS = (".csv", ".parquet", BOOK)
NAMES = ("answers", "measures", "rejected")


class Tables:
    """Three tables beside each other: `orders.csv`, `orders.measures.csv`, `orders.rejected.csv`; or the sheets of one workbook."""

    def __init__(self, into: Path):
        if into.suffix.casefold() not in KINDS:
            raise KidoError(Problem("unknown-output-kind", "--output", str(into), {"values": ", ".join(KINDS)}))
        self.into, self.book = into, into.suffix.casefold() == BOOK
        beside = () if self.book else (into.with_suffix(f".measures{into.suffix}"), into.with_suffix(f".rejected{into.suffix}"))
        self.paths = (into, *beside)

    def write(
        self, folders: list[Path], counts: dict, inputs: pl.DataFrame | None = None, wording: Wording | None = None
    ) -> tuple[Path, ...]:
        """Write what the folders of the pieces hold; old files stand until the new ones are whole.

        `inputs` and `wording` are for a workbook: the rows that were judged, and the words of a language.
        """
        kind = _Book if self.book else _KINDS[self.into.suffix.casefold()]
        tables = [kind(path) for path in self.paths]
        for table in tables:
            if table.path.is_dir() and not table.replaces():  # told before anything is put into its place
                raise KidoError(Problem("output-is-folder", "--output", str(table.path)))
        pieces = {name: [path for folder in folders for path in sorted(folder.glob(f"{name}-*.parquet"))] for name in NAMES}
        try:
            if self.book:
                tables[0].fill_all(pieces, inputs, wording or Codes(), counts)
            else:
                for table, name in zip(tables, NAMES, strict=True):
                    table.write(pieces[name])
            return tuple(table.put() for table in tables)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise not_written(self.into, error) from None
        finally:
            for table in tables:
                table.drop()


def not_written(path: Path, error: Exception) -> KidoError:
    return KidoError(Problem("file-not-written", "--output", str(path), {"why": getattr(error, "strerror", None) or str(error)}))


class _Table:
    """Written beside its place, and put there when it is whole."""

    def __init__(self, path: Path):
        self.path = path
        self.beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")

    def write(self, pieces: list[Path]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.fill(pieces)

    def replaces(self) -> bool:
        """Whether a folder in its place may go."""
        return False

    def put(self) -> Path:
        self.beside.replace(self.path)
        return self.path

    def drop(self) -> None:
        self.beside.unlink(missing_ok=True)


class _Csv(_Table):
    """UTF-8 with its mark, so that Excel reads it; no text runs as a formula."""

    def fill(self, pieces: list[Path]) -> None:
        with self.beside.open("wb") as file:
            file.write("\ufeff".encode())
            for number, piece in enumerate(pieces):
                _texts(pl.read_parquet(piece)).write_csv(file, include_header=number == 0, line_terminator="\r\n")
            file.flush()
            os.fsync(file.fileno())


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells as text; one that a spreadsheet would run gets an apostrophe in front."""
    frame = frame.with_columns(pl.col(pl.Categorical).cast(pl.String))
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    run = f"^(?:{FORMULA})"
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(run)).then(pl.lit("'") + pl.col(name)).otherwise(pl.col(name)).alias(name) for name in texts
    )


class _Parquet(_Table):
    """One file; of a long run a folder of files, as table programs read and write them."""

    def fill(self, pieces: list[Path]) -> None:
        if len(pieces) == 1:
            shutil.copyfile(pieces[0], self.beside)
            return
        self.drop()
        self.beside.mkdir()
        for number, piece in enumerate(pieces):
            place = self.beside / f"part-{number:06}.parquet"
            try:
                place.hardlink_to(piece)
            except OSError:  # a file system without links
                shutil.copyfile(piece, place)

    def replaces(self) -> bool:
        """A folder that an earlier run wrote."""
        return all(one.is_file() and one.match("part-*.parquet") for one in self.path.iterdir())

    def put(self) -> Path:
        if self.path.is_dir() or self.beside.is_dir():
            old = self.beside.with_suffix(".old")
            if self.path.exists():
                self.path.replace(old)
            self.beside.replace(self.path)
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
            return self.path
        return super().put()

    def drop(self) -> None:
        shutil.rmtree(self.beside, ignore_errors=True) if self.beside.is_dir() else super().drop()


class _Book(_Table):
    """All tables as the sheets of one workbook."""

    def fill_all(self, pieces: dict[str, list[Path]], inputs: pl.DataFrame | None, wording: Wording, counts: dict) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_book(self.beside, pieces, inputs, wording, counts)


_KINDS = {".csv": _Csv, ".parquet": _Parquet}
