"""Which encoding a CSV of others is in: UTF-8, UTF-16 by its mark, or the cp932 of Japanese office programs.

decoded(data, name)   -> the text and the encoding that was taken, or KidoError `not-utf-8`
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from kido.errors import KidoError, Problem

UTF8, UTF16, CP932 = "UTF-8", "UTF-16", "cp932"
_KANA = re.compile("[ぁ-ゖァ-ヺ]")  # full width: the bytes of half-width kana are letters with accents in other encodings


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """The text of a file and its encoding.

    >>> decoded("ガリウム".encode("cp932"), "a.csv"), decoded("gallium".encode(), "a.csv")
    (('ガリウム', 'cp932'), ('gallium', 'UTF-8'))
    """
    marked = UTF16 if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else UTF8 if data.startswith(BOM_UTF8) else ""
    try:
        return data.decode("utf-16" if marked == UTF16 else "utf-8-sig"), marked or UTF8
    except UnicodeDecodeError as error:
        if not marked and (text := _japanese(data)):
            return text, CP932
        raise KidoError(Problem("not-utf-8", name, "", {"why": str(error)})) from None


def _japanese(data: bytes) -> str:
    """The text if it is cp932 for sure: no byte is wrong, kana stand in it, and it is not damaged UTF-8, which may look so.

    >>> _japanese("希土類".encode("cp932")), _japanese("ガリウム".encode()[:-1]), _japanese("Rücknahme".encode("latin-1"))
    ('', '', '')
    """
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return ""
    other = data.decode("utf-8", errors="replace")
    wrong = other.count("\ufffd")
    damaged_utf8 = sum(char > "\x7f" for char in other) - wrong >= wrong
    return text if _KANA.search(text) and not damaged_utf8 else ""
