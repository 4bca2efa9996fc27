"""Tables of transactions: `kido determine FILE` beside the same rows one by one, in DuckDB and on Spark; time, memory, a chart.

    .venv/bin/python benchmarks/tables.py [--rows 1000000] [--runs 3] [--write]

Every way judges random transactions by the whole register. Time and memory are those of the whole command as the system counts
them (`wait4` of the child, and the kernel's `VmHWM` of its processes). --write puts the table and the chart into docs/.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

import polars as pl
from agreement import Piece, batch_of, in_duckdb
from transactions import transactions, write

from kido import __version__
from kido.decide.batch import judge_rows

ROOT = Path(__file__).resolve().parent.parent
PAGE, CHART = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "benchmarks-tables.svg"
BEGIN, END = "<!-- tables: made by benchmarks/tables.py -->", "<!-- end of tables -->"
LEAST = 10  # where the bars begin
KIDO = Path(sys.executable).with_name("kido")


class Peaks(threading.Thread):
    """The highest memory of each process of a command, read while it runs; bytes."""

    def __init__(self, root: int):
        super().__init__(daemon=True)
        self.root, self.peaks = root, {}

    def run(self) -> None:
        while Path(f"/proc/{self.root}").exists():
            for process in self._family():
                try:
                    lines = Path(f"/proc/{process}/status").read_text().splitlines()
                except OSError:
                    continue
                high = next((line for line in lines if line.startswith("VmHWM")), None)
                if high:
                    self.peaks[process] = int(high.split()[1]) * 1024
            time.sleep(0.05)

    def _family(self) -> list[int]:
        found = [self.root]
        for one in found:
            for tasks in Path(f"/proc/{one}/task").glob("*/children"):
                try:
                    found += map(int, tasks.read_text().split())
                except OSError:
                    continue
        return found


def command(source: Path, folder: Path, *more: str) -> dict[str, float]:
    """Seconds, processor seconds and memory of one run of the command."""
    start = time.perf_counter()
    child = subprocess.Popen([KIDO, "determine", source, "-o", folder / f"out-{time.time_ns()}.parquet", *more], stdout=subprocess.DEVNULL)
    peaks = Peaks(child.pid)
    peaks.start()
    _, code, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(code):
        raise SystemExit("the command failed")
    peaks.join()
    high = sorted(peaks.peaks.values(), reverse=True)
    return {"seconds": seconds, "processor": used.ru_utime + used.ru_stime, "one": high[0] / 1e9, "all": sum(high) / 1e9}


def one_by_one(rows: int) -> float:
    """Rows a second of the interpreter with reasons, after a warm start."""
    batch, frame = batch_of(transactions(1).columns), Piece(batch_of(transactions(1).columns), 2 * rows, 77)
    read = frame.batch._rows(frame.settled)
    list(judge_rows(read[:rows], batch.columns, batch.register, batch.terms))
    start = time.perf_counter()
    done = len(list(judge_rows(read[rows:], batch.columns, batch.register, batch.terms)))
    return done / (time.perf_counter() - start)


def duckdb(rows: int) -> float:
    piece = Piece(batch_of(transactions(1).columns), rows, 78)
    start = time.perf_counter()
    found = in_duckdb(piece)
    seconds = time.perf_counter() - start
    if piece.differ(found):
        raise SystemExit("DuckDB differs")
    return piece.settled.height / seconds


def chart(ways: dict[str, float]) -> None:
    """Rows a second of each way, on a scale of powers of ten, the figure written beside its bar."""
    import altair as alt
    import vl_convert

    slowest = min(ways.values())
    frame = pl.DataFrame(
        {"way": list(ways), "rate": list(ways.values()), "told": [f"{rate:,.0f}  ({rate / slowest:,.0f} ×)" for rate in ways.values()]}
    )
    base = alt.Chart(frame).encode(
        y=alt.Y("way", sort=None, title=None, axis=alt.Axis(labelLimit=320)),
        x=alt.X(
            "rate",
            scale=alt.Scale(type="log", domain=[LEAST, 1_000_000]),
            axis=alt.Axis(values=[10**power for power in range(1, 7)], format=","),
            title="transactions a second, whole register (log scale)",
        ),
    )
    drawn = base.mark_bar(color="#1f4e79", height=18).encode(x2=alt.datum(LEAST)) + base.mark_text(align="left", dx=5).encode(text="told")
    shown = drawn.properties(width=420, height=34 * len(ways), title=f"One table, every measure: {machine()}").configure(
        font="sans-serif", background="white"
    )
    CHART.write_text(vl_convert.vegalite_to_svg(shown.to_json()), encoding="utf-8")


def listed(runs: list[dict[str, float]], what: str) -> str:
    return ", ".join(f"{run[what]:.1f}" for run in runs)


def machine() -> str:
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, Polars {version('polars')}, kido {__version__}"
    )


def main() -> None:
    asked = argparse.ArgumentParser()
    for name, value in (("rows", 1_000_000), ("runs", 3), ("spark-rows", 200_000), ("duckdb-rows", 100_000), ("single-rows", 1_000)):
        asked.add_argument(f"--{name}", type=int, default=value)
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, few = Path(folder) / "transactions.parquet", Path(folder) / "few.parquet"
        write(source, given.rows, 1)
        write(few, given.spark_rows, 2)
        runs = [command(source, Path(folder)) for _ in range(given.runs)]
        spark = command(few, Path(folder), "--on-spark")
    middle = statistics.median(run["seconds"] for run in runs)
    ways = {
        "kido determine FILE (Polars, a process for each core)": given.rows / middle,
        "the same rules in DuckDB, facts prepared": duckdb(given.duckdb_rows),
        f"--on-spark, local, {given.spark_rows:,} rows, start included": given.spark_rows / spark["seconds"],
        "one by one, with reasons (one process)": one_by_one(given.single_rows),
    }
    slowest = min(ways.values())
    lines = [
        f"Machine: {machine()}, DuckDB {version('duckdb')}, Spark {version('pyspark')}.",
        "",
        "| way | to one by one | rows a second |",
    ]
    lines += ["| --- | ---: | ---: |", *(f"| {way} | {rate / slowest:,.0f} × | {rate:,.0f} |" for way, rate in ways.items()), ""]
    lines += [f"| {given.rows:,} transactions from Parquet, {given.runs} runs | figure |", "| --- | ---: |"]
    lines += [
        f"| seconds | {listed(runs, 'seconds')} |",
        f"| processor seconds | {listed(runs, 'processor')} |",
        f"| highest memory of one process, GB | {max(run['one'] for run in runs):.2f} |",
        f"| highest memory of all processes together, GB | {max(run['all'] for run in runs):.2f} |",
    ]
    print("\n".join(lines))
    if given.write:
        chart(ways)
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        after = rest.partition(END)[2]
        body = "\n".join(lines)
        PAGE.write_text(f"{before}{BEGIN}\n{body}\n\n![Transactions a second]({CHART.name})\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
