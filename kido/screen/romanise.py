"""Letters of other scripts in Latin, and how a name sounds: for comparing names, never for showing them.

latin_of(text)   kana, Hangul, Cyrillic, and Chinese characters by their Mandarin reading, each run a word
sound(word)      a skeleton of consonants that different romanisations of one name share
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from kido.screen.readings import mandarin

_KANA = {
    **dict(zip("アイウエオ", "aiueo", strict=True)),
    **{kana: f"{row}{vowel}" for row, kanas in (("k", "カキクケコ"), ("g", "ガギグゲゴ"), ("s", "サシスセソ"), ("z", "ザジズゼゾ"), ("t", "タチツテト"),
       ("d", "ダヂヅデド"), ("n", "ナニヌネノ"), ("h", "ハヒフヘホ"), ("b", "バビブベボ"), ("p", "パピプペポ"), ("m", "マミムメモ"), ("r", "ラリルレロ"))
       for kana, vowel in zip(kanas, "aiueo", strict=True)},
    "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ヴ": "v", "シ": "shi", "ジ": "ji", "チ": "chi", "ツ": "tsu", "フ": "fu", "ヂ": "ji", "ヅ": "zu",
    "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o", "ャ": "ya", "ュ": "yu", "ョ": "yo", "ヮ": "wa", "ヵ": "ka", "ヶ": "ke", "ー": "", "・": " ",
}  # fmt: skip
_SMALL = "ァィゥェォャュョヮ"
_CYRILLIC = dict(zip("абвгдезийклмнопрстуфъыьэі", ["a", "b", "v", "g", "d", "e", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "", "y", "", "e", "i"], strict=True)) | {
    "ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ї": "i", "є": "e", "ґ": "g",
}  # fmt: skip
_INITIALS = ("k", "kk", "n", "t", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "tch", "ch", "k", "t", "p", "h")
_VOWELS = ("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i")
_FINALS = (
    "",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
)
_LOANS = {"쓰": "tsu", "츠": "tsu", "즈": "zu", "지": "ji", "후": "fu", "쯔": "tsu", "시": "shi"}  # Japanese names in Korean letters
_HAN = re.compile(r"[㐀-鿿]+")


def latin_of(text: str) -> str:
    """A folded text in Latin letters.

    >>> latin_of("ラインメタル"), latin_of("닛신"), latin_of("алмаз"), latin_of("华为")
    ('rainmetaru', 'nitsin', 'almaz', 'huawei')
    """
    found = _HAN.sub(lambda run: f" {mandarin(run[0])} ", text)
    letters: list[str] = []
    double = False
    for char in found:
        if char == "ッ":
            double = True
            continue
        latin = _KANA.get(char) or _CYRILLIC.get(char) or _hangul(char) if char > "\x7f" else char
        if char in _SMALL and letters and letters[-1][-1:] in "aiueov":
            latin = latin.removeprefix("y") if letters[-1][:-1] in ("sh", "ch", "j") else latin
            letters[-1] = letters[-1][:-1] + latin if not letters[-1].endswith("v") else letters[-1] + latin
            continue
        if double and latin[:1].isalpha():
            latin = latin[0] + latin
        double = False
        letters.append(latin if latin is not None else char)
    return " ".join("".join(letters).split())


def _hangul(char: str) -> str:
    if char in _LOANS:
        return _LOANS[char]
    code = ord(char) - 0xAC00
    if not 0 <= code < 11172:
        return "" if char in _KANA or char in _CYRILLIC else char
    return _INITIALS[code // 588] + _VOWELS[code % 588 // 28] + _FINALS[code % 28]


_SOUNDS = [(re.compile(old), new) for old, new in (
    ("tsu|tch|sch|shch|tch|ts|tz|cz|sz|sh|ch|zh|dz", "s"), ("ph|f", "h"), ("[cqx](?=[eiy])|x|z|j", "s"), ("ck|[cq]", "k"), ("g", "k"), ("d", "t"), ("[bv]", "p"), ("l", "r"),
    ("ng", "n"), ("m(?=[pbk])", "n"),
)]  # fmt: skip
_VOWEL = re.compile("[aeiouyw]+")


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """The consonants of a Latin word, those that romanisations confuse as one.

    >>> sound("rheinmetall"), sound("rainmetaru"), sound("mitsubishi"), sound("misseubisi")
    ('rntr', 'rntr', 'nsps', 'nsps')
    """
    for old, new in _SOUNDS:
        word = old.sub(new, word)
    first = "a" if _VOWEL.match(word) else ""
    word = _VOWEL.sub("", word).replace("m", "n")
    word = word[:1] + word[1:].replace("h", "")
    kept = [char for number, char in enumerate(word) if not number or char != word[number - 1]]
    return first + "".join(kept)


def alike(one: str, other: str) -> float:
    """How much two Latin words sound the same, 0 to 1.

    >>> alike("rheinmetall", "rainmetaru") > 0.8 > 0.5 > alike("rheinmetall", "almaz")
    True
    """
    skeleton, beside = sound(one), sound(other)
    if min(len(skeleton), len(beside)) < 2:
        return 0.0
    return (0.6 * fuzz.ratio(skeleton, beside) + 0.4 * fuzz.ratio(one, other)) / 100
