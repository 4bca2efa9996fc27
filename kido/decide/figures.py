"""Figures at the door: units, bounds, money, and what may not be taken for a figure; problems and notes are collected.

Figures.number   a figure or bounds in the unit of the fact
Figures.money    an amount with its currency; one transaction has one currency
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kido.errors import Problem
from kido.register.yaml_file import Mark
from kido.terms.amounts import DIGITS, LIMIT, Amount, AmountError, amount, both, exact, short
from kido.terms.money import CURRENCIES, Money, read_money
from kido.terms.spellings import approximate, not_detected, parts
from kido.terms.text import folded, full_width
from kido.terms.units import factor, split
from kido.terms.vocabulary import Fact, Terms

PERCENT = ("%", "wt%", "% of value")
_MINUTES = ("min", "s", "h")
_NINES = re.compile(r"^([2-9])[Nn](5?)$")
_ZERO = re.compile(r"^(?:<=)?\s*[-+]?0*\.(0+)$")


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know of how a fact was taken: an id of the view's words, and the facts it is about."""

    id: str
    about: tuple[str, ...] = ()


class Figures:
    """Reads figures; problems and notes are collected, several at once."""

    def __init__(self, terms: Terms, problems: list[Problem]):
        self.terms, self.problems = terms, problems
        self.notes: dict[str, list[str]] = {}
        self.currency = ""
        self.without_currency = False

    def wrong(self, code: str, mark: Mark, read: str = "", **values: str) -> None:
        read = read or (mark.value if isinstance(mark.value, str) else "…")
        self.problems.append(Problem(code, mark.place, read[:80], values))

    def note(self, id: str, about: str = "") -> None:
        """A note, said once, with every fact it is about."""
        facts = self.notes.setdefault(id, [])
        if about and about not in facts:
            facts.append(about)

    # -- in the unit of the fact ---------------------------------------------------------

    def number(self, fact: Fact, mark: Mark) -> Amount | None:
        """A figure or bounds; a stated unit is converted, a wrong one refused."""
        raw = mark.value
        if full_width(raw):
            return self.wrong("full-width-figures", mark, half=folded(raw))
        if fact.unit in CURRENCIES:
            return self.money_in(fact, mark)
        if not_detected(raw):
            return self.note("not-detected", fact.name)
        if fact.name.startswith("purity") and (nines := _NINES.match(raw.strip())):
            raw = f">= {_nines(nines)}"  # 4N: at least 99.99
        try:
            found = self.bounds(raw, fact, mark)
        except AmountError as error:
            return self.wrong(error.code, mark, fact=fact.name)
        return found and self.in_range(found, fact, mark)

    def bounds(self, raw: str, fact: Fact, mark: Mark) -> Amount | None:
        """One figure, one bound or two, each in the fact's unit; a unit behind one of two is meant for both."""
        if not _has_digit(short(raw)):
            return amount(raw)  # present, none; anything else is refused by name
        if approximate(raw):
            raise AmountError("approximate")
        pieces = [split(part) for part in parts(raw, min_is_least=fact.unit not in _MINUTES)]
        stated = next((unit for _, unit in pieces if unit), "")
        if stated[:1] and stated[0] in "-+.,0123456789":
            raise AmountError("not-a-number")
        found = []
        for figures, unit in pieces:
            unit = unit or stated
            scale = Decimal(1) if not unit else factor(unit, fact.unit) if fact.unit else None
            if scale is None:
                return self.wrong("wrong-unit", mark, stated=unit, wanted=fact.unit or "-", fact=fact.name)
            one = self.rounded_zero(amount(figures), figures, fact)
            found.append(one if scale == 1 else self.scaled(one, scale))
        taken = both(found)
        return Amount(taken.low, taken.high, raw.strip(), taken.ulp)

    def rounded_zero(self, found: Amount, figures: str, fact: Fact) -> Amount:
        """0 is stated to be absent; 0.00 is a rounded figure and may be anything up to half of its last digit."""
        zero = _ZERO.match(figures)
        if zero is None:
            return found
        self.note("rounded-zero", fact.name)
        return Amount(0, max(1, 10 ** max(0, DIGITS - len(zero[1])) // 2), found.text)

    def scaled(self, found: Amount, scale: Decimal | Fraction) -> Amount:
        """Convert to the fact's unit; open ends stay open, figures that do not end are rounded outwards."""
        low = found.low if abs(found.low) >= LIMIT else _convert(found.low, scale, up=False)
        high = found.high if abs(found.high) >= LIMIT else _convert(found.high, scale, up=True)
        if abs(low) > LIMIT or abs(high) > LIMIT:
            raise AmountError("too-large")
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

    # -- money ---------------------------------------------------------------------------

    def money(self, fact: Fact, mark: Mark) -> Amount | None:
        """An amount with its currency; one transaction has one currency."""

        def fits(money: Money) -> bool:
            if money.shared:
                self.wrong("shared-currency-sign", mark, sign=money.currency, currencies=", ".join(money.shared))
            elif money.currency and self.currency and money.currency != self.currency:
                self.wrong("two-currencies", mark, first=self.currency, second=money.currency)
            else:
                self.currency = self.currency or money.currency
                self.without_currency |= not money.currency
                return True
            return False

        return self._sum(fact, mark, fits)

    def money_in(self, fact: Fact, mark: Mark) -> Amount | None:
        """An amount in the one currency a fact asks for; no rate is assumed."""

        def fits(money: Money) -> bool:
            if money.currency in ("", fact.unit) or fact.unit in money.shared:
                return True
            self.wrong("wrong-currency", mark, fact=fact.name, wanted=fact.unit, stated=money.currency)
            return False

        return self._sum(fact, mark, fits)

    def _sum(self, fact: Fact, mark: Mark, fits: Callable[[Money], bool]) -> Amount | None:
        if full_width(mark.value):
            return self.wrong("full-width-figures", mark, half=folded(mark.value))
        try:
            if not _has_digit(short(mark.value)):
                return amount(mark.value)
            if approximate(mark.value):
                raise AmountError("approximate")
            pieces = _alike([read_money(part) for part in parts(mark.value, min_is_least=True)])
            taken = both([self.scaled(amount(piece.figures), Decimal(piece.times)) for piece in pieces])
        except AmountError as error:
            return self.wrong(error.code, mark, fact=fact.name)
        if not all(fits(piece) for piece in pieces):
            return None
        if taken.low < 0:
            return self.wrong("negative", mark, fact=fact.name)
        return Amount(taken.low, taken.high, mark.value.strip(), taken.ulp)


def _alike(pieces: list[Money]) -> list[Money]:
    """In 100以上200万円以下 the words behind the second figure are meant for both."""
    currency = next((piece.currency for piece in pieces if piece.currency), "")
    last = pieces[-1]
    return [Money(p.figures, p.times if p.currency or p.times > 1 else last.times, p.currency or currency) for p in pieces]


def _has_digit(raw: str) -> bool:
    return any(char.isdigit() for char in raw)


def _convert(bound: int, scale: Decimal | Fraction, up: bool) -> int:
    """One bound in the other unit: one step inside or outside a round figure stays one step."""
    open_by = (bound + 1) % 1000 == 0 if up else bound % 1000 == 1
    step = (-1 if up else 1) if open_by else 0
    exact_ = Fraction(bound - step) * Fraction(scale)
    whole = math.ceil(exact_) if up else math.floor(exact_)
    return whole + (step if whole == exact_ else 0)


def _nines(found: re.Match) -> str:
    """4N is 99.99, 4N5 is 99.995."""
    return f"99.{'9' * (int(found[1]) - 2)}{found[2]}".rstrip(".")
