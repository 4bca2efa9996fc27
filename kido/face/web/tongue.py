"""Runs of text in another language than the page's, marked so that screen readers and fonts follow."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_KANA = re.compile(r"[\u3041-\u30fa]|株式会社|有限会社|合同会社")
_RUN = re.compile(rf"[{_CJK}](?:[{_CJK}0-9０-９（）〔〕《》、。・：；「」『』年月日号 ]*[{_CJK}])?")
_LATIN = re.compile(r"[A-Za-z]{3}")
_ANY = re.compile(rf"[{_CJK}]")
HAN = {"CN": "zh", "JP": "ja"}


def runs(text: object, lang: str, han: str = "zh") -> Markup:
    """The text, with each run of another language in a span that says so; `han` is what Chinese characters alone are.

    >>> runs("公告2025年第18号 Decision <1>", "en")
    Markup('<span lang="zh">公告2025年第18号</span> Decision &lt;1&gt;')
    >>> runs("Commission Recommendation", "ja")
    Markup('<span lang="en">Commission Recommendation</span>')
    """
    said = str(text)
    if lang == "ja":
        foreign = _LATIN.search(said) and not _ANY.search(said)
        return Markup('<span lang="en">{}</span>').format(said) if foreign else escape(said)
    parts, end = Markup(""), 0
    for found in _RUN.finditer(said):
        tongue = "ja" if _KANA.search(found[0]) else han
        parts += escape(said[end : found.start()]) + Markup('<span lang="{}">{}</span>').format(tongue, found[0])
        end = found.end()
    return parts + escape(said[end:])


def han_of(id: str) -> str:
    """What Chinese characters are in the number of an act: the language of its issuer.

    >>> han_of("jp-etco-2025-11-amendment"), han_of("cn-mofcom-2025-61/1")
    ('ja', 'zh')
    """
    return HAN.get(id.partition("-")[0].upper(), "zh")
