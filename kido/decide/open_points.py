"""What can still change an answer: the findings that are not settled, and the facts that would settle them.

A finding is left out where something surely binding is at least as strict, and where what is missing of it will not be known:
no fact of it can change the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from kido.decide.determine import (
    ANSWERS,
    EXCEPTION,
    FACTS_MISSING,
    LICENCE,
    NO_MATCH,
    OUTSIDE_DATA,
    PROHIBITED,
    Determination,
    JurisdictionAnswer,
)
from kido.decide.finding import APPLIES, CONFLICT, DOES_NOT, OPEN, Finding
from kido.decide.prospects import can_be, can_fall, can_fit, entries, guarded, guards, opened, still_asked
from kido.register.timeline import IN_FORCE, UNKNOWN
from kido.rule.judge import Because, Facts, judge
from kido.rule.nodes import Under
from kido.rule.quick import truth
from kido.terms.codes import below

_LESSER = ("registration", "report_after", "licence_exception")
_MISSING, _NONE = ANSWERS.index(FACTS_MISSING), ANSWERS.index(NO_MATCH)


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something that is not settled.

    finding   the finding; None for what concerns a jurisdiction or the whole
    sets      each a set of facts that settles one entry, exception or scope
    surely    the law of its jurisdiction surely reaches the transaction
    """

    finding: Finding | None
    sets: tuple[tuple[str, ...], ...]
    surely: bool

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for names in self.sets for name in names))


def open_points(d: Determination, known: Collection[str] = frozenset()) -> tuple[OpenPoint, ...]:
    """What can still change the answer, the answer to plan for, or what one jurisdiction says.

    `known` are facts that are not asked again.  Nothing is left where the transaction is surely prohibited.
    """
    laws = [_Law(d, j, known) for j in d.jurisdictions]
    if any(law.floor[0] == ANSWERS.index(PROHIBITED) for law in laws):
        return ()
    found = [*(point for law in laws for point in law.points()), *_uncovered(d, laws), *_by_code(d, laws)]
    asked = (replace(p, sets=tuple(dict.fromkeys(s for names in p.sets if (s := still_asked(names, known))))) for p in found)
    return tuple(point for point in asked if point.sets)


def unsettled(d: Determination) -> int:
    """How many findings facts keep open."""
    return sum(1 for f in d.findings if f.missing and (f.may_bind or f.binds))


def _rank(outcome: str) -> int:
    """The place of an outcome among the answers; the strictest is 0."""
    answer = EXCEPTION if outcome in _LESSER else outcome
    return ANSWERS.index(answer) if answer in ANSWERS else len(ANSWERS)


@dataclass
class _Law:
    """One jurisdiction: what is settled, and what is not."""

    d: Determination
    j: JurisdictionAnswer
    known: Collection[str]

    @cached_property
    def findings(self) -> list[Finding]:
        return [f for f in self.d.findings if f.act.jurisdiction == self.j.jurisdiction]

    @cached_property
    def facts(self) -> Facts:
        return replace(self.d.transaction.facts, on=self.d.on)

    @cached_property
    def may_leave(self) -> bool:
        """It may still turn out that this law does not reach; its entries would fall away."""
        if not self.j.missing:
            return False
        watch = next(s.watch for s in self.d.searched if s.jurisdiction == self.j.jurisdiction)
        return can_be(judge(watch.reach, self.facts).because, False, self.known)

    # -- what can become of a finding ----------------------------------------------------------

    def can_apply(self, f: Finding) -> bool:
        entries = not f.measure.covers or f.items or any(can_fit(m, self.known) for m in f.possible)
        return bool(entries) and can_be(f.because, True, self.known)

    def can_fall(self, f: Finding) -> bool:
        """No entry, no scope, or an exception that takes it out."""
        if can_be(f.because, False, self.known) or any(can_be(e.because, True, self.known) for e in f.open):
            return True
        if not f.measure.covers:
            return False
        entries = [*f.items, *f.possible]
        return self.may_leave or all(can_fall(m, self.known) for m in entries)

    @cached_property
    def floor(self) -> tuple[int, int]:
        """The least strict answer, and the least strict one to plan for, that are still possible."""
        answer = plan = _NONE
        for f in self.findings:
            if not (f.binds or f.may_bind) or self.can_fall(f):
                continue
            rank = max(_rank(f.outcome), _rank(f.worst))
            if f.binds:
                blurred = rank == ANSWERS.index(EXCEPTION) and f.worst != f.outcome
                answer, plan = min(answer, _MISSING if blurred else rank), min(plan, rank)
            else:
                answer = min(answer, _MISSING if f.status.word == UNKNOWN else max(rank, _MISSING))
                plan = min(plan, rank) if f.answer == APPLIES else plan
        return answer, min(answer, plan)

    # -- what is open --------------------------------------------------------------------------

    def points(self) -> Iterator[OpenPoint]:
        for f in self.findings:
            sets = tuple(self._sets(f)) if self._matters(f) else ()
            sets += tuple(self._guarded(f)) if self._could_matter(f) else ()
            if sets:
                yield OpenPoint(f, sets, self.j.reach is True and not self.j.missing)

    def _could_matter(self, f: Finding) -> bool:
        """It would be stricter than what is settled, if it applied."""
        strictest = min(_rank(f.outcome), _rank(f.worst))
        if f.status.word not in (IN_FORCE, UNKNOWN) or f.outcome == "outside":
            return False
        return self.floor[0] > _MISSING or strictest < (self.floor[0] if f.status.word == IN_FORCE else self.floor[1])

    def _matters(self, f: Finding) -> bool:
        if not (f.binds or f.may_bind) or not self._could_matter(f):
            return False
        if f.answer in (APPLIES, CONFLICT):
            return self.can_fall(f)
        strictest = min(_rank(f.outcome), _rank(f.worst))
        raises = strictest < (self.floor[0] if f.status.word == IN_FORCE else self.floor[1]) and self.can_apply(f)
        clears = self.floor[0] > _MISSING and self.can_fall(f)
        return raises or clears

    def _sets(self, f: Finding) -> Iterator[tuple[str, ...]]:
        """The sets of facts that settle something of a finding."""
        scope = (*f.because.missing, *self._through_codes(f.because), *self._through_lists(f.because.missing))
        for match in (*f.possible, *f.items):
            yield (*scope, *match.missing)
        if not f.possible:
            yield scope
        for exception in f.open:
            missing = exception.because.missing
            yield (*missing, *self._through_codes(exception.because), *self._through_lists(missing))
        if f.measure.covers and self.may_leave:
            yield self.j.missing

    def _through_codes(self, because: Because) -> Iterator[str]:
        """A test on the code of another entry hangs on the facts of that entry."""
        leaves = [leaf for leaf in _leaves(because) if isinstance(leaf.node, Under) and leaf.answer is None]
        prefixes = [prefix for leaf in leaves for prefix in leaf.node.prefixes]
        for match in (m for f in self.findings if prefixes for m in f.possible):
            if any(below(match.item.code, prefix) for prefix in prefixes):
                yield from match.missing

    def _through_lists(self, missing: Collection[str]) -> Iterator[str]:
        """That goods are listed follows from an entry of the list that fits them."""
        lists = {s.jurisdiction for s in self.d.searched if s.watch.listed_fact in missing}
        for f in self.d.findings if lists else ():
            if f.act.jurisdiction in lists and f.status.word == IN_FORCE and f.gate == "dual_use" and f.measure.kind == "licence":
                for match in f.possible:
                    yield from match.missing

    def _guarded(self, f: Finding) -> Iterator[tuple[str, ...]]:
        """What a rule says of facts only where they are known: it may change once they are stated."""
        facts = self.facts
        unstated = {name for name in guards(f) if name not in facts.values and name not in self.known}
        if not unstated or (scope := opened(f.measure.when, facts, unstated)) is None or not can_be(scope, True, self.known):
            return
        newly = scope.answer is None and f.because.answer is not None
        if newly and not f.measure.covers:
            yield scope.missing
        for item in entries(f):
            guard = guarded(item.when)
            opens = guard is not None and not guard[1].isdisjoint(unstated)
            if not (newly or opens) or not item.stands(self.d.on):
                continue
            entry = opened(item.when, facts, unstated)
            if entry is None:
                continue
            if opens and entry.answer is None and truth(item.when, facts) is not None and can_be(entry, True, self.known):
                yield (*scope.missing, *entry.missing)
            elif newly:
                yield scope.missing


def _leaves(because: Because) -> Iterator[Because]:
    if not because.parts:
        yield because
    for part in because.parts:
        yield from _leaves(part)


def _uncovered(d: Determination, laws: Iterable[_Law]) -> Iterator[OpenPoint]:
    """Where nothing fits: whether a law that is not held would have to be asked."""
    if min(law.floor[0] for law in laws) <= ANSWERS.index(OUTSIDE_DATA) or d.not_held:
        return
    if d.transaction.value("exported_from") is None:
        yield OpenPoint(None, (("exported_from",),), True)
    for law in laws:
        if law.may_leave and law.j.answer in (OUTSIDE_DATA, NO_MATCH) and not any(f.answer == OPEN for f in law.findings):
            yield OpenPoint(None, (law.j.missing,), False)


def _by_code(d: Determination, laws: Iterable[_Law]) -> Iterator[OpenPoint]:
    """The code that a supplier states brings goods under an entry, whatever else is known of them."""
    held = [
        law
        for law in laws
        if law.j.reach is not False and any((f.measure.covers and f.answer != DOES_NOT) or f.possible for f in law.findings)
    ]
    if all(law.floor[0] <= ANSWERS.index(LICENCE) for law in held):
        return
    name = "control_code_list" if d.transaction.value("control_code") else "control_code"
    if d.transaction.value(name) is None:
        yield OpenPoint(None, ((name,),), False)
