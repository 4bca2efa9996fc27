"""Units: exact factors, spellings as people type them, and nothing converted across kinds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kido.terms.units import factor, split


@pytest.mark.parametrize(("stated", "wanted", "value"), [
    ("mm", "um", "1000"), ("um", "mm", "0.001"), ("nm", "um", "0.001"), ("cm", "mm", "10"), ("m", "mm", "1000"), ("inch", "mm", "25.4"),
    ("kg", "g", "1000"), ("t", "kg", "1000"), ("mg", "g", "0.001"), ("MPa", "GPa", "0.001"), ("kPa", "Pa", "1000"), ("kW", "W", "1000"),
    ("MHz", "kHz", "1000"), ("GHz", "MHz", "1000"), ("m3", "L", "1000"), ("kA", "A", "1000"), ("h", "min", "60"), ("min", "s", "60"),
    ("ppm", "wt%", "0.0001"), ("ppm", "%", "0.0001"), ("wt%", "ppm", "10000"), ("%", "wt%", "1"), ("mT", "T", "0.001"), ("kN", "N", "1000"),
])  # fmt: skip
def test_factors(stated, wanted, value):
    assert factor(stated, wanted) == Decimal(value)


@pytest.mark.parametrize(("stated", "wanted"), [
    ("µm", "um"), ("μm", "um"), ("㎛", "um"), ("㎜", "mm"), ("㎏", "kg"), ("℃", "C"), ("質量%", "wt%"), ("重量%", "wt%"), ("wt.%", "wt%"),
    ("mass%", "wt%"), ("％", "%"), ("m³", "m3"), ("g/cm³", "g/cm3"), ("トン", "t"), ("インチ", "inch"), ("g/cm3", "g/cm3"),
])  # fmt: skip
def test_spellings(stated, wanted):
    assert factor(stated, wanted) == 1


@pytest.mark.parametrize(("stated", "wanted"), [
    ("kg", "um"), ("mm", "g"), ("%", "mm"), ("C", "Pa"), ("ppm", "kg"), ("g/cm3", "kg"), ("parsec", "m"), ("% of value", "wt%"), ("wt%", "% of value"),
    ("mpa", "MPa"), ("Kg", "um"),
])  # fmt: skip
def test_no_factor_across_kinds(stated, wanted):
    assert factor(stated, wanted) is None


def test_milli_and_mega_are_not_mixed_up():
    """mPa is no megapascal: case carries meaning."""
    assert factor("mPa", "MPa") != 1


@pytest.mark.parametrize(("raw", "figures", "unit"), [
    ("0.3 mm", "0.3", "mm"), ("0.3mm", "0.3", "mm"), (">= 99.99 %", ">= 99.99", "%"), ("2.5", "2.5", ""), ("500ppm", "500", "ppm"),
    ("1..3 mm", "1..3", "mm"), ("1 to 3 mm", "1 to 3", "mm"), ("1〜3 mm", "1〜3", "mm"), ("1,000 mm", "1,000", "mm"), ("1e3", "1e3", ""), ("1E-3", "1E-3", ""),
    ("<0.1 wt%", "<0.1", "wt%"), ("7.5 g/cm3", "7.5", "g/cm3"), ("present", "present", ""), ("", "", ""), ("100 % of value", "100", "% of value"),
    ("1e-3 mm", "1e-3", "mm"), ("2.5E3 um", "2.5E3", "um"),
])  # fmt: skip
def test_split(raw, figures, unit):
    assert split(raw) == (figures, unit)
