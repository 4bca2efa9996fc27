"""The fields of a WTO notification of quantitative restrictions, as a draft: only Members can notify.

Three files: the header with what only a Member can fill left empty, Section 1 with one row per restriction, and its
tariff lines one by one.  What the format cannot hold is in the loss report beside them.
"""

from __future__ import annotations

from datetime import date

from kido.register.exchange.entry import English, Entry
from kido.register.exchange.schemes import fields
from kido.register.exchange.standing import COLUMNS as OURS
from kido.register.exchange.standing import columns as ours
from kido.register.exchange.written import Files, csv_bytes
from kido.terms.text import said

HEADER = ("part", "key", "label", "label_ja", "required", "value", "status", "note")
SECTION_1 = (
    "measure_id", "jurisdiction", "qr_no", "general_description", "symbols", "tariff_lines", "detailed_product_description",
    "justification", "legal_basis", "administration", "in_force_from", "termination", "items", "symbol_status", "mapping_confidence",
    "draft", *OURS,
)  # fmt: skip
LINES = ("measure_id", "qr_no", "item", "code", "tariff", "hs_version", "ex", *OURS)
DRAFT = "DRAFT by kido, not notified"


def files(entries: list[Entry], english: English, on: date | None) -> Files:
    """Header, Section 1 and tariff lines."""
    return {
        "qr-header.csv": csv_bytes(HEADER, _header(on)),
        "qr-section-1.csv": csv_bytes(SECTION_1, (_restriction(entry, no, english) for no, entry in enumerate(entries, 1))),
        "qr-tariff-lines.csv": csv_bytes(LINES, (line for no, entry in enumerate(entries, 1) for line in _lines(entry, no))),
    }


def _header(on: date | None) -> list[dict]:
    values = {"sections": "section_1", "in_force_as_of": on or ""}
    return [
        {
            "part": f.part, "key": f.key, "label": f.label["en"], "label_ja": f.label["ja"], "required": f.required,
            "value": values.get(f.key, ""), "status": f.status, "note": f.note["en"],
        }
        for f in fields("qr")
        if f.part == "header"
    ]  # fmt: skip


def _restriction(entry: Entry, no: int, english: English) -> dict:
    act, measure = entry.act, entry.measure
    return {
        "measure_id": measure.id,
        "jurisdiction": act.jurisdiction,
        "qr_no": no,
        "general_description": said(measure.title, "en"),
        "symbols": entry.coded.codes,
        "tariff_lines": tuple(f"{'ex ' if basis != 'exact' else ''}{code} [{tariff or '–'}]" for _, code, tariff, basis in entry.lines),
        "detailed_product_description": " | ".join(english.item(item) for item in entry.items),
        "justification": act.justification or "none stated",
        "legal_basis": _legal_basis(entry, english),
        "administration": _administration(entry, english),
        "in_force_from": entry.start,
        "termination": entry.until,
        "items": entry.codes,
        "symbol_status": entry.statuses,
        "mapping_confidence": entry.coded.confidence,
        "draft": DRAFT,
        **ours(entry.standing),
    }


def _legal_basis(entry: Entry, english: English) -> str:
    acts = english.register.instruments
    basis = [english.act(acts[id]) if id in acts else id for id in entry.act.legal_basis]
    own = f"{english.act(entry.act)}, {entry.measure.text}, in force {entry.start}"
    return "; ".join((own, *basis))


def _administration(entry: Entry, english: English) -> str:
    """Authority, conditions, procedure, exceptions, figures, and what later acts did."""
    measure = entry.measure
    parts = [f"Authority: {', '.join(entry.act.authority)}", f"Applies where {english.rule(measure.when)}" if measure.when else ""]
    if procedure := english.register.procedures.get(measure.procedure):
        days = f", {procedure.working_days} working days" if procedure.working_days else ""
        parts.append(f"Procedure: {said(procedure.name, 'en')} ({said(procedure.authority, 'en')}{days})")
    parts.append(f"Review: {said(measure.review, 'en')}" if measure.review else "")
    exceptions = [*measure.unless, *(unless for item in entry.items for unless in item.unless)]
    parts += dict.fromkeys(f"Exception ({u.text}): {u.outcome} where {english.rule(u.when)}" for u in exceptions)
    parts += [english.figure(figure) for figure in measure.figures]
    parts += [english.event(event) for event in entry.events]
    parts.append(said(measure.note, "en"))
    return ". ".join(part.rstrip(".") for part in parts if part)


def _lines(entry: Entry, no: int) -> list[dict]:
    """One row per tariff line; `ex` where the item's text is narrower than the line."""
    shared = {"measure_id": entry.measure.id, "qr_no": no, **ours(entry.standing)}
    return [
        shared | {"item": item.code, "code": code, "tariff": tariff, "ex": basis != "exact"} for item, code, tariff, basis in entry.lines
    ]
