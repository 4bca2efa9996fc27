"""Backup while others write, restore into either database and back: not a byte is lost, and nothing is there by half."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from kido.errors import KidoError
from kido.records import copies
from kido.records.book import Book
from kido.records.copies import backup, restore
from kido.records.export import exported
from kido.records.people import People
from kido.records.verify import verified
from tests.records.given import codes, filled, new, refused, untouched


def populated(book: Book) -> Book:
    """Every kind of entry, odd texts and bytes, accounts with their history."""
    filled(book)
    book.add([new("=1+1\n'改行'", number=9, parts={"file:見本.pdf": bytes(range(256)) * 50, "file:none": b""})])
    people = People(book)
    people.add("suzuki", "correct horse battery", "admin", "root")
    people.add("sato", "correct horse battery", "clerk", "suzuki")
    people.set_active("sato", False)
    people.make_token("suzuki", "社内", 30)
    people.sign_in("suzuki", "correct horse battery", "192.0.2.7")
    return book


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(book: Book) -> dict[str, list]:
    """All rows of all tables that are carried."""
    with book.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in (*copies.CHAIN, *copies.PEOPLE)
        }


def test_from_one_database_to_the_other_and_back(address, postgresql, tmp_path):
    """SQLite → file → PostgreSQL → file → SQLite, and the other way round: byte-equal exports, equal rows."""
    middle = postgresql.database() if address.endswith(".sqlite") else str(tmp_path / "middle.sqlite")
    with Book(address) as first, Book(middle) as second, Book(tmp_path / "third.sqlite") as third:
        populated(first)
        assert backup(first, tmp_path / "a.backup") == restore(tmp_path / "a.backup", second) == 11
        assert backup(second, tmp_path / "b.backup") == restore(tmp_path / "b.backup", third) == 11
        for number, book in enumerate((first, second, third)):
            exported(book, tmp_path / f"export{number}")
        assert files(tmp_path / "export0") == files(tmp_path / "export1") == files(tmp_path / "export2")
        assert rows(first) == rows(second) == rows(third)
        mark = verified(first).mark
        for book in (second, third):
            assert untouched(book) and verified(book, mark).problems == ()
            assert book.add([new("goes on", number=5)])[0].seq == 12 and untouched(book)
            people = People(book)
            people.sign_in("suzuki", "correct horse battery", "192.0.2.7")  # also numbers of the list go on
            assert [one["no"] for one in people.sign_ins()] == [2, 1]
    if not middle.endswith(".sqlite"):
        postgresql.emptied(middle)


def test_a_backup_is_one_file_that_others_cannot_read(book, tmp_path):
    populated(book)
    backup(book, tmp_path / "sub" / "a.backup")
    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["a.backup"]
    assert (tmp_path / "sub" / "a.backup").stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(tmp_path / "sub" / "a.backup")) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert plain.execute("SELECT COUNT(*) FROM session").fetchone() == (0,), "sessions are not carried"


def test_restoring_leaves_the_backup_as_it_is(book, tmp_path):
    populated(book)
    file = tmp_path / "a.backup"
    backup(book, file)
    before = file.read_bytes()
    with Book(tmp_path / "other.sqlite") as other:
        restore(file, other)
    assert file.read_bytes() == before and not list(tmp_path.glob("a.backup-*"))


def test_a_backup_while_others_write(book, tmp_path):
    """Each backup is of one moment: whole, verified, and what comes later is not in it."""
    populated(book)
    done, failed = threading.Event(), []

    def write(thread: int) -> None:
        number = 0
        while not done.is_set():
            try:
                book.add([new(f"{thread}-{number}", number=number), new(f"{thread}-{number} too", number=number)])
            except BaseException as error:
                failed.append(error)
            number += 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    counts = []
    try:
        for number in range(4):
            counts.append(backup(book, tmp_path / f"{number}.backup"))
    finally:
        done.set()
        for one in threads:
            one.join()
    assert failed == [] and counts == sorted(counts) and counts[-1] > 11
    for number, count in enumerate(counts):
        with Book(tmp_path / f"{number}.sqlite") as other:
            assert restore(tmp_path / f"{number}.backup", other) == count and untouched(other)
            assert (count - 11) % 2 == 0, "both entries of a transaction, or neither"
    assert untouched(book)


def test_nothing_is_written_over(book, tmp_path):
    populated(book)
    (tmp_path / "there").write_text("mine")
    refused("file-exists", backup, book, tmp_path / "there")
    assert (tmp_path / "there").read_text() == "mine"
    refused("file-exists", backup, book, tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    refused("file-exists", backup, book, tmp_path / "link")
    refused("file-not-written", backup, book, tmp_path / "there" / "x.backup")
    assert sorted(path.name for path in tmp_path.iterdir() if "sqlite" not in path.name) == ["link", "there"]


def test_a_file_that_came_meanwhile_is_not_written_over(book, tmp_path, monkeypatch):
    populated(book)
    whole = copies._whole

    def meanwhile(engine, place):
        (tmp_path / "a.backup").write_text("mine")
        return whole(engine, place)

    monkeypatch.setattr(copies, "_whole", meanwhile)
    refused("file-exists", backup, book, tmp_path / "a.backup")
    assert (tmp_path / "a.backup").read_text() == "mine"


def test_only_empty_records_are_filled(address, tmp_path):
    with Book(tmp_path / "a.sqlite") as source, Book(address) as target:
        populated(source)
        backup(source, tmp_path / "a.backup")
        target.add([new("mine")])
        refused("records-not-empty", restore, tmp_path / "a.backup", target)
        assert [one.subject for one in target.find()] == ["mine"] and untouched(target)


def test_accounts_that_are_there_are_not_taken_away(address, tmp_path):
    with Book(tmp_path / "a.sqlite") as source, Book(address) as target:
        populated(source)
        backup(source, tmp_path / "a.backup")
        People(target).add("mine", "correct horse battery", "admin", "root")
        refused("records-not-empty", restore, tmp_path / "a.backup", target)
        assert [one.name for one in People(target).list()] == ["mine"] and target.counted() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET outcome = 'no_match' WHERE seq = 1",
        "DELETE FROM part WHERE seq = 1",
        "UPDATE content SET data = x'00' WHERE size > 0",
        "UPDATE head SET seq = 3",
        "DELETE FROM head",
        "DROP TABLE content",
    ],
)
def test_a_broken_backup_is_refused_and_nothing_is_restored(address, tmp_path, statement):
    with Book(tmp_path / "a.sqlite") as source:
        populated(source)
        backup(source, tmp_path / "a.backup")
    with closing(sqlite3.connect(tmp_path / "a.backup")) as plain, plain:
        plain.execute(statement)
    with Book(address) as target:
        with pytest.raises(KidoError) as raised:
            restore(tmp_path / "a.backup", target)
        assert codes(raised)[0] in ("backup-broken", "records-damaged"), codes(raised)
        assert all(one.place == str(tmp_path / "a.backup") for one in raised.value.problems)
        assert target.counted() == 0 and rows(target)["account"] == [] and target.add([new()])[0].seq == 1


def test_what_is_no_backup(book, tmp_path):
    other = tmp_path / "other"
    cases = {"text": b"not a database", "empty": b"", "cut": b""}
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
    with Book(other) as source:
        populated(source)
        backup(source, tmp_path / "a.backup")
    whole = (tmp_path / "a.backup").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "flipped").write_bytes(whole[:40_000] + bytes(100) + whole[40_100:])
    with closing(sqlite3.connect(tmp_path / "foreign")) as plain, plain:
        plain.execute("CREATE TABLE orders (id)")
    for name, code in (
        ("text", "backup-broken"),
        ("empty", "records-empty"),
        ("cut", "backup-broken"),
        ("foreign", "records-not-ours"),
        ("no", "records-not-there"),
    ):
        error = refused(code, restore, tmp_path / name, book)
        assert error.problems[0].place == str(tmp_path / name), name
    with pytest.raises(KidoError):
        restore(tmp_path / "flipped", book)
    refused("records-not-there", restore, tmp_path, book)
    assert book.counted() == 0


def test_a_disk_that_is_full_leaves_nothing(tmp_path, monkeypatch):
    with Book(tmp_path / "a.sqlite") as book:
        populated(book)
        book.add([new("large", number=1, parts={"file:x": os.urandom(400_000)})])
        monkeypatch.setattr(copies, "opened", lambda *given, **named: limited(*given, **named))
        (tmp_path / "out").mkdir()
        error = refused("file-not-written", backup, book, tmp_path / "out" / "a.backup")
        assert "full" in error.text("en") and error.problems[0].read == str(tmp_path / "out" / "a.backup")
        assert not list((tmp_path / "out").iterdir())


def limited(*given, **named):
    """A database that may have no more than forty pages."""
    from kido.records.store import opened

    engine = opened(*given, **named)
    sa.event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA max_page_count = 40"))
    engine.dispose()
    return engine


def test_a_restore_that_fails_midway_leaves_the_database_empty(address, tmp_path, monkeypatch):
    with Book(tmp_path / "a.sqlite") as source, Book(address) as target:
        populated(source)
        backup(source, tmp_path / "a.backup")
        read = copies._read

        def broken(connection, table):
            if table.name == "sign_in":
                raise OSError("the disk is gone")
            yield from read(connection, table)

        monkeypatch.setattr(copies, "_read", broken)
        with pytest.raises((KidoError, OSError)):
            restore(tmp_path / "a.backup", target)
        monkeypatch.undo()
        assert target.counted() == 0 and rows(target)["account"] == []
        assert restore(tmp_path / "a.backup", target) == 11 and untouched(target)


def test_a_live_database_can_be_restored_from_too(tmp_path):
    """Somebody gives the file itself, with its last entries still in the log beside it."""
    with Book(tmp_path / "live.sqlite") as live, Book(tmp_path / "b.sqlite") as target:
        populated(live)
        assert (tmp_path / "live.sqlite-wal").stat().st_size > 0
        assert restore(tmp_path / "live.sqlite", target) == 11 and rows(live) == rows(target)


def test_names_with_signs_of_patterns(tmp_path):
    with Book(tmp_path / "a [1]? 'x' %20#.sqlite") as book:
        populated(book)
        backup(book, tmp_path / "b [2]? %41#.backup")
        with Book(tmp_path / "c.sqlite") as other:
            assert restore(tmp_path / "b [2]? %41#.backup", other) == 11
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    shutil.rmtree(tmp_path)
