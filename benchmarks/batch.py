"""A table of transactions judged in parts by several processes, beside the same rows one by one in one process.

    .venv/bin/python benchmarks/batch.py [--rows 4000]

The rows are golden cases in random order, each on its own day; every answer of the table is held against the single one.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import resource
import tempfile
import time
from pathlib import Path

import kido
from kido.errors import KidoError
from kido.register.cases import read_cases
from kido.register.store import register
from kido.terms.ground import ground

SEED = 20261124
ONE_BY_ONE = 400


def rows_of(count: int) -> list[dict[str, str]]:
    """Golden cases whose facts fit into cells."""
    found = []
    for case in read_cases(ground("cases"), register().instruments):
        facts = case.facts.plain() if hasattr(case.facts, "plain") else dict(case.facts)
        flat = {name: value for name, value in facts.items() if isinstance(value, str | int | float | bool)}
        contents = facts.get("composition")
        if isinstance(contents, dict):
            flat["composition"] = ", ".join(f"{element} {value}" for element, value in contents.items() if not isinstance(value, dict))
        if not any(isinstance(value, dict | list) for name, value in facts.items() if name != "composition"):
            found.append(
                {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in flat.items()} | {"on": str(case.on)}
            )
    chosen = random.Random(SEED)
    return [chosen.choice(found) for _ in range(count)]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=4000)
    rows = rows_of(asked.parse_args().rows)
    header = list(dict.fromkeys(name for row in rows for name in row))
    with tempfile.TemporaryDirectory() as folder:
        source, into = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["row", *header])
            writer.writeheader()
            writer.writerows({"row": str(number)} | row for number, row in enumerate(rows))
        start = time.perf_counter()
        found = kido.batch(source, into, columns={"row": "id"})
        seconds = time.perf_counter() - start
        with into.open(encoding="utf-8-sig", newline="") as file:
            answers = {int(row["id"]): row["answer"] for row in csv.DictReader(file)}
    start = time.perf_counter()
    differ = 0
    for number, row in enumerate(rows[:ONE_BY_ONE]):
        try:
            single = kido.determine(row).answer
        except KidoError:
            single = None
        differ += answers.get(number) != single
    alone = (time.perf_counter() - start) / ONE_BY_ONE
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n\n| what | figure |\n| --- | ---: |")
    print(f"| table of {found.rows:,} rows ({found.rejected} rejected), rows per second | {found.rows / seconds:,.0f} |")
    print(f"| one by one in one process, rows per second | {1 / alone:,.0f} |")
    print(f"| answers that differ, of {ONE_BY_ONE} | {differ} |")
    print(f"| memory of the run and its largest process, MB | {memory:,.0f} |")


if __name__ == "__main__":
    main()
