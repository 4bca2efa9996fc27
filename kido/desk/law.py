"""Questions to the register: what the law was, is, and how it changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.model import Instrument, Register
from kido.register.timeline import Change, Status, changes, status
from kido.terms.text import nearest

if TYPE_CHECKING:
    from kido.register.changes import LawChange
    from kido.register.coverage import Coverage
    from kido.register.search import Hit


def register() -> Register:
    """The register: every act, measure, item and event, with its version.

    >>> "cn-mofcom-gacc-2025-18" in register().instruments
    True
    """
    return store.register()


def act(id: str) -> Instrument:
    """One act by its id; a measure's id gives its act."""
    acts = store.register().instruments
    name = str(id).partition("/")[0]
    if name not in acts:
        raise KidoError(Problem("no-such-measure", "register", str(id), {"near": nearest(name, acts)}))
    return acts[name]


def standing(id: str, on: date | str, known_on: date | str | None = None) -> list[tuple[str, Status]]:
    """The standing of an act's measures on a day.

    >>> [s.word for _, s in standing("cn-mofcom-gacc-2025-57", "2025-11-08")]
    ['suspended']
    """
    found, day, known = act(id), as_date(on, "on"), as_date(known_on, "known_on") or date.max
    return [(m.id, status(store.register(), found, m, day, known)) for m in found.measures]


def history(id: str) -> dict[str, list[Change]]:
    """Every day on which the standing of an act's measures changes."""
    found = act(id)
    return {m.id: changes(store.register(), found, m) for m in found.measures}


def search(**wanted: str) -> list[Hit]:
    """Which measures speak of a material, form, HS prefix, control code, word, kind, justification, place or jurisdiction?

    Parameters
    ----------
    wanted : `element`, `form`, `hs`, `code`, `word`, `kind`, `justification`, `place`, `jurisdiction`; names in ja, en or zh

    >>> [hit.measure.id for hit in search(element="ホルミウム", form="metal", kind="licence")]
    ['cn-mofcom-gacc-2025-57/1']
    """
    from kido.register import search as searching

    return searching.search(store.register(), store.terms(), searching.query(store.register(), store.terms(), wanted))


def as_of(on: date | str, known_on: date | str | None = None, **wanted: str) -> list[Hit]:
    """What stood on a day, with the figures of that day (quota of the year, rate of a duty).

    >>> {hit.status.word for hit in as_of("2025-11-08", element="Ho", form="metal")}
    {'suspended'}
    """
    from kido.register import search as searching

    day, known = as_date(on, "on"), as_date(known_on, "known_on") or date.max
    return searching.as_of(store.register(), store.terms(), searching.query(store.register(), store.terms(), wanted), day, known)


def timeline(**wanted: str) -> list[tuple[Hit, list[Change]]]:
    """Every change of standing of the measures that fit, oldest act first.

    >>> [(c.day.isoformat(), c.word) for _, changes in timeline(element="Ho", form="metal", kind="licence") for c in changes]
    [('2025-10-09', 'not_yet'), ('2025-11-07', 'suspended'), ('2026-11-10', 'unknown')]
    """
    return [(hit, changes(store.register(), hit.act, hit.measure)) for hit in search(**wanted)]


def diff(first: date | str, last: date | str, known_on: date | str | None = None) -> list[LawChange]:
    """What changed in law from one day to another.

    >>> {c.act.id for c in diff("2025-11-08", "2025-11-09") if c.what == "standing"}
    {'cn-mofcom-2024-46'}
    """
    from kido.register.changes import between_days

    problems: list[Problem] = []
    start, end = as_date(first, "first", problems), as_date(last, "last", problems)
    known = as_date(known_on, "known_on", problems) or date.max
    if not problems and start > end:
        problems.append(Problem("dates-in-wrong-order", "diff", f"{start} > {end}"))
    if problems:
        raise KidoError(problems)
    return between_days(store.register(), start, end, known)


def coverage(on: date | str) -> list[Coverage]:
    """What the register holds of each jurisdiction, what it does not, and when it was last checked.

    >>> coverage("2026-11-24")[0].watch.depth
    'register'
    """
    from kido.register.coverage import coverage as covered

    return covered(store.register(), as_date(on, "on"))
