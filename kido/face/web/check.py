"""Check a transaction: facts on the left, the answer on the right; the reason of one measure.

GET /check            the form, and the answer where anything is stated
GET /explain/{id}     why one measure applies or not, with the whole reason
"""

from __future__ import annotations

from functools import lru_cache

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from kido import desk
from kido.decide.determine import Determination
from kido.decide.parties import KINDS, ROLES
from kido.errors import KidoError, Problem
from kido.face import finding_view, interview_view, view
from kido.face.exact_json import encoded
from kido.face.http.asked import day_of
from kido.face.http.people import records_for
from kido.face.http.problems import language, status_of
from kido.face.language import word
from kido.face.web.fields import FIRST, FORM, Field, fact_field, suggestions
from kido.face.web.given import FILE, INPUT, LEFT, MOST_ROWS, PAPERS, Given, given, known_fact, label_of
from kido.face.web.reasons import tree
from kido.face.web.samples import TRANSACTIONS, sample_fields
from kido.face.web.sheet import by_field, page, told
from kido.terms.text import said

check = APIRouter(include_in_schema=False)
WHOLE = "inputs_complete"


@check.get("/check", response_class=HTMLResponse)
def checked(request: Request) -> HTMLResponse:
    lang = language(request)
    asked = given(request.query_params)
    day = asked.on or day_of(None).isoformat()
    shown, question, problems, failed, record, status = None, None, {}, [], "", 200
    try:
        if unfit := [name for name in request.query_params.getlist(LEFT) if name != PAPERS]:
            raise KidoError([Problem("fact-without-field", LEFT, name[:60]) for name in unfit[:20]])
        if not asked.empty:
            found = desk.determine(asked.facts(), day, asked.known_on or None)
            answer = view.determination(found, lang)
            record = _recorded(request, found, asked, answer, lang)  # one that cannot be recorded is not given
            shown = answer
        question = _question(asked, day, lang)
    except KidoError as error:
        problems, failed = by_field(error, lang), told(error.problems, lang)
        status = status_of(list(error.problems))
    others = [name for name in asked.typed if name not in (*FIRST, WHOLE)]
    values = dict(asked.typed) | {"on": asked.on or day}
    return page(
        request,
        "check.html",
        word("web.check.title", lang),
        status,
        groups=[(group, [fact_field(name, values.get(name, ""), lang, problems) for name in names]) for group, names in FORM.items()],
        parties=_party_rows(asked, lang, problems),
        inputs=_input_rows(asked, lang, problems),
        whole=fact_field(WHOLE, asked.typed.get(WHOLE, ""), lang, problems),
        more=[
            fact_field(name, asked.typed[name], lang, problems) if known_fact(name) else _strange(name, asked, problems) for name in others
        ],
        skipped=[(name, label_of(name, lang)) for name in asked.skipped],
        suggested=suggestions(lang),
        of_file=request.query_params.get(FILE, "")[:100],
        left=[name[:60] for name in request.query_params.getlist(LEFT)[:20]],
        failed=failed,
        shown=shown,
        record=record,
        draft="draft" in request.query_params,
        question=question,
        missing=_missing(shown, asked, lang),
        samples=[(name, word(f"web.sample.{name}", lang), sample_fields(name)) for name in TRANSACTIONS],
        tree=tree,
        facts=asked.pairs(),
    )


def _recorded(request: Request, found: Determination, asked: Given, shown: dict, lang: str) -> str:
    """The number under which the answer is kept; a draft is not kept, nor what a page of others makes a browser ask."""
    who = records_for(request)
    if "draft" in request.query_params or not who:
        return ""
    return desk.keep([desk.determined(found, asked.facts(), encoded(shown), lang, who)])[0].id


def _question(asked: Given, day: str, lang: str) -> dict | None:
    """The next question, with the control that answers it."""
    if asked.empty and not asked.skipped:
        shown = _first_question(day, asked.known_on, lang, desk.register().version)
    else:
        shown = _asked(asked, day, lang)
    if shown is None:
        return None
    effects = {effect["value"]: effect for effect in shown["effects"]}
    values = [value | {"effect": effects.get(value["value"])} for value in shown["values"]]
    few = len(values) <= 8
    free = () if values else shown["effects"]
    return shown | {
        "values": values if few else (),
        "tried": free,
        "field": fact_field(shown["fact"], "", lang, {}, hint=shown["example"]),
        "few": few,
    }


def _asked(asked: Given, day: str, lang: str) -> dict | None:
    found = desk.next_question(asked.facts(), day, asked.known_on or None, asked.skipped)
    return None if found is None else interview_view.question(found, len(asked.skipped) + 1, lang)


@lru_cache(maxsize=16)
def _first_question(day: str, known_on: str, lang: str, version: str) -> dict | None:
    """What is asked where nothing is stated: the same for every user of a day."""
    return _asked(Given({}, known_on=known_on), day, lang)


def _missing(shown: dict | None, asked: Given, lang: str) -> list[dict]:
    """Missing facts with the control that states each, and how much it matters beside the first."""
    if shown is None:
        return []
    weights = [entry["items"] + len(entry["measures"]) for entry in shown["missing"]]
    most = max(weights, default=1)
    return [
        entry | {"field": fact_field(entry["fact"], "", lang, {}), "share": max(4, round(100 * weight / most)), "skipped": entry["fact"] in asked.skipped}
        for entry, weight in zip(shown["missing"], weights, strict=True)
    ]  # fmt: skip


def _party_rows(asked: Given, lang: str, problems: dict) -> list[list[Field]]:
    rows = [*asked.party, {}][:MOST_ROWS]
    return [
        [
            Field(f"party.{no}.role", word("web.party.role", lang), row.get("role", "end_user"), "select", _options(ROLES, lang), problems=_wrong(problems, "parties", no, "role")),
            Field(f"party.{no}.name", word("web.party.name", lang), row.get("name", ""), problems=_wrong(problems, "parties", no, "name")),
            Field(f"party.{no}.country", word("web.party.country", lang), row.get("country", ""), list="places", problems=_wrong(problems, "parties", no, "country")),
            Field(f"party.{no}.kind", word("web.party.kind", lang), row.get("kind", ""), "select", _options(KINDS, lang), optional=word("web.unknown", lang), problems=_wrong(problems, "parties", no, "kind")),
        ]
        for no, row in enumerate(rows)
    ]  # fmt: skip


def _input_rows(asked: Given, lang: str, problems: dict) -> list[list[Field]]:
    rows = [*asked.input, {}][:MOST_ROWS]
    return [
        [
            fact_field(
                key, row.get(key, ""), lang, {f"input.{no}.{key}": list(_wrong(problems, "inputs", no, key))}, f"input.{no}.{key}", ""
            )
            for key in INPUT
        ]
        for no, row in enumerate(rows)
    ]


def _wrong(problems: dict, rows: str, number: int, key: str) -> tuple[dict, ...]:
    return tuple(problems.get(f"{rows}[{number}].{key}", ()))


def _options(labels: dict, lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((id, said(text, lang)) for id, text in labels.items())


def _strange(name: str, asked: Given, problems: dict) -> Field:
    """A name in the address that is no fact: shown as it is, with what is wrong."""
    return Field(name, name, asked.typed[name], problems=tuple(problems.get(name, ())))


@check.get("/explain/{measure:path}", response_class=HTMLResponse)
def explained(request: Request, measure: str) -> HTMLResponse:
    lang = language(request)
    asked = given(request.query_params)
    day = asked.on or day_of(None).isoformat()
    found = desk.determine(asked.facts(), day, asked.known_on or None)
    finding = desk.explain(found.transaction, measure, found.on, asked.known_on or None)
    shown = finding_view.finding(finding, found, lang, full=True)
    return page(
        request,
        "explain.html",
        word("web.explain.title", lang),
        finding=shown,
        on=found.on.isoformat(),
        stated=view.facts(found, lang),
        tree=tree,
        facts=asked.pairs(),
    )
