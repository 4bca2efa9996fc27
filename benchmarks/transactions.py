"""Random transactions as a table: every kind of fact, unknowns, compositions, and figures on both sides of thresholds.

.venv/bin/python benchmarks/transactions.py INTO.parquet [--rows 1000000] [--seed 1]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from kido.register.store import register, terms

CONTENTS = ("Dy", "Tb", "Nd", "Fe", "B", "Sm", "Co", "W", "Ga", "Ge")
FIGURES = (0, 0.05, 0.1, 0.1, 0.099999, 0.100001, 0.5, 1, 2, 2.5, 5, 10, 29.5, 30, 50, 65, 68.2, 99, 99.9, 99.99)
PARTS = (0, 0.05, 0.1, 0.099999, 0.100001, 0.5, 1, 2, 2.5, 5, 7.25)  # contents that seldom add up to more than 100
BOUNDS = (">=99.9", "<0.1", "present", "1..5", "99.999", "5", "50", "100", "不明", "<50 um")
FLAGS = (
    "cn_origin",
    "military_end_user",
    "military_end_use",
    "foreign_made",
    "technology_supplied",
    "risk_known_or_informed",
    "composition_complete",
)
NUMBERS = ("purity_pct", "us_controlled_content_pct", "density_g_cm3")


class Draw:
    """Columns drawn with a seed of their own each, so that one more column changes no other."""

    def __init__(self, rows: int, seed: int):
        self.rows, self.seed = rows, seed

    def column(self, name: str, values: Sequence, filled: float, kind: pl.DataType | None = None) -> pl.Series:
        self.seed += 1
        found = pl.Series(name, list(values), dtype=kind).sample(self.rows, with_replacement=True, seed=self.seed)
        there = pl.Series([True] * round(filled * 100) + [False] * (100 - round(filled * 100)))
        return found.set(~there.sample(self.rows, with_replacement=True, seed=self.seed + 10_000), None)


def transactions(rows: int, seed: int = 1) -> pl.DataFrame:
    """A table with a heading for every fact, as `kido determine` reads it."""
    words, draw = terms(), Draw(rows, seed * 1_000)
    forms = [*words.choices["form"], *["magnet", "metal", "oxide", "alloy", "compound"] * 4]
    elements = ["Dy", "Tb", "Nd", "Sm", "W", "Ga", "Ge", "Sb", "Bi", "Fe", "Co", "In", "Mo", "Te", "Sc", "Y", "Lu", "mixed"]
    places = ["CN", "CN", "CN", "JP", "JP", "US", "DE", "KR", "RU", "VN", "TW", "KP", "GB", "ID", "CD"]
    codes = [*[item.code for act in register().instruments.values() for item in act.items][::7], "1C905", "9Z999"]
    first = date(2022, 1, 1)
    drawn = pl.DataFrame([
        pl.int_range(rows, eager=True).alias("id"),
        draw.column("date", [first + timedelta(days=n) for n in range(1_826)], 1),
        draw.column("act", ["export"] * 6 + ["reexport", "transit", "technology_transfer"], 0.9),
        draw.column("from", places, 0.95), draw.column("to", places[::-1], 0.95),
        draw.column("via", ["none", "none", "HK", "KR, CN", "JP"], 0.4), draw.column("origin", places, 0.5),
        draw.column("form", forms, 0.9), draw.column("element", elements, 0.6),
        draw.column("magnet_family", ["NdFeB", "SmCo", "ferrite"], 0.2), draw.column("substance", list(words.choices["substance"]), 0.15),
        draw.column("hs", ["850511", "8505111000", "284690", "81019410", "28", "2805301910", "853620"], 0.5),
        draw.column("control_code", codes, 0.05),
        *(draw.column(name, [True, False, False], 0.5) for name in FLAGS),
        *(draw.column(name, [float(figure) for figure in FIGURES], 0.3) for name in NUMBERS),
        draw.column("grain_size_um", BOUNDS, 0.2, pl.String()),
        *(draw.column(f"{symbol} wt%", [float(figure) for figure in PARTS], 0.3) for symbol in CONTENTS),
    ])  # fmt: skip
    return drawn.with_columns(pl.when(pl.col("origin").is_null()).then("cn_origin"), *(_said(drawn, symbol) for symbol in CONTENTS))


def _said(drawn: pl.DataFrame, symbol: str) -> pl.Expr:
    """Goods named for an element are not said to have none of it, but for one in five hundred: such rows are refused."""
    content = pl.col(f"{symbol} wt%")
    return (
        pl.when(
            (content > 0)
            | ((pl.col("element") != symbol).fill_null(True) & pl.col("substance").is_null() & pl.col("magnet_family").is_null())
            | (pl.col("id") % 500 == 0)
        )
        .then(content)
        .alias(f"{symbol} wt%")
    )


def write(into: Path, rows: int, seed: int = 1, piece: int = 1_000_000) -> None:
    """Write a table piece by piece, as row groups of one file."""
    if rows <= piece:
        transactions(rows, seed).write_parquet(into)
        return
    parts = [into.with_suffix(f".{number}.parquet") for number in range(-(-rows // piece))]
    for number, part in enumerate(parts):
        transactions(min(piece, rows - number * piece), seed + number).write_parquet(part)
    pl.scan_parquet(parts).sink_parquet(into)
    for part in parts:
        part.unlink()


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("into", type=Path)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    write(given.into, given.rows, given.seed)
