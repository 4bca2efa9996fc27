"""How long a record is kept: the longest period of the laws that reach its transaction, from the day of shipment.

kept_until(body, recorded, state)   -> the last day, and None where it cannot be told
due(book)                           -> each record with its last day
remove(book, records, on, who)      -> takes their contents away; the chain says so
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from kido.errors import KidoError, Problem
from kido.records.book import RECORDED, Book, Entry, New
from kido.records.clock import day_of, newest_day
from kido.records.remarks import KINDS, NEVER, State, state
from kido.records.store import reading

_PAGE = 500
Body = Mapping[str, object]
Rules = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Due:
    """A record and the last day on which it must be kept; `last` is None where that is not known."""

    record: Entry
    state: State
    last: date | None

    def over(self, on: date) -> bool:
        return self.last is not None and self.last < on and not self.state.held


def kept_until(body: Body, recorded: date, known: State, newer: Rules = ()) -> date | None:
    """The last day of the longest period; None as long as nobody said when, or that nothing, was shipped.

    Parameters
    ----------
    newer : what the same laws ask for today; a period that was made longer since holds for what is kept already

    >>> kept_until({"keep": [{"years": 5, "from": "year_end"}]}, date(2026, 3, 1), State(shipped=date(2026, 4, 1)))
    datetime.date(2031, 12, 31)
    >>> kept_until({"keep": [{"years": 5, "from": "shipment"}]}, date(2026, 3, 1), State()) is None
    True
    """
    if known.shipped is None:
        return None
    start = recorded if known.shipped == NEVER else max(known.shipped, recorded)
    return max((_last(start, rule) for rule in (*body.get("keep", ()), *newer)), default=None)


def _last(start: date, rule: Mapping) -> date:
    year = start.year + int(rule["years"])
    if rule["from"] == "year_end":
        return date(year, 12, 31)
    try:
        return start.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)


def one(record: Entry, remarks: Sequence[Entry], newer: Callable[[Body], Rules] = lambda _body: ()) -> Due:
    """A record with what its remarks come to."""
    known = state(remarks)
    last = kept_until(record.body, day_of(record.at), known, newer(record.body)) if record.body is not None else None
    return Due(record, known, last)


def due(book: Book, newer: Callable[[Body], Rules] = lambda _body: ()) -> Iterator[Due]:
    """Every record that still has its contents, newest first."""
    before = None
    while page := book.find(RECORDED, before=before, limit=_PAGE):
        with reading(book.engine) as connection:
            said = book.said(connection, [record.seq for record in page], KINDS)
        yield from (one(record, said[record.seq], newer) for record in page if record.body is not None)
        before = page[-1].seq


def remove(book: Book, records: Sequence[Due], on: date, who: str) -> Entry | None:
    """Remove the contents of records whose time is over on a day; all of them, or none.

    Raises
    ------
    KidoError : of one of them the time is not over, or something was said of it meanwhile; the day is one to come
    """
    if on > newest_day():
        raise KidoError(Problem("day-to-come", "on", on.isoformat()))
    if not records:
        return None
    if early := [each for each in records if not each.over(on)]:
        raise KidoError([Problem("record-kept", each.record.id, str(each.last or ""), {"on": on.isoformat()}) for each in early])
    seqs = [each.record.seq for each in records]
    rules = {each.record.id: {"last": each.last.isoformat(), "keep": each.record.body["keep"]} for each in records}
    new = New("removed", who, {"removed": seqs, "on": on.isoformat(), "rules": rules})

    def taken(connection: Connection, _new: New) -> None:
        said, there = book.said(connection, seqs, KINDS), book.whole(connection, seqs)
        for each in records:
            if state(said[each.record.seq]) != each.state or each.record.seq not in there:
                raise KidoError(Problem("record-changed", book.place, each.record.id))
        book.removed(connection, seqs)

    return book.add([new], taken)[0]
