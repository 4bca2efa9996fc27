"""Which measures speak of a material, code, place, kind or word; and which held on a day.

search(register, terms, Query(...))          -> hits, oldest act first
as_of(register, terms, Query(...), on)       -> hits that stand that day, with the figures of the day
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from kido.errors import KidoError, Problem
from kido.register.model import Figure, Instrument, Item, Measure, Register
from kido.register.shapes import KINDS_OF_ACT, KINDS_OF_MEASURE
from kido.register.timeline import ENDED, NOT_KNOWN, NOT_YET, Status, standings
from kido.rule.nodes import Node, OneOf, walk
from kido.terms.hs import points_to, read_hs
from kido.terms.text import Text, folded, nearest
from kido.terms.vocabulary import Terms

RARE_EARTHS = "REE"
_RARE_EARTH_NAMES = frozenset(folded(name) for name in ("REE", "rare earth", "rare earths", "レアアース", "希土類", "稀土"))


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; an empty field asks nothing. Words are already ids (`Dy`, `JP`, `magnet`)."""

    element: str = ""
    form: str = ""
    hs: str = ""
    code: str = ""
    word: str = ""
    kind: str = ""
    justification: str = ""
    place: str = ""
    jurisdiction: str = ""

    @property
    def of_items(self) -> bool:
        return bool(self.element or self.form or self.hs or self.code)


@dataclass(frozen=True, slots=True)
class Hit:
    """One measure that fits, with the items that made it fit and, for a day, its standing and figures."""

    act: Instrument
    measure: Measure
    items: tuple[Item, ...] = ()
    status: Status | None = None
    figures: tuple[Figure, ...] = ()


def query(register: Register, terms: Terms, wanted: dict[str, str]) -> Query:
    """Words of any language made into the ids a search uses; every wrong one is reported.

    >>> from kido.register.store import register, terms
    >>> query(register(), terms(), {"element": "ホルミウム", "place": "日本"}).place
    'JP'
    """
    known = [field.name for field in fields(Query)]
    if wrong := [name for name in wanted if name not in known]:
        raise TypeError(f"search by {', '.join(known)}; not {wrong[0]!r}")
    problems: list[Problem] = []
    ids = {name: _id(register, terms, name, str(raw), problems) for name, raw in wanted.items()}
    if problems:
        raise KidoError(problems)
    return Query(**ids)


def _id(register: Register, terms: Terms, name: str, raw: str, problems: list[Problem]) -> str | None:
    """One word of a search as an id; a problem where it is none."""
    place = f"--{name}"
    if name == "element" and folded(raw) in _RARE_EARTH_NAMES:
        return RARE_EARTHS
    if name == "hs":
        found = read_hs(raw)
        problems += [] if found else [Problem("not-an-hs-code", place, raw)]
        return found
    if name == "kind":
        kinds = sorted({*KINDS_OF_ACT, *KINDS_OF_MEASURE})
        if raw not in kinds:
            problems.append(Problem("not-one-of", place, raw, {"fact": name, "near": nearest(raw, kinds), "values": ", ".join(kinds)}))
        return raw
    table = {"element": "element", "form": "form", "place": "place", "jurisdiction": "place"}.get(name)
    if table is None:
        return raw
    found = terms.lookup(table, raw)
    if found is None and table == "place" and raw.upper() in {*register.watches, *terms.place_groups}:
        return raw.upper()
    if found is None:
        near = terms.aliases[table].get(nearest(folded(raw), terms.aliases[table]), "")
        problems.append(Problem("unknown-value", place, raw, {"fact": name, "near": near, "list": table}))
    return found


def search(register: Register, terms: Terms, query: Query) -> list[Hit]:
    """Every measure that fits, oldest act first.

    >>> from kido.register.store import register, terms
    >>> {hit.act.id for hit in search(register(), terms(), Query(element="Ho", form="metal", kind="licence"))}
    {'cn-mofcom-gacc-2025-57'}
    """
    found = [hit for act in register.instruments.values() for hit in _hits(act, query, terms)]
    return sorted(found, key=lambda hit: (hit.act.known_from, hit.act.id, hit.measure.no))


def as_of(register: Register, terms: Terms, query: Query, on: date, known_on: date = date.max) -> list[Hit]:
    """The measures that stand on a day by the knowledge of a day, each with the figures of that day.

    A measure that is suspended, or whose standing is not known, is in the list and says so; one that
    has ended or has not begun is not.
    """
    standing = standings(register, on, known_on)
    found = []
    for hit in search(register, terms, query):
        status = standing[hit.measure.id]
        if hit.act.undated and hit.measure.effective is None and on < hit.act.known_from:
            continue  # its first day is not stated: nothing says that it stood then
        if status.word in (NOT_YET, NOT_KNOWN, ENDED) or (hit.act.known_from > on and hit.act.effective is None):
            continue
        items = tuple(item for item in hit.items if item.stands(on))
        if hit.items and not items:
            continue
        codes = {item.code for item in items}
        ahead = hit.measure.kind == "target"  # a target of 2030 is what is aimed at today
        figures = tuple(
            f
            for f in hit.measure.figures
            if (f.holds(on, known_on) or (ahead and f.holds(f.start or on, known_on)))
            and (not f.items or not codes or codes & set(f.items))
        )
        found.append(replace(hit, items=items, status=status, figures=figures))
    return found


def _hits(act: Instrument, query: Query, terms: Terms) -> Iterator[Hit]:
    if query.jurisdiction and act.jurisdiction != query.jurisdiction:
        return
    if query.justification and folded(query.justification) not in folded(act.justification):
        return
    for measure in act.measures:
        if query.kind and query.kind != (measure.kind if query.kind in KINDS_OF_MEASURE else act.kind):
            continue
        if query.place and not _speaks_of_place(act, measure, query.place, terms):
            continue
        items = act.items_of(measure) if measure.codes else act.items if not measure.judged else ()
        fitting = tuple(item for item in items if _item_fits(item, query, terms))
        if query.of_items and not fitting and not _act_fits(act, query, terms):
            continue
        if query.word and not _says(act, measure, query.word):
            fitting = tuple(item for item in fitting if _item_says(item, query.word))
            if not fitting:
                continue
        yield Hit(act, measure, fitting)


def _item_fits(item: Item, query: Query, terms: Terms) -> bool:
    return (
        (not query.element or _is_about(item.elements, query.element, terms))
        and (not query.form or item.form == query.form)
        and (not query.hs or any(_hs_fits(query.hs, code) for p in item.hs for code in p.codes))
        and (not query.code or item.code.casefold().startswith(query.code.casefold()))
    )


def _hs_fits(wanted: str, printed: str) -> bool:
    """A prefix of a printed code, a code below it, or a chapter of a printed range (`68-93`)."""
    first, dash, last = printed.partition("-")
    if dash and first.isdigit() and last.isdigit():
        return first <= wanted[: len(first)] <= last
    digits = read_hs(printed) or printed
    return digits.startswith(wanted) or wanted.startswith(digits) or points_to(wanted, digits)


def _act_fits(act: Instrument, query: Query, terms: Terms) -> bool:
    """An act without entries that names the material it is about."""
    return bool(query.element and not (query.form or query.hs or query.code) and _is_about(act.elements, query.element, terms))


def _is_about(elements: tuple[str, ...], symbol: str, terms: Terms) -> bool:
    rare_earths = terms.groups.get("rare_earths", frozenset())
    if symbol == RARE_EARTHS:
        return not rare_earths.isdisjoint(elements) or RARE_EARTHS in elements
    rare_earth = symbol in rare_earths
    return symbol in elements or (rare_earth and RARE_EARTHS in elements)


def _speaks_of_place(act: Instrument, measure: Measure, place: str, terms: Terms) -> bool:
    """A partner of the act, or a place its rules name, itself or in a group."""
    named = set(act.partners) | {act.jurisdiction}
    rules: list[Node] = [rule for rule in (measure.when, *(u.when for u in measure.unless)) if rule is not None]
    for node in (node for rule in rules for node in walk(rule) if isinstance(node, OneOf)):
        fact = terms.facts.get(node.fact.name)
        if fact is not None and fact.type in ("place", "places"):
            named |= {*node.values, *([node.group] if node.group else [])}
    groups = {name for name in named if name in terms.place_groups}
    return place in named or any(span.code == place for name in groups for span in terms.spans(name))


def _says(act: Instrument, measure: Measure, word: str) -> bool:
    texts = [act.title, measure.title, act.note, measure.note, measure.review, *act.doubts]
    plain = [act.id, act.number, act.justification, *act.entities, *act.legal_basis]
    return _contains([*_all(texts), *plain], word)


def _item_says(item: Item, word: str) -> bool:
    return _contains([item.code, *_all([item.name, item.note, item.includes, item.excludes])], word)


def _all(texts: Iterable[Text | None]) -> list[str]:
    return [said for text in texts if text for said in text.values()]


def _contains(texts: Iterable[str], word: str) -> bool:
    sought = folded(word)
    return any(sought in folded(text) for text in texts)
