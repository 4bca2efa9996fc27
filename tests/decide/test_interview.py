"""The interview: it reaches the answer of the full facts with fewer questions, and never loses or invents an answer."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from kido import desk
from kido.decide.interview import FORMAT_VERSION, Interview, resumed
from kido.decide.next_question import next_question
from kido.decide.open_points import open_points
from kido.decide.prospects import can_be, still_asked
from kido.decide.trials import effects
from kido.errors import KidoError
from kido.register.store import register, terms
from kido.register.yaml_file import marked
from kido.rule.judge import Facts, judge
from kido.rule.parse import Scope, parse

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
MAGNET = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "magnet"}


def benchmark():
    spec = importlib.util.spec_from_file_location("interview_benchmark", ROOT / "benchmarks" / "interview.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def talk(facts: dict | None = None, on: date = DAY) -> Interview:
    return Interview(register(), terms(), MAGNET if facts is None else facts, on)


def code(refused: pytest.ExceptionInfo) -> list[str]:
    return [problem.code for problem in refused.value.problems]


# -- the answer of the full facts, with fewer questions --------------------------------------------


def test_the_interview_reaches_the_answer_of_the_full_facts():
    """40 transactions with a fixed seed, 200 at night; asking in table order takes at least two thirds more questions."""
    nightly = bool(os.environ.get("KIDO_NIGHTLY"))
    module = benchmark()
    asked = base = 0
    for number, truth in enumerate(module.truths(200 if nightly else 40)):
        full = desk.determine(truth.facts, truth.on, truth.known_on)
        found, count, _ = module.interviewed(truth)
        assert module.outcome(found) == module.outcome(full), (truth.name, truth.given)
        if nightly or number < 10:
            asked, base = asked + count, base + module.in_table_order(truth)[1]
    assert asked <= 0.6 * base, (asked, base)


@pytest.mark.parametrize(("facts", "answers", "expected"), [
    ({}, {"act": "export", "exported_from": "CN", "destination": "JP", "origin": "CN", "form": "magnet", "magnet_family": "SmCo"}, "licence_required"),
    (MAGNET | {"magnet_family": "NdFeB"}, {"dy_wt_pct": "2.5"}, "licence_required"),
    (MAGNET | {"magnet_family": "SmCo"}, {"military_end_user": "true", "military_end_use": "true"}, "prohibited"),
])  # fmt: skip
def test_answers_lead_where_the_law_does(facts, answers, expected):
    """SmCo and Dy-bearing NdFeB magnets need a Chinese licence (No. 18 of 2025); a military user in Japan is refused (No. 1 of 2026)."""
    held = talk(facts)
    while held.question is not None:
        held.answer(answers.get(held.question.name))
    assert held.found.answer == expected


def test_nothing_is_asked_once_the_transaction_is_prohibited():
    held = talk(MAGNET | {"magnet_family": "SmCo", "military_end_user": True, "military_end_use": True})
    assert held.found.answer == "prohibited" and held.question is None


def test_no_fact_is_asked_twice_and_none_that_was_stated():
    held = talk()
    names = []
    while held.question is not None:
        names += [held.question.name]
        held.skip()
    assert len(names) == len(set(names)) and not {"act", "exported_from", "destination", "origin", "form"} & set(names)


def test_unknown_throughout_leaves_the_first_answer():
    """Not knowing adds nothing: the answer stays, and what stayed open is named with whom can know it."""
    held = talk()
    before = held.found.answer
    while held.question is not None:
        held.answer("不明")
    assert held.found.answer == before == "facts_missing"
    assert {u.fact.name for u in held.unknown} & {"magnet_family", "dy_wt_pct", "composition"}
    assert {u.who for u in held.unknown} <= {"buyer", "supplier", "technical", "authority"}
    assert held.facts.plain() == marked(MAGNET, "").plain()


# -- the question ----------------------------------------------------------------------------------


def test_a_question_says_why_who_and_what_its_answers_would_change():
    question = desk.next_question(MAGNET, on="2026-11-23")
    assert question.name == "magnet_family" and question.ask["ja"] and question.ask["en"]
    assert "cn-mofcom-gacc-2025-18/1" in question.measures and question.who == "buyer"
    answers = {effect.value: effect.answer for effect in question.effects}
    assert question.answer == "facts_missing" and answers["SmCo"] == "licence_required" and answers["NdFeB"] == "facts_missing"
    for effect in question.effects:
        assert effect.answer == desk.determine(MAGNET | {question.name: effect.value}, "2026-11-23").answer


def test_a_figure_is_tried_on_both_sides_of_its_limit():
    """Jet mills of No. 56: the limits are those of the rules, and each side is tried as a range."""
    from kido.decide.questions import fact_of

    facts = marked({"act": "export", "from": "CN", "to": "JP", "form": "metal", "element": "Bi"}, "")
    found = desk.determine(facts, DAY)
    fact = fact_of("purity_pct", terms())
    tried = effects(register(), terms(), facts, found, fact, open_points(found))
    if tried:
        assert tried[0].value.startswith("<") and tried[-1].value.startswith(">=")
    limits = {m.item.code for f in found.findings for m in f.possible if "purity_pct" in m.missing}
    assert bool(tried) == bool(limits)


def test_names_of_parties_are_neither_asked_nor_tried():
    held = talk({})
    while held.question is not None:
        assert held.question.name not in ("end_user", "name") and held.question.fact.type != "date"
        held.skip()


def test_a_question_takes_little_time():
    """About 150 ms on a free machine; the limit leaves room for a busy one."""
    desk.next_question(MAGNET, on="2026-11-23")
    times = []
    for facts in (MAGNET, {}, MAGNET | {"magnet_family": "NdFeB"}):
        start = time.perf_counter()
        desk.next_question(facts, on="2026-11-23")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.6


def test_skipped_facts_are_not_asked():
    first = desk.next_question(MAGNET, on="2026-11-23")
    second = desk.next_question(MAGNET, on="2026-11-23", skipped=[first.name])
    assert second.name != first.name


def test_wrong_facts_and_a_missing_day_are_refused():
    with pytest.raises(KidoError) as refused:
        desk.next_question({"form": "magnte"}, on="2026-11-23")
    assert code(refused) == ["unknown-value"]
    with pytest.raises(KidoError) as refused:
        desk.next_question({"form": "magnet"})
    assert code(refused) == ["missing-key"]


# -- what is not known -----------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "truth", "known", "expected"), [
    ("calcined and coated", True, set(), True),
    ("calcined and coated", True, {"calcined"}, False),
    ("calcined and coated", False, {"calcined"}, True),
    ("calcined or coated", True, {"calcined"}, True),
    ("calcined or coated", False, {"calcined"}, False),
    ("not (calcined or coated)", True, {"calcined"}, False),
    ("calcined", True, {"calcined"}, False),
])  # fmt: skip
def test_what_can_become_of_a_rule_when_a_fact_is_never_known(rule, truth, known, expected):
    because = judge(parse(rule, Scope(terms())), Facts()).because
    assert can_be(because, truth, known) is expected


def test_what_a_fact_follows_from_is_asked_in_its_place():
    assert still_asked(("dy_wt_pct",), {"dy_wt_pct"}) == ("composition",)  # in its place: the composition, then whether it is complete
    assert still_asked(("dy_wt_pct",), {"dy_wt_pct", "composition"}) == ("composition_complete",)
    assert still_asked(("calcined",), {"calcined"}) == ()


# -- forwards and back -----------------------------------------------------------------------------


def test_back_takes_the_last_answer_away():
    held = talk()
    first, facts = held.question.name, held.facts.plain()
    held.answer("NdFeB")
    assert held.facts.plain() != facts
    held.skip()
    held.back()
    held.back()
    held.back()
    assert held.question.name == first and held.facts.plain() == facts and held.log == []


def test_a_refused_answer_changes_nothing():
    held = talk()
    facts, name = held.facts.plain(), held.question.name
    for wrong in ("rubbish", ["a"], {"a": 1}, "x" * 20_000):
        with pytest.raises(KidoError):
            held.answer(wrong)
    assert held.facts.plain() == facts and held.log == [] and held.question.name == name


def test_an_answer_after_the_end_is_refused():
    held = talk(MAGNET | {"magnet_family": "SmCo", "military_end_user": True, "military_end_use": True})
    with pytest.raises(KidoError) as refused:
        held.answer("true")
    assert code(refused) == ["interview-over"]


def test_a_single_content_takes_the_place_of_its_row():
    held = talk(MAGNET | {"magnet_family": "NdFeB", "composition": "Nd 30, Fe 66, B 1, Dy present", "from": "JP", "to": "CN"})
    held.__dict__["question"] = next_question(register(), terms(), marked(MAGNET, ""), DAY, tried=False)
    from kido.decide.stated import stating

    facts = stating(held.facts, "dy_wt_pct", "2.5", terms())
    assert facts.plain()["composition"] == {"Nd": "30", "Fe": "66", "B": "1"} and facts.plain()["dy_wt_pct"] == "2.5"
    assert desk.determine(facts, DAY).transaction.facts.components["composition"].rows


# -- saved and resumed -----------------------------------------------------------------------------


def test_a_saved_interview_goes_on_where_it_stopped():
    held = talk()
    held.answer("NdFeB")
    held.skip()
    read = resumed(json.dumps(held.to_dict()), "i.json", register(), terms())
    assert (read.other_register, read.other_day) == ("", "")
    assert read.interview.to_dict() == held.to_dict() and read.interview.question == held.question
    assert read.interview.found.answer == held.found.answer
    read.interview.back()
    held.back()
    assert read.interview.question == held.question


def test_another_register_or_day_is_said():
    saved = talk().to_dict() | {"register": "0123456789ab"}
    read = resumed(json.dumps(saved), "i.json", register(), terms(), on=date(2026, 11, 30))
    assert read.other_register == "0123456789ab" and read.other_day == "2026-11-23" and read.interview.on == date(2026, 11, 30)


@pytest.mark.parametrize(("change", "expected", "place"), [
    ("", "json-syntax", "i.json:1:1"), ("{", "json-syntax", "i.json:1:2"), ("[" * 100_000, "json-syntax", "i.json"),
    ("[]", "interview-foreign", "i.json"), ('{"form": "magnet"}', "interview-foreign", "i.json"),
    ({"format_version": FORMAT_VERSION + 1}, "interview-version", "i.json: format_version"), ({"format_version": None}, "interview-version", "i.json: format_version"),
    ({"facts": []}, "interview-broken", "i.json: facts"), ({"answers": {}}, "interview-broken", "i.json: answers"),
    ({"on": 5}, "interview-broken", "i.json: on"), ({"on": "yesterday"}, "not-a-date", "i.json: on"), ({"known_on": "x"}, "not-a-date", "i.json: known_on"),
    ({"answers": [5]}, "interview-broken", "i.json: answers[0]"), ({"answers": [{"name": "form", "facts": "form", "value": "metal"}]}, "interview-broken", "i.json: answers[0]"),
    ({"answers": [{"name": "magnet_family", "facts": ["magnet_family"], "value": "Dy"}]}, "unknown-value", "i.json: answers[0] magnet_family"),
    ({"answers": [{"name": "no_such", "facts": [], "value": "1"}]}, "unknown-fact", "i.json: answers[0] no_such"),
    ({"facts": {"form": "magnte"}}, "unknown-value", "form"),
])  # fmt: skip
def test_a_broken_or_foreign_file_is_named_with_its_place(change, expected, place):
    text = change if isinstance(change, str) else json.dumps(talk().to_dict() | change)
    with pytest.raises(KidoError) as refused:
        resumed(text, "i.json", register(), terms())
    assert code(refused) == [expected] and refused.value.problems[0].place == place
