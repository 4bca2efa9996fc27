"""What stands under every answer: the register, the sources of the acts it names, and what it does not cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kido import desk
from kido.face.finding_view import place
from kido.face.language import word
from kido.register.model import Instrument, Watch
from kido.terms.sources import Source
from kido.terms.text import said

NOT_OPENED = "not opened"


def register(lang: str, watches: Iterable[Watch] = ()) -> dict:
    """The register that answers; `verified` is the oldest day, so that no place looks fresher than it is."""
    held = desk.register()
    searched = list(watches) or list(held.watches.values())
    shown = {
        "version": f"r{max(w.verified for w in searched)}-{held.version}",
        "verified": min(w.verified for w in searched).isoformat(),
    }
    if problem := desk.distrusted():
        shown["warning"] = f"{problem.wrong(lang)} {problem.do(lang)}"
    return shown


def not_covered(lang: str, not_searched: list[str], parties: str) -> dict:
    return {"not_searched": not_searched, "parties": parties, "not_advice": word("proof.not_advice", lang)}


def not_held(watches: Iterable[Watch], lang: str, on: date | None = None) -> list[str]:
    """What the register does not hold of these places; first, that it is older than the day asked for."""
    watches = list(watches)
    stale = [word("proof.stale", lang)] if on and any(on > w.verified for w in watches) else []
    return stale + in_turn([[f"{place(w.jurisdiction, lang)}: {said(text, lang)}" for text in w.not_held] for w in watches])


def in_turn(rows: list[list[str]]) -> list[str]:
    """One of each in turn, so that a list that is cut still speaks of every place."""
    longest = max(map(len, rows), default=0)
    return [row[number] for number in range(longest) for row in rows if number < len(row)]


def searched(watches: Iterable[Watch], lang: str) -> list[str]:
    """What was searched of each place, in numbers and days."""
    acts = desk.register().instruments.values()
    lines = []
    for watch in watches:
        mine = [act for act in acts if act.jurisdiction == watch.jurisdiction]
        lines.append(
            word(
                "proof.searched",
                lang,
                jurisdiction=place(watch.jurisdiction, lang),
                acts=len(mine),
                measures=sum(len(act.measures) for act in mine),
                items=sum(len(act.items) for act in mine),
                verified=watch.verified,
                newest=watch.newest_source,
            )
        )
    return lines


def newest(jurisdiction: str, known_on: date = date.max) -> Instrument | None:
    """The newest act that is held of a place, whose sources stand for it where an answer names no act."""
    acts = (a for a in desk.register().instruments.values() if a.jurisdiction == jurisdiction and a.known_from <= known_on)
    return max(acts, key=lambda act: (act.known_from, act.id), default=None)


def sources(acts: Iterable[str], most: int) -> list[dict]:
    """Sources of each act: first one that was read, then the issuer's own."""
    held = desk.register().instruments
    return [_source(id, one) for id in dict.fromkeys(acts) if id in held for one in _best(held[id].sources, most)]


def of_lists(ids: Iterable[str], most: int) -> list[dict]:
    """Sources of party lists; the same source of several lists is named once."""
    held = {one.id: one for one in desk.party_lists()}
    found: dict[str, tuple[Source, list[str]]] = {}
    for id in dict.fromkeys(ids):
        for one in _best(held[id].sources, most) if id in held else ():
            found.setdefault(one.url, (one, []))[1].append(id)
    return [_source(", ".join(named), one) for one, named in found.values()]


def _best(all_: tuple[Source, ...], most: int) -> list[Source]:
    read = [s for s in all_ if not s.read.startswith(NOT_OPENED)]
    own = [s for s in all_ if s.kind == "official"]
    found: list[Source] = []
    for one in (*read[:1], *own[:1], *all_):
        if one not in found:
            found.append(one)
    return found[:most]


def _source(of: str, one: Source) -> dict:
    return {"of": of, "url": one.url, "publisher": one.publisher, "kind": one.kind, "read": one.read, "seen": one.seen.isoformat()}
