"""What a request asks: language, days, fields, pages; and the tag of an answer."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.responses import Response

from kido import __version__, desk
from kido.errors import KidoError, Problem
from kido.face.exact_json import encoded, exact
from kido.face.http.problems import language
from kido.face.language import chosen
from kido.register.yaml_file import Mark, marked
from kido.terms.text import nearest

MOST_BODY = 1_000_000  # bytes of one transaction
MOST_PAGE = 500

On = Annotated[
    str | None,
    Query(description="The day the law is asked for; of a transaction its own date, else today. 判定日", examples=["2026-11-23"]),
]
KnownOn = Annotated[
    str | None, Query(description="Use only acts published by this day. この日までに公布された法令だけを使う", examples=["2026-11-01"])
]
Fields = Annotated[
    str | None, Query(description="Only these parts of the answer, comma separated. 答えの一部だけ", examples=["answer,missing"])
]
Limit = Annotated[int, Query(ge=1, le=MOST_PAGE, description="Entries of a page. 1ページの件数")]
Cursor = Annotated[str | None, Query(description="`next` of the page before. 前のページの next")]


def _language(
    request: Request,
    lang: Annotated[str | None, Query(description="ja or en; else Accept-Language. 言語", pattern="^(ja|en)$", examples=["ja"])] = None,
) -> str:
    return chosen(lang) if lang else language(request)


Lang = Annotated[str, Depends(_language)]


async def body_of(request: Request) -> Mark:
    """The facts of a request."""
    return facts_of(await read_all(request, MOST_BODY))


def facts_of(data: bytes) -> Mark:
    """The facts of a body, every figure as it was written; errors as `_object`."""
    return marked(_object(data, exactly=True), "body")


async def object_of(request: Request) -> dict:
    """The JSON object of a request; errors as `_object`."""
    return _object(await read_all(request, MOST_BODY), exactly=False)


def _object(data: bytes, exactly: bool) -> dict:
    """A JSON object.

    Raises
    ------
    KidoError : too large, not UTF-8, not JSON, no object
    """
    try:
        text = data.decode("utf-8-sig")
        if not text.strip():
            raise KidoError(Problem("empty-input", "body", ""))
        found = exact(text, "body")  # says what is wrong with it
        found = found if exactly else json.loads(text)
    except UnicodeDecodeError as error:
        raise KidoError(Problem("not-utf-8", "body", "", {"why": str(error)})) from None
    if not isinstance(found, dict):
        raise KidoError(Problem("wrong-shape", "body", str(found)[:60], {"wanted": "{fact: value, …}"}))
    return found


async def read_all(request: Request, most: int) -> bytes:
    """The body, held to its size while it arrives."""
    said = request.headers.get("content-length", "")
    found = bytearray()
    if not (said.isdigit() and int(said) > most):
        async for part in request.stream():
            found += part
            if len(found) > most:
                break
        else:
            return bytes(found)
    raise KidoError(Problem("body-too-large", "body", said or f"> {most:,}", {"most": f"{most:,}"}))


def day_of(on: str | None) -> date:
    return desk.as_date(on, "on") or date.today()


def part_of(shown: dict, fields: str | None) -> dict:
    """The parts of an answer that are asked for.

    >>> part_of({"answer": 1, "why": 2}, "why")
    {'why': 2}
    """
    if fields is None:
        return shown
    names = [name.strip() for name in fields.split(",") if name.strip()]
    wrong = [name for name in names if name not in shown]
    if wrong:
        known = ", ".join(shown)
        raise KidoError(
            [Problem("not-one-of", "fields", name, {"fact": "fields", "values": known, "near": nearest(name, shown)}) for name in wrong]
        )
    return {name: shown[name] for name in names}


# -- pages --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the cursor of the next."""

    entries: Sequence
    total: int
    next: str | None


def page_of(entries: Sequence, limit: int, cursor: str | None) -> Page:
    """A page; a cursor holds for one version of the register, for the order of another may differ."""
    version = desk.register().version[:12]
    start = _start(cursor, version) if cursor else 0
    following = start + limit
    more = base64.urlsafe_b64encode(json.dumps([following, version]).encode()).decode() if following < len(entries) else None
    return Page(entries[start:following], len(entries), more)


def _start(cursor: str, version: str) -> int:
    try:
        start, of = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        if not (isinstance(start, int) and not isinstance(start, bool) and start >= 0 and isinstance(of, str)):
            raise ValueError
    except (ValueError, TypeError):
        raise KidoError(Problem("cursor-unreadable", "cursor", cursor[:60])) from None
    if of != version:
        raise KidoError(Problem("cursor-stale", "cursor", cursor[:60]))
    return start


# -- tags ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _program() -> str:
    return f"kido {__version__}"


def tag_of(*parts: object) -> str:
    """Changes with the register, the program, the day and everything that was asked. Weak: the answer may also go out packed."""
    said = json.dumps([desk.register().version, _program(), date.today().isoformat(), *map(str, parts)], ensure_ascii=False)
    return f'W/"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def has_already(request: Request, tag: str) -> bool:
    """Whether If-None-Match names this tag, weak or strong (RFC 9110, 13.1.2)."""
    asked = request.headers.get("if-none-match", "")
    return asked.strip() == "*" or tag.removeprefix("W/") in [one.strip().removeprefix("W/") for one in asked.split(",")]


def answered(
    request: Request, shown: object, lang: str, tag: str = "", status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:  # fmt: skip
    """JSON with the version of the register; 304 where the asker has it already."""
    more = headers or {}
    headers = {"Kido-Register": desk.register().version[:12], "Content-Language": lang, "Vary": "Accept-Language, Accept-Encoding"}
    headers |= {"ETag": tag, "Cache-Control": "no-cache"} if tag else {"Cache-Control": "no-store"}
    if tag and has_already(request, tag):
        return Response(status_code=304, headers=headers)
    data = shown if isinstance(shown, bytes) else encoded(shown)
    return Response(data, status, headers | more, media_type="application/json")
