"""The register as columns says of every golden case what `determine` says: answers, measures, entries, missing facts, procedure."""

from dataclasses import replace

import polars as pl
import pytest

from kido.decide.compared import compare
from kido.decide.determine import ANSWERS, Determination, determine
from kido.decide.match import unheld
from kido.decide.sheet import sheet
from kido.decide.sheet_answers import NOTHING, UNJUDGED, clocks
from kido.decide.sheet_missing import MISSING
from kido.decide.sheet_parts import ANSWERED, CODE_HELD
from kido.decide.told import SAID
from kido.decide.told_order import asked_name
from kido.decide.transaction import read_transaction
from kido.errors import KidoError
from kido.register.cases import read_cases
from kido.register.model import OUTCOMES
from kido.register.store import register, terms
from kido.rule.case_table import laid_out, table_of
from kido.rule.columns import Columns, numbered
from kido.rule.nodes import Fact, walk
from kido.terms.ground import ground


@pytest.fixture(scope="module")
def judged():
    """Every golden case that has no clock of knowledge: the case, its determination, and the outputs of the sheet."""
    cases, determined, facts, unjudged = [], [], [], []
    for case in read_cases(ground("cases"), register().instruments):
        if case.known_on:
            continue
        try:
            transaction = read_transaction(case.facts, terms(), case.on)
        except KidoError:
            continue
        compared = compare(transaction, case.on)
        cases.append(case)
        determined.append(determine(register(), terms(), transaction, case.on))
        facts.append(replace(compared.transaction.facts, on=case.on))
        unjudged.append(compared.unjudged)
    table = table_of(facts)
    kinds = table.kinds | {f"{UNJUDGED}{code}": "bool" for code in register().watches}
    found = sheet(register(), terms(), kinds, None, table.components, table.listings)
    held = [not unheld(str(one.values.get("control_code") or ""), one.values.get("control_code_list"), register()) for one in facts]
    more = [pl.Series(f"{UNJUDGED}{code}", [code in some for some in unjudged]) for code in register().watches]
    frame, words = numbered(laid_out(table, found.wanted).with_columns(pl.Series(CODE_HELD, held), *more))
    out = Columns(found.graph, tuple(found.outputs.values())).add(frame, words)
    outputs = {name: out[f"#{step}"].to_list() for name, step in found.outputs.items()}
    return cases, determined, outputs, found


def said_by_columns(outputs: dict, found, row: int) -> dict:
    rank = {name: outputs[name][row] for name in outputs}
    said = {name: ANSWERS[rank[name]] for name in ("answer", "planning")}
    said["may_become"] = ANSWERS[rank["may_become"]] if rank["may_become"] < len(ANSWERS) else ""
    said |= {name: SAID[number] for name, number in rank.items() if name.startswith("j:") and number != NOTHING}
    for steps in found.measures:
        id = steps.measure.id
        if rank.get(f"m:{id}"):
            outcome = OUTCOMES[rank[f"o:{id}"]] if f"o:{id}" in rank else steps.measure.outcome
            items = {one.item.code: rank.get(f"i:{one.act.id}/{one.item.code}", False) for one in steps.items}
            said[id] = ANSWERED[rank[f"m:{id}"]], outcome, {code: answer for code, answer in items.items() if answer is not False}
    said["missing"] = {name.removeprefix(MISSING) for name in outputs if name.startswith(MISSING) and rank[name]}
    said["procedure"] = clocks(register(), terms())[rank["clock"] - 1].id if rank["clock"] else ""
    return said


def said_by_determine(d: Determination) -> dict:
    said = {"answer": d.answer, "planning": d.planning, "may_become": d.may_become}
    said |= {f"j:{j.jurisdiction}": j.said for j in d.jurisdictions if j.reach is not False}
    for f in (*d.findings, *d.duties):
        if f.answer != "does_not_apply":
            said[f.measure.id] = f.answer, f.outcome, {match.item.code: match.answer for match in (*f.items, *f.possible)}
    said["missing"] = {asked_name(name) for question in d.questions for name in question.names}
    said["procedure"] = d.clock.procedure if d.clock else ""
    return said


def test_every_golden_case(judged):
    cases, determined, outputs, found = judged
    assert len(cases) > 2_000
    for row, (case, d) in enumerate(zip(cases, determined, strict=True)):
        assert said_by_columns(outputs, found, row) == said_by_determine(d), f"{case.place}: {case.name}"


def test_no_pruned_step_was_one_that_could_matter(judged):
    """Measures and entries that the sheet folds away are those that no golden case meets."""
    _, determined, _, found = judged
    met = {f.measure.id for d in determined for f in (*d.findings, *d.duties) if f.answer != "does_not_apply"}
    assert met <= {name.removeprefix("m:") for name in found.outputs if name.startswith("m:")}
    entries = {f"i:{m.act}/{m.item.code}" for d in determined for f in (*d.findings, *d.duties) for m in (*f.items, *f.possible)}
    assert entries <= set(found.outputs)


def test_no_rule_reads_free_text():
    """Tables do not read it; a rule that did would have to teach `fact_columns` how."""
    texts = {name for name, fact in terms().facts.items() if fact.type == "text"}
    rules = [item.when for act in register().instruments.values() for item in act.items if item.when is not None]
    rules += [measure.when for _, measure in register().judged()] + [watch.reach for watch in register().watches.values()]
    rules += [unless.when for _, measure in register().judged() for unless in measure.unless]
    assert texts and not {node.name for rule in rules for node in walk(rule) if isinstance(node, Fact)} & texts
