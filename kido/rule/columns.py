"""Many cases: a rule as table expressions in Polars, with the same three values.

    table_of(cases)          -> CaseTable: one row per case, one table per collection
    judge_table(rule, table) -> Boolean series: true, false, null for unknown

A figure is two columns, lowest and highest, whole numbers of 10^-12 in 128 bits.  A total over
components is added up per case first and joined; it is never a `sum` that skips unknowns.
Needs the extra `kido[tables]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import gcd

import polars as pl

from kido.rule import nodes as n
from kido.rule.judge import ANYTHING, Components, Facts, GroupIndex
from kido.terms.amounts import LIMIT, SCALE, Amount
from kido.terms.codes import ALL, SIGNS

INT = pl.Int128
CASE = "case"
REST = "rest"  # marks the row that stands for unlisted components
LISTED = "listed"
_FIELD = {"composition": "wt_pct", "inputs": "value"}


@dataclass(slots=True)
class CaseTable:
    """Cases as tables: `frame` one row per case; `components[collection]` many."""

    frame: pl.DataFrame
    components: dict[str, pl.DataFrame]
    groups: GroupIndex | None = None


def lit(value: int) -> pl.Expr:
    return pl.lit(value, dtype=INT)


# -- cases to tables ----------------------------------------------------------------------


def table_of(cases: Sequence[Facts]) -> CaseTable:
    """Lay cases out as tables; columns appear as the cases need them.

    >>> from kido.terms.amounts import amount
    >>> table_of([Facts({"purity_pct": amount("99.9")})]).frame.columns
    ['case', 'on', 'purity_pct.low', 'purity_pct.high']
    """
    data: dict[str, list] = {CASE: list(range(len(cases))), "on": [_day(facts) for facts in cases]}
    schema: dict[str, pl.DataType] = {CASE: pl.Int64(), "on": pl.Date()}

    def put(column: str, kind: pl.DataType, row: int, value: object) -> None:
        if column not in data:
            data[column], schema[column] = [None] * len(cases), kind
        data[column][row] = value

    for row, facts in enumerate(cases):
        for name, value in facts.values.items():
            if isinstance(value, Amount):
                put(f"{name}.low", INT(), row, value.low)
                put(f"{name}.high", INT(), row, value.high)
            elif isinstance(value, bool):
                put(name, pl.Boolean(), row, value)
            elif isinstance(value, tuple):
                put(name, pl.List(pl.String()), row, list(value))
            elif isinstance(value, str):
                put(name, pl.String(), row, value)
            elif name != "on":
                put(name, pl.Date(), row, value)
        for name, values in facts.excluded.items():
            put(f"{name}.not", pl.List(pl.String()), row, sorted(values))
        for name, values in facts.maybe.items():
            put(f"{name}.maybe", pl.List(pl.String()), row, sorted(values))
        for (party, list_), answer in facts.listings.items():
            put(f"{party}:{list_}", pl.Boolean(), row, answer)
        for collection, components in facts.components.items():
            put(f"{collection}.whole.low", INT(), row, components.whole.low)
            put(f"{collection}.whole.high", INT(), row, components.whole.high)
    frame = pl.DataFrame(data, schema=schema)
    groups = next((facts.groups for facts in cases if facts.groups), None)
    return CaseTable(frame, {name: _component_table(cases, name) for name in n.COLLECTIONS}, groups)


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
    for field in worded:
        columns[field].append(row.get(field) if row else None)
    columns["low"].append(amounts[0])
    columns["high"].append(amounts[1])


# -- judging ------------------------------------------------------------------------------


def judge_table(rule: n.Node, table: CaseTable) -> pl.Series:
    """Judge one rule on every case: true, false, or null for unknown.

    >>> from kido.register.store import terms
    >>> from kido.rule.parse import Scope, parse
    >>> from kido.terms.amounts import amount
    >>> cases = [Facts({"purity_pct": amount(text)}) for text in ("99.99", "99.98")] + [Facts()]
    >>> judge_table(parse("purity_pct >= 99.99", Scope(terms())), table_of(cases)).to_list()
    [True, False, None]
    """
    reader = _Columns(table)
    expression = reader.test(rule)
    return reader.frame.with_columns(answer=expression.cast(pl.Boolean))["answer"]


class _Columns:
    """Turns a tree into expressions; totals over components become joined columns first."""

    def __init__(self, table: CaseTable):
        self.components, self.groups = table.components, table.groups
        self.frame = table.frame
        self.count = 0

    def column(self, name: str, kind: pl.DataType) -> pl.Expr:
        return pl.col(name) if name in self.frame.columns else pl.lit(None, dtype=kind)

    # -- tests ----------------------------------------------------------------------------

    def test(self, node: n.Node) -> pl.Expr:
        match node:
            case n.All(parts):
                return pl.all_horizontal([self.test(part) for part in parts]) if parts else pl.lit(True)
            case n.Some(parts):
                return pl.any_horizontal([self.test(part) for part in parts]) if parts else pl.lit(False)
            case n.Not(part):
                return ~self.test(part)
            case n.Named(_, part):
                return self.test(part)
            case n.Fact(name):
                return self.column(name, pl.Boolean())
            case n.OneOf(fact, values, group):
                return self.one_of(fact.name, values) if values else self.in_group(self.column(fact.name, pl.String()), group)
            case n.Under(fact, prefixes):
                return self.under_hs(prefixes) if node.tariff else self.under(fact.name, prefixes)
            case n.Within(fact, start, end):
                return self.column(fact.name, pl.Date()).is_between(start, end)
            case n.Listed(party, list_):
                return self.column(f"{party}:{list_}", pl.Boolean())
            case n.Known(fact):
                return self.known(fact.name)
            case n.Compare(left, op, right):
                return _compared(self.bounds(left), op, self.bounds(right))
            case n.Any(collection, where):
                return self.any(collection, where)
        raise TypeError(type(node))

    def one_of(self, name: str, values: tuple[str, ...]) -> pl.Expr:
        if name in self.frame.columns and self.frame.schema[name] == pl.List(pl.String):
            column = pl.col(name)
            return pl.any_horizontal([column.list.contains(value) for value in values]) if values else _false_if_known(column)
        test = self.column(name, pl.String()).is_in(list(values))
        if f"{name}.maybe" in self.frame.columns and values:
            beside = pl.any_horizontal([pl.col(f"{name}.maybe").list.contains(value) for value in values]).fill_null(False)
            test = pl.when(~test & beside).then(None).otherwise(test)
        if f"{name}.not" not in self.frame.columns or not values:
            return test
        ruled_out = pl.all_horizontal([pl.col(f"{name}.not").list.contains(value) for value in values])
        return pl.when(self.column(name, pl.String()).is_null() & ruled_out).then(False).otherwise(test)

    def in_group(self, column: pl.Expr, group: str) -> pl.Expr:
        """Membership of a dated group on the day of the row."""
        spans = self.groups.spans(group)
        inside = pl.any_horizontal([(column == span.code) & pl.col("on").is_between(span.start, span.end) for span in spans])
        return pl.when(column.is_null()).then(None).otherwise(inside)

    def under(self, name: str, prefixes: tuple[str, ...]) -> pl.Expr:
        column = self.column(name, pl.String())
        tests = [_below(column, prefix) for prefix in prefixes]
        if ALL in prefixes:
            tests.append(column.is_not_null() | pl.lit(None, dtype=pl.Boolean))
        return pl.any_horizontal(tests)

    def under_hs(self, prefixes: tuple[str, ...]) -> pl.Expr:
        """As `terms.hs.hs_below`: true if it starts with the prefix, unknown beyond the digits in common."""
        column = self.column("hs", pl.String())
        tests = []
        for digits in ("".join(char for char in prefix if char.isdigit()) for prefix in prefixes):
            given = column.str.len_chars().clip(upper_bound=min(6, len(digits)))
            differs = column.str.head(given) != pl.lit(digits).str.head(given)
            tests.append(pl.when(column.str.starts_with(digits)).then(True).when(differs).then(False).otherwise(None))
        return pl.any_horizontal(tests)

    def known(self, name: str) -> pl.Expr:
        for column in (name, f"{name}.low"):
            if column in self.frame.columns:
                return pl.col(column).is_not_null()
        return pl.lit(False)

    # -- figures --------------------------------------------------------------------------

    def bounds(self, node: n.Node) -> tuple[pl.Expr, pl.Expr]:
        match node:
            case n.Const(value):
                return lit(value), lit(value)
            case n.Fact(name):
                return self.column(f"{name}.low", INT()), self.column(f"{name}.high", INT())
            case n.Plus(left, right):
                (a, b), (c, d) = self.bounds(left), self.bounds(right)
                return a + c, b + d
            case n.Times(factor, part):
                low, high = self.bounds(part)
                shared = gcd(factor.value, SCALE) or 1
                top, bottom = factor.value // shared, SCALE // shared
                return _floor(low * lit(top), bottom), _ceil(high * lit(top), bottom)
            case n.Sum(collection, _, where):
                return self.total(collection, where)
            case n.Share(collection, _, where):
                low, high = self.total(collection, where)
                whole_low = self.column(f"{collection}.whole.low", INT()).fill_null(0)
                whole_high = self.column(f"{collection}.whole.high", INT()).fill_null(LIMIT)
                share_low = pl.when(whole_high > 0).then(low * lit(100 * SCALE) // whole_high).otherwise(lit(0))
                scaled = high * lit(100 * SCALE)
                share_high = pl.when(whole_low > 0).then((scaled + whole_low - lit(1)) // whole_low).otherwise(lit(LIMIT))
                nothing = high == 0
                return share_low, pl.when(nothing).then(lit(0)).otherwise(pl.min_horizontal(share_high, lit(LIMIT)))
        raise TypeError(type(node))

    def total(self, collection: str, where: n.Node) -> tuple[pl.Expr, pl.Expr]:
        """Lowest and highest total per case of the components that fit or may fit."""
        fits = self.component(where)
        low = pl.when(fits).then(pl.col("low").fill_null(0)).otherwise(lit(0))
        low = pl.when(pl.col(REST)).then(lit(0)).otherwise(low)
        high = pl.when(fits.fill_null(True)).then(pl.col("high").fill_null(LIMIT)).otherwise(lit(0))
        totals = self.components[collection].group_by(CASE).agg(low=low.sum(), high=high.sum())
        name = self.join(totals)
        return pl.col(f"{name}.low").fill_null(0), pl.min_horizontal(pl.col(f"{name}.high").fill_null(0), lit(LIMIT))

    def any(self, collection: str, where: n.Node) -> pl.Expr:
        fits = self.component(where)
        sure = (fits.fill_null(False) & ~pl.col(REST)).any()
        maybe = fits.fill_null(True).any()
        name = self.join(self.components[collection].group_by(CASE).agg(low=sure, high=maybe))
        sure, maybe = pl.col(f"{name}.low").fill_null(False), pl.col(f"{name}.high").fill_null(False)
        return pl.when(sure).then(True).when(~maybe).then(False).otherwise(None)

    def component(self, node: n.Node) -> pl.Expr:
        """A test of one component; the rest row cannot be an element that is listed."""
        match node:
            case n.All(parts):
                return pl.all_horizontal([self.component(part) for part in parts]) if parts else pl.lit(True)
            case n.Some(parts):
                return pl.any_horizontal([self.component(part) for part in parts]) if parts else pl.lit(False)
            case n.Not(part):
                return ~self.component(part)
            case n.Named(_, part):
                return self.component(part)
            case n.OneOf(fact, values, group):
                if not values:
                    return self.in_group(pl.col(fact.name), group)
                test = pl.col(fact.name).is_in(list(values))
                if fact.name != "element":
                    return test
                listed = pl.all_horizontal([pl.col(LISTED).list.contains(value) for value in values])
                ruled_out = pl.col(REST) & (pl.col(LISTED).list.len() > 0) & listed
                return pl.when(ruled_out).then(False).otherwise(test)
            case n.Known(fact):
                return pl.col("low" if fact.name in _FIELD.values() else fact.name).is_not_null()
            case n.Compare(left, op, right):
                return _compared(_component_bounds(left), op, _component_bounds(right))
        raise TypeError(type(node))

    def join(self, totals: pl.DataFrame) -> str:
        self.count += 1
        name = f"#{self.count}"
        totals = totals.rename({"low": f"{name}.low", "high": f"{name}.high"})
        self.frame = self.frame.join(totals, on=CASE, how="left", maintain_order="left")
        return name


def _false_if_known(column: pl.Expr) -> pl.Expr:
    return pl.when(column.is_null()).then(None).otherwise(False)


def _floor(value: pl.Expr, bottom: int) -> pl.Expr:
    return value // lit(bottom)


def _ceil(value: pl.Expr, bottom: int) -> pl.Expr:
    return (value + lit(bottom - 1)) // lit(bottom)


def _compared(left: tuple[pl.Expr, pl.Expr], op: str, right: tuple[pl.Expr, pl.Expr]) -> pl.Expr:
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


def _component_bounds(node: n.Node) -> tuple[pl.Expr, pl.Expr]:
    return (lit(node.value), lit(node.value)) if isinstance(node, n.Const) else (pl.col("low"), pl.col("high"))


def _below(column: pl.Expr, prefix: str) -> pl.Expr:
    """As `terms.codes.below`, of a whole column."""
    return pl.any_horizontal(column == prefix, *(column.str.starts_with(prefix + sign) for sign in SIGNS))
