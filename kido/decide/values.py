"""Read one fact at the door: checked against the facts table, in its unit, nothing invented.

A value that says "not known" (null, unknown, 不明) is left out: unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from kido.decide.figures import Figures
from kido.register.yaml_file import Mark
from kido.terms.amounts import UNKNOWN
from kido.terms.dates import read_date
from kido.terms.hs import read_hs
from kido.terms.text import folded, full_width, nearest
from kido.terms.vocabulary import Fact

FEW = 12
MOST_PLACES = 100  # passed on the way
LAST_YEAR = 2199  # later ones are slips, or stand for "no end"
_YES = {"true", "yes", "y", "はい", "有", "あり", "該当", "是"}
_NO = {"false", "no", "n", "いいえ", "無", "なし", "非該当", "否"}
_NOWHERE = {"none", "direct", "[]", "直送", "なし", "経由なし"}
_CODE = re.compile(r"(\d)([a-e])(\d{3})((?:\.?[a-z]\b|\.?[a-z](?=[.\d])|\.?\d+)*)")


def _few(ids: Iterable[str]) -> str:
    """The allowed values where they are few; `kido words` lists the others."""
    names = list(ids)
    return ", ".join(names) if len(names) <= FEW else ""


class Values(Figures):
    """Turns written values into facts; problems are collected, several at once."""

    def read(self, fact: Fact, mark: Mark) -> object | None:
        """The value of a fact, or None where it is unknown or wrong."""
        if fact.type == "places":
            return self.places(mark)
        if not isinstance(mark.value, str):
            return self.wrong("wrong-shape", mark, wanted="one value")
        if folded(mark.value) in UNKNOWN:
            return None
        if fact.type == "number":
            return self.number(fact, mark)
        return getattr(self, fact.type)(fact, mark)

    # -- words --------------------------------------------------------------------------

    def bool(self, fact: Fact, mark: Mark) -> bool | None:
        word = folded(mark.value)
        if word in _YES or word in _NO:
            return word in _YES
        return self.wrong("not-yes-or-no-value", mark)

    def choice(self, fact: Fact, mark: Mark) -> str | None:
        return self.lookup(fact.choices, fact, mark)

    def element(self, fact: Fact, mark: Mark) -> str | None:
        return self.lookup("element", fact, mark)

    def place(self, fact: Fact, mark: Mark) -> str | None:
        return self.lookup("place", fact, mark)

    def lookup(self, table: str, fact: Fact, mark: Mark) -> str | None:
        found = self.terms.lookup(table, mark.value)
        if found is None:
            known = self.terms.aliases.get(table, {})
            near = nearest(folded(mark.value), known)
            ids = self.terms.ids(fact)
            self.wrong("unknown-value", mark, fact=fact.name, near=known.get(near, ""), values=_few(ids), list=table)
        return found

    def places(self, mark: Mark) -> tuple[str, ...] | None:
        """Places passed on the way; an empty list means none."""
        if isinstance(mark.value, str):
            word = folded(mark.value)
            if word in _NOWHERE:
                return ()
            if word in UNKNOWN:
                return None
            parts = [Mark(part.strip(), mark.file, mark.line, mark.column) for part in re.split("[,、，]", mark.value)]
        elif isinstance(mark.value, list):
            parts = mark.value
        else:
            return self.wrong("wrong-shape", mark, wanted="[CN, KR]")
        if len(parts) > MOST_PLACES:
            return self.wrong("too-many-values", mark, f"{len(parts):,}", most=str(MOST_PLACES))
        via = self.terms.facts["destination"]
        found = []
        for part in parts:
            if not isinstance(part.value, str):
                return self.wrong("wrong-shape", part, wanted="one place")
            place = self.place(via, part)
            if place is not None:
                found.append(place)
        return tuple(found)

    # -- codes, dates, text -------------------------------------------------------------

    def code(self, fact: Fact, mark: Mark) -> str | None:
        if not mark.quoted and mark.line:
            return self.wrong("unquoted-code", mark)
        text = folded(mark.value).replace(" ", "").replace("-", ".").replace("с", "c")  # the last one is Cyrillic
        found = _CODE.search(text)
        if found is None:
            return mark.value.strip()
        tail = ".".join(re.findall(r"[a-z]|\d+", found[4]))
        return f"{found[1]}{found[2].upper()}{found[3]}" + (f".{tail}" if tail else "")

    def hs(self, fact: Fact, mark: Mark) -> str | None:
        if not mark.quoted and mark.line:
            return self.wrong("unquoted-code", mark)
        if full_width(mark.value):
            return self.wrong("full-width-figures", mark, half=folded(mark.value))
        return read_hs(mark.value) or self.wrong("not-an-hs-code", mark)

    def date(self, fact: Fact, mark: Mark) -> date | None:
        if full_width(mark.value):
            return self.wrong("full-width-figures", mark, half=folded(mark.value))
        found = read_date(mark.value)
        return found if found and found.year <= LAST_YEAR else self.wrong("not-a-date", mark)

    def text(self, fact: Fact, mark: Mark) -> str:
        return mark.value.strip()
