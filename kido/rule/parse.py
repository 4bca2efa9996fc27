"""Rule text to tree: Python's own expression grammar, restricted, every name checked.

parse(text, scope)    -> Node, or KidoError with every problem and its column
Scope                 what names mean: facts, choices, groups, definitions
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from kido.errors import KidoError, Problem
from kido.rule import nodes as n
from kido.terms.amounts import AmountError, exact
from kido.terms.dates import read_date
from kido.terms.text import nearest
from kido.terms.vocabulary import CONTENT, Fact, Terms

_OPS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_WORDED = ("choice", "element", "place", "places", "text", "code", "hs")
_COMPONENT_TYPES = {
    "element": "element", "origin": "place", "form": "choice", "alloy_system": "choice", "name": "text",
    "wt_pct": "number", "value": "money",
}  # fmt: skip
FUNCTIONS = ("any", "sum", "share", "under", "within", "listed", "known")


@dataclass(slots=True)
class Scope:
    """The names a rule may use, and the place errors are reported at."""

    terms: Terms
    definitions: Mapping[str, n.Node] = field(default_factory=dict)
    place: str = "rule"


def parse(text: str, scope: Scope, collection: str = "") -> n.Node:
    """Parse a rule, or with `collection` a test of its components; every problem is reported with its column.

    >>> from kido.register.store import terms
    >>> parse('form == "magnet" and dy_wt_pct > 0', Scope(terms()))  # doctest: +ELLIPSIS
    All(parts=(OneOf(fact=Fact(name='form'), values=('magnet',), group=''), Compare(...)))
    >>> parse("grian_size_um < 50", Scope(terms()))
    Traceback (most recent call last):
    kido.errors.KidoError: rule:1: unknown-fact: grian_size_um
    """
    reader = _Reader(text, scope)
    reader.collection = collection
    try:
        tree = ast.parse(one_line(text), mode="eval")
    except SyntaxError as error:
        raise KidoError(reader.problem("rule-syntax", (error.offset or 1) - 1, text.strip()[:60])) from None
    node = reader.test(tree.body)
    if reader.problems:
        raise KidoError(reader.problems)
    return node


def one_line(text: str) -> str:
    """A rule may run over several lines; columns count along the joined text."""
    return text.strip().replace("\n", " ")


class _Reader:
    """Turns Python's tree into ours; collects problems and goes on."""

    def __init__(self, text: str, scope: Scope):
        self.text, self.scope = one_line(text), scope
        self.terms = scope.terms
        self.collection = ""
        self.problems: list[Problem] = []

    # -- problems ---------------------------------------------------------------------

    def problem(self, code: str, at: int, read: str, **values: str) -> Problem:
        line = self.text.replace("\n", " ")
        start = max(0, at - 60)
        snippet = f"{line[start : at + 60]}\n{' ' * (at - start)}{'^' * max(1, len(read))}"
        return Problem(code, f"{self.scope.place}:{at + 1}", read, values, snippet)

    def wrong(self, code: str, at: ast.AST | int, read: str, **values: str) -> n.Node:
        self.problems.append(self.problem(code, at if isinstance(at, int) else self.column(at), read, **values))
        return n.Some(())

    def column(self, node: ast.AST) -> int:
        lines = self.text.splitlines(keepends=True)
        before = sum(len(line) for line in lines[: node.lineno - 1])
        return before + len(lines[node.lineno - 1].encode()[: node.col_offset].decode(errors="ignore"))

    def source(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.text, node) or ast.dump(node)

    # -- tests ------------------------------------------------------------------------

    def test(self, node: ast.expr) -> n.Node:
        """A node that answers true, false or unknown."""
        at = self.column(node)
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return n.All(tuple(self.test(value) for value in values), at=at)
            case ast.BoolOp(op=ast.Or(), values=values):
                return n.Some(tuple(self.test(value) for value in values), at=at)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return n.Not(self.test(operand), at=at)
            case ast.Compare():
                return self.comparison(node)
            case ast.Call(func=ast.Name(id=name), keywords=[]) if name not in ("sum", "share"):
                return self.call(name, node)
            case ast.Name(id=name):
                return self.named_test(name, node)
        return self.wrong("rule-form", node, self.source(node))

    def named_test(self, name: str, node: ast.AST) -> n.Node:
        at = self.column(node)
        if name in self.scope.definitions:
            rule = self.scope.definitions[name]
            fields = n.COLLECTIONS[self.collection] if self.collection else ()
            if self.collection and any(
                not isinstance(below, n.All | n.Some | n.Not | n.OneOf | n.Named | n.Known) and not _is_field(below, fields)
                for below in n.walk(rule)
            ):
                return self.wrong("fact-outside-component", node, name, collection=self.collection)
            return n.Named(name, rule, at=at)
        fact = self.fact(name, node)
        if fact is not None and fact.type != "bool":
            return self.wrong("not-yes-or-no", node, name, type=fact.type)
        return n.Fact(name, at=at)

    def fact(self, name: str, node: ast.AST) -> Fact | None:
        """The fact of this name; inside a component test, the component's field first."""
        if self.collection and name in n.COLLECTIONS[self.collection]:
            known = self.terms.facts.get(name)
            kind = _COMPONENT_TYPES[name]
            choices = known.choices if known and kind == "choice" else ""
            return Fact(name, kind, "wt%" if name == "wt_pct" else "", "component", choices, {}, {}, "")
        found = self.terms.facts.get(name)
        if found is None:
            known = [*self.terms.facts, *self.scope.definitions, *FUNCTIONS]
            self.wrong("unknown-fact", node, name, near=nearest(name, known))
        elif self.collection:
            self.wrong("fact-outside-component", node, name, collection=self.collection)
        return found

    def comparison(self, node: ast.Compare) -> n.Node:
        """One test, or several for a chain such as `5 <= x <= 7`."""
        parts = []
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            parts.append(self.pair(left, operator, right, self.column(node)))
        return parts[0] if len(parts) == 1 else n.All(tuple(parts), at=self.column(node))

    def pair(self, left: ast.expr, operator: ast.cmpop, right: ast.expr, at: int) -> n.Node:
        if isinstance(operator, ast.In | ast.NotIn):
            test = self.membership(left, right, at)
            return n.Not(test, at=at) if isinstance(operator, ast.NotIn) else test
        if type(operator) not in _OPS:
            return self.wrong("rule-form", left, self.source(left))
        op = _OPS[type(operator)]
        if isinstance(right, ast.Constant) and isinstance(right.value, str):
            return self.worded(left, op, (right,), at)
        if isinstance(left, ast.Constant) and isinstance(left.value, str):
            return self.worded(right, op, (left,), at)
        first, second = self.number(left), self.number(right)
        if isinstance(first, n.Const) and not isinstance(second, n.Const):
            first, second, op = second, first, _FLIP[op]
        return n.Compare(first, op, second, at=at)

    def worded(self, left: ast.expr, op: str, values: tuple[ast.Constant, ...], at: int) -> n.Node:
        if op not in ("==", "!="):
            return self.wrong("words-are-not-ordered", left, self.source(left))
        test = self.one_of(left, values, at)
        return n.Not(test, at=at) if op == "!=" else test

    def membership(self, left: ast.expr, right: ast.expr, at: int) -> n.Node:
        if isinstance(left, ast.Constant) and isinstance(left.value, str) and isinstance(right, ast.Name):  # "CN" in via
            return self.one_of(right, (left,), at)
        if isinstance(right, ast.Name):  # element in rare_earths
            kinds = ("element",) if right.id in self.terms.groups else ("place", "places")
            if not self.terms.is_group(right.id):
                known = [*self.terms.groups, *self.terms.place_groups]
                return self.wrong("unknown-group", right, right.id, near=nearest(right.id, known))
            fact = self.leaf(left, kinds)
            return n.OneOf(fact, tuple(sorted(self.terms.groups.get(right.id, ()))), right.id, at=at)
        if not isinstance(right, ast.Tuple | ast.List):
            return self.wrong("rule-form", right, self.source(right))
        if all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in right.elts):
            return self.one_of(left, tuple(right.elts), at)
        first = self.number(left)
        return n.Some(tuple(n.Compare(first, "==", self.number(item), at=at) for item in right.elts), at=at)

    def leaf(self, node: ast.expr, kinds: tuple[str, ...] = ()) -> n.Fact:
        """A fact by its name; of one of these types, if any are given."""
        if not isinstance(node, ast.Name):
            self.wrong("rule-form", node, self.source(node))
            return n.Fact("")
        found = self.fact(node.id, node)
        if found is not None and kinds and found.type not in kinds:
            self.wrong("wrong-type-of-fact", node, node.id, type=found.type, wanted=", ".join(kinds))
        return n.Fact(node.id, at=self.column(node))

    def one_of(self, left: ast.expr, values: tuple[ast.expr, ...], at: int) -> n.Node:
        if not isinstance(left, ast.Name):
            return self.wrong("rule-form", left, self.source(left))
        fact = self.fact(left.id, left)
        if fact is None:
            return n.Some(())
        if fact.type not in _WORDED:
            return self.wrong("not-worded", left, left.id, type=fact.type)
        words = tuple(value.value for value in values)
        if fact.type in ("choice", "element", "place", "places"):
            for value in values:
                if value.value not in self.terms.ids(fact):
                    near = nearest(value.value, self.terms.ids(fact))
                    self.wrong("unknown-value", value, value.value, fact=fact.name, near=near, list=self.terms.list_of(fact))
        return n.OneOf(n.Fact(left.id, at=self.column(left)), words, at=at)

    # -- functions --------------------------------------------------------------------

    def call(self, name: str, node: ast.Call) -> n.Node:
        at, args = self.column(node), node.args
        strings = [arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if self.collection and name in ("under", "within", "listed"):
            return self.wrong("nested-component-test", node, self.source(node))
        match name:
            case "any" if len(args) == 2:
                return n.Any(self.collection_name(args[0]), self.inside(args[0], args[1]), at=at)
            case "known" if len(args) == 1:
                leaf = self.leaf(args[0])
                if leaf.name.endswith(CONTENT) and not self.collection:
                    return self.wrong("known-of-contents", args[0], leaf.name)
                return n.Known(leaf, at=at)
            case "under" if len(args) >= 2 and len(strings) == len(args) - 1:
                return n.Under(self.leaf(args[0], ("code", "hs")), tuple(strings), at=at)
            case "listed" if len(args) == 2 and isinstance(args[0], ast.Name) and len(strings) == 1:
                if args[0].id not in n.PARTIES:
                    return self.wrong("unknown-value", args[0], args[0].id, fact="listed", near=nearest(args[0].id, n.PARTIES))
                return n.Listed(args[0].id, strings[0], at=at)
            case "within" if len(args) == 3 and len(strings) == 2:
                start, end = (read_date(text) for text in strings)
                if start is None or end is None or start > end:
                    return self.wrong("not-a-date", args[1], " ".join(strings))
                return n.Within(self.leaf(args[0], ("date",)), start, end, at=at)
        if name not in FUNCTIONS:
            return self.wrong("unknown-function", node, name, near=nearest(name, FUNCTIONS))
        return self.wrong("function-arguments", node, self.source(node), name=name)

    def collection_name(self, node: ast.expr) -> str:
        name = node.id if isinstance(node, ast.Name) else ""
        if name not in n.COLLECTIONS:
            self.wrong("unknown-collection", node, self.source(node), near=nearest(name, n.COLLECTIONS))
            return "composition"
        return name

    def inside(self, collection: ast.expr, where: ast.expr) -> n.Node:
        """Read a component test: the component's own fields win over facts."""
        outer, self.collection = self.collection, self.collection_name(collection)
        if outer:
            self.wrong("nested-component-test", where, self.source(where))
        try:
            return self.test(where)
        finally:
            self.collection = outer

    # -- numbers ----------------------------------------------------------------------

    def number(self, node: ast.expr) -> n.Node:
        """A node that answers a figure with bounds."""
        at = self.column(node)
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self.figure(node, at)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
                return self.figure(node, at)
            case ast.Name(id=name):
                return self.amount(name, node, at)
            case ast.BinOp() if self.collection:
                return self.wrong("not-a-figure", node, self.source(node))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return n.Plus(self.number(left), self.number(right), at=at)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                first, second = self.number(left), self.number(right)
                if isinstance(second, n.Const):
                    first, second = second, first
                if not isinstance(first, n.Const) or first.value < 0:
                    return self.wrong("times-needs-a-figure", node, self.source(node))
                return n.Times(first, second, at=at)
            case ast.Call(func=ast.Name(id="sum" | "share" as name), args=[collection, ast.Name(id=amount), where], keywords=[]) if (
                not self.collection
            ):
                return self.total(name, collection, amount, where, at)
        return self.wrong("not-a-figure", node, self.source(node))

    def figure(self, node: ast.expr, at: int) -> n.Node:
        text = self.source(node).replace(" ", "")
        try:
            return n.Const(exact(text), text, at=at)
        except AmountError as error:
            return self.wrong(error.code, node, text)

    def amount(self, name: str, node: ast.expr, at: int) -> n.Node:
        if name.endswith(CONTENT) and not self.collection:
            symbol = name.removesuffix(CONTENT).capitalize()
            if symbol in self.terms.elements:
                where = n.OneOf(n.Fact("element", at=at), (symbol,), at=at)
                return n.Sum("composition", "wt_pct", where, at=at)
        fact = self.fact(name, node)
        if fact is not None and fact.type not in ("number", "money"):
            return self.wrong("not-a-number-fact", node, name, type=fact.type)
        return n.Fact(name, at=at)

    def total(self, name: str, collection: ast.expr, amount: str, where: ast.expr, at: int) -> n.Node:
        over = self.collection_name(collection)
        if (over, amount) not in n.AMOUNT_FIELDS:
            return self.wrong("unknown-fact", collection, amount, near="")
        kind = n.Sum if name == "sum" else n.Share
        return kind(over, amount, self.inside(collection, where), at=at)


def _is_field(node: n.Node, fields: tuple[str, ...]) -> bool:
    """Whether a node of a definition may stand in a component test."""
    return isinstance(node, n.Compare | n.Const) or (isinstance(node, n.Fact) and node.name in fields)
