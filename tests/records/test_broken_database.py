"""A database that is not ours, newer, read-only, full, locked, moved away or gone: a clear problem, and nothing stored by half."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kido.errors import KidoError
from kido.records import store
from kido.records.book import Book
from kido.records.tables import REVISION, metadata
from tests.records.given import codes, filled, new, refused, untouched

ROOT = Path(__file__).resolve().parents[2]


# -- the tables ----------------------------------------------------------------------------------


def test_the_tables_are_those_that_the_migrations_make(book):
    with book.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == REVISION and store._known_revisions() == {REVISION}
        found = sa.inspect(connection)
        assert set(found.get_table_names()) == {*metadata.tables, "alembic_version"}
        for name, table in metadata.tables.items():
            assert found.get_pk_constraint(name)["constrained_columns"] == [one.name for one in table.primary_key.columns]
            stated = {tuple(one.name for one in key.columns) for key in table.foreign_key_constraints}
            assert {tuple(one["constrained_columns"]) for one in found.get_foreign_keys(name)} == stated


def test_a_difference_between_tables_and_migration_would_be_seen(book):
    with book.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_entry_about")
        connection.exec_driver_sql("ALTER TABLE account ADD COLUMN odd TEXT")
    with book.engine.connect() as connection:
        kinds = [one[0] for one in compare_metadata(MigrationContext.configure(connection), metadata)]
        assert sorted(kinds) == ["add_index", "remove_column"]


OPENS = """
import sys
from kido.records.book import Book
from tests.records.entries import new
print("ready", flush=True)
sys.stdin.readline()
try:
    book = Book(sys.argv[1])
    print(book.add([new(sys.argv[2])])[0].seq)
except Exception as error:
    print(repr(error)[:300])
"""


def test_several_processes_open_a_new_database_at_the_same_moment(address):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    every = [subprocess.Popen([sys.executable, "-c", OPENS, address, str(number)], **pipes) for number in range(4)]
    assert [one.stdout.readline() for one in every] == ["ready\n"] * 4
    for one in every:
        one.stdin.write("\n")
        one.stdin.flush()
    assert sorted(one.communicate(timeout=60)[0].strip() for one in every) == ["1", "2", "3", "4"]
    with Book(address) as book:
        assert book.counted() == 4 and untouched(book)


def test_several_threads_open_a_new_database_at_the_same_moment(address):
    ready, failed = threading.Barrier(8), []

    def open_() -> None:
        try:
            ready.wait()
            with Book(address) as book:
                book.add([new()])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=open_) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    with Book(address) as book:
        assert book.counted() == 8 and untouched(book)


# -- what is not ours ----------------------------------------------------------------------------


def test_tables_of_others_are_left_as_they_are(address):
    if address.endswith(".sqlite"):
        with closing(sqlite3.connect(address)) as plain, plain:
            plain.execute("CREATE TABLE orders (id INTEGER)")
        before = Path(address).read_bytes()
    else:
        engine = sa.create_engine(address.replace("://", "+pg8000://"), poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE orders (id INTEGER)")
    error = refused("records-not-ours", Book, address)
    assert "orders" in error.text("en")
    if address.endswith(".sqlite"):
        with closing(sqlite3.connect(address)) as plain:
            assert [row[0] for row in plain.execute("SELECT name FROM sqlite_master")] == ["orders"]
        assert len(before) == Path(address).stat().st_size
    else:
        with engine.connect() as connection:
            assert sa.inspect(connection).get_table_names() == ["orders"]


def test_a_form_newer_than_this_kido_is_left_as_it_is(address):
    with Book(address) as book:
        filled(book)
        with book.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    error = refused("records-newer", Book, address)
    assert "0099" in error.text("ja")


@pytest.mark.parametrize("data", [b"just a text\n" * 100, b"\x00" * 5000, b"SQLite format 3\x00" + b"x" * 200, b"PK\x03\x04" * 100])
def test_a_file_that_is_no_database(tmp_path, data):
    path = tmp_path / "notes.txt"
    path.write_bytes(data)
    refused("records-damaged", Book, path)
    assert path.read_bytes() == data and os.listdir(tmp_path) == ["notes.txt"]  # noqa: PTH208


def test_a_folder_and_a_place_that_cannot_be(tmp_path):
    refused("records-not-opened", Book, tmp_path)
    (tmp_path / "file").write_text("x")
    refused("records-not-opened", Book, tmp_path / "file" / "records.sqlite")
    refused("records-not-there", Book, tmp_path / "no.sqlite", make=False)
    assert not (tmp_path / "no.sqlite").exists()


@pytest.mark.parametrize(
    "address",
    ["sqlite://", "sqlite:///:memory:", "sqlite:///x?mode=memory", "sqlite:///file:x?mode=memory&uri=true", "mysql://root:s3cret@h/db",
     "://", "nonsense://x", "postgresql://u:s3cret@h:port/db"],
)  # fmt: skip
def test_addresses_that_are_none(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    error = refused("records-address", Book, address)
    assert "s3cret" not in error.text("en") and not list(tmp_path.iterdir())


# -- rights, space, locks ------------------------------------------------------------------------

ALONE = """
import sys, signal, resource, os
from kido.errors import KidoError
from kido.records.book import Book
from kido.records.verify import verified
from tests.records.entries import new
what, path = sys.argv[1:]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if what == "nobody":
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    book = Book(path)
    if what == "limit":
        size = os.path.getsize(path)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 200_000, size + 200_000))
    for number in range(2_000):
        book.add([new(str(number), number=number, parts={"answer": os.urandom(5_000)})])
    print("no end")
except KidoError as error:
    print(error.problems[0].code)
    print(error.text("en"), file=sys.stderr)
"""


def alone(what: str, path: Path) -> str:
    """What a process of its own says, under limits or as another user."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE, what, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout.strip() or done.stderr


def test_a_file_that_may_not_grow(tmp_path):
    path = tmp_path / "a.sqlite"
    with Book(path) as book:
        book.add([new("before", number=1)])
    assert alone("limit", path) == "records-not-opened"
    with Book(path) as book:
        found = [one.subject for one in book.find(limit=10_000)]
        assert found[-1] == "before" and found[:-1] == [str(number) for number in range(len(found) - 2, -1, -1)] and untouched(book)
        assert book.add([new("after")])[0].seq == len(found) + 1


def test_a_disk_that_is_full(tmp_path):
    """A file system of two megabytes, where one may be mounted; else a database that may have no more pages."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "kido-test", str(disk)], capture_output=True, check=False).returncode == 0
    )
    try:
        with Book(disk / "a.sqlite") as book:
            if not mounted:
                sa.event.listen(book.engine, "connect", lambda connection, _record: connection.execute("PRAGMA max_page_count = 400"))
                book.engine.dispose()
            added = 0
            with pytest.raises(KidoError) as raised:
                for number in range(2_000):
                    book.add([new(str(number), number=number, parts={"answer": os.urandom(20_000)})])
                    added += 1
            assert codes(raised) == ["records-not-opened"] and added > 10
            assert book.counted() == added and untouched(book), "what was acknowledged, and no more"
            with suppress(KidoError):
                book.add([new("small")])
            assert untouched(book)
    finally:
        if mounted:
            subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_file_that_may_only_be_read(tmp_path):
    path = tmp_path / "a.sqlite"
    with Book(path) as book:
        filled(book)
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    if os.geteuid() == 0:  # root may write anything: ask as somebody else
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o755)
        assert alone("nobody", path) == "records-not-opened"
    else:
        refused("records-not-opened", Book, path)
    tmp_path.chmod(0o755)
    path.chmod(0o644)
    with Book(path) as book:
        assert book.counted() == 10 and untouched(book)


def test_a_database_that_is_locked_for_longer_than_one_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "WAIT", 0.5)
    with Book(tmp_path / "a.sqlite") as book, closing(sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)) as other:
        book.add([new("一")])
        other.execute("BEGIN IMMEDIATE")
        start = time.monotonic()
        error = refused("records-busy", book.add, [new("二", number=2)])
        assert 0.4 < time.monotonic() - start < 10 and "0.5" in error.text("ja")
        assert [one.subject for one in book.find()] == ["一"], "reading goes on"
        other.execute("ROLLBACK")
        assert book.add([new("二", number=2)])[0].seq == 2 and untouched(book)


def test_more_threads_than_connections_wait_for_each_other(address, monkeypatch):
    """Nobody is told that the records are damaged because many write at once."""
    monkeypatch.setattr(store, "WAIT", 0.3)
    with Book(address) as book:
        book.add([new("first")])
        inside, outcomes = threading.Event(), []

        def hold(_connection, _new) -> None:
            inside.set()
            time.sleep(1.5)

        def write(number: int) -> None:
            try:
                outcomes.append(book.add([new(str(number), number=number)])[0].fresh)
            except KidoError as error:
                outcomes.append(error.problems[0].code)

        holder = threading.Thread(target=lambda: book.add([new("held", number=-1)], hold))
        holder.start()
        inside.wait()
        threads = [threading.Thread(target=write, args=(number,)) for number in range(40)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        holder.join()
        assert set(outcomes) == {"records-busy"} and len(outcomes) == 40
        assert [one.subject for one in book.find()] == ["held", "first"] and untouched(book)


# -- moved, replaced, gone -----------------------------------------------------------------------


@pytest.mark.parametrize("what", ["deleted", "moved", "replaced"])
def test_a_file_that_went_while_a_program_runs(tmp_path, what):
    """An open file takes what is written even after it lost its name, and all of that is lost with it."""
    path = tmp_path / "a.sqlite"
    with Book(path) as book:
        book.add([new("一")])
        if what == "replaced":
            with Book(tmp_path / "b.sqlite") as other:
                other.add([new("another book")])
        if what == "deleted":
            path.unlink()
        else:
            path.rename(tmp_path / "away.sqlite")
        if what == "replaced":
            for beside in ("-wal", "-shm"):
                (tmp_path / f"a.sqlite{beside}").unlink()
            (tmp_path / "b.sqlite").rename(path)
        refused("records-moved", book.add, [new("二", number=2)])
        if what == "replaced":
            assert [one.subject for one in book.find()] == ["another book"], "what stands there now is opened"
            assert book.add([new("二", number=2)])[0].seq == 2 and untouched(book)
            return
        refused("records-not-opened", book.add, [new("二", number=2)])
        refused("records-not-opened", book.find)
        assert not path.exists(), "it is not made anew behind the user's back"
        if what == "moved":
            (tmp_path / "away.sqlite").rename(path)
            assert book.add([new("二", number=2)])[0].seq == 2 and untouched(book)


def test_the_folder_of_the_moment_does_not_matter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Book("a.sqlite") as book:
        monkeypatch.chdir("/")
        assert book.add([new()])[0].seq == 1
    assert (tmp_path / "a.sqlite").exists() and (tmp_path / "a.sqlite").stat().st_mode & 0o077 == 0


def test_the_row_of_the_end_is_missing(book):
    filled(book)
    with book.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM head")
    refused("records-headless", book.add, [new()])
    assert book.counted() == 10


@pytest.mark.parametrize("database", ["nothing", "postgres"])
def test_a_server_that_refuses(postgresql, database):
    user = "kido" if database == "nothing" else "nobody"
    error = refused(
        "records-not-opened", Book, f"postgresql://{user}:s3cret@127.0.0.1:{postgresql.port}/{database}?application_name=s3cret"
    )
    assert "s3cret" not in error.text("en") and "does not exist" in error.text("en") and "{" not in error.text("en")


def test_a_user_without_rights(postgresql):
    address = postgresql.database()
    postgresql.run("CREATE ROLE guest LOGIN", address=address)
    try:
        refused("records-not-opened", Book, address.replace("kido@", "guest@"))
        with Book(address) as book:
            book.add([new()])
            postgresql.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest", address=address)
            with Book(address.replace("kido@", "guest@")) as reader:
                assert reader.counted() == 1 and untouched(reader)
                refused("records-not-opened", reader.add, [new("二", number=2)])
            assert untouched(book)
    finally:
        postgresql.run("DROP OWNED BY guest", "DROP ROLE guest", address=address)
        postgresql.emptied(address)


def test_nobody_listens_and_somebody_who_never_answers(monkeypatch):
    monkeypatch.setattr(store, "WAIT", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        refused("records-not-opened", Book, f"postgresql://kido@127.0.0.1:{free.getsockname()[1]}/db")
        free.listen()
        start = time.monotonic()
        refused("records-not-opened", Book, f"postgresql://kido@127.0.0.1:{free.getsockname()[1]}/db")
        assert time.monotonic() - start < 20


def test_connections_that_the_server_ended(postgresql):
    """A firewall or a restart ends idle connections; the next question opens new ones."""
    address = postgresql.database()
    with Book(address) as book:
        book.add([new()])
        postgresql.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            address=address,
        )
        assert book.add([new("二", number=2)])[0].seq == 2 and untouched(book)

        def ended(connection, _new) -> None:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            postgresql.run(f"SELECT pg_terminate_backend({pid})")
            time.sleep(0.2)

        refused("records-not-opened", book.add, [new("三", number=3)], ended)
        assert book.counted() == 2 and book.add([new("三", number=3)])[0].seq == 3 and untouched(book)
    postgresql.emptied(address)
