"""The tables of characters, legal forms and usual words, read once.

kanji_table()   other forms of a character to the one that stands for all
legal_table()   legal forms, which do not distinguish names
word_table()    usual words in English with their spellings in four languages
usual_words()   their English forms
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLES = Path(__file__).with_name("tables")


@dataclass(frozen=True, slots=True)
class Legal:
    anywhere: frozenset[str]
    end: frozenset[str]
    start: frozenset[str]
    native: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    latin: dict[str, str]
    native: dict[str, str]
    places: frozenset[str]
    brands: frozenset[str]  # native spellings that are names, not usual words
    longest: int


@lru_cache(maxsize=1)
def kanji_table() -> dict[int, str]:
    """Other forms of a character to the one that stands for all."""
    return {ord(variant): row["form"] for row in _rows("kanji") for variant in row["variants"]}


@lru_cache(maxsize=1)
def legal_table() -> Legal:
    latin: dict[str, set[str]] = {"any": set(), "end": set(), "start": set()}
    native: set[str] = set()
    for row in _rows("legal_forms"):
        if row["script"] == "Latn":
            latin[row["place"]] |= set(row["forms"].split())
        else:
            native |= {form.translate(kanji_table()) for form in row["forms"].split()}
    return Legal(
        frozenset(latin["any"]), frozenset(latin["end"]), frozenset(latin["start"]), tuple(sorted(native, key=lambda f: (-len(f), f)))
    )


@lru_cache(maxsize=1)
def word_table() -> Words:
    latin: dict[str, str] = {}
    native: dict[str, str] = {}
    places: set[str] = set()
    brands: set[str] = set()
    for row in _rows("words"):
        for spelling in row["latin"].split():
            latin.setdefault(spelling, row["word"])
        for spelling in " ".join((row["ja"], row["zh"], row["ko"])).split():
            native.setdefault(spelling.casefold().translate(kanji_table()), row["word"])
            brands |= {spelling.casefold().translate(kanji_table())} if row["kind"] == "name" else set()
        if row["kind"] == "place":
            places.add(row["word"])
    native = {spelling: word for spelling, word in native.items() if len(spelling) > 1}  # one character may be part of any name
    return Words(latin, native, frozenset(places), frozenset(brands), max(map(len, native)))


def _rows(name: str) -> list[dict[str, str]]:
    with (_TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def usual_words() -> frozenset[str]:
    """English forms of words that do not distinguish; names of groups are none."""
    table = word_table()
    names = {table.native[spelling] for spelling in table.brands if spelling in table.native}
    every = {*table.latin.values(), *table.native.values()} - names
    return frozenset(word for words in every for word in words.split("+"))
