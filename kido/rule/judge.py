"""One case: is the rule true, false or unknown, because of what, and what is missing?

    judge(rule, facts)   -> Verdict

`Facts` and `Components` are the facts of a case; what is not in them is unknown.

Kleene's three values: `All` is false as soon as one part is false, `Some` true as soon as
one is true.  Nothing is invented: an absent fact is unknown, never a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kido.rule import nodes as n
from kido.rule.facts import ANYTHING, EXACT, Bounds, CodeIndex, Components, Facts, GroupIndex, Truth
from kido.terms.amounts import LIMIT, SCALE, Amount, bounds_text
from kido.terms.codes import below
from kido.terms.hs import hs_below


@dataclass(frozen=True, slots=True)
class Because:
    """Why a node has its answer: the value found, and the parts that decided."""

    node: n.Node
    answer: Truth
    found: str = ""
    parts: tuple[Because, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one rule."""

    answer: Truth
    because: Because

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that could still change the answer, in the order of the text; empty if it is known."""
        return self.because.missing


def judge(rule: n.Node, facts: Facts) -> Verdict:
    """Judge one rule on one case, and say what is still missing.

    >>> from kido.register.store import terms
    >>> from kido.rule.parse import Scope, parse
    >>> from kido.terms.amounts import amount
    >>> rule = parse("purity_pct >= 99.99 and grain_size_um < 50", Scope(terms()))
    >>> judge(rule, Facts({"purity_pct": amount("99.999")})).missing
    ('grain_size_um',)
    >>> judge(rule, Facts({"purity_pct": amount("90")})).answer
    False
    """
    because = _judge(rule, facts)
    return Verdict(because.answer, because)


def _judge(node: n.Node, facts: Facts) -> Because:
    return _TESTS[type(node)](node, facts)


def _unknown(node: n.Node, *names: str, found: str = "") -> Because:
    return Because(node, None, found, (), names)


# -- leaves -------------------------------------------------------------------------------


def _fact(node: n.Fact, facts: Facts) -> Because:
    value = facts.values.get(node.name)
    if value is None:
        return _unknown(node, node.name)
    return Because(node, bool(value), "yes" if value else "no")


def _one_of(node: n.OneOf, facts: Facts) -> Because:
    value = facts.values.get(node.fact.name)
    if value is None:
        ruled_out = facts.excluded.get(node.fact.name)
        if ruled_out and node.values and ruled_out.issuperset(node.values):
            return Because(node, False, "-")
        return _unknown(node, node.fact.name)
    values = allowed(node, facts)
    if not node.values and facts.on == date.max:
        return _on_some_day(node, facts, value)
    if isinstance(value, tuple):
        return Because(node, any(part in values for part in value), ", ".join(value) or "-")
    answer = facts.is_one_of(node.fact.name, value, values)
    if answer is None:
        return _unknown(node, node.fact.name + EXACT, found=str(value))
    return Because(node, answer, str(value))


def allowed(node: n.OneOf, facts: Facts) -> tuple[str, ...]:
    """The values a test allows; of a dated group, its members on the day."""
    if node.values or not node.group:
        return node.values
    return tuple(span.code for span in facts.groups.spans(node.group) if span.start <= facts.on <= span.end)


def _on_some_day(node: n.OneOf, facts: Facts, value: str | tuple[str, ...]) -> Because:
    """Membership of a dated group on a day not stated: false only if it never was a member."""
    ever = {span.code for span in facts.groups.spans(node.group)}
    if ever.isdisjoint(value if isinstance(value, tuple) else (value,)):
        return Because(node, False, str(value))
    return _unknown(node, "on", found=str(value))


def _under(node: n.Under, facts: Facts) -> Because:
    if node.tariff:
        return _under_hs(node, facts)
    if facts.codes is not None:
        answer, codes = facts.codes.under(node.prefixes)
        if answer is None:
            return _unknown(node, node.fact.name, found=", ".join(codes))
        return Because(node, answer, ", ".join(codes))
    value = facts.values.get(node.fact.name)
    if value is None:
        return _unknown(node, node.fact.name)
    return Because(node, any(below(str(value), prefix) for prefix in node.prefixes), str(value))


def _under_hs(node: n.Under, facts: Facts) -> Because:
    value = facts.values.get("hs")
    if value is None:
        return _unknown(node, "hs")
    answers = [hs_below(str(value), prefix) for prefix in node.prefixes]
    answer = True if True in answers else None if None in answers else False
    return Because(node, answer, str(value)) if answer is not None else _unknown(node, "hs", found=str(value))


def _within(node: n.Within, facts: Facts) -> Because:
    day = facts.on if node.fact.name == "on" else facts.values.get(node.fact.name)
    if day is None or day == date.max:
        return _unknown(node, node.fact.name)
    return Because(node, node.start <= day <= node.end, day.isoformat())


def _listed(node: n.Listed, facts: Facts) -> Because:
    answer = facts.listings.get((node.party, node.list))
    if answer is None:
        return _unknown(node, f"{node.party}:{node.list}")
    return Because(node, answer, "yes" if answer else "no")


def _known(node: n.Known, facts: Facts) -> Because:
    known = facts.on != date.max if node.fact.name == "on" else node.fact.name in facts.values
    return Because(node, known)


# -- connectives --------------------------------------------------------------------------


def _all(node: n.All, facts: Facts) -> Because:
    return _join(node, facts, settled=False)


def _some(node: n.Some, facts: Facts) -> Because:
    return _join(node, facts, settled=True)


def _join(node: n.All | n.Some, facts: Facts, settled: bool) -> Because:
    """`All` is settled by a false part, `Some` by a true one; that part alone is the reason."""
    parts = []
    for part in node.parts:
        because = _judge(part, facts)
        if because.answer is settled:
            return Because(node, settled, "", (because,))
        parts.append(because)
    missing = tuple(dict.fromkeys(name for part in parts if part.answer is None for name in part.missing))
    answer = None if any(part.answer is None for part in parts) else not settled
    return Because(node, answer, "", tuple(parts), missing)


def _not(node: n.Not, facts: Facts) -> Because:
    part = _judge(node.part, facts)
    return Because(node, None if part.answer is None else not part.answer, "", (part,), part.missing)


def _named(node: n.Named, facts: Facts) -> Because:
    if facts.memo is None:
        part = _judge(node.rule, facts)
    elif (part := facts.memo.get(id(node.rule))) is None:
        part = facts.memo[id(node.rule)] = _judge(node.rule, facts)
    return Because(node, part.answer, "", (part,), part.missing)


# -- figures ------------------------------------------------------------------------------


def _compare(node: n.Compare, facts: Facts) -> Because:
    left, right = bounds(node.left, facts), bounds(node.right, facts)
    answer = None if left is None or right is None else compared(left, node.op, right)
    found = bounds_text(*left) if left else ""
    if answer is None:
        return _unknown(node, *_still_asked(node, facts), found="" if found == "?" else found)
    return Because(node, answer, found)


def _still_asked(node: n.Node, facts: Facts) -> list[str]:
    """The facts a figure asks for, without those already known exactly."""
    names = asked_by(node)
    exact = {name for name in names if isinstance(found := facts.values.get(name), Amount) and found.low == found.high}
    return [name for name in names if name not in exact]


def compared(left: Bounds, op: str, right: Bounds) -> Truth:
    """Compare two figures known within bounds.

    >>> compared((0, 5), ">=", (5, 5)), compared((0, 4), ">=", (5, 5)), compared((5, 9), ">=", (5, 5))
    (None, False, True)
    """
    if op in (">", ">="):
        sure, ruled_out = (left[0] > right[1], left[1] <= right[0]) if op == ">" else (left[0] >= right[1], left[1] < right[0])
    elif op in ("<", "<="):
        sure, ruled_out = (left[1] < right[0], left[0] >= right[1]) if op == "<" else (left[1] <= right[0], left[0] > right[1])
    else:
        same = left[0] == left[1] == right[0] == right[1]
        apart = left[1] < right[0] or left[0] > right[1]
        sure, ruled_out = (same, apart) if op == "==" else (apart, same)
    return True if sure else False if ruled_out else None


def bounds(node: n.Node, facts: Facts) -> Bounds | None:
    """Lowest and highest value of a figure; None if nothing is known of it."""
    match node:
        case n.Const(value):
            return value, value
        case n.Fact(name):
            amount = facts.values.get(name)
            return None if amount is None else (amount.low, amount.high)
        case n.Sum(collection, field_, where):
            return _total(facts.components.get(collection, _NOTHING_KNOWN), field_, where, facts)
        case n.Share(collection, field_, where):
            components = facts.components.get(collection, _NOTHING_KNOWN)
            return share_bounds(_total(components, field_, where, facts), components.whole)
        case n.Plus(left, right):
            first, second = bounds(left, facts), bounds(right, facts)
            return None if first is None or second is None else (first[0] + second[0], first[1] + second[1])
        case n.Times(factor, part):
            inner = bounds(part, facts)
            return None if inner is None else (inner[0] * factor.value // SCALE, -(-inner[1] * factor.value // SCALE))
    raise TypeError(type(node))


_NOTHING_KNOWN = Components(rest=ANYTHING)


def share_bounds(part: Bounds, whole: Amount) -> Bounds:
    """Per cent of the whole, rounded outwards so that a threshold is never missed."""
    if part[1] == 0:
        return 0, 0
    low = part[0] * 100 * SCALE // whole.high if whole.high > 0 else 0
    high = -(-part[1] * 100 * SCALE // whole.low) if whole.low > 0 else LIMIT
    return low, min(high, LIMIT)


def _total(components: Components, field_: str, where: n.Node, facts: Facts) -> Bounds:
    """Add up the components that fit; those that may fit count in the upper bound only."""
    if type(where) is n.OneOf and where.values and where.fact.name == "element" and field_ == "wt_pct":
        return content(components, where.values)
    low = high = 0
    for row in components.rows:
        fits = component_fits(where, row, facts)
        amount = row.get(field_)
        if fits is True:
            low += amount.low if amount else 0
        if fits is not False:
            high += amount.high if amount else LIMIT
    if components.rest is not None and component_fits(where, {field_: components.rest}, facts, components.listed) is not False:
        high += components.rest.high
    return low, min(high, LIMIT)


def content(components: Components, elements: tuple[str, ...]) -> Bounds:
    """The most usual total: of one element, or a few."""
    low = high = 0
    for row in components.rows:
        element = row.get("element")
        if element is None or element in elements:
            amount = row.get("wt_pct")
            low += amount.low if amount and element is not None else 0
            high += amount.high if amount else LIMIT
    if components.rest is not None and not (components.listed and components.listed.issuperset(elements)):
        high += components.rest.high
    return low, min(high, LIMIT)


def _any(node: n.Any, facts: Facts) -> Because:
    components = facts.components.get(node.collection, _NOTHING_KNOWN)
    answer: Truth = False
    found = []
    for row in components.rows:
        fits = component_fits(node.where, row, facts)
        if fits is True:
            return Because(node, True, _row_text(row))
        if fits is None:
            answer = None
            found.append(_row_text(row))
    if components.rest is not None and answer is False:
        field_ = {"composition": "wt_pct", "inputs": "value"}[node.collection]
        if component_fits(node.where, {field_: components.rest}, facts, components.listed) is not False:
            answer = None
    if answer is None:
        return _unknown(node, *asked_by(node), found="; ".join(found))
    return Because(node, answer)


def _row_text(row: dict[str, str | Amount]) -> str:
    return " ".join(str(value) for value in row.values())


def component_fits(where: n.Node, row: dict[str, str | Amount], facts: Facts, listed: frozenset[str] = frozenset()) -> Truth:
    """Whether a component fits; `listed` are elements an unlisted component cannot be."""
    match where:
        case n.All(parts) | n.Some(parts):
            settled = isinstance(where, n.Some)
            answers = [component_fits(part, row, facts, listed) for part in parts]
            return settled if settled in answers else None if None in answers else not settled
        case n.Not(part):
            answer = component_fits(part, row, facts, listed)
            return None if answer is None else not answer
        case n.Named(_, rule):
            return component_fits(rule, row, facts, listed)
        case n.OneOf(fact):
            value, values = row.get(fact.name), allowed(where, facts)
            if value is None:
                return False if fact.name == "element" and listed and listed.issuperset(values) else None
            return value in values
        case n.Known(fact):
            return fact.name in row
        case n.Compare(left, op, right):
            sides = [_component_bounds(side, row) for side in (left, right)]
            return None if None in sides else compared(sides[0], op, sides[1])
    raise TypeError(f"{type(where).__name__} is not a test of a component")


def _component_bounds(node: n.Node, row: dict[str, str | Amount]) -> Bounds | None:
    if isinstance(node, n.Const):
        return node.value, node.value
    amount = row.get(node.name)
    return None if amount is None else (amount.low, amount.high)


def asked_by(node: n.Node) -> tuple[str, ...]:
    """The names of the facts a node asks for; a content test asks for that content."""
    known = _ASKED.get(id(node))
    if known is not None and known[0] is node:
        return known[1]
    names: list[str] = []
    for below_ in _asking(node):
        if isinstance(below_, n.Sum | n.Any | n.Share):
            names += _component_names(below_)
        else:
            names.append(below_.name)
    found = tuple(dict.fromkeys(names))
    if len(_ASKED) > 100_000:
        _ASKED.clear()
    _ASKED[id(node)] = node, found
    return found


_ASKED: dict[int, tuple[n.Node, tuple[str, ...]]] = {}  # by identity; the node is held, so that no other takes its place


def _asking(node: n.Node):
    if isinstance(node, n.Fact | n.Sum | n.Any | n.Share):
        yield node
    elif isinstance(node, n.Listed):
        yield n.Fact(f"{node.party}:{node.list}")
    else:
        for child in n.children(node):
            yield from _asking(child)


def _component_names(node: n.Sum | n.Any | n.Share) -> list[str]:
    if isinstance(node, n.Sum) and isinstance(node.where, n.OneOf) and node.where.fact.name == "element" and len(node.where.values) <= 4:
        return [f"{symbol.lower()}_wt_pct" for symbol in node.where.values]
    return [node.collection, "value"] if isinstance(node, n.Share) and node.field == "value" else [node.collection]


_TESTS = {
    n.Fact: _fact, n.OneOf: _one_of, n.Under: _under, n.Within: _within, n.Listed: _listed, n.Known: _known,
    n.All: _all, n.Some: _some, n.Not: _not, n.Named: _named, n.Compare: _compare, n.Any: _any,
}  # fmt: skip


__all__ = ["Because", "Bounds", "CodeIndex", "Components", "Facts", "GroupIndex", "Truth", "Verdict", "below", "bounds", "judge"]  # fmt: skip
