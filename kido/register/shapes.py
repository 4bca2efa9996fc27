"""What each kind of law file may hold: the reader's strictness and `law/schema.json` come from here.

A shape is (kind, required) per key.  Kinds: text, texts, code, codes, date, bool, int, rule, words
(ja and en), word lists, an enumeration, or another shape.
"""

from __future__ import annotations

from kido.register.model import BESIDE, CONFIDENCE, DECIDING, EVENTS, GATES, KEEP_FROM, OUTCOMES, POLICY

Kind = str | tuple | dict
Shape = dict[str, tuple[Kind, bool]]

KINDS_OF_ACT = (
    "framework_law", "licence", "ban", "technology_control", "suspension", "amendment", "agreement", "catalogue", "state_trading",
    "quota", "export_tax", "import_measure", "end_user_list", "production_cap", "stockpile", "subsidy", "target", "reporting",
)  # fmt: skip
KINDS_OF_MEASURE = (*DECIDING, *BESIDE, *POLICY)
BOUNDS = ("exact", "at_most", "at_least", "about")
DEPTHS = ("register", "single_acts")

SOURCE: Shape = {
    "url": ("text", True), "publisher": ("text", True), "kind": (("official", "copy", "agency", "lawfirm", "news"), True),
    "read": ("text", True), "seen": ("date", True), "note": ("text", False),
}  # fmt: skip
PRINTED: Shape = {
    "tariff": ("text", True), "digits": ("int", False), "is": (("reference", "exact"), True),
    "by": ("text", False), "codes": ("codes", True),
}  # fmt: skip
UNLESS: Shape = {
    "when": ("rule", True), "outcome": (OUTCOMES, True), "text": ("text", True), "note": ("words", False),
}  # fmt: skip
SUB_ITEM: Shape = {"no": ("code", True), "name": ("words", True), "hs": ("codes", False)}
ITEM: Shape = {
    "code": ("code", True), "name": ("words", True), "elements": ("texts", False), "form": ("text", False),
    "when": ("rule", False), "text": ("text", True), "hs": ([PRINTED], False), "includes": ("words", False),
    "excludes": ("words", False), "note": ("words", False), "previous_code": ("code", False),
    "sub_items": ([SUB_ITEM], False), "confidence": (CONFIDENCE, False),
    "from": ("date", False), "until": ("date", False), "by": ("text", False),
}  # fmt: skip
FIGURE: Shape = {
    "of": ("words", True), "unit": ("text", True), "value": ("number", False), "bound": (BOUNDS, False), "items": ("codes", False),
    "from": ("date", False), "until": ("date", False), "published": ("date", False), "note": ("words", False),
    "confidence": (CONFIDENCE, False),
}  # fmt: skip
MEASURE: Shape = {
    "no": ("int", True), "title": ("words", True), "kind": (KINDS_OF_MEASURE, True), "gate": (GATES, False),
    "when": ("rule", False), "covers": ("covers", False), "text": ("text", True), "outcome": (OUTCOMES, False),
    "review": ("words", False), "unless": ([UNLESS], False), "procedure": ("text", False),
    "effective": ("date", False), "until": ("date", False), "by": ("text", False), "added_by": ("text", False), "figures": ([FIGURE], False),
    "note": ("words", False), "confidence": (CONFIDENCE, False),
}  # fmt: skip
EVENT: Shape = {
    **dict.fromkeys(EVENTS, ("text", False)),
    "from": ("date", True), "until": ("date", False), "last_day": (("in", "out", "in_doubt"), False),
    "formal": ("bool", False), "text": ("text", False), "note": ("words", False),
}  # fmt: skip
PRACTICE: Shape = {
    "date": ("text", True), "by": ("text", True), "en": ("text", True), "ja": ("text", True),
    "url": ("text", False), "confidence": (CONFIDENCE, True),
}  # fmt: skip
DEFINITION: Shape = {"when": ("rule", True), "text": ("text", True), "ja": ("text", True), "en": ("text", True)}
PROCEDURE: Shape = {
    "id": ("text", True), "name": ("words", True), "authority": ("words", True), "applicant": ("words", True),
    "documents": ("texts", False), "working_days": ("int", False), "from": ("words", False),
    "not_counted": ("words", False), "validity": ("words", False), "observed": ([PRACTICE], False), "text": ("text", True),
    "importer_documents": ("texts", False), "advice": ("words list", False), "days_unless": ("rule", False),
}  # fmt: skip
ACT: Shape = {
    "id": ("text", True), "jurisdiction": ("text", True), "authority": ("texts", True), "number": ("text", False),
    "kind": (KINDS_OF_ACT, True), "title": ("words", True), "legal_basis": ("texts", False),
    "justification": ("text", False), "published": ("date", False), "effective": ("date", False),
    "supersedes": ("texts", False), "note": ("words", False), "doubts": ("words list", False),
    "confidence": (CONFIDENCE, True), "sources": ([SOURCE], True), "definitions": ({"*": DEFINITION}, False),
    "procedures": ([PROCEDURE], False), "items": ([ITEM], False), "measures": ([MEASURE], False),
    "events": ([EVENT], False), "practice": ([PRACTICE], False), "elements": ("texts", False), "partners": ("texts", False),
    "entities": ("texts", False), "penalties": ("words", False), "records": ("words", False),
    "keep_years": ("int", False), "keep_from": (KEEP_FROM, False),
}  # fmt: skip
ANSWER: Shape = {
    "id": ("text", True), "part": ("text", False), "date": ("text", False), "question": ("words", True),
    "answer": ("words", True), "effect": (("in", "out", "definition", "procedure"), True), "hedge": ("text", False),
    "when": ("rule", False), "measures": ("texts", True), "items": ("codes", False), "note": ("words", False),
    "sources": ([SOURCE], True), "confidence": (CONFIDENCE, True),
}  # fmt: skip
WATCH: Shape = {
    "jurisdiction": ("text", True), "verified": ("date", True), "newest_source": ("date", True),
    "covers_from": ("date", True), "held": ("words list", True), "not_held": ("words list", True),
    "open_questions": ("words list", True), "reach": ("rule", True), "reach_text": ("words", True), "depth": (DEPTHS, True),
    "listed_fact": ("text", False),
}  # fmt: skip
CASE: Shape = {
    "name": ("text", True), "on": ("date", True), "known_on": ("date", False), "facts": ("anything", True),
    "expect": ("anything", True), "items": ("anything", False), "missing": ("texts", False),
    "outcome": ("anything", False), "answer": ("text", False), "answers": ("anything", False), "why": ("text", True),
}  # fmt: skip
