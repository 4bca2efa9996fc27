"""A firm's own form: what is filled in, what stays as it was, and what is refused."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from docx import Document
from docx.shared import Pt
from hypothesis import given
from hypothesis import strategies as st

from kido.errors import KidoError
from kido.papers.document import Gap
from kido.papers.form_map import Form, replaced
from kido.papers.forms import fill, read_form
from tests.papers.office import printed

VALUES = {
    "order.contract_no": "C-118/2026",
    "order.order_no": "PO-7",
    "buyer.name": {"ja": "株式会社髙﨑製作所", "zh": "高崎制作所", "en": "Takasaki Works"},
    "lines.1.quantity": "2,000",
    "lines.1.price": "12.50",
    "evil": "=1+1",
    "evil.link": '=HYPERLINK("http://example.com","x")',
    "escape": "_x0041_ & <b>",
    "lines": "一行目\n二行目",
    "end_use": Gap({"ja": "最終用途", "en": "end use"}, {"ja": "尋ねてください。"}),
}


def sheets(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


def codes(error: pytest.ExceptionInfo[KidoError]) -> list[str]:
    for lang in ("ja", "en"):
        assert error.value.text(lang)  # every message can be said
    return [problem.code for problem in error.value.problems]


@pytest.fixture
def own(tmp_path) -> Path:
    """A form as an office makes it: merged cells, formats, a formula, a picture box, a list of choices, print settings, a second sheet."""
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("取引審査")
    framed = book.add_format({"border": 2, "bold": True, "font_name": "MS Gothic", "bg_color": "#FFFF00"})
    sheet.write("A1", "契約番号")
    sheet.merge_range("B1:D1", "", framed)
    sheet.write("A2", "数量")
    sheet.write_blank("B2", None, framed)
    sheet.write("A3", "単価")
    sheet.write("A4", "金額")
    sheet.write_formula("B4", "=B2*B3", framed, 99)
    sheet.write("A5", "買主: {{buyer.name}} 御中")
    sheet.write_rich_string("A6", "注文 ", framed, "{{order", ".order_no}}", " の件")
    sheet.write("A7", "{{ end_use }} / {{buyer.name|zh}}")
    sheet.write("A8", "{{evil}}")
    sheet.data_validation("C2", {"validate": "list", "source": ["pcs", "kg"]})
    sheet.insert_textbox("F2", "担当: {{order.order_no}} {{lines}}")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.set_header("&L{{order.contract_no}}")
    sheet.set_footer("&C第 &P 頁")
    other = book.add_worksheet("控え")
    other.write_formula("A1", "='取引審査'!B1", None, "old")
    other.write("B1", "そのまま")
    other.set_column("A:A", 30)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=控え!$A$1:$A$2"})
    other.insert_chart("D2", chart)
    book.close()
    return path


def mapped(own: Path, cells: str) -> Form:
    path = own.with_name("map.yaml")
    path.write_text(f"form: {own.name}\ncells:\n" + "".join(f"  {line}\n" for line in cells.splitlines()), encoding="utf-8")
    return read_form(path)


# a spreadsheet


def test_cells_and_placeholders_are_filled_and_the_rest_stays(own):
    form = mapped(
        own, "取引審査!C1: order.contract_no\n取引審査!B2: {value: lines.1.quantity, as: number}\nB3: {value: lines.1.price, as: number}"
    )
    done = fill(form, VALUES)
    sheet = sheets(done.data)["取引審査"]
    assert sheet["B1"].value == "C-118/2026", "merged cells count as their first"
    assert (sheet["B2"].value, sheet["B3"].value) == (2000, 12.5)
    assert sheet["A5"].value == "買主: 株式会社髙﨑製作所 御中"
    assert sheet["A6"].value == "注文 PO-7 の件"
    assert sheet["A7"].value == "【未記入: 最終用途】 / 高崎制作所"
    assert sheet["A8"].value == "=1+1" and sheet["A8"].data_type == "s"
    assert done.gaps == ("end_use",) and done.suffix == ".xlsx"

    before = sheets(own.read_bytes())["取引審査"]
    for cell in ("B1", "B2", "B4"):
        assert sheet[cell].font.name == before[cell].font.name == "MS Gothic"
        assert sheet[cell].border.left.style == before[cell].border.left.style == "medium"
    assert sheet.merged_cells.ranges == before.merged_cells.ranges
    assert sheet["B4"].value == "=B2*B3"
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$1:$1"
    assert sheet.data_validations.dataValidation[0].sqref == before.data_validations.dataValidation[0].sqref
    assert sheet.oddHeader.left.text == "C-118/2026"
    assert sheet.oddFooter.center.text == "第 &P 頁"


def test_parts_nobody_asked_to_change_keep_every_byte(own):
    done = fill(mapped(own, "B1: order.contract_no"), VALUES)
    old, new = zipfile.ZipFile(own), zipfile.ZipFile(io.BytesIO(done.data))
    assert old.namelist() == new.namelist()
    changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/drawings/drawing1.xml"}
    assert "xl/charts/chart1.xml" in new.namelist()
    assert [entry.date_time for entry in old.infolist()] == [entry.date_time for entry in new.infolist()]


def test_text_boxes_are_filled(own):
    done = fill(read_form(own), VALUES)
    drawing = zipfile.ZipFile(io.BytesIO(done.data)).read("xl/drawings/drawing1.xml").decode()
    assert "担当: PO-7 一行目 二行目" in drawing and "{{" not in drawing


def test_what_formulas_had_reckoned_is_forgotten(own):
    done = fill(mapped(own, "B1: order.contract_no"), VALUES)
    parts = zipfile.ZipFile(io.BytesIO(done.data))
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        formula = re.search(r"<c [^>]*><f>.*?</c>", parts.read(name).decode())[0]
        assert "<v>" not in formula
    assert 'fullCalcOnLoad="1"' in parts.read("xl/workbook.xml").decode()
    assert "99" in zipfile.ZipFile(own).read("xl/worksheets/sheet1.xml").decode(), "the form itself is not touched"


def test_a_cell_that_was_empty_is_made_at_its_place(own):
    done = fill(
        mapped(own, "取引審査!C20: order.contract_no\n取引審査!A20: order.order_no\n取引審査!AA2: evil\n取引審査!$E$1: escape"), VALUES
    )
    sheet = sheets(done.data)["取引審査"]
    assert (sheet["C20"].value, sheet["A20"].value, sheet["AA2"].value) == ("C-118/2026", "PO-7", "=1+1")
    assert sheet["E1"].value in ("_x0041_ & <b>", "_x005F_x0041_ & <b>")
    xml = zipfile.ZipFile(io.BytesIO(done.data)).read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x0041_" in xml, "else a spreadsheet shows A"
    rows = [int(number) for number in re.findall(r'<row r="(\d+)"', xml)]
    assert rows == sorted(rows)
    second = re.search(r'<row r="2".*?</row>', xml, re.S)[0]
    assert re.findall(r'<c r="([A-Z]+)2"', second) == ["A", "B", "AA"]


def test_formula_like_values_stay_text(own):
    done = fill(mapped(own, "B1: evil.link\nE5: evil"), VALUES)
    sheet = sheets(done.data)["取引審査"]
    assert sheet["B1"].data_type == sheet["E5"].data_type == "s"
    assert "HYPERLINK" not in "".join(
        re.findall("<f>.*?</f>", zipfile.ZipFile(io.BytesIO(done.data)).read("xl/worksheets/sheet1.xml").decode())
    )


def test_a_missing_value_is_a_marked_gap_also_where_a_number_was_wanted(own):
    done = fill(mapped(own, "B2: {value: end_use, as: number}\nB3: end_use|en"), VALUES)
    sheet = sheets(done.data)["取引審査"]
    assert (sheet["B2"].value, sheet["B3"].value) == ("【未記入: 最終用途】", "【missing: end use】")


def test_every_problem_of_a_map_is_named_at_once(own):
    form = mapped(
        own,
        "取引審査!B1: order.contract_on\n取引審察!B2: order.order_no\n取引審査!11B: order.order_no\nB4: order.order_no\n"
        "B3: {value: buyer.name, as: number}\nC1: order.order_no\nE9: order.order_no|kr",
    )
    with pytest.raises(KidoError) as error:
        fill(form, VALUES)
    assert sorted(codes(error)) == sorted(
        ["unknown-key", "form-no-sheet", "form-no-cell", "form-formula-cell", "form-not-a-number", "form-cell-twice", "unknown-key"]
    )
    english = error.value.text("en")
    assert 'Did you mean "order.contract_no"?' in english
    assert "map.yaml:3:" in english, "the place in the map"
    assert "取引審査" in english


def test_a_placeholder_nobody_knows_is_named_with_its_place(own, tmp_path):
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("S").write("C3", "{{order.contract_n}}")
    book.close()
    with pytest.raises(KidoError) as error:
        fill(read_form(path), VALUES)
    assert codes(error) == ["unknown-key"]
    assert "x.xlsx!S!C3" in error.value.text("en") and "order.contract_no" in error.value.text("ja")


def test_a_form_with_nothing_to_fill_in_is_named(tmp_path):
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet().write("A1", "{not one} {{ }} {{{{")
    book.close()
    Document().save(tmp_path / "x.docx")
    for name in ("x.xlsx", "x.docx"):
        with pytest.raises(KidoError) as error:
            fill(read_form(tmp_path / name), VALUES)
        assert codes(error) == ["form-nothing-to-fill"]
        assert "{{order.contract_no}}" in error.value.text("en")


def test_the_reading_aid_of_old_words_goes_and_strings_elsewhere_stay(tmp_path):
    """Japanese spreadsheets keep the reading of a word beside it; it must not be printed with a value that took its place."""
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("S")
    sheet.write("A1", "{{buyer.name}}様")
    sheet.write("A2", "{{buyer.name}}様")
    book.close()
    aid = b'<si><t>{{buyer.name}}\xe6\xa7\x98</t><rPh sb="0" eb="1"><t>\xe3\x82\xb5\xe3\x83\x9e</t></rPh><phoneticPr fontId="1"/></si>'
    changed(path, "xl/sharedStrings.xml", lambda xml: re.sub(rb"<si>.*?</si>", aid, xml, count=1))
    sheet = sheets(fill(read_form(path), VALUES).data)["S"]
    assert sheet["A1"].value == sheet["A2"].value == "株式会社髙﨑製作所様"


def test_cells_without_names_are_counted(tmp_path):
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("S")
    for column in range(3):
        sheet.write(0, column, f"c{column}")
    book.close()
    changed(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb' r="[A-Z]*1"', b"", xml))
    sheet = sheets(fill(mapped(path, "S!B1: order.order_no"), VALUES).data)["S"]
    assert [cell.value for cell in sheet[1]] == ["c0", "PO-7", "c2"]


def test_libreoffice_reckons_with_what_was_filled_in(own, letter, tmp_path):
    """2,000 pieces at 12.50 are 25,000; the second sheet shows what the first now holds."""
    numbers = mapped(
        own, "B1: order.contract_no\nB2: {value: lines.1.quantity, as: number}\nB3: {value: lines.1.price, as: number}\nB9: evil"
    )
    files = []
    for name, done in (("sheet", fill(numbers, VALUES)), ("letter", fill(read_form(letter), VALUES))):
        files.append(tmp_path / f"{name}{done.suffix}")
        files[-1].write_bytes(done.data)
    found = {name: re.sub("[ \r]+", "", "".join(text)) for name, text in printed(files, tmp_path).items()}
    assert "25000" in found["sheet"] and "99" not in found["sheet"]
    assert "=1+1" in found["sheet"] and "株式会社髙﨑製作所" in found["sheet"] and "担当:PO-7" in found["sheet"].replace("\n", "")
    assert "C-118/2026そのまま" in found["sheet"], "where a formula refers to it"
    assert "契約C-118/2026と高崎制作所" in found["letter"] and "頭PO-7" in found["letter"]


# a document


@pytest.fixture
def letter(tmp_path) -> Path:
    path = tmp_path / "own.docx"
    document = Document()
    paragraph = document.add_paragraph("契約 ")
    for number, piece in enumerate(("{", "{order.con", "tract_no", "}", "} と {{buyer.name|zh}}")):
        run = paragraph.add_run(piece)
        run.bold = number == 0
        run.font.size = Pt(14)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "注文"
    table.cell(0, 1).text = "{{order.order_no}}"
    inner = table.cell(0, 1).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "{{end_use}}"
    document.sections[0].header.paragraphs[0].text = "頭 {{order.order_no}}"
    document.sections[0].footer.paragraphs[0].text = "足 {{evil}}"
    document.add_paragraph("{{lines}} & {{escape}}")
    document.save(path)
    return path


def test_a_document_is_filled_in_text_tables_heads_and_feet(letter):
    done = fill(read_form(letter), VALUES)
    document = Document(io.BytesIO(done.data))
    first = document.paragraphs[0]
    assert first.text == "契約 C-118/2026 と 高崎制作所"
    assert first.runs[1].text == "C-118/2026" and first.runs[1].bold and first.runs[1].font.size == Pt(14)
    cell = document.tables[0].cell(0, 1)
    assert cell.paragraphs[0].text == "PO-7" and cell.tables[0].cell(0, 0).text == "【未記入: 最終用途】"
    section = document.sections[0]
    assert (section.header.paragraphs[0].text, section.footer.paragraphs[0].text) == ("頭 PO-7", "足 =1+1")
    assert document.paragraphs[-1].text == "一行目\n二行目 & _x0041_ & <b>"
    assert done.gaps == ("end_use",) and done.count == 8
    old, new = zipfile.ZipFile(letter), zipfile.ZipFile(io.BytesIO(done.data))
    assert {name for name in old.namelist() if old.read(name) != new.read(name)} == {
        "word/document.xml",
        "word/header1.xml",
        "word/footer1.xml",
    }


def test_a_text_box_inside_a_paragraph_is_a_text_of_its_own(letter):
    """Its words stand between the runs of the paragraph that holds it, also where a placeholder there is cut in two."""
    box = b"<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{{buyer.name}}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    cut = b"<w:p><w:r><w:t>{{order.</w:t></w:r>" + box + b"<w:r><w:t>order_no}}</w:t></w:r></w:p>"
    changed(letter, "word/document.xml", lambda xml: xml.replace(b"<w:body>", b"<w:body>" + cut))
    done = fill(read_form(letter), VALUES)
    first = Document(io.BytesIO(done.data)).element.body[0]
    assert [text.text or "" for text in first.iter("{*}t")] == ["PO-7", "株式会社髙﨑製作所", ""]


def test_cells_cannot_be_named_in_a_document(letter):
    with pytest.raises(KidoError) as error:
        fill(mapped(letter, "A1: order.order_no"), VALUES)
    assert codes(error) == ["form-no-cell"]


@given(st.text("ab{}", max_size=12), st.lists(st.integers(0, 30), max_size=6), st.text("xyz", max_size=5))
def test_cutting_a_text_into_pieces_changes_nothing(around, cuts, value):
    """However the text is cut, the same text comes out, and as many pieces as went in."""
    whole = f"{around}{{{{a.b}}}}{around} {{{{c}}}}"
    points = sorted({min(cut, len(whole)) for cut in cuts} | {0, len(whole)})
    pieces = [whole[start:end] for start, end in pairwise(points)]

    def said(found):
        return f"<{found[1]}{value}>"

    cut, uncut = replaced(pieces, said), replaced([whole], said)
    assert len(cut) == len(pieces)
    assert "".join(cut) == uncut[0]
    assert f"<c{value}>" in uncut[0]


# maps


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("form: own.xlsx\ncell: {}", "unknown-key"),
        ("cells: {A1: order.order_no}", "missing-key"),
        ("form: ../own.xlsx", "wrong-shape"),
        ("form: /etc/passwd", "wrong-shape"),
        ("form: [own.xlsx]", "missing-key"),
        ("form: own.xlsx\ncells: [A1]", "wrong-shape"),
        ("form: own.xlsx\ncells: {A1: [x]}", "wrong-shape"),
        ("form: own.xlsx\ncells: {A1: {value: x, as: date}}", "wrong-shape"),
        ("- form", "wrong-shape"),
        ("form: [", "yaml-syntax"),
    ],
)
def test_a_map_that_is_no_map(own, text, code):
    path = own.with_name("map.yaml")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KidoError) as error:
        read_form(path)
    assert codes(error) == [code]


# files that are refused


def changed(path: Path, name: str, how) -> None:
    """Rewrite one part of a file; a part that is not there is added."""
    parts = {entry: zipfile.ZipFile(path).read(entry) for entry in zipfile.ZipFile(path).namelist()}
    parts[name] = how(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for entry, data in parts.items():
            package.writestr(entry, data)


def refused(path: Path) -> str:
    start = datetime.now(UTC)
    with pytest.raises(KidoError) as error:
        fill(read_form(path), VALUES)
    assert (datetime.now(UTC) - start).total_seconds() < 5
    assert str(path.parent) not in error.value.text("en") + error.value.text("ja")
    (code,) = codes(error)
    return code


def test_macros(own):
    changed(own, "xl/vbaProject.bin", lambda _: b"x")
    assert refused(own) == "office-macros"


def test_macros_by_name_and_by_kind(own, letter):
    assert refused(own.rename(own.with_suffix(".xlsm"))) == "office-macros"
    changed(
        letter, "[Content_Types].xml", lambda xml: xml.replace(b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main")
    )
    assert refused(letter) == "office-macros"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "office-not-read"),
        ("a.xlsx", b"not a zip", "office-not-read"),
        ("a.xlsx", b"PK\x03\x04broken", "office-not-read"),
        ("a.xls", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "office-old-kind"),
        ("a.doc", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "office-old-kind"),
        ("a.xls", b"<html>", "office-old-kind"),
        ("a.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "office-old-kind"),
        ("a.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"), "office-locked"),
        ("a.pdf", b"%PDF", "office-wrong-kind"),
        ("a.csv", b"a,b", "office-wrong-kind"),
        ("a", b"a,b", "office-wrong-kind"),
    ],
)
def test_files_that_are_no_form(tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    assert refused(tmp_path / name) == code


def test_a_file_that_is_not_there_and_a_folder(tmp_path):
    assert refused(tmp_path / "none.xlsx") == "file-not-read"
    (tmp_path / "a.xlsx").mkdir()
    assert refused(tmp_path / "a.xlsx") == "file-not-read"
    assert codes_of_map(tmp_path / "none.yaml") == ["file-not-read"]


def codes_of_map(path: Path) -> list[str]:
    with pytest.raises(KidoError) as error:
        read_form(path)
    return codes(error)


def test_the_inside_must_be_what_the_name_says(own, letter, tmp_path):
    (tmp_path / "y.docx").write_bytes(own.read_bytes())
    (tmp_path / "y.xlsx").write_bytes(letter.read_bytes())
    assert refused(tmp_path / "y.docx") == refused(tmp_path / "y.xlsx") == "office-not-read"


def test_damage_inside(own):
    data = bytearray(own.read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[at : at + 20] = b"\xff" * 20
    own.write_bytes(data)
    assert refused(own) == "office-not-read"


def test_broken_xml(own):
    changed(own, "xl/worksheets/sheet1.xml", lambda xml: xml[:200])
    assert refused(own) == "office-not-read"


def test_a_zip_bomb_by_ratio(own):
    changed(own, "xl/media/bomb.bin", lambda _: b"\0" * 20_000_000)
    assert refused(own) == "office-too-large"


def test_a_zip_bomb_by_size(own):
    noise = bytes(range(256)) * 40  # packs a hundredfold, which is within the ratio
    import random

    unlike = b"".join(random.Random(n).randbytes(400) + noise for n in range(3000))
    for number in range(5):
        changed(own, f"xl/media/{number}.bin", lambda _: unlike)
    assert refused(own) == "office-too-large"


def test_a_zip_of_too_many_parts(own):
    with zipfile.ZipFile(own, "a") as package:
        for number in range(2_001):
            package.writestr(f"xl/media/{number}.bin", b"x")
    assert refused(own) == "office-too-large"


def test_a_zip_that_lies_about_its_size(own):
    """The directory states 10 bytes for a part of a megabyte; no more than stated is ever unpacked."""
    changed(own, "xl/media/liar.bin", lambda _: b"\0" * 900_000)
    data = bytearray(own.read_bytes())
    at = data.rindex(b"xl/media/liar.bin") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    own.write_bytes(data)
    assert refused(own) in ("office-not-read", "office-too-large")


def test_a_part_named_twice(own):
    with zipfile.ZipFile(own, "a") as package, pytest.warns(UserWarning):
        package.writestr("xl/workbook.xml", b"<x/>")
    assert refused(own) == "office-not-read"


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE])
def test_xml_with_entities(own, letter, head):
    def bomb(xml: bytes) -> bytes:
        return head + re.sub(rb"^<\?xml.*?\?>", b"", xml, flags=re.S)

    changed(own, "xl/worksheets/sheet1.xml", bomb)
    assert refused(own) == "office-entities"
    changed(letter, "word/document.xml", bomb)
    assert refused(letter) == "office-entities"


@pytest.mark.parametrize("count", [1_000_000, 100_001])
def test_too_many_rows(own, count):
    def rows(xml: bytes) -> bytes:
        many = b"".join(b'<row r="%d" ht="%d"/>' % (number, number * 7919 % 409) for number in range(100, 100 + count))
        return xml.replace(b"</sheetData>", many + b"</sheetData>")

    changed(own, "xl/worksheets/sheet1.xml", rows)
    assert refused(own) == "office-too-large"


def test_as_many_rows_as_are_read(own):
    def rows(xml: bytes) -> bytes:
        held = xml.count(b"<row ")
        return xml.replace(b"</sheetData>", b"".join(b'<row r="%d"/>' % number for number in range(100, 100_100 - held)) + b"</sheetData>")

    changed(own, "xl/worksheets/sheet1.xml", rows)
    assert fill(mapped(own, "B1: order.order_no"), VALUES).count


def test_a_value_too_long_for_a_cell(own):
    with pytest.raises(KidoError) as error:
        fill(mapped(own, "B1: order.order_no"), VALUES | {"order.order_no": "x" * 32_001})
    assert "too-long" in codes(error)
    done = fill(mapped(own, "B1: order.order_no"), VALUES | {"order.order_no": "x" * 32_000})
    assert len(sheets(done.data)["取引審査"]["B1"].value) == 32_000


def test_control_characters_in_values_are_shown(own, letter):
    values = VALUES | {"order.order_no": "a\x00\ud800b"}
    assert sheets(fill(mapped(own, "B1: order.order_no"), values).data)["取引審査"]["B1"].value == "a[U+0000][U+D800]b"
    assert "a[U+0000][U+D800]b" in Document(io.BytesIO(fill(read_form(letter), values).data)).tables[0].cell(0, 1).text
