"""What an answer would do: each is tried on the same facts. Names of parties are never tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from kido.decide.determine import Determination, determine
from kido.decide.open_points import OpenPoint, unsettled
from kido.decide.stated import stating
from kido.decide.transaction import read_transaction
from kido.errors import KidoError
from kido.register.model import Register
from kido.register.yaml_file import Mark
from kido.rule.judge import asked_by
from kido.rule.nodes import Compare, Const, Node, OneOf, walk
from kido.terms.amounts import plain
from kido.terms.text import Text
from kido.terms.vocabulary import Fact, Terms

MOST = ((20, 6), (40, 3))  # trials of one question while so many findings are open: each costs the more, the more is open
LEAST = 2
_OTHER = {"ja": "それ以外", "en": "any other"}
_YES_NO = {"true": {"ja": "はい", "en": "yes"}, "false": {"ja": "いいえ", "en": "no"}}


@dataclass(frozen=True, slots=True)
class Effect:
    """What one answer would do.

    value     as it could be stated: `true`, `magnet`, `>=0.1`
    answer    the answer then, and the one to plan for; "" where it contradicts what was stated
    open      how many findings facts would still keep open
    """

    value: str
    label: Text
    answer: str
    planning: str
    open: int


def effects(
    register: Register, terms: Terms, facts: Mark, found: Determination, fact: Fact, points: Iterable[OpenPoint]
) -> tuple[Effect, ...]:
    """What each answer would do: of a figure, on both sides of the thresholds that wait for it."""
    tried = []
    most = next((trials for open_, trials in MOST if unsettled(found) <= open_), LEAST)
    for value, label in list(_values(fact, terms, list(_tests(fact.name, points)), most))[:most]:
        try:
            read = read_transaction(stating(facts, fact.name, value, terms), terms, found.on)
            then = determine(register, terms, read, found.on, found.known_on)
        except KidoError:
            tried.append(Effect(value, label, "", "", 0))
            continue
        tried.append(Effect(value, label, then.answer, then.planning, unsettled(then)))
    return tuple(tried)


def _tests(name: str, points: Iterable[OpenPoint]) -> Iterator[Node]:
    """The tests on a fact in the rules that are open."""
    for point in points:
        f = point.finding
        if f is None:
            continue
        rules = [f.measure.when, *(e.unless.when for e in f.open), *(m.item.when for m in (*f.possible, *f.items))]
        for rule in (rule for rule in rules if rule is not None):
            yield from (node for node in walk(rule) if isinstance(node, Compare | OneOf) and name in asked_by(node))


def _values(fact: Fact, terms: Terms, tests: list[Node], most: int) -> Iterator[tuple[str, Text]]:
    if fact.type == "bool":
        yield from _YES_NO.items()
    elif fact.type == "number":
        yield from ((value, {"ja": value, "en": value}) for value in _sides(tests, most))
    elif fact.type in ("choice", "element", "place"):
        known = terms.ids(fact)
        counted = Counter(value for test in tests if isinstance(test, OneOf) for value in test.values if value in known)
        named = [value for value, _ in counted.most_common()]
        other = next((id for id in known if id not in named), None)
        whole = len(known) <= most or (fact.type == "choice" and not named)
        first = list(known) if whole else [*named[: most - 1], *([other] if other else [])]
        yield from ((id, _OTHER if id == other and not whole else known[id].label) for id in first)


def _sides(tests: list[Node], most: int) -> list[str]:
    """A figure below, between and above the thresholds that are nearest to nothing.

    >>> from kido.rule.nodes import Fact as Named
    >>> _sides([Compare(Named("purity_pct"), ">=", Const(99 * 10**12, "99"))], 3)
    ['<99', '>=99']
    """
    limits = sorted({t.right.value for t in tests if isinstance(t, Compare) and isinstance(t.right, Const)})[: most - 1]
    if not limits:
        return []
    texts = [plain(limit) for limit in limits]
    return [f"<{texts[0]}", *(f">={low}, <{high}" for low, high in pairwise(texts)), f">={texts[-1]}"]
