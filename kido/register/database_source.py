"""A table of a database as a source: its rows are read once, in order, and judged from the copy.

database_table(text)    -> DatabaseTable; it is there, and its columns are known
    .copied(folder)     all its rows as a Source, while the block lasts

Only a name in the database's own list of tables and views is read, and as a quoted name: nothing of an address becomes SQL.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from kido.errors import KidoError, Problem
from kido.register.address import ADDRESS, CLEAR, is_sqlite, parted, shown
from kido.terms.text import nearest

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Inspector, Select
    from sqlalchemy.engine import URL

    from kido.register.table_source import Source

PART = 50_000  # rows that are held at a time
_POSTGRESQL = ("psycopg", "psycopg2", "pg8000")  # its drivers; the first that is installed


@dataclass(slots=True)
class DatabaseTable:
    """A table or view that is there. `select` reads its rows in an order that stays the same."""

    name: str
    header: tuple[str, ...]
    place: str  # as it may be shown
    engine: Engine = field(repr=False)
    select: Select = field(repr=False)

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Source]:
        """All rows in a folder of their own, which is removed at the end. The same rows have the same identity."""
        from polars.exceptions import PolarsError

        from kido.register.batch_output import not_written
        from kido.register.table_source import PARQUET, Source

        path = folder / f"rows{PARQUET}"
        try:
            try:
                shutil.rmtree(folder, ignore_errors=True)
                path.mkdir(parents=True)
                rows, digest = self._copy(path)
            except (OSError, PolarsError) as error:
                raise not_written(folder, error) from None
            if not rows:
                raise KidoError(Problem("no-rows", self.place))
            yield Source(path, self.name, self.header, rows, (self.name, rows, digest), copied=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _copy(self, path: Path) -> tuple[int, int]:
        """Write the rows in parts; how many there are, and a number that changes with them."""
        import polars as pl

        rows, digest = 0, hashlib.sha256(json.dumps(self.header).encode())
        with _failing(self.engine.url, self.place), self.engine.connect() as connection:
            found = connection.execution_options(stream_results=True).execute(self.select)
            for number, some in enumerate(found.partitions(PART)):
                part = path / f"{number:06}.parquet"
                columns = [[_cell(value) for value in column] for column in zip(*some, strict=True)]
                frame = pl.DataFrame(columns, schema={str(n): pl.String for n in range(len(columns))}, orient="col")
                frame.write_parquet(part, compression="lz4")
                digest.update(part.read_bytes())
                rows += len(some)
        return rows, int.from_bytes(digest.digest()[:8])


def _cell(value: object) -> str | None:
    """A value as its text stands in a table file.

    >>> [_cell(value) for value in (None, True, 3.0, 2.5, Decimal("2.50"), "磁石", b"\\x01", ["Dy", "Tb"])]
    [None, 'true', '3', '2.5', '2.50', '磁石', '01', 'Dy, Tb']
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, list | tuple):
        return ", ".join(_cell(one) or "" for one in value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else str(value)


def database_table(text: str) -> DatabaseTable:
    """Connect, and look the table up.

    Raises
    ------
    KidoError : not an address of a table, no driver, no such database or table, no connection
    """
    found = ADDRESS.fullmatch(text)
    where, name = parted(found["place"]) if found else ("", "")
    place, sqlite = shown(text), found is not None and is_sqlite(found["kind"])
    if not name or not (sqlite or CLEAR.fullmatch(where)):
        raise KidoError(Problem("database-address", place))
    try:
        import sqlalchemy as sa
    except ImportError:
        raise KidoError(Problem("extra-missing", place, "sqlalchemy", {"extra": "database"})) from None
    try:
        url = sa.make_url(f"{found['kind'].casefold()}://{where}")
    except (sa.exc.ArgumentError, ValueError):
        raise KidoError(Problem("database-address", place)) from None
    with _failing(url, place), warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # of kinds of columns it does not know: they are read as text
        engine = _sqlite(url, place) if sqlite else _engine(url, place)
        with engine.connect() as connection:
            return _looked_up(connection, name, place, engine)


def _sqlite(url: URL, place: str) -> Engine:
    """A file that is there, opened for reading only; it would be made otherwise."""
    import sqlite3

    import sqlalchemy as sa

    path = Path(url.database or "")
    if not path.is_file():
        raise KidoError(Problem("no-such-file", place, url.database or ""))
    address = f"file:{quote(path.resolve().as_posix())}?mode=ro"
    return sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=sa.NullPool)


def _engine(url: URL, place: str) -> Engine:
    import sqlalchemy as sa

    if url.drivername in ("postgres", "postgresql"):
        driver = next((driver for driver in _POSTGRESQL if find_spec(driver)), None)
        if driver is None:
            raise KidoError(Problem("database-driver", place, "psycopg", {"package": "psycopg[binary]"}))
        url = url.set(drivername=f"postgresql+{driver}")
    try:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
    except ImportError as error:
        raise KidoError(Problem("database-driver", place, error.name or "", {"package": error.name or ""})) from None
    return engine.execution_options(postgresql_readonly=True) if engine.dialect.name == "postgresql" else engine


def _looked_up(connection: Connection, name: str, place: str, engine: Engine) -> DatabaseTable:
    import sqlalchemy as sa
    from sqlalchemy.sql import quoted_name

    inspector = sa.inspect(connection)
    schema, table = _named(inspector, name, place)
    columns = inspector.get_columns(table, schema)
    cells = [sa.column(quoted_name(column["name"], True)) for column in columns]
    made = sa.table(quoted_name(table, True), *cells, schema=schema and quoted_name(schema, True))
    key = (inspector.get_pk_constraint(table, schema) or {}).get("constrained_columns")
    if key:
        order = [made.c[one] for one in key]
    elif engine.dialect.name == "sqlite" and table in inspector.get_table_names(schema):
        order = [sa.literal_column("_rowid_")]
    else:
        order = [_sortable(made.c[column["name"]], column["type"]) for column in columns]
    header = tuple(str(column["name"]).strip() for column in columns)
    return DatabaseTable(name, header, place, engine, sa.select(*made.c).order_by(*order))


def _sortable(column: object, kind: object) -> object:
    """A column to order by; kinds that may have no order, such as JSON, by their text."""
    from sqlalchemy import Boolean, Date, Integer, Numeric, String, cast

    return column if isinstance(kind, Boolean | Date | Integer | Numeric | String) else cast(column, String)


def _named(inspector: Inspector, name: str, place: str) -> tuple[str | None, str]:
    """A table or view by the name the database gives it, with its schema before a point or in the usual one."""
    names = _names(inspector, None)
    if name in names:
        return None, name
    schema, point, table = name.partition(".")
    if point and schema in inspector.get_schema_names() and table in _names(inspector, schema):
        return schema, table
    raise KidoError(Problem("no-such-table", place, name, {"near": nearest(name, names), "tables": ", ".join(names)[:200]}))


def _names(inspector: Inspector, schema: str | None) -> list[str]:
    names = list(inspector.get_table_names(schema))
    for more in (inspector.get_view_names, inspector.get_materialized_view_names):
        with suppress(NotImplementedError):
            names += more(schema)
    return sorted(set(names))


@contextmanager
def _failing(url: URL, place: str) -> Iterator[None]:
    """What the database or its driver says, without passwords."""
    from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

    try:
        yield
    except NoSuchModuleError:
        raise KidoError(Problem("database-kind", place, url.drivername)) from None
    except (SQLAlchemyError, UnicodeError) as error:
        why = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
        for secret in (url.password, *(value for value in url.query.values() if isinstance(value, str))):
            for written in {secret, quote(secret or ""), quote_plus(secret or "")} - {None, ""}:
                why = why.replace(written, "***")
        raise KidoError(Problem("database-not-read", place, "", {"why": why[:300]})) from None
