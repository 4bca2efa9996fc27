"""Which items of the annexes the goods match: by their text, by the supplier's code, or not known.

HS codes never decide; they only say where to look again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kido.decide.transaction import Transaction
from kido.register.model import Instrument, Item, Register, Unless
from kido.rule.judge import Because, CodeIndex, Facts, Truth, below, judge
from kido.rule.quick import surely_false
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


def unheld(code: str, matches: dict[str, list[ItemMatch]]) -> bool:
    """A control code was stated that no item of the register bears."""
    return bool(code) and not any(match.stated for act in matches.values() for match in act)


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


def match_items(register: Register, transaction: Transaction, on: date) -> dict[str, list[ItemMatch]]:
    """Every entry that stands on its list that day and is judged, answered for these goods.

    A control code whose list is stated names entries of that jurisdiction only.
    """
    stated, of = str(transaction.value("control_code") or ""), transaction.value("control_code_list")
    hs = str(transaction.value("hs") or "")
    found = {}
    for act in register.instruments.values():
        judged = [item for item in act.items if item.when is not None and item.stands(on)]
        if judged:
            code = stated if of in (None, act.jurisdiction) else ""
            found[act.id] = [match_item(act, item, transaction.facts, code, hs) for item in judged]
    return found


def match_item(act: Instrument, item: Item, facts: Facts, stated: str, hs: str) -> ItemMatch:
    """The item's own rule, then official answers, then what the supplier says."""
    if not stated and not hs and surely_false(item.when, facts):
        return ItemMatch(act.id, item, False, Because(item.when, False))
    verdict = judge(item.when, facts)
    answer, out_by, open_out = verdict.answer, None, ()
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
    return ItemMatch(act.id, item, answer, verdict.because, named, out_by, open_out if answer is not False else (), pointed)


def _named(code: str, stated: str) -> str:
    if below(stated, code):
        return "exact"
    return "within" if below(code, stated) else ""
