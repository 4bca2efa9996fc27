"""A paper as .docx, to be edited: real headings and tables, header rows that repeat, the foot with page fields.

    docx(paper) -> Written

Fonts are named, not embedded: those of Windows, with others that stand in for them. Each run says its language.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from functools import cache

from kido.errors import KidoError, Problem
from kido.papers import layout
from kido.papers.document import Break, Checks, Fields, Grid, Heading, Paper, Paragraph, Signatures
from kido.papers.layout import SIZE, SMALL, Line, Pictures, Words, worded
from kido.papers.pictures import photo
from kido.papers.written import Written

FONTS = {"ja": "Yu Gothic", "zh": "Microsoft YaHei", "ko": "Malgun Gothic", "en": "Arial"}
STAND_INS = {"Yu Gothic": "MS Gothic", "Microsoft YaHei": "SimSun", "Malgun Gothic": "Batang", "Arial": "Helvetica"}
REGIONS = {"ja": "ja-JP", "zh": "zh-CN", "ko": "ko-KR", "en": "en-GB"}
_WIDTH = 170  # mm between the margins
_SHADE = "EBEBEB"
_LINE = 1.3  # height of a line in heights of its letters, whichever font stands in


def docx(paper: Paper) -> Written:
    """The paper as .docx; the same paper gives the same bytes."""
    page = _Page(paper)
    page.title()
    for block in layout.grouped(paper):
        _BLOCKS[type(block)](page, block)
    page.foot()
    out = io.BytesIO()
    page.document.save(out)
    return Written(_dated(out.getvalue(), paper), absent=tuple(page.absent))


def _dated(data: bytes, paper: Paper) -> bytes:
    """The same parts, with the day of making as their date."""
    out = io.BytesIO()
    made = (paper.foot.made.year, paper.foot.made.month, paper.foot.made.day, 0, 0, 0)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, made), old.read(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def _library(place: str):
    try:
        import docx as library
    except ImportError:
        raise KidoError(Problem("extra-missing", place, "python-docx", {"extra": "papers"})) from None
    return library


class _Page:
    """A document that grows block by block."""

    def __init__(self, paper: Paper):
        library = _library(paper.id)
        from docx.shared import Mm

        self.paper, self.document = paper, library.Document()
        self.size = 9.0 if paper.one_page else SIZE
        self.absent: list[str] = []
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin, section.bottom_margin, section.footer_distance = Mm(17), Mm(22), Mm(9)
        self._properties()
        self._styles()

    def _properties(self) -> None:
        about = self.document.core_properties
        about.title = layout.marked(" / ".join(line.text for line in worded(self.paper.title, self.paper).lines))
        about.author = about.comments = about.last_modified_by = ""
        about.language = REGIONS[self.paper.langs[0]]
        about.created = about.modified = datetime.combine(self.paper.foot.made, time())
        about.revision = 1

    def _styles(self) -> None:
        from docx.shared import Pt, RGBColor

        for name, size in {"Normal": self.size, "Title": self.size * 1.4, **{f"Heading {n}": self.size * 1.1 for n in range(1, 6)}}.items():
            style = self.document.styles[name]
            style.font.size, style.font.color.rgb, style.font.bold = Pt(size), RGBColor(0, 0, 0), name != "Normal"
            style.font.italic = False
            self._face(style.element.get_or_add_rPr(), self.paper.langs[0])
            style.paragraph_format.space_before = Pt(0 if name in ("Normal", "Title") else 8)
            style.paragraph_format.space_after = Pt(2 if name == "Normal" else 4)
            style.paragraph_format.line_spacing = Pt(size * _LINE)
        border = self.document.styles["Title"].element.get_or_add_pPr().find(_tag("pBdr"))
        if border is not None:
            border.getparent().remove(border)
        self._stand_ins()

    def _stand_ins(self) -> None:
        """Which font stands in for which, where a computer lacks the first."""
        part = next(part for part in self.document.part.package.iter_parts() if str(part.partname).endswith("fontTable.xml"))
        rows = "".join(f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in STAND_INS.items())
        part._blob = part.blob.replace(b"</w:fonts>", rows.encode() + b"</w:fonts>")

    def _face(self, properties, lang: str) -> None:
        """The fonts and the language of a run or style."""
        own = FONTS[lang]
        for old in properties.findall(_tag("rFonts")) + properties.findall(_tag("lang")):
            properties.remove(old)
        fonts = _element("rFonts", ascii=own, hAnsi=own, cs=own, eastAsia=own if lang != "en" else FONTS["ja"])
        if lang != "en":
            fonts.set(_tag("hint"), "eastAsia")
        properties.insert(0, fonts)
        asian = REGIONS["ja" if lang == "en" else lang]
        properties.append(_element("lang", val=REGIONS["en"], eastAsia=asian))

    # words

    def run(self, paragraph, line: Line, size: float | None = None, bold: bool | None = None) -> None:
        from docx.shared import Pt

        run = paragraph.add_run(line.text)
        run.bold = bold
        if size:
            run.font.size = Pt(size)
        self._face(run._r.get_or_add_rPr(), line.lang)

    def write(self, paragraph, words: Words, size: float | None = None, bold: bool | None = None) -> None:
        """The leading language, the second smaller below it, and for a gap what to find out."""
        sized = [(line, size if number == 0 else _smaller(size or self.size)) for number, line in enumerate(words.lines)]
        for number, (line, points) in enumerate(sized + [(line, SMALL) for line in words.asks]):
            if number:
                paragraph.add_run().add_break()
            self.run(paragraph, line, points, True if number == 0 and words.gap else bold if number == 0 else False)
        if words.gap:
            self._framed(paragraph, "dashed", 6)

    def _framed(self, paragraph, kind: str, weight: int) -> None:
        frame = _element("pBdr")
        for side in ("top", "left", "bottom", "right"):
            frame.append(_element(side, val=kind, sz=str(weight), space="2", color="000000"))
        paragraph._p.get_or_add_pPr().insert_element_before(
            frame, *(f"w:{name}" for name in ("shd", "tabs", "suppressAutoHyphens", "spacing", "ind", "jc", "rPr", "sectPr", "pPrChange"))
        )

    # blocks

    def title(self) -> None:
        paragraph = self.document.add_paragraph(style="Title")
        paragraph.alignment = 1  # centre
        self.write(paragraph, worded(self.paper.title, self.paper))

    def heading(self, block: Heading) -> None:
        paragraph = self.document.add_heading(level=min(block.level, 5))
        self.write(paragraph, worded(block.text, self.paper))

    def paragraph(self, block: Paragraph) -> None:
        paragraph = self.document.add_paragraph()
        self.write(paragraph, worded(block.text, self.paper), SMALL if block.kind == "note" else None, block.kind == "warning" or None)
        if block.kind == "warning":
            self._framed(paragraph, "single", 12)

    def table(self, widths: tuple[float, ...]):
        """An empty table of one row, with the widths as shares of the page."""
        from docx.shared import Mm

        table = self.document.add_table(rows=0, cols=len(widths), style="Table Grid")
        table.autofit = False
        about = table._tbl.tblPr
        about.find(_tag("tblLayout")).addprevious(_element("tblInd", w="108", type="dxa"))  # borders stand on the margin, not outside
        if not self.paper.one_page:
            margins = _element("tblCellMar")
            margins.extend(_element(side, w="30", type="dxa") for side in ("top", "bottom"))
            about.find(_tag("tblLayout")).addnext(margins)
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Mm(_WIDTH * share)
        return table

    def row(self, table, widths: tuple[float, ...], cells: list[Words], size: float | None = None, shaded: int = 0, head: bool = False):
        from docx.shared import Mm

        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("cantSplit"))
        if head:
            properties.append(_element("tblHeader"))
        for number, (cell, words, share) in enumerate(zip(row.cells, cells, widths, strict=True)):
            cell.width, cell.vertical_alignment = Mm(_WIDTH * share), 1  # centre
            if number < shaded:
                cell._tc.tcPr.find(_tag("vAlign")).addprevious(_element("shd", val="clear", color="auto", fill=_SHADE))
            cell.paragraphs[0].paragraph_format.space_after = 0
            self.write(cell.paragraphs[0], words, size, head or None)
        return row

    def after(self) -> None:
        """A little room after a table, and two tables stay two."""
        from docx.shared import Pt

        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(8)

    def fields(self, block: Fields) -> None:
        widths = (0.28, 0.72)
        table = self.table(widths)
        for field in block.rows:
            row = self.row(table, widths, [worded(field.label, self.paper), worded(field.value, self.paper)], shaded=1)
            if field.note:
                below = row.cells[1].add_paragraph()
                below.paragraph_format.space_after = 0
                self.write(below, worded(field.note, self.paper), SMALL)
        self.after()

    def grid(self, block: Grid) -> None:
        widths = layout.shares(block.widths, len(block.head))
        size = min(self.size, 9.0) if len(widths) > 4 else None
        table = self.table(widths)
        self.row(table, widths, [worded(cell, self.paper) for cell in block.head], size, shaded=len(widths), head=True)
        for cells in block.rows:
            self.row(table, widths, [worded(cell, self.paper) for cell in cells], size)
        self.after()

    def checks(self, block: Checks) -> None:
        detailed = any(check.detail for check in block.rows)
        widths = (0.32, 0.29, 0.39) if detailed else (0.71, 0.29)
        table = self.table(widths)
        for check in block.rows:
            cells = [worded(check.text, self.paper), layout.ticked(check.mark, self.paper)]
            self.row(table, widths, [*cells, worded(check.detail, self.paper)] if detailed else cells)
        self.after()

    def signatures(self, block: Signatures) -> None:
        from docx.shared import Mm

        widths = (0.34, 0.66)
        table = self.table(widths)
        for label in block.rows:
            self.row(table, widths, [worded(label, self.paper), Words(())], shaded=1).height = Mm(14)
        self.after()

    def pictures(self, block: Pictures) -> None:
        from docx.shared import Mm

        table = self.table((0.5, 0.5))
        for start in range(0, len(block.pictures), 2):
            pair = block.pictures[start : start + 2]
            frames = self.row(table, (0.5, 0.5), [Words(()), Words(())])
            captions = self.row(table, (0.5, 0.5), [*(worded(picture.caption, self.paper) for picture in pair), Words(())][:2])
            frames.height = Mm(60)
            for picture, cell, below in zip(pair, frames.cells, captions.cells, strict=False):
                cell.paragraphs[0].alignment = 1
                cell.paragraphs[0].paragraph_format.keep_with_next = below is not None
                self._picture(picture, cell.paragraphs[0])
        self.after()

    def _picture(self, picture, paragraph) -> None:
        from docx.shared import Mm

        found = photo(picture.file)
        if found is None:
            self.absent += [picture.file.name] if picture.file else []
            lines = tuple(Line(layout.WORDS["no_photo"][lang], lang) for lang in self.paper.langs)
            self.write(paragraph, Words(lines), SMALL)
            return
        width, _ = found.within(78, 56)
        paragraph.paragraph_format.line_spacing = 1.0
        paragraph.add_run().add_picture(io.BytesIO(found.data), width=Mm(width))

    def break_(self, block: Break) -> None:
        if not self.paper.one_page:
            self.document.add_page_break()

    def foot(self) -> None:
        from docx.shared import Mm

        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.style = "Normal"  # that of feet has tabs for another width
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), 2)  # right
        for number, line in enumerate(layout.foot(self.paper)):
            if number:
                paragraph.add_run().add_break()
            self.run(paragraph, line, SMALL)
            if number == 0:
                self._page_number(paragraph, line.lang)

    def _page_number(self, paragraph, lang: str) -> None:
        """`\\t第 1/3 页`, with fields for both numbers."""
        before, _, rest = layout.WORDS["page"][lang].partition("{page}")
        between, _, last = rest.partition("{pages}")
        for text, field in ((f"\t{before}", "PAGE"), (between, "NUMPAGES"), (last, "")):
            self.run(paragraph, Line(text, lang), SMALL)
            if field:
                simple = _element("fldSimple", instr=field)
                self.run(paragraph, Line("1", lang), SMALL)
                simple.append(paragraph.runs[-1]._r)
                paragraph._p.append(simple)


_BLOCKS: dict[type, Callable[[_Page, object], None]] = {
    Heading: _Page.heading, Paragraph: _Page.paragraph, Fields: _Page.fields, Grid: _Page.grid, Checks: _Page.checks,
    Signatures: _Page.signatures, Pictures: _Page.pictures, Break: _Page.break_,
}  # fmt: skip


def _smaller(size: float) -> float:
    return max(SMALL, size * 0.86)


def _tag(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


def _element(name: str, **attributes: str):
    from docx.oxml import OxmlElement

    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(_tag(key), value)
    return element
