"""Errors as problem+json (RFC 9457), with kido's own codes, places and advice in the language asked for."""

from __future__ import annotations

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Match

from kido.errors import KidoError, Problem
from kido.face.language import LANGUAGES, word

MEDIA = "application/problem+json"
STATUS = {  # of a code; 422 for every other
    400: ("json-syntax",),
    401: ("sign-in-needed", "sign-in-refused"),
    403: ("not-allowed", "not-for-tokens", "form-of-others", "four-eyes"),
    404: ("no-such-measure", "no-such-list", "no-such-job", "no-such-page", "no-such-version", "no-such-edition", "no-such-bulk-file",
          "no-such-record", "no-such-part", "no-such-account", "no-such-token"),
    409: ("cursor-stale", "decided-already", "record-changed", "account-there", "last-admin"),
    408: ("body-too-slow",),
    410: ("record-removed",),
    413: ("body-too-large",),
    415: ("wrong-kind-of-body",),
    416: ("no-such-range",),
    421: ("wrong-host",),
    429: ("too-many-requests", "sign-in-locked"),
    500: ("failed-inside", "register-damaged", "register-choice", "register-of-another-kido", "no-ground", "record-damaged", "records-damaged", "register-kept-damaged"),
    503: ("too-many-jobs", "records-busy", "records-not-opened", "records-not-there", "records-newer", "records-not-ours", "records-headless"),
    507: ("data-folder",),
}  # fmt: skip
RETRY = "5"  # seconds
MOST_TOLD, MOST_READ = 100, 200  # problems of one answer, characters of what was read
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


_TEXTS = {"type": "object", "properties": {lang: {"type": "string"} for lang in LANGUAGES}, "required": list(LANGUAGES)}
_STRINGS = {name: {"type": "string"} for name in ("code", "place", "read")}
SHAPE = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "problems"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
        "more": {"type": "integer", "description": "Problems that are not listed. 載せていない誤りの数"},
        "problems": {
            "type": "array",
            "items": {"type": "object", "required": [*_STRINGS, "wrong", "do"], "properties": _STRINGS | {"wrong": _TEXTS, "do": _TEXTS}},
        },
    },
}  # fmt: skip


def status_of(problems: list[Problem]) -> int:
    """The status that says it best: what is not there, is too large, or cannot be read."""
    codes = [problem.code for problem in problems]
    for status, those in STATUS.items():
        if any(code in those for code in codes):
            return status
    return 422


def language(request: Request) -> str:
    """`lang`, else the first language of Accept-Language that we speak, else English."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    for part in request.headers.get("accept-language", "").split(","):
        name = part.partition(";")[0].strip().casefold()[:2]
        if name in LANGUAGES:
            return name
    return "en"


def problem_response(request: Request, problems: list[Problem], status: int | None = None) -> JSONResponse:
    lang, status = language(request), status or status_of(problems)
    headers = {"Content-Language": lang, "Vary": "Accept-Language, Accept-Encoding", "Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = RETRY
    return JSONResponse(problem_body(problems, status, lang), status, media_type=MEDIA, headers=headers)


def problem_body(problems: list[Problem], status: int, lang: str) -> dict:
    """What is wrong as RFC 9457 has it, with every problem in both languages."""
    body = {
        "type": "about:blank",
        "title": word(f"http.{status}", lang),
        "status": status,
        "detail": replace(problems[0], read=_clipped(problems[0].read)).wrong(lang) if problems else "",
        "problems": [replace(one, place=_clipped(one.place), read=_clipped(one.read)).to_dict() for one in problems[:MOST_TOLD]],
    }
    if len(problems) > MOST_TOLD:
        body["more"] = len(problems) - MOST_TOLD
    return body


def _clipped(read: str) -> str:
    """What was read, as far as it helps; a body of a megabyte is not sent back."""
    return read if len(read) <= MOST_READ else f"{read[:MOST_READ]}…"


async def told(request: Request, error: KidoError) -> JSONResponse:
    return problem_response(request, list(error.problems))


async def http_error(request: Request, error: HTTPException) -> JSONResponse:
    """What the framework itself refuses: no such page, a method that is not allowed."""
    code = {404: "no-such-page", 405: "wrong-method"}.get(error.status_code, "not-understood")
    response = problem_response(request, [Problem(code, request.url.path, request.method)], error.status_code)
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(_allowed(request))
    return response


def _allowed(request: Request) -> list[str]:
    """Every method of an address, over all its routes."""
    routes = request.app.router.routes
    found = [one for one in METHODS if any(route.matches(request.scope | {"method": one})[0] == Match.FULL for route in routes)]
    return ["GET", "HEAD", *found[1:]] if "GET" in found else found
