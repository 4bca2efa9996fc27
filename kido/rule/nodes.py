"""The tree of a rule: frozen kinds that every reader (judge, columns, show, check) reads.

    Fact Const                                    leaves with a value
    Compare OneOf Under Within Listed Known       tests
    All Some Not Named                            connectives; Named is a definition of the law
    Any Sum Share                                 over the components of a collection
    Plus Times                                    arithmetic

`Any`, `Sum` and `Share` carry their unknowns as bounds: a component that may or may not
fit counts in the upper bound only, and so does what an incomplete list leaves out.
Every node knows its column in the rule text (`at`), which takes no part in equality.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

COLLECTIONS = {
    "composition": ("element", "wt_pct"),
    "inputs": ("name", "element", "form", "alloy_system", "origin", "value"),
}
PARTIES = ("exporter", "importer", "buyer", "consignee", "middleman", "end_user", "owner")
AMOUNT_FIELDS = {("composition", "wt_pct"), ("inputs", "value")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """The value of a named fact; alone in a test it is a yes-or-no fact."""

    name: str


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A figure on the grid of `terms.amounts`; `text` is how the law prints it."""

    value: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Compare(Node):
    left: Node
    op: str  # < <= > >= == !=
    right: Node


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """A worded fact is one of these values, or belongs to a (dated) group."""

    fact: Fact
    values: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Under(Node):
    """A control code, or the HS code, lies at or below one of these prefixes."""

    fact: Fact
    prefixes: tuple[str, ...]

    @property
    def tariff(self) -> bool:
        """It is a test on the HS code."""
        return self.fact.name == "hs"


@dataclass(frozen=True, slots=True)
class Within(Node):
    """A date lies in a span, both days included."""

    fact: Fact
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Listed(Node):
    """A party is on a list."""

    party: str
    list: str


@dataclass(frozen=True, slots=True)
class Known(Node):
    fact: Fact


@dataclass(frozen=True, slots=True)
class All(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    part: Node


@dataclass(frozen=True, slots=True)
class Named(Node):
    """A definition of the law, used by its name."""

    name: str
    rule: Node


@dataclass(frozen=True, slots=True)
class Any(Node):
    """Some component of the collection fits."""

    collection: str
    where: Node


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """The amounts of the components that fit, added up."""

    collection: str
    field: str
    where: Node


@dataclass(frozen=True, slots=True)
class Share(Node):
    """The amounts of the components that fit, in per cent of the whole goods."""

    collection: str
    field: str
    where: Node


@dataclass(frozen=True, slots=True)
class Plus(Node):
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Times(Node):
    factor: Const
    part: Node


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order of the text."""
    match node:
        case All(parts) | Some(parts):
            return parts
        case Not(part) | Named(_, part) | Times(_, part):
            return (part,)
        case Any(_, where) | Sum(_, _, where) | Share(_, _, where):
            return (where,)
        case Compare(left, _, right) | Plus(left, right):
            return (left, right)
        case OneOf(fact) | Under(fact) | Within(fact) | Known(fact):
            return (fact,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, depth first."""
    yield node
    for child in children(node):
        yield from walk(child)
