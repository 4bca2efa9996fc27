"""Determination: one case with reasons, the register itself, cold command, import time, and batch beside the interpreter.

    .venv/bin/python benchmarks/determine.py [--write]

Prints a table; --write puts it into docs/benchmarks.md.  The peer in the same run is the bare
interpreter start for the command, and the Polars reader of the same rules for the judge.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

from kido import __version__

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "supplier-letter.yaml"
BATCH = 20_000
EXPORTS = ("json", "csv", "parquet", "sqlite", "qr", "mast2019", "oecd", "gta")


def median_ms(times: list[float]) -> float:
    return statistics.median(times) * 1000


def timed(command: list[str], runs: int = 15) -> float:
    """Median wall time of a command in ms, after one warm-up."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    return median_ms(times[1:])


def single() -> dict[str, float]:
    """One determination with reasons and missing facts, over every golden case, register warm."""
    from kido.decide.determine import determine
    from kido.decide.transaction import read_transaction
    from kido.face import view
    from kido.register.cases import read_cases
    from kido.register.store import register, terms

    cases = read_cases(ROOT / "cases", register().instruments)
    read, judged, viewed = [], [], []
    for round_ in range(2):
        for case in cases:
            a = time.perf_counter()
            transaction = read_transaction(case.facts, terms(), case.on)
            b = time.perf_counter()
            found = determine(register(), terms(), transaction, case.on, case.known_on)
            c = time.perf_counter()
            view.determination(found, "ja")
            d = time.perf_counter()
            if round_:
                read.append(b - a)
                judged.append(c - b)
                viewed.append(d - c)
    return {
        "cases": len(cases),
        "read the facts, median ms": median_ms(read),
        "determine with reasons and missing facts, median ms": median_ms(judged),
        "determine, 95th percentile ms": sorted(judged)[int(0.95 * len(judged))] * 1000,
        "put into words, median ms": median_ms(viewed),
    }


def shelf() -> dict[str, float]:
    """The register itself: from the cache, beside Python's own JSON reader on the same register; searches; exchange."""
    import json
    import tempfile

    from kido import desk
    from kido.register import store
    from kido.register.exchange import export, plain

    def loaded() -> object:
        store._compiled.cache_clear()
        return store.register()

    text = plain.write_json(store.register())
    with tempfile.TemporaryDirectory() as folder:
        done = {f"export as {name}, ms": once(lambda name=name: export(store.register(), name, Path(folder) / name)) for name in EXPORTS}
    return {
        "register from the cache, ms": several(loaded),
        "the same register as JSON, json.loads, ms": several(lambda: json.loads(text)),
        "as-of 2012-06-30 for Dy, ms": several(lambda: desk.as_of("2012-06-30", element="Dy")),
        "search by a word, ms": several(lambda: desk.search(word="永久磁石")),
        "diff of a year, ms": several(lambda: desk.diff("2025-01-01", "2026-01-01")),
        **done,
        "JSON read back through the strict reader, ms": once(lambda: plain.read_json(text, store.terms())),
    }


def once(work) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def several(work, runs: int = 15) -> float:
    return statistics.median(once(work) for _ in range(runs + 1))


def cold() -> dict[str, float]:
    """The command from nothing, beside a bare interpreter and the import of its own modules."""
    python = sys.executable
    bare = timed([python, "-c", "pass"])
    imports = timed([python, "-c", "import kido.desk, kido.face.view, kido.face.cli.main, kido.face.cli.answer, kido.face.cli.page"])
    command = timed([python, "-m", "kido", "determine", str(EXAMPLE)])
    return {
        "bare interpreter, ms": bare,
        "interpreter and imports, ms": imports,
        "kido determine, cold, ms": command,
        "import share of the command, %": 100 * (imports - bare) / command,
    }


def batch() -> dict[str, float]:
    """Every item rule of the register on many cases: judge one by one, and Polars."""
    from kido.decide.transaction import read_transaction
    from kido.register.cases import read_cases
    from kido.register.store import register, terms
    from kido.rule.case_table import table_of
    from kido.rule.columns import judge_table
    from kido.rule.judge import judge

    facts = [read_transaction(case.facts, terms(), case.on).facts for case in read_cases(ROOT / "cases", register().instruments)]
    rules = [item.when for act in register().instruments.values() for item in act.items if item.when is not None]
    start = time.perf_counter()
    for one in facts[:200]:
        for rule in rules:
            judge(rule, one)
    judged = 200 * len(rules) / (time.perf_counter() - start)
    many = (facts * (BATCH // len(facts) + 1))[:BATCH]
    table = table_of(many)
    start = time.perf_counter()
    for rule in rules:
        judge_table(rule, table)
    columns = BATCH * len(rules) / (time.perf_counter() - start)
    return {
        "judge, rule x case per second": judged,
        f"columns (Polars), rule x case per second, {BATCH} cases": columns,
        "columns to judge, ratio": columns / judged,
    }


def main() -> None:
    rows = single() | shelf() | cold() | batch()
    rows["memory of this run, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = ["| what | figure |", "| --- | ---: |"]
    lines += [f"| {name} | {figure:,.2f} |" if figure < 1000 else f"| {name} | {figure:,.0f} |" for name, figure in rows.items()]
    machine = (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, Polars {version('polars')}, kido {__version__}"
    )
    text = "\n".join(lines)
    print(machine, text, sep="\n\n")
    if "--write" in sys.argv:
        head = "# Benchmarks\n\nMade by `benchmarks/determine.py --write`; measured, not promised. Machine: "
        page = ROOT / "docs" / "benchmarks.md"
        others = page.read_text(encoding="utf-8").partition("\n## ")  # sections of other benchmarks stay
        page.write_text(f"{head}{machine}.\n\n{text}\n{''.join(others[1:])}", encoding="utf-8")


if __name__ == "__main__":
    main()
