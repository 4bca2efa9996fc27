"""Compositions of a table as bounds, a column for each element: what `contents.balance` does with one.

balanced(frame, elements, named) -> Contents
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kido.decide.cells import ABSENT, BALANCE, KNOWN, LOOK, NAMED
from kido.decide.contents import HUNDRED, ROOM
from kido.rule import nodes as n
from kido.rule.case_table import compared

_FALSE = pl.lit(False)
REST, PRESENT_HIGH = "rest.high", "present.high"
LISTED, LISTED_COUNT, PRESENT_COUNT = "wt.listed", "wt.listed_count", "wt.present_count"
INT = pl.Int64


def whole(value: int) -> pl.Expr:
    return pl.lit(value, dtype=INT)


@dataclass(slots=True)
class Contents:
    """The columns of the balanced frame: `wt:E.listed` and `wt:E.present` for each element, bounds for the stated ones.

    An element that is only named has the bounds of "present": no more than the room the others leave.
    """

    stated: tuple[str, ...]
    only_named: tuple[str, ...]

    @property
    def elements(self) -> tuple[str, ...]:
        return (*self.stated, *self.only_named)

    def __contains__(self, symbol: str) -> bool:
        return symbol in self.stated or symbol in self.only_named

    def listed(self, symbol: str) -> pl.Expr:
        return pl.col(f"wt:{symbol}.listed")

    def low(self, symbol: str) -> pl.Expr:
        return pl.col(f"wt:{symbol}.low") if symbol in self.stated else whole(1)

    def high(self, symbol: str) -> pl.Expr:
        return pl.col(f"wt:{symbol}.high") if symbol in self.stated else pl.col(PRESENT_HIGH)

    def present(self, *symbols: str) -> pl.Expr:
        """Whether some of these are surely in the goods."""
        return either([pl.col(f"wt:{symbol}.present") for symbol in symbols if symbol in self])

    def columns(self, named: Mapping[str, pl.Expr]) -> list[pl.Expr]:
        """Which elements are listed, and which are surely there."""
        made = []
        for symbol in self.stated:
            listed = pl.col(f"wt:{symbol}.state") != ABSENT
            made += [listed.alias(f"wt:{symbol}.listed"), (listed & (pl.col(f"wt:{symbol}.low") > 0)).alias(f"wt:{symbol}.present")]
        for symbol in self.only_named:
            made += [named[symbol].alias(f"wt:{symbol}.{what}") for what in ("listed", "present")]
        return made


def either(parts: list[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal(parts) if parts else _FALSE


def balanced(
    frame: pl.DataFrame, stated: tuple[str, ...], named: Mapping[str, pl.Expr], complete: pl.Expr
) -> tuple[pl.DataFrame, Contents, pl.Expr]:
    """Bounds of every content, and of what the list leaves out.

    Parameters
    ----------
    frame : columns `wt:E.low`, `.high`, `.ulp`, `.state` for each stated element E
    named : element -> whether the goods are named for it, by element, substance or magnet family
    complete : whether the list is said to be complete

    Returns
    -------
    the frame with bounds; the contents; the rows that a door must look at, because the list adds up to too much
    """
    only_named = [symbol for symbol in named if symbol not in stated]
    look = [pl.col(f"wt:{symbol}.state") == LOOK for symbol in stated]
    look += [named[symbol] & (pl.col(f"wt:{symbol}.high") == 0) for symbol in stated if symbol in named]
    frame = frame.with_columns(part for symbol in stated if symbol in named for part in _present(symbol, named[symbol]))
    sums = {
        "total": _sum([pl.when(pl.col(f"wt:{s}.low") > 1).then(f"wt:{s}.low").otherwise(0) for s in stated]),
        "slack": _sum([(pl.col(f"wt:{s}.ulp") // 2).fill_null(0) for s in stated]),
        "balances": _sum([(pl.col(f"wt:{s}.state") == BALANCE).cast(INT) for s in stated]),
        "others": _sum([*(_most(s) for s in stated), *(pl.when(named[s]).then(whole(HUNDRED)).otherwise(0) for s in only_named)]),
    }
    frame = frame.with_columns(part.alias(f"wt.{name}") for name, part in sums.items())
    total, slack, balances, others = (pl.col(f"wt.{name}") for name in sums)
    look += [balances > 1, total - slack > HUNDRED]
    room = pl.max_horizontal(whole(0), HUNDRED - (total - slack))
    balance = balances > 0
    adds_up = balance | (others + balances * HUNDRED + slack >= HUNDRED - ROOM)
    hidden = pl.when(balance).then(pl.min_horizontal(room, pl.max_horizontal(slack, whole(ROOM)))).otherwise(room)
    rest = pl.when(~adds_up).then(room).when(complete).then(None).otherwise(hidden)
    frame = frame.with_columns(rest.alias(REST), room.alias("wt.room"))
    high = pl.when(total < HUNDRED).then(HUNDRED - total).otherwise(pl.max_horizontal(whole(1), slack))
    low = pl.min_horizontal(high, pl.max_horizontal(whole(1), HUNDRED - others - pl.col(REST).fill_null(0)))
    frame = frame.with_columns(high.alias("wt.high"), low.alias("wt.low"))
    frame = frame.with_columns(part for symbol in stated for part in _settled(symbol)).with_columns(
        pl.max_horizontal(whole(1), pl.min_horizontal(whole(HUNDRED), pl.col("wt.room") + 1)).alias(PRESENT_HIGH)
    )
    contents = Contents(stated, tuple(only_named))
    frame = frame.with_columns(contents.columns(named))
    frame = frame.with_columns(
        either([pl.col(f"wt:{symbol}.listed") for symbol in contents.elements]).alias(LISTED),
        _count([f"wt:{symbol}.listed" for symbol in contents.elements]).alias(LISTED_COUNT),
        _count([f"wt:{symbol}.present" for symbol in contents.elements]).alias(PRESENT_COUNT),
    )
    return frame, contents, either(look).fill_null(False)


def _count(columns: list[str]) -> pl.Expr:
    return pl.sum_horizontal([pl.col(name).cast(pl.UInt8) for name in columns]) if columns else pl.lit(0, dtype=pl.UInt8)


def _sum(parts: list[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(parts).cast(INT) if parts else whole(0)


def _present(symbol: str, named: pl.Expr) -> list[pl.Expr]:
    """An element the goods are named for is present, however little is known of it."""
    low, high, ulp, state = (pl.col(f"wt:{symbol}.{part}") for part in ("low", "high", "ulp", "state"))
    bare = named & state.is_in([ABSENT, NAMED])
    little = named & (state == KNOWN) & (low == 0)
    return [
        pl.when(bare | little).then(whole(1)).otherwise(low).alias(f"wt:{symbol}.low"),
        pl.when(bare).then(whole(HUNDRED)).otherwise(high).alias(f"wt:{symbol}.high"),
        pl.when(bare | little).then(whole(0)).otherwise(ulp).alias(f"wt:{symbol}.ulp"),
        pl.when(bare).then(pl.lit(KNOWN, dtype=pl.Int8)).otherwise(state).alias(f"wt:{symbol}.state"),
    ]


def _most(symbol: str) -> pl.Expr:
    state = pl.col(f"wt:{symbol}.state")
    return pl.when(state == KNOWN).then(f"wt:{symbol}.high").when(state == NAMED).then(whole(HUNDRED)).otherwise(0)


def _settled(symbol: str) -> list[pl.Expr]:
    """Bounds of one element: no higher than the room the others leave."""
    state = pl.col(f"wt:{symbol}.state")
    low = pl.when(state == BALANCE).then("wt.low").when(state == NAMED).then(whole(0)).otherwise(f"wt:{symbol}.low")
    high = pl.when(state == BALANCE).then("wt.high").when(state == NAMED).then(whole(HUNDRED)).otherwise(f"wt:{symbol}.high")
    capped = pl.max_horizontal(low, pl.min_horizontal(high, pl.col("wt.room") + low))
    return [low.alias(f"wt:{symbol}.low"), pl.when(low < high).then(capped).otherwise(high).alias(f"wt:{symbol}.high")]


# -- totals ----------------------------------------------------------------------------------


def total(node: n.Sum | n.Any, contents: Contents, name: str) -> list[pl.Expr]:
    """The columns of a total or test over the composition, as `judge` finds it."""
    inside = [symbol for symbol in contents.elements if not _is_false(node.where, symbol)]
    fits = {symbol: _fits(node.where, symbol, contents) for symbol in inside}
    may_rest = _fits(node.where, "", contents)
    rest = pl.col(REST).is_not_null() if may_rest is True else pl.col(REST).is_not_null() & may_rest.fill_null(True)
    if isinstance(node, n.Any):
        sure = either([_and(contents.listed(symbol), fit, False) for symbol, fit in fits.items()])
        may = either([*(_and(contents.listed(symbol), fit, True) for symbol, fit in fits.items()), rest])
        return [pl.when(sure).then(True).when(~may).then(False).otherwise(None).alias(name)]
    low = _sum([pl.when(_and(contents.listed(symbol), fit, False)).then(contents.low(symbol)).otherwise(0) for symbol, fit in fits.items()])
    high = _sum(
        [pl.when(_and(contents.listed(symbol), fit, True)).then(contents.high(symbol)).otherwise(0) for symbol, fit in fits.items()]
    )
    return [low.alias(f"{name}.low"), (high + pl.when(rest).then(REST).otherwise(0)).alias(f"{name}.high")]


def _and(listed: pl.Expr, fit: pl.Expr | bool, unknown: bool) -> pl.Expr:
    return listed if fit is True else listed & fit.fill_null(unknown)


def _is_false(where: n.Node, symbol: str) -> bool:
    """Whether an element cannot fit, whatever its content."""
    match where:
        case n.All(parts):
            return any(_is_false(part, symbol) for part in parts)
        case n.OneOf(fact, values):
            return fact.name == "element" and symbol not in values
    return False


def _fits(where: n.Node, symbol: str, contents: Contents) -> pl.Expr | bool:
    """Whether a listed element, or ("") what the list leaves out, fits; True where it surely does."""
    match where:
        case n.All(parts):
            tests = [test for part in parts if (test := _fits(part, symbol, contents)) is not True]
            return pl.all_horizontal(tests) if tests else True
        case n.Some(parts):
            tests = [_fits(part, symbol, contents) for part in parts]
            return True if True in [test is True for test in tests] else either(tests)
        case n.Not(part):
            test = _fits(part, symbol, contents)
            return _FALSE if test is True else ~test
        case n.Named(_, part):
            return _fits(part, symbol, contents)
        case n.OneOf(_, values):
            if symbol:
                return True if symbol in values else _FALSE
            if not all(value in contents for value in values):
                return pl.lit(None, dtype=pl.Boolean)
            return pl.when(pl.all_horizontal([contents.listed(value) for value in values])).then(False).otherwise(None)
        case n.Known(fact):
            return True if symbol or fact.name != "element" else _FALSE
        case n.Compare(left, op, right):
            return compared(_ends(left, symbol, contents), op, _ends(right, symbol, contents))
    raise TypeError(type(where))


def _ends(node: n.Node, symbol: str, contents: Contents) -> tuple[pl.Expr, pl.Expr]:
    if isinstance(node, n.Const):
        return whole(node.value), whole(node.value)
    return (contents.low(symbol), contents.high(symbol)) if symbol else (whole(0), pl.col(REST))
