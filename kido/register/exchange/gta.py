"""The fields of a Global Trade Alert intervention: one row per measure and type. Their ids, evaluation and sectors stay empty."""

from __future__ import annotations

from datetime import date, timedelta

from kido.register.exchange.entry import English, Entry
from kido.register.exchange.schemes import code_of
from kido.register.exchange.standing import COLUMNS as OURS
from kido.register.exchange.standing import columns as ours
from kido.register.exchange.written import Files, csv_bytes
from kido.register.timeline import IN_FORCE, SUSPENDED
from kido.terms.text import said

COLUMNS = (
    "measure_id", "state_act_title", "implementing_jurisdictions", "affected_jurisdictions", "intervention_type", "intervention_type_name",
    "mast_chapter", "affected_products", "items", "intervention_description", "state_act_source", "is_official_source", "date_announced",
    "date_implemented", "date_removed", "is_in_force", "type_status", "mapping_confidence",
    *OURS,
)  # fmt: skip
_IN_FORCE = {IN_FORCE: 1, SUSPENDED: 0}


def files(entries: list[Entry], english: English, on: date | None) -> Files:
    """One file; only with a day that was asked for it says what is in force, for it has no field for that day."""
    return {"gta.csv": csv_bytes(COLUMNS, (row for entry in entries for row in _rows(entry, english, on)))}


def _rows(entry: Entry, english: English, on: date | None) -> list[dict]:
    act, measure = entry.act, entry.measure
    condition = english.rule(measure.when)
    shared = {
        "measure_id": measure.id,
        "state_act_title": english.act(act),
        "implementing_jurisdictions": act.jurisdiction,
        "affected_jurisdictions": act.partners,
        "mast_chapter": "P",
        "affected_products": entry.hs6,
        "items": entry.codes,
        "intervention_description": said(measure.title, "en") + (f"; applies where {condition}" if condition else ""),
        "state_act_source": " | ".join(f"{source.publisher}: {source.url}" for source in act.sources),
        "is_official_source": any(source.kind == "official" for source in act.sources),
        "date_announced": act.published,
        "date_implemented": entry.start,
        "date_removed": entry.until + timedelta(days=1) if entry.until else None,
        "is_in_force": _IN_FORCE.get(entry.standing.word) if on else None,
        "mapping_confidence": entry.coded.confidence,
        **ours(entry.standing),
    }
    return [
        shared | {"intervention_type": code, "intervention_type_name": found.name["en"], "type_status": found.status}
        for code in entry.coded.codes
        if (found := code_of("gta", code))
    ]
