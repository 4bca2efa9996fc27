"""該非判定書 and 取引審査票: marks against the golden cases, gaps, and words."""

import re
from collections import Counter

import pytest

from kido.papers import jp_classification, jp_screening
from kido.papers.document import Checks, Gap
from kido.papers.jp_entries import ITEMS, LISTED, NOT_CONCERNED, NOT_LISTED, UNDECIDED, held_items, judged_entries
from kido.papers.jp_item16 import item_16
from kido.register.cases import read_cases
from kido.register.store import register
from kido.terms.ground import ground
from tests.papers.paper_text import BANNED, BANNED_CJK, case_of, every_language, example, text, value

LIST = "jp-etco-annex1-list"
GOLDEN = [case for case in read_cases(ground("cases"), register().instruments) if case.act == LIST and case.known_on is None]

# facts of law: 省令1条30号 asks for more than 20 kg, an inner diameter between 100 and 300 mm, more than 90 % W, and a shape
LINER = {"act": "export", "from": "JP", "to": "DE", "form": "alloy", "element": "W", "composition": {"W": "92", "Ni": "8"},
         "composition_complete": True, "alloy_system": "W-Ni-Fe", "mass_kg": "25", "shape": "hollow_cylinder", "inner_diameter_mm": "200",
         "powder_or_granules": False, "elastic_limit_mpa": "500", "tensile_strength_mpa": "900", "jp_entry_exclusion": False}  # fmt: skip


def entry(case, code):
    return next(found for found in judged_entries(case) if found.code == code)


def test_there_are_golden_cases():
    assert len(GOLDEN) >= 300


@pytest.mark.parametrize("part", range(8))
def test_marks_agree_with_the_golden_cases(part):
    """What the officers' cases expect of the two list measures, entry by entry."""
    seen = Counter()
    for golden in GOLDEN[part::8]:
        entries = judged_entries(case_of(golden.facts, golden.on))
        for id, word in golden.expect.items():
            if not id.startswith(f"{LIST}/"):
                continue
            marks = {found.code: found.mark for found in entries if found.measure.id == id}
            listed = {code for code, mark in marks.items() if mark == LISTED}
            if id in golden.items:
                assert listed == set(golden.items[id]) or word == "does not apply", golden.name
            if word == "applies":
                assert listed, golden.name
            elif word == "unknown":
                assert listed or UNDECIDED in marks.values(), golden.name
            seen[word] += 1
    assert seen["applies"] and seen["does not apply"] and seen["unknown"]


@pytest.mark.parametrize("part", range(8))
def test_marks_agree_with_the_determination(part):
    """該当 if and only if an item hit stands in the finding, 判定不能 if and only if one is possible."""
    for golden in GOLDEN[part::8]:
        case = case_of(golden.facts, golden.on)
        for id in (f"{LIST}/1", f"{LIST}/2"):
            finding = case.determination.finding(id)
            entries = [found for found in judged_entries(case) if found.measure.id == id]
            if finding.because.answer is False:
                continue  # no export from Japan: the goods are marked, but the measure does not ask
            taken_out = finding.answer == "does_not_apply" and finding.items
            hits = set() if taken_out else {match.item.code for match in finding.items}
            assert {found.code for found in entries if found.mark == LISTED} == hits, golden.name
            possible = {match.item.code for match in finding.possible}
            assert {found.code for found in entries if found.mark == UNDECIDED} == possible, golden.name
            assert all(found.missing for found in entries if found.mark == UNDECIDED and not found.match.stated), golden.name


def test_a_mark_of_conditions_is_the_mark_of_its_rows():
    """Every condition met: 該当; one not met: never 該当; none failing and one unknown: 判定不能."""
    for golden in GOLDEN[::5]:
        for found in judged_entries(case_of(golden.facts, golden.on)):
            met = [row.met for row in found.conditions]
            if found.by_supplier or found.match.stated or found.out:
                continue
            expected = False if False in met else None if None in met else True
            assert {LISTED: True, UNDECIDED: None, NOT_LISTED: False, NOT_CONCERNED: False}[found.mark] is expected, (
                golden.name,
                found.code,
            )


def test_values_stand_beside_thresholds():
    """By hand from 省令1条30号: 25 kg > 20, 92 % > 90, 200 mm between 100 and 300."""
    case = case_of(LINER, "2026-06-10")
    found = entry(case, "2(25)")
    assert found.mark == LISTED and found.match.item.text == "省令1条30号"
    rows = {row.text["en"]: row for row in found.conditions}
    assert rows["mass in kg above 20 kg"].stated["en"] == "mass in kg: 25 kg"
    assert rows["inner diameter above 100 mm"].stated["ja"] == "内径: 200 mm"
    paper = text(jp_classification.build(case), "ja")
    assert "該当: 輸出令別表第一 2(25)" in paper and "質量(kg) が 20 kg を超える" in paper and "未判定" in paper


@pytest.mark.parametrize(
    ("fact", "stated", "mark"),
    [
        ("mass_kg", "20", NOT_LISTED),  # more than 20 kg is asked for
        ("mass_kg", "20.001", LISTED),
        ("inner_diameter_mm", "300", NOT_LISTED),  # less than 300 mm
        ("inner_diameter_mm", "299.9", LISTED),
        ("inner_diameter_mm", "unknown", UNDECIDED),
        ("shape", "unknown", UNDECIDED),
        ("form", "magnet", NOT_CONCERNED),
    ],
)
def test_both_sides_of_a_limit(fact, stated, mark):
    facts = LINER | {fact: stated}
    if stated == "magnet":
        facts = {
            "act": "export",
            "from": "JP",
            "to": "DE",
            "form": "magnet",
            "magnet_family": "SmCo",
            "composition": {"Sm": "25", "Co": "50"},
        }
    assert entry(case_of(facts, "2026-06-10"), "2(25)").mark == mark


def test_goods_the_entry_itself_excludes():
    """2(25) leaves out weights and collimators."""
    found = entry(case_of(LINER | {"jp_entry_exclusion": True}, "2026-06-10"), "2(25)")
    assert found.mark == NOT_LISTED and "除く" in found.out["ja"]
    unsettled = entry(case_of({name: v for name, v in LINER.items() if name != "jp_entry_exclusion"}, "2026-06-10"), "2(25)")
    assert unsettled.mark == LISTED and unsettled.open_out


def test_an_exclusion_of_one_entry_leaves_another():
    """An exclusion names its entries; W-Re goods that are also 2(51) stay listed there."""
    both = LINER | {
        "composition": {"W": "60", "Re": "40"},
        "alloy_system": "unknown",
        "re_plus_w_wt_pct": "100",
        "material_class": "metal",
        "jp_entry_exclusion": True,
    }
    case = case_of(both, "2026-06-10")
    marks = {found.code: found.mark for found in judged_entries(case) if found.mark in (LISTED, NOT_LISTED)}
    assert marks["2(25)"] == NOT_LISTED and marks["2(51)"] == LISTED


def test_a_suppliers_code_against_the_facts():
    facts = LINER | {"mass_kg": "5", "control_code": "2(25)", "control_code_list": "JP"}
    found = entry(case_of(facts, "2026-06-10"), "2(25)")
    assert found.mark == LISTED and found.by_supplier
    assert "供給者の管理コード" in text(jp_classification.build(case_of(facts, "2026-06-10")), "ja")


def test_an_entry_stands_from_its_first_day():
    """5(20) came with effect from 2026-02-14."""
    codes = [{found.code for found in judged_entries(case_of(LINER, day))} for day in ("2026-02-13", "2026-02-14")]
    assert "5(20)" not in codes[0] and "5(20)" in codes[1]


def test_nothing_is_said_of_what_is_not_held():
    case = case_of(
        {"act": "export", "from": "JP", "to": "DE", "form": "magnet", "magnet_family": "SmCo", "composition": {"Sm": "25", "Co": "50"}},
        "2026-06-10",
    )
    entries = judged_entries(case)
    held = held_items(entries)
    assert {item for item in ITEMS if held[item]} == {"2", "4", "5", "7", "14"}
    assert sum(map(len, held.values())) == len(entries) == 31
    paper = text(jp_classification.build(case), "ja")
    assert "当登録簿に収録のある31項目について" in paper and "収録のない項目は判定していません" in paper
    assert paper.count("未判定(原文で確認)") == len(ITEMS)
    result = jp_classification.result_words(case, entries)
    assert result["ja"] != "非該当" and "31" in result["en"]


def test_a_stated_listing_is_not_overruled():
    facts = {"act": "export", "from": "JP", "to": "DE", "form": "magnet", "magnet_family": "SmCo", "composition": {"Sm": "25", "Co": "50"}}
    case = case_of(facts | {"jp_listed_item": True}, "2026-06-10")
    assert jp_classification.result_words(case, judged_entries(case))["ja"].startswith("該当(述べられた事実による")
    denied = text(jp_classification.build(case_of(facts | {"jp_listed_item": False}, "2026-06-10")), "ja")
    assert "該当しないと述べられています" in denied and "照合によるものではありません" in denied


def test_missing_facts_are_gaps_and_are_asked_for():
    case = case_of({"act": "export", "from": "JP", "to": "DE", "form": "alloy", "element": "W", "composition": {"W": "92"}}, "2026-06-10")
    paper = jp_classification.build(case)
    assert isinstance(value(paper, "goods.hs"), Gap) and isinstance(value(paper, "jp.maker"), Gap)
    assert "内径は何mmですか" in text(paper, "ja") and "判定不能" in text(paper, "ja")


@pytest.mark.parametrize(
    ("facts", "on", "kind", "group"),
    [
        ({"hs": "8457.10", "to": "VN", "form": "equipment"}, "2026-06-10", "16(1)", ""),  # machine tools are named
        ({"hs": "8505.11", "to": "DE"}, "2026-06-10", "16(2)", "JP_GROUP_A"),
        ({"hs": "8505.11", "to": "CD"}, "2026-06-10", "16(2)", "JP_ANNEX_3_2"),
        ({"hs": "8542.31", "to": "IN", "form": "assembly"}, "2026-06-10", "16(1)", ""),
        ({"hs": "8542.90", "to": "IN", "form": "assembly"}, "2026-06-10", "16(2)", ""),  # parts are left out
        ({"hs": "0901.11", "to": "IN", "form": "article"}, "2026-06-10", "", ""),  # coffee is in no chapter of item 16
        ({"form": "assembly", "to": "IN"}, "2026-06-10", "?", ""),
        ({"hs": "8505.11"}, "2026-06-10", "16(2)", None),
    ],
)
def test_item_16_by_hs_and_destination(facts, on, kind, group):
    found = item_16(case_of({"act": "export", "from": "JP"} | {"form": "magnet"} | facts, on))
    assert (found.kind, found.group) == (kind, group)


def test_item_16_was_one_until_2025_10_08():
    facts = {"act": "export", "from": "JP", "to": "VN", "hs": "8457.10", "form": "equipment"}
    assert [item_16(case_of(facts, day)).split for day in ("2025-10-08", "2025-10-09")] == [False, True]
    assert "分かれていません" in text(jp_classification.build(case_of(facts, "2025-10-08")), "ja")


# -- 取引審査票 ------------------------------------------------------------------------------


def marks_of(paper):
    return {check.text["ja"]: check.mark for block in paper.blocks if isinstance(block, Checks) for check in block.rows}


def test_checks_say_what_was_stated_and_no_more():
    marks = marks_of(jp_screening.build(example("target-papers.yaml")))
    assert marks["大量破壊兵器等の開発等に用いられるとの記載・連絡"] == "no"
    assert marks["需要者が大量破壊兵器等の開発等を行う(行った)との記載・連絡"] == "unknown"
    assert marks["経済産業大臣からの通知(インフォーム)"] == "no"
    assert marks["用途からみて明らかか"] == marks["許可を申請する"] == ""
    inform = marks_of(jp_screening.build(example("target-papers.yaml", meti_inform="wmd")))
    assert inform["経済産業大臣からの通知(インフォーム)"] == "yes"


def test_guideline_points_that_are_not_held_are_left_open():
    paper = jp_screening.build(example("target-papers.yaml"))
    boxes = [
        check
        for block in paper.blocks
        if isinstance(block, Checks)
        for check in block.rows
        if check.detail == {"ja": "原文で確認", "en": "check the guideline's text"}
    ]
    assert len(boxes) == 5 and all(box.mark == "" for box in boxes)


def test_every_name_is_searched_and_the_lists_are_named():
    """TDK stands on the watch list since No. 12 of 2026; the copy of the foreign end-user list is of 2025-10-09."""
    deal = {"act": "export", "from": "JP", "to": "DE"}
    assert "当事者が述べられていない" in text(jp_screening.build(case_of(deal, "2026-06-10")), "ja")
    parties = [{"role": "buyer", "name": "ＴＤＫ㈱"}, {"role": "end_user", "name": "Muster Beschichtung GmbH"}, {"role": "middleman"}]
    paper = text(jp_screening.build(case_of(deal | {"parties": parties}, "2026-08-24")), "ja")
    assert "TDK株式会社 [cn-watch-list] 100 掲載中" in paper and "2,722" in paper
    assert paper.count("見つかりませんが、最新の全一覧では照合できていません") == 1 and "古い版" in paper
    before = text(jp_screening.build(case_of(deal | {"parties": parties}, "2026-02-23")), "ja")
    assert "TDK株式会社 [cn-watch-list] 100 まだ掲載されていません" in before


def test_an_entry_that_was_ruled_out_says_so():
    deal = {"act": "export", "from": "JP", "to": "DE"}
    parties = [{"role": "buyer", "name": "TDK", "ruled_out": ["cn-tdk"]}]
    paper = text(jp_screening.build(case_of(deal | {"parties": parties}, "2026-08-24")), "ja")
    assert "別の者と確認済みとされています" in paper


def test_gates_follow_the_determination():
    answers = text(jp_screening.build(example("target-papers.yaml", to="VN", wmd_use_in_documents=True)), "ja")
    assert "許可必要" in answers
    assert "大量破壊兵器の客観要件" in answers


@pytest.mark.parametrize(
    "name", ["target-papers.yaml", "target-to-germany.yaml", "japan-machining-centre.yaml", "japan-wafer.yaml", "steel-bolt.yaml"]
)
def test_no_word_of_clearance(name):
    for paper in (jp_classification.build(example(name)), jp_screening.build(example(name))):
        words = every_language(paper)
        assert not any(word in words for word in BANNED_CJK)
        assert not [word for word in BANNED if re.search(rf"\b{word}\b", words, re.I)]


@pytest.mark.parametrize("name", ["target-papers.yaml", "japan-wafer.yaml", "supplier-letter.yaml"])
def test_both_languages_everywhere(name):
    for paper in (jp_classification.build(example(name)), jp_screening.build(example(name))):
        for cell in (c for c in paper.cells() if isinstance(c, dict) and c != {"en": "Muster Beschichtung GmbH"}):
            assert cell.get("ja") and cell.get("en"), cell
