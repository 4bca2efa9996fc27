"""Questions on one transaction and on names: determine, explain, next question, screen."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kido import desk
from kido.decide.transaction import states
from kido.errors import KidoError, Problem
from kido.face import finding_view, interview_view, party_view, view
from kido.face.exact_json import encoded
from kido.face.http.asked import (
    MOST_BODY,
    Fields,
    KnownOn,
    Lang,
    On,
    answered,
    body_of,
    day_of,
    facts_of,
    object_of,
    part_of,
    read_all,
)
from kido.face.http.examples import NAMES, TRANSACTIONS
from kido.register.yaml_file import Mark

answers = APIRouter(tags=["answers"])
MOST_KEPT = 1_000  # answers to the very same request, as long as register and day are the same
MOST_NAMES = 1_000
_kept: OrderedDict[tuple, bytes] = OrderedDict()


def _day(on: str | None, facts: Mark) -> str | None:
    """The day asked for, the transaction's own, else today."""
    return on if on is not None or states(facts, "on") else day_of(None).isoformat()


@answers.post(
    "/determine", summary="Which licences does this transaction need, and which facts are missing? 許可が要るか", openapi_extra=TRANSACTIONS
)
async def determine(request: Request, lang: Lang, on: On = None, known_on: KnownOn = None, fields: Fields = None) -> Response:
    data = await read_all(request, MOST_BODY)
    key = data, on, known_on, fields, lang, desk.register().version, date.today()
    told = _kept.get(key)
    if told is None:
        facts = facts_of(data)
        found = desk.determine(facts, _day(on, facts), known_on)
        told = _kept[key] = encoded(part_of(view.determination(found, lang), fields))
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    else:
        _kept.move_to_end(key)
    return answered(request, told, lang)


@answers.post("/explain/{measure:path}", summary="Why does one measure apply or not? 一つの措置の理由", openapi_extra=TRANSACTIONS)
async def explain(request: Request, measure: str, lang: Lang, on: On = None, known_on: KnownOn = None) -> Response:
    facts = await body_of(request)
    found = desk.determine(facts, _day(on, facts), known_on)
    finding = desk.explain(found.transaction, measure, found.on, known_on)
    return answered(request, finding_view.finding(finding, found, lang, full=True), lang)


@answers.post("/next-question", summary="What to ask next, and what each answer would change. 次の質問", openapi_extra=TRANSACTIONS)
async def next_question(
    request: Request, lang: Lang, on: On = None, known_on: KnownOn = None,
    skipped: Annotated[str, Query(description="Facts not to ask for, comma separated. 聞かない事実")] = "",
) -> Response:  # fmt: skip
    facts = await body_of(request)
    left = [name.strip() for name in skipped.split(",") if name.strip()]
    found = desk.next_question(facts, _day(on, facts), known_on, left)
    return answered(request, {"question": None if found is None else interview_view.question(found, len(left) + 1, lang)}, lang)


@answers.post("/screen", summary="Who stands on a party list? 当事者リストとの照合", openapi_extra=NAMES)
async def screen(request: Request, lang: Lang, on: On = None) -> Response:
    asked = await object_of(request)
    names = asked.get("names")
    if not isinstance(names, list) or not names or len(names) > MOST_NAMES or set(asked) - {"names"}:
        raise KidoError(Problem("wrong-shape", "body", "names", {"wanted": f"{{names: [name, …]}}, 1…{MOST_NAMES}"}))
    day, found = day_of(on), []
    for number, one in enumerate(names):
        name, country = (one.get("name"), one.get("country", "")) if isinstance(one, dict) else (one, "")
        if not isinstance(name, str) or not isinstance(country, str):
            raise KidoError(Problem("wrong-shape", f"body:names[{number}]", str(one)[:60], {"wanted": "name, {name: …, country: …}"}))
        found.append(party_view.screening(desk.screen(name, day, country), lang))
    return answered(request, {"on": day.isoformat(), "screenings": found}, lang)
