"""The records for an audit: checked with nothing but what the README of the export says; nothing in them runs in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kido.records import export
from kido.records.book import Book, New
from kido.records.export import exported
from kido.records.periods import due, remove
from kido.records.remarks import say
from tests.records.given import Clock, filled, new, others_write, refused


def audit(folder: Path) -> tuple[int, list[str]]:
    """What an auditor's own program says, written after README.txt with hashlib and json: how many entries, and what is wrong."""
    wrong: list[str] = []
    told = (folder / "README.txt").read_text(encoding="utf-8")
    book = told.partition("book: ")[2].partition("\n")[0]
    count, end = told.partition("entries: ")[2].partition("\n")[0].split(", end of the chain: ")
    previous, number, removed, without = hashlib.sha256(f"kido records {book}".encode()).hexdigest(), 0, set(), []
    for line in (folder / "chain.jsonl").read_text(encoding="utf-8").splitlines():
        row, number = json.loads(line), number + 1
        listed = [row[name] for name in ("previous", "seq", "kind", "at", "who", "about", "outcome", "body")]
        text = json.dumps(listed, separators=(",", ":"), ensure_ascii=False)
        if row["previous"] != previous or row["seq"] != number or hashlib.sha256(text.encode()).hexdigest() != row["hash"]:
            wrong.append(f"entry {row['seq']}")
        previous = row["hash"]
        body = folder / "contents" / row["body"]
        if not body.exists():
            without.append(row)
            continue
        parts = json.loads(body.read_bytes())
        removed |= set(parts.get("removed", ()))
        wrong += [f"no {name} of entry {row['seq']}" for name, sha in parts["parts"].items() if not (folder / "contents" / sha).exists()]
    wrong += [f"no body of entry {row['seq']}" for row in without if not {row["seq"], row["about"]} & removed]
    for path in (folder / "contents").iterdir():
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            wrong.append(path.name)
    if (str(number), previous) != (count, end):
        wrong.append("the end")
    return number, wrong


def sums(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "records.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_an_auditor_checks_it_without_kido(book, tmp_path):
    filled(book)
    assert exported(book, tmp_path / "out") == 4
    assert audit(tmp_path / "out") == (10, [])
    done = sums(tmp_path / "out")
    assert done.returncode == 0 and "FAILED" not in done.stdout
    listed = {line.split("  ", 1)[1] for line in (tmp_path / "out" / "SHA256SUMS").read_text().splitlines()}
    there = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert listed == there - {"SHA256SUMS"}, "every file is in the list"
    rows = {row["record"]: row for row in table(tmp_path / "out")}
    assert list(rows) == ["R1", "R2", "R3", "R4"]
    assert (rows["R1"]["decision"], rows["R1"]["decided_by"], rows["R1"]["subject"], rows["R1"]["removed"]) == (
        "approved",
        "tanaka",
        "一",
        "",
    )
    assert (rows["R2"]["subject"], rows["R2"]["shipped"], rows["R2"]["removed"]) == ("", "2020-01-06", "yes")
    assert (tmp_path / "out" / "contents" / rows["R1"]["facts"]).read_bytes() == book.content(book.get(1), "facts")


@pytest.mark.parametrize("what", ["a content", "a line", "a line less", "two lines", "the last line", "a file more"])
def test_the_auditor_sees_what_was_changed(book, tmp_path, what):
    filled(book)
    exported(book, tmp_path / "out")
    chain = tmp_path / "out" / "chain.jsonl"
    lines = chain.read_text(encoding="utf-8").splitlines(keepends=True)
    if what == "a content":
        path = next((tmp_path / "out" / "contents").iterdir())
        path.write_bytes(path.read_bytes() + b" ")
    elif what == "a file more":
        (tmp_path / "out" / "contents" / ("0" * 64)).write_bytes(b"x")
    else:
        changed = {
            "a line": [lines[0].replace("licence_required", "no_match"), *lines[1:]], "a line less": [*lines[:4], *lines[5:]],
            "two lines": [lines[1], lines[0], *lines[2:]], "the last line": lines[:-1],
        }[what]  # fmt: skip
        chain.write_text("".join(changed), encoding="utf-8")
    assert audit(tmp_path / "out")[1] != []
    assert what == "a file more" or sums(tmp_path / "out").returncode != 0


@pytest.mark.parametrize(
    "subject", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "'=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")']
)
def test_a_subject_that_begins_like_a_formula_is_text(tmp_path, subject):
    with Book(tmp_path / "a.sqlite") as book:
        book.add([new(subject, who=subject)])
        exported(book, tmp_path / "out")
    row = table(tmp_path / "out")[0]
    assert row["subject"] == row["who"] == f"'{subject}"


def test_subjects_of_all_letters_stand_in_their_cell(tmp_path):
    subjects = ['a "b", c', "改行\n二行目", "", "🧲", "a;b\tc"]
    with Book(tmp_path / "a.sqlite") as book:
        book.add([new(subject, number=number) for number, subject in enumerate(subjects)])
        exported(book, tmp_path / "out")
    assert [row["subject"] for row in table(tmp_path / "out")] == subjects
    assert (tmp_path / "out" / "records.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "Excel in Japanese reads it as UTF-8"
    assert audit(tmp_path / "out") == (5, [])


def test_a_span_of_days_has_its_records_their_remarks_and_their_register(book, tmp_path, monkeypatch):
    clock = Clock(monkeypatch, datetime(2026, 1, 10, 3, tzinfo=UTC))
    book.add([New("register", "sato", {"subject": "r1"}, {"law": b"the old law"}, outcome="r1")])
    book.add([new("早い", number=1)])
    clock.later(days=100)
    book.add([new("中", number=2)])
    say(book, 2, "comment", "sato", "別の期間の記録への遅い発言")
    say(book, 3, "comment", "sato", "中への発言")
    clock.later(days=100)
    book.add(
        [New("register", "sato", {"subject": "r2"}, {"law": b"the new law"}, outcome="r2"), new("遅い", number=3, body={"register": "r2"})]
    )
    monkeypatch.undo()
    assert exported(book, tmp_path / "out", "2026-04-01", "2026-04-30") == 1
    contents = b"\n".join(path.read_bytes() for path in (tmp_path / "out" / "contents").iterdir())
    assert b"the old law" in contents, "the register of a record, though it was kept before the span"
    assert "中への発言".encode() in contents and "早い".encode() not in contents and "遅い".encode() not in contents
    assert b"the new law" not in contents and "遅い発言".encode() not in contents, "nothing of other records"
    count, wrong = audit(tmp_path / "out")
    assert count == 7 and all(one.startswith("no ") for one in wrong), "the whole chain is there, contents of others are not"
    assert sums(tmp_path / "out").returncode == 0
    assert exported(book, tmp_path / "all") == 3 and audit(tmp_path / "all") == (7, [])
    assert exported(book, tmp_path / "none", "2027-01-01") == 0 and table(tmp_path / "none") == []


def test_what_was_removed_by_rule_is_a_line_and_no_alarm(book, tmp_path, monkeypatch):
    clock = Clock(monkeypatch, datetime(2024, 1, 10, 12, tzinfo=UTC))
    book.add([new("一"), new("二", number=2)])
    say(book, 1, "comment", "sato", "x")
    say(book, 1, "shipped", "sato", shipped=date(2024, 1, 10))
    clock.at = datetime(2040, 1, 1, tzinfo=UTC)
    remove(book, [one for one in due(book) if one.over(date(2040, 1, 1))], date(2040, 1, 1), "admin")
    exported(book, tmp_path / "out")
    assert audit(tmp_path / "out") == (5, []) and sums(tmp_path / "out").returncode == 0


# -- whole, or not there -------------------------------------------------------------------------


def test_a_folder_that_is_taken_is_left_alone(book, tmp_path):
    filled(book)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").write_text("x")
    refused("file-exists", exported, book, tmp_path / "taken")
    refused("file-exists", exported, book, tmp_path / "taken" / "mine")
    (tmp_path / "empty").mkdir()
    assert exported(book, tmp_path / "empty") == 4 and audit(tmp_path / "empty") == (10, [])
    refused("file-exists", exported, book, tmp_path / "empty")  # it is not empty any more
    refused("file-not-written", exported, book, tmp_path / "taken" / "mine" / "below")
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["mine"]


def test_the_current_folder_has_a_name_too(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with Book(tmp_path / "a.sqlite") as book:
        filled(book)
        assert exported(book, Path()) == 4
    assert audit(tmp_path / "here") == (10, [])


@pytest.mark.parametrize("where", ["_contents", "_sums", "_row"])
def test_a_failure_midway_leaves_no_folder(book, tmp_path, monkeypatch, where):
    filled(book)
    done = []

    def fails(*given):
        done.append(given)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, where, fails)
    error = refused("file-not-written", exported, book, tmp_path / "out" / "below")
    assert done and "No space left" in error.text("en")
    assert not list((tmp_path / "out").iterdir())


def test_a_changed_record_is_not_handed_on(book, tmp_path):
    filled(book)
    with book.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE entry SET who = 'mallory' WHERE seq = 5")
    refused("record-damaged", exported, book, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_yet(book, tmp_path):
    refused("records-empty", exported, book, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_of_one_moment_while_others_write(book, tmp_path):
    filled(book)
    with others_write(book):
        for number in range(4):
            exported(book, tmp_path / str(number))
            count, wrong = audit(tmp_path / str(number))
            assert wrong == [] and count >= 10


def test_others_on_the_machine_cannot_look_into_it(book, tmp_path):
    filled(book)
    exported(book, tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
