"""What changed: in law between two days, and in our knowledge between two versions of the register.

between_days(register, first, last)    -> list[LawChange]
between_versions(older, newer)         -> list[RegisterChange]
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta

from kido.register.model import Figure, Instrument, Item, Measure, Register
from kido.register.timeline import Status, status


@dataclass(frozen=True, slots=True)
class LawChange:
    """What is different on the last day from the first.

    what     standing · entry · figure
    before, after  standing that day; entries and figures that begin or end have one of them only
    """

    act: Instrument
    measure: Measure | None
    what: str
    day: date | None
    before: Status | None = None
    after: Status | None = None
    item: Item | None = None
    figure: Figure | None = None
    begins: bool = True


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """What is different in the register itself: an act added, removed, or some of its fields.

    names   fields or codes that differ
    """

    id: str
    what: str  # added removed changed
    names: tuple[str, ...] = ()


def between_days(register: Register, first: date, last: date, known_on: date = date.max) -> list[LawChange]:
    """Every measure whose standing differs between two days, entries and figures that begin or end in between.

    >>> from kido.register.store import register
    >>> {c.after.word for c in between_days(register(), date(2025, 11, 1), date(2025, 11, 8)) if c.act.id == "cn-mofcom-gacc-2025-57"}
    {'suspended'}
    """
    found: list[LawChange] = []
    for act, measure in register.measures():
        before, after = (status(register, act, measure, day, known_on) for day in (first, last))
        undated = act.undated and measure.effective is None  # the day a source was seen is no change of law
        if before.word != after.word and not undated:
            found.append(LawChange(act, measure, "standing", after.since, before, after))
        found += [
            LawChange(act, measure, "figure", day, figure=figure, begins=begins)
            for figure in measure.figures
            for day, begins in _crossed(figure.start, figure.until, first, last)
        ]
    for act in register.instruments.values():
        found += [
            LawChange(act, None, "entry", day, item=item, begins=begins)
            for item in act.items
            for day, begins in _crossed(item.start, item.until, first, last)
        ]
    return sorted(found, key=lambda change: (change.day or last, change.act.id, change.what))


def _crossed(start: date | None, until: date | None, first: date, last: date) -> list[tuple[date, bool]]:
    """The days after `first`, up to `last`, on which a span begins or is over."""
    over = until + timedelta(days=1) if until else None
    days = [(start, True)] if start and first < start <= last else []
    return days + ([(over, False)] if over and first < over <= last else [])


def between_versions(older: Register, newer: Register) -> list[RegisterChange]:
    """Acts that were added, removed, or read differently."""
    found = [RegisterChange(id, "added") for id in newer.instruments if id not in older.instruments]
    found += [RegisterChange(id, "removed") for id in older.instruments if id not in newer.instruments]
    for id, act in newer.instruments.items():
        old = older.instruments.get(id)
        if old is not None and old != act:
            found.append(RegisterChange(id, "changed", tuple(_differing(old, act))))
    return sorted(found, key=lambda change: (change.what, change.id))


def _differing(old: Instrument, new: Instrument) -> list[str]:
    names = []
    for field in fields(Instrument):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        if field.name == "items":
            kept = {item.code: item for item in before}
            names += [item.code for item in after if kept.pop(item.code, None) != item] + list(kept)
        elif field.name == "measures":
            held = {measure.id: measure for measure in before}
            names += [measure.id for measure in after if held.pop(measure.id, None) != measure] + list(held)
        else:
            names.append(field.name)
    return names
