"""The door: bad facts are refused by name, several at once, in both languages; good ones keep what they say."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kido.decide.transaction import read_transaction
from kido.errors import KidoError, Problem
from kido.register.yaml_file import read_yaml_text
from kido.rule.judge import Facts, judge
from kido.rule.parse import Scope, parse
from kido.terms.amounts import LIMIT, exact
from kido.terms.vocabulary import read_terms

TERMS = read_terms(Path(__file__).resolve().parents[2] / "law" / "terms")
ONE = 10**12


def door(data: dict, on: date | None = None):
    return read_transaction(data, TERMS, on)


def from_yaml(text: str):
    return read_transaction(read_yaml_text(text, "t.yaml"), TERMS)


def refused(data: dict | str) -> tuple[Problem, ...]:
    with pytest.raises(KidoError) as error:
        from_yaml(data) if isinstance(data, str) else door(data)
    for problem in error.value.problems:
        shown = problem.to_dict()
        assert shown["code"] and shown["place"] is not None
        for lang in ("ja", "en"):
            assert shown["wrong"][lang].strip() and shown["do"][lang].strip()
            assert not re.search(r"\{\w*\}", shown["wrong"][lang] + shown["do"][lang])
            assert problem.code in problem.text(lang)
    return error.value.problems


def bounds(facts: Facts, symbol: str) -> tuple[int, int] | None:
    for row in facts.components["composition"].rows:
        if row["element"] == symbol:
            return row["wt_pct"].low, row["wt_pct"].high
    return None


def answer(rule: str, data: dict, **more):
    return judge(parse(rule, Scope(TERMS)), door(data, **more).facts).answer


# -- bad input -----------------------------------------------------------------------------

BAD = [
    # data, code, place, what was read, a word the message must hold
    ({"grian_size_um": 5}, "unknown-fact", "grian_size_um", "grian_size_um", "grain_size_um"),
    ({"goods": {"magnet_famly": "NdFeB"}}, "unknown-fact", "goods.magnet_famly", "magnet_famly", "magnet_family"),
    ({"purity_pct": "99 kg"}, "wrong-unit", "purity_pct", "99 kg", "kg"),
    ({"grain_size_um": "5 %"}, "wrong-unit", "grain_size_um", "5 %", "um"),
    ({"density_g_cm3": "1.7 g"}, "wrong-unit", "density_g_cm3", "1.7 g", "g/cm3"),
    ({"purity_pct": float("nan")}, "nan", "purity_pct", "nan", None),
    ({"purity_pct": "NaN"}, "nan", "purity_pct", "NaN", None),
    ({"purity_pct": float("inf")}, "nan", "purity_pct", "inf", None),
    ({"purity_pct": float("-inf")}, "nan", "purity_pct", "-inf", None),
    ({"composition": {"Dy": float("nan")}}, "nan", "composition.Dy", "nan", None),
    ({"composition": {"Nd": 80, "Fe": 60}}, "more-than-100", "composition", None, "140"),
    ({"composition": {"Dy": 101}}, "above-100", "composition.Dy", "101", None),
    ({"purity_pct": 100.1}, "above-100", "purity_pct", "100.1", None),
    ({"purity_pct": -1}, "negative", "purity_pct", "-1", None),
    ({"grain_size_um": "-5 um"}, "negative", "grain_size_um", "-5 um", None),
    ({"value": "-100"}, "negative", "value", "-100", None),
    ({"purity_pct": "９９.９"}, "full-width-figures", "purity_pct", "９９.９", "99.9"),
    ({"value": "１０００"}, "full-width-figures", "value", "１０００", "1000"),
    ({"on": "２０２６-11-23"}, "full-width-figures", "on", None, "2026-11-23"),
    ({"hs": "８５０５"}, "full-width-figures", "hs", None, "8505"),
    ({"on": "2026-02-30"}, "not-a-date", "on", "2026-02-30", None),
    ({"on": "11/23"}, "not-a-date", "on", "11/23", None),
    ({"date": "soon"}, "not-a-date", "date", "soon", None),
    ({"hs": "85O5.11"}, "not-an-hs-code", "hs", "85O5.11", None),
    ({"hs": "8"}, "not-an-hs-code", "hs", "8", None),
    ({"form": "magnte"}, "unknown-value", "form", "magnte", "magnet"),
    ({"destination": "Atlantis"}, "unknown-value", "destination", "Atlantis", None),
    ({"destination": False}, "unknown-value", "destination", "false", None),
    ({"via": ["KR", "Atlantis"]}, "unknown-value", "via[1]", "Atlantis", None),
    ({"element": "Dx"}, "unknown-value", "element", "Dx", None),
    ({"calcined": "maybe"}, "not-yes-or-no-value", "calcined", "maybe", None),
    ({"composition": {"Dy": 1, "ジスプロシウム": 2}}, "element-twice", "composition.ジスプロシウム", "ジスプロシウム", "Dy"),
    ({"composition": {"Dy2O3": 1}}, "oxide-in-composition", "composition.Dy2O3", "Dy2O3", "Dy2O3"),
    ({"composition": {"Unobtainium": 1}}, "unknown-element", "composition.Unobtainium", "Unobtainium", None),
    ({"composition": {"Dy": 0}, "element": "Dy"}, "contradiction", "composition", "Dy 0", "Dy"),
    ({"composition": {"Nd": 0}, "magnet_family": "NdFeB"}, "contradiction", "composition", "Nd 0", "Nd"),
    ({"value": "100 JPY", "inputs": [{"value": "50 USD"}]}, "two-currencies", "inputs[0].value", "50 USD", "JPY"),
    ({"value": "100", "inputs": [{"value": "60"}, {"value": "50"}]}, "inputs-above-value", "inputs", None, None),
    ({"inputs": [{"value_pct": "60"}, {"value_pct": "50"}]}, "inputs-above-value", "inputs", None, None),
    ({"value": "100", "inputs": [{"value": "60"}, {"value_pct": "5"}]}, "value-or-percent", "inputs", None, None),
    ({"inputs": [{"vlaue": "5"}]}, "unknown-key", "inputs[0].vlaue", "vlaue", "value"),
    ({"form": ["magnet"]}, "wrong-shape", "form", None, None),
    ({"purity_pct": {"value": 5}}, "wrong-shape", "purity_pct", None, None),
    ({"inputs": {"value": 5}}, "wrong-shape", "inputs", None, None),
    ({"inputs": ["motor"]}, "wrong-shape", "inputs[0]", None, None),
    ({"parties": {"role": "buyer"}}, "wrong-shape", "parties", None, None),
    ({"parties": [{"role": "buyr"}]}, "unknown-value", "parties[0].role", "buyr", "buyer"),
    ({"parties": [{"rol": "buyer"}]}, "unknown-key", "parties[0].rol", "rol", "role"),
    ({"composition": ["Dy"]}, "wrong-shape", "composition[0]", None, None),
    ({"purity_pct": "about 5"}, "approximate", "purity_pct", "about 5", None),
    ({"purity_pct": "five"}, "not-a-number", "purity_pct", "five", None),
    ({"composition": {"Dy": "約0.1"}}, "approximate", "composition.Dy", "約0.1", "4.5..5.5"),
    ({"grain_size_um": "5 um程度"}, "approximate", "grain_size_um", "5 um程度", None),
    ({"composition": {"Fe": "balance", "Co": "残部"}}, "two-balances", "composition", "Fe, Co", None),
    ({"composition": {"Nd": 60, "other": 50}}, "more-than-100", "composition", None, "110"),
    ({"total_value_jpy": "500 USD"}, "wrong-currency", "total_value_jpy", "500 USD", "USD"),
    ({"total_value_jpy": "USD 500"}, "wrong-currency", "total_value_jpy", "USD 500", "JPY"),
    ({"total_value_jpy": "$500"}, "wrong-currency", "total_value_jpy", "$500", "JPY"),
    ({"value": "¥500"}, "shared-currency-sign", "value", "¥500", "CNY"),
    ({"value": "約500 JPY"}, "approximate", "value", "約500 JPY", None),
    ({"name": "x" * 10_001}, "too-long", "name", "x" * 40 + "…", "10,000"),
    ({"x" * 20_000: 1}, "too-long", "", "x" * 40 + "…", "10,000"),
    ({1: 2}, "key-is-not-text", "", "1", None),
    ({"composition": {26: 5}}, "key-is-not-text", "composition", "26", None),
    ({"form": {"magnet"}}, "wrong-shape", "form", "{'magnet'}", None),
    ({"name": b"magnet"}, "wrong-shape", "name", "b'magnet'", None),
    ({"goods": "magnet"}, "wrong-shape", "goods", "magnet", None),
    ({"on": 20261123}, "not-a-date", "on", "20261123", None),
    ({"mass_kg": "0,500"}, "not-a-number", "mass_kg", "0,500", None),
    ({"parties": [{"role": "buyer", "kind": "army"}]}, "unknown-value", "parties[0].kind", "army", "military, defence_industry, civil, unknown"),
    ({"parties": [{"role": "buyer", "fax": "1"}]}, "unknown-key", "parties[0].fax", "fax", "role, name, country, kind, lists, address, contact, phone, mail, registered_no"),
    ({"parties": [{"name": "X"}]}, "missing-key", "parties[0]", "role", None),
    ({"parties": [{"role": "buyer", "country": "Atlantis"}]}, "unknown-value", "parties[0].country", "Atlantis", "kido words place"),
    ({"form": "nonsense"}, "unknown-value", "form", "nonsense", "kido words form"),
    ({"exported_from": "Atlantis"}, "unknown-value", "exported_from", "Atlantis", "kido words place"),
    ({"crystallinity": "x"}, "unknown-value", "crystallinity", "x", "single, poly, other"),
    ({"nonsense": 1}, "unknown-fact", "nonsense", "nonsense", "kido words"),
    ({"purity_pct": "9..5"}, "empty-range", "purity_pct", "9..5", None),
    ({"purity_pct": "0.0000000000001"}, "too-fine", "purity_pct", "0.0000000000001", None),
    ({"mass_kg": "1e13"}, "too-large", "mass_kg", "1e13", None),
    ({"form": "magnet", "goods": {"form": "metal"}}, "duplicate-key", "goods.form", "form", None),
    ({"to": "JP", "destination": "US"}, "duplicate-key", "destination", "destination", None),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "place", "read", "word"), BAD, ids=[f"{case[1]} {case[0]}" for case in BAD])
def test_bad_input_is_named(data, code, place, read, word):
    found = [p for p in refused(data) if p.code == code]
    assert found, code
    assert found[0].place == place
    if read is not None:
        assert found[0].read == read
    if word:
        for lang in ("ja", "en"):
            assert word in found[0].wrong(lang) + found[0].do(lang)


def test_not_a_mapping():
    with pytest.raises(KidoError) as error:
        read_transaction(["form"], TERMS)  # type: ignore[arg-type]
    assert [p.code for p in error.value.problems] == ["wrong-shape"]


def test_several_problems_are_reported_at_once():
    data = {
        "fomr": "magnet", "purity_pct": "NaN", "grain_size_um": "5 kg", "on": "2026-02-30", "hs": "85O5", "destination": "Atlantis",
        "composition": {"Dy2O3": 1, "Dy": -1}, "inputs": [{"vlaue": 1}],
    }  # fmt: skip
    assert {p.code for p in refused(data)} == {
        "unknown-fact", "nan", "wrong-unit", "not-a-date", "not-an-hs-code", "unknown-value", "oxide-in-composition", "negative", "unknown-key",
    }  # fmt: skip


# never a crash, never silently something else
MALFORMED = {
    "composition row with a list as element": {"composition": [{"element": ["Dy"]}]},
    "composition row with a misspelt key": {"composition": [{"element": "Dy", "wt_pctt": 2.5}]},
    "via as a mapping": {"via": {"KR": True}},
    "via with a list in it": {"via": [["KR"]]},
    "content stated twice, in composition and flat": {"composition": {"Dy": 2}, "dy_wt_pct": 3},
    "flat contents above 100": {"nd_wt_pct": 80, "fe_wt_pct": 60},
    "flat content 0 of the named element": {"Dy_wt_pct": 0, "element": "Dy"},
    "complete as a list": {"composition_complete": [True]},
    "a currency called NAN": {"value": "NAN"},
    "huge exponent": {"purity_pct": "1e9999999"},
    "digits beyond the grid": {"purity_pct": "0.0" + "9" * 30},
    "content as a list": {"composition": {"Dy": [1]}},
    "number key": {1: 2},
    "date key": {date(2026, 1, 1): "x"},
    "nothing but a sign": {"composition": {"Dy": "<"}},
    "a range of dates as a figure": {"purity_pct": "2026-11-23"},
    "both bounds apart": {"purity_pct": ">=10, <5"},
    "a party that is a list": {"parties": [["buyer"]]},
    "a party with a list as its name": {"parties": [{"role": "buyer", "name": ["X"]}]},
    "text instead of a composition": {"composition": "<0.1"},
    "a function": {"form": len},
    "party role as a list": {"parties": [{"role": ["buyer"]}]},
    "element twice in rows": {"composition": [{"element": "Dy", "wt_pct": 1}, {"element": "Dy", "wt_pct": 2}]},
    "impossible era year": {"on": "R0.1.1"},
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_input_is_refused(data):
    assert refused(data)


# -- YAML and JSON ---------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "code", "place"), [
    ("form: magnet\npurity_pct: NaN\n", "nan", "t.yaml:2:13"), ("purity_pct: .nan\n", "not-a-number", "t.yaml:1:13"), ("hs: 8505\n", "unquoted-code", "t.yaml:1:5"),
    ("control_code: 1C902.a\n", "unquoted-code", "t.yaml:1:15"), ("form: magnet\ncontrol_code: 1E902\n", "unquoted-code", "t.yaml:2:15"),
    ("form: magnet\nform: metal\n", "duplicate-key", "t.yaml:2:1"), ("composition:\n  Dy: 1\n  Dy: 2\n", "duplicate-key", "t.yaml:3:3"),
    ("goods:\n  fomr: magnet\n", "unknown-fact", "t.yaml:2:3"), ("form: magnte\n", "unknown-value", "t.yaml:1:7"), ("form: [magnet\n", "yaml-syntax", None),
    ("composition: {Dy: 120}\n", "above-100", "t.yaml:1:19"), ("on: 2026-02-30\n", "not-a-date", "t.yaml:1:5"), ("value: 5\n\tform: x\n", "yaml-syntax", None),
])  # fmt: skip
def test_yaml_problems_have_line_and_column(text, code, place):
    found = [p for p in refused(text) if p.code == code]
    assert found
    if place:
        assert found[0].place == place


def test_the_unquoted_code_is_shown_in_quotes():
    (problem,) = refused("hs: 0123\n")
    assert problem.read == "0123" and '"0123"' in problem.do("en") and '"0123"' in problem.do("ja")


def test_no_is_norway_and_0123_stays_0123():
    found = from_yaml('destination: NO\nexported_from: no\nhs: "0123"\ncontrol_code: "1E902"\nname: 0123\n')
    assert found.value("destination") == "NO" == found.value("exported_from")
    assert found.value("hs") == "0123" and found.value("control_code") == "1E902" and found.value("name") == "0123"


def test_json_nan_reaches_the_door(tmp_path):
    from kido.face.cli.given import transactions

    path = tmp_path / "t.json"
    path.write_text('{"purity_pct": NaN, "density_g_cm3": Infinity, "grain_size_um": -Infinity}', encoding="utf-8")
    (mark,) = transactions(str(path), {}, [], [], None)
    with pytest.raises(KidoError) as error:
        read_transaction(mark, TERMS)
    assert [p.code for p in error.value.problems] == ["nan", "nan", "nan"]


def test_json_figures_keep_their_digits(tmp_path):
    from kido.face.cli.given import transactions

    path = tmp_path / "t.json"
    path.write_text('{"purity_pct": 99.99, "composition": {"Dy": 0.1}}', encoding="utf-8")
    (mark,) = transactions(str(path), {}, [], [], None)
    found = read_transaction(mark, TERMS)
    assert found.value("purity_pct").low == exact("99.99") and bounds(found.facts, "Dy") == (ONE // 10, ONE // 10)


def test_a_key_twice_in_json_is_refused(tmp_path):
    from kido.face.cli.given import transactions

    path = tmp_path / "t.json"
    path.write_text('{"form": "magnet", "form": "metal"}', encoding="utf-8")
    with pytest.raises(KidoError) as error:
        read_transaction(next(iter(transactions(str(path), {}, [], [], None))), TERMS)
    assert [p.code for p in error.value.problems] == ["duplicate-key"]


# -- good input ------------------------------------------------------------------------------


@pytest.mark.parametrize(("fact", "stated", "low", "high"), [
    ("grain_size_um", "0.3 mm", "300", "300"), ("grain_size_um", "300 um", "300", "300"), ("grain_size_um", "300", "300", "300"), ("grain_size_um", "300nm", "0.3", "0.3"),
    ("grain_size_um", "0.1..0.3 mm", "100", "300"), ("grain_size_um", "1 to 3 mm", "1000", "3000"), ("grain_size_um", "<=0.5 mm", "0", "500"),
    ("diameter_inch", "50.8 mm", "2", "2"), ("diameter_inch", "2 inch", "2", "2"), ("cooling_time_min", "90 s", "1.5", "1.5"), ("cooling_time_min", "2 h", "120", "120"),
    ("purity_pct", "99.99 %", "99.99", "99.99"), ("purity_pct", "100 ppm", "0.01", "0.01"), ("system_oxygen_ppm", "0.05 %", "500", "500"),
    ("motor_output_kw", "500 W", "0.5", "0.5"), ("design_pressure_gpa", "6000 MPa", "6", "6"), ("mass_kg", "1.5 t", "1500", "1500"), ("mass_kg", "1,850 kg", "1850", "1850"),
    ("microwave_frequency_mhz", "2.45 GHz", "2450", "2450"), ("density_g_cm3", "1.7 g/cm3", "1.7", "1.7"), ("volume_l", "0.5 m3", "500", "500"),
    ("grain_size_um", "1e-3 mm", "1", "1"), ("grain_size_um", "5 μm", "5", "5"), ("grain_size_um", "5 µm", "5", "5"),
])  # fmt: skip
def test_units_are_converted_exactly(fact, stated, low, high):
    found = door({fact: stated}).value(fact)
    assert (found.low, found.high) == (exact(low), exact(high))


@pytest.mark.parametrize(("fact", "stated", "rule", "truth"), [
    ("grain_size_um", ">0.1 mm", "grain_size_um > 100", True), ("grain_size_um", "<0.1 mm", "grain_size_um < 100", True), ("grain_size_um", "<0.1 mm", "grain_size_um >= 100", False),
    ("tube_length_mm", "> 1 um", "tube_length_mm > 0.001", True), ("tube_length_mm", "< 500 um", "tube_length_mm < 0.5", True), ("tube_length_mm", "< 500 um", "tube_length_mm >= 0.5", False),
    ("purity_pct", "<500 ppm", "purity_pct < 0.05", True), ("purity_pct", "<500 ppm", "purity_pct >= 0.05", False),
    ("diameter_inch", "100 mm", "diameter_inch < 3.94", True), ("diameter_inch", "100 mm", "diameter_inch > 3.93", True), ("diameter_inch", "150 mm", "diameter_inch >= 6", False),
    ("diameter_inch", "200 mm", "diameter_inch > 4", True), ("diameter_inch", ">100 mm", "diameter_inch > 3.9", True), ("cooling_time_min", "100 s", "cooling_time_min < 2", True),
])  # fmt: skip
def test_bounds_and_odd_factors_are_converted(fact, stated, rule, truth):
    """Open bounds stay open, and a factor without an end is rounded outwards, not refused."""
    assert answer(rule, {fact: stated}) is truth


@pytest.mark.parametrize(("stated", "low", "high"), [
    ("2.5", "2.5", "2.5"), ("500 ppm", "0.05", "0.05"), ("500ppm", "0.05", "0.05"), ("2.5 wt%", "2.5", "2.5"), ("2.5 %", "2.5", "2.5"), ("2.5 質量%", "2.5", "2.5"),
    ("0.1..0.5", "0.1", "0.5"), ("<=0.1", "0", "0.1"), (">=90", "90", "100"), ("0", "0", "0"), ("1000..2000 ppm", "0.1", "0.2"),
])  # fmt: skip
def test_contents(stated, low, high):
    assert bounds(door({"composition": {"Dy": stated}}).facts, "Dy") == (exact(low), exact(high))


@pytest.mark.parametrize(("stated", "low", "high"), [
    ("present", 1, 100 * ONE), ("あり", 1, 100 * ONE), ("<0.1", 0, ONE // 10 - 1), ("<500 ppm", 0, ONE // 20 - 1), (">0", 1, 100 * ONE), ("ND", 0, 100 * ONE),
    ("不検出", 0, 100 * ONE), ("不明", 0, 100 * ONE), (None, 0, 100 * ONE), ("unknown", 0, 100 * ONE), ("微量", 1, 100 * ONE),
])  # fmt: skip
def test_contents_that_are_not_figures(stated, low, high):
    """Not detected is not zero, and not known is anything."""
    assert bounds(door({"composition": {"Dy": stated}}).facts, "Dy") == (low, high)


@pytest.mark.parametrize(("stated", "contains", "a_tenth"), [
    ("present", True, None), ("<0.1", None, False), ("<=0.1", None, None), ("ND", None, None), ("不明", None, None), ("0", False, False), ("0.1", True, True), (">0.5", True, True),
])  # fmt: skip
def test_what_contents_say(stated, contains, a_tenth):
    assert answer("dy_wt_pct > 0", {"composition": {"Dy": stated}}) is contains
    assert answer("dy_wt_pct >= 0.1", {"composition": {"Dy": stated}}) is a_tenth


@pytest.mark.parametrize(("composition", "complete", "truth"), [
    ({"Nd": 30, "Fe": 69}, False, None), ({"Nd": 30, "Fe": 69}, True, False), ({"Nd": 30, "Fe": 69, "other": 1}, False, None), ({"Nd": 30, "Fe": 69, "その他": 1}, True, None),
    ({"Nd": 30, "Fe": 69, "Dy": 1}, False, True), ({}, False, None), ({"Nd": "30.00", "Fe": "70.00"}, True, False),
])  # fmt: skip
def test_complete_and_incomplete_lists(composition, complete, truth):
    assert answer("dy_wt_pct > 0", {"composition": composition, "composition_complete": complete}) is truth


def test_the_room_for_what_is_not_listed():
    """Stated to 0.01: Nd 30.00 and Fe 69.00 leave 1 % and the rounding of the last digits, no more."""
    data = {"composition": {"Nd": "30.00", "Fe": "69.00"}}
    assert answer("dy_wt_pct > 1.01", data) is False
    assert answer("dy_wt_pct >= 1", data) is None
    assert answer("dy_wt_pct > 0", data) is None
    assert door(data).facts.components["composition"].rest.high == exact("1.01")


def test_rounded_figures_may_add_up_to_a_little_more():
    """33.4 + 33.3 + 33.4 = 100.1, each to 0.1: that is rounding; 101 is not."""
    assert door({"composition": {"Nd": "33.4", "Fe": "33.3", "B": "33.4"}})
    assert refused({"composition": {"Nd": "33.4", "Fe": "34.3", "B": "33.4"}})[0].code == "more-than-100"


def test_bounds_are_tightened_by_the_rest():
    """Fe at least 90: Dy, of which nothing is known, has 10 at most."""
    assert bounds(door({"composition": {"Fe": ">=90", "Dy": "不明"}}).facts, "Dy") == (0, 10 * ONE)
    assert answer("dy_wt_pct > 10", {"composition": {"Fe": ">=90", "Dy": "不明"}}) is False


@pytest.mark.parametrize("data", [
    {"composition": {"Dy": 2.5}}, {"composition": [{"element": "Dy", "wt_pct": 2.5}]}, {"composition": "Dy 2.5"}, {"composition": "ジスプロシウム=2.5"}, {"dy_wt_pct": 2.5},
    {"composition": {"ジスプロシウム": "2.5 wt%"}}, {"composition": {"ＤＹ": "2.5"}}, {"goods": {"composition": {"dysprosium": 2.5}}}, {"composition": [{"element": "Dy", "content": "2.5 %"}]},
])  # fmt: skip
def test_many_ways_to_state_a_content(data):
    assert bounds(door(data).facts, "Dy") == (exact("2.5"), exact("2.5"))


@pytest.mark.parametrize("data", [
    {"composition": "unknown"}, {"composition": "不明"}, {"composition": None}, {"composition": {}}, {"composition": []}, {}, {"composition_complete": None}, {"composition_complete": "不明"},
    {"inputs": None}, {"parties": None}, {"goods": None}, {"via": None}, {"inputs_complete": None},
])  # fmt: skip
def test_not_known_is_left_out(data):
    assert answer("dy_wt_pct > 0", data) is None


@pytest.mark.parametrize("word", ["unknown", "不明", "", "?", None, "N/A", "未確認"])
@pytest.mark.parametrize("fact", ["form", "purity_pct", "calcined", "destination", "value", "hs", "on", "element", "control_code", "via"])
def test_every_kind_of_fact_can_be_unknown(fact, word):
    assert door({fact: word}).value(fact) is None


def test_words_in_any_spelling():
    found = door(
        {"form": "磁石", "from": "中国", "to": "Japan", "element": "ネオジウム", "via": "KR, HK", "calcined": "いいえ", "act": "re-export"}
    )
    assert {name: found.value(name) for name in ("form", "exported_from", "destination", "element", "via", "calcined", "act")} == {
        "form": "magnet", "exported_from": "CN", "destination": "JP", "element": "Nd", "via": ("KR", "HK"), "calcined": False, "act": "reexport",
    }  # fmt: skip
    assert found.given["form"] == "磁石"


@pytest.mark.parametrize(
    ("stated", "via"),
    [
        ([], ()),
        ("none", ()),
        ("なし", ()),
        ("直送", ()),
        (["KR"], ("KR",)),
        ("KR", ("KR",)),
        ("韓国, 香港", ("KR", "HK")),
        ("KR、HK", ("KR", "HK")),
        ("韓国，香港", ("KR", "HK")),
    ],
)
def test_places_on_the_way(stated, via):
    assert door({"via": stated}).value("via") == via


@pytest.mark.parametrize(
    ("stated", "code"), [("1C902.a", "1C902.a"), ("1c902.a", "1C902.a"), ("１Ｃ９０２.ａ", "1C902.a"), ("3C001", "3C001")]
)
def test_control_codes(stated, code):
    assert door({"control_code": stated}).value("control_code") == code


@pytest.mark.parametrize(
    ("stated", "day"),
    [("2026-11-23", date(2026, 11, 23)), ("令和8年11月23日", date(2026, 11, 23)), (date(2026, 11, 23), date(2026, 11, 23))],
)
def test_days(stated, day):
    assert door({"on": stated}).on == day


def test_powder_is_a_shape_and_no_form():
    found = door({"form": "粉末"})
    assert found.value("form") is None and found.value("powder_or_granules") is True and found.notes


# -- what follows --------------------------------------------------------------------------


@pytest.mark.parametrize("data", [{"element": "Dy"}, {"substance": "gallium_arsenide"}, {"magnet_family": "SmCo", "form": "magnet"}])
def test_what_is_named_is_present(data):
    symbol = {"element": "dy", "substance": "ga", "magnet_family": "sm"}[next(iter(data))]
    assert answer(f"{symbol}_wt_pct > 0", data) is True
    assert answer(f"{symbol}_wt_pct >= 99", data) is None


def test_a_named_element_lifts_only_the_lower_bound():
    assert bounds(door({"element": "Dy", "composition": {"Dy": "<0.5"}}).facts, "Dy") == (1, ONE // 2 - 1)


@pytest.mark.parametrize(("data", "element"), [
    ({"composition": {"Fe": 66, "Nd": 30}}, "Fe"), ({"composition": {"Fe": 50, "Nd": 40}}, "mixed"), ({"composition": {"Fe": 50, "Nd": 20}}, "mixed"), ({"composition": {"Fe": 50, "Nd": 40}, "composition_complete": True}, "mixed"),
    ({"composition": {"Fe": ">50"}}, "Fe"), ({"composition": {"Fe": ">=50"}}, None), ({"composition": {"Fe": 40, "Nd": 30}}, "mixed"), ({"composition": {"Fe": 20, "Nd": 20}}, None),
    ({"composition": {"Fe": 66}, "element": "Nd"}, "Nd"), ({}, None), ({"composition": {"Dy": "0"}, "composition_complete": True}, None),
    ({"composition": {"Dy": "<0.1"}, "composition_complete": True}, None),
])  # fmt: skip
def test_the_majority_is_concluded_only_where_it_is_sure(data, element):
    """Fe 40 and Nd 30 leave 30 to the rest (and rounding): nothing can have the majority."""
    assert door(data).value("element") == element


def test_goods_may_hold_what_they_are_not_mostly_made_of():
    """A diamond wire saw is mostly steel: the majority of iron does not make it another thing."""
    for data in ({"form": "article", "composition": {"Fe": 90}}, {"form": "article", "element": "Fe"}):
        assert answer('substance == "diamond_wire_saw"', data) is not False
        assert answer('substance == "diamond_grinding_wheel"', data) is not False
    assert answer('substance == "antimony_ore"', {"form": "ore", "composition": {"Si": 60, "Sb": 10}}) is not False


@pytest.mark.parametrize(("composition", "family"), [
    ({"Nd": 30, "Fe": 66, "B": 1}, "NdFeB"), ({"Sm": 25, "Co": 50}, "SmCo"), ({"Nd": 30}, None), ({"Nd": 30, "Fe": 66, "B": "不明"}, None), ({"Nd": 30, "Fe": 60, "B": 1, "Sm": 1}, None),
])  # fmt: skip
def test_the_family_of_a_magnet(composition, family):
    assert door({"form": "magnet", "composition": composition}).value("magnet_family") == family
    assert door({"form": "article", "composition": composition}).value("magnet_family") is None


def test_derived_facts_name_their_reason_and_never_override():
    found = door({"substance": "gallium_arsenide"})
    assert found.value("form") == "compound" and next(e.fact for e in found.derived) == "form"
    stated = door({"substance": "gallium_arsenide", "form": "scrap"})
    assert stated.value("form") == "scrap" and not stated.derived


def test_the_kind_of_the_end_user_answers_the_military_question():
    assert door({"parties": [{"role": "end_user", "name": "X", "kind": "military"}]}).value("military_end_user") is True
    assert door({"parties": [{"role": "end_user", "name": "X", "kind": "civil"}]}).value("military_end_user") is False
    assert door({"parties": [{"role": "end_user", "name": "X", "kind": "unknown"}]}).value("military_end_user") is None
    assert door({"parties": [{"role": "buyer", "name": "X", "kind": "military"}]}).value("military_end_user") is None
    assert refused({"military_end_user": False, "parties": [{"role": "end_user", "kind": "military"}]})[0].code == "contradiction"


# -- inputs and money ------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "truth"), [
    ({"value": "1000", "inputs": [{"origin": "CN", "value": "250"}], "inputs_complete": True}, True), ({"value": "1000", "inputs": [{"origin": "CN", "value": "249"}], "inputs_complete": True}, False),
    ({"value": "1000", "inputs": [{"origin": "CN", "value": "249"}]}, None), ({"value": "1000", "inputs": [{"origin": "CN", "value": "250"}]}, True),
    ({"inputs": [{"origin": "CN", "value_pct": "25"}]}, True), ({"inputs": [{"origin": "CN", "value_pct": "24.9"}], "inputs_complete": True}, False),
    ({"inputs": [{"origin": "CN", "value": "250"}], "inputs_complete": True}, None), ({"value": "1000 JPY", "inputs": [{"origin": "CN", "value": "250 円"}]}, True),
    ({"value": "USD 1,000", "inputs": [{"origin": "CN", "value": "USD 250"}]}, True), ({}, None), ({"value": "1000"}, None),
])  # fmt: skip
def test_shares_through_the_door(data, truth):
    assert answer('share(inputs, value, origin == "CN") >= 25', data) is truth


def test_an_input_of_unknown_value_has_no_more_than_what_is_left():
    """Goods 100; Japan 80 of it; a Chinese input of unknown value has 20 at most."""
    data = {"value": "100", "inputs": [{"origin": "JP", "value": "80"}, {"origin": "CN"}], "inputs_complete": True}
    assert answer('share(inputs, value, origin == "CN") > 25', data) is False
    assert answer('share(inputs, value, origin == "CN") > 15', data) is None


def test_a_transaction_keeps_its_currency():
    assert (
        door({"value": "1,000 USD"}).currency == "USD"
        and door({"value": "1000円"}).currency == "JPY"
        and door({"value": "5"}).currency == ""
    )
    assert door({"value": ">500 CNY"}).value("value").high == LIMIT


def test_money_without_a_currency_is_said():
    assert [note.id for note in door({"value": "5"}).notes] == ["no-currency"]
    mixed = door({"value": "5 USD", "inputs": [{"origin": "CN", "value": "1"}]})
    assert [(note.id, note.about) for note in mixed.notes] == [("currency-taken", ("USD",))]
    assert door({"value": "5 USD"}).notes == door({}).notes == ()


@pytest.mark.parametrize(("stated", "low", "high"), [
    ("850000", "850000", "850000"), ("850,000円", "850000", "850000"), ("JPY 850000", "850000", "850000"), ("¥850,000", "850000", "850000"), ("85万円", "850000", "850000"),
    ("100万円以下", "0", "1000000"), ("50〜100万円", "500000", "1000000"), ("1.2億", "120000000", "120000000"), (">=5 jpy", "5", None),
])  # fmt: skip
def test_yen(stated, low, high):
    found = door({"total_value_jpy": stated}).value("total_value_jpy")
    assert (found.low, found.high) == (exact(low), LIMIT if high is None else exact(high))
    assert found.text == stated


def test_a_value_in_yen_meets_a_limit_in_yen():
    assert answer("total_value_jpy <= 1000000", {"total_value_jpy": "100万円"}) is True
    assert answer("total_value_jpy <= 1000000", {"total_value_jpy": "1,000,001 円"}) is False
    assert answer("total_value_jpy <= 1000000", {"value": "5"}) is None


# -- everyday spellings --------------------------------------------------------------------


@pytest.mark.parametrize(("stated", "low", "high"), [
    ("0.1以下", "0", "0.1"), ("0.1 wt%以下", "0", "0.1"), ("≦0.1", "0", "0.1"), ("＜=0.1", "0", "0.1"), ("max. 0.1", "0", "0.1"), ("0.1 max", "0", "0.1"), ("up to 0.1 %", "0", "0.1"),
    ("1000ppm以下", "0", "0.1"), ("0.1以上", "0.1", "100"), ("≧0.1", "0.1", "100"), ("99.9 % min", "99.9", "100"), ("at least 0.1", "0.1", "100"), ("5〜10", "5", "10"), ("5-10 %", "5", "10"),
    ("5 % - 10 %", "5", "10"), ("5から10まで", "5", "10"), ("5以上10以下", "5", "10"), (">=5, <=10", "5", "10"), ("5以上100000 ppm以下", "0.0005", "10"), ("不超过0.1", "0", "0.1"), ("ND (<=0.1)", "0", "0.1"),
])  # fmt: skip
def test_everyday_bounds(stated, low, high):
    assert bounds(door({"composition": {"Dy": stated}}).facts, "Dy") == (exact(low), exact(high))
    assert bounds(door({"composition": f"Dy {stated}"}).facts, "Dy") == (exact(low), exact(high))


@pytest.mark.parametrize(("stated", "low", "high"), [
    ("0.1未満", 0, ONE // 10 - 1), ("0.1超", ONE // 10 + 1, 100 * ONE), ("less than 0.1", 0, ONE // 10 - 1), ("5以上10未満", 5 * ONE, 10 * ONE - 1), ("<0.1 (ND)", 0, ONE // 10 - 1),
])  # fmt: skip
def test_everyday_open_bounds(stated, low, high):
    assert bounds(door({"composition": {"Dy": stated}}).facts, "Dy") == (low, high)


@pytest.mark.parametrize(("fact", "stated", "low", "high"), [
    ("grain_size_um", "5-10 um", "5", "10"), ("grain_size_um", "5〜10µm", "5", "10"), ("grain_size_um", "5 um〜0.01 mm", "5", "10"), ("cooling_time_min", "5 min", "5", "5"),
    ("cooling_time_min", "5 min以下", "0", "5"), ("cooling_time_min", "60 s - 5 min", "1", "5"), ("grain_size_um", "1e-3-2e-3 mm", "1", "2"),
])  # fmt: skip
def test_everyday_ranges_with_units(fact, stated, low, high):
    """min is minutes where minutes are asked for, and the least elsewhere."""
    found = door({fact: stated}).value(fact)
    assert (found.low, found.high) == (exact(low), exact(high))


@pytest.mark.parametrize(
    "stated", ["BDL", "ND", "N.D.", "検出せず", "検出限界未満", "< LOD", "＜検出限界", "未検出", "Not Detected", "below detection limit"]
)
def test_below_a_limit_that_is_not_stated_is_not_zero(stated):
    found = door({"composition": {"Dy": stated}})
    assert bounds(found.facts, "Dy") == (0, 100 * ONE)
    assert [(note.id, note.about) for note in found.notes] == [("not-detected", ("dy_wt_pct",))]
    assert door({"purity_pct": stated}).value("purity_pct") is None


@pytest.mark.parametrize("stated", ["痕跡", "tr.", "Tr", "trace", "traces", "微量"])
def test_traces_are_present(stated):
    assert answer("dy_wt_pct > 0", {"composition": {"Dy": stated}}) is True


@pytest.mark.parametrize(("stated", "high", "noted"), [
    ("0", 0, False), (0, 0, False), ("なし", 0, False), ("0 %", 0, False), ("0.0", ONE // 20, True), (0.0, ONE // 20, True), ("0.00", ONE // 200, True), (Decimal("0.00"), ONE // 200, True),
    ("0.0 ppm", ONE // 200_000, True), ("<=0.0", ONE // 20, True), (".00", ONE // 200, True),
])  # fmt: skip
def test_a_zero_with_decimals_is_a_rounded_figure(stated, high, noted):
    """0 says absent; 0.00 may be anything that rounds to it."""
    found = door({"composition": {"Dy": stated}})
    assert bounds(found.facts, "Dy") == (0, high)
    assert [note.id for note in found.notes] == ["rounded-zero"] * noted
    assert answer("dy_wt_pct > 0", {"composition": {"Dy": stated}}) is (None if noted else False)
    assert answer("dy_wt_pct >= 0.1", {"composition": {"Dy": stated}}) is False


def test_a_rounded_zero_is_no_contradiction():
    assert bounds(door({"element": "Dy", "composition": {"Dy": "0.0"}}).facts, "Dy") == (1, ONE // 20)


@pytest.mark.parametrize("other", ["other", "その他", "Others", "impurities", "不純物"])
def test_other_elements_are_counted(other):
    """5 % of elements without a name: an element that is not named has 5 and the rounding of the 5 at most."""
    data = {"composition": {"Nd": "30.0", "Fe": "65.0", other: "5.0"}}
    assert door(data).facts.components["composition"].rest.high == exact("5.05")
    assert answer("dy_wt_pct > 0", data) is None
    assert answer("dy_wt_pct > 5.05", data) is False
    assert answer("dy_wt_pct > 0", data | {"composition_complete": True}) is None
    assert answer("fe_wt_pct > 65", data) is False
    assert "5.0" in door(data).given["composition"]


@pytest.mark.parametrize(("composition", "high"), [
    ({"Nd": "30.0", "Fe": "65.0", "other": "<0.5"}, None), ({"Nd": "30.0", "Fe": "69.7", "other": "<0.5"}, 4 * ONE // 10), ({"Nd": "30.0", "Fe": "69.0", "other": "<0.5"}, ONE // 2 - 1), ({"Nd": "30.0", "other": "5"}, 70 * ONE + ONE // 20),
    ({"Nd": "30.0", "Fe": "65.0", "other": "不明"}, 5 * ONE + ONE // 10), ({"Nd": "30.0", "Fe": "65.0", "other": "balance"}, 5 * ONE + ONE // 10),
])  # fmt: skip
def test_what_other_elements_leave_open(composition, high):
    """A list that cannot add up to 100 leaves the gap open, whatever it says of others."""
    assert door({"composition": composition}).facts.components["composition"].rest.high == (5 * ONE + ONE // 10 if high is None else high)


def test_no_others_settles_a_list_that_adds_up():
    assert answer("dy_wt_pct > 0", {"composition": {"Nd": "30.0", "Fe": "70.0", "other": 0}}) is False
    assert answer("dy_wt_pct > 0", {"composition": {"Nd": "30.0", "Fe": "60.0", "other": 0}}) is None


@pytest.mark.parametrize("data", [
    {"composition": {"Nd": "30", "B": "1", "Fe": "balance"}}, {"composition": {"Nd": "30", "B": "1", "鉄": "残部"}}, {"composition": "Nd 30, B 1, Fe Bal."}, {"composition": "Nd 30、B 1、残部Fe"},
    {"composition": {"Nd": "30", "B": "1", "Bal.": "Fe"}}, {"composition": {"Nd": "30", "B": "1"}, "fe_wt_pct": "balance"}, {"composition": [{"element": "Nd", "wt_pct": 30}, {"element": "B", "wt_pct": 1}, {"element": "Fe", "wt_pct": "rest"}]},
])  # fmt: skip
def test_the_balance_is_what_is_missing_to_100(data):
    assert bounds(door(data | {"composition_complete": True}).facts, "Fe") == (69 * ONE, 69 * ONE)
    assert bounds(door(data).facts, "Fe") == (68 * ONE, 69 * ONE)
    assert door(data).value("element") == "Fe"
    assert answer("dy_wt_pct > 0", data) is None, "a trace may hide in a balance"
    assert answer("dy_wt_pct > 1", data) is False
    assert answer("dy_wt_pct > 0", data | {"composition_complete": True}) is False


def test_a_balance_with_bounds_and_others():
    found = door({"composition": {"Nd": "28..32", "Dy": "<1", "Fe": "balance", "other": "2"}})
    assert bounds(found.facts, "Fe") == (65 * ONE + 1, 70 * ONE)
    assert found.facts.components["composition"].rest.high == exact("2.5")
    assert bounds(door({"composition": {"Nd": "不明", "Fe": "balance"}}).facts, "Fe") == (1, 100 * ONE)


def test_a_list_said_to_be_complete_must_be_able_to_add_up():
    assert answer("dy_wt_pct > 0", {"composition": {"Nd": "<1", "Fe": "50"}, "composition_complete": True}) is None
    assert answer("dy_wt_pct > 0", {"composition": {"Nd": "<1", "Fe": "present"}, "composition_complete": True}) is False


# -- Python values ---------------------------------------------------------------------------


def test_dates_of_python():
    assert door({"on": datetime(2026, 11, 23, 9, 30)}).on == date(2026, 11, 23)
    assert door({"movement": {"date": date(2026, 11, 23)}}).on == date(2026, 11, 23)


def test_a_mapping_that_holds_itself():
    data: dict = {"form": "magnet"}
    data["goods"] = data
    assert refused(data)[0].code == "too-deep"
    deep: dict = {}
    for _ in range(5000):
        deep = {"goods": deep}
    assert refused(deep)[0].code == "too-deep"
    rows: list = []
    rows += [rows, rows]
    assert refused({"via": rows})[0].code == "too-deep"


def test_the_days_of_a_question_may_be_python_dates():
    import kido

    facts = {"form": "magnet", "magnet_family": "SmCo", "act": "export", "from": "CN", "to": "JP"}
    assert kido.determine(facts, on=datetime(2026, 11, 23, 12), known_on=date(2026, 11, 23)).on == date(2026, 11, 23)
    for day in (20261123, 2026.5, True, ["2026-11-23"]):
        with pytest.raises(KidoError) as error:
            kido.determine(facts, on=day)  # type: ignore[arg-type]
        assert [(p.code, p.place) for p in error.value.problems] == [("not-a-date", "on")]


def test_a_whole_number_too_long_to_be_written():
    assert refused({"mass_kg": 10**5000})[0].code == refused({"mass_kg": 10**3000})[0].code == "too-large"


@pytest.mark.parametrize("data", ["form: magnet", 5, None, [["form"]], (), {"form"}, b"form", object()])
def test_a_transaction_of_another_shape(data):
    with pytest.raises(KidoError) as error:
        read_transaction(data, TERMS)
    assert [p.code for p in error.value.problems] == ["wrong-shape"]


# -- YAML that would overrun ------------------------------------------------------------------

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(("text", "code"), [
    ("[" * 100_000, "too-deep"), ("{a: " * 100_000, "too-deep"), ("- " * 5000, "too-deep"), ("\n".join(" " * i + "a:" for i in range(3000)), "too-deep"), (BOMB, "too-many-repeats"),
    ("&a [*a]", "yaml-syntax"), ("a: *b", "yaml-syntax"), ("--- {form: magnet}\n--- {form: metal}", "yaml-syntax"), ("? [form]\n: magnet", "yaml-syntax"), ("form: \x00", "yaml-syntax"),
], ids=lambda value: value[:20])  # fmt: skip
def test_yaml_that_would_overrun_is_refused_by_name(text, code):
    assert refused(text)[0].code == code


def test_a_repeat_stands_for_what_it_repeats():
    assert from_yaml("composition: &c {Dy: 2.5}\ngoods: {name: &n magnet, maker_grade: *n}\n").value("maker_grade") == "magnet"
