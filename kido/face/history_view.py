"""What is shown of the register over time: a day, a timeline, what changed, and what is covered."""

from __future__ import annotations

from datetime import date, timedelta

from kido import desk
from kido.errors import KidoError, Problem
from kido.face.finding_view import figure, number_of, place, standing
from kido.face.language import by_label, word
from kido.register.changes import LawChange, RegisterChange
from kido.register.search import Hit
from kido.register.timeline import ENDED
from kido.terms.text import said


def as_of(on: str, known_on: str | None, lang: str, wanted: dict[str, str]) -> dict:
    """The measures that stand on a day, with the figures of that day; what was searched goes along."""
    hits = desk.as_of(on, known_on, **by_label(wanted))
    watches = desk.register().watches.values()
    return {
        "on": desk.as_date(on, "--on").isoformat(),
        "known_on": known_on,
        "measures": [_hit(hit, lang) for hit in hits],
        "searched": [
            {"jurisdiction": w.jurisdiction, "label": place(w.jurisdiction, lang), "covers_from": w.covers_from.isoformat()}
            for w in watches
        ],
    }


def _hit(hit: Hit, lang: str) -> dict:
    act, measure = hit.act, hit.measure
    return {
        "id": measure.id,
        "jurisdiction": act.jurisdiction,
        "place": place(act.jurisdiction, lang),
        "number": act.number,
        "title": said(measure.title, lang) if len(act.measures) > 1 else said(act.title, lang),
        "kind": measure.kind,
        "kind_words": word(f"kind.{measure.kind}", lang),
        "status": hit.status.word if hit.status else "",
        "standing": _standing(hit, lang),
        "items": [{"code": item.code, "name": said(item.name, lang)} for item in hit.items],
        "figures": [figure(entry, lang) for entry in hit.figures],
        "no_figure": bool(measure.figures) and not hit.figures,
        "confidence": measure.confidence or act.confidence,
    }


def _standing(hit: Hit, lang: str) -> str:
    """What is only announced is never said to be in force."""
    if hit.measure.kind == "investigation":
        return word("status.announced_only", lang)
    return standing(hit.status, lang) if hit.status else ""


def timeline(lang: str, wanted: dict[str, str], first: str | None, last: str) -> dict:
    """Spans of standing of each measure that fits, within the days asked for."""
    end = desk.as_date(last, "--until")
    if first and desk.as_date(first, "--from") > end:
        raise KidoError(Problem("dates-in-wrong-order", "timeline", f"{first} > {end}"))
    found = desk.timeline(**by_label(wanted))
    start = desk.as_date(first, "--from") or min((c.day for _, changes in found for c in changes), default=end)
    rows = []
    for hit, changes in found:
        spans = []
        for number, change in enumerate(changes):
            over = changes[number + 1].day - timedelta(days=1) if number + 1 < len(changes) else None
            gone = change.word == ENDED and change.day < start
            if change.day <= end and (over is None or over >= start) and not gone:
                spans.append(
                    {
                        "from": change.day.isoformat(),
                        "until": over.isoformat() if over else None,
                        "status": change.word,
                        "words": word(f"history.{change.word}", lang),
                        "by": number_of(change.by),
                    }
                )
        if spans:
            rows.append(_hit(hit, lang) | {"spans": spans})
    return {"from": start.isoformat(), "until": end.isoformat(), "measures": rows}


def diff(first: str, last: str, known_on: str | None, lang: str) -> dict:
    """What changed in law from one day to another, oldest change first."""
    changes = desk.diff(first, last, known_on)
    return {"from": first, "until": last, "changes": [_change(change, lang) for change in changes]}


def _change(change: LawChange, lang: str) -> dict:
    act = change.act
    row = {
        "what": change.what,
        "day": change.day.isoformat() if change.day else None,
        "act": act.id,
        "number": act.number,
        "title": said(change.measure.title if change.measure and len(act.measures) > 1 else act.title, lang),
        "place": place(act.jurisdiction, lang),
        "measure": change.measure.id if change.measure else "",
    }
    if change.what == "standing":
        before = word("history.before", lang) if change.before.word == "not_known" else standing(change.before, lang)
        return row | {"before": before, "after": standing(change.after, lang), "status": change.after.word}
    began = word("diff.begins" if change.begins else "diff.ends", lang)
    if change.what == "entry":
        return row | {"before": "", "after": f"{began}: {change.item.code} {said(change.item.name, lang)}", "status": began}
    return row | {"before": "", "after": f"{began}: {figure(change.figure, lang)['words']}", "status": began}


def versions_diff(changes: list[RegisterChange], lang: str) -> list[dict]:
    return [{"id": c.id, "what": c.what, "words": word(f"diff.{c.what}", lang), "names": list(c.names)} for c in changes]


def coverage(lang: str, on: date) -> list[dict]:
    """What is not held comes first."""
    return [
        {
            "jurisdiction": c.watch.jurisdiction,
            "label": place(c.watch.jurisdiction, lang),
            "depth": c.watch.depth,
            "depth_words": word(f"depth.{c.watch.depth}", lang),
            "not_held": [said(text, lang) for text in c.watch.not_held],
            "open_questions": [said(text, lang) for text in c.watch.open_questions],
            "held": [said(text, lang) for text in c.watch.held],
            "verified": c.watch.verified.isoformat(),
            "age": c.age,
            "newest_source": c.watch.newest_source.isoformat(),
            "covers_from": c.watch.covers_from.isoformat(),
            "acts": c.acts,
            "judged": c.judged,
            "policy": c.policy,
            "items": c.items,
            "figures": c.figures,
            "doubts": c.doubts,
            "low": list(c.low),
        }
        for c in desk.coverage(on)
    ]
