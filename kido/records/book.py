"""The records of a firm: entries are added and read, never changed.

Book(address)              opens, and makes what is missing
    .add(news)             several entries in one transaction, in order; all of them are there, or none
    .get(seq) .find(…)     entries with their bodies
    .content(entry, name)  a part of an entry: facts, answer, a paper
    .remove(seqs, …)       the contents of entries whose time is over; the chain stays whole
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, delete, desc, func, insert, select, update

from kido.errors import KidoError, Problem
from kido.records.chain import canonical, first, sealed, sha256
from kido.records.store import opened, reading, shown_url, writing
from kido.records.tables import content, entry, head, part

RECORDED = ("determination", "screening", "papers")  # what was answered; all else is about one of these, or beside them
BODY = "body"
_LEVEL = 3  # of zlib: an answer of 80 kB takes half a millisecond


@dataclass(frozen=True, slots=True)
class New:
    """An entry to be added; `parts` are kept by their hash, and named with it in the body."""

    kind: str
    who: str
    body: Mapping[str, object] = field(default_factory=dict)
    parts: Mapping[str, bytes] = field(default_factory=dict)
    about: int | None = None
    outcome: str = ""
    same: str = ""  # the same question on the same day is given the entry that is there already


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

    @property
    def id(self) -> str:
        return f"R{self.seq}"


def now() -> str:
    """The time as it stands in an entry."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


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
        packed = [{name: _packed(data) for name, data in new.parts.items()} for new in news]
        with writing(self.engine) as connection:
            end = self._head(connection)
            for new in news if allowed else ():
                allowed(connection, new)
            return self._added(connection, end, news, packed)

    def _added(self, connection: Connection, end: tuple[int, str], news: Sequence[New], packed: Sequence[dict]) -> list[Entry]:
        at, (seq, hash) = now(), end
        start, found, rows, parts = seq, [], [], []
        there: set[str] = set()
        for new, pieces in zip(news, packed, strict=True):
            if new.same and (known := self._today(connection, new.same, at, rows)):
                found.append(known)
                continue
            body = dict(new.body) | {"parts": {name: sha for name, (sha, _, _) in pieces.items()}}
            pieces = pieces | {BODY: _packed(canonical(body))}
            seq, previous = seq + 1, hash
            own = pieces[BODY][0]
            hash = sealed(previous, seq, new.kind, at, new.who, new.about, new.outcome, own)
            subject = str(new.body.get("subject", ""))
            rows.append(
                {"seq": seq, "kind": new.kind, "at": at, "who": new.who, "about": new.about, "outcome": new.outcome, "body": own,
                 "previous": previous, "hash": hash, "subject": subject, "same": new.same}
            )  # fmt: skip
            parts += [{"seq": seq, "name": name, "sha": sha} for name, (sha, _, _) in pieces.items()]
            self._lay(connection, pieces.values(), there)
            names = {name: sha for name, (sha, _, _) in pieces.items() if name != BODY}
            found.append(Entry(seq, new.kind, at, new.who, new.about, new.outcome, hash, subject, body, names, fresh=True))
        if rows:
            connection.execute(insert(entry), rows)
            connection.execute(insert(part), parts)
            connection.execute(update(head).where(head.c.id == 1, head.c.seq == start).values(seq=seq, hash=hash))
        return found

    def _head(self, connection: Connection) -> tuple[int, str]:
        """The end of the chain, held until this transaction is over."""
        row = connection.execute(select(head.c.seq, head.c.hash).where(head.c.id == 1).with_for_update()).first()
        if row is not None:
            return row.seq, row.hash
        if connection.execute(select(func.count()).select_from(entry)).scalar():
            raise KidoError(Problem("records-headless", self.place))
        book = str(uuid4())
        connection.execute(insert(head).values(id=1, book=book, seq=0, hash=first(book)))
        return 0, first(book)

    def _today(self, connection: Connection, same: str, at: str, rows: Iterable[dict]) -> Entry | None:
        """The entry of the same question that this day has already, in the database or among those just being written."""
        if own := next((row for row in rows if row["same"] == same), None):
            return Entry(own["seq"], own["kind"], own["at"], own["who"], own["about"], own["outcome"], own["hash"], own["subject"])
        row = connection.execute(select(entry).where(entry.c.same == same).order_by(desc(entry.c.seq)).limit(1)).first()
        if row is None or row.at[:10] != at[:10] or not self._whole(connection, row.seq):
            return None
        return _entry(row)

    @staticmethod
    def _whole(connection: Connection, seq: int) -> bool:
        return connection.execute(select(part.c.seq).where(part.c.seq == seq, part.c.name == BODY)).first() is not None

    @staticmethod
    def _lay(connection: Connection, pieces: Iterable[tuple[str, int, bytes]], there: set[str]) -> None:
        """Contents that are not there yet; `there` is what this transaction has seen."""
        wanted = {sha: (size, data) for sha, size, data in pieces if sha not in there}
        known = {row.sha for row in connection.execute(select(content.c.sha).where(content.c.sha.in_(wanted)))}
        rows = [{"sha": sha, "size": size, "data": data} for sha, (size, data) in wanted.items() if sha not in known]
        if rows:
            connection.execute(insert(content), rows)
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
        """Entries, newest first.

        Parameters
        ----------
        text : a piece of the subject, whatever the case of its letters
        since, until : days (ISO), both included
        before : only entries with a smaller number, to read on
        """
        wanted = select(entry).where(entry.c.kind.in_(kinds))
        for column, value in ((entry.c.about, about), (entry.c.who, who or None), (entry.c.outcome, outcome or None)):
            if value is not None:
                wanted = wanted.where(column == value)
        if text:
            wanted = wanted.where(func.lower(entry.c.subject).contains(text.lower(), autoescape=True))
        if since:
            wanted = wanted.where(entry.c.at >= since)
        if until:
            wanted = wanted.where(entry.c.at < f"{until}T24")
        if before is not None:
            wanted = wanted.where(entry.c.seq < before)
        with reading(self.engine) as connection:
            rows = connection.execute(wanted.order_by(desc(entry.c.seq)).limit(limit)).all()
            return self._with_bodies(connection, rows)

    def said(self, connection: Connection, about: int, kinds: Sequence[str]) -> list[Entry]:
        """The entries about one record, without their bodies, in a transaction that is open already."""
        wanted = select(entry).where(entry.c.about == about, entry.c.kind.in_(kinds)).order_by(entry.c.seq)
        return [_entry(row) for row in connection.execute(wanted)]

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
            return self.unpacked(connection, sha, of.id)

    def unpacked(self, connection: Connection, sha: str, of: str) -> bytes:
        """A content by its hash."""
        row = connection.execute(select(content.c.data).where(content.c.sha == sha)).first()
        try:
            data = zlib.decompress(row.data)
        except (AttributeError, zlib.error):
            data = b""
        if sha256(data) != sha:
            raise KidoError(Problem("record-damaged", self.place, of))
        return data

    def counted(self) -> int:
        """How many entries there are."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.count()).select_from(entry)).scalar() or 0

    def _with_bodies(self, connection: Connection, rows: Sequence) -> list[Entry]:
        found = []
        names: dict[int, dict[str, str]] = {row.seq: {} for row in rows}
        for row in connection.execute(select(part).where(part.c.seq.in_(names))):
            names[row.seq][row.name] = row.sha
        for row in rows:
            parts = names[row.seq]
            own = parts.pop(BODY, None)
            body = json.loads(self.unpacked(connection, own, f"R{row.seq}")) if own else None
            found.append(_entry(row, body, parts))
        return found

    # -- removing --------------------------------------------------------------------------

    def removed(self, connection: Connection, seqs: Sequence[int]) -> None:
        """Take away the contents of these entries and of what was said about them; what another entry holds too stays."""
        all_ = {*seqs, *connection.execute(select(entry.c.seq).where(entry.c.about.in_(seqs), entry.c.kind == "comment")).scalars()}
        shas = set(connection.execute(select(part.c.sha).where(part.c.seq.in_(all_))).scalars())
        connection.execute(delete(part).where(part.c.seq.in_(all_)))
        connection.execute(update(entry).where(entry.c.seq.in_(all_)).values(subject="", same=""))
        used = set(connection.execute(select(part.c.sha).where(part.c.sha.in_(shas))).scalars())
        connection.execute(delete(content).where(content.c.sha.in_(shas - used)))


def _packed(data: bytes) -> tuple[str, int, bytes]:
    return sha256(data), len(data), zlib.compress(data, _LEVEL)


def _entry(row, body: Mapping | None = None, parts: Mapping[str, str] | None = None) -> Entry:
    return Entry(row.seq, row.kind, row.at, row.who, row.about, row.outcome, row.hash, row.subject, body, parts or {})


def seq_of(id: str) -> int:
    """The number of a record, as it is written.

    >>> seq_of("R12"), seq_of(" r12 ")
    (12, 12)
    """
    text = id.strip().upper().removeprefix("R")
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text)):
        raise KidoError(Problem("no-such-record", "record", id.strip()[:40]))
    return int(text)
