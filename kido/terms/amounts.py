"""Amounts as bounds on an exact grid, so that a threshold is never a matter of rounding.

Every number is held as two whole numbers of 10^-12: the lowest and the highest value it
can have.  An exact figure has both equal; "present" is anything above zero; an open bound
becomes the next point of the grid.  Python integers and 128-bit table columns hold the
same figures, so both readers of a rule compare the same things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow
from functools import lru_cache

from kido.terms.spellings import ABSENT, FIGURE, PRESENT, UNKNOWN, approximate, not_detected, parts

DIGITS = 12
SCALE = 10**DIGITS
LIMIT = 10**12 * SCALE  # nothing we measure or count is larger than a trillion
LONGEST = 300  # characters of a figure with its words; the spellings take time by the square of the length

_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation, Overflow])  # never rounds
_RANGE = re.compile(rf"^({FIGURE})\s*\.\.\s*({FIGURE})$")
_BOUND = re.compile(r"^(>=|<=|>|<)\s*(.+)$")
_NUMBER = re.compile(r"^[-+]?([1-9]\d{0,2}(,\d{3})+|\d+)(\.\d+)?([eE][-+]?\d+)?$|^[-+]?\.\d+$")


class AmountError(ValueError):
    """`code` is the error code a door reports: not-a-number, nan, too-fine, too-large, empty-range, approximate, figure-too-long."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Amount:
    """Lowest and highest value, in units of 10^-12, and the words it was given in."""

    low: int
    high: int
    text: str = ""
    ulp: int = 0  # size of the last digit as stated, for sums that must not be over-trusted

    def __str__(self) -> str:
        return self.text or bounds_text(self.low, self.high)


def exact(number: int | str | Decimal) -> int:
    """A number on the grid.

    >>> exact("0.1")
    100000000000
    """
    if isinstance(number, str) and len(number) > 200:
        raise AmountError("not-a-number")
    try:
        value = Decimal(number)
    except InvalidOperation:
        raise AmountError("not-a-number") from None
    if value.is_nan() or value.is_infinite():
        raise AmountError("nan")
    if value and value.adjusted() > 13:
        raise AmountError("too-large")
    if value and value.adjusted() < -DIGITS:
        raise AmountError("too-fine")  # never rounded to nothing
    try:
        scaled = value.scaleb(DIGITS, _EXACT)
        whole = int(scaled)
    except DecimalException:
        raise AmountError("too-fine") from None
    if abs(whole) > LIMIT:
        raise AmountError("too-large")
    if scaled != whole:
        raise AmountError("too-fine")
    return whole


def plain(scaled: int) -> str:
    """A grid number as people write it.

    >>> plain(2_500_000_000_000), plain(100_000_000_000)
    ('2.5', '0.1')
    """
    text = f"{Decimal(scaled).scaleb(-DIGITS):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def bounds_text(low: int, high: int) -> str:
    """Bounds in words that need no language: figures and signs.

    >>> bounds_text(1, LIMIT), bounds_text(0, exact(2) - 1), bounds_text(exact(1), exact(3))
    ('> 0', '< 2', '1..3')
    """
    if low == high:
        return plain(low)
    below = (f"< {plain(high + 1)}" if (high + 1) % 1000 == 0 else f"<= {plain(high)}") if high < LIMIT else ""
    above = (f"> {plain(low - 1)}" if low % 1000 == 1 else f">= {plain(low)}") if low > -LIMIT else ""
    if above and below:
        if low == 0:
            return below
        if low % 1000 == 1 or (high + 1) % 1000 == 0:
            return f"{above}, {below}"
        return f"{plain(low)}..{plain(high)}"
    return above or below or "?"


def figure(raw: str) -> Decimal:
    """Read one figure; commas only as thousands separators.

    >>> figure("1,850,000")
    Decimal('1850000')
    """
    text = raw.strip()
    if text.lower() in {"nan", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "-nan", "+nan"}:
        raise AmountError("nan")
    if not _NUMBER.match(text):
        raise AmountError("not-a-number")
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise AmountError("not-a-number") from None


def amount(raw: str, lowest: int = 0, highest: int = LIMIT) -> Amount | None:
    """Read an amount; None where the words say it is not known.

    >>> amount("2.5").low == exact("2.5")
    True
    >>> present = amount("present"); (present.low, present.high == LIMIT)
    (1, True)
    >>> str(amount("<0.1")), amount("unknown"), amount("0.1以下").high == exact("0.1")
    ('<0.1', None, True)
    """
    text = short(raw).strip()
    word = text.casefold()
    if word in UNKNOWN or not_detected(text):
        return None
    if word in ABSENT:
        return Amount(0, 0, text)
    if word in PRESENT:
        return Amount(1, highest, text)
    if approximate(text):
        raise AmountError("approximate")
    return both([_one(part, lowest, highest, text) for part in parts(text)])


def short(raw: str) -> str:
    """The same words, if they are not too long for a figure."""
    if len(raw) > LONGEST:
        raise AmountError("too-large" if raw.strip().isdecimal() else "figure-too-long")
    return raw


def both(found: list[Amount]) -> Amount:
    """What satisfies one bound, or both of two."""
    low, high = max(one.low for one in found), min(one.high for one in found)
    if low > high:
        raise AmountError("empty-range")
    return Amount(low, high, found[0].text, found[0].ulp if len(found) == 1 else 0)


def _one(raw: str, lowest: int, highest: int, text: str) -> Amount:
    if (bound := _BOUND.match(raw)) is not None:
        return _one_sided(bound.group(1), figure(bound.group(2)), lowest, highest, text)
    if (span := _RANGE.match(raw)) is not None:
        low, high = exact(figure(span.group(1))), exact(figure(span.group(2)))
        if low > high:
            raise AmountError("empty-range")
        return Amount(low, high, text)
    value = figure(raw)
    scaled = exact(value)
    exponent = value.as_tuple().exponent
    ulp = 10 ** (DIGITS + exponent) if isinstance(exponent, int) and exponent >= -DIGITS else 1
    return Amount(scaled, scaled, text, ulp)


def _one_sided(sign: str, value: Decimal, lowest: int, highest: int, text: str) -> Amount:
    point = exact(value)
    low, high = {
        ">": (point + 1, highest),
        ">=": (point, highest),
        "<": (lowest, point - 1),
        "<=": (lowest, point),
    }[sign]
    if low > high:
        raise AmountError("empty-range")
    return Amount(low, high, text)
