"""The records over HTTP: list, one, its parts, what is said of it, and the same answer again.

GET  /records                     newest first
GET  /records/verify              whether they are as they were written
GET  /records/{id}
GET  /records/{id}/parts/{name}   facts, answer, or a file, byte for byte
POST /records/{id}/remarks        {"kind": "comment", "text": "…"}
GET  /records/{id}/replay         the same answer again, and what today's register says
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kido import desk
from kido.errors import KidoError, Problem
from kido.face import records_view
from kido.face.http.asked import Lang, Limit, answered
from kido.face.http.body import object_of
from kido.face.http.examples import REMARKS
from kido.face.http.people import needs
from kido.records.book import seq_of
from kido.records.remarks import DECISIONS

records = APIRouter(tags=["records"])
APPROVER = (*DECISIONS, "hold", "release")
_KEYS = ("kind", "text", "shipped")


@records.get("/records", summary="Answers that were kept, newest first. 記録の一覧")
def list_(
    request: Request, lang: Lang, limit: Limit = 50,
    text: Annotated[str, Query(max_length=200, description="A piece of what it is about. 内容の一部")] = "",
    kind: Annotated[str, Query(description="determination, screening, papers. 種類")] = "",
    who: Annotated[str, Query(max_length=200, description="Who recorded it. 記録した人")] = "",
    answer: Annotated[str, Query(max_length=40, description="The answer. 答え")] = "",
    since: Annotated[str | None, Query(description="Recorded on this day or later. この日以降", examples=["2026-11-01"])] = None,
    until: Annotated[str | None, Query(description="Recorded on this day or before. この日まで", examples=["2026-11-30"])] = None,
    cursor: Annotated[str | None, Query(description="`next` of the page before. 前のページの next", examples=["R12"])] = None,
) -> Response:  # fmt: skip
    before = seq_of(cursor) if cursor else None
    found = desk.records(text, kind, who, answer, since, until, before, limit)
    following = found[-1].record.id if len(found) == limit else None
    _, count = desk.records_held()
    shown = {"entries": records_view.listed(found, lang), "next": following, "searched": {"entries": count}}
    return answered(request, shown, lang)


@records.get("/records/verify", summary="Whether the records are as they were written. 改ざんの確認")
def verify(
    request: Request, lang: Lang,
    mark: Annotated[str, Query(max_length=100, description="number:hash of an earlier run, kept elsewhere. 控えておいた値")] = "",
) -> Response:  # fmt: skip
    needs(request, "approver")
    found = desk.verify_records(mark)
    shown = {"entries": found.entries, "contents": found.contents, "removed": found.removed, "mark": found.mark}
    return answered(request, shown | {"problems": [one.to_dict() for one in found.problems]}, lang)


@records.get("/records/{id}", summary="One record with all that was said of it. 一つの記録")
def one(request: Request, id: str, lang: Lang) -> Response:
    return answered(request, records_view.whole(desk.record(id), lang), lang)


@records.get("/records/{id}/parts/{name:path}", summary="Facts, answer or a file of a record, byte for byte. 記録の中身")
def part(id: str, name: str) -> Response:
    return part_response(id, name)


@records.post(
    "/records/{id}/remarks",
    summary="Comment, approve, reject, shipped, hold, release. コメント、承認など",
    openapi_extra=REMARKS,
    status_code=201,
)
def say(request: Request, id: str, lang: Lang, asked: Annotated[dict, Depends(object_of)]) -> Response:
    if set(asked) - set(_KEYS) or not all(isinstance(value, str) for value in asked.values()) or "kind" not in asked:
        raise KidoError(Problem("wrong-shape", "body", ", ".join(asked)[:60], {"wanted": "{kind, text, shipped}"}))
    person = needs(request, "approver" if asked["kind"] in APPROVER else "clerk")
    kept = desk.remark(id, asked["kind"], person.name, asked.get("text", ""), asked.get("shipped"))
    return answered(request, records_view.whole(kept, lang), lang, status=201)


@records.get("/records/{id}/replay", summary="The recorded answer again, and that of today's register. 答えの再現")
def replay(request: Request, id: str, lang: Lang) -> Response:
    return answered(request, records_view.replayed(desk.replay(id, records_view.bytes_of), lang), lang)


def part_response(id: str, name: str) -> Response:
    """The bytes of a part, as a file to be saved."""
    kept = desk.record(id)
    plain = name in ("facts", "answer")
    data = desk.part_of(kept, name if plain else f"file:{name}")
    filename = f"{kept.record.id}-{name}.json" if plain else f"{kept.record.id}-{''.join(c for c in name if c.isalnum() or c in '.-_')}"
    headers = {
        "Content-Disposition": f'attachment; filename="{filename.encode("ascii", "replace").decode().replace("?", "_")}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(data, headers=headers, media_type="application/json" if plain else "application/octet-stream")
