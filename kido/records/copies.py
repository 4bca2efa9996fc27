"""Backup and restore: all rows into one SQLite file, and from it into an empty database of either kind.

backup(book, path)   -> how many entries; the file is whole, or is not there
restore(path, book)  -> how many entries; the book must be empty, and holds all of them or none
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from kido.errors import KidoError, Problem
from kido.records.book import Book
from kido.records.store import opened, reading, shown_url, writing
from kido.records.tables import CHAIN, PEOPLE, entry, head
from kido.records.verify import verified

_ROWS = 500


def backup(book: Book, path: Path) -> int:
    """Copy everything as it stands at one moment, while others go on writing; the copy is verified before it takes its name."""
    if path.exists():
        raise KidoError(Problem("file-exists", "backup", str(path)))
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.unlink(missing_ok=True)
        copy = opened(beside)
        try:
            with reading(book.engine) as source, writing(copy) as target:
                if book.engine.dialect.name == "postgresql":
                    source.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
                _copy(source, target)
            count = _whole(copy, beside)
            with copy.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            copy.dispose()
        beside.replace(path)
        return count
    except OSError as error:
        raise KidoError(Problem("file-not-written", "backup", str(path), {"why": error.strerror or str(error)})) from None
    finally:
        for left in beside.parent.glob(f"{beside.name}*"):
            left.unlink(missing_ok=True)


def restore(path: Path, book: Book) -> int:
    """Fill an empty book from a backup, which is verified first."""
    source = opened(path, make=False)
    try:
        count = _whole(source, path)
        with reading(source) as rows, writing(book.engine) as target:
            if target.execute(select(func.count()).select_from(entry)).scalar():
                raise KidoError(Problem("records-not-empty", shown_url(book.engine.url)))
            for table in reversed((*CHAIN, *PEOPLE)):
                target.execute(table.delete())
            _copy(rows, target)
            if book.engine.dialect.name == "postgresql":
                target.execute(text("SELECT setval(pg_get_serial_sequence('sign_in', 'no'), (SELECT COALESCE(MAX(no), 1) FROM sign_in))"))
        return count
    finally:
        source.dispose()


def _copy(source: Connection, target: Connection) -> None:
    for table in (*CHAIN, *PEOPLE):
        for rows in _read(source, table):
            target.execute(insert(table), rows)


def _read(source: Connection, table: Table) -> Iterator[list[dict]]:
    order = list(table.primary_key.columns)
    found = source.execution_options(stream_results=True).execute(select(table).order_by(*order))
    for some in found.partitions(_ROWS):
        yield [dict(row._mapping) for row in some]


def _whole(engine: Engine, path: Path) -> int:
    """How many entries a copy has; one that does not verify is refused."""
    copy = Book.__new__(Book)
    copy.engine, copy.place = engine, str(path)
    found = verified(copy)
    if found.problems:
        raise KidoError([Problem("backup-broken", str(path)), *found.problems])
    with reading(engine) as connection:
        if connection.execute(select(func.count()).select_from(head)).scalar() == 0:
            raise KidoError(Problem("records-empty", str(path)))
    return found.entries
