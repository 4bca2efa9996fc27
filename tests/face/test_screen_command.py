"""kido screen on the terminal: one name, files in every encoding, files that harm, and exit codes."""

import csv
import json
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter

NAMES = ["三菱造船株式会社", "Zqxwk Vbrplm GmbH", "Hangzhou Hikvison Digital Technology Co., Ltd."]
ON = ("--on", "2026-07-31")


def run(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "kido", "screen", *map(str, arguments)], capture_output=True, text=True, check=False)


def answers(done: subprocess.CompletedProcess) -> list[str]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["answer"] for line in done.stdout.splitlines()]


def test_one_name_says_why_and_where():
    shown = json.loads(run("ＴＤＫ㈱", *ON, "--json", "--lang", "ja").stdout)
    assert shown["answer"] == "listed" and shown["hits"][0]["list"] == "cn-watch-list" and shown["hits"][0]["how_words"]
    assert len(shown["searched"]) == 16 and all(one["records"] and one["edition"] for one in shown["searched"])


@pytest.mark.parametrize(
    ("name", "code"), [("三菱造船株式会社", 10), ("Hangzhou Hikvison Digital Technology", 11), ("Zqxwk Vbrplm GmbH", 13)]
)
def test_exit_codes(name, code):
    assert run(name, "--on", "2026-12-31", "--fail-on", "listed", "--fail-on", "possible", "--fail-on", "not_searched").returncode == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("heading", ["取引先名", "name"])
def test_files_of_every_encoding(tmp_path, encoding, heading):
    path = tmp_path / "names.csv"
    path.write_bytes("\n".join([f"番号,{heading},備考", *(f'{n},"{name}",x' for n, name in enumerate(NAMES, 1))]).encode(encoding))
    assert answers(run("--file", path, *ON, "--jsonl"))[0] == "listed"
    assert answers(run("--file", path, *ON, "--jsonl"))[2] == "possible"


def test_a_sheet_and_the_result_as_a_table(tmp_path):
    path, out = tmp_path / "names.xlsx", tmp_path / "out.csv"
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for row, name in enumerate(["会社名", *NAMES, '=HYPERLINK("http://x","y")', "+86 Trading", "@cmd"]):
        sheet.write_string(row, 0, name)
    book.close()
    assert run("--file", path, *ON, "-o", out).returncode == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8-sig", newline="")))
    assert [row["answer"] for row in rows][:3] == ["listed", rows[1]["answer"], "possible"] and len(rows) == 6
    assert all(not cell.startswith(("=", "+", "@", "-")) for row in rows for cell in row.values())


def bomb(path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)


def macros(path) -> None:
    book = xlsxwriter.Workbook(path.with_name("plain.xlsx"))
    book.add_worksheet().write_string(0, 0, "name")
    book.close()
    with zipfile.ZipFile(path.with_name("plain.xlsx")) as before, zipfile.ZipFile(path, "w") as after:
        for item in before.infolist():
            after.writestr(item, before.read(item))
        after.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bomb.xlsx", bomb, "office-too-large"), ("macros.xlsm", macros, "office-macros"), ("broken.xlsx", lambda path: path.write_bytes(b"PK\x03\x04xx"), "office-not-read"),
        ("empty.csv", lambda path: path.write_bytes(b""), None), ("noname.csv", lambda path: path.write_text("番号,数量\n1,2\n", encoding="utf-8"), None),
        ("binary.csv", lambda path: path.write_bytes(bytes(range(256)) * 20), None),
    ],
)  # fmt: skip
def test_files_that_harm_are_named(tmp_path, name, content, code):
    path = tmp_path / name
    content(path)
    done = run("--file", path, *ON, "--lang", "en")
    assert done.returncode in (1, 2) and not done.stdout.strip() and name in done.stderr
    assert "Traceback" not in done.stderr and (code is None or code in done.stderr)


def test_an_own_list_with_a_broken_row_is_refused_whole(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("name,country\n山田商店,JP\n,JP\n田中,ZZZ\n", encoding="utf-8")
    done = run("山田商店", "--list", own, *ON, "--lang", "en")
    assert done.returncode == 1 and "own.csv:3" in done.stderr and "own.csv:4" in done.stderr
    own.write_text("name,country\n山田商店,JP\n", encoding="utf-8")
    assert json.loads(run("山田商店", "--list", own, *ON, "--json").stdout)["hits"][0]["list"] == "own:own"


def test_a_thousand_names_keep_their_order(tmp_path):
    path = tmp_path / "many.txt"
    path.write_text("\n".join(f"Zqxwk {n:04}" for n in range(1000)), encoding="utf-8")
    done = run("--file", path, *ON, "--jsonl")
    assert [json.loads(line)["query"] for line in done.stdout.splitlines()] == [f"Zqxwk {n:04}" for n in range(1000)]
