"""Rows of a table judged as columns and one by one are the same, word by word; a smaller form of `benchmarks/agreement.py`."""

import random
from datetime import date

import polars as pl
import pytest

from benchmarks.transactions import transactions
from kido.decide.batch import ROW, Batch, judge_rows
from kido.decide.columns import columns_of
from kido.decide.determine import determine
from kido.decide.transaction import read_transaction
from kido.register.store import register, terms

DAY = date(2023, 8, 1)
FLAGS = (
    "form_is_exact",
    "element_is_exact",
    "magnet_family_is_exact",
    "composition_complete",
    "cn_origin",
    "military_end_user",
    "calcined",
)
FIGURES = (
    "0",
    "0.1",
    "0.5",
    "2.5",
    "5",
    "10",
    "50",
    "99.9",
    "99.999",
    ">=99.9",
    "<0.1",
    "present",
    "0.00",
    "1..5",
    "unknown",
    "ND",
    "0.099999",
)


def written(rows: int, seed: int) -> pl.DataFrame:
    """Cells as people write them: bounds, words, powders, balances, aliases, wrong days."""
    r, words = random.Random(seed), terms()

    def some(share: float, *values: str) -> list[str]:
        return [r.choice(values) if r.random() < share else "" for _ in range(rows)]

    places = ("CN", "Japan", "JP", "US", "DE", "ロシア", "KP", "VN")
    return pl.DataFrame({
        "id": [str(number) for number in range(rows)], "on": some(0.98, "2023-08-01", "2025-04-04", "2025-11-10", "2026-11-23", "2026-13-01"),
        "act": some(0.8, "export", "輸出", "reexport", "transit", "technology_transfer"), "from": some(0.8, *places), "to": some(0.8, *places),
        "via": some(0.5, "none", "HK", "KR, CN"), "origin": some(0.4, *places), "form": some(0.8, *words.choices["form"], "磁石", "powder", "粉末"),
        "element": some(0.6, "Dy", "ネオジム", "Sm", "W", "Fe", "mixed"), "magnet_family": some(0.3, "NdFeB", "SmCo", "ferrite"),
        "substance": some(0.2, *words.choices["substance"]), "equipment": some(0.1, *words.choices["equipment"]),
        "hs": some(0.4, "8505.11", "284690", "81019410"), "control_code": some(0.15, "1C905", "1C902.a", "2(25)", "all", "9Z999"),
        "control_code_list": some(0.1, "CN", "JP", "EU"), **{name: some(0.35, "true", "false", "はい", "不明") for name in FLAGS},
        **{name: some(0.35, *FIGURES) for name in ("purity_pct", "grain_size_um", "us_controlled_content_pct", "value_jpy")},
        **{f"{symbol} wt%": some(0.3, *FIGURES, "balance", "残部", "0.05") for symbol in ("Dy", "Nd", "Fe", "B", "Sm", "Co")},
    })  # fmt: skip


def both_ways(table: pl.DataFrame) -> tuple[list, list, list, list]:
    batch = Batch(columns_of(table.columns, terms()), register(), terms())
    frame = table.rename({name: str(at) for at, name in enumerate(table.columns)})
    frame = frame.with_columns(pl.format("row:{}", pl.int_range(pl.len())).alias("place"))
    settled = []
    piece = batch.piece(frame, lambda rows: settled.extend(row for row, *_ in rows) or batch.alone(rows))
    singles = list(judge_rows(batch._rows(frame.with_row_index(ROW)), batch.columns, register(), terms()))
    assert len(settled) < len(singles) * 0.5  # most rows are settled as columns
    told = [tuple(row) for row in piece.summary.cast(pl.String).iter_rows()]
    measures = [tuple(row) for frame in piece.measures for row in frame.cast(pl.String).iter_rows()]
    assert piece.rows == len(told) + piece.bad
    return told, [one.summary for one in singles if one.summary], measures, [measure for one in singles for measure in one.measures]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cells_as_people_write_them(seed):
    told, wanted, measures, wanted_measures = both_ways(written(700, seed))
    assert told == wanted
    assert measures == wanted_measures
    assert len({row[4] for row in wanted}) >= 3  # kinds of answers


def test_typed_columns_as_programs_write_them():
    told, wanted, measures, wanted_measures = both_ways(transactions(1200, seed=4))
    assert told == wanted and measures == wanted_measures


def test_what_an_element_may_be_beside_its_name_is_not_taken_from_another_row():
    """Kept noes of entries once forgot it, and the second answer depended on the first."""
    goods = {"act": "transit", "destination": "GB", "element": "Sm", "composition": {"Fe": ">=99.9"}}
    alone = determine(register(), terms(), read_transaction(goods, terms()), DAY)
    determine(register(), terms(), read_transaction({"element": "Sm", "act": "transit"}, terms()), DAY)
    again = determine(register(), terms(), read_transaction(goods, terms()), DAY)
    assert [f.answer for f in alone.findings] == [f.answer for f in again.findings]
    found = alone.finding("id-mem-11-2019-nickel/1")
    assert found is None or again.finding("id-mem-11-2019-nickel/1").answer == found.answer


def test_a_complete_list_does_not_rule_out_mixed_goods():
    """What is mixed is no element: it stays possible until a majority is known."""
    goods = {"magnet_family": "NdFeB", "composition": {"Tb": "0.1", "Sm": "balance", "Co": "2"}, "composition_complete": True}
    facts = read_transaction(goods, terms()).facts
    assert "mixed" not in facts.excluded["element"] and "Ga" in facts.excluded["element"]
