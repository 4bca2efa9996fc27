"""The nouns of a sheet: what the register's entries and measures are as steps over columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from kido.decide.finding import APPLIES, CONFLICT, DOES_NOT, OPEN
from kido.register.model import DECIDING, Instrument, Item, Measure, Register
from kido.register.timeline import status
from kido.rule.graph import Graph
from kido.rule.tabular import Reader, Wanted

ANSWERED = (DOES_NOT, OPEN, APPLIES, CONFLICT)  # the numbers of a measure's answer
CODE, CODE_LIST, CODE_HELD = "control_code", "control_code_list", "control_code.held"


@dataclass(slots=True)
class ItemSteps:
    """One entry: its own rule, whether an exception took it out, and its answer with the supplier's code and the day."""

    act: Instrument
    item: Item
    own: int
    out: int
    answer: int


@dataclass(slots=True)
class MeasureSteps:
    """One measure: its scope, its answer and outcome as numbers, and whether it binds or may."""

    act: Instrument
    measure: Measure
    items: list[ItemSteps]
    standing: list[tuple[date, date, str]]
    reader: Reader
    scope: int
    exceptions: list[int]
    answer: int
    outcomes: list[tuple[int, str]]  # the outcome by the first condition that holds
    applies: int
    binds: int
    may_bind: int
    in_force: int
    technology: int

    @property
    def decides(self) -> bool:
        return self.measure.kind in DECIDING


@dataclass(slots=True)
class Sheet:
    """The graph, and the steps whose columns are asked for, by name."""

    graph: Graph
    wanted: Wanted
    reaches: dict[str, int]
    items: dict[tuple[str, str], ItemSteps]
    measures: list[MeasureSteps]
    outputs: dict[str, int] = field(default_factory=dict)


def spells(register: Register, act: Instrument, measure: Measure, known_on: date) -> list[tuple[date, date, str]]:
    """A measure's standing over all days, as spans with one word each.

    >>> from kido.register.store import register
    >>> act = register().instruments["cn-mofcom-gacc-2025-57"]
    >>> [word for _, _, word in spells(register(), act, act.measures[0], date.max)]
    ['not_yet', 'suspended', 'unknown']
    """
    key = ("spells", measure.id, known_on)
    if (kept := register.standings.get(key)) is not None:
        return kept
    days = {date.min, act.known_from, act.effective, measure.effective, measure.until and measure.until + timedelta(days=1)}
    if measure.added_by:
        days.add(register.instruments[measure.added_by].known_from)
    for other in register.instruments.values():
        for event in other.events:
            days |= {event.start, event.until, event.until and event.until + timedelta(days=1)}
    found: list[list] = []
    for day in sorted(day for day in days if day is not None):
        word = status(register, act, measure, day, known_on).word
        if found and found[-1][2] == word:
            continue
        if found:
            found[-1][1] = day - timedelta(days=1)
        found.append([day, date.max, word])
    made = register.standings[key] = [tuple(span) for span in found]
    return made
