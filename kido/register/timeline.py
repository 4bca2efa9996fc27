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

    since   first day of this standing; None where the sources state no first day
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
    ended_by: str = ""  # the act that ended it or will, where no event of the past says so


@dataclass(frozen=True, slots=True)
class Change:
    """One day on which a measure's standing changes."""

    day: date
    word: str
    by: str


def events_on(register: Register, act: Instrument, measure: Measure, known_on: date = date.max) -> list[Event]:
    """The events that touch a measure, its suspensions' extensions included, in the order of their days."""
    told = _told_of(register)
    mine = [event for target in (act.id, measure.id) for known, event in told.get(target, ()) if known <= known_on]
    by = dict.fromkeys(event.by for event in mine if event.kind == "suspend")
    mine += [event for id in by for known, event in told.get(id, ()) if event.kind == "extend" and known <= known_on]
    return sorted(mine, key=lambda event: (event.start, _ORDER[event.kind]))


def _told_of(register: Register) -> dict[str, list[tuple[date, Event]]]:
    """Every event by what it touches, with the day it could be known; kept, for every day of every measure asks."""
    if not register.told:
        told: dict[str, list[tuple[date, Event]]] = {}
        for source in register.instruments.values():
            for event in source.events:
                told.setdefault(event.target, []).append((source.known_from, event))
        register.told = told  # at once, for several threads may ask
    return register.told


_ORDER = {"amend": 0, "repeal": 1, "suspend": 2, "resume": 3, "extend": 4}


@dataclass(slots=True)
class _Spell:
    """One suspension that has begun and was not ended by an act: sure until a day, None for without end."""

    event: Event
    sure_until: date | None
    last: Event
    chain: tuple[Event, ...]

    def covers(self, day: date) -> bool:
        return self.sure_until is None or day <= self.sure_until

    def extended(self, event: Event) -> None:
        until = _last_sure_day(event)
        self.chain += (event,)
        if self.sure_until is not None and (until is None or until > self.sure_until):
            self.sure_until, self.last = until, event


def status(register: Register, act: Instrument, measure: Measure, on: date, known_on: date = date.max) -> Status:
    """The standing of a measure on a day, from the acts known by then.

    >>> from kido.register.store import register
    >>> act = register().instruments["cn-mofcom-gacc-2025-57"]
    >>> [status(register(), act, act.measures[0], date(2026, 11, day)).word for day in (9, 23)]
    ['suspended', 'unknown']
    """
    added = register.instruments[measure.added_by] if measure.added_by else act
    if added.known_from > known_on:
        return Status(NOT_KNOWN)
    undated = measure.effective is None and act.undated
    if undated and (measure.judged or on >= act.known_from):
        return Status(IN_FORCE if on >= act.known_from else UNKNOWN, events=tuple(events_on(register, act, measure, known_on)))
    start = measure.effective or act.effective or act.known_from
    events = events_on(register, act, measure, known_on)
    formal = [event for event in events if event.formal]
    if measure.until and on > measure.until:
        return Status(ENDED, measure.until + timedelta(days=1), operated=True, ended_by=measure.by)
    ended = next((event for event in formal if event.kind == "repeal" and event.start <= on), None)
    if ended:
        return Status(ENDED, since=ended.start, events=(ended,), operated=start < ended.start)
    spells, resumed = _spells([event for event in formal if event.start <= on])
    first = min((event.start for event in formal if event.kind == "suspend"), default=date.max)
    operated = start <= on and start < first
    holding = [spell for spell in spells if spell.covers(on)]
    if holding:
        spell = max(holding, key=lambda s: s.sure_until or date.max)
        return Status(SUSPENDED, spell.event.start, spell.last.until, spell.chain, operated)
    if on < start:
        upcoming = tuple(event for event in formal if event.start > on)
        return Status(NOT_YET, added.known_from, start - timedelta(days=1), upcoming)
    announced = tuple(event for event in events if not event.formal)
    covering = next((event for event in reversed(announced) if event.start <= on and event.until and on <= event.until), None)
    if spells:
        since = max(spell.sure_until for spell in spells) + timedelta(days=1)
        chain = max(spells, key=lambda s: s.sure_until).chain
        return Status(UNKNOWN, since, None, (*chain, *announced), operated, covering)
    following = min((e for e in formal if e.start > on and e.kind in ("suspend", "repeal")), key=lambda e: e.start, default=None)
    until = following.start - timedelta(days=1) if following else measure.until
    past = tuple(event for event in formal if event.start <= on)
    return Status(IN_FORCE, max([start, *resumed]), until, past, True, covering, following.by if following else measure.by)


def _spells(events: list[Event]) -> tuple[list[_Spell], list[date]]:
    """Suspensions that have begun, were not resumed, and how long each surely holds; and the days of resuming."""
    spells: list[_Spell] = []
    resumed: list[date] = []
    for event in events:
        if event.kind == "suspend":
            spells.append(_Spell(event, _last_sure_day(event), event, (event,)))
        elif event.kind == "resume":
            spells = []
            resumed.append(event.start)
        elif event.kind == "extend":
            for spell in spells:
                if event.target in (spell.event.by, spell.event.target):
                    spell.extended(event)
    return spells, resumed


def _last_sure_day(event: Event) -> date | None:
    """The last day that is surely inside; a last day in doubt is not."""
    if event.until is None:
        return None
    return event.until if event.last_day == "in" else event.until - timedelta(days=1)


def standings(register: Register, on: date, known_on: date = date.max) -> dict[str, Status]:
    """The standing of every measure on a day; kept, for many transactions share a day."""
    key = (on, known_on)
    found = register.standings.get(key)
    if found is None:
        if len(register.standings) > 4096:
            register.standings.clear()
        found = register.standings[key] = {m.id: status(register, act, m, on, known_on) for act, m in register.measures()}
    return found


def changes(register: Register, act: Instrument, measure: Measure, known_on: date = date.max) -> list[Change]:
    """Every day on which the standing changes, for the history of a measure."""
    events = events_on(register, act, measure, known_on)
    added = register.instruments[measure.added_by] if measure.added_by else act
    days = {added.known_from, measure.effective or act.effective or act.known_from}
    if measure.until:
        days.add(measure.until + timedelta(days=1))
    for event in events:
        days.add(event.start)
        if event.until:
            days |= {event.until, event.until + timedelta(days=1)}
    found: list[Change] = []
    for day in sorted(days):
        here = status(register, act, measure, day, known_on)
        if found and found[-1].word == here.word:
            continue
        formal = [event for event in here.events if event.formal]
        by = here.ended_by or (act.id if here.word == NOT_YET or not formal else formal[-1].by)
        found.append(Change(day, here.word, by))
    return found
