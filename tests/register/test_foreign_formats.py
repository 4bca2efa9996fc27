"""Exports to the lists of others: keys come back, codes are sure or marked, and the loss report forgets no field."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from kido.register import model as m
from kido.register.exchange import export, gta, loss, mast, oecd, qr
from kido.register.exchange.keys import read_keys
from kido.register.exchange.loss_text import loss_text
from kido.register.exchange.schemes import SCHEMES, code_of, codes, codes_for, fields, split
from kido.register.shapes import KINDS_OF_ACT, KINDS_OF_MEASURE
from kido.register.store import register, terms
from kido.register.timeline import ENDED, IN_FORCE, NOT_YET, SUSPENDED, UNKNOWN, standings, status
from kido.rule.parse import Scope, parse
from kido.terms.ground import ground

REGISTER = register()
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
EXCHANGE = ground("law") / "exchange"
COLUMNS = {
    "qr": {*qr.SECTION_1, *qr.HEADER}, "mast2012": set(mast.COLUMNS), "mast2019": set(mast.COLUMNS), "oecd": set(oecd.COLUMNS),
    "gta": set(gta.COLUMNS),
}  # fmt: skip
LOST_MEASURE = "cn-mofcom-gacc-2025-18/1"


def table(name: str) -> list[dict[str, str]]:
    with (EXCHANGE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> dict[str, tuple[Path, loss.LossReport]]:
    made = {}
    for scheme in SCHEMES:
        folder = tmp_path_factory.mktemp(scheme)
        files, report = export(REGISTER, scheme, folder)
        assert all(file.is_file() for file in files)
        made[scheme] = folder, report
    return made


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_bytes().decode("utf-8-sig"), newline="")))


# -- the tables of others ----------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_code_lists_are_whole_and_what_was_recalled_is_marked(scheme):
    sources = {row["source"] for row in table("sources")}
    assert codes(scheme)
    for code in codes(scheme).values():
        assert code.status in ("read", "partly", "recalled") and code.confidence in m.CONFIDENCE
        assert code.name["en"] and JAPANESE.search(code.name["ja"])
        assert set(split(code.source)) <= sources
        if code.status == "recalled":
            assert not code.emit and code.confidence == "low" and not code.source
        else:
            assert code.source


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_mapping_has_a_row_for_every_kind_and_names_known_codes(scheme):
    mapping = [row for row in table("mapping") if row["scheme"] in ("*", scheme)]
    scope = Scope(terms(), {name: definition.rule for name, definition in REGISTER.definitions.items()})
    for row in mapping:
        assert row["ja"] and row["en"] and row["confidence"] in m.CONFIDENCE and JAPANESE.search(row["ja"])
        assert row["kind"] in ("*", *KINDS_OF_MEASURE) and row["act_kind"] in ("*", *KINDS_OF_ACT)
        assert row["gate"] in ("*", *m.GATES) and row["outcome"] in ("*", *m.OUTCOMES)
        assert all(code_of(scheme, code) for code in split(row["codes"])), row
        if row["rule"] != "*":
            parse(row["rule"], scope)
    for kind in KINDS_OF_MEASURE:
        assert any(
            row["kind"] == kind and {row[k] for k in ("measure", "act_kind", "gate", "outcome", "rule")} == {"*"} for row in mapping
        ), kind


def test_fields_of_others_say_what_we_fill():
    for scheme in SCHEMES:
        assert fields(scheme)
        for field in fields(scheme):
            assert field.filled in ("yes", "part", "no") and field.status in ("read", "partly", "recalled")
            assert field.label["en"] and JAPANESE.search(field.label["ja"])
            assert bool(field.note["ja"]) == bool(field.note["en"])
            if field.part != "header" and field.filled != "no":
                assert field.key in COLUMNS[scheme], (scheme, field.key)
            if field.filled == "no":
                assert field.key not in COLUMNS[scheme], (scheme, field.key)
            if field.status == "recalled":
                assert field.confidence == "low"


# -- which code ----------------------------------------------------------------------------------


def codes_of(measure: str, scheme: str) -> tuple[str, ...]:
    return codes_for(REGISTER.instruments[measure.split("/")[0]], REGISTER.measure(measure), scheme).codes


@pytest.mark.parametrize(("measure", "wanted"), [
    ("cn-mofcom-gacc-2025-18/1", {"qr": ("NAL X",), "mast2012": ("P1",), "mast2019": ("P33",), "oecd": ("licensing_requirement",), "gta": ("35",)}),
    ("cn-mofcom-2024-46/1", {"qr": ("P X",), "mast2012": ("P1",), "mast2019": ("P31",), "oecd": ("export_prohibition",), "gta": ("19",)}),
    ("cn-mofcom-2024-46/2", {"qr": ("CP X", "NAL X"), "mast2019": ("P31", "P33"), "gta": ("19", "35")}),  # in principle refused
    ("cn-mofcom-2024-46/4", {"qr": (), "mast2012": ("P4",), "mast2019": ("P7",), "oecd": (), "gta": ()}),  # goods already abroad
    ("cn-mofcom-2025-62/1", {"qr": (), "mast2012": (), "mast2019": (), "oecd": (), "gta": ("37",)}),  # technology
    ("cn-mofcom-2025-68/1", {"qr": ("STR X",), "mast2012": (), "mast2019": ("P5",), "gta": ("37",)}),  # state trading; P2 of 2012 is recalled
])  # fmt: skip
def test_codes_of_known_measures(measure, wanted):
    assert {scheme: codes_of(measure, scheme) for scheme in wanted} == wanted


def test_the_same_code_means_another_thing_in_another_edition():
    assert codes("mast2012")["P4"].name["en"] != codes("mast2019")["P4"].name["en"]


def test_codes_that_were_only_recalled_are_never_written_as_codes(exported):
    for scheme, (folder, report) in exported.items():
        for key in read_keys(scheme, folder).values():
            assert all(code_of(scheme, code).status != "recalled" for code in key.codes)
        for code in report.unverified:
            assert code_of(scheme, code).status == "recalled"
    folder, report = exported["mast2012"]
    assert "P2" in report.unverified
    found = [row for row in rows(folder, "mast2012.csv") if row["measure_id"] == "cn-mofcom-2025-68/1"]
    assert [(row["code"], row["code_unverified"], row["code_status"]) for row in found] == [("", "P2", "recalled")]


# -- round trip of the keys ------------------------------------------------------------------------


def expected(act: m.Instrument, measure: m.Measure, scheme: str) -> tuple:
    """The keys straight from the register, without the exporters' own helpers."""
    items = act.items_of(measure)
    full = [code for item in items for printed in item.hs for code in printed.codes]
    full += [code for item in items for sub in item.sub_items for code in sub.hs]
    six = ["".join(filter(str.isdigit, code))[:6] for code in full]
    hs = set(full) if scheme == "qr" else {code for code in six if len(code) == 6}
    start = measure.effective or act.effective or act.known_from
    repeals = [
        event.start - timedelta(days=1) for other in REGISTER.instruments.values() for event in other.events
        if event.kind == "repeal" and event.formal and event.target in (act.id, measure.id)
    ]  # fmt: skip
    until = min([day for day in (measure.until, *repeals) if day], default=None)
    if scheme == "oecd":
        days = str(start.year), str(until.year) if until else ""
    elif scheme == "gta":
        days = str(start), str(until + timedelta(days=1)) if until else ""
    else:
        days = str(start), str(until or "")
    return set(codes_for(act, measure, scheme).codes), hs, {item.code for item in items}, *days


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_keys_come_back(exported, scheme):
    folder, report = exported[scheme]
    keys = read_keys(scheme, folder)
    assert set(keys) == set(report.carried) and len(keys) > 10
    for act, measure in REGISTER.measures():
        if measure.id in keys:
            key = keys[measure.id]
            assert (set(key.codes), set(key.hs), set(key.items), key.start, key.until) == expected(act, measure, scheme), measure.id


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_measure_is_carried_or_left_out_with_a_reason(exported, scheme):
    _, report = exported[scheme]
    left = [out.measure for out in report.left_out]
    assert sorted([*report.carried, *left]) == sorted(measure.id for _, measure in REGISTER.measures())
    assert all(out.why["ja"] and out.why["en"] for out in report.left_out)


def test_on_a_day_only_what_is_not_over_and_not_to_come(tmp_path):
    day = date(2025, 11, 23)
    _, report = export(REGISTER, "gta", tmp_path, on=day)
    words = {id: status.word for id, status in standings(REGISTER, day).items()}
    assert {words[id] for id in report.carried} <= {IN_FORCE, SUSPENDED, UNKNOWN}
    assert "cn-mofcom-gacc-2025-57/1" in report.carried and words["cn-mofcom-gacc-2025-57/1"] == SUSPENDED
    out = {left.measure: left.why for left in report.left_out}
    assert "2025-11-23" in out["cn-mofcom-2026-1/1"]["en"] and "2025-11-23" in out["cn-mofcom-2026-1/1"]["ja"]
    held = {row["measure_id"]: row["is_in_force"] for row in rows(tmp_path, "gta.csv")}
    assert (held["cn-mofcom-gacc-2025-57/1"], held["cn-mofcom-gacc-2025-18/1"]) == ("0", "1")


FILES = {"qr": ("qr-section-1.csv", "qr-tariff-lines.csv"), "oecd": ("oecd.csv",), "gta": ("gta.csv",),
         "mast2012": ("mast2012.csv",), "mast2019": ("mast2019.csv",)}  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_row_says_the_standing_of_its_measure(exported, scheme, tmp_path):
    """On the day that was asked for; else on the day the register was checked."""
    verified = min(watch.verified for watch in REGISTER.watches.values())
    for day in (date(2025, 11, 23), date(2026, 11, 23), None):
        folder, report = (tmp_path / str(day), export(REGISTER, scheme, tmp_path / str(day), day)[1]) if day else exported[scheme]
        words = {id: found.word for id, found in standings(REGISTER, day or verified).items()}
        for name in FILES[scheme]:
            found = rows(folder, name)
            assert found and {row["kido_standing"] for row in found} <= {IN_FORCE, SUSPENDED, UNKNOWN, *(() if day else (NOT_YET, ENDED))}
            for row in found:
                assert (row["kido_standing"], row["kido_standing_on"]) == (words[row["measure_id"]], str(day or verified))
                if until := row["kido_standing_until"]:
                    last = date.fromisoformat(until)
                    act, measure = REGISTER.instruments[row["measure_id"].split("/")[0]], REGISTER.measure(row["measure_id"])
                    assert status(REGISTER, act, measure, last).word == row["kido_standing"] and last >= (day or verified)
                    assert status(REGISTER, act, measure, last + timedelta(days=1)).word != row["kido_standing"]
        wanted = {id: words[id] for id in report.carried if words[id] in (SUSPENDED, UNKNOWN)}
        assert {each.measure: each.standing for each in report.standings} == wanted
        assert (report.on, report.standing_on) == (day, day or verified)


def test_the_report_names_what_is_suspended_and_until_when(tmp_path):
    day = date(2025, 11, 23)
    _, report = export(REGISTER, "mast2019", tmp_path, on=day)
    found = {each.measure: (each.standing, each.until) for each in report.standings}
    assert found["cn-mofcom-gacc-2025-57/1"] == (SUSPENDED, date(2026, 11, 9))
    text = {lang: loss_text(report, lang) for lang in ("ja", "en")}
    assert any("cn-mofcom-gacc-2025-57/1" in line and "suspended (until 2026-11-09)" in line for line in text["en"].splitlines())
    assert any("cn-mofcom-gacc-2025-57/1" in line and "停止中(2026-11-09まで)" in line for line in text["ja"].splitlines())
    plain = json.loads((tmp_path / "mast2019-loss.json").read_text(encoding="utf-8"))
    assert {"measure": "cn-mofcom-gacc-2025-57/1", "standing": "suspended", "until": "2026-11-09"} in plain["standings"]
    later, _ = export(REGISTER, "gta", tmp_path / "later", on=date(2026, 11, 23))
    held = {
        row["measure_id"]: (row["is_in_force"], row["kido_standing"], row["kido_standing_until"])
        for row in rows(later[0].parent, "gta.csv")
    }
    assert held["cn-mofcom-gacc-2025-57/1"] == ("", "unknown", "")


def test_a_register_that_was_never_checked_says_no_standing(tmp_path):
    unchecked = dataclasses.replace(REGISTER, watches={}, standings={})
    _, report = export(unchecked, "mast2019", tmp_path)
    assert (
        {row["kido_standing"] for row in rows(tmp_path, "mast2019.csv")} == {""} and report.standings == () and report.standing_on is None
    )
    assert json.loads((tmp_path / "mast2019-loss.json").read_text(encoding="utf-8"))["standing_on"] is None


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_reason_for_leaving_a_policy_out_is_its_own(exported, scheme):
    why = {out.measure: out.why for out in exported[scheme][1].left_out}
    for act, measure in REGISTER.measures():
        if measure.kind == "framework":
            assert ("framework act" in why[measure.id]["en"]) == (act.kind == "framework_law" and measure.id != "jp-exporter-standards/1")
            assert ("枠組みの法令" in why[measure.id]["ja"]) == ("framework act" in why[measure.id]["en"])
    for measure, words in (
        ("in-irel-2025/1", "without a legal instrument"),
        ("cn-ndrc-phosphate-export-pause-2025-12/1", "without a published text"),
        ("jp-etco-2025-175/1", "amending act"),
        ("us-bis-affiliates-suspension-2025/1", "suspension of another measure"),
        ("us-ear-de-minimis/1", "subject to the EAR"),
        ("jp-un-embargo-annex3-2/1", "list of destinations"),
        ("jp-lynas-jare-2026/1", "between states or firms"),
        ("ph-sb2826-ore-ban/1", "dropped"),
        ("us-proc-11001-s232-pcmdp/1", "investigation of imports"),
        ("cn-mofcom-2026-26/1", "report breaches"),
    ):
        assert words in why[measure]["en"], measure


def test_the_mapping_names_measures_that_are_there():
    there = {"*", *(measure.id for _, measure in REGISTER.measures())}
    assert {row["measure"] for row in table("mapping")} <= there


def test_a_notification_is_a_draft_and_leaves_to_the_member_what_is_the_members(exported):
    folder, _ = exported["qr"]
    section = rows(folder, "qr-section-1.csv")
    assert {row["draft"] for row in section} == {qr.DRAFT}
    assert all(re.fullmatch(r"(P|CP|GQ|GQC|BQ|NAL|STR|MXR|MPR|VER)( X)?( S)?", s) for row in section for s in row["symbols"].split("|"))
    assert all(row["general_description"] and row["justification"] and row["legal_basis"] and row["in_force_from"] for row in section)
    header = {row["key"]: row["value"] for row in rows(folder, "qr-header.csv")}
    assert header["sections"] == "section_1"
    assert not any(value for key, value in header.items() if key not in ("sections", "in_force_as_of"))
    stopped = next(row for row in section if row["measure_id"] == "cn-mofcom-gacc-2025-57/1")
    assert "suspended from 2025-11-07" in stopped["administration"]
    assert {row["ex"] for row in rows(folder, "qr-tariff-lines.csv")} <= {"true", "false"}


# -- the loss report ---------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", loss.NOUNS, ids=lambda noun: noun.__name__)
def test_every_field_of_the_register_has_a_fate_in_every_format(noun):
    """A new field must get a row in law/exchange/fates.csv."""
    known = {(row["noun"], row["field"]) for row in table("fates")}
    for field in dataclasses.fields(noun):
        assert (noun.__name__, field.name) in known, f"{noun.__name__}.{field.name} is missing in law/exchange/fates.csv"
        for scheme in SCHEMES:
            assert sum((fate.noun, fate.field) == (noun.__name__, field.name) for fate in loss.fates(scheme)) == 1


def test_no_fate_stands_for_a_field_that_is_gone():
    fields_of = {(noun.__name__, field.name) for noun in loss.NOUNS for field in dataclasses.fields(noun)}
    assert {(row["noun"], row["field"]) for row in table("fates")} <= fields_of
    assert {noun for noun in vars(m).values() if dataclasses.is_dataclass(noun)} - set(loss.NOUNS) <= {m.Register, m.Node, m.Source}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_fates_name_a_column_that_is_written(scheme):
    for fate in loss.fates(scheme):
        assert fate.fate in (loss.CARRIED, loss.PART, loss.OWN, loss.LOST) and fate.label["ja"] and fate.label["en"]
        assert (fate.column in COLUMNS[scheme]) == (fate.fate in (loss.CARRIED, loss.PART)), (fate.noun, fate.field, fate.column)
        assert bool(fate.how) == (fate.fate == loss.PART)
        assert fate.fate != loss.PART or (fate.how["ja"] and fate.how["en"]), (fate.noun, fate.field)


def test_a_field_nobody_thought_of_is_lost(monkeypatch):
    new = dataclasses.make_dataclass("Measure", [("id", str), ("colour", str)])
    monkeypatch.setattr(loss, "NOUNS", (new,))
    loss._fates.cache_clear()
    try:
        assert [(fate.field, fate.fate) for fate in loss.fates("qr")] == [("id", "carried"), ("colour", "lost")]
    finally:
        loss._fates.cache_clear()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_report_lists_every_value_that_is_lost(exported, scheme):
    _, report = exported[scheme]
    fates = {(fate.noun, fate.field): fate.fate for fate in report.fates}
    assert all(fates[value.noun, value.field] == value.fate for value in report.lost)
    assert {value.fate for value in report.lost} == {loss.PART, loss.LOST}
    mine = {(value.noun, value.field): value.of for value in report.lost if value.measure == LOST_MEASURE}
    act = REGISTER.instruments[LOST_MEASURE.split("/")[0]]
    items = act.items_of(REGISTER.measure(LOST_MEASURE))
    assert mine["Item", "form"] == tuple(item.code for item in items if item.form)
    assert mine["Item", "when"] == tuple(item.code for item in items if item.when is not None)
    assert mine["Instrument", "doubts"] == (act.id,)
    assert ("Item", "code") not in mine and ("Measure", "id") not in mine
    suspended = {value.noun for value in report.lost if value.measure == "cn-mofcom-gacc-2025-57/1"}
    assert "Event" in suspended


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_report_as_text_names_everything(exported, scheme, lang):
    folder, report = exported[scheme]
    text = (folder / f"{scheme}-loss.{lang}.txt").read_text(encoding="utf-8")
    assert text == loss_text(report, lang)
    assert bool(JAPANESE.search(text.split("\n")[2])) == (lang == "ja")
    for fate in report.fates:
        assert fate.fate not in (loss.LOST, loss.PART) or f"{fate.label[lang]} ({fate.field})" in text
    for measure in (*report.carried, *(out.measure for out in report.left_out)):
        assert measure in text
    for field in report.unfilled:
        assert f"({field.part}.{field.key})" in text
    for code in report.unverified:
        assert code in text
    assert "{" not in text


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_report_as_data(exported, scheme):
    folder, report = exported[scheme]
    plain = json.loads((folder / f"{scheme}-loss.json").read_text(encoding="utf-8"))
    assert plain["scheme"] == scheme and plain["version"] == REGISTER.version and plain["on"] is None
    assert len(plain["lost"]) == len(report.lost) and len(plain["fates"]) == len(report.fates)
    assert {(field["part"], field["key"]) for field in plain["unfilled"]} == {(f.part, f.key) for f in fields(scheme) if f.filled != "yes"}


def test_the_words_of_the_report_are_in_both_languages():
    with (Path(loss.__file__).parent / "words.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert len({row["id"] for row in found}) == len(found)
    assert {noun.__name__ for noun in loss.NOUNS} | set(SCHEMES) <= {row["id"] for row in found}
    for row in found:
        assert row["ja"] and row["en"] and sorted(re.findall(r"{\w+}", row["ja"])) == sorted(re.findall(r"{\w+}", row["en"]))
        assert not JAPANESE.search(row["en"])
