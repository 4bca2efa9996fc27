"""Where the bars of a chart lie: spans of standing over days, and counts over years. Templates draw them as SVG.

strip(spans, window)   -> bars of one measure, in order
window(days, ...)      -> the days a chart shows, with its ticks
grid(hits, years, of)  -> how many measures stood at the end of each year, by jurisdiction or material
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kido.register.search import Hit
from kido.register.timeline import IN_FORCE, SUSPENDED, UNKNOWN, Change

DRAWN = (IN_FORCE, SUSPENDED, UNKNOWN, "not_yet")
STANDS = (IN_FORCE, SUSPENDED, UNKNOWN)
TICK = 60  # units that the words of a tick need


@dataclass(frozen=True, slots=True)
class Bar:
    """One span: from `x` over `width` in units of the drawing; `open` where no end is known."""

    x: float
    width: float
    status: str
    start: str
    until: str
    open: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The days a chart shows, laid over `width` units."""

    start: date
    end: date
    width: int
    ticks: tuple[tuple[float, str], ...] = ()

    def x(self, day: date) -> float:
        """Where a day lies; days outside lie on the edge."""
        inside = min(max(day, self.start), self.end)
        return round(self.width * (inside - self.start).days / max((self.end - self.start).days, 1), 1)


def window(start: date, end: date, width: int) -> Window:
    """The days from `start` to `end`, with ticks on the first of a year or, in a short window, of a quarter."""
    end = max(end, start + timedelta(days=30))
    step = 3 if (end - start).days < 800 else 12
    days = [date(year, month, 1) for year in range(start.year, end.year + 1) for month in range(1, 13, step)]
    days = [day for day in days if start <= day <= end]
    days = days[:: max(1, -(-len(days) * TICK // width))]
    bare = Window(start, end, width)
    return Window(start, end, width, tuple((bare.x(day), f"{day:%Y-%m}" if step == 3 else f"{day:%Y}") for day in days))


def strip(changes: Sequence[Change], over: Window) -> list[Bar]:
    """The spans of one measure inside a window; what has ended is not drawn.

    >>> found = strip([Change(date(2025, 1, 1), "in_force", "a"), Change(date(2025, 7, 2), "ended", "b")], window(date(2025, 1, 1), date(2026, 1, 1), 100))
    >>> [(bar.x, bar.width, bar.status, bar.until) for bar in found]
    [(0.0, 49.6, 'in_force', '2025-07-01')]
    """
    found = []
    for number, change in enumerate(changes):
        after = changes[number + 1].day if number + 1 < len(changes) else None
        last = after - timedelta(days=1) if after else None
        if change.word not in DRAWN or change.day > over.end or (last and last < over.start):
            continue
        x, end = over.x(change.day), over.x(last) if last else over.width
        until = last.isoformat() if last else ""
        found.append(Bar(x, round(max(end - x, 1.5), 1), change.word, change.day.isoformat(), until, last is None or last > over.end))
    return found


def fitted(text: str, width: int, size: float = 12) -> str:
    """As much of a text as has room beside a bar; wide characters take twice the room.

    >>> fitted("公告2025年第18号", 60), fitted("No. 18", 60)
    ('公告202…', 'No. 18')
    """
    room = 0.0
    for number, char in enumerate(text):
        room += size * (1 if ord(char) > 0x2E7F else 0.58)
        if room > width - (size if number + 1 < len(text) else 0):
            return f"{text[:number]}…"
    return text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of counts; `shades` run from 0 to 5 over the whole grid."""

    id: str
    counts: tuple[int, ...]
    shades: tuple[int, ...]


def grid(found: Iterable[tuple[Hit, Sequence[Change]]], days: Sequence[date], of: Callable[[Hit], Iterable[str]]) -> list[Row]:
    """How many measures stand on each day, suspended and unknown standing included, by what `of` says a measure belongs to."""
    counts: dict[str, list[int]] = {}
    for hit, changes in found:
        held = [_stands(changes, day) for day in days]
        if any(held):
            for id in set(of(hit)):
                row = counts.setdefault(id, [0] * len(days))
                for number, yes in enumerate(held):
                    row[number] += yes
    most = max((max(row) for row in counts.values()), default=1)
    ordered = sorted(counts.items(), key=lambda pair: (-sum(pair[1]), pair[0]))
    return [Row(id, tuple(row), tuple(_shade(count, most) for count in row)) for id, row in ordered]


def _stands(changes: Sequence[Change], day: date) -> bool:
    past = [change for change in changes if change.day <= day]
    return bool(past) and past[-1].word in STANDS


def _shade(count: int, most: int) -> int:
    return 0 if not count else min(5, 1 + 5 * (count - 1) // max(most, 1))
