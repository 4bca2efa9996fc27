"""The answer for the foreign customer: one page in English, with articles, dates, what is unknown and what he must supply.

build(case)  -> Paper `reply`
"""

from __future__ import annotations

from collections.abc import Iterable

from kido.decide.determine import Determination
from kido.decide.finding import APPLIES, DOES_NOT, OPEN, SEVERITY, Finding
from kido.papers.case import Case
from kido.papers.document import Block, Cell, Field, Fields, Gap, Grid, Heading, Paper, Paragraph
from kido.papers.legal_words import ANSWERS, fact_gap, standing_words
from kido.papers.stated import goods_cell, place_cell, sample_note
from kido.register.timeline import NOT_YET, SUSPENDED
from kido.terms.text import Text, said

TITLE: Text = {"en": "Export control: answer to your enquiry", "ja": "輸出管理についての回答(英文)"}
MOST_LAWS, MOST_FACTS, MOST_PAPERS, LONGEST_NUMBER = 4, 5, 5, 20
_ASKED = "Whether the goods below need an export licence for this route, under which law, and from when."
_THEIRS = ("end_use", "party", "movement")  # groups of facts that the customer knows better than we do
_ANSWERED = {
    "licence_required": "On the facts stated, a licence is required before the goods leave.",
    "prohibited": "On the facts stated, this transaction is prohibited.",
    "presumption_of_denial": "On the facts stated, a licence is required and would in principle be refused.",
    "facts_missing": "Facts are missing, so this cannot be answered yet.",
    "outside_data": "This lies outside the data we hold. It does not mean that no law applies.",
    "exception": "On the facts stated, no licence is required, on the conditions named below.",
    "no_match": "No measure in the scope named below matches the facts stated. Controls outside that scope were not searched.",
}  # fmt: skip


def build(case: Case) -> Paper:
    """The page; rows beyond what fits are counted, never dropped in silence."""
    blocks: tuple[Block, ...] = (
        *sample_note(case),
        _head(case),
        Heading({"en": "Answer"}, 2),
        *(Paragraph({"en": line}) for line in _answer(case.determination)),
        *_laws(case),
        *_unknown(case),
        *_supply(case),
        *_conditions(case),
        Fields((Field("people.contact", {"en": "Contact"}, _brief(case.order.cell("people.contact")), _reached_at(case)),)),
    )
    return Paper("reply", TITLE, blocks, ("en",), case.foot, one_page=True)


def _head(case: Case) -> Fields:
    order = case.order
    day = order.values.get("order.shipment_date") or case.determination.on
    asked = order.values.get("reply.question") or {"en": _ASKED}
    return Fields((
        Field("buyer.name", {"en": "To"}, _brief(order.party_cell("buyer", "name")), str(order.values.get("reply.to", ""))),
        Field("exporter.name", {"en": "From"}, _brief(order.party_cell("exporter", "name"))),
        Field("order.order_no", {"en": "Your order"}, _brief(order.cell("order.order_no"))),
        Field("goods.name", {"en": "Goods"}, _brief(goods_cell(case))),
        Field("route", {"en": "Route"}, _brief(_route(case))),
        Field("order.shipment_date", {"en": "Planned day"}, str(day), {"en": f"answered on {case.made}"}),
        Field("reply.question", {"en": "You asked"}, asked if isinstance(asked, dict) else str(asked)),
    ))  # fmt: skip


def _brief(cell: Cell) -> Cell:
    """A gap without its question, which is for us and not for the customer."""
    return Gap(cell.label) if isinstance(cell, Gap) else cell


def _reached_at(case: Case) -> Cell:
    """Mail and telephone as far as they are stated."""
    found = [str(case.order.values[key]) for key in ("people.mail", "people.phone") if key in case.order.values]
    return ", ".join(found) or _brief(case.order.cell("people.mail"))


def _route(case: Case) -> Cell:
    places = [place_cell(case, fact) for fact in ("exported_from", "destination")]
    gap = next((place for place in places if isinstance(place, Gap)), None)
    return gap or {"en": " to ".join(said(place, "en") for place in places if isinstance(place, dict))}


def _answer(d: Determination) -> list[str]:
    """The answer, what to plan for, and what it could still become."""
    lines = [_ANSWERED[d.answer]]
    if d.answer == "facts_missing" and d.only_standing_is_open:
        lines = ["The rule fits the goods, but whether it is in force on that day could not be confirmed."]
    if d.planning != d.answer:
        lines.append(f"Please plan for: {said(ANSWERS[d.planning], 'en')}.")
    if d.may_become:
        lines.append(f"Missing facts could still turn this into: {said(ANSWERS[d.may_become], 'en')}.")
    return lines


# -- under which law -------------------------------------------------------------------------


def _laws(case: Case) -> tuple[Block, ...]:
    """One row for each act and what it asks; its articles together."""
    together: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in _bearing(case.determination):
        together.setdefault((finding.act.id, _word(finding), finding.status.word), []).append(finding)
    if not together:
        return ()
    head: tuple[Text, ...] = ({"en": "Law"}, {"en": "Article"}, {"en": "On the facts stated"}, {"en": "Standing on the day"})
    rows = tuple(_law(case, word, findings) for (_, word, _), findings in list(together.items())[:MOST_LAWS])
    return Heading({"en": "Under which law"}, 2), Grid(head, rows, (3, 1.5, 1.7, 2.2)), *_more(len(together) - MOST_LAWS)


def _bearing(d: Determination) -> list[Finding]:
    """Measures that bind, may bind, or would if they stood; those that are sure first."""
    touched = {j.jurisdiction for j in d.jurisdictions if j.reach is not False}
    found = [f for f in d.findings if f.act.jurisdiction in touched and f.answer != DOES_NOT and _counts(f)]
    return sorted(
        found, key=lambda f: (not f.binds, f.answer != APPLIES, not (f.items or f.possible), f.gate == "technology", -SEVERITY[f.worst])
    )


def _counts(finding: Finding) -> bool:
    return finding.binds or finding.may_bind or finding.status.word in (NOT_YET, SUSPENDED)


def _word(finding: Finding) -> str:
    outcome = said(ANSWERS[finding.outcome], "en")
    if finding.answer == APPLIES:
        clauses = "; ".join(e.unless.text for e in finding.excepted)
        return f"{outcome} ({clauses})" if clauses else outcome
    return f"not known; if it applies: {outcome}" if finding.answer == OPEN else "exceptions disagree"


def _law(case: Case, word: str, findings: list[Finding]) -> tuple[Cell, ...]:
    act = findings[0].act
    codes = list(dict.fromkeys(match.item.code for finding in findings for match in finding.items))
    articles = ", ".join(dict.fromkeys(finding.measure.text for finding in findings))
    number = f" ({act.number})" if act.number and len(act.number) <= LONGEST_NUMBER else ""
    article = f"{articles}; {', '.join(codes[:3])}" if codes else articles
    return f"{said(act.title, 'en')}{number}", article, word, {"en": standing_words(findings[0].status, case.register)["en"]}


def _more(count: int) -> tuple[Block, ...]:
    return (Paragraph({"en": f"{count} more law{'s' if count > 1 else ''} in our full record."}, "note"),) if count > 0 else ()


# -- what is unknown, what to supply ----------------------------------------------------------


def _unknown(case: Case) -> tuple[Block, ...]:
    d = case.determination
    unknown = dict.fromkeys(f.act.number or said(f.act.title, "en") for f in d.status_unknown if f.answer == APPLIES)
    lines = [f"Whether {', '.join(unknown)} is in force on the day."] if unknown else []
    ours = [q.fact.name for q in d.questions if q.fact.group not in _THEIRS and q.decides]
    if ours:
        lines.append(f"Facts we still have to settle: {_labels(case, ours)}.")
    if not lines:
        return ()
    return Heading({"en": "What is not known"}, 2), *(Paragraph({"en": line}) for line in lines)


def _labels(case: Case, names: Iterable[str]) -> str:
    names = list(dict.fromkeys(names))
    shown = "; ".join(said(fact_gap(name, case.terms).label, "en") for name in names[:MOST_FACTS])
    return f"{shown}; and {len(names) - MOST_FACTS} more" if len(names) > MOST_FACTS else shown


def _supply(case: Case) -> tuple[Block, ...]:
    d = case.determination
    papers = [id for procedure in d.procedures for id in procedure.importer_documents]
    theirs = [q.fact.name for q in d.questions if q.fact.group in _THEIRS and q.decides]
    if theirs and "end_use_statement" not in papers:
        papers.insert(0, "end_use_statement")
    names = list(dict.fromkeys(papers))
    lines = []
    if names:
        labels = "; ".join(said(case.terms.documents[id].label, "en") for id in names[:MOST_PAPERS])
        more = f"; and {len(names) - MOST_PAPERS} more" if len(names) > MOST_PAPERS else ""
        lines.append(f"Papers: {labels}{more}.")
    if theirs:
        lines.append(f"Facts: {_labels(case, theirs)}.")
    if not lines:
        return ()
    return Heading({"en": "What we need from you"}, 2), *(Paragraph({"en": line}) for line in lines)


def _conditions(case: Case) -> tuple[Block, ...]:
    """What the answer rests on, and where it ends."""
    d = case.determination
    names = [_place(case, s.jurisdiction) for s in d.searched]
    lines = [f"This rests on the facts stated, on the law as of {d.on}, and on the laws searched: {', '.join(names)}."]
    if d.not_held:
        lines.append(f"The law of {_place(case, d.not_held)} is not held by our register.")
    if d.clock:
        c = d.clock
        lines.append(
            f"If a file is accepted on {c.start}, the statutory {c.working_days} working days end on {c.end} ({_place(case, c.calendar)}); practice may take longer."
        )
    lines += _exceptions(d)
    stale = [s for s in d.searched if s.stale]
    if stale:
        lines.append(f"The register was last checked on {min(s.verified for s in stale)}; later acts are not in it.")
    lines.append("Please do not ship, resell or re-export on the strength of this page alone. Changed facts or law change the answer.")
    return Heading({"en": "Conditions"}, 2), Paragraph({"en": " ".join(lines)}, "note")


def _exceptions(d: Determination) -> list[str]:
    """The conditions of the exceptions that hold; without them the answer would be stricter."""
    held = [e.unless for f in d.findings if f.binds for e in f.excepted if ANSWERS.get(e.unless.outcome) == ANSWERS["exception"]]
    found = [f"Condition ({unless.text}): {said(unless.note, 'en')}." for unless in held if unless.note]
    return list(dict.fromkeys(found))


def _place(case: Case, code: str) -> str:
    return case.terms.places[code].label["en"] if code in case.terms.places else code
