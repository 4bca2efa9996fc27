"""The words a face shows, in ja and en, from words.csv; and the language to start with."""

from __future__ import annotations

import csv
import os
from functools import lru_cache
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.terms.text import LANGUAGES


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "words.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def word(id: str, lang: str, **values: object) -> str:
    """One phrase.

    >>> word("answer.licence_required", "ja")
    '許可必要'
    """
    text = words()[id][lang]
    return text.format(**values) if values else text


def chosen(lang: str | None) -> str:
    """The language asked for, else Japanese where the locale is Japanese, else English."""
    if lang is None:
        locale = os.environ.get("KIDO_LANG") or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
        return "ja" if locale.lower().startswith("ja") else "en"
    if lang not in LANGUAGES:
        raise KidoError(Problem("unknown-language", "--lang", lang))
    return lang


def by_label(wanted: dict[str, str]) -> dict[str, str]:
    """A kind of measure may be asked for by its label: `備蓄` is `stockpile`.

    >>> by_label({"kind": "備蓄", "element": "Dy"})
    {'kind': 'stockpile', 'element': 'Dy'}
    """
    kinds = ((id.removeprefix("kind."), row) for id, row in words().items() if id.startswith("kind."))
    labels = {row[lang]: id for id, row in kinds for lang in LANGUAGES}
    return {name: labels.get(value, value) if name == "kind" else value for name, value in wanted.items()}
