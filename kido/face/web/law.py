"""The register: search and list, one act, timeline, what changed, and how old the data are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from kido import desk
from kido.errors import KidoError
from kido.face import history_view, shelf_view
from kido.face.finding_view import number_of, official, place
from kido.face.http.asked import day_of
from kido.face.http.problems import language
from kido.face.language import by_label, word
from kido.face.web import bars
from kido.face.web.act import beside, codes_together, number_in_full
from kido.face.web.fields import Field, fact_field, kinds, suggestions
from kido.face.web.sheet import by_field, page, told
from kido.face.web.source_sites import source_sites

law = APIRouter(include_in_schema=False)
MOST_BARS, MOST_ROWS, CHART, STRIP, LEFT = 60, 20, 800, 480, 350
YEARS = 8  # of bars, where no first day is asked for
SEARCHED = ("element", "form", "hs", "code", "word", "kind", "place", "jurisdiction")
AHEAD = 60  # days of what is already known to come
UNMODELLED = ("licence", "practice", "prices", "classification", "plans")  # what no answer of this desk rests on


def _wanted(request: Request) -> dict[str, str]:
    return {name: value for name in SEARCHED if (value := request.query_params.get(name, "").strip())}


def _filters(wanted: dict[str, str], lang: str, problems: dict) -> list[Field]:
    """What the register is searched by."""

    def text(name: str, list_: str = "", hint: str = "") -> Field:
        return Field(
            name, word(f"web.by.{name}", lang), wanted.get(name, ""), hint=hint, list=list_, problems=tuple(problems.get(name, ()))
        )

    kind = wanted.get("kind", "")
    options = tuple(kinds(lang))
    options = options if kind in ("", *dict(options)) else (*options, (kind, kind))
    return [
        text("word"), text("element", "elements", word("ask.example.element", lang)), replace(fact_field("form", wanted.get("form", ""), lang, problems, hint=""), optional=word("web.any", lang)),
        text("hs", hint=word("ask.example.hs", lang)), text("code", hint=word("ask.example.code", lang)),
        Field("kind", word("web.by.kind", lang), kind, "select", options, problems=tuple(problems.get("kind", ())), optional=word("web.any", lang)),
        text("place", "places"), text("jurisdiction", "places"),
    ]  # fmt: skip


@law.get("/register", response_class=HTMLResponse)
def listed(request: Request) -> HTMLResponse:
    lang, wanted = language(request), _wanted(request)
    on, known_on = request.query_params.get("on", "").strip(), request.query_params.get("known_on", "").strip()
    problems, shown = {}, None
    try:
        shown = shelf_view.acts(on or day_of(None).isoformat(), known_on or None, lang, by_label(wanted))
    except KidoError as error:
        problems = by_field(error, lang)
    days = [
        Field("on", word("web.by.on", lang), on or day_of(None).isoformat(), problems=tuple(problems.get("on", ()))),
        Field(
            "known_on",
            word("web.by.known_on", lang),
            known_on,
            hint=word("ask.example.date", lang),
            problems=tuple(problems.get("known-on", ())),
        ),
    ]
    return page(
        request, "register.html", word("web.register.title", lang), 422 if problems else 200,
        filters=[*_filters(wanted, lang, problems), *days], shown=shown, suggested=suggestions(lang), wanted=wanted,
        place_of=lambda id: place(desk.act(id).jurisdiction, lang),
    )  # fmt: skip


@law.get("/act/{id:path}", response_class=HTMLResponse)
def act(request: Request, id: str) -> HTMLResponse:
    """One act: number in the issuer's own form, standing over time, entries beside their originals, answers, practice, sources."""
    lang = language(request)
    on = request.query_params.get("on", "").strip() or day_of(None).isoformat()
    known_on = request.query_params.get("known_on", "").strip() or None
    problems: list[dict] = []
    try:
        shown = shelf_view.act(id, on, known_on, lang)
    except KidoError as error:
        if desk.as_date(on, "on", []) is not None:
            raise
        problems, shown = told(error.problems, lang), shelf_view.act(id, day_of(None).isoformat(), known_on, lang)
    entry = desk.act(id)
    day = desk.as_date(shown["on"], "on")
    history = desk.history(id)
    over = bars.window(_first_day(history, day), max(day, day_of(None)) + timedelta(days=120), STRIP)
    answers = [a for a in desk.register().answers.values() if {m["id"] for m in shown["measures"]} & set(a.measures)]
    return page(
        request, "act.html", number_in_full(entry) or shown["id"], 422 if problems else 200,
        act=shown, typed_on=on, problems=problems, place=place(entry.jurisdiction, lang), **beside(entry, history, lang), together=codes_together,
        strips={m["id"]: bars.strip(history[m["id"]], over) for m in shown["measures"]}, over=over, today_x=over.x(day),
        answers=[official(a, lang) | {"measures": a.measures} for a in answers],
        basis=[(base, number_of(base), base in desk.register().instruments) for base in entry.legal_basis],
        elements=entry.elements,
    )  # fmt: skip


def _first_day(history: dict, day: date) -> date:
    first = min((change.day for changes in history.values() for change in changes), default=day)
    return min(first, day) - timedelta(days=60)


@law.get("/timeline", response_class=HTMLResponse)
def timeline(request: Request) -> HTMLResponse:
    lang, wanted = language(request), _wanted(request)
    since, until = (request.query_params.get(name, "").strip() for name in ("since", "until"))
    by = "element" if request.query_params.get("by") == "element" else "jurisdiction"
    problems, values = {}, {}
    today = day_of(None)
    try:
        values = _drawn(by_label(wanted), since, until, by, lang)
    except KidoError as error:
        problems = by_field(error, lang)
    days = [
        Field("since", word("web.by.since", lang), since, hint=word("ask.example.date", lang), problems=(*problems.get("since", ()), *problems.get("from", ()), *problems.get("timeline", ()))),
        Field("until", word("web.by.until", lang), until or today.isoformat(), problems=tuple(problems.get("until", ()))),
    ]  # fmt: skip
    empty = {"grid": [], "years": [], "measures": [], "strips": {}, "over": None, "more": 0, "total": 0}
    return page(
        request, "timeline.html", word("web.timeline.title", lang), 422 if problems else 200,
        filters=[*_filters(wanted, lang, problems), *days], suggested=suggestions(lang), by=by, wanted=wanted, **(empty | values),
    )  # fmt: skip


def _drawn(wanted: dict[str, str], since: str, until: str, by: str, lang: str) -> dict:
    """The grid of years, and one strip for each measure."""
    end = desk.as_date(until or None, "until") or day_of(None)
    shown = history_view.timeline(lang, wanted, since or None, end.isoformat())
    found = desk.timeline(**wanted)
    first = desk.as_date(shown["from"], "since")
    years = [min(date(year, 12, 31), end) for year in range(max(first.year, end.year - 15), end.year + 1)]
    held = {measure["id"] for measure in shown["measures"]}
    of = _jurisdiction if by == "jurisdiction" else _elements
    rows = bars.grid([pair for pair in found if pair[0].measure.id in held], years, of)[:MOST_ROWS]
    over = bars.window(first if since else max(first, end - timedelta(days=366 * YEARS)), end, CHART)
    changes = {hit.measure.id: days for hit, days in found}
    measures = [m | _called(m) for m in shown["measures"][-MOST_BARS:][::-1]]
    return {
        "grid": [(_named(row.id, by, lang), row) for row in rows],
        "years": [(day.year, day.isoformat()) for day in years],
        "measures": measures,
        "strips": {m["id"]: bars.strip(changes[m["id"]], over) for m in measures},
        "over": over,
        "more": max(0, len(shown["measures"]) - MOST_BARS),
        "total": len(shown["measures"]),
    }


def _called(measure: dict) -> dict:
    """The name of a measure beside its bar, whole and as far as it has room."""
    whole = " ".join(part for part in (measure["place"], measure["number"], measure["title"]) if part)
    return {"whole": whole, "short": bars.fitted(whole, LEFT)}


def _jurisdiction(hit) -> tuple[str, ...]:
    return (hit.act.jurisdiction,)


def _elements(hit) -> set[str]:
    """The materials a measure is about: of its entries, else of its act."""
    return {symbol for item in hit.items for symbol in item.elements} or set(hit.act.elements)


def _named(id: str, by: str, lang: str) -> str:
    if by == "jurisdiction":
        return place(id, lang)
    known = dict(suggestions(lang)["elements"])
    return f"{id} {known[id]}" if id in known else id


@law.get("/changes", response_class=HTMLResponse)
def changes(request: Request) -> HTMLResponse:
    """What changed between two days; if none are given, in the week up to today, and what is already known to come."""
    lang, today = language(request), day_of(None)
    first = request.query_params.get("first", "").strip() or (today - timedelta(days=7)).isoformat()
    last = request.query_params.get("last", "").strip() or today.isoformat()
    problems, shown, ahead, unchecked = {}, None, None, []
    try:
        shown = history_view.diff(first, last, None, lang)
        end = desk.as_date(last, "last")
        if end >= today:
            ahead = history_view.diff(end.isoformat(), (end + timedelta(days=AHEAD)).isoformat(), None, lang)
        unchecked = [entry for entry in history_view.coverage(lang, today) if entry["verified"] < end.isoformat()]
    except KidoError as error:
        problems = by_field(error, lang)
    fields = [
        Field("first", word("web.by.first", lang), first, problems=(*problems.get("first", ()), *problems.get("diff", ()))),
        Field("last", word("web.by.last", lang), last, problems=tuple(problems.get("last", ()))),
    ]
    spans = [(days, (today - timedelta(days=days)).isoformat(), today.isoformat()) for days in (7, 30, 92, 365)]
    return page(
        request, "changes.html", word("web.changes.title", lang), 422 if problems else 200,
        fields=fields, shown=shown, ahead=ahead, unchecked=unchecked, spans=spans, days=AHEAD, today=today.isoformat(),
        held=history_view.coverage(lang, today),
    )  # fmt: skip


@law.get("/data", response_class=HTMLResponse)
def data(request: Request) -> HTMLResponse:
    """What is not held first; then what is, when it was last checked, and the party lists with their age."""
    from kido.terms.text import said

    lang, today = language(request), day_of(None)
    lists = [
        {
            "title": said(one.title, lang), "edition": one.edition.isoformat(), "age": (today - one.edition).days, "records": one.records,
            "stale": (today - one.edition).days > one.stale_after, "searched": one.searched, "not_in": said(one.not_in, lang),
            "sha256": one.sha256, "confidence": word(f"level.{one.confidence}", lang), "place": place(one.jurisdiction, lang),
            "sources": [source.to_dict() for source in one.sources], "problems": told(one.problems, lang),
        }
        for one in desk.party_lists()
    ]  # fmt: skip
    return page(
        request, "data.html", word("web.data.title", lang), held=history_view.coverage(lang, today), lists=lists, today=today.isoformat(),
        sites=source_sites(desk.register().instruments.values(), today), unmodelled=[word(f"web.data.unmodelled.{one}", lang) for one in UNMODELLED],
    )  # fmt: skip
