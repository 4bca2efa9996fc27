"""Every entry of Japan's list that the register holds, with its mark for the goods: 該当, 非該当, 対象外 or 判定不能.

judged_entries(case)  -> Entry, in the order of the list
held_items(entries)   -> how many entries are held of each item 1 to 15
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kido.decide.determine import Determination
from kido.decide.finding import DOES_NOT, Finding
from kido.decide.match import ItemMatch, match_items
from kido.papers.case import Case
from kido.papers.comparison import Condition, Words, conditions
from kido.papers.legal_words import both
from kido.register.model import Instrument, Measure
from kido.rule import nodes as n
from kido.rule.judge import Facts
from kido.terms.codes import below
from kido.terms.text import Text

LISTED, NOT_LISTED, NOT_CONCERNED, UNDECIDED = "listed", "not_listed", "not_concerned", "undecided"
MARKS: dict[str, Text] = {
    LISTED: {"ja": "該当", "en": "listed"},
    NOT_LISTED: {"ja": "非該当", "en": "not listed"},
    NOT_CONCERNED: {"ja": "対象外", "en": "other goods"},
    UNDECIDED: {"ja": "判定不能", "en": "undecided"},
}  # fmt: skip
EXCLUSION = "jp_entry_exclusion"
ITEMS = ("1", "2", "3", "3の2", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list beside the goods.

    out         the clause of the entry itself that takes the goods out
    open_out    clauses that may still take them out
    by_supplier the supplier's control code names this entry, and the facts do not show it
    """

    act: Instrument
    measure: Measure
    match: ItemMatch
    mark: str
    conditions: tuple[Condition, ...]
    out: Text | None = None
    open_out: tuple[Text, ...] = ()
    by_supplier: bool = False

    @property
    def code(self) -> str:
        return self.match.item.code

    @property
    def missing(self) -> tuple[str, ...]:
        return self.match.missing if self.mark == UNDECIDED else ()

    @property
    def decisive(self) -> Condition | None:
        """The first condition that fails."""
        return next((condition for condition in self.conditions if condition.met is False), None)


def day_facts(d: Determination) -> Facts:
    """The facts as they were judged: on the day of the law."""
    return replace(d.transaction.facts, values=dict(d.transaction.facts.values), on=d.on)


def matches_of(case: Case, jurisdiction: str) -> dict[str, list[ItemMatch]]:
    """Every entry of a jurisdiction beside the goods, by act; those that do not match too."""
    d = case.determination
    return match_items(case.register, d.transaction, d.on, {jurisdiction}, *([d.known_on] if d.known_on else []))


def judged_entries(case: Case) -> tuple[Entry, ...]:
    """The entries of Japan's list, marked."""
    matches, facts = matches_of(case, "JP"), day_facts(case.determination)
    words = Words.of(case.register, case.terms, case.determination.transaction)
    found = []
    for act, measure in _listing_measures(case):
        finding = case.determination.finding(measure.id)
        found += [
            _entry(act, measure, match, finding, facts, words) for match in matches.get(act.id, ()) if match.item.code in measure.codes
        ]
    order = {item.code: number for act, _ in _listing_measures(case) for number, item in enumerate(act.items)}
    return tuple(sorted(found, key=lambda entry: order[entry.code]))


def _listing_measures(case: Case) -> Iterator[tuple[Instrument, Measure]]:
    """The measures of the list itself; those of technology only where technology is in question."""
    for act, measure in case.register.judged():
        if act.jurisdiction != "JP" or not measure.covers or measure.kind not in ("licence", "technology"):
            continue
        finding = case.determination.finding(measure.id)
        listed = any(below(code, item) for code in measure.codes for item in ITEMS) or any("1-15" in code for code in measure.codes)
        if listed and (measure.gate == "dual_use" or (measure.gate == "technology" and finding and finding.answer != DOES_NOT)):
            yield act, measure


def _entry(act: Instrument, measure: Measure, match: ItemMatch, finding: Finding | None, facts: Facts, words: Words) -> Entry:
    rows = conditions(match.item.when, facts, words)
    out = match.out_by.note or {"ja": match.out_by.text, "en": match.out_by.text} if match.out_by else _taken_out(finding, match)
    stated = facts.values.get(EXCLUSION)
    left_out = match.item.excludes if _reads(match.item.when, EXCLUSION) else None
    if out is None and left_out and stated is True and match.answer is False and not any(row.met is False and row.identity for row in rows):
        out = both("この項目の「除く」に当たります: {ja}", "what the entry itself excludes: {en}", **left_out)
    mark = _mark(match, rows, out)
    open_out = tuple(
        e.unless.note or {"ja": e.unless.text}
        for e in (finding.open if finding else ())
        if e.unless.outcome == "outside" and _names(e.unless.when, match)
    )
    if left_out and stated is None:
        open_out = (*open_out, both("除く: {ja}", "excluded: {en}", **left_out))
    return Entry(
        act,
        measure,
        match,
        mark,
        rows,
        out,
        open_out if mark == LISTED else (),
        match.stated == "exact" and match.because.answer is not True,
    )


def _reads(rule: n.Node | None, fact: str) -> bool:
    return rule is not None and any(isinstance(node, n.Fact) and node.name == fact for node in n.walk(rule))


def _mark(match: ItemMatch, rows: tuple[Condition, ...], out: Text | None) -> str:
    if match.answer is None:
        return UNDECIDED
    if match.answer:
        return NOT_LISTED if out else LISTED
    failing = next((row for row in rows if row.met is False), None)
    return NOT_CONCERNED if out is None and failing is not None and failing.identity else NOT_LISTED


def _taken_out(finding: Finding | None, match: ItemMatch) -> Text | None:
    """The words of an exclusion that the law writes into the entry, where it holds for this entry."""
    held = finding.excepted if finding and match.answer else ()
    found = next((e.unless for e in held if e.unless.outcome == "outside" and _names(e.unless.when, match)), None)
    return (found.note or {"ja": found.text, "en": found.text}) if found else None


def _names(rule: n.Node, match: ItemMatch) -> bool:
    """An exception that names entries takes out those alone."""
    named = [node for node in n.walk(rule) if isinstance(node, n.Under) and not node.tariff]
    return not named or any(below(match.item.code, prefix) for node in named for prefix in node.prefixes)


def held_items(entries: tuple[Entry, ...]) -> dict[str, tuple[Entry, ...]]:
    """The entries held of each item of Appended Table 1; an empty tuple where none is held.

    >>> held_items(())["3の2"]
    ()
    """
    return {item: tuple(entry for entry in entries if below(entry.code, item)) for item in ITEMS}
