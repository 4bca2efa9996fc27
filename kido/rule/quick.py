"""A quick no: most entries of an annex fail on form or element, and need no reason."""

from __future__ import annotations

from kido.rule import nodes as n
from kido.rule.facts import Facts


def surely_false(node: n.Node, facts: Facts) -> bool:
    """Whether the rule is false by worded facts alone; what it cannot say quickly is left to `judge`.

    >>> from kido.register.store import terms
    >>> from kido.rule.parse import Scope, parse
    >>> surely_false(parse('form == "metal" and purity_pct >= 99', Scope(terms())), Facts({"form": "magnet"}))
    True
    """
    match node:
        case n.All(parts):
            return any(surely_false(part, facts) for part in parts)
        case n.Some(parts):
            return all(surely_false(part, facts) for part in parts)
        case n.Named(_, rule):
            return surely_false(rule, facts)
        case n.OneOf(fact, values) if values:
            value = facts.values.get(fact.name)
            if type(value) is not str or value in values:
                return False
            beside = facts.maybe.get(fact.name)
            return not beside or beside.isdisjoint(values)
    return False
