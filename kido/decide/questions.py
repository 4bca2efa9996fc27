"""The facts that could still change the answer, most telling first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kido.decide.finding import Finding
from kido.terms.vocabulary import CONTENT, Fact, Terms

# what a buyer knows first; within a group the fact that settles most goes first
_ORDER = ("composition", "movement", "goods", "parameter", "party", "end_use", "money", "technology", "law")
_FIRST = ("act", "exported_from", "destination", "form", "element", "magnet_family", "substance", "equipment")


@dataclass(frozen=True, slots=True)
class Question:
    """A missing fact: how many measures and items it bears on."""

    fact: Fact
    measures: tuple[str, ...]
    items: int
    status_known: bool  # False: it bears only on acts whose standing is itself unknown
    decides: bool = True  # False: it bears only on duties and routes, not on the answer


def rank(findings: Iterable[Finding], terms: Terms) -> tuple[Question, ...]:
    """Missing facts of all findings that bind or may bind, in the order to ask them."""
    measures: dict[str, list[Finding]] = {}
    items: Counter[str] = Counter()
    for finding in findings:
        if not (finding.binds or finding.may_bind):
            continue
        for name in finding.missing:
            measures.setdefault(name, []).append(finding)
        for match in finding.possible:
            items.update(set(match.missing))
    asked = [
        Question(
            _fact(name, terms), tuple(f.measure.id for f in found), items[name], any(f.status.word == "in_force" for f in found),
            any(f.measure.kind not in ("duty", "facilitation") for f in found),
        )
        for name, found in measures.items()
    ]  # fmt: skip
    return tuple(sorted(asked, key=_key))


def _key(question: Question) -> tuple:
    fact = question.fact
    first = _FIRST.index(fact.name) if fact.name in _FIRST else len(_FIRST)
    group = _ORDER.index(fact.group) if fact.group in _ORDER else len(_ORDER)
    return (not question.decides, not question.status_known, first, group, -len(question.measures), -question.items, fact.name)


def _fact(name: str, terms: Terms) -> Fact:
    if name in terms.facts:
        return terms.facts[name]
    if name.endswith(CONTENT):
        symbol = name.removesuffix(CONTENT).capitalize()
        label = terms.elements[symbol].label
        ask = {"ja": f"{label['ja']}({symbol})は何wt%含まれますか。", "en": f"How many wt% of {label['en']} ({symbol}) does it contain?"}
        return Fact(
            name,
            "number",
            "wt%",
            "composition",
            "",
            {"ja": f"{label['ja']}の含有率", "en": f"{label['en']} content"},
            ask,
            "certificate_of_analysis",
        )
    ask = {"ja": f"{name} を教えてください。", "en": f"Please state {name}."}
    return Fact(name, "text", "", "goods", "", {"ja": name, "en": name}, ask, "")
