"""Search, a day, what changed, and what is covered: figures with their source in the research files."""

from __future__ import annotations

from datetime import date

import pytest

import kido
from kido.errors import KidoError
from kido.register.changes import between_days, between_versions
from kido.register.coverage import coverage
from kido.register.store import register


def figures(hits) -> dict[str, set[str]]:
    return {hit.measure.id: {f"{f.value} {f.unit}" for f in hit.figures} for hit in hits}


def test_dysprosium_on_a_day_of_2012():
    """The quota of the year (30,996 t), the duty on metal and oxide (25 %), and nothing younger."""
    hits = kido.as_of("2012-06-30", element="Dy")
    found = figures(hits)
    assert found["cn-ree-export-quota-2005-2014/1"] == {"30996 t"}
    assert "25 %" in found["cn-ree-export-duty-2006-2015/1"]
    dysprosium = [f for hit in hits for f in hit.figures if {"28053012", "28469015"} & set(f.items)]
    assert {f.value for f in dysprosium} == {"25"} and len(dysprosium) == 2
    for hit in hits:
        assert (hit.measure.effective or hit.act.effective or hit.act.known_from) <= date(2012, 6, 30), hit.measure.id
        assert all(f.start is None or f.start <= date(2012, 6, 30) for f in hit.figures)
    assert not {hit.act.id for hit in hits} & {"cn-mofcom-gacc-2025-18", "cn-wto-ds431", "cn-rare-earth-regulations-2024"}


def test_what_was_learnt_later_is_hidden():
    early = kido.as_of("2012-06-30", known_on="2011-12-31", element="Dy")
    assert figures(early)["cn-ree-export-quota-2005-2014/1"] == set()
    assert figures(early)["cn-ree-export-duty-2006-2015/1"] == set()
    assert "cn-mofcom-gacc-2025-70" not in {hit.act.id for hit in kido.as_of("2025-11-20", known_on="2025-11-01")}
    suspended = {hit.status.word for hit in kido.as_of("2025-11-20", element="Ho", form="metal")}
    unaware = {hit.status.word for hit in kido.as_of("2025-11-20", known_on="2025-11-01", element="Ho", form="metal")}
    assert suspended == {"suspended"} and unaware == {"in_force"}


@pytest.mark.parametrize(("day", "quota"), [("2014-12-31", True), ("2015-01-01", False)])
def test_the_quotas_end_with_2014(day, quota):
    assert ("cn-ree-export-quota-2005-2014" in {hit.act.id for hit in kido.as_of(day, element="Dy")}) is quota


@pytest.mark.parametrize(("day", "duty"), [("2006-10-31", False), ("2006-11-01", True), ("2015-04-30", True), ("2015-05-01", False)])
def test_the_duties_begin_and_end(day, duty):
    assert ("cn-ree-export-duty-2006-2015" in {hit.act.id for hit in kido.as_of(day, element="Dy")}) is duty


@pytest.mark.parametrize(
    ("wanted", "inside", "outside"),
    [
        ({"element": "ガリウム"}, "cn-mofcom-gacc-2023-23", "cn-mofcom-gacc-2025-18"),
        ({"element": "镝"}, "cn-mofcom-gacc-2025-18", "cn-mofcom-gacc-2023-23"),
        ({"hs": "2604"}, "id-mem-11-2019-nickel", "cn-mofcom-gacc-2025-18"),
        ({"code": "1C905"}, "cn-mofcom-gacc-2025-18", "cn-mofcom-gacc-2025-57"),
        ({"code": "2(19)"}, "jp-etco-annex1-list", "cn-mofcom-gacc-2025-10"),
        ({"word": "永久磁石"}, "jp-espa-2022-394", "id-mem-11-2019-nickel"),
        ({"word": "氦气"}, "cn-mofcom-gacc-2026-29", "cn-mofcom-gacc-2025-18"),
        ({"kind": "stockpile"}, "us-project-vault-2026", "cn-mofcom-gacc-2025-18"),
        ({"kind": "quota"}, "cd-arecoms-2025-004-quota", "cn-mofcom-gacc-2025-18"),
        ({"kind": "price_floor"}, "us-dpa-mp-materials-2025", "us-project-vault-2026"),
        ({"justification": "national security"}, "cn-mofcom-gacc-2025-18", "id-mem-11-2019-nickel"),
        ({"place": "日本"}, "cn-mofcom-2026-1", "us-project-vault-2026"),
        ({"jurisdiction": "EU"}, "eu-2021-821", "cn-mofcom-gacc-2025-18"),
        ({"element": "Li", "form": "ore"}, "zw-lithium-ban", "jp-etco-annex1-list"),
    ],
)
def test_a_search_finds_and_leaves_out(wanted, inside, outside):
    found = {hit.act.id for hit in kido.search(**wanted)}
    assert inside in found and outside not in found


def test_wrong_words_are_named_together():
    with pytest.raises(KidoError) as error:
        kido.search(element="Dyy", kind="licnce", hs="85O5")
    assert len(error.value.problems) == 3


def test_what_changed_when_the_suspension_began():
    changed = {
        c.measure.id: (c.before.word, c.after.word) for c in between_days(register(), date(2025, 11, 6), date(2025, 11, 7)) if c.before
    }
    assert changed["cn-mofcom-gacc-2025-57/1"] == ("not_yet", "suspended")
    assert changed["cn-mofcom-2025-61/3"] == ("in_force", "suspended")
    later = {c.measure.id: c.after.word for c in between_days(register(), date(2026, 11, 9), date(2026, 11, 11)) if c.after}
    assert later["us-bis-affiliates-2025/1"] == later["cn-mofcom-gacc-2025-57/1"] == "unknown"
    catch_all = {c.measure.id: c.after.word for c in between_days(register(), date(2025, 10, 8), date(2025, 10, 9)) if c.after}
    assert catch_all["jp-catchall-conventional/1"] == "ended" and catch_all["jp-catchall-conventional/2"] == "in_force"


def test_entries_and_figures_change_too():
    entries = {(c.act.id, c.item.code) for c in between_days(register(), date(2026, 2, 13), date(2026, 2, 14)) if c.item}
    assert ("jp-etco-annex1-list", "5(20)") in entries
    quotas = [
        c.figure.value
        for c in between_days(register(), date(2011, 12, 31), date(2012, 1, 1))
        if c.figure and c.begins and c.figure.unit == "t"
    ]
    assert "30996" in quotas


def test_two_registers_differ_by_what_was_learnt():
    from dataclasses import replace

    newer = register()
    act = newer.instruments["cn-mofcom-gacc-2025-18"]
    turned = replace(act, confidence="low", items=act.items[1:])
    older = replace(newer, instruments={id: a for id, a in newer.instruments.items() if id != "zw-lithium-ban"} | {act.id: turned})
    found = {change.id: (change.what, change.names) for change in between_versions(older, newer)}
    assert found == {"zw-lithium-ban": ("added", ()), act.id: ("changed", ("confidence", act.items[0].code))}


def test_coverage_names_every_jurisdiction_and_what_it_lacks():
    found = coverage(register(), date(2026, 11, 24))
    assert [c.watch.jurisdiction for c in found[:4]] == ["CN", "JP", "US", "EU"]
    assert {c.watch.jurisdiction for c in found} == set(register().watches)
    assert all(c.watch.not_held and c.age == 1 for c in found)
    assert sum(c.acts for c in found) == len(register().instruments)
