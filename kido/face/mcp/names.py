"""Tools on names and words: who stands on a party list, and which words facts may have."""

from __future__ import annotations

from kido import desk
from kido.face import party_view, words_view
from kido.face.language import word
from kido.face.mcp import proof
from kido.face.mcp.asked import Lists, Screens, day_of, known
from kido.face.mcp.fitted import fitted
from kido.terms.text import said

MOST_ALIASES, MOST_COUNTRIES = 8, 4
_SHOWN = ("list_title", "name", "entry", "party", "sure", "sure_words", "score", "standing", "standing_words", "since", "until", "means")


def screen_party(asked: Screens, lang: str) -> dict:
    known(asked.on)
    on, day = day_of(asked.on)
    whole = party_view.screening(desk.screen(asked.name, on, asked.country or ""), lang)
    held = {one.id: one for one in desk.party_lists()}
    lists = [one["id"] for one in whole["searched"]]
    troubled = [one["words"] for one in whole["searched"] if one["stale"] or not one["searched"]]
    gaps = [f"{said(held[id].title, lang)}: {said(held[id].not_in, lang)}" for id in lists if id in held and held[id].not_in]
    shown = {
        "on": whole["on"],
        "on_from": day,
        "name": whole["query"],
        "answer": whole["answer"],
        "words": whole["words"],
        "reason": whole["reason"],
        "hits": [_hit(one) for one in whole["hits"]],
        "near": [_hit(one) for one in whole["near"]],
        "searched": [
            {
                "list_id": one["id"],
                "title": one["title"],
                "edition": one["edition"],
                "records": one["records"],
                "searched": one["searched"],
                "old": one["stale"],
            }
            for one in whole["searched"]
        ],
        "register": proof.register(lang),
        "not_covered": proof.not_covered(
            lang, [*whole["not_covered"], *troubled, *gaps], word("proof.parties_compared", lang, parties=1, lists=len(lists))
        ),
    }
    met = list(dict.fromkeys(one["list"] for one in (*whole["hits"], *whole["near"])))
    least = {"hits": 3, "near": 1, "not_covered.not_searched": 4}
    return fitted(shown, least, lang, asked.part, asked.start, of=proof.of_lists, named=met or lists)


def _hit(one: dict) -> dict:
    return {name: one[name] for name in _SHOWN} | {
        "list_id": one["list"],
        "why": one["how_words"],
        "countries": one["countries"][:MOST_COUNTRIES],
    }


def words(asked: Lists, lang: str) -> dict:
    whole = words_view.words(asked.list_name, asked.word, lang)
    found = [_word(one) for one in whole["words"]]
    shown = {
        "list_id": asked.list_name or "",
        "count": len(found),
        "words": found,
        "lists": list(desk.lists()) if asked.list_name is None else [],
        "register": proof.register(lang),
        "not_covered": proof.not_covered(lang, [word("mcp.words_only", lang)], word("proof.parties", lang)),
    }
    return fitted(shown, {"words": 5}, lang, asked.part, asked.start)


def _word(one: dict) -> dict:
    kept = {"id": one["id"], "label": one["label"], "aliases": one.get("aliases", [])[:MOST_ALIASES]}
    named = {"type": one.get("type"), "unit": one.get("unit"), "list_id": one.get("list"), "question": one.get("question")}
    return kept | {name: value for name, value in named.items() if value}
