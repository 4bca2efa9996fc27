"""The pages of the house.

pages(jobs)      -> the routes, for `create_app`
mount(app, jobs) -> adds routes, stylesheet and script to an application; errors outside /api become pages
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from kido.errors import KidoError, Problem
from kido.face.http.jobs import Jobs
from kido.face.web.calendar import calendar
from kido.face.web.check import check
from kido.face.web.dropped import routes as dropped
from kido.face.web.home import home
from kido.face.web.law import law
from kido.face.web.papers import papers
from kido.face.web.people import people
from kido.face.web.records import records
from kido.face.web.sheet import HERE, problem_page
from kido.face.web.tables import routes
from kido.face.web.words import words

API = ("/api", "/mcp")


def pages(jobs: Jobs) -> APIRouter:
    """Every page; none stands in the description of the API."""
    found = APIRouter(include_in_schema=False)
    for router in (home, check, papers, law, calendar, words, records, people, dropped(jobs), routes(jobs)):
        found.include_router(router)
    return found


def mount(app: FastAPI, jobs: Jobs) -> None:
    """Put the pages on an application that has its own routes and error answers already."""
    app.include_router(pages(jobs))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for kind, shown in ((KidoError, _of_house), (HTTPException, _of_framework), (RequestValidationError, _of_parameters)):
        app.add_exception_handler(kind, _beside(app.exception_handlers.get(kind), shown))


def _beside(plain: Callable | None, shown: Callable[[Request, Exception], Response]) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Data for programs under /api as before, a page for people everywhere else."""

    async def answer(request: Request, error: Exception) -> Response:
        if plain is not None and any(request.url.path == root or request.url.path.startswith(f"{root}/") for root in API):
            return await plain(request, error)
        return shown(request, error)

    return answer


def _of_house(request: Request, error: KidoError) -> Response:
    return problem_page(request, error.problems)


def _of_framework(request: Request, error: HTTPException) -> Response:
    code = {404: "no-such-page", 405: "wrong-method"}.get(error.status_code, "not-understood")
    status = error.status_code if error.status_code in (400, 403, 404, 405, 413) else 400
    return problem_page(request, [Problem(code, request.url.path, request.method)], status)


def _of_parameters(request: Request, error: RequestValidationError) -> Response:
    return problem_page(request, [Problem("not-understood", request.url.path, request.method)], 400)
