"""Tools on the register: search, one act, what changed, what is held and what is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kido import desk
from kido.errors import KidoError, Problem
from kido.face import history_view, shelf_view
from kido.face.finding_view import number_of, place, standing
from kido.face.language import by_label, word
from kido.face.mcp import proof
from kido.face.mcp.asked import Compares, Covers, Searches, ShowsAct, day_of, known, stated
from kido.face.mcp.fitted import fitted
from kido.register import store
from kido.register.model import Watch
from kido.register.search import Hit, query
from kido.terms.text import said

WANTED = ("element", "form", "hs", "code", "word", "kind", "place", "jurisdiction")
MOST_ITEMS, MOST_FIGURES, MOST_HISTORY, MOST_UNLESS, MOST_NOT_HELD = 4, 3, 6, 4, 2
_NOT_SEARCHED = {"not_covered.not_searched": 4}


def search_register(asked: Searches, lang: str) -> dict:
    """The measures of the law of that day first, then those that fit and have ended, not begun, or are dated later."""
    known(asked.on, asked.known_on)
    on, day = day_of(asked.on)
    wanted = stated(asked, WANTED)
    standing_then = history_view.as_of(on, asked.known_on, lang, wanted)["measures"]
    there = {one["id"] for one in standing_then}
    until = desk.as_date(asked.known_on, "known_on") or date.max
    others = [
        hit for hit in desk.search(**by_label(wanted)) if hit.measure.id not in there and (hit.act.known_from <= until)
    ]  # fmt: skip
    found = [_stands(one) for one in standing_then] + [_other(hit, on, asked.known_on, lang) for hit in others]
    watches, none = _watches(asked.jurisdiction)
    early = [w for w in watches if w.covers_from > _date(on)]
    shown = {
        "on": _date(on).isoformat(),
        "on_from": day,
        **_known(asked.known_on),
        "count": len(found),
        "measures": found,
        "searched": proof.searched(watches, lang),
    } | _under(watches, lang, _date(on), [*_not_held(none, lang), *_before(early, lang)])
    newest = [act.id for w in watches if (act := proof.newest(w.jurisdiction, until))]
    return fitted(shown, {"measures": 3, "searched": 2} | _NOT_SEARCHED, lang, asked.part, asked.start, named=newest)


def show_act(asked: ShowsAct, lang: str) -> dict:
    known(asked.on, asked.known_on)
    on, day = day_of(asked.on)
    whole = shelf_view.act(asked.id, on, asked.known_on, lang)
    held = desk.act(asked.id)
    items = [one for one in whole["items"] if one["code"].casefold().startswith((asked.code or "").casefold())]
    shown = {
        "on": whole["on"],
        "on_from": day,
        **_known(asked.known_on),
        "act": held.id,
        "jurisdiction": held.jurisdiction,
        "published": whole["published"] or "",
        "effective": whole["effective"] or "",
        **{name: whole[name] for name in ("number", "title", "original", "confidence", "note", "does", "penalties", "records", "doubts")},
        "measures": [_measure(one) for one in whole["measures"]],
        "items": [
            {name: one[name] for name in ("code", "name", "text", "rule", "note")}
            | {"hs": [f"{p['tariff']} {p['is_words']}: {', '.join(p['codes'][:MOST_ITEMS])}" for p in one["hs"][:MOST_FIGURES]]}
            for one in items
        ],
    } | _under([desk.register().watches[held.jurisdiction]], lang, _date(on))
    least = {"measures": 2, "items": 2, "does": 1, "doubts": 1} | _NOT_SEARCHED
    return fitted(shown, least, lang, asked.part, asked.start)


def what_changed(asked: Compares, lang: str) -> dict:
    found = history_view.diff(asked.first, asked.last, asked.known_on, lang)["changes"]
    first, last = desk.as_date(asked.first, "first"), desk.as_date(asked.last, "last")
    watches = list(desk.register().watches.values())
    shown = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        **_known(asked.known_on),
        "count": len(found),
        "changes": [
            {name: one[name] or "" for name in ("day", "what", "act", "measure", "place", "number", "title", "before", "after")}
            for one in found
        ],
    } | _under(watches, lang, last, _before([w for w in watches if w.covers_from > first], lang))
    newest = [act.id for w in watches if (act := proof.newest(w.jurisdiction)) and w.depth == "register"]
    return fitted(shown, {"changes": 3} | _NOT_SEARCHED, lang, asked.part, asked.start, named=newest)


def coverage(asked: Covers, lang: str) -> dict:
    known(asked.on)
    on, day = day_of(asked.on)
    rows = history_view.coverage(lang, _date(on))
    watches, none = _watches(asked.jurisdiction)
    rows = [one for one in rows if one["jurisdiction"] in {w.jurisdiction for w in watches}]
    shown = {
        "on": _date(on).isoformat(),
        "on_from": day,
        "jurisdictions": [_covered(one, len(rows) == 1) for one in rows],
    } | _under([], lang, _date(on), [*_not_held(none, lang), word("proof.other_jurisdictions", lang)])
    least = {"jurisdictions": 3} | _NOT_SEARCHED
    if asked.jurisdiction and rows:
        shown["not_covered"]["not_searched"] = [*rows[0]["not_held"], *shown["not_covered"]["not_searched"]]
        least = {"jurisdictions": 1, "not_covered.not_searched": 6}
    return fitted(shown, least, lang, asked.part, asked.start)


def _stands(one: dict) -> dict:
    kept = {name: one[name] for name in ("jurisdiction", "place", "number", "title", "kind", "kind_words", "standing")}
    return kept | {
        "measure": one["id"],
        "stands": True,
        "items": [{"code": item["code"], "name": item["name"], "text": ""} for item in one["items"][:MOST_ITEMS]],
        "figures": [figure["words"] for figure in one["figures"][:MOST_FIGURES]],
    }


def _other(hit: Hit, on: str, known_on: str | None, lang: str) -> dict:
    act, measure = hit.act, hit.measure
    status = dict(desk.standing(act.id, on, known_on))[measure.id]
    return {
        "measure": measure.id,
        "jurisdiction": act.jurisdiction,
        "place": place(act.jurisdiction, lang),
        "number": act.number,
        "title": said(measure.title if len(act.measures) > 1 else act.title, lang),
        "kind": measure.kind,
        "kind_words": word(f"kind.{measure.kind}", lang),
        "stands": False,
        "standing": word("history.before", lang) if status.word == "not_known" else standing(status, lang),
        "items": [{"code": item.code, "name": said(item.name, lang), "text": item.text} for item in hit.items[:MOST_ITEMS]],
        "figures": [],
    }


def _measure(one: dict) -> dict:
    return {
        "measure": one["id"],
        "place": one["text"],
        **{name: one[name] for name in ("title", "kind", "gate", "standing", "outcome_words", "rule")},
        "outcome": one["outcome"] or "",
        "unless": one["unless"][:MOST_UNLESS],
        "figures": [figure["words"] for figure in one["figures"][-MOST_FIGURES:]],
        "history": [f"{change['day']} {change['words']} {change['by']}".strip() for change in one["history"][-MOST_HISTORY:]],
        "notes": [text for text in (*one["notes"], one["note"], one["review"]) if text],
    }


def _covered(one: dict, alone: bool) -> dict:
    """One place; alone, with what is held and what is open, and all that is not held stands under `not_covered`."""
    kept = (
        "jurisdiction",
        "label",
        "depth",
        "depth_words",
        "covers_from",
        "verified",
        "newest_source",
        "acts",
        "judged",
        "policy",
        "items",
        "doubts",
    )
    newest = proof.newest(one["jurisdiction"])
    short = one["not_held"][:MOST_NOT_HELD]
    return {name: one[name] for name in kept} | {
        "newest_act": [{"act": newest.id, "number": number_of(newest.id)}] if newest else [],
        "held": one["held"] if alone else [],
        "not_held": short,
        "more_not_held": len(one["not_held"]) - len(short),
        "open_questions": one["open_questions"] if alone else [],
    }


def _under(watches: list[Watch], lang: str, on: date, first: Iterable[str] = ()) -> dict:
    not_searched = [*first, *proof.not_held(watches, lang, on)]
    return {
        "register": proof.register(lang, watches),
        "not_covered": proof.not_covered(lang, not_searched, word("proof.parties", lang)),
    }


def _not_held(codes: list[str], lang: str) -> list[str]:
    return [word("mcp.not_held", lang, place=place(code, lang)) for code in codes]


def _before(watches: list[Watch], lang: str) -> list[str]:
    """The places of which only later days are held."""
    if not watches:
        return []
    return [word("as_of.before", lang, places=", ".join(f"{place(w.jurisdiction, lang)} ({w.covers_from})" for w in watches))]


def _watches(jurisdiction: str | None) -> tuple[list[Watch], list[str]]:
    """The place asked for, else all; and that its law is not held, where it is not."""
    held = desk.register().watches
    if not jurisdiction:
        return list(held.values()), []
    code = query(desk.register(), store.terms(), {"jurisdiction": jurisdiction}).jurisdiction
    return ([held[code]], []) if code in held else ([], [code])


def _known(known_on: str | None) -> dict:
    return {"known_on": desk.as_date(known_on, "known_on").isoformat()} if known_on else {}


def _date(on: str) -> date:
    found = desk.as_date(on, "on")
    if found is None:
        raise KidoError(Problem("missing-key", "on", "on"))
    return found
