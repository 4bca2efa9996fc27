"""The papers of a transaction: which are due, what is missing in each, the check between them, and the files.

GET  /papers          from the facts of the check page, or a sample
POST /papers          with the order, as the form of the page sends it
POST /papers/file     a transaction file with or without its order
POST /papers/get      one paper as a file, or all in one archive: whole or not at all
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from kido import desk
from kido.decide.transaction import states
from kido.errors import KidoError, Problem
from kido.face import papers_view, records_view, view
from kido.face.http.body import MOST_BODY, read_all
from kido.face.http.people import person_of
from kido.face.http.problems import language
from kido.face.language import word
from kido.face.web.given import as_fields
from kido.face.web.order_form import needed, parties, sections, wrong_fields
from kido.face.web.order_typed import Typed, typed, typed_of
from kido.face.web.samples import PAPERS, sample
from kido.face.web.sheet import CSP, page, told
from kido.face.web.tables import own_form
from kido.face.web.transaction_file import read_transaction_file, sent_file
from kido.papers.document import Gap, Paper
from kido.papers.order import read_order
from kido.papers.pack import Pack
from kido.papers.reminders import ics
from kido.papers.timeline import timeline
from kido.papers.write import FORMATS, rendered
from kido.records.people import Person
from kido.terms.text import said as said_title

papers = APIRouter(include_in_schema=False)
ALL, REMINDERS = "papers.zip", "reminders.ics"
MOST_FIELDS = 3_000
KINDS = {
    "pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "zip": "application/zip", "ics": "text/calendar; charset=utf-8",
}  # fmt: skip
RING = 94.2  # the way round a ring of radius 15


@papers.get("/papers", response_class=HTMLResponse)
def asked(request: Request) -> HTMLResponse:
    name = request.query_params.get("sample", "")
    if name in PAPERS:
        return shown(request, typed_of(sample(name)), posted=True)
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name not in ("lang", "sample")]
    return shown(request, typed(pairs))


@papers.post("/papers", response_class=HTMLResponse)
async def stated(request: Request) -> Response:
    made, _ = await _posted(request)
    return await run_in_threadpool(shown, request, made, True)


@papers.post("/papers/file", response_class=HTMLResponse)
async def filed(request: Request) -> Response:
    """A transaction file fills the page; what is wrong in it is said with its line."""
    try:
        mark = read_transaction_file(*await sent_file(request))
    except KidoError as error:
        return shown(request, Typed(), True, file_wrong=tuple(told(error.problems, language(request))))
    return await run_in_threadpool(shown, request, typed_of(mark.plain()), True)


@papers.post("/papers/get")
async def got(request: Request) -> Response:
    made, wanted = await _posted(request)
    try:
        name, data = await run_in_threadpool(_file, made, wanted, language(request), person_of(request))
    except KidoError as error:
        return await run_in_threadpool(shown, request, made, True, error)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": CSP,
        "Cache-Control": "private, no-store",
    }
    return Response(data, headers=headers, media_type=KINDS[name.rpartition(".")[2]])


async def _posted(request: Request) -> tuple[Typed, str]:
    """The form of the page, and which file it asks for."""
    own_form(request)
    data = await read_all(request, MOST_BODY)
    try:
        pairs = parse_qsl(data.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise KidoError(Problem("body-too-large", "body", f"> {MOST_FIELDS}", {"most": str(MOST_FIELDS)})) from None
    return typed([pair for pair in pairs if pair[0] != "get"]), next((value for name, value in pairs if name == "get"), "")


# -- the pack -------------------------------------------------------------------------------


def _pack(made: Typed, with_order: bool = True) -> Pack:
    """The papers of what was stated. No photo is read: their names would be paths of this machine."""
    bare = made if with_order else Typed(made.facts, made.parties, made.beside)
    mark = _without_photos(bare).transaction()
    today = date.today().isoformat()
    return desk.papers(mark, None if states(mark, "on") else today, None, today)


def _as_far_as(made: Typed) -> tuple[Pack | None, list[KidoError]]:
    """The papers, else those of the facts alone, and what is wrong with facts and order together."""
    errors: list[KidoError] = []
    for with_order in (True, False) if not made.empty else ():
        try:
            return _pack(made, with_order), errors
        except KidoError as error:
            errors.append(error)
            if with_order:
                errors += _wrong_order(made)
    return None, errors


def _wrong_order(made: Typed) -> list[KidoError]:
    """What the reader of the order says, which is not asked where the facts are wrong."""
    try:
        read_order(made.transaction().value.get("papers"))
    except KidoError as error:
        return [error]
    return []


def _without_photos(made: Typed) -> Typed:
    rows = {
        name: [{key: cell for key, cell in row.items() if key != "file"} for row in rows] if name == "photos" else rows
        for name, rows in made.rows.items()
    }
    return Typed(made.facts, made.parties, made.beside, made.values, rows)


def _file(made: Typed, wanted: str, lang: str, person: Person) -> tuple[str, bytes]:
    """One file of the pack by its name, recorded as it is given; a problem with any of it is raised, and nothing is given."""
    pack = _pack(made)
    name, data = _made(pack, wanted, lang)
    if person.may("clerk"):
        stated, day = _without_photos(made).transaction(), pack.case.made
        desk.keep(
            [
                desk.papered(
                    stated,
                    pack.case.determination,
                    day,
                    [],
                    [],
                    records_view.bytes_of("papers", pack, lang),
                    {name: data},
                    lang,
                    person.name,
                )
            ]
        )
    return name, data


def _made(pack: Pack, wanted: str, lang: str) -> tuple[str, bytes]:
    if wanted == ALL:
        return f"kido-{ALL}", _archive(pack, lang)
    id, _, format = wanted.rpartition(".")
    paper = next((paper for paper in pack.papers if paper.id == ("timeline" if wanted == REMINDERS else id)), None)
    if paper is not None and wanted == REMINDERS:
        return wanted, ics(timeline(pack.case), pack.case.made, lang, pack.case.determination.version)
    if paper is None or format not in FORMATS:
        raise KidoError(Problem("no-such-paper", "get", wanted[:60]))
    return wanted, rendered(paper, format).data


def _archive(pack: Pack, lang: str) -> bytes:
    """Every paper in every format. It is written whole beside, and given only if nothing went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        written = desk.write_papers(pack, folder)
        if written.problems:
            raise KidoError(written.problems)
        notes = papers_view.delivery(written, lang)["notes"]
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.write(path, path.name)
            if notes:
                archive.writestr("notes.txt", "\r\n".join(notes) + "\r\n")
        return whole.getvalue()


# -- the page -------------------------------------------------------------------------------


def shown(
    request: Request, made: Typed, posted: bool = False, failed: KidoError | None = None, file_wrong: tuple[dict, ...] = ()
) -> HTMLResponse:
    """The papers due beside the form of their order. With a value that is wrong, the papers as far as the facts alone give them."""
    lang = language(request)
    pack, errors = _as_far_as(made)
    problems: dict[str, list[dict]] = {}
    said = told(failed.problems, lang) if failed else []
    for error in errors:
        problems |= wrong_fields(error, lang)
        said += [one for one in told(error.problems, lang) if one not in said]
    wants = needed(pack)
    right = pack is not None and not said
    return page(
        request,
        "papers.html",
        word("web.papers.title", lang),
        422 if said or file_wrong else 200,
        switch="/papers",
        posted=posted and not made.empty,
        empty=made.empty,
        file_wrong=file_wrong,
        failed=said,
        pack=papers_view.pack(pack, lang) if pack else None,
        right=right,
        papers=[_shown(paper, pack, lang) for paper in pack.papers] if right else [],
        stated=view.facts(pack.case.determination, lang)["stated"] if pack else [],
        facts=[*as_fields(made.facts), *_party_pairs(made)],
        carried=made.carried(),
        parties=parties(made, wants, lang, problems) if not made.empty else [],
        sections=sections(made, wants, lang, problems) if not made.empty else [],
        photos=any(row.get("file") for row in made.rows.get("photos", ())),
        samples=[(name, word(f"web.papers.sample.{name}", lang)) for name in PAPERS],
        formats=(("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel")),
    )


def _party_pairs(made: Typed) -> list[tuple[str, str]]:
    """The parties as the check page has them: one name each."""
    return [
        (f"party.{number}.{key}", next(iter(row[key].values())))
        for number, row in enumerate(made.parties)
        for key in ("role", "name", "country", "kind")
        if row.get(key)
    ]


def _shown(paper: Paper, pack: Pack, lang: str) -> dict:
    """A paper with how far it is filled in: named values stated, out of those and its gaps."""
    gaps = dict(pack.checked.gaps).get(paper.id, ())
    filled = len({key for key, cell in paper.fields() if cell and not isinstance(cell, Gap)})
    whole = filled + len(gaps)
    return {
        "id": paper.id, "title": said_title(paper.title, lang), "langs": paper.langs, "leaves": paper.leaves, "stops": pack.checked.stops(paper.id),
        "gaps": [{"field": said_title(gap.label, lang), "ask": said_title(gap.ask, lang)} for gap in gaps],
        "filled": filled, "whole": whole, "arc": round(RING * filled / whole, 1) if whole else 0.0,
    }  # fmt: skip
