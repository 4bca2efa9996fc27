"""Whether the records are as they were written: every hash is worked out again.

verified(book)  -> Verified: entries, the end of the chain, and every problem found
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from kido.errors import Problem
from kido.records.book import BODY, Book
from kido.records.chain import first, sealed, sha256
from kido.records.store import reading
from kido.records.tables import content, entry, head, part

MOST_PROBLEMS = 100
_STEP = 500


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


def verified(book: Book, mark: str = "", progress: Callable[[int, int], None] | None = None) -> Verified:
    """Work out the chain again.

    Parameters
    ----------
    mark : `Verified.mark` of an earlier day, kept outside the database: that entry must still be there with that hash
    progress : told (done, all) now and then
    """
    with reading(book.engine) as connection:
        looking = _Looking(book.place, connection)
        return looking.all(mark, progress)


class _Looking:
    def __init__(self, place: str, connection: Connection):
        self.place, self.connection = place, connection
        self.problems: list[Problem] = []

    def wrong(self, code: str, seq: int, **values: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(code, self.place, f"R{seq}", values))

    def all(self, mark: str, progress: Callable[[int, int], None] | None) -> Verified:
        end = self.connection.execute(select(head)).first()
        if end is None:
            last = self.connection.execute(select(entry.c.seq).order_by(entry.c.seq.desc()).limit(1)).scalar() or 0
            if last or mark:
                self.wrong("chain-end", last)
            return Verified(last, 0, 0, 0, "", "", tuple(self.problems))
        marked = _parted(mark)
        if mark and marked is None:
            self.problems.append(Problem("chain-mark", "--mark", mark[:80]))
        contents = self._contents(progress, end.seq)
        gone = self._explained()
        expected, hash, count, removed, known_mark = 1, first(end.book), 0, 0, marked is None
        for row in self.connection.execution_options(stream_results=True).execute(select(entry).order_by(entry.c.seq)):
            if row.seq != expected:
                self.wrong("chain-gap", expected, until=f"R{row.seq - 1}")
            own = sealed(hash, row.seq, row.kind, row.at, row.who, row.about, row.outcome, row.body)
            if row.previous != hash or row.hash != own:
                self.wrong("chain-broken", row.seq)
            removed += self._parts_of(row, contents, gone)
            if marked and row.seq == marked[0]:
                known_mark = row.hash == marked[1]
            expected, hash, count = row.seq + 1, row.hash, count + 1
            if progress and count % _STEP == 0:
                progress(count, end.seq)
        if (expected - 1, hash) != (end.seq, end.hash):
            self.wrong("chain-end", end.seq)
        if not known_mark:
            self.wrong("chain-not-marked", marked[0])
        return Verified(count, len(contents), removed, end.seq, end.hash, end.book, tuple(self.problems))

    def _contents(self, progress, total: int) -> dict[str, bool]:
        """Every content by its hash, and whether it has that hash."""
        self.parts: dict[int, dict[str, str]] = {}
        for row in self.connection.execute(select(part)):
            self.parts.setdefault(row.seq, {})[row.name] = row.sha
        found = {}
        bodies = {names[BODY] for names in self.parts.values() if BODY in names}
        self.bodies: dict[str, dict] = {}
        for row in self.connection.execution_options(stream_results=True).execute(select(content)):
            try:
                data = zlib.decompress(row.data)
            except zlib.error:
                data = b""
            found[row.sha] = sha256(data) == row.sha and len(data) == row.size
            if row.sha in bodies and found[row.sha]:
                kept = json.loads(data)
                self.bodies[row.sha] = {
                    "subject": str(kept.get("subject", "")),
                    "parts": kept.get("parts", {}),
                    "of": kept.get("removed", ()),
                }
        return found

    def _explained(self) -> set[int]:
        """The entries that an entry of the chain says were removed."""
        found: set[int] = set()
        for row in self.connection.execute(select(entry.c.seq, entry.c.body).where(entry.c.kind == "removed")):
            found |= {int(seq) for seq in self.bodies.get(row.body, {}).get("of", ())}
        if found:
            said = select(entry.c.seq, entry.c.about).where(entry.c.kind == "comment", entry.c.about.is_not(None))
            found |= {row.seq for row in self.connection.execute(said) if row.about in found}
        return found

    def _parts_of(self, row, contents: dict[str, bool], gone: set[int]) -> bool:
        """Look at the contents of one entry; whether they were removed by rule."""
        names = self.parts.get(row.seq, {})
        if not names:
            if row.seq not in gone:
                self.wrong("content-missing", row.seq, name=BODY)
            return row.seq in gone
        if names.get(BODY) != row.body:
            self.wrong("content-changed", row.seq, name=BODY)
            return False
        body = self.bodies.get(row.body)
        for name, sha in {**names, **(body["parts"] if body else {})}.items():
            if sha not in contents:
                self.wrong("content-missing", row.seq, name=name)
            elif not contents[sha] or names.get(name) != sha:
                self.wrong("content-changed", row.seq, name=name)
        if body and body["subject"] != row.subject:
            self.wrong("content-changed", row.seq, name="subject")
        return False


def _parted(mark: str) -> tuple[int, str] | None:
    seq, _, hash = mark.strip().partition(":")
    return (int(seq), hash) if seq.isdigit() and len(hash) == 64 else None
