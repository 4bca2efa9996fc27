"""The records: how fast they take answers, how long they take to open and to verify, and how large they become.

    .venv/bin/python benchmarks/records.py [--entries 100000] [--postgresql]

Beside them, in the same run on the same disk, plain sqlite3 inserts of the same bytes with the same promise to outlive the power.
The answers are those of the golden cases, each made another one by a number. --postgresql starts a server of Debian's as the tests do.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count, cycle
from pathlib import Path

from kido import desk
from kido.face.records_view import bytes_of
from kido.records.book import Book, New
from kido.records.chain import packed, sha256
from kido.register.cases import read_cases
from kido.register.store import register
from kido.terms.ground import ground

ROOT = Path(__file__).resolve().parents[1]
OPEN = """
import sys, time
start = time.perf_counter()
from kido.records.book import Book
imported = time.perf_counter()
book = Book(sys.argv[1])
print(imported - start, time.perf_counter() - imported)
"""
VERIFY = """
import re, sys, time
from pathlib import Path
from kido.records.book import Book
from kido.records.verify import verified
def most():  # what it had at most, in kB; getrusage also counts what the parent had
    return re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
book = Book(sys.argv[1])
before, start = most(), time.perf_counter()
found = verified(book)
assert not found.problems
print(time.perf_counter() - start, found.entries, before, most())
"""


def answers() -> Iterator[tuple[bytes, bytes, str]]:
    """Facts and answer without end, no two alike."""
    cases = read_cases(ground("cases"), register().instruments)[::5]
    made = []
    for case in cases:
        found = desk.determine(case.facts, case.on, case.known_on)
        new = desk.determined(found, case.facts, bytes_of("determination", found, "ja"), "ja", "sato")
        made.append((new.parts["facts"], new.parts["answer"], found.answer))
    for number, (facts, answer, outcome) in zip(count(), cycle(made), strict=False):
        yield facts[:-1] + b',"no":%d}' % number, answer[:-1] + b',"no":%d}' % number, outcome


def entries(source: Iterator[tuple[bytes, bytes, str]]) -> Iterator[New]:
    keep = [{"jurisdiction": "CN", "act": "cn-dual-use-regulations-2024", "years": 5, "from": "shipment"}]
    for facts, answer, outcome in source:
        body = {"subject": "磁石", "keep": keep, "register": "r", "program": "0", "lang": "ja", "on": "2026-11-23", "known_on": None}
        yield New("determination", "sato", body, {"facts": facts, "answer": answer}, outcome=outcome, same=sha256(facts))


def rate(number: int, threads: int, write: Callable[[int], None]) -> float:
    """How many a second, all threads together."""
    every = [threading.Thread(target=lambda: [write(0) for _ in range(number // threads)]) for _ in range(threads)]
    start = time.perf_counter()
    for one in every:
        one.start()
    for one in every:
        one.join()
    return number // threads * threads / (time.perf_counter() - start)


def plain(path: Path, source: list[New], threads: int) -> float:
    """The same bytes into one table: what an insert costs without a chain, contents by hash, or indexes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE kept (seq INTEGER PRIMARY KEY, facts BLOB, answer BLOB, subject TEXT)")
    mine, rest, lock = threading.local(), iter(source), threading.Lock()

    def write(_number: int) -> None:
        if not hasattr(mine, "connection"):
            mine.connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            mine.connection.execute("PRAGMA synchronous=FULL")
        with lock:
            new = next(rest)
        facts, answer = (packed(new.parts[name])[2] for name in ("facts", "answer"))
        with lock:  # as the records do: writers of one process stand in line
            mine.connection.execute("BEGIN IMMEDIATE")
            mine.connection.execute("INSERT INTO kept (facts, answer, subject) VALUES (?, ?, ?)", (facts, answer, new.body["subject"]))
            mine.connection.execute("COMMIT")

    return rate(len(source), threads, write)


def added(book: Book, source: list[New], threads: int, at_once: int = 1) -> float:
    rest, lock = iter([source[start : start + at_once] for start in range(0, len(source), at_once)]), threading.Lock()

    def write(_number: int) -> None:
        with lock:
            news = next(rest)
        book.add(news)

    return at_once * rate(len(source) // at_once, threads, write)


def alone(code: str, address: str) -> list[float]:
    done = subprocess.run([sys.executable, "-c", code, address], cwd=ROOT, capture_output=True, text=True, check=True)
    return [float(one) for one in done.stdout.split()]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--entries", type=int, default=100_000)
    asked.add_argument("--adds", type=int, default=2_000)
    asked.add_argument("--postgresql", action="store_true")
    given = asked.parse_args()
    source = entries(answers())
    folder = Path(tempfile.mkdtemp(prefix="kido-bench-"))
    os.environ["KIDO_DATA"] = str(folder)
    rows: list[tuple[str, str]] = []

    def say(what: str, figure: str) -> None:
        rows.append((what, figure))
        print(f"{what}: {figure}", file=sys.stderr, flush=True)

    try:
        take = lambda number: [next(source) for _ in range(number)]  # noqa: E731
        news = take(given.adds)
        bytes_ = sum(len(data) for new in news for data in new.parts.values()) / len(news)
        say("bytes of facts and answer before packing, mean", f"{bytes_:,.0f}")
        for threads in (1, 16):
            bare = plain(folder / f"plain{threads}.sqlite", news, threads)
            with Book(folder / f"adds{threads}.sqlite") as book:
                ours = added(book, news, threads)
            say(f"plain sqlite3 inserts, {threads} thread{'s'[: threads > 1]}, a second", f"{bare:,.0f}")
            say(f"records added, {threads} thread{'s'[: threads > 1]}, a second", f"{ours:,.0f} ({ours / bare:.2f} of plain)")
        with Book(folder / "batch.sqlite") as book:
            say("records added, 50 in a transaction, a second", f"{added(book, take(given.adds), 1, 50):,.0f}")
        if given.postgresql:
            sys.path.insert(0, str(ROOT))
            from tests.postgresql import Server

            server = Server(fsync=True)
            try:
                for threads in (1, 16):
                    with Book(server.database()) as book:
                        figure = added(book, news, threads)
                    say(f"records added to PostgreSQL, {threads} thread{'s'[: threads > 1]}, a second", f"{figure:,.0f}")
            finally:
                server.remove()
        large = folder / "large.sqlite"
        with Book(large) as book:
            while (there := book.counted()) < given.entries:
                book.add(take(min(500, given.entries - there)))
        with closing(sqlite3.connect(large)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        say(f"size of {given.entries:,} records, MB", f"{large.stat().st_size / 1e6:,.0f}")
        say("size of a record on the disk, kB", f"{large.stat().st_size / given.entries / 1e3:.1f}")
        imported, opened = min((alone(OPEN, str(large)) for _ in range(3)), key=lambda one: one[1])
        say("open, ms (and the imports before it)", f"{opened * 1e3:.0f} ({imported * 1e3:.0f})")
        seconds, number, before, after = alone(VERIFY, str(large))
        say(f"verify {number:,.0f} entries, s", f"{seconds:.1f}")
        say("memory of that, MB (and before it began)", f"{after / 1024:.0f} ({before / 1024:.0f})")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("| records | figure |\n| --- | ---: |")
    for what, figure in rows:
        print(f"| {what} | {figure} |")


if __name__ == "__main__":
    main()
