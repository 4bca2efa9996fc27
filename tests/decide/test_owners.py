"""Owners in a transaction: read with their places, and what they mean for the facts."""

import pytest

import kido
from kido.errors import KidoError
from kido.screen.lists import lists

ON = min(one.edition for one in lists() if one.jurisdiction in ("CN", "US")).isoformat()
BASE = {"act": "export", "from": "CN", "to": "JP", "form": "magnet", "composition": {"Fe": 65, "Nd": 29, "Dy": 3, "B": 1}}
LISTED = "三菱造船株式会社"  # cn-control-list, notice of 2026


def determined(owners: object, complete: object = True, **more: object) -> kido.register:
    party = {"role": "end_user", "name": "Zqxwk Vbrplm GmbH", "country": "JP", "owners": owners, "owners_complete": complete} | more
    return kido.determine(BASE | {"parties": [party]}, on=ON)


def test_a_listed_owner_of_half_says_yes():
    d = determined([{"name": LISTED, "share": "50 %"}, {"name": "Zqxwk Foundation", "share": 50, "owners_complete": True}])
    assert d.transaction.value("end_user_on_control_or_watch_list") is True
    assert any(one.reason == "owned-by-listed" and LISTED in one.source for one in d.transaction.derived)


def test_a_hair_less_with_the_rest_known_says_no():
    rest = {"name": "Zqxwk Foundation", "share": "50.01", "owners_complete": True}
    d = determined([{"name": LISTED, "share": "49.99"}, rest])
    ruled = {one.rule.id: one.reached for one in d.compared.parties[0].owned}
    assert ruled["cn-50"] is False and d.transaction.value("end_user_on_control_or_watch_list") is not True


@pytest.mark.parametrize(
    "owners", [[{"name": LISTED}], [{"name": LISTED, "share": "unknown"}], [{"name": "Zqxwk Foundation", "share": 40}]]
)
def test_what_is_not_known_stays_a_question(owners):
    d = determined(owners, complete=None)
    assert d.transaction.value("end_user_on_control_or_watch_list") is None


def test_no_owners_stated_is_no_answer():
    d = kido.determine(BASE | {"parties": [{"role": "end_user", "name": "Zqxwk Vbrplm GmbH"}]}, on=ON)
    assert d.transaction.value("end_user_on_control_or_watch_list") is None and d.transaction.value("us_listed_owner_pct") is None


@pytest.mark.parametrize(
    ("owners", "code"),
    [("A Co", "wrong-shape"), (["A Co"], "wrong-shape"), ([{"share": 3}], "owner-no-name"), ([{"name": "A", "share": "much"}], "not-a-number"),
     ([{"name": "A", "shares": 3}], "unknown-key"), ([{"name": "A", "share": 130}], "owner-share"), ([{"name": "A", "share": 60}, {"name": "B", "share": 60}], "owners-over-100")],
)  # fmt: skip
def test_wrong_owners_are_told(owners, code):
    with pytest.raises(KidoError) as error:
        determined(owners)
    assert code in {problem.code for problem in error.value.problems}
    assert all(problem.place for problem in error.value.problems)


def test_a_chain_of_thousand_levels_is_refused():
    owners: list = []
    for _ in range(60):
        owners = [{"name": f"Level {len(str(owners))}", "share": 100, "owners": owners}]
    with pytest.raises(KidoError) as error:
        determined(owners)
    assert {"owners-too-many", "too-deep"} & {problem.code for problem in error.value.problems}
