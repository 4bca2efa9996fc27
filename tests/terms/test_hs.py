"""HS codes: digits as printed; they only point."""

from __future__ import annotations

import pytest

from kido.terms.hs import points_to, read_hs


@pytest.mark.parametrize(("raw", "digits"), [
    ("8505.11.10", "85051110"), ("8505 11 10", "85051110"), ("8505-11-10", "85051110"), ("85", "85"), ("0101", "0101"), ("2805301910", "2805301910"),
    ("8505.11.0010", "8505110010"), ("1234567890123", "1234567890123"),
])  # fmt: skip
def test_codes(raw, digits):
    assert read_hs(raw) == digits


@pytest.mark.parametrize("raw", ["85O511", "8505.1l", "", "8", "12345678901234", "8505x", "HS8505", "8505,11", "八五〇五", "-"])
def test_no_codes(raw):
    assert read_hs(raw) is None


@pytest.mark.parametrize(("given", "printed", "points"), [
    ("850511", "8505111000", True), ("8505111000", "850511", True), ("85051110", "85051190", True), ("8505111000", "28053019", False),
    ("8505", "850511", True), ("85", "850511", False), ("850512", "850511", False), ("8506", "850511", False),
])  # fmt: skip
def test_pointing(given, printed, points):
    assert points_to(given, printed) is points
    assert points_to(printed, given) is points
