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
from itertools import pairwise
from pathlib import Path
from threading import Lock

from kido.register.store import PACKAGE, kept
from kido.screen.lists import PartyList, key_of
from kido.screen.names import Form, listed_forms
from kido.screen.readings import loan
from kido.screen.word_tables import word_table

_READERS = (
    "screen/index.py", "screen/names.py", "screen/romanise.py", "screen/readings.py", "screen/word_tables.py", "screen/tables/kanji.csv",
    "screen/tables/words.csv", "screen/tables/legal_forms.csv", "screen/tables/readings.csv", "screen/tables/readings_ja.csv",
)  # fmt: skip
_MOST_READ = 6_000  # places of the index read for one form, the rarest groups first
_MOST_NEAR = 24
_PERSONS = frozenset(("person", "vessel"))


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

    def known(self, word: str) -> bool:
        """Whether a Latin word stands in any listed name."""
        return word in self.counts

    def person(self, number: int) -> bool:
        """Whether the form is one of a person or a vessel."""
        return self.forms[number][6]

    def near(self, form: Form) -> list[int]:
        """Numbers of the forms that share the most and rarest letter groups with `form`, best first."""
        spans = sorted((span for gram in set(keys(form)) if (span := self.spans.get(gram))), key=lambda span: span[1] - span[0])
        score: dict[int, float] = {}
        read = 0
        places = self.places
        for start, end in spans:
            read += end - start
            if read > _MOST_READ and score:
                break
            value = math.log(self.total / (end - start)) + 0.5
            for number in places[start:end]:
                score[number] = score.get(number, 0.0) + value
        if not score:
            return []
        least = 0.25 * max(score.values())
        some = [(value, number) for number, value in score.items() if value >= least]
        forms = self.forms
        some.sort(key=lambda one: -one[0] / (6 + forms[one[1]][5]))
        best = [number for _, number in some[:_MOST_NEAR]]
        most = [number for _, number in sorted(some[: 8 * _MOST_NEAR], reverse=True)[: _MOST_NEAR // 2]]
        alike = [
            number for key in _sets(form.words) if (span := self.spans.get(key)) for number in self.places[span[0] : span[1]][:_MOST_NEAR]
        ]
        return list(dict.fromkeys([*alike, *best, *most]))

    def form(self, number: int) -> Form:
        return Form(*self.forms[number][:5])


def keys(form: Form) -> Iterator[str]:
    """The letter groups of a form.

    Pairs of characters of a native name; groups of three letters of each Latin word, and pairs of words; of a key, groups of four;
    and how each word sounds, so that a name is met in another script.
    """
    if form.native:
        native = f"^{form.native}$"
        yield from (native[number : number + 2] for number in range(len(native) - 1))
    else:
        for word in form.words:
            padded = f"^{word}$"
            yield from (padded[number : number + 3] for number in range(max(1, len(padded) - 2)))
            if len(word) > 5:  # one slip leaves the beginning, the end, or the letters in another order
                yield from (f"<{word[:4]}", f">{word[-4:]}", "!" + "".join(sorted(word)))
        yield from (f"+{one} {other}" for one, other in pairwise(form.words))
    yield from _sets(form.words)
    yield from (f"~{sound}" for word in form.words if len(sound := loan(word)) > 2)
    joined = loan("".join(form.words))[:12]
    yield from (f"*{joined[number : number + 4]}" for number in range(max(0, len(joined) - 3)))
    yield from (f"={form.key[number : number + 4]}" for number in range(max(0, len(form.key) - 3)))


def _sets(words: tuple[str, ...]) -> Iterator[str]:
    """All words in any order, with places and without: names of usual words have no rare group."""
    places = word_table().places
    for some in {tuple(sorted(words)), tuple(sorted(word for word in words if word not in places))}:
        if 1 < len(some) < 8:
            yield "#" + " ".join(some)


_LATEST: dict[str, Index] = {}  # the one in use, and the one before
_MAKING = Lock()  # who asks meanwhile waits for the one that is being made


def index(found: Iterable[PartyList]) -> Index:
    """The index over exactly these lists, from the cache if it was made before."""
    found = tuple(found)
    key = key_of(found)
    with _MAKING:
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
                for form in listed_forms(name.text, name.lang):
                    number = len(made)
                    at.extend((list_number, entry_number, name_number))
                    groups = set(keys(form))
                    made.append((form.words, form.native, form.left, form.key, form.parts, len(groups), listed.type in _PERSONS))
                    counts.update({*form.words, *form.native})
                    for group in groups:
                        postings.setdefault(group, array("I")).append(number)
    places, spans = array("I"), {}
    for group, numbers in postings.items():
        spans[group] = (len(places), len(places) + len(numbers))
        places.extend(numbers)
    return Index(at, made, places, spans, dict(counts), max(1, len(made)))
