"""A transaction at the door: the facts we have, checked; what we do not have stays unknown.

    read_transaction(data, terms)  -> Transaction, or KidoError with every problem at once

Accepted: one mapping, either flat (`form: magnet, destination: JP`) or in sections (`goods`,
`parameters`, `parties`, `end_use`); the same keys in both.  See `kido schema transaction`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kido.decide.contents import PRESENT, REST, Contents, balance, read_composition
from kido.decide.derive import Derived, derive, family_of
from kido.decide.figures import Note
from kido.decide.inputs import read_inputs
from kido.decide.parties import Party, read_parties
from kido.decide.values import Values
from kido.errors import KidoError, Problem
from kido.register.yaml_file import Mark, marked
from kido.rule.judge import Facts
from kido.terms.amounts import UNKNOWN, Amount
from kido.terms.text import folded, nearest
from kido.terms.vocabulary import CONTENT, Terms

SECTIONS = ("goods", "parameters", "end_use", "movement", "technology_facts")
ALIASES = {
    "from": "exported_from", "to": "destination", "date": "on", "country_of_origin": "origin", "main_element": "element",
    "family": "magnet_family", "hs_code": "hs", "code": "control_code",
}  # fmt: skip
COLLECTIONS = ("composition", "inputs", "composition_complete", "inputs_complete", "parties", "papers")
POWDER = ("powder", "粉末", "粉", "粉体")  # no form of the list, but a fact
LONGEST = 10_000  # characters of one value


@dataclass(slots=True)
class Transaction:
    """The facts of one transaction.

    given    what was stated, as it was written, by fact
    facts    checked values, bounds and components for the rules
    derived  facts that follow from stated ones, each with its reason
    """

    facts: Facts
    given: dict[str, str]
    derived: tuple[Derived, ...] = ()
    parties: tuple[Party, ...] = ()
    notes: tuple[Note, ...] = ()
    currency: str = ""
    papers: Mark | None = None  # what only the papers need: order, lines, photos …; read by `papers/order`

    @property
    def on(self) -> date:
        return self.facts.on

    def value(self, name: str) -> object | None:
        return self.facts.values.get(name)


@dataclass(slots=True)
class _Door:
    values: Values
    given: dict[str, str] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    contents: Contents = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)


def read_transaction(data: dict | Mark, terms: Terms, on: date | None = None) -> Transaction:
    """Check a transaction and fold it into facts; every problem found is reported together.

    >>> from kido.register.store import terms
    >>> t = read_transaction({"form": "磁石", "composition": {"Dy": 2.5}, "to": "Japan"}, terms())
    >>> t.value("form"), t.value("destination")
    ('magnet', 'JP')
    >>> read_transaction({"grian_size_um": "5"}, terms())
    Traceback (most recent call last):
    kido.errors.KidoError: grian_size_um: unknown-fact: grian_size_um
    """
    mark = data if isinstance(data, Mark) else marked(data, "")
    problems: list[Problem] = []
    values = Values(terms, problems)
    if not isinstance(mark.value, dict):
        values.wrong("wrong-shape", mark, wanted="{fact: value, …}")
        raise KidoError(problems)
    _too_long(mark, values)
    door = _Door(values)
    for name, at, child in _flat(mark):
        _take(door, ALIASES.get(name, name), at, child)
    parties = read_parties(known_mark(door.marks.get("parties")), values, lambda *said: _state(door, *said))
    _named_contents(door)
    complete = _yes(door, "composition_complete")
    components = {"composition": balance(door.contents, complete, door.marks.get("composition"), values)}
    inputs = read_inputs(known_mark(door.marks.get("inputs")), _yes(door, "inputs_complete"), door.facts.get("value"), values)
    if inputs is not None:
        components["inputs"] = inputs
    facts = Facts(door.facts, components, on or door.facts.get("on") or date.max, groups=terms)
    derived = derive(facts, terms, complete)
    _agrees(door, facts)
    if "form" in facts.values:
        values.notes.pop("powder-is-not-a-form", None)
    if values.without_currency:
        values.note("currency-taken", values.currency) if values.currency else values.note("no-currency")
    if problems:
        raise KidoError(problems)
    notes = tuple(Note(id, tuple(about)) for id, about in values.notes.items())
    return Transaction(facts, door.given, derived, parties, notes, values.currency, known_mark(door.marks.get("papers")))


def known_mark(mark: Mark | None) -> Mark | None:
    """None where a section says that nothing is known."""
    said_unknown = mark is not None and isinstance(mark.value, str) and folded(mark.value) in UNKNOWN
    return None if said_unknown else mark


def _too_long(mark: Mark, values: Values) -> None:
    """No name, figure or word is thousands of characters long; such a value is a mistake, and slow to read."""
    rest = [mark]
    while rest:
        child = rest.pop()
        texts = [child.value] if isinstance(child.value, str) else list(child.value) if isinstance(child.value, dict) else []
        if any(len(text) > LONGEST for text in texts):
            long = next(text for text in texts if len(text) > LONGEST)
            place = child.place if len(child.place) <= 80 else f"{child.place[:80]}…"
            raise KidoError([*values.problems, Problem("too-long", place, f"{long[:40]}…", {"most": f"{LONGEST:,}"})])
        rest += child.value.values() if isinstance(child.value, dict) else child.value if isinstance(child.value, list) else []


def states(mark: Mark, name: str) -> bool:
    """Whether a transaction says anything of a fact, in a section or flat.

    >>> states(marked({"movement": {"date": "2026-11-23"}}, ""), "on")
    True
    """
    return isinstance(mark.value, dict) and any(ALIASES.get(key, key) == name for key, _, _ in _flat(mark))


def _flat(mark: Mark) -> Iterator[tuple[str, Mark, Mark]]:
    """Every key with its value, sections opened."""
    for name, child in mark.value.items():
        if name in SECTIONS and isinstance(child.value, dict):
            yield from _flat(child)
        elif name in SECTIONS and known_mark(child) is None:
            continue
        elif name == "end_use" and isinstance(child.value, str):
            yield "end_use_text", mark.keys[name], child
        elif name == "technology_used":
            yield "technology", mark.keys[name], child
        else:
            yield name, mark.keys[name], child


def _take(door: _Door, name: str, at: Mark, child: Mark) -> None:
    """One stated fact."""
    values = door.values
    if name in door.marks:
        values.wrong("duplicate-key", at, name)
    door.marks[name] = child
    if name == "composition":
        _add_contents(door, read_composition(child, values), at)
        door.given[name] = ", ".join(f"{symbol} {amount or '?'}" for symbol, amount in door.contents.items())
        return
    if name in COLLECTIONS:
        return
    if name in SECTIONS:
        values.wrong("wrong-shape", child, wanted="{fact: value, …}")
        return
    symbol = name.removesuffix(CONTENT).capitalize()
    if name.endswith(CONTENT) and symbol in values.terms.elements:
        _add_contents(door, read_composition(Mark({symbol: child}, at.file, at.line, at.column, keys={symbol: at}), values), at)
        door.given[name] = str(child.value)
        return
    fact = values.terms.facts.get(name)
    if fact is None:
        known = [*values.terms.facts, *ALIASES, *COLLECTIONS, *SECTIONS]
        element = values.terms.lookup("element", name)
        near = f"{element.lower()}{CONTENT}" if element and element != "mixed" else nearest(name, known)
        values.wrong("unknown-fact", at, name, near=near)
        return
    if name == "form" and isinstance(child.value, str) and child.value.strip().casefold() in POWDER:
        door.facts.setdefault("powder_or_granules", True)
        door.given[name] = child.value
        values.note("powder-is-not-a-form")
        return
    found = values.read(fact, child)
    if found is not None:
        door.facts[name] = found
        door.given[name] = child.value if isinstance(child.value, str) else str(child.plain())


def _state(door: _Door, fact: str, answer: bool, mark: Mark) -> None:
    """What a party row says of a fact, unless the fact itself says otherwise."""
    if door.facts.get(fact, answer) != answer:
        door.values.wrong("contradiction", mark, mark.value, symbol=fact)
    door.facts[fact] = answer
    door.given[fact] = mark.value


def _add_contents(door: _Door, found: Contents, at: Mark) -> None:
    for symbol in found.keys() & door.contents.keys():
        door.values.wrong("element-twice", at, at.value, symbol=symbol)
    door.contents |= found


def laid_over(mark: Mark, over: Mark) -> Mark:
    """A transaction with some facts replaced: what stands in `over` wins, wherever the file has it."""
    if not isinstance(mark.value, dict) or not over.value:
        return mark
    replaced = {ALIASES.get(name, name) for name in over.value}
    values, keys = dict(over.value), dict(over.keys or {})
    for name, at, child in _flat(mark):
        if ALIASES.get(name, name) in replaced:
            continue
        if name in values:
            raise KidoError(Problem("duplicate-key", at.place, name))
        values[name], keys[name] = child, at
    return Mark(values, mark.file, mark.line, mark.column, keys=keys)


def _yes(door: _Door, name: str) -> bool:
    mark = door.marks.get(name)
    if mark is None:
        return False
    found = door.values.read(door.values.terms.facts["composition_complete"], mark)
    if found:
        door.given[name] = "true"
    return bool(found)


def _named_contents(door: _Door) -> None:
    """An element, substance or magnet family that is named is present, however little is known of it."""
    facts, contents = door.facts, door.contents
    element = facts.get("element")
    named = [element] if element and element != "mixed" else []
    substance = door.values.terms.choices["substance"].get(str(facts.get("substance")))
    named += list(substance.elements) if substance else []
    named += {"NdFeB": ["Nd", "Fe", "B"], "SmCo": ["Sm", "Co"]}.get(str(facts.get("magnet_family")), [])
    for symbol in named:
        stated = contents.get(symbol)
        if stated is REST:
            continue
        if stated is not None and stated.high == 0:
            door.values.wrong("contradiction", _content_mark(door, symbol), f"{symbol} 0", symbol=symbol)
        elif stated is None or stated.low == 0:
            contents[symbol] = Amount(1, stated.high, stated.text) if stated else PRESENT


def _content_mark(door: _Door, symbol: str) -> Mark:
    """Where the content of an element was stated."""
    flat = (mark for name, mark in door.marks.items() if name.casefold() == f"{symbol}{CONTENT}".casefold())
    return next(flat, None) or door.marks["composition"]


def _agrees(door: _Door, facts: Facts) -> None:
    """A magnet whose contents say one family cannot be stated as another."""
    found, stated = family_of(facts), facts.values.get("magnet_family")
    if facts.values.get("form") in ("magnet", "magnet_powder") and found and stated and stated != found:
        door.values.wrong("contradiction", door.marks["magnet_family"], str(stated), symbol=f"composition: {found}")
    origin = facts.values.get("origin")
    if facts.values.get("cn_origin") is True and origin not in (None, "CN") and "cn_origin" in door.marks:
        door.values.wrong("contradiction", door.marks["cn_origin"], "true", symbol=f"origin: {origin}")
