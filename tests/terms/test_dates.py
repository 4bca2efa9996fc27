"""Dates as people write them, and working days counted on a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kido.terms.dates import WorkingDays, read_date

DAY = date(2026, 11, 23)


@pytest.mark.parametrize("raw", [
    "2026-11-23", "2026/11/23", "2026.11.23", "2026年11月23日", "令和8年11月23日", "R8.11.23", "R8/11/23", " 2026-11-23 ", "２０２６年１１月２３日", "令和８年１１月２３日",
])  # fmt: skip
def test_one_day_many_spellings(raw):
    assert read_date(raw) == DAY


@pytest.mark.parametrize(("raw", "day"), [
    ("令和元年5月1日", date(2019, 5, 1)), ("平成31年4月30日", date(2019, 4, 30)), ("H30.1.2", date(2018, 1, 2)), ("2026-1-2", date(2026, 1, 2)),
    ("2024-02-29", date(2024, 2, 29)),
])  # fmt: skip
def test_eras_and_short_forms(raw, day):
    assert read_date(raw) == day


@pytest.mark.parametrize(
    "raw", ["2026-11-23T00:00", "2026-11-23 23:59:59", "2026/11/23 9:05", "2026-11-23T09:00:00.123Z", "2026-11-23 09:00+09:00"]
)
def test_a_time_of_day_is_left_aside(raw):
    assert read_date(raw) == date(2026, 11, 23)


@pytest.mark.parametrize("raw", [
    "2026-02-30", "2025-02-29", "11/23", "23.11.2026", "11/23/2026", "2026-13-01", "2026-00-10", "2026", "", "soon", "20261123", "26-11-23",
    "2026-11-23T", "2026-11-23T24:00", "2026-11-23 9:60", "2026-11-23T09:00 noon", "2026-11-2309:00", "令和8年13月1日",
])  # fmt: skip
def test_no_dates(raw):
    assert read_date(raw) is None


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_day_is_read_back(day):
    assert read_date(day.isoformat()) == day == read_date(f"{day.year}年{day.month}月{day.day}日")


WEEK = WorkingDays(frozenset(), frozenset())


@pytest.mark.parametrize(("start", "count", "end"), [
    (date(2026, 11, 23), 1, date(2026, 11, 24)), (date(2026, 11, 20), 1, date(2026, 11, 23)), (date(2026, 11, 21), 1, date(2026, 11, 23)),
    (date(2026, 11, 23), 45, date(2027, 1, 25)), (date(2026, 11, 23), 0, date(2026, 11, 23)),
])  # fmt: skip
def test_weekends_only(start, count, end):
    assert WEEK.after(start, count) == end


def test_a_holiday_is_skipped_and_a_make_up_day_counts():
    days = WorkingDays(frozenset({date(2026, 10, 1), date(2026, 10, 2)}), frozenset({date(2026, 10, 10)}))
    assert not days.is_working(date(2026, 10, 1))
    assert days.is_working(date(2026, 10, 10))  # a Saturday
    assert days.after(date(2026, 9, 30), 1) == date(2026, 10, 5)
    assert days.after(date(2026, 10, 9), 1) == date(2026, 10, 10)
    assert days.until == date(2026, 12, 31)


@settings(max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60), st.sets(st.integers(0, 120)), st.sets(st.integers(0, 120)))
def test_counting_agrees_with_a_slow_count(start, count, off, work):
    free = frozenset(start + timedelta(days=n) for n in off)
    made_up = frozenset(start + timedelta(days=n) for n in work - off)
    days = WorkingDays(free, made_up)
    end = days.after(start, count)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    working = [day for day in between if day in made_up or (day.weekday() < 5 and day not in free)]
    assert len(working) == count and (count == 0 or working[-1] == end)


@settings(max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_the_latest_start_is_the_latest(end, count):
    start = WEEK.before(end, count)
    assert WEEK.after(start, count) <= end < WEEK.after(start + timedelta(days=1), count)
