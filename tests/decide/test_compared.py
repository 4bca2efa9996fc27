"""Parties inside a determination: what a hit means for the facts, on both sides of its day."""

import pytest

import kido
from kido.errors import KidoError

BASE = {"act": "export", "from": "CN", "to": "JP", "form": "magnet", "composition": {"Fe": 65, "Nd": 29, "Dy": 3, "B": 1}}
DAY = "2026-07-31"


def of(name: str, role: str = "end_user", on: str = DAY, **more: object):
    party = {"role": role, "name": name} | {key: more.pop(key) for key in ("ruled_out", "country", "kind") if key in more}
    return kido.determine(BASE | {"parties": [party]} | more, on=on)


def test_a_listed_end_user_states_the_fact():
    """三菱造船 is on the control list since 2026-02-24 (MOFCOM No. 11 of 2026)."""
    d = of("三菱造船(株)")
    assert d.transaction.value("end_user_on_control_or_watch_list") is True and d.transaction.value("end_user_list") == "control"
    assert of("三菱造船(株)", on="2026-02-23").transaction.value("end_user_on_control_or_watch_list") is not True


def test_a_watch_listed_end_user_has_no_clock():
    d = of("ＴＤＫ㈱")
    assert d.transaction.value("end_user_list") == "watch" and d.clock is None and d.unbound


def test_a_like_name_leaves_it_open():
    d = of("三菱造舩", country="JP")
    assert d.compared.parties[0].answer in ("possible", "listed")
    like = of("Mitsubishi Shipbuildng Co")
    assert like.compared.parties[0].answer == "possible" and like.transaction.value("end_user_on_control_or_watch_list") is None


def test_nothing_found_is_no_negative_while_owners_are_unknown():
    d = of("Zqxwk Vbrplm GmbH")
    assert not d.compared.parties[0].hits and d.transaction.value("end_user_on_control_or_watch_list") is None


def test_a_stated_no_against_a_listed_name_is_an_error():
    with pytest.raises(KidoError) as error:
        of("三菱造船株式会社", end_user_on_control_or_watch_list=False)
    assert {problem.code for problem in error.value.problems} == {"party-on-list"}


def test_an_entry_that_was_ruled_out_no_longer_decides():
    hit = of("三菱造船株式会社").compared.parties[0].hits[0].party.party
    d = of("三菱造船株式会社", ruled_out=[hit], end_user_on_control_or_watch_list=False)
    assert d.compared.parties[0].ruled_out and d.transaction.value("end_user_on_control_or_watch_list") is False


def test_a_list_that_no_measure_judges_keeps_the_answer_from_a_plain_no():
    d = kido.determine({"act": "export", "from": "CN", "to": "US", "form": "article", "element": "Fe", "composition": {"Fe": 99}, "composition_complete": True,
                        "parties": [{"role": "end_user", "name": "Illumina, Inc."}]}, on=DAY)  # fmt: skip
    assert "CN" in d.compared.unjudged and d.answer != "no_match"


def test_the_exporter_of_no_list_role_states_nothing():
    assert of("三菱造船株式会社", role="exporter").transaction.value("end_user_on_control_or_watch_list") is None


def test_a_military_end_user():
    assert of("Zqxwk Vbrplm GmbH", kind="military").transaction.value("military_end_user") is True
