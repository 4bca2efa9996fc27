"""The answers of a sheet: gate by gate, jurisdiction by jurisdiction, as `determine` gives them, in numbers.

An answer is its place in `ANSWERS`, the strictest first; `NOTHING` where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from kido.decide.determine import ANSWERS, EXCEPTION, FACTS_MISSING, NO_MATCH, OUTSIDE_DATA, PROHIBITED
from kido.decide.finding import SEVERITY
from kido.decide.sheet_parts import CODE, CODE_HELD, MeasureSteps, Sheet
from kido.register.model import Procedure, Register, Watch
from kido.rule.graph import Graph
from kido.rule.tabular import Reader
from kido.terms.vocabulary import Terms

NOTHING = len(ANSWERS)
UNJUDGED = "party.unjudged:"  # whether a party stands on a list of this jurisdiction that no measure judges
_LESSER = ("registration", "report_after", "licence_exception")


def rank_of(answer: str) -> int:
    return ANSWERS.index(answer)


def add(sheet: Sheet, register: Register, terms: Terms, facts: Mapping[str, str], knowledge: date) -> None:
    """Add the steps of the answers to the outputs of a sheet."""
    g = sheet.graph
    answers, plannings = [], []
    for code, watch in register.watches.items():
        mine = [steps for steps in sheet.measures if steps.decides and steps.act.jurisdiction == code]
        answer, planning = _jurisdiction(g, watch, sheet.reaches[code], mine, facts, knowledge)
        sheet.outputs[f"j:{code}"] = answer
        answers.append(answer)
        plannings.append(planning)
    outside, none = g.rank(rank_of(OUTSIDE_DATA)), g.rank(NOTHING)
    answers.append(g.pick([(_not_held(g, register, terms, facts), outside)], none))
    strictest = g.least(answers)
    unheld = g.no(g.maybe(g.column(CODE_HELD))) if CODE in facts else g.const(False)
    no_match = g.equals(strictest, rank_of(NO_MATCH))
    answer = g.pick([(g.equals(strictest, NOTHING), outside), (g.both([no_match, unheld]), outside)], strictest)
    planned = g.least(plannings)
    sheet.outputs["answer"] = answer
    sheet.outputs["planning"] = g.pick([(g.equals(planned, NOTHING), answer)], planned)
    _may_become(sheet)
    _clock(sheet, register, terms, answer)


def _jurisdiction(
    g: Graph, watch: Watch, reach: int, mine: list[MeasureSteps], facts: Mapping[str, str], knowledge: date
) -> tuple[int, int]:
    """Answer and planning of one jurisdiction; nothing where its law does not reach."""
    no_match, nothing = g.rank(rank_of(NO_MATCH)), g.rank(NOTHING)
    gates: dict[str, list[tuple[MeasureSteps, int]]] = {}
    for steps in mine:
        gates.setdefault(steps.measure.gate, []).append((steps, g.no(steps.technology)))
        gates.setdefault("technology", []).append((steps, steps.technology))
    found = [_gate(g, members) for members in gates.values()]
    answer = g.least([no_match, *(gate for gate, _ in found)])
    planning = g.least([no_match, *(plan for _, plan in found)])
    unjudged = g.sure(g.column(f"{UNJUDGED}{watch.jurisdiction}")) if f"{UNJUDGED}{watch.jurisdiction}" in facts else g.const(False)
    unmatched = g.equals(answer, rank_of(NO_MATCH))
    shallow = g.const(True) if watch.depth == "single_acts" else _before(g, watch.covers_from, knowledge)
    outside = g.both([unmatched, g.either([shallow, unjudged])])
    untouched = g.both([unmatched, g.no(g.maybe(reach)), g.no(unjudged)])
    cases = [(untouched, nothing), (outside, g.rank(rank_of(OUTSIDE_DATA)))]
    return g.pick(cases, answer), g.pick(cases, planning)


def _before(g: Graph, first: date, knowledge: date) -> int:
    return g.const(True) if knowledge < first else g.between("on", date.min, first - timedelta(days=1))


def _gate(g: Graph, members: list[tuple[MeasureSteps, int]]) -> tuple[int, int]:
    """Answer and planning of one gate, of the measures that stand at it in this row."""
    missing, no_match, nothing = g.rank(rank_of(FACTS_MISSING)), g.rank(rank_of(NO_MATCH)), g.rank(NOTHING)
    bound, open_, sure = [], [], []
    for steps, here in members:
        if g.steps[here] == ("const", False):
            continue
        binds, may_bind = g.both([here, steps.binds]), g.both([here, steps.may_bind])
        answers = [(when, g.rank(_rank(outcome))) for when, outcome in steps.outcomes]
        ranked = g.pick(answers[:-1], answers[-1][1])
        bound.append(g.pick([(binds, ranked)], nothing))
        lesser = g.both([binds, g.equals(ranked, rank_of(EXCEPTION)), _worse(g, steps)])
        open_ += [may_bind, lesser]
        sure.append(g.pick([(binds, ranked), (g.both([g.either([may_bind, lesser]), steps.applies]), ranked)], nothing))
    open_here = g.either(open_)
    answer = g.least([no_match, *bound, g.pick([(open_here, missing)], nothing)])
    surely = g.least([nothing, *sure])
    return answer, g.pick([(g.equals(surely, NOTHING), answer)], surely)


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
    nothing = g.rank(NOTHING)
    possible = []
    for steps in sheet.measures:
        if steps.decides:
            open_ = g.either([g.unknown(step) for step in steps.exceptions])
            still = g.either([steps.may_bind, g.both([steps.binds, open_])])
            worst = [(when, g.rank(rank_of(outcome) if outcome in ANSWERS else NOTHING)) for when, outcome in _severest(g, steps)]
            possible.append(g.pick([(g.no(still), nothing), *worst], nothing))
    worst, planning = g.least([nothing, *possible]), sheet.outputs["planning"]
    sheet.outputs["may_become"] = g.pick([(g.lower(worst, planning), worst)], nothing)


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
