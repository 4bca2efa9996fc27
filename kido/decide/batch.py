"""Pieces of a table judged: as columns where they can be, one by one where a column cannot settle a row by itself.

    Batch(columns, register, terms, on, known_on, otherwise).piece(frame)  -> Piece
    judge_rows(rows, …)                                                    -> the rows judged one by one

Both ways give the same rows (`tests/decide/test_batch_agreement.py`). Needs the extra `kido[tables]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kido.decide.cells import text_of
from kido.decide.columns import ID, Columns
from kido.decide.determine import Determination, determine
from kido.decide.fact_columns import FactColumns
from kido.decide.sheet import sheet
from kido.decide.sheet_parts import Sheet
from kido.decide.told import DAYS_FROM, GONE, MEASURES, SUMMARY, Telling
from kido.decide.told_order import asked_order, first_missing
from kido.decide.transaction import read_transaction
from kido.errors import KidoError, Problem
from kido.register.model import Register
from kido.register.table_source import BEYOND
from kido.rule.columns import Columns as Steps
from kido.terms.vocabulary import Terms

ROW = "row"
REJECTED = ("place", "id", "at", "code", "read", "wrong_ja", "wrong_en", "do_ja", "do_en")
SLICE = 125_000  # rows whose measures are held at once
_MOST_KEPT = 20_000  # answers kept for rows that say the same
Row = tuple[int, str, Sequence[str]]  # its number, place and cells


@dataclass(frozen=True, slots=True)
class Single:
    """One row judged by itself: its summary and its measures as text, or the problems that reject it."""

    row: int
    summary: tuple[str, ...] = ()
    measures: tuple[tuple[str, ...], ...] = ()
    rejected: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a table, judged: frames in the order of the rows, measures in slices as they are asked for. `rows` = answered + rejected."""

    summary: pl.DataFrame
    measures: Iterator[pl.DataFrame]
    rejected: pl.DataFrame
    rows: int
    bad: int  # rejected rows
    alone: int  # rows judged one by one
    undated: int  # answered rows that state no day, and were judged by another


@dataclass(slots=True)
class Batch:
    """Judges pieces of one table, each row by the law of its own day.

    on         the day for every row; left out, each row's own date, else `otherwise`
    """

    columns: Columns
    register: Register
    terms: Terms
    on: date | None = None
    known_on: date | None = None
    otherwise: date | None = None
    facts: FactColumns = field(init=False)
    sheet: Sheet = field(init=False)
    telling: Telling = field(init=False)
    steps: Steps | None = field(init=False, default=None)

    def __post_init__(self):
        self.facts = FactColumns(self.columns, self.terms, self.register, self.on, self.otherwise)
        self.sheet = sheet(self.register, self.terms, self.facts.kinds, self.known_on)
        self.telling = Telling(self.sheet, self.register, self.terms)

    def piece(self, frame: pl.DataFrame, alone: Callable[[list[Row]], Iterable[Single]] | None = None) -> Piece:
        """Judge a piece; `frame` has a column `place` and the cells by the number of their column.

        Parameters
        ----------
        alone : judges rows one by one; in this process if left out
        """
        frame = frame.with_row_index(ROW)
        read = self.facts.read(frame, self.sheet.wanted)
        if BEYOND in frame.columns:
            read.look = read.look | frame[BEYOND].is_not_null()
        ids = self._ids(frame)
        facts = read.frame.with_columns(frame[ROW], frame["place"], ids, self.day_from(read.undated)).filter(~read.look)
        judged = self._judged(facts, read.words, read.same)
        rows = self._rows(frame.filter(read.look))
        found = list((alone or self.alone)(rows)) if rows else []
        summary = _merged(self.telling.summary(judged), (ROW, *SUMMARY), [(one.row, *one.summary) for one in found if one.summary])
        rejected = [problem for one in found for problem in one.rejected]
        refused = {one.row for one in found if one.rejected}
        bad = len(refused)
        undated = int((read.undated & ~frame[ROW].is_in(list(refused))).sum())
        if summary.height + bad != frame.height:
            raise RuntimeError(f"{frame.height} rows, but {summary.height} answered and {bad} rejected")  # no row is lost in silence
        return Piece(
            summary.drop(ROW), self._measures(judged, found, frame.height), pl.DataFrame(rejected, schema=dict.fromkeys(REJECTED, pl.String), orient="row"),
            frame.height, bad, len(rows), undated,
        )  # fmt: skip

    def alone(self, rows: list[Row]) -> Iterable[Single]:
        return judge_rows(rows, self.columns, self.register, self.terms, self.on, self.known_on, self.otherwise)

    def _judged(self, facts: pl.DataFrame, words: dict[str, list[str]], same: dict[str, str]) -> pl.DataFrame:
        if self.steps is None or self.steps.same != same:
            self.steps = Steps(self.sheet.graph, tuple(self.sheet.outputs.values()), same)
        judged = self.steps.add(facts, words)
        return judged.select(ROW, "place", "id", "on", "day_from", *dict.fromkeys(f"#{number}" for number in self.sheet.outputs.values()))

    def _measures(self, judged: pl.DataFrame, found: list[Single], rows: int) -> Iterator[pl.DataFrame]:
        """Slice by slice: there are many measures to a row."""
        for start in range(0, rows, SLICE):
            inside = pl.col(ROW).is_between(start, start + SLICE - 1)
            some = [(one.row, *measure) for one in found if start <= one.row < start + SLICE for measure in one.measures]
            yield _merged(self.telling.measures(judged.filter(inside)), (ROW, *MEASURES), some).drop(ROW)

    def day_from(self, undated: pl.Series) -> pl.Series:
        """Where the day of each row comes from."""
        row, asked, assumed = (pl.lit(word, dtype=pl.Enum(DAYS_FROM)) for word in DAYS_FROM)
        return pl.select(pl.when(undated).then(assumed).otherwise(row if self.on is None else asked).alias("day_from")).to_series()

    def _ids(self, frame: pl.DataFrame) -> pl.Series:
        named = [text_of(frame[str(number)]).fill_null("") for number, fact in self.columns.facts.items() if fact == ID]
        if not named:
            return pl.repeat("", frame.height, dtype=pl.String, eager=True).alias("id")
        return pl.DataFrame(named).select(pl.concat_str(pl.all(), separator=" ").str.strip_chars().alias("id"))["id"]

    def _rows(self, frame: pl.DataFrame) -> list[Row]:
        silent = [""] * frame.height
        cells = [
            text_of(frame[str(number)]).fill_null("").to_list() if number in self.columns.facts else silent
            for number in range(len(self.columns.header))
        ]
        cells += [frame[BEYOND].fill_null("").to_list()] if BEYOND in frame.columns else []
        return list(zip(frame[ROW].to_list(), frame["place"].to_list(), zip(*cells, strict=True), strict=True))


def _merged(frame: pl.DataFrame, columns: Sequence[str], rows: list[tuple]) -> pl.DataFrame:
    """The frame with rows that were judged one by one, in the order of the table."""
    frame = frame.select(columns)
    if not rows:
        return frame
    more = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String) | {ROW: frame.schema[ROW]}, orient="row")
    more = more.with_columns(
        pl.col(name).str.to_date() if kind == pl.Date else pl.col(name).cast(kind)
        for name, kind in frame.schema.items()
        if kind != more.schema[name]
    )
    return pl.concat([frame, more]).sort(ROW, maintain_order=True)


def judge_rows(
    rows: Iterable[Row], columns: Columns, register: Register, terms: Terms,
    on: date | None = None, known_on: date | None = None, otherwise: date | None = None,
) -> Iterable[Single]:  # fmt: skip
    """Judge rows one by one; a bad row is a rejection."""
    kept: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {}
    order = _Order(asked_order(register, terms), {measure.id: at for at, (_, measure) in enumerate(register.judged())})
    for row, place, cells in rows:
        id, facts = columns.transaction(cells)
        facts |= {BEYOND: cells[-1]} if len(cells) > len(columns.header) and cells[-1] else {}
        key = repr(sorted(facts.items(), key=lambda item: item[0]))
        try:
            if key not in kept:
                if len(kept) > _MOST_KEPT:
                    kept.clear()
                kept[key] = _answered(*_judged(facts, register, terms, on, known_on, otherwise), order)
        except KidoError as error:
            problems = [
                (f"{place}:{columns.heading(p.place)}", p.code, p.read, p.wrong("ja"), p.wrong("en"), p.do("ja"), p.do("en"))
                for p in error.problems
            ]
            yield Single(row, rejected=tuple((place, id, *problem) for problem in problems))
            continue
        summary, measures = kept[key]
        yield Single(row, (place, id, *summary), tuple((place, id, *measure) for measure in measures))


@dataclass(frozen=True, slots=True)
class _Order:
    """Facts as they are asked for, and the place of each measure in the register."""

    facts: list[str]
    places: dict[str, int]


def _judged(
    facts: dict[str, object], register: Register, terms: Terms, on: date | None, known_on: date | None, otherwise: date | None
) -> tuple[Determination, str]:
    """The answer, and where its day comes from."""
    if BEYOND in facts:
        raise KidoError(Problem("beyond-header", "row", str(facts[BEYOND])))
    if not facts:
        raise KidoError(Problem("no-facts", "row", ""))
    read = read_transaction(facts, terms, on)
    day = on or (read.on if read.on != date.max else otherwise)
    if day is None:
        raise KidoError(Problem("missing-key", "on", "on"))
    said = DAYS_FROM[1 if on else 0 if read.on != date.max else 2]
    return determine(register, terms, read, day, known_on), said


def _answered(d: Determination, day_from: str, order: _Order) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    reached = [j for j in d.jurisdictions if j.reach is not False]
    summary = (
        d.on.isoformat(), day_from, d.answer, d.planning, d.may_become, "; ".join(f"{j.jurisdiction}: {j.said}" for j in reached),
        " ".join(f.measure.id for f in d.findings if f.binds), " ".join(f.measure.id for f in d.findings if f.may_bind),
        first_missing((name for question in d.questions for name in question.names), order.facts), d.clock.end.isoformat() if d.clock else "",
        "; ".join(f"{compared.party.name} [{hit.list}]" for compared in d.compared.parties for hit in compared.hits[:1]),
    )  # fmt: skip
    speaking = (f for f in (*d.findings, *d.duties) if f.answer != "does_not_apply" and f.status.word not in GONE)
    measures = sorted(speaking, key=lambda f: order.places[f.measure.id])
    return summary, tuple(
        (f.measure.id, f.answer, f.status.word, f.outcome, *(" ".join(match.item.code for match in some) for some in (f.items, f.possible)))
        for f in measures
    )
