"""What is said of a record later: a comment, a decision by a second person, the day of shipment, a hold.

say(book, id, kind, who, …)   adds one, if the rules allow it
state(remarks)                what follows from all of them

Approval is by four eyes: who recorded an answer does not decide on it, and it is decided once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from kido.errors import KidoError, Problem
from kido.records.book import RECORDED, Book, Entry, New
from kido.records.clock import newest_day
from kido.records.tables import entry
from kido.terms.text import folded

DECISIONS = {"approve": "approved", "reject": "rejected"}
KINDS = ("comment", *DECISIONS, "shipped", "hold", "release")
MOST_TEXT = 4_000
NEVER = "never"


@dataclass(frozen=True, slots=True)
class State:
    """Where a record stands."""

    decision: str = "open"  # open approved rejected
    decided_by: str = ""
    decided_at: str = ""
    shipped: date | str | None = None  # the day; `never`; None where nobody said
    held: bool = False
    held_by: str = ""


def state(remarks: Iterable[Entry]) -> State:
    """What the remarks on one record come to, oldest first or not."""
    found: dict[str, object] = {}
    for one in sorted(remarks, key=lambda one: one.seq):
        if one.kind in DECISIONS:
            found |= {"decision": DECISIONS[one.kind], "decided_by": one.who, "decided_at": one.at}
        elif one.kind == "shipped":
            day, known = (date.fromisoformat(one.outcome) if one.outcome != NEVER else NEVER), found.get("shipped")
            if not isinstance(known, date) or (day != NEVER and day > known):  # a later word never shortens the time
                found["shipped"] = day
        elif one.kind in ("hold", "release"):
            found |= {"held": one.kind == "hold", "held_by": one.who if one.kind == "hold" else ""}
    return State(**found)


def say(book: Book, seq: int, kind: str, who: str, text: str = "", shipped: date | str | None = None) -> Entry:
    """Add a remark on a record.

    Raises
    ------
    KidoError : no such record; its contents were removed; a decision by the same person or a second one; an empty comment; a day to come
    """
    text = text.encode(errors="replace").decode().strip()  # half a letter cannot be stored
    if kind not in KINDS:
        raise KidoError(Problem("not-one-of", "kind", kind[:40], {"fact": "kind", "values": ", ".join(KINDS), "near": ""}))
    if len(text) > MOST_TEXT:
        raise KidoError(Problem("too-long", "text", text[:40], {"most": f"{MOST_TEXT:,}"}))
    if not text and kind in ("comment", "reject", "hold"):
        raise KidoError(Problem("remark-empty", "text", kind))
    if kind == "shipped" and shipped is None:
        raise KidoError(Problem("missing-key", "shipped", "shipped"))
    if isinstance(shipped, date) and shipped > newest_day():
        raise KidoError(Problem("day-to-come", "shipped", shipped.isoformat()))
    outcome = "" if kind != "shipped" else shipped.isoformat() if isinstance(shipped, date) else NEVER
    new = New(kind, who, {"text": text} if text else {}, about=seq, outcome=outcome)
    return book.add([new], lambda connection, new: _may(book, connection, new))[0]


def _may(book: Book, connection: Connection, new: New) -> None:
    """Asked with the chain held, so that two people cannot decide at once."""
    of = book.got(connection, new.about)
    if of.kind not in RECORDED:
        raise KidoError(Problem("no-such-record", book.place, of.id))
    if of.body is None:
        raise KidoError(Problem("record-removed", book.place, of.id))
    if new.kind not in DECISIONS:
        return
    if same_person(of.who, new.who):
        raise KidoError(Problem("four-eyes", of.id, new.who))
    decided = select(entry).where(entry.c.about == new.about, entry.c.kind.in_(DECISIONS))
    if other := connection.execute(decided).first():
        raise KidoError(Problem("decided-already", of.id, new.kind, {"who": other.who, "at": other.at[:19], "what": other.kind}))


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, whatever the case and width of their letters.

    >>> same_person("ＳＡＴＯ", "sato"), same_person("sato", "saito")
    (True, False)
    """
    return folded(one) == folded(other)


def text_of(remark: Entry) -> str:
    """What was written."""
    body: Mapping = remark.body or {}
    return str(body.get("text", ""))
