"""Tables of transactions: every kind of file gives the answers of the single case, bad rows are set apart, a killed run goes on."""

import csv
import json
import os
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
from kido.errors import KidoError
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
        wanted = {(f.measure.id, f.answer, f.status.word) for f in (*d.findings, *d.duties) if f.answer != "does_not_apply"}
        assert set(table.filter(pl.col("id") == row[0]).select("measure", "answer", "standing").iter_rows()) == wanted


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
