"""What the register holds of each jurisdiction and, first, what it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kido.register.model import Register, Watch


@dataclass(frozen=True, slots=True)
class Coverage:
    """One jurisdiction: its watch, what is held in numbers, and how doubtful that is.

    age      days since the files were last checked
    judged   measures a transaction is judged by; the others are policy, held and searched
    low      acts of low confidence
    """

    watch: Watch
    age: int
    acts: int
    judged: int
    policy: int
    items: int
    figures: int
    doubts: int
    low: tuple[str, ...]


def coverage(register: Register, on: date) -> list[Coverage]:
    """Each jurisdiction, the best covered first.

    >>> from kido.register.store import register
    >>> coverage(register(), date(2026, 11, 24))[0].watch.jurisdiction
    'CN'
    """
    found = []
    for code, watch in register.watches.items():
        acts = [act for act in register.instruments.values() if act.jurisdiction == code]
        measures = [measure for act in acts for measure in act.measures]
        found.append(
            Coverage(
                watch,
                (on - watch.verified).days,
                len(acts),
                sum(measure.judged for measure in measures),
                sum(not measure.judged for measure in measures),
                sum(len(act.items) for act in acts),
                sum(len(measure.figures) for measure in measures),
                sum(len(act.doubts) for act in acts),
                tuple(act.id for act in acts if act.confidence == "low"),
            )
        )
    return sorted(found, key=lambda c: (c.watch.depth != "register", -c.acts, c.watch.jurisdiction))
