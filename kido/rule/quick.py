"""The answer alone, without a reason: most entries of an annex fail on form or element, and need none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kido.rule import nodes as n
from kido.rule.facts import Facts, Truth
from kido.rule.judge import reason
from kido.rule.totals import compared, figure

Test = Callable[[Facts], Truth]
_MOST_RULES = 100_000
_TESTS: dict[int, tuple[n.Node, Test]] = {}  # by identity; the node is held, so that no other takes its place


def truth(node: n.Node, facts: Facts) -> Truth:
    """The same answer as `judge` gives, sooner; connectives stop as soon as they are settled.

    >>> from kido.register.store import terms
    >>> from kido.rule.parse import Scope, parse
    >>> truth(parse('form == "metal" and purity_pct >= 99', Scope(terms())), Facts({"form": "magnet"}))
    False
    """
    return test(node)(facts)


def test(node: n.Node) -> Test:
    """The function that answers a node, made once."""
    known = _TESTS.get(id(node))
    if known is not None and known[0] is node:
        return known[1]
    make = _MADE.get(type(node))
    made = make(node) if make else _by_reason(node)
    if len(_TESTS) > _MOST_RULES:
        _TESTS.clear()
    _TESTS[id(node)] = node, made
    return made


def _by_reason(node: n.Node) -> Test:
    judged = reason(node)
    return lambda facts: judged(facts).answer


def _fact(node: n.Fact) -> Test:
    name = node.name

    def tested(facts: Facts) -> Truth:
        value = facts.values.get(name)
        return None if value is None else bool(value)

    return tested


def _one_of(node: n.OneOf) -> Test:
    name, values = node.fact.name, node.values
    if not values:
        return _by_reason(node)
    otherwise, words = _by_reason(node), frozenset(values)

    def tested(facts: Facts) -> Truth:
        value = facts.values.get(name)
        if type(value) is not str:
            return otherwise(facts)
        if value in words:
            return True
        beside = facts.maybe.get(name)
        return None if beside and not beside.isdisjoint(words) else False

    return tested


def _known(node: n.Known) -> Test:
    name = node.fact.name
    return lambda facts: facts.on != date.max if name == "on" else name in facts.values


def _join(node: n.All | n.Some, settled: bool) -> Test:
    parts: list[Test | None] = [None] * len(node.parts)  # made when first reached

    def tested(facts: Facts) -> Truth:
        found: Truth = not settled
        for place, part in enumerate(parts):
            if part is None:
                part = parts[place] = test(node.parts[place])
            answer = part(facts)
            if answer is settled:
                return settled
            if answer is None:
                found = None
        return found

    return tested


def _not(node: n.Not) -> Test:
    part = test(node.part)

    def tested(facts: Facts) -> Truth:
        answer = part(facts)
        return None if answer is None else not answer

    return tested


def _named(node: n.Named) -> Test:
    judged = reason(node)
    part = test(node.rule)

    def tested(facts: Facts) -> Truth:
        return part(facts) if facts.memo is None else judged(facts).answer  # kept, for other rules use the same definition

    return tested


def _compare(node: n.Compare) -> Test:
    left, op, right = figure(node.left), node.op, figure(node.right)

    def tested(facts: Facts) -> Truth:
        first, second = left(facts), right(facts)
        return None if first is None or second is None else compared(first, op, second)

    return tested


_MADE: dict[type[n.Node], Callable[[n.Node], Test]] = {
    n.Fact: _fact, n.OneOf: _one_of, n.Known: _known, n.Not: _not, n.Named: _named, n.Compare: _compare,
    n.All: lambda node: _join(node, settled=False), n.Some: lambda node: _join(node, settled=True),
}  # fmt: skip
