"""Who asks, and whether they may: a middleware before every route.

Alone on this machine everybody is the user of the machine. In a team a browser has a session (a cookie that no script reads) and a program
a token; nobody else gets past the page to sign in. Writing asks for a form of our own, for a role, and for patience.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import parse_qsl, quote

from anyio import to_thread
from fastapi import Depends
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kido import desk
from kido.errors import KidoError, Problem
from kido.face.http.problems import language, problem_response
from kido.records.people import TOKEN, People, Person

COOKIE = "kido"
SIGN_IN = "/sign-in"
MOST_FIELDS = 100
MOST_FORM = 100_000  # bytes of a form without a file
_OPEN = re.compile(r"/static/|/sign-in$")
_READER_MAY = re.compile(r"/sign-(?:in|out)$|/me(?:/|$)|/check/file$|/api/(?:determine|explain/.+|next-question|screen)$")
_CLERK_SEES = re.compile(r"/tables(?:/|$)|/api/batch(?:/|$)")  # whole lists of parts and orders
_SAFE = ("GET", "HEAD", "OPTIONS")
PER_MINUTE = {"person": 3_000, "address": 300, "sign-in": 20}
Again = Callable[[Request], Response]


class Known:
    """Puts the person of a request into its state, or answers that it may not.

    Parameters
    ----------
    people : the accounts of a team; None where one user works alone on this machine
    secure : whether pages come over TLS, so that the cookie is never sent without it
    again : the page to sign in, for a form whose session was over
    """

    def __init__(self, app: ASGIApp, people: People | None = None, secure: bool = False, again: Again | None = None):
        self.app, self.people, self.secure, self.again = app, people, secure, again
        self.cookie = f"__Host-{COOKIE}" if secure else COOKIE  # a browser takes the prefix over TLS only, and from this very host
        self.alone = Person(desk.user(), "admin")
        self.paced = None if people is None else _Paced()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})
        if self.people is None:
            scope["state"]["person"] = self.alone
            await self.app(scope, receive, send)
            return
        answer = await self._refused(Request(scope), scope)
        await (answer or self.app)(scope, receive, send)

    async def _refused(self, request: Request, scope: Scope) -> Response | None:
        """What to answer instead; None where the request may go on."""
        path, writes = request.url.path, request.method not in _SAFE
        address = request.client.host if request.client else ""
        if writes and path == SIGN_IN and not self.paced.may("sign-in", address):
            return _answer(request, Problem("too-many-requests", path, address, {"seconds": "60"}), 429)
        try:
            person, cookie = await self._person(request)
        except KidoError as error:
            return _answer(request, error.problems[0], 503)
        scope["state"]["person"] = person
        scope["state"]["people"] = self
        if not self.paced.may("person" if person else "address", person.name if person else address):
            return _answer(request, Problem("too-many-requests", path, address, {"seconds": "60"}), 429)
        if writes and (cookie or path == SIGN_IN) and not own(request):
            return _answer(request, Problem("form-of-others", path, request.headers.get("origin", "")[:80]), 403)
        if person is None:
            if _OPEN.match(path):
                return None
            if path.startswith("/api") or writes:
                answer = (
                    self.again(request)
                    if not path.startswith("/api")
                    else _answer(request, Problem("sign-in-needed", path, request.method), 401)
                )
                answer.headers["WWW-Authenticate"] = 'Bearer realm="kido"'
                return answer
            where = f"{path}?{request.url.query}" if request.url.query else path
            return RedirectResponse(f"{SIGN_IN}?lang={language(request)}&next={quote(where, safe='')}", 303)
        if not person.may("clerk") and (_CLERK_SEES.match(path) or (writes and not _READER_MAY.match(path))):
            return _answer(request, not_allowed(person, "clerk", path), 403)
        return None

    async def _person(self, request: HTTPConnection) -> tuple[Person | None, bool]:
        """The person, and whether by a cookie. Looked up every time: a session may have been ended a moment ago, by another process too."""
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        if kind.casefold() == "bearer" and value.startswith(TOKEN):
            return await to_thread.run_sync(self.people.of_token, value.strip()), False
        if value := request.cookies.get(self.cookie, ""):
            return await to_thread.run_sync(self.people.of_session, value), True
        return None, False


class _Paced:
    """How many requests in a minute, of a person, an address, and of tries to sign in from an address."""

    def __init__(self):
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import SlidingWindowCounterRateLimiter

        self.limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.items = {name: RateLimitItemPerMinute(most) for name, most in PER_MINUTE.items()}

    def may(self, what: str, who: str) -> bool:
        return self.limiter.hit(self.items[what], what, who)


def person_of(request: Request) -> Person:
    """Who asks."""
    return request.scope["state"]["person"]


def needs(request: Request, role: str) -> Person:
    """Who asks, if their role is at least this one.

    Raises
    ------
    KidoError : it is not
    """
    person = person_of(request)
    if not person.may(role):
        raise KidoError(not_allowed(person, role, request.url.path))
    return person


def records_for(request: Request) -> str:
    """Under whose name the answer of a page is kept; "" where it is not: a reader's, and what no person has asked to see."""
    person = person_of(request)
    others = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    unseen = request.scope.get("kido.asked") == "HEAD" or "prefetch" in request.headers.get("sec-purpose", "")
    return "" if others or unseen or not person.may("clerk") else person.name


def not_allowed(person: Person, role: str, path: str) -> Problem:
    return Problem("not-allowed", path, person.name, {"role": person.role, "needed": role})


def own(request: Request, strict: bool = True) -> bool:
    """Whether a request that writes comes from a page of this house: browsers say so, and a page of others cannot.

    Parameters
    ----------
    strict : whether one that says nothing, as programs do, is refused too
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is not None:
        return origin == f"{request.url.scheme}://{request.headers.get('host', '')}" and site in (None, "same-origin")
    return site == "same-origin" or (not strict and site in (None, "none"))


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form of ours; in a team it carries the key of the session.

    Raises
    ------
    KidoError : too large, or not a form of this session
    """
    from kido.face.http.body import read_all

    data = await read_all(request, MOST_FORM)
    try:
        fields = dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise KidoError(Problem("too-many-values", "form", f"> {MOST_FIELDS}", {"most": str(MOST_FIELDS)})) from None
    person = person_of(request)
    key = fields.pop("csrf", "").encode()
    if not own(request, strict=False) or (
        person is not None and not person.by_token and not hmac.compare_digest(key, person.csrf.encode())
    ):
        raise KidoError(Problem("form-of-others", request.url.path, "csrf"))
    return fields


Form = Annotated[dict[str, str], Depends(form_of)]  # read first, so that what follows may run in a thread


def _answer(request: Request, problem: Problem, status: int) -> Response:
    """Data for programs, a page for people."""
    if request.url.path.startswith("/api"):
        return problem_response(request, [problem], status)
    from kido.face.web.sheet import problem_page

    return problem_page(request, [problem], status)
