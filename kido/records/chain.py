"""The chain of entries: each holds the hash of the one before, so that a changed, moved or missing row is found.

sealed(…)   the hash of an entry
first(book) the hash the first entry builds on
"""

from __future__ import annotations

import hashlib
import json


def sealed(previous: str, seq: int, kind: str, at: str, who: str, about: int | None, outcome: str, body: str) -> str:
    """The hash of an entry over everything that must not change; the body stands for its content.

    >>> sealed("0" * 64, 1, "comment", "2026-11-29T00:00:00Z", "sato", None, "", "ab")[:12]
    '2b5ba3d9dcbb'
    """
    return sha256(json.dumps([previous, seq, kind, at, who, about, outcome, body], ensure_ascii=False, separators=(",", ":")).encode())


def first(book: str) -> str:
    """What the first entry of a book builds on: no entry can be moved to another book."""
    return sha256(f"kido records {book}".encode())


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    """JSON with one spelling for one value: keys in order, no spaces.

    >>> canonical({"b": 1, "a": "許可"}).decode()
    '{"a":"許可","b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
