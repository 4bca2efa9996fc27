"""Normal forms of a name, in which two writings of it are the same.

    forms(text)   -> the forms of a name: as a whole, and what stands in brackets or beside it, each a `Form`

Width, case, marks, kana, forms of characters, legal forms and words for branches do not distinguish names. What was left out
is remembered, so that a hit can say why it is one.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kido.screen.romanise import latin_of

_TABLES = Path(__file__).with_name("tables")
_MARKS = re.compile("[①-⓿❶-➓]")  # list marks: width folding would make figures of them
_LATIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "’": "'", "`": "'", "´": "'"}
)
_HYPHENS = re.compile("[-‐-―−]")  # a dash between kana is mostly a long mark typed wrongly
_INITIALS = re.compile(r"(?<!\w)(?:\w\. ?){2,}\w?(?!\w)|\b\w{1,2}&\w\b")
_LETTERS = re.compile(r"\b(?:[a-z] )+[a-z]\b")  # S A, L L C
_BRACKETS = re.compile(r"[(\[{「『【〔<《]([^()\[\]{}「」『』【】〔〕<>《》]{2,})[)\]}」』】〕>》]")
_BESIDE = re.compile(r"\s+/\s+|\s+c/o\s+|\s+a/k/a\s+|\s+aka\s+|\s+dba\s+|\s*[;|]\s*|\s+formerly\s+|\s+旧\s*[::]?\s*")
_NATIVE = re.compile(r"[ァ-ヺ㐀-鿿가-힣豈-﫿]")
_WORD = re.compile(r"[a-z0-9']+|[^\W_a-z0-9]+")
_BRANCH = re.compile(
    r"\s+\S{0,8}(?:事业所|支店|支社|营业所|工场|本社|出张所|センター|办事处|分公司|分店|公场|研究开发センター|공장|지점|지사|출장소|본사)$"
    r"|(?:本社|东京支店|大阪支店|名古屋支店|上海分公司|北京分公司|(?:上海|北京|深圳|苏州|东京|大阪|名古屋)(?:办事处|支店|营业所|事业所|工场))$"
)
_BRANCH_WORDS = frozenset(
    ("plant", "branch", "factory", "office", "facility", "headquarters", "hq", "warehouse", "subsidiary", "site", "factories", "plants")
)
_UNITS = ("r d center", "rd center", "r and d center", "research and development center", "technical center", "sales office", "head office",
          "export department", "sales department", "purchasing department", "procurement department", "export dept", "sales dept", "purchasing dept",
          "import department", "procurement division", "logistics center", "head office")  # fmt: skip
_STOP = frozenset(
    ("the", "of", "and", "for", "in", "at", "de", "di", "du", "des", "la", "le", "el", "al", "und", "et", "i", "y", "on", "to", "d'")
)


@dataclass(frozen=True, slots=True)
class Form:
    """One normal form.

    words   Latin words in canonical spelling; of another script, its translation and romanisation
    native  the name in its own script without spaces, "" for a Latin one
    left    what was left out: `legal-form`, `branch`, `variant-characters`, `spelling`
    """

    words: tuple[str, ...]
    native: str = ""
    left: frozenset[str] = frozenset()

    @property
    def joined(self) -> str:
        return self.native or "".join(self.words)


def forms(text: str) -> tuple[Form, ...]:
    """Every form of a written name, the whole first; none where nothing is left that could distinguish a name.

    >>> [form.words for form in forms("ＩＨＩ Aerospace Engg. Co., Ltd.")]
    [('ihi', 'aerospace', 'engineering')]
    >>> [form.native for form in forms("沖電気工業(株)")] == [form.native for form in forms("冲电气工业株式会社")]
    True
    """
    plain = folded(text)
    outside = " ".join(_BRACKETS.sub(lambda found: found[0] if _is_legal(found[0]) else " ", plain).split())
    inline = " ".join(_BRACKETS.sub(lambda found: f" {found[1]} ", plain).split()) if _BRACKETS.search(plain) else outside
    parts = [outside, inline, *(found[1] for found in _BRACKETS.finditer(plain) if not _is_legal(found[0]))]
    pieces = [piece for part in parts for piece in _BESIDE.split(part)]
    found: list[Form] = []
    for number, piece in enumerate(dict.fromkeys([*pieces])):
        if number and len(piece.strip()) < 4 and not _NATIVE.search(piece):
            continue  # an acronym in brackets is too short to stand alone
        form = _form(piece.strip())
        if form is not None and form not in found:
            found.append(form)
    return tuple(found)


def folded(text: str) -> str:
    """Width, case, marks and dashes folded; scripts and words as they are.

    >>> folded("①ﾗｲﾝﾒﾀﾙ　Ｓ．Ａ．"), folded("Škoda―Łódź")
    ('ラインメタル s.a.', 'skoda-lodz')
    """
    text = unicodedata.normalize("NFKC", _MARKS.sub(" ", text)).casefold().translate(_LATIN)
    text = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zs") else char for char in text)
    text = _HYPHENS.sub("-", text)
    text = re.sub(r"(?<=[ァ-ヺ])-", "ー", text)
    split = unicodedata.normalize("NFD", text)
    kept = [
        char
        for number, char in enumerate(split)
        if not unicodedata.combining(char) or split[number - 1] > "\u2e7f" or split[number - 1] >= "가"
    ]
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _form(text: str) -> Form | None:
    left: set[str] = set()
    if _NATIVE.search(text):
        return _native(text, left)
    words = _latin_words(text, left)
    return Form(words, "", frozenset(left)) if words else None


# -- Latin ---------------------------------------------------------------------------------


def _latin_words(text: str, left: set[str]) -> tuple[str, ...]:
    text = _INITIALS.sub(lambda found: re.sub(r"[. &]", "", found[0]) + " ", text).replace("'s ", "s ").replace("'", "")
    text = re.sub(r"\bsp\.? z\.? ?o\.? ?o\b\.?", "spzoo", text.replace("&", " and "))
    if any(char > "\x7f" for char in text):
        text = latin_of(text)
    text = _LETTERS.sub(lambda found: found[0].replace(" ", ""), re.sub(r"[^a-z0-9]+", " ", text))
    words = list(re.findall(r"[a-z0-9]+", text))
    words = _without_units(words, left)
    kept = _without_legal(words, left)
    spelt = [word_table().latin.get(word, word) for word in kept if word not in _STOP]
    if len(spelt) > 2 and any(word in _BRANCH_WORDS for word in spelt):
        spelt = _without_branch(spelt, left)
    return tuple(spelt)


def _without_units(words: list[str], left: set[str]) -> list[str]:
    joined = " ".join(words)
    for unit in _UNITS:
        if joined.endswith(f" {unit}") or joined.startswith(f"{unit} "):
            left.add("branch")
            return joined.removesuffix(unit).removeprefix(unit).split()
    return words


def _without_legal(words: list[str], left: set[str]) -> list[str]:
    """Words that are legal forms, wherever they may stand; a word typed a little wrongly counts too."""
    table = legal_table()
    kept = [word for word in words if word not in table.anywhere and not _mistyped(word)]
    while len(kept) > 1 and kept[-1] in table.end:
        kept.pop()
    while len(kept) > 1 and kept[0] in table.start:
        kept.pop(0)
    if kept and len(kept) < len(words):
        left.add("legal-form")
    return kept


@lru_cache(maxsize=4096)
def _mistyped(word: str) -> bool:
    """A long legal form with one letter wrong."""
    from rapidfuzz.distance import OSA

    long = ("corporation", "limited", "company", "incorporated")
    return len(word) > 5 and any(OSA.distance(word, other) <= 1 + (len(other) > 9) for other in long if abs(len(word) - len(other)) < 3)


def _without_branch(words: list[str], left: set[str]) -> list[str]:
    """`Tomioka Plant` behind a name is a place of the same firm."""
    at = next(number for number, word in enumerate(words) if word in _BRANCH_WORDS)
    if at < 2:
        return words
    left.add("branch")
    return words[: at - 1] if at == len(words) - 1 and at > 2 else words[:at] + words[at + 1 :]


# -- Chinese, Japanese, Korean -------------------------------------------------------------


def _native(text: str, left: set[str]) -> Form | None:
    katakana = "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in text)
    one = katakana.translate(kanji_table())
    if one != katakana:
        left.add("variant-characters")
    shorter = _BRANCH.sub("", one).strip() or one
    if shorter != one:
        left.add("branch")
    bare = _without_native_legal(shorter, left)
    core = re.sub(r"[^\w]+", "", bare).replace("_", "")
    if not core:
        return None
    same = core.translate(_SAME_KANA)
    return Form(tuple(_translated(bare)), same, frozenset(left))


_SAME_KANA = str.maketrans(
    {
        "ー": "",
        "ァ": "ア",
        "ィ": "イ",
        "ゥ": "ウ",
        "ェ": "エ",
        "ォ": "オ",
        "ャ": "ヤ",
        "ュ": "ユ",
        "ョ": "ヨ",
        "ッ": "ツ",
        "ヂ": "ジ",
        "ヅ": "ズ",
        "ヴ": "ブ",
    }
)


def _without_native_legal(text: str, left: set[str]) -> str:
    """Legal forms before, behind or in brackets."""
    for legal in legal_table().native:
        shorter = text.removeprefix(legal).removesuffix(legal).replace(f"({legal})", " ")
        if len(legal) > 3:  # a long one may stand in the middle, before a branch
            shorter = shorter.replace(legal, " ")
        if shorter != text:
            left.add("legal-form")
            text = shorter.strip()
    words = text.split()
    latin = _without_legal(words, left) if len(words) > 1 else words
    return " ".join(latin)


def _translated(text: str) -> list[str]:
    """Usual words in English, the rest in Latin letters."""
    table = word_table()
    found: list[str] = []
    rest = ""

    def flush() -> None:
        nonlocal rest
        found.extend(table.latin.get(word, word) for word in re.findall(r"[a-z0-9]+", latin_of(rest)) if word not in _STOP)
        rest = ""

    at = 0
    while at < len(text):
        size = next((size for size in range(min(table.longest, len(text) - at), 0, -1) if text[at : at + size] in table.native), 0)
        if size:
            flush()
            found.append(table.native[text[at : at + size]])
        elif text[at].isalnum() or text[at] in "ーッ":
            if rest and text[at].isascii() != rest[-1].isascii():
                flush()
            rest += text[at]
        else:
            flush()
        at += size or 1
    flush()
    return found


# -- tables --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Legal:
    anywhere: frozenset[str]
    end: frozenset[str]
    start: frozenset[str]
    native: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    latin: dict[str, str]
    native: dict[str, str]
    places: frozenset[str]
    longest: int


@lru_cache(maxsize=1)
def kanji_table() -> dict[int, str]:
    """Other forms of a character to the one that stands for all."""
    return {ord(variant): row["form"] for row in _rows("kanji") for variant in row["variants"]}


@lru_cache(maxsize=1)
def legal_table() -> _Legal:
    latin: dict[str, set[str]] = {"any": set(), "end": set(), "start": set()}
    native: set[str] = set()
    for row in _rows("legal_forms"):
        if row["script"] == "Latn":
            latin[row["place"]] |= set(row["forms"].split())
        else:
            native |= {form.translate(kanji_table()) for form in row["forms"].split()}
    return _Legal(
        frozenset(latin["any"]), frozenset(latin["end"]), frozenset(latin["start"]), tuple(sorted(native, key=lambda f: (-len(f), f)))
    )


@lru_cache(maxsize=1)
def word_table() -> _Words:
    latin: dict[str, str] = {}
    native: dict[str, str] = {}
    places: set[str] = set()
    for row in _rows("words"):
        for spelling in row["latin"].split():
            latin.setdefault(spelling, row["word"])
        for spelling in " ".join((row["ja"], row["zh"], row["ko"])).split():
            native.setdefault(spelling.casefold().translate(kanji_table()), row["word"])
        if row["kind"] == "place":
            places.add(row["word"])
    native = {spelling: word for spelling, word in native.items() if len(spelling) > 1}  # one character may be part of any name
    return _Words(latin, native, frozenset(places), max(map(len, native)))


def _rows(name: str) -> list[dict[str, str]]:
    with (_TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=64)
def _is_legal(bracketed: str) -> bool:
    inside = bracketed.strip("()[]「」『』【】 ")
    return bracketed.translate(kanji_table()) in legal_table().native or inside.translate(kanji_table()) in legal_table().native
