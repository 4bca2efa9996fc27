"""What a request asks: language, days, parts, pages; and the tag of an answer."""

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
from kido.face.exact_json import encoded
from kido.face.http.problems import language
from kido.face.language import LANGUAGES
from kido.terms.text import nearest

MOST_PAGE = 500

On = Annotated[
    str | None,
    Query(description="The day the law is asked for; of a transaction its own date, else today. 判定日", examples=["2026-11-23"]),
]
Fields = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=1_000,
        description="Only these parts of the answer, comma separated; `missing.fact` is a part of each entry. 答えの一部だけ",
        examples=["answer,missing.fact"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST_PAGE, description="Entries of a page. 1ページの件数")]
Cursor = Annotated[str | None, Query(min_length=1, description="`next` of the page before. 前のページの next")]


async def _language(
    request: Request,
    lang: Annotated[
        str | None, Query(description="ja or en; else Accept-Language. 言語", examples=["ja"], json_schema_extra={"enum": list(LANGUAGES)})
    ] = None,
) -> str:
    if lang is not None and lang not in LANGUAGES:
        raise KidoError(Problem("not-one-of", "lang", lang[:20], {"fact": "lang", "values": ", ".join(LANGUAGES), "near": ""}))
    return lang or language(request)


async def _known_on(
    known_on: Annotated[
        str | None, Query(description="Use only acts published by this day. この日までに公布された法令だけを使う", examples=["2026-11-01"])
    ] = None,
) -> str | None:
    desk.as_date(known_on, "known_on")  # a wrong one is told under this name
    return known_on


Lang = Annotated[str, Depends(_language)]
KnownOn = Annotated[str | None, Depends(_known_on)]


def day_of(on: str | None) -> date:
    return desk.as_date(on, "on") or date.today()


def part_of(shown: dict, fields: str | None, always: Sequence[str] = ()) -> dict:
    """The parts of an answer that are asked for; what stands in `always` is never left out.

    >>> part_of({"answer": 1, "why": [{"id": 2, "text": 3}, {"id": 4}], "next": None}, "why.id", ["next"])
    {'why': [{'id': 2}, {'id': 4}], 'next': None}
    """
    if fields is None:
        return shown
    wanted = {path for name in fields.split(",") if (path := tuple(part.strip() for part in name.split(".") if part.strip()))}
    found = _Parts()
    picked = found.pick(shown, wanted | {(name,) for name in always}, ())
    if problems := [found.problem(path) for path in sorted(wanted - found.met) if not found.silent(path)]:
        raise KidoError(problems)
    return picked


class _Parts:
    """Picks parts by their paths, and remembers which were met and what else was there."""

    def __init__(self):
        self.met: set[tuple[str, ...]] = set()
        self.known: dict[tuple[str, ...], dict[str, None]] = {}
        self.empty: dict[tuple[str, ...], set[tuple[str, ...]]] = {}

    def pick(self, shown: object, wanted: set[tuple[str, ...]], at: tuple[str, ...]) -> object:
        """A value with the parts below it that are asked for; of a list, those of each entry."""
        if () in wanted:
            self.met |= {at + path for path in wanted}
            return shown
        if shown is None or shown == []:
            for path in wanted:
                self.empty.setdefault(at + path, set()).add(at)
            return shown
        if isinstance(shown, list):
            return [self.pick(one, wanted, at) for one in shown]
        whole = shown if isinstance(shown, dict) else {}
        self.known.setdefault(at, {}).update(dict.fromkeys(whole))
        below: dict[str, set[tuple[str, ...]]] = {}
        for path in wanted:
            below.setdefault(path[0], set()).add(path[1:])
        return {name: self.pick(value, below[name], (*at, name)) for name, value in whole.items() if name in below}

    def silent(self, path: tuple[str, ...]) -> bool:
        """Whether a part is below something that is empty everywhere: nobody can say what that would have."""
        return any(at not in self.known for at in self.empty.get(path, ()))

    def problem(self, path: tuple[str, ...]) -> Problem:
        """A part that nothing has: the first name of it that is wrong."""
        known, wrong = next((self.known[path[:n]], path[n]) for n in range(len(path)) if path[n] not in self.known.get(path[:n], ()))
        place, near = ".".join(("fields", *path[: path.index(wrong)])), nearest(wrong[:60], known)
        return Problem("not-one-of", place, wrong[:60], {"fact": place, "values": ", ".join(known) or "–", "near": near})


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
