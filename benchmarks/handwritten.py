"""Rules of the register compiled to Polars beside the same predicates written by hand, on the same columns; every answer compared.

    .venv/bin/python benchmarks/handwritten.py [--rows 1000000] [--runs 5]

Sixteen entries of MOFCOM/GACC Nos. 10 and 18 of 2025. The table has words (form, element, substance, crystallinity) and contents within
bounds; a third of the cells are empty. By hand as one would write it: `when` for contents within bounds, `&` and `|` for the rest.
Exit 1 if an answer differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import polars as pl

from kido.register.store import register, terms
from kido.rule.columns import Columns, numbered
from kido.rule.graph import Graph
from kido.rule.tabular import WORD, Reader, Wanted

ELEMENTS = ("Sm", "Co", "Fe", "Ni", "Al", "Mg", "Gd")
COUNTS = (0, 1, 50_000_000_000, 100_000_000_000, 2_500_000_000_000, 30_000_000_000_000)


def more_than_nothing(symbol: str) -> pl.Expr:
    return pl.when(pl.col(f"{symbol}.low") > 0).then(True).when(pl.col(f"{symbol}.high") <= 0).then(False).otherwise(None)


def form(*words: str) -> pl.Expr:
    return pl.col("form").is_in(list(words)) if len(words) > 1 else pl.col("form") == words[0]


def substance(word: str) -> pl.Expr:
    return pl.col("substance") == word


CRYSTAL = form("crystal", "article") | (form("compound", "target", "scrap") & pl.col("crystallinity").is_in(["single", "poly"]))
BY_HAND = {
    "cn-mofcom-gacc-2025-10/1C117.d.1": form("compound", "mixture") & substance("ammonium_paratungstate"),
    "cn-mofcom-gacc-2025-10/6C002.b.1": CRYSTAL & substance("cadmium_telluride"),
    "cn-mofcom-gacc-2025-10/6C002.b.2": CRYSTAL & substance("cadmium_zinc_telluride"),
    "cn-mofcom-gacc-2025-10/6C002.b.3": CRYSTAL & substance("mercury_cadmium_telluride"),
    "cn-mofcom-gacc-2025-10/6C001.b": form("compound", "crystal", "mixture", "article", "scrap", "target") & substance("bismuth_germanate"),
    "cn-mofcom-gacc-2025-10/6C001.c": form("compound", "mixture") & substance("triphenylbismuth"),
    **{
        f"cn-mofcom-gacc-2025-18/1C902.a.2.{letter}": form("alloy") & more_than_nothing("Sm") & more_than_nothing(symbol)
        for letter, symbol in zip("abcde", ("Co", "Fe", "Ni", "Al", "Mg"), strict=True)
    },
    "cn-mofcom-gacc-2025-18/1C902.a.3.a": form("target") & more_than_nothing("Sm"),
    "cn-mofcom-gacc-2025-18/1C902.a.3.b": form("target") & more_than_nothing("Sm") & more_than_nothing("Co"),
    "cn-mofcom-gacc-2025-18/1C902.a.3.c": form("target") & more_than_nothing("Sm") & more_than_nothing("Fe"),
    "cn-mofcom-gacc-2025-18/1C902.b": form("oxide", "mixture") & more_than_nothing("Sm"),
    "cn-mofcom-gacc-2025-18/1C903.a.2.a": form("alloy") & more_than_nothing("Gd") & more_than_nothing("Mg"),
}


def table(rows: int) -> pl.DataFrame:
    """Words, and contents as lowest and highest value."""
    words = {
        "form": list(terms().choices["form"]),
        "substance": list(terms().choices["substance"]),
        "crystallinity": ["single", "poly", "none"],
    }

    def drawn(values: list, seed: int) -> pl.Series:
        return pl.Series([*values, *[None] * (len(values) // 2)]).sample(rows, with_replacement=True, seed=seed)

    columns = {name: drawn(values, seed) for seed, (name, values) in enumerate(words.items())}
    for seed, symbol in enumerate(ELEMENTS, 10):
        ends = [pl.Series(COUNTS).sample(rows, with_replacement=True, seed=seed * 10 + end) for end in (0, 1)]
        columns |= {
            f"{symbol}.low": pl.select(pl.min_horizontal(*ends)).to_series(),
            f"{symbol}.high": pl.select(pl.max_horizontal(*ends)).to_series(),
        }
    return pl.DataFrame(columns)


def best(run: Callable[[], pl.DataFrame], runs: int) -> tuple[float, pl.DataFrame]:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        found = run()
        times.append(time.perf_counter() - start)
    return min(times), found


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--runs", type=int, default=5)
    given = asked.parse_args()
    frame = table(given.rows)
    rules = {f"{act.id}/{item.code}": item.when for act in register().instruments.values() for item in act.items}
    graph, wanted = Graph(), Wanted()
    kinds = dict.fromkeys(("form", "substance", "crystallinity"), WORD)
    reader = Reader(graph, kinds, terms(), wanted, frozenset(("composition",)))
    steps = {name: reader.read(rules[name]) for name in BY_HAND}
    named = {name: next(iter(node.where.values)) for node, name in wanted.totals.items()}
    totals = [pl.col(f"{symbol}.{end}").alias(f"{name}.{end}") for name, symbol in named.items() for end in ("low", "high")]
    compiled = Columns(graph, tuple(steps.values()))

    def ours() -> pl.DataFrame:
        plain, words = numbered(frame.with_columns(totals))
        return compiled.add(plain, words).select(pl.col(f"#{step}").alias(name) for name, step in steps.items())

    plain, words = numbered(frame.with_columns(totals))
    rules_alone = best(lambda: compiled.add(plain, words), given.runs)[0]
    whole, told = best(ours, given.runs)
    by_hand, wanted_ = best(lambda: frame.select(rule.alias(name) for name, rule in BY_HAND.items()), given.runs)
    differ = sum((told[name].ne_missing(wanted_[name])).sum() for name in BY_HAND)
    print(f"| {len(BY_HAND)} rules x {given.rows:,} rows, best of {given.runs} | seconds | to by hand |\n| --- | ---: | ---: |")
    print(f"| by hand | {by_hand:.3f} | 1 |\n| compiled, words numbered first | {whole:.3f} | {whole / by_hand:.2f} |")
    print(f"| compiled, the rules alone | {rules_alone:.3f} | {rules_alone / by_hand:.2f} |\n| answers that differ | {differ} | |")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
