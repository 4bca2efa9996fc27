"""One measure's answer: applies, does not, unknown or conflict; because; missing; standing that day."""

from __future__ import annotations

from dataclasses import dataclass

from kido.decide.match import ItemMatch
from kido.register.model import Answer, Instrument, Measure, Unless
from kido.register.timeline import IN_FORCE, NOT_YET, UNKNOWN, Status
from kido.rule.judge import Because, Facts, judge, reason

APPLIES, DOES_NOT, OPEN, CONFLICT = "applies", "does_not_apply", "unknown", "conflict"
SEVERITY = {
    "outside": 0, "registration": 1, "report_after": 1, "licence_exception": 1, "duty_payable": 1, "licence_required": 3, "presumption_of_denial": 4, "prohibited": 5,
}  # fmt: skip
_WORDS = {"not_yet": "not yet", "suspended": "suspended", "ended": "ended", "unknown": "status unknown"}


@dataclass(frozen=True, slots=True)
class Exceptional:
    """An exception that holds or may hold."""

    unless: Unless
    because: Because


@dataclass(frozen=True, slots=True)
class Finding:
    """What one measure says to one transaction.

    answer      applies · does_not_apply · unknown · conflict, by its text alone
    status      its standing on the day
    outcome     what follows if it applies and is in force
    items       items that match; `possible` may match once facts are known
    excepted    exceptions that hold; `open` ones may
    missing     facts that could still change answer or outcome
    answers     official answers that decide or bear on it
    """

    act: Instrument
    measure: Measure
    answer: str
    status: Status
    outcome: str
    because: Because
    items: tuple[ItemMatch, ...] = ()
    possible: tuple[ItemMatch, ...] = ()
    out: tuple[ItemMatch, ...] = ()
    excepted: tuple[Exceptional, ...] = ()
    open: tuple[Exceptional, ...] = ()
    missing: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def gate(self) -> str:
        """The gate it stands at: where only technology of an annex is in question, the fourth."""
        matches = (*self.items, *self.possible, *self.out)
        return "technology" if matches and all(match.item.form == "technology" for match in matches) else self.measure.gate

    @property
    def word(self) -> str:
        """The answer and the standing in one word, as golden cases write it."""
        if self.answer == DOES_NOT:
            return "does not apply"
        return _WORDS.get(self.status.word, self.answer)

    @property
    def binds(self) -> bool:
        """It applies and is in force that day."""
        return self.answer in (APPLIES, CONFLICT) and self.status.word == IN_FORCE and self.outcome != "outside"

    @property
    def may_bind(self) -> bool:
        """It cannot be ruled out: facts are missing, or its standing is not known."""
        if self.answer == DOES_NOT or self.outcome == "outside":
            return False
        return self.status.word == UNKNOWN or (self.status.word == IN_FORCE and self.answer == OPEN)

    @property
    def upcoming(self) -> bool:
        return self.answer != DOES_NOT and self.status.word == NOT_YET

    @property
    def severity(self) -> int:
        return SEVERITY[self.outcome]

    @property
    def worst(self) -> str:
        """The strictest outcome that is still possible."""
        outcomes = [self.outcome, *(e.unless.outcome for e in self.open)]
        return max(outcomes, key=SEVERITY.__getitem__)


def find(act: Instrument, measure: Measure, status: Status, facts: Facts, matches: list[ItemMatch], answers: dict[str, Answer]) -> Finding:
    """Judge one measure: its items, its scope, then its exceptions."""
    scope = reason(measure.when)(facts)
    mine = [match for match in matches if match.item.code in measure.codes] if matches and measure.codes else ()
    if not mine and (measure.covers or scope.answer is False):
        return Finding(act, measure, DOES_NOT, status, measure.outcome, scope)
    hits = tuple(match for match in mine if match.answer)
    maybe = tuple(match for match in mine if match.answer is None)
    out = tuple(match for match in mine if match.out_by is not None)
    item_truth = True if hits or not measure.covers else None if maybe else False
    truth = False if False in (scope.answer, item_truth) else None if None in (scope.answer, item_truth) else True
    cited = tuple(answers[id] for id in dict.fromkeys(m.out_by.answer for m in out) if id in answers)
    if truth is False:
        return Finding(act, measure, DOES_NOT, status, measure.outcome, scope, out=out, answers=cited)
    missing = list(scope.missing)
    if item_truth is None:
        missing += [name for match in maybe for name in match.missing]
    missing += [name for match in hits for name in match.missing]
    held, open_, outcome = _exceptions(measure, facts)
    missing += [name for e in open_ for name in e.because.missing]
    answer = OPEN if truth is None else APPLIES
    outcomes = {e.unless.outcome for e in held}
    if len(outcomes) > 1:
        answer = CONFLICT
    elif outcomes == {"outside"}:
        answer = DOES_NOT
    return Finding(
        act, measure, answer, status, outcome, scope, hits, maybe, out, held, open_,
        tuple(dict.fromkeys(missing)) if answer != DOES_NOT else (), cited + _bearing(measure, hits + maybe, facts, answers),
    )  # fmt: skip


def _exceptions(measure: Measure, facts: Facts) -> tuple[tuple[Exceptional, ...], tuple[Exceptional, ...], str]:
    """Exceptions that hold, exceptions that may, and the outcome that follows."""
    held, open_ = [], []
    for unless in measure.unless:
        verdict = reason(unless.when)(facts)
        if verdict.answer is not False:
            (held if verdict.answer else open_).append(Exceptional(unless, verdict))
    outcomes = [e.unless.outcome for e in held]
    outcome = max(outcomes, key=SEVERITY.__getitem__) if outcomes else measure.outcome
    return tuple(held), tuple(open_), outcome


def _bearing(measure: Measure, matches: tuple[ItemMatch, ...], facts: Facts, answers: dict[str, Answer]) -> tuple[Answer, ...]:
    """Official answers that speak of the items in question and whose facts hold."""
    if not matches:
        return ()
    codes = {match.item.code for match in matches}
    return tuple(
        answer
        for answer in answers.values()
        if answer.effect in ("in", "definition")
        and measure.id in answer.measures
        and codes & set(answer.items)
        and (answer.when is None or judge(answer.when, facts).answer is not False)
    )
