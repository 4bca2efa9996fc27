"""The lines of a reason as a tree, as a page nests them."""

from __future__ import annotations

from collections.abc import Iterable


def tree(lines: Iterable[dict]) -> list[dict]:
    """Each line with the lines below it.

    >>> tree([{"depth": 0, "text": "a"}, {"depth": 1, "text": "b"}, {"depth": 0, "text": "c"}])[0]["below"][0]["text"]
    'b'
    """
    roots: list[dict] = []
    trail: list[tuple[int, list[dict]]] = [(-1, roots)]
    for line in lines:
        node = line | {"below": []}
        while trail[-1][0] >= line["depth"]:
            trail.pop()
        trail[-1][1].append(node)
        trail.append((line["depth"], node["below"]))
    return roots
