"""Signing in and out, one's own account, and for an admin everybody's.

GET/POST /sign-in      POST /sign-out
GET/POST /me           own password, tokens for programs
GET/POST /people       accounts and sign-ins, for admins
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from kido.errors import KidoError, Problem
from kido.face.http.people import Form, Known, form_of, needs, person_of
from kido.face.http.problems import language, status_of
from kido.face.language import word
from kido.face.records_view import clock
from kido.face.web.fields import Field
from kido.face.web.sheet import CSP, address, page, told
from kido.records.people import LONGEST, ROLES, SHORTEST, WHOLE

people = APIRouter(include_in_schema=False)
DAYS = (30, 90, 365)


def _known(request: Request) -> Known:
    """The middleware that knows people; on a desk of one user there are no such pages."""
    found = request.scope["state"].get("people")
    if found is None:
        raise HTTPException(404)
    if (person := person_of(request)) is not None and person.by_token:  # a program looks after nobody, its own person included
        raise KidoError(Problem("not-for-tokens", request.url.path, person.name))
    return found


# -- in and out --------------------------------------------------------------------------------


@people.get("/sign-in", response_class=HTMLResponse)
def shown(request: Request) -> HTMLResponse:
    _known(request)
    return sign_in_page(request, "", request.query_params.get("next", ""), [], 200)


def sign_in_page(request: Request, name: str, following: str, problems: list[dict], status: int) -> HTMLResponse:
    lang = language(request)
    fields = (
        Field("name", word("web.sign_in.name", lang), name[:80]),
        Field("password", word("accounts.password", lang), "", "password"),
    )
    return page(
        request,
        "sign-in.html",
        word("web.sign_in", lang),
        status,
        switch="/sign-in",
        fields=fields,
        following=inside(following),
        failed=problems,
    )


def again(request: Request) -> HTMLResponse:
    """For a form whose session was over; from here the browser's way back still has what was typed."""
    problem = Problem("session-over", request.url.path, request.method)
    return sign_in_page(request, "", request.url.path, told([problem], language(request)), 401)


async def _form_again(request: Request) -> dict[str, str]:
    """The form to sign in: whoever sends it, signed in or not, it has no key of a session."""
    request.scope["state"]["person"] = None
    return await form_of(request)


SignInForm = Annotated[dict[str, str], Depends(_form_again)]


@people.post("/sign-in", response_class=HTMLResponse)
def begun(request: Request, form: SignInForm) -> Response:
    known, lang = _known(request), language(request)
    where = request.client.host if request.client else ""
    name, following = form.get("name", ""), form.get("next", "")
    try:
        value = known.people.sign_in(name, form.get("password", ""), where, request.cookies.get(known.cookie, ""))
    except KidoError as error:
        return sign_in_page(request, name, following, told(error.problems, lang), status_of(list(error.problems)))
    answer = RedirectResponse(inside(following) or address("/", lang), 303, {"Content-Security-Policy": CSP})
    _set(answer, value, known)
    return answer


@people.post("/sign-out")
def ended(request: Request, _form: Form) -> Response:
    known = _known(request)
    person, value = person_of(request), request.cookies.get(known.cookie, "")
    known.people.sign_out(value, person.name, request.client.host if request.client else "")
    answer = RedirectResponse(address("/sign-in", language(request)), 303, {"Content-Security-Policy": CSP})
    answer.delete_cookie(known.cookie, path="/", secure=known.secure, httponly=True, samesite="strict")
    answer.headers["Clear-Site-Data"] = '"cache"'  # the next one at this machine sees nothing of it
    return answer


def _set(answer: Response, value: str, known: Known) -> None:
    age = int(WHOLE.total_seconds())
    answer.set_cookie(known.cookie, value, max_age=age, path="/", secure=known.secure, httponly=True, samesite="strict")


def inside(where: str) -> str:
    """A page of this house to go on to; nothing else.

    >>> inside("/check?lang=ja"), inside("//evil.example/x"), inside("https://evil.example"), inside("/\\\\evil.example")
    ('/check?lang=ja', '', '', '')
    """
    parts = urlsplit(where)
    plain = where.startswith("/") and not where.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return where if plain and where.isprintable() and "\\" not in where else ""


# -- one's own ---------------------------------------------------------------------------------


@people.get("/me", response_class=HTMLResponse)
def mine(request: Request) -> HTMLResponse:
    return _mine(request, [], "", 200)


def _mine(request: Request, problems: list[dict], token: str, status: int) -> HTMLResponse:
    lang, person, known = language(request), person_of(request), _known(request)
    fields = {
        "old": Field("old", word("web.me.old", lang), "", "password"),
        "new": Field("new", word("web.me.new", lang), "", "new-password", hint=word("web.me.hint", lang, least=SHORTEST, most=LONGEST)),
        "label": Field("label", word("web.me.label", lang)),
        "days": Field("days", word("web.me.days", lang), "90", "select", tuple((str(d), str(d)) for d in DAYS)),
    }
    tokens = [one | {"made": clock(one["made"]), "until": clock(one["until"])} for one in known.people.tokens(person.name)]
    return page(request, "me.html", word("web.me", lang), status, switch="/me", fields=fields, tokens=tokens, token=token, failed=problems)


@people.post("/me", response_class=HTMLResponse)
def changed(request: Request, form: Form) -> Response:
    known, person, lang = _known(request), person_of(request), language(request)
    where = request.client.host if request.client else ""
    try:
        match form.get("do"):
            case "password":
                value = known.people.sign_in(person.name, form.get("old", ""), where)
                known.people.set_password(person.name, form.get("new", ""))
                value = known.people.sign_in(person.name, form.get("new", ""), where)
                answer = RedirectResponse(address("/me", lang), 303, {"Content-Security-Policy": CSP})
                _set(answer, value, known)
                return answer
            case "token":
                days = form.get("days", "")
                made = known.people.make_token(person.name, form.get("label", ""), int(days) if days.isdecimal() and len(days) < 5 else 0)
                return _mine(request, [], made, 200)
            case "revoke":
                known.people.revoke(person.name, form.get("id", ""))
    except KidoError as error:
        return _mine(request, told(error.problems, lang), "", status_of(list(error.problems)))
    return RedirectResponse(address("/me", lang), 303, {"Content-Security-Policy": CSP})


# -- everybody's -------------------------------------------------------------------------------


@people.get("/people", response_class=HTMLResponse)
def everybody(request: Request) -> HTMLResponse:
    _known(request)
    needs(request, "admin")
    return _everybody(request, {}, [], 200)


def _everybody(request: Request, typed: dict[str, str], problems: list[dict], status: int) -> HTMLResponse:
    lang, known = language(request), _known(request)
    roles = tuple((role, word(f"role.{role}", lang)) for role in ROLES)
    fields = (
        Field("name", word("web.sign_in.name", lang), typed.get("name", "")),
        Field(
            "password", word("accounts.password", lang), "", "new-password", hint=word("web.me.hint", lang, least=SHORTEST, most=LONGEST)
        ),
        Field("role", word("web.people.role", lang), typed.get("role", "clerk"), "select", roles),
    )
    sign_ins = [one | {"at": clock(one["at"]), "words": word(f"sign_in.{one['what']}", lang)} for one in known.people.sign_ins(100)]
    return page(
        request,
        "people.html",
        word("web.people", lang),
        status,
        switch="/people",
        fields=fields,
        accounts=known.people.list(),
        roles=roles,
        sign_ins=sign_ins,
        failed=problems,
        clock=clock,
    )


@people.post("/people", response_class=HTMLResponse)
def managed(request: Request, form: Form) -> Response:
    known, lang = _known(request), language(request)
    admin = needs(request, "admin")
    name = form.get("name", "")
    try:
        match form.get("do"):
            case "add":
                known.people.add(name, form.get("password", ""), form.get("role", ""), admin.name)
            case "role":
                known.people.set_role(name, form.get("role", ""))
            case "password":
                known.people.set_password(name, form.get("password", ""))
            case "on" | "off" as switch:
                known.people.set_active(name, switch == "on")
            case other:
                raise KidoError(
                    Problem("not-one-of", "do", str(other)[:40], {"fact": "do", "values": "add, role, password, on, off", "near": ""})
                )
        known.people.note(name, admin.name, f"by_admin_{form['do']}"[:20])
    except KidoError as error:
        return _everybody(request, form, told(error.problems, lang), status_of(list(error.problems)))
    return RedirectResponse(address("/people", lang), 303, {"Content-Security-Policy": CSP})
