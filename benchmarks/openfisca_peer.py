"""Our table reader beside OpenFisca-Core: the same item rules of the register, the same cases, every truth value compared.

    .venv/bin/python benchmarks/openfisca_peer.py [--cases 100000] [--runs 3]

OpenFisca-Core (AGPL) is compared, never linked: it is installed into an environment of its own in the cache folder and
runs as another process (`openfisca_system.py`); files go there and back.  It has no unknowns and no bounds, so every fact
is known in every case, and only rules of worded facts, figures, yes-or-no facts and contents take part.  Its figures are
floats of 32 bits, ours are two whole numbers of 128.  Definitions of the law, and totals of several elements, are
variables of their own there, computed once per simulation; here all rules are one graph of steps, as in a sheet.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import resource
import subprocess
import tempfile
import time
import venv
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from struct import pack

import polars as pl
from platformdirs import user_cache_path

from kido import __version__
from kido.register.store import register, terms
from kido.rule import nodes as n
from kido.rule import tabular
from kido.rule.case_table import CASE, INT, LISTED, REST, CaseTable, laid_out
from kido.rule.columns import Columns, numbered
from kido.rule.graph import Graph
from kido.rule.tabular import Reader, Wanted
from kido.terms.amounts import SCALE

PEER = "OpenFisca-Core>=46,<47"
SEED = 20261124
PARTS = 5  # elements of one case
GRAIN = SCALE // 10**6  # contents are whole millionths of a per cent there, for OpenFisca's floats have 32 bits
WORD, FIGURE, YES_NO = "word", "figure", "yes or no"
KINDS = {"choice": WORD, "element": WORD, "number": FIGURE, "money": FIGURE, "bool": YES_NO}


# -- rules ------------------------------------------------------------------------------------


def tests(node: n.Node) -> Iterator[n.Node]:
    """The node and all below it; what is added up over components stays one node."""
    yield node
    if not isinstance(node, n.Sum):
        for child in n.children(node):
            yield from tests(child)


def expressible(node: n.Node) -> bool:
    match node:
        case n.Fact(name):
            return terms().facts[name].type in KINDS
        case n.OneOf(_, values) | n.Sum(where=n.OneOf(n.Fact("element"), values)):
            return bool(values)
    return isinstance(node, n.All | n.Some | n.Not | n.Named | n.Known | n.Compare | n.Const)


def item_rules() -> list[n.Node]:
    """The item rules of the register that OpenFisca can express."""
    rules = [item.when for act in register().instruments.values() for item in act.items if item.when is not None]
    return [rule for rule in rules if all(expressible(node) for node in tests(rule))]


# -- cases ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Column:
    """One fact of every case: the values it can have, and which of them each case has."""

    kind: str
    values: list
    drawn: array = field(default_factory=lambda: array("H"))


class Cases:
    """Many cases in which every fact the rules read is known."""

    def __init__(self, rules: list[n.Node], count: int, seed: int = SEED):
        chosen = random.Random(seed)
        self.count = count
        self.columns = columns_of(rules)
        for column in self.columns.values():
            column.drawn.extend(chosen.choices(range(len(column.values)), k=count))
        self.elements, amounts = contents_of(rules)
        self.contents = [
            dict(zip(chosen.sample(self.elements, PARTS), chosen.choices(amounts, k=PARTS), strict=True)) for _ in range(count)
        ]


def columns_of(rules: list[n.Node]) -> dict[str, Column]:
    """The facts the rules read, with the values that tell their tests apart."""
    nodes = {node: None for rule in rules for node in tests(rule)}
    columns = {node.name: Column(KINDS[terms().facts[node.name].type], []) for node in nodes if isinstance(node, n.Fact)}
    for name, column in columns.items():
        if column.kind == WORD:
            words = dict.fromkeys(word for node in nodes if isinstance(node, n.OneOf) and node.fact.name == name for word in node.values)
            column.values = [*words, next((word for word in terms().ids(terms().facts[name]) if word not in words), "another")]
        elif column.kind == FIGURE:
            column.values = around({node.right.value for node in nodes if isinstance(node, n.Compare) and node.left == n.Fact(name)})
            assert len({pack("f", value / SCALE) for value in column.values}) == len(column.values), name
        else:
            column.values = [False, True]
    return columns


def contents_of(rules: list[n.Node]) -> tuple[list[str], list[int]]:
    """The elements that rules add up, and contents around their thresholds."""
    compared = [node for rule in rules for node in tests(rule) if isinstance(node, n.Compare) and isinstance(node.left, n.Sum)]
    elements = sorted({element for node in compared for element in node.left.where.values})
    amounts = [amount for amount in around({node.right.value for node in compared}) if amount > 0]
    assert not any(amount % GRAIN for amount in amounts)
    return elements, amounts


def around(thresholds: set[int]) -> list[int]:
    """Each threshold, a tenth below and a tenth above, on the grid of `terms.amounts`."""
    return sorted({value * tenths // 10 for value in thresholds | {SCALE} for tenths in (9, 10, 11)})


# -- translation ------------------------------------------------------------------------------


@dataclass(slots=True)
class Translation:
    """Rules as the text of OpenFisca variables."""

    columns: dict[str, Column]
    text: list[str] = field(default_factory=list)
    names: dict[n.Node, str] = field(default_factory=dict)  # totals and definitions that have a variable

    def variable(self, name: str, kind: str, formula: str = "") -> str:
        lines = [f"class {name}(Variable):", f"    value_type = {kind}", "    entity = Case", "    definition_period = MONTH"]
        if formula:
            read = dict.fromkeys(re.findall(r"\b[A-Za-z_]\w*", formula.replace("True", "").replace("False", "")))
            lines += [
                "    def formula(case, period):",
                *(f'        {fact} = case("{fact}", period)' for fact in read),
                f"        return {formula}",
            ]
        self.text.append("\n".join(lines) + "\n")
        return name

    def shared(self, node: n.Node, kind: str, formula: str) -> str:
        if node not in self.names:
            self.names[node] = self.variable(f"part_{len(self.names)}", kind, formula)
        return self.names[node]

    def test(self, node: n.Node) -> str:
        """The text of a test; `True` and `False` where it is the same for all cases."""
        match node:
            case n.All(parts):
                return joined([self.test(part) for part in parts], " & ", "True")
            case n.Some(parts):
                return joined([self.test(part) for part in parts], " | ", "False")
            case n.Not(part):
                inner = self.test(part)
                return {"True": "False", "False": "True"}.get(inner, f"~{inner}")
            case n.Named(_, rule):
                inner = self.test(rule)
                return inner if inner in ("True", "False") else self.shared(rule, "bool", inner)
            case n.Known():
                return "True"
            case n.Fact(name):
                return name
            case n.OneOf(fact, values):
                known = self.columns[fact.name].values
                return joined([f"({fact.name} == {known.index(value)})" for value in values], " | ", "False")
            case n.Compare(n.Sum() as total, op, n.Const(value)):
                return f"({self.total(total)} {op} {-(-value // GRAIN) if op in ('<', '>=') else value // GRAIN})"
            case n.Compare(n.Fact(name), op, n.Const(value)):
                return f"({name} {op} {value / SCALE!r})"
        raise TypeError(node)

    def total(self, node: n.Sum) -> str:
        elements = node.where.values
        if len(elements) == 1:
            return f"content_{elements[0]}"
        return self.shared(node, "int", " + ".join(f"content_{element}" for element in elements))


def joined(parts: list[str], sign: str, nothing: str) -> str:
    """Parts joined by & or |; those that change nothing fall away, the opposite decides."""
    decides = {"True": "False", "False": "True"}[nothing]
    kept = list(dict.fromkeys(part for part in parts if part != nothing))
    if decides in kept:
        return decides
    return kept[0] if len(kept) == 1 else f"({sign.join(kept)})" if kept else nothing


def variables(rules: list[n.Node], cases: Cases) -> tuple[str, list[str]]:
    """The text of all variables, and the names of those that are totals."""
    to = Translation(cases.columns)
    for name, column in cases.columns.items():
        to.variable(name, {WORD: "int", FIGURE: "float", YES_NO: "bool"}[column.kind])
    for element in cases.elements:
        to.variable(f"content_{element}", "int")
    for number, rule in enumerate(rules):
        to.variable(f"item_{number}", "bool", to.test(rule))
    return "\n".join(to.text), [name for node, name in to.names.items() if isinstance(node, n.Sum)]


# -- the other process ------------------------------------------------------------------------


def peer_python() -> Path:
    """The interpreter of OpenFisca's environment, made at the first run."""
    folder = user_cache_path("kido-benchmarks") / "openfisca"
    python, stamp = folder / "bin" / "python", folder / "installed"
    if not (stamp.exists() and stamp.read_text() == PEER):
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", PEER], check=True)
        stamp.write_text(PEER)
    return python


def inputs(cases: Cases) -> Iterator[tuple[str, array]]:
    """Every input in the numbers OpenFisca keeps: words by their place, figures as floats, contents as whole numbers."""
    for name, column in cases.columns.items():
        if column.kind == FIGURE:
            figures = [value / SCALE for value in column.values]
            yield name, array("f", [figures[drawn] for drawn in column.drawn])
        else:
            yield name, array("i" if column.kind == WORD else "b", column.drawn)
    for element in cases.elements:
        yield f"content_{element}", array("i", [parts.get(element, 0) // GRAIN for parts in cases.contents])


def openfisca_answers(rules: list[n.Node], cases: Cases, runs: int) -> tuple[list[bytes], dict]:
    """The answers of each rule, one byte per case, and what the process says of itself."""
    numpy_kinds = {"f": "float32", "i": "int32", "b": "bool"}
    text, totals = variables(rules, cases)
    job = {
        "count": cases.count,
        "runs": runs,
        "totals": totals,
        "answers": [f"item_{number}" for number in range(len(rules))],
        "inputs": {},
    }
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, numbers in inputs(cases):
            (folder / name).write_bytes(numbers.tobytes())
            job["inputs"][name] = numpy_kinds[numbers.typecode]
        (folder / "variables.py").write_text(text, encoding="utf-8")
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        subprocess.run([peer_python(), Path(__file__).with_name("openfisca_system.py"), folder], check=True)
        told = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        answers = (folder / "answers.bin").read_bytes()
    return [answers[at : at + cases.count] for at in range(0, len(answers), cases.count)], told


# -- ours -------------------------------------------------------------------------------------


def case_table(cases: Cases) -> CaseTable:
    """The cases as `table_of` lays them out, column by column."""
    data = {CASE: pl.int_range(cases.count, eager=True), "on": pl.repeat(None, cases.count, dtype=pl.Date, eager=True)}
    for name, column in cases.columns.items():
        values = pl.Series(column.values, dtype={WORD: pl.String, FIGURE: INT, YES_NO: pl.Boolean}[column.kind])
        drawn = values.gather(pl.Series(column.drawn.tolist(), dtype=pl.UInt32))
        data |= {f"{name}.low": drawn, f"{name}.high": drawn} if column.kind == FIGURE else {name: drawn}
    kinds = {WORD: tabular.WORD, FIGURE: tabular.FIGURE, YES_NO: tabular.BOOL}
    components = {"composition": component_table(cases)}
    return CaseTable(pl.DataFrame(data), components, {name: kinds[column.kind] for name, column in cases.columns.items()}, groups=terms())


def component_table(cases: Cases) -> pl.DataFrame:
    """One row per element of a case; the lists are complete."""
    rows = [(case, element, amount) for case, parts in enumerate(cases.contents) for element, amount in parts.items()]
    of, element, amount = zip(*rows, strict=True)
    data = {CASE: pl.Series(of, dtype=pl.Int64), "on": pl.Series([None] * len(rows), dtype=pl.Date), REST: [False] * len(rows)}
    data |= {LISTED: pl.Series([[]] * len(rows), dtype=pl.List(pl.String)), "element": element}
    return pl.DataFrame(data | {side: pl.Series(amount, dtype=INT) for side in ("low", "high")})


def kido_answers(rules: list[n.Node], cases: Cases) -> tuple[list[bytes], dict[str, float]]:
    """The answers of each rule, one byte per case (2: unknown), and the seconds of each step; all rules are one graph, as in a sheet."""
    clock = [time.perf_counter()]
    table = case_table(cases)
    clock.append(time.perf_counter())
    processor = time.process_time()
    graph, wanted = Graph(), Wanted()
    reader = Reader(graph, table.kinds, table.groups, wanted, frozenset(table.components), table.listings)
    steps = tuple(reader.read(rule) for rule in rules)
    clock.append(time.perf_counter())
    frame = laid_out(table, wanted)
    clock.append(time.perf_counter())
    frame, words = numbered(frame)
    clock.append(time.perf_counter())
    frame = Columns(graph, steps).add(frame, words)
    clock.append(time.perf_counter())
    names = ("inputs", "reading", "totals", "words", "rules")
    seconds = {name: after - before for name, before, after in zip(names, clock, clock[1:], strict=False)}
    seconds["processor"] = time.process_time() - processor
    answers = [bytes(frame[f"#{step}"].cast(pl.UInt8).fill_null(2).to_list()) for step in steps]
    return answers, seconds


def kido_runs(rules: list[n.Node], cases: Cases, runs: int) -> tuple[list[bytes], dict]:
    times = []
    for _ in range(runs):
        answers, seconds = kido_answers(rules, cases)
        times.append(seconds)
    versions = {"kido": __version__, "Polars": version("polars"), "Python": platform.python_version()}
    return answers, {"times": times, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "versions": versions}


# -- the table --------------------------------------------------------------------------------


def differing(first: list[bytes], second: list[bytes]) -> int:
    assert [len(column) for column in first] == [len(column) for column in second]
    return sum(one != other for a, b in zip(first, second, strict=True) if a != b for one, other in zip(a, b, strict=True))


STEPS = {  # step of a run -> how it is called
    "inputs": "laying the inputs out for the reader, not counted",
    "words": "numbering the words; OpenFisca gets numbers",
    "reading": "reading the rules; OpenFisca's are compiled before",
    "totals": "adding up contents; OpenFisca gets a column for each element",
    "rules": "the rules",
}
COUNTED = ("words", "reading", "totals", "rules")


def best(side: dict) -> dict[str, float]:
    """The run with the fewest counted seconds."""
    return min(side["times"], key=counted)


def counted(run: dict[str, float]) -> float:
    return sum(run.get(step, 0) for step in COUNTED)


def table(rules: list[n.Node], cases: Cases, peer: dict, ours: dict) -> list[str]:
    """The figures of both sides, the best run of each."""
    evaluations, (theirs, own) = len(rules) * cases.count, (best(peer), best(ours))
    each = [f"| {words}, s | {seconds(theirs, step)} | {seconds(own, step)} |" for step, words in STEPS.items()]
    rows = [
        ("evaluations per second, the rules alone", *(f"{evaluations / run['rules']:,.0f}" for run in (theirs, own))),
        ("evaluations per second, all that is counted", *(f"{evaluations / counted(run):,.0f}" for run in (theirs, own))),
        ("seconds, all that is counted", *(f"{counted(run):.3f}" for run in (theirs, own))),
        ("OpenFisca's seconds to ours: the rules alone", "1", f"{theirs['rules'] / own['rules']:.2f}"),
        ("OpenFisca's seconds to ours: all that is counted", "1", f"{counted(theirs) / counted(own):.2f}"),
        ("processor seconds", *(f"{run['processor']:.3f}" for run in (theirs, own))),
        ("highest memory of the process, MB", *(f"{side['memory']:,.0f}" for side in (peer, ours))),
    ]
    head = [f"| what | OpenFisca-Core {peer['versions']['OpenFisca-Core']} | kido {ours['versions']['kido']} |", "| --- | ---: | ---: |"]
    head.append(f"| evaluations: {len(rules)} item rules x {cases.count:,} cases | {evaluations:,} | {evaluations:,} |")
    return [*head, *each, *(f"| {' | '.join(row)} |" for row in rows)]


def seconds(run: dict[str, float], step: str) -> str:
    return f"{run[step]:.3f}" if step in run else "–"


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--cases", type=int, default=100_000)
    asked.add_argument("--runs", type=int, default=3)
    wanted = asked.parse_args()
    rules = item_rules()
    cases = Cases(rules, wanted.cases)
    theirs, peer = openfisca_answers(rules, cases, wanted.runs)
    answers, ours = kido_runs(rules, cases, wanted.runs)
    wrong = differing(theirs, answers)
    trues = [column.count(1) for column in theirs]
    versions = ", ".join(f"{name} {of}" for name, of in (peer["versions"] | ours["versions"]).items())
    print(f"{platform.machine()}, {os.cpu_count()} cores, {versions}; best of {wanted.runs} runs", "", sep="\n")
    print(*table(rules, cases, peer, ours), sep="\n")
    print(f"| truth values that differ | {wrong:,} | {wrong:,} |", "", sep="\n")
    print(f"{sum(trues):,} answers are true, {sum(map(bool, trues))} of {len(rules)} rules are true of some case.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
