"""Item 16 of Japan's list: 16(1) or 16(2) by HS code, the group of the destination, and each catch-all test beside the facts."""

from __future__ import annotations

from dataclasses import dataclass

from kido.decide.finding import Finding
from kido.papers.case import Case
from kido.papers.comparison import Condition, Words, conditions
from kido.papers.jp_entries import day_facts, matches_of
from kido.papers.legal_words import both
from kido.rule.judge import Truth
from kido.terms.text import Text

FIRST, SECOND = "16(1)", "16(2)"
GROUP_A, EMBARGO = "JP_GROUP_A", "JP_ANNEX_3_2"
_KINDS: dict[str, Text] = {
    FIRST: {"ja": "16の項(一): HSで名指しされた貨物", "en": "16(1): goods named by HS code"},
    SECOND: {"ja": "16の項(二): その他の貨物", "en": "16(2): other goods"},
    "": {"ja": "述べられたHSコードは16の項の類に当たりません", "en": "the HS code stated is in no chapter of item 16"},
    "?": {"ja": "判定不能: HSコードなどの事実が足りません", "en": "cannot be judged: the HS code or other facts are missing"},
}  # fmt: skip
_GROUPS: dict[str, Text] = {
    GROUP_A: {"ja": "グループA(輸出令別表第三)", "en": "Group A (Annex 3)"},
    EMBARGO: {"ja": "国連武器禁輸国・地域(輸出令別表第三の二)", "en": "UN arms embargo destination (Annex 3-2)"},
    "": {"ja": "グループA・国連武器禁輸国以外", "en": "neither Group A nor under a UN arms embargo"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tested:
    """One catch-all measure beside the facts."""

    finding: Finding
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Item16:
    """kind: 16(1), 16(2), "" for neither, "?" where facts are missing. group: JP_GROUP_A, JP_ANNEX_3_2 or ""; None if unknown."""

    kind: str
    codes: tuple[str, ...]
    group: str | None
    split: bool  # whether (1) and (2) are apart on that day
    tests: tuple[Tested, ...]

    @property
    def kind_words(self) -> Text:
        if self.kind in (FIRST, SECOND) and not self.split:
            return both("16の項(この日は(一)(二)に分かれていません)", "item 16 (not yet split into (1) and (2) on this day)")
        return _KINDS[self.kind]

    @property
    def group_words(self) -> Text | None:
        return None if self.group is None else _GROUPS[self.group]


def item_16(case: Case) -> Item16:
    """Where the goods stand in item 16, and the tests that follow."""
    d = case.determination
    matches = [match for act in matches_of(case, "JP").values() for match in act if _side(match.item.code)]
    sure = [match for match in matches if match.answer]
    open_ = [match for match in matches if match.answer is None]
    sides = {_side(match.item.code) for match in sure}
    kind = "?" if open_ and not sides else sides.pop() if len(sides) == 1 else "?" if sides else ""
    split = any(f.status.word == "in_force" and any(_side(code) for code in f.measure.codes) for f in d.findings if f.measure.added_by)
    facts, words = day_facts(d), Words.of(case.register, case.terms, d.transaction)
    tests = tuple(
        Tested(f, conditions(f.measure.when, facts, words))
        for f in d.findings
        if f.act.jurisdiction == "JP" and f.gate == "catch_all" and f.status.word in ("in_force", "unknown")
    )
    return Item16(kind, tuple(dict.fromkeys(m.item.code for m in sure)), _group(case), split, tests)


def _side(code: str) -> str:
    """16(1) or 16(2), for entries of one side alone."""
    return next((side for side in (FIRST, SECOND) if code.startswith(side) and "and" not in code), "")


def _group(case: Case) -> str | None:
    place = case.determination.transaction.value("destination")
    if not isinstance(place, str):
        return None
    return next((group for group in (GROUP_A, EMBARGO) if member(case, group, place) is True), "")


def member(case: Case, group: str, place: str) -> Truth:
    """Whether a place is in a group on the day of the law."""
    on = case.determination.on
    return any(span.code == place and span.start <= on <= span.end for span in case.terms.spans(group))
