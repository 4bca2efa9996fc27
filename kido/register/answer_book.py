"""The answers of a batch as one workbook: read first, answers beside the rows of the input, measures, rejected rows.

write_book(path, pieces, inputs, wording, about)

`wording` puts headings and values into a language (`kido.face.batch_words`); `Codes` leaves them as the other formats have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from kido.errors import KidoError, Problem

MOST_ROWS = 1_048_575  # of a sheet beside its header
MOST_TEXT = 32_767  # of a cell
A3, PRINTED = 8, 9  # paper, and columns that are printed; the others are for the screen
_ABOUT = (34, 110)
_WIDTHS = {
    "place": 24, "id": 18, "on": 11, "answer": 22, "jurisdictions": 44, "missing": 50, "binding": 44, "open": 44, "measure": 44, "items": 24,
    "possible": 40, "at": 30, "read": 24, "wrong": 46, "do": 60, "planning": 22, "may_become": 22,
}  # fmt: skip


class Wording(Protocol):
    """Headings and values in a language."""

    def sheet(self, name: str) -> str: ...

    def columns(self, name: str, columns: Sequence[str]) -> Sequence[str]:
        """Which columns of a table are written, in their order."""

    def heading(self, name: str, column: str) -> str: ...

    def value(self, name: str, column: str, text: str) -> str: ...

    def about(self, counts: Mapping[str, object]) -> Iterable[tuple[str, ...]]:
        """The rows of the sheet that is read first; none for no such sheet."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Everything as the other formats have it."""

    def sheet(self, name: str) -> str:
        return name

    def columns(self, name: str, columns: Sequence[str]) -> Sequence[str]:
        return columns

    def heading(self, name: str, column: str) -> str:
        return column

    def value(self, name: str, column: str, text: str) -> str:
        return text

    def about(self, counts: Mapping[str, object]) -> Iterable[tuple[str, ...]]:
        return ()


def write_book(
    path: Path, pieces: Mapping[str, Sequence[Path]], inputs: pl.DataFrame | None, wording: Wording, counts: Mapping[str, object]
) -> None:
    """Write the workbook.

    Parameters
    ----------
    pieces : table -> its Parquet files
    inputs : the rows that were judged as text, with their `place`; beside the answers

    Raises
    ------
    KidoError : a table that does not fit into a sheet
    """
    for name, files in pieces.items():
        rows = sum(pl.scan_parquet(piece).select(pl.len()).collect().item() for piece in files)
        if rows > MOST_ROWS:
            raise KidoError(Problem("sheet-full", "--output", wording.sheet(name), {"most": f"{MOST_ROWS:,}"}))
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        top = book.add_format({"text_wrap": True, "valign": "top"})
        if lines := list(wording.about(counts)):
            sheet = book.add_worksheet(wording.sheet("about"))
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            for column, width in enumerate(_ABOUT):
                sheet.set_column(column, column, width)
            for number, line in enumerate(lines):
                sheet.set_row(number, _height(line, _ABOUT))
                for column, text in enumerate(line):
                    sheet.write_string(number, column, text[:MOST_TEXT], bold if len(line) == 1 else top)
        for name, files in pieces.items():
            beside = inputs if name == "answers" else None
            sheet = book.add_worksheet(wording.sheet(name))
            sheet.freeze_panes(1, 1)
            sheet.set_landscape()
            sheet.set_paper(A3)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            columns = list(wording.columns(name, [*pl.read_parquet_schema(files[0])]))
            more = [one for one in beside.columns if one != "place"] if beside is not None else []
            heads = [*(wording.heading(name, column) for column in columns), *more]
            widths = [_WIDTHS.get(code.removesuffix("_ja").removesuffix("_en"), 16) for code in (*columns, *more)]
            sheet.set_row(0, _height(heads, widths))
            for column, (width, head) in enumerate(zip(widths, heads, strict=True)):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, head, bold)
            count = 0
            for count, row in enumerate(_rows(files, name, columns, beside, more, wording), 1):
                sheet.set_row(count, _height(row, widths))
                for column, text in enumerate(row):
                    if text:
                        sheet.write_string(count, column, text[:MOST_TEXT], top)
            sheet.autofilter(0, 0, max(count, 1), len(heads) - 1)
            sheet.print_area(0, 0, count, min(len(columns), PRINTED) - 1)


def _height(row: Sequence[str], widths: Sequence[int]) -> float:
    """Height of a row in points, for its texts are wrapped; a very long one is cut at the tenth line and read in its cell."""
    lines = 1
    for text, width in zip(row, widths, strict=False):
        if len(text) * 2 > width or "\n" in text:
            wide = (sum(2 if char > "\u2e7f" else 1 for char in line) for line in text.split("\n"))
            lines = max(lines, sum(max(1, -(-count // width)) for count in wide))
    return 15.0 * min(lines, 10)


def _rows(
    files: Sequence[Path], name: str, columns: Sequence[str], beside: pl.DataFrame | None, more: Sequence[str], wording: Wording
) -> Iterator[tuple[str, ...]]:
    """Rows as text, each different value put into words once."""
    said: list[dict[str, str]] = [{} for _ in columns]
    for file in files:
        frame = pl.read_parquet(file).select(pl.col(columns).cast(pl.String).fill_null(""), pl.col("place").cast(pl.String).alias("place "))
        names = [f"input {number}" for number in range(len(more))]  # a heading of the input may be one of ours: id, on, answer
        if beside is not None and more:
            own = beside.select(
                pl.col("place").alias("place "), *(pl.col(heading).alias(name) for heading, name in zip(more, names, strict=True))
            )
            frame = frame.join(own, on="place ", how="left", maintain_order="left")
        for *row, _place in frame.select(*columns, *names, "place ").iter_rows():
            told = []
            for at, text in enumerate(row[: len(columns)]):
                known = said[at].get(text)
                if known is None:
                    known = said[at][text] = wording.value(name, columns[at], text)
                told.append(known)
            yield (*told, *(text or "" for text in row[len(columns) :]))
