"""Types of the OECD inventory of export restrictions on industrial raw materials: one row per measure, type and six-digit code.

The inventory counts by year and by HS 2007; here one row stands for all years, and six digits are as printed.
"""

from __future__ import annotations

from kido.register import model as m
from kido.register.exchange.entry import English, Entry, first_six
from kido.register.exchange.schemes import code_of
from kido.register.exchange.standing import COLUMNS as OURS
from kido.register.exchange.standing import columns as ours
from kido.register.exchange.written import Files, csv_bytes
from kido.terms.text import said

COLUMNS = (
    "measure_id", "country", "commodity", "hs2007", "product", "items", "measure", "measure_name", "first_year", "last_year", "value",
    "unit", "legal_reference", "purpose", "source", "measure_status", "mapping_confidence",
    *OURS,
)  # fmt: skip


def files(entries: list[Entry], english: English) -> Files:
    return {"oecd.csv": csv_bytes(COLUMNS, (row for entry in entries for row in _rows(entry, english)), ["value"])}


def _rows(entry: Entry, english: English) -> list[dict]:
    act, measure = entry.act, entry.measure
    shared = {
        "measure_id": measure.id,
        "country": act.jurisdiction,
        "first_year": entry.start.year,
        "last_year": entry.until.year if entry.until else None,
        "value": tuple(figure.value or "–" for figure in measure.figures),
        "unit": tuple(figure.unit for figure in measure.figures),
        "legal_reference": english.act(act),
        "purpose": act.justification,
        "source": " | ".join(f"{source.publisher}: {source.url}" for source in act.sources),
        "mapping_confidence": entry.coded.confidence,
        **ours(entry.standing),
    }
    types = [
        {"measure": code, "measure_name": found.name["en"], "measure_status": found.status}
        for code in entry.coded.codes
        if (found := code_of("oecd", code))
    ]
    return [shared | kind | {"hs2007": six} | _product(act, items) for kind in types for six, items in _by_six(entry).items()]


def _by_six(entry: Entry) -> dict[str, tuple[m.Item, ...]]:
    """Items by their first six digits; those without a code, and a measure without items, under none."""
    found: dict[str, list[m.Item]] = {}
    for item, code, _, _ in entry.lines:
        if item not in found.setdefault(first_six(code), []):
            found[first_six(code)].append(item)
    without = [item for item in entry.items if not any(item in items for items in found.values())]
    if without or not found:
        found.setdefault("", []).extend(without)
    return {six: tuple(items) for six, items in found.items()}


def _product(act: m.Instrument, items: tuple[m.Item, ...]) -> dict:
    elements = dict.fromkeys(element for item in items for element in item.elements)
    return {
        "commodity": tuple(elements) or act.elements,
        "product": " | ".join(said(item.name, "en") for item in items),
        "items": tuple(item.code for item in items),
    }
