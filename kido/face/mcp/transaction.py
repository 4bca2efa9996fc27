"""Tools on one transaction: what it needs, what to ask next, why one measure applies or does not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kido import desk
from kido.decide.determine import NO_MATCH, REACH_UNKNOWN, Determination
from kido.decide.finding import APPLIES, DOES_NOT, OPEN, Finding
from kido.face import finding_view, interview_view, party_view, view
from kido.face.finding_view import number_of
from kido.face.language import word
from kido.face.mcp import proof
from kido.face.mcp.asked import AsksNext, Explains, OfTransaction, day_of, facts_of
from kido.face.mcp.fitted import Sources, fitted
from kido.register import store
from kido.register.model import Item
from kido.register.timeline import ENDED, NOT_YET, SUSPENDED
from kido.terms.text import said

MOST_ITEMS, MOST_NAMED, MOST_HITS, MOST_VALUES, MOST_WAITING, MOST_DECIDING = 3, 4, 3, 12, 5, 2
_LEAST = {
    "sentences": 4, "binding": 4, "open": 3, "not_in_force": 1, "beside": 0, "missing": 4, "by_when": 2, "do": 2, "conflicts": 1, "notes": 0,
    "parties": 3, "searched": 3, "not_covered.not_searched": 4,
}  # fmt: skip
_EXPLAINED = {
    "reason": 8,
    "items": 2,
    "missing": 3,
    "notes": 2,
    "official_answers": 1,
    "practice": 0,
    "doubts": 1,
    "not_covered.not_searched": 3,
}


def determine(asked: OfTransaction, lang: str) -> dict:
    d, day = _determined(asked)
    stands = [f for f in d.findings if f.answer != DOES_NOT and f.outcome != "outside"]
    later = [f for f in stands if f.status.word in (SUSPENDED, NOT_YET)]
    summary = view.answer(d, lang)
    shown = {
        "answer": d.answer,
        "words": summary["label"],
        "sentences": summary["sentences"],
        "planning": d.planning,
        "may_become": d.may_become or "",
        "jurisdictions": [_where(one) for one in summary["jurisdictions"]],
        "binding": _measures((f for f in stands if f.binds), lang),
        "open": _measures((f for f in stands if f.may_bind), lang),
        "not_in_force": _measures(later, lang),
        "beside": _measures((f for f in d.duties if f.answer != DOES_NOT and f.status.word != ENDED), lang),
        "missing": [_missing(one, lang) for one in view.missing(d, lang)],
        "by_when": view.by_when(d, lang),
        "do": view.to_do(d, lang),
        "conflicts": [f"{p.wrong(lang)} {p.do(lang)}" for p in view.conflicts(d)],
        "notes": view.facts(d, lang)["notes"],
        "parties": [_party(party_view.party(one, lang)) for one in d.compared.parties],
    }
    return fitted(_under(shown, d, day, lang), _LEAST, lang, asked.part, asked.start, of=_sources(d), named=_newest(d))


def next_question(asked: AsksNext, lang: str) -> dict:
    d, day = _determined(asked)
    found = desk.next_question(facts_of(asked.facts), d.on, d.known_on, asked.skipped)
    summary = view.answer(d, lang)
    shown = {"answer": d.answer, "words": summary["label"], "more": found is not None}
    if found is not None:
        asks = interview_view.question(found, len(asked.skipped) + 1, lang)
        shown["question"] = {name: asks[name] for name in ("fact", "label", "question", "type", "unit", "example", "shown_by")} | {
            "who": asks["who_words"],
            "values": asks["values"],
            "effects": [{"value": one["value"], "words": f"{one['label']}: {one['words']}"} for one in asks["effects"]],
            "waiting": [{"measure": id, "number": number_of(id.partition("/")[0])} for id in asks["measures"][:MOST_WAITING]],
        }
    least = {"searched": 3, "not_covered.not_searched": 4} | ({"question.values": MOST_VALUES, "question.effects": 2} if found else {})
    return fitted(_under(shown, d, day, lang), least, lang, asked.part, asked.start, named=_newest(d))


def explain_measure(asked: Explains, lang: str) -> dict:
    d, day = _determined(asked)
    f = desk.explain(d.transaction, asked.measure, d.on, d.known_on)
    whole = finding_view.finding(f, d, lang, full=True)
    asks = {one["fact"]: one for one in view.missing(d, lang)}
    shown = {
        "measure": _measure(f, lang),
        "words": whole["words"],
        "reason": [{"depth": r["depth"], "answer": _truth(r["answer"]), "text": r["text"], "found": r["found"]} for r in whole["reason"]],
        "items": [_item(one) for one in (*whole["items"], *whole["possible"])],
        "missing": [
            _missing(asks[one["fact"]], lang) if one["fact"] in asks else {"fact": one["fact"], "label": one["label"], "why": ""}
            for one in whole["missing_facts"]
        ],
        "notes": [text for text in (*whole["notes"], whole["note"], whole["review"], *(one["words"] for one in whole["figures"])) if text],
        "official_answers": [
            {"date": one["date"], "by": one["id"], "text": f"{one['question']} → {one['answer']}", "url": one["sources"][0]["url"]}
            for one in whole["official_answers"]
        ],
        "practice": [{name: one[name] for name in ("date", "by", "text", "url")} for one in reversed(whole["practice"])],
        "doubts": whole["doubts"],
    }
    watch = store.register().watches[f.act.jurisdiction]
    under = _under(shown, d, day, lang)
    del under["searched"]
    if watch.jurisdiction not in {s.jurisdiction for s in d.searched}:
        under["not_covered"]["not_searched"] += proof.not_held([watch], lang, d.on)
        under["register"] = proof.register(lang, [watch])
    return fitted(under, _EXPLAINED, lang, asked.part, asked.start)


def _determined(asked: OfTransaction) -> tuple[Determination, str]:
    """The determination, and whose day it is for."""
    facts = facts_of(asked.facts)
    on, day = day_of(asked.on, facts)
    return desk.determine(facts, on, asked.known_on), day


def _under(shown: dict, d: Determination, day: str, lang: str) -> dict:
    """The answer with its days, the register, what was searched and what was not."""
    whole = view.proof(d, lang)
    held = [len(s.watch.not_held) for s in d.searched]
    parties = word("proof.parties", lang)
    general = [text for text in whole["not_searched"][sum(held) :] if text != parties]
    if d.compared.parties:
        parties = word(
            "proof.parties_compared",
            lang,
            parties=len(d.compared.parties),
            lists=len(d.compared.parties[0].screenings[0].searched),
        )
    of_places = [whole["not_searched"][sum(held[:number]) : sum(held[: number + 1])] for number in range(len(held))]
    stale = [word("proof.stale", lang)] if whole["stale"] else []
    return shown | {
        "on": d.on.isoformat(),
        "on_from": day,
        **({"known_on": d.known_on.isoformat()} if d.known_on else {}),
        "searched": [line for line in whole["lines"][1:] if line not in stale] + whole["hs_points"],
        "register": proof.register(lang, [s.watch for s in d.searched]),
        "not_covered": proof.not_covered(lang, [*stale, *general, *proof.in_turn(of_places)], parties),
    }


def _newest(d: Determination) -> list[str]:
    acts = (proof.newest(s.jurisdiction, min(d.on, d.known_on or date.max)) for s in d.searched)
    return [act.id for act in acts if act is not None]


def _sources(d: Determination) -> Sources:
    """Sources of the acts, and of the party lists a party was met on."""
    lists = list(dict.fromkeys(hit.list for one in d.compared.parties for hit in one.hits))
    return lambda acts, most: proof.sources(acts, most) + (proof.of_lists(lists, most) if lists else [])


def _where(one: dict) -> dict:
    return {
        "jurisdiction": one["jurisdiction"],
        "label": one["label"],
        "reach": "yes" if one["reach"] else "unknown",
        "answer": REACH_UNKNOWN if one["answer"] == NO_MATCH and one["reach"] is None else one["answer"],
        "words": one["words"],
        "decided_at": one["decided_at"],
        "depends_on": [fact["fact"] for fact in one["depends_on"][:MOST_DECIDING]],
    }


def _measures(findings: Iterable[Finding], lang: str) -> list[dict]:
    """Strictest first among those that fit; what only its technology could bring in comes last."""
    return [_measure(f, lang) for f in sorted(findings, key=_weight)]


def _weight(f: Finding) -> tuple:
    return (f.answer == OPEN, f.gate == "technology", not (f.items or f.possible), -f.severity)


def _measure(f: Finding, lang: str) -> dict:
    matches = [(match, "true") for match in f.items] + [(match, "unknown") for match in f.possible]
    waits = list(f.missing) if f.answer != APPLIES else []
    return {
        "measure": f.measure.id,
        "number": f.act.number or f.act.id,
        "title": said(f.act.title, lang) if len(f.act.measures) == 1 else said(f.measure.title, lang),
        "place": f.measure.text,
        "answer": f.answer,
        "outcome": f.outcome,
        "outcome_words": word(f"answer.{f.outcome}", lang),
        "standing": finding_view.standing(f.status, lang),
        "confidence": f.measure.confidence or f.act.confidence,
        "items": [
            {"code": match.item.code, "name": said(match.item.name, lang), "text": _place(match.item), "answer": fits}
            for match, fits in matches[:MOST_ITEMS]
        ],
        "more_items": max(len(matches) - MOST_ITEMS, 0),
        "waits_for": waits[:MOST_NAMED],
    }


def _place(item: Item) -> str:
    """The place in the text, where it is not the code itself."""
    return "" if item.text == item.code else item.text


def _missing(one: dict, lang: str) -> dict:
    why = word("missing.bears", lang, measures=len(one["measures"]), items=one["items"])
    later = f" ({word('missing.conditional', lang)})" if one["only_if_in_force"] else ""
    told = {name: one[name] for name in ("unit", "shown_by") if one[name]}
    return {"fact": one["fact"], "label": one["label"], "why": why + later} | told


def _party(one: dict) -> dict:
    hits = [
        f"{hit['name']} [{hit['list_title']}] {hit['sure_words']}, {hit['standing_words']} {hit['since']}".strip() for hit in one["hits"]
    ]
    return {
        "role": one["role_words"],
        "names": one["names"][:MOST_HITS],
        "answer": one["answer"],
        "words": one["words"],
        "hits": [*hits[:MOST_HITS], *(owned["words"] for owned in one["owned"][:MOST_HITS])],
    }


def _item(one: dict) -> dict:
    return {
        "code": one["code"],
        "name": one["name"],
        "text": one["text"],
        "answer": _truth(one["answer"]),
        "rule": one["rule"],
        "waits_for": one["missing"],
        "note": one["note"],
    }


def _truth(answer: bool | None) -> str:
    return {True: "true", False: "false", None: "unknown"}[answer]
