"""Rows of a table judged one by one: what each answer comes to in one line, and which measures bear on it.

judge_rows(rows, columns, register, terms, on, known_on)  -> Judged for each row, in order; a bad row is a rejection
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from kido.decide.columns import Columns
from kido.decide.determine import Determination, determine
from kido.decide.transaction import read_transaction
from kido.errors import KidoError, Problem
from kido.register.model import Register
from kido.terms.vocabulary import Terms

SUMMARY = (
    "place",
    "id",
    "on",
    "answer",
    "planning",
    "may_become",
    "jurisdictions",
    "binding",
    "open",
    "missing",
    "licence_by",
    "listed_parties",
)
MEASURES = ("place", "id", "measure", "answer", "standing", "outcome", "items")
_MOST_FACTS = 5
_MOST_KEPT = 20_000  # answers kept for rows that say the same


@dataclass(frozen=True, slots=True)
class Judged:
    """One row: its summary and its measures as text, in the order of the columns above; or the problems that reject it."""

    place: str
    summary: tuple[str, ...] = ()
    measures: tuple[tuple[str, ...], ...] = ()
    problems: tuple[Problem, ...] = ()


def judge_rows(
    rows: Iterable[tuple[str, list[str]]],
    columns: Columns,
    register: Register,
    terms: Terms,
    on: date | None = None,
    known_on: date | None = None,
    otherwise: date | None = None,
) -> Iterator[Judged]:
    """Judge rows, each by the law of its own day.

    Parameters
    ----------
    rows : place and cells of each row
    on : the day for every row; left out, each row's own date, else `otherwise`
    """
    kept: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {}
    for place, cells in rows:
        id, facts = columns.transaction(cells)
        key = repr(sorted(facts.items(), key=lambda item: item[0]))
        try:
            if key not in kept:
                if len(kept) > _MOST_KEPT:
                    kept.clear()
                kept[key] = _answered(_judged(facts, register, terms, on, known_on, otherwise))
        except KidoError as error:
            yield Judged(place, problems=tuple(Problem(p.code, f"{place}:{p.place}", p.read, p.values) for p in error.problems))
            continue
        summary, measures = kept[key]
        yield Judged(place, (place, id, *summary), tuple((place, id, *measure) for measure in measures))


def _judged(
    facts: dict[str, object], register: Register, terms: Terms, on: date | None, known_on: date | None, otherwise: date | None
) -> Determination:
    if not facts:
        raise KidoError(Problem("no-facts", "row", ""))
    read = read_transaction(facts, terms, on)
    day = on or (read.on if read.on != date.max else otherwise)
    if day is None:
        raise KidoError(Problem("missing-key", "on", "on"))
    return determine(register, terms, read, day, known_on)


def _answered(d: Determination) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    reached = [j for j in d.jurisdictions if j.reach is not False]
    summary = (
        d.on.isoformat(), d.answer, d.planning, d.may_become, "; ".join(f"{j.jurisdiction}: {j.answer}" for j in reached),
        " ".join(f.measure.id for f in d.findings if f.binds), " ".join(f.measure.id for f in d.findings if f.may_bind),
        " ".join(question.fact.name for question in d.questions[:_MOST_FACTS]), d.clock.end.isoformat() if d.clock else "",
        "; ".join(f"{compared.party.name} [{hit.list}]" for compared in d.compared.parties for hit in compared.hits[:1]),
    )  # fmt: skip
    measures = tuple(
        (f.measure.id, f.answer, f.status.word, f.outcome, " ".join(match.item.code for match in (*f.items, *f.possible)))
        for f in d.findings
        if f.answer != "does_not_apply"
    )
    return summary, measures
