"""Every act and entry of the research files is in the register, counted by jurisdiction; what is left out is named.

`reconcile.csv` lists what the research files hold (one row an act, one an entry), made once from them.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from kido.register.model import Register
from kido.register.store import register

ROWS = list(csv.DictReader((Path(__file__).parent / "reconcile.csv").open(encoding="utf-8", newline="")))
LEFT_OUT: dict[tuple[str, str], str] = {}  # (act, entry) -> reason
OTHER_CODE: dict[tuple[str, str], str] = {}  # (act, entry) -> its code here, where it differs


def held(found: Register, act: str, entry: str) -> bool:
    """Whether an entry of an act is held; codes of Japan's list are printed with the ordinance after a slash."""
    code = OTHER_CODE.get((act, entry), entry)
    return any(item.code in (code, code.split(" / ")[0]) for item in found.instruments[act].items)


def test_every_act_of_the_research_files_is_held():
    acts = [row for row in ROWS if not row["item"]]
    missing = [row["id"] for row in acts if row["id"] not in register().instruments and (row["id"], "") not in LEFT_OUT]
    assert missing == []
    counted = Counter(row["jurisdiction"].upper() for row in acts)
    here = Counter(act.jurisdiction for act in register().instruments.values())
    assert counted["CN"] == 50 and counted["JP"] >= 24
    assert all(here[code] >= count for code, count in counted.items()), (here, counted)


def test_every_entry_of_the_research_files_is_held():
    found = register()
    entries = [(row["id"], row["item"]) for row in ROWS if row["item"]]
    missing = [entry for entry in entries if entry not in LEFT_OUT and not held(found, *entry)]
    assert missing == []
    assert len(entries) > 350


def test_what_is_left_out_is_not_held_after_all():
    found = register()
    assert [entry for entry in LEFT_OUT if entry[0] in found.instruments and entry[1] and held(found, *entry)] == []


def test_series_are_held_as_figures():
    """Ten years of quotas, thirty lines of export duties, ten years of mining caps."""
    figures = {id: [f for m in act.measures for f in m.figures] for id, act in register().instruments.items()}
    quota = {f.start.year: f.value for f in figures["cn-ree-export-quota-2005-2014"] if f.unit == "t" and f.until}
    assert set(range(2005, 2015)) <= set(quota) and quota[2012] == "30996" and quota[2010] == "30258"
    duties = figures["cn-ree-export-duty-2006-2015"]
    assert len({code for f in duties for code in f.items}) >= 25
    assert {f.value for f in duties if "28053012" in f.items and f.start.year == 2012} == {"25"}
    caps = {f.start.year: f.value for f in figures["cn-ree-production-caps"] if f.value == "270000" and f.start}
    assert caps == {2024: "270000"}


def test_suspensions_and_ends_name_an_act():
    """What the research form stores inside a measure is an event of the act that did it."""
    found = register()
    for act in found.instruments.values():
        for event in act.events:
            assert event.target.split("/")[0] in found.instruments and event.by == act.id
