"""One paper, three formats: every block in every language, read back from the files; what must never happen to a value."""

from __future__ import annotations

import io
import re
import time
import unicodedata
import zipfile
from datetime import date
from itertools import product
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from kido.errors import KidoError
from kido.papers import layout
from kido.papers.document import (
    Break,
    Check,
    Checks,
    Field,
    Fields,
    Foot,
    Gap,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Signatures,
)
from kido.papers.write import FORMATS, rendered, write
from tests.papers.office import pages, printed

FOOT = Foot("3fa94c1be201", date(2026, 11, 23), date(2026, 11, 24))
LANGS = [("ja",), ("en",), ("zh",), ("ja", "en"), ("zh", "ja"), ("ja", "zh"), ("en", "ja"), ("en", "zh")]
RAW = [
    "C-118/2026",
    "烟台首钢磁性材料股份有限公司",
    "한국자석 주식회사",
    "Łódź Magnes Sp. z o.o.",
    "株式会社髙﨑製作所",
    "含镝 2.5 % 终端客户",
    "Nd₂Fe₁₄B ≒ 5 ℃ ㈱ ①",
    "0012",
]
HOSTILE = [
    '#read("/etc/passwd")',
    "$ x^2 $",
    "*bold* _it_ `raw`",
    "\\u{41}",
    "a // b /* c */",
    "<label> @ref",
    "= Heading",
    "#import \"@preview/x:0.1.0\"",
    "]#panic()[",
    '"},{"lines":[]',
    "=1+1",
    "+81-45-000-0000",
    "-5",
    "@SUM(A1)",
    '=HYPERLINK("http://example.com")',
    "&amp;<b>&</b>",
    "]]>",
    "_x0041_",
    "&P&N &D",
    "{page}/{pages}",
    "'quoted",
    "https://example.com/a?b=c",
    "1E5",
    "2026-11-24",
]  # fmt: skip


def text_of(ja: str, en: str = "", zh: str = "") -> dict[str, str]:
    return {lang: words for lang, words in (("ja", ja), ("en", en), ("zh", zh)) if words}


TITLE = text_of("最終用途証明書", "End-use certificate", "最终用途证明")
GAP = Gap(
    text_of("最終用途", "end use", "最终用途"), text_of("買主に用途を尋ねてください。", "Ask the buyer for the use.", "请向买方询问用途。")
)


def every_block(langs: tuple[str, ...], values: tuple[str, ...] = tuple(RAW), photo: Path | None = None, **over) -> Paper:
    """A paper with every kind of block."""
    blocks = (
        Heading(text_of("契約の内容", "The contract", "合同内容")),
        Paragraph(text_of("この書類は最終需要者が署名します。", "The end user signs this paper.", "本证明由最终用户签章。")),
        Paragraph(text_of("期限は45営業日です。", "The period is 45 working days.", "期限为45个工作日。"), "warning"),
        Paragraph(text_of("数字は契約書のとおりです。", "Figures as in the contract.", "数字以合同为准。"), "note"),
        Fields(
            (
                *(Field(f"x.{n}", text_of(f"項目{n}", f"field {n}", f"项目{n}"), value) for n, value in enumerate(values)),
                Field(
                    "buyer.name",
                    text_of("買主", "buyer", "买方"),
                    text_of("東京電機", "Tokyo Electric", "东京电机"),
                    text_of("登記のとおり", "as registered", "按登记"),
                ),
                Field("gap", text_of("用途", "use", "用途"), GAP),
            )
        ),
        Heading(text_of("品目", "Goods", "货物"), 2),
        Grid(
            (text_of("品名", "goods", "货名"), text_of("型番", "part", "型号"), text_of("数量", "quantity", "数量")),
            ((text_of("磁石", "magnet", "磁体"), "NM-001", "1,000"), (GAP, "NM-002", "2,000")),
            (3, 2, 1),
        ),
        Checks(
            (
                Check(
                    text_of("軍事用途ではない", "not for a military use", "非军事用途"),
                    "yes",
                    text_of("買主の回答", "the buyer's answer", "买方答复"),
                ),
                Check(text_of("転売する", "to be resold", "拟转售"), "no"),
                Check(text_of("第三国へ出る", "goes to a third country", "流向第三国"), "unknown", GAP),
                Check(text_of("原本がある", "original is there", "有原件")),
            )
        ),
        Checks((Check(text_of("押印がある", "stamped", "已盖章"), "yes"),)),
        Signatures((text_of("署名", "signature", "签字"), text_of("日付", "date", "日期"))),
        Break(),
        Picture(text_of("正面の写真", "front view", "正面照片"), photo),
        Picture("NM-001"),
        Picture(text_of("側面の写真", "side view", "侧面照片"), Path("not-there.jpg")),
    )
    return Paper(over.pop("id", "paper"), TITLE, over.pop("blocks", blocks), langs, FOOT, **over)


def simple(*values: str, lang: str = "ja", **over) -> Paper:
    rows = tuple(Field(f"x.{n}", {lang: f"v{n}"}, value) for n, value in enumerate(values))
    return Paper("paper", TITLE, (Fields(rows),), (lang,), FOOT, **over)


def expected(paper: Paper) -> list[str]:
    """Every piece of text that must be found in the file."""
    found = [line.text for line in layout.worded(paper.title, paper).lines]
    for cell in paper.cells():
        words = layout.worded(cell, paper)
        found += [line.text for line in (*words.lines, *words.asks)]
    for block in paper.blocks:
        texts = []
        if isinstance(block, Heading):
            texts = [block.text]
        elif isinstance(block, Fields):
            texts = [row.label for row in block.rows]
        elif isinstance(block, Grid):
            texts = list(block.head)
        elif isinstance(block, Checks):
            texts = [row.text for row in block.rows]
        elif isinstance(block, Signatures):
            texts = list(block.rows)
        found += [line.text for text in texts for line in layout.worded(text, paper).lines]
    return [text for text in found if text]


def squeezed(text: str) -> str:
    """Text as read back from a page: lines and spaces stand where the page breaks them."""
    return re.sub(r"[\s\u200b\ufffe\u00ad]+", "", unicodedata.normalize("NFKC", text))


def pdf_text(data: bytes) -> str:
    return "\n".join(pages(data))


def docx_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    body = "\n".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))
    return body


def xlsx_cells(data: bytes) -> list[str]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


READ = {"pdf": pdf_text, "docx": docx_text, "xlsx": lambda data: "\n".join(xlsx_cells(data))}


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> Path:
    """A photo as a telephone makes it: turned, and with the place where it was taken."""
    path = tmp_path_factory.mktemp("photo") / "front.jpg"
    image = Image.linear_gradient("L").resize((1200, 800)).convert("RGB")
    about = Image.Exif()
    about[0x0112] = 6  # turned by a quarter
    about[0x010F] = "SECRET-CAMERA"
    image.save(path, exif=about)
    return path


# every block, every language


@pytest.mark.parametrize(
    ("langs", "format"), [*product(LANGS, FORMATS)], ids=lambda value: "-".join(value) if isinstance(value, tuple) else value
)
def test_every_word_stands_in_the_file(langs, format, photo):
    paper = every_block(langs, photo=photo)
    done = rendered(paper, format)
    read = squeezed(READ[format](done.data))
    assert [text for text in expected(paper) if squeezed(text) not in read] == []
    assert done.missing == ""
    assert done.absent == ("not-there.jpg",)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_paper_gives_the_same_bytes(format, photo):
    first = rendered(every_block(("ja", "zh"), photo=photo), format).data
    time.sleep(2.1)  # the clock of a zip counts in twos
    assert rendered(every_block(("ja", "zh"), photo=photo), format).data == first


def test_no_second_language_is_borrowed():
    """A text without Chinese stays alone in a paper that adds Chinese; English is not put in its place."""
    paper = Paper("x", TITLE, (Paragraph({"ja": "磁石です", "en": "a magnet"}),), ("ja", "zh"), FOOT)
    read = pdf_text(rendered(paper, "pdf").data)
    assert "磁石です" in read and "a magnet" not in read


def test_a_text_without_the_leading_language_is_still_printed():
    paper = Paper("x", TITLE, (Paragraph({"en": "a magnet"}),), ("zh", "ja"), FOOT)
    for format in FORMATS:
        assert "a magnet" in READ[format](rendered(paper, format).data)


def test_a_name_known_only_in_another_language_is_not_dropped():
    paper = Paper("x", TITLE, (Fields((Field("buyer.name", text_of("買主", "buyer", "买方"), {"ko": "한국자석"}),)),), ("ja", "en"), FOOT)
    for format in FORMATS:
        assert "한국자석" in squeezed(READ[format](rendered(paper, format).data))


# the foot


@pytest.mark.parametrize("langs", [("ja",), ("zh", "ja"), ("ja", "en")])
def test_every_page_of_a_pdf_has_its_foot_and_number(langs):
    rows = tuple((f"NM-{n:03}", "x") for n in range(150))
    paper = Paper("x", TITLE, (Grid((text_of("型番", "part", "型号"), text_of("値", "value", "值")), rows),), langs, FOOT)
    found = pages(rendered(paper, "pdf").data)
    assert len(found) > 3
    for number, page in enumerate(found, 1):
        assert all(squeezed(line.text) in squeezed(page) for line in layout.foot(paper))
        assert f"{number}/{len(found)}" in page
        assert squeezed({"ja": "型番", "zh": "型号"}[langs[0]]) in squeezed(page), "the head of the table is repeated"
    whole = "".join(found)
    assert all(whole.count(f"NM-{n:03}") == 1 for n in range(150))


def test_the_foot_says_version_days_and_that_it_is_no_advice():
    for lang, words in (("ja", "法的助言ではありません"), ("en", "not legal advice"), ("zh", "不构成法律意见")):
        (line,) = layout.foot(simple("x", lang=lang))
        assert all(part in line.text for part in ("3fa94c1be201", "2026-11-23", "2026-11-24", words))


@pytest.mark.parametrize("langs", LANGS)
def test_the_foot_of_a_spreadsheet_is_within_its_limit(langs):
    data = rendered(every_block(langs), "xlsx").data
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    foot = re.search(r"<oddFooter>(.*?)</oddFooter>", sheet, re.S)[1].replace("&amp;", "&")
    assert len(foot.encode("utf-16-le")) // 2 <= 255
    assert "&P/&N" in foot and "3fa94c1be201" in foot


def test_the_foot_of_a_docx_has_fields_for_the_page():
    footer = zipfile.ZipFile(io.BytesIO(rendered(every_block(("zh", "ja")), "docx").data)).read("word/footer1.xml").decode()
    assert 'w:instr="PAGE"' in footer and 'w:instr="NUMPAGES"' in footer and "不构成法律意见" in footer


# one page


def short(rows: int) -> Paper:
    values = tuple(Field(f"x.{n}", text_of(f"項目{n}"), f"値 {n}") for n in range(rows))
    return Paper("one", TITLE, (Fields(values),), ("ja",), FOOT, one_page=True)


def sizes(data: bytes) -> set[float]:
    """Every size of type in a PDF, in points."""
    found: set[float] = set()

    def seen(text, matrix, text_matrix, font, size):
        if text.strip():
            found.add(round(abs(text_matrix[3]) * size * abs(matrix[3]), 1))

    for page in PdfReader(io.BytesIO(data)).pages:
        page.extract_text(visitor_text=seen)
    return found


def test_one_page_is_kept_on_both_sides_of_what_fits():
    counts = {}
    for rows in range(20, 60, 2):
        try:
            data = rendered(short(rows), "pdf").data
        except KidoError as error:
            assert error.problems[0].code == "paper-too-long"
            counts[rows] = 0
        else:
            counts[rows] = len(pages(data))
            assert min(sizes(data)) >= 8.5
            assert squeezed(f"値 {rows - 1}") in squeezed(pdf_text(data))
    assert set(counts.values()) == {0, 1}
    assert counts[20] == 1 and counts[58] == 0
    assert sorted(counts.values(), reverse=True) == list(counts.values()), "what fits is shorter than what does not"
    most = max(rows for rows, count in counts.items() if count)
    plain = rendered(Paper("many", TITLE, short(most).blocks, ("ja",), FOOT), "pdf").data
    assert len(pages(plain)) == 2, "type was made smaller only where it had to be"
    assert 10.5 in sizes(rendered(short(20), "pdf").data)


# fonts


def test_only_our_fonts_are_embedded_and_no_box_is_drawn():
    data = rendered(every_block(("zh", "ja")), "pdf").data
    reader = PdfReader(io.BytesIO(data))
    names, drawn_boxes = set(), 0
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()
            names.add(re.sub(r"^/[A-Z]{6}\+", "", font["/BaseFont"]).removesuffix("-Identity-H"))
            below = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile3" in below or "/FontFile2" in below
    document = pypdfium2.PdfDocument(data)
    for number in range(len(document)):
        drawn_boxes += document[number].get_textpage().get_text_range().count("\ufffd")
    assert names == {"KidoSans-Regular", "KidoSans-Bold", "KidoLatin-Regular", "KidoLatin-Bold"}
    assert drawn_boxes == 0


@pytest.mark.parametrize("format", FORMATS)
def test_a_character_no_font_holds_is_shown_by_its_number_and_reported(format):
    done = rendered(simple("磁石😀 שלום", "2😀"), format)
    read = READ[format](done.data)
    if format == "pdf":
        assert done.missing == "😀שלום"
        assert "[U+1F600]" in squeezed(read) and "[U+05E9]" in squeezed(read)
    else:
        assert "磁石😀 שלום" in read, "the reader's computer has fonts of its own"


def test_chinese_and_japanese_forms_differ_in_print():
    """直 has another form in Chinese: the same words in two languages do not look the same."""

    def drawn(lang: str) -> bytes:
        paper = Paper("x", {"ja": "T", "zh": "T"}, (Paragraph({lang: "直骨化"}),), (lang,), FOOT)
        image = pypdfium2.PdfDocument(rendered(paper, "pdf").data)[0].render(scale=4).to_pil().convert("L")
        return image.crop((0, 0, image.width, image.height // 4)).tobytes()

    assert drawn("ja") != drawn("zh")


@pytest.mark.parametrize(
    ("text", "lang", "region"),
    [("烟台首钢", "ja", "zh-CN"), ("한국", "ja", "ko-KR"), ("東京", "ja", "ja-JP"), ("東京のキド", "zh", "ja-JP")],
)
def test_each_run_of_a_docx_says_its_language(text, lang, region):
    xml = zipfile.ZipFile(io.BytesIO(rendered(simple(text, lang=lang), "docx").data)).read("word/document.xml").decode()
    run = next(run for run in re.findall(r"<w:r>.*?</w:r>", xml, re.S) if text in run)
    assert f'w:eastAsia="{region}"' in run
    fonts = {"zh-CN": "Microsoft YaHei", "ko-KR": "Malgun Gothic", "ja-JP": "Yu Gothic"}
    assert re.search(rf'<w:rFonts [^>]*w:eastAsia="{fonts[region]}"', run)


# values that look like something else


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_values_are_printed_as_they_stand(format):
    data = rendered(simple(*HOSTILE, lang="en"), format).data
    if format == "xlsx":
        cells = [str(cell) for cell in xlsx_cells(data)]
        shown = [cell.replace("_x005F_", "_") for cell in cells]  # openpyxl shows the spreadsheet's own escape
        assert [value for value in HOSTILE if value not in shown] == []
    else:
        read = squeezed(READ[format](data))
        assert [value for value in HOSTILE if squeezed(value) not in read] == []
        assert "root:" not in read


def test_no_cell_of_a_spreadsheet_is_a_formula_a_number_or_a_link():
    data = rendered(simple(*HOSTILE, "\t=1+1", "12345", "0012", lang="en"), "xlsx").data
    parts = zipfile.ZipFile(io.BytesIO(data))
    sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    assert set(re.findall(r'<c [^>]*?t="(\w+)"', sheet)) == {"s"}
    book = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = {cell.value: cell for row in book.iter_rows() for cell in row if cell.value is not None}
    for value in ("=1+1", "+81-45-000-0000", "-5", "@SUM(A1)", "\t=1+1"):
        assert cells[value].data_type == "s"
        assert cells[value].quotePrefix and cells[value].number_format == "@"
    assert cells["0012"].number_format == "@"


@pytest.mark.parametrize("format", FORMATS)
def test_characters_no_file_may_hold_are_shown_by_their_number(format):
    done = rendered(simple("a\x00b", "c\x0bd", "e\ud800f", "g\u202eh", "i\ufffej", "k\x1b[31m", "m\r\nn", "o\u2028p"), format)
    read = squeezed(READ[format](done.data))
    for shown in ("a[U+0000]b", "c[U+000B]d", "e[U+D800]f", "g[U+202E]h", "i[U+FFFE]j", "k[U+001B][31m"):
        assert shown in read
    assert "mn" in read and "op" in read


@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=60), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_text_at_all_gives_a_file_that_opens(values):
    paper = simple(*values)
    pypdfium2.PdfDocument(rendered(paper, "pdf").data)
    Document(io.BytesIO(rendered(paper, "docx").data))
    openpyxl.load_workbook(io.BytesIO(rendered(paper, "xlsx").data))


@given(
    st.text(
        st.characters(min_codepoint=0x21, max_codepoint=0x9FFF, categories=["Lu", "Ll", "Lo", "Nd", "Po", "Ps", "Pe", "Sm"]),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=60, deadline=None)
def test_a_value_is_read_back_from_the_pdf_or_reported(value):
    done = rendered(simple(value), "pdf")
    for character in done.missing:
        value = value.replace(character, layout.code(character))
    read = squeezed(pdf_text(done.data))
    assert all(letter in read for letter in squeezed(unicodedata.normalize("NFC", value)) if not unicodedata.combining(letter))


@pytest.mark.parametrize("format", FORMATS)
def test_a_value_too_long_for_a_cell_is_refused_and_one_that_just_fits_is_printed(format):
    with pytest.raises(KidoError) as error:
        rendered(simple("磁" * (layout.LONGEST + 1)), format)
    assert error.value.problems[0].code == "too-long"
    assert READ[format](rendered(simple("磁" * layout.LONGEST), format).data).count("磁") == layout.LONGEST


@pytest.mark.parametrize("width", [0.08, 0.15, 0.3])
def test_long_words_stay_inside_their_column(width):
    """Nothing is drawn right of the margin, however narrow the column."""
    rest = (1 - width) / 2
    paper = Paper(
        "x",
        TITLE,
        (Grid((text_of("甲"), text_of("乙"), text_of("丙")), (("a", "b", "W" * 90), ("c", "MAGNET-" * 12, "d")), (rest, rest, width)),),
        ("ja",),
        FOOT,
    )
    page = pypdfium2.PdfDocument(rendered(paper, "pdf").data)[0]
    image = page.render(scale=2).to_pil().convert("L")
    margin = image.crop((round((210 - 19) / 210 * image.width), 0, image.width, image.height))
    assert margin.getextrema()[0] > 200


# pictures


@pytest.mark.parametrize("format", FORMATS)
def test_a_photo_is_made_small_turned_upright_and_says_nothing_of_the_camera(format, photo):
    data = rendered(every_block(("ja",), photo=photo), format).data
    inside = data
    if format != "pdf":
        parts = zipfile.ZipFile(io.BytesIO(data))
        names = [name for name in parts.namelist() if "media/" in name]
        assert len(names) == 1
        inside = parts.read(names[0])
        image = Image.open(io.BytesIO(inside))
        assert image.size == (800, 1200)
        assert not image.getexif()
    assert b"SECRET-CAMERA" not in inside


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", b"\xff\xd8\xff\xe0broken", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7"]
)
def test_what_is_no_photo_is_refused(content, tmp_path):
    path = tmp_path / "bad.jpg"
    path.write_bytes(content)
    for format in FORMATS:
        with pytest.raises(KidoError) as error:
            rendered(every_block(("ja",), photo=path), format)
        problem = error.value.problems[0]
        assert (problem.code, problem.place) == ("picture-not-read", "bad.jpg")
        assert str(tmp_path) not in error.value.text("en") + error.value.text("ja")


def test_a_photo_cut_short_or_far_too_large_is_refused(tmp_path, photo):
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(photo.read_bytes()[:3000])
    huge = tmp_path / "huge.png"
    Image.new("1", (20_000, 20_000)).save(huge)
    for path, code in ((cut, "picture-not-read"), (huge, "picture-too-large")):
        with pytest.raises(KidoError) as error:
            rendered(every_block(("ja",), photo=path), "docx")
        assert error.value.problems[0].code == code


def test_a_photo_with_clear_parts_and_a_grey_one(tmp_path):
    for mode in ("RGBA", "LA", "P", "L", "CMYK", "1"):
        path = tmp_path / f"{mode}.{'jpg' if mode == 'CMYK' else 'png'}"
        Image.new(mode, (30, 20)).save(path)
        for format in FORMATS:
            assert rendered(every_block(("ja",), photo=path), format).data


# files


def test_writing_a_file(tmp_path):
    path, done = write(simple("x"), "pdf", tmp_path / "new")
    assert path == tmp_path / "new" / "paper.pdf" and path.read_bytes() == done.data
    assert [entry.name for entry in (tmp_path / "new").iterdir()] == ["paper.pdf"]
    with pytest.raises(KidoError) as error:
        write(simple("x"), "pfd", tmp_path)
    assert "pdf" in error.value.text("en")


def test_word_is_strict_about_the_order_of_what_it_reads():
    """Order of the schema of WordprocessingML (ECMA-376 part 1, 17.3 and 17.4), as far as it is used here."""
    orders = {
        "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
        "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
        "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind contextualSpacing jc outlineLvl rPr sectPr",
        "rPr": "rStyle rFonts b bCs i iCs caps color spacing w kern position sz szCs u lang",
    }
    data = rendered(every_block(("zh", "ja")), "docx").data
    parts = zipfile.ZipFile(io.BytesIO(data))
    from lxml import etree

    for part in ("word/document.xml", "word/footer1.xml"):
        for element in etree.fromstring(parts.read(part)).iter():
            name = etree.QName(element).localname
            if name in orders:
                order = orders[name].split()
                children = [etree.QName(child).localname for child in element]
                assert children == sorted(children, key=order.index), (name, children)


def test_a_docx_has_real_headings_and_tables_whose_head_repeats():
    document = Document(io.BytesIO(rendered(every_block(("ja", "en")), "docx").data))
    assert [p.style.name for p in document.paragraphs if p.text.startswith(("契約", "品目"))] == ["Heading 1", "Heading 2"]
    xml = document.element.xml
    assert xml.count("<w:tblHeader/>") == 1 and len(document.tables) == 6
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_a_spreadsheet_prints_on_a4_and_repeats_the_head_of_a_long_table():
    rows = tuple((f"NM-{n:03}", "x") for n in range(60))
    paper = Paper("x" * 40 + "[1]", TITLE, (Grid((text_of("型番"), text_of("値")), rows),), ("ja",), FOOT)
    sheet = openpyxl.load_workbook(io.BytesIO(rendered(paper, "xlsx").data)).active
    assert sheet.page_setup.paperSize == 9 and sheet.page_setup.orientation == "portrait"
    assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$2:$2" and sheet.freeze_panes == "A3"
    assert sheet.print_area.endswith("$63")
    brief = openpyxl.load_workbook(io.BytesIO(rendered(every_block(("ja",)), "xlsx").data)).active
    assert brief.print_title_rows is None and brief.freeze_panes is None


def test_a_very_tall_row_is_split_and_loses_nothing():
    value = "\n".join(f"行{n}" for n in range(200))
    sheet = openpyxl.load_workbook(io.BytesIO(rendered(simple(value), "xlsx").data)).active
    assert any(cell.value == value for row in sheet.iter_rows() for cell in row)
    assert max(about.height or 0 for about in sheet.row_dimensions.values()) <= 409
    document = pypdfium2.PdfDocument(rendered(simple(value), "pdf").data)
    assert len(document) > 3
    for page in (document[number].get_textpage() for number in range(len(document))):
        boxes = [page.get_charbox(number) for number in range(page.count_chars())]
        assert min(bottom for _, bottom, _, _ in boxes) > 20 and max(top for *_, top in boxes) < 842 - 30, "nothing is drawn off the page"


# speed, and what another program makes of the files


def test_fifteen_papers_in_three_formats_take_far_less_than_five_seconds(photo):
    papers = [every_block(LANGS[n % len(LANGS)], photo=photo, id=f"p{n}") for n in range(15)]
    rendered(papers[0], "pdf")
    start = time.perf_counter()
    for paper in papers:
        for format in FORMATS:
            rendered(paper, format)
    assert time.perf_counter() - start < 5


@pytest.fixture(scope="module")
def converted(tmp_path_factory, photo) -> dict[str, list[str]]:
    """Every paper as LibreOffice prints it: the text of its pages, by name of file."""
    home = tmp_path_factory.mktemp("office")
    files = []
    for langs in LANGS:
        for format in ("docx", "xlsx"):
            path, _ = write(every_block(langs, photo=photo, id=f"{'-'.join(langs)}-{format}"), format, home)
            files.append(path)
    for format in ("docx", "xlsx"):
        files.append(write(simple(*HOSTILE, lang="en", one_page=False), format, home / "hostile" / format)[0])
        files[-1] = files[-1].rename(home / f"hostile-{format}.{format}")
    return printed(files, home)


@pytest.mark.parametrize(
    ("langs", "format"), [*product(LANGS, ("docx", "xlsx"))], ids=lambda value: "-".join(value) if isinstance(value, tuple) else value
)
def test_libreoffice_prints_every_word(langs, format, converted):
    paper = every_block(langs)
    found = converted[f"{'-'.join(langs)}-{format}"]
    read = squeezed("".join(found))
    assert [text for text in expected(paper) if squeezed(text) not in read] == []
    for number, page in enumerate(found, 1):
        assert all(squeezed(line.text) in squeezed(page) for line in layout.foot(paper))
        assert f"{number}/{len(found)}" in squeezed(page)


@pytest.mark.parametrize("format", ["docx", "xlsx"])
def test_libreoffice_reckons_nothing(format, converted):
    read = squeezed("".join(converted[f"hostile-{format}"]))
    assert [value for value in HOSTILE if squeezed(value) not in read] == []
