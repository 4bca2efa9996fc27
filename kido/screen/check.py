"""What `kido check` says of the party lists: index, manifests, rows, and the words a hit would state.

check_lists(folder, register, terms, roles)   -> problems, empty if nothing was found
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from kido.errors import Problem
from kido.register.model import Register
from kido.screen.lists import PartyList, lists
from kido.screen.manifest import INDEX, Says, read_index
from kido.screen.rows import WORDS
from kido.terms.text import nearest
from kido.terms.vocabulary import Terms


def check_lists(folder: Path, register: Register, terms: Terms, roles: Collection[str]) -> list[Problem]:
    """Read every list from its files and check it; `roles` are those that a party of a transaction can have."""
    named, problems = read_index(folder)
    for path in sorted(folder.glob("*/lists/*")):
        place = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        if path.suffix not in (".csv", ".yaml") or path.stem not in named:
            problems.append(Problem("list-not-in-index", place, path.name, {"index": f"{folder.name}/{INDEX}"}))
    for one in lists(folder):
        problems += [*one.problems, *_words(one, f"{folder.name}/{one.jurisdiction.lower()}/lists/{one.id}.yaml", register, terms, roles)]
    return problems


def _words(one: PartyList, place: str, register: Register, terms: Terms, roles: Collection[str]) -> Iterable[Problem]:
    for act in one.acts:
        if act not in register.instruments:
            yield Problem("unknown-reference", f"{place}:acts", act, {"what": "act", "near": nearest(act, register.instruments)})
    for says in one.says:
        yield from _says(says, f"{place}:says", terms, roles)
    newest = max((entry[6] for entry in one.entries), default="")
    if newest > one.edition.isoformat():
        yield Problem("list-after-edition", f"{place}:edition", one.edition.isoformat(), {"newest": newest})


def _says(says: Says, place: str, terms: Terms, roles: Collection[str]) -> Iterable[Problem]:
    fact = terms.facts.get(says.fact)
    if fact is None:
        yield Problem("unknown-fact", place, says.fact, {"near": nearest(says.fact, terms.facts)})
        return
    known = (True, False) if fact.type == "bool" else tuple(terms.choices.get(fact.choices, ()))
    if says.value is not None and says.value not in known:
        yield Problem("not-one-of", place, str(says.value), {"fact": says.fact, "near": "", "values": ", ".join(map(str, known))})
    for column, words, all_words in (("roles", says.roles, roles), ("concern", says.concern, WORDS["concern"])):
        for word in words:
            if word not in all_words:
                near = nearest(word, all_words)
                yield Problem("unknown-value", place, word, {"fact": column, "near": near, "values": ", ".join(all_words)})
