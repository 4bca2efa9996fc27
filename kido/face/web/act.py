"""What the page of one act shows beside the view of the register: its issuers, who changed it, the form of each entry, equal codes together.

beside(act, shown, history, lang)  -> values of the template
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from kido.face.finding_view import number_of
from kido.face.web.tongue import han_of
from kido.register import store
from kido.register.model import Instrument, Item
from kido.register.timeline import Change
from kido.terms.text import said

_NOTICE = "公告"
_CJK = re.compile("[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def issuers() -> Mapping[str, dict[str, str]]:
    """The names of authorities: their own, and in ja and en."""
    with Path(__file__).with_name("issuers.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def number_in_full(act: Instrument) -> str:
    """The number as its issuer writes it: a Chinese notice with the names of those who gave it.

    >>> number_in_full(store.register().instruments["cn-mofcom-gacc-2025-18"])
    '商务部 海关总署公告2025年第18号'
    """
    names = [issuers().get(code, {}).get("own", "") for code in act.authority]
    return f"{' '.join(names)}{act.number}" if act.number.startswith(_NOTICE) and all(names) else act.number


def beside(act: Instrument, history: Mapping[str, list[Change]], lang: str) -> dict:
    """What the template needs besides."""
    acts = store.register().instruments
    return {
        "number_tongue": han_of(act.id) if _CJK.search(act.number) else "en",
        "issuers": [_issuer(code, lang) for code in act.authority],
        "bys": {
            id: [(change.by if change.by in acts else "", number_of(change.by)) for change in changes] for id, changes in history.items()
        },
        "forms": {item.code: _form(item, lang) for item in act.items},
        "official": next((source for source in act.sources if source.kind == "official" and source.url), None),
    }


def _issuer(code: str, lang: str) -> dict[str, str]:
    """An authority by its own name and that of the page's language; one we have no name for as the register has it."""
    row = issuers().get(code)
    return {"own": row["own"], "tongue": row["lang"], "label": row[lang]} if row else {"own": code, "tongue": "en", "label": code}


def _form(item: Item, lang: str) -> str:
    known = store.terms().choices["form"].get(item.form or "")
    return said(known.label, lang) if known else ""


def codes_together(printed: list[dict]) -> list[dict]:
    """Tariffs that print the same codes, as one.

    >>> codes_together([{"tariff": "CN 2025", "is_words": "r", "codes": ["1"]}, {"tariff": "CN 2026", "is_words": "r", "codes": ["1"]}])
    [{'tariff': 'CN 2025, CN 2026', 'is_words': 'r', 'codes': ['1']}]
    """
    found: list[dict] = []
    for one in printed:
        same = next((two for two in found if (two["codes"], two["is_words"]) == (one["codes"], one["is_words"])), None)
        if same is None:
            found.append({"tariff": one["tariff"], "is_words": one["is_words"], "codes": one["codes"]})
        else:
            same["tariff"] += f", {one['tariff']}"
    return found
