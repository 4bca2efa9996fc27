"""Check law, cases and party lists: files strict, cases hold, thresholds have a case on each side.

check_all()  -> list of problems, empty if nothing was found
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from kido.decide.determine import Determination, determine
from kido.decide.parties import ROLES
from kido.decide.transaction import Transaction, read_transaction
from kido.errors import KidoError, Problem
from kido.register.cases import Case, read_cases
from kido.register.load import load
from kido.register.model import Instrument, Register
from kido.rule.judge import Facts, bounds, compared
from kido.rule.nodes import AMOUNT_FIELDS, Compare, Const, Fact, Node, walk
from kido.screen.check import check_lists
from kido.terms.ground import ground
from kido.terms.vocabulary import Terms, read_terms

_SETTLED = ("applies", "not yet", "suspended", "status unknown", "ended")


def check_all() -> list[Problem]:
    """Read law, cases and party lists from the files, not from the cache, and check them all."""
    folder = ground("law")
    terms = read_terms(folder / "terms")
    try:
        register = load(folder, terms)
        cases = read_cases(ground("cases"), register.instruments)
    except KidoError as error:
        return list(error.problems)
    problems = check_lists(folder, register, terms, ROLES)
    answered = []
    for case in cases:
        found, wrong = run_case(register, terms, case)
        problems += wrong
        if found is not None:
            answered.append((case, found))
    return problems + coverage(register, answered)


def run_case(register: Register, terms: Terms, case: Case) -> tuple[Determination | None, list[Problem]]:
    """Answer one case and compare with what it expects."""
    try:
        found = determine(register, terms, read_transaction(case.facts, terms, case.on), case.on, case.known_on)
    except KidoError as error:
        return None, list(error.problems)
    wrong = [*_words(case, found), *_details(case, found)]
    if case.answer and found.answer != case.answer:
        wrong.append(f"answer: {case.answer} expected, {found.answer} found")
    for code, expected in case.answers.items():
        said = found.jurisdiction(code)
        if said is None or said.answer != expected:
            wrong.append(f"answer of {code}: {expected} expected, {said.answer if said else '–'} found")
    return found, [Problem("case-fails", case.place, case.name, {"why": why}) for why in wrong]


def _words(case: Case, found: Determination) -> Iterable[str]:
    for measure, expected in case.expect.items():
        finding = found.finding(measure)
        word = finding.word if finding else "not yet"
        if word != expected:
            yield f"{measure}: {expected} expected, {word} found"
    if not case.expect:
        for finding in found.findings:
            if finding.act.id == case.act and finding.word in ("applies", "unknown", "status unknown"):
                yield f"{finding.measure.id}: nothing expected, {finding.word} found"


def _details(case: Case, found: Determination) -> Iterable[str]:
    for measure, codes in case.items.items():
        finding = found.finding(measure)
        matched = sorted(match.item.code for match in finding.items) if finding else []
        if matched != sorted(codes):
            yield f"{measure}: items {', '.join(codes) or '–'} expected, {', '.join(matched) or '–'} found"
    for measure, outcome in case.outcome.items():
        finding = found.finding(measure)
        if finding is None or finding.outcome != outcome:
            yield f"{measure}: outcome {outcome} expected, {finding.outcome if finding else '–'} found"
    unknown = [found.finding(measure) for measure, word in case.expect.items() if word == "unknown"]
    for name in case.missing:
        if not any(finding and name in finding.missing for finding in unknown):
            yield f"missing {name} expected"


def coverage(register: Register, answered: list[tuple[Case, Determination]]) -> list[Problem]:
    """Measures with too few cases, items never matched, thresholds without a case on a side."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    matched: set[tuple[str, str]] = set()
    by_act: dict[str, list[Transaction]] = defaultdict(list)
    for case, found in answered:
        words |= {measure: words[measure] + Counter([word]) for measure, word in case.expect.items()}
        for finding in (*found.findings, *found.duties):
            matched |= {(finding.act.id, match.item.code) for match in finding.items if match.because.answer}
        for act in {case.act, *(finding.act.id for finding in (*found.findings, *found.duties) if finding.measure.id in case.expect)}:
            by_act[act].append(found.transaction)
    problems = []
    for act in register.instruments.values():
        for measure in (m for m in act.measures if m.judged):
            counted = words[measure.id]
            kinds = (sum(counted[word] for word in _SETTLED), counted["does not apply"], counted["unknown"] + counted["status unknown"])
            if not all(kinds) or sum(counted.values()) < 3:
                why = f"{measure.id}: {kinds[0]} apply, {kinds[1]} do not, {kinds[2]} unknown"
                problems.append(Problem("too-few-cases", act.file, measure.id, {"why": why}))
        problems += [
            Problem("never-true", act.file, item.code) for item in act.items if item.when is not None and (act.id, item.code) not in matched
        ]
        problems += _thresholds(act, by_act[act.id])
    return problems


def _thresholds(act: Instrument, transactions: list[Transaction]) -> Iterable[Problem]:
    """Each threshold needs a case in which the figure lies on each side of it."""
    rules = [entry.when for entry in (*act.items, *act.measures) if entry.when is not None]
    rules += [unless.when for entry in (*act.items, *act.measures) for unless in entry.unless]
    seen: set[str] = set()
    for compare in (node for rule in rules for node in walk(rule) if isinstance(node, Compare)):
        key = repr(compare)
        if key in seen or not isinstance(compare.right, Const):
            continue
        seen.add(key)
        figures = [found for transaction in transactions for found in _figures(compare.left, transaction.facts)]
        limit = (compare.right.value, compare.right.value)
        answers = {compared(figure, compare.op, limit) for figure in figures}
        for answer, side in ((True, "in which it holds"), (False, "in which it does not")):
            if answer not in answers:
                yield Problem("threshold-without-case", act.file, _said(compare), {"side": side})


def _figures(node: Node, facts: Facts) -> Iterable[tuple[int, int]]:
    """The figure of a case; for a field of a component, that of every component."""
    collection = next(
        (name for name, field in AMOUNT_FIELDS if isinstance(node, Fact) and node.name == field and name in facts.components), None
    )
    if collection is None or node.name in facts.values:
        found = bounds(node, facts)
        return [found] if found is not None else []
    components = facts.components[collection]
    amounts = [row[node.name] for row in components.rows if node.name in row]
    return [(a.low, a.high) for a in amounts] + ([] if components.rest else [(0, 0)])


def _said(compare: Compare) -> str:
    return f"{_name(compare.left)} {compare.op} {compare.right.text}"


def _name(node: Node) -> str:
    where = getattr(node, "where", None)
    values = getattr(where, "values", ())
    return getattr(node, "name", "") or " + ".join(values) or type(node).__name__
