"""kido records, kido replay, --keep and kido accounts on the terminal: words in ja and en, exit codes, errors."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from kido import desk
from kido.records.remarks import say
from kido.records.verify import verified
from kido.terms.ground import ground
from tests.records.given import FACTS, new, with_removal
from tests.records.test_export import audit

EXAMPLES = Path(ground("examples"))
ON = ("--on", "2026-11-23")


# -- keep ----------------------------------------------------------------------------------------


def facts_file(folder: Path, facts: dict | None = None) -> str:
    path = folder / "order.yaml"
    path.write_text(yaml.safe_dump(facts or FACTS, allow_unicode=True), encoding="utf-8")
    return str(path)


def test_keep_says_the_number_and_gives_the_same_answer(small, kido, tmp_path):
    file = facts_file(tmp_path)
    plain = kido("determine", file, *ON, "--json")
    kept = kido("determine", file, *ON, "--json", "--keep")
    assert (plain.code, kept.code, kept.out) == (0, 0, plain.out)
    assert kept.err == "Recorded: R2\n" and kido("determine", file, *ON, "--json", "--keep", "--lang", "ja").err == "記録しました: R3\n"
    assert kido("determine", file, *ON, "--keep", "--json").err == "Recorded: R2\n", "the same question on the same day"
    assert [one.outcome for one in small.find()] == ["licence_required"] * 2 and verified(small).problems == ()
    assert kido("replay", "R2").code == 0


@pytest.mark.parametrize(("value", "count"), [("1", 1), ("true", 1), ("0", 0), ("", 0)])
def test_keep_by_the_environment(small, kido, tmp_path, value, count):
    done = kido("determine", facts_file(tmp_path), *ON, "--json", KIDO_KEEP=value)
    assert done.code == 0 and len(small.find()) == count and ("Recorded" in done.err) is bool(count)


def test_several_transactions_are_several_records(small, kido):
    done = kido("determine", str(EXAMPLES / "order-lines.jsonl"), *ON, "--jsonl", "--keep")
    lines = (EXAMPLES / "order-lines.jsonl").read_text().strip().splitlines()
    assert len(small.find()) == len(lines) == done.err.count("Recorded") and len(done.out.splitlines()) == len(lines)
    assert all(desk.replay(one.id, main_bytes()).same for one in small.find())


def main_bytes():
    from kido.face.records_view import bytes_of

    return bytes_of


def test_screenings_and_papers_are_kept_with_what_was_written(small, kido, tmp_path):
    assert kido("screen", "ＴＤＫ㈱", "--on", "2026-08-24", "--keep", "--lang", "ja").err == "記録しました: R2\n"
    done = kido("papers", str(EXAMPLES / "import-pack.yaml"), "--on", "2026-11-24", "--made", "2026-11-24", "--only", "reply", "--format", "docx", "--into", str(tmp_path / "out"), "--keep", "--json")  # fmt: skip
    assert done.err == "Recorded: R3\n" and done.code == 0
    record = small.get(3)
    files = {name.removeprefix("file:"): small.content(record, name) for name in record.parts if name.startswith("file:")}
    assert files == {name: (tmp_path / "out" / name).read_bytes() for name in files} and "reply.docx" in files
    for id in ("R2", "R3"):
        assert kido("replay", id, "--json").json["same"]
    assert kido("records", "show", "R3", "--part", "reply.docx").bytes == files["reply.docx"]


def test_an_interview_is_kept_at_its_end(small, kido, tmp_path):
    done = kido("determine", facts_file(tmp_path), *ON, "--ask", "--json", "--keep", text="?\nq\n")
    assert done.code == 0 and "Recorded: R2" in done.err, done.err
    assert kido("replay", "R2").code == 0 and json.loads(small.content(small.get(2), "facts"))["form"] == "metal"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("screen", "--file", "names.csv", "--on", "2026-08-24", "--keep"), "keep-one"),
        (("screen", "TDK", "--list", "names.csv", "--on", "2026-08-24", "--keep"), "keep-own-list"),
    ],
)
def test_what_is_not_kept_is_said_and_not_answered(small, kido, tmp_path, monkeypatch, arguments, code):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "names.csv").write_text("name\nTDK\n")
    for lang in ("ja", "en"):
        done = kido(*arguments, "--lang", lang)
        assert done.code == 1 and code in done.err and done.out == ""
    assert small.counted() == 0


def test_an_answer_that_could_not_be_recorded_is_not_given(kido, tmp_path):
    (tmp_path / "notes.txt").write_text("no database " * 100)
    for arguments in (("determine", facts_file(tmp_path), *ON), ("screen", "TDK", "--on", "2026-08-24")):
        done = kido(*arguments, "--keep", KIDO_RECORDS=str(tmp_path / "notes.txt"))
        assert done.code == 1 and "records-damaged" in done.err and done.out == ""
    assert (tmp_path / "notes.txt").read_text() == "no database " * 100


@pytest.mark.parametrize(
    "arguments", [("records", "list"), ("replay", "R1"), ("accounts", "list"), ("screen", "TDK", "--on", "2026-08-24", "--keep")]
)
def test_without_the_library_it_says_what_to_install(kido, monkeypatch, tmp_path, arguments):
    for name in [
        name for name in sys.modules if name.split(".")[:2] == ["kido", "records"] or name.endswith(("record_page", "records_view"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    done = kido(*arguments, KIDO_RECORDS=str(tmp_path / "r.sqlite"))
    assert done.code == 1 and "extra-missing" in done.err and "pip install 'kido[records]'" in done.err and not list(tmp_path.iterdir())


# -- list, show, say -----------------------------------------------------------------------------


@pytest.fixture
def three(small, kido, tmp_path):
    """Three records of the user of this machine: R2 to R4."""
    for number, name in enumerate(("磁石 ＴＤＫ", "=1+1", "\x1b[31mred\x1b[0m\nR99 approved")):
        kido("determine", facts_file(tmp_path, FACTS | {"name": name, "purity_pct": str(90 + number)}), *ON, "--json", "--keep")
    assert small.counted() == 4
    return small


def test_the_list(three, kido):
    done = kido("records", "list")
    lines = done.out.splitlines()
    assert done.code == 0 and [line.split()[1] for line in lines] == ["R4", "R3", "R2"]
    assert "determination: 磁石 ＴＤＫ → licence required (not decided)" in lines[2] and desk.user() in lines[2]
    assert "判定: 磁石 ＴＤＫ → 許可必要 (未決)" in kido("records", "list", "--lang", "ja").out
    assert "\x1b" not in done.out and len(lines) == 3, "what somebody wrote does not steer the terminal, nor begin a line"
    shown = kido("records", "list", "--json").json["records"]
    assert [one["id"] for one in shown] == ["R4", "R3", "R2"] and shown[0]["subject"] == "\x1b[31mred\x1b[0m\nR99 approved"


@pytest.mark.parametrize(
    ("flags", "ids"),
    [
        (("--text", "tdk"), ["R2"]), (("--text", "なし"), []), (("--kind", "determination"), ["R4", "R3", "R2"]), (("--kind", "screening"), []),
        (("--answer", "licence_required", "--limit", "2"), ["R4", "R3"]), (("--before", "R3"), ["R2"]), (("--before", "r4", "--limit", "1"), ["R3"]),
        (("--who", "nobody"), []), (("--since", "2199-01-01"), []), (("--until", "2026-01-01"), []), (("--since", date.today().isoformat()), ["R4", "R3", "R2"]),
    ],
)  # fmt: skip
def test_the_filters_of_the_list(three, kido, flags, ids):
    assert [one["id"] for one in kido("records", "list", "--json", *flags).json["records"]] == ids
    plain = kido("records", "list", *flags)
    assert plain.code == 0 and (ids or "4 entries searched" in plain.out)


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (("--kind", "x"), "not-one-of"),
        (("--since", "gestern"), "not-a-date"),
        (("--before", "x"), "no-such-record"),
        (("--lang", "fr"), "unknown-language"),
    ],
)
def test_wrong_filters(three, kido, flags, code):
    done = kido("records", "list", *flags)
    assert done.code in (1, 2) and code in done.err and done.out == ""


def test_one_record(three, kido):
    done = kido("records", "show", "r2")
    assert done.code == 0
    for words in (
        "R2  determination: 磁石 ＴＤＫ",
        "licence required",
        "not decided",
        "nobody has said yet",
        "5 years from the export",
        "7 years",
    ):
        assert words in done.out, words
    japanese = kido("records", "show", "R2", "--lang", "ja").out
    for words in ("許可必要", "未決", "輸出の日から 7 年", "出荷したかどうか、まだ書かれていません"):
        assert words in japanese, words
    shown = kido("records", "show", "R2", "--json").json
    assert shown["hash"] == three.get(2).hash and shown["kept_until"] is None and shown["remarks"] == []
    assert kido("records", "show", "R2", "--part", "facts").bytes == three.content(three.get(2), "facts")
    assert json.loads(kido("records", "show", "R2", "--part", "answer").out)["answer"]["id"] == "licence_required"
    for arguments, code in (
        (("R9",), "no-such-record"),
        (("R1",), "no-such-record"),
        (("x",), "no-such-record"),
        (("R2", "--part", "x"), "no-such-part"),
    ):
        failed = kido("records", "show", *arguments)
        assert failed.code == 1 and code in failed.err and failed.out == ""


def test_say(three, kido):
    assert "為替を確認" in kido("records", "say", "R2", "comment", "為替を確認").out
    own = kido("records", "say", "R2", "approve")
    assert own.code == 1 and "four-eyes" in own.err and own.out == ""
    say(three, 2, "approve", "tanaka", "よし")
    assert "approved (tanaka" in kido("records", "show", "R2").out and "■" in kido("records", "list").out.splitlines()[2]
    again = kido("records", "say", "R2", "reject", "x", "--lang", "ja")
    assert again.code == 1 and "four-eyes" in again.err
    shipped = kido("records", "say", "R2", "shipped", "2026-04-01", "--json")
    assert shipped.code == 0 and shipped.json["shipped"] == "2026-04-01" and shipped.json["kept_until"] is not None
    assert kido("records", "say", "R3", "shipped", "never", "--json").json["shipped"] == "never"
    assert "held" in kido("records", "say", "R3", "hold", "訴訟").out and "held" in kido("records", "show", "R3").out
    for arguments, code in (
        (("shipped", "2199-01-01"), "day-to-come"), (("shipped", "soon"), "not-a-date"), (("shipped",), "missing-key"), (("comment",), "remark-empty"),
        (("delete", "x"), "not-one-of"),
    ):  # fmt: skip
        failed = kido("records", "say", "R4", *arguments)
        assert failed.code == (2 if code == "not-one-of" else 1) and code in failed.err, arguments
    assert verified(three).problems == ()


def test_people_of_a_team_decide_where_they_sign_in(three, kido):
    desk.people().add("suzuki", "correct horse battery", "admin", "root")
    for kind in ("approve", "reject"):
        done = kido("records", "say", "R2", kind, "x")
        assert done.code == 1 and "decide-signed-in" in done.err
    assert kido("records", "say", "R2", "comment", "x").code == 0


def test_the_name_on_a_record_is_not_a_variable(small, kido, tmp_path):
    """Otherwise anybody could be the second pair of eyes."""
    kido("determine", facts_file(tmp_path), *ON, "--json", "--keep", LOGNAME="tanaka", USER="tanaka", USERNAME="tanaka")
    assert small.get(2).who == desk.user() != "tanaka"


# -- verify, due, export, backup, restore, replay ------------------------------------------------


def test_verify(three, kido):
    done = kido("records", "verify", "--json")
    assert done.code == 0 and done.json["entries"] == 4 and done.json["problems"] == []
    mark = done.json["mark"]
    assert mark in kido("records", "verify").out and "書かれたときと同じです" in kido("records", "verify", "--lang", "ja").out
    assert kido("records", "verify", "--mark", mark).code == 0
    assert kido("records", "verify", "--mark", f"4:{'0' * 64}").code == 1 and "chain-mark" in kido("records", "verify", "--mark", "x").out
    with three.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE entry SET who = 'mallory' WHERE seq = 3")
    for lang, words in (("en", "faults were found"), ("ja", "異常が見つかりました")):
        done = kido("records", "verify", "--lang", lang)
        assert done.code == 1 and words in done.out and "chain-broken" in done.out and "R3" in done.out
    assert [one["code"] for one in kido("records", "verify", "--json").json["problems"]] == ["chain-broken"]


def test_nothing_yet(small, kido):
    assert kido("records", "verify").code == 0
    assert "0 entries searched" in kido("records", "list").out
    assert kido("records", "due").code == 0
    assert "records-empty" in kido("records", "export", "x").err


def test_due_and_what_is_taken_away(three, kido):
    say(three, 2, "shipped", "tanaka", shipped=date(2020, 1, 6))
    done = kido("records", "due", "--on", "2026-11-23")
    assert done.code == 0 and ": 0" in done.out.splitlines()[0] and ": 2 (they stay)" in done.out, (
        "recorded today, kept seven years from today"
    )
    later = kido("records", "due", "--on", "2100-01-01", "--json").json
    assert (
        [one["id"] for one in later["over"]] == ["R2"] and [one["id"] for one in later["asking"]] == ["R4", "R3"] and later["removed"] == 0
    )
    assert "Add --remove" in kido("records", "due", "--on", "2100-01-01").out
    failed = kido("records", "due", "--on", "2100-01-01", "--remove")
    assert failed.code == 1 and "day-to-come" in failed.err and three.get(2).body
    assert "保存期間が過ぎている記録: 0 件" in kido("records", "due", "--remove", "--lang", "ja").out
    with_removal(three, 2)
    assert "its time is over; the contents were removed" in kido("records", "show", "R2").out
    assert "2 have no contents any more" in kido("records", "verify").out
    failed = kido("replay", "R2")
    assert failed.code == 1 and "record-removed" in failed.err


def test_export_backup_and_restore(three, kido, tmp_path):
    done = kido("records", "export", str(tmp_path / "audit"))
    assert done.code == 0 and "3 records" in done.out and audit(tmp_path / "audit") == (4, [])
    assert "file-exists" in kido("records", "export", str(tmp_path / "audit")).err
    assert "4 entries" in kido("records", "backup", str(tmp_path / "a.backup")).out
    assert "file-exists" in kido("records", "backup", str(tmp_path / "a.backup")).err
    there = str(tmp_path / "other" / "r.sqlite")
    assert "4 件を戻しました" in kido("records", "restore", str(tmp_path / "a.backup"), lang="ja", KIDO_RECORDS=there).out
    again = kido("records", "restore", str(tmp_path / "a.backup"), KIDO_RECORDS=there)
    assert again.code == 1 and "records-not-empty" in again.err
    kido("records", "export", str(tmp_path / "audit2"), KIDO_RECORDS=there)
    assert {path.name: path.read_bytes() for path in (tmp_path / "audit").rglob("*") if path.is_file()} == {
        path.name: path.read_bytes() for path in (tmp_path / "audit2").rglob("*") if path.is_file()
    }
    assert kido("replay", "R2", KIDO_RECORDS=there).code == 0
    assert "records-not-there" in kido("records", "restore", str(tmp_path / "no")).err


def test_replay(three, kido):
    done = kido("replay", "R2")
    assert done.code == 0 and "the same answer, byte for byte" in done.out and "gives the same answer" in done.out
    assert "1バイトも違わず" in kido("replay", "R2", "--lang", "ja").out
    shown = kido("replay", "R2", "--json").json
    assert shown["same"] and shown["today"]["same"] and shown["recorded"]["answer"] == "licence_required"
    three.add(
        [
            new(
                "x",
                body={"register": three.get(2).body["register"], "program": "0.0.1"},
                parts={"facts": three.content(three.get(2), "facts")},
            )
        ]
    )
    other = kido("replay", "R5")
    assert other.code == 1 and "is not the recorded one" in other.out and "kido 0.0.1" in other.out
    for id in ("R9", "x", "R1"):
        assert kido("replay", id).code == 1 and "no-such-record" in kido("replay", id).err
    assert json.loads(kido("replay", "R9", "--json").out)["problems"][0]["code"] == "no-such-record"


def test_a_database_that_is_gone(kido, tmp_path):
    for arguments in (("records", "list"), ("records", "verify"), ("replay", "R1"), ("accounts", "list"), ("records", "backup", "x")):
        done = kido(*arguments, KIDO_RECORDS="postgresql://kido:s3cret@127.0.0.1:1/nothing")
        assert done.code == 1 and "records-not-opened" in done.err and "s3cret" not in done.err and done.out == ""


def test_a_process_of_its_own_says_the_same(tmp_path):
    """The whole way once: a new process, a new database, Japanese."""
    command = [sys.executable, "-m", "kido"]
    environment = {
        "KIDO_RECORDS": str(tmp_path / "r.sqlite"),
        "KIDO_KEEP": "1",
        "KIDO_LANG": "ja",
        "PATH": "/usr/bin:/bin",
        "KIDO_DATA": str(tmp_path),
    }
    done = subprocess.run([*command, "determine", "--act", "export", "--from", "CN", "--to", "JP", "--form", "metal", "--element", "Dy", *ON], capture_output=True, text=True, env=environment, check=False)  # fmt: skip
    assert done.returncode == 0 and "記録しました: R2" in done.stderr and "許可必要" in done.stdout
    listed = subprocess.run([*command, "records", "verify"], capture_output=True, text=True, env=environment, check=False)
    assert listed.returncode == 0 and "2 件の連鎖" in listed.stdout
