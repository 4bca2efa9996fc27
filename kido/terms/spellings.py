"""Everyday spellings of figures: 0.1以下, 5〜10 um, ≧5, max. 0.1, 約5, 検出せず, tr. - brought to the one way `amounts` reads.

parts(raw)          one figure, one bound, or two bounds: "0.1 %以下" is ("<=0.1 %",)
approximate(raw)    about 5: no bound at all, so nobody may take it for one
not_detected(raw)   below a limit that is not stated: not zero, and not known
"""

from __future__ import annotations

import re
import unicodedata

from kido.terms.text import folded

ABSENT = {"absent", "none", "なし", "無", "無し", "含まない", "不含"}
PRESENT = {
    "present", "yes", "trace", "traces", "tr", "tr.", "detected", "あり", "有", "含む", "含有", "微量", "含", "痕跡", "痕跡量", "極微量", "検出", "痕量", "痕迹",
}  # fmt: skip
UNKNOWN = {"", "unknown", "?", "不明", "未確認", "未詳", "null", "none given", "n/a"}
NOT_DETECTED = {
    "nd", "n.d.", "n.d", "not detected", "none detected", "undetected", "bdl", "b.d.l.", "bld", "<lod", "<loq", "<dl", "<mdl", "<ld", "<lld",
    "below detection limit", "below the detection limit", "below limit of detection", "below detection", "below lod", "below loq",
    "検出せず", "検出されず", "不検出", "未検出", "非検出", "検出限界未満", "検出限界以下", "検出下限未満", "検出下限以下", "定量限界未満", "定量下限未満",
    "定量下限以下", "<検出限界", "<検出下限", "<定量下限", "未检出", "低于检出限", "检出限以下",
}  # fmt: skip

FIGURE = r"[-+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
TO = r"(?:\.\.|~|〜|～|∼|–|—|−|-|から|to\b|through\b)"
_SIGNS = str.maketrans({"≧": ">=", "≥": ">=", "⩾": ">=", "≦": "<=", "≤": "<=", "⩽": "<=", "＜": "<", "＞": ">", "＝": "="})
_AFTER = {
    "以上": ">=", "以下": "<=", "以内": "<=", "未満": "<", "未满": "<", "超過": ">", "を超える": ">", "超": ">", "より大きい": ">", "より多い": ">",
    "より小さい": "<", "より少ない": "<", "or more": ">=", "or less": "<=", "or above": ">=", "or below": "<=", "or over": ">=",
    "or under": "<=", "max.": "<=", "max": "<=", "maximum": "<=", "minimum": ">=",
}  # fmt: skip
_BEFORE = {
    "less than or equal to": "<=", "more than or equal to": ">=", "greater than or equal to": ">=", "at least": ">=", "at most": "<=",
    "not more than": "<=", "no more than": "<=", "not less than": ">=", "no less than": ">=", "less than": "<", "more than": ">", "greater than": ">",
    "up to": "<=", "maximum": "<=", "max.": "<=", "max": "<=", "minimum": ">=", "min.": ">=", "min": ">=", "below": "<", "under": "<",
    "above": ">", "over": ">", "最大": "<=", "最小": ">=", "以上": ">=", "未満": "<", "不超过": "<=", "不大于": "<=", "不高于": "<=", "不低于": ">=",
    "不小于": ">=", "不少于": ">=", "小于": "<", "低于": "<", "大于": ">", "高于": ">", "超过": ">",
}  # fmt: skip


def _any(words) -> str:
    return "|".join(sorted((re.escape(word).replace(r"\ ", r"\s+") for word in words), key=len, reverse=True))


_ENDS = re.compile(rf"^(.*\d.*?)\s*({_any(_AFTER)})$", re.IGNORECASE | re.DOTALL)
_LEAST = re.compile(r"^(.*\d.*?)\s*\bmin\.?$", re.IGNORECASE | re.DOTALL)
_STARTS = re.compile(rf"^({_any(_BEFORE)})\s*(?=[\d.+A-Z¥$€-])(.+)$", re.IGNORECASE | re.DOTALL)
_FIRST = re.compile(
    rf"^(.*?\d.*?)\s*({_any(w for w, sign in _AFTER.items() if sign[0] == '>')})\s*[,、]?\s*(.*\d.*)$", re.IGNORECASE | re.DOTALL
)
_SIGN = re.compile(r"^(>=|<=|>|<)\s*(.+)$", re.DOTALL)
_TWO_SIGNS = re.compile(r"^([<>]=?)\s*([^<>]*?\d[^<>]*?)\s*(?:,|、|;|&|and\b|かつ)?\s*([<>]=?)\s*([^<>]*\d[^<>]*)$", re.IGNORECASE)
_SPAN = re.compile(rf"^((?>{FIGURE}))\s*{TO}\s*({FIGURE})(?:\s*まで)?\s*((?![-+.,\d]).*)$", re.DOTALL)
_SPAN_OF_UNITS = re.compile(rf"^((?>{FIGURE}))\s*([^\s\d.,~〜～∼–—−-]\S*?)\s*{TO}\s*({FIGURE})\s*([^\s\d].*)$", re.DOTALL)
_ABOUT = re.compile(
    r"^(?:約|およそ|おおよそ|大体|だいたい|ほぼ|概ね|大約|大约|约|about\b|approx(?:imately|\.)?|around\b|roughly\b|circa\b|ca\.?\s|c\.\s|ca\.?(?=\d)|typ(?:ical)?\b\.?"
    r"|[~∼〜～≈≒≃])\s*.*\d|\d.*(?:程度|前後|くらい|ぐらい|左右|approx\.?|typ\.?|typical)$",
    re.IGNORECASE | re.DOTALL,
)
_LIMIT_BESIDE = re.compile(r"^(?:nd|n\.d\.?|bdl|不検出|検出せず|検出されず|未検出|未检出)\s*[(:,]?\s*(<.+?)\)?$", re.IGNORECASE)
_ND_BEHIND = re.compile(r"^(<.+?)\s*\(?(?:nd|n\.d\.?|bdl|不検出|検出せず|未検出|未检出)\)?$", re.IGNORECASE)


def _signs(raw: str) -> str:
    """Signs of comparison in one form, brackets in half-width; figures stay as they are."""
    text = raw.strip().translate(_SIGNS).replace("（", "(").replace("）", ")")
    return re.sub(r"=<", "<=", re.sub(r"=>", ">=", text))


def approximate(raw: str) -> bool:
    """True if the figure is only about right.

    >>> approximate("約5"), approximate("5 um程度"), approximate("~5"), approximate("5~10"), approximate("ca. 5 %"), approximate("5")
    (True, True, True, False, True, False)
    """
    return _ABOUT.match(unicodedata.normalize("NFKC", raw).strip()) is not None


def not_detected(raw: str) -> bool:
    """True if the words say only that nothing was detected; a stated limit is a bound of its own.

    >>> not_detected("検出せず"), not_detected("BDL"), not_detected("ND (<0.01)")
    (True, True, False)
    """
    return "".join(folded(_signs(raw)).split()).rstrip(".。") in _SQUEEZED


_SQUEEZED = {"".join(word.split()).rstrip(".") for word in NOT_DETECTED}


def parts(raw: str, min_is_least: bool = False) -> tuple[str, ...]:
    """One figure or bound, or two bounds, each with its unit; `5 min` are minutes unless said otherwise.

    >>> parts("0.1 wt%以下"), parts("≧5"), parts("5〜10µm"), parts("5 um - 10 um")
    (('<=0.1 wt%',), ('>=5',), ('5..10 µm',), ('>=5 um', '<=10 um'))
    >>> parts("5以上10未満"), parts("max. 0.1 %"), parts("ND (<0.01)"), parts("99.9 % min", min_is_least=True)
    (('>=5', '<10'), ('<=0.1 %',), ('<0.01',), ('>=99.9 %',))
    """
    text = _signs(raw)
    if beside := _LIMIT_BESIDE.match(text) or _ND_BEHIND.match(text):
        text = beside[1].strip()
    if two := _TWO_SIGNS.match(text):
        return two[1] + two[2].strip(), two[3] + two[4].strip()
    if _SIGN.match(text):
        return (text,)
    if (first := _FIRST.match(text)) and (second := _ENDS.match(first[3])):
        return _AFTER[_word(first[2])] + first[1].strip(), _AFTER[_word(second[2])] + second[1].strip()
    if end := _ENDS.match(text):
        return (_AFTER[_word(end[2])] + end[1].strip(),)
    if min_is_least and (least := _LEAST.match(text)):
        return (f">={least[1].strip()}",)
    if start := _STARTS.match(text):
        return (_BEFORE[_word(start[1])] + start[2].strip(),)
    if span := _SPAN.match(text):
        return (f"{span[1]}..{span[2]} {span[3]}".strip(),)
    if span := _SPAN_OF_UNITS.match(text):
        return f">={span[1]} {span[2]}", f"<={span[3]} {span[4]}"
    return (text,)


def _word(found: str) -> str:
    return " ".join(found.casefold().split())
