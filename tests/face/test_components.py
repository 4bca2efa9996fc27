"""A component table beside the transactions says the same as the composition written into their rows."""

import csv
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

import kido
from kido.desk import run
from kido.errors import KidoError
from kido.register import batch_output
from kido.register.home import write_whole

HEAD = ("注文番号", "品番", "形状", "仕向地", "輸出国", "出荷日")
ORDERS = [
    (f"A{number}", part, "合金", "日本", "中国", day)
    for number, (part, day) in enumerate(
        (part, day) for part in ("M-100", "Ｍ-100", " m-100", "M-200", "M-300", "M-400", "") for day in ("2026-01-10", "2026-11-20")
    )
]
PARTS = [("M-100", "Nd", "29.5"), ("M-100", "Dy", "2.1"), ("m-100 ", "鉄", "残部"), ("M-200", "サマリウム", "<0.2"), ("M-400", "Sm", "")]
INLINE = {"m-100": "Nd 29.5, Dy 2.1, Fe bal.", "m-200": "Sm <0.2", "m-400": "Sm ?", "m-300": "", "": ""}


def csv_file(path: Path, head: tuple, rows: list[tuple]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def parts_file(path: Path, rows: list[tuple] = PARTS, head: tuple = ("品番", "元素", "含有率(%)")) -> Path:
    if path.suffix == ".parquet":
        pl.DataFrame(rows, schema=dict.fromkeys(head, pl.String), orient="row").write_parquet(path)
    elif path.suffix == ".xlsx":
        book = xlsxwriter.Workbook(path)
        for number, row in enumerate([head, *rows]):
            book.worksheets() or book.add_worksheet()
            for column, text in enumerate(row):
                book.worksheets()[0].write_string(number, column, text)
        book.close()
    else:
        csv_file(path, head, rows)
    return path


def lines(path: Path) -> list[tuple]:
    tables = [pl.read_parquet(path.with_suffix(ending)).cast(pl.String) for ending in (".parquet", ".measures.parquet")]
    return [row for table in tables for row in table.with_columns(pl.col("place").str.extract(r"(\d+)$")).iter_rows()]


@pytest.fixture(scope="module")
def inline(tmp_path_factory) -> list[tuple]:
    folder = tmp_path_factory.mktemp("inline")
    rows = [(*row, INLINE[row[1].strip().lower().replace("ｍ", "m")]) for row in ORDERS]
    kido.batch(csv_file(folder / "orders.csv", (*HEAD, "組成"), rows), folder / "out.parquet")
    return lines(folder / "out.parquet")


@pytest.mark.parametrize("kind", [".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize("orders", [".csv", ".parquet"])
def test_as_if_written_into_the_rows(inline, kind, orders, tmp_path):
    source = csv_file(tmp_path / "orders.csv", HEAD, ORDERS)
    if orders == ".parquet":
        source = tmp_path / "orders.parquet"
        pl.DataFrame(ORDERS, schema=dict.fromkeys(HEAD, pl.String), orient="row").write_parquet(source)
    found = kido.batch(source, tmp_path / "out.parquet", components=parts_file(tmp_path / f"parts{kind}"))
    got = lines(tmp_path / "out.parquet")
    if orders == ".parquet":  # its rows are numbered from 1: there is no line of headings
        got = [(str(int(place) + 1), *rest) for place, *rest in got]
    assert got == inline
    assert (found.beside.heading, found.beside.parts, found.beside.without) == ("品番", 3, 4)


def test_in_several_processes(inline, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "SMALL", 0)
    monkeypatch.setattr(run, "LEAST", 3)
    source = csv_file(tmp_path / "orders.csv", HEAD, ORDERS)
    kido.batch(source, tmp_path / "out.parquet", components=parts_file(tmp_path / "parts.csv"), processes=2)
    assert lines(tmp_path / "out.parquet") == inline


def test_parts_of_a_million_and_units_of_their_own(tmp_path):
    rows = [("M-100", "Dy", "900"), ("M-200", "Dy", "1100"), ("M-300", "Dy", "0.2 %"), ("M-400", "Dy", "不明")]
    parts = parts_file(tmp_path / "parts.csv", rows, ("品番", "元素", "含有量(ppm)"))
    source = csv_file(tmp_path / "orders.csv", HEAD, ORDERS)
    found = [kido.desk.row_of(source, str(line), components=parts)[2]["composition"] for line in (2, 8, 10, 12)]
    assert found == ["Dy 900 ppm", "Dy 1100 ppm", "Dy 0.2 %", "Dy 不明"]


def test_what_is_no_element_or_stands_twice_rejects_the_rows_of_its_part(tmp_path):
    parts = parts_file(tmp_path / "parts.csv", [*PARTS, ("M-100", "Dy", "2"), ("M-300", "樹脂", "5")])
    found = kido.batch(csv_file(tmp_path / "orders.csv", HEAD, ORDERS), tmp_path / "out.csv", components=parts)
    with (tmp_path / "out.rejected.csv").open(encoding="utf-8-sig") as file:
        told = {(row["place"], row["code"], row["read"]) for row in csv.DictReader(file)}
    assert (found.rows, found.answered, found.rejected) == (14, 6, 8)
    assert told == {(f"orders.csv:{n}", "element-twice", "Dy") for n in range(2, 8)} | {
        (f"orders.csv:{n}", "unknown-element", "樹脂") for n in (10, 11)
    }


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (("番号", "元素", "含有率"), "components-no-part"),
        (("品番", "名称", "含有率"), "components-columns"),
        (("品番", "元素", "重さ"), "components-columns"),
    ],
)
def test_a_table_that_does_not_fit_is_told(head, code, tmp_path):
    parts = parts_file(tmp_path / "parts.csv", PARTS, head)
    with pytest.raises(KidoError) as error:
        kido.batch(csv_file(tmp_path / "orders.csv", HEAD, ORDERS), tmp_path / "out.csv", components=parts)
    assert [problem.code for problem in error.value.problems] == [code]
    assert not (tmp_path / "out.csv").exists()


def test_two_headings_in_common_and_a_composition_of_its_own_are_told(tmp_path):
    parts = parts_file(tmp_path / "parts.csv", [(*row, "日本") for row in PARTS], ("品番", "元素", "含有率", "仕向地"))
    for head, rows, code in (
        (HEAD, ORDERS, "components-no-part"),
        ((*HEAD, "composition"), [(*row, "Nd 30") for row in ORDERS], "components-twice"),
    ):
        with pytest.raises(KidoError) as error:
            kido.batch(csv_file(tmp_path / "orders.csv", head, rows), tmp_path / "out.csv", components=parts)
        assert [problem.code for problem in error.value.problems] == [code]


def test_another_component_table_begins_anew(tmp_path, monkeypatch):
    source, into = csv_file(tmp_path / "orders.csv", HEAD, ORDERS), tmp_path / "out.parquet"

    def full(self, *given):
        raise KidoError([])

    with monkeypatch.context() as patched:
        patched.setattr(batch_output.Tables, "write", full)
        with pytest.raises(KidoError):
            kido.batch(source, into, components=parts_file(tmp_path / "parts.csv"))
    parts = parts_file(tmp_path / "parts.csv", [("M-100", "Al", "99")])
    found = kido.batch(source, into, components=parts)
    assert found.resumed == 0 and found.beside.parts == 1


def test_a_component_table_that_changes_during_the_run_is_told(tmp_path):
    parts = parts_file(tmp_path / "parts.csv")

    def seen(done, total):
        write_whole(parts, parts.read_bytes() + b"M-300,Dy,5\n")

    with pytest.raises(KidoError) as error:
        kido.batch(csv_file(tmp_path / "orders.csv", HEAD, ORDERS), tmp_path / "out.csv", components=parts, seen=seen)
    assert [problem.code for problem in error.value.problems] == ["file-changed"]


def test_components_that_would_be_lost_in_silence_are_told(tmp_path):
    """The name of a part in the first of its rows only, and a cell cut off behind the header."""
    parts = tmp_path / "parts.csv"
    parts.write_text("品番,元素,含有率(%)\nM-100,Nd,29\n,Dy,2\nM-200,Dy,1,5\n", encoding="utf-8")
    with pytest.raises(KidoError) as error:
        kido.batch(csv_file(tmp_path / "orders.csv", HEAD, ORDERS), tmp_path / "out.csv", components=parts)
    told = [(problem.code, problem.place, problem.read) for problem in error.value.problems]
    assert told == [("components-nameless", "parts.csv:3", "Dy 2"), ("beyond-header", "parts.csv:4", "5")]


def test_what_was_not_read_of_the_component_table_is_named(tmp_path):
    parts = tmp_path / "parts.csv"
    parts.write_text("成分一覧\n品番,元素,含有率(%)\nM-100,Nd,29\n", encoding="utf-8")
    found = kido.batch(csv_file(tmp_path / "orders.csv", HEAD, ORDERS), tmp_path / "out.csv", components=parts)
    assert found.not_read[0].above == ("parts.csv:1",)


def test_a_bound_in_parts_of_a_million_keeps_its_unit(tmp_path):
    parts = parts_file(tmp_path / "parts.csv", [("M-100", "Dy", "900以下"), ("M-200", "Dy", "<0.2%")], ("品番", "元素", "含有量(ppm)"))
    source = csv_file(tmp_path / "orders.csv", HEAD, ORDERS)
    assert [kido.desk.row_of(source, str(line), components=parts)[2]["composition"] for line in (2, 8)] == ["Dy 900以下 ppm", "Dy <0.2%"]
