"""Whether the records are as they were written: every hash is worked out again, and every row must have its reason.

verified(book)  -> Verified: entries, the end of the chain, and every problem found

It reads some rows at a time, so that its memory does not grow with the records.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Select, select, type_coerce
from sqlalchemy.types import NullType

from kido.errors import Problem
from kido.records.book import BODY, RECORDED, Book
from kido.records.chain import first, sealed, searchable, sha256, unzipped
from kido.records.clock import newest_day_of
from kido.records.store import reading
from kido.records.tables import content, entry, head, part

MOST_PROBLEMS = 100
_STEP = 500
_CONTENTS = 50  # at a time: one may be a register of some megabytes

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at. `mark` is to be kept elsewhere: it shows later whether the end was cut off or all was made anew."""

    entries: int
    contents: int
    removed: int  # entries whose contents were taken away by rule
    seq: int
    hash: str
    book: str
    problems: tuple[Problem, ...]

    @property
    def mark(self) -> str:
        return f"{self.seq}:{self.hash}" if self.seq else ""


def verified(book: Book, mark: str = "", progress: Progress | None = None) -> Verified:
    """Work out the chain again.

    Parameters
    ----------
    mark : `Verified.mark` of an earlier day, kept outside the database: that entry must still be there with that hash
    progress : told (done, all) now and then
    """
    with reading(book.engine) as connection:
        return _Looking(book.place, connection).all(mark, progress)


class _Looking:
    def __init__(self, place: str, connection: Connection):
        self.place, self.connection = place, connection
        self.problems: list[Problem] = []
        self.bad: set[str] = set()  # contents that have not the hash they lie under
        self.lost: set[str] = set()  # contents that are named and not there

    def wrong(self, code: str, of: int | str, **values: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(code, self.place, f"R{of}", values))

    def all(self, mark: str, progress: Progress | None) -> Verified:
        ends = self.connection.execute(select(head).order_by(head.c.id)).all()
        end = ends[0] if ends else None
        marked = _parted(mark)
        if mark and marked is None:
            self.problems.append(Problem("chain-mark", "--mark", mark[:80]))
        contents = self._contents()
        self._unexplained()
        gone = self._gone()
        expected, hash, count, removed, known_mark = 1, first(end.book) if end else "", 0, 0, marked is None
        for row, names, body in self._entries():
            if row.seq > expected:
                self.wrong("chain-gap", expected, until=f"R{row.seq - 1}")
            if row.previous != hash or row.hash != _sealed(row):
                self.wrong("chain-broken", row.seq)
            removed += self._parts_of(row, names, body, row.seq in gone)
            if marked and row.seq == marked[0]:
                known_mark = row.hash == marked[1]
            expected, hash, count = row.seq + 1, row.hash, count + 1
            if progress and count % _STEP == 0:
                progress(count, max(count, end.seq if end else 0))
        last = expected - 1
        if len(ends) > 1 or (end is None and count) or (end and (end.id, end.seq, end.hash) != (1, last, hash)):
            self.wrong("chain-end", end.seq if end else 0)
        if not known_mark:
            self.wrong("chain-not-marked", marked[0])
        return Verified(count, contents, removed, last, hash if count else "", end.book if end else "", tuple(self.problems))

    # -- some rows at a time ---------------------------------------------------------------

    def _paged(self, wanted: Select, key: Column, step: int) -> Iterator[list]:
        """The rows in the order of a key, in pieces; no cursor is held open meanwhile."""
        after = None
        while rows := self.connection.execute((wanted if after is None else wanted.where(key > after)).order_by(key).limit(step)).all():
            yield rows
            after = rows[-1]._mapping[key.name]

    def _contents(self) -> int:
        """Look at every content; how many there are."""
        count = 0
        wanted = select(content.c.sha, content.c.size, type_coerce(content.c.data, NullType()).label("data"))
        for rows in self._paged(wanted, content.c.sha, _CONTENTS):
            self.bad |= {row.sha for row in rows if not _whole(row)}
            count += len(rows)
        return count

    def _unexplained(self) -> None:
        """Contents that no part names, parts of no entry, and what is named and not there."""
        unnamed = select(content.c.sha).outerjoin(part, part.c.sha == content.c.sha).where(part.c.sha.is_(None)).limit(MOST_PROBLEMS)
        for row in self.connection.execute(unnamed):
            self.problems.append(Problem("content-unknown", self.place, f"sha256 {str(row.sha)[:64]}"))
        homeless = select(part.c.seq, part.c.name).outerjoin(entry, entry.c.seq == part.c.seq).where(entry.c.seq.is_(None))
        for row in self.connection.execute(homeless.limit(MOST_PROBLEMS)):
            self.wrong("content-unknown", f"{row.seq}/{row.name}")
        lost = select(part.c.sha).outerjoin(content, content.c.sha == part.c.sha).where(content.c.sha.is_(None)).distinct()
        self.lost = set(self.connection.execute(lost).scalars())

    def _gone(self) -> set[int]:
        """The entries that an entry of the chain says were removed, and what was said about them."""
        found: set[int] = set()
        for rows in self._paged(select(entry.c.seq, entry.c.at, entry.c.body).where(entry.c.kind == "removed"), entry.c.seq, _STEP):
            bodies = self._bodies({row.body for row in rows})
            for row in rows:
                body = bodies.get(row.body, {})
                found |= {seq for seq in body.get("removed", ()) if seq < row.seq and self._due(seq, row, body)}
        if found:
            said = select(entry.c.seq, entry.c.about).where(entry.c.about.is_not(None))
            found |= {row.seq for rows in self._paged(said, entry.c.seq, _STEP) for row in rows if row.about in found}
        return found

    def _due(self, seq: int, removal, body: Mapping) -> bool:
        """Whether a removal had its reason: a record, its shipment said before, not held, and its last day past on a day that had come."""
        rule = body.get("rules", {}).get(f"R{seq}", {})
        said = self.connection.execute(
            select(entry.c.kind, entry.c.about, entry.c.seq)
            .where(
                (entry.c.seq == seq) | ((entry.c.about == seq) & (entry.c.kind.in_(("shipped", "hold", "release")))),
                entry.c.seq < removal.seq,
            )
            .order_by(entry.c.seq)
        ).all()
        kinds = [row.kind for row in said if row.seq != seq]
        held = next((kind for kind in reversed(kinds) if kind != "shipped"), "release") == "hold"
        if held or "shipped" not in kinds or not any(row.seq == seq and row.kind in RECORDED for row in said):
            return False
        try:
            return rule.get("last", "9999") < body.get("on", "") <= newest_day_of(removal.at).isoformat()
        except (TypeError, ValueError):  # other kinds of values than were written
            return False

    def _entries(self) -> Iterator[tuple]:
        """Every entry with its parts by name and its body; a body that is not there, or not as it was, is None."""
        for rows in self._paged(select(entry), entry.c.seq, _STEP):
            names: dict[int, dict[str, str]] = {row.seq: {} for row in rows}
            for one in self.connection.execute(select(part).where(part.c.seq.between(rows[0].seq, rows[-1].seq))):
                names.get(one.seq, {})[one.name] = one.sha
            bodies = self._bodies({row.body for row in rows})
            yield from ((row, names[row.seq], bodies.get(row.body)) for row in rows)

    def _bodies(self, wanted: set[str]) -> dict[str, dict]:
        """Bodies by their hash, of those that are whole."""
        found = {}
        chosen = sorted(sha for sha in wanted if isinstance(sha, str) and sha not in self.bad)
        data = type_coerce(content.c.data, NullType()).label("data")
        for row in self.connection.execute(select(content.c.sha, content.c.size, data).where(content.c.sha.in_(chosen))):
            try:
                kept = json.loads(unzipped(row.data, row.size))
            except (ValueError, TypeError):  # the body of an entry that was made to point at another content
                continue
            if isinstance(kept, dict):
                found[row.sha] = kept
        return found

    # -- one entry -------------------------------------------------------------------------

    def _parts_of(self, row, names: dict[str, str], body: dict | None, gone: bool) -> bool:
        """Look at the contents of one entry; whether they were removed by rule."""
        if gone:
            if names or row.subject or row.same:
                self.wrong("content-not-removed", row.seq)
            return True
        if BODY not in names or row.body in self.lost:
            self.wrong("content-missing", row.seq, name=BODY)
            return False
        if names[BODY] != row.body or body is None:
            self.wrong("content-changed", row.seq, name=BODY)
            return False
        stated = body.get("parts", {})
        for name, sha in stated.items():
            if name not in names or sha in self.lost:
                self.wrong("content-missing", row.seq, name=name)
            elif names[name] != sha or sha in self.bad:
                self.wrong("content-changed", row.seq, name=name)
        for name in names.keys() - stated.keys() - {BODY}:
            self.wrong("content-unknown", f"{row.seq}/{name}")
        for name, value in (("subject", searchable(str(body.get("subject", "")))), ("same", body.get("same", ""))):
            if row._mapping[name] != value:
                self.wrong("content-changed", row.seq, name=name)
        return False


def _sealed(row) -> str:
    try:
        return sealed(row.previous, row.seq, row.kind, row.at, row.who, row.about, row.outcome, row.body)
    except TypeError:  # bytes in a column of text
        return ""


def _whole(row) -> bool:
    data = unzipped(row.data, row.size)
    return data is not None and sha256(data) == row.sha


def _parted(mark: str) -> tuple[int, str] | None:
    seq, _, hash = mark.strip().partition(":")
    return (int(seq), hash) if seq.isdecimal() and len(seq) < 19 and len(hash) == 64 else None
