"""The words of the house: facts, choices, elements, places, documents, from `law/terms/*.csv`.

Terms           all tables together, read once and compiled with the register
    .facts      what a rule may ask: type, unit, label, question, paper
    .choices    the values of a choice: form, substance, equipment, ...
    .elements   symbols and the names people use for them
    .places     ISO codes and names; .members(group, on) for dated groups
    .documents  the papers of a procedure
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.terms.dates import WorkingDays
from kido.terms.text import Text, folded

CONTENT = "_wt_pct"


@dataclass(frozen=True, slots=True)
class Fact:
    """A named question: type, unit, label, the question to ask, the paper that shows it."""

    name: str
    type: str  # number bool choice element place places code hs date text money
    unit: str
    group: str
    choices: str
    label: Text
    ask: Text
    shown_by: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice, with what it says about contents and form."""

    id: str
    label: Text
    elements: tuple[str, ...] = ()
    form: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """An element, place or document: an id and its names."""

    id: str
    label: Text
    groups: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Membership:
    code: str
    start: date
    end: date


@dataclass(slots=True)
class Terms:
    facts: dict[str, Fact]
    choices: dict[str, dict[str, Choice]]
    elements: dict[str, Named]
    places: dict[str, Named]
    documents: dict[str, Named]
    groups: dict[str, frozenset[str]]
    place_groups: dict[str, tuple[Membership, ...]]
    holidays: dict[str, WorkingDays]
    near_forms: dict[str, frozenset[str]]  # what goods of a form may also be called
    aliases: dict[str, dict[str, str]]  # table -> folded spelling -> id

    def lookup(self, table: str, raw: str) -> str | None:
        """The id a spelling stands for, in a choice list, `element` or `place`.

        >>> from kido.register.store import terms
        >>> terms().lookup("element", "ネオジウム"), terms().lookup("place", "Japan")
        ('Nd', 'JP')
        """
        return self.aliases.get(table, {}).get(folded(raw))

    def ids(self, fact: Fact) -> dict[str, Choice] | dict[str, Named]:
        """The values a choice, element or place fact may take."""
        if fact.type == "choice":
            return self.choices[fact.choices]
        return self.elements if fact.type == "element" else self.places

    def list_of(self, fact: Fact) -> str:
        """The name of the list a fact's values come from; "" for figures, dates and text."""
        return fact.choices or {"element": "element", "place": "place", "places": "place"}.get(fact.type, "")

    def value_label(self, fact: Fact | None, value: str, lang: str) -> str:
        """A value in words: `magnet` is 磁石."""
        if fact is None or fact.type not in ("choice", "element", "place", "places"):
            return value
        known = self.ids(fact).get(value)
        return known.label.get(lang, value) if known else value

    def spans(self, group: str) -> tuple[Membership, ...]:
        """The members of a dated group, each with the first and last day inside."""
        return self.place_groups[group]

    def is_group(self, name: str) -> bool:
        return name in self.groups or name in self.place_groups


class _Row(dict):
    """A row of a table; a column that the table lacks is named, with the table."""

    def __init__(self, cells: dict, place: str):
        super().__init__(cells)
        self.place = place

    def __missing__(self, column: str) -> str:
        raise KidoError(Problem("missing-column", self.place, column))

    def day(self, column: str) -> date:
        try:
            return date.fromisoformat(self[column])
        except ValueError:
            raise KidoError(Problem("not-a-date", f"{self.place}:{column}", self[column])) from None


def rows(path: Path) -> list[_Row]:
    name = f"law/terms/{path.name}" if path.parent.name == "terms" else path.name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                _Row({key: cell or "" for key, cell in row.items()}, f"{name}:{number}")
                for number, row in enumerate(csv.DictReader(file), 2)
            ]
    except UnicodeDecodeError as error:
        raise KidoError(Problem("not-utf-8", name, "", {"why": str(error)})) from None
    except OSError as error:
        raise KidoError(Problem("no-ground", str(path), path.name, {"why": error.strerror or str(error)})) from None


def read_terms(folder: Path) -> Terms:
    """Read every table of `law/terms`."""
    aliases: dict[str, dict[str, str]] = {}
    choices: dict[str, dict[str, Choice]] = {}
    for row in rows(folder / "choices.csv"):
        choice = Choice(row["id"], _label(row), _split(row["elements"]), row["form"], row["note"])
        choices.setdefault(row["list"], {})[row["id"]] = choice
        _index(aliases.setdefault(row["list"], {}), row["id"], row)
    facts = {row["name"]: _fact(row) for row in rows(folder / "facts.csv")}
    for number, fact in enumerate(facts.values(), 2):
        if fact.type == "choice" and fact.choices not in choices:
            raise KidoError(Problem("unknown-reference", f"law/terms/facts.csv:{number}", fact.choices, {"what": "list of choices.csv"}))
    elements, groups = _elements(folder, aliases.setdefault("element", {}))
    return Terms(
        facts=facts,
        choices=choices,
        elements=elements,
        places=_places(folder, aliases.setdefault("place", {})),
        documents={
            row["id"]: Named(row["id"], _label(row), extra={"from_ja": row["from_ja"], "from_en": row["from_en"], "basis": row["basis"]})
            for row in rows(folder / "documents.csv")
        },
        groups=groups,
        place_groups=_place_groups(folder),
        holidays=_holidays(folder),
        near_forms=_near_forms(folder, choices["form"]),
        aliases=aliases,
    )


def _label(row: dict[str, str]) -> Text:
    return {lang: row[lang] for lang in ("ja", "en", "zh") if row.get(lang)}


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _fact(row: dict[str, str]) -> Fact:
    ask = {"ja": row["ask_ja"], "en": row["ask_en"]}
    return Fact(row["name"], row["type"], row["unit"], row["group"], row["choices"], _label(row), ask, row["shown_by"])


def _index(table: dict[str, str], key: str, row: dict[str, str]) -> None:
    for name in (key, *_label(row).values(), *_split(row.get("aliases", ""))):
        table.setdefault(folded(name), key)
        table.setdefault(folded(name.replace("_", " ")), key)


def _elements(folder: Path, index: dict[str, str]) -> tuple[dict[str, Named], dict[str, frozenset[str]]]:
    elements: dict[str, Named] = {}
    groups: dict[str, set[str]] = {}
    table = rows(folder / "elements.csv")
    for row in table:  # symbols first: a name may never take another element's symbol
        index[folded(row["symbol"])] = row["symbol"]
    for row in table:
        symbol = row["symbol"]
        elements[symbol] = Named(symbol, _label(row), _split(row["groups"]))
        _index(index, symbol, row)
        for group in elements[symbol].groups:
            groups.setdefault(group, set()).add(symbol)
    return elements, {name: frozenset(symbols) for name, symbols in groups.items()}


def _places(folder: Path, index: dict[str, str]) -> dict[str, Named]:
    places = {}
    table = rows(folder / "places.csv")
    for row in table:
        index[folded(row["code"])] = row["code"]
    for row in table:
        places[row["code"]] = Named(row["code"], _label(row))
        _index(index, row["code"], row)
    return places


def _place_groups(folder: Path) -> dict[str, tuple[Membership, ...]]:
    groups: dict[str, list[Membership]] = {}
    for row in rows(folder / "place_groups.csv"):
        start = row.day("from") if row["from"] else date.min
        end = row.day("until") if row["until"] else date.max
        if end < start:
            raise KidoError(Problem("dates-in-wrong-order", row.place, f"{start} > {end}"))
        groups.setdefault(row["group"], []).append(Membership(row["code"], start, end))
    return {name: tuple(members) for name, members in groups.items()}


def _near_forms(folder: Path, forms: dict[str, Choice]) -> dict[str, frozenset[str]]:
    near = {row["form"]: frozenset(_split(row["near"])) for row in rows(folder / "near_forms.csv")}
    for number, form in enumerate(near, 2):
        for wrong in {form, *near[form]} - set(forms):
            raise KidoError(Problem("unknown-reference", f"law/terms/near_forms.csv:{number}", wrong, {"what": "form"}))
    return near


def _holidays(folder: Path) -> dict[str, WorkingDays]:
    days: dict[str, dict[str, set]] = {}
    for row in rows(folder / "holidays.csv"):
        kinds = days.setdefault(row["place"], {"off": set(), "work": set(), "yearly": set()})
        kinds[row["kind"]].add(row["date"] if row["kind"] == "yearly" else row.day("date"))
    return {place: WorkingDays(*(frozenset(kinds[kind]) for kind in ("off", "work", "yearly"))) for place, kinds in days.items()}
