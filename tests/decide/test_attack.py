"""False clearances that an attacker found: each must stay an answer or a question, never a no."""

from __future__ import annotations

import pytest

import kido
from kido.errors import KidoError

CN = {"act": "export", "from": "CN", "to": "JP", "via": [], "origin": "CN"}
JP = {"act": "export", "from": "JP", "to": "CN", "via": [], "origin": "JP"}
W_PART = {"form": "metal", "element": "W", "material_class": "metal", "mass_kg": 25, "inner_diameter_mm": 150, "shape": "hollow_cylinder"}


def word(measure: str, on: str = "2026-11-23", **facts: object) -> str:
    return kido.determine(facts, on=on).finding(measure).word


def test_goods_of_chinese_origin_passed_on_abroad_to_a_listed_party():
    facts = JP | {"to": "VN", "act": "reexport", "origin": "CN", "form": "metal", "element": "Dy", "dual_use_item": True}
    listed = {"end_user_on_control_or_watch_list": True, "end_user_list": "control"}
    assert word("cn-dual-use-regulations-2024/2", "2026-03-15", **facts, **listed) == "applies"


def test_a_brokered_deal_that_leaves_japan_is_an_export_from_japan():
    assert word("jp-etco-annex1-list/1", **JP | W_PART | {"act": "brokering", "broker_resident_in": "DE"}) == "applies"


def test_goods_landed_in_japan_whatever_the_seller_calls_the_deal():
    facts = CN | {"to": "IR", "via": ["JP"], "form": "magnet", "magnet_family": "ferrite", "hs": "850519", "jp_listed_item": False}
    assert word("jp-etco-transit/2", **facts, wmd_use_in_documents=True) == "applies"


@pytest.mark.parametrize(
    "facts",
    [
        {"form": "article", "composition": {"Nd": 29, "Dy": 3, "Fe": 67, "B": 1}, "composition_complete": True},
        {"form": "metal", "composition": {"Dy": 20, "Fe": 80}},
        {"form": "magnet", "magnet_family": "other", "composition": {"Nd": 29, "Sm": 0.5, "Fe": 66.5, "B": 1, "Dy": 3}},
        {"form": "metal", "element": "Al", "composition": {"Dy": 99.99}},
    ],
)
def test_a_word_never_beats_the_contents(facts):
    assert word("cn-mofcom-gacc-2025-18/1", **CN | facts) in ("unknown", "applies")


def test_a_part_of_a_named_machine_is_that_part():
    part = {"form": "assembly", "equipment": "cubic_press_anvil", "element": "W", "magnet_family": "none"}
    found = kido.determine(CN | part, on="2026-11-23")
    assert any(match.item.code.startswith("2A901") for f in found.findings for match in (*f.items, *f.possible))


def test_technology_handed_to_a_foreigner_inside_china():
    facts = {
        "act": "technology_transfer", "from": "CN", "to": "CN", "form": "technology", "technology": "tungsten_item_production",
        "technology_supplied": True, "non_resident_recipient": True,
    }  # fmt: skip
    assert word("cn-mofcom-gacc-2025-10/1", **facts) == "applies"


def test_what_a_list_entry_excludes_is_still_item_16():
    facts = JP | {"form": "compound", "element": "Be", "jp_entry_exclusion": True, "meti_inform": "wmd"}
    assert word("jp-catchall-wmd/1", **facts) == "unknown"


def test_us_territories_are_the_united_states():
    facts = JP | {"to": "VN", "origin": "PR", "form": "magnet", "magnet_family": "SmCo", "us_listed_party": True}
    assert word("us-ear-framework/1", **facts) == "applies"


def test_an_exception_with_another_still_open_is_no_answer_yet():
    facts = {"act": "export", "from": "KR", "to": "JP", "origin": "CN", "form": "magnet", "magnet_family": "SmCo"}
    found = kido.determine(facts | {"medical_or_disaster_emergency": True}, on="2025-10-20")
    assert found.answer != "exception" and found.may_become


def test_two_origins_are_a_contradiction():
    with pytest.raises(KidoError) as error:
        kido.determine(JP | {"form": "metal", "element": "Ga", "cn_origin": True}, on="2026-11-23")
    assert [problem.code for problem in error.value.problems] == ["contradiction"]
