"""The words a user may write: the names of facts, and the values of every list with their aliases.

words(terms, list, word)   facts if no list is named; else the values of that list
lists(terms)               every list and how many values it has
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kido.errors import KidoError, Problem
from kido.terms.text import Text, folded, nearest
from kido.terms.vocabulary import Choice, Fact, Named, Terms

Words = list["Word"]
Spellings = list[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A fact or a value: its id, what it is called, and what else people write for it.

    Of a fact also its type, its unit, the list its values come from, and the question asked for it.
    """

    id: str
    label: Text
    aliases: tuple[str, ...] = ()
    type: str = ""
    unit: str = ""
    list: str = ""
    ask: Text | None = None

    def fits(self, word: str) -> bool:
        """Whether a word stands in the id, a label, an alias or the question."""
        texts = (self.id, *self.label.values(), *self.aliases, *(self.ask or {}).values())
        return any(word in folded(text) for text in texts)


def words(terms: Terms, list: str | None = None, word: str | None = None, more: Mapping[str, Mapping[str, Text]] | None = None) -> Words:
    """The names of facts, or the values of a list; `list` may also be the name of a fact.

    >>> from kido.register.store import terms
    >>> [word.id for word in words(terms(), "crystallinity")], words(terms(), word="density")[0].unit
    (['single', 'poly', 'other'], 'g/cm3')
    """
    found = _facts(terms) if list is None else _values(terms, str(list), more or {})
    wanted = folded(str(word)) if word else ""
    return [entry for entry in found if entry.fits(wanted)]


def lists(terms: Terms, more: Mapping[str, Mapping[str, Text]] | None = None) -> dict[str, int]:
    """Every list by its name, with the number of its values."""
    return {name: len(entries) for name, entries in _tables(terms, more or {}).items()}


def _tables(terms: Terms, more: Mapping[str, Mapping[str, Text]]) -> dict[str, Mapping[str, Choice | Named | Text]]:
    return {**terms.choices, "element": terms.elements, "place": terms.places, **more}


def _facts(terms: Terms) -> Iterable[Word]:
    return (_fact(terms, fact) for fact in terms.facts.values())


def _fact(terms: Terms, fact: Fact) -> Word:
    return Word(fact.name, fact.label, (), fact.type, fact.unit, terms.list_of(fact), fact.ask)


def _values(terms: Terms, name: str, more: Mapping[str, Mapping[str, Text]]) -> Iterable[Word]:
    tables = _tables(terms, more)
    fact = terms.facts.get(name)
    if name not in tables and fact is not None:
        name = terms.list_of(fact)
        if not name:
            return [_fact(terms, fact)]
    if name not in tables:
        near = nearest(name, [*tables, *terms.facts])
        raise KidoError(Problem("no-such-list", "words", name, {"near": near, "lists": ", ".join(sorted(tables))}))
    aliases: dict[str, Spellings] = {}
    for spelling, id in terms.aliases.get(name, {}).items():
        aliases.setdefault(id, []).append(spelling)
    return [_value(id, entry, aliases.get(id, [])) for id, entry in tables[name].items()]


def _value(id: str, entry: Choice | Named | Text, spellings: Spellings) -> Word:
    label = entry if isinstance(entry, dict) else entry.label
    known = {folded(text) for text in (id, id.replace("_", " "), *label.values())}
    return Word(id, label, tuple(text for text in spellings if text not in known))
