"""Units that a figure may be stated in, and the exact factor to the unit a fact wants."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from kido.terms.spellings import FIGURE, TO

# dimension -> unit -> factor to the dimension's base unit
_FACTORS: dict[str, dict[str, Decimal]] = {
    name: {unit: Decimal(factor) for unit, factor in units.items()}
    for name, units in {
        "length": {"nm": "1e-9", "um": "1e-6", "mm": "1e-3", "cm": "1e-2", "m": "1", "inch": "0.0254"},
        "mass": {"mg": "1e-6", "g": "1e-3", "kg": "1", "t": "1000"},
        "pressure": {"Pa": "1", "kPa": "1e3", "MPa": "1e6", "GPa": "1e9"},
        "power": {"W": "1", "kW": "1e3"},
        "frequency": {"Hz": "1", "kHz": "1e3", "MHz": "1e6", "GHz": "1e9"},
        "volume": {"L": "1e-3", "m3": "1"},
        "current": {"A": "1", "kA": "1e3"},
        "time": {"s": "1", "min": "60", "h": "3600"},
        "share": {"wt%": "1", "%": "1", "ppm": "1e-4"},
        "field": {"T": "1", "mT": "1e-3"},
        "force": {"N": "1", "kN": "1e3"},
        "value_share": {"% of value": "1"},
    }.items()
}
_SPELLINGS = {
    "µm": "um", "μm": "um", "㎛": "um", "㎜": "mm", "㎝": "cm", "㎏": "kg", "℃": "C", "°c": "C", "ｍｍ": "mm",
    "mass%": "wt%", "質量%": "wt%", "重量%": "wt%", "wt.%": "wt%", "wt％": "wt%", "％": "%", "m³": "m3",
    "g/cm³": "g/cm3", "in": "inch", "l": "L", "インチ": "inch", "トン": "t", "mass pct": "wt%", "pct": "%",
}  # fmt: skip
_SPLIT = re.compile(rf"^\s*((?:>=|<=|>|<)?\s*{FIGURE}(?:\s*{TO}\s*{FIGURE})?)\s*(.*)$", re.DOTALL)


def split(raw: str) -> tuple[str, str]:
    """Split a figure from the unit behind it; the figure as `spellings.parts` gives it.

    >>> split("0.3 mm"), split(">= 99.99 %"), split("2.5"), split("5..10 um")
    (('0.3', 'mm'), ('>= 99.99', '%'), ('2.5', ''), ('5..10', 'um'))
    """
    found = _SPLIT.match(raw)
    return (found.group(1).strip(), found.group(2).strip()) if found else (raw.strip(), "")


def factor(stated: str, wanted: str) -> Decimal | Fraction | None:
    """Factor from the stated unit to the wanted one; None if they are not of one kind.

    >>> factor("mm", "um"), factor("kg", "um"), factor("%", "wt%")
    (Decimal('1E+3'), None, Decimal('1'))
    """
    stated = _SPELLINGS.get(stated, _SPELLINGS.get(stated.casefold(), stated))
    if stated == wanted:
        return Decimal(1)
    for units in _FACTORS.values():
        if stated in units and wanted in units:
            return _exact(Fraction(units[stated]) / Fraction(units[wanted]))
    return None


def _exact(ratio: Fraction) -> Decimal | Fraction:
    """A decimal where the ratio ends, the fraction itself where it does not."""
    decimal = Decimal(ratio.numerator) / Decimal(ratio.denominator)
    return decimal.normalize() if Fraction(decimal) == ratio else ratio
