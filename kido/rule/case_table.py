"""Cases as tables: one row per case, and one table of components per collection, in Polars.

    table_of(cases)                 -> CaseTable
    laid_out(table, wanted, groups) -> the frame with the columns that rules ask for beside the facts

A figure is two columns, lowest and highest, whole numbers of 10^-12 in 128 bits.  A total over components is added
up per case first and joined; it is never a `sum` that skips unknowns.  Needs the extra `kido[tables]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kido.rule import nodes as n
from kido.rule.facts import ANYTHING, Components, Facts, GroupIndex
from kido.rule.tabular import BOOL, DAY, FIGURE, PLACES, STATE, WORD, Wanted
from kido.terms.amounts import LIMIT, Amount

INT = pl.Int128
CASE = "case"
REST = "rest"  # marks the row that stands for unlisted components
LISTED = "listed"
_FIELD = {"composition": "wt_pct", "inputs": "value"}


@dataclass(slots=True)
class CaseTable:
    """Cases as tables.

    frame       one row per case, in their order
    components  collection -> one row per component
    kinds       fact -> what its columns are like
    listings    the party lists that some case says something of
    """

    frame: pl.DataFrame
    components: dict[str, pl.DataFrame]
    kinds: dict[str, str]
    listings: frozenset[tuple[str, str]] = frozenset()
    groups: GroupIndex | None = None


def lit(value: int) -> pl.Expr:
    return pl.lit(value, dtype=INT)


@dataclass(slots=True)
class _Layout:
    """Columns that appear as the cases need them."""

    count: int
    data: dict[str, list] = field(default_factory=dict)
    schema: dict[str, pl.DataType] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def put(self, column: str, kind: pl.DataType, row: int, value: object) -> None:
        if column not in self.data:
            self.data[column], self.schema[column] = [None] * self.count, kind
        self.data[column][row] = value

    def fact(self, name: str, value: object, row: int) -> None:
        if isinstance(value, Amount):
            self.kinds[name] = FIGURE
            self.put(f"{name}.low", INT(), row, value.low)
            self.put(f"{name}.high", INT(), row, value.high)
        elif isinstance(value, bool):
            self.kinds[name] = BOOL
            self.put(name, pl.Boolean(), row, value)
        elif isinstance(value, tuple):
            self.kinds[name] = PLACES
            self.put(name, pl.List(pl.String()), row, list(value))
        elif isinstance(value, str):
            self.kinds.setdefault(name, WORD)
            self.put(name, pl.String(), row, value)
        elif name != "on":
            self.kinds[name] = DAY
            self.put(name, pl.Date(), row, value)


def table_of(cases: Sequence[Facts]) -> CaseTable:
    """Lay cases out as tables.

    >>> from kido.terms.amounts import amount
    >>> table_of([Facts({"purity_pct": amount("99.9")})]).frame.columns
    ['case', 'on', 'purity_pct.low', 'purity_pct.high']
    """
    to = _Layout(len(cases), {CASE: list(range(len(cases))), "on": [_day(facts) for facts in cases]}, {CASE: pl.Int64(), "on": pl.Date()})
    for row, facts in enumerate(cases):
        for name, value in facts.values.items():
            to.fact(name, value, row)
        for kind, sets in (("not", facts.excluded), ("maybe", facts.maybe)):
            for name, values in sets.items():
                to.kinds[name] = STATE
                to.put(name, pl.String(), row, facts.values.get(name))
                to.put(f"{name}.{kind}", pl.List(pl.String()), row, sorted(values))
        for (party, list_), answer in facts.listings.items():
            to.put(f"{party}:{list_}", pl.Boolean(), row, answer)
        for collection, components in facts.components.items():
            to.put(f"{collection}.whole.low", INT(), row, components.whole.low)
            to.put(f"{collection}.whole.high", INT(), row, components.whole.high)
    frame = pl.DataFrame(to.data, schema=to.schema)
    listings = frozenset(pair for facts in cases for pair in facts.listings)
    groups = next((facts.groups for facts in cases if facts.groups), None)
    stated = {name for facts in cases for name in facts.components}
    return CaseTable(frame, {name: _component_table(cases, name) for name in n.COLLECTIONS if name in stated}, to.kinds, listings, groups)


def _day(facts: Facts) -> date | None:
    return None if facts.on == date.max else facts.on


def _component_table(cases: Sequence[Facts], collection: str) -> pl.DataFrame:
    amount_field = _FIELD[collection]
    worded = [field for field in n.COLLECTIONS[collection] if field != amount_field]
    columns: dict[str, list] = {name: [] for name in (CASE, "on", REST, LISTED, *worded, "low", "high")}
    for case, facts in enumerate(cases):
        components = facts.components.get(collection, Components(rest=ANYTHING))
        for row in components.rows:
            amount = row.get(amount_field)
            _append(columns, case, _day(facts), (), row, worded, (amount.low, amount.high) if amount else (None, None))
        if components.rest is not None:
            rest = components.rest
            _append(columns, case, _day(facts), components.listed, None, worded, (rest.low, rest.high))
    schema = {CASE: pl.Int64, "on": pl.Date, REST: pl.Boolean, LISTED: pl.List(pl.String)}
    schema |= dict.fromkeys(worded, pl.String) | {"low": INT, "high": INT}
    return pl.DataFrame(columns, schema=schema)


def _append(columns: dict, case: int, on: date | None, listed, row: dict | None, worded: list[str], amounts: tuple) -> None:
    """One component; `row` None is the one that stands for the rest."""
    columns[CASE].append(case)
    columns["on"].append(on)
    columns[REST].append(row is None)
    columns[LISTED].append(sorted(listed))
    for name in worded:
        columns[name].append(row.get(name) if row else None)
    columns["low"].append(amounts[0])
    columns["high"].append(amounts[1])


# -- what rules ask for beside the facts -----------------------------------------------------


def laid_out(table: CaseTable, wanted: Wanted) -> pl.DataFrame:
    """The frame with the columns that rules ask for: whether a fact is a value, and totals of components."""
    frame = table.frame.with_columns(
        _state(table, fact, value).alias(column) for (fact, value), column in wanted.states.items() if fact in table.kinds
    )
    for collection, rows in table.components.items():
        totals = [
            part.alias(f"{name}{end}")
            for node, name in wanted.totals.items()
            if node.collection == collection
            for end, part in _total(node, table.groups)
        ]
        if totals:
            frame = frame.join(rows.group_by(CASE).agg(totals), on=CASE, how="left", maintain_order="left")
    return frame.with_columns(_answered(node, name) for node, name in wanted.totals.items() if isinstance(node, n.Any))


def _state(table: CaseTable, fact: str, value: str) -> pl.Expr:
    """Whether a fact is a value: not known where it may be beside its own, or where nothing rules it out."""
    if table.kinds[fact] == PLACES:
        return pl.col(fact).list.contains(value)
    frame, column = table.frame, pl.col(fact)
    beside = pl.col(f"{fact}.maybe").list.contains(value).fill_null(False) if f"{fact}.maybe" in frame.columns else pl.lit(False)
    out = pl.col(f"{fact}.not").list.contains(value).fill_null(False) if f"{fact}.not" in frame.columns else pl.lit(False)
    return (
        pl.when(column == value).then(True)
        .when(column.is_null()).then(pl.when(out).then(False).otherwise(None))
        .when(beside).then(None).otherwise(False)
    )  # fmt: skip


def _total(node: n.Sum | n.Any, groups: GroupIndex | None) -> list[tuple[str, pl.Expr]]:
    """Lowest and highest total of the components that fit or may fit; of a test, whether one surely or possibly fits."""
    fits = _component(node.where, groups)
    if isinstance(node, n.Any):
        return [(".sure", (fits.fill_null(False) & ~pl.col(REST)).any()), (".may", fits.fill_null(True).any())]
    low = pl.when(fits).then(pl.col("low").fill_null(0)).otherwise(lit(0))
    low = pl.when(pl.col(REST)).then(lit(0)).otherwise(low)
    high = pl.when(fits.fill_null(True)).then(pl.col("high").fill_null(LIMIT)).otherwise(lit(0))
    return [(".low", low.sum()), (".high", pl.min_horizontal(high.sum(), lit(LIMIT)))]


def _answered(node: n.Any, name: str) -> pl.Expr:
    sure, maybe = pl.col(f"{name}.sure").fill_null(False), pl.col(f"{name}.may").fill_null(False)
    return pl.when(sure).then(True).when(~maybe).then(False).otherwise(None).alias(name)


def _component(node: n.Node, groups: GroupIndex | None) -> pl.Expr:
    """A test of one component; the rest row cannot be an element that is listed."""
    match node:
        case n.All(parts):
            return pl.all_horizontal([_component(part, groups) for part in parts]) if parts else pl.lit(True)
        case n.Some(parts):
            return pl.any_horizontal([_component(part, groups) for part in parts]) if parts else pl.lit(False)
        case n.Not(part):
            return ~_component(part, groups)
        case n.Named(_, part):
            return _component(part, groups)
        case n.OneOf(fact, values, group):
            if not values:
                return _in_group(pl.col(fact.name), group, groups)
            test = pl.col(fact.name).is_in(list(values))
            if fact.name != "element":
                return test
            listed = pl.all_horizontal([pl.col(LISTED).list.contains(value) for value in values])
            ruled_out = pl.col(REST) & (pl.col(LISTED).list.len() > 0) & listed
            return pl.when(ruled_out).then(False).otherwise(test)
        case n.Known(fact):
            return pl.col("low" if fact.name in _FIELD.values() else fact.name).is_not_null()
        case n.Compare(left, op, right):
            return compared(_component_bounds(left), op, _component_bounds(right))
    raise TypeError(type(node))


def _in_group(column: pl.Expr, group: str, groups: GroupIndex) -> pl.Expr:
    spans = groups.spans(group)
    inside = pl.any_horizontal([(column == span.code) & pl.col("on").is_between(span.start, span.end) for span in spans])
    return pl.when(column.is_null()).then(None).otherwise(inside)


def _component_bounds(node: n.Node) -> tuple[pl.Expr, pl.Expr]:
    return (lit(node.value), lit(node.value)) if isinstance(node, n.Const) else (pl.col("low"), pl.col("high"))


def compared(left: tuple[pl.Expr, pl.Expr], op: str, right: tuple[pl.Expr, pl.Expr]) -> pl.Expr:
    """As `judge.compared`, of columns."""
    (a, b), (c, d) = left, right
    match op:
        case ">":
            sure, ruled_out = a > d, b <= c
        case ">=":
            sure, ruled_out = a >= d, b < c
        case "<":
            sure, ruled_out = b < c, a >= d
        case "<=":
            sure, ruled_out = b <= c, a > d
        case _:
            sure, ruled_out = (a == b) & (c == d) & (a == c), (b < c) | (a > d)
            if op == "!=":
                sure, ruled_out = ruled_out, sure
    return pl.when(sure).then(True).when(ruled_out).then(False).otherwise(None)
