"""HS codes as printed: digits of one country's tariff. They point to an item; its text decides."""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = re.compile(r"[.\s-]")
_FLOAT = re.compile(r"^(\d{2}|\d{4}|\d{6,})\.0$")  # a number of a spreadsheet or table program


def read_hs(raw: str) -> str | None:
    """The digits of an HS code, 2 to 13 of them; None if there is anything else in it.

    >>> read_hs("8505.11.10"), read_hs("85O511"), read_hs("2805.0")
    ('85051110', None, '2805')
    """
    digits = _SEPARATORS.sub("", _FLOAT.sub(r"\1", unicodedata.normalize("NFKC", raw).strip()))
    return digits if digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 13 else None


def points_to(given: str, printed: str) -> bool:
    """Whether a code given by the user may point to a printed one.

    The first six digits are common to all tariffs; further digits are compared only by the
    caller, for codes of one country and edition.

    >>> points_to("850511", "8505111000"), points_to("8505111000", "28053019")
    (True, False)
    """
    shared = min(6, len(given), len(printed))
    return shared >= 4 and given[:shared] == printed[:shared]


def hs_below(given: str, printed: str) -> bool | None:
    """Whether a code lies at or below a printed one.

    Six digits are common to all tariffs.  Beyond them, and where the given code is shorter than the
    printed one, it is not known: tariffs differ there.

    >>> hs_below("85051110", "8505"), hs_below("8504", "8505"), hs_below("85", "8505"), hs_below("81019410", "81019400")
    (True, False, None, None)
    """
    digits = _SEPARATORS.sub("", printed)
    if given.startswith(digits):
        return True
    shared = min(6, len(given), len(digits))
    return None if given[:shared] == digits[:shared] else False
