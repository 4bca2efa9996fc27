"""One page: a template, the words of its language, links that keep it, and headers that keep a browser to this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from kido import __version__, desk
from kido.errors import KidoError, Problem
from kido.face.http.problems import language, status_of
from kido.face.language import LANGUAGES, word
from kido.face.web.advice import advice
from kido.face.web.given import DRAFT, label_of
from kido.face.web.tongue import han_of, runs

HERE = Path(__file__).parent
CSP = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
NAV = (("check", "/check"), ("tables", "/tables"), ("register", "/register"), ("timeline", "/timeline"), ("changes", "/changes"), ("calendar", "/calendar"),
       ("parties", "/parties"), ("records", "/records"), ("data", "/data"))  # fmt: skip
MARKS = {"prohibited": "✕", "presumption_of_denial": "✕", "licence_required": "■", "facts_missing": "？", "exception": "△", "outside_data": "–",
         "no_match": "□"}  # fmt: skip
STANDING = {"in_force": "●", "suspended": "◐", "unknown": "？", "not_yet": "○", "ended": "–", "not_known": "–"}
Pairs = Sequence[tuple[str, str]]


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates; every value is escaped, and a name that is not given is an error."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.globals |= {"marks": MARKS, "standing_marks": STANDING, "han_of": han_of, "version": __version__}
    return found


def address(path: str, lang: str, pairs: Pairs = (), **values: object) -> str:
    """A link inside the house; what is empty is left out.

    >>> address("/register", "ja", element="Dy", word="")
    '/register?lang=ja&element=Dy'
    """
    asked = [("lang", lang), *pairs, *((name, str(value)) for name, value in values.items() if value not in (None, ""))]
    return f"{quote(path)}?{urlencode(asked)}"


def kept(request: Request, *left_out: str) -> list[tuple[str, str]]:
    """What the address asks, without some names."""
    return [(name, value) for name, value in request.query_params.multi_items() if name not in ("lang", DRAFT, *left_out) and value]


def page(request: Request, template: str, title: str, status: int = 200, *, switch: str | None = None, **values: object) -> HTMLResponse:
    """A page in the language asked for.

    Parameters
    ----------
    title : the heading of the page, already in words
    switch : the path the language switch leads to; the page itself if left out
    """
    lang = language(request)
    here = switch or request.url.path
    person, known = (request.scope.get("state", {}).get(name) for name in ("person", "people"))
    shown = templates().get_template(template).render(
        lang=lang,
        title=title,
        t=partial(_word, lang),
        say=partial(_say, lang),
        called=lambda names: ", ".join(label_of(name, lang) for name in names),
        link=lambda path, pairs=(), **asked: address(path, lang, pairs, **asked),
        kept=lambda *names: kept(request, *names),
        nav=NAV,
        path=here,
        others=[(other, address(here, other, kept(request))) for other in LANGUAGES if other != lang],
        register=desk.register().version,
        person=person,
        csrf=person.csrf if person else "",
        team=known is not None,
        **values,
    )  # fmt: skip
    headers = {"Content-Security-Policy": CSP, "Content-Language": lang, "Vary": "Accept-Language", "Cache-Control": "private, no-cache"}
    return HTMLResponse(shown, status, headers)


def _word(lang: str, id: str, **values: object) -> str:
    return word(id, lang, **values)


def _say(lang: str, text: object, han: str = "zh"):
    return runs(text, lang, han)


def told(problems: Iterable[Problem], lang: str) -> list[dict]:
    """Problems in words, each with what was read and what to do on a page."""
    return [{"place": one.place, "read": one.read, "wrong": _labelled(one, lang).wrong(lang), "do": advice(one, lang)} for one in problems]


def _labelled(problem: Problem, lang: str) -> Problem:
    """A fact is named as its field is."""
    fact = problem.values.get("fact", "")
    return replace(problem, values=problem.values | {"fact": label_of(fact, lang)}) if fact else problem


def by_field(error: KidoError, lang: str) -> dict[str, list[dict]]:
    """Problems by the name of the field they stand beside.

    >>> list(by_field(KidoError(Problem("not-a-date", "--on", "x")), "en"))
    ['on']
    """
    found: dict[str, list[dict]] = {}
    for one in error.problems:
        found.setdefault(one.place.removeprefix("--"), []).extend(told([one], lang))
    return found


def problem_page(request: Request, problems: Sequence[Problem], status: int | None = None) -> HTMLResponse:
    """What is wrong, what to do, and the way back."""
    lang, status = language(request), status or status_of(list(problems))
    title = word("web.refused" if status == 403 else f"http.{status}", lang)
    page_missing = any(one.code in ("no-such-page", "wrong-method", "not-understood") for one in problems)
    return page(
        request,
        "problem.html",
        title,
        status,
        switch="/" if request.method != "GET" else None,
        problems=[] if page_missing else told(problems, lang),
        path_read=request.url.path[:200],
    )
