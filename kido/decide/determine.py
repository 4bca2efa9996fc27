"""All findings into one determination: gate by gate, with what was searched and what was not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from kido.decide.clock import Clock, clock
from kido.decide.finding import APPLIES, CONFLICT, DOES_NOT, Finding, find
from kido.decide.match import ItemCodes, ItemMatch, match_items, unheld
from kido.decide.questions import Question, rank
from kido.decide.transaction import Transaction
from kido.register.model import GATES, Procedure, Register, Watch
from kido.register.timeline import IN_FORCE, NOT_KNOWN, UNKNOWN, Status, standings
from kido.rule.judge import Facts
from kido.terms.vocabulary import Terms

LICENCE, PROHIBITED, DENIAL = "licence_required", "prohibited", "presumption_of_denial"
NO_MATCH, FACTS_MISSING, OUTSIDE_DATA = "no_match", "facts_missing", "outside_data"
ANSWERS = (PROHIBITED, DENIAL, LICENCE, FACTS_MISSING, OUTSIDE_DATA, NO_MATCH)  # strictest first
_DECIDING = ("licence", "ban", "technology", "state_trading")


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """One gate's answer; `planning` is what to plan for where an act fits but its standing is not known."""

    gate: str
    answer: str
    planning: str
    findings: tuple[Finding, ...]


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
    gates: tuple[GateAnswer, ...]
    findings: tuple[Finding, ...]
    duties: tuple[Finding, ...]
    questions: tuple[Question, ...]  # most telling first
    procedures: tuple[Procedure, ...]
    clock: Clock | None
    transaction: Transaction
    searched: tuple[Searched, ...]
    pointed_at: tuple[ItemMatch, ...]
    unheld_code: str
    version: str
    on: date
    known_on: date | None

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

    `known_on` leaves out acts published after that day.
    """
    facts = replace(transaction.facts, values=dict(transaction.facts.values), on=on)
    knowledge = known_on or date.max
    matches = match_items(register, transaction)
    facts.codes = ItemCodes(matches, str(transaction.value("control_code") or ""))
    standing = standings(register, on, knowledge)
    _dual_use(register, facts, matches, standing)
    findings = []
    for act, measure in register.measures():
        if standing[measure.id].word != NOT_KNOWN:
            findings.append(find(act, measure, standing[measure.id], facts, matches.get(act.id, []), register.answers))
    deciding = tuple(f for f in findings if f.measure.kind in _DECIDING)
    duties = tuple(f for f in findings if f.measure.kind not in _DECIDING)
    gates = tuple(_gate(gate, deciding) for gate in GATES if any(f.measure.gate == gate for f in deciding))
    answer = strictest((gate.answer for gate in gates), NO_MATCH)
    stated = str(transaction.value("control_code") or "")
    if answer == NO_MATCH and (not findings or _outside(register, facts, min(on, knowledge)) or unheld(stated, matches)):
        answer = OUTSIDE_DATA
        gates = tuple(replace(gate, answer=OUTSIDE_DATA, planning=OUTSIDE_DATA) for gate in gates)
    procedures, certain = _procedures(register, deciding) if answer != PROHIBITED else ((), False)
    return Determination(
        answer=answer,
        planning=strictest((gate.planning for gate in gates), NO_MATCH),
        gates=gates,
        findings=deciding,
        duties=duties,
        questions=rank(findings, terms),
        procedures=procedures,
        clock=clock(procedures, terms, on, certain),
        transaction=transaction,
        searched=tuple(_searched(register, watch, on, knowledge) for watch in register.watches.values()),
        pointed_at=tuple(m for act in matches.values() for m in act if m.pointed_at and m.answer is False),
        unheld_code=stated if unheld(stated, matches) else "",
        version=register.version,
        on=on,
        known_on=known_on,
    )


def _dual_use(register: Register, facts: Facts, matches: dict[str, list[ItemMatch]], standing: dict[str, Status]) -> None:
    """Dual-use if an item of a licence measure in force matches; never "not dual-use" by ourselves,
    for the register holds only part of the unified list."""
    if facts.values.get("dual_use_item") is True:
        return
    for act, measure in register.measures():
        listing = measure.gate == "dual_use" and measure.kind == "licence" and standing[measure.id].word == IN_FORCE
        if listing and any(match.answer and match.item.code in measure.codes for match in matches.get(act.id, ())):
            facts.values["dual_use_item"] = True
            return


def _gate(gate: str, findings: tuple[Finding, ...]) -> GateAnswer:
    mine = tuple(f for f in findings if f.gate == gate)
    bound = [f.outcome for f in mine if f.binds and f.outcome in ANSWERS]
    open_ = [f for f in mine if f.may_bind]
    answer = min(bound, key=ANSWERS.index) if bound else FACTS_MISSING if open_ else NO_MATCH
    sure = [*bound, *(f.outcome for f in open_ if f.answer == APPLIES and f.outcome in ANSWERS)]
    return GateAnswer(gate, answer, strictest(sure, answer), tuple(f for f in mine if f.answer != DOES_NOT or f.out))


def strictest(answers: Iterable[str], otherwise: str) -> str:
    return min(answers, key=ANSWERS.index, default=otherwise)


def _outside(register: Register, facts: Facts, on: date) -> bool:
    """No jurisdiction of the register is touched, or the day lies before its data."""
    for watch in register.watches.values():
        touched = watch.jurisdiction in {facts.values.get("exported_from"), facts.values.get("origin"), *(facts.values.get("via") or ())}
        if touched and on >= watch.covers_from:
            return False
    return True


def _procedures(register: Register, findings: tuple[Finding, ...]) -> tuple[tuple[Procedure, ...], bool]:
    """Procedures of the measures that bind or would by their letter; else of those that may, not certain."""
    certain = [f.measure.procedure for f in findings if f.binds or (f.may_bind and f.answer == APPLIES)]
    open_ = [f.measure.procedure for f in findings if f.may_bind and f.gate != "technology"]
    named = [id for id in dict.fromkeys(certain or open_) if id]
    return tuple(register.procedures[id] for id in named), bool(certain)


def _searched(register: Register, watch: Watch, on: date, knowledge: date) -> Searched:
    acts = [a for a in register.instruments.values() if a.jurisdiction == watch.jurisdiction and a.known_from <= knowledge]
    return Searched(
        watch.jurisdiction, len(acts), sum(len(a.measures) for a in acts), sum(len(a.items) for a in acts),
        watch.verified, watch.newest_source, on > watch.verified, watch,
    )  # fmt: skip
