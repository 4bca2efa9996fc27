"""Many cases in a database: a graph of steps as one SELECT, with the same three values.

    Sql(graph, wanted, "duckdb").query("frame", keep=("case",))  -> text: `case`, and a column `#N` for every wanted step

Every layer of the graph is a sub-query that names only what later ones still need.  Kleene's AND, OR and NOT are SQL's
own; everywhere else an unknown is met by name (IS NULL, COALESCE, CASE), never by an aggregate that skips it.
Totals over components and what a fact may be beside its word come from `sql_cases`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kido.rule.graph import Graph, Step, below, layers
from kido.rule.sql_dialect import DIALECTS, Dialect
from kido.terms.amounts import LIMIT

SHARED_DIGITS = 6  # of HS codes, as `terms.hs`
SIGNS = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "==": "=", "!=": "<>"}


class Cases(Protocol):
    """What a query reads its columns from."""

    def select(self, columns: Mapping[str, str], figures: frozenset[str], keep: Mapping[str, str]) -> str:
        """A SELECT of columns and of what is kept, by name and the name to give them; `figures` as whole figures."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A table that has every column already."""

    table: str
    dialect: Dialect

    def select(self, columns: Mapping[str, str], figures: frozenset[str], keep: Mapping[str, str]) -> str:
        q = self.dialect.name
        parts = [f"{q(name)} AS {alias}" for name, alias in keep.items()]
        parts += [
            f"CAST({q(name)} AS {self.dialect.figure}) AS {alias}" if name in figures else f"{q(name)} AS {alias}"
            for name, alias in columns.items()
        ]
        return f"SELECT {', '.join(parts) or '1 AS one'} FROM {q(self.table)}"


@dataclass(slots=True)
class Sql:
    """Turns steps into SQL.

    same   figure columns that hold what another one holds: every figure of the table is exact

    >>> g = Graph()
    >>> step = g.no(g.sure(g.column("calcined")))
    >>> print(Sql(g, (step,), "duckdb").query("frame", keep=("case",)))
    SELECT k0 AS "case", s2 AS "#2" FROM
    (SELECT k0, (NOT (c0 IS TRUE)) AS s2 FROM
    (SELECT "case" AS k0, "calcined" AS c0 FROM "frame") AS t0) AS t1
    """

    graph: Graph
    wanted: tuple[int, ...]
    dialect: Dialect | str
    same: Mapping[str, str] = field(default_factory=dict)
    layers: list[list[int]] = field(init=False)
    made: set[int] = field(init=False, default_factory=set)
    columns: dict[str, str] = field(init=False, default_factory=dict)  # name in the table -> short name
    read: set[str] = field(init=False, default_factory=set)  # short names the layer at hand reads

    def __post_init__(self):
        self.dialect = DIALECTS[self.dialect] if isinstance(self.dialect, str) else self.dialect
        self.layers = layers(self.graph, {*self.wanted, *_dividends(self.graph, self.wanted)})

    def query(self, cases: Cases | str, keep: Iterable[str] = ()) -> str:
        """The SELECT over a table, or over cases that are laid out in SQL as well."""
        self.made, self.columns = set(), {}
        kept = {name: f"k{at}" for at, name in enumerate(keep)}
        written: list[tuple[dict[str, str], set[str]]] = []  # of each layer: its columns, and what they read
        for layer in self.layers:
            self.read = set()
            texts = {f"s{number}": self.expression(number) for number in layer}
            written.append((texts, self.read))
            self.made |= set(layer)
        needed = [{*kept.values(), *(f"s{number}" for number in self.wanted)}]  # after each layer, from the last
        for _, read in reversed(written[1:]):
            needed.append(needed[-1] | read)
        figures = frozenset(step[1] for step in self.graph.steps if step[0] == "figure")
        source = Plain(cases, self.dialect) if isinstance(cases, str) else cases
        there = [*kept.values(), *self.columns.values()]
        text = source.select(self.columns, figures, kept)
        for at, ((texts, _), later) in enumerate(zip(written, reversed(needed), strict=True)):
            there = [name for name in there if name in later]
            lines = there + [f"{expression} AS {name}" for name, expression in texts.items()]
            text = f"SELECT {', '.join(lines)} FROM\n({text}) AS t{at}"
            there += texts
        names = [f"{alias} AS {self.dialect.name(name)}" for name, alias in kept.items()]
        names += [f"s{number} AS {self.dialect.name(f'#{number}')}" for number in dict.fromkeys(self.wanted)]
        return f"SELECT {', '.join(names)} FROM\n({text}) AS t{len(written)}"

    def expression(self, number: int) -> str:
        if number in self.made:
            self.read.add(f"s{number}")
            return f"s{number}"
        step = self.graph.steps[number]
        return getattr(self, f"_{step[0]}")(*step[1:])

    def _col(self, name: str) -> str:
        alias = self.columns.setdefault(name, f"c{len(self.columns)}")
        self.read.add(alias)
        return alias

    # -- three values --------------------------------------------------------------------

    def _const(self, answer: bool | None) -> str:
        return "CAST(NULL AS BOOLEAN)" if answer is None else str(answer).upper()

    def _column(self, name: str) -> str:
        return self._col(name)

    def _both(self, parts: tuple[int, ...]) -> str:
        return "(" + " AND ".join(map(self.expression, parts)) + ")"

    def _either(self, parts: tuple[int, ...]) -> str:
        return "(" + " OR ".join(map(self.expression, parts)) + ")"

    def _no(self, part: int) -> str:
        return f"(NOT {self.expression(part)})"  # IS binds closer than NOT

    def _sure(self, part: int) -> str:
        return f"({self.expression(part)} IS TRUE)"

    def _maybe(self, part: int) -> str:
        return f"({self.expression(part)} IS NOT FALSE)"

    def _unknown(self, part: int) -> str:
        return f"({self.expression(part)} IS NULL)"

    def _choose(self, condition: int, then: int, otherwise: int) -> str:
        here, yes, no = (self.expression(number) for number in (condition, then, otherwise))
        match self.graph.constant(then)[1], self.graph.constant(otherwise)[1]:  # AND and OR are quicker than CASE
            case True, _:
                return f"({here} OR {no})"
            case False, _:
                return f"(NOT {here} AND {no})"
            case _, True:
                return f"(NOT {here} OR {yes})"
            case _, False:
                return f"({here} AND {yes})"
        return f"CASE WHEN {here} THEN {yes} ELSE {no} END"

    # -- tests of columns ----------------------------------------------------------------

    def _given(self, column: str) -> str:
        return f"({self._col(column)} IS NOT NULL)"

    def _among(self, column: str, values: tuple[str, ...]) -> str:
        if not values:
            return f"CASE WHEN {self._col(column)} IS NOT NULL THEN FALSE END"
        if len(values) == 1:
            return f"({self._col(column)} = {self.dialect.text(values[0])})"
        return f"({self._col(column)} IN {self.dialect.texts(values)})"

    def _starts(self, column: str, beginnings: tuple[str, ...]) -> str:
        if not beginnings:
            return self._among(column, ())
        tests = [f"{self.dialect.begins}({self._col(column)}, {self.dialect.text(beginning)})" for beginning in beginnings]
        return "(" + " OR ".join(tests) + ")"

    def _under_hs(self, column: str, digits: str) -> str:
        """As `terms.hs.hs_below`."""
        code, shared = self._col(column), f"LEAST({min(SHARED_DIGITS, len(digits))}, length({self._col(column)}))"
        printed = self.dialect.text(digits)
        return (
            f"CASE WHEN {self.dialect.begins}({code}, {printed}) THEN TRUE WHEN {code} IS NULL THEN NULL "
            f"WHEN left({code}, {shared}) = left({printed}, {shared}) THEN NULL ELSE FALSE END"
        )

    def _between(self, column: str, first, last) -> str:
        return f"({self._col(column)} BETWEEN DATE '{first.isoformat()}' AND DATE '{last.isoformat()}')"

    _always = _between

    # -- figures -------------------------------------------------------------------------

    def _compare(self, a: int, b: int, op: str, c: int, d: int) -> str:
        steps = [self._resolved(self.graph.steps[number]) for number in (a, b, c, d)]
        left_low, left_high, right_low, right_high = map(self.expression, (a, b, c, d))
        if steps[0] == steps[1] and steps[2] == steps[3]:
            return f"({left_low} {SIGNS[op]} {right_low})"
        return compared((left_low, left_high), op, (right_low, right_high))

    def _resolved(self, step: Step) -> Step:
        return ("figure", self.same[step[1]], step[2]) if step[0] == "figure" and step[1] in self.same else step

    def _whole(self, value: int) -> str:
        return self.dialect.whole(value)

    def _figure(self, column: str, otherwise: int | None) -> str:
        found = self._col(self.same.get(column, column))
        return found if otherwise is None else f"COALESCE({found}, {self.dialect.whole(otherwise)})"

    def _plus(self, left: int, right: int) -> str:
        return f"({self.expression(left)} + {self.expression(right)})"

    def _times(self, part: int, top: int, bottom: int, up: bool) -> str:
        return self.dialect.times(self.expression(part), top, bottom, up)

    def _share(self, part: int, whole: int, end: str) -> str:
        amount, whole_, limit, nothing = self.expression(part), self.expression(whole), self._whole(LIMIT), self._whole(0)
        share = self.dialect.share(amount, whole_, end)
        if end == "low":
            return f"CASE WHEN {whole_} > 0 THEN {share} ELSE {nothing} END"
        return f"CASE WHEN {amount} = 0 THEN {nothing} WHEN {whole_} > 0 THEN LEAST({share}, {limit}) ELSE {limit} END"

    # -- small whole numbers -------------------------------------------------------------

    def _rank(self, value: int) -> str:
        return f"CAST({value} AS TINYINT)"

    def _pick(self, cases: tuple[tuple[int, int], ...], otherwise: int) -> str:
        found = " ".join(f"WHEN {self.expression(condition)} THEN {self.expression(then)}" for condition, then in cases)
        return f"CASE {found} ELSE {self.expression(otherwise)} END"

    def _is(self, number: int, value: int) -> str:
        return f"({self.expression(number)} = {self._rank(value)})"

    def _less(self, left: int, right: int) -> str:
        return f"({self.expression(left)} < {self.expression(right)})"


def _dividends(graph: Graph, wanted: Iterable[int]) -> set[int]:
    """Sums that are divided or compared further up; as columns, for their text is repeated there."""
    found, seen, rest = set(), set(), list(wanted)
    while rest:
        number = rest.pop()
        if number not in seen:
            seen.add(number)
            children = list(below(graph.steps[number]))
            rest += children
            if graph.steps[number][0] in ("times", "share", "compare"):
                found |= {child for child in children if graph.steps[child][0] in ("plus", "times", "share")}
    return found


def compared(left: tuple[str, str], op: str, right: tuple[str, str]) -> str:
    """As `judge.compared`, in SQL.

    >>> compared(("a", "b"), ">=", ("c", "c"))
    'CASE WHEN a >= c THEN TRUE WHEN b < c THEN FALSE END'
    """
    (a, b), (c, d) = left, right
    match op:
        case ">":
            sure, ruled_out = f"{a} > {d}", f"{b} <= {c}"
        case ">=":
            sure, ruled_out = f"{a} >= {d}", f"{b} < {c}"
        case "<":
            sure, ruled_out = f"{b} < {c}", f"{a} >= {d}"
        case "<=":
            sure, ruled_out = f"{b} <= {c}", f"{a} > {d}"
        case _:
            sure, ruled_out = f"{a} = {b} AND {c} = {d} AND {a} = {c}", f"{b} < {c} OR {a} > {d}"
            if op == "!=":
                sure, ruled_out = ruled_out, sure
    return f"CASE WHEN {sure} THEN TRUE WHEN {ruled_out} THEN FALSE END"
