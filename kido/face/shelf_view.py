"""What is shown of the register: acts with their standing, one act whole, and what is doubtful."""

from __future__ import annotations

from kido import desk
from kido.errors import KidoError, Problem
from kido.face.finding_view import figure, number_of, place, practice, show, standing, standing_notes
from kido.face.language import by_label, word
from kido.register.cases import read_cases
from kido.register.model import Instrument, Item
from kido.terms.ground import ground
from kido.terms.text import said


def acts(on: str, known_on: str | None, lang: str, wanted: dict[str, str] | None = None) -> dict:
    """Every act that fits, with the standing of its measures on a day, oldest first."""
    day, known = desk.as_date(on, "--on"), desk.as_date(known_on, "--known-on")
    found = {hit.act.id: hit.act for hit in desk.search(**by_label(wanted))} if wanted else desk.register().instruments
    kept = [a for a in found.values() if known is None or a.known_from <= known]
    bare = sum(not item.hs for a in desk.register().instruments.values() for item in a.items) if wanted and "hs" in wanted else 0
    return {
        "on": day.isoformat(),
        "without_hs": bare,
        "acts": [_row(a, day, known, lang) for a in sorted(kept, key=lambda a: (a.known_from, a.id))],
    }


def _row(a: Instrument, day, known, lang: str) -> dict:
    return {
        "id": a.id,
        "number": a.number,
        "title": said(a.title, lang),
        "original": a.title.get("zh", ""),
        "kind": a.kind,
        "published": a.published.isoformat() if a.published else None,
        "effective": a.effective.isoformat() if a.effective else None,
        "confidence": a.confidence,
        "measures": [{"id": id, "status": s.word, "standing": standing(s, lang)} for id, s in desk.standing(a.id, day, known)],
        "items": len(a.items),
        "does": [f"{word('event.' + e.kind, lang)} {number_of(e.target)}" for e in a.events],
    }


def act(id: str, on: str, known_on: str | None, lang: str) -> dict:
    """One act whole; a measure's id shows that measure only."""
    a = desk.act(id)
    day, known = desk.as_date(on, "--on"), desk.as_date(known_on, "--known-on")
    shower = show(lang)
    history, states = desk.history(id), dict(desk.standing(a.id, day, known))
    wanted = [m for m in a.measures if "/" not in id or m.id == id]
    if not wanted and "/" in id:
        raise KidoError(Problem("no-such-measure", "register", id, {"near": a.measures[0].id if a.measures else a.id}))
    return _row(a, day, known, lang) | {
        "on": day.isoformat(),
        "confidence_words": word(f"level.{a.confidence}", lang),
        "note": said(a.note, lang),
        "justification": a.justification,
        "legal_basis": list(a.legal_basis),
        "measures": [
            {
                "id": m.id,
                "title": said(m.title, lang),
                "kind": m.kind,
                "gate": m.gate,
                "text": m.text,
                "status": states[m.id].word,
                "standing": standing(states[m.id], lang),
                "notes": standing_notes(states[m.id], lang),
                "rule": shower.sentence(m.when) if m.when is not None else "",
                "rule_text": m.rule_text,
                "outcome": m.outcome,
                "outcome_words": word(f"answer.{m.outcome}", lang) if m.outcome else "",
                "figures": [figure(entry, lang) for entry in m.figures],
                "unless": [f"{shower.sentence(u.when)} → {word('answer.' + u.outcome, lang)} ({u.text})" for u in m.unless],
                "procedure": m.procedure,
                "note": said(m.note, lang),
                "review": said(m.review, lang),
                "history": [
                    {"day": c.day.isoformat(), "status": c.word, "words": word(f"history.{c.word}", lang), "by": number_of(c.by)}
                    for c in history[m.id]
                ],
            }
            for m in wanted
        ],
        "items": [_item(item, lang) for item in a.items if "/" not in id or item in a.items_of(wanted[0])],
        "events": [
            {
                "kind": e.kind,
                "target": e.target,
                "from": e.start.isoformat(),
                "until": e.until.isoformat() if e.until else None,
                "formal": e.formal,
            }
            for e in a.events
        ],
        "penalties": said(a.penalties, lang),
        "records": said(a.records, lang),
        "partners": [place(code, lang) for code in a.partners],
        "entities": list(a.entities),
        "practice": [practice(p, lang) for p in a.practice],
        "doubts": [said(text, lang) for text in a.doubts],
        "sources": [s.to_dict() for s in a.sources],
    }


def _item(item: Item, lang: str) -> dict:
    return {
        "code": item.code,
        "name": said(item.name, lang),
        "original": item.name.get("zh", ""),
        "elements": list(item.elements),
        "text": item.text,
        "rule": show(lang).sentence(item.when) if item.when is not None else "",
        "from": item.start.isoformat() if item.start else None,
        "until": item.until.isoformat() if item.until else None,
        "by": item.by,
        "rule_text": item.rule_text,
        "hs": [{"tariff": p.tariff, "is": p.basis, "is_words": word(f"hs.{p.basis}", lang), "codes": list(p.codes)} for p in item.hs],
        "includes": said(item.includes, lang),
        "excludes": said(item.excludes, lang),
        "note": said(item.note, lang),
        "confidence": item.confidence,
    }


def checked(lang: str) -> dict:
    """Counts after a check that found nothing, and what the files themselves call doubtful."""
    register = desk.register()
    instruments = register.instruments.values()
    counts = {
        "acts": len(instruments),
        "measures": len(register.measures()),
        "items": sum(len(a.items) for a in instruments),
        "cases": len(read_cases(ground("cases"), register.instruments)),
    }
    doubtful = []
    for a in instruments:
        below = [item.code for item in a.items if item.confidence and item.confidence != a.confidence]
        if a.doubts or a.confidence != "high" or below:
            texts = [said(text, lang) for text in a.doubts]
            doubtful.append(
                {
                    "act": a.id,
                    "confidence": a.confidence,
                    "confidence_words": word(f"level.{a.confidence}", lang),
                    "count": len(texts) + len(below),
                    "doubts": texts,
                    "items": below,
                }
            )
    return {"counts": counts, "doubtful": doubtful}
