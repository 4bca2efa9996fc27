"""The description that travels with the tables: a frictionless Data Package with a Table Schema per table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from kido.register.exchange.tables import TABLES, Column, Table
from kido.register.model import Register

PROFILE = "https://datapackage.org/profiles/2.0"
LICENCE = {"name": "Apache-2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0", "title": "Apache License 2.0"}
SEPARATOR = "|"  # entries may hold commas and semicolons
_APOSTROPHE = (
    "Text that begins like a formula (=, +, -, @, tab or line end) has one apostrophe in front; take it away to have the text. "
    "数式のように始まる文字列には、先頭にアポストロフィを1つ付けています。"
)
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def data_package(register: Register, files: Mapping[str, bytes], form: str) -> dict:
    """The descriptor of tables that were written: `files` holds each table's bytes by its name.

    >>> from kido.register.store import register
    >>> package = data_package(register(), {"acts": b"act"}, "csv")
    >>> package["resources"][0]["path"], package["resources"][0]["schema"]["primaryKey"]
    ('acts.csv', ['act'])
    """
    return {
        "$schema": f"{PROFILE}/datapackage.json",
        "name": "kido-register",
        "title": "kido: register of export controls on critical raw materials / 重要鉱物の輸出管理の登録簿",
        "description": "Acts, measures, items, HS codes, figures, events, sources and doubts, as transcribed by kido. Codes of the HS only "
        "point; the text of an item decides. Not legal advice; official texts belong to their issuers.\n\n"
        "法令、措置、品目、HSコード、数値、改廃、出典、疑わしい点を収めています。HSコードは手がかりにすぎず、品目の文言で決まります。"
        "法的助言ではありません。",
        "version": register.version,
        "licenses": [LICENCE],
        "sources": _sources(register),
        "resources": [_resource(TABLES[name], data, form) for name, data in files.items()],
    }


def _sources(register: Register) -> list[dict]:
    """Every address an act or official answer is taken from, once."""
    found = {
        source.url: source.publisher for owner in (*register.instruments.values(), *register.answers.values()) for source in owner.sources
    }
    return [{"title": publisher, "path": url} for url, publisher in sorted(found.items())]


def _resource(table: Table, data: bytes, form: str) -> dict:
    dialect = {"delimiter": ",", "lineTerminator": "\r\n", "header": True}
    text = {"description": _APOSTROPHE, "dialect": dialect, "encoding": "utf-8"} if form == "csv" else {}
    return {
        "$schema": f"{PROFILE}/dataresource.json",
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.{form}",
        "title": f"{table.label['en']} / {table.label['ja']}",
        "format": form,
        "mediatype": _MEDIA[form],
        **text,
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": table_schema(table, form),
    }


def table_schema(table: Table, form: str = "csv") -> dict:
    """The Table Schema of one table; of a CSV file, lists are text with a separator."""
    return {
        "$schema": f"{PROFILE}/tableschema.json",
        "fields": [_field(column, column.name in table.key, form) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": list(link.columns), "reference": {"resource": link.table, "fields": list(TABLES[link.table].key)}}
            for link in table.links
        ],
        "missingValues": [""],
    }


def _field(column: Column, in_key: bool, form: str) -> dict:
    described = {"name": column.name, "title": f"{column.label['en']} / {column.label['ja']}", "description": column.label["en"]}
    described |= {"description_ja": column.label["ja"]}
    if column.type == "list":
        described |= {"type": "string", "separator": SEPARATOR} if form == "csv" else {"type": "array"}
    else:
        described["type"] = column.type
    return described | ({"constraints": {"required": True}} if in_key else {})
