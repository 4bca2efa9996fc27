"""Where the records lie: an SQLite file in the data folder, or a PostgreSQL database.

opened(address)   -> Engine, its tables made or brought up to date
place()           -> the address in use: KIDO_RECORDS, else records.sqlite in the data folder

A write holds the whole chain from its first statement on: `BEGIN IMMEDIATE` here, a lock on the row of the head there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from kido.errors import KidoError, Problem
from kido.records.tables import REVISION
from kido.terms.ground import data_folder

WAIT = 30  # seconds for another writer
_DRIVERS = ("psycopg", "pg8000")
_ADVISORY = 5_481_203  # of PostgreSQL: one process brings the tables up to date


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
        path = Path(url.database or "")
        if not make and not path.is_file():
            raise KidoError(Problem("records-not-there", shown))
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                path.touch(mode=0o600)  # what a firm ships, and to whom, is nobody else's to read
        except OSError as error:
            raise KidoError(Problem("records-not-opened", shown, "", {"why": error.strerror or str(error)})) from None
        engine = create_engine(url, connect_args={"timeout": WAIT, "check_same_thread": False})
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        engine = create_engine(url, pool_size=4, max_overflow=8, pool_pre_ping=True)
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
    except ArgumentError:
        raise KidoError(Problem("records-address", "KIDO_RECORDS", address.rpartition("@")[2][:80])) from None
    if backend not in ("sqlite", "postgresql") or (backend == "sqlite" and url.database in (None, "", ":memory:")):
        raise KidoError(Problem("records-address", "KIDO_RECORDS", shown_url(url)))
    if url.drivername == "postgresql":
        driver = next((name for name in _DRIVERS if find_spec(name)), None)
        if driver is None:
            raise KidoError(Problem("extra-missing", "KIDO_RECORDS", "pg8000", {"extra": "team"}))
        url = url.set(drivername=f"postgresql+{driver}")
    return url


def shown_url(url: URL) -> str:
    """An address without its password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _sqlite_settings(connection, _record) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):  # FULL: what was acknowledged outlives the power
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all of it, or nothing."""
    with failing(engine), engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    with failing(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def failing(engine: Engine) -> Iterator[None]:
    """What a database says when it fails, in our words."""
    shown = shown_url(engine.url)
    try:
        yield
    except SQLAlchemyError as error:
        raise _told(error, shown) from error


def _told(error: SQLAlchemyError, shown: str) -> KidoError:
    why = str(getattr(error, "orig", None) or error).splitlines()[0][:200]
    if isinstance(error, OperationalError) and "locked" in why:
        return KidoError(Problem("records-busy", shown, "", {"why": why, "seconds": str(WAIT)}))
    if isinstance(error, OperationalError | InterfaceError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return KidoError(Problem("records-not-opened", shown, "", {"why": why}))
    return KidoError(Problem("records-damaged", shown, "", {"why": why}))


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
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY})
        found = _revision(connection)  # another process may have been faster
        if found and found not in _known_revisions():
            raise KidoError(Problem("records-newer", shown, found))
        if not found and inspect(connection).get_table_names():
            raise KidoError(Problem("records-not-ours", shown, ", ".join(inspect(connection).get_table_names()[:5])))
        if found != REVISION:
            command.upgrade(_settings(connection), "head")


def _revision(connection: Connection) -> str | None:
    """The revision of the tables; None where there are none."""
    try:
        if "alembic_version" not in inspect(connection).get_table_names():
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DatabaseError:
        raise


def _settings(connection: Connection | None = None):
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    found.attributes["connection"] = connection
    return found


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {one.revision for one in ScriptDirectory.from_config(_settings()).walk_revisions()}
