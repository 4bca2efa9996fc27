"""What is shown of an answer, in which words: one plain structure for every face.

determination(d, lang)  -> dict: answer, by_when, why, missing, do, proof, in that order
"""

from __future__ import annotations

from datetime import date, timedelta

from kido import desk
from kido.decide.determine import (
    DENIAL,
    FACTS_MISSING,
    LICENCE,
    NO_MATCH,
    OUTSIDE_DATA,
    PROHIBITED,
    Determination,
    GateAnswer,
    JurisdictionAnswer,
)
from kido.decide.finding import APPLIES, DOES_NOT, OPEN, Finding
from kido.errors import Problem
from kido.face.finding_view import finding, label, number_of, place, standing, standing_notes, title
from kido.face.language import word
from kido.face.party_view import not_covered, party
from kido.register import store
from kido.register.timeline import ENDED, IN_FORCE, SUSPENDED
from kido.terms.text import said

SHOWN_ITEMS, OBSERVED = 6, 1
PLANS = (PROHIBITED, DENIAL, LICENCE)


def determination(d: Determination, lang: str) -> dict:
    """A determination as plain data in one language; ids beside words, nothing left out."""
    return {
        "answer": answer(d, lang),
        "by_when": by_when(d, lang),
        "why": [jurisdiction(j, d, lang) for j in d.jurisdictions if j.reach is not False],
        "duties": [finding(f, d, lang) for f in d.duties if f.answer != DOES_NOT and f.status.word != ENDED],
        "missing": missing(d, lang),
        "do": to_do(d, lang),
        "conflicts": [p.to_dict() for p in conflicts(d)],
        "parties": [party(one, lang) for one in d.compared.parties],
        "facts": facts(d, lang),
        "proof": proof(d, lang),
    }


def answer(d: Determination, lang: str) -> dict:
    sentence = "standing_missing" if d.answer == FACTS_MISSING and d.only_standing_is_open else d.answer
    sentences = [word(f"sentence.{sentence}", lang)]
    if d.unheld_code:
        sentences.append(word("stated.unheld", lang, code=d.unheld_code))
    if d.planning in PLANS and d.planning != d.answer:
        sentences.append(word("planning", lang, outcome=word(f"answer.{d.planning}", lang)))
    if d.may_become:
        sentences.append(word("may_become", lang, outcome=word(f"answer.{d.may_become}", lang)))
    for f in d.status_unknown:
        if f.answer == APPLIES:
            sentences.append(f"{title(f, lang)}: {standing(f.status, lang)}")
            sentences += [note for note in standing_notes(f.status, lang) if f.status.announced and str(f.status.announced.until) in note]
    if distrusted := desk.distrusted():
        sentences.append(f"{distrusted.wrong(lang)} {distrusted.do(lang)}")
    if d.not_held:
        sentences.append(word("not_held", lang, place=place(d.not_held, lang)))
    return {
        "id": d.answer,
        "label": word(f"answer.{'standing_unknown' if sentence == 'standing_missing' else d.answer}", lang),
        "planning": d.planning,
        "may_become": d.may_become,
        "sentences": list(dict.fromkeys(sentences)),
        "jurisdictions": [_summary(j, d, lang) for j in d.jurisdictions if j.reach is not False],
        "on": d.on.isoformat(),
    }


def _summary(j: JurisdictionAnswer, d: Determination, lang: str) -> dict:
    """One line of the side-by-side: the answer, the gate that gives it, and what would settle it."""
    decisive = [g for g in j.gates if g.answer == j.answer and j.answer not in (NO_MATCH, OUTSIDE_DATA)]
    open_ = {name for g in j.gates for f in g.findings if f.may_bind for name in f.missing} | set(j.missing if j.reach is None else ())
    names = [q.fact.name for q in d.questions if open_ & set(q.names)]
    names += [name for name in j.missing if j.reach is None and name not in names]
    return {
        "jurisdiction": j.jurisdiction,
        "label": place(j.jurisdiction, lang),
        "reach": j.reach,
        "answer": j.answer,
        "words": word(f"answer.{j.said}", lang),
        "planning": j.planning,
        "gates": [
            {"gate": g.gate, "label": word(f"gate.{g.gate}", lang), "answer": g.answer, "words": word(f"answer.{g.answer}", lang)}
            for g in j.gates
        ],
        "decided_at": [word(f"gate.{g.gate}", lang) for g in decisive],
        "depends_on": [{"fact": name, "label": label(name, lang)} for name in names],
    }


# -- by when ------------------------------------------------------------------------------


def by_when(d: Determination, lang: str) -> list[str]:
    lines = []
    for f in d.findings:
        if f.upcoming:
            start = f.status.until + timedelta(days=1)
            stops = next((e for e in f.status.events if e.kind == "suspend" and e.start <= start), None)
            text = (
                word("status.will_be_suspended", lang, by=number_of(stops.by), since=stops.start)
                if stops
                else word("when.start", lang, start=start)
            )
            lines.append(f"{title(f, lang)}: {word('when.if_applies', lang, text=text) if f.answer == OPEN else text}")
        elif f.answer != DOES_NOT and f.status.word == SUSPENDED and f.status.until:
            lines.append(f"{title(f, lang)}: {word('when.status', lang, until=f.status.until)}")
    for procedure in d.unbound:
        lines.append(word("when.no_days", lang, days=procedure.working_days, text=said(procedure.not_counted, lang)))
    if d.clock:
        c = d.clock
        calendar = place(c.calendar, lang)
        lines.append(
            word("when.clock" if c.certain else "when.clock_if", lang, start=c.start, days=c.working_days, end=c.end, calendar=calendar)
        )
        lines.append(word("when.back", lang, on=c.start, start=c.latest, days=c.working_days, calendar=calendar))
        if c.beyond_calendar:
            lines.append(word("when.beyond", lang, calendar=calendar, until=c.calendar_until))
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


def jurisdiction(j: JurisdictionAnswer, d: Determination, lang: str) -> dict:
    """One jurisdiction: why its law is asked, and its gates."""
    watch = store.register().watches[j.jurisdiction]
    return {
        "jurisdiction": j.jurisdiction,
        "label": place(j.jurisdiction, lang),
        "reach": j.reach,
        "reach_words": said(watch.reach_text, lang),
        "answer": j.answer,
        "words": word(f"answer.{j.said}", lang),
        "gates": [gate(g, d, lang) for g in j.gates],
    }


def gate(g: GateAnswer, d: Determination, lang: str) -> dict:
    """One gate: findings that decide it whole, the others it leaves open in brief."""
    ordered = sorted((f for f in g.findings if f.status.word != ENDED), key=_weight)
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
        "opened_by": [{"fact": name, "label": label(name, lang)} for name in common],
    }


def _decides(f: Finding) -> bool:
    """Shown whole: it fits the goods, was taken out by an official answer, or an item of goods may fit."""
    if f.answer == DOES_NOT:
        return bool(f.out)
    return f.answer != OPEN or bool(f.items) or (f.gate != "technology" and f.status.word == IN_FORCE)


def _weight(f: Finding) -> tuple:
    return (not f.binds, not f.may_bind, f.answer == DOES_NOT, not (f.items or f.possible), -f.severity)


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
        planning = word(f"answer.{f.outcome}", lang)
        authority = ", ".join(f.act.authority)
        lines.append(word("do.verify_status", lang, act=number_of(f.act.id), authority=authority, since=f.status.since, planning=planning))
    if d.transaction.value("control_code"):
        lines.append(word("do.ask_stated", lang))
    if d.questions:
        lines.append(word("do.ask_supplier", lang))
    for procedure in d.procedures:
        asked = [said(store.terms().documents[id].label, lang) for id in procedure.importer_documents]
        if asked:
            lines.append(word("do.importer_papers", lang, papers=_listing(asked, lang)))
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
            lines.append(word("do.papers", lang, papers=_listing(documents, lang)))
    lines += [said(text, lang) for p in d.procedures for text in p.advice]
    if d.answer == OUTSIDE_DATA:
        lines.append(word("do.outside", lang))
    if d.answer == NO_MATCH:
        lines.append(word("do.no_match_ask", lang))
    return list(dict.fromkeys(lines))


def _listing(names: list[str], lang: str) -> str:
    return "、".join(names) if lang == "ja" else "; ".join(names)


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
            {"fact": name, "label": label(name, lang), "value": _stated(d, name, value, lang)}
            for name, value in d.transaction.given.items()
            if name != "on"
        ],
        "derived": [
            {
                "fact": e.fact,
                "label": label(e.fact, lang),
                "value": terms.value_label(terms.facts.get(e.fact), e.value, lang),
                "because": word(f"reason.{e.reason}", lang, source=e.source),
            }
            for e in d.transaction.derived
        ],
        "notes": [word(f"note.{note.id}", lang, about=", ".join(label(name, lang) for name in note.about)) for note in d.transaction.notes],
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
        lines.append(
            word(
                "proof.searched",
                lang,
                jurisdiction=place(s.jurisdiction, lang),
                acts=s.acts,
                measures=s.measures,
                items=s.items,
                verified=s.verified,
                newest=s.newest_source,
            )
        )
        not_searched += [f"{place(s.jurisdiction, lang)}: {said(text, lang)}" for text in s.watch.not_held]
    if any(s.stale for s in d.searched):
        lines.append(word("proof.stale", lang))
    if d.not_held:
        not_searched.append(word("not_held", lang, place=place(d.not_held, lang)))
    if d.compared.parties:
        compared = d.compared.parties[0].screenings[0].searched
        lines.append(word("proof.parties_compared", lang, parties=len(d.compared.parties), lists=len(compared)))
        poor = [said(one.title, lang) for one in compared if one.stale or not one.searched]
        if poor:
            not_searched.append(word("party.stale_lists", lang, count=len(poor), titles=_listing(poor, lang)))
        not_searched += not_covered(lang)
    else:
        not_searched.append(word("proof.parties", lang))
    untouched = [place(j.jurisdiction, lang) for j in d.jurisdictions if j.reach is False]
    not_searched.append(word("proof.untouched", lang, places=_listing(untouched, lang)))
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
        "penalties": _of_acts(d, "penalties", lang),
        "records": _of_acts(d, "records", lang),
        "not_searched": not_searched,
        "hs_points": points,
        "stale": any(s.stale for s in d.searched),
        "not_advice": word("proof.not_advice", lang),
    }


def _of_acts(d: Determination, what: str, lang: str) -> list[str]:
    """Penalties or record-keeping of the acts that bind or may, and of the laws they rest on."""
    acts = store.register().instruments
    ids = [f.act.id for f in d.findings if f.binds or (f.may_bind and f.answer == APPLIES)]
    ids += [basis for id in ids for basis in acts[id].legal_basis if basis in acts]
    found = ((number_of(id), getattr(acts[id], what)) for id in dict.fromkeys(ids))
    return [f"{number}: {said(text, lang)}" for number, text in found if text]


def version(d: Determination) -> str:
    """Register version: day last verified and hash of its content."""
    verified: date = max((s.verified for s in d.searched), default=date.min)
    return f"r{verified}-{d.version}"
