"""The book on both databases: order, numbers without a gap, contents by hash, the same question once a day, every filter, pages."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import pytest

from kido import desk
from kido.errors import KidoError
from kido.records.book import Book, New, seq_of
from kido.records.chain import sha256
from kido.records.periods import due
from kido.records.remarks import say
from tests.records.given import Clock, codes, filled, new, refused, untouched, with_removal


def test_entries_have_numbers_in_order_without_a_gap(book):
    first = book.add([new("一", number=1), new("二", number=2)])
    second = book.add([new("三", number=3)])
    assert [one.seq for one in (*first, *second)] == [1, 2, 3] and all(one.fresh for one in (*first, *second))
    assert [one.subject for one in book.find()] == ["三", "二", "一"]
    assert book.counted() == 3 and untouched(book)
    assert book.get(2).body["subject"] == "二" and book.get(2).hash == first[1].hash


def test_parts_come_back_byte_for_byte_under_their_hash(book):
    data = {"facts": b"{}", "answer": bytes(range(256)) * 400, "file:見本 1.pdf": b"", "file:' OR 1=1; --": b"\0"}
    entry = book.add([new(parts=data)])[0]
    found = book.get(entry.seq)
    assert found.parts == {name: sha256(one) for name, one in data.items()} == entry.parts
    assert {name: book.content(found, name) for name in data} == data
    refused("no-such-part", book.content, found, "file:no.pdf")


def test_a_content_that_two_entries_share_lies_there_once(book):
    book.add([new("一", number=1), new("一", number=1), new("二", number=1)])
    with book.engine.connect() as connection:
        count = connection.exec_driver_sql("SELECT COUNT(*) FROM content").scalar()
    assert count == 5  # one answer, two facts, two bodies


def test_the_same_question_is_kept_once_a_day_and_person(book, monkeypatch):
    clock = Clock(monkeypatch, datetime(2026, 11, 29, 3, tzinfo=UTC))
    one = new("一", same="a" * 64)
    first, again = book.add([one, one])
    assert (first.fresh, again.fresh) == (True, False) and first.seq == again.seq
    clock.later(hours=1)
    third = book.add([one])[0]
    assert not third.fresh and third.seq == 1 and third.body == first.body and third.parts == first.parts
    assert book.add([new("一", "tanaka", same="a" * 64)])[0].fresh, "another person asked"
    assert book.add([new("一", same="b" * 64)])[0].fresh, "another question"
    clock.later(days=1)
    assert book.add([one])[0].seq == 4, "another day"
    assert book.add([new("一"), new("一")])[1].seq == 6, "what has no name of a question is always kept"
    assert untouched(book)


def test_a_question_whose_record_was_removed_is_kept_anew(book):
    book.add([new("一", same="a" * 64)])
    with_removal(book, 1)
    assert book.add([new("一", same="a" * 64)])[0].fresh and untouched(book)


def test_what_is_refused_inside_leaves_nothing(book):
    book.add([new()])

    def never(connection, _new):
        raise KidoError(())

    with pytest.raises(KidoError):
        book.add([new("x", number=9), new("y", number=10)], never)
    with pytest.raises(TypeError):
        book.add([new("x", number=9), New("determination", "sato", {"subject": "y", "odd": object()})])
    assert book.counted() == 1 and book.add([new("z")])[0].seq == 2 and untouched(book)


def test_every_filter_finds_what_it_names(book, monkeypatch):
    clock = Clock(monkeypatch, datetime(2026, 11, 27, 3, tzinfo=UTC))
    book.add([new("ＴＤＫ㈱ 磁石"), new("50%_off\\", "tanaka")])
    clock.later(days=1)
    book.add([new("Ｅ́clair Ä", kind="screening"), New("determination", "sato", {"subject": "鉄"}, outcome="no_match")])
    say(book, 1, "comment", "sato", "磁石")

    def found(**asked):
        return [one.seq for one in book.find(**asked)]

    assert found() == [4, 3, 2, 1]
    assert found(kinds=("screening",)) == [3] and found(kinds=("comment",)) == [5] and found(kinds=("comment",), about=2) == []
    for text, seqs in {
        "tdk": [1],
        "ＴＤＫ": [1],
        "(株)": [1],
        "磁石": [1],
        "%": [2],
        "_": [2],
        "\\": [2],
        "50%": [2],
        "éCLAIR ä": [3],
        "'": [],
        "": [4, 3, 2, 1],
    }.items():
        assert found(text=text) == seqs, text
    assert found(who="tanaka") == [2] and found(who="nobody") == [] and found(outcome="no_match") == [4]
    assert found(since="2026-11-28") == [4, 3] and found(until="2026-11-27") == [2, 1] and found(since="2026-11-29") == []
    assert found(since="2026-11-27", until="2026-11-28", who="sato", outcome="licence_required") == [3, 1]


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tokyo", "2026-11-30"), ("UTC", "2026-11-29"), ("America/Los_Angeles", "2026-11-29")])
def test_days_are_those_of_the_clock_on_the_wall(book, monkeypatch, zone, day):
    """At eight in the morning of Tokyo it is the day before in UTC; who looks for today's records means Tokyo."""
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        clock = Clock(monkeypatch, datetime(2026, 11, 29, 23, tzinfo=UTC))
        one = new(same="a" * 64)
        book.add([one])
        assert [len(book.find(since=day, until=day)), len(book.find(since="2026-12-01")), len(book.find(until="2026-11-28"))] == [1, 0, 0]
        clock.later(hours=2)  # ten in the morning of Tokyo, another day in UTC
        assert book.add([one])[0].fresh is (zone == "UTC")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_pages_read_on_where_the_last_one_ended(book):
    book.add([new(str(number), number=number) for number in range(25)])
    seen, before = [], None
    while page := book.find(before=before, limit=10):
        seen += [one.seq for one in page]
        before = page[-1].seq
        if len(seen) == 10:
            book.add([new("meanwhile")])  # what comes in later moves nothing
    assert seen == list(range(25, 0, -1))


def test_remarks_come_by_record_oldest_first_whatever_their_number(book):
    book.add([new("一"), new("二", number=2)])
    say(book, 1, "hold", "suzuki", "監査")
    for number in range(600):
        book.add([New("comment", "sato", {"text": str(number)}, about=1)])
    found = book.remarks([1, 2], ("comment", "hold"))
    assert [len(found[1]), found[2]] == [601, []] and found[1][0].kind == "hold" and found[1][600].body["text"] == "599"


@pytest.mark.parametrize("text", ["a\0b", "half \ud800 a letter", "改行\nタブ\t", "x" * 100_000, "🧲", "=cmd|' /C calc'!A0"])
def test_odd_texts_are_kept_and_found(book, text):
    book.add([new(text.encode(errors="replace").decode())])
    assert book.find(text=text[:4]) and untouched(book)
    say(book, 1, "comment", "sato", text[:4000])
    assert untouched(book) and len(book.remarks([1], ("comment",))[1]) == 1


def test_threads_write_one_after_the_other(book):
    def write(thread: int) -> None:
        for number in range(10):
            book.add([new(f"{thread}-{number}", number=thread)])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.seq for one in book.find(limit=1_000)] == list(range(160, 0, -1)) and untouched(book)
    by_thread = [
        [int(one.subject.partition("-")[2]) for one in book.find(limit=1_000) if one.subject.startswith(f"{n}-")] for n in range(16)
    ]
    assert by_thread == [list(range(9, -1, -1))] * 16


def test_two_that_write_the_first_entry_at_once_both_do(address):
    """The row that says where the chain ends is made once."""
    books = [Book(address) for _ in range(6)]
    failed: list[BaseException] = []
    ready = threading.Barrier(6)

    def write(book: Book) -> None:
        try:
            ready.wait()
            book.add([new()])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(one,)) for one in books]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == [] and books[0].counted() == 6 and untouched(books[0])
    for one in books:
        one.close()


def test_an_entry_that_was_changed_is_not_shown(book):
    """Reading looks at the entry itself; the chain around it is for `verify`. A list says which one it is, and shows the others."""
    filled(book)
    with book.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE entry SET outcome = 'no_match' WHERE seq = 1")
        connection.exec_driver_sql("UPDATE entry SET outcome = '2019-01-01' WHERE kind = 'shipped'")
    refused("record-damaged", book.get, 1)
    found = {one.seq: one for one in book.find()}
    assert [found[seq].damaged for seq in (1, 3, 4)] == [True, False, False] and (found[1].body, found[1].parts) == (None, {})
    assert book.get(3).outcome == "licence_required"
    refused("record-damaged", book.remarks, [2], ("shipped",))
    assert book.remarks([2], ("shipped",), strict=False)[2][0].damaged
    refused("record-damaged", lambda: list(due(book)))


def test_a_record_whose_remark_was_changed_is_as_damaged(in_use):
    """An approval that somebody wrote into a row is none."""
    in_use.add([new(), new("二", number=2)])
    said = say(in_use, 1, "reject", "tanaka", "用途が不明")
    with in_use.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE entry SET kind = 'approve' WHERE seq = {said.seq}")
    first = desk.records()[1]
    assert first.record.damaged and first.state.decision == "open" and first.remarks == () and not desk.records()[0].record.damaged
    refused("record-damaged", desk.record, "R1")


def test_a_number_that_there_is_not(book):
    book.add([new()])
    for seq in (2, 0, 10**17):
        refused("no-such-record", book.get, seq)
    for id in ("", "R", "R0", "R-1", "x", "1.5", "R" + "9" * 30, "１", "R1 R2"):
        with pytest.raises(KidoError) as raised:
            seq_of(id)
        assert codes(raised) == ["no-such-record"]


def test_the_body_names_what_verify_needs(book):
    entry = book.add([new("一", same="a" * 64)])[0]
    data = {name: json.loads(book.content(entry, name)) for name in ("facts", "answer")}
    assert data == {"facts": {"name": "一", "number": 0}, "answer": {"answer": 0}}
    assert entry.body["same"] == "a" * 64 and entry.body["parts"] == entry.parts
