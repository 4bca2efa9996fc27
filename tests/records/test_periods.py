"""How long a record is kept: both sides of every last day, what nobody said, what is held, and what stays in the chain."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import yaml

from kido import desk
from kido.desk import recorded
from kido.records.book import New
from kido.records.chain import packed
from kido.records.periods import due, kept_until, one, remove
from kido.records.remarks import KINDS, NEVER, State, say
from kido.records.verify import verified
from kido.register import store
from kido.terms.ground import ground
from tests.records.given import Clock, kept, new, refused, untouched

CN = {"jurisdiction": "CN", "act": "cn-dual-use-regulations-2024", "years": 5, "from": "shipment"}
JP = {"jurisdiction": "JP", "act": "jp-exporter-standards", "years": 7, "from": "shipment"}
US = {"jurisdiction": "US", "act": "us-ear-framework", "years": 5, "from": "shipment"}
EU = {"jurisdiction": "EU", "act": "eu-2021-821", "years": 5, "from": "year_end"}
RECORDED = date(2024, 1, 10)


@pytest.mark.parametrize(
    ("rules", "shipped", "last"),
    [
        ([CN], date(2024, 4, 1), date(2029, 4, 1)),
        ([CN], date(2024, 2, 29), date(2029, 3, 1)),  # there is no 29 February in 2029
        ([CN], date(2023, 2, 28), date(2029, 1, 10)),  # recorded after it was shipped: from the record
        ([EU], date(2024, 1, 15), date(2029, 12, 31)),
        ([EU], date(2024, 12, 31), date(2029, 12, 31)),
        ([EU], date(2025, 1, 1), date(2030, 12, 31)),
        ([JP], date(2024, 4, 1), date(2031, 4, 1)),
        ([JP], date(2024, 2, 29), date(2031, 3, 1)),
        ([CN, JP, US], date(2024, 4, 1), date(2031, 4, 1)),  # the longest of several
        ([CN, EU], date(2024, 4, 1), date(2029, 12, 31)),
        ([EU, JP], date(2024, 12, 31), date(2031, 12, 31)),
        ([CN, JP], NEVER, date(2031, 1, 10)),  # never shipped: from the day it was recorded
        ([], date(2024, 4, 1), None),  # no period at all: never over
        ([CN], None, None),  # nobody said
    ],
)
def test_the_last_day_on_both_sides(rules, shipped, last):
    known = State(shipped=shipped)
    assert kept_until({"keep": rules}, RECORDED, known) == last


BOTH_SIDES = [
    ([CN], "2024-04-01", "2029-04-01", "2029-04-02"),
    ([CN], "2024-02-29", "2029-03-01", "2029-03-02"),
    ([EU], "2024-05-05", "2029-12-31", "2030-01-01"),
    ([CN, JP, US, EU], "2024-04-01", "2031-04-01", "2031-04-02"),
    ([JP], NEVER, "2031-01-10", "2031-01-11"),
]


@pytest.mark.parametrize(("rules", "shipped", "stays", "goes"), BOTH_SIDES)
def test_removed_on_the_day_after_and_not_before(book, monkeypatch, rules, shipped, stays, goes):
    clock = Clock(monkeypatch, datetime(2024, 1, 10, 12, tzinfo=UTC))
    book.add([new("一", body={"keep": rules})])
    clock.at = datetime(2032, 1, 1, tzinfo=UTC)
    say(book, 1, "shipped", "sato", shipped=shipped if shipped == NEVER else date.fromisoformat(shipped))
    found = list(due(book))
    assert not found[0].over(date.fromisoformat(stays)) and found[0].over(date.fromisoformat(goes))
    refused("record-kept", remove, book, found, date.fromisoformat(stays), "admin")
    assert book.get(1).body is not None and book.counted() == 2
    removed = remove(book, found, date.fromisoformat(goes), "admin")
    assert removed.kind == "removed" and book.get(1).body is None and untouched(book)


def test_what_nobody_said_is_never_removed(small):
    id = kept().id
    assert desk.due_records("2199-12-31")[0] == [] and [each.record.id for each in desk.due_records("2199-12-31")[1]] == [id]
    desk.remark(id, "comment", "sato", "出荷したはず")
    desk.remark(id, "approve", "tanaka")
    assert desk.due_records("2199-12-31")[0] == []
    desk.remark(id, "shipped", "sato", shipped=date.today())
    over, asking = desk.due_records("2199-12-31")
    assert [each.record.id for each in over] == [id] and asking == []


def test_the_last_word_on_a_shipment_counts(small):
    id = kept().id
    first = desk.remark(id, "shipped", "sato", shipped=NEVER)
    assert first.state.shipped == NEVER
    second = desk.remark(id, "shipped", "tanaka", shipped=date.today())
    assert second.state.shipped == date.today() and len(second.remarks) == 2


def test_a_hold_stays_above_every_rule_until_it_is_released(book, monkeypatch):
    Clock(monkeypatch, datetime(2024, 1, 10, 12, tzinfo=UTC))
    book.add([new("一")])
    say(book, 1, "shipped", "sato", shipped=date(2024, 1, 10))
    monkeypatch.undo()
    Clock(monkeypatch, datetime(2040, 1, 1, tzinfo=UTC))
    say(book, 1, "hold", "suzuki", "訴訟")
    found = list(due(book))
    assert (found[0].last, found[0].state.held, found[0].state.held_by) == (date(2029, 1, 10), True, "suzuki")
    assert not found[0].over(date(2040, 1, 1))
    refused("record-kept", remove, book, found, date(2040, 1, 1), "admin")
    say(book, 1, "release", "suzuki")
    found = list(due(book))
    assert found[0].over(date(2040, 1, 1)) and remove(book, found, date(2040, 1, 1), "admin")


def test_what_was_said_between_looking_and_removing_stops_all_of_it(book, monkeypatch):
    clock = Clock(monkeypatch, datetime(2024, 1, 10, 12, tzinfo=UTC))
    book.add([new("一"), new("二", number=2)])
    for seq in (1, 2):
        say(book, seq, "shipped", "sato", shipped=date(2024, 1, 10))
    clock.at = datetime(2040, 1, 1, tzinfo=UTC)
    found = list(due(book))
    say(book, 1, "hold", "suzuki", "待って")
    refused("record-changed", remove, book, found, date(2040, 1, 1), "admin")
    assert book.get(1).body and book.get(2).body and untouched(book)
    found = [each for each in due(book) if each.over(date(2040, 1, 1))]
    remove(book, found, date(2040, 1, 1), "admin")
    refused("record-changed", remove, book, found, date(2040, 1, 1), "admin")  # twice
    assert book.get(1).body and book.get(2).body is None and untouched(book)


def test_a_day_to_come_removes_nothing(book):
    book.add([new("一")])
    say(book, 1, "shipped", "sato", shipped=date(2024, 1, 10))
    refused("day-to-come", remove, book, list(due(book)), date(2199, 1, 1), "admin")
    assert remove(book, [], date.today(), "admin") is None and book.counted() == 2


def test_a_shipment_to_come_is_refused(book, monkeypatch):
    Clock(monkeypatch, datetime(2026, 11, 29, 12, tzinfo=UTC))
    book.add([new("一")])
    say(book, 1, "shipped", "sato", shipped=date(2026, 11, 30))  # it is the 30th in Auckland already
    refused("day-to-come", say, book, 1, "shipped", "sato", shipped=date(2026, 12, 1))
    refused("missing-key", say, book, 1, "shipped", "sato")
    assert book.counted() == 2


def test_comments_and_reasons_go_too_and_what_others_hold_stays(book, monkeypatch):
    clock = Clock(monkeypatch, datetime(2024, 1, 10, 12, tzinfo=UTC))
    shared = {"file:letter.pdf": b"the same letter" * 100}
    book.add([new("一", number=1, parts=shared), new("二", number=2, parts=shared), new("三", number=1)])
    say(book, 1, "comment", "sato", "社外秘の取引先")
    say(book, 1, "reject", "tanaka", "用途が不明")
    say(book, 1, "shipped", "sato", shipped=date(2024, 1, 10))
    say(book, 2, "comment", "sato", "残る")
    clock.at = datetime(2040, 1, 1, tzinfo=UTC)
    before = verified(book).contents
    remove(book, [each for each in due(book) if each.over(date(2040, 1, 1))], date(2040, 1, 1), "admin")
    gone = book.get(1)
    assert (gone.body, gone.parts, gone.subject, gone.outcome, gone.who) == (None, {}, "", "licence_required", "sato")
    refused("record-removed", book.content, gone, "facts")
    remarks = book.remarks([1], KINDS)[1]
    assert [(each.kind, each.who, each.body) for each in remarks] == [
        ("comment", "sato", None),
        ("reject", "tanaka", None),
        ("shipped", "sato", None),
    ]
    assert one(gone, remarks).state.decision == "rejected", "who decided, and when, stays"
    assert (
        book.content(book.get(2), "file:letter.pdf") == shared["file:letter.pdf"]
        and book.content(book.get(3), "answer") == b'{"answer": 1}'
    )
    assert book.remarks([2], KINDS)[2][0].body["text"] == "残る"
    assert book.find(text="一") == [] and len(book.find()) == 3
    found = verified(book)
    assert found.problems == () and found.removed == 4
    assert found.contents < before
    with book.engine.connect() as connection:
        left = b"".join(bytes(row[0]) for row in connection.exec_driver_sql("SELECT data FROM content"))
    assert "社外秘".encode() not in left
    last = book.find(("removed",))[0]
    assert last.body["removed"] == [1] and last.body["rules"]["R1"]["last"] == "2029-01-10" and last.who == "admin"


def test_what_was_removed_is_nowhere_in_the_file(tmp_path, monkeypatch):
    """SQLite leaves old bytes in free pages unless it is told otherwise."""
    from kido.records.book import Book

    clock = Clock(monkeypatch, datetime(2024, 1, 10, 12, tzinfo=UTC))
    word = "quite-unusual-party-name"
    answers = [f"{word} {number} {number * 7919}".encode() for number in range(50)]
    with Book(tmp_path / "a.sqlite") as book:
        book.add([new(word, number=number, parts={"answer": answer}) for number, answer in enumerate(answers)])
    before = (tmp_path / "a.sqlite").read_bytes()
    assert word.encode() in before and all(packed(answer)[2] in before for answer in answers)
    with Book(tmp_path / "a.sqlite") as book:
        for seq in range(1, 51):
            say(book, seq, "shipped", "sato", shipped=date(2024, 1, 10))
        clock.at = datetime(2040, 1, 1, tzinfo=UTC)
        remove(book, list(due(book)), date(2040, 1, 1), "admin")
        assert untouched(book)
    after = b"".join(path.read_bytes() for path in tmp_path.glob("a.sqlite*"))
    assert word.encode() not in after and not any(packed(answer)[2] in after for answer in answers)


def test_a_removal_of_many_at_once(tmp_path, monkeypatch):
    """A statement names only so many rows: they go in pieces, in one transaction."""
    from kido.records.book import Book

    clock = Clock(monkeypatch, datetime(2024, 1, 10, 12, tzinfo=UTC))
    with Book(tmp_path / "a.sqlite") as book:
        for start in range(0, 1_200, 400):
            book.add([new(str(number), number=number) for number in range(start, start + 400)])
        book.add([New("shipped", "sato", about=seq, outcome="2024-01-10") for seq in range(1, 1_201)])
        clock.at = datetime(2040, 1, 1, tzinfo=UTC)
        found = [each for each in due(book) if each.over(date(2040, 1, 1))]
        assert len(found) == 1_200
        remove(book, found, date(2040, 1, 1), "admin")
        after = verified(book)
        assert (after.problems, after.removed, after.contents) == ((), 2_400, 1)


# -- the periods of the register -----------------------------------------------------------------


def test_the_periods_are_those_of_the_law_files():
    """Read again here, without the loader."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    files = (yaml.load(path.read_text(encoding="utf-8"), loader) for path in ground("law").rglob("*.yaml") if "terms" not in path.parts)
    stated = {act["id"]: (act["keep_years"], act["keep_from"]) for act in files if isinstance(act, dict) and "keep_years" in act}
    assert stated == {
        "cn-dual-use-regulations-2024": (5, "shipment"), "jp-exporter-standards": (7, "shipment"), "us-ear-framework": (5, "shipment"), "eu-2021-821": (5, "year_end"),
    }  # fmt: skip
    read = {act.id: (act.keep_years, act.keep_from) for act in store.register().instruments.values() if act.keep_years}
    assert read == stated
    for act in stated:
        assert store.register().instruments[act].records, f"{act} says in words what is kept"


@pytest.mark.parametrize(
    ("facts", "acts"),
    [
        ({"act": "export", "from": "CN", "to": "KR", "origin": "CN", "form": "metal", "element": "Dy"}, {CN["act"]}),
        ({"act": "export", "from": "JP", "to": "DE", "form": "magnet", "magnet_family": "NdFeB"}, {JP["act"]}),
        ({"act": "export", "from": "DE", "to": "JP", "form": "magnet", "magnet_family": "NdFeB"}, {EU["act"]}),
    ],
)
def test_a_record_keeps_the_periods_of_the_laws_that_reach_it(small, facts, acts):
    found = desk.determine(facts, "2026-11-23")
    reached = {each.jurisdiction for each in found.jurisdictions if each.reach is not False}
    stated = {rule["act"]: rule for rule in desk.record(kept(facts).id).record.body["keep"]}
    assert acts <= set(stated) and {rule["jurisdiction"] for rule in stated.values()} <= reached
    for rule in stated.values():
        assert rule in (CN, JP, US, EU)


def test_a_screening_and_a_law_without_years_take_the_longest(small):
    found = desk.screen("ＴＤＫ㈱", "2026-08-24")
    entry = desk.keep([desk.screened("ＴＤＫ㈱", "", found.on, found.answer, b"{}", "ja", "sato")])[0]
    assert entry.body["keep"] == [JP]
    far = kept({"act": "export", "from": "ID", "to": "JP", "origin": "ID", "form": "metal", "element": "Ni"})
    assert far.body["keep"], "a record without a period would stay for ever"


def test_a_period_that_was_made_longer_since_holds_for_what_is_kept_already(small, monkeypatch):
    id = kept({"act": "export", "from": "DE", "to": "FR", "origin": "DE", "form": "metal", "element": "Ni"}).id
    desk.remark(id, "shipped", "sato", shipped=date.today())
    before = desk.record(id).last
    monkeypatch.setattr(recorded, "_periods", lambda places: [CN | {"jurisdiction": place, "years": 30} for place in places])
    after = desk.record(id).last
    assert after.year == date.today().year + 30 > before.year
    monkeypatch.setattr(recorded, "_periods", lambda _places: [])
    assert desk.record(id).last == before
