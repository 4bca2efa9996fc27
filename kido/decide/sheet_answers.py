"""The answers of a sheet: gate by gate, jurisdiction by jurisdiction, as `determine` gives them, in numbers.

An answer is its place in `ANSWERS`, the strictest first; `NOTHING` where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from kido.decide.determine import ANSWERS, EXCEPTION, FACTS_MISSING, NO_MATCH, OUTSIDE_DATA, PROHIBITED
from kido.decide.finding import SEVERITY
from kido.decide.sheet_parts import CODE, CODE_HELD, MeasureSteps, Sheet
from kido.register.model import Procedure, Register, Watch
from kido.rule.graph import Graph
from kido.rule.tabular import Reader
from kido.terms.vocabulary import Terms

NOTHING = len(ANSWERS)
MAY_REACH = NOTHING + 1  # nothing matches, and it is not known whether the law reaches
UNJUDGED = "party.unjudged:"  # whether a party stands on a list of this jurisdiction that no measure judges
_LESSER = ("registration", "report_after", "licence_exception")


def rank_of(answer: str) -> int:
    return ANSWERS.index(answer)


def add(sheet: Sheet, register: Register, terms: Terms, facts: Mapping[str, str], knowledge: date) -> None:
    """Add the steps of the answers to the outputs of a sheet."""
    g = sheet.graph
    answers, plannings = Ranks(g), Ranks(g)
    for code, watch in register.watches.items():
        mine = [steps for steps in sheet.measures if steps.decides and steps.act.jurisdiction == code]
        sheet.outputs[f"j:{code}"] = _jurisdiction(g, watch, sheet.reaches[code], mine, facts, knowledge, answers, plannings)
    outside, none = g.rank(rank_of(OUTSIDE_DATA)), g.rank(rank_of(NO_MATCH))
    answers.add(rank_of(OUTSIDE_DATA), _not_held(g, register, terms, facts))
    unheld = g.no(g.maybe(g.column(CODE_HELD))) if CODE in facts else g.const(False)
    *stricter, (matched, _) = answers.cases  # the last one is that nothing matches
    answer = g.pick([*stricter, (g.both([matched, g.no(unheld)]), none)], outside)
    sheet.outputs["answer"] = answer
    sheet.outputs["planning"] = g.pick(plannings.cases, answer)
    _may_become(sheet)
    _clock(sheet, register, terms, answer)


def _jurisdiction(
    g: Graph, watch: Watch, reach: int, mine: list[MeasureSteps], facts: Mapping[str, str], knowledge: date, all_: Ranks, planned: Ranks
) -> int:
    """Answer of one jurisdiction, nothing where its law does not reach; what it gives is added to what all give."""
    gates: dict[str, list[tuple[MeasureSteps, int]]] = {}
    for steps in mine:
        gates.setdefault(steps.measure.gate, []).append((steps, g.no(steps.technology)))
        gates.setdefault("technology", []).append((steps, steps.technology))
    answers, plannings = Ranks(g), Ranks(g)
    for members in gates.values():
        _gate(g, members, answers, plannings)
    unjudged = g.sure(g.column(f"{UNJUDGED}{watch.jurisdiction}")) if f"{UNJUDGED}{watch.jurisdiction}" in facts else g.const(False)
    unmatched = g.both([g.no(answers.any), g.either([g.maybe(reach), unjudged])])
    shallow = g.const(True) if watch.depth == "single_acts" else _before(g, watch.covers_from, knowledge)
    outside = g.both([unmatched, g.either([shallow, unjudged])])
    for one, other in ((answers, all_), (plannings, planned)):
        one.add(rank_of(OUTSIDE_DATA), outside)
        one.add(rank_of(NO_MATCH), g.both([unmatched, g.no(outside)]))
        for rank, whens in one.given.items():
            other.add(rank, g.either(whens))
    *stricter, (matched, none) = answers.cases  # the last one is that nothing matches
    return g.pick([*stricter, (g.both([matched, g.sure(reach)]), none), (matched, g.rank(MAY_REACH))], g.rank(NOTHING))


@dataclass(slots=True)
class Ranks:
    """When each answer is given; the strictest that is given counts."""

    g: Graph
    given: dict[int, list[int]] = field(default_factory=dict)

    def add(self, rank: int, when: int) -> None:
        if rank != NOTHING:
            self.given.setdefault(rank, []).append(when)

    @property
    def any(self) -> int:
        return self.g.either([self.g.either(whens) for whens in self.given.values()])

    @property
    def cases(self) -> list[tuple[int, int]]:
        return [(self.g.either(self.given[rank]), self.g.rank(rank)) for rank in sorted(self.given)]


def _before(g: Graph, first: date, knowledge: date) -> int:
    return g.const(True) if knowledge < first else g.between("on", date.min, first - timedelta(days=1))


def _gate(g: Graph, members: list[tuple[MeasureSteps, int]], answers: Ranks, plannings: Ranks) -> None:
    """What one gate gives: the answers of what binds, facts missing where something is open; planned is what is sure, else the answer."""
    open_, sure = [], Ranks(g)
    for steps, here in members:
        if g.steps[here] == ("const", False):
            continue
        binds, may_bind = g.both([here, steps.binds]), g.both([here, steps.may_bind])
        exact = [(when, _rank(outcome)) for when, outcome in _exact(g, steps)]
        exception = g.either([when for when, rank in exact if rank == rank_of(EXCEPTION)])
        lesser = g.both([binds, exception, _worse(g, steps)])
        open_ += [may_bind, lesser]
        surely = g.either([binds, g.both([g.either([may_bind, lesser]), steps.applies])])
        for when, rank in exact:
            answers.add(rank, g.both([binds, when]))
            sure.add(rank, g.both([surely, when]))
    some = g.either(open_)
    answers.add(rank_of(FACTS_MISSING), some)
    for rank, whens in sure.given.items():
        plannings.add(rank, g.either(whens))
    plannings.add(rank_of(FACTS_MISSING), g.both([some, g.no(sure.any)]))


def _rank(outcome: str) -> int:
    name = EXCEPTION if outcome in _LESSER else outcome
    return rank_of(name) if name in ANSWERS else NOTHING


def _severest(g: Graph, steps: MeasureSteps) -> list[tuple[int, str]]:
    """The strictest outcome that is still possible, by the first condition that holds: as `Finding.worst`."""
    possible = [(when, outcome) for when, outcome in _exact(g, steps)]
    possible += [(g.unknown(step), unless.outcome) for unless, step in zip(steps.measure.unless, steps.exceptions, strict=True)]
    return sorted(possible, key=lambda one: -SEVERITY[one[1]])


def _exact(g: Graph, steps: MeasureSteps) -> list[tuple[int, str]]:
    """Each outcome with the condition under which it is the one."""
    found, before = [], []
    for when, outcome in steps.outcomes:
        found.append((g.both([when, *(g.no(one) for one in before)]), outcome))
        before.append(when)
    return found


def _worse(g: Graph, steps: MeasureSteps) -> int:
    """Whether the strictest outcome still possible is another than the outcome."""
    open_ = [(g.unknown(step), unless.outcome) for unless, step in zip(steps.measure.unless, steps.exceptions, strict=True)]
    return g.either(
        [g.both([when, still]) for when, outcome in _exact(g, steps) for still, other in open_ if SEVERITY[other] > SEVERITY[outcome]]
    )


def _may_become(sheet: Sheet) -> None:
    """The strictest answer that missing facts could still bring, where it is stricter than the one to plan for."""
    g = sheet.graph
    possible = Ranks(g)
    for steps in sheet.measures:
        if steps.decides:
            open_ = g.either([g.unknown(step) for step in steps.exceptions])
            still, before = g.either([steps.may_bind, g.both([steps.binds, open_])]), []
            for when, outcome in _severest(g, steps):
                possible.add(rank_of(outcome) if outcome in ANSWERS else NOTHING, g.both([still, when, *(g.no(one) for one in before)]))
                before.append(when)
    worst, planning = g.pick(possible.cases, g.rank(NOTHING)), sheet.outputs["planning"]
    sheet.outputs["may_become"] = g.pick([(g.lower(worst, planning), worst)], g.rank(NOTHING))


def _not_held(g: Graph, register: Register, terms: Terms, facts: Mapping[str, str]) -> int:
    """The goods leave a country whose law is in none of the folders."""
    place = "exported_from"
    if place not in facts:
        return g.const(False)
    inside = [
        g.both([g.among(place, (span.code,)), g.between("on", span.start, span.end)])
        for union in register.watches
        if union in terms.place_groups
        for span in terms.spans(union)
    ]
    held = g.either([g.among(place, tuple(register.watches)), *inside])
    return g.both([g.given(place), g.no(g.sure(held))])


# -- by when ---------------------------------------------------------------------------------


def clocks(register: Register, terms: Terms) -> list[Procedure]:
    """The procedures whose days can be counted, in the order of their numbers (from 1)."""
    return [p for p in register.procedures.values() if p.working_days and p.act.split("-")[0].upper() in terms.holidays]


def _clock(sheet: Sheet, register: Register, terms: Terms, answer: int) -> None:
    """The number of the procedure whose days are counted: as `determine._procedures` and `clock` choose it; 0 for none."""
    g = sheet.graph
    deciding = [steps for steps in sheet.measures if steps.decides]
    certain = [g.either([steps.binds, g.both([steps.may_bind, steps.applies])]) for steps in deciding]
    any_certain = g.either(certain)
    numbers = {p.id: number for number, p in enumerate(clocks(register, terms), 1)}
    cases = [(g.equals(answer, rank_of(PROHIBITED)), g.rank(0))]
    for steps, sure in zip(deciding, certain, strict=True):
        procedure = register.procedures.get(steps.measure.procedure)
        if procedure is None or procedure.id not in numbers:
            continue
        at_gate = g.const(False) if steps.measure.gate == "technology" else g.no(steps.technology)
        named = g.either([sure, g.both([g.no(any_certain), steps.may_bind, at_gate])])
        cases.append((g.both([named, g.no(_unbound(g, procedure, sheet.measures[-1].reader))]), g.rank(numbers[procedure.id])))
    sheet.outputs["clock"] = g.pick(cases, g.rank(0))


def _unbound(g: Graph, procedure: Procedure, reader: Reader) -> int:
    return g.const(False) if procedure.days_unless is None else g.sure(reader.read(procedure.days_unless))
