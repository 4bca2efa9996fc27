"""One case: Kleene's tables, bounds of compositions, and thresholds to the last digit."""

from __future__ import annotations

from datetime import date
from itertools import permutations, product
from pathlib import Path

import pytest

from kido.rule import nodes as n
from kido.rule.judge import Components, Facts, below, compared, judge, share_bounds
from kido.rule.parse import Scope, parse
from kido.terms.amounts import LIMIT, Amount, amount, exact
from kido.terms.vocabulary import read_terms

TERMS = read_terms(Path(__file__).resolve().parents[2] / "law" / "terms")
TRUTHS = (True, False, None)
DAY = date(2026, 11, 23)


def rule(text: str, **definitions: n.Node) -> n.Node:
    return parse(text, Scope(TERMS, definitions))


def composition(complete: bool = False, room: str = "", **contents: str | None) -> Components:
    """Contents as written; the room left is given where a test needs it."""
    rows = []
    for symbol, text in contents.items():
        found = amount(text) if text is not None else None
        rows.append({"element": symbol, **({"wt_pct": Amount(found.low, min(found.high, exact(100)), text)} if found else {})})
    rest = None if complete else Amount(0, exact(room or "100"))
    return Components(tuple(rows), rest, frozenset(contents), Amount(exact(100), exact(100)))


def ask(text: str, values: dict | None = None, **components: Components):
    return judge(rule(text), Facts(values or {}, components, DAY, groups=TERMS))


# -- Kleene --------------------------------------------------------------------------------


def kleene_and(a, b):
    return min((a, b), key=lambda t: {False: 0, None: 1, True: 2}[t])


def kleene_or(a, b):
    return max((a, b), key=lambda t: {False: 0, None: 1, True: 2}[t])


@pytest.mark.parametrize(("a", "b"), list(product(TRUTHS, TRUTHS)))
def test_truth_tables(a, b):
    values = {name: truth for name, truth in (("calcined", a), ("coated", b)) if truth is not None}
    assert ask("calcined and coated", values).answer is kleene_and(a, b)
    assert ask("calcined or coated", values).answer is kleene_or(a, b)
    assert ask("not calcined", values).answer is (None if a is None else not a)
    assert ask("not (calcined and coated)", values).answer is ask("not calcined or not coated", values).answer
    assert ask("not (calcined or coated)", values).answer is ask("not calcined and not coated", values).answer


def test_empty_connectives():
    assert judge(n.All(()), Facts()).answer is True
    assert judge(n.Some(()), Facts()).answer is False


@pytest.mark.parametrize(("text", "values", "missing"), [
    ("calcined and coated", {}, ("calcined", "coated")),
    ("calcined and coated", {"calcined": True}, ("coated",)),
    ("calcined and coated", {"calcined": False}, ()),
    ("calcined and coated", {"coated": False}, ()),
    ("calcined or coated", {"calcined": True}, ()),
    ("calcined or coated", {"calcined": False}, ("coated",)),
    ("coated and calcined or cn_origin", {"coated": True}, ("calcined", "cn_origin")),
    ("coated and calcined or cn_origin", {"coated": False}, ("cn_origin",)),
    ("calcined and calcined", {}, ("calcined",)),
    ("not calcined", {}, ("calcined",)),
])  # fmt: skip
def test_missing_names_only_what_can_still_matter(text, values, missing):
    verdict = ask(text, values)
    assert verdict.missing == missing
    assert (verdict.answer is None) is bool(missing)


def test_a_definition_answers_as_its_rule():
    named = rule("leaves and coated", leaves=n.Fact("calcined"))
    assert judge(named, Facts({"calcined": True, "coated": True})).answer is True
    assert judge(named, Facts({"coated": True})).missing == ("calcined",)


# -- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "values", "answer"), [
    ('form == "magnet"', {"form": "magnet"}, True), ('form == "magnet"', {"form": "metal"}, False), ('form == "magnet"', {}, None),
    ('form != "magnet"', {"form": "metal"}, True), ('form != "magnet"', {}, None), ('form in ("magnet", "metal")', {"form": "metal"}, True),
    ("element in rare_earths", {"element": "Dy"}, True), ("element in rare_earths", {"element": "Fe"}, False), ("element in rare_earths", {"element": "mixed"}, False),
    ('"CN" in via', {"via": ("KR", "CN")}, True), ('"CN" in via', {"via": ("KR",)}, False), ('"CN" in via', {"via": ()}, False), ('"CN" in via', {}, None),
    ('"CN" not in via', {"via": ()}, True), ('"CN" not in via', {}, None),
    ("destination in EU", {"destination": "DE"}, True), ("destination in EU", {"destination": "JP"}, False), ("destination in EU", {"destination": "GB"}, False),
    ("known(form)", {"form": "magnet"}, True), ("known(form)", {}, False),
    ('listed(end_user, "cn-control-list")', {}, None),
])  # fmt: skip
def test_worded_facts(text, values, answer):
    assert ask(text, values).answer is answer


def test_false_is_known():
    assert ask("known(calcined)", {"calcined": False}).answer is True


def test_a_group_is_asked_for_the_day():
    eu = rule("destination in EU")
    assert judge(eu, Facts({"destination": "GB"}, {}, date(2020, 1, 31), groups=TERMS)).answer is True
    assert judge(eu, Facts({"destination": "GB"}, {}, date(2020, 2, 1), groups=TERMS)).answer is False


def test_a_dated_group_on_an_unknown_day_is_unknown():
    """GB was a member until 2020: without a day nobody can say."""
    assert judge(rule("destination in EU"), Facts({"destination": "GB"}, groups=TERMS)).answer is None


def test_a_party_is_listed_or_not_or_not_known():
    test = rule('listed(end_user, "cn-control-list")')
    for truth in (True, False):
        assert judge(test, Facts(listings={("end_user", "cn-control-list"): truth})).answer is truth
    assert judge(test, Facts()).missing == ("end_user:cn-control-list",)


@pytest.mark.parametrize(("day", "answer"), [
    (date(2024, 12, 31), False), (date(2025, 1, 1), True), (date(2025, 12, 31), True), (date(2026, 1, 1), False),
])  # fmt: skip
def test_both_days_of_a_span_are_inside(day, answer):
    assert judge(rule('within(on, "2025-01-01", "2025-12-31")'), Facts(on=day)).answer is answer


def test_a_span_without_a_day_is_unknown():
    verdict = judge(rule('within(on, "2025-01-01", "2025-12-31")'), Facts())
    assert (verdict.answer, verdict.missing) == (None, ("on",))


@pytest.mark.parametrize(("code", "prefix", "under"), [
    ("3C001.e", "3C001", True), ("3C001", "3C001", True), ("3C0011", "3C001", False), ("3C001", "3C001.e", False), ("1C902.a.1", "1C902.a", True),
    ("cn-x/2", "cn-x", True), ("3C001", "all", True), ("3C001.ea", "3C001.e", False),
])  # fmt: skip
def test_codes_lie_below_at_dots(code, prefix, under):
    assert below(code, prefix) is under
    assert judge(n.Under(n.Fact("control_code"), (prefix,)), Facts({"control_code": code})).answer is under


def test_a_code_not_known_is_unknown():
    assert ask('under(control_code, "3C001")').answer is None


# -- figures -------------------------------------------------------------------------------


@pytest.mark.parametrize(("stated", "op", "limit", "answer"), [
    ("0.1", ">=", "0.1", True), ("0.099999999999", ">=", "0.1", False), ("0.1", ">", "0.1", False), ("0.100000000001", ">", "0.1", True),
    ("0.1", "<", "0.1", False), ("0.1", "<=", "0.1", True), ("0.1", "==", "0.1", True), ("0.1", "!=", "0.1", False), ("0.10", "==", "0.1", True),
    ("<0.1", ">=", "0.1", False), ("<0.1", "<", "0.1", True), ("<=0.1", ">=", "0.1", None), ("<=0.1", ">", "0.1", False), (">0.1", ">=", "0.1", True),
    (">0.1", ">", "0.1", True), (">=0.1", ">", "0.1", None), (">=0.1", ">=", "0.1", True), (">0.05", ">=", "0.1", None), ("0.05..0.2", ">=", "0.1", None),
    ("0.05..0.2", "<=", "0.2", True), ("0.05..0.2", ">", "0.2", False), ("0.05..0.2", "==", "0.3", False), ("0.05..0.2", "!=", "0.3", True),
    ("0.05..0.2", "==", "0.1", None), ("0.05..0.2", "!=", "0.1", None), ("present", ">", "0", True), ("present", ">=", "0.1", None),
    ("present", "==", "0", False), ("0", ">", "0", False),
])  # fmt: skip
def test_thresholds(stated, op, limit, answer):
    """Below false, above true, between unknown; an open bound leaves its point out."""
    assert ask(f"density_g_cm3 {op} {limit}", {"density_g_cm3": amount(stated)}).answer is answer


@pytest.mark.parametrize(("left", "op", "right", "answer"), [
    ((1, 2), "<", (3, 4), True), ((1, 3), "<", (3, 4), None), ((3, 4), "<", (1, 3), False), ((1, 3), "<=", (3, 4), True), ((4, 5), "<=", (3, 3), False),
    ((1, 2), "==", (3, 4), False), ((3, 3), "==", (3, 3), True), ((1, 3), "==", (3, 3), None), ((1, 3), "!=", (4, 5), True), ((3, 3), "!=", (3, 3), False),
])  # fmt: skip
def test_two_bounded_figures(left, op, right, answer):
    assert compared(left, op, right) is answer
    mirrored = {"<": ">", "<=": ">=", "==": "==", "!=": "!="}[op]
    assert compared(right, mirrored, left) is answer


def test_bounds_agree_with_trying_every_value():
    """Every pair of small spans, every sign: true or false only if all values say so."""
    import operator

    signs = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}
    spans = [(a, b) for a in range(4) for b in range(a, 4)]
    for left, right in product(spans, spans):
        for sign, test in signs.items():
            said = {test(x, y) for x in range(left[0], left[1] + 1) for y in range(right[0], right[1] + 1)}
            assert compared(left, sign, right) is (said.pop() if len(said) == 1 else None), (left, sign, right)


@pytest.mark.parametrize(
    ("value", "answer"),
    [("4.9", False), ("5", True), ("6.999", True), ("7", False), ("4..8", None), ("5..6", True), ("8..9", False), ("<5", False)],
)
def test_chain(value, answer):
    assert ask("5 <= density_g_cm3 < 7", {"density_g_cm3": amount(value)}).answer is answer


@pytest.mark.parametrize(("text", "answer"), [
    ("2 * density_g_cm3 >= 3", True), ("2 * density_g_cm3 > 3", False), ("0.5 * density_g_cm3 == 0.75", True), ("density_g_cm3 * 2 < 3.000000000001", True),
    ("density_g_cm3 + grain_size_um == 4", True), ("density_g_cm3 + 2.5 >= 4", True), ("2 * (density_g_cm3 + grain_size_um) == 8", True),
    ("0 * density_g_cm3 == 0", True), ("grain_size_um > 1.6 * density_g_cm3", True), ("grain_size_um > 1.7 * density_g_cm3", False),
])  # fmt: skip
def test_arithmetic(text, answer):
    assert ask(text, {"density_g_cm3": amount("1.5"), "grain_size_um": amount("2.5")}).answer is answer


def test_a_sum_with_an_unknown_part_is_unknown():
    verdict = ask("density_g_cm3 + grain_size_um > 1", {"density_g_cm3": amount("5")})
    assert (verdict.answer, verdict.missing) == (None, ("grain_size_um",))


def test_products_are_rounded_outwards():
    """A third of 10^-12 lies between 0 and 10^-12: a threshold there is not decided."""
    value = {"density_g_cm3": Amount(1, 1)}
    third = n.Times(n.Const(exact("0.333333333333")), n.Fact("density_g_cm3"))

    def test(op, limit):
        return judge(n.Compare(third, op, n.Const(limit)), Facts(value)).answer

    assert test(">=", 0) is True and test("<=", 1) is True
    assert test(">", 1) is False and test("<", 0) is False
    assert test(">", 0) is None and test("<", 1) is None


@pytest.mark.parametrize(("part", "whole", "low", "high"), [
    ((1, 1), (3, 3), 33_333_333_333_333, 33_333_333_333_334), ((1, 1), (4, 4), 25 * 10**12, 25 * 10**12), ((0, 0), (4, 4), 0, 0),
    ((1, 2), (2, 4), 25 * 10**12, 100 * 10**12), ((1, 1), (0, 4), 25 * 10**12, LIMIT),
])  # fmt: skip
def test_shares_are_rounded_outwards(part, whole, low, high):
    assert share_bounds(part, Amount(*whole)) == (low, high)


# -- compositions --------------------------------------------------------------------------


@pytest.mark.parametrize(("parts", "complete", "text", "answer"), [
    ({"Dy": "2.5"}, False, "dy_wt_pct > 0", True), ({"Dy": "0"}, False, "dy_wt_pct > 0", False), ({"Dy": "present"}, False, "dy_wt_pct > 0", True),
    ({"Dy": "present"}, False, "dy_wt_pct >= 0.1", None), ({"Dy": "<0.1"}, False, "dy_wt_pct > 0", None), ({"Dy": "<0.1"}, False, "dy_wt_pct >= 0.1", False),
    ({"Dy": "0.05..0.5"}, False, "dy_wt_pct >= 0.1", None), ({"Dy": "0.1..0.5"}, False, "dy_wt_pct >= 0.1", True), ({"Dy": None}, False, "dy_wt_pct > 0", None),
    ({"Fe": "66"}, False, "dy_wt_pct > 0", None), ({"Fe": "66"}, True, "dy_wt_pct > 0", False), ({}, False, "dy_wt_pct > 0", None), ({}, True, "dy_wt_pct > 0", False),
    ({"Dy": "1", "Tb": "2"}, False, "dy_wt_pct + tb_wt_pct >= 3", True), ({"Dy": "1", "Tb": "2"}, False, "dy_wt_pct + tb_wt_pct > 3", False),
    ({"Dy": "1", "Tb": None}, False, "dy_wt_pct + tb_wt_pct > 3", None), ({"Dy": "4", "Tb": None}, False, "dy_wt_pct + tb_wt_pct > 3", True),
    ({"Nd": "30", "Dy": "2"}, True, "sum(composition, wt_pct, element in rare_earths) == 32", True),
    ({"Nd": "30", "Dy": "2"}, False, "sum(composition, wt_pct, element in rare_earths) == 32", None),
    ({"Nd": "30", "Dy": "2"}, False, "sum(composition, wt_pct, element in rare_earths) >= 32", True),
    ({"Nd": "30", "Fe": "65"}, False, "any(composition, element in rare_earths)", True),
    ({"Fe": "65"}, False, "any(composition, element in rare_earths)", None), ({"Fe": "65"}, True, "any(composition, element in rare_earths)", False),
    ({"Fe": "65"}, False, 'any(composition, element == "Fe" and wt_pct > 65)', False),
    ({"Fe": "60..70"}, False, 'any(composition, element == "Fe" and wt_pct > 65)', None),
    ({"Fe": "65", "Nd": None}, True, "any(composition, wt_pct > 50)", True), ({"Fe": "45", "Nd": None}, True, "any(composition, wt_pct > 50)", None),
    ({"Fe": "65"}, True, "any(composition, not element == \"Fe\")", False), ({"Fe": "65"}, False, "any(composition, element != \"Fe\")", None),
    ({"Fe": "65", "Dy": None}, True, "any(composition, element == \"Dy\" and known(wt_pct))", False),
    ({"Fe": "66", "Nd": "30"}, True, "share(composition, wt_pct, element == \"Nd\") == 30", True),
])  # fmt: skip
def test_compositions(parts, complete, text, answer):
    assert ask(text, composition=composition(complete, **parts)).answer is answer


def test_what_is_left_out_is_bounded_by_the_room():
    """Nd 30, Fe 68, B 1: an unlisted element has 1 % at most."""
    known = composition(room="1", Nd="30", Fe="68", B="1")
    assert ask("dy_wt_pct > 1", composition=known).answer is False
    assert ask("dy_wt_pct >= 1", composition=known).answer is None
    assert ask("dy_wt_pct > 0", composition=known).answer is None
    assert ask("any(composition, wt_pct > 1 and wt_pct < 30)", composition=known).answer is False
    assert ask("sum(composition, wt_pct, element in rare_earths) > 31", composition=known).answer is False
    assert ask("sum(composition, wt_pct, element in rare_earths) >= 31", composition=known).answer is None


def test_a_listed_element_is_not_among_the_unlisted():
    known = composition(room="50", Dy="1")
    assert ask("dy_wt_pct <= 1", composition=known).answer is True
    assert ask('any(composition, element == "Dy" and wt_pct > 1)', composition=known).answer is False


def test_nothing_stated_is_unknown_and_not_zero():
    for text in (
        "dy_wt_pct > 0",
        "dy_wt_pct == 0",
        'any(inputs, origin == "CN")',
        'share(inputs, value, origin == "CN") > 25',
        'sum(inputs, value, origin == "CN") == 0',
    ):
        assert ask(text).answer is None, text


def test_the_trap_of_sums_that_forget():
    """One unknown value must not look like nothing: below de minimis by forgetting."""
    inputs = Components(({"origin": "CN"}, {"origin": "JP", "value": amount("900")}), None, frozenset(), amount("1000"))
    assert ask('share(inputs, value, origin == "CN") < 25', inputs=inputs).answer is None


def shares(*rows: tuple[str | None, str | None], whole: str = "1000", rest: str | None = None) -> Components:
    return Components(
        tuple({**({"origin": place} if place else {}), **({"value": amount(value)} if value else {})} for place, value in rows),
        None if rest is None else Amount(0, exact(rest)), frozenset(), amount(whole),
    )  # fmt: skip


@pytest.mark.parametrize(("rows", "rest", "answer"), [
    ([("CN", "250"), ("JP", "750")], None, True), ([("CN", "249.999999999"), ("JP", "750")], None, False), ([("CN", "250"), (None, "750")], None, True),
    ([("CN", "200"), (None, "49")], None, False), ([("CN", "200"), (None, "50")], None, None), ([("CN", "200")], "49", False), ([("CN", "200")], "50", None),
    ([("CN", "250")], "750", True), ([("CN", "200..300")], None, None), ([("CN", None)], None, None), ([("JP", None)], None, False), ([], "1000", None), ([], None, False),
])  # fmt: skip
def test_shares_of_value(rows, rest, answer):
    assert ask('share(inputs, value, origin == "CN") >= 25', inputs=shares(*rows, rest=rest)).answer is answer


def test_a_share_of_an_unknown_whole_is_unknown_but_for_its_lower_bound():
    inputs = Components(({"origin": "CN", "value": amount("300")},), None, frozenset(), Amount(exact(500), exact(1000)))
    assert ask('share(inputs, value, origin == "CN") >= 30', inputs=inputs).answer is True
    assert ask('share(inputs, value, origin == "CN") > 60', inputs=inputs).answer is False
    assert ask('share(inputs, value, origin == "CN") >= 40', inputs=inputs).answer is None


def test_nothing_from_there_is_a_share_of_nothing_whatever_the_whole():
    """No Chinese input in a complete list: asking for the value of the goods cannot change that."""
    inputs = Components(({"origin": "JP", "value": amount("300")},), None)
    assert ask('share(inputs, value, origin == "CN") >= 25', inputs=inputs).answer is False


def test_a_group_of_places_works_inside_a_component():
    inputs = shares(("DE", "500"), ("JP", "500"))
    assert ask("share(inputs, value, origin in EU) == 50", inputs=inputs).answer is True
    assert ask("any(inputs, origin in EU)", inputs=inputs).answer is True
    assert ask("any(inputs, origin in EU)", inputs=shares(("JP", "500"))).answer is False


def test_the_order_of_components_does_not_matter():
    rows = [{"element": symbol, "wt_pct": amount(text)} for symbol, text in (("Dy", "0.1"), ("Tb", "0.2"), ("Ho", "0.3"), ("Er", "<0.7"))]
    limit = rule("sum(composition, wt_pct, element in rare_earths) >= 0.6")
    below_ = rule("sum(composition, wt_pct, element in rare_earths) < 1.3")
    for order in permutations(rows):
        facts = Facts({}, {"composition": Components(tuple(order))})
        assert judge(limit, facts).answer is True and judge(below_, facts).answer is True


# -- reasons -------------------------------------------------------------------------------


def test_the_reason_is_parallel_to_the_rule():
    tree = rule('form == "magnet" and (dy_wt_pct > 0 or tb_wt_pct > 0)')
    because = judge(tree, Facts({"form": "magnet"}, {"composition": composition(Dy="0", Tb=None)})).because
    assert because.node is tree and because.answer is None
    assert [part.node for part in because.parts] == list(tree.parts)
    assert [part.answer for part in because.parts[1].parts] == [False, None]
    assert because.missing == ("tb_wt_pct",)


def test_known_of_contents_is_refused():
    """A content is never simply known or not; a threshold says what is asked."""
    from kido.errors import KidoError

    with pytest.raises(KidoError) as error:
        rule("known(dy_wt_pct)")
    assert [problem.code for problem in error.value.problems] == ["known-of-contents"]


def test_the_day_is_known_when_it_is_known():
    assert judge(rule("known(on)"), Facts(on=DAY)).answer is True
    assert judge(rule("known(on)"), Facts()).answer is False
