"""The register: acts, measures, one day, a timeline, what changed, what is held, and the words of facts."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kido import desk
from kido.face import history_view, shelf_view, words_view
from kido.face.http.asked import Cursor, Fields, KnownOn, Lang, Limit, On, answered, day_of, page_of, part_of, tag_of

law = APIRouter(tags=["register"])
_Word = Annotated[str | None, Query(max_length=200)]


def _wanted(**asked: str | None) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}


def _paged(request: Request, shown: dict, name: str, limit: int, cursor: str | None, lang: str, *asked: object) -> Response:
    """One page of a list of the answer; `asked` is what else the answer depends on."""
    page = page_of(shown[name], limit, cursor)
    tag = tag_of(name, lang, limit, cursor, *asked)
    return answered(request, shown | {name: page.entries, "total": page.total, "next": page.next}, lang, tag)


@law.get("/register", summary="Every act with its standing on a day. 法令の一覧")
async def acts(
    request: Request, lang: Lang, on: On = None, known_on: KnownOn = None, jurisdiction: _Word = None, element: _Word = None, word: _Word = None,
    kind: _Word = None, limit: Limit = 100, cursor: Cursor = None,
) -> Response:  # fmt: skip
    day, wanted = day_of(on).isoformat(), _wanted(jurisdiction=jurisdiction, element=element, word=word, kind=kind)
    shown = shelf_view.acts(day, known_on, lang, wanted)
    return _paged(request, shown, "acts", limit, cursor, lang, day, known_on, wanted)


@law.get("/register/{id:path}", summary="One act with its measures, items, events and sources. 一つの法令")
async def act(request: Request, id: str, lang: Lang, on: On = None, known_on: KnownOn = None, fields: Fields = None) -> Response:
    day = day_of(on).isoformat()
    return answered(request, part_of(shelf_view.act(id, day, known_on, lang), fields), lang, tag_of("act", id, day, known_on, lang, fields))


@law.get("/as-of", summary="The measures that stand on a day, with the figures of that day. ある日の措置")
async def as_of(
    request: Request, lang: Lang, on: On = None, known_on: KnownOn = None, element: _Word = None, form: _Word = None, hs: _Word = None, code: _Word = None,
    word: _Word = None, kind: _Word = None, justification: _Word = None, place: _Word = None, jurisdiction: _Word = None,
    limit: Limit = 100, cursor: Cursor = None,
) -> Response:  # fmt: skip
    wanted = _wanted(
        element=element,
        form=form,
        hs=hs,
        code=code,
        word=word,
        kind=kind,
        justification=justification,
        place=place,
        jurisdiction=jurisdiction,
    )
    day = day_of(on).isoformat()
    shown = history_view.as_of(day, known_on, lang, wanted)
    return _paged(request, shown, "measures", limit, cursor, lang, day, known_on, wanted)


@law.get("/timeline", summary="Spans of standing of each measure that fits. 効力の推移")
async def timeline(
    request: Request, lang: Lang, element: _Word = None, form: _Word = None, kind: _Word = None, jurisdiction: _Word = None, word: _Word = None,
    since: Annotated[str | None, Query(description="First day. 最初の日")] = None, until: Annotated[str | None, Query(description="Last day. 最後の日")] = None,
) -> Response:  # fmt: skip
    wanted = _wanted(element=element, form=form, kind=kind, jurisdiction=jurisdiction, word=word)
    last = day_of(until).isoformat()
    return answered(request, history_view.timeline(lang, wanted, since, last), lang, tag_of("timeline", lang, wanted, since, last))


@law.get("/diff", summary="What changed in law from one day to another. 二つの日の間の変化")
async def diff(
    request: Request, lang: Lang, first: Annotated[str, Query(examples=["2025-11-08"])], last: Annotated[str, Query(examples=["2025-11-10"])],
    known_on: KnownOn = None,
) -> Response:  # fmt: skip
    return answered(request, history_view.diff(first, last, known_on, lang), lang, tag_of("diff", first, last, known_on, lang))


@law.get("/coverage", summary="What is held of each jurisdiction, what is not, and when it was last checked. 収録範囲")
async def coverage(request: Request, lang: Lang, on: On = None) -> Response:
    day = day_of(on)
    return answered(request, {"coverage": history_view.coverage(lang, day)}, lang, tag_of("coverage", day, lang))


@law.get("/words", summary="Facts, their values and aliases. 事実の言葉")
async def words(request: Request, lang: Lang, name: _Word = None, word: _Word = None) -> Response:
    return answered(request, words_view.words(name, word, lang), lang, tag_of("words", name, word, lang))


@law.get("/schema/{of}", summary="The JSON Schema of a transaction, or of other data. データの形")
async def schema(request: Request, of: Literal["transaction", "act"]) -> Response:
    return answered(request, desk.schema(of), "en", tag_of("schema", of))
