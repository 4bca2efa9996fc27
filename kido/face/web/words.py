"""The words a user may write: names of facts, and the values of every list with their other names.

GET /words          the facts, and the lists there are
GET /words/{list}   the values of one list, or of a fact; `word` narrows them
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from kido import desk
from kido.face import words_view
from kido.face.finding_view import label
from kido.face.http.problems import language
from kido.face.language import word
from kido.face.language import words as phrases
from kido.face.web.fields import Field
from kido.face.web.sheet import page
from kido.register import store

words = APIRouter(include_in_schema=False)
LONGEST = 100  # characters of a word looked for


@words.get("/words", response_class=HTMLResponse)
def facts(request: Request) -> HTMLResponse:
    return _shown(request, None)


@words.get("/words/{name}", response_class=HTMLResponse)
def values(request: Request, name: str) -> HTMLResponse:
    return _shown(request, name[:LONGEST])


def _shown(request: Request, name: str | None) -> HTMLResponse:
    lang, sought = language(request), request.query_params.get("word", "").strip()[:LONGEST]
    shown = words_view.words(name, sought or None, lang)
    lists = {one: (called(one, lang), count) for one, count in desk.lists().items()}
    title = word("web.words.of", lang, name=called(name, lang)) if name else word("web.words.facts", lang)
    fact = name if name in store.terms().facts else ""
    return page(
        request, "words.html", title, name=name, entries=shown["words"], lists=sorted(lists.items(), key=lambda pair: pair[1][0]),
        field=Field("word", word("web.words.narrow", lang), sought), sought=sought, fact=fact, are_values=bool(shown["words"]) and "aliases" in shown["words"][0],
    )  # fmt: skip


def called(name: str, lang: str) -> str:
    """A list by the fact it belongs to, else by its own name."""
    return word(f"web.words.list.{name}", lang) if f"web.words.list.{name}" in phrases() else label(name, lang)
