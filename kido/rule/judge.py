"""One case: is the rule true, false or unknown, because of what, and what is missing?

    judge(rule, facts)   -> Verdict
    reason(rule)         -> the function that judges it; made once, for the same rules judge every case

`Facts` and `Components` are the facts of a case; what is not in them is unknown.

Kleene's three values: `All` is false as soon as one part is false, `Some` true as soon as
one is true.  Nothing is invented: an absent fact is unknown, never a default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kido.rule import nodes as n
from kido.rule.facts import ANYTHING, EXACT, Bounds, CodeIndex, Components, Facts, GroupIndex, Truth
from kido.rule.totals import allowed, asked_by, bounds, compared, component_fits, content, figure, share_bounds, still_asked
from kido.terms.amounts import bounds_text
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
    because = reason(rule)(facts)
    return Verdict(because.answer, because)


Reason = Callable[[Facts], Because]
_MOST_RULES, _MOST_KEPT = 100_000, 64
_REASONS: dict[int, tuple[n.Node, Reason]] = {}  # by identity; the node is held, so that no other takes its place


def reason(node: n.Node) -> Reason:
    """The function that judges a node: what the node alone says is worked out before any case."""
    known = _REASONS.get(id(node))
    if known is not None and known[0] is node:
        return known[1]
    made = _MADE[type(node)](node)
    if len(_REASONS) > _MOST_RULES:
        _REASONS.clear()
    _REASONS[id(node)] = node, made
    return made


def _keep(kept: dict, key: object, because: Because) -> Because:
    """Equal reasons are one object: most cases find the same few things, and what is built of the same parts is known by them."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = because
    return because


def _said(node: n.Node) -> Callable[..., Because]:
    """What may be said of a leaf: its answer, the value found, the facts that are missing."""
    kept: dict[tuple, Because] = {}

    def said(answer: Truth, found: str = "", *missing: str) -> Because:
        key = answer, found, missing
        return kept.get(key) or _keep(kept, key, Because(node, answer, found, (), missing))

    return said


# -- leaves -------------------------------------------------------------------------------


def _fact(node: n.Fact) -> Reason:
    name, said = node.name, _said(node)
    yes, no, unknown = said(True, "yes"), said(False, "no"), said(None, "", name)

    def judged(facts: Facts) -> Because:
        value = facts.values.get(name)
        return unknown if value is None else yes if value else no

    return judged


def _one_of(node: n.OneOf) -> Reason:
    name, values, said = node.fact.name, node.values, _said(node)
    unknown, dated = said(None, "", name), bool(node.group) and not values

    def judged(facts: Facts) -> Because:
        value = facts.values.get(name)
        if value is None:
            ruled_out = facts.excluded.get(name)
            return said(False, "-") if ruled_out and values and ruled_out.issuperset(values) else unknown
        if not values and facts.on == date.max:
            return said(*_on_some_day(node, facts, value))
        members = allowed(node, facts) if dated else values
        if isinstance(value, tuple):
            return said(any(part in members for part in value), ", ".join(value) or "-")
        answer = facts.is_one_of(name, value, members)
        return said(None, str(value), name + EXACT) if answer is None else said(answer, str(value))

    return judged


def _on_some_day(node: n.OneOf, facts: Facts, value: str | tuple[str, ...]) -> tuple:
    """Membership of a dated group on a day not stated: false only if it never was a member."""
    ever = {span.code for span in facts.groups.spans(node.group)}
    if ever.isdisjoint(value if isinstance(value, tuple) else (value,)):
        return False, str(value)
    return None, str(value), "on"


def _under(node: n.Under) -> Reason:
    name, prefixes, said = node.fact.name, node.prefixes, _said(node)

    def judged(facts: Facts) -> Because:
        if facts.codes is not None:
            answer, codes = facts.codes.under(prefixes)
            return said(answer, ", ".join(codes), *(() if answer is not None else (name,)))
        value = facts.values.get(name)
        return said(None, "", name) if value is None else said(any(below(str(value), prefix) for prefix in prefixes), str(value))

    def by_tariff(facts: Facts) -> Because:
        value = facts.values.get("hs")
        if value is None:
            return said(None, "", "hs")
        answers = [hs_below(str(value), prefix) for prefix in prefixes]
        return said(True, str(value)) if True in answers else said(None, str(value), "hs") if None in answers else said(False, str(value))

    return by_tariff if node.tariff else judged


def _within(node: n.Within) -> Reason:
    name, said = node.fact.name, _said(node)

    def judged(facts: Facts) -> Because:
        day = facts.on if name == "on" else facts.values.get(name)
        return said(None, "", name) if day is None or day == date.max else said(node.start <= day <= node.end, day.isoformat())

    return judged


def _listed(node: n.Listed) -> Reason:
    of, name, said = (node.party, node.list), f"{node.party}:{node.list}", _said(node)

    def judged(facts: Facts) -> Because:
        answer = facts.listings.get(of)
        return said(None, "", name) if answer is None else said(answer, "yes" if answer else "no")

    return judged


def _known(node: n.Known) -> Reason:
    name, said = node.fact.name, _said(node)
    return lambda facts: said(facts.on != date.max if name == "on" else name in facts.values)


# -- connectives --------------------------------------------------------------------------


def _join(node: n.All | n.Some, settled: bool) -> Reason:
    """`All` is settled by a false part, `Some` by a true one; that part alone is the reason."""
    parts: list[Reason | None] = [None] * len(node.parts)  # made when first reached: most rules are settled by their first part
    alone, together = {}, {}

    def judged(facts: Facts) -> Because:
        found = []
        for place, part in enumerate(parts):
            if part is None:
                part = parts[place] = reason(node.parts[place])
            because = part(facts)
            if because.answer is settled:
                return alone.get(id(because)) or _keep(alone, id(because), Because(node, settled, "", (because,)))
            found.append(because)
        key = tuple(map(id, found))  # a kept reason holds its parts, so that no other object takes their place
        return together.get(key) or _keep(together, key, _joined(node, settled, found))

    return judged


def _joined(node: n.All | n.Some, settled: bool, parts: list[Because]) -> Because:
    missing = tuple(dict.fromkeys(name for part in parts if part.answer is None for name in part.missing))
    answer = None if any(part.answer is None for part in parts) else not settled
    return Because(node, answer, "", tuple(parts), missing)


def _not(node: n.Not) -> Reason:
    judge_part, kept = reason(node.part), {}

    def judged(facts: Facts) -> Because:
        part = judge_part(facts)
        answer = None if part.answer is None else not part.answer
        return kept.get(id(part)) or _keep(kept, id(part), Because(node, answer, "", (part,), part.missing))

    return judged


def _named(node: n.Named) -> Reason:
    judge_rule, rule, kept = reason(node.rule), id(node.rule), {}

    def judged(facts: Facts) -> Because:
        if facts.memo is None:
            part = judge_rule(facts)
        elif (part := facts.memo.get(rule)) is None:
            part = facts.memo[rule] = judge_rule(facts)
        return kept.get(id(part)) or _keep(kept, id(part), Because(node, part.answer, "", (part,), part.missing))

    return judged


# -- figures ------------------------------------------------------------------------------


def _compare(node: n.Compare) -> Reason:
    left, op, right, said = figure(node.left), node.op, figure(node.right), _said(node)

    def judged(facts: Facts) -> Because:
        first, second = left(facts), right(facts)
        answer = None if first is None or second is None else compared(first, op, second)
        found = bounds_text(*first) if first else ""
        return said(None, "" if found == "?" else found, *still_asked(node, facts)) if answer is None else said(answer, found)

    return judged


_NOTHING_KNOWN = Components(rest=ANYTHING)


def _any(node: n.Any) -> Reason:
    said, where, amount = _said(node), node.where, {"composition": "wt_pct", "inputs": "value"}[node.collection]

    def judged(facts: Facts) -> Because:
        components = facts.components.get(node.collection, _NOTHING_KNOWN)
        may = []
        for row in components.rows:
            fits = component_fits(where, row, facts)
            if fits is True:
                return said(True, _row_text(row))
            if fits is None:
                may.append(_row_text(row))
        rest = components.rest
        if may or (rest is not None and component_fits(where, {amount: rest}, facts, components.listed) is not False):
            return said(None, "; ".join(may), *asked_by(node))
        return said(False)

    return judged


def _row_text(row: dict) -> str:
    return " ".join(str(value) for value in row.values())


_MADE: dict[type[n.Node], Callable[[n.Node], Reason]] = {
    n.Fact: _fact, n.OneOf: _one_of, n.Under: _under, n.Within: _within, n.Listed: _listed, n.Known: _known, n.Not: _not,
    n.All: lambda node: _join(node, settled=False), n.Some: lambda node: _join(node, settled=True), n.Named: _named,
    n.Compare: _compare, n.Any: _any,
}  # fmt: skip


__all__ = ["Because", "Bounds", "CodeIndex", "Components", "Facts", "GroupIndex", "Reason", "Truth", "Verdict", "asked_by", "below", "bounds", "compared", "component_fits", "content", "judge", "reason", "share_bounds"]  # fmt: skip
