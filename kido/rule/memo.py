"""Verdicts kept by what a rule can read, so that rows of a table that differ elsewhere need not be judged again.

remembered(rule, facts, kept, judged)  -> what `judged()` returns, kept under the values the rule reads

A rule that asks for components in any other way than by the content of named elements is never kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from kido.rule import nodes as n
from kido.rule.facts import ANYTHING, Components, Facts
from kido.rule.judge import content

MOST = 20_000
Found = TypeVar("Found")
_NOTHING_KNOWN = Components(rest=ANYTHING)


@dataclass(slots=True)
class Reads:
    """What a rule reads: facts by name, contents of elements, and whether the day matters."""

    names: tuple[str, ...] = ()
    elements: tuple[tuple[str, ...], ...] = ()
    dated: bool = False


@dataclass(slots=True)
class _Reading:
    names: dict[str, None] = field(default_factory=dict)
    elements: dict[tuple[str, ...], None] = field(default_factory=dict)
    dated: bool = False


_READS: dict[int, tuple[n.Node, Reads | None]] = {}  # by identity; the node is held, so that no other takes its place


def reads(rule: n.Node) -> Reads | None:
    """What a rule reads; None where that is more than names and contents.

    >>> from kido.register.store import terms
    >>> from kido.rule.parse import Scope, parse
    >>> found = reads(parse('form == "metal" and dy_wt_pct > 1', Scope(terms())))
    >>> found.names, found.elements
    (('form',), (('Dy',),))
    """
    known = _READS.get(id(rule))
    if known is not None and known[0] is rule:
        return known[1]
    reading = _Reading()
    found = Reads(tuple(reading.names), tuple(reading.elements), reading.dated) if _read(rule, reading) else None
    if len(_READS) > MOST:
        _READS.clear()
    _READS[id(rule)] = rule, found
    return found


def _read(node: n.Node, reading: _Reading) -> bool:
    if isinstance(node, n.Sum):
        where = node.where
        simple = isinstance(where, n.OneOf) and where.values and where.fact.name == "element" and node.field == "wt_pct"
        if simple:
            reading.elements[where.values] = None
        return bool(simple)
    if isinstance(node, n.Any | n.Share | n.Listed):
        return False
    if isinstance(node, n.Fact):
        reading.names[node.name] = None
        reading.dated = reading.dated or node.name == "on"
    elif isinstance(node, n.Within) or (isinstance(node, n.OneOf) and node.group):
        reading.dated = True
    return all(_read(child, reading) for child in n.children(node))


def remembered(rule: n.Node, facts: Facts, kept: dict, judged: Callable[[], Found], beside: object = None) -> Found:
    """The verdict kept for these values, or a new one. `beside` is what else it depends on."""
    found = reads(rule)
    if found is None or facts.codes is not None:
        return judged()
    values, components = facts.values, facts.components.get("composition", _NOTHING_KNOWN)
    names = found.names
    key = (
        id(rule), beside, tuple([values.get(name) for name in names]), tuple([content(components, elements) for elements in found.elements]),
        facts.on if found.dated else None, tuple([facts.excluded.get(name) for name in names]) if facts.excluded else None,
        tuple([facts.maybe.get(name) for name in names]) if facts.maybe else None,
    )  # fmt: skip
    verdict = kept.get(key)
    if verdict is None:
        if len(kept) > MOST:
            kept.clear()
        verdict = kept[key] = judged()
    return verdict
