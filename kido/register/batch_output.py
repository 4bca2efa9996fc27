"""The tables of a batch: answers, measures and rejected rows, each written whole or not at all.

Tables(into).write(pieces)  -> the files
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import polars as pl

from kido.errors import KidoError, Problem
from kido.register.exchange.cells import FORMULA

KINDS = (".csv", ".parquet", ".xlsx")
NAMES = ("answers", "measures", "rejected")
MOST_SHEET = 1_048_575  # rows of a sheet beside its header


class Tables:
    """Three tables beside each other: `orders.csv`, `orders.measures.csv`, `orders.rejected.csv`."""

    def __init__(self, into: Path):
        if into.suffix.casefold() not in KINDS:
            raise KidoError(Problem("unknown-output-kind", "--output", str(into), {"values": ", ".join(KINDS)}))
        self.into = into
        self.paths = (into, into.with_suffix(f".measures{into.suffix}"), into.with_suffix(f".rejected{into.suffix}"))

    def write(self, folders: list[Path]) -> tuple[Path, ...]:
        """Write what the folders of the pieces hold; old files stand until the new ones are whole."""
        kind = _KINDS[self.into.suffix.casefold()]
        tables = [kind(path) for path in self.paths]
        try:
            for table, name in zip(tables, NAMES, strict=True):
                table.write([path for folder in folders for path in sorted(folder.glob(f"{name}-*.parquet"))])
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


_WIDTHS = {  # in characters
    "place": 26, "jurisdictions": 60, "binding": 45, "open": 60, "missing": 60, "measure": 40, "items": 40, "possible": 60, "wrong_ja": 50, "wrong_en": 50,
    "do_ja": 60, "do_en": 60, "answer": 22, "planning": 22, "may_become": 22,
}  # fmt: skip


class _Xlsx(_Table):
    """A sheet with a frozen head; a table that does not fit into a sheet is refused by name."""

    def fill(self, pieces: list[Path]) -> None:
        rows = sum(pl.scan_parquet(piece).select(pl.len()).collect().item() for piece in pieces)
        if rows > MOST_SHEET:
            raise KidoError(Problem("sheet-full", "--output", str(self.path), {"most": f"{MOST_SHEET:,}"}))
        import xlsxwriter

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(self.beside, options)
        sheet = book.add_worksheet(self.path.suffixes[0].strip(".")[:31] if len(self.path.suffixes) > 1 else "answers")
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        count, head = 0, pl.read_parquet_schema(pieces[0]).keys()
        sheet.write_row(0, 0, tuple(head), book.add_format({"bold": True, "bottom": 1}))
        for column, name in enumerate(head):
            sheet.set_column(column, column, _WIDTHS.get(name, 16))
        for piece in pieces:
            for row in pl.read_parquet(piece).cast(pl.String).fill_null("").iter_rows():
                count += 1
                for column, text in enumerate(row):
                    sheet.write_string(count, column, text[:32_767])
        sheet.autofilter(0, 0, count, len(head) - 1)
        book.close()


_KINDS = {".csv": _Csv, ".parquet": _Parquet, ".xlsx": _Xlsx}
