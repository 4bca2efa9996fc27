"""Tables of transactions: every kind of file gives the answers of the single case, bad rows are set apart, a killed run goes on."""

import csv
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

import kido
from kido.desk import run
from kido.errors import KidoError, Problem
from kido.register import batch_output

HEADER = ["No.", "取引の種類", "形態", "輸出国", "仕向地", "Dy wt%", "Nd wt%", "取引日", "備考"]
RANDOM = random.Random(20261124)
ROWS = [
    [str(n), "輸出", RANDOM.choice(["磁石", "金属", "酸化物", "合金"]), "中国", RANDOM.choice(["日本", "ドイツ", "米国"]), str(RANDOM.randrange(0, 40) / 10),
     str(RANDOM.randrange(200, 320) / 10), f"202{RANDOM.randrange(4, 7)}-0{RANDOM.randrange(1, 9)}-15", "メモ"]
    for n in range(1, 61)
]  # fmt: skip
BAD = [
    ["61", "輸出", "謎の形", "中国", "日本", "1", "", "2026-01-15", ""],
    ["62", "輸出", "磁石", "中国", "日本", "many", "", "2026-13-45", ""],
]


def written(path: Path, rows: list[list[str]]) -> Path:
    kind = path.suffix
    if kind == ".xlsx":
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADER, *rows]):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        book.close()
    elif kind == ".parquet":
        pl.DataFrame(rows, schema=dict.fromkeys(HEADER, pl.String), orient="row").write_parquet(path)
    else:
        with path.open(
            "w", encoding="utf-16" if "utf16" in path.stem else "cp932" if "cp932" in path.stem else "utf-8-sig", newline=""
        ) as file:
            csv.writer(file, delimiter="\t" if kind == ".tsv" else ",").writerows([HEADER, *rows])
    return path


def answers(path: Path) -> list[tuple[str, str]]:
    if path.suffix == ".parquet":
        return [(row["id"], row["answer"]) for row in pl.read_parquet(path).iter_rows(named=True)]
    if path.suffix == ".xlsx":
        head, *rows = openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)
        return [(row[head.index("id")], row[head.index("answer")]) for row in rows]
    return [(row["id"], row["answer"]) for row in csv.DictReader(path.open(encoding="utf-8-sig", newline=""))]


@pytest.fixture(scope="module")
def single() -> list[tuple[str, str]]:
    """The same rows, each as one transaction."""
    return [
        (row[0], kido.determine({"act": row[1], "form": row[2], "from": row[3], "to": row[4], "composition": {"Dy": row[5], "Nd": row[6]}, "date": row[7]}).answer)
        for row in ROWS
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", ".csv"),
        ("cp932.csv", ".csv"),
        ("utf16.csv", ".csv"),
        ("a.tsv", ".parquet"),
        ("a.xlsx", ".xlsx"),
        ("a.parquet", ".parquet"),
    ],
)
def test_every_kind_of_file_gives_the_answers_of_the_single_case(tmp_path, single, name, kind):
    source = written(tmp_path / name, ROWS + BAD)
    into = tmp_path / f"out{kind}"
    found = kido.batch(source, into)
    assert answers(into) == single
    assert (found.rows, found.answered, found.rejected) == (62, 60, 2) and found.columns.unused == ("備考",)
    assert not list(tmp_path.glob(".*"))  # no part and no half-written file is left


def test_rejected_rows_say_where_and_why(tmp_path):
    kido.batch(written(tmp_path / "a.csv", ROWS + BAD), tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.rejected.csv").open(encoding="utf-8-sig", newline="")))
    assert {row["place"] for row in rows} == {"a.csv:62", "a.csv:63"} and {"unknown-value", "not-a-date"} <= {row["code"] for row in rows}
    assert all(row["wrong_ja"] and row["wrong_en"] and row["do_ja"] for row in rows)


def test_every_measure_that_applies_or_is_open_stands_in_the_second_table(tmp_path):
    kido.batch(written(tmp_path / "a.csv", ROWS[:10]), tmp_path / "out.parquet")
    table = pl.read_parquet(tmp_path / "out.measures.parquet")
    for row in ROWS[:10]:
        d = kido.determine(
            {"act": row[1], "form": row[2], "from": row[3], "to": row[4], "composition": {"Dy": row[5], "Nd": row[6]}, "date": row[7]}
        )
        speaking = [f for f in (*d.findings, *d.duties) if f.answer != "does_not_apply" and f.status.word != "ended"]
        wanted = {(f.measure.id, f.answer, f.status.word) for f in speaking}
        assert set(table.filter(pl.col("id") == row[0]).select("measure", "answer", "standing").iter_rows()) == wanted


def test_cells_no_program_expects_are_rejected_one_by_one(tmp_path):
    """Full-width figures stopped the whole table once: a regular expression takes them for figures, a cast does not."""
    path = tmp_path / "a.csv"
    rows = ["1,磁石,２．５,", "2,磁石,2.5,", "3,磁石,NaN,", "4,磁石,2.5,９９", "5,磁石,-1,", "6,磁石,1e-20,", "7,磁石,,abc"]
    path.write_text("No.,形態,Dy wt%,purity_pct\n" + "\n".join(rows) + "\n", encoding="utf-8")
    found = kido.batch(path, tmp_path / "out.csv", on="2026-11-24")
    rejected = {row["place"]: row["code"] for row in csv.DictReader((tmp_path / "out.rejected.csv").open(encoding="utf-8-sig", newline=""))}
    assert rejected == {
        "a.csv:2": "full-width-figures", "a.csv:4": "nan", "a.csv:5": "full-width-figures", "a.csv:6": "negative", "a.csv:7": "too-fine",
        "a.csv:8": "not-a-number",
    }  # fmt: skip
    assert (found.rows, found.answered) == (7, 1)


def test_columns_of_programs(tmp_path):
    """Whole numbers of eight bits, floats of 32, decimals, moments: read as what they show; lists are refused by name."""
    path, into = tmp_path / "a.parquet", tmp_path / "out.parquet"
    goods = {"id": ["1", "2"], "form": ["magnet", "magnet"], "from": ["CN", "CN"], "to": ["JP", "JP"], "act": ["export", "export"]}
    for kind, values, as_text in (
        (pl.Int8, [1, 0], ["1", "0"]), (pl.Float32, [0.1, 68.20001], ["0.1", "68.20001"]), (pl.Float64, [float("nan"), 2.5], ["nan", "2.5"]),
        (pl.Decimal(10, 2), ["0.10", "2.50"], ["0.10", "2.50"]), (pl.UInt64, [1, 99], ["1", "99"]),
    ):  # fmt: skip
        answers_ = []
        for column in (pl.Series("Dy wt%", values).cast(kind), pl.Series("Dy wt%", as_text)):
            pl.DataFrame(goods).with_columns(column).write_parquet(path)
            kido.batch(path, into, on="2026-11-24")
            answers_.append([pl.read_parquet(into.with_suffix(f"{name}.parquet")).cast(pl.String).rows() for name in ("", ".measures")])
        assert answers_[0] == answers_[1], kind
    moment = pl.Series("date", ["2026-01-05 13:30:00", "2026-01-06 00:00:00"]).str.to_datetime()
    pl.DataFrame(goods).with_columns(moment).write_parquet(path)
    assert kido.batch(path, into).answered == 2 and [str(day) for day in pl.read_parquet(into)["on"]] == ["2026-01-05", "2026-01-06"]
    pl.DataFrame(goods).with_columns(form=pl.Series([["magnet"], ["metal"]]), notes=pl.Series([["a"], ["b"]])).write_parquet(path)
    with pytest.raises(KidoError) as error:
        kido.batch(path, into, on="2026-11-24")
    assert [(problem.code, problem.place) for problem in error.value.problems] == [("column-type", "form")]


def test_a_composition_in_text_and_in_columns_is_put_together(tmp_path):
    """The text was dropped once, and with it an element that a licence is for."""
    path = tmp_path / "a.csv"
    rows = ['1,magnet,30,"Dy 2.5, B 1"', "2,magnet,30,", '3,magnet,,"Nd 30, Dy 2.5, B 1"', '4,magnet,30,"Nd 29, Dy 2"']
    path.write_text("id,form,Nd wt%,composition\n" + "\n".join(rows) + "\n", encoding="utf-8")
    common = {"act": "export", "from": "CN", "to": "JP"}
    kido.batch(path, tmp_path / "out.csv", on="2026-11-24", facts=common)
    told = dict(answers(tmp_path / "out.csv"))
    said = [{"Nd": "30", "Dy": "2.5", "B": "1"}, {"Nd": "30"}, {"Nd": "30", "Dy": "2.5", "B": "1"}]
    assert told == {
        str(n): kido.determine(common | {"form": "magnet", "composition": c}, on="2026-11-24").answer for n, c in enumerate(said, 1)
    }
    assert "element-twice" in (tmp_path / "out.rejected.csv").read_text(encoding="utf-8-sig")


def test_named_end_users_are_compared_with_the_lists_row_by_row(tmp_path):
    """Such rows go one by one, and stand among the others in the order of the table."""
    path = tmp_path / "a.csv"
    names = ["", "TDK株式会社", "Mihon Motor Zzyzx", "", "Huawei Technologies Co., Ltd."]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [[n, "magnet", "CN", "JP", "export", name] for n, name in enumerate(names)]
        csv.writer(file).writerows([["id", "form", "from", "to", "act", "end_user"], *rows])
    found = kido.batch(path, tmp_path / "out.csv", on="2026-11-24")
    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8-sig", newline="")))
    common = {"form": "magnet", "from": "CN", "to": "JP", "act": "export"}
    single = [kido.determine(common | ({"end_user": name} if name else {}), on="2026-11-24") for name in names]
    assert [(row["id"], row["answer"]) for row in rows] == [(str(n), d.answer) for n, d in enumerate(single)]
    assert [bool(row["listed_parties"]) for row in rows] == [any(party.hits for party in d.compared.parties) for d in single]
    assert found.alone == 3 and any(row["listed_parties"] for row in rows)
    measures = list(csv.DictReader((tmp_path / "out.measures.csv").open(encoding="utf-8-sig", newline="")))
    assert [int(row["id"]) for row in measures] == sorted(int(row["id"]) for row in measures)


def test_no_cell_of_any_table_runs_as_a_formula(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,form,from,to,act\n=1+1,magnet,CN,JP,export\n", encoding="utf-8")
    kido.batch(path, tmp_path / "out.csv", on="2026-11-24")
    for name in ("out.csv", "out.measures.csv"):
        rows = list(csv.DictReader((tmp_path / name).open(encoding="utf-8-sig", newline="")))
        assert rows and {row["id"] for row in rows} == {"'=1+1"}


def test_an_error_of_another_process_arrives_whole():
    error = pickle.loads(pickle.dumps(KidoError(Problem("file-not-written", "a", "b", {"why": "full"}))))
    assert [(problem.code, problem.values) for problem in error.problems] == [("file-not-written", {"why": "full"})]


def test_a_folder_of_tables_and_another_header(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    written(folder / "a.csv", ROWS[:30])
    written(folder / "b.xlsx", ROWS[30:])
    assert kido.batch(folder, tmp_path / "out.csv").answered == 60
    (folder / "c.csv").write_text("形態\n磁石\n", encoding="utf-8")
    with pytest.raises(KidoError) as error:
        kido.batch(folder, tmp_path / "out2.csv")
    assert [problem.code for problem in error.value.problems] == ["other-header"]


def test_what_is_stated_of_every_row_yields_to_the_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("no,form,to\n1,magnet,JP\n2,magnet,\n", encoding="utf-8")
    kido.batch(path, tmp_path / "out.csv", on="2026-11-24", facts={"act": "export", "from": "CN", "destination": "DE"})
    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8-sig", newline="")))
    assert [row["answer"] for row in rows] == [
        kido.determine({"act": "export", "from": "CN", "form": "magnet", "to": to}, on="2026-11-24").answer for to in ("JP", "DE")
    ]


def test_a_file_that_changes_during_the_run_is_told(tmp_path, monkeypatch):
    source = written(tmp_path / "a.csv", ROWS[:5])
    before = run.Place.judge

    def changed(*arguments):
        before(*arguments)
        written(source, ROWS[:6])

    monkeypatch.setattr(run.Place, "judge", changed)
    with pytest.raises(KidoError) as error:
        kido.batch(source, tmp_path / "out.csv")
    assert [problem.code for problem in error.value.problems] == ["file-changed"] and not (tmp_path / "out.csv").exists()


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    (tmp_path / "out.csv").write_text("old", encoding="utf-8")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch_output._Csv, "fill", full)
    with pytest.raises(KidoError) as error:
        kido.batch(written(tmp_path / "a.csv", ROWS[:5]), tmp_path / "out.csv")
    assert error.value.problems[0].code == "file-not-written" and (tmp_path / "out.csv").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("small", [20_000, 0], ids=["one process", "several"])
def test_killed_at_random_moments_it_goes_on_to_the_same_answers(tmp_path, small):
    """kill -9 on the whole group, again and again; parts of a few rows, so that every moment can be met."""
    source = written(tmp_path / "a.csv", ROWS * 8)
    whole, into = tmp_path / "whole.csv", tmp_path / "out.csv"
    kido.batch(source, whole)
    code = f"from kido.desk import batches as b, run; b.PIECE = 20; run.SMALL = {small}; print(b.batch({str(source)!r}, {str(into)!r}).resumed)"
    for wait in [RANDOM.uniform(0.3, 2.0) for _ in range(10)]:
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )
        time.sleep(wait)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if process.returncode == 0:
            break
    if process.returncode != 0:
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for name in ("", ".measures", ".rejected"):
        assert into.with_suffix(f"{name}.csv").read_bytes() == whole.with_suffix(f"{name}.csv").read_bytes()


def test_a_run_that_asks_something_else_does_not_use_old_parts(tmp_path):
    source, into = written(tmp_path / "a.csv", ROWS[:5]), tmp_path / "out.csv"
    folder = tmp_path / ".out.csv.run"
    folder.mkdir()
    (folder / "run").write_text("of another question", encoding="utf-8")
    (folder / "00000000.jsonl").write_text('{"summary": ["x"], "measures": []}\n', encoding="utf-8")
    assert kido.batch(source, into).resumed == 0 and len(answers(into)) == 5


def test_the_command(tmp_path):
    source = written(tmp_path / "a.csv", ROWS[:8] + BAD)
    command = [sys.executable, "-m", "kido", "determine", str(source)]
    assert subprocess.run(command, capture_output=True, check=False).returncode in (1, 2)  # no place for the answers
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "out.csv"), "--json", "--fail-on", "rejected"], capture_output=True, text=True, check=False
    )
    shown = json.loads(done.stdout)
    assert done.returncode == 14 and shown["rows"] == shown["answered"] + shown["rejected"] == 10 and shown["unused"] == ["備考"]
    page = subprocess.run(
        [*command, "-o", str(tmp_path / "out.csv"), "--lang", "ja", "--column", "備考=id"], capture_output=True, text=True, check=False
    )
    assert page.returncode == 0 and "10 行 = 判定 8 + 受け付けられない行 2" in page.stdout


def test_the_reasons_of_one_row(tmp_path):
    source = written(tmp_path / "a.csv", ROWS[:8])
    command = [sys.executable, "-m", "kido", "determine", str(source), "--json"]
    by_line, by_id = (
        json.loads(subprocess.run([*command, "--row", row], capture_output=True, text=True, check=True).stdout) for row in ("4", "3")
    )
    by_place = json.loads(subprocess.run([*command, "--row", "a.csv:4"], capture_output=True, text=True, check=True).stdout)
    assert by_line["answer"] == by_place["answer"] and by_line["why"]
    assert subprocess.run([*command, "--row", "900"], capture_output=True, check=False).returncode == 1
    assert by_id["answer"]["id"]
