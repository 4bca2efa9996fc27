"""The forms of a name that is asked for, as people type it: with remarks, addresses and departments in the cell, and slips.

asked_forms(text, known)  -> the forms of the whole, then of its pieces; a piece may be a name, and is never surely one

`known` tells whether a Latin word stands in any listed name: a word that does not is read again as a slip of one that does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from kido.screen.names import STOP, Form, distinctive, folded, forms
from kido.screen.readings import initial, sino_korean
from kido.screen.word_tables import legal_table, word_table

_REMARK = re.compile(
    r"(?:[\s,;(]|^)(?:attn|attention|att|tel|fax|phone|e-?mail|p\.? ?o\.? ?box|vat|dear)\b.*$|\s*(?:担当|ご担当|担当者|联系人|담당)\s*[::]?\s*\S*.*$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^\s*(?:c/o|care of|messrs\.?|m/s\.?|to)\s+", re.IGNORECASE)
_POLITE = re.compile(r"(?:御中|様|殿|気付|宛|귀중|귀하)\s*$")
_PIECES = re.compile(r"[,、，;；|\n/]|\s[-–—:]\s|:\s|\s{2,}|[(\[{「『【〔<《（)\]}」』】〕>》）\"“”]")
_HAN_KANA = re.compile(r"[ァ-ヺぁ-ゖ㐀-鿿가-힣]")
_LEGAL_INSIDE = re.compile(r"^(.{2,}?(?:\(株\)|㈱|株式会社|\(有\)|有限会社|有限公司|有限责任公司|公司|주식회사|\(주\)))(?=.)")
_LATIN_LEGAL_INSIDE = re.compile(
    r"^(.{3,}?\b(?:co\.?,? ?ltd|corp|corporation|inc|incorporated|ltd|limited|llc|gmbh|ag|company|k\.k|kk|s\.a)\b\.?)(?=\W+\w)",
    re.IGNORECASE,
)
_SCHOOL_INSIDE = re.compile(r"^(.{2,}?(?:大学|大學|大学院|学院|科学院|研究院|研究所|대학교|대학))(?=.{2,})")
_OWNER_BEFORE = re.compile(
    r"^(?:防衛省|防卫省|経済産業省|文部科学省|国土交通省|国防部|国防省|中国人民解放軍|中国人民解放军|人民解放軍|人民解放军|中国科学院|防衛装備庁|防卫装备厅|日本|中国|韓国|北朝鮮|朝鮮|米国|일본|중국|미국|한국|조선)\s*(?=.{3,})"
)
_UNIT_BEHIND = re.compile(
    r"^(.{3,})[\s　]*(?:本社|本店|支店|支社|営業所|事業所|出張所|事務所|工場|製作所|製造所|製油所|研究所|センター|キャンパス|事業部|事業本部|本部|部門|カンパニー|資材部|購買部|購買課|営業部|総務部|輸出部|調達部|資材課|営業課|"
    r"采购部|销售部|进出口部|市场部|物流部|办事处|分公司|分店|工厂|中心|구매부|영업부|공장|지점|지사|사업부|연구소)$"
)
_CODE_BEFORE = re.compile(r"^(\S+[ ]?\S*): ")
_MOST = 14


def asked_forms(text: str, known: Callable[[str], bool]) -> tuple[tuple[Form, bool], ...]:
    """Each form with whether it is a piece only; the whole first.

    >>> [(form.words, piece) for form, piece in asked_forms("Acme Corp. Attn: Mr. J. Miller", lambda word: True)]
    [(('acme',), False)]
    >>> ("punto", "54") in [form.words for form, piece in asked_forms("Export Div., PUNTO 54, S.A. DE C.V.", lambda word: True) if piece]
    True
    """
    cleaned = _without_remarks(text)
    found: dict[Form, bool] = {}
    for form in forms(cleaned) or forms(text):
        found.setdefault(_mended(form, known), False)
        for other in _in_korean(form):
            found.setdefault(other, False)
    for piece in _pieces(cleaned):
        for form in forms(piece)[:1]:
            mended = _mended(form, known)
            if mended not in found and says_enough(mended):
                found[mended] = True
        if len(found) >= _MOST:
            break
    return tuple(found.items())


def _without_remarks(text: str) -> str:
    """Persons, boxes and polite words taken away; the text itself where nothing would be left."""
    shorter = _LEAD.sub("", text)
    shorter = _POLITE.sub("", _REMARK.sub("", shorter))
    return shorter if any(char.isalnum() for char in shorter) else text


def _pieces(text: str) -> Iterator[str]:
    """Pieces that may be the name: between marks, before a legal form or a unit inside, after an owner."""
    plain = folded(text)
    marked = [piece.strip() for piece in _PIECES.split(text) if piece and piece.strip()]
    if len(marked) > 1:
        yield from marked
        yield from (" ".join(marked[number : number + 2]) for number in range(len(marked) - 1))
    if _HAN_KANA.search(plain) and len(words := text.split()) > 1:
        yield from words
        yield from (" ".join(words[:number]) for number in range(2, len(words)))
    for piece in dict.fromkeys((plain, *(folded(mark) for mark in marked))):
        for pattern in (_LEGAL_INSIDE, _LATIN_LEGAL_INSIDE, _SCHOOL_INSIDE):
            if match := pattern.search(piece):
                yield match[1]
        if match := _OWNER_BEFORE.search(piece):
            yield piece[match.end() :]
        while match := _UNIT_BEHIND.search(piece):
            piece = match[1]
            yield piece


_SCHOOLS = frozenset(("university", "institute", "academy", "college", "laboratory"))


def says_enough(form: Form) -> bool:
    """Whether a piece says enough to be looked up: places and usual words alone do not, unless they are many."""
    school = len(form.words) > 1 and not _SCHOOLS.isdisjoint(form.words)
    if form.native:
        return len(form.native) > 2 and (distinctive(form) or school or len(form.native) > 4)
    return len(form.joined) > 2 and (distinctive(form) or school or len(form.words) > 2)


@lru_cache(maxsize=1)
def _korean_places() -> dict[str, str]:
    """Chinese places as Korean newspapers write them, to the Korean reading of their characters: 베이징 to 북경."""
    table = word_table()
    hangul = {spelling: word for spelling, word in table.native.items() if "가" <= spelling[0] <= "힣" and word in table.places}
    han = {word: read for spelling, word in table.native.items() if word in table.places and (read := sino_korean(spelling))}
    return {initial(spelling): han[word] for spelling, word in hangul.items() if word in han and han[word] != initial(spelling)}


_SHORT_SCHOOLS = (("공대", "공업대학"), ("과기대", "과학기술대학"), ("대학교", "대학"), ("대", "대학"))


def _in_korean(form: Form) -> Iterator[Form]:
    """A Hangul name with its Chinese place as the characters are read, and its school written out."""
    if not form.native or not "가" <= form.native[-1] <= "힣":
        return
    native = form.native
    for short, long in _SHORT_SCHOOLS:
        if native.endswith(short) and not native.endswith("대학"):
            native = native.removesuffix(short) + long
            break
    native = native.removesuffix("교") if native.endswith("대학교") else native
    for place, read in _korean_places().items():
        if native.startswith(place):
            native = read + native.removeprefix(place)
            break
    if native != form.native and (whole := forms(native)):
        yield Form(whole[0].words if "대학" in native else form.words, native, form.left)


# -- slips -------------------------------------------------------------------------------------


def _mended(form: Form, known: Callable[[str], bool]) -> Form:
    """Latin words that stand in no listed name, read again as a slip of a usual word, or as letters an eye or a scanner confuses."""
    if form.native or all(known(word) or len(word) < 3 for word in form.words):
        return form
    words = _rejoined(list(form.words), known)
    read = [word if known(word) else _again(word, known) for word in words]
    kept = tuple(part for word, again in zip(words, read, strict=True) for part in (word if again is None else again).split("+") if part)
    if kept == form.words or not kept:
        return form
    return Form(kept, "", form.left | {"spelling"}, form.key)


def _rejoined(words: list[str], known: Callable[[str], bool]) -> list[str]:
    """`lim ited` is one word torn apart."""
    found: list[str] = []
    for word in words:
        apart = found and not (known(found[-1]) and known(word))
        if apart and (joined := _usual_or_legal(found[-1] + word)) is not None:
            found[-1] = joined
        elif apart and known(found[-1] + word):
            found[-1] += word
        else:
            found.append(word)
    return [word for word in found if word]


@lru_cache(maxsize=4096)
def _usual_or_legal(word: str) -> str | None:
    """The usual word that this spells, "" for a legal form, None for another."""
    table = legal_table()
    if word in table.anywhere or word in table.end:
        return ""
    return word_table().latin.get(word, word if word in set(word_table().latin.values()) else None)


_CONFUSED = (
    ("0", "o"),
    ("q", "g"),
    ("1", "l"),
    ("1", "i"),
    ("5", "s"),
    ("8", "b"),
    ("rn", "m"),
    ("vv", "w"),
    ("cl", "d"),
    ("l", "i"),
    ("i", "l"),
)


def _again(word: str, known: Callable[[str], bool]) -> str | None:
    """The word that was meant; "" for one that does not distinguish, None where nothing is near."""
    single = _TWICE.sub(r"\1", word)
    if single in STOP:
        return ""
    usual = _usual_or_legal(single)
    if single != word and (usual is not None or (known(single) and len(single) > 4)):
        return single if usual is None else usual
    for wrong, right in _CONFUSED:
        if wrong in word and not word.isdigit():
            other = word.replace(wrong, right)
            usual = _usual_or_legal(other)
            if usual is not None or known(other):
                return other if usual is None else usual
    for legal in ("jsc", "ooo", "oao", "pao", "llc", "company", "limited", "corporation"):
        rest = word.removeprefix(legal)
        if rest != word and len(rest) > 1 and known(rest):
            return rest
    return _nearest_usual(word) or None


_TWICE = re.compile(r"([a-z])\1")


@lru_cache(maxsize=8192)
def _nearest_usual(word: str) -> str:
    """A usual word of which this is a slip: one letter, two in a long one."""
    if len(word) < 6 or word.isdigit():
        return ""
    least = 2 if len(word) > 6 else 1
    best, found = least + 1, ""
    for spelling, usual in (*word_table().latin.items(), *((usual, usual) for usual in word_table().latin.values())):
        if abs(len(spelling) - len(word)) <= least and len(spelling) > 4 and spelling[0] == word[0]:
            distance = OSA.distance(word, spelling, score_cutoff=least)
            if distance < best:
                best, found = distance, usual
    return found
