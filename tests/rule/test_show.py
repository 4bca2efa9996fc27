"""Sentences: every kind of node, in Japanese and English, and the meaning is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kido.rule import nodes as n
from kido.rule.judge import Components, Facts, judge
from kido.rule.parse import Scope, parse
from kido.rule.show import Show, fact_names
from kido.terms.amounts import amount
from kido.terms.vocabulary import read_terms

TERMS = read_terms(Path(__file__).resolve().parents[2] / "law" / "terms")
LEAVES = n.Fact("calcined")
LABELS = {"leaves": {"ja": "中国から国外へ出る", "en": "leaves China"}}


def rule(text: str) -> n.Node:
    return parse(text, Scope(TERMS, {"leaves": LEAVES}))


def say(text: str, lang: str) -> str:
    return Show(TERMS, lang, LABELS).sentence(rule(text))


def label(fact: str, lang: str) -> str:
    return TERMS.facts[fact].label[lang]


CASES = {
    "Fact": "calcined",
    "Compare": "purity_pct >= 99.99",
    "Compare two facts": "tube_length_mm < tube_wall_mm",
    "OneOf": 'form == "magnet"',
    "OneOf group": "element in rare_earths",
    "OneOf dated group": "destination in EU",
    "Under": 'under(control_code, "3C001", "3C002")',
    "Within": 'within(on, "2025-01-01", "2025-12-31")',
    "Listed": 'listed(end_user, "cn-control-list")',
    "Known": "known(form)",
    "All": "calcined and coated",
    "Some": "calcined or coated",
    "Not": "not calcined",
    "Not OneOf": 'form != "magnet"',
    "Named": "leaves",
    "Any": 'any(inputs, origin == "CN")',
    "Sum": "sum(composition, wt_pct, element in rare_earths) > 5",
    "content": "dy_wt_pct > 0",
    "content at": "dy_wt_pct >= 0.1",
    "Share": 'share(inputs, value, origin == "CN") >= 25',
    "Plus": "tb_wt_pct + dy_wt_pct > 1",
    "Times": "2 * purity_pct > 1",
    "chain": "5 <= purity_pct < 7",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_every_kind_has_a_sentence_in_both_languages(text):
    for lang in ("ja", "en"):
        sentence = say(text, lang)
        assert sentence.strip()
        assert "{" not in sentence and "Fact(" not in sentence and "None" not in sentence
        assert "_pct" not in sentence and "_mm" not in sentence
    assert say(text, "ja") != say(text, "en")


@pytest.mark.parametrize(("text", "lang", "parts"), [
    ('form == "magnet"', "en", ["magnet"]), ('form == "magnet"', "ja", ["磁石"]),
    ("purity_pct >= 99.99", "en", ["at least", "99.99 %"]), ("purity_pct >= 99.99", "ja", ["99.99 %", "以上"]),
    ("purity_pct > 5", "en", ["above 5"]), ("purity_pct > 5", "ja", ["5 %", "超える"]),
    ("purity_pct < 5", "en", ["below 5"]), ("purity_pct < 5", "ja", ["未満"]),
    ("purity_pct <= 5", "en", ["at most 5"]), ("purity_pct <= 5", "ja", ["以下"]),
    ("purity_pct == 5", "en", ["is 5"]), ("purity_pct != 5", "en", ["is not 5"]), ("purity_pct != 5", "ja", ["ではない"]),
    ("dy_wt_pct > 0", "en", ["contains dysprosium"]), ("dy_wt_pct > 0", "ja", ["ジスプロシウムを含む"]),
    ("dy_wt_pct >= 0.1", "en", ["dysprosium content", "at least 0.1 wt%"]),
    ("element in rare_earths", "en", ["rare earth"]), ("element in rare_earths", "ja", ["希土類"]),
    ("destination in EU", "en", ["EU"]),
    ('under(control_code, "3C001", "3C002")', "en", ["3C001", "3C002"]),
    ('within(on, "2025-01-01", "2025-12-31")', "ja", ["2025-01-01", "2025-12-31"]),
    ("known(form)", "en", ["known"]), ("known(form)", "ja", ["分かっている"]),
    ("not calcined", "en", ["not"]), ("not calcined", "ja", ["ではない"]),
    ('form != "magnet"', "en", ["is not permanent magnet"]), ("leaves", "ja", ["中国から国外へ出る"]),
    ('any(inputs, origin == "CN")', "en", ["inputs", "China"]), ('any(inputs, origin == "CN")', "ja", ["中国"]),
    ('share(inputs, value, origin == "CN") >= 25', "en", ["share", "China", "25 %"]),
    ('"CN" in via', "en", ["China"]), ('form in ("magnet", "metal")', "en", ["permanent magnet", " or metal"]),
    ("density_g_cm3 > 1.7", "en", ["1.7 g/cm3"]), ("grain_size_um < 50", "ja", ["50 um"]),
])  # fmt: skip
def test_words(text, lang, parts):
    sentence = say(text, lang)
    for part in parts:
        assert part in sentence


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_brackets_keep_the_meaning(lang):
    pairs = [
        ("calcined and (coated or cn_origin)", "calcined and coated or cn_origin"),
        ("not (calcined and coated)", "not calcined and coated"),
        ("not (calcined or coated)", "not calcined or coated"),
        ("2 * (tube_length_mm + tube_wall_mm) > 5", "2 * tube_length_mm + tube_wall_mm > 5"),
        ("2 * (dy_wt_pct + tb_wt_pct) > 5", "2 * dy_wt_pct + tb_wt_pct > 5"),
    ]
    for first, second in pairs:
        assert say(first, lang) != say(second, lang), first


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_money_is_not_in_weight_per_cent(lang):
    assert "wt%" not in say('sum(inputs, value, origin == "CN") > 5', lang)


def test_reasons_are_parallel_to_the_rule():
    tree = rule('form == "magnet" and dy_wt_pct >= 0.1')
    facts = Facts({"form": "magnet"}, {"composition": Components(({"element": "Dy", "wt_pct": amount("0.05..0.5")},))})
    lines = Show(TERMS, "en", {}).reasons(judge(tree, facts).because)
    assert [line["depth"] for line in lines] == [0, 1, 1]
    assert [line["answer"] for line in lines] == [None, True, None]
    assert lines[1]["found"] == TERMS.choices["form"]["magnet"].label["en"] and lines[2]["missing"] == ["dy_wt_pct"]
    assert "0.05" in lines[2]["found"] and "0.5" in lines[2]["found"]


def test_what_decided_alone_is_the_reason():
    tree = rule('form == "magnet" and dy_wt_pct > 0')
    lines = Show(TERMS, "ja", {}).reasons(judge(tree, Facts({"form": "metal"})).because)
    assert [line["answer"] for line in lines] == [False, False]
    assert lines[1]["found"] == TERMS.choices["form"]["metal"].label["ja"]
    assert lines[0]["missing"] == [] == lines[1]["missing"]


def test_yes_and_no_are_said_in_the_language():
    because = judge(rule("calcined"), Facts({"calcined": True})).because
    assert [Show(TERMS, lang, {}).reasons(because)[0]["found"] for lang in ("ja", "en")] == ["はい", "yes"]


def test_facts_of_a_rule():
    found = fact_names(rule('form == "magnet" and (dy_wt_pct > 0 or tb_wt_pct > 0) and share(inputs, value, origin == "CN") > 5'))
    assert found == ("form", "dy_wt_pct", "tb_wt_pct", "inputs", "value")


def test_dates_are_days():
    assert rule('within(on, "2025-01-01", "2025-12-31")').start == date(2025, 1, 1)
