"""How much two forms of names are one: a score of 0 to 100, whether they are the same, and why.

Words weigh by how rare they are over all lists. What distinguishes and is on one side only costs: a sister firm shares the
name of the group and not the rest. A score says how alike names are. It says nothing of whether the parties are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel

from kido.screen.index import Index
from kido.screen.names import Form, word_table
from kido.screen.romanise import alike

LISTED, ASKED = 0.5, 0.5  # the listed name must be found in the query, and the query explained by it
_TYPING = 0.74  # two words of this likeness may be one, typed wrongly
_SOUNDS = 0.72
_EXTRA_PLACE = 0.35  # a place beside a name that has none is mostly a branch


@dataclass(frozen=True, slots=True)
class Likeness:
    """`same`: equal in everything that distinguishes. `how`: why they are alike."""

    score: float
    same: bool
    how: tuple[str, ...]


def compare(asked: Form, listed: Form, index: Index) -> Likeness:
    """A query's form against a listed one."""
    if asked.native and listed.native:
        return _native(asked, listed, index)
    if asked.native or listed.native:
        return _across(asked, listed, index)
    return _latin(asked, listed, index)


def _named(form: Form) -> tuple[str, ...]:
    """The words that are no usual ones as one, then the usual ones."""
    usual = [word for word in form.words if word in usual_words()]
    name = "".join(word for word in form.words if word not in usual_words())
    return (name, *usual) if name else tuple(usual)


@lru_cache(maxsize=1)
def usual_words() -> frozenset[str]:
    return frozenset(word_table().latin.values()) | frozenset(word_table().native.values())


def _left(asked: Form, listed: Form) -> tuple[str, ...]:
    return tuple(sorted(asked.left | (listed.left & {"branch"})))


def _latin(asked: Form, listed: Form, index: Index) -> Likeness:
    if asked.words == listed.words:
        return Likeness(100.0, True, ("same", *_left(asked, listed)))
    if sorted(asked.words) == sorted(listed.words):
        return Likeness(99.0, True, ("words-reordered", *_left(asked, listed)))
    if "".join(asked.words) == "".join(listed.words):
        return Likeness(98.0, True, ("spacing", *_left(asked, listed)))
    score, how = _soft(asked.words, listed.words, index, _spelt)
    joined = fuzz.ratio("".join(asked.words), "".join(listed.words))
    if (
        joined > max(score, 90)
        and len(listed.joined) > 8
        and not _numbers_differ(asked.words, listed.words)
        and _one_letter(asked.words, listed.words)
    ):
        score, how = joined - 2, {"typing"}
    return Likeness(min(score, 97.0), False, (*sorted(how), *_left(asked, listed)))


def _one_letter(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """The words that differ differ little, wherever the spaces are: a whole other word is another name."""
    mine, theirs = [w for w in one if w not in other], [w for w in other if w not in one]
    return fuzz.ratio("".join(mine), "".join(theirs)) >= 72


def _numbers_differ(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return {word for word in one if word.isdigit()} != {word for word in other if word.isdigit()}


def _across(asked: Form, listed: Form, index: Index) -> Likeness:
    """One of the two is in another script: usual words are translated, the rest is compared by sound."""
    score, how = _soft(asked.words, listed.words, index, _sounding)
    again, found = _soft(_named(asked), _named(listed), index, _sounding)  # a name in one word here and in two there
    if again > score:
        score, how = again, found
    return Likeness(min(score, 94.0), False, ("transliterated", *sorted(how - {"typing"}), *_left(asked, listed)))


@lru_cache(maxsize=100_000)
def _spelt(one: str, other: str) -> float:
    """Two Latin words as one typed wrongly, 0 to 1."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or min(len(one), len(other)) < 4:
        return 0.0
    if min(len(one), len(other)) >= 4 and (one.startswith(other) or other.startswith(one)) and abs(len(one) - len(other)) <= 3:
        return 0.86
    same = max(fuzz.ratio(one, other) / 100, OSA.normalized_similarity(one, other))
    if same < _TYPING:
        return 0.0
    return (1 + same) / 2 if min(len(one), len(other)) > 5 else same  # one slip in a long word costs little


@lru_cache(maxsize=100_000)
def _sounding(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or one in usual_words() or other in usual_words():
        return 0.0
    same = alike(one, other)
    return same if same >= _SOUNDS else 0.0


def _soft(asked: tuple[str, ...], listed: tuple[str, ...], index: Index, likeness) -> tuple[float, set[str]]:
    """Words matched one to one, best first; the weight that is matched on each side, over the weight there is."""
    pairs = sorted(((likeness(a, b), i, j) for i, a in enumerate(asked) for j, b in enumerate(listed)), reverse=True)
    free, open_ = set(range(len(asked))), set(range(len(listed)))
    matched = 0.0
    how: set[str] = set()
    for value, i, j in pairs:
        if not value:
            break
        if i in free and j in open_:
            free.discard(i)
            open_.discard(j)
            weight = index.weight(listed[j])
            how |= {"typing"} if value < 1 else set()
            matched += weight * value
    places = word_table().places
    has_place = any(word in places for word in listed)
    rest_listed = sum(index.weight(listed[j]) for j in open_)
    rest_asked = sum(index.weight(asked[i]) * (_EXTRA_PLACE if asked[i] in places and not has_place else 1.0) for i in free)
    lost = sum(index.weight(listed[j]) for j in range(len(listed)) if j not in open_) - matched
    of_listed = matched / (matched + rest_listed + lost or 1.0)
    of_asked = matched / (matched + rest_asked + lost or 1.0)
    if free and not open_:
        how.add("part-of-name")
    elif open_ and not free:
        how.add("part-of-listed-name")
        if len(asked) == 1:  # the name of a group alone is not that of its member
            of_listed = min(of_listed, 0.6)
    return 100 * (LISTED * of_listed + ASKED * of_asked), how


_COUNTRIES = (
    "日本",
    "ジヤパン",
    "中国",
    "チャイナ",
    "チヤイナ",
    "재팬",
    "코리아",
    "韩国",
    "アジア",
    "上海",
    "北京",
    "深圳",
    "台湾",
    "香港",
)


def _native(asked: Form, listed: Form, index: Index) -> Likeness:
    if asked.native == listed.native:
        return Likeness(100.0, True, ("same", *_left(asked, listed)))
    one, other = asked.native, listed.native
    bare = next((one.removesuffix(place).removeprefix(place) for place in _COUNTRIES if place in one and place not in other), one)
    extra = bare != one and len(bare) > 1
    same = Indel.opcodes(bare if extra else one, other)
    weights = [index.weight(char) for char in other]
    mine = [index.weight(char) for char in (bare if extra else one)]
    matched = sum(sum(weights[op.dest_start : op.dest_end]) for op in same if op.tag == "equal")
    pieces = sum(op.tag == "equal" for op in same)
    of_listed, of_asked = matched / (sum(weights) or 1.0), matched / (sum(mine) or 1.0)
    score = 100 * (LISTED * of_listed + ASKED * of_asked) - (2.0 * (pieces - 1)) - (4.0 if extra else 0.0)
    how = {"branch"} if extra else set()
    if min(len(one), len(other)) < 3:
        score = min(score, 60.0)
    across = _across(asked, listed, index) if _scripts(one) != _scripts(other) else None
    if across is not None and across.score > score:
        return across
    return Likeness(min(score, 97.0), False, (*sorted(how or {"typing"}), *_left(asked, listed)))


def _scripts(text: str) -> frozenset[str]:
    """Which of kana, Hangul and Chinese characters a native name has."""
    return frozenset("k" if "ァ" <= char <= "ヺ" else "h" if "가" <= char <= "힣" else "c" for char in text if char > "ー")
