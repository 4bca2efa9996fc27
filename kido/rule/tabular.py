"""Rule trees as steps of a graph, read against the facts that a table has.

    Reader(graph, facts, groups).read(rule)  -> number of the step

Facts a table does not have are unknown for every row and are folded away. What is read of worded facts that may
be more than they say, and of components, is noted in `wanted`, for whoever lays out the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import gcd

from kido.rule import nodes as n
from kido.rule.facts import Facts, GroupIndex
from kido.rule.graph import Graph
from kido.rule.judge import judge
from kido.terms.amounts import LIMIT, SCALE
from kido.terms.codes import ALL, SIGNS

BOOL, WORD, STATE, PLACES, DAY, FIGURE = "bool", "word", "state", "places", "day", "figure"


@dataclass(slots=True)
class Wanted:
    """Columns that rules ask for beside the facts themselves.

    states  (fact, value) -> column: whether a fact that may be more than it says is this value
    totals  Sum or Any over components -> name of its columns: NAME.low and NAME.high, or NAME
    """

    states: dict[tuple[str, str], str] = field(default_factory=dict)
    totals: dict[n.Node, str] = field(default_factory=dict)

    def state(self, fact: str, value: str) -> str:
        return self.states.setdefault((fact, value), f"{fact}={value}")

    def total(self, node: n.Sum | n.Any) -> str:
        return self.totals.setdefault(node, f"total{len(self.totals)}")


@dataclass(slots=True)
class Reader:
    """Reads rules against the facts of one table.

    facts        kind of each fact that some row has
    components   collections that some row has
    listings     (party, list) pairs that some row has
    codes        step for control codes below some prefixes; None: the code as stated
    overrides    yes-or-no facts that are steps of their own
    """

    graph: Graph
    facts: Mapping[str, str]
    groups: GroupIndex
    wanted: Wanted
    components: frozenset[str] = frozenset()
    listings: frozenset[tuple[str, str]] = frozenset()
    codes: Callable[[tuple[str, ...]], int] | None = None
    overrides: Mapping[str, int] = field(default_factory=dict)
    memo: dict[int, int] = field(default_factory=dict)  # by identity; the register holds the nodes

    def read(self, node: n.Node) -> int:
        found = self.memo.get(id(node))
        if found is None:
            found = self.memo[id(node)] = self._test(node)
        return found

    def _test(self, node: n.Node) -> int:
        g = self.graph
        match node:
            case n.All(parts):
                return g.both([self.read(part) for part in parts])
            case n.Some(parts):
                return g.either([self.read(part) for part in parts])
            case n.Not(part):
                return g.no(self.read(part))
            case n.Named(_, rule):
                return self.read(rule)
            case n.Fact(name):
                if name in self.overrides:
                    return self.overrides[name]
                return g.column(name) if name in self.facts else g.const(None)
            case n.OneOf(fact, values, group):
                return self._one_of(fact.name, values) if values or not group else self._in_group(fact.name, group)
            case n.Under(fact, prefixes):
                return self._under(fact.name, prefixes, node.tariff)
            case n.Within(fact, start, end):
                return g.between(fact.name, start, end) if fact.name in self.facts or fact.name == "on" else g.const(None)
            case n.Listed(party, list_):
                return g.column(f"{party}:{list_}") if (party, list_) in self.listings else g.const(None)
            case n.Known(fact):
                return self.known(fact.name)
            case n.Compare(left, op, right):
                return self._compare(node, left, op, right)
            case n.Any(collection):
                if collection not in self.components:
                    return g.const(judge(node, Facts(groups=self.groups)).answer)
                return g.column(self.wanted.total(node))
        raise TypeError(type(node))

    def _one_of(self, name: str, values: tuple[str, ...]) -> int:
        g, kind = self.graph, self.facts.get(name)
        if kind is None:
            return g.const(None)
        if kind in (STATE, PLACES):
            if not values:
                return g.choose(g.given(name), g.const(False), g.const(None))
            return g.either([g.column(self.wanted.state(name, value)) for value in values])
        return g.among(name, values)

    def _in_group(self, name: str, group: str) -> int:
        """Membership of a dated group on the day of the row; unknown where the place is."""
        g, kind = self.graph, self.facts.get(name)
        if kind is None:
            return g.const(None)
        spans: dict[tuple, list[str]] = {}
        for span in self.groups.spans(group):
            spans.setdefault((span.start, span.end), []).append(span.code)
        inside = g.either([g.both([self._one_of(name, tuple(codes)), g.between("on", *days)]) for days, codes in spans.items()])
        return g.choose(g.given(name), inside, g.const(None))

    def _under(self, name: str, prefixes: tuple[str, ...], tariff: bool) -> int:
        g = self.graph
        if not tariff and self.codes is not None:
            return self.codes(prefixes)
        if name not in self.facts:
            return g.const(None)
        if tariff:
            return g.either([g.under_hs(name, "".join(char for char in prefix if char.isdigit())) for prefix in prefixes])
        return self.code_below(name, prefixes)

    def code_below(self, name: str, prefixes: tuple[str, ...]) -> int:
        """As `terms.codes.below`, of a column."""
        g = self.graph
        tests = [g.among(name, prefixes), g.starts(name, (prefix + sign for prefix in prefixes for sign in SIGNS))]
        if ALL in prefixes:
            tests.append(g.choose(g.given(name), g.const(True), g.const(None)))
        return g.either(tests)

    def known(self, name: str) -> int:
        g = self.graph
        if name == "on":
            return g.given("on")
        if name in self.overrides:
            return g.no(g.unknown(self.overrides[name]))
        if name not in self.facts:
            return g.const(False)
        return g.given(f"{name}.low" if self.facts[name] == FIGURE else name)

    # -- figures -------------------------------------------------------------------------

    def _compare(self, node: n.Compare, left: n.Node, op: str, right: n.Node) -> int:
        sides = self.bounds(left), self.bounds(right)
        if None in sides:
            return self.graph.const(None)
        if all(isinstance(side, n.Const) for side in (left, right)):
            return self.graph.const(judge(node, Facts()).answer)
        return self.graph.compare(sides[0], op, sides[1])

    def bounds(self, node: n.Node) -> tuple[int, int] | None:
        """Lowest and highest value; None where no row knows anything of it."""
        g = self.graph
        match node:
            case n.Const(value):
                return g.whole(value), g.whole(value)
            case n.Fact(name):
                return (g.figure(f"{name}.low"), g.figure(f"{name}.high")) if name in self.facts else None
            case n.Plus(left, right):
                first, second = self.bounds(left), self.bounds(right)
                return None if first is None or second is None else (g.plus(first[0], second[0]), g.plus(first[1], second[1]))
            case n.Times(factor, part):
                inner, shared = self.bounds(part), gcd(factor.value, SCALE) or 1
                top, bottom = factor.value // shared, SCALE // shared
                return inner and (g.times(inner[0], top, bottom, False), g.times(inner[1], top, bottom, True))
            case n.Sum():
                return self._total(node)
            case n.Share(collection, field_, where):
                low, high = self._total(n.Sum(collection, field_, where))
                if collection not in self.components:
                    whole = g.whole(0), g.whole(LIMIT)
                else:
                    whole = g.figure(f"{collection}.whole.low", 0), g.figure(f"{collection}.whole.high", LIMIT)
                return g.share(low, whole[1], "low"), g.share(high, whole[0], "high")
        raise TypeError(type(node))

    def _total(self, node: n.Sum) -> tuple[int, int]:
        g = self.graph
        if node.collection not in self.components:
            return g.whole(0), g.whole(LIMIT if self._may_fit(node) else 0)
        name = self.wanted.total(node)
        return g.figure(f"{name}.low", 0), g.figure(f"{name}.high", 0)

    def _may_fit(self, node: n.Sum) -> bool:
        """Whether components of which nothing is known may fit."""
        return judge(n.Any(node.collection, node.where), Facts(groups=self.groups)).answer is not False
