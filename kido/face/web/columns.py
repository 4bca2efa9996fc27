"""How the columns of an uploaded table are read, put right on its page and remembered for the next table with the same headings.

noted(place)             what the process of a job noted of its headings
fields(noted, …)         a field for each heading
said(noted, typed)       heading -> fact, as `desk.batch(columns=…)` takes it
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kido.decide.columns import COMPOSED, ID, OF_NAMED, UNUSED, Columns, columns_of, names_of
from kido.errors import KidoError
from kido.face.http.job import HEADER
from kido.face.language import LANGUAGES, word
from kido.face.web.fields import Field
from kido.register import store
from kido.terms.text import folded
from kido.terms.text import said as in_words

SHOWN = 200  # columns; a wider table is read as its headings tell


@dataclass(frozen=True, slots=True)
class Noted:
    """The headings of a table; how they were read, where they could be; and when that was confirmed."""

    header: tuple[str, ...]
    columns: Mapping[str, str]
    left: tuple[str, ...]
    unused: tuple[str, ...]
    day: str

    @property
    def names(self) -> tuple[str, ...]:
        """The headings that have a field; one that stands twice has its number."""
        return names_of(self.header)[:SHOWN]


def noted(place: Path) -> Noted | None:
    """None where the job has not come to its headings."""
    try:
        found = json.loads((place / HEADER).read_bytes())
        return Noted(tuple(found["header"]), found["columns"], tuple(found["left"]), tuple(found["unused"]), found["day"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def fields(of: Noted, typed: Mapping[str, str] | None, error: KidoError | None, lang: str, problems: list[dict]) -> list[tuple[str, Field]]:
    """Each heading with what it is read as; what is wrong stands beside the value it speaks of."""
    found = []
    for number, heading in enumerate(of.names):
        name = f"column.{number}"
        fact = of.columns.get(heading, UNUSED if heading in of.left else "")
        value = typed.get(name, "") if typed is not None else called(fact, lang)
        told = zip(error.problems, problems, strict=True) if error else ()
        wrong = tuple(told_ for one, told_ in told if value and (one.read == value or heading in one.read.split(", ")))
        label = word("web.columns.heading", lang, heading=heading or f"({number + 1})")
        found.append((heading or f"({number + 1})", Field(name, label, value, list="columns-known", problems=wrong)))
    return found


def called(fact: str, lang: str) -> str:
    """A fact as the page names it."""
    if fact in (ID, UNUSED):
        return word(f"web.columns.{'id' if fact == ID else 'leave'}", lang)
    if fact.startswith(COMPOSED):
        return f"{fact.removeprefix(COMPOSED)} wt%"
    return names(lang).get(fact, fact)


@lru_cache(maxsize=4)
def names(lang: str) -> dict[str, str]:
    """Every fact a column may hold, by what it is called; two that are called the same keep their ids."""
    labels = {fact: in_words(one.label, lang) for fact, one in store.terms().facts.items()}
    labels |= {"composition": word("fact.composition", lang), OF_NAMED: word("web.columns.content", lang)}
    known = list(labels.values())
    return {fact: text if known.count(text) == 1 and _fact(text) in (fact, text) else fact for fact, text in labels.items()}


def said(of: Noted, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by heading. An empty field leaves a column out that was read before."""
    found = {}
    for number, heading in enumerate(of.names):
        value = typed.get(f"column.{number}", "").strip()
        if value and heading:
            found[heading] = _meant(value)
        elif heading in of.columns:
            found[heading] = UNUSED
    return found


def _meant(value: str) -> str:
    for lang in LANGUAGES:
        for fact in (ID, UNUSED):
            if folded(value) == folded(called(fact, lang)):
                return fact
        for fact, text in names(lang).items():
            if folded(value) == folded(text):
                return fact
    return _fact(value)


def _fact(value: str) -> str:
    """The fact that a heading of this name would be read as, else the words as they are."""
    try:
        return columns_of([value], store.terms()).facts.get(0, value)
    except KidoError:
        return value


def read(of: Noted, told: Mapping[str, str], file: str) -> Columns:
    """The columns as they would be read.

    Raises
    ------
    KidoError : a fact that there is not, one fact in two columns, no fact at all
    """
    return columns_of(of.header, store.terms(), told, file)
