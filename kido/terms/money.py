"""Amounts of money as people write them: 1,200,000 JPY, USD 500, 85万円, ¥3000."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kido.terms.spellings import FIGURE

CURRENCIES = {"JPY", "CNY", "USD", "EUR", "GBP", "KRW", "TWD", "HKD", "INR", "AUD", "CAD", "CHF", "SGD", "THB", "VND", "MYR", "IDR", "PHP"}
_NAMES = {
    "円": "JPY", "日本円": "JPY", "yen": "JPY", "jp¥": "JPY", "元": "CNY", "人民元": "CNY", "rmb": "CNY", "cn¥": "CNY", "米ドル": "USD", "us$": "USD",
    "us dollars": "USD", "美元": "USD", "ユーロ": "EUR", "€": "EUR", "欧元": "EUR", "ポンド": "GBP", "£": "GBP", "ウォン": "KRW", "₩": "KRW",
}  # fmt: skip
SHARED_SIGNS = {"¥": ("JPY", "CNY"), "$": ("USD", "AUD", "CAD", "HKD", "SGD", "TWD"), "ドル": ("USD", "AUD", "CAD", "HKD", "SGD")}
_TIMES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "億": 10**8}

_WORDS = "|".join(sorted((re.escape(word) for word in [*_NAMES, *SHARED_SIGNS]), key=len, reverse=True))
_CODES = "|".join(sorted(CURRENCIES))
_NAME = rf"(?:(?i:{_WORDS}|{_CODES})|[A-Z]{{3}})"
_MONEY = re.compile(rf"^([<>]=?)?\s*({_NAME})?\s*({FIGURE}(?:\s*\.\.\s*{FIGURE})?)\s*(千|百万|万|億)?\s*({_NAME})?$")


@dataclass(frozen=True, slots=True, repr=False)
class Money:
    """Figures with their sign, the factor of 万 or 億 behind them, and the currency; "" where none is stated."""

    figures: str
    times: int
    currency: str

    def __repr__(self) -> str:
        return f"Money({self.figures!r}, {self.times}, {self.currency!r})"

    @property
    def shared(self) -> tuple[str, ...]:
        """The currencies a sign such as ¥ may stand for."""
        return SHARED_SIGNS.get(self.currency, ())


def read_money(raw: str) -> Money:
    """Split an amount of money; figures that are none stay as they are, for the reader of amounts to refuse.

    >>> read_money("1,200,000 JPY"), read_money("85万円"), read_money("<=USD 500")
    (Money('1,200,000', 1, 'JPY'), Money('85', 10000, 'JPY'), Money('<=500', 1, 'USD'))
    >>> read_money("¥3000").shared
    ('JPY', 'CNY')
    """
    found = _MONEY.match(unicodedata.normalize("NFKC", raw).strip())
    if found is None or (found[2] and found[5] and _currency(found[2]) != _currency(found[5])):
        return Money(raw.strip(), 1, "")
    return Money(f"{found[1] or ''}{found[3]}", _TIMES[found[4] or ""], _currency(found[5] or found[2] or ""))


def _currency(name: str) -> str:
    return _NAMES.get(name.casefold()) or (name if name in SHARED_SIGNS else name.upper())
