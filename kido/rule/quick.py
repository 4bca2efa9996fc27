"""The answer alone, without a reason: most entries of an annex fail on form or element, and need none."""

from __future__ import annotations

from kido.rule import nodes as n
from kido.rule.facts import Facts, Truth
from kido.rule.judge import judge


def truth(node: n.Node, facts: Facts) -> Truth:
    """The same answer as `judge` gives, sooner; connectives stop as soon as they are settled.

    >>> from kido.register.store import terms
    >>> from kido.rule.parse import Scope, parse
    >>> truth(parse('form == "metal" and purity_pct >= 99', Scope(terms())), Facts({"form": "magnet"}))
    False
    """
    kind = type(node)
    if kind is n.OneOf and node.values:
        value = facts.values.get(node.fact.name)
        if type(value) is str:
            return facts.is_one_of(node.fact.name, value, node.values)
    elif kind is n.All:
        found: Truth = True
        for part in node.parts:
            answer = truth(part, facts)
            if answer is False:
                return False
            if answer is None:
                found = None
        return found
    elif kind is n.Some:
        found = False
        for part in node.parts:
            answer = truth(part, facts)
            if answer:
                return True
            if answer is None:
                found = None
        return found
    elif kind is n.Not:
        answer = truth(node.part, facts)
        return None if answer is None else not answer
    elif kind is n.Named:
        known = facts.memo.get(id(node.rule)) if facts.memo else None
        return truth(node.rule, facts) if known is None else known.answer
    return judge(node, facts).answer
