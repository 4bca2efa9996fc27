"""A table of cells as columns of facts: the door of a single transaction, and what follows from stated facts, in columns.

    FactColumns(columns, terms, register, on).read(frame, wanted)  -> Facts of the rows, and the rows the door must look at

Everything here has its twin for one transaction: `transaction`, `contents`, `derive`. Both are held equal by
`tests/decide/test_batch_agreement.py`; rows that a column cannot settle by itself are judged one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kido.decide import derived_columns
from kido.decide.cells import LOOK, TEXTS, is_readable, narrow, read_figures, read_values, read_words, text_of
from kido.decide.columns import COMPOSED, ID, OF_NAMED, Columns
from kido.decide.composed import element_columns, text_columns
from kido.decide.content_columns import Contents, balanced, total
from kido.decide.match import unheld
from kido.decide.sheet_parts import CODE, CODE_HELD, CODE_LIST
from kido.decide.transaction import LONGEST, POWDER
from kido.errors import KidoError, Problem
from kido.register.model import Register
from kido.rule.tabular import BOOL, DAY, FIGURE, PLACES, STATE, WORD, Wanted
from kido.terms.vocabulary import Fact, Terms

_KINDS = {"bool": BOOL, "number": FIGURE, "money": FIGURE, "date": DAY, "places": PLACES}
DERIVED = {"form": STATE, "element": STATE, "substance": STATE, "magnet_family": STATE, "origin": WORD, "technology_supplied": BOOL}
_TYPES = {BOOL: pl.Boolean(), DAY: pl.Date(), PLACES: pl.List(pl.String)}


@dataclass(slots=True)
class RowFacts:
    """The facts of some rows.

    frame  one row each, with the columns a sheet asks for
    words  the words of worded columns by their numbers
    same   figure columns that hold what another one holds
    look   the rows that are judged one by one
    undated  the rows that state no day
    """

    frame: pl.DataFrame
    words: dict[str, list[str]]
    same: dict[str, str]
    look: pl.Series
    undated: pl.Series


@dataclass(slots=True)
class FactColumns:
    """Reads pieces of one table.

    on         the day for every row; left out, each row's own, else `otherwise`
    """

    columns: Columns
    terms: Terms
    register: Register
    on: date | None = None
    otherwise: date | None = None
    facts: dict[str, Fact] = field(init=False)
    ready: tuple | None = field(init=False, default=None)

    def __post_init__(self):
        told = [*self.columns.facts.values(), *self.columns.stated]
        self.facts = {name: self.terms.facts[name] for name in dict.fromkeys(told) if name in self.terms.facts and name != "on"}

    @property
    def kinds(self) -> dict[str, str]:
        """Kind of each fact that some row may have."""
        kinds = {name: _KINDS.get(fact.type, WORD) for name, fact in self.facts.items() if fact.type != "text"} | DERIVED
        if "form" in self.facts:
            kinds.setdefault("powder_or_granules", BOOL)
        return kinds

    def read(self, frame: pl.DataFrame, wanted: Wanted) -> RowFacts:
        """Facts of some rows; `frame` has the columns of the table by their numbers as names."""
        self._readable(frame)
        cells = self.cells(frame)
        look = [self.empty(frame), *self.long(frame)]
        found: dict[str, pl.Series] = {}
        for name, fact in self.facts.items():
            look += self.fact(name, fact, cells[name], found)
        more, undated = self.day(cells, found, frame.height)
        look += more
        facts = pl.DataFrame(list(found.values()))
        contents, symbols, odd = self.composition(frame, cells)
        facts = facts.with_columns(contents.get_columns())
        facts, look_too = self.followed(facts, symbols, wanted)
        marked = pl.DataFrame([one.alias(str(number)) for number, one in enumerate([*look, odd, look_too])])
        return self._numbered(facts, marked.select(pl.any_horizontal(pl.all().fill_null(True))).to_series(), undated)

    def _readable(self, frame: pl.DataFrame) -> None:
        """Lists, bytes and the like are no facts."""
        odd = [number for number in self.columns.facts if not is_readable(frame.schema[str(number)])]
        if odd:
            raise KidoError(
                [
                    Problem("column-type", name := self.columns.header[number], str(frame.schema[str(number)]), {"column": name})
                    for number in odd
                ]
            )

    def cells(self, frame: pl.DataFrame) -> dict[str, pl.Series]:
        """The column of each fact; what is stated of every row stands where a row says nothing."""
        found = {fact: frame[str(number)] for number, fact in self.columns.facts.items() if fact != ID and not fact.startswith(COMPOSED)}
        if OF_NAMED in found:
            found["composition"] = _named_contents(found["element"], found.pop(OF_NAMED), found.get("composition"))
        for fact, stated in self.columns.stated.items():
            if fact in found:
                text = text_of(found[fact])
                found[fact] = text.fill_null(stated)
            else:
                found[fact] = pl.repeat(stated, frame.height, eager=True)
        return found

    def empty(self, frame: pl.DataFrame) -> pl.Series:
        """Rows of which the table itself says nothing."""
        empty = pl.repeat(not self.columns.stated, frame.height, eager=True)  # what is stated of every row is a transaction all the same
        for number, fact in self.columns.facts.items():
            if fact != ID and empty.any():
                cells = frame[str(number)]
                empty = empty & (text_of(cells) if cells.dtype in TEXTS else cells).is_null()
        return empty

    def long(self, frame: pl.DataFrame) -> list[pl.Series]:
        """Rows with a text that is too long for the door."""
        texts = [frame[str(number)].cast(pl.String) for number in self.columns.facts if frame.schema[str(number)] in TEXTS]
        return [text.str.len_chars() > LONGEST for text in texts if (text.str.len_bytes().max() or 0) > LONGEST]

    def fact(self, name: str, fact: Fact, cells: pl.Series, found: dict[str, pl.Series]) -> list[pl.Series]:
        """Read one fact into `found`; returns which rows the door must look at."""
        if fact.type == "text":  # no rule reads it; a named party is compared with the lists by the door
            text = text_of(cells)
            return [text.is_not_null()] if name == "end_user" else []
        kind = self.kinds[name]
        if kind == FIGURE:
            figures = read_figures(cells, fact, self.terms)
            found[f"{name}.low"], found[f"{name}.high"] = (figures[end].alias(f"{name}.{end}") for end in ("low", "high"))
            return [figures["state"] == LOOK]
        if kind in _TYPES:
            read = read_values(cells, fact, self.terms, _TYPES[kind])
        else:
            read = read_words(cells, fact, self.terms, _is_powder if name == "form" else lambda word: False)
            if name == "form":
                powder = text_of(cells).str.to_lowercase().is_in(list(POWDER)).fill_null(False)
                found[derived_columns.POWDER_SAID] = powder.alias(derived_columns.POWDER_SAID)
        found[name] = read.values
        return [read.look]

    def day(self, cells: dict[str, pl.Series], found: dict[str, pl.Series], rows: int) -> tuple[list[pl.Series], pl.Series]:
        """The day each row is judged on, a row without one is the door's; and which rows state none where no day is asked for."""
        if "on" in cells:
            read = read_values(cells["on"], self.terms.facts["on"], self.terms, pl.Date())
            day, look = read.values, [read.look]
        else:
            day, look = pl.repeat(None, rows, dtype=pl.Date, eager=True), []
        undated = day.is_null() if self.on is None else pl.repeat(False, rows, eager=True)
        if self.on is not None:
            day = pl.repeat(self.on, rows, dtype=pl.Date, eager=True)
        elif self.otherwise is not None:
            day = day.fill_null(self.otherwise)
        found["on"] = day.fill_null(date(2000, 1, 1)).alias("on")
        return [*look, day.is_null()], undated

    def composition(self, frame: pl.DataFrame, cells: dict[str, pl.Series]) -> tuple[pl.DataFrame, tuple[str, ...], pl.Series]:
        """Contents as stated: a column of low, high, last digit and state for each element."""
        stated = {fact.partition(":")[2]: frame[str(number)] for number, fact in self.columns.facts.items() if fact.startswith(COMPOSED)}
        contents, odd = element_columns(stated, self.terms, frame.height)
        if "composition" in cells:
            contents, more = text_columns(cells["composition"], contents, self.terms)
            odd = odd | more | self._said_twice(frame)
        return contents, tuple(name[3:-6] for name in contents.columns if name.endswith(".state")), odd

    def _said_twice(self, frame: pl.DataFrame) -> pl.Series:
        """Rows whose composition stands in text and in columns of elements: the door puts them together."""
        told = self.columns.facts.items()
        texts = [text_of(frame[str(number)]).is_not_null() for number, fact in told if fact in ("composition", OF_NAMED)]
        figures = [text_of(frame[str(number)]).is_not_null() for number, fact in told if fact.startswith(COMPOSED)]
        if not texts or not figures:
            return pl.repeat(False, frame.height, eager=True)
        return (
            pl.DataFrame([one.alias(str(at)) for at, one in enumerate(texts)]).select(pl.any_horizontal(pl.all())).to_series()
            & pl.DataFrame(figures).select(pl.any_horizontal(pl.all())).to_series()
        )

    def followed(self, facts: pl.DataFrame, symbols: tuple[str, ...], wanted: Wanted) -> tuple[pl.DataFrame, pl.Series]:
        """What follows from stated facts, and the columns the rules ask for."""
        facts = derived_columns.laid_out(facts, self.terms)
        complete = pl.col("composition_complete").fill_null(False) if "composition_complete" in facts.columns else pl.lit(False)
        named = derived_columns.named(facts, self.terms)
        facts, contents, odd = balanced(facts, symbols, named, complete)
        facts = derived_columns.followed(facts, contents, self.terms, complete)
        look = facts.select((odd | derived_columns.contradictions(facts, contents, self.facts)).alias("look"))["look"]
        facts = facts.with_columns(self._asked(facts, contents, wanted))
        if CODE in self.facts:
            facts = facts.with_columns(self._held(facts))
        return facts, look

    def _asked(self, facts: pl.DataFrame, contents: Contents, wanted: Wanted) -> list[pl.Expr]:
        """The columns the rules ask for; the same expressions serve every piece of a table that looks alike."""
        key = facts.schema, contents.stated, contents.only_named
        if self.ready is None or self.ready[0] != key:
            states = [
                derived_columns.state(fact, value, facts, contents, self.terms).alias(at) for (fact, value), at in wanted.states.items()
            ]
            self.ready = key, [*states, *(part for node, name in wanted.totals.items() for part in total(node, contents, name))]
        return self.ready[1]

    def _held(self, facts: pl.DataFrame) -> pl.Series:
        """Whether some entry of the register (of the list stated) bears the code."""
        pairs = facts.select(CODE, *([CODE_LIST] if CODE_LIST in facts.columns else [])).cast(pl.String)
        held = {row: not unheld(row[0] or "", row[1] if len(row) > 1 else None, self.register) for row in pairs.unique().rows()}
        return pl.Series(CODE_HELD, [held[row] for row in pairs.iter_rows()])

    def _numbered(self, facts: pl.DataFrame, look: pl.Series, undated: pl.Series) -> RowFacts:
        words, columns = {}, []
        for name, kind in facts.schema.items():
            if isinstance(kind, pl.Enum):
                words[name] = kind.categories.to_list()
                columns.append(pl.col(name).to_physical())
        facts = facts.with_columns(columns)
        figures = [name for name, kind in self.kinds.items() if kind == FIGURE and name in self.facts]
        ends = [f"{name}.{end}" for name in figures for end in ("low", "high")]
        facts = narrow(facts, ends) if ends else facts
        same = {f"{name}.high": f"{name}.low" for name in figures if facts[f"{name}.low"].equals(facts[f"{name}.high"])}
        return RowFacts(facts, words, same, look, undated)


def _named_contents(elements: pl.Series, cells: pl.Series, beside: pl.Series | None) -> pl.Series:
    """The content of the element that another column names, as text of a composition."""
    names, contents = text_of(elements).fill_null("?"), text_of(cells)
    parts = [pl.Series("named", names + pl.Series([" "]) + contents)]
    if beside is not None:
        parts = [text_of(beside).alias("text"), *parts]
    joined = pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=", ", ignore_nulls=True).alias("composition"))["composition"]
    return pl.select(pl.when(joined != "").then(joined)).to_series().alias("composition")


def _is_powder(word: str) -> bool:
    return word.strip().casefold() in POWDER
