"""Whatever is changed, removed, added, moved or cut off in the tables of the chain is found; an untouched book is not accused."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from contextlib import closing, nullcontext

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from kido.records import verify
from kido.records.book import Book, New
from kido.records.chain import first, packed, sealed, sha256
from kido.records.copies import backup, restore
from kido.records.store import reading
from kido.records.tables import CHAIN, entry
from kido.records.verify import verified
from tests.records.given import filled, new, others_write, untouched, with_removal

KEYS = {"head": ("id",), "entry": ("seq",), "content": ("sha",), "part": ("seq", "name")}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A small book with every kind of entry, as one closed file; and what `verify` says to note."""
    path = tmp_path_factory.mktemp("good") / "records.sqlite"
    with Book(path) as book:
        filled(book)
        assert untouched(book)
        mark = verified(book).mark
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path, mark


@pytest.fixture(scope="module")
def tampered(good, tmp_path_factory):
    """Run statements on a copy, without the rules of the tables, tell what is found then, and take them back."""
    path = tmp_path_factory.mktemp("copy") / "records.sqlite"
    shutil.copyfile(good[0], path)
    with Book(path) as book, book.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")

        def run(*statements: tuple[str, tuple] | str, mark: str = "") -> list[str]:
            with connection.begin() as inside, pytest.MonkeyPatch.context() as patch:
                patch.setattr(verify, "reading", lambda _engine: nullcontext(connection))
                try:
                    for one in statements:
                        text, values = (one, ()) if isinstance(one, str) else one
                        assert connection.exec_driver_sql(text, values).rowcount, text
                    run.changed = state(connection) != before
                    return [problem.code for problem in verify.verified(book, mark).problems]
                finally:
                    inside.rollback()

        with connection.begin():
            before = state(connection)
        yield run


def state(connection) -> list[list[tuple]]:
    """All that stands in the tables of the chain."""
    return [[tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY 1, 2")] for table in CHAIN]


def rows(path, table: str) -> list[dict]:
    with closing(sqlite3.connect(path)) as plain:
        plain.row_factory = sqlite3.Row
        return [dict(row) for row in plain.execute(f"SELECT * FROM {table}")]


def others(value: object) -> list[object]:
    """What a value may be changed to: a little, much, another kind, and by case, width or blanks only."""
    if isinstance(value, bytes):
        again = zlib.compress(zlib.decompress(value)[:-1] + b"?")
        return [b"", value[:-1], value + b"\0", bytes([value[0] ^ 1]) + value[1:], again, "text", zlib.compress(b"x" * 10_000_000)]
    if isinstance(value, int):
        return [value + 1, -value - 1, value + 1_000_000, "x", b"\1", 10**18]
    if value is None:
        return [1, 3, "x"]
    turned = value[::-1] if value[::-1] != value else f"{value}x"
    found = [turned, f"{value} ", value.upper(), value[:-1], "", "0" * 64, b"bytes", value.translate({ord("0"): "０", ord("a"): "а"})]
    return [one for one in dict.fromkeys(found) if one != value]


def test_every_column_of_every_row_is_looked_at(good, tampered):
    """All tables, all rows, all columns, many other values each."""
    tried = 0
    for table in CHAIN:
        for row in rows(good[0], table.name):
            key = {name: row[name] for name in KEYS[table.name]}
            where = " AND ".join(f"{name} = ?" for name in key)
            for column in table.columns:
                for value in others(row[column.name]):
                    try:
                        found = tampered((f'UPDATE {table.name} SET "{column.name}" = ? WHERE {where}', (value, *key.values())))
                    except sa.exc.IntegrityError:  # the database itself keeps numbers and keys apart
                        assert column.name in key
                        continue
                    assert found or not tampered.changed, f"{table.name}.{column.name} of {key}: {row[column.name]!r} → {value!r}"
                    tried += 1
    assert tried > 1_000


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_random_changes_are_found(good, tampered, data):
    """Up to three changes at once, each a value drawn freely or that of another row: found, if anything is other than it was."""
    statements = []
    for _ in range(data.draw(st.integers(1, 3))):
        table = data.draw(st.sampled_from(CHAIN))
        every = rows(good[0], table.name)
        row, other = data.draw(st.sampled_from(every)), data.draw(st.sampled_from(every))
        column = data.draw(st.sampled_from([one.name for one in table.columns if one.name not in KEYS[table.name]]))
        value = data.draw(st.one_of(st.just(other[column]), st.sampled_from(others(row[column])), TEXTS))
        where = " AND ".join(f"{name} = ?" for name in KEYS[table.name])
        statements.append((f'UPDATE {table.name} SET "{column}" = ? WHERE {where}', (value, *(row[name] for name in KEYS[table.name]))))
    try:
        found = tampered(*statements)
    except sa.exc.IntegrityError:  # nothing where something must stand
        return
    assert bool(found) == tampered.changed, statements


def test_every_row_that_is_taken_away_is_missed(good, tampered):
    for table in CHAIN:
        for row in rows(good[0], table.name):
            key = {name: row[name] for name in KEYS[table.name]}
            where = " AND ".join(f"{name} = ?" for name in key)
            assert tampered((f"DELETE FROM {table.name} WHERE {where}", tuple(key.values()))), f"{table.name} {key}"
        if table.name != "head":
            assert tampered(f"DELETE FROM {table.name}"), table.name


@pytest.mark.parametrize("what", ["entries", "everything"])
def test_a_book_that_was_emptied_is_missed(tampered, good, what):
    tables = ["part", "content", "entry"] + (["head"] if what == "everything" else [])
    found = [f"DELETE FROM {table}" for table in tables]
    if what == "everything":  # nothing is left to tell: only what was noted elsewhere does
        assert tampered(*found) == [] and tampered(*found, mark=good[1]) == ["chain-not-marked"]
    else:
        assert tampered(*found) == ["chain-end"]


def forged(seq: int, previous: str, subject: str = "偽", kind: str = "determination") -> tuple[list, str]:
    """The statements for an entry that fits a chain, and its hash."""
    body = json.dumps({"parts": {}, "subject": subject}, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    sha, size, data = packed(body)
    hash = sealed(previous, seq, kind, "2026-11-29T00:00:00.000000Z", "mallory", None, "no_match", sha)
    return [
        ("INSERT INTO content VALUES (?, ?, ?)", (sha, size, data)),
        ("INSERT INTO entry VALUES (?, ?, '2026-11-29T00:00:00.000000Z', 'mallory', NULL, 'no_match', ?, ?, ?, ?, '')",
         (seq, kind, sha, previous, hash, subject)),
        ("INSERT INTO part VALUES (?, 'body', ?)", (seq, sha)),
    ], hash  # fmt: skip


def test_rows_that_were_added_are_found(good, tampered):
    every = rows(good[0], "entry")
    last = every[-1]
    inserted, _ = forged(last["seq"] + 1, last["hash"])
    assert tampered(*inserted) == ["chain-end"], "behind the end"
    inserted, _ = forged(0, "0" * 64)
    assert "chain-broken" in tampered(*inserted), "before the first"
    inserted, _ = forged(last["seq"] + 5, last["hash"])
    assert "chain-gap" in tampered(*inserted)
    sha, size, data = packed(b"nobody's")
    alone = ("INSERT INTO content VALUES (?, ?, ?)", (sha, size, data))
    assert tampered(alone) == ["content-unknown"]
    assert tampered(alone, ("INSERT INTO part VALUES (1, 'file:extra.pdf', ?)", (sha,))) == ["content-unknown"]
    assert "content-unknown" in tampered(alone, ("INSERT INTO part VALUES (99, 'body', ?)", (sha,)))
    assert (
        tampered(
            ("INSERT INTO part VALUES (2, 'body', ?)", (every[1]["body"],)),
        )
        != []
    ), "a part of a removed record"
    assert tampered("INSERT INTO head SELECT 2, book, seq, hash FROM head") == ["chain-end"]


def test_what_was_removed_by_rule_and_put_back_is_found(tmp_path):
    with Book(tmp_path / "a.sqlite") as book:
        book.add([new("一", number=1), new("二", number=2)])
        with book.engine.connect() as connection:
            there = connection.execute(
                sa.text("SELECT p.seq, p.name, c.* FROM part p JOIN content c ON c.sha = p.sha WHERE p.seq = 1")
            ).all()
        with_removal(book, 1)
        assert untouched(book)
        with book.engine.begin() as connection:
            for row in there:
                connection.exec_driver_sql("INSERT OR IGNORE INTO content VALUES (?, ?, ?)", (row.sha, row.size, row.data))
                connection.exec_driver_sql("INSERT INTO part VALUES (?, ?, ?)", (row.seq, row.name, row.sha))
        assert [one.code for one in verified(book).problems] == ["content-not-removed"]


def test_rows_that_changed_places_are_found(good, tampered):
    for low, high in ((1, 2), (1, 5), (3, 4), (5, 6)):
        swap = [f"UPDATE entry SET seq = {a} WHERE seq = {b}" for a, b in ((-1, low), (low, high), (high, -1))]
        assert "chain-broken" in tampered(*swap), (low, high)
        parts = [f"UPDATE part SET seq = {a} WHERE seq = {b}" for a, b in ((-1, low), (low, high), (high, -1))]
        if low != 2 and high != 2:
            assert tampered(*parts), (low, high)
            assert "chain-broken" in tampered(*swap, *parts), (low, high)
    up = [f"UPDATE entry SET seq = {seq + 1} WHERE seq = {seq}" for seq in range(10, 3, -1)]
    assert {"chain-gap", "chain-broken"} <= set(tampered(*up)), "all from the fourth on have another number"


def test_an_entry_and_all_after_it_made_anew_are_found_with_the_mark_only(good, tampered):
    """Who can write to the database can make a whole chain that holds; what was noted elsewhere then does not."""
    every = rows(good[0], "entry")
    last = every[-1]
    statements, hash = [("UPDATE entry SET outcome = 'no_match' WHERE seq = ?", (4,))], every[2]["hash"]
    for row in every[3:]:
        outcome = "no_match" if row["seq"] == 4 else row["outcome"]
        previous, hash = hash, sealed(hash, row["seq"], row["kind"], row["at"], row["who"], row["about"], outcome, row["body"])
        statements.append(("UPDATE entry SET previous = ?, hash = ? WHERE seq = ?", (previous, hash, row["seq"])))
    statements.append(("UPDATE head SET hash = ?", (hash,)))
    assert tampered(*statements[:2]) != [] and tampered(*statements[:-1]) == ["chain-end"]
    assert tampered(*statements) == []
    assert tampered(*statements, mark=good[1]) == ["chain-not-marked"]
    assert tampered(*statements, mark=f"3:{every[2]['hash']}") == [], "before the change all is as it was"
    assert last["seq"] == int(good[1].partition(":")[0])


def test_an_end_that_was_cut_off_is_found_with_the_mark_only(good, tampered):
    path, mark = good
    every = rows(path, "entry")
    last, before = every[-1], every[-2]
    cut = [f"DELETE FROM part WHERE seq = {last['seq']}", ("DELETE FROM content WHERE sha = ?", (last["body"],))]
    cut.append(f"DELETE FROM entry WHERE seq = {last['seq']}")
    assert tampered(*cut) == ["chain-end"]
    assert tampered(*cut, mark=mark) == ["chain-end", "chain-not-marked"]
    head = ("UPDATE head SET seq = ?, hash = ?", (before["seq"], before["hash"]))
    assert tampered(*cut, head) == [], "nothing in the database tells"
    assert tampered(*cut, head, mark=mark) == ["chain-not-marked"]
    assert tampered(*cut, head, mark=f"{before['seq']}:{before['hash']}") == []
    again, hash = forged(last["seq"], before["hash"])
    head = ("UPDATE head SET seq = ?, hash = ?", (last["seq"], hash))
    assert tampered(*cut, *again, head) == [] and tampered(*cut, *again, head, mark=mark) == ["chain-not-marked"]


def test_a_content_that_was_replaced_by_another_with_its_own_hash_is_found(good, tampered):
    every = rows(good[0], "part")
    answer = next(row for row in every if row["seq"] == 4 and row["name"] == "answer")
    sha, size, data = packed(b'{"answer":"no_match"}')
    new_content = ("INSERT INTO content VALUES (?, ?, ?)", (sha, size, data))
    point = ("UPDATE part SET sha = ? WHERE seq = 4 AND name = 'answer'", (sha,))
    old = ("DELETE FROM content WHERE sha = ?", (answer["sha"],))
    assert "content-changed" in tampered(new_content, point, old)
    other = next(row for row in every if row["seq"] == 1 and row["name"] == "answer")
    assert "content-changed" in tampered(("UPDATE part SET sha = ? WHERE seq = 4 AND name = 'answer'", (other["sha"],)), old)
    assert "content-changed" in tampered(("UPDATE content SET size = ?, data = ? WHERE sha = ?", (size, data, answer["sha"])))
    body = ("UPDATE part SET sha = ? WHERE seq = 4 AND name = 'body'", (sha,))
    assert "content-changed" in tampered(new_content, body)
    assert "chain-broken" in tampered(new_content, body, ("UPDATE entry SET body = ? WHERE seq = 4", (sha,)))


def test_an_entry_cannot_move_to_another_book(tmp_path):
    with Book(tmp_path / "a.sqlite") as a, Book(tmp_path / "b.sqlite") as b:
        a.add([new("一", number=1)])
        b.add([new("二", number=2)])
        with reading(a.engine) as connection:
            row = connection.execute(sa.select(entry)).first()._mapping
            end = connection.exec_driver_sql("SELECT * FROM head").first()
            parts = connection.exec_driver_sql("SELECT * FROM part").all()
            contents = connection.exec_driver_sql("SELECT * FROM content").all()
        with b.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM part")
            connection.exec_driver_sql("DELETE FROM content")
            connection.exec_driver_sql("DELETE FROM entry")
            for one in contents:
                connection.exec_driver_sql("INSERT INTO content VALUES (?, ?, ?)", tuple(one))
            connection.execute(entry.insert(), dict(row))
            for one in parts:
                connection.exec_driver_sql("INSERT INTO part VALUES (?, ?, ?)", tuple(one))
            connection.exec_driver_sql("UPDATE head SET hash = ?", (end.hash,))
        assert "chain-broken" in [one.code for one in verified(b).problems]
        assert first("x") != first("y") and len(first("x")) == 64 == len(sha256(b""))


@pytest.mark.parametrize("mark", ["x", "1", "1:abc", f"x:{'0' * 64}", f"-1:{'0' * 64}", f"1:{'0' * 64}:", f"{10**30}:{'0' * 64}"])
def test_what_is_no_mark_is_said(good, tampered, mark):
    assert tampered(mark=mark) == ["chain-mark"]


def test_no_more_problems_than_a_person_reads(tmp_path):
    with Book(tmp_path / "a.sqlite") as book:
        book.add([new(str(number), number=number) for number in range(300)])
        with book.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE entry SET who = 'mallory'")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("UPDATE part SET name = 'odd' WHERE name = 'answer'")
        assert 100 <= len(verified(book).problems) <= 300


def test_no_false_alarm(book, tmp_path):
    """An untouched book, one whose contents were removed by rule, one that was restored, one that others write to."""
    assert verified(book).problems == () and verified(book).mark == "", "an empty one"
    filled(book)
    found = verified(book)
    assert (found.problems, found.entries, found.removed) == ((), 10, 3)  # the record and two remarks on it
    assert verified(book, found.mark).problems == ()
    book.add([New("comment", "sato", {"text": "x"}, about=1)])
    assert verified(book, found.mark).problems == (), "an older mark holds as the book grows"
    backup(book, tmp_path / "b.sqlite")
    with Book(tmp_path / "c.sqlite") as other:
        restore(tmp_path / "b.sqlite", other)
        again = verified(other, found.mark)
        assert again.problems == () and again.book == found.book


def test_no_false_alarm_while_others_write(book):
    with others_write(book):
        for _ in range(8):
            assert verified(book).problems == ()
