"""A paper as PDF, set by typst with the fonts of the package: one file, no system library, no network.

    pdf(paper) -> Written: the bytes, and what could not be printed as it stands

The words reach typst as JSON and are never part of its markup. A character that the fonts do not hold is printed as its number.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kido.errors import KidoError, Problem
from kido.papers import layout
from kido.papers.document import Break, Checks, Fields, Grid, Heading, Paper, Paragraph, Signatures
from kido.papers.fonts import FOLDER, missing_glyphs
from kido.papers.layout import Line, Pictures, Words, ems, worded
from kido.papers.pictures import photo
from kido.papers.written import Written

SIZES = (10.5, 10.0, 9.5, 9.0, 8.5)  # points; a paper of one page takes the largest that fits
_PAGE = 482  # points between the margins
_TEMPLATE = Path(__file__).with_name("paper.typ")


def pdf(paper: Paper) -> Written:
    """The paper as PDF; the same paper gives the same bytes. KidoError if one page is promised and the paper needs two."""
    with TemporaryDirectory() as folder:
        page = _Page(paper, Path(folder))
        data = _typeset(paper, json.dumps(page.all(), ensure_ascii=False), folder)
    return Written(data, "".join(page.missing), tuple(page.absent))


def _typeset(paper: Paper, words: str, folder: str) -> bytes:
    typst, fonts = _typst(paper.id)
    made = datetime.combine(paper.foot.made, time(), UTC)
    compiler = typst.Compiler(_TEMPLATE.read_bytes(), root=folder, font_paths=fonts, ignore_system_fonts=True)
    try:
        data, warnings = compiler.compile_with_warnings(format="pdf", sys_inputs={"paper": words}, timestamp=made)
    except typst.TypstError as error:
        if "more than one page" in error.message:
            raise KidoError(Problem("paper-too-long", paper.id, "", {"least": f"{SIZES[-1]:g}"})) from None
        raise
    if warnings:  # what typst warns of, it may have left out
        raise warnings[0]
    return data


@cache
def _typst(place: str):
    try:
        import typst
    except ImportError:
        raise KidoError(Problem("extra-missing", place, "typst", {"extra": "papers"})) from None
    return typst, typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


class _Page:
    """Turns a paper into what the template reads; gathers what the fonts lack, and writes the photos into a folder."""

    def __init__(self, paper: Paper, folder: Path):
        self.paper, self.folder = paper, folder
        self.missing: dict[str, None] = {}
        self.absent: list[str] = []
        self.photos = 0

    def all(self) -> dict:
        lead = self.paper.langs[0]
        return {
            "title": self.words(worded(self.paper.title, self.paper)),
            "lang": lead,
            "one_page": self.paper.one_page,
            "sizes": SIZES,
            "foot": [self.line(line) for line in layout.foot(self.paper)],
            "page": self.line(Line(layout.WORDS["page"][lead], lead)),
            "blocks": [_BLOCKS[type(block)](self, block) for block in layout.grouped(self.paper)],
        }

    def words(self, words: Words, share: float = 1.0) -> dict:
        room = (_PAGE * share - 10) / SIZES[0]
        return {
            "gap": words.gap,
            "lines": [self.line(line, room) for line in words.lines],
            "asks": [self.line(line, room) for line in words.asks],
            "high": sum(math.ceil(ems(part) / room) or 1 for part in words.text.split("\n")),  # lines it takes, about
        }

    def cell(self, cell, share: float = 1.0) -> dict:
        return self.words(worded(cell, self.paper), share)

    def line(self, line: Line, room: float = _PAGE / SIZES[0]) -> dict:
        text = line.text
        for character in missing_glyphs(text):
            self.missing[character] = None
            text = text.replace(character, layout.code(character))
        return {"text": _breakable(text, room), "lang": line.lang, "bold": not missing_glyphs(text, bold=True)}

    def heading(self, block: Heading) -> dict:
        return {"kind": "heading", "level": block.level, "text": self.cell(block.text)}

    def paragraph(self, block: Paragraph) -> dict:
        return {"kind": "paragraph", "style": block.kind, "text": self.cell(block.text)}

    def fields(self, block: Fields) -> dict:
        rows = [{"label": self.cell(r.label, 0.28), "value": self.cell(r.value, 0.7), "note": self.cell(r.note, 0.7)} for r in block.rows]
        return {"kind": "fields", "rows": rows}

    def grid(self, block: Grid) -> dict:
        widths = layout.shares(block.widths, len(block.head))

        def row(cells) -> list[dict]:
            return [self.cell(cell, width) for cell, width in zip(cells, widths, strict=True)]

        return {"kind": "grid", "widths": widths, "head": row(block.head), "rows": [row(cells) for cells in block.rows]}

    def checks(self, block: Checks) -> dict:
        detailed = any(check.detail for check in block.rows)

        def row(check) -> list[dict]:
            cells = [self.cell(check.text, 0.32 if detailed else 0.7), self.words(layout.ticked(check.mark, self.paper))]
            return [*cells, self.cell(check.detail, 0.39)] if detailed else cells

        return {"kind": "checks", "detailed": detailed, "rows": [row(check) for check in block.rows]}

    def signatures(self, block: Signatures) -> dict:
        return {"kind": "signatures", "rows": [self.cell(label, 0.34) for label in block.rows]}

    def pictures(self, block: Pictures) -> dict:
        return {"kind": "pictures", "pictures": [self.picture(picture) for picture in block.pictures]}

    def picture(self, picture) -> dict:
        found = photo(picture.file)
        caption = self.cell(picture.caption, 0.5)
        absent = [Line(layout.WORDS["no_photo"][lang], lang) for lang in self.paper.langs]
        if found is None:
            self.absent += [picture.file.name] if picture.file else []
            return {"file": None, "caption": caption, "absent": [self.line(line) for line in absent]}
        self.photos += 1
        name = f"{self.photos}.jpg"
        (self.folder / name).write_bytes(found.data)
        return {"file": f"/{name}", "caption": caption, "alt": " / ".join(line["text"] for line in caption["lines"])}

    def break_(self, block: Break) -> dict:
        return {"kind": "break"}


_BLOCKS: dict[type, Callable[[_Page, object], dict]] = {
    Heading: _Page.heading, Paragraph: _Page.paragraph, Fields: _Page.fields, Grid: _Page.grid, Checks: _Page.checks,
    Signatures: _Page.signatures, Pictures: _Page.pictures, Break: _Page.break_,
}  # fmt: skip


def _breakable(text: str, room: float) -> str:
    """A word wider than its column, `room` in widths of a kanji, may break where the column is full: by a space without width."""

    def broken(word: re.Match) -> str:
        lines, width = [""], 0.0
        for char in word[0]:
            width += ems(char)
            if width > room:
                lines, width = [*lines, ""], ems(char)
            lines[-1] += char
        return "\u200b".join(lines)

    return re.sub(r"[^\s\u2e80-\uffef]{5,}", broken, text)
