"""A paper as .xlsx: one sheet on A4, laid out like the other formats.

    xlsx(paper) -> Written

Every value is written as text, also one that looks like a formula or a number, so that a part number keeps its zeros.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime, time
from itertools import accumulate, pairwise

from kido.errors import KidoError, Problem
from kido.papers import layout
from kido.papers.document import Block, Break, Checks, Fields, Grid, Heading, Paper, Paragraph, Signatures
from kido.papers.layout import SIZE, SMALL, Line, Pictures, Words, worded
from kido.papers.pictures import photo
from kido.papers.write_docx import FONTS
from kido.papers.written import Written

_UNITS, _PIXELS = 40, 16  # the page is forty units of 16 pixels: 169 mm
_TALLEST = 400  # points of one row; a spreadsheet has no taller ones
_LONG_GRID = 20  # rows; the head of a longer table is repeated in print
_PICTURE = 160  # points
_FORMULA = tuple("=+-@\t")


def xlsx(paper: Paper) -> Written:
    """The paper as .xlsx; the same paper gives the same bytes."""
    try:
        import xlsxwriter
    except ImportError:
        raise KidoError(Problem("extra-missing", paper.id, "xlsxwriter", {"extra": "papers"})) from None
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    title = layout.marked(" / ".join(line.text for line in worded(paper.title, paper).lines))
    book.set_properties({"title": title[:250], "created": datetime.combine(paper.foot.made, time())})
    sheet = _Sheet(paper, book)
    sheet.title()
    for block in layout.grouped(paper):
        _BLOCKS[type(block)](sheet, block)
    sheet.finish()
    book.close()
    return Written(out.getvalue(), absent=tuple(sheet.absent))


def _shape(block: Block | Pictures) -> tuple[float, ...]:
    """The shares of the page width that the columns of a block take."""
    if isinstance(block, Fields):
        return (0.275, 0.425, 0.3) if any(field.note for field in block.rows) else (0.275, 0.725)
    if isinstance(block, Grid):
        return layout.shares(block.widths, len(block.head))
    if isinstance(block, Checks):
        return (0.325, 0.3, 0.375) if any(check.detail for check in block.rows) else (0.7, 0.3)
    if isinstance(block, Signatures):
        return (0.35, 0.65)
    return (0.5, 0.5) if isinstance(block, Pictures) else (1.0,)


def edges(widths: Sequence[float]) -> tuple[int, ...]:
    """Where columns begin and end, in units of the page; none is narrower than one unit.

    >>> edges((0.25, 0.75)), edges((0.98, 0.01, 0.01))
    ((0, 10, 40), (0, 38, 39, 40))
    """
    found = [0, *(round(share * _UNITS) for share in accumulate(widths))]
    for number in range(1, len(found)):
        found[number] = max(found[number], found[number - 1] + 1)
    found[-1] = _UNITS
    for number in range(len(found) - 2, 0, -1):
        found[number] = min(found[number], found[number + 1] - 1)
    return tuple(found)


class _Sheet:
    """A sheet that grows row by row. Its columns are the edges of all blocks; a cell that spans several is merged."""

    def __init__(self, paper: Paper, book):
        self.paper, self.book = paper, book
        self.sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", "-", paper.id)[:31])
        self.next = 0
        self.breaks: list[int] = []
        self.absent: list[str] = []
        self.longest = (_LONG_GRID, -1)
        self.formats: dict[tuple, object] = {}
        self.columns = sorted({0, _UNITS, *(edge for block in layout.grouped(paper) for edge in edges(_shape(block)))})
        for number, (left, right) in enumerate(pairwise(self.columns)):
            self.sheet.set_column_pixels(number, number, (right - left) * _PIXELS)

    def format(self, **look):
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"valign": "vcenter", **look})
        return self.formats[key]

    def row(self, cells: Sequence[Words], at: tuple[int, ...], looks: Sequence[dict], size: float = SIZE, least: float = 0) -> int:
        """Write one row of cells; returns its number. A row too tall for one is merged from several."""
        tall = max(
            [least, *(_height(cell, (right - left) * _PIXELS, size) for cell, (left, right) in zip(cells, pairwise(at), strict=True))]
        )
        first, count = self.next, math.ceil(tall / _TALLEST)
        self.next += count
        for number in range(first, self.next):
            self.sheet.set_row(number, round(tall / count, 2))
        for cell, (left, right), look in zip(cells, pairwise(at), looks, strict=True):
            self.cell(cell, (first, self.columns.index(left), self.next - 1, self.columns.index(right) - 1), look, size)
        return first

    def cell(self, words: Words, box: tuple[int, int, int, int], look: dict, size: float) -> None:
        runs = _runs(words, size)
        text = "".join(run[0].text for run in runs)
        look = {**look, "text_wrap": True, "font_size": size, "font_name": FONTS[runs[0][0].lang if runs else self.paper.langs[0]]}
        if len(text) <= 255:  # a longer text shows as #### in a cell of this format
            look["num_format"] = "@"
        if text.startswith(_FORMULA):
            look["quote_prefix"] = True
        if words.gap:
            look |= {"border": 3, "pattern": 17, "fg_color": "#D0D0D0", "bold": True}  # dashed, with a fine grain
        shown = self.format(**look)
        if box[:2] != box[2:]:
            self.sheet.merge_range(*box, "", shown)
        if len(runs) > 1:
            parts = []
            for number, (line, points) in enumerate(runs):
                bold = bool(look.get("bold")) and number == 0
                parts += [self.book.add_format({"font_name": FONTS[line.lang], "font_size": points, "bold": bold}), line.text]
            done = self.sheet.write_rich_string(*box[:2], *parts, shown)
        else:
            done = self.sheet.write_string(*box[:2], text, shown)
        if done:
            raise KidoError(Problem("too-long", self.paper.id, text[:80], {"most": f"{layout.LONGEST:,}"}))

    # blocks

    def title(self) -> None:
        self.row([worded(self.paper.title, self.paper)], (0, _UNITS), [{"bold": True, "align": "center"}], SIZE * 1.4)

    def heading(self, block: Heading) -> None:
        self.row([worded(block.text, self.paper)], (0, _UNITS), [{"bold": True, "valign": "bottom"}], SIZE * 1.1, least=26)

    def paragraph(self, block: Paragraph) -> None:
        look = {"border": 2, "bold": True, "indent": 1} if block.kind == "warning" else {}
        self.row([worded(block.text, self.paper)], (0, _UNITS), [look], SMALL if block.kind == "note" else SIZE)

    def fields(self, block: Fields) -> None:
        for field in block.rows:
            shape = _shape(Fields((field,)))
            cells = [worded(cell, self.paper) for cell in (field.label, field.value, field.note)][: len(shape)]
            self.row(cells, edges(shape), [_LABEL, _CELL, _CELL][: len(shape)])
        self.room()

    def grid(self, block: Grid) -> None:
        at = edges(_shape(block))
        size = 9.0 if len(block.head) > 4 else SIZE
        head = self.row([worded(cell, self.paper) for cell in block.head], at, [{**_LABEL, "bold": True}] * len(block.head), size)
        for cells in block.rows:
            self.row([worded(cell, self.paper) for cell in cells], at, [_CELL] * len(cells), size)
        self.longest = max(self.longest, (len(block.rows), head))
        self.room()

    def checks(self, block: Checks) -> None:
        shape = _shape(block)
        for check in block.rows:
            cells = [worded(check.text, self.paper), layout.ticked(check.mark, self.paper), worded(check.detail, self.paper)]
            self.row(cells[: len(shape)], edges(shape), [_CELL] * len(shape))
        self.room()

    def signatures(self, block: Signatures) -> None:
        for label in block.rows:
            self.row([worded(label, self.paper), Words(())], edges(_shape(block)), [_LABEL, _CELL], least=40)
        self.room()

    def pictures(self, block: Pictures) -> None:
        at = edges(_shape(block))
        for start in range(0, len(block.pictures), 2):
            pair = block.pictures[start : start + 2]
            found = [photo(picture.file) for picture in pair]
            self.absent += [picture.file.name for picture, photo in zip(pair, found, strict=True) if picture.file and not photo]
            absent = Words(tuple(Line(layout.WORDS["no_photo"][lang], lang) for lang in self.paper.langs))
            frames = [*(absent if photo is None else Words(()) for photo in found), Words(())][:2]
            first = self.row(frames, at, [{"border": 1, "align": "center"}] * 2, SMALL, least=_PICTURE)
            for number, photo_ in enumerate(found):
                if photo_:
                    self._picture(photo_, first, at[number])
            self.row([*(worded(picture.caption, self.paper) for picture in pair), Words(())][:2], at, [_CELL] * 2)
        self.room()

    def _picture(self, found, row: int, left: int) -> None:
        width, _ = found.within(_UNITS * _PIXELS / 2 - 12, _PICTURE * 96 / 72 - 12)
        scale = width / found.width
        place = {"image_data": io.BytesIO(found.data), "x_scale": scale, "y_scale": scale, "x_offset": 6, "y_offset": 6}
        self.sheet.insert_image(row, self.columns.index(left), "photo.jpg", place)

    def break_(self, block: Break) -> None:
        self.breaks.append(self.next)

    def room(self) -> None:
        """An empty low row after a table."""
        self.sheet.set_row(self.next, 8)
        self.next += 1

    def finish(self) -> None:
        sheet, last = self.sheet, len(self.columns) - 2
        sheet.set_paper(9)  # A4
        sheet.set_portrait()
        sheet.center_horizontally()
        sheet.set_margins(left=0.7, right=0.7, top=0.65, bottom=0.85)
        sheet.print_area(0, 0, max(self.next - 1, 0), last)
        sheet.hide_gridlines(2)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self.next + 1}"})
        sheet.fit_to_pages(1, 1 if self.paper.one_page else 0)
        sheet.set_h_pagebreaks(self.breaks)
        if self.longest[1] >= 0:
            sheet.repeat_rows(self.longest[1])
            if self.longest[1] <= 8:
                sheet.freeze_panes(self.longest[1] + 1, 0)
        sheet.set_footer(_foot(self.paper), {"margin": 0.35})


_CELL = {"border": 1, "indent": 1}
_LABEL = {**_CELL, "bg_color": "#EBEBEB"}
_LINE = 1.6  # height of a line in heights of its letters: that of Yu Gothic, the tallest of the fonts
_BLOCKS: dict[type, Callable[[_Sheet, object], None]] = {
    Heading: _Sheet.heading, Paragraph: _Sheet.paragraph, Fields: _Sheet.fields, Grid: _Sheet.grid, Checks: _Sheet.checks,
    Signatures: _Sheet.signatures, Pictures: _Sheet.pictures, Break: _Sheet.break_,
}  # fmt: skip


def _runs(words: Words, size: float) -> list[tuple[Line, float]]:
    """Each line with its size; all but the first begin with a line end."""
    sized = [(line, size if number == 0 else max(SMALL, size * 0.86)) for number, line in enumerate(words.lines)]
    sized += [(line, SMALL) for line in words.asks]
    return [(Line(line.text if number == 0 else f"\n{line.text}", line.lang), points) for number, (line, points) in enumerate(sized)]


def _height(words: Words, pixels: int, size: float) -> float:
    """The height in points that the text of a cell needs at this width."""
    needed = 0.0
    for line, points in _runs(words, size):
        room = max(pixels - 20, 10)
        for text in line.text.removeprefix("\n").split("\n"):
            needed += max(1, math.ceil(layout.ems(text) * 1.07 * points * 96 / 72 / room)) * points * _LINE
    return max(needed, size * _LINE) + 3


def _foot(paper: Paper) -> str:
    """The foot in the code of spreadsheets: every language at the left, the page number at the right; at most 255 characters."""
    lines = "\n".join(line.text.replace("&", "&&") for line in layout.foot(paper))
    page = layout.WORDS["page"][paper.langs[0]].format(page="&P", pages="&N")
    return f"&L&9{lines}&R&9{page}"
