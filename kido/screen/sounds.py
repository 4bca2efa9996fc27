"""Readings against readings: a name in Latin letters, kana or Hangul, and a listed one in Chinese characters.

read_alike(asked, listed)  -> score and reasons: keys of both in Latin letters
mixed(asked, listed)       -> score: the group's name by its sound, the rest by its characters or their Korean readings
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from kido.screen.names import Form
from kido.screen.readings import key, loan, sino_korean
from kido.screen.romanise import latin_of, sound

_LEAST_KEY = 90.0
_LEAST_BONES = 8


def read_alike(asked: Form, listed: Form) -> tuple[float, tuple[str, ...]]:
    """Score of 0 where they differ; at most 92, for many names share a reading."""
    mine = asked.key or (key(latin_of(asked.native)) if _KANA.fullmatch(asked.native) else "")
    if not mine or abs(len(mine) - len(listed.key)) > 6:
        return 0.0, ()
    if mine == listed.key:
        return 92.0, ("reading",)
    same = fuzz.ratio(mine, listed.key, score_cutoff=_LEAST_KEY)
    if same and len(mine) > 11:
        return 0.95 * same, ("reading", "typing")
    bones, theirs = sound(mine), sound(listed.key)
    if min(len(bones), len(theirs)) >= _LEAST_BONES and fuzz.ratio(bones, theirs) >= 94:
        return 86.0, ("reading",)
    return 0.0, ()


_KANA = re.compile(r"[ァ-ヺ]{4,}")


def mixed(asked: str, listed: Form) -> float:
    """Parts of a Japanese name from the left by sound, the others from the right as they are written or read in Korean."""
    whole = (sino_korean(listed.native) if "가" <= asked[-1:] <= "힣" else "") or listed.native
    sizes = [len(part.replace("ー", "")) for part, _ in listed.parts]
    if len(asked) < 3 or sum(sizes) != len(whole):
        return 0.0
    at = 0
    for number, size in enumerate(sizes):
        at += size
        tail = whole[at:]
        if asked.endswith(tail) and len(asked) > len(tail):
            head = loan(latin_of(asked[: len(asked) - len(tail)]))
            said = loan(latin_of("".join(reading for _, reading in listed.parts[: number + 1]).casefold()))
            if len(tail) > 1 and len(said) > 1 and head == said:
                return 90.0
            if len(said) > 4 and fuzz.ratio(head, said) >= 88:
                return 88.0
    return 0.0
