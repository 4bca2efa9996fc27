"""Judge and columns agree, and what a known answer must never do: random rules and facts, for good.

20,000 pairs by default, a million with KIDO_NIGHTLY=1.  The generator writes rule *text*, so the
parser takes part; facts are built directly and, for a part, through the doors people use.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kido.decide.contents import balance
from kido.decide.transaction import read_transaction
from kido.decide.values import Values
from kido.errors import KidoError
from kido.rule import nodes as n
from kido.rule.judge import Components, Facts, judge
from kido.rule.parse import Scope, parse
from kido.rule.quick import truth
from kido.terms.amounts import LIMIT, Amount, amount, exact
from kido.terms.vocabulary import read_terms

TERMS = read_terms(Path(__file__).resolve().parents[2] / "law" / "terms")
NIGHTLY = os.environ.get("KIDO_NIGHTLY") == "1"
TABLES, RULES, CASES = (1000, 10, 100) if NIGHTLY else (40, 5, 100)

SYMBOLS = ("Dy", "Tb", "Nd", "Fe", "Sm", "Co", "W")
FORMS = ("magnet", "metal", "alloy", "oxide", "assembly")
PLACES = ("CN", "JP", "US", "DE", "GB")
BOOLS = ("calcined", "coated", "cn_origin", "foreign_made")
NUMBERS = ("purity_pct", "grain_size_um", "density_g_cm3", "tube_length_mm")
FIGURES = ("0", "0.1", "0.5", "1", "2", "2.5", "5", "10", "50", "99.9")
SIGNS = ("<", "<=", ">", ">=", "==", "!=")
TARIFF = ("28", "2846", "284690", "28053011", "2805301910", "8505", "85051110")
CODES = ("3C001", "3C001.a", "3C001.a.1", "3C0011", "1C902.b", "1C902")
ALLOYS = tuple(sorted(TERMS.choices["alloy_system"]))[:3]
DAYS = (date(2019, 6, 1), date(2020, 2, 1), date(2025, 1, 1), date(2025, 12, 31), date(2026, 11, 23))
PARTY = ("end_user", "cn-control-list")


# -- random rules --------------------------------------------------------------------------


class Writer:
    """Writes rule text of every kind of node."""

    def __init__(self, r: random.Random, known: bool = True, dated: bool = True, tariff: bool = True):
        self.r, self.known, self.dated, self.tariff = r, known, dated, tariff

    def rule(self, depth: int = 3) -> str:
        r = self.r
        if depth == 0 or r.random() < 0.25:
            return self.leaf()
        joint = r.choice((" and ", " or "))
        if r.random() < 0.2:
            return f"not ({self.rule(depth - 1)})"
        return "(" + joint.join(self.rule(depth - 1) for _ in range(r.randint(2, 3))) + ")"

    def leaf(self) -> str:
        r = self.r
        makers: list[Callable[[], str]] = [
            lambda: r.choice(BOOLS),
            lambda: f'form {r.choice(("==", "!="))} "{r.choice(FORMS)}"',
            lambda: f"form {r.choice(('in', 'not in'))} {words(r.sample(FORMS, r.randint(1, 3)))}",
            lambda: f"element in {words(r.sample(SYMBOLS, 2))}",
            lambda: "element in rare_earths",
            lambda: f'destination == "{r.choice(PLACES)}"',
            lambda: f'"{r.choice(PLACES)}" {r.choice(("in", "not in"))} via',
            lambda: f"{self.figure()} {r.choice(SIGNS)} {r.choice(FIGURES)}",
            lambda: f"{self.figure()} {r.choice(SIGNS)} {self.figure()}",
            lambda: f"{r.choice(FIGURES)} <= {r.choice(NUMBERS)} < {r.choice(FIGURES)}",
            lambda: f"purity_pct in ({r.choice(FIGURES)}, {r.choice(FIGURES)})",
            lambda: f"any(composition, {self.inside('composition')})",
            lambda: f"any(inputs, {self.inside('inputs')})",
            lambda: f'under(control_code, "{r.choice(CODES)}", "{r.choice(CODES)}")',
            lambda: 'listed(end_user, "cn-control-list")',
            lambda: r.choice(("defined", "defined_too")),
            lambda: f'substance == "{r.choice(("gallium_arsenide", "monazite"))}"',
        ]
        if self.dated:
            makers += [lambda: "destination in EU", lambda: 'within(on, "2025-01-01", "2025-12-31")']
        if self.tariff:
            makers.append(lambda: f'under(hs, "{r.choice(TARIFF)}", "{r.choice(TARIFF)}")')
        if self.known:
            makers.append(lambda: f"known({r.choice((*NUMBERS, *BOOLS, 'form', 'via', 'control_code'))})")
        return r.choice(makers)()

    def figure(self, depth: int = 2) -> str:
        r = self.r
        makers: list[Callable[[], str]] = [
            lambda: r.choice(NUMBERS),
            lambda: f"{r.choice(SYMBOLS).lower()}_wt_pct",
            lambda: f"sum(composition, wt_pct, {self.inside('composition')})",
            lambda: f"sum(inputs, value, {self.inside('inputs')})",
            lambda: f"share(inputs, value, {self.inside('inputs')})",
            lambda: f"share(composition, wt_pct, {self.inside('composition')})",
        ]
        if depth:
            makers += [
                lambda: f"{self.figure(depth - 1)} + {self.figure(depth - 1)}",
                lambda: f"{r.choice(('0', '0.5', '2', '10', '0.1'))} * ({self.figure(depth - 1)})",
                lambda: f"({self.figure(depth - 1)}) * 3",
            ]
        return r.choice(makers)()

    def inside(self, collection: str, depth: int = 2) -> str:
        r = self.r
        if depth and r.random() < 0.4:
            joint = r.choice((" and ", " or "))
            return "(" + joint.join(self.inside(collection, depth - 1) for _ in range(2)) + ")"
        if depth and r.random() < 0.2:
            return f"not ({self.inside(collection, depth - 1)})"
        amount_ = "wt_pct" if collection == "composition" else "value"
        makers: list[Callable[[], str]] = [
            lambda: f"element in {words(r.sample(SYMBOLS, r.randint(1, 3)))}",
            lambda: f'element != "{r.choice(SYMBOLS)}"',
            lambda: "element in rare_earths",
            lambda: f"{amount_} {r.choice(SIGNS)} {r.choice(FIGURES)}",
        ]
        if collection == "inputs":
            makers += [
                lambda: f'origin == "{r.choice(PLACES)}"',
                lambda: f"form in {words(r.sample(FORMS, 2))}",
                lambda: f'alloy_system == "{r.choice(ALLOYS)}"',
                lambda: 'name == "rotor"',
                lambda: "chinese_input",
            ]
        if self.known:
            makers.append(lambda: f"known({r.choice((amount_, 'element'))})")
        return r.choice(makers)()


def words(values: list[str]) -> str:
    return "(" + ", ".join(f'"{value}"' for value in values) + ",)"


_PLAIN = Scope(TERMS)
SCOPE = Scope(TERMS, {
    "defined": parse('form == "magnet" and dy_wt_pct > 0', _PLAIN), "defined_too": parse("calcined or purity_pct >= 99.9", _PLAIN),
    "chinese_input": parse('any(inputs, origin == "CN" and element in rare_earths)', _PLAIN).where,
})  # fmt: skip


# -- random facts --------------------------------------------------------------------------


def some_amount(r: random.Random, most: str = "100") -> Amount:
    """Exact, bounded, open or present; ends on the thresholds rules use."""
    point = r.choice((*FIGURES, "0.099999999999", "0.100000000001", "33.3", "100"))
    kind = r.random()
    if kind < 0.5:
        found = amount(point)
    elif kind < 0.7:
        low, high = sorted((Decimal(point), Decimal(r.choice(FIGURES))))
        found = amount(f"{low}..{high}")
    elif kind < 0.8:
        found = amount("present")
    else:
        sign = r.choice((">", ">=", "<", "<="))
        found = amount(f"{sign}{point}") if point != "0" or "<" not in sign else amount("0")
    if most == "any":
        return found
    top = exact(most)
    return replace(found, low=min(found.low, top), high=max(min(found.low, top), min(found.high, top)))


def some_composition(r: random.Random) -> Components:
    rows = []
    for symbol in r.sample(SYMBOLS, r.randint(0, 4)):
        row: dict = {"element": symbol} if r.random() < 0.9 else {}
        if r.random() < 0.75:
            row["wt_pct"] = some_amount(r)
        rows.append(row)
    kind = r.random()
    rest = None if kind < 0.35 else Amount(0, 0) if kind < 0.45 else Amount(0, exact(r.choice(("0.05", "1", "30", "100"))))
    listed = frozenset(row["element"] for row in rows if "element" in row) if r.random() < 0.85 else frozenset()
    return Components(tuple(rows), rest, listed, Amount(exact(100), exact(100)))


def some_inputs(r: random.Random) -> Components:
    makers: dict[str, Callable[[], object]] = {
        "name": lambda: r.choice(("rotor", "magnet")), "element": lambda: r.choice(SYMBOLS), "form": lambda: r.choice(FORMS),
        "alloy_system": lambda: r.choice(ALLOYS), "origin": lambda: r.choice(PLACES), "value": lambda: some_amount(r, "any"),
    }  # fmt: skip
    rows = tuple({field: make() for field, make in makers.items() if r.random() < 0.65} for _ in range(r.randint(0, 4)))
    rest = None if r.random() < 0.4 else Amount(0, exact(r.choice(("0", "10", "500"))))
    whole = r.choice((amount("100"), amount("1000"), amount("300"), amount("50..400"), Amount(0, LIMIT), amount(">0"), amount("0")))
    return Components(rows, rest, frozenset(), whole)


VALUES: dict[str, Callable[[random.Random], object]] = {
    **{name: lambda r: r.random() < 0.5 for name in BOOLS}, **dict.fromkeys(NUMBERS, some_amount),
    "form": lambda r: r.choice(FORMS), "element": lambda r: r.choice((*SYMBOLS, "mixed")), "destination": lambda r: r.choice(PLACES),
    "via": lambda r: tuple(r.sample(PLACES, r.randint(0, 2))), "control_code": lambda r: r.choice(CODES),
    "substance": lambda r: r.choice(("gallium_arsenide", "monazite", "other")), "hs": lambda r: r.choice(TARIFF),
}  # fmt: skip


def some_facts(r: random.Random) -> Facts:
    values = {name: make(r) for name, make in VALUES.items() if r.random() < 0.55}
    components = {}
    if r.random() < 0.8:
        components["composition"] = some_composition(r)
    if r.random() < 0.7:
        components["inputs"] = some_inputs(r)
    facts = Facts(values, components, r.choice(DAYS) if r.random() < 0.85 else date.max, groups=TERMS)
    if r.random() < 0.5:
        facts.listings[PARTY] = r.random() < 0.5
    if "substance" not in values and r.random() < 0.3:
        facts.excluded["substance"] = frozenset(r.sample(("gallium_arsenide", "monazite", "other"), r.randint(1, 2)))
    if "form" in values and r.random() < 0.4:
        facts.maybe["form"] = frozenset(r.sample(FORMS, r.randint(1, len(FORMS))))
    return facts


def written_facts(r: random.Random) -> Facts | None:
    """Facts that came through the door, as people write them; None where the door refuses."""
    data: dict[str, object] = {}
    writers: dict[str, Callable[[], object]] = {
        "form": lambda: r.choice(("magnet", "磁石", "metal", "合金", "unknown")), "element": lambda: r.choice(("Dy", "ネオジム", "Fe", "不明")),
        "to": lambda: r.choice(("Japan", "JP", "米国", "DE")), "via": lambda: r.choice(([], ["KR", "CN"], "none", "JP, CN", "unknown")),
        "purity_pct": lambda: r.choice(("99.9", ">=99.9", "99.9 %", "<50", "不明", "5..99")), "calcined": lambda: r.choice((True, False, "yes", None)),
        "grain_size_um": lambda: r.choice(("5 um", "0.5 mm", "<10", "present", "2..5 um")), "density_g_cm3": lambda: r.choice(("2.5 g/cm3", ">5", "1")),
        "control_code": lambda: r.choice(CODES), "on": lambda: r.choice(DAYS).isoformat(), "coated": lambda: r.choice((True, False)),
    }  # fmt: skip
    for name, write in writers.items():
        if r.random() < 0.5:
            data[name] = write()
    if r.random() < 0.8:
        contents = ("2.5", "present", "<0.1", "ND", "不明", "0", "30", "0.05..0.5", ">=1", "5 wt%")
        data["composition"] = {symbol: r.choice(contents) for symbol in r.sample(SYMBOLS, r.randint(1, 4))}
        data["composition_complete"] = r.random() < 0.4
    if r.random() < 0.5:
        data["value"] = r.choice(("1000", "1000 JPY", "500..800", "unknown"))
        rows = [
            {"name": "rotor", "origin": "CN", "value": "100"},
            {"origin": "Japan", "element": "Nd"},
            {"element": "Dy", "value": "<50"},
            {"origin": "unknown", "value": "20"},
        ]
        data["inputs"] = r.sample(rows, r.randint(1, 3))
        data["inputs_complete"] = r.random() < 0.4
    try:
        return read_transaction(data, TERMS).facts
    except KidoError:
        return None


def balanced_facts(r: random.Random) -> Facts:
    """A composition through `contents.balance`, the rest direct."""
    facts = some_facts(r)
    contents = {symbol: some_amount(r) if r.random() < 0.8 else None for symbol in r.sample(SYMBOLS, r.randint(0, 4))}
    facts.components["composition"] = balance(contents, r.random() < 0.4, None, Values(TERMS, []))
    return facts


def cases(r: random.Random, count: int) -> list[Facts]:
    found: list[Facts] = []
    while len(found) < count:
        kind = r.random()
        facts = written_facts(r) if kind < 0.3 else balanced_facts(r) if kind < 0.5 else some_facts(r)
        if facts is not None:
            found.append(facts)
    return found


# -- the readers agree ---------------------------------------------------------------------


def differences(
    rules: list[tuple[str, n.Node]], facts: list[Facts], database: Callable | None = None
) -> list[tuple[str, int, object, tuple]]:
    """Rule, case, and what judge and every other reader say, where they differ."""
    from kido.rule.case_table import table_of
    from kido.rule.columns import judge_table

    table = table_of(facts)
    at_once = [[judge_table(rule, table).to_list() for _, rule in rules]]
    if database is not None:
        at_once.append(database([rule for _, rule in rules], table))
    found = []
    for at, (text, rule) in enumerate(rules):
        one_by_one = [judge(rule, case).answer for case in facts]
        others = [answers[at] for answers in at_once]
        assert all(len(answers) == len(facts) for answers in others), f"not one answer for each of {len(facts)} cases: {text}"
        found += [(text, i, a, b) for i, (a, *b) in enumerate(zip(one_by_one, *others, strict=True)) if any(a is not one for one in b)]
    return found


def duckdb_judge() -> Callable[[list[n.Node], object], list[list]]:
    """Judges all rules of a table in one query; components are totalled in SQL as well."""
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    from kido.rule.graph import Graph
    from kido.rule.sql import Sql
    from kido.rule.sql_cases import Laid, exchanged
    from kido.rule.tabular import Reader, Wanted

    connection = duckdb.connect()
    connection.execute("PRAGMA disable_optimizer")  # what is shared is a column already

    def answers(rules, table):
        graph, wanted = Graph(), Wanted()
        reader = Reader(graph, table.kinds, table.groups, wanted, frozenset(table.components), table.listings)
        steps = [reader.read(rule) for rule in rules]
        query = Sql(graph, tuple(steps), "duckdb").query(Laid.of(table, wanted, "duckdb"), keep=("case",))
        for name, rows in exchanged(table).items():
            connection.register(name, rows)
        columns = connection.sql(f'{query} ORDER BY "case"').to_arrow_table()
        return [columns[f"#{step}"].to_pylist() for step in steps]

    return answers


def test_judge_columns_and_sql_agree():
    """Judge, the columns of Polars, and the same steps as SQL in DuckDB."""
    pytest.importorskip("polars")
    database = duckdb_judge()
    r = random.Random(20261123)
    seen = {True: 0, False: 0, None: 0}
    kinds: set[type] = set()
    for _ in range(TABLES):
        facts = cases(r, CASES)
        rules = [(text, parse(text, SCOPE)) for text in (Writer(r).rule(r.randint(0, 3)) for _ in range(RULES))]
        kinds |= {type(node) for _, rule in rules for node in n.walk(rule)}
        found = differences(rules, facts, database)
        assert not found, (
            f"{len(found)} answers differ, first: rule {found[0][0]!r}, judge {found[0][2]}, columns and SQL {found[0][3]}, facts {facts[found[0][1]]}"
        )
        for _, rule in rules:
            for case in facts[:10]:
                seen[judge(rule, case).answer] += 1
    assert min(seen.values()) > sum(seen.values()) * 0.1, seen  # the generator is no walkover
    assert kinds >= {
        n.Fact,
        n.Const,
        n.Compare,
        n.OneOf,
        n.Under,
        n.Within,
        n.Listed,
        n.Known,
        n.All,
        n.Some,
        n.Not,
        n.Named,
        n.Any,
        n.Sum,
        n.Share,
        n.Plus,
        n.Times,
    }


@pytest.mark.parametrize("text", [
    "calcined", "purity_pct > 5", "1 < 2", 'form == "magnet"', '"CN" in via', "known(form)", 'under(control_code, "3C001")', 'under(control_code, "all")',
    'within(on, "2025-01-01", "2025-12-31")', "known(on)", 'listed(end_user, "cn-control-list")', "dy_wt_pct > 0", 'any(inputs, origin == "CN")',
    'share(inputs, value, origin == "CN") < 25', "destination in EU", "any(inputs, origin in EU)", "element in rare_earths",
    "0.5 * purity_pct + 2 > 5", 'form in ("magnet",) and not calcined',
])  # fmt: skip
@pytest.mark.parametrize("filled", [0, 1, 3], ids=["no case has facts", "one case has facts", "all have"])
def test_one_leaf_at_a_time(text, filled):
    """A column no case fills, a rule without columns, an unknown day: one answer per case, and the judge's."""
    pytest.importorskip("polars")
    full = Facts(
        {"calcined": True, "purity_pct": amount("6"), "form": "magnet", "via": ("CN",), "control_code": "3C001.a", "destination": "DE", "element": "Dy"},
        {"composition": Components(({"element": "Dy", "wt_pct": amount("1")},)), "inputs": Components(({"origin": "DE", "value": amount("1")},), whole=amount("2"))},
        date(2025, 6, 1), {PARTY: True}, groups=TERMS,
    )  # fmt: skip
    facts = [full if i < filled else Facts(groups=TERMS) for i in range(3)]
    assert differences([(text, parse(text, SCOPE))], facts) == []


def test_columns_explain_by_the_judge_of_that_row():
    pytest.importorskip("polars")
    from kido.rule.case_table import table_of
    from kido.rule.columns import judge_table

    facts = [Facts({"purity_pct": amount(text)}) for text in ("99.99", "99.989999999999", ">=99.99", "<99.99", "99..100")] + [Facts()]
    rule = parse("purity_pct >= 99.99", SCOPE)
    assert (
        judge_table(rule, table_of(facts)).to_list()
        == [True, False, True, False, None, None]
        == [judge(rule, case).answer for case in facts]
    )


# -- properties ----------------------------------------------------------------------------

SEEDS = st.integers(0, 2**32)
MANY = settings(max_examples=1500 if not NIGHTLY else 50_000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def narrowed(r: random.Random, found: Amount) -> Amount:
    low, high = sorted((r.randint(found.low, found.high), r.randint(found.low, found.high)))
    return r.choice((Amount(low, high), Amount(low, low), Amount(found.low, found.low), Amount(found.high, found.high)))


def learned(r: random.Random, facts: Facts) -> Facts:
    """The same case with one thing more known, and nothing else changed."""
    values, components = dict(facts.values), dict(facts.components)
    news = Facts(values, components, facts.on, dict(facts.listings), facts.codes, facts.groups)
    news.excluded, news.maybe = dict(facts.excluded), dict(facts.maybe)
    ways: list[Callable[[], None]] = []
    if facts.maybe:
        ways.append(news.maybe.clear)
    for name, make in VALUES.items():
        if name not in values:

            def learn(name=name, make=make):
                found = make(r)
                while found in facts.excluded.get(name, ()):
                    found = make(r)
                values[name] = found

            ways.append(learn)
        elif isinstance(values[name], Amount) and values[name].low < values[name].high:
            ways.append(lambda name=name: values.__setitem__(name, narrowed(r, values[name])))
    if PARTY not in news.listings:
        ways.append(lambda: news.listings.__setitem__(PARTY, r.random() < 0.5))
    for collection, known in components.items():
        field = "wt_pct" if collection == "composition" else "value"
        for i, row in enumerate(known.rows):
            for name in n.COLLECTIONS[collection]:
                if name not in row or (name == field and row[name].low < row[name].high):
                    ways.append(lambda collection=collection, i=i, name=name: learn_field(r, components, collection, i, name))
        if known.rest is not None:
            ways.append(lambda collection=collection: learn_rest(r, components, collection))
        if known.whole.low < known.whole.high:
            ways.append(
                lambda collection=collection, known=known: components.__setitem__(
                    collection, replace(known, whole=narrowed(r, known.whole))
                )
            )
    if not components:
        ways.append(lambda: components.__setitem__("inputs", some_inputs(r)))
    if ways:
        r.choice(ways)()
    return news


def learn_field(r: random.Random, components: dict, collection: str, i: int, name: str) -> None:
    known = components[collection]
    makers = {
        "name": lambda: r.choice(("rotor", "magnet")), "element": lambda: r.choice(SYMBOLS), "form": lambda: r.choice(FORMS),
        "alloy_system": lambda: r.choice(ALLOYS), "origin": lambda: r.choice(PLACES),
    }  # fmt: skip
    row = dict(known.rows[i])
    row[name] = (
        makers[name]()
        if name in makers
        else narrowed(r, row[name])
        if name in row
        else some_amount(r, "any" if collection == "inputs" else "100")
    )
    components[collection] = replace(known, rows=(*known.rows[:i], row, *known.rows[i + 1 :]))


def learn_rest(r: random.Random, components: dict, collection: str) -> None:
    """The rest is smaller than thought, or a part of it is found, or there is none."""
    known = components[collection]
    kind = r.random()
    if kind < 0.3:
        components[collection] = replace(known, rest=None)
        return
    room = r.randint(0, known.rest.high)
    left = Amount(0, known.rest.high - room)
    if kind < 0.6:
        components[collection] = replace(known, rest=left)
        return
    free = [symbol for symbol in (*SYMBOLS, "Ho", "Er") if symbol not in known.listed]
    row: dict = {"element": r.choice(free)}
    row["wt_pct" if collection == "composition" else "value"] = Amount(r.randint(0, room), room)
    if collection == "inputs":
        row["origin"] = r.choice(PLACES)
    listed = known.listed | {row["element"]} if collection == "composition" else known.listed
    components[collection] = Components((*known.rows, row), left, listed, known.whole)


@MANY
@given(SEEDS)
def test_learning_a_fact_never_flips_a_known_answer(seed):
    r = random.Random(seed)
    text = Writer(r, known=False, dated=False).rule(r.randint(0, 3))
    rule = parse(text, SCOPE)
    facts = r.choice((some_facts, balanced_facts))(r)
    before = judge(rule, facts).answer
    for _ in range(4):
        more = learned(r, facts)
        after = judge(rule, more).answer
        assert before is None or after is before, f"{text}: {before} became {after}\n{facts}\n{more}"
        facts, before = more, after


@MANY
@given(SEEDS)
def test_nothing_is_missing_exactly_when_the_answer_is_known(seed):
    r = random.Random(seed)
    text = Writer(r).rule(r.randint(0, 3))
    verdict = judge(parse(text, SCOPE), r.choice((plain_facts, some_facts))(r))
    if verdict.answer is None:
        assert verdict.missing, text
        assert len(set(verdict.missing)) == len(verdict.missing)
    else:
        assert verdict.missing == (), text


def plain_facts(r: random.Random) -> Facts:
    """Figures that multiply and divide without a rest, so that exact facts give exact figures."""
    facts = some_facts(r)
    facts.values = {name: Amount(v.low, v.high) if not isinstance(v, Amount) else exactly(r) if v.low == v.high else v for name, v in facts.values.items() if isinstance(v, Amount)} | {
        name: v for name, v in facts.values.items() if not isinstance(v, Amount)
    }  # fmt: skip
    facts.components = {
        name: replace(known, rows=tuple({k: (exactly(r) if isinstance(v, Amount) and v.low == v.high else v) for k, v in row.items()} for row in known.rows),
                      whole=known.whole if known.whole.low < known.whole.high else exactly_whole(r, name))
        for name, known in facts.components.items()
    }  # fmt: skip
    return facts


def exactly(r: random.Random) -> Amount:
    return amount(r.choice(("0", "0.1", "0.5", "1", "2", "2.5", "5", "10", "50")))


def exactly_whole(r: random.Random, collection: str) -> Amount:
    return amount("100") if collection == "composition" else amount(r.choice(("100", "200", "400", "1000")))


def answered(r: random.Random, facts: Facts, missing: tuple[str, ...]) -> Facts:
    """A value for every missing fact, as a supplier who knows everything would give it."""
    values, components, listings, on = dict(facts.values), dict(facts.components), dict(facts.listings), facts.on
    maybe = {} if "form_is_exact" in missing else facts.maybe
    for name in missing:
        if name == "form_is_exact":
            continue
        if name == "composition":
            known = components.get(name, Components(whole=amount("100")))
            rows = tuple({"element": row.get("element", r.choice(SYMBOLS)), "wt_pct": exactly(r)} for row in known.rows)
            components[name] = Components(rows, None, frozenset(), amount("100"))
        elif name in ("inputs", "value"):
            known = components.get("inputs", Components())
            fill = {"name": "rotor", "element": "Dy", "form": "magnet", "alloy_system": ALLOYS[0], "origin": "CN"}
            if name == "inputs":
                rows = tuple(fill | {k: v for k, v in row.items() if k != "value"} | {"value": exactly(r)} for row in known.rows)
                known = Components(rows, None, frozenset(), known.whole)
            else:
                known = replace(known, whole=exactly_whole(r, "inputs"))
            components["inputs"] = known
        elif name.endswith("_wt_pct"):
            symbol = name.removesuffix("_wt_pct").capitalize()
            known = components.get("composition", Components((), Amount(0, exact(100)), frozenset(), amount("100")))
            rows = tuple(row for row in known.rows if row.get("element", symbol) != symbol)
            components["composition"] = replace(
                known, rows=(*rows, {"element": symbol, "wt_pct": exactly(r)}), listed=known.listed | {symbol}
            )
        elif ":" in name:
            listings[PARTY] = True
        elif name == "on":
            on = r.choice(DAYS)
        elif name in NUMBERS:
            values[name] = exactly(r)
        else:
            values[name] = VALUES[name](r)
    return Facts(values, components, on, listings, None, facts.groups, maybe=maybe)


@MANY
@given(SEEDS)
def test_values_for_all_missing_facts_make_the_answer_known(seed):
    r = random.Random(seed)
    text = Writer(r, tariff=False).rule(r.randint(0, 2))  # digits beyond six may stay open: they differ between tariffs
    rule, facts = parse(text, SCOPE), plain_facts(r)
    verdict = judge(rule, facts)
    for _ in range(4):  # a fact that was settled by another may become open; never more than once a fact
        if verdict.answer is not None:
            break
        facts = answered(r, facts, verdict.missing)
        verdict = judge(rule, facts)
    assert verdict.answer is not None, f"{text}: still missing {verdict.missing}\n{facts}"


@MANY
@given(SEEDS)
def test_the_quick_answer_is_the_answer(seed):
    r = random.Random(seed)
    rule, facts = parse(Writer(r).rule(r.randint(0, 4)), SCOPE), some_facts(r)
    assert truth(rule, facts) is judge(rule, facts).answer


@MANY
@given(SEEDS)
def test_only_missing_facts_matter(seed):
    """A fact that is not named as missing may take any value: the answer stays open or closed as it was."""
    r = random.Random(seed)
    text = Writer(r, known=False, dated=False).rule(r.randint(0, 3))
    rule, facts = parse(text, SCOPE), some_facts(r)
    verdict = judge(rule, facts)
    others = [name for name in VALUES if name not in facts.values and name not in verdict.missing and name not in facts.excluded]
    more = replace(facts, values={**facts.values, **{name: VALUES[name](r) for name in others}})
    assert judge(rule, more).answer is verdict.answer


@MANY
@given(SEEDS)
def test_the_order_of_components_does_not_matter(seed):
    r = random.Random(seed)
    rule = parse(Writer(r).rule(r.randint(0, 2)), SCOPE)
    facts = some_facts(r)
    mixed = {name: replace(known, rows=tuple(r.sample(known.rows, len(known.rows)))) for name, known in facts.components.items()}
    assert judge(rule, facts).answer is judge(rule, replace(facts, components=mixed)).answer


@MANY
@given(SEEDS)
def test_the_reason_is_parallel_and_carries_the_answer(seed):
    r = random.Random(seed)
    rule, facts = parse(Writer(r).rule(r.randint(0, 3)), SCOPE), some_facts(r)

    def check(because) -> None:
        kids = n.children(because.node)
        for part in because.parts:
            assert part.node in kids
            check(part)
        assert judge(because.node, facts).answer is because.answer

    verdict = judge(rule, facts)
    assert verdict.because.node is rule
    check(verdict.because)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.decimals(min_value=0, max_value=10, places=3), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_sums_are_exact_in_every_order(figures, rnd):
    rule_at = parse(f"sum(composition, wt_pct, element in rare_earths) >= {sum(figures)}", SCOPE)
    above = parse(f"sum(composition, wt_pct, element in rare_earths) > {sum(figures)}", SCOPE)
    rows = [{"element": "Dy", "wt_pct": amount(str(figure))} for figure in figures]
    rnd.shuffle(rows)
    facts = Facts({}, {"composition": Components(tuple(rows))})
    assert judge(rule_at, facts).answer is True and judge(above, facts).answer is False


# -- the door ------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [float("nan"), "NaN", "nan", float("inf"), "-inf", "Infinity", Decimal("NaN")])
@pytest.mark.parametrize("where", ["purity_pct", "dy_wt_pct", "composition", "value", "inputs"])
def test_nan_never_enters(value, where):
    data = {where: value}
    if where == "composition":
        data = {"composition": {"Dy": value}}
    if where == "inputs":
        data = {"value": "100", "inputs": [{"origin": "CN", "value": value}]}
    with pytest.raises(KidoError) as error:
        read_transaction(data, TERMS)
    assert [problem.code for problem in error.value.problems] == ["nan"]


@pytest.mark.parametrize(
    ("stated", "answer"),
    [
        ("0.1", True),
        ("0.099999999999", False),
        ("0.100000000001", True),
        ("<0.1", False),
        ("0.10", True),
        ("1000 ppm", True),
        ("999.99999999 ppm", False),
    ],
)
def test_thresholds_are_exact_through_the_door(stated, answer):
    facts = read_transaction({"composition": {"Dy": stated}}, TERMS).facts
    assert judge(parse("dy_wt_pct >= 0.1", SCOPE), facts).answer is answer


def test_what_is_finer_than_the_grid_is_refused_and_not_rounded():
    with pytest.raises(KidoError) as error:
        read_transaction({"composition": {"Dy": "0.0999999999999"}}, TERMS)
    assert [problem.code for problem in error.value.problems] == ["too-fine"]


def test_the_generator_makes_days_that_differ():
    assert len({*DAYS, *(day + timedelta(days=1) for day in DAYS)}) == 10
