"""Amounts: an exact grid of 10^-12, bounds, and words for what is not known."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kido.terms.amounts import LIMIT, Amount, AmountError, amount, bounds_text, exact, figure, plain

ONE = 10**12


@pytest.mark.parametrize(("raw", "grid"), [
    ("0", 0), ("1", ONE), ("0.1", ONE // 10), ("99.99", 9999 * 10**10), ("0.000000000001", 1), ("-2.5", -25 * 10**11),
    ("1e-12", 1), ("1E3", 1000 * ONE), ("1000000000000", 10**24),
])  # fmt: skip
def test_exact(raw, grid):
    assert exact(raw) == grid


def test_a_tenth_is_a_tenth():
    assert exact("0.1") + exact("0.2") == exact("0.3")


@pytest.mark.parametrize(("raw", "code"), [
    ("0.0000000000001", "too-fine"), ("0.0999999999999", "too-fine"), ("1000000000000.1", "too-large"), ("2e12", "too-large"),
    ("NaN", "nan"), ("Infinity", "nan"), ("-Infinity", "nan"), ("sNaN", "nan"),
])  # fmt: skip
def test_what_does_not_fit_the_grid(raw, code):
    with pytest.raises(AmountError) as error:
        exact(raw)
    assert error.value.code == code


@pytest.mark.parametrize("raw", ["0.0" + "9" * 30, "0." + "9" * 40, "99.99" + "0" * 25 + "1"])
def test_many_digits_are_refused_and_never_rounded(raw):
    """0.0999…9 is below 0.1; read as 0.1 it would cross a limit of 0.1 %."""
    with pytest.raises(AmountError) as error:
        exact(raw)
    assert error.value.code == "too-fine"


@pytest.mark.parametrize("raw", ["1e9999999", "1e400", "-1e400", "1e999999"])
def test_huge_exponents_are_refused_by_name_and_at_once(raw):
    started = time.perf_counter()
    with pytest.raises(AmountError) as error:
        amount(raw)
    assert error.value.code == "too-large"
    assert time.perf_counter() - started < 0.5, "the exponent must be looked at before the figure is written out"


@pytest.mark.parametrize(("raw", "value"), [("1,850,000", "1850000"), (" 2.50 ", "2.50"), (".5", "0.5"), ("+3", "3"), ("1e3", "1000")])
def test_figures(raw, value):
    assert figure(raw) == Decimal(value)


@pytest.mark.parametrize("raw", ["1,5", "1,85,000", "12.", "one", "0x10", "1 000", "1_000", "--1", "", "2.5.1"])
def test_no_figures(raw):
    with pytest.raises(AmountError) as error:
        figure(raw)
    assert error.value.code == "not-a-number"


@pytest.mark.parametrize("raw", ["nan", "NaN", "inf", "-inf", "Infinity", "-Infinity", " NAN "])
def test_nan_and_infinity_are_refused_by_name(raw):
    with pytest.raises(AmountError) as error:
        amount(raw)
    assert error.value.code == "nan"


@pytest.mark.parametrize(("raw", "low", "high"), [
    ("2.5", 25 * 10**11, 25 * 10**11), (">0", 1, LIMIT), ("> 5", 5 * ONE + 1, LIMIT), (">=5", 5 * ONE, LIMIT), ("≥5", 5 * ONE, LIMIT),
    ("<0.1", 0, 10**11 - 1), ("<=0.1", 0, 10**11), ("≤ 0.1", 0, 10**11), ("0.5..1.2", 5 * 10**11, 12 * 10**11),
    ("1 to 3", ONE, 3 * ONE), ("1~3", ONE, 3 * ONE), ("1〜3", ONE, 3 * ONE), ("1～3", ONE, 3 * ONE), ("1–3", ONE, 3 * ONE), ("2..2", 2 * ONE, 2 * ONE),
])  # fmt: skip
def test_bounds(raw, low, high):
    found = amount(raw)
    assert (found.low, found.high) == (low, high)
    assert str(found) == raw.strip()


@pytest.mark.parametrize("raw", ["present", "Present", "あり", "微量", "含有", "trace"])
def test_present_is_above_zero(raw):
    assert (amount(raw).low, amount(raw).high) == (1, LIMIT)


@pytest.mark.parametrize("raw", ["", "unknown", "Unknown", "?", "不明", "未確認", "ND", "n.d.", "not detected", "不検出", "検出限界未満"])
def test_not_known_and_not_detected_are_not_zero(raw):
    assert amount(raw) is None


@pytest.mark.parametrize("raw", ["3..1", "<0", ">1000000000000"])
def test_empty_ranges(raw):
    with pytest.raises(AmountError) as error:
        amount(raw)
    assert error.value.code == "empty-range"


@pytest.mark.parametrize(("raw", "ulp"), [("2.5", 10**11), ("66", ONE), ("0.10", 10**10), ("0", ONE)])
def test_last_digit(raw, ulp):
    assert amount(raw).ulp == ulp


@pytest.mark.parametrize(("low", "high", "text"), [
    (0, 0, "0"), (25 * 10**11, 25 * 10**11, "2.5"), (1, LIMIT, "> 0"), (ONE, LIMIT, ">= 1"), (0, 2 * ONE - 1, "< 2"), (0, 2 * ONE, "<= 2"),
    (ONE, 3 * ONE, "1..3"), (-LIMIT, LIMIT, "?"), (100 * ONE, 100 * ONE, "100"),
])  # fmt: skip
def test_bounds_in_signs(low, high, text):
    assert bounds_text(low, high) == text


@given(st.integers(-(10**24), 10**24))
def test_plain_and_exact_are_inverse(grid):
    assert exact(plain(grid)) == grid


@given(st.decimals(min_value=-1000, max_value=1000, places=12), st.decimals(min_value=-1000, max_value=1000, places=12))
def test_the_grid_keeps_order(a, b):
    assert (exact(a) < exact(b)) is (a < b)


@given(st.decimals(min_value=0, max_value=1000, places=4))
def test_open_bounds_leave_out_the_point(point):
    here = exact(point)
    assert amount(f">{point}").low == here + 1
    assert amount(f">={point}").low == here == amount(f"<={point}").high
    if point > 0:
        assert amount(f"<{point}").high == here - 1


def test_an_amount_says_what_was_written():
    assert str(Amount(ONE, ONE, "1.00")) == "1.00"
    assert str(Amount(ONE, ONE)) == "1"


@pytest.mark.parametrize("piece", ["9", "9 ", "9,", "1-", "1kg", " ", "\t9", "1±", "9e"])
def test_a_figure_of_thousands_of_characters_is_refused_at_once(piece):
    """Each was read for seconds, for the spellings look at every place for an end."""
    began = time.monotonic()
    with pytest.raises(AmountError) as error:
        amount(piece * (9_000 // len(piece)) + "x9")
    assert error.value.code == "figure-too-long" and time.monotonic() - began < 0.1
    with pytest.raises(AmountError) as error:
        amount("9" * 9_000)
    assert error.value.code == "too-large"
