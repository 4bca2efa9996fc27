"""Golden cases and coverage: what `kido check` says, and how much there is."""

import random
from collections import Counter

import pytest

import kido
from kido.decide.check import check_all, run_case
from kido.decide.determine import determine
from kido.decide.match import match_items
from kido.decide.transaction import read_transaction
from kido.errors import KidoError
from kido.register.cases import read_cases
from kido.register.store import register, terms
from kido.rule.judge import judge
from kido.terms.ground import ground

CASES = read_cases(ground("cases"), register().instruments)


def test_check_finds_nothing():
    assert [problem.text("en") for problem in check_all()] == []


def test_there_are_enough_cases():
    assert len(CASES) >= 250
    per_measure = Counter(measure for case in CASES for measure in case.expect)
    assert all(per_measure[measure.id] >= 3 for _, measure in register().judged())
    by_place = Counter(case.place.split("/")[1] for case in CASES)
    assert by_place["jp"] >= 120 and by_place["us"] + by_place["eu"] >= 40 and by_place["across"] >= 30
    assert len(CASES) >= 600 and all(case.why for case in CASES)


def test_a_wrong_expectation_is_reported():
    case = next(case for case in CASES if case.expect == {"cn-mofcom-gacc-2025-18/1": "applies"})
    turned = type(case)(
        **{name: getattr(case, name) for name in case.__slots__} | {"expect": {"cn-mofcom-gacc-2025-18/1": "does not apply"}}
    )
    _, problems = run_case(register(), terms(), turned)
    assert [problem.code for problem in problems] == ["case-fails"]


HOLMIUM = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "metal", "element": "Ho"}


@pytest.mark.parametrize(
    ("on", "word", "since", "until"),
    [
        ("2025-10-08", "not yet", None, "2025-11-07"),  # published 2025-10-09, effective 2025-11-08
        ("2025-11-01", "not yet", "2025-10-09", "2025-11-07"),
        ("2025-11-07", "suspended", "2025-11-07", "2026-11-10"),  # No. 70
        ("2025-11-08", "suspended", "2025-11-07", "2026-11-10"),
        ("2026-11-09", "suspended", "2025-11-07", "2026-11-10"),
        ("2026-11-10", "status unknown", "2026-11-10", None),  # whether the day itself is inside is not stated
        ("2026-11-23", "status unknown", "2026-11-10", None),
        ("2027-01-11", "status unknown", "2026-11-10", None),  # the announced extension has run out too
    ],
)
def test_holmium_by_date(on, word, since, until):
    finding = kido.determine(HOLMIUM, on=on).finding("cn-mofcom-gacc-2025-57/1")
    assert finding.word == word
    assert until is None or finding.status.until.isoformat() == until
    assert since is None or finding.status.since.isoformat() == since
    assert [match.item.code for match in finding.items] == ["1C909.a.1"]


def test_holmium_after_the_suspension_names_the_announcement_and_the_planning_case():
    found = kido.determine(HOLMIUM, on="2026-11-23")
    finding = found.finding("cn-mofcom-gacc-2025-57/1")
    assert finding.status.announced.by == "cn-us-kl-arrangement-extension-2026-09"
    assert not finding.status.operated
    assert found.gates[0].answer == "facts_missing"
    assert found.gates[0].planning == "licence_required"


def test_holmium_as_known_before_the_suspension():
    found = kido.determine(HOLMIUM, on="2025-11-20", known_on="2025-11-01")
    assert found.finding("cn-mofcom-gacc-2025-57/1").word == "applies"
    assert found.finding("cn-mofcom-2026-1/1") is None


def test_a_steel_bolt_matches_no_item_and_end_use_is_still_asked():
    found = kido.determine({"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "article", "element": "Fe"}, on="2026-11-23")
    assert [match.item.code for finding in found.findings for match in finding.items] == []
    assert [
        match.item.code
        for f in found.findings
        if f.act.jurisdiction == "CN" and f.measure.gate == "dual_use" and f.status.word == "in_force"
        for match in f.possible
        if match.item.form != "technology"
    ] == []
    assert found.answer == "facts_missing"
    asked = {question.fact.name for question in found.questions}
    assert {"military_end_user", "military_end_use", "raises_military_strength", "risk_known_or_informed"} <= asked


def test_a_negative_says_what_was_searched_and_what_was_not():
    civil = {
        "military_end_user": False,
        "military_end_use": False,
        "raises_military_strength": False,
        "risk_known_or_informed": False,
        "end_user_on_control_or_watch_list": False,
    }
    nothing_else = {"technology_supplied": False, "used_for_foreign_rare_earth_activity": False, "supplied_by_chinese_person": True}
    bolt = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "article", "element": "Fe", "form_is_exact": True}
    found = kido.determine(bolt | civil | nothing_else, on="2026-10-01")
    assert found.jurisdiction("CN").answer == "no_match"
    assert found.searched[0].jurisdiction == "CN"
    assert found.searched[0].items == sum(len(act.items) for act in register().instruments.values() if act.jurisdiction == "CN")
    assert found.searched[0].watch.not_held


def test_one_transaction_may_be_asked_for_two_days():
    from kido.decide.transaction import read_transaction

    transaction = read_transaction(HOLMIUM | {"element": "Dy"}, terms())
    first = kido.determine(transaction, on="2026-02-01")
    second = kido.determine(transaction, on="2025-01-01")
    assert first.finding("cn-mofcom-gacc-2025-18/1").word == "applies"
    assert second.finding("cn-mofcom-gacc-2025-18/1").word == "not yet"
    assert "dual_use_item" not in transaction.facts.values


def test_exceptions_in_conflict_are_shown_and_not_settled():
    from kido.face import view

    facts = {
        "act": "reexport", "from": "JP", "via": [], "to": "DE", "origin": "CN", "form": "metal", "element": "Dy",
        "military_end_user": True, "medical_or_disaster_emergency": True,
    }  # fmt: skip
    found = kido.determine(facts, on="2025-10-20")
    assert found.finding("cn-mofcom-2025-61/3").answer == "conflict"
    shown = view.determination(found, "ja")["conflicts"]
    assert {problem["code"] for problem in shown} == {"exceptions-conflict"}
    assert found.answer in ("presumption_of_denial", "prohibited")


def test_nothing_of_china_is_outside_the_data():
    facts = {"act": "export", "from": "AU", "via": [], "to": "JP", "origin": "AU", "form": "metal", "element": "Dy"}
    asked = kido.determine(facts, on="2026-11-23")
    assert asked.answer == "facts_missing"  # Chinese persons are bound anywhere by No. 62
    assert "supplied_by_chinese_person" in {question.fact.name for question in asked.questions}
    settled = {"supplied_by_chinese_person": False, "made_with_cn_ree_technology": False}
    assert kido.determine(facts | settled, on="2026-11-23").answer == "facts_missing"  # US content is not stated
    no_us = {"us_controlled_content_pct": 0, "us_no_de_minimis": False, "us_direct_product": False, "us_persons_or_territory": False}
    found = kido.determine(facts | settled | no_us, on="2026-11-23")
    assert found.answer == "outside_data" and found.not_held == "" and found.jurisdiction("AU").answer == "outside_data"
    korea = kido.determine(facts | settled | no_us | {"from": "TW", "origin": "TW"}, on="2026-11-23")
    assert korea.answer == "outside_data" and korea.not_held == "TW"


def test_a_law_that_does_not_reach_a_case_has_no_measure_that_could():
    """Where the reach of a jurisdiction is surely false, its entries are not looked at: every scope must be false then."""
    found = register()
    for case in CASES:
        facts = read_transaction(case.facts, terms(), case.on).facts
        for code, watch in found.watches.items():
            if judge(watch.reach, facts).answer is False:
                for act, measure in found.judged():
                    if act.jurisdiction == code:
                        assert judge(measure.when, facts).answer is False, (case.name, measure.id)


def test_the_quick_way_finds_the_same_entries_as_judging_them_all():
    """Entries ruled out by a few facts, or by the quick answer, are those that `judge` says no to."""
    found = register()
    for case in CASES[::15]:
        transaction = read_transaction(case.facts, terms(), case.on)
        if transaction.value("control_code") or transaction.value("hs"):
            continue
        matched = match_items(found, transaction, case.on, set(found.watches))
        for act, matches in matched.items():
            for match in matches:
                slow = judge(match.item.when, transaction.facts).answer
                assert match.answer is slow or (match.out_by is not None and match.answer is False), (case.name, act, match.item.code)


@pytest.mark.parametrize("seed", range(20))
def test_no_match_is_said_only_where_every_measure_is_surely_false(seed):
    """Golden cases with facts taken away at random: `no_match` of a jurisdiction means no scope and entry could hold."""
    r = random.Random(seed)
    found = register()
    for case in r.sample(CASES, 12):
        facts = {name: value for name, value in case.facts.plain().items() if r.random() < 0.8}
        try:
            transaction = read_transaction(facts, terms(), case.on)
        except KidoError:
            continue
        determination = determine(found, terms(), transaction, case.on)
        for j in determination.jurisdictions:
            if j.answer != "no_match":
                continue
            for f in determination.findings:
                if f.act.jurisdiction == j.jurisdiction and f.status.word in ("in_force", "unknown") and f.outcome != "outside":
                    assert f.answer == "does_not_apply", (case.name, f.measure.id)
                    scope = judge(f.measure.when, transaction.facts).answer
                    entries = [judge(item.when, transaction.facts).answer for item in f.act.items_of(f.measure) if item.stands(case.on)]
                    listed = found.watches[j.jurisdiction].listed_fact
                    if (
                        not f.out
                        and not f.excepted
                        and (listed or "under(control_code") not in f.measure.rule_text
                        and "under(control_code" not in f.measure.rule_text
                    ):
                        assert scope is False or (f.measure.covers and not any(e is not False for e in entries)), (case.name, f.measure.id)
