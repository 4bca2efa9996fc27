"""The rule language: what it reads, and how it refuses the rest, with code, column and suggestion."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import pytest

from kido.errors import KidoError
from kido.rule import nodes as n
from kido.rule.parse import Scope, parse
from kido.terms.vocabulary import read_terms

TERMS = read_terms(Path(__file__).resolve().parents[2] / "law" / "terms")
ONE = 10**12


def read(text: str, **definitions: n.Node) -> n.Node:
    return parse(text, Scope(TERMS, definitions))


FORM = n.OneOf(n.Fact("form"), ("magnet",))
CALCINED = n.Fact("calcined")
PURITY = n.Fact("purity_pct")


def content(symbol: str) -> n.Sum:
    return n.Sum("composition", "wt_pct", n.OneOf(n.Fact("element"), (symbol,)))


@pytest.mark.parametrize(("text", "tree"), [
    ("calcined", CALCINED),
    ("not calcined", n.Not(CALCINED)),
    ('form == "magnet"', FORM),
    ('"magnet" == form', FORM),
    ('form != "magnet"', n.Not(FORM)),
    ('form in ("magnet", "metal")', n.OneOf(n.Fact("form"), ("magnet", "metal"))),
    ('form in ["magnet"]', FORM),
    ('form not in ("magnet",)', n.Not(FORM)),
    ('"CN" in via', n.OneOf(n.Fact("via"), ("CN",))),
    ('"CN" not in via', n.Not(n.OneOf(n.Fact("via"), ("CN",)))),
    ("purity_pct >= 99.99", n.Compare(PURITY, ">=", n.Const(9999 * 10**10, "99.99"))),
    ("99.99 <= purity_pct", n.Compare(PURITY, ">=", n.Const(9999 * 10**10, "99.99"))),
    ("5 > purity_pct", n.Compare(PURITY, "<", n.Const(5 * ONE, "5"))),
    ("5 == purity_pct", n.Compare(PURITY, "==", n.Const(5 * ONE, "5"))),
    ("purity_pct != 5", n.Compare(PURITY, "!=", n.Const(5 * ONE, "5"))),
    ("purity_pct > -5", n.Compare(PURITY, ">", n.Const(-5 * ONE, "-5"))),
    ("tube_length_mm < tube_wall_mm", n.Compare(n.Fact("tube_length_mm"), "<", n.Fact("tube_wall_mm"))),
    ("dy_wt_pct > 0", n.Compare(content("Dy"), ">", n.Const(0, "0"))),
    ("pa_wt_pct > 0", n.Compare(content("Pa"), ">", n.Const(0, "0"))),
    ("2 * purity_pct > 5", n.Compare(n.Times(n.Const(2 * ONE, "2"), PURITY), ">", n.Const(5 * ONE, "5"))),
    ("purity_pct * 2 > 5", n.Compare(n.Times(n.Const(2 * ONE, "2"), PURITY), ">", n.Const(5 * ONE, "5"))),
    ("tb_wt_pct + dy_wt_pct >= 0.1", n.Compare(n.Plus(content("Tb"), content("Dy")), ">=", n.Const(ONE // 10, "0.1"))),
    ("known(form)", n.Known(n.Fact("form"))),
    ('under(control_code, "3C001", "3C002")', n.Under(n.Fact("control_code"), ("3C001", "3C002"))),
    ('within(on, "2025-01-01", "2025-12-31")', n.Within(n.Fact("on"), date(2025, 1, 1), date(2025, 12, 31))),
    ('listed(end_user, "cn-control-list")', n.Listed("end_user", "cn-control-list")),
    ('any(composition, element == "Dy")', n.Any("composition", n.OneOf(n.Fact("element"), ("Dy",)))),
    ('share(inputs, value, origin == "CN") >= 25',
     n.Compare(n.Share("inputs", "value", n.OneOf(n.Fact("origin"), ("CN",))), ">=", n.Const(25 * ONE, "25"))),
    ("sum(composition, wt_pct, wt_pct > 1) < 5",
     n.Compare(n.Sum("composition", "wt_pct", n.Compare(n.Fact("wt_pct"), ">", n.Const(ONE, "1"))), "<", n.Const(5 * ONE, "5"))),
    ("purity_pct in (1, 2)", n.Some((n.Compare(PURITY, "==", n.Const(ONE, "1")), n.Compare(PURITY, "==", n.Const(2 * ONE, "2"))))),
])  # fmt: skip
def test_grammar(text, tree):
    assert read(text) == tree


def test_chain_is_all_of_its_pairs():
    assert read("5 <= purity_pct < 7") == n.All((
        n.Compare(PURITY, ">=", n.Const(5 * ONE, "5")), n.Compare(PURITY, "<", n.Const(7 * ONE, "7")),
    ))  # fmt: skip


def test_and_binds_closer_than_or_and_not_closest():
    assert read('not calcined and coated or form == "magnet"') == n.Some((n.All((n.Not(CALCINED), n.Fact("coated"))), FORM))
    assert read("calcined and (coated or not cn_origin)") == n.All((CALCINED, n.Some((n.Fact("coated"), n.Not(n.Fact("cn_origin"))))))


def test_a_group_of_elements_is_opened_and_a_group_of_places_is_dated():
    rare = read("element in rare_earths")
    assert rare.group == "rare_earths" and len(rare.values) == 17 and rare.values == tuple(sorted(rare.values))
    assert read("destination in EU") == n.OneOf(n.Fact("destination"), (), "EU")


def test_a_definition_is_named():
    assert read("leaves and coated", leaves=CALCINED) == n.All((n.Named("leaves", CALCINED), n.Fact("coated")))


def test_inside_a_component_its_own_fields_win():
    tree = read('any(inputs, form == "magnet" and element == "Dy") and form == "assembly"')
    assert [type(part) for part in tree.parts] == [n.Any, n.OneOf]


def test_the_tree_is_frozen_and_hashable():
    tree = read('form == "magnet" and dy_wt_pct > 0')
    assert hash(tree) == hash(read('form == "magnet"   and dy_wt_pct > 0'))
    with pytest.raises((AttributeError, TypeError)):
        tree.parts = ()


def test_walk_meets_every_node_once_depth_first():
    tree = read("not (calcined and purity_pct > 2 * tube_wall_mm)")
    assert [type(node).__name__ for node in n.walk(tree)] == ["Not", "All", "Fact", "Compare", "Fact", "Times", "Fact"]


def test_columns_of_nodes_are_remembered():
    text = "calcined and (coated or purity_pct > 5)"
    tree = read(text)
    named = {node.name: node.at for node in n.walk(tree) if isinstance(node, n.Fact)}
    assert named == {name: text.index(name) for name in ("calcined", "coated", "purity_pct")}


# -- refusals ------------------------------------------------------------------------------

REFUSED = [
    # text, code, where the wrong word stands (its first character), read, near
    ("form ==", "rule-syntax", None, None, None),
    ("form = \"magnet\"", "rule-syntax", None, None, None),
    ("(calcined", "rule-syntax", None, None, None),
    ("", "rule-syntax", None, None, None),
    ("calcined and 1", "rule-form", "1", "1", None),
    ("calcined and True", "rule-form", "True", "True", None),
    ("calcined if coated else cn_origin", "rule-form", "calcined", None, None),
    ("calcined and lambda: 1", "rule-syntax", None, None, None),
    ("purity_pct is 5", "rule-form", "purity_pct", "purity_pct", None),
    ('form[0] == "x"', "rule-form", "form[0]", "form[0]", None),
    ('form in "magnet"', "rule-form", '"magnet"', '"magnet"', None),
    ("calcined and grian_size_um < 50", "unknown-fact", "grian_size_um", "grian_size_um", "grain_size_um"),
    ("calcined and calcinde", "unknown-fact", "calcinde", "calcinde", "calcined"),
    ('fomr == "magnet"', "unknown-fact", "fomr", "fomr", "form"),
    ("known(fomr)", "unknown-fact", "fomr", "fomr", "form"),
    ('under(contol_code, "1")', "unknown-fact", "contol_code", "contol_code", "control_code"),
    ("xx_wt_pct > 1", "unknown-fact", "xx_wt_pct", "xx_wt_pct", None),
    ("calcined and form", "not-yes-or-no", "form", "form", None),
    ("not purity_pct", "not-yes-or-no", "purity_pct", "purity_pct", None),
    ("any(composition, calcined)", "fact-outside-component", "calcined", "calcined", None),
    ('any(composition, origin == "CN")', "fact-outside-component", "origin", "origin", None),
    ('any(inputs, destination == "CN")', "fact-outside-component", "destination", "destination", None),
    ("any(composition, dy_wt_pct > 1)", "fact-outside-component", "dy_wt_pct", "dy_wt_pct", None),
    ('form < "magnet"', "words-are-not-ordered", "form", "form", None),
    ('"magnet" >= form', "words-are-not-ordered", "form", "form", None),
    ("element in rare_earth", "unknown-group", "rare_earth", "rare_earth", "rare_earths"),
    ("destination in EUU", "unknown-group", "EUU", "EUU", "EU"),
    ('purity_pct == "high"', "not-worded", "purity_pct", "purity_pct", None),
    ('calcined == "yes"', "not-worded", "calcined", "calcined", None),
    ('form == "magnte"', "unknown-value", '"magnte"', "magnte", "magnet"),
    ('element == "Dx"', "unknown-value", '"Dx"', "Dx", None),
    ('form in ("metal", "magnte")', "unknown-value", '"magnte"', "magnte", "magnet"),
    ('"C" in via', "unknown-value", '"C"', "C", None),
    ('destination == "Japan"', "unknown-value", '"Japan"', "Japan", None),
    ('within(on, "2025-02-30", "2025-12-31")', "not-a-date", '"2025-02-30"', None, None),
    ('within(on, "2026-01-01", "2025-12-31")', "not-a-date", '"2026-01-01"', None, None),
    ("anny(composition, wt_pct > 1)", "unknown-function", "anny", "anny", "any"),
    ("calcined and nown(form)", "unknown-function", "nown", "nown", "known"),
    ("known(form, coated)", "function-arguments", "known", None, None),
    ("known()", "function-arguments", "known", None, None),
    ("under(control_code)", "function-arguments", "under", None, None),
    ("under(control_code, 3)", "function-arguments", "under", None, None),
    ("any(composition)", "function-arguments", "any", None, None),
    ('within(on, "2025-01-01")', "function-arguments", "within", None, None),
    ("listed(end_user)", "function-arguments", "listed", None, None),
    ("any(compositon, wt_pct > 1)", "unknown-collection", "compositon", "compositon", "composition"),
    ('any(composition, any(inputs, origin == "CN"))', "nested-component-test", 'origin == "CN"', None, None),
    ("purity_pct * tube_wall_mm > 5", "times-needs-a-figure", "purity_pct", None, None),
    ("-2 * purity_pct > 5", "times-needs-a-figure", "-2", None, None),
    ("purity_pct - 1 > 5", "not-a-figure", "purity_pct - 1", "purity_pct - 1", None),
    ("purity_pct / 2 > 5", "not-a-figure", "purity_pct / 2", None, None),
    ("purity_pct ** 2 > 5", "not-a-figure", "purity_pct ** 2", None, None),
    ("purity_pct > True", "not-a-figure", "True", "True", None),
    ("form > 5", "not-a-number-fact", "form", "form", None),
    ("calcined == 1", "not-a-number-fact", "calcined", "calcined", None),
    ("purity_pct > 0.0000000000001", "too-fine", "0.0000000000001", "0.0000000000001", None),
    ("purity_pct > 1e13", "too-large", "1e13", "1e13", None),
    ("sum(inputs, wt_pct, element == \"Dy\") > 1", "unknown-fact", None, "wt_pct", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "at", "word", "near"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused_with_code_column_and_suggestion(text, code, at, word, near):
    with pytest.raises(KidoError) as error:
        read(text)
    problems = [p for p in error.value.problems if p.code == code]
    assert problems, error.value
    first = problems[0]
    if at is not None:
        assert first.place == f"rule:{text.index(at) + 1}"
    if word is not None:
        assert first.read == word
    if near is not None:
        assert first.values["near"] == near
        assert near in first.wrong("ja") and near in first.wrong("en")
    for lang in ("ja", "en"):
        assert first.wrong(lang) and first.do(lang)


def test_every_problem_is_reported_at_once():
    text = 'fomr == "magnet" and grian_size_um < 5 and form == "magnte" and element in rare_earth'
    with pytest.raises(KidoError) as error:
        read(text)
    found = {(p.code, p.place) for p in error.value.problems}
    wanted = [("unknown-fact", "fomr"), ("unknown-fact", "grian_size_um"), ("unknown-value", '"magnte"'), ("unknown-group", "rare_earth")]
    assert found >= {(code, f"rule:{text.rindex(word) + 1}") for code, word in wanted}


def test_columns_count_characters_and_not_bytes():
    text = 'name == "ネオジム焼結磁石" and grian_size_um < 5'
    with pytest.raises(KidoError) as error:
        read(text)
    assert error.value.problems[0].place == f"rule:{text.index('grian') + 1}"
    marks = error.value.problems[0].snippet.splitlines()
    assert marks[1].index("^") == marks[0].index("grian") and marks[1].count("^") == len("grian_size_um")


# each of these must be a KidoError, never a crash and never read as something
NEVER_READ = {
    "purity_pct > 0x10": "a figure in base 16",
    "purity_pct > 0b11": "a figure in base 2",
    "purity_pct > - 5": "a sign apart from its figure: refused or read as -5",
    "purity_pct > 1e9999999": "too large",
    "1 in via": "a figure is no place",
    "1 in form": "a figure is no form",
    'within(form, "2025-01-01", "2025-12-31")': "form is no date",
    'under(purity_pct, "1")': "purity is no code",
    "purity_pct in rare_earths": "purity is no element",
    "calcined in EU": "a yes-or-no fact is no place",
    "form in rare_earths": "form is no element",
    'any(composition, under(element, "Dy"))': "no component test",
    'any(inputs, within(name, "2025-01-01", "2025-12-31"))': "no component test",
    'any(inputs, listed(end_user, "x"))': "no component test",
    'listed(end_usr, "cn-control-list")': "a misspelt fact",
    "known(form, x=1)": "keywords are no part of the language",
    "any(composition, wt_pct > 1, default=calcined)": "keywords are no part of the language",
}


@pytest.mark.parametrize("text", NEVER_READ, ids=list(NEVER_READ))
def test_never_read(text):
    if text == "purity_pct > - 5":
        with contextlib.suppress(KidoError):
            assert read(text).right.value == -5 * ONE
        return
    with pytest.raises(KidoError):
        read(text)


@pytest.mark.parametrize(
    "text", ["any(composition, 2 * wt_pct > 5)", "sum(composition, wt_pct, wt_pct + wt_pct > 5) > 1", "any(inputs, value * 2 > 5)"]
)
def test_arithmetic_inside_a_component_is_refused_or_can_be_judged(text):
    from kido.rule.judge import Components, Facts, judge
    from kido.terms.amounts import amount

    try:
        rule = read(text)
    except KidoError:
        return
    rows = ({"element": "Dy", "wt_pct": amount("3")},)
    parts = {"composition": Components(rows), "inputs": Components(({"value": amount("3")},), whole=amount("10"))}
    assert judge(rule, Facts({}, parts)).answer is True


def test_a_definition_over_facts_is_refused_inside_a_component():
    leaves = n.OneOf(n.Fact("exported_from"), ("CN",))
    with pytest.raises(KidoError) as error:
        read("any(inputs, leaves)", leaves=leaves)
    assert error.value.problems[0].code == "fact-outside-component"


@pytest.mark.parametrize("text", ['form == "magnet" and\ncalcined', "calcined and\n  (coated\n   or cn_origin)"])
def test_a_rule_may_run_over_lines(text):
    """YAML's | keeps line breaks."""
    assert read(text) == read(" ".join(text.split()))
