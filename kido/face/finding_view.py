"""One measure's finding in words: title, standing, items, exceptions, official answers, practice."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from kido.decide.determine import Determination
from kido.decide.finding import Finding
from kido.decide.match import ItemMatch
from kido.face.language import word, words
from kido.register import store
from kido.register.model import Answer, Figure, Practice
from kido.register.timeline import IN_FORCE, NOT_YET, SUSPENDED, UNKNOWN, Status
from kido.rule.show import Show
from kido.terms.text import said


def show(lang: str) -> Show:
    return _shower(lang, store.register().version)


@lru_cache(maxsize=8)
def _shower(lang: str, version: str) -> Show:
    """One for each register, so that a rule is written once."""
    labels = {name: definition.label for name, definition in store.register().definitions.items()}
    return Show(store.terms(), lang, labels)


def title(f: Finding, lang: str) -> str:
    """The act in its issuer's own form, with its title."""
    name = said(f.act.title, lang)
    number = f.act.number or f.act.id
    return f"{number} {name}" if len(f.act.measures) == 1 else f"{number} {name} – {said(f.measure.title, lang)}"


def number_of(act: str) -> str:
    found = store.register().instruments.get(act)
    return found.number or act if found else act


def label(name: str, lang: str) -> str:
    """A fact by its label."""
    terms = store.terms()
    if name in terms.facts:
        return said(terms.facts[name].label, lang)
    return word(f"fact.{name}", lang) if f"fact.{name}" in words() else name


def place(code: str, lang: str) -> str:
    """A jurisdiction in words; unions are no places."""
    places = store.terms().places
    return places[code].label[lang] if code in places else word(f"jurisdiction.{code}", lang)


# -- standing -----------------------------------------------------------------------------


def standing(s: Status, lang: str) -> str:
    """The standing in one phrase."""
    by = number_of(s.ended_by) if s.ended_by else number_of(s.events[-1].by) if s.events else "–"
    match s.word:
        case "in_force" | "unknown" if s.since is None:
            return word(f"status.undated_{s.word}", lang)
        case "in_force":
            return word("status.in_force", lang, since=s.since)
        case "not_yet":
            return word("status.not_yet", lang, start=s.until + timedelta(days=1), published=s.since)
        case "suspended" if s.until is None:
            return word("status.suspended_open", lang, since=s.since, by=by)
        case "suspended":
            return word("status.suspended", lang, since=s.since, until=s.until, by=by)
        case "ended":
            return word("status.ended", lang, since=s.since, by=by)
    return word("status.unknown", lang, since=s.since)


def standing_notes(s: Status, lang: str) -> list[str]:
    """What must be said beside the standing: why it is unknown, what was announced, what comes."""
    notes = []
    if s.word == UNKNOWN and s.since is not None:
        formal = [e for e in s.events if e.formal][-1]
        acts, watches = store.register().instruments, store.register().watches
        newest = watches[acts[formal.by].jurisdiction].newest_source
        notes.append(word("status.unknown_why", lang, by=number_of(formal.by), until=formal.until, newest=newest))
        if formal.last_day == "in_doubt":
            notes.append(word("status.last_day_in_doubt", lang, until=formal.until))
        notes.append(word("status.by_the_letter", lang))
        if s.announced:
            act = acts[s.announced.by]
            notes.append(word("status.announced", lang, until=s.announced.until, by=said(act.title, lang), date=act.published))
    if s.word in (SUSPENDED, UNKNOWN) and not s.operated:
        notes.append(word("status.never_operated", lang))
    suspends = next((e for e in s.events if e.kind == "suspend"), None) if s.word == NOT_YET else None
    if suspends:
        notes.append(word("status.will_be_suspended", lang, by=number_of(suspends.by), since=suspends.start))
    if s.word == IN_FORCE and s.until:
        by = number_of(s.ended_by) if s.ended_by else ""
        notes.append(word("status.runs_until", lang, until=s.until, by=by) if by else word("status.text_ends", lang, until=s.until))
    return notes


def finding(f: Finding, d: Determination, lang: str, full: bool = False) -> dict:
    """One measure's answer; `full` adds the whole reason of every matching and possible item."""
    shower = show(lang)
    confidence = f.measure.confidence or f.act.confidence
    notes = standing_notes(f.status, lang)
    for e in f.excepted:
        notes.append(
            word(
                "finding.exception", lang, text=f"{e.unless.text} {said(e.unless.note, lang)} → {word('answer.' + e.unless.outcome, lang)}"
            )
        )
    for e in f.open:
        notes.append(
            word("finding.exception_open", lang, text=shower.sentence(e.unless.when), outcome=word(f"answer.{e.unless.outcome}", lang))
        )
    stated = str(d.transaction.value("control_code") or "")
    for match in f.items:
        if match.stated == "exact" and match.because.answer is False:
            notes.append(word("finding.stated_against", lang, code=stated))
        elif match.stated == "exact" and match.because.answer is None:
            notes.append(word("finding.stated", lang))
    notes += [out(match, lang) for match in f.out]
    return {
        "measure": f.measure.id,
        "act": f.act.id,
        "title": title(f, lang),
        "text": f.measure.text,
        "answer": f.answer,
        "words": word(f"finding.{f.answer}", lang),
        "status": f.status.word,
        "standing": standing(f.status, lang),
        "since": f.status.since.isoformat() if f.status.since else None,
        "until": f.status.until.isoformat() if f.status.until else None,
        "outcome": f.outcome,
        "outcome_words": word(f"answer.{f.outcome}", lang),
        "notes": list(dict.fromkeys(notes)),
        "items": [item(match, lang, full) for match in f.items],
        "possible": [item(match, lang, full) for match in f.possible],
        "missing": list(f.missing),
        "missing_facts": [{"fact": name, "label": label(name, lang)} for name in f.missing],
        "figures": [figure(entry, lang) for entry in f.measure.figures if entry.holds(d.on)],
        "official_answers": [official(a, lang) for a in f.answers],
        "practice": [practice(p, lang) for p in f.act.practice],
        "reason": shower.reasons(f.because),
        "confidence": confidence,
        "confidence_words": word(f"level.{confidence}", lang),
        "doubts": [said(t, lang) for t in f.act.doubts],
        "note": said(f.measure.note, lang),
        "review": said(f.measure.review, lang),
        "sources": [s.to_dict() for s in f.act.sources],
    }


def figure(entry: Figure, lang: str) -> dict:
    """A number of a measure with its span, unit and how exact it is."""
    bound = word(f"bound.{entry.bound}", lang) if entry.bound != "exact" else ""
    amount = f"{bound} {entry.value} {entry.unit}".strip() if entry.value else word("figure.none", lang)
    return {
        "of": said(entry.of, lang),
        "value": entry.value,
        "unit": entry.unit,
        "bound": entry.bound,
        "words": f"{said(entry.of, lang)}: {amount}",
        "items": list(entry.items),
        "from": entry.start.isoformat() if entry.start else None,
        "until": entry.until.isoformat() if entry.until else None,
        "note": said(entry.note, lang),
        "confidence": entry.confidence,
    }


def item(match: ItemMatch, lang: str, full: bool = False) -> dict:
    entry = match.item
    shown = {
        "code": entry.code,
        "name": said(entry.name, lang),
        "original": entry.name.get("zh", ""),
        "text": entry.text,
        "rule": show(lang).sentence(entry.when),
        "answer": match.answer,
        "stated": match.stated,
        "missing": list(match.missing),
        "note": said(entry.note, lang),
        "includes": said(entry.includes, lang),
        "excludes": said(entry.excludes, lang),
        "hs": [{"tariff": p.tariff, "is": p.basis, "codes": list(p.codes)} for p in entry.hs],
        "confidence": entry.confidence,
    }
    return shown | ({"reason": show(lang).reasons(match.because)} if full else {})


def out(match: ItemMatch, lang: str) -> str:
    found = store.register().answers.get(match.out_by.answer)
    hedge = word("finding.generally", lang) if found and found.hedge else ""
    return f"{match.item.code}: " + word("finding.out", lang, answer=match.out_by.answer or match.out_by.text, hedge=hedge)


def official(a: Answer, lang: str) -> dict:
    return {
        "id": a.id, "part": a.part, "date": a.date, "question": said(a.question, lang), "answer": said(a.answer, lang),
        "effect": a.effect, "hedge": a.hedge, "confidence": a.confidence, "sources": [s.to_dict() for s in a.sources],
    }  # fmt: skip


def practice(p: Practice, lang: str) -> dict:
    return {"date": p.date, "by": p.by, "text": p.said[lang], "url": p.url, "confidence": p.confidence}
