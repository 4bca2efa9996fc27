"""The chain of entries: each holds the hash of the one before, so that a changed, moved or missing row is found.

sealed(…)   the hash of an entry
first(book) the hash the first entry builds on
packed(data), unzipped(…)   a content as it is stored, and back
searchable(text), printable(text)   a subject as it is searched; a text that every database takes
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
import zlib

_LEVEL = 3  # of zlib: an answer of 80 kB takes half a millisecond


def sealed(previous: str, seq: int, kind: str, at: str, who: str, about: int | None, outcome: str, body: str) -> str:
    """The hash of an entry over everything that must not change; the body stands for its content.

    >>> sealed("0" * 64, 1, "comment", "2026-11-29T00:00:00Z", "sato", None, "", "ab")[:12]
    '11d5b65a3e73'
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


def packed(data: bytes) -> tuple[str, int, bytes]:
    """A content as it is stored: hash, size, and what is written."""
    return sha256(data), len(data), zlib.compress(data, _LEVEL)


def unzipped(stored: object, size: object) -> bytes | None:
    """A content as it was; None where what is stored has another size, an end missing or something behind its end.

    >>> unzipped(packed(b"abc")[2], 3), unzipped(packed(b"abc")[2], 2), unzipped(b"no", 3)
    (b'abc', None, None)
    """
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(stored, int(size) + 1)  # no more: a changed row must not fill the memory
    except (zlib.error, TypeError, ValueError, OverflowError):
        return None
    return data if len(data) == size and reader.eof and not reader.unused_data else None


def searchable(text: str) -> str:
    """Width and case folded here, for databases fold them in ways of their own; without signs that a database refuses.

    >>> searchable("ＴＤＫ㈱ É\\n")
    'tdk(株) é '
    """
    return printable(unicodedata.normalize("NFKC", text).casefold())


def printable(text: str) -> str:
    """A text whose control characters and halves of letters are blanks: PostgreSQL refuses some of them."""
    return "".join(char if unicodedata.category(char) not in ("Cc", "Cs") else " " for char in text)
