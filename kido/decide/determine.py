"""All findings into one determination: gate by gate, with what was searched and what was not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from kido.decide.clock import Clock, clock, unbound
from kido.decide.compared import Compared, compare
from kido.decide.finding import APPLIES, CONFLICT, DOES_NOT, Finding, find
from kido.decide.match import ItemCodes, ItemMatch, match_items, unheld
from kido.decide.per_register import per_register
from kido.decide.questions import Question, rank
from kido.decide.transaction import Transaction
from kido.register.model import DECIDING, GATES, Instrument, Measure, Procedure, Register, Watch
from kido.register.timeline import IN_FORCE, NOT_KNOWN, UNKNOWN, Status, standings
from kido.rule.judge import Facts, Truth, Verdict, judge
from kido.rule.quick import truth
from kido.terms.vocabulary import Terms

LICENCE, PROHIBITED, DENIAL = "licence_required", "prohibited", "presumption_of_denial"
NO_MATCH, FACTS_MISSING, OUTSIDE_DATA, EXCEPTION = "no_match", "facts_missing", "outside_data", "exception"
ANSWERS = (PROHIBITED, DENIAL, LICENCE, FACTS_MISSING, EXCEPTION, OUTSIDE_DATA, NO_MATCH)  # strictest first
REACH_UNKNOWN = "reach_unknown"  # said of a jurisdiction where nothing matched, and it is not known whether its law reaches at all
_PLACES = {answer: place for place, answer in enumerate(ANSWERS)}
_LESSER = ("registration", "report_after", "licence_exception")  # outcomes that are the answer `exception`


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """One gate's answer; `planning` is what to plan for where an act fits but its standing is not known."""

    gate: str
    answer: str
    planning: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class JurisdictionAnswer:
    """What one jurisdiction's law says.

    reach    whether its law touches the transaction: by territory, person, origin, content or technology
    missing  facts that would settle the reach
    """

    jurisdiction: str
    reach: Truth
    missing: tuple[str, ...]
    answer: str
    planning: str
    gates: tuple[GateAnswer, ...]

    @property
    def said(self) -> str:
        """The answer as it is shown: that nothing matches is not said where the law may yet reach."""
        return REACH_UNKNOWN if self.answer == NO_MATCH and self.reach is None else self.answer


@dataclass(frozen=True, slots=True)
class Searched:
    """What an answer rests on: counts, dates, and what was not searched."""

    jurisdiction: str
    acts: int
    measures: int
    items: int
    verified: date
    newest_source: date
    stale: bool
    watch: Watch


@dataclass(frozen=True, slots=True, repr=False)
class Determination:
    """The answer to one transaction, with everything needed to check it."""

    answer: str
    planning: str
    jurisdictions: tuple[JurisdictionAnswer, ...]
    not_held: str  # the country of export, where the register does not hold its law
    findings: tuple[Finding, ...]
    duties: tuple[Finding, ...]
    questions: tuple[Question, ...]  # most telling first
    procedures: tuple[Procedure, ...]
    clock: Clock | None
    unbound: tuple[Procedure, ...]  # whose statutory days bind nobody in this case
    transaction: Transaction
    compared: Compared  # the named parties, with the party lists of the register
    searched: tuple[Searched, ...]
    pointed_at: tuple[ItemMatch, ...]
    unheld_code: str
    version: str
    on: date
    known_on: date | None

    @property
    def gates(self) -> tuple[GateAnswer, ...]:
        """Every gate of every jurisdiction that is or may be touched."""
        return tuple(gate for j in self.jurisdictions if j.reach is not False for gate in j.gates)

    def jurisdiction(self, code: str) -> JurisdictionAnswer | None:
        return next((j for j in self.jurisdictions if j.jurisdiction == code), None)

    @property
    def status_unknown(self) -> tuple[Finding, ...]:
        """Findings whose act's standing on the day is not known."""
        return tuple(f for f in self.findings if f.may_bind and f.status.word == UNKNOWN)

    @property
    def only_standing_is_open(self) -> bool:
        """Nothing is missing but whether acts that fit the goods are in force."""
        open_ = [f for f in self.findings if f.may_bind]
        return bool(open_) and all(f.answer == APPLIES for f in open_)

    def __repr__(self) -> str:
        return f"<Determination {self.answer} on {self.on}: {len(self.questions)} questions, register {self.version}>"

    @property
    def conflicts(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.answer == CONFLICT)

    @property
    def may_become(self) -> str:
        """The strictest answer that missing facts could still bring, if stricter than the one to plan for."""
        possible = [f.worst for f in self.findings if f.may_bind or (f.binds and f.open)]
        worst = strictest((o for o in possible if o in ANSWERS), self.planning)
        return worst if ANSWERS.index(worst) < ANSWERS.index(self.planning) else ""

    def finding(self, measure: str) -> Finding | None:
        return next((f for f in (*self.findings, *self.duties) if f.measure.id == measure), None)


def determine(register: Register, terms: Terms, transaction: Transaction, on: date, known_on: date | None = None) -> Determination:
    """Judge a transaction by every measure of the register on a day.

    `known_on` leaves out acts published after that day. Named parties are compared with the party lists first.
    """
    compared = compare(transaction, min(on, known_on or on))
    transaction = compared.transaction
    facts = replace(transaction.facts, values=dict(transaction.facts.values), on=on)
    knowledge = known_on or date.max
    reaches = {code: judge(watch.reach, facts) for code, watch in register.watches.items()}
    matches = match_items(register, transaction, on, {code for code, reach in reaches.items() if reach.answer is not False}, knowledge)
    live = {act: [m for m in found if m.answer is not False or m.out_by is not None] for act, found in matches.items()}
    stated, of = str(transaction.value("control_code") or ""), transaction.value("control_code_list")
    standing = standings(register, on, knowledge)
    codes = {
        code: ItemCodes([live[act.id] for act in acts if act.id in live], stated if of in (None, code) else "")
        for code, acts in _acts_of(register).items()
    }
    _listed(register, facts, live, standing, codes)
    memos = {code: {} for code in codes}  # definitions may speak of codes, and each jurisdiction has its own
    findings = []
    for act, measure in _judged(register):
        if (status := standing[measure.id]).word != NOT_KNOWN:
            facts.codes, facts.memo = codes[act.jurisdiction], memos[act.jurisdiction]
            findings.append(find(act, measure, status, facts, live.get(act.id, []), register.answers))
    facts.memo = None
    deciding = tuple(f for f in findings if f.measure.kind in DECIDING)
    duties = tuple(f for f in findings if f.measure.kind not in DECIDING)
    of_place: dict[str, list[Finding]] = {}
    for f in deciding:
        of_place.setdefault(f.act.jurisdiction, []).append(f)
    jurisdictions = tuple(
        _jurisdiction(watch, reaches[code], tuple(of_place.get(code, ())), min(on, knowledge), code in compared.unjudged)
        for code, watch in register.watches.items()
    )
    not_held = _not_held(register, facts, jurisdictions)
    answers = [j.answer for j in jurisdictions if j.reach is not False]
    answer = strictest([*answers, *([OUTSIDE_DATA] if not_held else [])], OUTSIDE_DATA)
    if answer == NO_MATCH and unheld(stated, transaction.value("control_code_list"), register):
        answer = OUTSIDE_DATA
    procedures, certain = _procedures(register, deciding) if answer != PROHIBITED else ((), False)
    free = unbound(procedures, facts)
    return Determination(
        answer=answer,
        planning=strictest((j.planning for j in jurisdictions if j.reach is not False), answer),
        jurisdictions=jurisdictions,
        not_held=not_held,
        findings=deciding,
        duties=duties,
        questions=rank(
            findings,
            terms,
            {j.jurisdiction for j in jurisdictions if j.reach},
            {n for j in jurisdictions if j.reach is None for n in j.missing},
        ),
        procedures=procedures,
        clock=clock(tuple(p for p in procedures if p not in free), terms, on, certain),
        unbound=free,
        transaction=transaction,
        compared=compared,
        searched=tuple(_searched(register, register.watches[j.jurisdiction], on, knowledge) for j in jurisdictions if j.reach is not False),
        pointed_at=tuple(m for act in matches.values() for m in act if m.pointed_at and m.answer is False)
        if transaction.value("hs")
        else (),
        unheld_code=stated if unheld(stated, transaction.value("control_code_list"), register) else "",
        version=register.version,
        on=on,
        known_on=known_on,
    )


@per_register
def _acts_of(register: Register) -> dict[str, list[Instrument]]:
    found: dict[str, list[Instrument]] = {}
    for act in register.instruments.values():
        found.setdefault(act.jurisdiction, []).append(act)
    return found


@per_register
def _judged(register: Register) -> list[tuple[Instrument, Measure]]:
    return register.judged()


@per_register
def _listing(register: Register) -> list[tuple[Instrument, Measure, str]]:
    """The measures whose items are listed by their jurisdiction's own word, with the fact that says so."""
    own = ((act, measure, register.watches[act.jurisdiction].listed_fact) for act, measure in register.judged())
    return [(act, measure, fact) for act, measure, fact in own if fact and measure.gate == "dual_use" and measure.kind == "licence"]


def _listed(
    register: Register, facts: Facts, matches: dict[str, list[ItemMatch]], standing: dict[str, Status], codes: dict[str, ItemCodes]
) -> None:
    """Listed, by each jurisdiction's own word, if an item of a licence measure in force matches.

    Never "not listed" by ourselves, for the register holds only part of every list.
    """
    for act, measure, fact in _listing(register):
        if facts.values.get(fact) is True or standing[measure.id].word != IN_FORCE:
            continue
        if not any(m.answer and m.item.code in measure.codes for m in matches.get(act.id, ())):
            continue
        facts.codes = codes[act.jurisdiction]
        if not any(u.outcome == "outside" and truth(u.when, facts) for u in measure.unless):
            facts.values[fact] = True  # unless taken out by an exception: then it is not listed by this measure


def _jurisdiction(watch: Watch, reach: Verdict, findings: tuple[Finding, ...], on: date, unjudged: bool) -> JurisdictionAnswer:
    """One jurisdiction's gates, and its answer: outside the data where nothing matches and its law is not held.

    `unjudged`: a party stands, or may stand, on a list of this jurisdiction that no measure of the register judges.
    """
    standing: dict[str, list[Finding]] = {}
    for f in findings:
        standing.setdefault(f.gate, []).append(f)
    gates = tuple(_gate(gate, tuple(standing[gate])) for gate in GATES if gate in standing)
    answer = strictest((gate.answer for gate in gates), NO_MATCH)
    touched = reach.answer if answer == NO_MATCH and not unjudged else True if reach.answer or answer != FACTS_MISSING else None
    if answer == NO_MATCH and (watch.depth == "single_acts" or on < watch.covers_from or unjudged):
        answer = OUTSIDE_DATA
        gates = tuple(replace(gate, answer=OUTSIDE_DATA, planning=OUTSIDE_DATA) for gate in gates)
    planning = strictest((gate.planning for gate in gates), answer)
    return JurisdictionAnswer(watch.jurisdiction, touched, reach.missing, answer, planning, gates)


def _not_held(register: Register, facts: Facts, jurisdictions: tuple[JurisdictionAnswer, ...]) -> str:
    """The country the goods leave, where none of the jurisdictions is its own."""
    place = facts.values.get("exported_from")
    if not isinstance(place, str) or place in register.watches:
        return ""
    unions = (j.jurisdiction for j in jurisdictions if j.jurisdiction in (facts.groups.place_groups if facts.groups else ()))
    inside = any(span.code == place and span.start <= facts.on <= span.end for union in unions for span in facts.groups.spans(union))
    return "" if inside else place


def _gate(gate: str, mine: tuple[Finding, ...]) -> GateAnswer:
    shown = tuple(f for f in mine if f.answer != DOES_NOT or f.out)
    if not shown:
        return GateAnswer(gate, NO_MATCH, NO_MATCH, ())
    live = [f for f in shown if f.answer != DOES_NOT]
    bound = [_answer(f.outcome) for f in live if f.binds and _answer(f.outcome) in ANSWERS]
    open_ = [f for f in live if f.may_bind or (f.binds and _answer(f.outcome) == EXCEPTION and f.worst != f.outcome)]
    answer = strictest([*bound, *([FACTS_MISSING] if open_ else [])], NO_MATCH)
    sure = [*bound, *(_answer(f.outcome) for f in open_ if f.answer == APPLIES)]
    return GateAnswer(gate, answer, strictest((a for a in sure if a in ANSWERS), answer), shown)


def _answer(outcome: str) -> str:
    return EXCEPTION if outcome in _LESSER else outcome


def strictest(answers: Iterable[str], otherwise: str) -> str:
    return min(answers, key=_PLACES.__getitem__, default=otherwise)


def _procedures(register: Register, findings: tuple[Finding, ...]) -> tuple[tuple[Procedure, ...], bool]:
    """Procedures of the measures that bind or would by their letter; else of those that may, not certain."""
    findings = tuple(f for f in findings if f.answer != DOES_NOT)
    certain = [f.measure.procedure for f in findings if f.binds or (f.may_bind and f.answer == APPLIES)]
    open_ = [f.measure.procedure for f in findings if f.may_bind and f.gate != "technology"]
    named = [id for id in dict.fromkeys(certain or open_) if id]
    return tuple(register.procedures[id] for id in named), bool(certain)


def _searched(register: Register, watch: Watch, on: date, knowledge: date) -> Searched:
    acts = [act for act in _acts_of(register).get(watch.jurisdiction, ()) if act.known_from <= knowledge]
    return Searched(
        watch.jurisdiction, len(acts), sum(len(a.measures) for a in acts), sum(len(a.items) for a in acts),
        watch.verified, watch.newest_source, on > watch.verified, watch,
    )  # fmt: skip
