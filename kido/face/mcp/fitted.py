"""An answer small enough to be read: long lists are cut from their ends, and each says how many entries follow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from kido.errors import KidoError, Problem
from kido.face.language import word
from kido.face.mcp import proof
from kido.terms.text import nearest

MOST = 7_800  # characters of an answer as JSON
MOST_ENTRIES = 60  # of one list, before it is cut to size
LONGEST = 360  # characters of one text; the whole stands in the act
WHOLE = 2_000  # where one list is asked for alone
SHORTER = (220, 140)  # where lists at their least are still too much
DEAR = {
    "binding": 0.2, "hits": 0.3, "open": 0.4, "missing": 0.4, "measures": 0.4, "items": 0.4, "changes": 0.4, "jurisdictions": 0.4, "reason": 0.4,
    "do": 0.6, "by_when": 0.6,
}  # fmt: skip

Sources = Callable[[list[str], int], list[dict]]


def fitted(
    shown: dict,
    least: dict[str, int],
    lang: str,
    part: str | None = None,
    start: int = 0,
    of: Sources = proof.sources,
    named: list[str] | None = None,
) -> dict:
    """The answer cut to size, with the sources of what is left. What answers the question (`DEAR`) is cut last.

    Parameters
    ----------
    shown : the answer, without `sources` and `left_out`
    least : the lists that may be cut, in the order of `shown`, and how many entries of each always stay
    part, start : show one list only, from an entry on
    of : how to find the sources of ids; `named` are ids whose sources are shown where nothing else is named
    """
    lists = {name: _list(shown, name) for name in least}
    if part is not None:
        if part not in lists:
            raise KidoError(
                Problem("not-one-of", "part", part[:80], {"fact": "part", "near": nearest(part, lists), "values": ", ".join(lists)})
            )
        for name, entries in lists.items():
            entries[:] = entries[start:] if name == part else []
    _clip(shown, WHOLE if part is not None else LONGEST)
    left = {name: max(len(entries) - MOST_ENTRIES, 0) for name, entries in lists.items()}
    for entries in lists.values():
        del entries[MOST_ENTRIES:]
    keep = dict.fromkeys(least, 1) if part is not None else dict(least)
    per_act, shorter = 2, iter(SHORTER)
    while True:
        shown["sources"] = of(list(dict.fromkeys(_named(shown))) or named or [], per_act)
        shown["left_out"] = [
            {"part": name, "count": count, "how": word("mcp.more", lang, part=name, start=len(lists[name]) + (start if part else 0))}
            for name, count in left.items()
            if count
        ]
        if _size(shown) <= MOST:
            return shown
        cut = [name for name in lists if len(lists[name]) > keep[name]]
        if per_act > 1:
            per_act -= 1
        elif cut:
            longest = max(cut, key=lambda name: _size(lists[name]) * DEAR.get(name, 1))
            lists[longest].pop()
            left[longest] += 1
        elif most := next(shorter, None):
            _clip(shown, most)
        elif any(count > 1 for count in keep.values()):
            keep = {name: min(count, 1) for name, count in keep.items()}
        else:
            return shown


def _list(shown: dict, name: str) -> list:
    inside, _, own = name.rpartition(".")
    return (shown[inside] if inside else shown)[own]


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _named(value: object) -> Iterator[str]:
    """Ids of the acts that an answer names, itself or by a measure."""
    if isinstance(value, dict):
        for name, child in value.items():
            if name in ("measure", "act") and isinstance(child, str) and child:
                yield child.partition("/")[0]
            elif name not in ("sources", "left_out"):
                yield from _named(child)
    elif isinstance(value, list):
        for child in value:
            yield from _named(child)


def _clip(value: dict | list, most: int) -> None:
    """Long texts are cut, and say so; an address never is."""
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(child, str) and len(child) > most and key != "url":
            value[key] = f"{child[: most - 1]}…"
        elif isinstance(child, dict | list):
            _clip(child, most)
