"""How a name in Chinese characters is read: for finding it when it is asked for in Latin letters, kana or Hangul.

    mandarin(text)      pinyin without tones, each run of characters a word
    sino_korean(text)   Hangul by the Korean readings of the characters, "" where one has none
    parts(native)       a listed Japanese name in its parts with their readings
    key(latin)          one spelling for all ways of writing a reading in Latin letters
    loan(latin)         one spelling for a foreign name and the way kana or Hangul write it

Readings come from tables (tables/README.md). They make names comparable and are never shown.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path

_TABLES = Path(__file__).with_name("tables")
_HAN = re.compile(r"[㐀-鿿]")


@lru_cache(maxsize=1)
def _readings() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"zh": {}, "ko": {}}
    with (_TABLES / "readings.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["lang"]].update(dict.fromkeys(row["characters"], row["reading"]))
    return found


@lru_cache(maxsize=8192)
def mandarin(run: str) -> str:
    """Pinyin of canonical characters, without tones, in one word; a character without a reading is left out.

    >>> mandarin("华为"), mandarin("哈尔滨")
    ('huawei', 'haerbin')
    """
    table = _readings()["zh"]
    return "".join(table.get(char, "") for char in run)


def sino_korean(text: str) -> str:
    """Hangul of a native name; "" where a character has no Korean reading, or none is Chinese.

    >>> sino_korean("日本原燃"), sino_korean("コマツ")
    ('일본원연', '')
    """
    table = _readings()["ko"]
    if not _HAN.search(text) or any(_HAN.match(char) and char not in table for char in text):
        return ""
    return initial("".join(table.get(char, char) for char in text))


@lru_cache(maxsize=65536)
def initial(text: str) -> str:
    """Hangul with ㄹ and ㄴ as one, and silent where the South writes neither: 련 and 연, 로 and 노.

    >>> initial("련봉") == initial("연봉"), initial("로동") == initial("노동")
    (True, True)
    """
    return "".join(_initial(char) for char in text)


def _initial(char: str) -> str:
    code = ord(char) - 0xAC00
    if not 0 <= code < 11172:
        return char
    first, vowel, last = code // 588, code % 588 // 28, code % 28
    if first == 5:  # ㄹ
        first = 2
    if first == 2 and vowel in (2, 3, 6, 7, 12, 17, 20):  # ㄴ before ya, yae, yeo, ye, yo, yu, i
        first = 11
    return "금" if char == "김" else chr(0xAC00 + first * 588 + vowel * 28 + last)


Part = tuple[str, str]


@lru_cache(maxsize=1)
def _parts() -> dict[str, tuple[Part, ...]]:
    with (_TABLES / "readings_ja.csv").open(encoding="utf-8", newline="") as lines:
        return {row["name"]: tuple(tuple(part.split("/")) for part in row["parts"].split(" ")) for row in csv.DictReader(lines)}


def parts(name: str) -> tuple[Part, ...]:
    """A listed Japanese name, as written on its list, in its parts with their readings in kana; none where it is not held.

    >>> parts("三菱原子燃料株式会社")[0]
    ('三菱', 'ミツビシ')
    """
    return _parts().get(name, ())


_KEY = [(re.compile(old), new) for old, new in (
    ("[^a-z]", ""), ("nihon|nippon", "nipon"), ("([sz])y(?=[aou])", r"\1h"), ("zh(?=[aou])", "j"), ("jy", "j"), ("ty(?=[aou])", "ch"), ("cy", "ch"),
    ("si", "shi"), ("ti", "chi"), ("tsu|tu", "tsu"), ("hu(?!a|i|o)", "fu"), ("zi|di", "ji"), ("du|dzu", "zu"), ("ou|oo|oh(?![aeiou])", "o"), ("uu", "u"),
    ("m(?=[bmp])", "n"), ("tch", "cch"), (r"(.)\1+", r"\1"), ("wo", "o"),
)]  # fmt: skip


@lru_cache(maxsize=200_000)
def key(latin: str) -> str:
    """Long vowels, doubled letters, Hepburn, Kunrei and word-processor spellings as one.

    >>> key("Mitubisi Gensi Nenryo") == key("mitsubishigenshinenryou"), key("Houwa Kougyou") == key("Howa Kogyo")
    (True, True)
    """
    word = latin.lower()
    for old, new in _KEY:
        word = old.sub(new, word)
    return word


_LOAN = [(re.compile(old), new) for old, new in (
    ("[^a-z0-9]", ""), (r"(.)\1", r"\1"), ("eu", ""), ("ae", "a"), ("eo|oe", "o"), ("^hs", "s"), ("sch|sh|tsch|ch", "s"), ("tz|cz|ts|z|j", "s"), ("th(?=.)", "s"), ("ph|f|bh", "p"), ("rh", "r"), ("x(?=[iu])", "s"), ("x", "ks"),
    ("c(?=[eiy])", "s"), ("ck|c|q", "k"), ("g", "k"), ("l", "r"), ("v|b", "p"), ("dt|d", "t"), ("(?<=t)o(?![aeiou])", ""), ("h(?![aeiou])", ""), ("[uyw]", ""), ("ei|ai", "e"), ("ie|ii|ee", "i"),
    ("(?<=[aeio])r(?![aeio])", ""), ("m(?![aeio])", "n"), (r"(.)\1+", r"\1"),
)]  # fmt: skip


@lru_cache(maxsize=200_000)
def loan(latin: str) -> str:
    """What is left of a foreign name when kana or Hangul have written it: l is r, v is b, a vowel without sound is gone.

    >>> loan("leidos") == loan("reidoseu"), loan("megvii") == loan("megeubi"), loan("hensoldt") == loan("henzoruto")
    (True, True, True)
    """
    word = latin.lower()
    for old, new in _LOAN:
        word = old.sub(new, word)
    return word


_KANA_LETTERS = {
    "エー": "a", "エイ": "a", "ビー": "b", "シー": "c", "ディー": "d", "デイー": "d", "イー": "e", "エフ": "f", "ジー": "g", "エイチ": "h", "エッチ": "h", "アイ": "i",
    "ジェイ": "j", "ジェー": "j", "ケー": "k", "ケイ": "k", "エル": "l", "エム": "m", "エヌ": "n", "オー": "o", "ピー": "p", "キュー": "q", "アール": "r", "エス": "s",
    "ティー": "t", "ユー": "u", "ブイ": "v", "ヴイ": "v", "ダブリュー": "w", "ダブリュ": "w", "エックス": "x", "ワイ": "y", "ゼット": "z", "ゼッド": "z",
    "에이치": "h", "에이": "a", "비": "b", "씨": "c", "시": "c", "디": "d", "이": "e", "에프": "f", "지": "g", "아이": "i", "제이": "j", "케이": "k", "엘": "l", "엠": "m",
    "엔": "n", "오": "o", "피": "p", "큐": "q", "알": "r", "에스": "s", "티": "t", "유": "u", "브이": "v", "더블유": "w", "엑스": "x", "와이": "y", "제트": "z",
}  # fmt: skip
_LETTER = "|".join(sorted(_KANA_LETTERS, key=len, reverse=True))
_LETTERS = re.compile(rf"(?<![ァ-ヺー가-힣])(?:(?:{_LETTER})(?:・|&|アンド)?){{2,6}}(?![ァィゥェォャュョッー가-힣])")
_LEAD = re.compile(rf"^(?:(?:{_LETTER})(?:・|&|アンド)?){{2,6}}")
_TAIL = re.compile(rf"(?:(?:{_LETTER})(?:・|&|アンド)?){{3,6}}$")
_ONE = re.compile(_LETTER)


def spelt_letters(text: str) -> str:
    """Letters called by their names, as letters: `アイ・エイチ・アイ` is ihi, `티디케이` tdk; the text itself where there are none.

    >>> spelt_letters("アイ・エイチ・アイ・エアロスペース"), spelt_letters("티디케이"), spelt_letters("ティアック")
    ('ihiエアロスペース', 'tdk', 'ティアック')
    """
    for pattern, fewest in ((_LETTERS, 2), (_LEAD, 2), (_TAIL, 3)):
        found = pattern.search(text)
        names = _ONE.findall(found[0]) if found else []
        if (
            found
            and len(names) >= fewest
            and (found[0] == text or found[0][0] < "가")
            and (found[0] == text or pattern is _LETTERS or len(names) > 2 or "・" in found[0])
        ):
            return text[: found.start()] + "".join(_KANA_LETTERS[one] for one in names) + text[found.end() :]
    return text
