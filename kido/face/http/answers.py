"""Questions on one transaction and on names: determine, explain, next question, screen."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
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
from kido.face.http.people import person_of
from kido.records.book import New
from kido.records.store import place
from kido.register.yaml_file import Mark

answers = APIRouter(tags=["answers"])
MOST_KEPT = 1_000  # answers to the very same request, as long as register and day are the same
MOST_NAMES = 1_000
RECORD = "Kido-Record"
Keep = Annotated[bool, Query(description="Keep the answer in the records; its number is in the header Kido-Record. 答えを記録する")]


@dataclass(slots=True)
class _Kept:
    """An answer as it is sent and as it is recorded, and the numbers of its records by who asked."""

    told: bytes
    new: New
    records: dict[str, str] = field(default_factory=dict)


_kept: OrderedDict[tuple, _Kept] = OrderedDict()


def _day(on: str | None, facts: Mark) -> str | None:
    """The day asked for, the transaction's own, else today."""
    return on if on is not None or states(facts, "on") else day_of(None).isoformat()


@answers.post(
    "/determine", summary="Which licences does this transaction need, and which facts are missing? 許可が要るか", openapi_extra=TRANSACTIONS
)
async def determine(
    request: Request, lang: Lang, on: On = None, known_on: KnownOn = None, fields: Fields = None, keep: Keep = True
) -> Response:  # fmt: skip
    data = await read_all(request, MOST_BODY)
    key = data, on, known_on, fields, lang, desk.register().version, date.today(), place()
    answer = _kept.get(key)
    if answer is None:
        facts = facts_of(data)
        found = desk.determine(facts, _day(on, facts), known_on)
        shown = view.determination(found, lang)
        whole = encoded(shown)
        answer = _kept[key] = _Kept(encoded(part_of(shown, fields)) if fields else whole, desk.determined(found, facts, whole, lang, ""))
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    else:
        _kept.move_to_end(key)
    return answered(request, answer.told, lang, headers=await _recorded(request, answer) if keep else {})


async def _recorded(request: Request, answer: _Kept) -> dict[str, str]:
    """Keep an answer, before it is given; a reader's is not kept."""
    who = person_of(request)
    if not who.may("clerk"):
        return {}
    if who.name not in answer.records:
        entries = await request.app.state.keeper.keep([replace(answer.new, who=who.name)])
        answer.records[who.name] = entries[0].id
    return {RECORD: answer.records[who.name]}


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
async def screen(request: Request, lang: Lang, on: On = None, keep: Keep = True) -> Response:
    asked = await object_of(request)
    names = asked.get("names")
    if not isinstance(names, list) or not names or len(names) > MOST_NAMES or set(asked) - {"names"}:
        raise KidoError(Problem("wrong-shape", "body", "names", {"wanted": f"{{names: [name, …]}}, 1…{MOST_NAMES}"}))
    day, found, news = day_of(on), [], []
    for number, one in enumerate(names):
        name, country = (one.get("name"), one.get("country", "")) if isinstance(one, dict) else (one, "")
        if not isinstance(name, str) or not isinstance(country, str):
            raise KidoError(Problem("wrong-shape", f"body:names[{number}]", str(one)[:60], {"wanted": "name, {name: …, country: …}"}))
        screening = desk.screen(name, day, country)
        found.append(party_view.screening(screening, lang))
        news.append(desk.screened(name, country, day, screening.answer, encoded(found[-1]), lang, person_of(request).name))
    entries = await request.app.state.keeper.keep(news) if keep and person_of(request).may("clerk") else []
    return answered(request, {"on": day.isoformat(), "screenings": found, "records": [entry.id for entry in entries]}, lang)
