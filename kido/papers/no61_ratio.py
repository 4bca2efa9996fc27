"""The value ratio of No. 61 in full: exact figures, never a rounded one compared with the threshold.

    read_inputs(rows, details, part1)  -> Line, one for each input, with its value as bounds
    ratio(lines, goods, threshold)     -> Ratio: bounds, what follows, and what would change it

Values are fractions of the currency of the goods; a bound that is not known is None. Amounts in another currency are never added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from kido.terms.amounts import LIMIT, SCALE, Amount

REACHED, BELOW, UNDECIDED = "reached", "below", "undecided"
SWING = Fraction(1, 5)  # ± 20 % on the prices
PER_CENT = "%"  # the "currency" of inputs that are stated as a share of the goods' value
FINEST = 12  # digits printed at most
Truth = bool | None


@dataclass(frozen=True, slots=True)
class Span:
    """A figure within bounds; `high` is None where nothing limits it."""

    low: Fraction
    high: Fraction | None

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def times(self, factor: Fraction) -> Span:
        return Span(self.low * factor, None if self.high is None else self.high * factor)

    def plus(self, other: Span) -> Span:
        return Span(self.low + other.low, None if self.high is None or other.high is None else self.high + other.high)


NOTHING, ANYTHING = Span(Fraction(0), Fraction(0)), Span(Fraction(0), None)


def span(amount: Amount | None) -> Span:
    """An amount of the facts as a span.

    >>> from kido.terms.amounts import amount
    >>> span(amount("59640")).low, span(None).high
    (Fraction(59640, 1), None)
    """
    if amount is None:
        return ANYTHING
    return Span(Fraction(amount.low, SCALE), None if amount.high >= LIMIT else Fraction(amount.high, SCALE))


@dataclass(frozen=True, slots=True)
class Detail:
    """What the order says of one input: quantity times unit price, and where the price comes from."""

    name: str
    quantity: Fraction | None = None
    unit: str = ""
    unit_price: Fraction | None = None
    currency: str = ""
    price_date: str = ""
    price_source: str = ""
    place: str = ""

    @property
    def product(self) -> Fraction | None:
        return None if self.quantity is None or self.unit_price is None else self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Line:
    """One input of the goods.

    counted   it is a Chinese-origin item of annex 1 part 1; None where that is not known
    value     what it adds, in the currency of the goods
    problem   "" or what is wrong with it: currency, negative, differs, unmatched, no_value
    """

    name: str
    row: Mapping[str, str | Amount]
    detail: Detail | None
    counted: Truth
    value: Span
    problem: str = ""

    @property
    def adds(self) -> Span:
        """What it adds to the sum: all, nothing, or anything between."""
        if self.counted is False:
            return NOTHING
        return self.value if self.counted else Span(Fraction(0), self.value.high)


def read_inputs(
    rows: Sequence[Mapping[str, str | Amount]], details: Sequence[Detail], part1: Callable[[Mapping], Truth], currency: str
) -> tuple[Line, ...]:
    """Each input beside its price; a price whose name fits no input may still be one that counts."""
    left = list(details)
    found = []
    for row in rows:
        name = str(row.get("name", ""))
        detail = next((one for one in left if name and one.name == name), None)
        if detail:
            left.remove(detail)
        found.append(_line(name, row, detail, part1(row), currency))
    return (*found, *(_line(detail.name, {}, detail, None, currency, "unmatched") for detail in left))


def _line(name: str, row: Mapping, detail: Detail | None, counted: Truth, currency: str, problem: str = "") -> Line:
    stated = row.get("value")
    known = isinstance(stated, Amount) and stated.text != "?"
    value = span(stated if isinstance(stated, Amount) else None)
    product = detail.product if detail else None
    if product is None:
        return Line(name, row, detail, counted, value, problem or ("" if known else "no_value"))
    if product < 0:
        return Line(name, row, detail, counted, value, "negative")
    if currency == PER_CENT or (detail.currency and detail.currency != currency):
        return Line(name, row, detail, counted, value, "currency")
    if not known:
        return Line(name, row, detail, counted, Span(product, product), problem)
    if value.low <= product and (value.high is None or product <= value.high):
        return Line(name, row, detail, counted, Span(product, product), problem)
    high = None if value.high is None else max(value.high, product)
    return Line(name, row, detail, counted, Span(min(value.low, product), high), "differs")


@dataclass(frozen=True, slots=True)
class Ratio:
    """The ratio as bounds and what follows at the threshold.

    part      value of the Chinese-origin part 1 inputs; `rest` the most that inputs not listed could add
    goods     value of the goods
    threshold as a fraction: 0.1 % is 1/1000
    """

    part: Span
    rest: Span
    goods: Span
    threshold: Fraction

    @property
    def bounds(self) -> Span:
        return divided(self.part.plus(self.rest), self.goods)

    @property
    def of_listed(self) -> Span:
        """The ratio of the inputs that are listed, whatever else may be inside."""
        return divided(self.part, self.goods)

    @property
    def answer(self) -> str:
        return at(self.bounds, self.threshold)

    def swung(self, by: Fraction) -> Span:
        """The ratio if every input's price were `by` higher (a fraction; negative: lower), rest unchanged."""
        return divided(self.part.times(1 + by).plus(self.rest), self.goods)

    @property
    def steady(self) -> bool:
        """Whether ± 20 % on the prices leaves the answer as it is."""
        return {at(self.swung(by), self.threshold) for by in (-SWING, SWING)} == {self.answer}

    @property
    def turning_value(self) -> Span:
        """The value of the inputs at which the ratio is exactly the threshold."""
        return self.goods.times(self.threshold)


def ratio(lines: Sequence[Line], goods: Span, rest: Span, threshold: Fraction) -> Ratio:
    """Add up what counts and divide it by the value of the goods.

    >>> from kido.terms.amounts import amount
    >>> tb = Line("Tb", {}, None, True, Span(Fraction("0.42") * 142_000, Fraction("0.42") * 142_000))
    >>> found = ratio([tb], span(amount("1850000")), NOTHING, Fraction(1, 1000))
    >>> percent(found.bounds.low, found.threshold), found.answer, found.steady
    ('3.22', 'reached', True)
    """
    part = NOTHING
    for line in lines:
        part = part.plus(line.adds)
    return Ratio(part, rest, goods, threshold)


def divided(part: Span, whole: Span) -> Span:
    """Bounds of a quotient; without a value of the goods nothing is known but that it is not below zero."""
    if part.high == 0:
        return NOTHING
    low = part.low / whole.high if whole.high else Fraction(0)
    high = part.high / whole.low if part.high is not None and whole.low > 0 else None
    return Span(low, high)


def at(found: Span, threshold: Fraction) -> str:
    """On which side of the threshold a ratio surely lies; the threshold itself is reached."""
    if found.low >= threshold:
        return REACHED
    return BELOW if found.high is not None and found.high < threshold else UNDECIDED


def percent(value: Fraction, threshold: Fraction | None = None, digits: int = 2) -> str:
    """A fraction in per cent, with as many digits as it takes not to print a figure on the wrong side of the threshold.

    >>> percent(Fraction(59640, 1850000)), percent(Fraction(9999, 10_000_000), Fraction(1, 1000)), percent(Fraction(1, 1000))
    ('3.22', '0.09999', '0.10')
    """
    text = rounded(value * 100, digits)
    if threshold is None or (Fraction(text) < threshold * 100) == (value < threshold):
        return text
    return percent(value, threshold, digits + 1) if digits < FINEST else f"< {percent(threshold)}"


def rounded(value: Fraction, digits: int) -> str:
    """A fraction to so many digits after the point, half up.

    >>> rounded(Fraction(1, 3), 2), rounded(Fraction(5, 1000), 2)
    ('0.33', '0.01')
    """
    return _point(floor(value * 10**digits + Fraction(1, 2)), digits).replace(",", "")


def money(value: Fraction) -> str:
    """A figure with separators: exact where it ends within six digits, else to two digits, small ones to four that count.

    >>> money(Fraction(59640)), money(Fraction("4404.5")), money(Fraction(100, 3)), money(Fraction(1850, 142_000))
    ('59,640', '4,404.5', '33.33', '0.01303')
    """
    for digits in range(7):
        if (value * 10**digits).denominator == 1:
            return _point((value * 10**digits).numerator, digits)
    digits = 2
    while value * 10 ** (digits - 3) < 1 and digits < FINEST:
        digits += 1
    return _point(floor(value * 10**digits + Fraction(1, 2)), digits)


def _point(scaled: int, digits: int) -> str:
    """A whole number with the point put in, thousands apart; never by way of a float or a rounded decimal."""
    whole, rest = divmod(abs(scaled), 10**digits)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole:,}.{rest:0{digits}d}" if digits else f"{sign}{whole:,}"
