"""By when: the statutory days counted on the loaded calendar, and what is not counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kido.register.model import Procedure
from kido.rule.judge import Facts, judge
from kido.terms.dates import WorkingDays
from kido.terms.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class Clock:
    """If the file is accepted on `start`, the statutory limit ends on `end`.

    latest          the file must be accepted by then if the licence is to be held on `start`
    calendar_until  last day of the official calendar that was loaded; after it only weekends are counted
    """

    procedure: str
    working_days: int
    start: date
    end: date
    latest: date
    calendar: str
    calendar_until: date
    certain: bool = True  # False: only if the missing facts turn out so

    @property
    def beyond_calendar(self) -> bool:
        return self.end > self.calendar_until


def unbound(procedures: tuple[Procedure, ...], facts: Facts) -> tuple[Procedure, ...]:
    """The procedures whose statutory days bind nobody in this case: China's for a buyer on the watch list."""
    return tuple(p for p in procedures if p.days_unless is not None and judge(p.days_unless, facts).answer)


def clock(procedures: tuple[Procedure, ...], terms: Terms, on: date, certain: bool) -> Clock | None:
    """The clock of the first procedure that has one, on the calendar of its jurisdiction."""
    for procedure in procedures:
        place = procedure.act.split("-")[0].upper()
        if procedure.working_days and place in terms.holidays and on.year < 9990:
            days = terms.holidays[place]
            count = procedure.working_days
            return Clock(procedure.id, count, on, *_counted(days, on, count), place, days.until, certain)
    return None


@lru_cache(maxsize=4096)
def _counted(days: WorkingDays, on: date, count: int) -> tuple[date, date]:
    """The last day of the limit, and the latest day to begin; kept, for many transactions share a day."""
    return days.after(on, count), days.before(on, count)
