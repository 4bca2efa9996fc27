"""What the page of papers was given: facts, parties and the order, as fields of a form and as a transaction.

typed(pairs)          the fields that were sent  -> Typed
typed_of(facts)       a transaction              -> Typed
.transaction()        as it is judged and as its papers are made
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import QueryParams

from kido.face.exact_json import exact
from kido.face.web.given import given
from kido.papers.order import order_fields
from kido.register.yaml_file import Mark, marked

FACTS = "facts"  # the facts of the goods travel in one hidden field
LANGS = ("ja", "zh", "en", "ko")
PARTY = ("role", "name", "country", "address", "contact", "phone", "mail", "registered_no")
MOST_ROWS = 50
_PARTY = re.compile(rf"party\.(\d{{1,2}})\.({'|'.join(PARTY)}|kind)(?:\.({'|'.join(LANGS)}))?")
_ORDER = re.compile(rf"papers\.([a-z_\d]+)(?:\.(\d{{1,2}}))?\.([a-z_\d]+)(?:\.({'|'.join(LANGS)}))?")
Cell = dict[str, str]  # language -> text; "" for a text that is the same in all
Row = dict[str, Cell]


def lists() -> tuple[str, ...]:
    """The sections of an order that have rows: lines, supply_chain …"""
    return tuple(dict.fromkeys(key.partition("[].")[0] for key in order_fields() if "[]." in key))


@dataclass(slots=True)
class Typed:
    """The parts of a transaction, each value by language.

    facts     without parties and papers
    parties   rows; `beside` holds what a file said of a party and no field of the form shows
    order     section -> values, or rows of a list by their number
    """

    facts: dict[str, object] = field(default_factory=dict)
    parties: list[Row] = field(default_factory=list)
    beside: list[dict] = field(default_factory=list)
    values: dict[str, Row] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not (self.facts or self.parties or self.values or self.rows)

    def transaction(self) -> Mark:
        """Everything that was stated, with its place in the form for what is wrong with it."""
        stated: dict[str, object] = dict(self.facts)
        if self.parties:
            stated["parties"] = [kept | _plain_row(row) for row, kept in zip(self.parties, self.beside, strict=True)]
        papers: dict[str, object] = {section: _plain_row(row) for section, row in self.values.items()}
        papers |= {name: [_plain_row(row) for row in rows] for name, rows in self.rows.items()}
        return marked(stated | ({"papers": papers} if papers else {}), "")

    def carried(self) -> str:
        """What the hidden field holds: the facts, and what the form shows no field for."""
        return json.dumps(self.facts | ({"parties": self.beside} if any(self.beside) else {}), ensure_ascii=False)


def _plain_row(row: Row) -> dict[str, object]:
    return {key: _plain(cell) for key, cell in row.items()}


def _plain(cell: Cell) -> object:
    """One text, or one for each language; a text that is the same in all stands where a language has none."""
    if set(cell) <= {""}:
        return cell.get("", "")
    same = cell.get("")
    return {lang: text for lang in LANGS if (text := cell.get(lang) or same)} if same else dict(cell)


def typed(pairs: Iterable[tuple[str, str]]) -> Typed:
    """The fields of the page, or those of the check page; rows in which nothing is stated are left out.

    >>> found = typed([("form", "magnet"), ("party.1.name.ja", "見本"), ("papers.lines.0.quantity", "5"), ("papers.order.order_no", "PO-1")])
    >>> found.transaction().plain()
    {'form': 'magnet', 'parties': [{'name': {'ja': '見本'}}], 'papers': {'order': {'order_no': 'PO-1'}, 'lines': [{'quantity': '5'}]}}
    """
    rest, parties, order = [], {}, {}
    carried: dict = {}
    for name, raw in pairs:
        value = raw.strip()
        if not value:
            continue
        if name == FACTS:
            found = exact(value, FACTS)
            carried = found if isinstance(found, dict) else {}
        elif match := _PARTY.fullmatch(name):
            parties.setdefault(int(match[1]), {}).setdefault(match[2], {})[match[3] or ""] = value
        elif match := _ORDER.fullmatch(name):
            number = int(match[2]) if match[2] else None
            order.setdefault((match[1], number), {}).setdefault(match[3], {})[match[4] or ""] = value
        else:
            rest.append((name, value))
    beside = carried.pop("parties", [])
    beside = [row if isinstance(row, dict) else {} for row in beside] if isinstance(beside, list) else []
    asked = given(QueryParams(rest))
    facts = carried | asked.facts().plain() | ({"on": asked.on} if asked.on else {})
    numbers = [number for number in sorted(parties) if set(parties[number]) - {"role"}]
    made = Typed(facts, [parties[number] for number in numbers], [beside[number] if number < len(beside) else {} for number in numbers])
    _order(made, order)
    return made


def _order(made: Typed, order: Mapping[tuple[str, int | None], Row]) -> None:
    known = lists()
    for (section, number), row in sorted(order.items(), key=lambda entry: (entry[0][0], entry[0][1] or 0)):
        if section in known:
            if number is not None and len(made.rows.setdefault(section, [])) < MOST_ROWS:
                made.rows[section].append(row)
        elif number is None:
            made.values[section] = row


def typed_of(facts: Mapping[str, object]) -> Typed:
    """A transaction as its file has it. A key the form has no field for is left out here and reported by the reader of the order.

    >>> typed_of({"form": "magnet", "parties": [{"role": "buyer", "name": {"ja": "見本"}, "owners": []}]}).beside
    [{'owners': []}]
    """
    plain = {name: value for name, value in facts.items() if name not in ("parties", "papers")}
    made = Typed(plain)
    for row in _each(facts.get("parties")):
        shown = {key: cell for key in (*PARTY, "kind") if (cell := _cell(row.get(key)))}
        made.parties.append(shown)
        made.beside.append({key: value for key, value in row.items() if key not in shown})
    papers = facts.get("papers")
    for section, value in papers.items() if isinstance(papers, Mapping) else ():
        if isinstance(value, Mapping):
            made.values[section] = _row(value)
        elif section in lists():
            made.rows[section] = [found for row in _each(value)[:MOST_ROWS] if (found := _row(row))]
    return made


def _each(value: object) -> list[Mapping]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, Sequence) and not isinstance(value, str) else []


def _row(value: Mapping) -> Row:
    return {key: cell for key, raw in value.items() if (cell := _cell(raw))}


def _cell(value: object) -> Cell:
    if isinstance(value, Mapping):
        return {lang: text for lang, text in value.items() if lang in LANGS and isinstance(text, str) and text}
    return {"": value} if isinstance(value, str) and value else {}
