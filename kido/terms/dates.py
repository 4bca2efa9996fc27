"""Dates as people write them, and working days by the calendar that was loaded."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$")
_KANJI = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$")
_ERA = re.compile(r"^(令和|平成|R|H)(\d{1,2}|元)[年./-](\d{1,2})[月./-](\d{1,2})日?$")


def read_date(raw: str) -> date | None:
    """Read a date, Japanese eras included, a time of day left aside; None if it is none.

    >>> read_date("R8.11.23"), read_date("2026年11月23日"), read_date("2026-02-30")
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 23), None)
    """
    text = unicodedata.normalize("NFKC", raw).strip()
    found = _ISO.match(text) or _KANJI.match(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
    elif found := _ERA.match(text):
        era, count, month, day = found.groups()
        if count == "0" or count == "00":
            return None
        year = _ERAS[era] + (1 if count == "元" else int(count))
        month, day = int(month), int(day)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


class WorkingDays:
    """Working days of one place: weekends, holidays and make-up working days.

    `until` is the last day the calendar is official for; of later days only weekends and the
    `yearly` fixed holidays (as "01-01") are left out.
    """

    def __init__(self, off: frozenset[date], work: frozenset[date], yearly: frozenset[str] = frozenset()):
        self.off, self.work, self.yearly = off, work, yearly
        last = max(off | work, default=date.min)
        self.until = date(last.year, 12, 31) if last != date.min else date.min
        self._known: dict[date, bool] = {}  # a table of transactions asks for the same few years again and again

    def is_working(self, day: date) -> bool:
        answer = self._known.get(day)
        if answer is None:
            answer = day in self.work or (day.weekday() < 5 and day not in self.off and f"{day:%m-%d}" not in self.yearly)
            self._known[day] = answer
        return answer

    def after(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`.

        >>> WorkingDays(frozenset(), frozenset()).after(date(2026, 11, 23), 5)
        datetime.date(2026, 11, 30)
        """
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def before(self, end: date, count: int) -> date:
        """The latest day from which `count` working days end on `end` or before."""
        day = end
        while count > 0:
            count -= self.is_working(day)
            day -= timedelta(days=1)
        return day
