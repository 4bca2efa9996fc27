"""Rules as one graph of steps over columns, for every reader of tables: equal steps stand once, known ones are folded.

A step is true, false or unknown for each row (`both`, `either`, `no` are Kleene's), a figure, or a small whole number.
`layers` says in which order a reader computes them: what several steps use becomes a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from kido.rule.facts import Truth

Step = tuple  # (kind, *arguments); arguments that are steps are their numbers
_LEAVES = ("const", "column", "whole", "figure", "rank", "given")
_OF_ONE = ("no", "sure", "maybe", "unknown", "is")  # of a column, cheaper to repeat than to keep
DEEPEST = 12  # steps inside one expression; deeper ones become columns, so that no reader recurses far


@dataclass(slots=True)
class Graph:
    """Steps by number; `add` gives an equal step its old number."""

    steps: list[Step] = field(default_factory=list)
    numbers: dict[Step, int] = field(default_factory=dict)
    known: list[bool] = field(default_factory=list)  # which steps are never unknown

    def add(self, *step) -> int:
        number = self.numbers.get(step)
        if number is None:
            number = self.numbers[step] = len(self.steps)
            self.steps.append(step)
            self.known.append(self._is_two_valued(step))
        return number

    # -- three values --------------------------------------------------------------------

    def const(self, answer: Truth) -> int:
        return self.add("const", answer)

    def constant(self, number: int) -> tuple[bool, Truth]:
        """Whether a step is the same for every row, and what it is."""
        step = self.steps[number]
        return step[0] == "const", step[1] if step[0] == "const" else None

    def column(self, name: str) -> int:
        """A column of yes, no and unknown."""
        return self.add("column", name)

    def both(self, parts: Iterable[int]) -> int:
        """True if all parts are, false as soon as one is false.

        >>> g = Graph()
        >>> g.steps[g.both([g.column("a"), g.const(True)])], g.steps[g.both([g.column("a"), g.const(False)])]
        (('column', 'a'), ('const', False))
        """
        return self._joined("both", parts, settled=False)

    def within(self, outer: int, inner: int) -> int:
        """`both` of two, kept apart from what `outer` is made of, so that many can share it."""
        known = self.both([outer, inner])
        if self.steps[known][0] != "both" or len(self.steps[known][1]) <= 2:
            return known
        return self.add("both", tuple(sorted((outer, inner))))

    def either(self, parts: Iterable[int]) -> int:
        """True as soon as one part is, false if all are."""
        return self._joined("either", parts, settled=True)

    def _joined(self, kind: str, parts: Iterable[int], settled: bool) -> int:
        kept: dict[int, None] = {}
        for part in parts:
            step = self.steps[part]
            if step[0] == "const" and step[1] is settled:
                return part
            if step[0] == kind:
                kept |= dict.fromkeys(step[1])
            elif step != ("const", not settled):
                kept[part] = None
        if len(kept) <= 1:
            return next(iter(kept), None) if kept else self.const(not settled)
        return self.add(kind, tuple(sorted(kept)))

    def no(self, part: int) -> int:
        step = self.steps[part]
        if step[0] == "const":
            return self.const(None if step[1] is None else not step[1])
        return step[1] if step[0] == "no" else self.add("no", part)

    def sure(self, part: int) -> int:
        """Whether it is true; unknown counts as no."""
        return self._two_valued("sure", part, lambda answer: answer is True)

    def maybe(self, part: int) -> int:
        """Whether it is true or unknown."""
        return self._two_valued("maybe", part, lambda answer: answer is not False)

    def unknown(self, part: int) -> int:
        return self._two_valued("unknown", part, lambda answer: answer is None)

    def _two_valued(self, kind: str, part: int, told) -> int:
        step = self.steps[part]
        if step[0] == "const":
            return self.const(told(step[1]))
        if self.two_valued(part):
            return self.const(False) if kind == "unknown" else part
        return self.add(kind, part)

    def two_valued(self, number: int) -> bool:
        """Whether a step is surely never unknown."""
        return self.known[number]

    def _is_two_valued(self, step: Step) -> bool:
        match step:
            case ("sure" | "maybe" | "unknown" | "given" | "always" | "is" | "less", *_):
                return True
            case ("const", answer):
                return answer is not None
            case ("both" | "either", parts):
                return all(self.known[part] for part in parts)
            case ("no", part):
                return self.known[part]
            case ("choose", _, then, otherwise):
                return self.known[then] and self.known[otherwise]
        return False

    def choose(self, condition: int, then: int, otherwise: int) -> int:
        """`condition` is never unknown."""
        known, answer = self.constant(condition)
        if known:
            return then if answer else otherwise
        return then if then == otherwise else self.add("choose", condition, then, otherwise)

    # -- tests of columns ----------------------------------------------------------------

    def given(self, column: str) -> int:
        """Whether a column says anything."""
        return self.add("given", column)

    def among(self, column: str, values: Iterable[str]) -> int:
        """A worded column is one of these; unknown where it is empty."""
        return self.add("among", column, tuple(sorted(set(values))))

    def starts(self, column: str, beginnings: Iterable[str]) -> int:
        return self.add("starts", column, tuple(sorted(set(beginnings))))

    def under_hs(self, column: str, digits: str) -> int:
        return self.add("under_hs", column, digits)

    def between(self, column: str, first: date, last: date) -> int:
        """A day lies in a span, both days included."""
        if first == date.min and last == date.max:
            return self.choose(self.given(column), self.const(True), self.const(None)) if column != "on" else self.const(True)
        return self.add("always" if column == "on" else "between", column, first, last)  # the day judged is never unknown

    def compare(self, left: tuple[int, int], op: str, right: tuple[int, int]) -> int:
        """Two figures within bounds, as `judge.compared`."""
        return self.add("compare", *left, op, *right)

    # -- figures -------------------------------------------------------------------------

    def whole(self, value: int) -> int:
        return self.add("whole", value)

    def figure(self, column: str, otherwise: int | None = None) -> int:
        return self.add("figure", column, otherwise)

    def plus(self, left: int, right: int) -> int:
        return self.add("plus", left, right)

    def times(self, part: int, top: int, bottom: int, up: bool) -> int:
        """A figure times top/bottom, rounded down, or `up`."""
        return self.add("times", part, top, bottom, up)

    def share(self, part: int, whole: int, end: str) -> int:
        """Per cent of the whole, the `low` or the `high` end, as `judge.share_bounds`."""
        return self.add("share", part, whole, end)

    # -- small whole numbers -------------------------------------------------------------

    def rank(self, value: int) -> int:
        return self.add("rank", value)

    def pick(self, cases: Sequence[tuple[int, int]], otherwise: int) -> int:
        """The number of the first condition that holds; conditions are never unknown."""
        kept: list[tuple[int, int]] = []
        for condition, then in cases:
            known, answer = self.constant(condition)
            if known and answer:
                otherwise = then
                break
            if not known and kept and kept[-1][1] == then:
                kept[-1] = self.either([kept[-1][0], condition]), then
            elif not known:
                kept.append((condition, then))
        while kept and kept[-1][1] == otherwise:
            kept.pop()
        return self.add("pick", tuple(kept), otherwise) if kept else otherwise

    def equals(self, number: int, value: int) -> int:
        """Whether a small number is this one."""
        step = self.steps[number]
        return self.const(step[1] == value) if step[0] == "rank" else self.add("is", number, value)

    def lower(self, left: int, right: int) -> int:
        return self.add("less", left, right)


def below(step: Step) -> Iterator[int]:
    """The steps a step is made from."""
    match step:
        case ("both" | "either", parts):
            yield from parts
        case ("no" | "sure" | "maybe" | "unknown", part) | ("is", part, _):
            yield part
        case ("choose" | "share" | "plus" | "less", *parts):
            yield from (part for part in parts if isinstance(part, int))
        case ("compare", a, b, _, c, d):
            yield from (a, b, c, d)
        case ("times", part, *_):
            yield part
        case ("pick", cases, otherwise):
            for condition, then in cases:
                yield from (condition, then)
            yield otherwise


def layers(graph: Graph, wanted: Iterable[int]) -> list[list[int]]:
    """The steps that become columns, in layers: each reads only columns of layers before it.

    A step becomes a column if it is wanted, used more than once, or would make an expression too deep.
    Leaves that are cheap to repeat never do.
    """
    wanted = set(wanted)
    uses: dict[int, int] = {}
    order: list[int] = []

    def visit(number: int) -> None:
        rest = [(number, False)]
        while rest:
            here, done = rest.pop()
            if done:
                order.append(here)
            elif here in uses:
                uses[here] += 1
            else:
                uses[here] = 1
                rest.append((here, True))
                rest += [(child, False) for child in below(graph.steps[here])]

    for number in sorted(wanted):
        visit(number)
    depth: dict[int, int] = {}
    layer: dict[int, int] = {}
    kept: dict[int, list[int]] = {}
    for number in order:
        children = list(below(graph.steps[number]))
        layer[number] = max((layer[child] + (child in depth and depth[child] == 0) for child in children), default=0)
        deep = max((depth[child] + 1 for child in children), default=1)
        kind = graph.steps[number][0]
        cheap = kind in _LEAVES or (kind in _OF_ONE and (depth[children[0]] == 0 or graph.steps[children[0]][0] in _LEAVES))
        if number in wanted or (not cheap and (uses[number] > 1 or deep > DEEPEST)):
            kept.setdefault(layer[number], []).append(number)
            deep = 0
        depth[number] = deep
    return [kept[at] for at in sorted(kept)]
