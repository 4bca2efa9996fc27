"""Do all readers agree? Random transactions over the whole register: the interpreter, Polars, DuckDB and Spark, every output compared.

    .venv/bin/python benchmarks/agreement.py [--rows 1000000] [--seed 1] [--piece 20000] [--spark-rows 1000000] [--no-interpreter]

Each piece is drawn, read and judged as columns; the interpreter judges the same rows one by one in several processes, and every line
of the summary and of the measures is held against it. DuckDB judges the prepared facts with the register as SQL, and every step that is asked for is held against Polars.
Spark judges a table of its own by `kido determine --on-spark`; every line is held against `kido determine`. Exit 1 if anything differs. A piece that agreed is counted in --state, so that a run
that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
from transactions import transactions, write

from kido.decide.batch import ROW, Batch, judge_rows
from kido.decide.columns import columns_of
from kido.decide.told import MEASURES, SUMMARY
from kido.register.store import register, terms
from kido.rule.columns import Columns as Steps

SPARK_PIECE = 100_000  # rows of one run on Spark; their lines are compared in memory
_OWN: list[Batch] = []


def batch_of(header: list[str]) -> Batch:
    return Batch(columns_of(header, terms()), register(), terms())


def one_by_one(header: list[str], rows: list) -> list:
    """In a process of its own."""
    if not _OWN:
        _OWN.append(batch_of(header))
    own = _OWN[0]
    return list(judge_rows(rows, own.columns, own.register, own.terms))


class Piece:
    """Rows that the columns settle, and what Polars says of them."""

    def __init__(self, batch: Batch, rows: int, seed: int):
        drawn = transactions(rows, seed)
        places = pl.format("row:{}", pl.int_range(pl.len()))
        self.frame = drawn.rename({name: str(at) for at, name in enumerate(drawn.columns)}).with_columns(places.alias("place"))
        self.frame = self.frame.with_row_index(ROW)
        self.batch, self.read = batch, batch.facts.read(self.frame, batch.sheet.wanted)
        self.settled = self.frame.filter(~self.read.look)
        more = self.frame[ROW], self.frame["place"], batch._ids(self.frame), batch.day_from(self.read.undated)
        self.facts = self.read.frame.with_columns(*more).filter(~self.read.look)
        self.steps = tuple(dict.fromkeys(batch.sheet.outputs.values()))
        self.judged = Steps(batch.sheet.graph, self.steps, self.read.same).add(self.facts, self.read.words)

    def interpreter(self, pool, header: list[str]) -> int:
        """Rows on which the interpreter says something else."""
        rows = self.batch._rows(self.settled)
        parts = [pool.submit(one_by_one, header, rows[start : start + 500]) for start in range(0, len(rows), 500)]
        singles = {one.row: one for part in parts for one in part.result()}
        summary, measures = self.batch.telling.summary(self.judged), self.batch.telling.measures(self.judged)
        lines: dict[int, list[tuple]] = {}
        for row, *line in measures.select(ROW, *MEASURES).iter_rows():
            lines.setdefault(row, []).append(tuple(line))
        differ = 0
        for row, *line in summary.select(ROW, *SUMMARY).iter_rows():
            told = tuple(value.isoformat() if isinstance(value, date) else value for value in line)
            one = singles[row]
            if one.rejected or told != one.summary or tuple(lines.get(row, ())) != one.measures:
                differ += 1
                if differ <= 3:
                    print("differs:", self.settled.filter(pl.col(ROW) == row).to_dicts(), told, one, sep="\n  ", file=sys.stderr)
        return differ

    def plain(self) -> pl.DataFrame:
        """The prepared facts as a database reads them: words as text, figures as decimals."""
        words = [
            pl.col(name).cat.to(pl.Enum(known)).cast(pl.String) for name, known in self.read.words.items() if name in self.facts.columns
        ]
        asked = {step[1] for step in self.batch.sheet.graph.steps if step[0] in _OF_COLUMNS}
        same = [pl.col(low).alias(high) for high, low in self.read.same.items()]
        frame = self.facts.with_columns(*words, *same)
        frame = frame.select(ROW, *sorted(asked & set(frame.columns) | {"on"}))
        return frame.with_columns(
            pl.selectors.by_dtype(pl.Int128, pl.Int64).exclude(ROW).cast(pl.Decimal(38, 0)), pl.col(ROW).cast(pl.Int64)
        )

    def differ(self, answered: pl.DataFrame) -> int:
        """Outputs that a database gives otherwise."""
        wanted = self.judged.select(ROW, *(f"#{step}" for step in self.steps)).sort(ROW)
        answered = answered.sort(ROW)
        assert answered[ROW].to_list() == wanted[ROW].to_list()
        found = 0
        for step in self.steps:
            ours, theirs = wanted[f"#{step}"], answered[f"#{step}"]
            theirs = theirs.cast(ours.dtype)
            found += (ours.ne_missing(theirs)).sum()
        return found


_OF_COLUMNS = ("column", "given", "among", "starts", "under_hs", "between", "always", "figure")


def in_duckdb(piece: Piece) -> pl.DataFrame:
    import duckdb

    from kido.rule.sql import Sql
    from kido.rule.sql_dialect import DIALECTS

    connection = duckdb.connect()
    for setting in DIALECTS["duckdb"].settings:
        connection.execute(setting)
    connection.register("facts", piece.plain().to_arrow(compat_level=pl.CompatLevel.oldest()))
    return pl.from_arrow(connection.sql(Sql(piece.batch.sheet.graph, piece.steps, "duckdb").query("facts", keep=(ROW,))).to_arrow_table())


def in_spark(rows: int, seed: int) -> int:
    """Lines of the answers, measures and rejected rows that Spark's workers give otherwise than this process, of one table."""
    import kido

    with tempfile.TemporaryDirectory() as folder:
        source, here, there = (Path(folder) / name for name in ("orders.parquet", "here.parquet", "there.parquet"))
        write(source, rows, seed)
        kido.batch(source, here)
        kido.on_spark(str(source), str(there))
        return sum(
            len(_lines(here.with_suffix(ending)) ^ _lines(there.with_suffix(ending)))
            for ending in (".parquet", ".measures.parquet", ".rejected.parquet")
        )


def _lines(path: Path) -> set[tuple]:
    return set(pl.read_parquet(path).cast(pl.String).iter_rows())


def main() -> None:
    asked = argparse.ArgumentParser()
    for name, value in (("rows", 1_000_000), ("seed", 1), ("piece", 20_000), ("spark-rows", 1_000_000)):
        asked.add_argument(f"--{name}", type=int, default=value)
    asked.add_argument("--no-interpreter", action="store_true")
    asked.add_argument("--state", type=Path, help="a file that keeps which pieces agreed")
    given = asked.parse_args()
    from loky import ProcessPoolExecutor

    done = json.loads(given.state.read_text()) if given.state and given.state.exists() else {}
    header = transactions(1).columns
    batch = batch_of(header)
    counted: Counter[str] = Counter(done.get("counted", {}))
    with ProcessPoolExecutor(os.cpu_count(), env={"POLARS_MAX_THREADS": "1"}) as pool:
        for number in range(-(-given.rows // given.piece)):
            if str(number) in done.get("pieces", []):
                continue
            start = time.perf_counter()
            piece = Piece(batch, min(given.piece, given.rows - number * given.piece), given.seed * 100_000 + number)
            counted["rows"] += piece.frame.height
            counted["rows left to the interpreter"] += int(piece.read.look.sum())
            if not given.no_interpreter:
                counted["rows compared with the interpreter"] += piece.settled.height
                counted["differ: interpreter"] += piece.interpreter(pool, header)
            counted["outputs compared with DuckDB"] += piece.settled.height * len(piece.steps)
            counted["differ: DuckDB"] += piece.differ(in_duckdb(piece))
            print(f"piece {number}: {time.perf_counter() - start:.0f} s, {dict(counted)}", flush=True)
            if given.state:
                done = {"pieces": [*done.get("pieces", []), str(number)], "counted": counted}
                given.state.write_text(json.dumps(done))
    for number in range(-(-given.spark_rows // SPARK_PIECE)):
        if f"spark {number}" in done.get("pieces", []):
            continue
        rows = min(SPARK_PIECE, given.spark_rows - number * SPARK_PIECE)
        counted["differ: Spark"] += in_spark(rows, given.seed * 100_000 + 50_000 + number)
        counted["rows compared with Spark"] += rows
        print(f"Spark {number}: {dict(counted)}", flush=True)
        if given.state:
            done = {"pieces": [*done.get("pieces", []), f"spark {number}"], "counted": counted}
            given.state.write_text(json.dumps(done))
    print("\n| what | count |\n| --- | ---: |\n" + "\n".join(f"| {name} | {count:,} |" for name, count in counted.items()))
    sys.exit(1 if any(count for name, count in counted.items() if name.startswith("differ")) else 0)


if __name__ == "__main__":
    main()
