"""Many cases: a graph of steps as table expressions in Polars, with the same three values.

    judge_table(rule, table)        -> Boolean series: true, false, null for unknown
    Columns(graph, wanted).add(frame, worded)  -> the frame with a column `#N` for every wanted step

Worded columns are compared by the numbers of their words, never letter by letter.  Needs the extra `kido[tables]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from kido.rule import nodes as n
from kido.rule.case_table import INT, CaseTable, compared, laid_out, lit
from kido.rule.graph import Graph, Step, below, layers
from kido.rule.tabular import Reader, Wanted
from kido.terms.amounts import LIMIT, SCALE
from kido.terms.hs import hs_below

FEW = 6  # words that are compared one by one
PLAIN = pl.QueryOptFlags.none()  # what is shared is a column already
SMALL = pl.Int8  # of numbers that count answers


def judge_table(rule: n.Node, table: CaseTable) -> pl.Series:
    """Judge one rule on every case: true, false, or null for unknown.

    >>> from kido.register.store import terms
    >>> from kido.rule.case_table import table_of
    >>> from kido.rule.facts import Facts
    >>> from kido.rule.parse import Scope, parse
    >>> from kido.terms.amounts import amount
    >>> cases = [Facts({"purity_pct": amount(text)}) for text in ("99.99", "99.98")] + [Facts()]
    >>> judge_table(parse("purity_pct >= 99.99", Scope(terms())), table_of(cases)).to_list()
    [True, False, None]
    """
    graph, wanted = Graph(), Wanted()
    step = Reader(graph, table.kinds, table.groups, wanted, frozenset(table.components), table.listings).read(rule)
    frame, worded = numbered(laid_out(table, wanted))
    return Columns(graph, (step,)).add(frame, worded)[f"#{step}"].alias("answer")


def numbered(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """The frame with the words of every text column replaced by numbers, and the words by their numbers."""
    words: dict[str, list[str]] = {}
    columns = []
    for name, kind in frame.schema.items():
        if kind == pl.String:
            words[name] = frame[name].unique().drop_nulls().sort().to_list()
            columns.append(frame[name].cast(pl.Enum(words[name])).to_physical().alias(name))
    return frame.with_columns(columns), words


@dataclass(slots=True)
class Columns:
    """Turns steps into expressions.

    same   figure columns that hold what another one holds: every figure of the table is exact
    """

    graph: Graph
    wanted: tuple[int, ...]
    same: Mapping[str, str] = field(default_factory=dict)
    layers: list[list[int]] = field(init=False)
    done: list[list[str]] = field(init=False)
    made: dict[int, str] = field(init=False, default_factory=dict)
    schema: Mapping[str, pl.DataType] = field(init=False, default_factory=dict)
    words: Mapping[str, list[str]] = field(init=False, default_factory=dict)
    ready: list[list[pl.Expr]] = field(init=False, default_factory=list)

    def __post_init__(self):
        self.layers = layers(self.graph, self.wanted)
        self.done = done_after(self.graph, self.layers, self.wanted)

    def add(self, frame: pl.DataFrame, words: Mapping[str, list[str]]) -> pl.DataFrame:
        """The frame with the wanted steps as columns; layer by layer, so that what is shared is computed once."""
        if (self.schema, self.words) != (frame.schema, words) or not self.ready:
            self.schema, self.words, self.made = frame.schema, words, {}
            self.ready = [self._layer(layer) for layer in self.layers]
        for columns, done in zip(self.ready, self.done, strict=True):
            frame = frame.lazy().with_columns(columns).collect(optimizations=PLAIN).drop(done)
        return frame

    def _layer(self, layer: list[int]) -> list[pl.Expr]:
        found = [self.expression(number).alias(f"#{number}") for number in layer]
        self.made |= {number: f"#{number}" for number in layer}
        return found

    def expression(self, number: int) -> pl.Expr:
        if number in self.made:
            return pl.col(self.made[number])
        step = self.graph.steps[number]
        return getattr(self, f"_{step[0]}")(*step[1:])

    def _every(self, numbers: Iterable[int]) -> list[pl.Expr]:
        return [self.expression(number) for number in numbers]

    # -- three values --------------------------------------------------------------------

    def _const(self, answer: bool | None) -> pl.Expr:
        return pl.lit(answer, dtype=pl.Boolean)

    def _column(self, name: str) -> pl.Expr:
        return pl.col(name)

    def _both(self, parts: tuple[int, ...]) -> pl.Expr:
        return pl.all_horizontal(self._every(parts))

    def _either(self, parts: tuple[int, ...]) -> pl.Expr:
        return pl.any_horizontal(self._every(parts))

    def _no(self, part: int) -> pl.Expr:
        return ~self.expression(part)

    def _sure(self, part: int) -> pl.Expr:
        return self.expression(part).fill_null(False)

    def _maybe(self, part: int) -> pl.Expr:
        return self.expression(part).fill_null(True)

    def _unknown(self, part: int) -> pl.Expr:
        return self.expression(part).is_null()

    def _choose(self, condition: int, then: int, otherwise: int) -> pl.Expr:
        return pl.when(self.expression(condition)).then(self.expression(then)).otherwise(self.expression(otherwise))

    # -- tests of columns ----------------------------------------------------------------

    def _given(self, column: str) -> pl.Expr:
        return pl.col(column).is_not_null()

    def _among(self, column: str, values: tuple[str, ...]) -> pl.Expr:
        return self._numbers(column, [number for number, word in enumerate(self.words.get(column, ())) if word in set(values)])

    def _starts(self, column: str, beginnings: tuple[str, ...]) -> pl.Expr:
        return self._numbers(column, [number for number, word in enumerate(self.words.get(column, ())) if word.startswith(beginnings)])

    def _numbers(self, column: str, numbers: list[int]) -> pl.Expr:
        """A worded column has one of these numbers; unknown where it is empty."""
        if not numbers:
            return pl.when(pl.col(column).is_null()).then(None).otherwise(False)
        kind = self.schema[column]
        if len(numbers) <= FEW:
            tests = [pl.col(column) == pl.lit(number, dtype=kind) for number in numbers]
            return tests[0] if len(tests) == 1 else pl.any_horizontal(tests)
        return pl.col(column).is_in(numbers)

    def _under_hs(self, column: str, digits: str) -> pl.Expr:
        answers = [hs_below(word, digits) for word in self.words.get(column, ())]
        sure, no = ([number for number, answer in enumerate(answers) if answer is told] for told in (True, False))
        return pl.when(self._numbers(column, sure)).then(True).when(self._numbers(column, no)).then(False).otherwise(None)

    def _between(self, column: str, first, last) -> pl.Expr:
        return pl.col(column).is_between(first, last)

    _always = _between

    # -- figures -------------------------------------------------------------------------

    def _compare(self, a: int, b: int, op: str, c: int, d: int) -> pl.Expr:
        steps = [self._resolved(self.graph.steps[number]) for number in (a, b, c, d)]
        kind = INT
        if all(step[0] == "whole" or (step[0] == "figure" and self.schema[step[1]] == pl.Int64) for step in steps):
            kind = pl.Int64 if all(abs(step[1]) < 2**63 for step in steps if step[0] == "whole") else INT
        left_low, left_high, right_low, right_high = (
            self._bound(number, step, kind) for number, step in zip((a, b, c, d), steps, strict=True)
        )
        if steps[0] == steps[1] and steps[2] == steps[3] and steps[0][0] == "figure":
            return _SIGNS[op](left_low, right_low)
        return compared((left_low, left_high), op, (right_low, right_high))

    def _resolved(self, step: Step) -> Step:
        return ("figure", self.same[step[1]], step[2]) if step[0] == "figure" and step[1] in self.same else step

    def _bound(self, number: int, step: Step, kind) -> pl.Expr:
        if step[0] == "whole":
            return pl.lit(step[1], dtype=kind)
        return self._figure(step[1], step[2]) if step[0] == "figure" else self.expression(number)

    def _whole(self, value: int) -> pl.Expr:
        return lit(value)

    def _figure(self, column: str, otherwise: int | None) -> pl.Expr:
        column = self.same.get(column, column)
        return pl.col(column) if otherwise is None else pl.col(column).fill_null(pl.lit(otherwise, dtype=self.schema[column]))

    def _plus(self, left: int, right: int) -> pl.Expr:
        return self.expression(left).cast(INT) + self.expression(right).cast(INT)

    def _times(self, part: int, top: int, bottom: int, up: bool) -> pl.Expr:
        scaled = self.expression(part).cast(INT) * lit(top)
        return (scaled + lit(bottom - 1)) // lit(bottom) if up else scaled // lit(bottom)

    def _share(self, part: int, whole: int, end: str) -> pl.Expr:
        amount, whole_ = self.expression(part).cast(INT), self.expression(whole)
        scaled = amount * lit(100 * SCALE)
        if end == "low":
            share = pl.when(whole_ > 0).then(scaled // whole_).otherwise(lit(0))
        else:
            share = pl.when(whole_ > 0).then((scaled + whole_ - lit(1)) // whole_).otherwise(lit(LIMIT))
            share = pl.when(amount == 0).then(lit(0)).otherwise(pl.min_horizontal(share, lit(LIMIT)))
        return share

    # -- small whole numbers -------------------------------------------------------------

    def _rank(self, value: int) -> pl.Expr:
        return pl.lit(value, dtype=SMALL)

    def _pick(self, cases: tuple[tuple[int, int], ...], otherwise: int) -> pl.Expr:
        found = pl
        for condition, then in cases:
            found = found.when(self.expression(condition)).then(self.expression(then))
        return found.otherwise(self.expression(otherwise))

    def _is(self, number: int, value: int) -> pl.Expr:
        return self.expression(number) == pl.lit(value, dtype=SMALL)

    def _less(self, left: int, right: int) -> pl.Expr:
        return self.expression(left) < self.expression(right)


def done_after(graph: Graph, made: list[list[int]], wanted: Iterable[int]) -> list[list[str]]:
    """The columns that nobody reads after each layer."""
    columns = {number: at for at, layer in enumerate(made) for number in layer}
    last = dict(columns)
    for at, layer in enumerate(made):
        rest = [child for number in layer for child in below(graph.steps[number])]
        while rest:
            number = rest.pop()
            if number in columns:
                last[number] = max(last[number], at)
            else:
                rest += below(graph.steps[number])
    kept = set(wanted)
    return [[f"#{number}" for number, end in last.items() if end == at and number not in kept] for at in range(len(made))]


_SIGNS = {
    ">": pl.Expr.__gt__, ">=": pl.Expr.__ge__, "<": pl.Expr.__lt__, "<=": pl.Expr.__le__, "==": pl.Expr.__eq__, "!=": pl.Expr.__ne__,
}  # fmt: skip
