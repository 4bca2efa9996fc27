"""The missing facts of a sheet: for each fact, whether it could still change what a measure that binds or may bind says.

As `judge` finds them: a leaf is missing where it and everything above it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kido.decide.sheet_parts import Sheet
from kido.decide.told_order import asked_name
from kido.rule import nodes as n
from kido.rule.facts import EXACT
from kido.rule.judge import asked_by
from kido.rule.tabular import FIGURE, STATE, WORD, Reader

MISSING = "?:"


def add(sheet: Sheet) -> None:
    """Add a yes-or-no step for every fact that some row may lack."""
    g = sheet.graph
    asked = _Asked()
    bears: dict[tuple[str, str], list[int]] = {}
    for steps in sheet.measures:
        still = g.either([steps.binds, steps.may_bind])
        asked.of(steps.measure.when, steps.reader, still)
        for unless in steps.measure.unless:
            asked.of(unless.when, steps.reader, still)
        for item in steps.items:
            bears.setdefault((item.act.id, item.item.code), []).append(still)
    plain = Reader(g, sheet.measures[0].reader.facts, sheet.measures[0].reader.groups, sheet.wanted, *_told(sheet))
    for key, stills in bears.items():
        item = sheet.items[key]
        still = g.either(stills)
        asked.of(item.item.when, plain, g.both([still, g.unknown(item.answer)]))
        for unless in item.item.unless:
            asked.of(unless.when, plain, g.both([still, g.maybe(item.answer), g.maybe(item.own)]))
    for name, gates in asked.steps.items():
        step = g.either([g.within(g.either(under), gate) for gate, under in gates.items()])
        if g.steps[step] != ("const", False):
            sheet.outputs[f"{MISSING}{name}"] = step


def _told(sheet: Sheet) -> tuple:
    reader = sheet.measures[0].reader
    return reader.components, reader.listings


@dataclass(slots=True)
class _Asked:
    """For each fact: whether a leaf itself is open, and under what that would matter."""

    steps: dict[str, dict[int, list[int]]] = field(default_factory=dict)

    def of(self, node: n.Node, reader: Reader, under: int) -> None:
        """Note the leaves below a node that are missing where `under` holds."""
        g = reader.graph
        open_ = g.unknown(reader.read(node))
        if ("const", False) in (g.steps[open_], g.steps[under]):
            return
        match node:
            case n.All(parts) | n.Some(parts):
                for part in parts:
                    self.of(part, reader, g.within(under, open_))
            case n.Not(part) | n.Named(_, part):
                self.of(part, reader, under)
            case n.OneOf(fact) if reader.facts.get(fact.name) == STATE:
                here = g.within(under, open_)
                self.note(fact.name, g.no(g.given(fact.name)), here)
                self.note(fact.name + EXACT, g.given(fact.name), here)
            case n.OneOf(fact) if reader.facts.get(fact.name) == WORD:
                self.note(fact.name, g.no(g.given(fact.name)), under)
            case n.OneOf(fact) | n.Under(fact) | n.Within(fact):
                self.note(fact.name, open_, under)
            case n.Fact(name):
                self.note(name, open_, under)
            case n.Listed(party, list_):
                self.note(f"{party}:{list_}", open_, under)
            case n.Compare():
                self.figures(asked_by(node), reader, g.within(under, open_))
            case n.Any():
                for name in asked_by(node):
                    self.note(name, open_, under)

    def figures(self, names: Iterable[str], reader: Reader, here: int) -> None:
        """The facts a figure asks for, without those already known exactly."""
        g = reader.graph
        for name in names:
            gate = g.const(True)
            if reader.facts.get(name) == FIGURE:
                low, high = g.figure(f"{name}.low"), g.figure(f"{name}.high")
                gate = g.no(g.sure(g.compare((low, low), "==", (high, high))))
            self.note(name, gate, here)

    def note(self, name: str, gate: int, under: int) -> None:
        self.steps.setdefault(asked_name(name), {}).setdefault(gate, []).append(under)
