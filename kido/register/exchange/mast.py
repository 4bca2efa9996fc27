"""Chapter P of the MAST classification of non-tariff measures, edition 2012 or 2019: one row per measure and code.

A code says nothing without its edition: P1 to P9 mean different things in the two.
"""

from __future__ import annotations

from kido.register.exchange.entry import English, Entry
from kido.register.exchange.schemes import code_of
from kido.register.exchange.standing import COLUMNS as OURS
from kido.register.exchange.standing import columns as ours
from kido.register.exchange.written import Files, csv_bytes
from kido.terms.text import said

COLUMNS = (
    "measure_id", "edition", "code", "code_name", "code_unverified", "country", "partner", "hs6", "items", "description", "legislation",
    "agency", "start_date", "end_date", "source", "code_status", "mapping_confidence",
    *OURS,
)  # fmt: skip


def files(scheme: str, entries: list[Entry], english: English) -> Files:
    """One file; a code that was only recalled stands in a column of its own."""
    return {f"{scheme}.csv": csv_bytes(COLUMNS, (row for entry in entries for row in _rows(scheme, entry, english)))}


def _rows(scheme: str, entry: Entry, english: English) -> list[dict]:
    act, measure = entry.act, entry.measure
    condition = english.rule(measure.when)
    shared = {
        "measure_id": measure.id,
        "edition": scheme.removeprefix("mast"),
        "country": act.jurisdiction,
        "partner": act.partners,
        "hs6": entry.hs6,
        "items": entry.codes,
        "description": said(measure.title, "en") + (f"; applies where {condition}" if condition else ""),
        "legislation": english.act(act),
        "agency": act.authority,
        "start_date": entry.start,
        "end_date": entry.until,
        "source": " | ".join(f"{source.publisher}: {source.url}" for source in act.sources),
        "mapping_confidence": entry.coded.confidence,
        **ours(entry.standing),
    }
    every = [(code, "code") for code in entry.coded.codes] + [(code, "code_unverified") for code in entry.coded.unverified]
    return [
        shared | {column: code, "code_name": code_of(scheme, code).name["en"], "code_status": code_of(scheme, code).status}
        for code, column in every
    ]
