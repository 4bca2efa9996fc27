"""Requests that the description shows, in ja and en; each is run by the tests."""

from __future__ import annotations

from collections.abc import Callable

from kido import __version__, desk
from kido.face import finding_view, history_view, interview_view, party_view, shelf_view, view, words_view
from kido.face.http.asked import page_of, part_of
from kido.face.language import word
from kido.register.exchange.package import LICENCE

_TRANSACTION = {
    "ja": {
        "summary": "中国からサマリウムコバルト磁石を輸入する",
        "value": {"act": "export", "from": "中国", "to": "日本", "origin": "中国", "form": "磁石", "magnet_family": "SmCo"},
    },
    "en": {
        "summary": "Dysprosium metal from China to Germany",
        "value": {"act": "export", "from": "CN", "to": "DE", "origin": "CN", "form": "metal", "element": "Dy", "composition": {"Dy": 99.9}},
    },
}
_SCHEMA = {
    "type": "object",
    "description": "Facts by name (see /schema/transaction and /words); what is left out is unknown. 事実。書かないものは不明",
    "additionalProperties": True,
}
_NAMES = {
    "ja": {"summary": "日本語の名称", "value": {"names": ["ＴＤＫ株式会社"]}},
    "en": {"summary": "A name with its country", "value": {"names": [{"name": "TDK Corporation", "country": "JP"}]}},
}
_NAMES_SCHEMA = {
    "type": "object",
    "required": ["names"],
    "additionalProperties": False,
    "properties": {
        "names": {
            "type": "array", "minItems": 1, "maxItems": 1000,
            "items": {"anyOf": [{"type": "string"}, {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "country": {"type": "string"}}}]},
        }
    },
}  # fmt: skip
_REMARK = {
    "ja": {"summary": "コメントを書く", "value": {"kind": "comment", "text": "供給者に成分表を依頼した"}},
    "en": {"summary": "Say when it was shipped", "value": {"kind": "shipped", "shipped": "2026-11-29"}},
}
_REMARK_SCHEMA = {
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": ["comment", "approve", "reject", "shipped", "hold", "release"]},
        "text": {"type": "string", "maxLength": 4000},
        "shipped": {"type": "string", "description": "A day, or never. 日付または never", "examples": ["2026-11-29", "never"]},
    },
}


def _asked(schema: dict, examples: dict) -> dict:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "examples": examples}}}}


TRANSACTIONS, NAMES, REMARKS = _asked(_SCHEMA, _TRANSACTION), _asked(_NAMES_SCHEMA, _NAMES), _asked(_REMARK_SCHEMA, _REMARK)
EXAMPLES = {"transaction": _TRANSACTION, "names": _NAMES}

# -- answers ------------------------------------------------------------------------------------

_DAY, _MEASURE = "2026-11-23", "cn-mofcom-gacc-2025-18/1"
_DETERMINE = "answer.id,answer.sentences,by_when,missing.fact,missing.question,do,proof.version"
_EXPLAIN = "measure,title,answer,words,standing,outcome,items.code,items.name,confidence"
_ASKED = "question.fact,question.question,question.values,question.who,question.effects"
_SCREEN = "on,screenings.query,screenings.answer,screenings.words,screenings.hits.name,screenings.hits.list_title,screenings.hits.since,screenings.not_covered"
_ACT = "id,number,title,published,effective,measures.id,measures.standing,sources.url,sources.seen"
_MEASURES = "on,measures.id,measures.title,measures.standing,searched.jurisdiction"
_COVERED = "coverage.jurisdiction,coverage.not_held,coverage.verified,coverage.acts"


def _determined(lang: str) -> dict:
    return part_of(view.determination(desk.determine(_TRANSACTION[lang]["value"], _DAY), lang), _DETERMINE)


def _explained(lang: str) -> dict:
    found = desk.determine(_TRANSACTION[lang]["value"], _DAY)
    finding = desk.explain(found.transaction, _MEASURE, found.on)
    return part_of(finding_view.finding(finding, found, lang, full=True), _EXPLAIN)


def _question(lang: str) -> dict:
    found = desk.next_question(_TRANSACTION[lang]["value"], _DAY)
    return part_of({"question": None if found is None else interview_view.question(found, 1, lang)}, _ASKED)


def _screened(lang: str) -> dict:
    (name,) = _NAMES[lang]["value"]["names"]
    name, country = (name["name"], name["country"]) if isinstance(name, dict) else (name, "")
    found = party_view.screening(desk.screen(name, _DAY, country), lang)
    return part_of({"on": _DAY, "screenings": [found], "records": []}, _SCREEN, ["records"])


def _page(shown: dict, name: str, limit: int, fields: str) -> dict:
    page = page_of(shown[name], limit, None)
    return part_of(shown | {name: page.entries, "total": page.total, "next": page.next}, fields, ("total", "next"))


def _bulk(lang: str) -> dict:
    """A shape only: the files are made when they are first asked for."""
    url = "/api/bulk/0123456789ab-01234567"
    file = {
        "name": "acts.csv",
        "format": "csv",
        "bytes": 128751,
        "sha256": "0" * 64,
        "media_type": "text/csv; charset=utf-8; header=present",
        "licence": "Apache-2.0",
        "url": f"{url}/acts.csv",
    }
    return {
        "version": "0123456789ab-01234567",
        "register": "0123456789ab",
        "made_with": f"kido {__version__}",
        "licence": {"id": "Apache-2.0", "url": LICENCE["path"], "words": word("bulk.licence", lang)},
        "checksums": f"{url}/SHA256SUMS",
        "files": [file],
    }


_DONE = {
    "id": "0123456789abcdef0123456789abcdef", "state": "done", "file": "orders.xlsx", "bytes": 10_240, "progress": {"done": 250, "rows": 250},
    "files": [{"name": "answers.csv", "bytes": 48_211, "sha256": "0" * 64}],
    "result": {"rows": 250, "answered": 248, "rejected": 2, "answers": {"licence_required": 40, "facts_missing": 150, "no_match": 58}},
}  # fmt: skip
_BEGUN = _DONE | {"state": "running", "progress": {"done": 0, "rows": None}, "files": []}
_BEGUN.pop("result")

# operation -> how it is asked, and its answer in a language; {lang} is the language
ANSWERS: dict[str, tuple[str, Callable[[str], dict]]] = {
    "determine": (f"POST /api/determine?lang={{lang}}&on={_DAY}&keep=false&fields={_DETERMINE}", _determined),
    "explain": (f"POST /api/explain/{_MEASURE}?lang={{lang}}&on={_DAY}&fields={_EXPLAIN}", _explained),
    "next_question": (f"POST /api/next-question?lang={{lang}}&on={_DAY}&fields={_ASKED}", _question),
    "screen": (f"POST /api/screen?lang={{lang}}&on={_DAY}&keep=false&fields={_SCREEN}", _screened),
    "acts": (
        f"GET /api/register?lang={{lang}}&on={_DAY}&element=Dy&limit=2&fields=acts.id,acts.title,acts.measures",
        lambda lang: _page(shelf_view.acts(_DAY, None, lang, {"element": "Dy"}), "acts", 2, "acts.id,acts.title,acts.measures"),
    ),
    "act": (
        f"GET /api/register/cn-mofcom-gacc-2025-18?lang={{lang}}&on={_DAY}&fields={_ACT}",
        lambda lang: part_of(shelf_view.act("cn-mofcom-gacc-2025-18", _DAY, None, lang), _ACT),
    ),
    "as_of": (
        f"GET /api/as-of?lang={{lang}}&on={_DAY}&element=Ho&form=metal&limit=2&fields={_MEASURES}",
        lambda lang: _page(history_view.as_of(_DAY, None, lang, {"element": "Ho", "form": "metal"}), "measures", 2, _MEASURES),
    ),
    "timeline": (
        f"GET /api/timeline?lang={{lang}}&element=Ho&until={_DAY}&limit=1&fields=from,until,measures.id,measures.spans",
        lambda lang: _page(
            history_view.timeline(lang, {"element": "Ho"}, None, _DAY), "measures", 1, "from,until,measures.id,measures.spans"
        ),
    ),
    "diff": (
        "GET /api/diff?lang={lang}&first=2025-11-08&last=2025-11-10&limit=1&fields=changes",
        lambda lang: _page(history_view.diff("2025-11-08", "2025-11-10", None, lang), "changes", 1, "changes"),
    ),
    "coverage": (
        f"GET /api/coverage?lang={{lang}}&on={_DAY}&fields={_COVERED}",
        lambda lang: part_of({"coverage": history_view.coverage(lang, desk.as_date(_DAY, "on"))}, _COVERED),
    ),
    "words": ("GET /api/words?lang={lang}&name=magnet_family", lambda lang: words_view.words("magnet_family", None, lang)),
    "start_batch": ("POST /api/batch?filename=orders.xlsx&lang={lang}", lambda lang: _BEGUN),
    "show_batch": ("GET /api/batch/0123456789abcdef0123456789abcdef?lang={lang}", lambda lang: _DONE),
    "bulk_index": ("GET /api/bulk?lang={lang}", _bulk),
    "health": ("GET /api/health?lang={lang}", lambda lang: {"kido": __version__, "register": desk.register().version}),
}
MADE_UP = ("start_batch", "show_batch", "bulk_index")  # the others are what is answered
