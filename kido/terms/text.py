"""Text as people type it: width, case, near misses, and sentences in two languages."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

LANGUAGES = ("ja", "en")

Text = dict[str, str]  # {"ja": ..., "en": ..., perhaps "zh": ...}


def folded(raw: str) -> str:
    """Fold width, case and outer spaces for look-up; the raw string is kept elsewhere.

    >>> folded(" ＤＹ ")
    'dy'
    """
    return unicodedata.normalize("NFKC", raw).strip().casefold()


def full_width(raw: str) -> bool:
    """True if a figure, point or Latin letter of `raw` is full-width.

    >>> full_width("０.1"), full_width("0.1"), full_width("ジスプロシウム 2.5％")
    (True, False, False)
    """
    return any("０" <= char <= "９" or "Ａ" <= char <= "Ｚ" or "ａ" <= char <= "ｚ" or char in "．，－" for char in raw)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`, or an empty string.

    >>> nearest("grian_size_um", ["grain_size_um", "density_g_cm3"])
    'grain_size_um'
    """
    cutoff = 0.6 if word.isascii() else 0.8  # a few kanji in common are not a near miss
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return found[0] if found else ""


def said(text: Text | None, lang: str) -> str:
    """The sentence in `lang`, else in English, else in Chinese."""
    if not text:
        return ""
    return text.get(lang) or text.get("en") or text.get("zh") or text.get("ja", "")
