"""Tables of transactions: upload, progress by reading the page again, counts, files. Each is a job of `kido.face.http.jobs`.

GET  /tables                       the form, and the tables of the last days
POST /tables                       keep the file and begin
GET  /tables/{id}                  how far it is, then what came of it
GET  /tables/{id}/files/{name}     one file
POST /tables/{id}/columns          how its columns are read, put right: judged again, remembered, or forgotten
POST /tables/{id}/remove           stop it and remove all of it
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from kido import desk
from kido.errors import KidoError, Problem
from kido.face.finding_view import label
from kido.face.http.asked import day_of
from kido.face.http.jobs import MOST_UPLOAD, OUTPUTS, Jobs
from kido.face.http.people import own, person_of
from kido.face.http.problems import language
from kido.face.language import word
from kido.face.web import columns
from kido.face.web.advice import advice_of
from kido.face.web.fields import Field
from kido.face.web.sheet import CSP, address, by_field, page, told
from kido.register.table_source import KINDS

PIECE = 1 << 20
SHOWN_JOBS = 10
SAMPLE = "sample.csv"
_FACTS = ("name", "act", "exported_from", "destination", "origin", "form", "magnet_family", "element")
_ROWS = (
    ("{magnet} N42SH", "export", "CN", "JP", "CN", "magnet", "NdFeB", "", "Nd 29, Dy 1.2, Fe 68, B 1"),
    ("{magnet} N35", "export", "CN", "JP", "CN", "magnet", "NdFeB", "", ""),
    ("{ferrite} Y30", "export", "CN", "JP", "CN", "magnet", "ferrite", "", ""),
    ("SmCo", "export", "CN", "JP", "CN", "magnet", "SmCo", "", ""),
    ("Ho", "export", "CN", "DE", "CN", "metal", "", "Ho", "Ho 99.9"),
    ("{bolt} M8", "export", "CN", "JP", "CN", "article", "", "Fe", "Fe 98.5, C 0.35, Mn 0.7"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form, read as `Jobs.add` reads the body of a request."""

    file: UploadFile

    async def stream(self) -> AsyncIterator[bytes]:
        while piece := await self.file.read(PIECE):
            yield piece


@dataclass(frozen=True, slots=True)
class _Stored:
    """The file of an earlier job, read as `Jobs.add` reads the body of a request."""

    path: Path

    async def stream(self) -> AsyncIterator[bytes]:
        with self.path.open("rb") as file:
            while piece := await run_in_threadpool(file.read, PIECE):
                yield piece


def _asked(jobs: Jobs, id: str) -> dict:
    """What was asked of a job, without what belongs to that one run."""
    asked = json.loads((jobs.place(id) / "job.json").read_bytes())
    return {name: asked[name] for name in ("output", "on", "known_on", "lang", "file")}


def own_form(request: Request) -> None:
    """A form of another page may not act here, though it stands in the same browser."""
    if not own(request, strict=False):
        raise HTTPException(403)


def routes(jobs: Jobs) -> APIRouter:
    """The pages of one folder of jobs."""
    tables = APIRouter(include_in_schema=False)

    def form(request: Request, typed: dict[str, str], problems: dict[str, list[dict]], status: int = 200) -> HTMLResponse:
        lang = language(request)
        on = typed.get("on", "")
        wrong = (*problems.get("filename", ()), *problems.get("body", ()), *problems.get("batch", ()), *problems.get("file", ()))
        fields = {
            "file": Field("file", word("web.tables.file", lang), hint=word("web.tables.kinds", lang, kinds=" ".join(KINDS), most=MOST_UPLOAD // 1_000_000), problems=wrong),
            "output": Field("output", word("web.tables.output", lang), typed.get("output", ".xlsx"), "select", tuple((one, one) for one in (".xlsx", *(o for o in OUTPUTS if o != ".xlsx")))),
            "on": Field("on", word("web.tables.on", lang), on, hint=word("web.tables.on_hint", lang, on=day_of(None)), problems=tuple(problems.get("on", ()))),
        }  # fmt: skip
        return page(request, "tables.html", word("web.tables.title", lang), status, switch="/tables", fields=fields, recent=_recent(jobs))

    @tables.get("/tables", response_class=HTMLResponse)
    def shown(request: Request) -> HTMLResponse:
        return form(request, {}, {})

    @tables.post("/tables", response_class=HTMLResponse)
    async def begun(request: Request) -> Response:
        own_form(request)
        lang, typed = language(request), {}
        try:
            said = request.headers.get("content-length", "")
            if not said.isdigit() or int(said) > MOST_UPLOAD:
                raise KidoError(Problem("body-too-large", "body", said or "?", {"most": f"{MOST_UPLOAD:,}"}))
            async with request.form(max_files=1, max_fields=6) as sent:
                typed = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
                file = _sample_file(lang) if "sample" in typed else sent.get("file")
                if not isinstance(file, UploadFile) or not file.filename:
                    raise KidoError(Problem("empty-input", "file", ""))
                output = typed.get("output") if typed.get("output") in OUTPUTS else ".xlsx"
                on = desk.as_date(typed.get("on") or None, "on")
                asked = {
                    "output": output,
                    "on": on.isoformat() if on else None,
                    "known_on": None,
                    "lang": lang,
                    "reading": {},
                }
                id = await jobs.add(FormFile(file), file.filename, asked, person_of(request).name)
        except KidoError as error:
            return form(request, typed, by_field(error, lang), 422)
        return RedirectResponse(address(f"/tables/{id}", lang), 303, {"Content-Security-Policy": CSP})

    @tables.get(f"/tables/{SAMPLE}")
    def sample(request: Request) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{SAMPLE}"', "Content-Security-Policy": CSP}
        return Response(sample_table(language(request)), headers=headers, media_type="text/csv; charset=utf-8")

    @tables.get("/tables/{id}", response_class=HTMLResponse)
    def job(request: Request, id: str) -> HTMLResponse:
        return job_page(request, id)

    def job_page(request: Request, id: str, typed: dict[str, str] | None = None, error: KidoError | None = None) -> HTMLResponse:
        lang = language(request)
        found = jobs.shown(id)
        done, rows = found["progress"]["done"], found["progress"]["rows"]
        share = round(100 * done / rows) if rows else 0
        held = columns.noted(jobs.place(id)) if found["state"] != "running" else None
        wrong = told(error.problems, lang) if error else []
        problems = [
            {"place": one["place"], "read": one["read"], "wrong": one["wrong"][lang], "do": advice_of(one, lang)}
            for one in found.get("problems", ())
        ]
        return page(
            request, "job.html", word("web.job.title", lang, file=found["file"]), 422 if error else 200, switch=f"/tables/{id}", job=found, share=share,
            problems=problems, wrong=wrong, held=held, fields=columns.fields(held, typed, error, lang, wrong) if held else [], facts=columns.names(lang).values(),
            others_=[columns.called(fact, lang) for fact in (columns.ID, columns.UNUSED)], remembered=request.query_params.get("remembered", ""),
        )  # fmt: skip

    @tables.post("/tables/{id}/columns", response_class=HTMLResponse)
    async def reread(request: Request, id: str) -> Response:
        own_form(request)
        lang, held = language(request), columns.noted(jobs.place(id))
        if held is None:
            raise KidoError(Problem("no-such-job", "batch", id[:60]))
        async with request.form(max_files=0, max_fields=columns.SHOWN + 10) as sent:
            typed = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
        if typed.get("do") == "forget":
            desk.forget_columns(held.header)
            return RedirectResponse(address(f"/tables/{id}", lang, remembered="no"), 303, {"Content-Security-Policy": CSP})
        try:
            asked, meant = _asked(jobs, id), columns.said(held, typed)
            read = columns.read(held, meant, asked["file"])
            if typed.get("remember"):
                desk.confirm_columns(read, day_of(None).isoformat())
            again = await jobs.add(
                _Stored(jobs.place(id) / "in" / asked["file"]),
                asked["file"],
                asked | {"reading": meant, "lang": lang},
                person_of(request).name,
            )
        except KidoError as error:
            return await run_in_threadpool(job_page, request, id, typed, error)
        await run_in_threadpool(jobs.remove, id)
        return RedirectResponse(address(f"/tables/{again}", lang), 303, {"Content-Security-Policy": CSP})

    @tables.get("/tables/{id}/files/{name}")
    def file(id: str, name: str) -> FileResponse:
        known = {one["name"] for one in jobs.shown(id)["files"]}
        if name not in known:
            raise KidoError(Problem("no-such-job", "batch", f"{id}/{name}"[:100]))
        return FileResponse(
            jobs.place(id) / "out" / name, filename=name, content_disposition_type="attachment", headers={"Content-Security-Policy": CSP}
        )

    @tables.post("/tables/{id}/remove")
    def removed(request: Request, id: str) -> RedirectResponse:
        own_form(request)
        jobs.remove(id)
        return RedirectResponse(address("/tables", language(request)), 303, {"Content-Security-Policy": CSP})

    return tables


def sample_table(lang: str) -> bytes:
    """A small table with the headings of the language, as Excel opens it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*(label(fact, lang) for fact in _FACTS), word("web.tables.sample.composition", lang)])
    names = {name: word(f"web.tables.sample.{name}", lang) for name in ("magnet", "ferrite", "bolt")}
    writer.writerows([[row[0].format(**names), *row[1:]] for row in _ROWS])
    return text.getvalue().encode("utf-8-sig")


def sample_upload(lang: str) -> FormFile:
    """The sample, as it is uploaded."""
    return FormFile(_sample_file(lang))


def _sample_file(lang: str) -> UploadFile:
    return UploadFile(io.BytesIO(sample_table(lang)), filename=SAMPLE)


def _recent(jobs: Jobs) -> list[dict]:
    """The tables of the last days, newest first; told by their folders alone."""
    places = sorted(jobs.folder.glob("*/job.json"), key=lambda path: path.stat().st_mtime, reverse=True)[:SHOWN_JOBS]
    return [
        {"id": path.parent.name, "file": json.loads(path.read_bytes())["file"], "done": (path.parent / "done.json").is_file()}
        for path in places
    ]
