"""What the tests of the records put into them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest

from kido import desk
from kido.errors import KidoError
from kido.face import records_view
from kido.records import clock
from kido.records.book import Book, Entry, New
from kido.records.remarks import say
from kido.records.verify import verified
from tests.records.entries import new

FACTS = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "metal", "element": "Dy"}


def filled(book: Book) -> list[Entry]:
    """A small book with every kind of entry: records, a shared content, remarks, a removal."""
    added = book.add([new("一", number=1), new("二", number=2, same="a" * 64), new("三", "tanaka", number=1), new("四", number=4)])
    say(book, 1, "comment", "sato", "為替を確認")
    say(book, 1, "approve", "tanaka")
    say(book, 2, "shipped", "sato", shipped=date(2020, 1, 6))
    say(book, 2, "comment", "suzuki", "消える")
    with_removal(book, 2)
    say(book, 3, "hold", "suzuki", "監査")
    return added


def with_removal(book: Book, seq: int) -> None:
    """Take the contents of an entry away, as the rule does."""
    if not book.find(("shipped",), about=seq):
        book.add([New("shipped", "sato", about=seq, outcome="2020-01-06")])
    body = {"removed": [seq], "on": "2026-01-07", "rules": {f"R{seq}": {"last": "2025-01-06", "keep": []}}}
    book.add([New("removed", "admin", body)], lambda connection, _new: book.removed(connection, [seq]))


def kept(facts: dict | None = None, on: str = "2026-11-23", who: str = "sato", lang: str = "ja") -> Entry:
    """A real determination in the records in use."""
    facts = facts or FACTS
    found = desk.determine(facts, on)
    return desk.keep([desk.determined(found, facts, records_view.bytes_of("determination", found, lang), lang, who)])[0]


def codes(raised) -> list[str]:
    """The codes of what was raised."""
    return [one.code for one in raised.value.problems]


def refused(code: str, call, *arguments, **named) -> KidoError:
    """That a call is refused for this reason, in words of both languages."""
    with pytest.raises(KidoError) as raised:
        call(*arguments, **named)
    assert code in codes(raised), raised.value.text("en")
    for lang in ("ja", "en"):
        assert raised.value.text(lang).strip()
    return raised.value


def untouched(book: Book) -> bool:
    return verified(book).problems == ()


class Clock:
    """A clock that is set by hand, in the place of the one below the faces."""

    def __init__(self, monkeypatch, at: datetime):
        self.at = at
        monkeypatch.setattr(clock, "datetime", self)

    def now(self, zone) -> datetime:
        return self.at.astimezone(zone)

    def __getattr__(self, name: str):
        return getattr(datetime, name)

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)


@contextmanager
def others_write(book: Book) -> Iterator[None]:
    """Inside the block somebody else adds one record after another."""
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            book.add([new(str(number), number=number)])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()
