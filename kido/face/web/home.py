"""The first page, and its one box: a part name, HS code, element, control code or party, looked for everywhere at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from kido import desk
from kido.errors import KidoError
from kido.face import history_view, party_view, shelf_view
from kido.face.exact_json import encoded
from kido.face.http.asked import day_of
from kido.face.http.people import records_for
from kido.face.http.problems import language
from kido.face.language import word
from kido.face.web.fields import Field
from kido.face.web.samples import PAPERS, TRANSACTIONS, sample_fields
from kido.face.web.sheet import by_field, page
from kido.register import store
from kido.terms.hs import read_hs
from kido.terms.text import folded, said

home = APIRouter(include_in_schema=False)
GOODS = ("form", "substance", "magnet_family", "equipment", "alloy_system", "assembly_kind")
MOST_READ, MOST_ACTS = 200, 12
_CODE = re.compile(r"\d[a-e]\d{3}[a-z0-9.]*", re.IGNORECASE)
_DIGITS = re.compile(r"[\d.\- ]{4,14}")


@home.get("/", response_class=HTMLResponse)
def first(request: Request) -> HTMLResponse:
    return first_page(request)


def first_page(request: Request, wrong: Sequence[dict] = ()) -> HTMLResponse:
    """Parameters
    ----------
    wrong : what is wrong with a file that was dropped
    """
    lang, today = language(request), day_of(None)
    held = history_view.coverage(lang, today)
    lists = desk.party_lists()
    return page(
        request, "home.html", word("web.home.title", lang), 422 if wrong else 200, switch="/", wrong=wrong, demo=_demo(request, lang), held=held, today=today.isoformat(), lists=len(lists),
        oldest=min(one.edition for one in lists).isoformat(), acts=len(desk.register().instruments),
    )  # fmt: skip


def _demo(request: Request, lang: str) -> dict | None:
    """The samples of `kido demo --web`: a table that was judged, transactions and their papers."""
    id = getattr(request.app.state, "demo", None)
    if id is None:
        return None
    table = id if (request.app.state.jobs.folder / id / "job.json").is_file() else ""  # it may have been removed, as a user may
    return {
        "table": table,
        "transactions": [(word(f"web.sample.{name}", lang), sample_fields(name)) for name in TRANSACTIONS],
        "papers": [(word(f"web.papers.sample.{name}", lang), name) for name in PAPERS],
    }


@home.get("/search", response_class=HTMLResponse)
def search(request: Request) -> HTMLResponse:
    """What the one box found: as material, goods, code, place, in the words of the register, and as a name on a party list."""
    lang = language(request)
    asked = request.query_params.get("q", "").strip()[:MOST_READ]
    found = _found(asked, lang) if asked else {"ways": [], "acts": [], "more": 0, "parties": None}
    return page(request, "search.html", word("web.search.title", lang), asked=asked, **found)


def _found(asked: str, lang: str) -> dict:
    ways = [*_material(asked, lang), *_goods(asked, lang), *_codes(asked, lang), *_place(asked, lang)]
    by = next((way["by"] for way in ways if "by" in way), {"word": asked})
    today = day_of(None).isoformat()
    acts = shelf_view.acts(today, None, lang, by)["acts"]
    if not acts and "word" not in by:
        acts = shelf_view.acts(today, None, lang, {"word": asked})["acts"]
    coded = any(way["what"] in ("hs", "code", "element") for way in ways)
    parties = None if coded else party_view.screening(desk.screen(asked, today), lang)
    return {"ways": ways, "acts": acts[-MOST_ACTS:][::-1], "more": max(0, len(acts) - MOST_ACTS), "parties": parties, "by": by}


def _material(asked: str, lang: str) -> list[dict]:
    symbol = store.terms().lookup("element", asked)
    if symbol is None or symbol == "mixed":
        return []
    label = f"{symbol} {said(store.terms().elements[symbol].label, lang)}"
    return [{"what": "element", "label": label, "by": {"element": symbol}, "check": {"element": symbol}}]


def _goods(asked: str, lang: str) -> list[dict]:
    """Kinds of goods whose name or alias is this word, or holds it."""
    terms, word_ = store.terms(), folded(asked)
    found = []
    for table in GOODS:
        known = terms.choices[table]
        exact = terms.lookup(table, asked)
        near = [id for id, one in known.items() if len(word_) > 1 and any(word_ in folded(text) for text in one.label.values())]
        for id in dict.fromkeys([*([exact] if exact else []), *near][:3]):
            label = f"{said(terms.facts[table].label, lang)}: {said(known[id].label, lang)}"
            found.append(
                {"what": "goods", "label": label, "check": {table: id}} | ({"by": {"form": id}} if table == "form" and exact else {})
            )
    return found[:6]


def _codes(asked: str, lang: str) -> list[dict]:
    plain = folded(asked)
    if _CODE.fullmatch(plain):
        return [{"what": "code", "label": asked, "by": {"code": plain.upper()[:5] + plain[5:]}, "check": {"control_code": asked}}]
    if _DIGITS.fullmatch(plain) and (hs := read_hs(plain)):
        return [{"what": "hs", "label": hs, "by": {"hs": hs}, "check": {"hs": hs}}]
    return []


def _place(asked: str, lang: str) -> list[dict]:
    code = store.terms().lookup("place", asked)
    if code is None:
        return []
    return [{"what": "place", "label": said(store.terms().places[code].label, lang), "by": {"place": code}, "check": {"destination": code}}]


@home.get("/parties", response_class=HTMLResponse)
def parties(request: Request) -> HTMLResponse:
    """Names, one a line, compared with the party lists."""
    lang = language(request)
    typed = {name: request.query_params.get(name, "") for name in ("names", "country", "on")}
    on = typed["on"].strip() or day_of(None).isoformat()
    names = [line.strip() for line in typed["names"].splitlines() if line.strip()]
    problems, found, records = {}, [], []
    try:
        found = [party_view.screening(desk.screen(name, on, typed["country"].strip()), lang) for name in names[:MOST_READ]]
        records = _recorded(request, found, typed["country"].strip(), on, lang)
    except KidoError as error:
        problems = by_field(error, lang)
    fields = {
        "names": Field("names", word("web.parties.names", lang), typed["names"], hint=word("web.parties.hint", lang), problems=tuple(problems.get("names", ()))),
        "country": Field("country", word("web.party.country", lang), typed["country"], list="places", hint=word("ask.example.place", lang), problems=tuple(problems.get("country", ()))),
        "on": Field("on", word("web.by.on", lang), on, problems=tuple(problems.get("on", ()))),
    }  # fmt: skip
    return page(
        request, "parties.html", word("web.parties.title", lang), 422 if problems else 200,
        fields=fields, found=found, records=records, lists=desk.party_lists(), left=names[MOST_READ:], said_title=lambda one: said(one.title, lang),
    )  # fmt: skip


def _recorded(request: Request, found: list[dict], country: str, on: str, lang: str) -> list[str]:
    """The numbers under which the answers are kept; a reader's are not, nor what a page of others makes a browser ask."""
    who = records_for(request)
    if not found or not who:
        return []
    day = desk.as_date(on, "on")
    news = [desk.screened(one["query"], country, day, one["answer"], encoded(one), lang, who) for one in found]
    return [entry.id for entry in desk.keep(news)]
