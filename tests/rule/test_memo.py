"""Verdicts that are kept are the ones a new judgement gives: answer, reasons and missing facts."""

import random
from datetime import date, timedelta

from kido.decide.transaction import read_transaction
from kido.errors import KidoError
from kido.register.cases import read_cases
from kido.register.store import register, terms
from kido.rule.judge import Facts, judge
from kido.rule.memo import reads, remembered
from kido.rule.parse import Scope, parse
from kido.terms.amounts import amount
from kido.terms.ground import ground

RULES = [item.when for act in register().instruments.values() for item in act.items if item.when is not None]


def facts_of_cases(count: int) -> list[Facts]:
    """Facts of golden cases in random order, and of two cases that share most: one content changed a little."""
    chosen = random.Random(20261124).sample(read_cases(ground("cases"), register().instruments), count)
    found = []
    for case in chosen:
        try:
            found.append(read_transaction(case.facts, terms(), case.on).facts)
        except KidoError:
            continue
    return found


def test_every_entry_on_many_cases_in_one_store():
    kept: dict = {}
    for facts in facts_of_cases(120):
        for rule in RULES:
            assert remembered(rule, facts, kept, lambda rule=rule, facts=facts: judge(rule, facts).because) == judge(rule, facts).because
    assert len(kept) > 1_000


def test_both_sides_of_a_threshold_are_two_verdicts():
    rule = parse('form == "metal" and purity_pct >= 99.99 and dy_wt_pct > 0.1', Scope(terms()))
    kept: dict = {}
    answers = []
    for purity, dysprosium in (("99.99", "0.1"), ("99.99", "0.100000000001"), ("99.98", "1"), (">= 99.99", "1"), (">= 99.98", "1")):
        facts = read_transaction(
            {"form": "metal", "purity_pct": purity, "composition": {"Dy": dysprosium}, "composition_complete": True}, terms()
        ).facts
        answers.append(remembered(rule, facts, kept, lambda facts=facts: judge(rule, facts).because).answer)
    assert answers == [False, True, False, True, None] and len(kept) == 5


def test_a_dated_group_makes_the_day_part_of_the_key():
    """Group A of Japan changes with the years: the same place on two days is two verdicts."""
    group = next(
        name
        for name, spans in ((name, terms().spans(name)) for name in terms().place_groups)
        if any(span.start > date.min for span in spans)
    )
    span = next(span for span in terms().spans(group) if span.start > date.min)
    rule = parse(f"destination in {group}", Scope(terms()))
    kept: dict = {}
    days = (span.start - timedelta(days=1), span.start)
    answers = [
        remembered(
            rule,
            Facts({"destination": span.code}, on=day, groups=terms()),
            kept,
            lambda day=day: judge(rule, Facts({"destination": span.code}, on=day, groups=terms())).because,
        ).answer
        for day in days
    ]
    assert reads(rule).dated and len(kept) == 2 and answers[1] is True


def test_rules_on_components_are_never_kept():
    rule = parse('any(inputs, origin == "CN")', Scope(terms()))
    assert reads(rule) is None
    kept: dict = {}
    remembered(rule, Facts({"purity_pct": amount("1")}), kept, lambda: "new")
    assert not kept
