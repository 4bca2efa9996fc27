"""The classifications of others: their codes, their fields, and which code a measure of ours has.

codes(scheme)                   -> the code list, each code with how far it was read
codes_for(act, measure, scheme) -> Coded: the codes, how sure, and why there is none
fields(scheme)                  -> what a file of that scheme holds, and whether we can fill it

All of it is data under `law/exchange/`; a code that was only recalled is never written as a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kido.register import model as m
from kido.register.exchange.rule_text import rule_text
from kido.rule import nodes as n
from kido.terms.ground import ground
from kido.terms.text import Text
from kido.terms.vocabulary import rows

SCHEMES = ("qr", "mast2012", "mast2019", "oecd", "gta")
_FILES = {"qr": "qr-symbols", "mast2012": "mast-2012", "mast2019": "mast-2019", "oecd": "oecd-types", "gta": "gta-types"}
_SYMBOL = re.compile(r"^([A-Z]+)( X)?( S)?$")


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a scheme; `status` is read, partly or recalled, `emit` whether it may be written as a code."""

    scheme: str
    code: str
    name: Text
    status: str
    emit: bool
    confidence: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Coded:
    """The codes of a measure in a scheme; `unverified` are those that were only recalled."""

    scheme: str
    codes: tuple[str, ...]
    unverified: tuple[str, ...]
    confidence: str
    note: Text

    @property
    def any(self) -> bool:
        return bool(self.codes or self.unverified)


@dataclass(frozen=True, slots=True)
class TargetField:
    """One field of a foreign format; `filled` is yes, part or no."""

    part: str
    key: str
    label: Text
    required: str
    filled: str
    status: str
    confidence: str
    note: Text


def codes(scheme: str) -> dict[str, Code]:
    """The code list of a scheme.

    >>> codes("mast2019")["P31"].name["en"], codes("mast2012")["P2"].status
    ('Export prohibition', 'recalled')
    """
    return _codes(ground("law"), scheme)


@lru_cache(maxsize=16)
def _codes(law: Path, scheme: str) -> dict[str, Code]:
    return {
        row["code"]: Code(
            scheme, row["code"], {"ja": row["ja"], "en": row["en"]}, row["status"], row["emit"] == "yes", row["confidence"], row["source"],
            row["note"],
        )
        for row in rows(law / "exchange" / f"{_FILES[scheme]}.csv")
    }  # fmt: skip


def code_of(scheme: str, raw: str) -> Code | None:
    """The code a spelling stands for; a QR symbol may carry X (exports) and S (seasonal).

    >>> code_of("qr", "NAL X").code, code_of("mast2019", "P34")
    ('NAL', None)
    """
    found = _SYMBOL.match(raw) if scheme == "qr" else None
    return codes(scheme).get(found[1] if found else raw)


def fields(scheme: str) -> tuple[TargetField, ...]:
    """What a file of this scheme holds."""
    return tuple(
        TargetField(
            row["part"], row["key"], {"ja": row["ja"], "en": row["en"]}, row["required"], row["filled"], row["status"], row["confidence"],
            {"ja": row["note_ja"], "en": row["note_en"]},
        )
        for row in rows(ground("law") / "exchange" / "fields.csv")
        if row["format"] == scheme
    )  # fmt: skip


def codes_for(act: m.Instrument, measure: m.Measure, scheme: str) -> Coded:
    """The first pattern of `mapping.csv` that fits gives the codes.

    >>> from kido.register.store import register
    >>> act = register().instruments["cn-mofcom-gacc-2025-18"]
    >>> codes_for(act, act.measures[0], "qr").codes
    ('NAL X',)
    """
    said = {"measure": measure.id, "act_kind": act.kind, "kind": measure.kind, "gate": measure.gate, "outcome": measure.outcome}
    parts = conjuncts(measure.when)
    for row in _mapping(ground("law"), scheme):
        if all(row.get(key, "*") in ("*", value) for key, value in said.items()) and (row["rule"] == "*" or row["rule"] in parts):
            found = split(row["codes"])
            sure = tuple(code for code in found if code_of(scheme, code).emit)
            return Coded(
                scheme, sure, tuple(code for code in found if code not in sure), row["confidence"], {"ja": row["ja"], "en": row["en"]}
            )
    return Coded(scheme, (), (), "low", {"ja": "対応表に行がありません", "en": "the mapping has no row for it"})


def kinds_of(scheme: str, code: str) -> frozenset[str]:
    """Our kinds a code of a scheme may stand for; a MAST code stands for those below it as well."""
    if scheme == "kido":
        return frozenset({code})
    named = (row for row in _mapping(ground("law"), scheme) if row["kind"] != "*")
    return frozenset(row["kind"] for row in named if any(same(scheme, listed, code) for listed in split(row["codes"])))


def same(scheme: str, one: str, other: str) -> bool:
    """Whether two codes of a scheme say the same, one perhaps at a higher level.

    >>> same("mast2019", "P3", "P31"), same("gta", "3", "35"), same("qr", "NAL X", "NAL")
    (True, False, True)
    """
    if scheme.startswith("mast"):
        return one.startswith(other) or other.startswith(one)
    if scheme == "qr":
        return one.split(" ")[0] == other.split(" ")[0]
    return one == other


def conjuncts(rule: n.Node | None) -> frozenset[str]:
    """The tests a rule always asks for, as text: its parts if it is an `and`, else itself."""
    if rule is None:
        return frozenset()
    parts: Iterable[n.Node] = rule.parts if isinstance(rule, n.All) else (rule,)
    return frozenset(rule_text(part) for part in parts)


def split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


@lru_cache(maxsize=16)
def _mapping(law: Path, scheme: str) -> tuple[dict[str, str], ...]:
    return tuple(row for row in rows(law / "exchange" / "mapping.csv") if row["scheme"] in ("*", scheme))
