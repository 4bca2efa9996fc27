"""Backup and restore: all rows into one SQLite file, and from it into an empty database of either kind.

backup(book, path)   -> how many entries; the file is whole, or is not there
restore(path, book)  -> how many entries; the book must be empty, and holds all of them or none
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, select, text

from kido.errors import KidoError, Problem
from kido.records.book import Book
from kido.records.store import opened, reading, shown_url, write_rows, writing
from kido.records.tables import CHAIN, PEOPLE, account, entry, head
from kido.records.verify import verified

_ROWS = 100  # a content may have some megabytes
_BESIDE = ("", "-journal", "-shm", "-wal")  # what SQLite lays beside a file


def backup(book: Book, path: Path) -> int:
    """Copy everything as it stands at one moment, while others go on writing; the copy is verified before it takes its name."""
    if path.exists():
        raise KidoError(Problem("file-exists", "backup", str(path)))
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _gone(beside)
        copy = opened(beside)
        try:
            with reading(book.engine) as source, writing(copy) as target:
                _copy(source, target)
            count = _whole(copy, str(path))
        finally:
            copy.dispose()
        with closing(sqlite3.connect(beside)) as plain:
            plain.execute("PRAGMA journal_mode=DELETE")  # one file, that a folder without rights to write can be read from
        _given(beside)
        _named(beside, path)
        return count
    except FileExistsError:
        raise KidoError(Problem("file-exists", "backup", str(path))) from None
    except (OSError, sqlite3.Error) as error:
        raise KidoError(Problem("file-not-written", "backup", str(path), {"why": getattr(error, "strerror", "") or str(error)})) from None
    except KidoError as error:
        lost = [one for one in error.problems if one.code == "records-not-opened" and one.place == str(beside)]
        if lost:  # it is the copy that could not be written
            raise KidoError(Problem("file-not-written", "backup", str(path), {"why": lost[0].values["why"]})) from None
        raise _at(path, error, beside) from None
    finally:
        _gone(beside)


def _given(path: Path) -> None:
    """On the disk, whatever happens to the power."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _named(beside: Path, path: Path) -> None:
    """Give a file its name, but never over a file that came meanwhile."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        beside.rename(path)


def _at(path: Path, error: KidoError, instead_of: Path) -> KidoError:
    """The problems of a file that lies aside, at the place the user named."""
    return KidoError(replace(one, place=str(path)) if one.place == str(instead_of) else one for one in error.problems)


def _gone(path: Path) -> None:
    with suppress(OSError):
        for ending in _BESIDE:
            path.with_name(path.name + ending).unlink(missing_ok=True)


def restore(path: Path, book: Book) -> int:
    """Fill an empty book from a backup, which is verified first and stays as it is."""
    with _read_only(path) as source:
        count = _whole(source, str(path))
        with reading(source) as rows, writing(book.engine) as target:
            for table in (entry, account):
                if target.execute(select(table).limit(1)).first():
                    raise KidoError(Problem("records-not-empty", shown_url(book.engine.url)))
            for table in reversed((*CHAIN, *PEOPLE)):
                target.execute(table.delete())
            _copy(rows, target)
            if book.engine.dialect.name == "postgresql":
                last = "(SELECT MAX(no) FROM sign_in)"
                target.execute(text(f"SELECT setval(pg_get_serial_sequence('sign_in', 'no'), COALESCE({last}, 1), {last} IS NOT NULL)"))
        return count


@contextmanager
def _read_only(path: Path) -> Iterator[Engine]:
    """A copy of a backup aside, which may be brought up to date: a backup is never written to."""
    if not path.is_file():
        raise KidoError(Problem("records-not-there", str(path)))
    with tempfile.TemporaryDirectory(prefix="kido-restore-") as aside:
        copy = Path(aside) / "backup.sqlite"
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as there, closing(sqlite3.connect(copy)) as here:
                there.backup(here)
        except sqlite3.Error as error:
            problems = Problem("backup-broken", str(path)), Problem("records-damaged", str(path), "", {"why": str(error)})
            raise KidoError(problems) from None
        try:
            source = opened(copy, make=False)
            try:
                yield source
            finally:
                source.dispose()
        except KidoError as error:
            raise _at(path, error, copy) from None


def _copy(source: Connection, target: Connection) -> None:
    for table in (*CHAIN, *PEOPLE):
        for rows in _read(source, table):
            write_rows(target, table, rows)


def _read(source: Connection, table: Table) -> Iterator[list[dict]]:
    """Rows in the order of their key, in pieces."""
    key, after = list(table.primary_key.columns), None
    while True:
        wanted = select(table).order_by(*key).limit(_ROWS)
        if after is not None:
            wanted = wanted.where(_behind(key, after))
        rows = [dict(row._mapping) for row in source.execute(wanted)]
        if not rows:
            return
        yield rows
        after = [rows[-1][column.name] for column in key]


def _behind(key: list, after: list):
    """Whether a row comes after a key of one or two columns."""
    if len(key) == 1:
        return key[0] > after[0]
    return (key[0] > after[0]) | ((key[0] == after[0]) & (key[1] > after[1]))


def _whole(engine: Engine, place: str) -> int:
    """How many entries a copy has; one that does not verify is refused."""
    copy = Book.__new__(Book)
    copy.engine, copy.place = engine, place
    found = verified(copy)
    if found.problems:
        raise KidoError([Problem("backup-broken", place), *found.problems])
    with reading(engine) as connection:
        if connection.execute(select(head.c.id)).first() is None:
            raise KidoError(Problem("records-empty", place))
    return found.entries
