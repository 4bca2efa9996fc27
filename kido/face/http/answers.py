"""Questions on one transaction and on names: determine, explain, next question, screen."""

from __future__ import annotations

import hashlib
import time
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
from kido.face.http.apart import apart
from kido.face.http.asked import Fields, KnownOn, Lang, On, answered, day_of, part_of
from kido.face.http.body import MOST_BODY, body_of, facts_of, object_of, read_all
from kido.face.http.examples import NAMES, TRANSACTIONS
from kido.face.http.people import person_of
from kido.face.web.given import known_fact
from kido.records.book import New
from kido.records.store import place
from kido.register import store
from kido.register.yaml_file import Mark
from kido.terms.text import nearest

answers = APIRouter(tags=["answers"])
MOST_KEPT, MOST_BYTES = 1_000, 64_000_000  # answers to the very same request, as long as register and day are the same
MOST_NAMES, LONGEST_NAME = 1_000, 1_000
RECORD = "Kido-Record"
FRESH = 2.0  # seconds for which the number of a record is believed
Keep = Annotated[bool, Query(description="Keep the answer in the records; its number is in the header Kido-Record. 答えを記録する")]


@dataclass(slots=True)
class _Told:
    """An answer as it is sent and as it is recorded, and the numbers of its records by who asked."""

    told: bytes
    new: New
    records: dict[str, tuple[str, float]] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        return len(self.told) + sum(len(content) for content in self.new.parts.values())


class _Kept:
    """The answers given last, as many as there is room for."""

    def __init__(self):
        self.answers: OrderedDict[tuple, _Told] = OrderedDict()
        self.bytes = 0

    def get(self, key: tuple) -> _Told | None:
        if (found := self.answers.get(key)) is not None:
            self.answers.move_to_end(key)
        return found

    def keep(self, key: tuple, answer: _Told) -> None:
        if key in self.answers or answer.bytes > MOST_BYTES // 10:
            return
        self.answers[key] = answer
        self.bytes += answer.bytes
        while len(self.answers) > MOST_KEPT or self.bytes > MOST_BYTES:
            self.bytes -= self.answers.popitem(last=False)[1].bytes


_kept = _Kept()


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
    key = hashlib.sha256(data).digest(), on, known_on, fields, lang, desk.register().version, date.today(), place()
    answer = _kept.get(key)
    if answer is None:  # in a thread, or one that takes long would hold up everybody
        answer = await apart(_judged, data, on, known_on, fields, lang)
        _kept.keep(key, answer)
    return answered(request, answer.told, lang, headers=await _recorded(request, answer) if keep else {})


def _judged(data: bytes, on: str | None, known_on: str | None, fields: str | None, lang: str) -> _Told:
    facts = facts_of(data)
    found = desk.determine(facts, _day(on, facts), known_on)
    shown = view.determination(found, lang)
    whole = encoded(shown)
    return _Told(encoded(part_of(shown, fields)) if fields else whole, desk.determined(found, facts, whole, lang, ""))


async def _recorded(request: Request, answer: _Told) -> dict[str, str]:
    """Keep an answer, before it is given; a reader's is not kept."""
    who = person_of(request)
    if not who.may("clerk"):
        return {}
    id, at = answer.records.get(who.name, ("", 0.0))
    if time.monotonic() - at > FRESH:  # the records may have been restored or moved meanwhile: the same question has its number there
        entries = await request.app.state.keeper.keep([replace(answer.new, who=who.name)])
        id = entries[0].id
        answer.records[who.name] = id, time.monotonic()
    return {RECORD: id}


@answers.post("/explain/{measure:path}", summary="Why does one measure apply or not? 一つの措置の理由", openapi_extra=TRANSACTIONS)
async def explain(
    request: Request, measure: str, lang: Lang, on: On = None, known_on: KnownOn = None, fields: Fields = None
) -> Response:  # fmt: skip
    facts = await body_of(request)

    def explained() -> dict:
        found = desk.determine(facts, _day(on, facts), known_on)
        finding = desk.explain(found.transaction, measure, found.on, known_on)
        return finding_view.finding(finding, found, lang, full=True)

    return answered(request, part_of(await apart(explained), fields), lang)


@answers.post("/next-question", summary="What to ask next, and what each answer would change. 次の質問", openapi_extra=TRANSACTIONS)
async def next_question(
    request: Request, lang: Lang, on: On = None, known_on: KnownOn = None,
    skipped: Annotated[str, Query(max_length=4_000, description="Facts not to ask for, comma separated. 聞かない事実", examples=["sum_re_wt_pct"])] = "",
    fields: Fields = None,
) -> Response:  # fmt: skip
    facts = await body_of(request)
    left = [name.strip() for name in skipped.split(",") if name.strip()]
    if wrong := [name[:60] for name in left if not known_fact(name)]:
        raise KidoError([Problem("unknown-fact", "skipped", name, {"near": nearest(name, store.terms().facts)}) for name in wrong[:20]])
    found = await apart(desk.next_question, facts, _day(on, facts), known_on, left)
    shown = {"question": None if found is None else interview_view.question(found, len(left) + 1, lang)}
    return answered(request, part_of(shown, fields), lang)


@answers.post("/screen", summary="Who stands on a party list? 当事者リストとの照合", openapi_extra=NAMES)
async def screen(request: Request, lang: Lang, on: On = None, fields: Fields = None, keep: Keep = True) -> Response:
    day, person, names = day_of(on), person_of(request), _names(await object_of(request))

    def screened() -> tuple[list[dict], list[New]]:
        found, news = [], []
        for name, country in names:
            screening = desk.screen(name, day, country)
            found.append(party_view.screening(screening, lang))
            news.append(desk.screened(name, country, day, screening.answer, encoded(found[-1]), lang, person.name))
        return found, news

    found, news = await apart(screened)
    shown = part_of({"on": day.isoformat(), "screenings": found, "records": []}, fields, ["records"])
    entries = await request.app.state.keeper.keep(news) if keep and person.may("clerk") else []
    return answered(request, shown | {"records": [entry.id for entry in entries]}, lang)


def _names(asked: dict) -> list[tuple[str, str]]:
    """The names of a body, each with its country."""
    names = asked.get("names")
    if not isinstance(names, list) or not names or len(names) > MOST_NAMES or set(asked) - {"names"}:
        raise KidoError(Problem("wrong-shape", "body", "names", {"wanted": f"{{names: [name, …]}}, 1…{MOST_NAMES}"}))
    found, problems = [], []
    for number, one in enumerate(names):
        place_ = f"body:names[{number}]"
        whole = one if isinstance(one, dict) else {"name": one}
        name, country = whole.get("name"), whole.get("country", "")
        if not isinstance(name, str) or not isinstance(country, str) or set(whole) - {"name", "country"}:
            problems.append(Problem("wrong-shape", place_, str(one)[:60], {"wanted": "name, {name: …, country: …}"}))
        elif len(name) > LONGEST_NAME or len(country) > LONGEST_NAME:
            problems.append(Problem("too-long", place_, f"{name[:40]}…", {"most": f"{LONGEST_NAME:,}"}))
        else:
            found.append((name, country))
    if problems:
        raise KidoError(problems)
    return found
