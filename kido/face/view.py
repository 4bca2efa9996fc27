"""What is shown of an answer, in which words: one plain structure for every face.

determination(d, lang)  -> dict: answer, by_when, why, missing, do, proof, in that order
"""

from __future__ import annotations

from datetime import date, timedelta

from kido.decide.determine import DENIAL, FACTS_MISSING, LICENCE, NO_MATCH, OUTSIDE_DATA, PROHIBITED, Determination, GateAnswer
from kido.decide.finding import APPLIES, DOES_NOT, OPEN, Finding
from kido.decide.match import ItemMatch
from kido.errors import Problem
from kido.face.language import word
from kido.register import store
from kido.register.model import Practice
from kido.register.timeline import IN_FORCE, NOT_YET, SUSPENDED, UNKNOWN, Status
from kido.rule.show import Show
from kido.terms.text import said

SHOWN_ITEMS, OBSERVED = 6, 1
PLANS = (PROHIBITED, DENIAL, LICENCE)


def determination(d: Determination, lang: str) -> dict:
    """A determination as plain data in one language; ids beside words, nothing left out."""
    return {
        "answer": answer(d, lang),
        "by_when": by_when(d, lang),
        "why": [gate(g, d, lang) for g in d.gates],
        "duties": [finding(f, d, lang) for f in d.duties if f.answer != DOES_NOT],
        "missing": missing(d, lang),
        "do": to_do(d, lang),
        "conflicts": [p.to_dict() for p in conflicts(d)],
        "facts": facts(d, lang),
        "proof": proof(d, lang),
    }


def show(lang: str) -> Show:
    labels = {name: definition.label for name, definition in store.register().definitions.items()}
    return Show(store.terms(), lang, labels)


def answer(d: Determination, lang: str) -> dict:
    sentences = [word(f"sentence.{d.answer}", lang)]
    if d.planning in PLANS and d.planning != d.answer:
        sentences.append(word("planning", lang, outcome=word(f"answer.{d.planning}", lang)))
    if d.may_become:
        sentences.append(word("may_become", lang, outcome=word(f"answer.{d.may_become}", lang)))
    for f in d.status_unknown:
        if f.answer == APPLIES:
            sentences.append(f"{title(f, lang)}: {standing(f.status, lang)}")
    gates = [
        {"gate": g.gate, "label": word(f"gate.{g.gate}", lang), "answer": g.answer, "words": word(f"answer.{g.answer}", lang)}
        for g in d.gates
    ]
    return {
        "id": d.answer,
        "label": word(f"answer.{d.answer}", lang),
        "planning": d.planning,
        "may_become": d.may_become,
        "sentences": list(dict.fromkeys(sentences)),
        "gates": gates,
        "on": d.on.isoformat(),
    }


def title(f: Finding, lang: str) -> str:
    """The act in its issuer's own form, with its title."""
    name = said(f.act.title, lang)
    number = f.act.number or f.act.id
    return f"{number} {name}" if len(f.act.measures) == 1 else f"{number} {name} – {said(f.measure.title, lang)}"


def number_of(act: str) -> str:
    found = store.register().instruments.get(act)
    return found.number or act if found else act


# -- standing -----------------------------------------------------------------------------


def standing(s: Status, lang: str) -> str:
    """The standing in one phrase."""
    by = number_of(s.events[-1].by) if s.events else ""
    match s.word:
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
    last = s.events[-1] if s.events else None
    if s.word == UNKNOWN:
        formal = [e for e in s.events if e.formal][-1]
        newest = max(w.newest_source for w in store.register().watches.values())
        notes.append(word("status.unknown_why", lang, by=number_of(formal.by), until=formal.until, newest=newest))
        if formal.last_day == "in_doubt":
            notes.append(word("status.last_day_in_doubt", lang, until=formal.until))
        notes.append(word("status.by_the_letter", lang))
        if s.announced:
            act = store.register().instruments[s.announced.by]
            notes.append(word("status.announced", lang, until=s.announced.until, by=said(act.title, lang), date=act.published))
    if s.word in (SUSPENDED, UNKNOWN) and not s.operated:
        notes.append(word("status.never_operated", lang))
    if s.word == NOT_YET and s.events:
        notes.append(word("status.will_be_suspended", lang, by=number_of(s.events[0].by), since=s.events[0].start))
    if s.word == IN_FORCE and s.until and last is None:
        notes.append(word("status.runs_until", lang, until=s.until, by="–"))
    return notes


# -- by when ------------------------------------------------------------------------------


def by_when(d: Determination, lang: str) -> list[str]:
    lines = []
    for f in d.findings:
        if f.upcoming:
            start = f.status.until + timedelta(days=1)
            lines.append(f"{title(f, lang)}: {word('when.start', lang, start=start)}")
        elif f.answer != DOES_NOT and f.status.word == SUSPENDED and f.status.until:
            lines.append(f"{title(f, lang)}: {word('when.status', lang, until=f.status.until)}")
    if d.clock:
        c = d.clock
        place = store.terms().places[c.calendar].label[lang]
        lines.append(
            word("when.clock" if c.certain else "when.clock_if", lang, start=c.start, days=c.working_days, end=c.end, calendar=place)
        )
        if c.beyond_calendar:
            lines.append(word("when.beyond", lang, calendar=place, until=c.calendar_until))
        procedure = store.register().procedures[c.procedure]
        if procedure.not_counted:
            lines.append(word("when.not_counted", lang, text=said(procedure.not_counted, lang)))
        for seen in sorted(procedure.observed, key=lambda p: p.date, reverse=True)[:OBSERVED]:
            lines.append(
                word(
                    "when.observed",
                    lang,
                    text=f"{seen.date} {seen.said[lang]} ({seen.by}; {word('finding.confidence', lang, level=word('level.' + seen.confidence, lang))})",
                )
            )
    return list(dict.fromkeys(lines)) or [word("when.none", lang)]


# -- why ----------------------------------------------------------------------------------


def gate(g: GateAnswer, d: Determination, lang: str) -> dict:
    """One gate: findings that decide it whole, the others it leaves open in brief."""
    ordered = sorted(g.findings, key=_weight)
    whole = [f for f in ordered if _decides(f)]
    brief = [f for f in ordered if f not in whole and f.answer != DOES_NOT]
    opened_by = [name for f in brief for name in f.missing]
    common = sorted(dict.fromkeys(opened_by), key=opened_by.count, reverse=True)
    return {
        "gate": g.gate,
        "label": word(f"gate.{g.gate}", lang),
        "answer": g.answer,
        "words": word(f"answer.{g.answer}", lang),
        "planning": g.planning,
        "findings": [finding(f, d, lang) for f in whole],
        "also_open": [finding(f, d, lang) for f in brief],
        "opened_by": [{"fact": name, "label": _label(name, lang)} for name in common],
    }


def _decides(f: Finding) -> bool:
    """Shown whole: it fits the goods, was taken out by an official answer, or an item of goods may fit."""
    if f.answer == DOES_NOT:
        return bool(f.out)
    return f.answer != OPEN or bool(f.items) or (f.gate != "technology" and f.status.word == IN_FORCE)


def _label(name: str, lang: str) -> str:
    terms = store.terms()
    return said(terms.facts[name].label, lang) if name in terms.facts else name


def _weight(f: Finding) -> tuple:
    return (not f.binds, not f.may_bind, f.answer == DOES_NOT, not (f.items or f.possible), -f.severity)


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


def official(a, lang: str) -> dict:
    return {
        "id": a.id, "part": a.part, "date": a.date, "question": said(a.question, lang), "answer": said(a.answer, lang),
        "effect": a.effect, "hedge": a.hedge, "confidence": a.confidence, "sources": [s.to_dict() for s in a.sources],
    }  # fmt: skip


def practice(p: Practice, lang: str) -> dict:
    return {"date": p.date, "by": p.by, "text": p.said[lang], "url": p.url, "confidence": p.confidence}


# -- what is missing, what to do ------------------------------------------------------------


def missing(d: Determination, lang: str) -> list[dict]:
    terms = store.terms()
    return [
        {
            "fact": q.fact.name,
            "label": said(q.fact.label, lang),
            "question": said(q.fact.ask, lang),
            "unit": q.fact.unit,
            "shown_by": said(terms.documents[q.fact.shown_by].label, lang) if q.fact.shown_by in terms.documents else "",
            "measures": list(q.measures),
            "items": q.items,
            "only_if_in_force": not q.status_known,
        }
        for q in d.questions
    ]


def to_do(d: Determination, lang: str) -> list[str]:
    lines = []
    if d.answer == PROHIBITED:
        lines.append(word("do.stop", lang))
    if d.conflicts:
        lines.append(word("do.conflict", lang))
    for f in (f for f in d.status_unknown if f.answer == APPLIES):
        planning = word(f"answer.{f.worst}", lang)
        lines.append(word("do.verify_status", lang, act=number_of(f.act.id), planning=planning))
    if d.transaction.value("control_code"):
        lines.append(word("do.ask_stated", lang))
    if d.questions:
        lines.append(word("do.ask_supplier", lang))
    if any(p.id == "cn-dual-use-licence" for p in d.procedures):
        lines.append(word("do.ask_general_licence", lang))
    if d.clock and not d.clock.certain:
        lines.append(word("do.if_needed", lang))
    for procedure in d.procedures:
        lines.append(
            word(
                "do.apply",
                lang,
                applicant=said(procedure.applicant, lang).rstrip("。."),
                authority=said(procedure.authority, lang).rstrip("。."),
            )
        )
        documents = [said(store.terms().documents[id].label, lang) for id in procedure.documents]
        if documents:
            lines.append(word("do.papers", lang, papers="、".join(documents) if lang == "ja" else "; ".join(documents)))
    if any(g.gate == "dual_use" and g.answer == LICENCE for g in d.gates):
        lines.append(word("do.remark", lang))
    if any(g.gate == "export_licence" and g.answer in (LICENCE, FACTS_MISSING) for g in d.gates):
        lines.append(word("do.gate_export_licence", lang))
    if d.answer == OUTSIDE_DATA:
        lines.append(word("do.outside", lang))
    if d.answer == NO_MATCH:
        lines.append(word("do.no_match_ask", lang))
    return list(dict.fromkeys(lines))


def conflicts(d: Determination) -> list[Problem]:
    """Two exceptions that hold at once with different outcomes, as problems to show."""
    return [
        Problem("exceptions-conflict", f"{f.act.file} {f.measure.id}", " / ".join(e.unless.text for e in f.excepted)) for f in d.conflicts
    ]


# -- facts and proof ------------------------------------------------------------------------


def facts(d: Determination, lang: str) -> dict:
    terms = store.terms()

    return {
        "stated": [
            {"fact": name, "label": _label(name, lang), "value": _stated(d, name, value, lang)}
            for name, value in d.transaction.given.items()
        ],
        "derived": [
            {
                "fact": e.fact,
                "label": _label(e.fact, lang),
                "value": terms.value_label(terms.facts.get(e.fact), e.value, lang),
                "because": word(f"reason.{e.reason}", lang),
            }
            for e in d.transaction.derived
        ],
        "notes": [word(f"note.{note}", lang) for note in d.transaction.notes],
        "parties": [{"role": p.role, "name": p.name, "country": p.country, "kind": p.kind} for p in d.transaction.parties],
    }


def _stated(d: Determination, name: str, raw: str, lang: str) -> str:
    """A stated value in words; figures and free text as they were written."""
    terms = store.terms()
    checked = d.transaction.value(name)
    return terms.value_label(terms.facts.get(name), checked, lang) if isinstance(checked, str) else raw


def proof(d: Determination, lang: str) -> dict:
    lines = [word("proof.version", lang, version=version(d), on=d.on)]
    if d.known_on:
        seen = min(s.seen for a in store.register().instruments.values() for s in a.sources)
        lines.append(word("proof.known_on", lang, known_on=d.known_on))
        if seen > d.known_on:
            lines.append(word("proof.seen", lang, seen=seen))
    not_searched = []
    for s in d.searched:
        place = store.terms().places[s.jurisdiction].label[lang]
        lines.append(
            word(
                "proof.searched",
                lang,
                jurisdiction=place,
                acts=s.acts,
                measures=s.measures,
                items=s.items,
                verified=s.verified,
                newest=s.newest_source,
            )
        )
        if s.stale:
            lines.append(word("proof.stale", lang))
        not_searched += [said(text, lang) for text in s.watch.not_held]
    if d.transaction.parties or d.answer in (NO_MATCH, FACTS_MISSING):
        not_searched.append(word("proof.parties", lang))
    not_searched.append(word("proof.other_jurisdictions", lang))
    hs = str(d.transaction.value("hs") or "")
    codes = list(dict.fromkeys(m.item.code for m in d.pointed_at))
    points = (
        [word("hs.points", lang, hs=hs, codes=", ".join(codes[:SHOWN_ITEMS]) + (" …" if len(codes) > SHOWN_ITEMS else ""))] if codes else []
    )
    return {
        "version": version(d),
        "on": d.on.isoformat(),
        "known_on": d.known_on.isoformat() if d.known_on else None,
        "lines": lines,
        "not_searched": not_searched,
        "hs_points": points,
        "stale": any(s.stale for s in d.searched),
        "not_advice": word("proof.not_advice", lang),
    }


def version(d: Determination) -> str:
    """Register version: day last verified and hash of its content."""
    verified: date = max((s.verified for s in d.searched), default=date.min)
    return f"r{verified}-{d.version}"
