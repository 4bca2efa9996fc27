"""The next question: what to ask so that the answer is settled soonest, by whoever can know it.

next_question(register, terms, facts, on)  -> NextQuestion, or None where nothing can change the answer any more
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from kido.decide.determine import Determination, determine
from kido.decide.finding import SEVERITY
from kido.decide.open_points import OpenPoint, open_points, unsettled
from kido.decide.questions import fact_of
from kido.decide.stated import states_fact
from kido.decide.transaction import read_transaction
from kido.decide.trials import Effect, effects
from kido.register.model import Register
from kido.register.timeline import IN_FORCE
from kido.register.yaml_file import Mark
from kido.terms.amounts import Amount
from kido.terms.text import Text
from kido.terms.vocabulary import CONTENT, Fact, Terms

TOGETHER = 3  # so many contents are one question: which of these are in it?
LISTED = 40  # so many values are offered by number
_NOT_ASKED = ("on", "end_user")  # the day is given; parties are named in rows of their own


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """One question.

    name      the fact an answer states; `facts` are all that it settles
    values    what may be answered, id and label; empty for figures, dates, text and long lists
    unit      of a figure; "" for others
    shown_by  the paper that shows it, an id of documents; "" where none is named
    who       who can know it: buyer, supplier, technical or authority
    measures  the measures that wait for it
    answer    the answer without it; `open` is how many findings facts keep open
    effects   what some answers would do; fewer where much is open
    """

    name: str
    facts: tuple[str, ...]
    fact: Fact
    ask: Text
    values: tuple[tuple[str, Text], ...]
    unit: str
    shown_by: str
    who: str
    measures: tuple[str, ...]
    answer: str
    planning: str
    open: int
    effects: tuple[Effect, ...] = ()


def next_question(
    register: Register, terms: Terms, facts: Mark, on: date, known_on: date | None = None, skipped: Collection[str] = (), tried: bool = True
) -> NextQuestion | None:
    """The best question, or None. `skipped` are facts not to ask again; without `tried` the effects are left out.

    >>> from kido.register.store import register, terms
    >>> from kido.register.yaml_file import marked
    >>> facts = marked({"form": "magnet", "magnet_family": "SmCo", "from": "CN", "to": "JP"}, "")
    >>> next_question(register(), terms(), facts, date(2026, 11, 23)).name
    'element'
    """
    found = determine(register, terms, read_transaction(facts, terms, on), on, known_on)
    points = open_points(found, not_asked_again(facts, skipped))
    question = best(found, terms, facts, skipped, points)
    return with_effects(question, register, terms, facts, found, points) if question and tried else question


def with_effects(
    question: NextQuestion, register: Register, terms: Terms, facts: Mark, found: Determination, points: tuple[OpenPoint, ...]
) -> NextQuestion:
    """The question with what its answers would change."""
    return replace(question, effects=effects(register, terms, facts, found, question.fact, points))


def best(found: Determination, terms: Terms, facts: Mark, skipped: Collection[str], points: tuple[OpenPoint, ...]) -> NextQuestion | None:
    """The best question on a determination: what settles most of its open points, for the least effort."""
    scores = _scores(points)
    askable = {name: score / effort(fact_of(name, terms))[1] for name, score in scores.items() if _askable(name, terms, facts, found)}
    if not askable:
        return None
    name = max(askable, key=lambda name: (askable[name], name))
    contents = [n for n in askable if n.endswith(CONTENT) and n.removesuffix(CONTENT).capitalize() in terms.elements]
    if name in contents and len(contents) >= TOGETHER and not states_fact(facts, "composition") and "composition" not in skipped:
        return _question("composition", tuple(contents), found, points, terms)
    return _question(name, (name,), found, points, terms)


def not_asked_again(facts: Mark, skipped: Collection[str]) -> frozenset[str]:
    """Facts not asked again; a composition that was given is made better by its single contents.

    Whether a list is complete is asked only where there is one.
    """
    known = set(skipped)
    for name in ("composition", "inputs"):
        if states_fact(facts, name):
            known.add(name)
        elif name in known:
            known.add(f"{name}_complete")
    return frozenset(known)


def _askable(name: str, terms: Terms, facts: Mark, found: Determination) -> bool:
    if name == "composition_complete":
        return states_fact(facts, "composition") and not states_fact(facts, name)
    if name == "inputs_complete":
        return states_fact(facts, "inputs") and not states_fact(facts, name)
    symbol = name.removesuffix(CONTENT).capitalize()
    known = name in terms.facts or name in ("composition", "inputs") or (name.endswith(CONTENT) and symbol in terms.elements)
    stated = found.transaction.value(name)
    exact = stated is not None and (not isinstance(stated, Amount) or stated.low == stated.high)
    return known and name not in _NOT_ASKED and not exact


def _scores(points: Iterable[OpenPoint]) -> dict[str, float]:
    """How much each fact settles: the share of a point's sets it stands in, more where few others stand beside it."""
    scores: dict[str, float] = defaultdict(float)
    for point in points:
        weight = _weight(point) / len(point.sets)
        for names in point.sets:
            for name in names:
                scores[name] += weight / len(names)
    return scores


def _weight(point: OpenPoint) -> float:
    """A strict measure that is in force, of a law that surely reaches, comes first."""
    f = point.finding
    if f is None:
        return 0.5
    beside = 0.25 if f.gate == "technology" else 1  # technology that may go along with the goods: after the goods
    return beside * (1 + SEVERITY[f.worst]) * (2 if f.status.word == IN_FORCE else 1) * (2 if point.surely else 1)


def _question(name: str, names: tuple[str, ...], found: Determination, points: tuple[OpenPoint, ...], terms: Terms) -> NextQuestion:
    fact = fact_of(name, terms)
    ask = _which_of(names) if len(names) > 1 else fact.ask
    measures = [p.finding.measure.id for p in points if p.finding and not set(names).isdisjoint(p.names)]
    return NextQuestion(
        name=name,
        facts=names,
        fact=fact,
        ask=ask,
        values=_values(fact, terms),
        unit=fact.unit,
        shown_by=fact.shown_by if fact.shown_by in terms.documents else "",
        who=effort(fact)[0],
        measures=tuple(dict.fromkeys(measures)),
        answer=found.answer,
        planning=found.planning,
        open=unsettled(found),
    )


def _which_of(names: tuple[str, ...]) -> Text:
    listed = ", ".join(name.removesuffix(CONTENT).capitalize() for name in names)
    return {
        "ja": f"次の元素を含みますか。組成をwt%で教えてください(例: Nd 30, Dy 2.5, Fe 残部)。微量でも書いてください: {listed}",
        "en": f"Does it contain any of these? State the composition in wt% (for example Nd 30, Dy 2.5, Fe balance), traces too: {listed}",
    }


def _values(fact: Fact, terms: Terms) -> tuple[tuple[str, Text], ...]:
    if fact.type == "bool":
        return (("true", {"ja": "はい", "en": "yes"}), ("false", {"ja": "いいえ", "en": "no"}))
    known = terms.choices[fact.choices] if fact.type == "choice" else {}
    return tuple((id, choice.label) for id, choice in known.items()) if len(known) <= LISTED else ()


def effort(fact: Fact) -> tuple[str, float]:
    """Who can know a fact, and how much work it is to find out: 1 is a look into the order.

    >>> from kido.register.store import terms
    >>> effort(terms().facts["density_g_cm3"])[0]
    'technical'
    """
    facts, groups = _ease()
    name = "composition" if fact.name.endswith(CONTENT) else fact.name
    return facts.get(name) or groups.get(fact.group, ("buyer", 2.0))


@lru_cache(maxsize=1)
def _ease() -> tuple[dict[str, tuple[str, float]], dict[str, tuple[str, float]]]:
    with (Path(__file__).parent / "ease.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    facts = {row["fact"]: (row["who"], float(row["effort"])) for row in rows if row["fact"]}
    return facts, {row["group"]: (row["who"], float(row["effort"])) for row in rows if row["group"]}
