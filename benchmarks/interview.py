"""The interview beside asking every missing fact in table order: answers reached, and questions asked.

    .venv/bin/python benchmarks/interview.py [--runs 200]

The hidden truth is a golden case, or the goods of one case in the movement, parties and use of another; all but one or two of
its facts are hidden.  (Two goods mixed would be no transaction: a metal that is also a hydroxide.)
What the truth does not say is answered "unknown", by both.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kido.decide.determine import Determination, determine
from kido.decide.interview import Interview
from kido.decide.stated import states_fact, stating
from kido.decide.transaction import ALIASES, SECTIONS, Transaction, read_transaction
from kido.errors import KidoError
from kido.register.cases import read_cases
from kido.register.store import register, terms
from kido.register.yaml_file import Mark, marked
from kido.terms.amounts import Amount, bounds_text
from kido.terms.ground import ground
from kido.terms.vocabulary import CONTENT

SEED = 20261123
MIXED = 0.25  # share of truths made of two cases
_AROUND = ("movement", "party", "end_use", "money", "law", "technology")  # groups of facts that are not of the goods
_BESIDE = ("on", "parties", "papers", "name")  # never hidden: the day, the parties, words that decide nothing


@dataclass(frozen=True, slots=True)
class Truth:
    """A transaction, and the little of it that is stated at first."""

    name: str
    facts: dict
    given: dict
    on: date
    known_on: date | None


class Hidden:
    """Answers from the truth; None where the truth does not say."""

    def __init__(self, truth: Truth):
        self.facts = truth.facts
        self.read: Transaction = read_transaction(truth.facts, terms(), truth.on)

    def answer(self, name: str) -> object | None:
        if name in ("composition", "inputs", "composition_complete", "inputs_complete"):
            return self.facts.get(name) or (self._contents() if name == "composition" else None)
        if name.endswith(CONTENT) and name not in self.read.facts.values:
            return self._content(name.removesuffix(CONTENT).capitalize())
        value = self.read.value(name)
        if value is None or name in self.facts:
            return self.facts.get(name)
        if isinstance(value, Amount):
            return bounds_text(value.low, value.high)
        return list(value) if isinstance(value, tuple) else value

    def _contents(self) -> dict | None:
        found = {key.removesuffix(CONTENT).capitalize(): value for key, value in self.facts.items() if key.endswith(CONTENT)}
        return {symbol: value for symbol, value in found.items() if symbol in terms().elements} or None

    def _content(self, symbol: str) -> str | None:
        composition = self.read.facts.components["composition"]
        for row in composition.rows:
            if row["element"] == symbol:
                found = row["wt_pct"]
                return bounds_text(found.low, found.high)
        if composition.rest is None:
            return "0"
        return None


def truths(runs: int, seed: int = SEED) -> Iterator[Truth]:
    """Random transactions with a fixed seed."""
    chance = random.Random(seed)
    cases = read_cases(ground("cases"), register().instruments)
    found = 0
    while found < runs:
        case = chance.choice(cases)
        facts = flat(case.facts)
        if chance.random() < MIXED:
            other = flat(chance.choice(cases).facts)
            mixed = {key: value for key, value in facts.items() if not _around(key)} | {
                key: value for key, value in other.items() if _around(key)
            }
            facts = {key: value for key, value in mixed.items() if chance.random() < 0.8 or key in _BESIDE}
        try:
            read_transaction(facts, terms(), case.on)
        except KidoError:
            continue  # a mixture that contradicts itself is no transaction
        shown = set(chance.sample(sorted(facts), min(len(facts), chance.choice((1, 2)))))
        given = {key: value for key, value in facts.items() if key in shown or key in _BESIDE}
        try:
            read_transaction(given, terms(), case.on)
        except KidoError:
            continue
        found += 1
        yield Truth(case.name, facts, given, case.on, case.known_on)


def _around(name: str) -> bool:
    return name == "parties" or (name in terms().facts and terms().facts[name].group in _AROUND)


def flat(mark: Mark) -> dict:
    """The facts of a case by their own names, sections opened."""
    found: dict = {}
    for key, child in mark.value.items():
        if key in SECTIONS and isinstance(child.value, dict):
            found |= flat(child)
        else:
            found[ALIASES.get(key, key)] = child.plain()
    return found


def interviewed(truth: Truth) -> tuple[Determination, int, Interview]:
    """The answer of the interview, and how many questions it took."""
    hidden = Hidden(truth)
    talk = Interview(register(), terms(), marked(truth.given, ""), truth.on, truth.known_on)
    while talk.question is not None:
        value = hidden.answer(talk.question.name)
        if talk.question.name == "composition" and value is None:
            parts = {n: hidden.answer(n) for n in talk.question.facts}
            value = {n.removesuffix(CONTENT).capitalize(): v for n, v in parts.items() if v is not None} or None
        talk.answer(value)
    return talk.found, len(talk.log), talk


def in_table_order(truth: Truth) -> tuple[Determination, int]:
    """Ask every missing fact in the order of facts.csv, until none is missing."""
    hidden = Hidden(truth)
    facts, asked, order = marked(truth.given, ""), set(), list(terms().facts)
    while True:
        found = determine(register(), terms(), read_transaction(facts, terms(), truth.on), truth.on, truth.known_on)
        missing = {name for question in found.questions for name in question.names} - asked
        missing = [name for name in (*order, "composition", "inputs") if name in missing]
        if not missing:
            return found, len(asked)
        for name in missing:
            asked.add(name)
            value = hidden.answer(name)
            if value is not None and not (name in ("composition", "inputs") and states_fact(facts, name)):
                facts = stating(facts, name, value, terms())


def same(found: Determination, full: Determination) -> bool:
    """The answer, what to plan for, and what each jurisdiction says; of a prohibited one, the answer."""
    return outcome(found) == outcome(full)


def outcome(d: Determination) -> tuple:
    if d.answer == "prohibited":
        return ("prohibited",)
    quiet = ("no_match", "outside_data")
    return (
        d.answer,
        d.planning,
        tuple((j.jurisdiction, j.answer, j.planning) for j in d.jurisdictions if j.answer not in quiet and j.reach is not False),
    )


def measured(runs: int) -> dict:
    """Figures over many transactions; `differ` names those whose answers differ."""
    asked, base, differ, times = [], [], [], []
    for truth in truths(runs):
        full = determine(register(), terms(), read_transaction(truth.facts, terms(), truth.on), truth.on, truth.known_on)
        found, count, _ = interviewed(truth)
        other, every = in_table_order(truth)
        asked.append(count)
        base.append(every)
        if not same(found, full):
            differ.append((truth.name, outcome(found), outcome(full), same(other, full)))
        talk = Interview(register(), terms(), marked(truth.given, ""), truth.on, truth.known_on)
        start = time.perf_counter()
        _ = talk.tried
        times.append((time.perf_counter() - start) * 1000)
    return {"asked": asked, "base": base, "differ": differ, "times": times}


def main() -> None:
    runs = int(sys.argv[sys.argv.index("--runs") + 1]) if "--runs" in sys.argv else 200
    found = measured(runs)
    asked, base = sum(found["asked"]), sum(found["base"])
    print(f"transactions                  {runs}")
    print(f"same answer as the full facts {runs - len(found['differ'])}")
    print(f"questions of the interview    {asked} (median {statistics.median(found['asked'])})")
    print(f"questions in table order      {base} (median {statistics.median(found['base'])})")
    print(f"fewer by                      {100 * (1 - asked / base):.1f} %")
    print(f"next_question, ms             median {statistics.median(found['times']):.0f}, highest {max(found['times']):.0f}")
    for name, mine, full, base_same in found["differ"]:
        print(f"  differs: {name}: {mine} / {full}; table order the same: {base_same}")


if __name__ == "__main__":
    main()
