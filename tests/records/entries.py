"""An entry as the tests add it; light, for programs that a test starts by the dozen."""

from __future__ import annotations

import json

from kido.records.book import New

KEEP = [{"jurisdiction": "CN", "act": "cn-dual-use-regulations-2024", "years": 5, "from": "shipment"}]


def new(subject: str = "磁石 A-1", who: str = "sato", kind: str = "determination", **other) -> New:
    """An answer to be kept, with two parts."""
    number = other.pop("number", 0)
    body = {"subject": subject, "register": "r1", "program": "0.1.0", "lang": "ja", "on": "2026-11-23", "known_on": None, "keep": KEEP}
    parts = {"facts": json.dumps({"name": subject, "number": number}).encode(), "answer": json.dumps({"answer": number}).encode()}
    return New(kind, who, body | other.pop("body", {}), parts | other.pop("parts", {}), outcome="licence_required", **other)
