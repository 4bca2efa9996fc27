"""What a foreign format cannot hold: every field of the register, every value of every measure, every field left empty.

    LossReport        as data; `to_dict` for JSON, `loss_text.loss_text` for people
    fates(scheme)     what becomes of each field of each noun: carried, part, own (see its noun), lost

A field that `law/exchange/fates.csv` does not name counts as lost.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from kido.register import model as m
from kido.register.exchange.schemes import TargetField, fields
from kido.register.exchange.standing import Standing, verified_day
from kido.register.timeline import SUSPENDED, UNKNOWN, events_on
from kido.rule.nodes import Named, walk
from kido.terms.ground import ground
from kido.terms.sources import Source
from kido.terms.text import Text
from kido.terms.vocabulary import rows

CARRIED, PART, OWN, LOST = "carried", "part", "own", "lost"
NOUNS = (
    m.Instrument, m.Measure, m.Unless, m.Figure, m.Item, m.Printed, m.SubItem, m.Event, m.Practice, m.Procedure, m.Answer, m.Watch,
    m.Definition, Source,
)  # fmt: skip
_NOTHING = (None, "", (), {}, frozenset())


@dataclass(frozen=True, slots=True)
class FieldFate:
    """What becomes of one field: the column it goes to, and how if only in part."""

    noun: str
    field: str
    label: Text
    fate: str
    column: str
    how: Text


@dataclass(frozen=True, slots=True)
class LostValue:
    """A field of one measure that has values the format cannot hold, or not wholly; `of` names the records that have them."""

    measure: str
    noun: str
    field: str
    fate: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A measure that the format cannot hold at all, and why."""

    measure: str
    why: Text


@dataclass(frozen=True, slots=True)
class LostStanding:
    """A measure that is suspended, or whose standing nobody knows: no format has a field for that, only our own columns."""

    measure: str
    standing: str
    until: date | None


@dataclass(frozen=True, slots=True)
class LossReport:
    scheme: str
    version: str
    on: date | None
    standing_on: date | None  # the day of `kido_standing`: the one asked for, else the day the register was checked
    carried: tuple[str, ...]  # measures that were written
    left_out: tuple[LeftOut, ...]
    fates: tuple[FieldFate, ...]
    lost: tuple[LostValue, ...]
    standings: tuple[LostStanding, ...]
    unfilled: tuple[TargetField, ...]
    unverified: tuple[str, ...]  # codes that were only recalled and therefore not written as codes

    def to_dict(self) -> dict:
        """Plain form for JSON."""
        days = {name: str(day) if (day := getattr(self, name)) else None for name in ("on", "standing_on")}
        standings = [{**dataclasses.asdict(each), "until": str(each.until) if each.until else None} for each in self.standings]
        return dataclasses.asdict(self) | days | {"standings": standings}


def report(
    scheme: str,
    register: m.Register,
    on: date | None,
    carried: Mapping[str, Standing],
    left_out: Iterable[LeftOut],
    unverified: Iterable[str],
) -> LossReport:
    """The report of one export; `carried` are the measures that were written, each with its standing."""
    unfilled = tuple(field for field in fields(scheme) if field.filled != "yes")
    table = fates(scheme)
    lost = tuple(value for act, measure in register.measures() if measure.id in carried for value in _lost(register, act, measure, table))
    standings = tuple(LostStanding(id, s.word, s.until) for id, s in carried.items() if s.word in (SUSPENDED, UNKNOWN))
    return LossReport(
        scheme, register.version, on, on or verified_day(register), tuple(carried), tuple(left_out), table, lost, standings, unfilled,
        tuple(sorted(set(unverified))),
    )  # fmt: skip


def fates(scheme: str) -> tuple[FieldFate, ...]:
    """What becomes of every field of every noun.

    >>> [f.fate for f in fates("qr") if (f.noun, f.field) in (("Measure", "id"), ("Item", "when"), ("Item", "form"))]
    ['carried', 'lost', 'part']
    """
    return _fates(ground("law"), "mast" if scheme.startswith("mast") else scheme)


@lru_cache(maxsize=16)
def _fates(law: Path, column: str) -> tuple[FieldFate, ...]:
    table = {(row["noun"], row["field"]): row for row in rows(law / "exchange" / "fates.csv")}
    found = []
    for noun in NOUNS:
        for field in dataclasses.fields(noun):
            row = table.get((noun.__name__, field.name))
            if row is None:
                found.append(FieldFate(noun.__name__, field.name, {"ja": field.name, "en": field.name}, LOST, "", {}))
                continue
            fate, _, where = row[column].partition(" ")
            how = {"ja": row["how_ja"], "en": row["how_en"]} if fate == PART else {}
            found.append(FieldFate(noun.__name__, field.name, {"ja": row["ja"], "en": row["en"]}, fate, where, how))
    return tuple(found)


def _lost(register: m.Register, act: m.Instrument, measure: m.Measure, table: tuple[FieldFate, ...]) -> Iterator[LostValue]:
    found: dict[tuple[str, str], list[str]] = {}
    wanted: dict[str, list[FieldFate]] = {}
    for fate in table:
        if fate.fate in (PART, LOST):
            wanted.setdefault(fate.noun, []).append(fate)
    for id, record in records_of(register, act, measure):
        for fate in wanted.get(type(record).__name__, ()):
            if getattr(record, fate.field) not in _NOTHING:
                found.setdefault((fate.noun, fate.field), []).append(id)
    for fate in table:
        if of := found.get((fate.noun, fate.field)):
            yield LostValue(measure.id, fate.noun, fate.field, fate.fate, tuple(dict.fromkeys(of)))


def records_of(register: m.Register, act: m.Instrument, measure: m.Measure) -> Iterator[tuple[str, object]]:
    """Everything the register holds about a measure, each with a name to find it by."""
    items = act.items_of(measure)
    yield act.id, act
    yield measure.id, measure
    yield from ((unless.text, unless) for unless in measure.unless)
    yield from ((figure.of["en"], figure) for figure in measure.figures)
    for item in items:
        yield item.code, item
        yield from ((item.code, part) for part in (*item.hs, *item.unless))
        yield from ((f"{item.code} {sub.no}", sub) for sub in item.sub_items)
    yield from ((event.by, event) for event in events_on(register, act, measure))
    yield from ((report.by, report) for report in act.practice)
    if procedure := register.procedures.get(measure.procedure):
        yield procedure.id, procedure
    yield from ((answer.id, answer) for answer in register.answers.values() if {act.id, measure.id} & set(answer.measures))
    if watch := register.watches.get(act.jurisdiction):
        yield watch.jurisdiction, watch
    rules = [rule.when for rule in (measure, *measure.unless, *items) if rule.when is not None]
    names = {node.name for rule in rules for node in walk(rule) if isinstance(node, Named)}
    yield from ((name, register.definitions[name]) for name in sorted(names & set(register.definitions)))
    yield from ((source.url, source) for source in act.sources)
