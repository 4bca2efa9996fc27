"""Which items of the annexes the goods match: by their text, by the supplier's code, or not known.

HS codes never decide; they only say where to look again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from kido.decide.transaction import Transaction
from kido.register.model import Instrument, Item, Register, Unless
from kido.rule.judge import Because, CodeIndex, Facts, Truth, judge
from kido.rule.memo import remembered
from kido.rule.nodes import Known, Node, walk
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
    ruled_out = _ruled_out(register, facts)
    found = {}
    for act in register.instruments.values():
        judged = [item for item in act.items if item.when is not None and item.stands(on) and _known(register, item, known_on)]
        if judged and act.jurisdiction in touched:
            code, out = stated if of in (None, act.jurisdiction) else "", ruled_out[act.id]
            found[act.id] = [
                out[item.code] if item.code in out and not code and not hs else match_item(act, item, facts, code, hs, register.verdicts)
                for item in judged
            ]
    return found


def _known(register: Register, item: Item, known_on: date) -> bool:
    """Whether the act that put an entry on its list was known by then."""
    return not (item.by and item.start) or register.instruments[item.by].known_from <= known_on


_SIEVED = ("form", "element", "substance", "equipment", "technology", "act")


def _ruled_out(register: Register, facts: Facts) -> dict[str, dict[str, ItemMatch]]:
    """The entries that a few worded facts alone rule out; kept, for many transactions share them.

    What is false by some facts stays false by all of them (`tests/rule/test_agreement.py`), unless a rule
    asks whether a fact is known.
    """
    key = (*(facts.values.get(name) for name in _SIEVED), *(facts.maybe.get(name) for name in _SIEVED))
    if key not in register.sieves:
        if len(register.sieves) > 4096:
            register.sieves.clear()
        values = {name: facts.values[name] for name in _SIEVED if name in facts.values}
        few = Facts(values, groups=facts.groups, maybe=facts.maybe)
        register.sieves[key] = {
            act.id: {item.code: ItemMatch(act.id, item, False, Because(item.when, False)) for item in act.items if _falls(item.when, few)}
            for act in register.instruments.values()
        }
    return register.sieves[key]


def _falls(rule: Node | None, few: Facts) -> bool:
    return rule is not None and truth(rule, few) is False and not any(isinstance(node, Known) for node in walk(rule))


def match_item(act: Instrument, item: Item, facts: Facts, stated: str, hs: str, kept: dict) -> ItemMatch:
    """The item's own rule, then official answers, then what the supplier says."""
    pointless = not stated and not hs  # nothing but the rule speaks of the entry
    because = remembered(item.when, facts, kept, lambda: _because(item.when, facts, pointless), pointless)
    if pointless and because.answer is False:
        return ItemMatch(act.id, item, False, because)
    answer, out_by, open_out = because.answer, None, ()
    named = _named(item.code, stated) if stated else ""
    if answer is not False and item.unless:
        judged = [(unless, judge(unless.when, facts)) for unless in item.unless]
        out_by = next((unless for unless, found in judged if found.answer), None)
        open_out = tuple((unless, found.missing) for unless, found in judged if found.answer is None)
        if out_by:
            answer = False
    if named == "exact" and not answer:
        answer = True
    elif named == "within" and answer is False and out_by is None:
        answer = None
    pointed = tuple(code for printed in item.hs for code in printed.codes if points_to(hs, code)) if hs else ()
    return ItemMatch(act.id, item, answer, because, named, out_by, open_out if answer is not False else (), pointed)


def _because(rule: Node, facts: Facts, pointless: bool) -> Because:
    return Because(rule, False) if pointless and truth(rule, facts) is False else judge(rule, facts).because


def _named(code: str, stated: str) -> str:
    if below(stated, code):
        return "exact"
    return "within" if below(code, stated) else ""
