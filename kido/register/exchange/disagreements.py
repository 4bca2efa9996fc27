"""What others say beside what the register says, and where they disagree: who, since when, from which source.

    compare(register, rows)   -> Comparison: each row with the measures it fits, and every disagreement

Nobody is declared right.  A row that fits one measure of ours in kind and days is settled and not held against others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from kido.register import model as m
from kido.register.exchange.entry import span
from kido.register.exchange.foreign import OURS, ForeignRow
from kido.register.exchange.schemes import codes_for, kinds_of, same
from kido.register.timeline import events_on
from kido.terms.hs import points_to

KIND, FROM, UNTIL = "kind", "from", "until"


@dataclass(frozen=True, slots=True)
class Statement:
    """What one side says: `since` is the day it said so, ours the day the register first saw a source of the act."""

    who: str
    since: date
    source: str
    says: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two statements about one thing; `measure` is ours, if ours is one side or both rows name it."""

    about: str
    measure: str
    statements: tuple[Statement, Statement]


@dataclass(frozen=True, slots=True)
class Beside:
    """A foreign row and the measures of ours it may speak about."""

    row: ForeignRow
    ours: tuple[str, ...]
    settled: bool  # one of them agrees in kind and days


@dataclass(frozen=True, slots=True)
class Comparison:
    beside: tuple[Beside, ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class _Ours:
    """A measure of the register as a side of a comparison."""

    act: m.Instrument
    measure: m.Measure
    hs: frozenset[str]
    elements: frozenset[str]
    start: date
    until: date | None


def compare(register: m.Register, rows: Iterable[ForeignRow]) -> Comparison:
    """Put every row beside the register and beside the other contributors' rows."""
    ours: dict[str, list[_Ours]] = {}
    for act, measure in register.measures():
        ours.setdefault(act.jurisdiction, []).append(_side(register, act, measure))
    beside: list[Beside] = []
    found: list[Disagreement] = []
    for row in rows:
        fitting = [side for side in ours.get(row.jurisdiction, ()) if _about(row, side)]
        agreed = [side for side in fitting if not _differences(row, side)]
        shown = agreed or _nearest(row, fitting)
        beside.append(Beside(row, tuple(side.measure.id for side in shown), bool(agreed)))
        if not agreed:
            found += [_with_ours(register.version, row, side, about) for side in shown for about in _differences(row, side)]
    return Comparison(tuple(beside), (*found, *_among(beside)))


def _side(register: m.Register, act: m.Instrument, measure: m.Measure) -> _Ours:
    items = act.items_of(measure)
    codes = {code for item in items for printed in item.hs for code in printed.codes}
    codes |= {code for item in items for sub in item.sub_items for code in sub.hs}
    elements = {element for item in items for element in item.elements} or set(act.elements)
    start, until = span(act, measure, tuple(events_on(register, act, measure)))
    return _Ours(act, measure, frozenset(codes), frozenset(elements), start, until)


def _about(row: ForeignRow, side: _Ours) -> bool:
    """Whether a row may speak about a measure: it names it, or place, product and time meet."""
    if row.measure:
        return row.measure == side.measure.id
    return _products_meet(row.hs, row.elements, side.hs, side.elements) and _days_meet(row, side)


def _products_meet(hs: Iterable[str], elements: Iterable[str], other_hs: Iterable[str], other_elements: Iterable[str]) -> bool:
    """By HS codes where both sides have them, else by elements."""
    if hs and other_hs:
        return any(points_to(one, other) for one in hs for other in other_hs)
    return bool(set(elements) & set(other_elements))


def _days_meet(one: ForeignRow | _Ours, other: ForeignRow | _Ours) -> bool:
    first = max(one.start or date.min, other.start or date.min)
    return first <= min(one.until or date.max, other.until or date.max)


def _nearest(row: ForeignRow, fitting: list[_Ours]) -> list[_Ours]:
    """Where none agrees, those that come nearest: in kind, then in how much differs, then in the first day."""

    def far(side: _Ours) -> tuple[bool, int, int]:
        found = _differences(row, side)
        return KIND in found, len(found), abs((row.start - side.start).days) if row.start else 0

    nearest = min(map(far, fitting), default=None)
    return [side for side in fitting if far(side) == nearest]


def _differences(row: ForeignRow, side: _Ours) -> tuple[str, ...]:
    """What a row and a measure of ours say differently; a day that a row leaves out is not said."""
    found = []
    if row.scheme == OURS:
        different = row.kind != side.measure.kind
    else:
        coded = codes_for(side.act, side.measure, row.scheme)
        different = coded.any and not any(same(row.scheme, row.kind, code) for code in (*coded.codes, *coded.unverified))
    if different:
        found.append(KIND)
    if row.start and row.start != side.start:
        found.append(FROM)
    if row.until and row.until != side.until:
        found.append(UNTIL)
    return tuple(found)


def _among(beside: list[Beside]) -> Iterator[Disagreement]:
    """Between contributors: the same place, product and time, said differently."""
    for one, other in combinations(beside, 2):
        a, b = one.row, other.row
        if a.contributor == b.contributor or a.jurisdiction != b.jurisdiction or (a.measure and b.measure and a.measure != b.measure):
            continue
        if one.settled and other.settled and not set(one.ours) & set(other.ours):
            continue  # they speak about two measures
        named = a.measure if a.measure == b.measure else ""
        if named or (_products_meet(a.hs, a.elements, b.hs, b.elements) and _days_meet(a, b)):
            for about in _between(a, b):
                yield Disagreement(about, named, (_statement(a, about), _statement(b, about)))


def _between(a: ForeignRow, b: ForeignRow) -> Iterator[str]:
    if a.scheme == b.scheme:
        different = a.kind != b.kind if a.scheme == OURS else not same(a.scheme, a.kind, b.kind)
    else:
        kinds, others = kinds_of(a.scheme, a.kind), kinds_of(b.scheme, b.kind)
        different = bool(kinds and others) and not kinds & others
    if different:
        yield KIND
    if a.start and b.start and a.start != b.start:
        yield FROM
    if a.until and b.until and a.until != b.until:
        yield UNTIL


def _statement(row: ForeignRow, about: str) -> Statement:
    says = {KIND: f"{row.scheme} {row.kind}", FROM: str(row.start or ""), UNTIL: str(row.until or "")}[about]
    return Statement(row.contributor, row.said_on, row.source_url, says)


def _with_ours(version: str, row: ForeignRow, side: _Ours, about: str) -> Disagreement:
    says = {KIND: f"{OURS} {side.measure.kind}", FROM: str(side.start), UNTIL: str(side.until or "")}[about]
    seen = min(source.seen for source in side.act.sources)
    ours = Statement(f"kido register {version}", seen, side.act.sources[0].url, says)
    return Disagreement(about, side.measure.id, (ours, _statement(row, about)))
