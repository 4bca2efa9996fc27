"""The sources of the register by where they stand: last checked, age, how far they were read, and how many acts rest on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from kido.register.model import Instrument, Source

KINDS = ("official", "agency", "copy", "lawfirm", "news", "other")


def source_sites(acts: Iterable[Instrument], today: date) -> list[dict]:
    """One entry a site, official ones first, then by the acts that rest on it.

    >>> from kido.register.store import register
    >>> found = source_sites(register().instruments.values(), date(2026, 11, 29))
    >>> found[0]["site"], found[0]["kind"], found[0]["acts"] > 20
    ('www.mofcom.gov.cn', 'official', True)
    """
    held: dict[tuple[str, str], list[tuple[Source, str]]] = {}
    for act in acts:
        for source in act.sources:
            held.setdefault((urlsplit(source.url).netloc or source.publisher, source.kind), []).append((source, act.id))
    found = [_site(site, kind, rows, today) for (site, kind), rows in held.items()]
    return sorted(found, key=lambda one: (KINDS.index(one["kind"]), -one["acts"], one["site"]))


def _site(site: str, kind: str, rows: list[tuple[Source, str]], today: date) -> dict:
    last = max(source.seen for source, _ in rows)
    oldest = min(source.seen for source, _ in rows)
    return {
        "site": site, "kind": kind, "publishers": list(dict.fromkeys(source.publisher for source, _ in rows))[:3], "last": last.isoformat(),
        "age": (today - oldest).days, "pages": len({source.url for source, _ in rows}), "acts": len({id for _, id in rows}),
        "read": Counter(_read(source) for source, _ in rows),
    }  # fmt: skip


def _read(source: Source) -> str:
    """Whether a source was read whole, in part, or not opened."""
    return "full" if source.read.startswith("full") else "unopened" if source.read.startswith("not opened") else "part"
