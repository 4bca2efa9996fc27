"""The 50 % rules, on both sides of every share and day. Listed names: TDK (cn-watch-list, 2026), Hikvision (us-entity-list)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kido.errors import KidoError
from kido.register.store import register
from kido.screen.holdings import WHOLE, Holding, Owned, chart, held
from kido.screen.lists import lists
from kido.screen.ownership import ownership
from kido.terms.amounts import Amount, amount, exact

ON = min(one.edition for one in lists() if one.id in ("cn-control-list", "cn-watch-list", "us-entity-list", "us-meu", "us-sdn"))
CN, US = "Illumina, Inc.", "Hangzhou Hikvision Digital Technology Co., Ltd."
NOBODY = "Zqxwk Vbrplm GmbH"


def of(name: str, share: str | None, *owners: Holding, complete: bool = True) -> Holding:
    return Holding(Owned(name, owners, complete), amount(share) if share else None)


def party(*owners: Holding, complete: bool = True) -> Owned:
    return Owned("Party Co., Ltd.", owners, complete)


def found(rule: str, owned: Owned, on: date = ON):
    return next(one for one in ownership(owned, on, register()) if one.rule.id == rule)


@pytest.mark.parametrize(
    ("share", "rest", "reached"),
    [("50", "50", True), ("49.99", "50.01", False), ("49.999999", "50.000001", False), ("100", None, True), (">=50", None, True), ("40..60", None, None),
     (None, None, None), ("49.99", None, None)],
)  # fmt: skip
def test_one_listed_owner(share, rest, reached):
    """Exactly 50 % reaches it, a hair less does not where the rest is known to be another's, and stays open where it is not."""
    owners = [of(US, share)] + ([of(NOBODY, rest)] if rest else [])
    assert found("us-bis-50", party(*owners, complete=rest is not None or share == "100")).reached is reached


def test_shares_of_several_are_added_up_for_the_us_and_open_for_china():
    thirty_twenty = party(of(US, "30"), of("Huawei Technologies Co., Ltd.", "20"), of(NOBODY, "50"))
    assert found("us-bis-50", thirty_twenty).reached is True
    assert found("us-bis-50", party(of(US, "30"), of("Huawei Technologies Co., Ltd.", "19.9"), of(NOBODY, "50.1"))).reached is False
    listed = [
        entry
        for one in lists()
        if one.id == "cn-control-list"
        for entry in one
        if entry.standing(ON) == "listed" and entry.names[0].lang == "zh"
    ][:40:20]
    two = party(of(listed[0].names[0].text, "30"), of(listed[1].names[0].text, "20"), of(NOBODY, "50"))
    assert found("cn-50", two).reached is None  # No. 61 does not say whether shares are added up
    assert found("cn-50", party(of(listed[0].names[0].text, "50"), of(NOBODY, "50"))).reached is True


def test_a_chain_counts_in_full_where_half_is_held():
    """60 % of an owner of 50 %: the owner counts as listed itself (as OFAC's guidance of 2014-08-13 counts); 40 % of it may count or not."""
    middle = of("Middle Holdings", "50", of(US, "60"), of(NOBODY, "40"))
    assert found("us-bis-50", party(middle, of(NOBODY + " Two", "50"))).reached is True
    low = of("Middle Holdings", "100", of(US, "40"), of(NOBODY, "60"))
    assert found("us-bis-50", party(low)).reached is False
    assert found("us-bis-50", party(low)).share[1] == exact(40)


def test_what_nobody_stated_is_never_a_no():
    assert found("us-bis-50", party(of(NOBODY, "60"), complete=False)).reached is False  # others can hold 40 at most
    for owned in (
        party(complete=False),
        party(of(NOBODY, "50"), complete=False),
        party(of(NOBODY, "60", complete=False), of(NOBODY + " Two", "40")),
    ):
        one = found("us-bis-50", owned)
        assert one.reached is None and one.open
    assert found("us-bis-50", party(of(NOBODY, "60"), of(NOBODY + " Two", "40"))).reached is False
    assert found("us-bis-50", party()).reached is False  # nobody owns it
    assert found("us-bis-50", party(of(NOBODY, "40"))).reached is None  # called complete, and yet 60 % are nobody's


def test_a_name_that_only_looks_listed_keeps_it_open():
    assert found("us-bis-50", party(of("Hangzou Hikvison Digital Technology", "60"), of(NOBODY, "40"))).reached is None


def test_an_old_list_keeps_it_open():
    late = date(2027, 6, 1)
    assert found("us-bis-50", party(of(NOBODY, "100")), late).reached is None


@pytest.mark.parametrize(
    ("on", "standing", "counts"),
    [("2025-09-28", "not_yet", False), ("2025-09-29", "in_force", None), ("2025-11-09", "in_force", None), ("2025-11-10", "suspended", False),
     ("2026-11-09", "suspended", False), ("2026-11-10", "unknown", None)],
)  # fmt: skip
def test_the_affiliates_rule_on_its_days(on, standing, counts):
    """In force from 2025-09-29, suspended from 2025-11-10 to 2026-11-09, unknown after (law/us/2025/bis-affiliates.yaml)."""
    one = found("us-bis-50", party(of(US, "60"), of(NOBODY, "40")), date.fromisoformat(on))
    assert one.standing == standing
    assert one.counts is counts  # on days before the edition the listing of the owner itself is unknown


def test_contradictions_are_told_together():
    owned = party(of("A Co", "120"), of("B Co", "60"), of("B Co", "60"), complete=False)
    with pytest.raises(KidoError) as error:
        ownership(owned, ON, register())
    assert {problem.code for problem in error.value.problems} >= {"owner-share", "owner-twice"}


def test_a_circle_comes_to_rest():
    ring = Owned("A Co", (of("B Co", "60", of("A Co", "100", complete=False)), of(US, "40")), True)
    one = found("us-bis-50", ring)
    assert one.reached is None and one.share == (exact(40), WHOLE)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4))
def test_bounds_hold(shares, listed):
    """The lowest is never above the highest, and one more owner that is not counted raises neither bound from below."""
    shares = [share for number, share in enumerate(shares) if sum(shares[: number + 1]) <= 100]
    rows = tuple(Holding(Owned(f"O{number}", (), True), Amount(exact(share), exact(share))) for number, share in enumerate(shares))
    tree = chart(Owned("T", rows, False))
    counted = {key: (WHOLE, WHOLE) if key != "t" and listed[int(key[1:])] else (0, 0) for key in tree.entities}
    half = exact(50)
    for chain in ("direct", "multiplied", "passes_on", "widest"):
        low, high = held(tree, counted, chain, lambda share: share >= half)["t"]
        assert 0 <= low <= high <= WHOLE
        direct = sum(exact(share) for number, share in enumerate(shares) if listed[number])
        assert low == direct and high >= direct


SDN = "BANK MELLI"


@pytest.mark.parametrize(("share", "reached"), [("50", True), ("49.9", False)])
def test_the_examples_of_ofac(share, reached):
    """https://ofac.treasury.gov/faqs/401, examples 1 and 2, and a hair less than each."""
    rest = of(NOBODY + " Rest", None)
    a = Holding(Owned("Entity A", (of(SDN, share), rest), True), amount("50"))
    assert found("us-ofac-50", party(a, of(NOBODY, "50"))).reached is reached
    a, b = (Holding(Owned(f"Entity {name}", (of(SDN, share), rest), True), amount("25")) for name in "AB")
    assert found("us-ofac-50", party(a, b, of(NOBODY, "50"))).reached is reached


def test_ofac_adds_up_since_its_guidance():
    owned = party(of(SDN, "60"), of(NOBODY, "40"))
    assert [found("us-ofac-50", owned, date.fromisoformat(on)).standing for on in ("2014-08-12", "2014-08-13")] == ["not_yet", "in_force"]
