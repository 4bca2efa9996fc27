"""The whole register's sheet in databases: DuckDB and Spark answer every output as Polars does, and every kind of step as Python does."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kido.decide.compared import compare
from kido.decide.match import unheld
from kido.decide.transaction import read_transaction
from kido.errors import KidoError
from kido.register.cases import read_cases
from kido.register.store import register, terms
from kido.rule.graph import Graph
from kido.rule.sql import Sql
from kido.rule.sql_dialect import DIALECTS, SPARK
from kido.rule.totals import compared, share_bounds
from kido.terms.amounts import LIMIT, SCALE, Amount
from kido.terms.ground import ground
from kido.terms.hs import hs_below

pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")
FEW = 150  # cases for Spark, from all over the register: most of its time goes into planning

Ask = Callable[[str, dict], object]  # query and tables -> Arrow table


@pytest.fixture(scope="module")
def duckdb() -> Ask:
    connection = pytest.importorskip("duckdb").connect()
    for setting in DIALECTS["duckdb"].settings:
        connection.execute(setting)

    def ask(query: str, tables: dict):
        for name, rows in tables.items():
            connection.register(name, rows)
        return connection.sql(query).to_arrow_table()

    return ask


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    builder = sql.SparkSession.builder.master("local[2]").appName("kido")
    for key, value in SPARK.items():
        builder = builder.config(key, value)
    builder = builder.config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
    session = builder.getOrCreate()

    def ask(query: str, tables: dict):
        for name, rows in tables.items():
            session.createDataFrame(rows).createOrReplaceTempView(name)
        return session.sql(query).toArrow()

    yield ask
    session.stop()


@pytest.fixture(params=["duckdb", "spark"])
def database(request) -> tuple[str, Ask]:
    return request.param, request.getfixturevalue(request.param)


# -- every kind of step ---------------------------------------------------------------------

THREE = (True, False, None)
WORDS = ("3C001", "3C001.a", "it's", "a\\b", "${x}", 'say "x"', "磁石", None)
TARIFF = ("28", "2846", "284690", "28053011", "2805301910", "8505", "85", None)
DAYS = (date(2019, 6, 1), date(2025, 1, 1), date(2025, 12, 31), date(9999, 12, 31), None)
ENDS = (0, 1, 2, 3, 7, SCALE - 1, SCALE, SCALE + 1, 10 * SCALE, 10**23 - 1, 10**23, LIMIT - 1, LIMIT)
BELOW = (-1, -2, -7, 1 - SCALE, -SCALE, -1 - SCALE, -LIMIT)
FACTORS = ((0, 1), (1, 2), (1, 3), (1, 10), (3, 1), (10, 1), (3, 2), (999_999_999_999, 10**12), (10**12, 1))


def rows_of(r: random.Random, count: int) -> list[dict]:
    def pair(most: tuple[int, ...]) -> tuple[int | None, int | None]:
        low, high = sorted(r.choices(most, k=2))
        return r.choice(((low, high), (low, high), (low, low), (None, None)))

    rows = []
    for case in range(count):
        row = {"case": case, **{name: r.choice(THREE) for name in "abcd"}, "word": r.choice(WORDS), "hs": r.choice(TARIFF)}
        row |= {"day": r.choice(DAYS), "on": r.choice(DAYS[:-1])}
        for name, most in (("x", ENDS), ("y", ENDS + BELOW), ("whole", ENDS)):
            row[f"{name}.low"], row[f"{name}.high"] = pair(most)
        rows.append(row)
    return rows


class Steps:
    """Writes random steps of every kind."""

    def __init__(self, r: random.Random):
        self.r, self.g = r, Graph()

    def truth(self, depth: int) -> int:
        g, r = self.g, self.r
        if depth == 0:
            return self.leaf()
        more = [self.truth(depth - 1) for _ in range(r.randint(2, 4))]
        return r.choice((
            lambda: g.both(more), lambda: g.either(more), lambda: g.no(more[0]), lambda: g.no(more[0]), lambda: g.sure(more[0]),
            lambda: g.maybe(more[0]), lambda: g.unknown(more[0]), lambda: g.unknown(g.no(more[0])), lambda: g.sure(g.no(more[0])),
            lambda: g.maybe(g.no(more[0])), lambda: g.within(more[0], more[1]), lambda: g.choose(g.sure(more[0]), more[1], more[-1]),
            lambda: g.choose(g.unknown(more[0]), g.const(r.choice(THREE)), more[-1]),
            lambda: g.choose(g.maybe(more[0]), more[1], g.const(r.choice(THREE))),
            lambda: g.equals(self.number(depth - 1), r.randint(0, 4)), lambda: g.lower(self.number(depth - 1), self.number(depth - 1)),
        ))()  # fmt: skip

    def leaf(self) -> int:
        g, r = self.g, self.r
        words = [word for word in r.sample(WORDS, 2) if word]
        days = sorted(day for day in r.sample(DAYS[:-1], 2))
        return r.choice((
            *(lambda: g.column(r.choice("abcd")),) * 4, lambda: g.const(r.choice(THREE)), lambda: g.given(r.choice(("word", "day", "x.low"))),
            lambda: g.among("word", words), lambda: g.among("word", ()), lambda: g.starts("word", words),
            lambda: g.under_hs("hs", r.choice(TARIFF[:-1])), lambda: g.between("day", *days), lambda: g.between("on", *days), self.compare, self.compare,
        ))()  # fmt: skip

    def compare(self) -> int:
        return self.g.compare(self.figure(2), self.r.choice(("<", "<=", ">", ">=", "==", "!=")), self.figure(1))

    def figure(self, depth: int) -> tuple[int, int]:
        g, r = self.g, self.r
        name, (low, high) = r.choice(("x", "y")), r.choice(((None, None), (0, LIMIT), (0, 0)))
        plain = g.figure(f"{name}.low", low), g.figure(f"{name}.high", high)
        if depth == 0 or r.random() < 0.3:
            return r.choice((plain, (g.whole(r.choice(ENDS + BELOW)),) * 2))
        kind = r.random()
        if kind < 0.3:
            low, high = self.figure(depth - 1), self.figure(depth - 1)
            return g.plus(low[0], high[0]), g.plus(low[1], high[1])
        if kind < 0.6:
            inner, (top, bottom) = self.figure(0), r.choice(FACTORS)
            return g.times(inner[0], top, bottom, False), g.times(inner[1], top, bottom, True)
        low, high = g.figure("x.low", 0), g.figure("x.high", 0)
        return g.share(low, g.figure("whole.high", LIMIT), "low"), g.share(high, g.figure("whole.low", 0), "high")

    def number(self, depth: int) -> int:
        g, r = self.g, self.r
        if depth == 0 or r.random() < 0.2:
            return g.rank(r.randint(0, 4))
        more = [self.number(depth - 1) for _ in range(3)]
        cases = [(g.sure(self.truth(depth - 1)), number) for number in more[:2]]
        return g.pick(cases, more[2])


def answer(g: Graph, number: int, row: dict):
    """What a step is for a row, in plain Python."""
    kind, *rest = g.steps[number]

    def of(part: int):
        return answer(g, part, row)

    match kind, *rest:
        case ("const" | "rank" | "whole", value):
            return value
        case ("column", name):
            return row[name]
        case ("both" | "either", parts):
            found, settled = [of(part) for part in parts], kind == "either"
            return settled if settled in found else None if None in found else not settled
        case ("no", part):
            return None if of(part) is None else not of(part)
        case ("sure", part):
            return of(part) is True
        case ("maybe", part):
            return of(part) is not False
        case ("unknown", part):
            return of(part) is None
        case ("choose", condition, then, otherwise):
            return of(then) if of(condition) else of(otherwise)
        case ("given", name):
            return row[name] is not None
        case (("among" | "starts" | "under_hs" | "between" | "always"), name, *_) if row[name] is None:
            return None
        case ("among", name, values):
            return row[name] in values
        case ("starts", name, values):
            return row[name].startswith(values)
        case ("under_hs", name, digits):
            return hs_below(row[name], digits)
        case ("between" | "always", name, first, last):
            return first <= row[name] <= last
        case ("compare", a, b, op, c, d):
            ends = [of(end) for end in (a, b, c, d)]
            return _compared(ends, op)
        case ("figure", name, otherwise):
            return otherwise if row[name] is None else row[name]
        case ("plus", left, right):
            return None if None in (of(left), of(right)) else of(left) + of(right)
        case ("times", part, top, bottom, up):
            found = of(part)
            return None if found is None else -(-found * top // bottom) if up else found * top // bottom
        case ("share", part, whole, "low"):
            return share_bounds((of(part), LIMIT), Amount(0, of(whole)))[0]
        case ("share", part, whole, "high"):
            return share_bounds((0, of(part)), Amount(of(whole), LIMIT))[1]
        case ("pick", cases, otherwise):
            return of(next((then for condition, then in cases if of(condition)), otherwise))
        case ("is", part, value):
            return of(part) == value
        case ("less", left, right):
            return of(left) < of(right)
    raise TypeError(kind)


def _compared(ends: list[int | None], op: str):
    """Unknown ends settle nothing; one known side of a fact that lacks the other never stands in a table."""
    return None if None in ends else compared((ends[0], ends[1]), op, (ends[2], ends[3]))


def asked(dialect: str, ask: Ask, g: Graph, steps: list[int], rows: list[dict]) -> dict[int, list]:
    """The answers of steps; figures as texts, for not every exchange holds their type."""
    schema = {"case": pl.Int64, **dict.fromkeys("abcd", pl.Boolean), "word": pl.String, "hs": pl.String, "day": pl.Date, "on": pl.Date}
    schema |= {f"{name}.{end}": pl.Decimal(38, 0) for name in ("x", "y", "whole") for end in ("low", "high")}
    query = Sql(g, tuple(steps), dialect).query("steps", keep=("case",))
    figures = [n for n in steps if g.steps[n][0] in ("times", "share", "plus")]
    q = DIALECTS[dialect].name
    columns = ", ".join(
        f"CAST({q(f'#{n}')} AS {'VARCHAR(50)' if n in figures else _kind(g, n)}) AS {q(f'#{n}')}" for n in dict.fromkeys(steps)
    )
    found = ask(f"SELECT {columns} FROM ({query}) AS found ORDER BY {q('case')}", {"steps": pl.DataFrame(rows, schema=schema).to_arrow()})
    return {n: [int(one) if n in figures and one is not None else one for one in found[f"#{n}"].to_pylist()] for n in dict.fromkeys(steps)}


def _kind(g: Graph, number: int) -> str:
    return "TINYINT" if g.steps[number][0] in ("pick", "rank") else "BOOLEAN"


def test_every_kind_of_step_is_answered_as_in_python(database):
    r = random.Random(7)
    writer = Steps(r)
    steps = [writer.truth(r.randint(1, 4)) for _ in range(250)] + [writer.number(3) for _ in range(30)]
    rows = rows_of(r, 200)
    kinds = {step[0] for step in writer.g.steps}
    assert kinds >= {
        "const", "column", "both", "either", "no", "sure", "maybe", "unknown", "choose", "given", "among", "starts", "under_hs", "between",
        "always", "compare", "whole", "figure", "plus", "times", "share", "rank", "pick", "is", "less",
    }  # fmt: skip
    for step, found in asked(*database, writer.g, steps, rows).items():
        for row, one in zip(rows, found, strict=True):
            assert one == answer(writer.g, step, row), f"{database[0]}: step {writer.g.steps[step]}, row {row}"


def test_figures_are_exact_at_their_ends(database):
    """Shares and products of the largest, the smallest and negative figures, digit by digit."""
    g, rows = Graph(), []
    for part in (*ENDS, *BELOW):
        rows += [{"case": len(rows) + at, "y.low": part, "x.low": max(part, 0), "whole.low": whole} for at, whole in enumerate(ENDS)]
    y, x, whole = g.figure("y.low"), g.figure("x.low"), g.figure("whole.low")
    steps = [g.times(y, top, bottom, up) for top, bottom in FACTORS for up in (True, False)]
    shares = [g.share(x, whole, "low"), g.share(x, whole, "high")]
    for step, found in asked(*database, g, steps + shares, rows).items():
        for row, one in zip(rows, found, strict=True):
            exact = answer(g, step, row)
            if step == shares[0] and exact >= 10**37:  # a thousand million million times more than all: held as "far"
                assert 10**37 <= one < 10**38
            else:
                assert one == exact, f"{g.steps[step]} of {row}"


# -- the whole register ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def laid():
    """The golden cases as a table, and the sheet of the register for it."""
    from kido.decide.sheet import sheet
    from kido.rule.case_table import table_of

    law, words = register(), terms()
    facts, unjudged = [], []
    for case in read_cases(ground("cases"), law.instruments):
        if getattr(case, "known_on", None):
            continue
        try:
            stated = read_transaction(case.facts, words, case.on)
        except KidoError:
            continue
        found = compare(stated, case.on)
        facts.append(replace(found.transaction.facts, on=case.on))
        unjudged.append(found.unjudged)
    table = table_of(facts)
    kinds = table.kinds | {f"party.unjudged:{code}": "bool" for code in law.watches}
    held = [not unheld(str(one.values.get("control_code") or ""), one.values.get("control_code_list"), law) for one in facts]
    table.frame = table.frame.with_columns(
        pl.Series("control_code.held", held),
        *[pl.Series(f"party.unjudged:{code}", [code in one for one in unjudged]) for code in law.watches],
    )
    return table, sheet(law, words, kinds, None, table.components, table.listings)


def few(table, count: int):
    """Cases from all over the table."""
    chosen = pl.Series("case", random.Random(3).sample(range(table.frame.height), count), dtype=pl.Int64)
    components = {name: rows.filter(pl.col("case").is_in(chosen.implode())) for name, rows in table.components.items()}
    return replace(table, frame=table.frame.filter(pl.col("case").is_in(chosen.implode())), components=components)


def differing(dialect: str, ask: Ask, table, sheet) -> list[str]:
    """The outputs in which the database and Polars differ."""
    from kido.rule.case_table import laid_out
    from kido.rule.columns import Columns, numbered
    from kido.rule.sql_cases import Laid, exchanged

    steps = tuple(dict.fromkeys(sheet.outputs.values()))
    frame, worded = numbered(laid_out(table, sheet.wanted))
    expected = Columns(sheet.graph, steps).add(frame, worded)
    query = Sql(sheet.graph, steps, dialect).query(Laid.of(table, sheet.wanted, dialect), keep=("case",))
    found = pl.from_arrow(ask(query, exchanged(table))).sort("case")
    assert found["case"].to_list() == expected["case"].to_list()
    return [name for name, step in sheet.outputs.items() if not found[f"#{step}"].equals(expected[f"#{step}"])]


def test_duckdb_answers_all_golden_cases_as_polars(laid, duckdb):
    table, sheet = laid
    assert table.frame.height > 2000 and len(sheet.outputs) > 700
    assert differing("duckdb", duckdb, table, sheet) == []


def test_spark_answers_golden_cases_as_polars(laid, spark):
    table, sheet = laid
    assert differing("spark", spark, few(table, FEW), sheet) == []
