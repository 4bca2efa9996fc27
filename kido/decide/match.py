"""Which items of the annexes the goods match: by their text, by the supplier's code, or not known.

HS codes never decide; they only say where to look again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from kido.decide.per_register import per_register
from kido.decide.transaction import Transaction
from kido.register.model import Instrument, Item, Register, Unless
from kido.rule.judge import Because, CodeIndex, Facts, Truth, judge, reason
from kido.rule.nodes import Known, walk
from kido.rule.quick import truth
from kido.terms.codes import below
from kido.terms.hs import points_to


@dataclass(frozen=True, slots=True)
class ItemMatch:
    """One item's answer.

    stated      the supplier's control code names this item ("exact") or a group it lies in ("within")
    out_by      the official answer or exception that takes the goods out
    open_out    exceptions that may still take them out
    pointed_at  HS codes of the item that the given code points to
    """

    act: str
    item: Item
    answer: Truth
    because: Because
    stated: str = ""
    out_by: Unless | None = None
    open_out: tuple[tuple[Unless, tuple[str, ...]], ...] = ()
    pointed_at: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that could still bring the item in or take it out."""
        own = self.because.missing if self.answer is None else ()
        if not self.open_out:
            return own
        return tuple(dict.fromkeys((*own, *(name for _, names in self.open_out for name in names))))


def unheld(code: str, of: object, register: Register) -> bool:
    """A control code was stated that no entry of the register (of the list stated) bears."""
    acts = (act for act in register.instruments.values() if of in (None, act.jurisdiction))
    return bool(code) and not any(_named(item.code, code) for act in acts for item in act.items)


class ItemCodes(CodeIndex):
    """Codes of one jurisdiction the goods fall under, for rules that speak of another act's items."""

    def __init__(self, matches: Iterable[list[ItemMatch]], stated: str):
        self.found = [match for act in matches for match in act if match.answer is not False]
        self.stated = stated

    def under(self, prefixes: tuple[str, ...]) -> tuple[Truth, tuple[str, ...]]:
        here = [match for match in self.found if any(below(match.item.code, prefix) for prefix in prefixes)]
        sure = tuple(match.item.code for match in here if match.answer)
        if sure:
            return True, sure
        if self.stated and any(below(self.stated, prefix) for prefix in prefixes):
            return True, (self.stated,)
        return (None, tuple(match.item.code for match in here)) if here else (False, ())


def match_items(
    register: Register, transaction: Transaction, on: date, touched: Collection[str], known_on: date = date.max
) -> dict[str, list[ItemMatch]]:
    """Every entry of the jurisdictions touched that stands on its list that day, answered for these goods.

    A control code whose list is stated names entries of that jurisdiction only.
    """
    stated, of = str(transaction.value("control_code") or ""), transaction.value("control_code_list")
    hs = str(transaction.value("hs") or "")
    facts = replace(transaction.facts, memo={})  # definitions are judged once for all entries
    found = {}
    for annex, open_ in _sieved(_day(register, on, known_on), facts):
        if annex.jurisdiction in touched:
            code = stated if of in (None, annex.jurisdiction) else ""
            found[annex.act] = annex.matches(open_, facts)
            if code or hs:
                annex.point(found[annex.act], facts, code, hs)
    return found


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry with what is the same for all goods."""

    act: str
    item: Item
    fallen: ItemMatch  # its answer where its rule is false and nothing else speaks of it

    @classmethod
    def of(cls, act: Instrument, item: Item) -> _Entry:
        return cls(act.id, item, ItemMatch(act.id, item, False, Because(item.when, False)))

    def falls(self, few: Facts) -> bool:
        """Whether it falls by these facts, whatever the others are; not where it asks what is known."""
        rule = self.item.when
        return truth(rule, few) is False and not any(type(node) is Known for node in walk(rule))

    def match(self, facts: Facts) -> ItemMatch:
        """By its own rule, then by official answers."""
        if truth(self.item.when, facts) is False:
            return self.fallen
        because = reason(self.item.when)(facts)
        if self.item.unless:
            return self._with_exceptions(facts, because, "", ())
        return ItemMatch(self.act, self.item, because.answer, because)

    def pointed(self, facts: Facts, stated: str, hs: str) -> ItemMatch | None:
        """By its own rule and official answers, then by what the supplier says; None where the supplier does not speak of it."""
        named = _named(self.item.code, stated) if stated else ""
        pointed = tuple(code for printed in self.item.hs for code in printed.codes if points_to(hs, code)) if hs else ()
        return self._with_exceptions(facts, reason(self.item.when)(facts), named, pointed) if named or pointed else None

    def _with_exceptions(self, facts: Facts, because: Because, named: str, pointed: tuple[str, ...]) -> ItemMatch:
        answer, out_by, open_out = because.answer, None, ()
        if answer is not False and self.item.unless:
            judged = [(unless, judge(unless.when, facts)) for unless in self.item.unless]
            out_by = next((unless for unless, found in judged if found.answer), None)
            open_out = tuple((unless, found.missing) for unless, found in judged if found.answer is None)
            if out_by:
                answer = False
        if named == "exact" and not answer:
            answer = True
        elif named == "within" and answer is False and out_by is None:
            answer = None
        return ItemMatch(self.act, self.item, answer, because, named, out_by, open_out if answer is not False else (), pointed)


Open = Iterable[tuple[int, _Entry]]  # entries that a few worded facts do not rule out, with their places


@dataclass(frozen=True, slots=True)
class _Annex:
    """The entries of an act that stand on a day, and their answers where all of them fall."""

    act: str
    jurisdiction: str
    entries: tuple[_Entry, ...]
    fallen: list[ItemMatch]

    @classmethod
    def of(cls, act: Instrument, entries: tuple[_Entry, ...]) -> _Annex:
        return cls(act.id, act.jurisdiction, entries, [entry.fallen for entry in entries])

    def open(self, few: Facts) -> Open:
        return tuple((at, entry) for at, entry in enumerate(self.entries) if not entry.falls(few))

    def matches(self, open_: Open, facts: Facts) -> list[ItemMatch]:
        found = self.fallen.copy()
        for at, entry in open_:
            found[at] = entry.match(facts)
        return found

    def point(self, found: list[ItemMatch], facts: Facts, stated: str, hs: str) -> None:
        """Put in their places what a stated control code or tariff code speaks of."""
        for at, entry in enumerate(self.entries):
            match = entry.pointed(facts, stated, hs)
            if match is not None:
                found[at] = match


@per_register
def _entries(register: Register) -> list[tuple[Instrument, tuple[_Entry, ...]]]:
    """The entries of every act that have a rule."""
    return [(act, tuple(_Entry.of(act, item) for item in act.items if item.when is not None)) for act in register.instruments.values()]


@dataclass(slots=True)
class _Day:
    """The entries that stand on their lists on a day, and what is left of them where a few worded facts are known."""

    annexes: list[_Annex]
    sieves: dict[tuple, list[tuple[_Annex, Open]] | None] = field(default_factory=dict)


def _day(register: Register, on: date, known_on: date) -> _Day:
    """Put there by acts known by then. Kept, for many transactions share a day and most days their entries."""
    kept = register.sieves
    day = kept.get((on, known_on))
    if day is None:
        standing = [(act, tuple(e for e in all_ if _stands(register, e.item, on, known_on))) for act, all_ in _entries(register)]
        same = tuple(id(entry) for _, entries in standing for entry in entries)
        if len(kept) > _MOST_KEPT:
            kept.clear()
        day = kept.get(same) or _Day([_Annex.of(act, entries) for act, entries in standing if entries])
        kept[same] = kept[on, known_on] = day
    return day


def _stands(register: Register, item: Item, on: date, known_on: date) -> bool:
    """Whether an entry is on its list, and the act that put it there was known by then."""
    return item.stands(on) and (not (item.by and item.start) or register.instruments[item.by].known_from <= known_on)


_SIEVED = ("form", "element", "substance", "equipment", "technology", "act")
_MOST_KEPT = 4096


def _sieved(day: _Day, facts: Facts) -> list[tuple[_Annex, Open]]:
    """What a few worded facts alone leave open of the entries of a day; kept, for many transactions share them.

    What is false by some facts stays false by all of them (`tests/rule/test_agreement.py`), unless a rule
    asks whether a fact is known.
    """
    values, maybe = facts.values, facts.maybe
    key = (*[values.get(name) for name in _SIEVED], *[maybe.get(name) for name in _SIEVED])
    sieved = day.sieves.get(key)
    if sieved is None:
        if len(day.sieves) > _MOST_KEPT:
            day.sieves.clear()
        if key not in day.sieves:  # sifted the second time, for it takes longer than to judge every entry once
            day.sieves[key] = None
            return [(annex, enumerate(annex.entries)) for annex in day.annexes]
        few = Facts({name: values[name] for name in _SIEVED if name in values}, groups=facts.groups, maybe=maybe)
        sieved = day.sieves[key] = [(annex, annex.open(few)) for annex in day.annexes]
    return sieved


def _named(code: str, stated: str) -> str:
    if below(stated, code):
        return "exact"
    return "within" if below(code, stated) else ""
