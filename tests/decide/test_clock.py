"""Statutory days: they run for an ordinary buyer and bind nobody for one on China's watch list (Regulations, Art. 26)."""

from __future__ import annotations

import pytest

from kido import desk

MAGNET = {
    "act": "export", "from": "CN", "to": "JP", "via": "none", "form": "magnet", "composition": {"Nd": 28, "Fe": 67, "B": 1, "Dy": 3},
    "magnet_family": "NdFeB", "origin": "CN", "military_end_user": False, "military_end_use": False, "raises_military_strength": False,
}  # fmt: skip


def decided(**party):
    return desk.determine(MAGNET | party, "2026-11-23")


def test_the_days_run_for_an_unlisted_buyer():
    found = decided(end_user_on_control_or_watch_list=False)
    assert found.clock is not None and found.clock.working_days == 45 and found.unbound == ()


def test_no_days_run_for_a_buyer_on_the_watch_list():
    found = decided(end_user_on_control_or_watch_list=True, end_user_list="watch")
    assert found.answer == "licence_required"
    assert found.clock is None
    assert [procedure.id for procedure in found.unbound] == ["cn-dual-use-licence"]


@pytest.mark.parametrize("party", [{}, {"end_user_on_control_or_watch_list": True}])
def test_where_the_list_is_not_known_the_days_are_shown_with_what_they_leave_out(party):
    found = decided(**party)
    assert found.unbound == () and (found.clock is not None or found.answer == "prohibited")
