"""Who recorded an answer does not decide on it; it is decided once, whoever comes at the same moment."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from kido.errors import KidoError
from kido.records.book import Book
from kido.records.remarks import MOST_TEXT, state, text_of
from kido.records.remarks import say as _say
from tests.records.given import new, refused, untouched, with_removal

ROOT = Path(__file__).resolve().parents[2]


def say(book, *arguments, **named):
    return _say(book, 1, *arguments, **named)


@pytest.mark.parametrize("kind", ["approve", "reject"])
@pytest.mark.parametrize("who", ["sato", "SATO", "Sato", "ＳＡＴＯ", " sato ", "ｓaＴo"])
def test_the_same_person_in_whatever_letters_is_refused(book, kind, who):
    book.add([new(who="sato")])
    refused("four-eyes", say, book, kind, who, "理由")
    assert book.counted() == 1 and say(book, kind, "tanaka", "理由").seq == 2


def test_the_one_who_recorded_it_may_say_all_else(book):
    book.add([new(who="sato")])
    for kind, text, shipped in (("comment", "x", None), ("shipped", "", date(2026, 11, 1)), ("hold", "x", None), ("release", "", None)):
        say(book, kind, "sato", text, shipped)
    assert book.counted() == 5 and untouched(book)


def test_a_record_is_decided_once(book):
    book.add([new()])
    first = say(book, "approve", "tanaka")
    for kind, who in (("approve", "tanaka"), ("reject", "tanaka"), ("approve", "suzuki"), ("reject", "suzuki")):
        error = refused("decided-already", say, book, kind, who, "理由")
        assert error.problems[0].values["who"] == "tanaka" and first.at[:19] in error.text("en")
    assert book.counted() == 2
    known = state(book.remarks([1], ("approve", "reject"))[1])
    assert (known.decision, known.decided_by, known.decided_at) == ("approved", "tanaka", first.at)


def test_many_threads_decide_at_once_and_one_wins(book):
    book.add([new()])
    ready, outcomes = threading.Barrier(12), []

    def decide(number: int) -> None:
        ready.wait()
        try:
            say(book, ("approve", "reject")[number % 2], f"person {number}", "理由")
            outcomes.append("won")
        except KidoError as error:
            outcomes.append(error.problems[0].code)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["decided-already"] * 11 + ["won"]
    assert len(book.find(("approve", "reject"))) == 1 and untouched(book)


DECIDES = """
import sys
from kido.errors import KidoError
from kido.records.book import Book
from kido.records.remarks import say
book = Book(sys.argv[1])
book.counted()
print("ready", flush=True)
sys.stdin.readline()
try:
    say(book, 1, sys.argv[3], sys.argv[2], "理由")
    print("won")
except KidoError as error:
    print(error.problems[0].code)
"""


def test_many_processes_decide_at_once_and_one_wins(address):
    with Book(address) as book:
        book.add([new()])
        command = [sys.executable, "-c", DECIDES, address]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
        every = [subprocess.Popen([*command, f"person {n}", ("approve", "reject")[n % 2]], **pipes) for n in range(4)]
        assert [one.stdout.readline() for one in every] == ["ready\n"] * 4
        for one in every:
            one.stdin.write("\n")
            one.stdin.flush()
        outcomes = [one.communicate(timeout=60)[0].strip() for one in every]
        assert sorted(outcomes) == ["decided-already"] * 3 + ["won"]
        assert len(book.find(("approve", "reject"))) == 1 and untouched(book)


def test_nothing_is_said_of_what_was_removed_or_is_no_record(book):
    book.add([new(), new("二", number=2)])
    with_removal(book, 1)
    for kind in ("approve", "reject", "comment", "hold", "release"):
        refused("record-removed", say, book, kind, "tanaka", "理由")
    refused("record-removed", say, book, "shipped", "tanaka", shipped=date(2026, 11, 1))
    for seq in (3, 4, 99):  # what was said of it, the entry of the removal; none
        refused("no-such-record", _say, book, seq, "approve", "tanaka")
    comment = _say(book, 2, "comment", "tanaka", "x")
    refused("no-such-record", _say, book, comment.seq, "approve", "suzuki")
    assert book.counted() == 5 and untouched(book)


def test_two_at_once_a_removal_and_a_decision(book):
    """Whichever comes first, the other sees it."""
    book.add([new(str(number), number=number) for number in range(20)])
    outcomes: list[tuple[int, str]] = []

    def decide() -> None:
        for seq in range(1, 21):
            try:
                outcomes.append((seq, _say(book, seq, "approve", "tanaka").kind))
            except KidoError as error:
                outcomes.append((seq, error.problems[0].code))

    threads = [threading.Thread(target=decide), threading.Thread(target=lambda: [with_removal(book, seq) for seq in range(20, 0, -1)])]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {what for _, what in outcomes} <= {"approve", "record-removed"} and len(outcomes) == 20
    assert untouched(book)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("comment", "", "remark-empty"), ("comment", " \n\t　", "remark-empty"), ("reject", "", "remark-empty"), ("hold", "", "remark-empty"),
        ("comment", "x" * (MOST_TEXT + 1), "too-long"), ("delete", "x", "not-one-of"), ("", "x", "not-one-of"), ("determination", "x", "not-one-of"),
        ("removed", "x", "not-one-of"),
    ],
)  # fmt: skip
def test_remarks_that_are_refused(book, kind, text, code):
    book.add([new()])
    refused(code, say, book, kind, "tanaka", text)
    assert book.counted() == 1


@pytest.mark.parametrize("text", ["承認します", "=1+1", "<script>alert(1)</script>", "a\0b", "\ud800", "x" * MOST_TEXT])
def test_remarks_are_kept_as_they_were_written(book, text):
    book.add([new()])
    said = say(book, "comment", "tanaka", text)
    assert text_of(book.get(said.seq)) == text.encode(errors="replace").decode() and untouched(book)
