"""The one clock below the faces: when an entry is written is not for the asker to say.

now()         the time as it stands in an entry
before(span)  the time so long ago
newest_day()  the day that it is somewhere already
day_of(at)    the day of such a time where this program runs
span(…)       from the first to the last moment of some days there
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


def now() -> str:
    """UTC, to the microsecond, so that texts sort as times do."""
    return _text(datetime.now(UTC))


def before(span: timedelta) -> str:
    return _text(datetime.now(UTC) - span)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def newest_day() -> date:
    """What is later than this is a day to come everywhere."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def newest_day_of(at: str) -> date:
    """The latest day that it was anywhere at such a time."""
    return (datetime.fromisoformat(at) + timedelta(hours=14)).date()


def day_of(at: str) -> date:
    """The day a person here reads beside an entry: at nine in the morning Japan has another day than UTC."""
    return datetime.fromisoformat(at).astimezone().date()


def span(since: str, until: str) -> tuple[str, str]:
    """The times from which and before which something stands that was written on these days (ISO), both included; "" is open."""
    return (_midnight(since, 0) if since else ""), (_midnight(until, 1) if until else "")


def _midnight(day: str, later: int) -> str:
    try:
        return _text(datetime.combine(date.fromisoformat(day) + timedelta(days=later), time.min).astimezone(UTC))
    except (OverflowError, ValueError, OSError):  # a day at the ends of the calendar
        return day
