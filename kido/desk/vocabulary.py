"""The words of the house, and the shape of an input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kido.decide.parties import LISTS
from kido.errors import KidoError, Problem
from kido.register import store
from kido.terms.text import nearest

if TYPE_CHECKING:
    from kido.terms.words import Words


def words(list: str | None = None, word: str | None = None) -> Words:
    """The names of facts; or the values of a list (form, substance, element, place …) with their aliases.

    Parameters
    ----------
    list : the name of a list, or of a fact whose values are asked for; left out: the facts themselves
    word : only what this word stands in, in any language

    >>> [word.id for word in words("element", "ネオジ")], [word.unit for word in words(word="密度")][:1]
    (['Nd'], ['g/cm3'])
    """
    from kido.terms.words import words as found

    return found(store.terms(), list, word, LISTS)


def lists() -> dict[str, int]:
    """The lists `words` can show, with the number of their values.

    >>> lists()["crystallinity"]
    3
    """
    from kido.terms.words import lists as found

    return found(store.terms(), LISTS)


def schema(noun: str = "transaction") -> dict:
    """JSON Schema of an input: `transaction` or `act`.

    >>> schema("transaction")["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    from kido.decide.schema import act_schema, transaction_schema

    made = {"transaction": transaction_schema, "act": act_schema}
    if noun not in made:
        near = nearest(str(noun), made)
        raise KidoError(Problem("not-one-of", "schema", str(noun), {"fact": "schema", "near": near, "values": ", ".join(made)}))
    return made[noun](store.terms())
