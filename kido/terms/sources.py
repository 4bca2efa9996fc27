"""Where a value comes from, and how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """One source: address, publisher, kind, how far it was read, and the day it was seen."""

    url: str
    publisher: str
    kind: str  # official copy agency lawfirm news
    read: str
    seen: date
    note: str = ""

    def to_dict(self) -> dict:
        return {
            "url": self.url,
            "publisher": self.publisher,
            "kind": self.kind,
            "read": self.read,
            "seen": self.seen.isoformat(),
            "note": self.note,
        }
