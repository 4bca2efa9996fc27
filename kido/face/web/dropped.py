"""A file that was dropped on the first page, or chosen there: a table goes to the part lists, a transaction to the check page, filled in.

POST /drop         any of them, told by its name
POST /check/file   a transaction
"""

from __future__ import annotations

from pathlib import PurePath

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from kido import desk
from kido.decide.transaction import states
from kido.errors import KidoError, Problem
from kido.face import records_view
from kido.face.http.asked import day_of
from kido.face.http.jobs import MOST_UPLOAD, Jobs
from kido.face.http.people import person_of
from kido.face.http.problems import language
from kido.face.web.given import FILE, LEFT, OURS, PAPERS, as_fields, not_shown
from kido.face.web.home import first_page
from kido.face.web.sheet import CSP, address, told
from kido.face.web.tables import FormFile, own_form
from kido.face.web.transaction_file import KINDS, file_of, read_transaction_file, sent_file
from kido.register.table_source import KINDS as TABLES

LONGEST = 12_000  # characters of an address that every server takes


def routes(jobs: Jobs) -> APIRouter:
    """The two ways a file comes in."""
    dropped = APIRouter(include_in_schema=False)

    @dropped.post("/drop")
    async def drop(request: Request) -> Response:
        own_form(request)
        lang = language(request)
        try:
            said = request.headers.get("content-length", "")
            if not said.isdigit() or int(said) > MOST_UPLOAD:
                raise KidoError(Problem("body-too-large", "file", said or "?", {"most": f"{MOST_UPLOAD:,}"}))
            async with request.form(max_files=1, max_fields=6) as sent:
                file = sent.get("file")
                if not isinstance(file, UploadFile) or not file.filename:
                    raise KidoError(Problem("no-file-chosen", "file", ""))
                kind = PurePath(file.filename).suffix.casefold()
                if kind in KINDS:
                    return await run_in_threadpool(_filled, request, *await file_of(file))
                if kind not in TABLES:
                    raise KidoError(Problem("not-table-or-transaction", "file", file.filename[:100]))
                asked = {"output": ".xlsx", "on": None, "known_on": None, "lang": lang, "reading": {}}
                id = await jobs.add(FormFile(file), file.filename, asked, person_of(request).name)
        except KidoError as error:
            return await run_in_threadpool(first_page, request, told(error.problems, lang))
        return RedirectResponse(address(f"/tables/{id}", lang), 303, {"Content-Security-Policy": CSP})

    @dropped.post("/check/file")
    async def filed(request: Request) -> Response:
        lang = language(request)
        try:
            return await run_in_threadpool(_filled, request, *await sent_file(request))
        except KidoError as error:
            return await run_in_threadpool(first_page, request, told(error.problems, lang))

    return dropped


def _filled(request: Request, data: bytes, name: str) -> RedirectResponse:
    """The check page with the facts of a file in its address, so that it can be read again, switched and sent back.

    A file that says what the page has no field for is judged as it is, and leads to its record.
    """
    lang, mark = language(request), read_transaction_file(data, name)
    facts = mark.plain()
    if strange := [key for key in facts if key in OURS]:
        raise KidoError([Problem("unknown-fact", name, key, {"near": ""}) for key in strange])
    left, person = not_shown(facts), person_of(request)
    if any(one != PAPERS for one in left) and person.may("clerk"):
        found = desk.determine(mark, None if states(mark, "on") else day_of(None))
        kept = desk.keep([desk.determined(found, mark, records_view.bytes_of("determination", found, lang), lang, person.name)])
        return RedirectResponse(address(f"/records/{kept[0].id}", lang), 303, {"Content-Security-Policy": CSP})
    pairs = [*as_fields(facts), (FILE, name), *((LEFT, one[:60]) for one in left[:20])]
    where = address("/check", lang, pairs)
    if len(where) > LONGEST:
        raise KidoError(Problem("file-too-long-for-page", name, f"{len(where):,}", {"most": f"{LONGEST:,}"}))
    return RedirectResponse(where, 303, {"Content-Security-Policy": CSP})
