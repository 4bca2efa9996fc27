"""Where the records lie: an SQLite file in the data folder, or a PostgreSQL database.

opened(address)   -> Engine, its tables made or brought up to date
place()           -> the address in use: KIDO_RECORDS, else records.sqlite in the data folder

A write holds the whole chain from its first statement on: `BEGIN IMMEDIATE` here, a lock on the row of the head there.
What is read in one block is of one moment.
"""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, SQLAlchemyError

from kido.errors import KidoError, Problem
from kido.records.failures import busy, told
from kido.records.tables import REVISION
from kido.terms.ground import data_folder

logging.getLogger("sqlalchemy.pool").addHandler(logging.NullHandler())  # a connection that cannot even be closed is said in our words
WAIT = 30  # seconds for another writer
_ROWS = 200  # in one statement
_DRIVERS = ("psycopg", "pg8000")
_ADVISORY = 5_481_203  # of PostgreSQL: one process makes the tables, or the first row


def place() -> str:
    """The address of the records in use."""
    return os.environ.get("KIDO_RECORDS") or str(data_folder() / "records.sqlite")


def opened(address: str | Path | None = None, make: bool = True) -> Engine:
    """The database at an address.

    Parameters
    ----------
    address : a path of an SQLite file, sqlite:///… or postgresql://…; the one in use if left out
    make : whether a missing SQLite file is made

    Raises
    ------
    KidoError : it is not there, not ours, of a newer kido, or cannot be reached
    """
    url = _url(str(address or place()))
    shown = shown_url(url)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "").absolute()
        url = url.set(database=str(path))  # whatever folder is the current one later
        if not make and not path.is_file():
            raise KidoError(Problem("records-not-there", shown))
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                path.touch(mode=0o600)  # what a firm ships, and to whom, is nobody else's to read
        except OSError as error:
            raise KidoError(Problem("records-not-opened", shown, "", {"why": error.strerror or str(error)})) from None
        engine = create_engine(url, creator=lambda: _sqlite(path), pool_timeout=WAIT)
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        waits = {"timeout": 2 * WAIT} if url.get_driver_name() == "pg8000" else {"connect_timeout": max(2, int(WAIT))}
        engine = create_engine(url, connect_args=waits, pool_size=4, max_overflow=8, pool_timeout=WAIT)
        event.listen(engine, "connect", _postgresql_settings)
        event.listen(engine, "checkout", _alive)
    try:
        _up_to_date(engine, shown)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _url(address: str) -> URL:
    """The address as SQLAlchemy takes it, with a driver that is installed."""
    try:
        url = make_url(address) if "://" in address else URL.create("sqlite", database=address)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):  # a port that is no number
        raise KidoError(Problem("records-address", "KIDO_RECORDS", address.rpartition("@")[2][:80])) from None
    nowhere = url.database in (None, "", ":memory:") or url.query  # ?mode=memory
    if backend not in ("sqlite", "postgresql") or (backend == "sqlite" and nowhere):
        raise KidoError(Problem("records-address", "KIDO_RECORDS", shown_url(url)))
    if url.drivername == "postgresql":
        driver = next((name for name in _DRIVERS if find_spec(name)), None)
        if driver is None:
            raise KidoError(Problem("extra-missing", "KIDO_RECORDS", "pg8000", {"extra": "team"}))
        url = url.set(drivername=f"postgresql+{driver}")
    return url


def shown_url(url: URL) -> str:
    """An address without who may use it."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.set(username=None, password=None, query={}).render_as_string()


def _sqlite(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there: one that was taken away is never made anew behind a running program."""
    uri = f"{path.resolve().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=WAIT, check_same_thread=False, isolation_level=None)  # transactions begin where we say so


def _sqlite_settings(connection: sqlite3.Connection, record) -> None:
    # FULL: what was acknowledged outlives the power; secure_delete: what was removed is overwritten
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    record.info["file"] = _file(connection.execute("PRAGMA database_list").fetchone()[2])


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _postgresql_settings(connection, _record) -> None:
    """A writer that hangs must not hold the others for ever."""
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {round(WAIT * 1000)}")
    cursor.close()
    connection.commit()


def _alive(connection, _record, _proxy) -> None:
    """A connection that the server ended meanwhile is left, and another opened; SQLAlchemy's own look lets some errors of the network through."""
    try:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        cursor.close()
        connection.autocommit = False
    except Exception as error:
        raise InvalidatePoolError from error


def _file(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
        return found.st_dev, found.st_ino
    except OSError:
        return None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all of it, or nothing."""
    with _in_turn(engine), failing(engine), engine.connect().execution_options(writes=True) as connection, connection.begin():
        _same_file(connection)
        yield connection


_turns: dict[str, Lock] = {}


@contextmanager
def _in_turn(engine: Engine) -> Iterator[None]:
    """SQLite lets waiting writers try again now and then, and some wait long: those of one process stand in line."""
    turn = _turns.setdefault(str(engine.url.database), Lock()) if engine.dialect.name == "sqlite" else None
    if turn is not None and not turn.acquire(timeout=WAIT):
        raise KidoError(busy(shown_url(engine.url), WAIT))
    try:
        yield
    finally:
        if turn is not None:
            turn.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One moment of the records, whatever others write meanwhile."""
    with failing(engine), engine.connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _same_file(connection)
        yield connection


def _same_file(connection: Connection) -> None:
    """A file that was moved away or replaced still takes what is written, and loses it: refuse, and open what is there next time."""
    engine = connection.engine
    if engine.dialect.name == "sqlite" and connection.connection.info["file"] != _file(str(engine.url.database)):
        connection.invalidate()
        engine.dispose()
        raise KidoError(Problem("records-moved", shown_url(engine.url)))


@contextmanager
def failing(engine: Engine) -> Iterator[None]:
    """What a database says when it fails, in our words."""
    try:
        yield
    except SQLAlchemyError as error:
        raise told(error, shown_url(engine.url), WAIT) from error
    except (ConnectionError, TimeoutError, ssl.SSLError, socket.gaierror) as error:  # drivers let through what the network says
        raise KidoError(Problem("records-not-opened", shown_url(engine.url), "", {"why": error.strerror or str(error)})) from error


def write_rows(connection: Connection, table: Table, rows: list[dict]) -> None:
    """New rows of a table; a server is asked once for some of them, and not for each."""
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    for start in range(0, len(rows), _ROWS):
        connection.execute(insert(table).values(rows[start : start + _ROWS]))


def alone(connection: Connection) -> None:
    """Until the transaction is over no other process makes what is missing; SQLite lets in one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY})


# -- tables ------------------------------------------------------------------------------------


def _up_to_date(engine: Engine, shown: str) -> None:
    with reading(engine) as connection:
        found = _revision(connection)
    if found == REVISION:
        return
    try:
        from alembic import command
    except ImportError as error:
        raise KidoError(Problem("extra-missing", shown, error.name or "alembic", {"extra": "records"})) from None
    with writing(engine) as connection:
        alone(connection)
        found = _revision(connection)  # another process may have been faster
        if found and found not in _known_revisions():
            raise KidoError(Problem("records-newer", shown, found))
        if not found and inspect(connection).get_table_names():
            raise KidoError(Problem("records-not-ours", shown, ", ".join(inspect(connection).get_table_names()[:5])))
        if found != REVISION:
            command.upgrade(_settings(connection), "head")


def _revision(connection: Connection) -> str | None:
    """The revision of the tables; None where there are none."""
    if "alembic_version" not in inspect(connection).get_table_names():
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _settings(connection: Connection | None = None):
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    found.attributes["connection"] = connection
    return found


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {one.revision for one in ScriptDirectory.from_config(_settings()).walk_revisions()}
