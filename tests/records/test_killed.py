"""kill -9 while two hundred write: what was acknowledged is there, the chain verifies, nothing is there by half, the next writer goes on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from kido.records import store
from kido.records.book import Book
from kido.records.store import reading
from kido.records.tables import entry, part
from kido.records.verify import verified
from tests.postgresql import Server
from tests.records.given import new, refused

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, THREADS = 4, 50
ROUNDS = 3


@contextmanager
def writers(address: str, notes: Path) -> Iterator[list[subprocess.Popen]]:
    """Processes that write without end; those that still live at the end are killed."""
    command = [sys.executable, "-m", "tests.records.writer", address, str(THREADS), str(notes)]
    every = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) for _ in range(PROCESSES)]
    try:
        yield every
    finally:
        for one in every:
            one.kill()
        for one in every:
            one.wait()


def count(notes: Path) -> int:
    return notes.read_bytes().count(b"\n") if notes.exists() else 0


def noted(notes: Path) -> list[tuple[int, int, int, str]]:
    lines = notes.read_text().splitlines() if notes.exists() else []
    return [(int(a), int(b), int(c), subject) for a, b, c, subject in (line.split() for line in lines)]


def until(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing was written"
        time.sleep(0.005)


def nothing_is_missing(book: Book, notes: Path) -> None:
    """Every acknowledged entry with its contents, both entries of each transaction, and a chain that holds."""
    found = verified(book)
    assert found.problems == () and found.seq == found.entries
    with reading(book.engine) as connection:
        parts = {
            row.seq: row.count for row in connection.execute(sa.select(part.c.seq, sa.func.count().label("count")).group_by(part.c.seq))
        }
        kinds = {row.seq: row.kind for row in connection.execute(sa.select(entry.c.seq, entry.c.kind))}
    assert all(parts[seq] == (3 if kind == "determination" else 1) for seq, kind in kinds.items()), "an entry is there by half"
    there = noted(notes)
    for first, second, said, subject in random.Random(0).sample(there, min(len(there), 100)):
        assert book.get(first).subject == subject and book.get(second).subject == f"{subject} too"
        assert book.get(said).body["text"] == subject and book.content(book.get(first), "answer") == subject.encode() * 200
    assert all(
        kinds.get(first) == kinds.get(second) == "determination" and kinds.get(said) == "comment" for first, second, said, _ in there
    )
    pairs = Counter(
        one.subject.removesuffix(" too") for one in book.find(limit=1_000_000) if one.kind == "determination" and "-" in one.subject
    )
    assert set(pairs.values()) == {2}, "one of two that were written together"


def test_killed_while_two_hundred_write(address, tmp_path, record_property):
    notes, chance = tmp_path / "notes", random.Random(os.urandom(8))
    with Book(address) as book:
        for _ in range(ROUNDS if address.endswith(".sqlite") else ROUNDS - 1):  # where a server is killed as well, below
            before, more = count(notes), chance.randrange(10, 60)
            with writers(address, notes) as every:
                until(lambda: count(notes) > before + more)  # noqa: B023
                time.sleep(chance.random() * 0.2)
                chance.shuffle(every)
                for one in every:  # one after the other: some die while others wait for them
                    one.kill()
                    time.sleep(chance.random() * 0.02)
            nothing_is_missing(book, notes)
            last = book.counted()
            assert book.add([new("after the crash")])[0].seq == last + 1
        record_property("acknowledged", count(notes))
        assert verified(book).problems == ()


STOPS = """
import sys, time
from kido.records import store
from kido.records.book import Book
from tests.records.entries import new
def stop(connection, one):
    print("inside", flush=True)
    time.sleep(600)
book = Book(sys.argv[1])
inside = book._lay
book._lay = lambda connection, pieces, there: (inside(connection, pieces, there), stop(connection, None))  # contents are written, the entry is not
book.add([new("never", number=77)])
"""


def test_a_writer_is_killed_while_another_waits(address):
    with Book(address) as book:
        book.add([new("before")])
        holder = subprocess.Popen([sys.executable, "-c", STOPS, address], cwd=ROOT, stdout=subprocess.PIPE)
        assert holder.stdout.readline() == b"inside\n"
        done: list[int] = []
        waiting = threading.Thread(target=lambda: done.append(book.add([new("waited", number=2)])[0].seq))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive() and done == [], "it holds the chain"
        holder.kill()
        holder.wait()
        waiting.join(20)
        assert done == [2] and [one.subject for one in book.find()] == ["waited", "before"]
        found = verified(book)
        assert (found.problems, found.contents) == ((), 6), "nothing of the one that was killed"


def test_a_writer_that_hangs_does_not_hold_the_others_for_ever(address, monkeypatch):
    monkeypatch.setattr(store, "WAIT", 1)
    with Book(address) as book:
        book.add([new("before")])
        holder = subprocess.Popen([sys.executable, "-c", STOPS, address], cwd=ROOT, stdout=subprocess.PIPE)
        try:
            assert holder.stdout.readline() == b"inside\n"
            start = time.monotonic()
            error = refused("records-busy", book.add, [new("waited", number=2)])
            assert time.monotonic() - start < 10 and error.problems[0].values["seconds"] == "1"
            assert book.counted() == 1 and verified(book).problems == (), "reading goes on meanwhile"
        finally:
            holder.kill()
            holder.wait()
        assert book.add([new("after", number=2)])[0].seq == 2


@pytest.fixture
def own_server():
    """A server that a test may kill; what it commits is on the disk."""
    server = Server(fsync=True)
    yield server
    server.remove()


def test_the_server_itself_is_killed_and_comes_up_again(own_server, tmp_path):
    address, notes = own_server.database(), tmp_path / "notes"
    with Book(address) as book:
        with writers(address, notes) as every:
            until(lambda: count(notes) > 60)
            own_server.kill()
            for one in every:
                one.wait(30)  # each has seen that its server is gone, and did not say that it wrote
        acknowledged = count(notes)
        refused("records-not-opened", book.add, [new("while it is gone")])
        refused("records-not-opened", book.find)
        own_server.start()
        nothing_is_missing(book, notes)
        assert count(notes) == acknowledged
        last = book.counted()
        assert book.add([new("after the crash")])[0].seq == last + 1 and verified(book).problems == ()
