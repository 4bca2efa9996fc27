"""Codes of control lists: what lies below what."""

from __future__ import annotations

from functools import lru_cache

SIGNS = "./("  # what may follow a code where its own parts begin: 3C001.e, annex1/2, 2(19)
ALL = "all"


@lru_cache(maxsize=16_384)
def below(code: str, prefix: str) -> bool:
    """Whether a code is a prefix of a list or lies below it.

    >>> below("3C001.e", "3C001"), below("3C0011", "3C001"), below("2(19)", "2"), below("9A012", "all")
    (True, False, True, True)
    """
    return code == prefix or code.startswith(tuple(prefix + sign for sign in SIGNS)) or prefix == ALL
