"""The records of a firm: entries are added and read, never changed.

Book(address)              opens, and makes what is missing
    .add(news)             several entries in one transaction, in order; all of them are there, or none
    .get(seq) .find(…)     entries with their bodies
    .content(entry, name)  a part of an entry: facts, answer, a paper
    .remove(seqs, …)       the contents of entries whose time is over; the chain stays whole
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, delete, desc, func, insert, select, update

from kido.errors import KidoError, Problem
from kido.records.chain import canonical, first, packed, sealed, searchable, sha256, unzipped
from kido.records.clock import day_of, now, span
from kido.records.store import alone, opened, reading, shown_url, write_rows, writing
from kido.records.tables import content, entry, head, part

RECORDED = ("determination", "screening", "papers", "table")  # what was answered; all else is about one of these, or beside them
BODY = "body"
_MOST_TEXT = 1_000  # of what is searched for
_SOME = 500  # rows named in one statement


@dataclass(frozen=True, slots=True)
class New:
    """An entry to be added; `parts` are kept by their hash, and named with it in the body."""

    kind: str
    who: str
    body: Mapping[str, object] = field(default_factory=dict)
    parts: Mapping[str, bytes] = field(default_factory=dict)
    about: int | None = None
    outcome: str = ""
    same: str = ""  # the same question by the same person on the same day is given the entry that is there already


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the chain; `body` is None once its content was removed."""

    seq: int
    kind: str
    at: str
    who: str
    about: int | None
    outcome: str
    hash: str
    subject: str = ""
    body: Mapping[str, object] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    fresh: bool = False  # whether `add` has just written it
    damaged: bool = False  # not as it was written: none of it is to be believed

    @property
    def id(self) -> str:
        return f"R{self.seq}"


class Book:
    """The records at one address."""

    def __init__(self, address: str | Path | None = None, make: bool = True):
        self.engine = opened(address, make)
        self.place = shown_url(self.engine.url)

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # -- writing ---------------------------------------------------------------------------

    def add(self, news: Sequence[New], allowed: Callable[[Connection, New], None] | None = None) -> list[Entry]:
        """Add entries at the end of the chain.

        Parameters
        ----------
        news : one or several
        allowed : asked inside the transaction, with the chain held; what it raises leaves nothing behind
        """
        pieces = [{name: packed(data) for name, data in new.parts.items()} for new in news]
        with writing(self.engine) as connection:
            end = self._head(connection)
            for new in news if allowed else ():
                allowed(connection, new)
            return self._added(connection, end, news, pieces)

    def _added(self, connection: Connection, end: tuple[int, str], news: Sequence[New], every: Sequence[dict]) -> list[Entry]:
        at, (seq, hash) = now(), end
        start, found, rows, parts = seq, [], [], []
        there: set[str] = set()
        asked: dict[tuple[str, str], Entry] = {}  # of this transaction
        for new, pieces in zip(news, every, strict=True):
            if new.same and (known := asked.get((new.same, new.who)) or self._today(connection, new, at)):
                found.append(known)
                continue
            subject = str(new.body.get("subject", ""))
            names = {name: sha for name, (sha, _, _) in pieces.items()}
            body = dict(new.body) | {"parts": names} | ({"same": new.same} if new.same else {})
            pieces = pieces | {BODY: packed(canonical(body))}
            seq, previous = seq + 1, hash
            own = pieces[BODY][0]
            hash = sealed(previous, seq, new.kind, at, new.who, new.about, new.outcome, own)
            rows.append(
                {"seq": seq, "kind": new.kind, "at": at, "who": new.who, "about": new.about, "outcome": new.outcome, "body": own,
                 "previous": previous, "hash": hash, "subject": searchable(subject), "same": new.same}
            )  # fmt: skip
            parts += [{"seq": seq, "name": name, "sha": sha} for name, (sha, _, _) in pieces.items()]
            self._lay(connection, pieces.values(), there)
            found.append(Entry(seq, new.kind, at, new.who, new.about, new.outcome, hash, subject, body, names, fresh=True))
            asked[new.same, new.who] = replace(found[-1], fresh=False)
        if rows:
            write_rows(connection, entry, rows)
            write_rows(connection, part, parts)
            connection.execute(update(head).where(head.c.id == 1, head.c.seq == start).values(seq=seq, hash=hash))
        return found

    def _head(self, connection: Connection) -> tuple[int, str]:
        """The end of the chain, held until this transaction is over."""
        wanted = select(head.c.seq, head.c.hash).where(head.c.id == 1).with_for_update()
        row = connection.execute(wanted).first()
        if row is None:
            alone(connection)  # another process may make it now
            row = connection.execute(wanted).first()
        if row is not None:
            return row.seq, row.hash
        if connection.execute(select(func.count()).select_from(entry)).scalar():
            raise KidoError(Problem("records-headless", self.place))
        book = str(uuid4())
        connection.execute(insert(head).values(id=1, book=book, seq=0, hash=first(book)))
        return 0, first(book)

    def _today(self, connection: Connection, new: New, at: str) -> Entry | None:
        """The entry of the same question by the same person that this day has already."""
        wanted = select(entry).where(entry.c.same == new.same, entry.c.who == new.who).order_by(desc(entry.c.seq)).limit(1)
        row = connection.execute(wanted).first()
        return self._with_bodies(connection, [row])[0] if row is not None and day_of(row.at) == day_of(at) else None

    @staticmethod
    def _lay(connection: Connection, pieces: Iterable[tuple[str, int, bytes]], there: set[str]) -> None:
        """Contents that are not there yet; `there` is what this transaction has seen."""
        wanted = {sha: (size, data) for sha, size, data in pieces if sha not in there}
        known = {row.sha for row in connection.execute(select(content.c.sha).where(content.c.sha.in_(wanted)))}
        rows = [{"sha": sha, "size": size, "data": data} for sha, (size, data) in wanted.items() if sha not in known]
        if rows:
            write_rows(connection, content, rows)
        there |= set(wanted)

    # -- reading ---------------------------------------------------------------------------

    def get(self, seq: int) -> Entry:
        """One entry, with its body.

        Raises
        ------
        KidoError : there is none of that number
        """
        with reading(self.engine) as connection:
            return self.got(connection, seq)

    def got(self, connection: Connection, seq: int) -> Entry:
        """As `get`, in a transaction that is open already."""
        row = connection.execute(select(entry).where(entry.c.seq == seq)).first() if seq < 1 << 63 else None
        if row is None:
            raise KidoError(Problem("no-such-record", self.place, f"R{seq}"))
        return self._with_bodies(connection, [row])[0]

    def find(
        self, kinds: Sequence[str] = RECORDED, about: int | None = None, text: str = "", who: str = "", outcome: str = "",
        since: str = "", until: str = "", before: int | None = None, limit: int = 100,
    ) -> list[Entry]:  # fmt: skip
        """Entries, newest first; one that is not as it was written stands among them as damaged, without its contents.

        Parameters
        ----------
        text : a piece of the subject, whatever the case and width of its letters
        since, until : days (ISO) where this program runs, both included
        before : only entries with a smaller number, to read on
        """
        wanted = select(entry).where(entry.c.kind.in_(kinds))
        for column, value in ((entry.c.about, about), (entry.c.who, who or None), (entry.c.outcome, outcome or None)):
            if value is not None:
                wanted = wanted.where(column == value)
        if text:
            wanted = wanted.where(entry.c.subject.contains(searchable(text[:_MOST_TEXT]), autoescape=True))
        start, end = span(since, until)
        if start:
            wanted = wanted.where(entry.c.at >= start)
        if end:
            wanted = wanted.where(entry.c.at < end)
        if before is not None:
            wanted = wanted.where(entry.c.seq < before)
        with reading(self.engine) as connection:
            rows = connection.execute(wanted.order_by(desc(entry.c.seq)).limit(limit)).all()
            return self._with_bodies(connection, rows, strict=False)

    def said(self, connection: Connection, about: Iterable[int], kinds: Sequence[str], strict: bool = True) -> dict[int, list[Entry]]:
        """The entries about records, by these and oldest first, without their bodies, in a transaction that is open already."""
        found: dict[int, list[Entry]] = {seq: [] for seq in about}
        for some in _few(found):
            wanted = select(entry).where(entry.c.about.in_(some), entry.c.kind.in_(kinds)).order_by(entry.c.seq)
            for row in connection.execute(wanted):
                found[row.about].append(self.entry_of(row, strict=strict))
        return found

    def remarks(self, about: Iterable[int], kinds: Sequence[str], strict: bool = True) -> dict[int, list[Entry]]:
        """As `said`, with what was written."""
        with reading(self.engine) as connection:
            said = self.said(connection, about, kinds, strict)
            seqs = [one.seq for remarks in said.values() for one in remarks]
            rows = [row for some in _few(seqs) for row in connection.execute(select(entry).where(entry.c.seq.in_(some)))]
            whole = {one.seq: one for one in self._with_bodies(connection, rows, strict)}
        return {seq: [whole[one.seq] for one in remarks] for seq, remarks in said.items()}

    def whole(self, connection: Connection, seqs: Iterable[int]) -> set[int]:
        """Which of these entries still have their contents."""
        found = [select(part.c.seq).where(part.c.seq.in_(some), part.c.name == BODY) for some in _few(seqs)]
        return {seq for wanted in found for seq in connection.execute(wanted).scalars()}

    def content(self, of: Entry, name: str) -> bytes:
        """A part of an entry; its hash is looked at again.

        Raises
        ------
        KidoError : it was removed when its time was over, or is damaged
        """
        sha = of.parts.get(name)
        if sha is None:
            raise KidoError(Problem("record-removed" if of.body is None else "no-such-part", self.place, f"{of.id}/{name}"))
        with reading(self.engine) as connection:
            if not self.whole(connection, [of.seq]):
                raise KidoError(Problem("record-removed", self.place, f"{of.id}/{name}"))  # meanwhile
            return self.unpacked(connection, sha, of.id)

    def unpacked(self, connection: Connection, sha: str, of: str) -> bytes:
        """A content by its hash."""
        row = connection.execute(select(content.c.size, content.c.data).where(content.c.sha == sha)).first()
        data = unzipped(row.data, row.size) if row is not None else None
        if data is None or sha256(data) != sha:
            raise KidoError(Problem("record-damaged", self.place, of))
        return data

    def counted(self) -> int:
        """How many entries there are."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.count()).select_from(entry)).scalar() or 0

    def _with_bodies(self, connection: Connection, rows: Sequence, strict: bool = True) -> list[Entry]:
        names: dict[int, dict[str, str]] = {row.seq: {} for row in rows}
        bodies = {}
        for some in _few(names):
            for row in connection.execute(select(part).where(part.c.seq.in_(some))):
                names[row.seq][row.name] = row.sha
            wanted = [names[seq][BODY] for seq in some if BODY in names[seq]]
            bodies |= {
                row.sha: unzipped(row.data, row.size) for row in connection.execute(select(content).where(content.c.sha.in_(wanted)))
            }
        return [self.entry_of(row, names[row.seq], bodies, strict) for row in rows]

    def entry_of(
        self, row, parts: Mapping[str, str] | None = None, bodies: Mapping[str, bytes | None] | None = None, strict: bool = True
    ) -> Entry:
        """An entry, if its own hash holds and its contents are those it was written with; the chain around it is not looked at."""
        found = Entry(row.seq, row.kind, row.at, row.who, row.about, row.outcome, row.hash)
        try:
            whole = row.hash == sealed(row.previous, row.seq, row.kind, row.at, row.who, row.about, row.outcome, row.body)
            if whole and parts and BODY in parts:
                data = bodies.get(parts[BODY]) or b""
                whole = parts[BODY] == row.body == sha256(data)
                body = json.loads(data) if whole else {}
                whole = whole and body["parts"] == {name: sha for name, sha in parts.items() if name != BODY}
                found = replace(found, subject=str(body.get("subject", "")), body=body, parts=body.get("parts", {}))
        except (TypeError, ValueError):  # other kinds of values than were written
            whole = False
        if not whole and strict:
            raise KidoError(Problem("record-damaged", self.place, found.id))
        return found if whole else Entry(row.seq, row.kind, str(row.at), str(row.who), row.about, str(row.outcome), row.hash, damaged=True)

    # -- removing --------------------------------------------------------------------------

    def removed(self, connection: Connection, seqs: Iterable[int]) -> None:
        """Take away the contents of these entries and of what was said about them; what another entry holds too stays."""
        for some in _few(seqs):
            every = {*some, *connection.execute(select(entry.c.seq).where(entry.c.about.in_(some))).scalars()}
            for few in _few(every):
                shas = set(connection.execute(select(part.c.sha).where(part.c.seq.in_(few))).scalars())
                connection.execute(delete(part).where(part.c.seq.in_(few)))
                connection.execute(update(entry).where(entry.c.seq.in_(few)).values(subject="", same=""))
                for lot in _few(shas):
                    used = set(connection.execute(select(part.c.sha).where(part.c.sha.in_(lot))).scalars())
                    connection.execute(delete(content).where(content.c.sha.in_(set(lot) - used)))


def _few(values: Iterable) -> Iterator[list]:
    """Values in pieces: a statement names only so many."""
    every = sorted(values)
    yield from (every[start : start + _SOME] for start in range(0, len(every), _SOME))


def seq_of(id: str) -> int:
    """The number of a record, as it is written.

    >>> seq_of("R12"), seq_of(" r12 ")
    (12, 12)
    """
    text = id.strip().upper().removeprefix("R")
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text)):
        raise KidoError(Problem("no-such-record", "record", id.strip()[:40]))
    return int(text)
