"""Days of the register as a calendar file (RFC 5545): one whole-day event each, with its source.

ics(rows, lang, version)  -> bytes
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from kido.errors import KidoError, Problem
from kido.face.language import word


def ics(rows: Iterable[dict], lang: str, version: str) -> bytes:
    """The rows of `calendar_view`. The same register gives the same bytes, and a day keeps its id from version to version.

    Raises
    ------
    KidoError : the library for calendars is not installed
    """
    try:
        from icalendar import Calendar, Event
    except ImportError as error:
        raise KidoError(Problem("extra-missing", "calendar.ics", error.name or "icalendar", {"extra": "papers"})) from None
    book = Calendar()
    book.add("prodid", "-//kido//calendar//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", word("web.calendar.title", lang))
    for row in rows:
        event = Event()
        event.add("uid", row["uid"])
        event.add("dtstamp", datetime.combine(date.fromisoformat(row["source"]["seen"]), time(), UTC))
        event.add("dtstart", date.fromisoformat(row["day"]))
        event.add("dtend", date.fromisoformat(row["day"]) + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("summary", " ".join(part for part in (f"[{row['place']}]", row["number"] or row["title"], row["what_words"]) if part))
        event.add("description", _about(row, lang, version))
        if row["source"]["url"].startswith(("https://", "http://")):
            event.add("url", row["source"]["url"])
        event.add("categories", [row["place"]])
        book.add_component(event)
    return book.to_ical()


def _about(row: dict, lang: str, version: str) -> str:
    source = row["source"]
    lines = [row["title"], *row["measures"], *row["details"]]
    lines += [word("calendar.in_doubt", lang)] if row["in_doubt"] else []
    lines += [word("calendar.by", lang, by=row["by_number"])] if row["by"] else []
    lines.append(word("calendar.source", lang, publisher=source["publisher"], url=source["url"] or "–", seen=source["seen"]))
    lines.append(word("calendar.foot", lang, version=version[:12]))
    return "\n".join(lines)
