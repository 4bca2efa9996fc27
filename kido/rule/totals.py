"""The figures of a rule within bounds: contents and totals over components, shares of the whole, and how two of them compare.

    figure(node)         -> how it is read from facts: its lowest and highest value
    bounds(node, facts)  -> the same, read once
    asked_by(node)       -> the facts a node asks for

A component that may or may not fit counts in the upper bound only, and so does what an incomplete list leaves out.
"""

from __future__ import annotations

from collections.abc import Callable

from kido.rule import nodes as n
from kido.rule.facts import ANYTHING, Bounds, Components, Facts, Truth
from kido.terms.amounts import LIMIT, SCALE, Amount

Figure = Callable[[Facts], Bounds | None]


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
    return figure(node)(facts)


def figure(node: n.Node) -> Figure:
    """How a figure is read from facts, worked out once for each node."""
    match node:
        case n.Const(value):
            point = value, value
            return lambda facts: point
        case n.Fact(name):
            return lambda facts: None if (found := facts.values.get(name)) is None else (found.low, found.high)
        case n.Sum(collection, field_, where) if _by_element(where, field_):
            elements = where.values
            return lambda facts: content(facts.components.get(collection, _NOTHING_KNOWN), elements)
        case n.Sum(collection, field_, where):
            return lambda facts: _total(facts.components.get(collection, _NOTHING_KNOWN), field_, where, facts)
        case n.Share():
            return _share(node)
        case n.Plus(left, right):
            return _plus(figure(left), figure(right))
        case n.Times(factor, part):
            return _times(factor.value, figure(part))
    raise TypeError(type(node))


def _share(node: n.Share) -> Figure:
    part = figure(n.Sum(node.collection, node.field, node.where))
    return lambda facts: share_bounds(part(facts), facts.components.get(node.collection, _NOTHING_KNOWN).whole)


def _plus(left: Figure, right: Figure) -> Figure:
    def added(facts: Facts) -> Bounds | None:
        first, second = left(facts), right(facts)
        return None if first is None or second is None else (first[0] + second[0], first[1] + second[1])

    return added


def _times(factor: int, part: Figure) -> Figure:
    def multiplied(facts: Facts) -> Bounds | None:
        inner = part(facts)
        return None if inner is None else (inner[0] * factor // SCALE, -(-inner[1] * factor // SCALE))

    return multiplied


def _by_element(where: n.Node, field_: str) -> bool:
    """The most usual total: the content of elements named one by one."""
    return type(where) is n.OneOf and bool(where.values) and where.fact.name == "element" and field_ == "wt_pct"


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


def allowed(node: n.OneOf, facts: Facts) -> tuple[str, ...]:
    """The values a test allows; of a dated group, its members on the day."""
    if node.values or not node.group:
        return node.values
    return tuple(span.code for span in facts.groups.spans(node.group) if span.start <= facts.on <= span.end)


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


def still_asked(node: n.Node, facts: Facts) -> list[str]:
    """The facts a figure asks for, without those already known exactly."""
    names = asked_by(node)
    exact = {name for name in names if isinstance(found := facts.values.get(name), Amount) and found.low == found.high}
    return [name for name in names if name not in exact]
