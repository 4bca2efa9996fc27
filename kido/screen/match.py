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
from kido.screen.names import PLACES, Form, distinctive
from kido.screen.readings import key, loan
from kido.screen.sounds import mixed, read_alike
from kido.screen.word_tables import usual_words, word_table

_EXTRA_PLACE = 0.35  # a place beside a name that has none is mostly a branch
_BRANCH_WORDS = frozenset(
    ["plant", "works", "factory", "shipyard", "branch", "center", "office", "division", "department", "site", "campus", "facility", "refinery", "mill", "export", "import", "sales", "purchasing", "export", "manufacturing", "research", "development", "laboratory", "headquarters"]
)  # fmt: skip
_MEMBER = 83.0  # a name that is only part of a listed one: mostly the parent or another member of the group


@dataclass(frozen=True, slots=True)
class Likeness:
    """`same`: equal in everything that distinguishes. `how`: why they are alike."""

    score: float
    same: bool
    how: tuple[str, ...]


def compare(asked: Form, listed: Form, index: Index, person: bool = False) -> Likeness:
    """A query's form against a listed one. `person`: the listed name is one of a person or a vessel, which firms often sound like."""
    if listed.key and not listed.words:
        return _of(*read_alike(asked, listed), asked, listed)
    if asked.native and listed.native:
        return _native(asked, listed, index)
    if asked.native or listed.native:
        return Likeness(0.0, False, ()) if person and _is_firm(asked) else _across(asked, listed, index)
    return _latin(asked, listed, index, person)


def _of(score: float, how: tuple[str, ...], asked: Form, listed: Form) -> Likeness:
    return Likeness(score, False, (*how, *_left(asked, listed)))


def _left(asked: Form, listed: Form) -> tuple[str, ...]:
    return tuple(sorted((asked.left | (listed.left & {"branch"})) - {"reading"}))


def _is_firm(form: Form) -> bool:
    """A legal form or a word of a trade stands in it; it is no person and no vessel."""
    return "legal-form" in form.left or any(word in usual_words() and word not in PLACES for word in form.words)


# -- Latin -------------------------------------------------------------------------------------


def _latin(asked: Form, listed: Form, index: Index, person: bool) -> Likeness:
    said = distinctive(asked) or asked.key == listed.key  # Global Trading is not Global Traders
    sure = said and "spelling" not in asked.left and not (person and _is_firm(asked))
    top = 100.0 if sure else 96.0
    if asked.words == listed.words:
        return Likeness(top, sure, ("same", *_left(asked, listed)))
    if sorted(asked.words) == sorted(listed.words):
        return Likeness(top - 1, sure, ("words-reordered", *_left(asked, listed)))
    if "".join(asked.words) == "".join(listed.words):
        return Likeness(top - 2, sure, ("spacing", *_left(asked, listed)))
    score, how = _soft(asked.words, listed.words, index, _slips)
    joined = _joined(asked.words, listed.words)
    if joined > score:
        score, how = joined, {"typing"}
    if person and _is_firm(asked) and score < 97:
        return Likeness(0.0, False, ())
    return Likeness(min(score, 97.0), False, (*sorted(how), *_left(asked, listed)))


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Likeness wherever the spaces are, if the words that differ differ by slips: a whole other word is another name."""
    places = word_table().places
    a, b = (
        "".join(word for word in one if word not in other and word not in places),
        "".join(word for word in other if word not in one and word not in places),
    )
    if {word for word in one if word.isdigit()} != {word for word in other if word.isdigit()}:
        return 0.0
    if min(len(a), len(b)) < 8 or len("".join(other)) < 9 or _both_usual(one, other):
        return 0.0
    if a == b:
        return 88.0
    a, b = _apart(a, b)
    return fuzz.ratio("".join(one), "".join(other)) - 2 if slips(a, b) <= _most_slips(a, b) else 0.0


@lru_cache(maxsize=8192)
def _apart(one: str, other: str) -> tuple[str, str]:
    """Two words without a usual word that ends both: in stmicroelectronics four letters distinguish."""
    for word in usual_words():
        if len(word) > 5 and one.endswith(word) and other.endswith(word):
            return one.removesuffix(word), other.removesuffix(word)
    return one, other


def _both_usual(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """All that differs are usual words: electric is not electronic."""
    usual = usual_words()
    return all(word in usual for word in {*one} ^ {*other})


def slips(one: str, other: str) -> int:
    return OSA.distance(one, other, score_cutoff=4)


def _most_slips(one: str, other: str) -> int:
    """How many slips leave a word recognised: none in a short one."""
    short = min(len(one), len(other))
    return 0 if short < 5 else 1 if short < 9 else 2 if short < 14 else 3


@lru_cache(maxsize=100_000)
def _slips(one: str, other: str) -> float:
    """Two Latin words as one typed wrongly, 0 to 1."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or (one in usual_words() and other in usual_words()):
        return 0.0
    short, most = min(len(one), len(other)), _most_slips(one, other)
    if short > 4 and one[0] == other[0] and (key(one) == key(other) or one.replace("w", "v") == other.replace("w", "v")):
        return 0.97
    if short == 4 and OSA.distance(one, other, score_cutoff=1) == 1:
        return 0.7
    count = OSA.distance(one, other, score_cutoff=max(most, 2)) if most else 9
    if count == 2 and short > 6 and most == 1 and one not in usual_words() and other not in usual_words():
        return 0.8
    if count <= most:
        swapped_in = len(one) == len(other) and sorted(one) == sorted(other)
        if short < 8 and len(one) == len(other) and not swapped_in:
            return (0.72 if short < 7 else 0.82) if one[0] == other[0] else 0.6  # another letter in a short word makes another name
        if short < 6 and not swapped_in and not _doubled(one, other):
            return 0.8 if one[0] == other[0] else 0.6
        return 1 - 0.5 * count / short
    if short > 7 and (one.startswith(other) or other.startswith(one)):
        return 0.86
    return 0.0


def _doubled(one: str, other: str) -> bool:
    """One letter typed twice, or once where it is double."""
    long, short = sorted((one, other), key=len, reverse=True)
    return any(long[n] == long[n + 1] and long[:n] + long[n + 1 :] == short for n in range(len(long) - 1))


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
            how |= {"typing"} if value < 1 else set()
            matched += index.weight(listed[j]) * value
    places = word_table().places | PLACES
    extra, absent = [asked[i] for i in free], [listed[j] for j in open_]
    rest_listed = sum(
        index.weight(word) * (_EXTRA_PLACE if word in places or word in _SLIGHT or _slight(word, index) else 1.0) for word in absent
    )
    rest_asked = sum(
        index.weight(word) * (_EXTRA_PLACE if _slight(word, index) or (word in places and not absent) else 1.0) for word in extra
    )
    lost = sum(index.weight(listed[j]) for j in range(len(listed)) if j not in open_) - matched
    of_listed = matched / (matched + rest_listed + lost or 1.0)
    of_asked = matched / (matched + rest_asked + lost or 1.0)
    score = 50 * (of_listed + of_asked)
    if extra and not absent:
        how.add("part-of-name")
        if all(word in usual_words() for word in listed) or (
            len("".join(listed)) < 10 and likeness is sounding and any(word in usual_words() and word not in places for word in extra)
        ):
            score = min(score, _MEMBER)
        return (_behind(score, asked, listed, extra), how | {"branch"}) if _is_unit(extra, places) else (score, how)
    if absent and not extra:
        how.add("part-of-listed-name")
        rare = sum(index.weight(word) for word in asked if word not in usual_words())
        slight = all(word in places or word in _SLIGHT for word in absent) or (absent == ["energy"] and "nuclear" in asked)
        tail = (
            len(absent) == 1
            and listed[-1] == absent[0]
            and absent[0] in _TAILS
            and rare > 9
            and len("".join(asked)) > 5
            and "typing" not in how
            and (len(asked) > 1 or absent[0] != "industry")
        )
        if tail:
            score = max(score, 85.0)
        else:
            score = min(score, 88.0 if slight and len(asked) > 1 else _MEMBER if len(asked) > 1 else 80.0)
    elif absent and extra:
        score = min(score, _MEMBER + 6 if all(word in places for word in absent) else score)
    return score, how


_SLIGHT = frozenset(("group", "holding", "national", "state", "first", "science"))
_TAILS = frozenset(("technology", "industry", "corporation", "international", "group", "holding", "product", "enterprise", "solution"))


def _slight(word: str, index: Index) -> bool:
    """Few letters say little: an initial, a legal form or a small word typed wrongly."""
    return word.isalpha() and (len(word) < 3 or (len(word) == 3 and not index.known(word)))


def _is_unit(extra: list[str], places: frozenset[str]) -> bool:
    """Whether what is left over names a plant or a department of the same firm."""
    return any(word in _BRANCH_WORDS for word in extra) and len(extra) < 5


def _behind(score: float, asked: tuple[str, ...], listed: tuple[str, ...], extra: list[str]) -> float:
    """A unit behind or before a listed name: the same firm, where the name says enough."""
    rare = any(word not in usual_words() for word in listed)
    whole = asked[: len(listed)] == listed or asked[-len(listed) :] == listed
    return max(score, 91.0) if whole and (rare or len(listed) > 2) else score


# -- across scripts ----------------------------------------------------------------------------


def _across(asked: Form, listed: Form, index: Index) -> Likeness:
    """One of the two is in another script: usual words are translated, the rest is compared by sound."""
    if asked.native and len(asked.native) < 4 and _scripts(asked.native) == {"c"} and asked.native not in word_table().brands:
        return Likeness(0.0, False, ())  # two or three characters sound like hundreds of names
    if asked.words == listed.words and len(asked.words) > 1 and any(word not in usual_words() for word in asked.words):
        return Likeness(94.0, False, ("transliterated", *_left(asked, listed)))
    score, how = _soft(asked.words, listed.words, index, sounding)
    again, found = _soft(_named(asked), _named(listed), index, sounding)  # a name in one word here and in two there
    if again > score:
        score, how = again, found
    return Likeness(min(score, 94.0), False, ("transliterated", *sorted(how - {"typing"}), *_left(asked, listed)))


def _named(form: Form) -> tuple[str, ...]:
    """The words that are no usual ones as one, then the usual ones."""
    usual = [word for word in form.words if word in usual_words()]
    name = "".join(word for word in form.words if word not in usual_words())
    return (name, *usual) if name else tuple(usual)


@lru_cache(maxsize=100_000)
def sounding(one: str, other: str) -> float:
    """How much two words of different scripts sound the same, 0 to 1; short ones must sound exactly so.

    >>> sounding("leidos", "reidoseu") >= 0.9, sounding("ntn", "naftan"), sounding("thk", "tdk")
    (True, 0.0, 0.0)
    """
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or one in usual_words() or other in usual_words():
        return 0.0
    a, b = loan(one), loan(other)
    short = min(len(a), len(b))
    if short < 4:
        return 0.0
    if fuzz.ratio(one, other) < 50:  # consonants alone are not the name
        return 0.0
    if a == b:
        return 0.97 if short > 4 else 0.92
    same = fuzz.ratio(a, b) / 100
    if short > 6 and same >= 0.85 and a[0] == b[0]:
        return same
    return 0.0


# -- Chinese, Japanese, Korean -----------------------------------------------------------------

_LANDS = (
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
    "일본",
    "중국",
    "미국",
)


def _native(asked: Form, listed: Form, index: Index) -> Likeness:
    one, other = asked.native, listed.native
    if one == other:
        sure = "reading" not in listed.left
        return Likeness(100.0 if sure else 92.0, sure, ("same" if sure else "reading", *_left(asked, listed)))
    if listed.parts and (found := mixed(asked.native, listed)):
        return Likeness(found, False, ("reading", *_left(asked, listed)))
    if "reading" in listed.left:
        return _spelt_reading(asked, listed)
    within = _within(one, other)
    if within:
        return Likeness(within, False, ("branch", *_left(asked, listed)))
    score = _by_characters(one, other, index)
    if _scripts(one) != _scripts(other):
        across = _across(asked, listed, index)
        if across.score > score:
            return across
    return Likeness(min(score, 97.0), False, ("typing", *_left(asked, listed)))


def _spelt_reading(asked: Form, listed: Form) -> Likeness:
    """Hangul against the Korean reading of a name: one syllable may differ in a long one."""
    one, other = asked.native, listed.native
    if min(len(one), len(other)) < 6 or OSA.distance(one, other, score_cutoff=1) > 1:
        return Likeness(0.0, False, ())
    return Likeness(86.0, False, ("reading", "typing", *_left(asked, listed)))


def _within(one: str, other: str) -> float:
    """The listed name with a country before or behind it."""
    if len(other) > 2:
        for land in _LANDS:
            if land not in other and one in (land + other, other + land):
                return 90.0
    return 0.0


def _by_characters(one: str, other: str, index: Index) -> float:
    same = Indel.opcodes(one, other)
    weights, mine = [index.weight(char) for char in other], [index.weight(char) for char in one]
    matched = sum(sum(weights[op.dest_start : op.dest_end]) for op in same if op.tag == "equal")
    pieces = sum(op.tag == "equal" for op in same)
    score = 50 * (matched / (sum(weights) or 1.0) + matched / (sum(mine) or 1.0)) - 2.0 * (pieces - 1)
    short, distance = min(len(one), len(other)), OSA.distance(one, other, score_cutoff=2)
    a, b = bare(one), bare(other)
    if distance == 1 and short > 5 and (a == b or min(len(a), len(b)) > 2):
        score = max(score, 90.0)  # one slip in a long name
    if a != b and min(len(a), len(b)) < 3:
        score -= 8.0  # the little that distinguishes differs
    if a == b and len(a) > 2 and a not in word_table().brands and one[: len(a)] == other[: len(a)] and abs(len(one) - len(other)) < 3:
        score = max(score, 85.0)  # the same name with another usual word
    if other.startswith(one) and other.removeprefix(one) in _NATIVE_TAILS and len(one) > 3:
        return max(score, 85.0)
    if distance == 1 and short > 3 and len(b) > 1 and b in one and a != b and len(one) < len(other):
        return max(score, 86.0)  # a character of a usual word is missing
    if (other in one or one in other) and distance == 1 and short > 3 and min(len(a), len(b)) > (2 if short < 5 else 0):
        return max(score, 86.0)
    if one in other or other in one:
        score = min(score, _MEMBER)
    if short < 5 and _kana(one) and _kana(other):
        score = min(score, _MEMBER)
    return min(score, 60.0) if short < 3 else score


_NATIVE_TAILS = frozenset(("工业", "股份", "技术", "科技", "集团", "控股", "机械工业", "ホールデイングス", "グループ", "工业股份"))


@lru_cache(maxsize=65536)
def bare(native: str) -> str:
    """A native name without its usual words and places.

    >>> bare("冲电气工业"), bare("冲绳电气工业")
    ('冲', '冲绳')
    """
    table = word_table()
    names = set(table.native) - table.brands
    kept, at = [], 0
    while at < len(native):
        size = next((size for size in range(min(table.longest, len(native) - at), 1, -1) if native[at : at + size] in names), 0)
        if not size:
            kept.append(native[at])
        at += size or 1
    return "".join(kept)


def _kana(text: str) -> bool:
    return all("ァ" <= char <= "ヺ" for char in text)


def _scripts(text: str) -> frozenset[str]:
    """Which of kana, Hangul and Chinese characters a native name has."""
    return frozenset(
        "k" if "ァ" <= char <= "ヺ" else "h" if "가" <= char <= "힣" else "c" for char in text if char.isalpha() and char != "ー"
    )
