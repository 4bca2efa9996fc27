"""What falls on which day, a year back and a year ahead, by month; the same as a calendar file; and working days counted.

GET /calendar       the page
GET /calendar.ics   the days as a file for a calendar program
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from kido import desk
from kido.errors import KidoError, Problem
from kido.face import calendar_file, calendar_view, history_view
from kido.face.finding_view import place
from kido.face.http.asked import day_of
from kido.face.http.problems import language
from kido.face.language import word
from kido.face.web.fields import Field, suggestions
from kido.face.web.sheet import CSP, by_field, page
from kido.register import store

calendar = APIRouter(include_in_schema=False)
MONTHS = 12  # back, and ahead
MOST_COUNTED = 400  # working days
BAR = 60  # height of the highest bar


def _wanted(request: Request) -> dict[str, str]:
    return {name: value for name in ("jurisdiction", "element") if (value := request.query_params.get(name, "").strip())}


def _span(day: date) -> tuple[date, date]:
    """The first day of the month a year before, and the last of the month a year after.

    >>> [one.isoformat() for one in _span(date(2026, 11, 29))]
    ['2025-11-01', '2027-11-30']
    """
    first, last = _month(day, -MONTHS), _month(day, MONTHS)
    return first, last.replace(day=monthrange(last.year, last.month)[1])


def _month(day: date, away: int) -> date:
    number = day.year * 12 + day.month - 1 + away
    return date(number // 12, number % 12 + 1, 1)


@calendar.get("/calendar", response_class=HTMLResponse)
def shown(request: Request) -> HTMLResponse:
    lang, wanted, today = language(request), _wanted(request), day_of(None)
    on = request.query_params.get("on", "").strip() or today.isoformat()
    problems: dict[str, list[dict]] = {}
    rows, day, counted = [], today, None
    try:
        day = desk.as_date(on, "on") or today
        rows = [calendar_view.row(one, lang) for one in calendar_view.falling(*_span(day), wanted)]
    except KidoError as error:
        problems |= by_field(error, lang)
    counting, counted = _counting(request, lang, problems)

    def field(name: str, list_: str, hint: str) -> Field:
        value = on if name == "on" else wanted.get(name, "")
        return Field(name, word(f"web.by.{name}", lang), value, hint=hint, list=list_, problems=tuple(problems.get(name, ())))

    filters = [
        field("jurisdiction", "places", word("ask.example.place", lang)),
        field("element", "elements", word("ask.example.element", lang)),
        field("on", "", word("ask.example.date", lang)),
    ]
    return page(
        request, "calendar.html", word("web.calendar.title", lang), 422 if problems else 200,
        fields=filters, suggested=suggestions(lang), months=_months(rows, day, lang), day=day.isoformat(), right=not problems,
        total=len(rows), unchecked=_unchecked(wanted, today, lang), wanted=wanted,
        counting=counting, counted=counted,
    )  # fmt: skip


def _unchecked(wanted: dict[str, str], today: date, lang: str) -> list[dict]:
    """The jurisdictions asked for that were last verified before today."""
    asked = wanted.get("jurisdiction", "")
    only = store.terms().lookup("place", asked) or asked.upper()
    return [one for one in history_view.coverage(lang, today) if one["verified"] < today.isoformat() and only in ("", one["jurisdiction"])]


def _months(rows: list[dict], day: date, lang: str) -> list[dict]:
    """Every month of the span with its days; bars are as high as a month has happenings."""
    of: dict[str, list[dict]] = {}
    for row in rows:
        of.setdefault(row["day"][:7], []).append(row)
    most = max((len(found) for found in of.values()), default=1)
    months = [_month(day, away) for away in range(-MONTHS, MONTHS + 1)]
    return [
        {
            "id": f"{month:%Y-%m}", "label": word("web.calendar.month", lang, year=month.year, month=f"{month.month}月" if lang == "ja" else f"{month:%B}"), "rows": (found := of.get(f"{month:%Y-%m}", [])),
            "height": round(BAR * len(found) / most), "now": (month.year, month.month) == (day.year, day.month), "past": month < day.replace(day=1),
            "off": _holidays(month, lang),
        }
        for month in months
    ]  # fmt: skip


def _holidays(month: date, lang: str) -> list[str]:
    """Days of the month on which an office does not work though it is no weekend, and weekends on which it does."""
    found = []
    for code, days in store.terms().holidays.items():
        inside = [
            one for number in range(monthrange(month.year, month.month)[1]) if (one := month.replace(day=number + 1)) and one <= days.until
        ]
        off = [str(one.day) for one in inside if one.weekday() < 5 and not days.is_working(one)]
        work = [str(one.day) for one in inside if one.weekday() > 4 and days.is_working(one)]
        if off or work:
            said = [word("web.calendar.off", lang, days=", ".join(off))] if off else []
            said += [word("web.calendar.work", lang, days=", ".join(work))] if work else []
            found.append(f"{place(code, lang)}: {'; '.join(said)}")
    return found


@calendar.get("/calendar.ics")
def file(request: Request) -> Response:
    lang = language(request)
    day = desk.as_date(request.query_params.get("on", "").strip() or None, "on") or day_of(None)
    rows = [calendar_view.row(one, lang) for one in calendar_view.falling(*_span(day), _wanted(request))]
    headers = {"Content-Disposition": 'attachment; filename="kido.ics"', "Content-Security-Policy": CSP, "Content-Language": lang}
    return Response(calendar_file.ics(rows, lang, desk.register().version), headers=headers, media_type="text/calendar; charset=utf-8")


# -- working days ---------------------------------------------------------------------------


def _counting(request: Request, lang: str, problems: dict[str, list[dict]]) -> tuple[list[Field], dict | None]:
    """The form that counts working days, and the day it came to."""
    typed = {name: request.query_params.get(name, "").strip() for name in ("begin", "days", "of")}
    wrong: list[Problem] = []
    begin = desk.as_date(typed["begin"], "begin", wrong) if typed["begin"] else None
    many = typed["days"] or "45"
    if not (many.isascii() and many.isdigit() and 0 < int(many) <= MOST_COUNTED):
        wrong.append(Problem("not-a-count", "days", many[:20], {"most": str(MOST_COUNTED)}))
    held = tuple((code, place(code, lang)) for code in store.terms().holidays)
    of = typed["of"] if typed["of"] in dict(held) else held[0][0]
    if wrong:
        problems |= by_field(KidoError(wrong), lang)
    fields = [
        Field("begin", word("web.calendar.begin", lang), typed["begin"], hint=word("ask.example.date", lang), problems=tuple(problems.get("begin", ()))),
        Field("days", word("web.calendar.days", lang), many, problems=tuple(problems.get("days", ()))),
        Field("of", word("web.calendar.of", lang), of, "select", held),
    ]  # fmt: skip
    return fields, _counted(begin, int(many), of, lang) if begin and not wrong else None


def _counted(begin: date, many: int, of: str, lang: str) -> dict:
    days = store.terms().holidays[of]
    end = days.after(begin, many)
    told = {"begin": begin, "days": many, "end": end, "place": place(of, lang), "until": days.until}
    return {
        "words": word("web.calendar.counted", lang, **told),
        "estimate": word("web.calendar.estimate", lang, until=days.until) if end > days.until else "",
    }
