"""What judged columns say, as rows people read: one line for each transaction, and one for each measure that bears on it.

    Telling(sheet, register, terms).summary(judged, where)   -> frame with the columns of `SUMMARY`
    .measures(judged, where)                                  -> frame with the columns of `MEASURES`

The same words as the rows that are judged one by one (`decide/batch`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kido.decide.determine import ANSWERS, REACH_UNKNOWN
from kido.decide.sheet_answers import NOTHING, clocks
from kido.decide.sheet_missing import MISSING
from kido.decide.sheet_parts import ANSWERED, ItemSteps, MeasureSteps, Sheet
from kido.decide.told_order import MOST_FACTS, asked_order
from kido.register.model import OUTCOMES, Register
from kido.terms.vocabulary import Terms

SUMMARY = (
    "place", "id", "on", "day_from", "answer", "planning", "may_become", "jurisdictions", "binding", "open", "missing", "period_ends",
    "listed_parties",
)  # fmt: skip
MEASURES = ("place", "id", "measure", "answer", "standing", "outcome", "items", "possible")
GONE = ("not_known", "ended")  # standings of measures that say nothing of a transaction any more, or not yet to anybody
DAYS_FROM = ("row", "asked", "assumed")  # whether the row states the day, or it was asked for all, or nobody states one
BITS = 24  # of one number: few enough that its values are few, and are put into words once
_MOST_BITS = 62  # where the values are few all the same
_FEW = 6  # codes whose every combination is put into words beforehand
SAID = (*ANSWERS, "", REACH_UNKNOWN)  # of a jurisdiction, by rank
_RANKS = pl.Enum([*ANSWERS, ""])
_STANDING = pl.Enum(["in_force", "not_yet", "suspended", "ended", "unknown", "not_known"])


def bits(columns: Sequence[pl.Expr]) -> pl.Expr:
    """Yes-or-no columns as one number, the first the lowest bit; eight at a time, for small numbers are quick to add."""
    eights = [columns[start : start + 8] for start in range(0, len(columns), 8)]
    parts = [
        pl.sum_horizontal([column.cast(pl.UInt8) * pl.lit(1 << at, dtype=pl.UInt8) for at, column in enumerate(some)]).cast(pl.Int64)
        * (1 << 8 * place)
        for place, some in enumerate(eights)
    ]
    return pl.sum_horizontal(parts) if parts else pl.lit(0, dtype=pl.Int64)


def worded(numbers: pl.Series, words: Callable[[int], str], kind: pl.DataType | None = None) -> pl.Series:
    """Numbers in words, each number put into words once."""
    known = numbers.unique().to_list()
    table = pl.DataFrame({"n": known, "w": [words(number) for number in known]}, schema={"n": numbers.dtype, "w": kind or pl.String()})
    return pl.DataFrame({"n": numbers}).join(table, on="n", how="left", maintain_order="left")["w"]


def _names(names: Sequence[str]) -> Callable[[int], str]:
    def words(number: int) -> str:
        found = []
        while number:
            low = number & -number
            found.append(names[low.bit_length() - 1])
            number ^= low
        return " ".join(found)

    return words


@dataclass(slots=True)
class Telling:
    """Puts the columns of one sheet into words."""

    sheet: Sheet
    register: Register
    terms: Terms
    order: list[str] = field(init=False)
    days: dict[int, str] = field(init=False, default_factory=dict)

    def __post_init__(self):
        self.order = asked_order(self.register, self.terms)

    def column(self, output: str) -> pl.Expr:
        return pl.col(f"#{self.sheet.outputs[output]}")

    # -- one line for each transaction -----------------------------------------------------

    def summary(self, judged: pl.DataFrame) -> pl.DataFrame:
        """`judged` has the columns `row`, `place`, `id`, `on`, `day_from` and the steps of the sheet."""
        plain = judged.select(
            "row", "place", "id", "on", "day_from",
            *(self.column(name).cast(pl.UInt8).cat.to(_RANKS).alias(name) for name in ("answer", "planning", "may_become")),
        )  # fmt: skip
        deciding = [steps for steps in self.sheet.measures if steps.decides]
        columns = {
            "jurisdictions": self._jurisdictions(judged),
            "binding": self._ids(judged, "b:", deciding),
            "open": self._ids(judged, "u:", deciding),
            "missing": self._missing(judged),
            "period_ends": self._period_ends(judged),
        }
        return plain.with_columns(**columns, listed_parties=pl.lit("")).select("row", *SUMMARY)

    def _jurisdictions(self, judged: pl.DataFrame) -> pl.Series:
        codes = list(self.register.watches)
        number = pl.sum_horizontal([self.column(f"j:{code}").cast(pl.UInt64) * 16**at for at, code in enumerate(codes)])  # 16 of them fit

        def words(number: int) -> str:
            found = [(code, number >> 4 * at & 15) for at, code in enumerate(codes)]
            return "; ".join(f"{code}: {SAID[rank]}" for code, rank in found if rank != NOTHING)

        return worded(judged.select(number.alias("n"))["n"], words)

    def _ids(self, judged: pl.DataFrame, kind: str, measures: list[MeasureSteps]) -> pl.Series:
        told = [steps.measure.id for steps in measures if f"{kind}{steps.measure.id}" in self.sheet.outputs]
        parts = []
        for start in range(0, len(told), BITS):
            names = told[start : start + BITS]
            number = judged.select(bits([self.column(f"{kind}{name}") for name in names]).alias("n"))["n"]
            parts.append(worded(number, _names(names)))
        return _spaced(parts, judged.height)

    def _missing(self, judged: pl.DataFrame) -> pl.Series:
        """The first few facts, in the order people are asked."""
        asked = {output.removeprefix(MISSING): self.column(output) for output in self.sheet.outputs if output.startswith(MISSING)}
        names = sorted(asked, key=lambda name: (self.order.index(name) if name in self.order else len(self.order), name))
        parts: list[pl.Series] = []
        left = pl.repeat(MOST_FACTS, judged.height, dtype=pl.Int64, eager=True)
        for start in range(0, len(names), _MOST_BITS):
            some = names[start : start + _MOST_BITS]
            whole = judged.select(bits([asked[name] for name in some]).alias("n"))["n"]
            rest = whole
            for taken in range(MOST_FACTS):
                rest = pl.select(pl.when((left > taken) & (rest != 0)).then(rest & (rest - 1)).otherwise(rest)).to_series()
            first = whole ^ rest
            left = left - first.bitwise_count_ones().cast(pl.Int64)
            parts.append(worded(first, _names(some)))
        return _spaced(parts, judged.height)

    def _period_ends(self, judged: pl.DataFrame) -> pl.Series:
        counted = clocks(self.register, self.terms)
        number = judged.select((pl.col("on").to_physical().cast(pl.Int64) * 64 + self.column("clock").cast(pl.Int64)).alias("n"))["n"]

        def words(number: int) -> str:
            which = number % 64
            if which == 0:
                return ""
            procedure, on = counted[which - 1], date.fromordinal(date(1970, 1, 1).toordinal() + number // 64)
            if on.year >= 9990:
                return ""
            if number not in self.days:
                self.days[number] = self.terms.holidays[procedure.act.split("-")[0].upper()].after(on, procedure.working_days).isoformat()
            return self.days[number]

        return worded(number, words)

    # -- one line for each measure that bears on it ------------------------------------------

    def measures(self, judged: pl.DataFrame) -> pl.DataFrame:
        """In the order of the transactions."""
        found = [self._measure(judged, steps) for steps in self.sheet.measures if f"m:{steps.measure.id}" in self.sheet.outputs]
        whole = pl.concat([frame for frame in found if frame.height] or found[:1]).sort("row", maintain_order=True)
        names = judged.select(pl.col("place", "id").cast(pl.Categorical))
        at = judged["row"].search_sorted(whole["row"])  # rows stand in their order, so that no join is needed
        return whole.with_columns(names[name].gather(at) for name in names.columns).select("row", *MEASURES)

    def _measure(self, judged: pl.DataFrame, steps: MeasureSteps) -> pl.DataFrame:
        id = steps.measure.id
        answer, outcome = self.column(f"m:{id}"), f"o:{id}"
        items = [one for one in steps.items if f"i:{one.act.id}/{one.item.code}" in self.sheet.outputs]
        outcomes = pl.Enum(OUTCOMES)
        codes = {f"i{at}": self.column(f"i:{one.act.id}/{one.item.code}") for at, one in enumerate(items)}
        result = {"result": self.column(outcome)} if outcome in self.sheet.outputs else {}
        rows = judged.select("row", "on", answer=answer, **result, **codes).filter(pl.col("answer") != 0)
        told = pl.col("result").cast(pl.UInt8).cat.to(outcomes) if result else pl.lit(steps.measure.outcome, dtype=outcomes)
        rows = rows.with_columns(
            pl.col("answer").cast(pl.UInt8).cat.to(pl.Enum(ANSWERED)), told.alias("outcome"), _standing(steps).alias("standing")
        )
        if any(word in GONE for _, _, word in steps.standing):
            rows = rows.filter(~pl.col("standing").cast(pl.String).is_in(GONE))
        return rows.select(
            "row", pl.lit(id, dtype=self._ids_enum()).alias("measure"), "answer", "standing", "outcome",
            _codes(rows, items, sure=True).alias("items"), _codes(rows, items, sure=False).alias("possible"),
        )  # fmt: skip

    def _ids_enum(self) -> pl.Enum:
        return pl.Enum([steps.measure.id for steps in self.sheet.measures])


def _standing(steps: MeasureSteps) -> pl.Expr:
    found = pl
    for first, last, word in steps.standing[:-1]:
        found = found.when(pl.col("on").is_between(first, last)).then(pl.lit(word, dtype=_STANDING))
    last = pl.lit(steps.standing[-1][2], dtype=_STANDING)
    return last if found is pl else found.otherwise(last)


def _codes(rows: pl.DataFrame, items: list[ItemSteps], sure: bool) -> pl.Series:
    """The codes of the entries that match, or that may."""
    if not items:
        return pl.repeat("", rows.height, dtype=pl.String, eager=True).cast(pl.Categorical)
    if len(items) <= _FEW:
        known = pl.Enum([_names([one.item.code for one in items])(number) for number in range(1 << len(items))])
        return rows.select(bits(_answers(range(len(items)), sure)).cast(pl.UInt8).cat.to(known).alias("n"))["n"].cast(pl.Categorical)
    parts = []
    for start in range(0, len(items), _MOST_BITS):
        some = range(start, min(start + _MOST_BITS, len(items)))
        answers = _answers(some, sure)
        number = rows.select(bits(answers).alias("n"))["n"]
        parts.append(worded(number, _names([items[at].item.code for at in some]), pl.Categorical()))
    if len(parts) == 1:
        return parts[0]
    return _spaced([part.cast(pl.String) for part in parts], rows.height).cast(pl.Categorical)


def _answers(items: range, sure: bool) -> list[pl.Expr]:
    return [pl.col(f"i{at}").fill_null(False) if sure else pl.col(f"i{at}").is_null() for at in items]


def _spaced(parts: list[pl.Series], rows: int) -> pl.Series:
    """Words of several numbers behind each other."""
    if not parts:
        return pl.repeat("", rows, dtype=pl.String, eager=True)
    frame = pl.DataFrame([part.alias(str(at)) for at, part in enumerate(parts)])
    apart = [pl.when(pl.col(name) != "").then(pl.col(name) + " ").otherwise(pl.lit("")) for name in frame.columns]
    return frame.select(pl.concat_str(apart).str.strip_chars_end(" ").alias("n"))["n"]
