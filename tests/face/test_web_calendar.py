"""The calendar: what falls on which day, as the register has it; the file for calendar programs; working days."""

from __future__ import annotations

import re
from datetime import date

import pytest

pytest.importorskip("fastapi")
from fastapi.testclient import TestClient

from kido import desk
from kido.face.calendar_view import falling, row
from kido.face.http.app import create_app
from tests.face.test_web import NEVER, Read, asked, sound

PAGES = ["/calendar", "/calendar?element=Dy&jurisdiction=CN&on=2026-11-23", "/calendar?on=2006-06-01", "/calendar?begin=2026-12-21&days=45&of=CN",
         "/calendar?jurisdiction=Japan&element=ネオジム", "/calendar?element=Os&jurisdiction=VN"]  # fmt: skip


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_calendar_is_sound(web, path, lang):
    response = web.get(asked(path, lang))
    page = sound(response, lang)
    assert response.status_code == 200 and not NEVER.search(page.words), NEVER.search(page.words)
    assert len(response.content) < 150_000
    assert not re.search(r"\b(?:clear|safe)\b", page.words)


def found(*wanted: str, first: str = "2025-11-01", last: str = "2026-11-30", **by: str) -> list[tuple[str, str]]:
    days = falling(date.fromisoformat(first), date.fromisoformat(last), by)
    return [(one.day.isoformat(), one.what) for one in days if one.act.id in wanted]


def test_a_suspension_that_runs_out():
    assert found("cn-mofcom-gacc-2025-57", element="Ho") == [
        ("2025-11-07", "suspended"),
        ("2026-11-10", "suspension_last"),
        ("2026-11-10", "unknown"),
    ]
    (last,) = [
        one
        for one in falling(date(2026, 11, 10), date(2026, 11, 10), {"element": "Ho"})
        if one.what == "suspension_last" and one.act.id == "cn-mofcom-gacc-2025-57"
    ]
    assert last.in_doubt and last.by == "cn-mofcom-gacc-2025-70" and "停止期間に含まれるか" in desk_words(last)


def desk_words(one) -> str:
    from kido.face.calendar_file import ics

    return ics([row(one, "ja")], "ja", "x").decode().replace("\r\n ", "")


def test_what_is_only_announced_does_not_take_effect():
    days = falling(date(2025, 12, 1), date(2025, 12, 31), {"jurisdiction": "EU"})
    told = {one.what for one in days for measure in one.measures if measure.kind == "investigation"}
    assert told and "begins" not in told


def test_the_last_day_is_inside_and_the_span_has_edges():
    acts = [one.act.id for one in falling(date(2026, 12, 31), date(2026, 12, 31), {"jurisdiction": "ZW"}) if one.what == "last_day"]
    assert len(acts) == 1
    assert falling(date(2027, 1, 1), date(2027, 1, 1), {"jurisdiction": "ZW"}) == []
    assert found("cn-mofcom-gacc-2025-57", first="2025-11-08", last="2026-11-09") == []


def test_every_change_of_standing_of_a_year_stands_in_the_calendar():
    """`diff` finds the same days by another way."""
    first, last = date(2025, 11, 1), date(2026, 11, 30)
    days = {(one.day, one.act.id) for one in falling(first, last)}
    for change in desk.diff("2025-10-31", "2026-11-30"):
        if change.day and first <= change.day <= last and not (change.what == "standing" and change.after.word == "ended"):
            until = [(day, id) for day, id in days if id == change.act.id]
            assert (change.day, change.act.id) in days or (not change.begins and until), (change.act.id, change.day, change.what)


def test_the_page_narrows_and_says_what_it_does_not_know(web):
    text = web.get("/calendar?element=Ho&jurisdiction=CN&on=2026-11-23&lang=en").text
    page = Read(text)
    assert "standing unknown from this day" in page.words and "公告2025年第70号" in page.words
    assert "<td>China</td>" in text and "<td>United States</td>" not in text and "United States (" not in page.words
    assert "is not known" in page.words and "No day is known to the register" in page.words
    months = [id for id in page.ids if id.startswith("m-")]
    assert sorted(months)[0] == "m-2025-11" and sorted(months)[-1] == "m-2027-11" and len(months) == 25


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_is_wrong_stands_beside_its_field(web, lang):
    for name, value in (
        ("on", "foo"),
        ("element", "Qq"),
        ("jurisdiction", "Atlantis"),
        ("begin", "soon"),
        ("days", "-3"),
        ("days", "9999999"),
        ("days", "４５"),
    ):
        response = web.get("/calendar", params={name: value, "lang": lang})
        control = next(c for c in sound(response, lang).controls if c.get("name") == name)
        assert response.status_code == 422 and control["value"] == value and control["aria-invalid"] == "true"


def test_working_days_are_counted_by_the_calendar_of_the_place(web):
    words = Read(web.get("/calendar?begin=2026-11-23&days=5&of=CN&lang=en").text).words
    assert "5 working days after 2026-11-23 end on 2026-11-30" in words and "later days leave out" not in words
    words = Read(web.get("/calendar?begin=2026-12-21&days=45&of=CN&lang=en").text).words
    assert "later days leave out weekends" in words


# -- the file -------------------------------------------------------------------------------


def events(web, lang: str, query: str = "") -> list:
    import icalendar

    response = web.get(f"/calendar.ics?lang={lang}{query}")
    assert response.headers["content-type"].startswith("text/calendar")
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def test_the_file_holds_what_the_page_shows(web):
    page = Read(web.get("/calendar?element=Dy&on=2026-11-23&lang=ja").text)
    found = {lang: events(web, lang, "&element=Dy&on=2026-11-23") for lang in ("ja", "en")}
    assert f"{len(found['ja'])} 件" in page.words and len(found["ja"]) > 10
    assert [event["uid"] for event in found["ja"]] == [event["uid"] for event in found["en"]]
    assert len({event["uid"] for event in found["ja"]}) == len(found["ja"])
    for event in found["en"]:
        assert event["dtstart"].dt.isoformat() in page.words and type(event["dtstart"].dt) is date
        assert "Source: " in event["description"] and "seen 20" in event["description"] and "Not legal advice" in event["description"]
        assert not NEVER.search(event["summary"] + event["description"])


def test_the_same_register_gives_the_same_bytes_and_an_id_outlives_a_version(web):
    first, second = (web.get("/calendar.ics?on=2026-11-23&lang=en").content for _ in range(2))
    assert first == second
    (one,) = falling(date(2025, 11, 7), date(2025, 11, 7), {"element": "Ho"})[:1]
    assert one.uid == row(one, "ja")["uid"] == row(one, "en")["uid"] and one.uid.endswith("@kido")


def test_a_wrong_day_of_the_file_is_a_page(web):
    assert web.get("/calendar.ics?on=foo&lang=en").status_code == 422
