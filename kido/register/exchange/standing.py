"""The standing of a measure in the tables of others: our own columns beside theirs, for their fields cannot say "suspended" or "unknown".

standing_of(register, act, measure, day)   -> Standing: word, day, and the last day that is known for it
columns(standing)                          -> kido_standing, kido_standing_on, kido_standing_until of a row
verified_day(register)                     the day the register was checked; used where no day was asked for
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kido.register import model as m
from kido.register.timeline import changes, status

COLUMNS = ("kido_standing", "kido_standing_on", "kido_standing_until")


@dataclass(frozen=True, slots=True)
class Standing:
    """in_force, suspended, unknown, not_yet or ended, on a day; `until` is the day before the next change that is known."""

    word: str
    on: date | None
    until: date | None


def standing_of(register: m.Register, act: m.Instrument, measure: m.Measure, day: date | None) -> Standing:
    """The standing on a day; nothing of a register that was never checked.

    >>> from kido.register.store import register
    >>> act = register().instruments["cn-mofcom-gacc-2025-57"]
    >>> found = standing_of(register(), act, act.measures[0], date(2026, 1, 1))
    >>> found.word, found.until.isoformat()
    ('suspended', '2026-11-09')
    """
    if day is None:
        return Standing("", None, None)
    coming = next((change.day for change in changes(register, act, measure) if change.day > day), None)
    return Standing(status(register, act, measure, day).word, day, coming - timedelta(days=1) if coming else None)


def columns(standing: Standing) -> dict[str, object]:
    """The cells of one row.

    >>> columns(Standing("unknown", date(2026, 11, 23), None))["kido_standing"]
    'unknown'
    """
    return dict(zip(COLUMNS, (standing.word, standing.on, standing.until), strict=True))


def verified_day(register: m.Register) -> date | None:
    """Every jurisdiction was looked through on this day or later."""
    return min((watch.verified for watch in register.watches.values()), default=None)
