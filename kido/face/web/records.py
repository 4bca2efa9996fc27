"""The records as pages: the list, one record with what was answered, what is said of it, and the same answer again.

GET  /records                   newest first
GET  /records/{id}              the answer as it was given, remarks, decision, how long it is kept
POST /records/{id}              comment, approve, reject, shipped, hold, release
GET  /records/{id}/replay
GET  /records/{id}/parts/{name}
"""

from __future__ import annotations

import json

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from kido import desk
from kido.desk.recorded import Kept
from kido.errors import KidoError
from kido.face import records_view
from kido.face.http.people import Form, needs, person_of
from kido.face.http.problems import language
from kido.face.http.records import APPROVER, part_response
from kido.face.language import word
from kido.face.web.fields import Field
from kido.face.web.given import LEFT, as_fields, not_shown
from kido.face.web.sheet import CSP, address, by_field, page, told
from kido.records.book import RECORDED, seq_of
from kido.records.remarks import NEVER, same_person

records = APIRouter(include_in_schema=False)
LINES = 50
FILTERS = ("text", "kind", "who", "since", "until")


@records.get("/records", response_class=HTMLResponse)
def list_(request: Request) -> HTMLResponse:
    lang = language(request)
    typed = {name: request.query_params.get(name, "").strip()[:200] for name in FILTERS}
    problems, found, failed = {}, [], []
    try:
        before = request.query_params.get("before", "")
        found = desk.records(
            typed["text"], typed["kind"], typed["who"], "", typed["since"] or None, typed["until"] or None,
            seq_of(before) if before else None, LINES,
        )  # fmt: skip
    except KidoError as error:
        problems, failed = by_field(error, lang), told(error.problems, lang)
    kinds = tuple((kind, word(f"record.kind.{kind}", lang)) for kind in RECORDED)
    place, count = desk.records_held() if not found else ("", 0)  # counting all is only for saying that none fits
    return page(
        request, "records.html", word("head.records", lang), 422 if problems else 200,
        fields=[
            Field("text", word("web.records.text", lang), typed["text"], problems=tuple(problems.get("text", ()))),
            Field("kind", word("web.records.kind", lang), typed["kind"], "select", kinds, optional=word("web.records.any", lang), problems=tuple(problems.get("kind", ()))),
            Field("who", word("web.records.who", lang), typed["who"]),
            Field("since", word("web.records.since", lang), typed["since"], problems=tuple(problems.get("since", ()))),
            Field("until", word("web.records.until", lang), typed["until"], problems=tuple(problems.get("until", ()))),
        ],
        failed=failed, found=records_view.listed(found, lang), count=count, place=place, next=found[-1].record.id if len(found) == LINES else "",
        decisions=records_view.MARKS,
    )  # fmt: skip


@records.get("/records/{id}", response_class=HTMLResponse)
def one(request: Request, id: str) -> HTMLResponse:
    return _shown(request, desk.record(id), {}, {}, 200)


def _shown(request: Request, kept: Kept, typed: dict[str, str], problems: dict, status: int) -> HTMLResponse:
    lang, person = language(request), person_of(request)
    answer, pairs, facts = {}, [], {}
    if kept.record.body is not None:
        answer = json.loads(desk.part_of(kept, "answer"))
        facts = json.loads(desk.part_of(kept, "facts"))
        pairs = [("on", kept.record.body["on"])]
        if kept.record.kind in ("determination", "papers"):
            pairs = [*(pair for pair in as_fields(facts) if pair[0] != "on"), *pairs]
            pairs += [("known_on", known)] if (known := kept.record.body["known_on"]) else []
            pairs += [(LEFT, one[:60]) for one in not_shown(facts)[:20]]
    wrong = tuple(one for found in problems.values() for one in found)
    return page(
        request,
        "record.html",
        f"{kept.record.id} {word(f'record.kind.{kept.record.kind}', lang)}",
        status,
        switch=f"/records/{kept.record.id}",
        record=records_view.whole(kept, lang),
        told_in=kept.record.body["lang"] if kept.record.body else lang,
        answer=answer,
        pairs=pairs,
        facts=facts,
        may=_may(kept, person),
        fields={
            "comment": Field("text", word("web.record.comment", lang), typed.get("text", ""), "area", problems=wrong),
            "shipped": Field(
                "shipped", word("web.record.shipped", lang), typed.get("shipped", ""), hint=word("web.record.shipped.hint", lang)
            ),
        },
        decisions=records_view.MARKS,
    )


def _may(kept: Kept, person) -> dict[str, bool]:
    """What this person can do with a record now."""
    there = kept.record.body is not None
    return {
        "say": there and person.may("clerk"),
        "decide": there and person.may("approver") and kept.state.decision == "open" and not same_person(kept.record.who, person.name),
        "hold": there and person.may("approver"),
    }


@records.post("/records/{id}", response_class=HTMLResponse)
def say(request: Request, id: str, form: Form) -> Response:
    kind = form.get("kind", "")
    person = needs(request, "approver" if kind in APPROVER else "clerk")
    shipped = (form.get("shipped", "").strip() or (NEVER if kind == "never" else None)) if kind in ("shipped", "never") else None
    try:
        desk.remark(id, "shipped" if kind == "never" else kind, person.name, form.get("text", ""), shipped)
    except KidoError as error:
        if any(one.code in ("no-such-record", "record-removed") for one in error.problems):
            raise
        status = 409 if any(one.code == "decided-already" for one in error.problems) else 422
        return _shown(request, desk.record(id), form, by_field(error, language(request)), status)
    return RedirectResponse(address(f"/records/{seq_id(id)}", language(request)), 303, {"Content-Security-Policy": CSP})


def seq_id(id: str) -> str:
    """The number of a record in its one spelling."""
    return f"R{seq_of(id)}"


@records.get("/records/{id}/replay", response_class=HTMLResponse)
def replay(request: Request, id: str) -> HTMLResponse:
    lang = language(request)
    shown = records_view.replayed(desk.replay(id, records_view.bytes_of), lang)
    return page(request, "replay.html", f"{shown['id']} {word('head.replay', lang)}", switch=f"/records/{shown['id']}/replay", shown=shown)


@records.get("/records/{id}/parts/{name:path}")
def part(id: str, name: str) -> Response:
    return part_response(id, name)
