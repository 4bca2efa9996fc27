"""Working days of China over the end of the official calendar, days that bind nobody, and reminders a mail program reads."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from kido.papers.reminders import ics
from kido.papers.timeline import timeline
from kido.papers.workdays import calendar
from kido.register.store import terms
from tests.papers.paper_text import case_of, text

BASE = {"act": "export", "from": "CN", "to": "JP", "form": "magnet", "composition": {"Fe": 65, "Nd": 29, "Dy": 3, "B": 1}}


def of(**licence: str):
    return case_of(BASE | {"papers": {"licence": licence, "order": {"order_no": "PO-1"}}}, "2026-11-24")


def counted(start: date, count: int, off: set[date]) -> date:
    """Weekdays counted by hand."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in off
    return day


def test_45_working_days_over_the_new_year_and_spring_festival():
    """Accepted on 2026-12-21. Off in 2027 by statute: 1 January; Spring Festival's eve 5 February to 8 February, with the days in lieu 9 and 10 February."""
    off = {date(2027, 1, 1), *(date(2027, 2, day) for day in (5, 8, 9, 10))}
    assert timeline(of(accepted="2026-12-21")).end == counted(date(2026, 12, 21), 45, off) == date(2027, 3, 1)


def test_exchanged_working_days_of_the_official_calendar_count():
    """The notice of the State Council for 2026 makes Saturday 2026-10-10 a working day (in exchange for 2026-10-07)."""
    china = calendar("CN", terms())
    assert china.days.is_working(date(2026, 10, 10)) and not china.days.is_working(date(2026, 10, 7))
    assert china.after(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_the_page_says_where_the_official_calendar_ends():
    from kido.papers.timeline import build

    page = build(of(accepted="2026-12-21"))
    assert "2026-12-31" in text(page, "ja") and "見込み" in text(page, "ja")
    early = build(case_of(BASE | {"papers": {"licence": {"accepted": "2026-03-02"}}}, "2026-03-01"))
    assert "見込み" not in text(early, "ja").split("2. 日程")[0]


def test_a_buyer_on_the_watch_list_has_no_end():
    found = timeline(case_of(BASE | {"end_user_list": "watch", "end_user_on_control_or_watch_list": True}, "2026-11-24"))
    assert not found.bound and found.end is None
    assert next(step for step in found.steps if step.id == "licence").last is None
    assert next(step for step in found.steps if step.id == "shipped").last is None


def test_stated_days_stand_and_earlier_steps_are_done():
    found = {step.id: step for step in timeline(of(filed="2026-12-14", accepted="2026-12-21", issued="2027-02-20")).steps}
    assert [found[id].fixed for id in ("papers", "filed", "accepted", "licence", "shipped")] == [False, True, True, True, False]
    assert found["papers"].first is None and found["papers"].last == date(2026, 12, 14)
    assert (found["shipped"].first, found["shipped"].last) == (date(2027, 2, 27), date(2027, 3, 22))  # 7 to 30 days as reported


def test_reminders_rest_on_stated_days_only():
    assert [one.id for one in timeline(of()).reminders] == ["calendar"]
    found = {one.id: one.on for one in timeline(of(accepted="2026-12-21", valid_until="2028-02-19", customs_query="2027-03-01")).reminders}
    assert found["limit"] == date(2027, 3, 1) and found["ask"] == date(2027, 2, 15) and found["expires"] == date(2028, 2, 19)
    assert found["customs"] == date(2027, 3, 10)  # the seventh working day


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_calendar_file_is_read_back(lang):
    case = of(accepted="2026-12-21")
    found = timeline(case)
    data = ics(found, case.made, lang, "v")
    events = list(Calendar.from_ical(data).walk("VEVENT"))
    assert [(event.decoded("dtstart"), str(event["summary"])) for event in events] == [(one.on, one.text[lang]) for one in found.reminders]
    assert data == ics(found, case.made, lang, "v") and all(len(line) <= 75 for line in data.splitlines())
    assert len({str(event["uid"]) for event in events}) == len(events)
