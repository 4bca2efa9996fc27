"""The flat tables as files: CSV, Parquet, SQLite and JSON. The same register gives the same CSV and JSON, byte for byte.

Each function gives the content of its files by name; `export` writes them.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date

from kido.errors import KidoError, Problem
from kido.register.exchange.json_schema import register_schema
from kido.register.exchange.package import LICENCE, SEPARATOR, data_package
from kido.register.exchange.plain import write_json
from kido.register.exchange.rows import Row, rows_of
from kido.register.exchange.tables import TABLES, Column, Table
from kido.register.model import Register
from kido.terms.cells import kept

Files = dict[str, bytes]


def as_json(register: Register) -> Files:
    """The whole register, one record per law file; the tables; and the schema of the first."""
    tables = {"version": register.version, "tables": {name: [_jsonable(row) for row in rows] for name, rows in rows_of(register).items()}}
    return {
        "register.json": write_json(register).encode(),
        "register.schema.json": json_bytes(register_schema()),
        "tables.json": json_bytes(tables),
    }


def as_csv(register: Register) -> Files:
    """One CSV per table, UTF-8 with a byte order mark so that Excel reads it, and its description."""
    made = {name: _csv_table(TABLES[name], rows) for name, rows in rows_of(register).items()}
    package = json_bytes(data_package(register, made, "csv"))
    return {f"{name}.csv": data for name, data in made.items()} | {"datapackage.json": package}


def as_parquet(register: Register) -> Files:
    """One Parquet file per table with dates, whole numbers and lists as such, and its description."""
    made = {name: _parquet(TABLES[name], rows) for name, rows in rows_of(register).items()}
    package = json_bytes(data_package(register, made, "parquet"))
    return {f"{name}.parquet": data for name, data in made.items()} | {"datapackage.json": package}


def as_sqlite(register: Register) -> Files:
    """One database: a table each, with keys; `about` and `columns` describe it."""
    database = sqlite3.connect(":memory:")
    try:
        database.execute("PRAGMA foreign_keys = ON")
        for table in TABLES.values():
            database.execute(_create(table))
        about = {"title": "kido register", "version": register.version, "licence": LICENCE["name"], "licence_url": LICENCE["path"]}
        database.execute("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        database.executemany("INSERT INTO about VALUES (?, ?)", about.items())
        database.execute('CREATE TABLE columns ("table" TEXT, "column" TEXT, type TEXT, ja TEXT, en TEXT, PRIMARY KEY ("table", "column"))')
        described = [(t.name, c.name, c.type, c.label["ja"], c.label["en"]) for t in TABLES.values() for c in t.columns]
        database.executemany("INSERT INTO columns VALUES (?, ?, ?, ?, ?)", described)
        database.execute("PRAGMA defer_foreign_keys = ON")
        for name, rows in rows_of(register).items():
            marks = ", ".join("?" * len(TABLES[name].columns))
            database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', ([_cell(value) for value in row.values()] for row in rows))
        database.commit()
        return {"register.sqlite": database.serialize()}
    finally:
        database.close()


def csv_bytes(columns: Iterable[str], rows: Iterable[Mapping[str, object]], numbers: Iterable[str] = ()) -> bytes:
    """CSV as RFC 4180 has it, with a byte order mark; no text in it runs as a formula (`cells.py`).

    >>> csv_bytes(["a", "b"], [{"a": ("x", "y"), "b": None}, {"a": "=1+1", "b": "-1"}], ["b"]).decode("utf-8-sig")
    "a,b\\r\\nx|y,\\r\\n'=1+1,-1\\r\\n"
    """
    names, figures = list(columns), set(numbers)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([_csv_cell(row.get(name), name in figures) for name in names] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_table(table: Table, rows: list[Row]) -> bytes:
    return csv_bytes([c.name for c in table.columns], rows, [c.name for c in table.columns if c.type in ("integer", "number")])


def _csv_cell(value: object, number: bool) -> str:
    """Only text can be a formula: days and numbers stay as they are."""
    return kept(_text(value), number) if isinstance(value, str | tuple | list) else _text(value)


def json_bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _text(value: object) -> str:
    """A cell: lists with a separator, which inside an entry becomes a slash."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return SEPARATOR.join(str(entry).replace(SEPARATOR, "/") for entry in value)
    return str(value)


def _cell(value: object) -> object:
    """A value of SQLite: yes and no are 1 and 0, days are text."""
    if isinstance(value, bool):
        return int(value)
    return value if value is None or isinstance(value, int) else _text(value)


def _jsonable(row: Row) -> dict:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}


_SQL_TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "NUMERIC"}


def _create(table: Table) -> str:
    required = dict.fromkeys(table.key, " NOT NULL")
    lines = [f'"{c.name}" {_SQL_TYPES.get(c.type, "TEXT")}{required.get(c.name, "")}' for c in table.columns]
    lines.append(f"PRIMARY KEY ({_names(table.key)})")
    lines += [
        f'FOREIGN KEY ({_names(link.columns)}) REFERENCES "{link.table}" ({_names(TABLES[link.table].key)}) DEFERRABLE INITIALLY DEFERRED'
        for link in table.links
    ]
    return f'CREATE TABLE "{table.name}" ({", ".join(lines)})'


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _parquet(table: Table, rows: list[Row]) -> bytes:
    try:
        import polars as pl
    except ImportError:
        raise KidoError(Problem("extra-missing", "parquet", "polars", {"extra": "tables"})) from None
    from decimal import Decimal

    types = {
        "string": pl.String, "integer": pl.Int64, "number": pl.Decimal(38, 12), "boolean": pl.Boolean, "date": pl.Date,
        "list": pl.List(pl.String),
    }  # fmt: skip

    def value(column: Column, row: Row) -> object:
        found = row[column.name]
        if found is None or column.type not in ("number", "list"):
            return found
        return Decimal(found) if column.type == "number" else list(found)

    columns = {column.name: [value(column, row) for row in rows] for column in table.columns}
    frame = pl.DataFrame(columns, schema={column.name: types[column.type] for column in table.columns})
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()
