"""The register: acts, measures, one day, a timeline, what changed, what is held, and the words of facts."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kido import desk
from kido.face import history_view, shelf_view, words_view
from kido.face.http.asked import Cursor, Fields, KnownOn, Lang, Limit, On, answered, day_of, page_of, part_of, tag_of

law = APIRouter(tags=["register"])


def _by(ja: str, en: str, *examples: str) -> object:
    """A filter; an empty one is refused, for it would be taken for none."""
    return Query(min_length=1, max_length=200, description=f"{en} {ja}", examples=list(examples))


Element = Annotated[str | None, _by("元素", "A material: symbol or name in ja, en or zh.", "Dy", "ジスプロシウム")]
Form = Annotated[str | None, _by("形状", "A form of goods.", "magnet", "金属")]
Hs = Annotated[str | None, _by("HSコード", "An HS code or its beginning.", "280530")]
Code = Annotated[str | None, _by("管理番号", "A control code.", "1C902.a")]
Kind = Annotated[str | None, _by("措置の種類", "A kind of measure.", "licence", "備蓄")]
Reason = Annotated[str | None, _by("表明された理由", "The stated reason.", "national_security")]
Place = Annotated[str | None, _by("相手の国・地域", "A country or region the measure is about.", "JP")]
Jurisdiction = Annotated[str | None, _by("法域", "Whose law.", "CN", "日本")]
Text = Annotated[str | None, _by("言葉", "A word of a title, entry or note, in ja, en or zh.", "備蓄", "stockpile")]


def _wanted(**asked: str | None) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}


def _paged(
    request: Request, shown: dict, name: str, limit: int, cursor: str | None, lang: str, fields: str | None, *asked: object
) -> Response:
    """One page of a list of the answer; `asked` is what else the answer depends on. Whatever is asked for, it says what is left."""
    page = page_of(shown[name], limit, cursor)
    tag = tag_of(name, lang, limit, cursor, fields, *asked)
    return answered(
        request, part_of(shown | {name: page.entries, "total": page.total, "next": page.next}, fields, ("total", "next")), lang, tag
    )


@law.get("/register", summary="Every act with its standing on a day. 法令の一覧")
def acts(
    request: Request, lang: Lang, on: On = None, known_on: KnownOn = None, jurisdiction: Jurisdiction = None, element: Element = None, form: Form = None,
    hs: Hs = None, code: Code = None, word: Text = None, kind: Kind = None, justification: Reason = None, place: Place = None,
    limit: Limit = 100, cursor: Cursor = None, fields: Fields = None,
) -> Response:  # fmt: skip
    day = day_of(on).isoformat()
    wanted = _wanted(
        jurisdiction=jurisdiction, element=element, form=form, hs=hs, code=code, word=word, kind=kind, justification=justification, place=place
    )  # fmt: skip
    shown = shelf_view.acts(day, known_on, lang, wanted)
    return _paged(request, shown, "acts", limit, cursor, lang, fields, day, known_on, wanted)


@law.get("/register/{id:path}", summary="One act with its measures, items, events and sources. 一つの法令")
def act(request: Request, id: str, lang: Lang, on: On = None, known_on: KnownOn = None, fields: Fields = None) -> Response:
    day = day_of(on).isoformat()
    return answered(request, part_of(shelf_view.act(id, day, known_on, lang), fields), lang, tag_of("act", id, day, known_on, lang, fields))


@law.get("/as-of", summary="The measures that stand on a day, with the figures of that day. ある日の措置")
def as_of(
    request: Request, lang: Lang, on: On = None, known_on: KnownOn = None, element: Element = None, form: Form = None, hs: Hs = None, code: Code = None,
    word: Text = None, kind: Kind = None, justification: Reason = None, place: Place = None, jurisdiction: Jurisdiction = None,
    limit: Limit = 100, cursor: Cursor = None, fields: Fields = None,
) -> Response:  # fmt: skip
    wanted = _wanted(
        element=element, form=form, hs=hs, code=code, word=word, kind=kind, justification=justification, place=place, jurisdiction=jurisdiction
    )  # fmt: skip
    day = day_of(on).isoformat()
    shown = history_view.as_of(day, known_on, lang, wanted)
    return _paged(request, shown, "measures", limit, cursor, lang, fields, day, known_on, wanted)


@law.get("/timeline", summary="Spans of standing of each measure that fits. 効力の推移")
def timeline(
    request: Request, lang: Lang, element: Element = None, form: Form = None, hs: Hs = None, code: Code = None, word: Text = None, kind: Kind = None,
    justification: Reason = None, place: Place = None, jurisdiction: Jurisdiction = None,
    since: Annotated[str | None, Query(description="First day. 最初の日", examples=["2023-01-01"])] = None,
    until: Annotated[str | None, Query(description="Last day; today if left out. 最後の日", examples=["2026-11-23"])] = None,
    limit: Limit = 100, cursor: Cursor = None, fields: Fields = None,
) -> Response:  # fmt: skip
    wanted = _wanted(
        element=element, form=form, hs=hs, code=code, word=word, kind=kind, justification=justification, place=place, jurisdiction=jurisdiction
    )  # fmt: skip
    first, last = desk.as_date(since, "since"), (desk.as_date(until, "until") or day_of(None)).isoformat()
    shown = history_view.timeline(lang, wanted, first and first.isoformat(), last)
    return _paged(request, shown, "measures", limit, cursor, lang, fields, wanted, since, last)


@law.get("/diff", summary="What changed in law from one day to another. 二つの日の間の変化")
def diff(
    request: Request, lang: Lang, first: Annotated[str, Query(description="The earlier day. 前の日", examples=["2025-11-08"])],
    last: Annotated[str, Query(description="The later day. 後の日", examples=["2025-11-10"])], known_on: KnownOn = None,
    limit: Limit = 100, cursor: Cursor = None, fields: Fields = None,
) -> Response:  # fmt: skip
    shown = history_view.diff(first, last, known_on, lang)
    return _paged(request, shown, "changes", limit, cursor, lang, fields, first, last, known_on)


@law.get("/coverage", summary="What is held of each jurisdiction, what is not, and when it was last checked. 収録範囲")
def coverage(request: Request, lang: Lang, on: On = None, fields: Fields = None) -> Response:
    day = day_of(on)
    return answered(request, part_of({"coverage": history_view.coverage(lang, day)}, fields), lang, tag_of("coverage", day, lang, fields))


@law.get("/words", summary="Facts, their values and aliases. 事実の言葉")
def words(
    request: Request, lang: Lang, name: Annotated[str | None, _by("一覧の名前", "A list or a fact with a list.", "form")] = None, word: Text = None,
    fields: Fields = None,
) -> Response:  # fmt: skip
    return answered(request, part_of(words_view.words(name, word, lang), fields), lang, tag_of("words", name, word, lang, fields))


@law.get("/schema/{of}", summary="The JSON Schema of a transaction, or of other data. データの形")
def schema(request: Request, of: Literal["transaction", "act"], lang: Lang) -> Response:
    return answered(request, desk.schema(of), lang, tag_of("schema", of, lang))
