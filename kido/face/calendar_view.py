"""What falls on which day: measures that take effect or end, suspensions, entries of lists, figures of a year, as far as the register knows.

falling(first, last, wanted)   -> list[Falling], in the order of the days
row(one, lang)                 -> the words of one
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kido import desk
from kido.face.finding_view import figure, number_of, place
from kido.face.language import by_label, word
from kido.register.model import Figure, Instrument, Item, Measure
from kido.register.search import Hit
from kido.register.timeline import ENDED, IN_FORCE, NOT_YET, SUSPENDED, UNKNOWN, changes, events_on
from kido.terms.text import said

WHAT = (  # on one day in this order
    "published", "announced", "begins", "resumes", "suspended", "suspension_last", "announced_last", "unknown", "last_day", "ended", "entries_begin", "entries_end", "figures_begin", "figures_end",
)  # fmt: skip
MOST_NAMED = 6


@dataclass(slots=True)
class Falling:
    """What happens to one act on one day. `by` is the act that does it."""

    day: date
    what: str
    act: Instrument
    measures: list[Measure]
    items: list[Item]
    figures: list[Figure]
    by: str
    in_doubt: bool = False

    @property
    def uid(self) -> str:
        """The same for the same act, day and happening, in every language and version of the register."""
        return hashlib.sha256(f"{self.day} {self.act.id} {self.what}".encode()).hexdigest()[:32] + "@kido"


def falling(first: date, last: date, wanted: dict[str, str] | None = None) -> list[Falling]:
    """What falls on the days from `first` to `last`, of the measures a search finds.

    >>> [(one.day.isoformat(), one.what) for one in falling(date(2025, 11, 1), date(2026, 11, 30), {"element": "Ho", "jurisdiction": "CN"}) if one.act.id == "cn-mofcom-gacc-2025-57"]
    [('2025-11-07', 'suspended'), ('2026-11-10', 'suspension_last'), ('2026-11-10', 'unknown')]
    """
    found: dict[tuple[date, str, str], Falling] = {}
    narrowed = bool((wanted or {}).get("element"))
    seen: set[tuple[str, str]] = set()
    for hit in desk.search(**by_label(wanted or {})):
        for day, what, by, piece, in_doubt in _of(hit, hit.items if narrowed else hit.act.items):
            if not first <= day <= last or (isinstance(piece, Item) and (hit.act.id, f"{piece.code} {what}") in seen):
                continue
            one = found.setdefault((day, hit.act.id, what), Falling(day, what, hit.act, [], [], [], by))
            one.in_doubt |= in_doubt
            if isinstance(piece, Item):
                seen.add((hit.act.id, f"{piece.code} {what}"))
                one.items.append(piece)
            elif isinstance(piece, Figure):
                one.figures.append(piece)
            if hit.measure not in one.measures:
                one.measures.append(hit.measure)
    return sorted(found.values(), key=lambda one: (one.day, one.act.jurisdiction, one.act.id, WHAT.index(one.what)))


def _of(hit: Hit, items: tuple[Item, ...]) -> Iterator[tuple[date, str, str, Item | Figure | None, bool]]:
    act, measure = hit.act, hit.measure
    if not (act.undated and measure.effective is None):  # the day a source was seen is no day of law
        yield from _standing(act, measure)
    for entry in measure.figures:
        for day, what in ((entry.start, "figures_begin"), (entry.until, "figures_end")):
            if day:
                yield day, what, act.id, entry, False
    for item in items:
        for day, what in ((item.start, "entries_begin"), (item.until, "entries_end")):
            if day:
                yield day, what, item.by or act.id, item, False


def _standing(act: Instrument, measure: Measure) -> Iterator[tuple[date, str, str, None, bool]]:
    before, begins = "", "announced" if measure.kind == "investigation" else "begins"  # what is only announced is never said to take effect
    for change in changes(desk.register(), act, measure):
        what = {
            NOT_YET: "published", IN_FORCE: "resumes" if before in (SUSPENDED, UNKNOWN) else begins, SUSPENDED: "suspended", UNKNOWN: "unknown", ENDED: "ended",
        }.get(change.word)  # fmt: skip
        if what == "ended" and measure.until:
            yield measure.until, "last_day", change.by, None, False
        elif what:
            yield change.day, what, change.by, None, False
        before = change.word
    for event in events_on(desk.register(), act, measure):
        if event.until and event.kind in ("suspend", "extend"):
            what = "suspension_last" if event.formal else "announced_last"
            yield event.until, what, event.by, None, event.last_day == "in_doubt"


def row(one: Falling, lang: str) -> dict:
    """One happening in words."""
    act = one.act
    source = desk.register().instruments.get(one.by, act).sources[0]  # of the act that does it
    elements = dict.fromkeys(symbol for item in one.items for symbol in item.elements) or dict.fromkeys(act.elements)
    titles = [said(measure.title, lang) for measure in one.measures if said(measure.title, lang) != said(act.title, lang)]
    return {
        "day": one.day.isoformat(), "what": one.what, "what_words": word(f"calendar.{one.what}", lang), "uid": one.uid,
        "jurisdiction": act.jurisdiction, "place": place(act.jurisdiction, lang), "act": act.id, "number": act.number, "title": said(act.title, lang),
        "measures": titles if len(act.measures) > 1 else [], "details": _details(one, lang), "elements": list(elements),
        "by": one.by if one.by != act.id and one.by in desk.register().instruments else "", "by_number": number_of(one.by),
        "in_doubt": one.in_doubt, "source": {"publisher": source.publisher, "url": source.url, "seen": source.seen.isoformat()},
    }  # fmt: skip


def _details(one: Falling, lang: str) -> list[str]:
    """The entries and figures of that day, the first of many by name."""
    named = [f"{item.code} {said(item.name, lang)}" for item in one.items] + [figure(entry, lang)["words"] for entry in one.figures]
    more = len(named) - MOST_NAMED
    return [*named[:MOST_NAMED], *([word("calendar.more", lang, count=more)] if more > 0 else [])]
