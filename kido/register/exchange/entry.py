"""What every foreign format needs of a measure: its codes there, its days, its products, and sentences in English.

entries(register, scheme, on)   -> the measures the format can hold, and those it cannot with the reason
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kido.register import model as m
from kido.register.exchange.loss import LeftOut
from kido.register.exchange.loss_text import word
from kido.register.exchange.schemes import Coded, code_of, codes_for
from kido.register.exchange.standing import Standing, standing_of, verified_day
from kido.register.timeline import IN_FORCE, SUSPENDED, UNKNOWN, events_on
from kido.rule.nodes import Node
from kido.rule.show import Show
from kido.terms.text import said
from kido.terms.vocabulary import Terms

_DONE = {"suspend": "suspended", "resume": "resumed", "amend": "amended", "repeal": "repealed", "extend": "suspension extended"}
_LAST = {"in": "", "out": " (that day not included)", "in_doubt": " (whether that day is included is in doubt)"}
_BOUND = {"exact": "", "at_most": "at most ", "at_least": "at least ", "about": "about "}


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure as a foreign format takes it."""

    act: m.Instrument
    measure: m.Measure
    coded: Coded
    items: tuple[m.Item, ...]
    events: tuple[m.Event, ...]
    standing: Standing
    start: date
    until: date | None

    @property
    def lines(self) -> tuple[tuple[m.Item, str, str, str], ...]:
        """Every HS code: item, code, tariff, basis; sub-items' codes have no tariff of their own."""
        printed = [(item, code, p.tariff, p.basis) for item in self.items for p in item.hs for code in p.codes]
        return tuple(printed + [(item, code, "", "reference") for item in self.items for sub in item.sub_items for code in sub.hs])

    @property
    def hs6(self) -> tuple[str, ...]:
        """The first six digits of every code that has them, each once."""
        return tuple(dict.fromkeys(six for _, code, _, _ in self.lines if (six := first_six(code))))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(item.code for item in self.items)

    @property
    def statuses(self) -> tuple[str, ...]:
        """How far each code of the format was read."""
        every = (*self.coded.codes, *self.coded.unverified)
        return tuple(f"{code}: {code_of(self.coded.scheme, code).status}" for code in every)


def entries(register: m.Register, scheme: str, on: date | None) -> tuple[list[Entry], list[LeftOut]]:
    """The measures of the register as a format takes them; with a day, only those that are not over and not to come."""
    found: list[Entry] = []
    left: list[LeftOut] = []
    day = on or verified_day(register)
    for act, measure in register.measures():
        coded = codes_for(act, measure, scheme)
        standing = standing_of(register, act, measure, day)
        if not coded.any:
            left.append(LeftOut(measure.id, coded.note))
        elif on and standing.word not in (IN_FORCE, SUSPENDED, UNKNOWN):
            why = {lang: word("not_in_force", lang, on=on, standing=word(standing.word, lang)) for lang in ("ja", "en")}
            left.append(LeftOut(measure.id, why))
        else:
            events = tuple(events_on(register, act, measure))
            start, until = span(act, measure, events)
            found.append(Entry(act, measure, coded, act.items_of(measure), events, standing, start, until))
    return found, left


def span(act: m.Instrument, measure: m.Measure, events: tuple[m.Event, ...]) -> tuple[date, date | None]:
    """First and last day of a measure: its own, else its act's; the day before a repeal. Suspensions do not count."""
    start = measure.effective or act.effective or act.known_from
    repealed = [event.start - timedelta(days=1) for event in events if event.kind == "repeal" and event.formal]
    ends = [day for day in (measure.until, *repealed) if day]
    return start, min(ends, default=None)


def first_six(code: str) -> str:
    """The six digits that are common to all tariffs, or nothing.

    >>> first_six("8505.11.10"), first_six("8505")
    ('850511', '')
    """
    digits = "".join(char for char in code if char.isdigit())
    return digits[:6] if len(digits) >= 6 else ""


@dataclass(frozen=True, slots=True)
class English:
    """Sentences about an entry; the WTO takes English, and the other formats are English as well."""

    register: m.Register
    terms: Terms

    def rule(self, node: Node | None) -> str:
        labels: Mapping = {name: definition.label for name, definition in self.register.definitions.items()}
        return Show(self.terms, "en", labels).sentence(node) if node is not None else ""

    def act(self, act: m.Instrument) -> str:
        """Number and title."""
        return ", ".join(part for part in (act.number, said(act.title, "en")) if part)

    def event(self, event: m.Event) -> str:
        """What an act did to a measure, from when to when."""
        by = self.register.instruments[event.by]
        until = f" until {event.until}{_LAST[event.last_day]}" if event.until else ""
        formal = "" if event.formal else " (announced, no act found)"
        return f"{_DONE[event.kind]} from {event.start}{until} by {by.number or by.id}{formal}"

    def figure(self, figure: m.Figure) -> str:
        days = " to ".join(str(day) for day in (figure.start, figure.until) if day)
        amount = f"{_BOUND[figure.bound]}{figure.value} {figure.unit}" if figure.value else f"not stated ({figure.unit})"
        return f"{said(figure.of, 'en')}: {amount}{f' ({days})' if days else ''}"

    def item(self, item: m.Item) -> str:
        """An item with its limits: the only place a form has for composition, purity or shape."""
        parts = [f"{item.code} {said(item.name, 'en')}"]
        parts += [f"{head}: {said(text, 'en')}" for head, text in (("includes", item.includes), ("excludes", item.excludes)) if text]
        parts += [f"only where {self.rule(item.when)}"] if item.when is not None else []
        return "; ".join(parts)
