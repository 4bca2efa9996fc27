"""Normal forms of a name, in which two writings of it are the same.

    forms(text)   -> the forms of a name: as a whole, and what stands in brackets or beside it, each a `Form`

Width, case, marks, kana, forms of characters, legal forms and words for branches do not distinguish names. What was left out
is remembered, so that a hit can say why it is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kido.screen.readings import initial, key, parts, sino_korean, spelt_letters
from kido.screen.romanise import latin_of
from kido.screen.word_tables import kanji_table, legal_table, usual_words, word_table

_MARKS = re.compile("[①-⓿❶-➓]")  # list marks: width folding would make figures of them
_LATIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "’": "'", "`": "'", "´": "'"}
)
_HYPHENS = re.compile("[-‐-―−]")  # a dash between kana is mostly a long mark typed wrongly
_INITIALS = re.compile(r"(?<!\w)(?:\w\. ?){2,}\w?(?!\w)|\b\w{1,2}&\w\b")
_LETTERS = re.compile(r"\b(?:[a-z] )+[a-z]\b")  # S A, L L C
_BRACKETS = re.compile(r"[(\[{「『【〔<《]([^()\[\]{}「」『』【】〔〕<>《》]{2,})[)\]}」』】〕>》]")
_BESIDE = re.compile(r"\s+/\s+|\s+c/o\s+|\s+a/k/a\s+|\s+aka\s+|\s+dba\s+|\s*[;|]\s*|\s+formerly\s+|\s+旧\s*[::]?\s*")
_NATIVE = re.compile(r"[ぁ-ゖァ-ヺ㐀-鿿가-힣豈-﫿]")
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
STOP = frozenset(
    (
        "the",
        "of",
        "and",
        "for",
        "in",
        "at",
        "de",
        "di",
        "du",
        "des",
        "la",
        "le",
        "el",
        "al",
        "und",
        "et",
        "i",
        "y",
        "on",
        "to",
        "d'",
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "im",
    )
)


@dataclass(frozen=True, slots=True)
class Form:
    """One normal form.

    words   Latin words in canonical spelling; of another script, its translation and romanisation
    native  the name in its own script without spaces, "" for a Latin one
    left    what was left out: `legal-form`, `branch`, `variant-characters`, `spelling`
    key     how it is read or written in Latin letters, one spelling for all romanisations
    parts   of a Japanese name: its parts with their readings in kana
    """

    words: tuple[str, ...]
    native: str = ""
    left: frozenset[str] = frozenset()
    key: str = ""
    parts: tuple[tuple[str, str], ...] = ()

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
    inside = [
        found[1] for found in _BRACKETS.finditer(plain) if found.end() == len(plain) and not _is_legal(found[0])
    ]  # inside a name it is a place
    whole = [piece for part in (outside, inline) for piece in _BESIDE.split(part)]
    found: list[Form] = []
    for number, piece in enumerate(dict.fromkeys([*whole, *inside])):
        if number and len(piece.strip()) < 4 and not _NATIVE.search(piece):
            continue  # an acronym in brackets is too short to stand alone
        form = _form(piece.strip())
        if form is not None and form not in found and (not found or distinctive(form)):
            found.append(form)
    return tuple(found)


def distinctive(form: Form) -> bool:
    """Whether a piece of a name may be a name itself: one made of places and usual words only is not.

    >>> [distinctive(forms(text)[0]) for text in ("中国", "Thailand", "Hong Kong International", "SMIC")]
    [False, False, False, True]
    """
    usual = usual_words() | PLACES
    return any(word not in usual for word in form.words) and form.joined not in PLACES


def listed_forms(text: str, lang: str) -> tuple[Form, ...]:
    """The forms of a listed name, and how it is read: a Japanese name by its parts, a Chinese one in pinyin, either in Korean."""
    whole = forms(text)
    if before := _SHORT_AND_OWNER.match(text):
        whole = tuple(dict.fromkeys((*whole, *forms(before[1]))))
    known = parts(text) if lang == "ja" else ()
    if known and whole[0].native:
        named = Form(_worded(known) or whole[0].words, whole[0].native, whole[0].left, "", known)
        whole = (named, *whole)
    read: list[Form] = []
    for form in whole:
        if not form.native:
            continue
        left = form.left | {"reading"}
        if form.parts:
            latin = latin_of("".join(reading for _, reading in known).casefold())
            read.append(Form((), "", left, key(latin)))
        if _KANA_ONLY.fullmatch(form.native) or _HAN_ONLY.fullmatch(form.native):
            read.append(Form((), "", left, key(latin_of(form.native))))
        if korean := sino_korean(form.native):
            korean = _KOREAN_FIRM.sub("", korean) or korean
            read.append(Form((), korean, left, "", form.parts))
            read.append(Form((), "", left, key(latin_of(korean))))
    return (*whole, *(form for form in read if len(form.joined) > 2 or len(form.key) >= SHORTEST_KEY))


def _worded(known: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Usual words of a Japanese name in English, the others as they are read."""
    found: list[str] = []
    for part, reading in known:
        plain = folded(part).translate(kanji_table())
        english = word_table().native.get(plain)
        found += english.split("+") if english else re.findall("[a-z0-9]+", latin_of(folded(reading)))
    return tuple(word for word in found if word not in STOP)


PLACES = frozenset((
    "thailand", "malaysia", "vietnam", "india", "indonesia", "philippines", "uk", "uae", "iran", "turkey", "turkiye", "france", "italy", "canada", "mexico", "brazil",
    "australia", "kong", "hong", "america", "usa", "china", "japan", "korea", "anhui", "jiangsu", "zhejiang", "shandong", "hubei", "hunan", "sichuan", "fujian", "hebei",
    "henan", "shaanxi", "shanxi", "jilin", "liaoning", "guangxi", "yunnan", "guizhou", "hainan", "xiamen", "qingdao", "wuxi", "zhuhai", "foshan", "shenyang", "changsha",
    "安徽", "江苏", "浙江", "山东", "湖北", "湖南", "四川", "福建", "河北", "河南", "陕西", "山西", "吉林", "辽宁", "广西", "云南", "贵州", "海南", "厦门", "青岛", "无锡", "珠海", "佛山", "沈阳",
    "长沙", "タイ", "マレーシア", "ベトナム", "インド", "泰国", "马来西亚", "越南", "印度", "控股", "集团", "股份",
))  # fmt: skip
SHORTEST_KEY = 8
_SHORT_AND_OWNER = re.compile(r"(.{12,}?)\s*\([^)]+\),")  # Bhabha … Centre (BARC), Department of …
_KOREAN_FIRM = re.compile("(?:총회사|유한공사|회사|공사)$")
_KANA_ONLY = re.compile(r"[ァ-ヺ]{4,}")
_HAN_ONLY = re.compile(r"[㐀-鿿]{4,}")


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
    raw: list[str] = []
    words = _latin_words(text, left, raw)
    return Form(words, "", frozenset(left), latin_key(raw)) if words else None


def latin_key(words: Iterable[str]) -> str:
    """How a name in Latin letters might be the reading of another; "" where it is too short to say."""
    found = _PINYIN_LEGAL.sub("", key("".join(words)))  # in the spelling of `key`
    return found if len(found) >= SHORTEST_KEY else ""


_PINYIN_LEGAL = re.compile("(?:gufen)?(?:yoxian)?(?:zeren)?gongshi$")


# -- Latin ---------------------------------------------------------------------------------


def _latin_words(text: str, left: set[str], raw: list[str] | None = None) -> tuple[str, ...]:
    text = _INITIALS.sub(lambda found: re.sub(r"[. &]", "", found[0]) + " ", text).replace("'s ", "s ").replace("'", "")
    text = re.sub(r"\bsp\.? z\.? ?o\.? ?o\b\.?", "spzoo", text.replace("&", " and "))
    if any(char > "\x7f" for char in text):
        text = latin_of(text)
    text = _LETTERS.sub(lambda found: found[0].replace(" ", ""), re.sub(r"[^a-z0-9]+", " ", text))
    words = list(re.findall(r"[a-z0-9]+", text))
    words = _without_units(words, left)
    kept = _without_legal(words, left)
    if raw is not None:
        raw += kept
    spelt = [word_table().latin.get(word, word) for word in kept if word not in STOP]
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
    kept = [
        word for word in words if word not in table.anywhere and _DOUBLED.sub(r"\1", word) not in table.anywhere and not _mistyped(word)
    ]
    while len(kept) > 1 and kept[-1] in table.end:
        kept.pop()
    while len(kept) > 1 and kept[0] in table.start:
        kept.pop(0)
    if kept and len(kept) < len(words):
        left.add("legal-form")
    return kept


_DOUBLED = re.compile(r"(.)\1")


@lru_cache(maxsize=4096)
def _mistyped(word: str) -> bool:
    """A long legal form with one letter wrong."""
    from rapidfuzz.distance import OSA

    long = ("corporation", "limited", "company", "incorporated", "obshchestvo", "ogranichennoi", "otvetstvennostyu", "liability")
    return len(word) > 5 and any(OSA.distance(word, other) <= 1 + (len(other) > 9) for other in long if abs(len(word) - len(other)) < 3)


def _without_branch(words: list[str], left: set[str]) -> list[str]:
    """`Tomioka Plant` behind a name is a place of the same firm."""
    at = next(number for number, word in enumerate(words) if word in _BRANCH_WORDS)
    kept = words[: at - 1] if at == len(words) - 1 and at > 2 else words[:at] + words[at + 1 :]
    if at < 2 or all(word in usual_words() for word in kept):
        return words
    left.add("branch")
    return kept


# -- Chinese, Japanese, Korean -------------------------------------------------------------


def _native(text: str, left: set[str]) -> Form | None:
    katakana = "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in text)
    one = katakana.translate(kanji_table())
    if one != katakana:
        left.add("variant-characters")
    shorter = _BRANCH.sub("", one).strip() or one
    if shorter != one:
        left.add("branch")
    bare = spelt_letters(_without_native_legal(shorter, left))
    core = re.sub(r"[^\w]+", "", bare).replace("_", "")
    if not core:
        return None
    if core.isascii():
        words = _latin_words(bare, left)
        return Form(words, "", frozenset(left), latin_key(words)) if words else None
    return Form(tuple(_translated(bare)), initial(core.translate(_SAME_KANA)), frozenset(left))


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


_TORN = re.compile(r"(?<=[㐀-鿿]) (?=[㐀-鿿])")
_SHA = re.compile("(?<=[ァ-ヺー])社$")  # as in イルミナ社


def _without_native_legal(text: str, left: set[str]) -> str:
    """Legal forms before, behind or in brackets; one that a space has torn too."""
    if " " in text:
        closed = _TORN.sub("", text)
        text = closed if any(legal in closed and legal not in text for legal in legal_table().native if len(legal) > 3) else text
    for legal in legal_table().native:
        shorter = text.removeprefix(legal).removesuffix(legal).replace(f"({legal})", " ")
        if len(legal) > 3:  # a long one may stand in the middle, before a branch
            shorter = shorter.replace(legal, " ")
        if shorter != text:
            left.add("legal-form")
            text = shorter.strip()
    words = _SHA.sub("", text).split()
    return " ".join(_without_legal(words, left) if len(words) > 1 else words)


_AND = "与及"


def _translated(text: str) -> list[str]:
    """Usual words in English, the rest in Latin letters."""
    table = word_table()
    found: list[str] = []
    rest = ""

    def flush() -> None:
        nonlocal rest
        found.extend(table.latin.get(word, word) for word in re.findall(r"[a-z0-9]+", latin_of(rest)) if word not in STOP)
        rest = ""

    at = 0
    while at < len(text):
        size = next((size for size in range(min(table.longest, len(text) - at), 0, -1) if text[at : at + size] in table.native), 0)
        if size:
            flush()
            found.extend(word for word in table.native[text[at : at + size]].split("+") if word not in STOP)
        elif text[at] in _AND and at:
            flush()
        elif text[at].isalnum() or text[at] in "ーッ":
            if rest and text[at].isascii() != rest[-1].isascii():
                flush()
            rest += text[at]
        else:
            flush()
        at += size or 1
    flush()
    return found


@lru_cache(maxsize=64)
def _is_legal(bracketed: str) -> bool:
    inside = bracketed.strip("()[]「」『』【】 ")
    return bracketed.translate(kanji_table()) in legal_table().native or inside.translate(kanji_table()) in legal_table().native
