"""The flat tables of the register: their columns with type and label in ja and en, keys, and rows.

    TABLES   name -> Table

Labels and types stand in `columns.csv` beside this file; the rows are made in `rows.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kido.terms.text import Text
from kido.terms.vocabulary import rows as read_rows

TYPES = ("string", "integer", "number", "boolean", "date", "list")


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    label: Text


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key: these columns hold the primary key of another table, or nothing."""

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    label: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    links: tuple[Link, ...]


_ACT, _BY = Link(("act",), "acts"), Link(("by",), "acts")
_MEASURE, _ITEM = Link(("measure",), "measures"), Link(("act", "item"), "items")
_KEYS: dict[str, tuple[tuple[str, ...], tuple[Link, ...]]] = {
    "acts": (("act",), ()),
    "measures": (("measure",), (_ACT, _BY, Link(("procedure",), "procedures"))),
    "items": (("act", "item"), (_ACT, _BY)),
    "sub_items": (("act", "item", "no"), (_ITEM,)),
    "covered": (("measure", "item"), (_MEASURE, _ITEM)),
    "hs": (("act", "item", "no"), (_ITEM, _BY)),
    "exceptions": (("act", "no"), (_ACT, _MEASURE, Link(("answer",), "answers"))),
    "figures": (("measure", "no"), (_MEASURE,)),
    "events": (("act", "no"), (_ACT, Link(("target_act",), "acts"), Link(("target_measure",), "measures"))),
    "standings": (("measure", "no"), (_MEASURE, _BY)),
    "sources": (("of", "no"), (_ACT, Link(("answer",), "answers"))),
    "doubts": (("act", "no"), (_ACT,)),
    "practice": (("of", "no"), (_ACT, Link(("procedure",), "procedures"))),
    "procedures": (("procedure",), (_ACT,)),
    "definitions": (("definition",), (_ACT,)),
    "answers": (("answer",), ()),
    "watches": (("jurisdiction",), ()),
    "scope": (("jurisdiction", "part", "no"), (Link(("jurisdiction",), "watches"),)),
}


def _tables() -> dict[str, Table]:
    columns: dict[str, list[Column]] = {}
    labels: dict[str, Text] = {}
    for row in read_rows(Path(__file__).parent / "columns.csv"):
        label = {"ja": row["ja"], "en": row["en"]}
        if row["column"]:
            columns.setdefault(row["table"], []).append(Column(row["column"], row["type"], label))
        else:
            labels[row["table"]] = label
    return {name: Table(name, labels[name], tuple(columns[name]), key, links) for name, (key, links) in _KEYS.items()}


TABLES = _tables()
