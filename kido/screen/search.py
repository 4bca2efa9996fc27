"""A name compared with the party lists on a day.

    screen(name, on)          -> Screening: hits with their reasons, near misses, and what was searched
    screen_many(names, on)    -> Screenings in order

`not_listed` is only said where every list was searched and none is old on that day; else it is `not_searched`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kido.errors import Problem
from kido.screen.asked import asked_forms, says_enough
from kido.screen.index import Index, index
from kido.screen.lists import Listed, Name, PartyList, lists
from kido.screen.match import Likeness, compare
from kido.screen.names import Form, folded, forms
from kido.screen.romanise import latin_of
from kido.terms.text import Text

THRESHOLD = 84.0  # measured: benchmarks/screen.py
NEAR = 74.0
MOST_HITS, MOST_NEAR = 25, 8
LONGEST = 1_000
PIECE = 88.0  # the least likeness of a piece of what was asked
_SHORT = 4  # letters; such an alias belongs to many


@dataclass(frozen=True, slots=True)
class Hit:
    """One listed entry that a name met.

    name      the listed name that was met
    how       why: ids of reasons
    sure      the same name in everything that distinguishes; never a short alias, never a mere likeness
    standing  of the entry on the day: `listed`, `suspended`, `unknown`, `not_yet`, `removed`
    """

    list: str
    party: Listed
    name: Name
    score: float
    how: tuple[str, ...]
    sure: bool
    standing: str


@dataclass(frozen=True, slots=True)
class SearchedList:
    """A list as it was on the day of the search."""

    id: str
    title: Text
    edition: date
    records: int
    stale: bool
    searched: bool
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer to one name.

    answer  `listed` (the same name is on a list), `possible` (a like one is), `not_listed`, `not_searched`
    reason  why it could not be searched, where it could not: `empty`, `only-legal-form`, `too-long`, `script`, `too-short`
    """

    query: str
    on: date
    hits: tuple[Hit, ...]
    near: tuple[Hit, ...]
    searched: tuple[SearchedList, ...]
    answer: str
    reason: str = ""


def screen(
    query: str,
    on: date,
    country: str = "",
    own: Sequence[PartyList] = (),
    threshold: float = THRESHOLD,
    wanted: Sequence[PartyList] | None = None,
) -> Screening:
    """Compare one name.

    Parameters
    ----------
    country : ISO code of the party; entries of other countries are ranked lower, never left out
    own : the user's own lists, searched as well
    wanted : these lists instead of the register's

    >>> found = screen("ＴＤＫ㈱", date(2026, 8, 24))
    >>> found.answer, found.hits[0].list, found.hits[0].sure
    ('listed', 'cn-watch-list', True)
    """
    searched = (*(lists() if wanted is None else wanted), *own)
    return _screen(query, on, country, searched, index(searched), threshold)


def screen_many(
    names: Iterable[tuple[str, str]], on: date, own: Sequence[PartyList] = (), threshold: float = THRESHOLD
) -> Iterator[Screening]:
    """Compare names, each with its country or "", in order; one at a time, so that nothing waits for the last."""
    searched = (*lists(), *own)
    found = index(searched)
    return (_screen(name, on, country, searched, found, threshold) for name, country in names)


def _screen(query: str, on: date, country: str, searched: tuple[PartyList, ...], found: Index, threshold: float) -> Screening:
    shown = tuple(SearchedList(one.id, one.title, one.edition, one.records, one.stale(on), one.searched, one.problem) for one in searched)
    asked, reason = _asked(query, found)
    hits = _hits(asked, on, country, searched, found, min(threshold, NEAR)) if asked else []
    above = tuple(hit for hit in hits if hit.score >= threshold)[:MOST_HITS]
    near = tuple(hit for hit in hits if hit.score < threshold)[:MOST_NEAR]
    whole = all(one.searched and not one.stale for one in shown) and bool(shown) and not reason
    answer = "listed" if any(hit.sure for hit in above) else "possible" if above else "not_listed" if whole else "not_searched"
    return Screening(query, on, above, near, shown, answer, reason if not above else "")


def _asked(query: str, index: Index) -> tuple[tuple[tuple[Form, bool], ...], str]:
    """The forms of a query, each with whether it is a piece only, and why it cannot be searched where it cannot."""
    if len(query) > LONGEST:
        return (), "too-long"
    if not query.strip():
        return (), "empty"
    found = asked_forms(query, index.known)
    if not found:
        letters = any(char.isalnum() for char in query)
        return (), "empty" if not letters else "only-legal-form" if _readable(query) else "script"
    if all(not form.words or all(not word.isascii() for word in form.words) for form, _ in found):
        return found, "script"
    if max(len(form.joined) for form, _ in found) < 2:
        return found, "too-short"
    return found, ""


def _readable(query: str) -> bool:
    """Whether there is a letter of a script that is compared."""
    return any(char.isascii() and char.isalnum() for char in latin_of(folded(query)))


def _hits(
    asked: Iterable[tuple[Form, bool]], on: date, country: str, searched: tuple[PartyList, ...], found: Index, least: float
) -> list[Hit]:
    """The best likeness to each entry, best first."""
    best: dict[tuple[int, int], tuple[Likeness, int]] = {}
    for form, piece in asked:
        for number in found.near(form):
            person = found.person(number)
            like = compare(form, found.form(number), found, person)
            if piece:
                like = _of_piece(like, form, found, person)
            if like.score < least:
                continue
            list_number, entry_number, name_number = found.at[3 * number : 3 * number + 3]
            key = (list_number, entry_number)
            if key not in best or (like.same, like.score) > (best[key][0].same, best[key][0].score):
                best[key] = (like, name_number)
    hits = [_hit(searched[at], searched[at][entry], name, like, on, country, found) for (at, entry), (like, name) in best.items()]
    return sorted((hit for hit in hits if hit.score >= least), key=lambda hit: (not hit.sure, -hit.score, hit.list, hit.party.entry))


def _of_piece(like: Likeness, form: Form, found: Index, person: bool) -> Likeness:
    """A piece of a cell meets a name only where it is that name and says enough; it is never surely the party."""
    rare = sum(found.weight(word) for word in form.words) if not form.native else 20.0
    enough = says_enough(form) and (rare > 8.5 or len(form.words) > 1) and (not person or len(form.words) > 1)
    if like.score < PIECE or not enough:
        return Likeness(0.0, False, ())
    return Likeness(like.score - 3.0, False, ("part-of-name", *like.how))


def _hit(one: PartyList, entry: Listed, name_number: int, like: Likeness, on: date, country: str, found: Index) -> Hit:
    name = entry.names[name_number]
    how, score, sure = list(like.how), like.score, like.same
    if _short(name, found):
        sure = False
        how.append("short-alias")
        score = min(score, 88.0) if like.same or "same" in how else score - (15.0 if "typing" in how else 6.0)
    if name.kind == "also_known":
        sure = False
        how.append("also-known")
        score = min(score, 97.0)
    if country and entry.country and country not in entry.country:
        how.append("other-country")
        score -= 0.0 if sure else 3.0
    return Hit(one.id, entry, name, score, tuple(dict.fromkeys(how)), sure, entry.standing(on))


def _short(name: Name, found: Index) -> bool:
    """An alias of few letters or of usual words only belongs to many."""
    for form in forms(name.text)[:1]:
        if form.native:
            return name.kind == "alias" and len(form.native) < 3
        rare = sum(found.weight(word) for word in form.words)
        if len(form.joined) <= _SHORT:
            return name.kind == "alias"
        return (name.kind == "alias" and len(form.words) == 1 and rare < 8.5) or rare < 6.5
    return True
