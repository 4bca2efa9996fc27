"""The law folder: schema in step, every value with source, place and confidence, events between known acts."""

import json
import re

from kido.decide.schema import act_schema
from kido.register.files import act_path
from kido.register.store import register, terms
from kido.terms.ground import ground

ACTS = register().instruments.values()


def test_the_generated_schema_is_in_step():
    kept = json.loads((ground("law") / "schema.json").read_text(encoding="utf-8"))
    assert kept == act_schema(terms()), "run: python -m kido schema act > law/schema.json"


def test_every_act_stands_where_its_id_says():
    for act in ACTS:
        assert act.file == f"law/{act_path(act.id)}"


def test_every_act_has_sources_confidence_and_a_day():
    for act in ACTS:
        assert act.sources and act.confidence in ("high", "medium", "low")
        assert act.known_from.year < 9000, act.id
        assert all(source.url.startswith("http") and source.publisher and source.seen for source in act.sources)


def test_every_item_and_measure_has_place_name_and_rule():
    for act in ACTS:
        judged = frozenset().union(*(measure.codes for measure in act.measures if measure.judged))
        for item in act.items:
            assert item.text and item.name["ja"] and item.name["en"], (act.id, item.code)
            assert item.rule_text or item.code not in judged, (act.id, item.code)
        for measure in act.measures:
            assert measure.text and measure.title["ja"] and measure.title["en"], measure.id
            assert bool(measure.rule_text) is measure.judged, measure.id


def test_every_item_is_covered_by_a_measure():
    for act in ACTS:
        covered = frozenset().union(*(measure.codes for measure in act.measures if measure.judged))
        assert {item.code for item in act.items if item.when is not None} == covered, act.id


def test_the_acts_of_the_first_edition_are_there():
    numbers = {act.number for act in ACTS}
    for number in (
        "公告2023年第23号", "公告2023年第39号", "公告2023年第57号", "公告2024年第33号", "公告2024年第46号", "公告2025年第10号", "公告2025年第18号",
        "公告2025年第55号", "公告2025年第56号", "公告2025年第57号", "公告2025年第58号", "公告2025年第61号", "公告2025年第62号", "公告2025年第68号",
        "公告2025年第70号", "公告2025年第72号", "公告2026年第1号", "公告2025年第89号", "国务院令第785号", "国务院令第792号",
    ):  # fmt: skip
        assert number in numbers


def test_hs_codes_keep_their_tariff_and_decide_only_where_the_rule_asks_for_them():
    for act in ACTS:
        for item in act.items:
            for printed in item.hs:
                assert printed.tariff.split()[0] in (act.jurisdiction, "HS"), (act.id, item.code, printed.tariff)
                assert all(re.fullmatch(r"[\d.-]{2,13}", code) for code in printed.codes), (item.code, printed.codes)
                assert printed.basis == "reference" or item.when is None or "under(hs" in item.rule_text, (act.id, item.code)
