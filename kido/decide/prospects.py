"""What can still become of a rule, when some facts are not known and will not be.

can_be(because, True, known)   whether facts that may yet be asked could make it true
guarded(rule)                  the rule with every `known(x)` open, where x may yet be stated
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kido.decide.finding import Finding
from kido.decide.match import ItemMatch
from kido.register.model import Item, Measure
from kido.rule.judge import Because, Facts, judge
from kido.rule.nodes import All, Fact, Known, Named, Node, Not, Some, walk
from kido.rule.quick import truth
from kido.terms.vocabulary import CONTENT

# asked in place of a fact that is not known: what it may follow from
FOLLOWS = {
    "element": ("composition",), "magnet_family": ("composition",), "substance": ("element", "composition"), "form": ("substance",),
    "origin": ("cn_origin",), "technology_supplied": ("form",), "form_is_exact": ("substance",),
    "composition": ("composition_complete",), "inputs": ("inputs_complete",),
}  # fmt: skip


def still_asked(names: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """The facts to ask for these: one that is not asked again is asked by what it may follow from.

    >>> still_asked(("element", "act"), {"element"})
    ('composition', 'act')
    """
    left: dict[str, None] = {}
    todo, seen = list(names), set()
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in known:
            todo = [*(("composition",) if name.endswith(CONTENT) else FOLLOWS.get(name, ())), *todo]
        else:
            left[name] = None
    return tuple(left)


def can_be(because: Because, truth: bool, known: Collection[str]) -> bool:
    """Whether a judged rule can still come out so; `known` are facts that are not asked again."""
    if because.answer is not None:
        return because.answer is truth
    match because.node:
        case All():
            return (all if truth else any)(can_be(part, truth, known) for part in because.parts)
        case Some():
            return (any if truth else all)(can_be(part, truth, known) for part in because.parts)
        case Not():
            return can_be(because.parts[0], not truth, known)
        case Named():
            return can_be(because.parts[0], truth, known)
    return bool(still_asked(because.missing, known))


def guarded(rule: Node) -> tuple[Node, frozenset[str]] | None:
    """The rule with each `known(x)` as open as x itself, and the names of those facts; None where it has none.

    A rule of the law that speaks of a fact only where it is known is not asked about by itself, yet the fact decides once it is stated.
    """
    kept = _GUARDED.get(id(rule))
    if kept is None or kept[0] is not rule:
        names = frozenset(node.fact.name for node in walk(rule) if isinstance(node, Known) and node.fact.name != "on")
        kept = _GUARDED[id(rule)] = (rule, (_open_guards(rule), names) if names else None)
    return kept[1]


_GUARDED: dict[int, tuple[Node, tuple[Node, frozenset[str]] | None]] = {}  # by identity: a rule is compared in full otherwise


def _open_guards(node: Node) -> Node:
    match node:
        case Known(Fact(name)) if name != "on":
            return Some((node, Fact(name)))
        case All(parts) | Some(parts):
            return replace(node, parts=tuple(_open_guards(part) for part in parts))
        case Not(part):
            return replace(node, part=_open_guards(part))
        case Named(_, rule):
            return replace(node, rule=_open_guards(rule))
    return node


def entries(f: Finding) -> list[Item]:
    """The entries a measure covers and that have a rule."""
    return [item for item in f.act.items if item.code in f.measure.codes and item.when is not None] if f.measure.covers else []


def guards(f: Finding) -> frozenset[str]:
    """The facts that the rules of a finding speak of only where they are known."""
    kept = _GUARDS.get(id(f.measure))
    if kept is None or kept[0] is not f.measure:
        rules = [f.measure.when, *(item.when for item in entries(f))]
        names = frozenset(name for rule in rules if (found := guarded(rule)) for name in found[1])
        kept = _GUARDS[id(f.measure)] = (f.measure, names)
    return kept[1]


_GUARDS: dict[int, tuple[Measure, frozenset[str]]] = {}  # by identity, as rules are


def opened(rule: Node, facts: Facts, unstated: Collection[str]) -> Because | None:
    """The rule judged with its guards open; None where it is false."""
    found = guarded(rule)
    node = found[0] if found and not found[1].isdisjoint(unstated) else rule
    return None if truth(node, facts) is False else judge(node, facts).because


def can_fit(match: ItemMatch, known: Collection[str]) -> bool:
    return match.stated == "within" or can_be(match.because, True, known)


def can_fall(match: ItemMatch, known: Collection[str]) -> bool:
    """The entry can still turn out not to fit, or be taken out."""
    if match.answer and match.because.answer is not True:
        return False  # the supplier's code names it
    out = [name for _, names in match.open_out for name in names]
    return match.stated == "within" or can_be(match.because, False, known) or bool(still_asked(out, known))
