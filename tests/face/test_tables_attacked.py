"""What two strangers found in tables: files as offices have them, and every way a row could look better than it is."""

import csv
import subprocess
import sys
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from filelock import FileLock

import kido
from kido import desk
from kido.decide.columns import columns_of, stated_facts
from kido.desk.batches import header_of
from kido.errors import KidoError
from kido.face.batch_words import BatchWords
from kido.register.store import terms
from kido.register.table_file import read_tables

HEAD = ["No.", "形状", "元素", "輸出国", "仕向地", "出荷日", "Dy wt%"]
ROW = ["1", "金属", "Dy", "中国", "日本", "2026-01-15", "99"]


def csv_file(path: Path, *rows: list[str], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def answers(path: Path, *columns: str) -> list[tuple]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row[name] for name in columns or ("id", "answer")) for row in csv.DictReader(file)]


def rejected(path: Path) -> list[tuple]:
    return answers(path.with_suffix(f".rejected{path.suffix}"), "id", "at", "code")


def code(call, *args, **more) -> list[str]:
    with pytest.raises(KidoError) as error:
        call(*args, **more)
    return [problem.code for problem in error.value.problems]


def book(path: Path, sheets: dict[str, list[list]], formats: dict | None = None) -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    shown = made.add_format({"num_format": formats[value]}) if formats and value in formats else None
                    sheet.write(number, column, value, shown)
    return path


# -- nothing of the input is lost -----------------------------------------------------------------


def test_no_output_takes_the_place_of_an_input(tmp_path):
    source = csv_file(tmp_path / "a.csv", HEAD, ROW)
    before = source.read_bytes()
    measures = csv_file(tmp_path / "x.measures.csv", HEAD, ROW)
    (tmp_path / "in").mkdir()
    csv_file(tmp_path / "in" / "b.csv", HEAD, ROW)
    assert code(kido.batch, source, source) == ["output-is-source"]
    assert code(kido.batch, measures, tmp_path / "x.csv") == ["output-is-source"]
    assert code(kido.batch, tmp_path / "in", tmp_path / "in" / "out.csv") == ["output-is-source"]
    assert source.read_bytes() == before


def test_a_folder_in_the_place_of_an_output_stays(tmp_path):
    source = csv_file(tmp_path / "a.csv", HEAD, ROW)
    precious = tmp_path / "out.parquet" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("keep")
    (tmp_path / "o.csv").write_text("old")
    (tmp_path / "o.measures.csv").mkdir()
    assert code(kido.batch, source, tmp_path / "out.parquet") == ["output-is-folder"] and precious.read_text() == "keep"
    assert code(kido.batch, source, tmp_path / "o.csv") == ["output-is-folder"] and (tmp_path / "o.csv").read_text() == "old"


def test_two_runs_do_not_write_to_one_output(tmp_path):
    source = csv_file(tmp_path / "a.csv", HEAD, ROW)
    with FileLock(tmp_path / ".out.csv.lock"):
        assert code(kido.batch, source, tmp_path / "out.csv") == ["run-twice"]
    assert kido.batch(source, tmp_path / "out.csv").rows == 1
    assert not list(tmp_path.glob(".*"))


def test_sheets_rows_and_files_that_were_not_read_are_named(tmp_path):
    title = [["受注一覧", "", ""], ["", "作成 営業部"], []]
    sheets = {
        "表紙": [["2026年度"]],
        "10月": [*title, HEAD, ROW],
        "11月": [*title, HEAD, ["2", *ROW[1:]]],
        "メモ": [["品番", "備考"], ["x", "y"]],
    }
    path = book(tmp_path / "a.xlsx", sheets)
    found = kido.batch(path, tmp_path / "out.csv")
    assert (found.rows, found.answered) == (2, 2) and [id for id, _ in answers(tmp_path / "out.csv")] == ["1", "2"]
    assert found.not_read[0].sheets == ("表紙", "メモ") and found.not_read[0].above == ("a.xlsx:10月:1", "a.xlsx:10月:2")
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.csv", "c.txt", "d.csv.gz"):
        csv_file(folder / name, HEAD, ROW)
    found = kido.batch(folder, tmp_path / "out.csv")
    assert found.rows == 1 and found.not_read[0].files == ("c.txt", "d.csv.gz", "sub")


def test_the_sheet_that_is_shown_is_read_and_the_hidden_one_named(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        for name, row in (("old", ROW), ("current", ["2", *ROW[1:]])):
            sheet = made.add_worksheet(name)
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, row)
        made.worksheets()[1].activate()
        made.worksheets()[0].set_first_sheet()
        made.worksheets()[0].hide()
    found = kido.batch(path, tmp_path / "out.csv")
    assert [id for id, _ in answers(tmp_path / "out.csv")] == ["2"] and found.not_read[0].sheets == ("old",)


@pytest.mark.parametrize("rows", [[["a", "b"], ["no", "no"], ["no", "no"]], [["x"], ["1"]], [["No.", "x", "y"], ["no", "to", "id"]]])
def test_the_first_row_is_the_header_unless_a_title_stands_above_one_that_is_known(rows, tmp_path):
    assert list(header_of(csv_file(tmp_path / "a.csv", *rows))) == rows[0]


def test_what_stands_beyond_the_header_rejects_the_row(tmp_path):
    """An unquoted comma cut `, Dy 5` off a composition, and with it two measures."""
    head = ["id", "form", "from", "to", "composition_complete", "composition"]
    path = tmp_path / "a.csv"
    path.write_text(",".join(head) + '\n1,metal,CN,JP,yes,"Fe bal., Dy 5"\n2,metal,CN,JP,yes,Fe bal., Dy 5\n', encoding="utf-8")
    found = kido.batch(path, tmp_path / "out.csv", on="2026-01-15")
    assert (found.answered, found.rejected) == (1, 1) and rejected(tmp_path / "out.csv") == [("2", "a.csv:3:row", "beyond-header")]


def test_a_rejected_row_names_the_heading_of_the_user(tmp_path):
    path = csv_file(tmp_path / "a.csv", HEAD, [*ROW[:5], "2026-02-30", "99"], ["2", *ROW[1:6], "NaN"])
    kido.batch(path, tmp_path / "out.csv")
    assert [at for _, at, _ in rejected(tmp_path / "out.csv")] == ["a.csv:2:出荷日", "a.csv:3:Dy wt%"]


def test_a_quote_left_open_is_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('id,form,to,memo\n1,metal,JP,"open\n2,metal,JP,x\n3,metal,JP,"\n', encoding="utf-8")
    assert code(kido.batch, path, tmp_path / "out.csv") == ["quote-left-open"]
    path.write_text('id,form,to,memo\n1,metal,JP,"two\nlines, with a comma"\n', encoding="utf-8")
    assert kido.batch(path, tmp_path / "out.csv", on="2026-01-15").rows == 1


# -- cells of workbooks -----------------------------------------------------------------------------


def test_per_cents_are_read_as_they_are_shown(tmp_path):
    rows = [["W(%)"], [0.975], [0.9751], [97.5], [0.0005], ["97.5%"]]
    formats = {0.975: "0.0%", 0.0005: '[Red]0.00%;"−"0%', 97.5: '0.0" %"', 0.9751: "0.00"}
    tables = read_tables(book(tmp_path / "a.xlsx", {"一覧": rows}, formats))
    assert [row[0] for row in tables[0].rows[1:]] == ["97.5%", "0.9751", "97.5", "0.05%", "97.5%"]


def test_errors_and_formulas_without_a_result_are_not_empty(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["id", "form", "from", "to", "composition_complete", "Fe wt%", "Dy wt%"])
        for number, (formula, shown) in enumerate((("=NA()", "#N/A"), ("=1/0", "#DIV/0!"), ('=IF(1,"","")', "")), 1):
            sheet.write_row(number, 0, [str(number), "metal", "CN", "JP", "yes", "bal."])
            sheet.write_formula(number, 6, formula, None, shown)
    kido.batch(path, tmp_path / "out.csv", on="2026-01-15")
    assert [(id, what) for id, _, what in rejected(tmp_path / "out.csv")][:2] == [("1", "not-a-number"), ("2", "not-a-number")]
    plain = openpyxl.Workbook()
    plain.active.append(["id", "form", "出荷日"])
    plain.active.append(["1", "metal", "=DATE(2026,11,23)"])
    plain.save(path)
    kido.batch(path, tmp_path / "out.csv", on="2026-01-15")
    assert [what for _, _, what in rejected(tmp_path / "out.csv")] == ["not-a-date"]


def test_a_value_merged_over_rows_stands_in_each(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for number in (1, 2, 3):
            sheet.write_row(number, 0, [str(number), *ROW[1:6]])
        sheet.merge_range(1, 6, 3, 6, 99)
    kido.batch(path, tmp_path / "out.csv")
    assert len({answer for _, answer in answers(tmp_path / "out.csv")}) == 1
    assert desk.row_of(path, "3")[2]["composition"] == {"Dy": "99"}


# -- facts ------------------------------------------------------------------------------------------


def same(head: list[str], row: list[str], path: Path, **more) -> dict[str, set]:
    """What a table says of one row: its measures with their answers."""
    kido.batch(csv_file(path / "t.csv", head, row), path / "t.out.csv", **more)
    return set(answers(path / "t.out.measures.csv", "measure", "answer", "items", "possible")) | set(answers(path / "t.out.csv", "answer"))


BASE = ["on", "form", "from", "to", "origin"], ["2026-01-15", "metal", "CN", "JP", "CN"]


@pytest.mark.parametrize("heading", ["dy_wt_pct", "Dy含有率(%)", "ジスプロシウム含有率(%)", "Dy(%)", "Dy含有量(wt%)", "DY_WT_PCT"])
def test_a_content_counts_whatever_its_heading(heading, tmp_path):
    wanted = same([*BASE[0], "Dy wt%"], [*BASE[1], "99.9"], tmp_path)
    assert same([*BASE[0], heading], [*BASE[1], "99.9"], tmp_path) == wanted != same(*BASE, tmp_path)


def test_an_element_and_its_content_in_two_columns(tmp_path):
    wanted = same([*BASE[0], "element", "composition"], [*BASE[1], "Dy", "Dy 99.9"], tmp_path)
    assert same([*BASE[0], "元素", "含有率(%)"], [*BASE[1], "ジスプロシウム", "99.9"], tmp_path) == wanted
    path = csv_file(tmp_path / "a.csv", [*BASE[0], "元素", "含有率"], [*BASE[1], "", "3"], [*BASE[1], "Dy", ""])
    found = kido.batch(path, tmp_path / "out.csv")
    assert (found.answered, found.rejected) == (1, 1)  # a content of nothing is rejected, an element without content is named
    assert columns_of(["形状", "含有率(%)"], terms()).unused == ("含有率(%)",)


@pytest.mark.parametrize(
    ("fact", "value", "head"),
    [("to", "KP", "to"), ("code", "1C905.a.4", "control_code"), ("dy_wt_pct", "99", "Dy wt%"), ("DY_WT_PCT", "99", "Dy wt%"), ("仕向地", "KP", "to")],
)  # fmt: skip
def test_what_is_stated_of_every_row_is_as_if_it_stood_there(fact, value, head, tmp_path):
    few = ["on", "form", "from", "origin"], ["2026-01-15", "metal", "CN", "CN"]
    wanted = same([*few[0], head], [*few[1], value], tmp_path)
    assert same(*few, tmp_path, facts={fact: value}) == wanted != same(*few, tmp_path)


@pytest.mark.parametrize(
    ("facts", "what"), [({"foo": "1"}, "unknown-fact"), ({"form": "謎"}, "unknown-value"), ({"inputs": "x"}, "wrong-shape")]
)
def test_a_wrong_fact_stated_of_every_row_is_told_before_any_row(facts, what, tmp_path):
    assert what in code(kido.batch, csv_file(tmp_path / "a.csv", *BASE), tmp_path / "out.csv", facts=facts)
    with pytest.raises(KidoError):
        stated_facts(facts, terms())


def test_rows_that_say_nothing_are_judged_by_what_is_stated(tmp_path):
    path = csv_file(tmp_path / "a.csv", ["id", "form", "memo"], ["1", "metal", "x"], ["2", "", "x"])
    assert kido.batch(path, tmp_path / "out.csv", on="2026-01-15").rejected == 1
    found = kido.batch(path, tmp_path / "out.csv", on="2026-01-15", facts={"form": "magnet", "to": "JP", "from": "CN"})
    assert found.rejected == 0


@pytest.mark.parametrize("figure", [4_611_686, 4_611_687, 5_000_000, 999_999_999])
def test_large_figures(figure, tmp_path):
    """Figures from 4,611,687 stopped the whole table."""
    for kind in (".csv", ".parquet"):
        source = tmp_path / f"a{kind}"
        frame = pl.DataFrame(
            {"id": ["1", "2"], "form": ["metal", "metal"], "from": ["CN", "CN"], "to": ["JP", "JP"], "mass_g": [figure, 1]}
        )
        frame.write_csv(source) if kind == ".csv" else frame.write_parquet(source)
        assert kido.batch(source, tmp_path / "out.csv", on="2026-01-15").answered == 2


@pytest.mark.parametrize(
    ("column", "cell", "what"),
    [("on", "9999-12-31", "not-a-date"), ("composition", "Dy 1" + " " * 10_001 + "x", "too-long"), ("via", "JP," * 4_000, "too-long")],
)
def test_rows_the_single_case_rejects_are_rejected(column, cell, what, tmp_path):
    path = csv_file(tmp_path / "a.csv", ["id", "form", "from", "to", column], ["1", "metal", "CN", "JP", cell])
    kido.batch(path, tmp_path / "out.csv", otherwise="2026-01-15")
    assert [told for _, _, told in rejected(tmp_path / "out.csv")] == [what]


@pytest.mark.parametrize("empty", [pl.Series("form", ["", "metal"], pl.Categorical), pl.Series("form", ["\x1f \x1c", "metal"])])
def test_rows_of_blanks_state_nothing(empty, tmp_path):
    pl.DataFrame([pl.Series("id", ["1", "2"]), empty]).write_parquet(tmp_path / "a.parquet")
    kido.batch(tmp_path / "a.parquet", tmp_path / "out.csv", on="2026-01-15")
    assert rejected(tmp_path / "out.csv") == [("1", "a.parquet:1:row", "no-facts")]


@pytest.mark.parametrize("day", ["2026-01-15 00:00:00", "2026-01-15T09:30:00+09:00", "2026/1/15 9:30"])
def test_a_time_of_day_is_left_aside(day, tmp_path):
    kido.batch(csv_file(tmp_path / "a.csv", HEAD, [*ROW[:5], day, "99"]), tmp_path / "out.csv")
    assert answers(tmp_path / "out.csv", "on", "day_from") == [("2026-01-15", "row")]


def test_rows_without_a_day_are_counted_and_marked(tmp_path):
    path = csv_file(tmp_path / "a.csv", HEAD, ROW, [*ROW[:5], "", "99"], [*ROW[:5], "不明", "99"], ["4", "謎", *ROW[2:5], "", ""])
    found = kido.batch(path, tmp_path / "out.csv", otherwise="2026-02-01")
    assert found.undated == 2 and found.rejected == 1
    assert answers(tmp_path / "out.csv", "on", "day_from") == [("2026-01-15", "row"), ("2026-02-01", "assumed"), ("2026-02-01", "assumed")]
    found = kido.batch(path, tmp_path / "out.csv", on="2024-01-01")
    assert found.undated == 0 and {one for (one,) in answers(tmp_path / "out.csv", "day_from")} == {"asked"}


def test_headings_are_told_apart_left_out_and_checked():
    assert code(columns_of, ["仕向地", "仕向地"], terms()) == ["fact-in-two-columns"]
    found = columns_of(["仕向地", "仕向地", "形状"], terms(), {"仕向地#2": "-"})
    assert found.facts == {0: "destination", 2: "form"} and found.left == ("仕向地#2",)
    assert columns_of(["x", "y"], terms(), {"x": "形態", "y": "composition:ジスプロシウム"}).facts == {0: "form", 1: "composition:Dy"}
    assert code(columns_of, ["x", "form"], terms(), {"x": "composition:Xx"}) == ["unknown-element"]


def test_kanji_alone_are_read_where_headings_tell(tmp_path):
    path = csv_file(tmp_path / "a.csv", ["番号", "形状", "仕向地"], ["1", "金属", "日本"], encoding="cp932")
    assert kido.batch(path, tmp_path / "out.csv", on="2026-01-15").answered == 1
    path.write_bytes("備考,希土類\n甲,乙\n".encode("cp932"))
    assert code(kido.batch, path, tmp_path / "out.csv") == ["not-utf-8"]


def test_a_tsv_may_have_commas_in_its_headings(tmp_path):
    (tmp_path / "a.tsv").write_text("id\tform\tmemo, more\n1\tmetal\tx\n", encoding="utf-8")
    assert header_of(tmp_path / "a.tsv") == ("id", "form", "memo, more")


def test_a_law_that_may_yet_reach_is_not_told_as_a_no(tmp_path):
    """Goods from Brazil to Korea: whether they pass Japan is not known."""
    head, row = ["on", "from", "to", "origin", "form", "element"], ["2026-11-20", "BR", "KR", "BR", "alloy", "Ga"]
    kido.batch(csv_file(tmp_path / "a.csv", head, row), tmp_path / "out.csv")
    assert "JP: reach_unknown" in answers(tmp_path / "out.csv", "jurisdictions")[0][0]
    kido.batch(csv_file(tmp_path / "a.csv", [*head, "via", "act"], [*row, "none", "export"]), tmp_path / "out.csv")
    assert "JP" not in answers(tmp_path / "out.csv", "jurisdictions")[0][0]


# -- the workbook -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "heads"), [("ja", ("番号", "答え", "許可必要")), ("en", ("Id", "Answer", "licence required"))])
def test_a_workbook_says_it_in_the_language_beside_the_rows_of_the_input(lang, heads, tmp_path):
    path = csv_file(tmp_path / "a.csv", [*HEAD, "備考"], [*ROW, "=1+1"], ["2", "謎", *ROW[2:], "x"])
    command = [sys.executable, "-m", "kido", "determine", str(path), "-o", str(tmp_path / "out.xlsx"), "--lang", lang, "--yes"]
    subprocess.run(command, check=True, capture_output=True)
    about, first, measures, bad = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets
    head, row = [cell.value for cell in first[1]], {head.value: cell for head, cell in zip(first[1], first[2], strict=True)}
    assert {heads[0], heads[1], *HEAD[1:], "備考"} <= set(head)
    assert row[heads[0]].value == "1" and row[heads[1]].value == heads[2] and row["備考"].value == "=1+1" and row["備考"].data_type == "s"
    texts = [str(cell.value) for line in about.iter_rows() for cell in line if cell.value]
    assert any("2" in text and "1" in text for text in texts) and len(texts) > 40
    assert measures.max_row > 2 and bad.max_row == 2
    codes = ("licence_required", "facts_missing", "no_match", "in_force", "does_not_apply")
    assert not any(word in str(cell.value) for sheet in (first, measures) for line in sheet.iter_rows() for cell in line for word in codes)


def test_headings_of_the_input_may_be_ours(tmp_path):
    """A table has a column id more often than not; the workbook is what the pages give first."""
    source, into = tmp_path / "t.csv", tmp_path / "answers.xlsx"
    source.write_text("id,place,answer,on,形状,輸出国,仕向地\nA1,倉庫,x,2026-11-23,magnet,CN,JP\n", encoding="utf-8")
    desk.batch(source, into, wording=BatchWords("en"))
    sheet = openpyxl.load_workbook(into)["Answers"]
    rows = [dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert rows[0]["answer"] == "x" and rows[0]["Answer"] == "facts missing" and rows[0]["Id"] == "A1"
