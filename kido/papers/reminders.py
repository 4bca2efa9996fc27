"""Reminders as a calendar file that every mail program reads (RFC 5545).

ics(found, made, lang)  -> bytes
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta

from kido.papers.timeline import Timeline
from kido.terms.text import said


def ics(found: Timeline, made: date, lang: str, version: str) -> bytes:
    """One whole-day event a reminder, with an alarm at nine in the morning. The same timeline gives the same bytes.

    >>> ics(Timeline(None, None, None, False, None, True, (), ()), date(2026, 11, 24), "ja", "x").splitlines()[0]
    b'BEGIN:VCALENDAR'
    """
    from icalendar import Alarm, Calendar, Event

    book = Calendar()
    book.add("prodid", "-//kido//reminders//EN")
    book.add("version", "2.0")
    for one in found.reminders:
        event, alarm = Event(), Alarm()
        text = said(one.text, lang)
        event.add("uid", hashlib.sha256(f"{one.id}{one.on}{text}".encode()).hexdigest()[:32] + "@kido")
        event.add("dtstamp", datetime.combine(made, time(), UTC))
        event.add("dtstart", one.on)
        event.add("summary", text)
        event.add("description", f"kido {version}, {made.isoformat()}")
        alarm.add("action", "DISPLAY")
        alarm.add("description", text)
        alarm.add("trigger", timedelta(hours=9))
        event.add_component(alarm)
        book.add_component(event)
    return book.to_ical()
