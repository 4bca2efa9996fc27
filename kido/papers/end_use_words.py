"""Whether an end use is exact: product, model, maker, place and function, in words that name one thing.

A maker of magnets tells that "magnetic sensor" came back, and asks for model, maker, place and function in one sentence
(https://vectormagnets.en.tradevv.com/n1908414/Important-Notice-Exporting-Magnets-from-China-to-India-Dual-Authentication-Required.htm,
confidence medium).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kido.papers.case import Case
from kido.papers.legal_words import both
from kido.papers.order import order_fields
from kido.papers.order_points import Point
from kido.register.yaml_file import read_yaml_text
from kido.terms.text import said

_WORDS = re.compile(r"[a-z]+|[^\sa-z、。,.・/()（）]+")
_FEWEST = 4  # signs of a place or a function that says anything


def vague_points(case: Case) -> Iterator[Point]:
    """An end use that would be sent back, each with an example; a part that is missing is a gap and not a point."""
    for part in ("product", "function", "place"):
        key = f"end_use.{part}"
        value = case.order.values.get(key)
        if value is None:
            continue
        texts = list(value.values()) if isinstance(value, dict) else [str(value)]
        vague = [text for text in texts if is_vague(text)]
        if vague:
            about = order_fields()[key]
            yield Point(
                "vague-end-use", True,
                both("{ja}が漠然としています: 「{v}」", "{en} is vague: “{v}”", ja=about.label["ja"], en=about.label["en"], v=" / ".join(vague)),
                advice=both("{ask} 例: {example}", "{ask_en} Example: {example_en}", ask=said(about.ask, "ja"), ask_en=said(about.ask, "en"),
                            example=_example(about.example, "ja"), example_en=_example(about.example, "en")),
            )  # fmt: skip


def _example(written: str, lang: str) -> str:
    """The example of a field in one language.

    >>> _example("{ja: 磁石, en: 'magnet'}", "en")
    'magnet'
    """
    found = read_yaml_text(written, "example").plain()
    return said(found, lang) if isinstance(found, dict) else str(found)


def is_vague(text: str) -> bool:
    """Whether a text is made of words alone that fit thousands of goods.

    >>> is_vague("magnetic sensor"), is_vague("磁気センサー"), is_vague("ABS wheel-speed sensor WS-12 for trucks"), is_vague("工作機械用サーボモーター")
    (True, True, False, False)
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return len(plain) < _FEWEST or all(word in _vague() for word in _WORDS.findall(plain))


@cache
def _vague() -> frozenset[str]:
    """Words that name no one thing, in three languages."""
    with Path(__file__).with_name("vague_words.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(row["word"] for row in csv.DictReader(lines))
