"""The whole register as one graph of steps over the columns of a table: what `determine` does with one transaction.

    sheet(register, terms, facts, known_on)  -> Sheet

Same order as `decide/determine`: whether a law reaches, which entries match, which facts follow from a listed entry, what each
measure says, and the answers (`sheet_answers`) and missing facts (`sheet_missing`). Held equal by `tests/decide/test_sheet.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kido.decide import sheet_answers, sheet_missing
from kido.decide.finding import SEVERITY
from kido.decide.sheet_parts import CODE, CODE_LIST, ItemSteps, MeasureSteps, Sheet, spells
from kido.register.model import OUTCOMES, Instrument, Item, Measure, Register
from kido.register.timeline import IN_FORCE, NOT_KNOWN, UNKNOWN
from kido.rule import nodes as n
from kido.rule.graph import Graph
from kido.rule.tabular import Reader, Wanted
from kido.terms.codes import SIGNS, below
from kido.terms.vocabulary import Terms


def sheet(
    register: Register, terms: Terms, facts: Mapping[str, str], known_on: date | None = None,
    components: Iterable[str] = ("composition",), listings: Iterable[tuple[str, str]] = (),
) -> Sheet:  # fmt: skip
    """Lay out the register.

    Parameters
    ----------
    facts : kind of each fact that some row has, as in `rule/tabular`
    """
    graph, wanted = Graph(), Wanted()
    plain = Reader(graph, facts, terms, wanted, frozenset(components), frozenset(listings))
    knowledge = known_on or date.max
    made = _Making(register, plain, knowledge)
    reaches = {code: plain.read(watch.reach) for code, watch in register.watches.items()}
    items = {(act.id, item.code): made.item(act, item, reaches) for act, item in made.entries()}
    codes = {code: made.codes(code, items) for code in register.watches}
    facts_of = made.listed(items, codes)
    readers = {code: replace(plain, codes=codes[code], overrides=facts_of, memo={}) for code in register.watches}
    measures = [
        made.measure(act, measure, items, readers[act.jurisdiction]) for act, measure in register.judged() if made.is_known(act, measure)
    ]
    found = Sheet(graph, wanted, reaches, items, measures)
    for steps in measures:
        found.outputs[f"m:{steps.measure.id}"] = steps.answer
        if len(steps.outcomes) > 1:
            found.outputs[f"o:{steps.measure.id}"] = outcome_number(graph, steps)
        if steps.decides:
            found.outputs |= {f"b:{steps.measure.id}": steps.binds, f"u:{steps.measure.id}": steps.may_bind}
    for (act, code), steps in items.items():
        if graph.steps[steps.answer] != ("const", False):
            found.outputs[f"i:{act}/{code}"] = steps.answer
    sheet_answers.add(found, register, terms, facts, knowledge)
    sheet_missing.add(found)
    return found


def outcome_number(graph: Graph, steps: MeasureSteps) -> int:
    *cases, (_, last) = steps.outcomes
    return graph.pick([(when, graph.rank(OUTCOMES.index(outcome))) for when, outcome in cases], graph.rank(OUTCOMES.index(last)))


@dataclass(slots=True)
class _Making:
    """What the steps of entries and measures are made with."""

    register: Register
    plain: Reader
    knowledge: date

    @property
    def graph(self) -> Graph:
        return self.plain.graph

    def entries(self) -> Iterable[tuple[Instrument, Item]]:
        for act in self.register.instruments.values():
            for item in act.items:
                by_known = not (item.by and item.start) or self.register.instruments[item.by].known_from <= self.knowledge
                if item.when is not None and by_known:
                    yield act, item

    def is_known(self, act: Instrument, measure: Measure) -> bool:
        return any(word != NOT_KNOWN for _, _, word in spells(self.register, act, measure, self.knowledge))

    # -- entries -------------------------------------------------------------------------

    def item(self, act: Instrument, item: Item, reaches: Mapping[str, int]) -> ItemSteps:
        """As `match_item`; false where the law does not reach or the entry does not stand on its list that day."""
        g = self.graph
        there = g.both([g.maybe(reaches[act.jurisdiction]), g.between("on", item.start or date.min, item.until or date.max)])
        own = self.plain.read(item.when)
        out = g.both([g.maybe(own), g.sure(g.either([self.plain.read(unless.when) for unless in item.unless]))])
        answer = g.choose(out, g.const(False), own)
        if CODE in self.plain.facts:
            exact, within = self.named(item.code, act.jurisdiction)
            open_ = g.both([within, g.no(g.maybe(answer)), g.no(out)])
            answer = g.choose(exact, g.const(True), g.choose(open_, g.const(None), answer))
        return ItemSteps(act, item, own, g.both([there, out]), g.both([there, answer]))

    def named(self, code: str, jurisdiction: str) -> tuple[int, int]:
        """Whether the supplier's code names the entry, or a group it lies in; never unknown."""
        g = self.graph
        meant = self.meant(jurisdiction)
        parts = [code[:at] for at in range(1, len(code)) if code[at] in SIGNS and below(code, code[:at])]
        exact = g.sure(self.plain.code_below(CODE, (code,)))
        return g.both([meant, exact]), g.both([meant, g.no(exact), g.sure(g.among(CODE, (*parts, "all")))])

    def meant(self, jurisdiction: str) -> int:
        """The stated code is meant for this jurisdiction's lists, or for any."""
        g = self.graph
        if CODE_LIST not in self.plain.facts:
            return g.const(True)
        return g.maybe(g.among(CODE_LIST, (jurisdiction,)))

    def codes(self, jurisdiction: str, items: Mapping[tuple[str, str], ItemSteps]):
        """As `ItemCodes`: the codes of one jurisdiction the goods fall under."""
        g, mine = self.graph, [steps for steps in items.values() if steps.act.jurisdiction == jurisdiction]

        def under(prefixes: tuple[str, ...]) -> int:
            tests = [steps.answer for steps in mine if any(below(steps.item.code, prefix) for prefix in prefixes)]
            if CODE in self.plain.facts:
                tests.append(g.both([self.meant(jurisdiction), g.sure(self.plain.code_below(CODE, prefixes))]))
            return g.either(tests)

        return under

    # -- facts that follow from a listed entry -------------------------------------------

    def listed(self, items: Mapping[tuple[str, str], ItemSteps], codes: Mapping[str, object]) -> dict[str, int]:
        """As `determine._listed`, measure after measure."""
        g = self.graph
        facts: dict[str, int] = {}
        for act, measure in self.register.judged():
            fact = self.register.watches[act.jurisdiction].listed_fact
            if not fact or measure.gate != "dual_use" or measure.kind != "licence":
                continue
            reader = replace(self.plain, codes=codes[act.jurisdiction], overrides=dict(facts), memo={})
            out = g.sure(g.either([reader.read(unless.when) for unless in measure.unless if unless.outcome == "outside"]))
            matched = g.sure(g.either([steps.answer for steps in _covered(act, measure, items)]))
            holds = g.both([self.standing(act, measure, IN_FORCE), g.no(out), matched])
            stated = facts.get(fact) or self.plain.read(n.Fact(fact))
            facts[fact] = g.either([holds, stated])
        return facts

    # -- measures ------------------------------------------------------------------------

    def standing(self, act: Instrument, measure: Measure, word: str) -> int:
        g = self.graph
        return g.either(
            [g.between("on", first, last) for first, last, w in spells(self.register, act, measure, self.knowledge) if w == word]
        )

    def measure(self, act: Instrument, measure: Measure, items: Mapping[tuple[str, str], ItemSteps], reader: Reader) -> MeasureSteps:
        """As `finding.find`."""
        g = self.graph
        covered = _covered(act, measure, items)
        scope = reader.read(measure.when)
        truth = g.both([scope, g.either([steps.answer for steps in covered]) if measure.covers else g.const(True)])
        exceptions = [reader.read(unless.when) for unless in measure.unless]
        held: dict[str, int] = {}
        for unless, step in zip(measure.unless, exceptions, strict=True):
            held[unless.outcome] = g.either([g.sure(step), *([held[unless.outcome]] if unless.outcome in held else [])])
        conflict = g.either([g.both([held[a], held[b]]) for a in held for b in held if a < b])
        outside = g.both([held.get("outside", g.const(False)), g.no(conflict)])
        none = g.either([g.no(g.maybe(truth)), outside])
        answer = g.pick([(none, g.rank(0)), (conflict, g.rank(3)), (g.unknown(truth), g.rank(1)), (g.sure(truth), g.rank(2))], g.rank(0))
        outcomes = [(held[outcome], outcome) for outcome in sorted(held, key=SEVERITY.__getitem__, reverse=True)]
        in_force, unknown = self.standing(act, measure, IN_FORCE), self.standing(act, measure, UNKNOWN)
        bears = g.const(False) if measure.outcome == "outside" else g.no(none)
        binds = g.both([bears, in_force, g.either([conflict, g.sure(truth)])])
        may_bind = g.both([bears, g.either([unknown, g.both([in_force, g.unknown(truth), g.no(conflict)])])])
        applies = g.both([g.no(none), g.sure(truth), g.no(conflict)])
        return MeasureSteps(
            act, measure, covered, spells(self.register, act, measure, self.knowledge), reader, scope, exceptions, answer,
            [*outcomes, (g.const(True), measure.outcome)], applies, binds, may_bind, in_force, self.technology(measure, covered),
        )  # fmt: skip

    def technology(self, measure: Measure, covered: list[ItemSteps]) -> int:
        """As `Finding.gate`: only technology of the annex is in question."""
        g = self.graph
        inside = [(steps.item.form == "technology", g.either([g.maybe(steps.answer), steps.out])) for steps in covered]
        return g.both([g.either([step for yes, step in inside if yes]), g.no(g.either([step for yes, step in inside if not yes]))])


def _covered(act: Instrument, measure: Measure, items: Mapping[tuple[str, str], ItemSteps]) -> list[ItemSteps]:
    return [items[act.id, item.code] for item in act.items if item.code in measure.codes and (act.id, item.code) in items]
