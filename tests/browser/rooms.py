"""Every page there is, with its forms filled, and what is wrong; a new page of the house is added to the lists of its own tests."""

from __future__ import annotations

from tests.face.test_web import PAGES as FIRST
from tests.face.test_web import WRONG as NOT_RIGHT
from tests.face.test_web import asked
from tests.face.test_web_calendar import PAGES as CALENDAR
from tests.face.test_web_papers import PAGES as PAPERS

RECORDS = ["/records", "/records?text=magnet&kind=determination&since=2026-01-01", "/records?text=qqqqq"]
WORDS = ["/words", "/words/form", "/words/place?word=japan", "/words/element?word=qqqq"]
PAGES = [*FIRST, *CALENDAR, *PAPERS, *RECORDS, *WORDS]
WRONG = NOT_RIGHT | {
    "/records/nope": 404,
    "/records/1/replay": 404,
    "/words/nope": 404,
    "/sign-in": 404,
    "/me": 404,
    "/people": 404,
}  # without accounts nobody signs in
FILES = ("/tables/sample.csv", "/tables/{id}/files/{name}", "/calendar.ics", "/records/{id}/parts/{name:path}")  # no pages

__all__ = ["FILES", "PAGES", "WRONG", "asked"]
