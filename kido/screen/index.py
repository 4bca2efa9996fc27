"""Which listed names a name could be: an index of letter groups over all names of all lists, kept compiled.

index(lists)   -> Index
.near(form)    -> the numbers of the names that share most with a form
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kido.register.store import PACKAGE, kept
from kido.screen.lists import PartyList, key_of
from kido.screen.names import Form, forms
from kido.screen.romanise import sound

_READERS = (
    "screen/index.py",
    "screen/names.py",
    "screen/romanise.py",
    "screen/tables/kanji.csv",
    "screen/tables/words.csv",
    "screen/tables/legal_forms.csv",
)
_MOST_READ = 9_000  # places of the index read for one form, the rarest groups first
_MOST_NEAR = 48
_SOUND = "~"


@dataclass(slots=True)
class Index:
    """Every form of every name: where it stands (list, entry, name), and how rare its words and characters are.

    weight   of a Latin word or a character: the logarithm of names to names with it
    """

    at: array  # list, entry and name of each form, three numbers
    forms: list[tuple]
    places: array
    spans: dict[str, tuple[int, int]]
    counts: dict[str, int]
    total: int

    def weight(self, word: str) -> float:
        return math.log((self.total + 1) / (self.counts.get(word, 0) + 1))

    def near(self, form: Form) -> list[int]:
        """Numbers of the forms that share the most and rarest letter groups with `form`, at most 48."""
        if not form.words and not form.native:
            return []
        grams = [(span, gram) for gram in set(keys(form)) if (span := self.spans.get(gram))]
        grams.sort(key=lambda found: found[0][1] - found[0][0])
        score: dict[int, float] = {}
        read = 0
        for (start, end), _ in grams:
            read += end - start
            if read > _MOST_READ and score:
                break
            value = math.log(self.total / (end - start)) + 0.5
            for number in self.places[start:end]:
                score[number] = score.get(number, 0.0) + value
        best = sorted(score, key=lambda number: -score[number] / (6 + self.forms[number][3]))
        most = sorted(best[: 4 * _MOST_NEAR], key=lambda number: -score[number])[: _MOST_NEAR // 2]
        return list(dict.fromkeys([*best[: _MOST_NEAR // 2], *most]))

    def form(self, number: int) -> Form:
        words, native, left, _ = self.forms[number]
        return Form(words, native, left)


def keys(form: Form) -> Iterator[str]:
    """The letter groups of a form: pairs of characters of a native name, groups of three letters of each word, and its sound."""
    native = f"^{form.native}$" if form.native else ""
    yield from (native[number : number + 2] for number in range(len(native) - 1))
    for word in form.words:
        if not form.native:
            padded = f"^{word}$"
            yield from (padded[number : number + 3] for number in range(max(1, len(padded) - 2)))
        if len(skeleton := sound(word)) > 1:
            yield _SOUND + skeleton
    joined = "".join(form.words)
    skeleton = f"^{sound(joined)}"
    yield from (_SOUND + skeleton[number : number + 3] for number in range(max(0, min(len(skeleton), 12) - 2)))


_LATEST: dict[str, Index] = {}  # the one in use, and the one before


def index(found: Iterable[PartyList]) -> Index:
    """The index over exactly these lists, from the cache if it was made before."""
    found = tuple(found)
    key = key_of(found)
    if key not in _LATEST:
        while len(_LATEST) > 1:
            _LATEST.pop(next(iter(_LATEST)))
        _LATEST[key] = kept(f"names-{key[:24]}-{_readers()[:12]}", "names-*", 3, lambda: build(found))
    return _LATEST[key]


@lru_cache(maxsize=1)
def _readers() -> str:
    return hashlib.sha256(b"\0".join((PACKAGE / Path(name)).read_bytes() for name in _READERS)).hexdigest()


def build(found: Iterable[PartyList]) -> Index:
    """Make the index."""
    at, made = array("I"), []
    postings: dict[str, array] = {}
    counts: Counter[str] = Counter()
    for list_number, one in enumerate(found):
        for entry_number, listed in enumerate(one):
            for name_number, name in enumerate(listed.names):
                for form in forms(name.text):
                    number = len(made)
                    at.extend((list_number, entry_number, name_number))
                    groups = set(keys(form))
                    made.append((form.words, form.native, form.left, len(groups)))
                    counts.update({*form.words, *form.native})
                    for group in groups:
                        postings.setdefault(group, array("I")).append(number)
    places, spans = array("I"), {}
    for group, numbers in postings.items():
        spans[group] = (len(places), len(places) + len(numbers))
        places.extend(numbers)
    return Index(at, made, places, spans, dict(counts), max(1, len(made)))
