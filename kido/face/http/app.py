"""The application: routes under /api, problems as problem+json, headers that keep a browser safe.

create_app(jobs) -> FastAPI
"""

from __future__ import annotations

import errno
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kido import __version__, desk
from kido.errors import KidoError, Problem
from kido.face.http.answers import answers
from kido.face.http.asked import Lang, answered, tag_of
from kido.face.http.bulk import bulk
from kido.face.http.carried import Carried
from kido.face.http.description import description
from kido.face.http.door import door
from kido.face.http.jobs import Jobs, routes
from kido.face.http.keeper import Keeper
from kido.face.http.law import law
from kido.face.http.parameters import parameter_problem
from kido.face.http.patience import Patience
from kido.face.http.people import Known
from kido.face.http.problems import http_error, problem_response, told
from kido.face.http.records import records
from kido.face.web.pages import mount
from kido.face.web.people import again
from kido.face.web.sheet import problem_page
from kido.records.people import People
from kido.register import store
from kido.register.home import data_folder

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send our own forms with "Origin: null", which is refused
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TLS = {"Strict-Transport-Security": "max-age=31536000"}
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_PORT = re.compile(r":\d+$")
ABOUT = (
    "Export controls on rare earths and other critical raw materials: which licence, under which clause, from which day, and what is still unknown. "
    "A negative says what was searched and what was not; nothing here is legal advice.\n\n"
    "レアアースなど重要鉱物の輸出管理。どの許可が、どの条文で、いつから要るか、何がまだ不明か。法的助言ではありません。"
)


def create_app(jobs: Path | None = None, hosts: Collection[str] = LOOPBACK, people: People | None = None, secure: bool = False) -> FastAPI:
    """The application.

    Parameters
    ----------
    jobs : the folder of uploaded tables; in the user's data folder if left out
    hosts : the names it answers under; a page of somebody else that points its own name at this machine gets nothing
    people : the accounts of a team, who sign in; left out, one user works alone
    secure : whether browsers reach it over TLS
    """
    app = FastAPI(
        title="kido",
        version=__version__,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.jobs = Jobs(jobs or data_folder() / "jobs")
    app.state.keeper = Keeper()
    for router in (answers, law, routes(app.state.jobs), records, bulk):
        app.include_router(router, prefix="/api", dependencies=[Depends(door)])

    @app.get("/api/health", dependencies=[Depends(door)], tags=["health"], summary="Version of program and register. 版")
    async def health(request: Request, lang: Lang) -> Response:
        return answered(request, {"kido": __version__, "register": desk.register().version}, lang, tag_of("health", lang))

    @app.get("/api/openapi.json", include_in_schema=False, dependencies=[Depends(door)])
    def openapi(request: Request, lang: Lang) -> Response:
        return answered(request, description(app), lang, tag_of("openapi", lang))

    app.add_exception_handler(KidoError, told)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(OSError, _no_room)
    app.add_exception_handler(Exception, _failed)
    mount(app, app.state.jobs)

    app.add_middleware(Patience)
    app.add_middleware(Carried)
    app.add_middleware(Known, people=people, secure=secure, again=again)
    app.add_middleware(Safe, hosts=frozenset(hosts), headers=SAFE | (TLS if secure else {}))
    return app


class Safe:
    """Answers under known names only, and puts the headers of `SAFE` on every answer that has none of its own."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], headers: Mapping[str, str] = SAFE):
        self.app, self.hosts, self.headers = app, hosts, headers
        self.choice = _choice()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "private, no-store")
            await send(message)

        app = self.app
        if scope["type"] == "http":
            if (choice := _choice()) != self.choice:  # `kido register use` was run: pages, API and jobs answer with one register
                self.choice = choice
                store.forget()
            request = Request(scope)
            host = request.headers.get("host", "")
            if host.rpartition(":")[0 if _PORT.search(host) else 2].casefold() not in self.hosts:
                app = problem_response(request, [Problem("wrong-host", "Host", host[:80])], 421)
            elif "transfer-encoding" in request.headers and not scope["path"].startswith("/api/"):
                # a form is held to the length it states before it is read; browsers always state it
                app = problem_response(request, [Problem("body-too-large", "body", "chunked", {"most": "Content-Length"})], 411)
        await app(scope, receive, sent)


def _choice() -> int:
    """What changes when another version of the register is chosen."""
    try:
        return (data_folder() / "register.json").stat().st_mtime_ns
    except OSError:
        return 0


async def _not_valid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Parameters that are missing or not what they have to be."""
    return problem_response(request, [parameter_problem(one) for one in error.errors()])


async def _no_room(request: Request, error: OSError) -> Response:
    """A full disk is told as such; what else the system refuses is an error inside."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        raise error
    return _shown(request, Problem("data-folder", "disk", str(data_folder()), {"why": error.strerror or ""}), 507)


async def _failed(request: Request, error: Exception) -> Response:
    """An error inside says so in the form of every other, and says nothing of the house; the server's log has the rest."""
    response = _shown(request, Problem("failed-inside", request.url.path[:200], type(error).__name__), 500)
    for name, value in SAFE.items():  # it goes out around the middleware
        response.headers.setdefault(name, value)
    return response


def _shown(request: Request, problem: Problem, status: int) -> Response:
    """Data for programs, a page for people."""
    api = request.url.path.startswith("/api")
    return problem_response(request, [problem], status) if api else problem_page(request, [problem], status)
