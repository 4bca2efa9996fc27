"""What is in force on a day, computed from all acts up to that day; two clocks.

    status(register, act, measure, on, known_on) -> Status

`on` is the day the law is asked for, `known_on` the day whose knowledge is used: acts
published later are left out.  A suspension that has run out, with no later act, gives
`unknown`, never "in force" and never "suspended".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kido.register.model import Event, Instrument, Measure, Register

IN_FORCE, NOT_YET, SUSPENDED, ENDED, UNKNOWN, NOT_KNOWN = "in_force", "not_yet", "suspended", "ended", "unknown", "not_known"


@dataclass(frozen=True, slots=True)
class Status:
    """A measure's standing on a day.

    since   first day of this standing, where known
    until   last day known for it
    events  what made it so, oldest first
    operated  whether it ever was in force before that day
    announced  an informal extension that covers the day, if any
    """

    word: str
    since: date | None = None
    until: date | None = None
    events: tuple[Event, ...] = ()
    operated: bool = False
    announced: Event | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One day on which a measure's standing changes."""

    day: date
    word: str
    by: str


def events_on(register: Register, act: Instrument, measure: Measure, known_on: date) -> list[Event]:
    """The events that touch a measure and were known, in the order of their days."""
    found = [
        event
        for source in register.instruments.values()
        if source.known_from <= known_on
        for event in source.events
        if event.target in (act.id, measure.id)
    ]
    return sorted(found, key=lambda event: event.start)


def status(register: Register, act: Instrument, measure: Measure, on: date, known_on: date = date.max) -> Status:
    """The standing of a measure on a day, from the acts known by then.

    >>> from kido.register.store import register
    >>> act = register().instruments["cn-mofcom-gacc-2025-57"]
    >>> [status(register(), act, act.measures[0], date(2026, 11, day)).word for day in (9, 23)]
    ['suspended', 'unknown']
    """
    if act.known_from > known_on:
        return Status(NOT_KNOWN)
    start = measure.effective or act.effective or act.known_from
    events = events_on(register, act, measure, known_on)
    ended = next((e for e in events if e.kind == "repeal" and e.start <= on), None)
    if ended:
        return Status(ENDED, since=ended.start, events=(ended,), operated=start < ended.start)
    spells = [_spell(register, event, known_on) for event in events if event.kind == "suspend"]
    resumed = [event.start for event in events if event.kind == "resume" and event.start <= on]
    past = [spell for spell in spells if spell.event.start <= on and not any(spell.event.start <= day for day in resumed)]
    operated = start <= on and (not spells or start < min(spell.event.start for spell in spells))
    if past:
        return _suspended(max(past, key=lambda spell: spell.event.start), on, start, operated)
    if on < start:
        return Status(NOT_YET, act.known_from, start - timedelta(days=1), tuple(events))
    since = max([start, *resumed])
    upcoming = min((e.start for e in events if e.start > on and e.kind in ("suspend", "repeal")), default=None)
    return Status(
        IN_FORCE,
        since=since,
        until=upcoming - timedelta(days=1) if upcoming else None,
        events=tuple(e for e in events if e.start <= on),
        operated=True,
    )


def standings(register: Register, on: date, known_on: date = date.max) -> dict[str, Status]:
    """The standing of every measure on a day; kept, for many transactions share a day."""
    key = (on, known_on)
    if key not in register.standings:
        if len(register.standings) > 4096:
            register.standings.clear()
        register.standings[key] = {m.id: status(register, act, m, on, known_on) for act, m in register.measures()}
    return register.standings[key]


@dataclass(frozen=True, slots=True)
class _Spell:
    """One suspension with its extensions: sure until, and what was announced beyond."""

    event: Event
    sure_until: date | None  # None: without end
    chain: tuple[Event, ...]
    announced: tuple[Event, ...]


def _spell(register: Register, event: Event, known_on: date) -> _Spell:
    extensions = sorted(
        (
            extension
            for source in register.instruments.values()
            if source.known_from <= known_on
            for extension in source.events
            if extension.kind == "extend" and extension.target in (event.by, event.target)
        ),
        key=lambda extension: extension.start,
    )
    last, chain = event, [event]
    for extension in extensions:
        if extension.formal:
            last = extension
            chain.append(extension)
    sure_until = _last_sure_day(last)
    return _Spell(event, sure_until, tuple(chain), tuple(e for e in extensions if not e.formal))


def _last_sure_day(event: Event) -> date | None:
    if event.until is None:
        return None
    return event.until if event.last_day == "in" else event.until - timedelta(days=1)


def _suspended(spell: _Spell, on: date, start: date, operated: bool) -> Status:
    if spell.sure_until is None or on <= spell.sure_until:
        return Status(SUSPENDED, spell.event.start, spell.chain[-1].until, spell.chain, operated)
    since = spell.sure_until + timedelta(days=1)
    announced = next((e for e in reversed(spell.announced) if e.until and on <= e.until), None)
    return Status(UNKNOWN, since, None, (*spell.chain, *spell.announced), operated, announced)


def changes(register: Register, act: Instrument, measure: Measure, known_on: date = date.max) -> list[Change]:
    """Every day on which the standing changes, for the history of a measure."""
    start = measure.effective or act.effective or act.known_from
    events = events_on(register, act, measure, known_on)
    days = {start, act.known_from}
    days |= {event.start for event in events}
    for event in events:
        spell = _spell(register, event, known_on)
        if event.kind == "suspend" and spell.sure_until:
            days.add(spell.sure_until + timedelta(days=1))
    found: list[Change] = []
    for day in sorted(days):
        here = status(register, act, measure, day, known_on)
        if found and found[-1].word == here.word:
            continue
        formal = [event for event in here.events if event.formal]
        by = act.id if here.word == NOT_YET or not formal else formal[-1].by
        found.append(Change(day, here.word, by))
    return found
