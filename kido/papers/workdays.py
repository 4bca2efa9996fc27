"""Working days of a country, past the official calendar by its statutory holidays.

    calendar(place, terms)  -> Calendar: counts days, and says to which day it is official

The register carries the official calendars with their exchanged working days. Of later years only the statutory holidays are
known (library `holidays`); the exchanged days come by a notice in the autumn before, so a count into them is an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from kido.terms.dates import WorkingDays
from kido.terms.vocabulary import Terms

_AHEAD = 3  # years past the official calendar; nothing here counts further


@dataclass(frozen=True, slots=True)
class Calendar:
    """`official` is the last day that an official calendar covers; date.min where none is loaded."""

    place: str
    days: WorkingDays
    official: date

    def after(self, start: date, count: int) -> date:
        return self.days.after(start, count)

    def before(self, end: date, count: int) -> date:
        return self.days.before(end, count)

    def estimated(self, day: date) -> bool:
        """Whether a count that ends on the day leaves the official calendar."""
        return day > self.official


def calendar(place: str, terms: Terms) -> Calendar:
    """The working days of a place of the register.

    >>> from datetime import date
    >>> from kido.register import store
    >>> found = calendar("CN", store.terms())
    >>> found.official, found.days.is_working(date(2026, 10, 10)), found.days.is_working(date(2027, 2, 8))
    (datetime.date(2026, 12, 31), True, False)
    """
    loaded = terms.holidays.get(place)
    if loaded is None:
        return Calendar(place, WorkingDays(_statutory(place, 2024, 2035), frozenset()), date.min)
    later = _statutory(place, loaded.until.year + 1, loaded.until.year + 1 + _AHEAD)
    return Calendar(place, WorkingDays(loaded.off | later, loaded.work, loaded.yearly), loaded.until)


@cache
def _statutory(place: str, first: int, end: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays(place, years=range(first, end)))
