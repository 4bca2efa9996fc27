"""The order behind the papers: what stands under `papers:` in a transaction file, checked against `fields/*.csv`.

    read_order(mark, parties)  -> Order, or KidoError with every problem at once

A key that is not in the tables is refused; a value that is missing is a `Gap` wherever a paper asks for it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from kido.decide.parties import ROLES, Party
from kido.errors import KidoError, Problem
from kido.papers.document import Cell, Field, Gap
from kido.register.yaml_file import Mark, marked
from kido.terms.amounts import UNKNOWN, AmountError, exact
from kido.terms.dates import read_date
from kido.terms.text import Text, folded, nearest

_TABLES = Path(__file__).with_name("fields")
LANGS = ("ja", "en", "zh")
MOST_ROWS = 500  # of one list; a longer one is no order of one licence


@dataclass(frozen=True, slots=True)
class OrderField:
    """One field of the papers: its key (`order.freight`, `lines[].unit`), type, names and question."""

    key: str
    type: str
    label: Text
    example: str
    ask: Text

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(self.type.partition(":")[2].split("|")) if self.type.startswith("choice:") else ()


@cache
def order_fields() -> Mapping[str, OrderField]:
    """Every field that a transaction file may have under `papers:`.

    >>> order_fields()["order.freight"].choices[:2]
    ('sea', 'air')
    """
    found: dict[str, OrderField] = {}
    for table in sorted(_TABLES.glob("*.csv")):
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                label = {lang: row[lang] for lang in LANGS if row[lang]}
                ask = {"ja": row["ask_ja"], "en": row["ask_en"]}
                found[row["key"]] = OrderField(row["key"], row["type"], label, row["example"], ask)
    return found


Value = str | Text | date


@dataclass(frozen=True, slots=True)
class Order:
    """The values of one order, by key; the rows of its lists; its parties."""

    values: Mapping[str, Value] = field(default_factory=dict)
    lists: Mapping[str, tuple[Mapping[str, Value], ...]] = field(default_factory=dict)
    parties: tuple[Party, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)  # where each key stands in the file

    def rows(self, name: str) -> tuple[Mapping[str, Value], ...]:
        """The rows of a list: `lines`, `photos`, …"""
        return self.lists.get(name, ())

    def cell(self, key: str, row: Mapping[str, Value] | None = None) -> Cell:
        """What a paper prints for a key: the value as stated, or a gap. With `row`, one of a list: `lines[].unit`."""
        value = self.values.get(key) if row is None else row.get(key.partition("[].")[2])
        if value is None:
            about = order_fields()[key]
            return Gap(about.label, about.ask)
        return value.isoformat() if isinstance(value, date) else value

    def field(self, key: str) -> Field:
        """A labelled value of the order."""
        return Field(key, order_fields()[key].label, self.cell(key))

    def party(self, role: str) -> Party | None:
        """The first party of a role."""
        return next((party for party in self.parties if party.role == role), None)

    def party_cell(self, role: str, what: str) -> Cell:
        """`name`, `address`, `country`, `contact`, `phone`, `mail` or `registered_no` of the first party of a role, or a gap."""
        party = self.party(role)
        value = party.words(what) if party else ""
        return value or Gap({lang: f"{ROLES[role].get(lang, role)}: {PARTY_WORDS[what].get(lang, what)}" for lang in LANGS})


PARTY_WORDS: dict[str, Text] = {
    "name": {"ja": "名称", "en": "name", "zh": "名称"}, "address": {"ja": "所在地", "en": "address", "zh": "地址"},
    "country": {"ja": "国・地域", "en": "country", "zh": "国家（地区）"}, "contact": {"ja": "担当者", "en": "contact", "zh": "联系人"},
    "phone": {"ja": "電話", "en": "telephone", "zh": "电话"}, "mail": {"ja": "メール", "en": "e-mail", "zh": "电子邮箱"},
    "registered_no": {"ja": "法人番号など", "en": "registration number", "zh": "登记号码"},
}  # fmt: skip


def read_order(data: Mark | Mapping | None, parties: tuple[Party, ...] = ()) -> Order:
    """Read the `papers:` section; every problem is reported together.

    >>> order = read_order({"order": {"order_no": "PO-1", "freight": "sea"}, "lines": [{"quantity": "2000", "unit": "pcs"}]})
    >>> order.cell("order.order_no"), order.rows("lines")[0]["unit"], type(order.cell("order.contract_no")).__name__
    ('PO-1', 'pcs', 'Gap')
    """
    if data is None:
        return Order(parties=parties)
    mark = data if isinstance(data, Mark) else marked(data, "papers")
    door = _Door()
    if not isinstance(mark.value, dict):
        raise KidoError(Problem("wrong-shape", mark.place, str(mark.plain())[:80], {"wanted": "papers: {order: {…}, lines: [{…}]}"}))
    for name, child in mark.value.items():
        if f"{name}[]" in _sections():
            door.rows(name, child)
        elif name in _sections():
            door.section(name, child)
        else:
            door.unknown(name, mark.keys[name], _sections())
    if door.problems:
        raise KidoError(door.problems)
    return Order(door.values, door.lists, parties, door.places)


@cache
def _sections() -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.rpartition(".")[0] for key in order_fields()))


class _Door:
    """Reads values and gathers problems."""

    def __init__(self):
        self.values: dict[str, Value] = {}
        self.lists: dict[str, tuple[dict[str, Value], ...]] = {}
        self.places: dict[str, str] = {}
        self.problems: list[Problem] = []

    def unknown(self, name: str, at: Mark, known: tuple[str, ...]) -> None:
        words = [word.removesuffix("[]") for word in known]
        self.problems.append(Problem("unknown-key", at.place, name, {"near": nearest(name, words), "values": ", ".join(words)}))

    def section(self, name: str, mark: Mark) -> None:
        self.values |= self._fields(f"{name}.", name, mark)

    def rows(self, name: str, mark: Mark) -> None:
        if not isinstance(mark.value, list):
            self.problems.append(Problem("wrong-shape", mark.place, str(mark.plain())[:80], {"wanted": f"{name}: [{{…}}]"}))
        elif len(mark.value) > MOST_ROWS:
            self.problems.append(Problem("too-many-rows", mark.place, f"{len(mark.value):,}", {"most": f"{MOST_ROWS:,}"}))
        else:
            self.lists[name] = tuple(self._fields(f"{name}[].", f"{name}.{n}", row, bare=True) for n, row in enumerate(mark.value, 1))

    def _fields(self, prefix: str, path: str, mark: Mark, bare: bool = False) -> dict[str, Value]:
        if not isinstance(mark.value, dict):
            self.problems.append(Problem("wrong-shape", mark.place, str(mark.plain())[:80], {"wanted": "{key: value, …}"}))
            return {}
        known = {key.removeprefix(prefix): about for key, about in order_fields().items() if key.startswith(prefix)}
        found: dict[str, Value] = {}
        for name, child in mark.value.items():
            if name not in known:
                self.unknown(name, mark.keys[name], tuple(known))
                continue
            value = self._value(known[name], child)
            if value is not None:
                found[name if bare else f"{prefix}{name}"] = value
                self.places[f"{path}.{name}"] = child.place
        return found

    def _value(self, about: OrderField, mark: Mark) -> Value | None:
        if about.type == "texts" and isinstance(mark.value, dict):
            return self._texts(mark)
        if not isinstance(mark.value, str):
            self.problems.append(Problem("wrong-shape", mark.place, str(mark.plain())[:80], {"wanted": about.example}))
            return None
        raw = mark.value.strip()
        if folded(raw) in UNKNOWN:
            return None
        if about.type == "date":
            found = read_date(raw)
            return found or self._wrong("not-a-date", mark, raw)
        if about.type == "number":
            try:
                exact(raw.replace(",", ""))
            except AmountError as error:
                return self._wrong(error.code, mark, raw)
            return raw
        if about.choices:
            word = folded(raw)
            fact = {"fact": about.key, "near": nearest(word, about.choices), "values": ", ".join(about.choices)}
            return word if word in about.choices else self._wrong("not-one-of", mark, raw, fact)
        return raw

    def _texts(self, mark: Mark) -> Text | None:
        for lang in mark.value:
            if lang not in LANGS:
                self.unknown(lang, mark.keys[lang], LANGS)
        found = {lang: child.value.strip() for lang, child in mark.value.items() if isinstance(child.value, str) and child.value.strip()}
        return found or None

    def _wrong(self, code: str, mark: Mark, raw: str, args: dict | None = None) -> None:
        self.problems.append(Problem(code, mark.place, raw[:80], args or {}))
