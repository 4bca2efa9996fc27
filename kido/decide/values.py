"""Read one fact at the door: checked against the facts table, in its unit, nothing invented.

A value that says "not known" (null, unknown, 不明) is left out: unknown.
"""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kido.errors import Problem
from kido.register.yaml_file import Mark
from kido.terms.amounts import LIMIT, UNKNOWN, Amount, AmountError, amount, exact
from kido.terms.dates import read_date
from kido.terms.hs import read_hs
from kido.terms.text import folded, full_width, nearest
from kido.terms.units import factor, split
from kido.terms.vocabulary import Fact, Terms

_YES = {"true", "yes", "y", "はい", "有", "あり", "該当", "是"}
_NO = {"false", "no", "n", "いいえ", "無", "なし", "非該当", "否"}
_NOWHERE = {"none", "direct", "[]", "直送", "なし", "経由なし"}
_CODE = re.compile(r"(\d)([a-e])(\d{3})((?:\.?[a-z]\b|\.?[a-z](?=[.\d])|\.?\d+)*)")
_CURRENCY = re.compile(r"^([A-Z]{3})?\s*(.*?)\s*([A-Z]{3}|円|元)?$")
_NINES = re.compile(r"^([2-9])[Nn](5?)$")
PERCENT = ("%", "wt%", "% of value")


def _convert(bound: int, scale: Decimal | Fraction, up: bool) -> int:
    """One bound in the other unit: one step inside or outside a round figure stays one step."""
    open_by = (bound + 1) % 1000 == 0 if up else bound % 1000 == 1
    step = (-1 if up else 1) if open_by else 0
    exact_ = Fraction(bound - step) * Fraction(scale)
    whole = math.ceil(exact_) if up else math.floor(exact_)
    return whole + (step if whole == exact_ else 0)


def _some(ids) -> str:
    """The allowed values, shortened."""
    names = list(ids)
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")


def _nines(found: re.Match) -> str:
    """4N is 99.99, 4N5 is 99.995."""
    return f"99.{'9' * (int(found[1]) - 2)}{found[2]}".rstrip(".")


class Values:
    """Turns written values into facts; problems are collected, several at once."""

    def __init__(self, terms: Terms, problems: list[Problem]):
        self.terms, self.problems = terms, problems
        self.currency = ""

    def wrong(self, code: str, mark: Mark, read: str = "", **values: str) -> None:
        read = read or (mark.value if isinstance(mark.value, str) else "…")
        self.problems.append(Problem(code, mark.place, read[:80], values))

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

    # -- figures ------------------------------------------------------------------------

    def number(self, fact: Fact, mark: Mark) -> Amount | None:
        """A figure or bounds; a stated unit is converted, a wrong one refused."""
        raw = mark.value
        if full_width(raw):
            return self.wrong("full-width-figures", mark, half=folded(raw))
        if fact.name.startswith("purity") and (nines := _NINES.match(raw.strip())):
            raw = f">= {_nines(nines)}"  # 4N: at least 99.99
        figures, unit = split(raw)
        try:
            found = amount(raw)
            unit = ""
        except AmountError:
            if not unit:
                return self.amount_problem(raw, mark, fact)
        scale = Decimal(1)
        if unit:
            scale = factor(unit, fact.unit) if fact.unit else None
            if scale is None:
                return self.wrong("wrong-unit", mark, stated=unit, wanted=fact.unit or "-", fact=fact.name)
            try:
                found = amount(figures)
            except AmountError:
                return self.amount_problem(figures, mark, fact)
        if found is None:
            return None
        if scale != 1:
            found = self.scaled(found, scale, mark)
        return found and self.in_range(found, fact, mark)

    def amount_problem(self, raw: str, mark: Mark, fact: Fact) -> None:
        try:
            amount(raw)
        except AmountError as error:
            self.wrong(error.code, mark, fact=fact.name)

    def scaled(self, found: Amount, scale: Decimal, mark: Mark) -> Amount | None:
        """Convert to the fact's unit; open ends stay open, figures that do not end are rounded outwards."""
        low = found.low if abs(found.low) >= LIMIT else _convert(found.low, scale, up=False)
        high = found.high if abs(found.high) >= LIMIT else _convert(found.high, scale, up=True)
        if abs(low) > LIMIT or abs(high) > LIMIT:
            return self.wrong("too-large", mark)
        return Amount(low, high, found.text, int(found.ulp * Fraction(scale)) or int(found.ulp > 0))

    def in_range(self, found: Amount, fact: Fact, mark: Mark) -> Amount | None:
        """Nothing measured here is negative; shares end at 100."""
        if found.low < 0:
            return self.wrong("negative", mark, fact=fact.name)
        highest = exact(100)
        if fact.unit not in PERCENT:
            return found
        if found.low > highest or (found.high > highest and found.high < LIMIT):
            return self.wrong("above-100", mark, fact=fact.name)
        return Amount(found.low, min(found.high, highest), found.text, found.ulp)

    def money(self, fact: Fact | None, mark: Mark) -> Amount | None:
        """An amount with its currency; one transaction has one currency."""
        raw = mark.value
        if full_width(raw):
            return self.wrong("full-width-figures", mark, half=folded(raw))
        if folded(raw) in ("nan", "inf", "-inf", "-nan"):
            return self.wrong("nan", mark, fact="value")
        before, figures, after = _CURRENCY.match(raw.strip()).groups()
        currency = {"円": "JPY", "元": "CNY"}.get(after or "", after) or before or ""
        if currency and self.currency and currency != self.currency:
            return self.wrong("two-currencies", mark, first=self.currency, second=currency)
        self.currency = self.currency or currency
        try:
            found = amount(figures)
        except AmountError as error:
            return self.wrong(error.code, mark, fact="value")
        if found is not None and found.low < 0:
            return self.wrong("negative", mark, fact="value")
        return found

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
            self.wrong("unknown-value", mark, fact=fact.name, near=known.get(near, ""), values=_some(ids), list=table)
        return found

    def places(self, mark: Mark) -> tuple[str, ...] | None:
        """Places passed on the way; an empty list means none."""
        if isinstance(mark.value, str):
            word = folded(mark.value)
            if word in _NOWHERE:
                return ()
            if word in UNKNOWN:
                return None
            parts = [Mark(part.strip(), mark.file, mark.line, mark.column) for part in mark.value.split(",")]
        elif isinstance(mark.value, list):
            parts = mark.value
        else:
            return self.wrong("wrong-shape", mark, wanted="[CN, KR]")
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
        return read_date(mark.value) or self.wrong("not-a-date", mark)

    def text(self, fact: Fact, mark: Mark) -> str:
        return mark.value.strip()
