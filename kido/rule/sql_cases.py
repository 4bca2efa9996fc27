"""Cases as plain tables in a database, and the columns rules ask for beside the facts, laid out in SQL.

    exchanged(table)                               -> name of a table -> Arrow table: the cases, and the components of each collection
    Laid(wanted, kinds, columns, …).select(…)      -> what a query reads, totals over components included

Same meaning as `case_table.laid_out`: a total carries unknowns as bounds and is joined; no aggregate skips one.
`exchanged` needs the extra `kido[sql]`; the rest is text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kido.rule import nodes as n
from kido.rule.facts import GroupIndex
from kido.rule.sql import compared
from kido.rule.sql_dialect import DIALECTS, Dialect
from kido.rule.tabular import PLACES, Wanted
from kido.terms.amounts import LIMIT

if TYPE_CHECKING:
    import pyarrow

    from kido.rule.case_table import CaseTable

FRAME = "frame"
AMOUNTS = {"wt_pct", "value"}
BATCH = 10_000  # rows; a database reads batches side by side


def exchanged(table: CaseTable) -> dict[str, pyarrow.Table]:
    """The tables as Arrow: figures as decimals of 38 digits, which every reader of Arrow knows.

    >>> from kido.rule.case_table import table_of
    >>> from kido.rule.facts import Facts
    >>> from kido.terms.amounts import amount
    >>> tables = exchanged(table_of([Facts({"purity_pct": amount("99.9")})]))
    >>> str(tables["frame"].schema.field("purity_pct.low").type)
    'decimal128(38, 0)'
    """
    import polars as pl
    import pyarrow as pa

    figures = pl.selectors.by_dtype(pl.Int128).cast(pl.Decimal(38, 0))
    whole = {name: frame.with_columns(figures).to_arrow() for name, frame in {FRAME: table.frame, **table.components}.items()}
    return {name: pa.Table.from_batches(rows.to_batches(max_chunksize=BATCH), rows.schema) for name, rows in whole.items()}


@dataclass(frozen=True, slots=True)
class Laid:
    """Tables named `frame` and by their collections.

    kinds       kind of each fact, as in `tabular`
    columns     the columns of the frame
    groups      dated groups of places
    """

    wanted: Wanted
    kinds: Mapping[str, str]
    columns: frozenset[str]
    groups: GroupIndex | None
    dialect: Dialect

    @classmethod
    def of(cls, table: CaseTable, wanted: Wanted, dialect: str) -> Laid:
        return cls(wanted, table.kinds, frozenset(table.frame.columns), table.groups, DIALECTS[dialect])

    def select(self, columns: Mapping[str, str], figures: frozenset[str], keep: Mapping[str, str]) -> str:
        """A SELECT of columns and of what is kept, by name and the name to give them."""
        states = {column: key for key, column in self.wanted.states.items()}
        totals = {name: node for node, name in self.wanted.totals.items()}
        inside: dict[str, list[str]] = {}  # collection -> aggregates
        parts = [f"{self._of(name)} AS {alias}" for name, alias in keep.items()]
        for name, alias in columns.items():
            total, _, end = name.rpartition(".")
            if name in states:
                parts.append(f"{self._state(*states[name])} AS {alias}")
            elif name in totals:
                inside.setdefault(totals[name].collection, []).extend(self._fit(totals[name], alias))
                parts.append(f"CASE WHEN {alias}_sure IS TRUE THEN TRUE WHEN {alias}_may IS NOT TRUE THEN FALSE END AS {alias}")
            elif total in totals:
                inside.setdefault(totals[total].collection, []).append(f"{self._sum(totals[total], end)} AS {alias}")
                parts.append(alias)
            else:
                cast = f"CAST({self._of(name)} AS {self.dialect.figure})" if name in figures else self._of(name)
                parts.append(f"{cast} AS {alias}")
        joins = "".join(map(self._joined, inside, inside.values()))
        return f"SELECT {', '.join(parts) or '1 AS one'}\nFROM {self.dialect.name(FRAME)} AS f{joins}"

    def _of(self, column: str) -> str:
        return f"f.{self.dialect.name(column)}"

    # -- facts that may be more than they say ----------------------------------------------------

    def _state(self, fact: str, value: str) -> str:
        """As `case_table._state`."""
        if self.kinds.get(fact) == PLACES:
            return self.dialect.has(self._of(fact), value)
        here, same = self._of(fact), f"{self._of(fact)} = {self.dialect.text(value)}"
        out, beside = (
            f"COALESCE({self.dialect.has(self._of(f'{fact}.{kind}'), value)}, FALSE)" if f"{fact}.{kind}" in self.columns else "FALSE"
            for kind in ("not", "maybe")
        )
        known = f"CASE WHEN {same} THEN TRUE WHEN {here} IS NULL AND NOT {out} THEN NULL"
        return f"{known} WHEN {here} IS NOT NULL AND {beside} THEN NULL ELSE FALSE END"

    # -- totals over the components of a case ----------------------------------------------------

    def _rows(self, collection: str) -> str:
        """The components, their figures cast once: that is dear in DuckDB."""
        q = self.dialect.name
        words = [q(field) for field in n.COLLECTIONS[collection] if field not in AMOUNTS]
        ends = [f"CAST({q(end)} AS {self.dialect.figure}) AS {end}" for end in ("low", "high")]
        return f"SELECT {', '.join([*map(q, ('case', 'on', 'rest', 'listed')), *words, *ends])} FROM {q(collection)}"

    def _joined(self, collection: str, totals: list[str]) -> str:
        case = self.dialect.name("case")
        rows = f"SELECT {case} AS of_{collection}, {', '.join(totals)}\nFROM ({self._rows(collection)}) AS one GROUP BY {case}"
        return f"\nLEFT JOIN ({rows}) AS {collection}_ ON f.{case} = of_{collection}"

    def _fit(self, node: n.Any, alias: str) -> tuple[str, str]:
        """Whether one surely fits, and whether one may."""
        fits, rest = self._component(node.where), self.dialect.name("rest")
        return f"bool_or({fits} IS TRUE AND NOT {rest}) AS {alias}_sure", f"bool_or({fits} IS NOT FALSE) AS {alias}_may"

    def _sum(self, node: n.Sum, end: str) -> str:
        """As `case_table._total`: what surely fits counts at its lowest, what may fit at its highest."""
        fits, rest = self._component(node.where), self.dialect.name("rest")
        nothing, limit = self.dialect.whole(0), self.dialect.whole(LIMIT)
        if end == "low":
            return f"SUM(CASE WHEN {fits} AND NOT {rest} THEN COALESCE(low, {nothing}) ELSE {nothing} END)"
        return f"LEAST(SUM(CASE WHEN {fits} IS NOT FALSE THEN COALESCE(high, {limit}) ELSE {nothing} END), {limit})"

    def _component(self, node: n.Node) -> str:
        """A test of one component; the rest row cannot be an element that is listed."""
        match node:
            case n.All(parts):
                return "(" + " AND ".join(map(self._component, parts)) + ")" if parts else "TRUE"
            case n.Some(parts):
                return "(" + " OR ".join(map(self._component, parts)) + ")" if parts else "FALSE"
            case n.Not(part):
                return f"(NOT {self._component(part)})"
            case n.Named(_, part):
                return self._component(part)
            case n.OneOf(fact, values, group):
                return self._one_of(fact.name, values) if values else self._in_group(fact.name, group)
            case n.Known(fact):
                return f"({self.dialect.name('low' if fact.name in AMOUNTS else fact.name)} IS NOT NULL)"
            case n.Compare(left, op, right):
                return f"({compared(self._bounds(left), op, self._bounds(right))})"
        raise TypeError(type(node))

    def _one_of(self, field: str, values: tuple[str, ...]) -> str:
        test = f"({self.dialect.name(field)} IN {self.dialect.texts(values)})"
        if field != "element":
            return test
        listed = self.dialect.name("listed")
        ruled_out = " AND ".join([self.dialect.name("rest"), *(self.dialect.has(listed, value) for value in values)])
        return f"(CASE WHEN {ruled_out} THEN FALSE ELSE {test} END)"

    def _in_group(self, field: str, group: str) -> str:
        """Unknown only where the place is, or its day."""
        place, on = self.dialect.name(field), self.dialect.name("on")
        spans = [
            f"({place} = {self.dialect.text(span.code)} AND {on} BETWEEN DATE '{span.start.isoformat()}' AND DATE '{span.end.isoformat()}')"
            for span in self.groups.spans(group)
        ]
        return f"(CASE WHEN {place} IS NOT NULL THEN {' OR '.join(spans) or 'FALSE'} END)"

    def _bounds(self, node: n.Node) -> tuple[str, str]:
        if isinstance(node, n.Const):
            return (self.dialect.whole(node.value),) * 2
        return "low", "high"
