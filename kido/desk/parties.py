"""Questions on names: who stands on a party list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store
from kido.terms.text import folded, nearest

if TYPE_CHECKING:
    from kido.screen.lists import PartyList
    from kido.screen.search import Screening


def screen(name: str, on: date | str, country: str = "", own: Iterable[str | Path] = ()) -> Screening:
    """Compare a name with the party lists of the register.

    Parameters
    ----------
    name : in Japanese, Chinese, Korean or Latin script
    on : the day asked for; entries say how they stand on it
    country : where the party is, if known; entries of other countries rank lower and stay
    own : files of the user's own lists (CSV with a column `name`), searched as well

    Raises
    ------
    KidoError : the day or country is not one, or a row of an own list is broken

    >>> found = screen("ＴＤＫ株式会社", "2026-08-24")
    >>> found.answer, found.hits[0].list, found.hits[0].standing
    ('listed', 'cn-watch-list', 'listed')
    """
    from kido.screen.search import screen as searched

    return searched(name, _day(on), country=_country(country, strict=True), own=_own(own))


def screen_many(names: Iterable[str | tuple[str, str]], on: date | str, own: Iterable[str | Path] = ()) -> Iterator[Screening]:
    """Compare many names in order, each alone or with its country.

    >>> [found.answer for found in screen_many(["TDK Corporation", ("三菱造船株式会社", "JP")], "2026-08-24")]
    ['listed', 'listed']
    """
    from kido.screen.search import screen_many as searched

    pairs = ((one, "") if isinstance(one, str) else (one[0], _country(one[1])) for one in names)
    return searched(pairs, _day(on), own=_own(own))


def party_lists() -> tuple[PartyList, ...]:
    """Every party list of the register: edition, records, what a hit means, what it cannot show.

    >>> "cn-control-list" in [one.id for one in party_lists()]
    True
    """
    from kido.screen.lists import lists

    return lists()


def _day(on: date | str) -> date:
    day = as_date(on, "on")
    if day is None:
        raise KidoError(Problem("missing-key", "on", "on"))
    return day


def _country(stated: str, strict: bool = False) -> str:
    """The ISO code of a country written in any language. An unknown one is refused, or left out: it only ranks hits."""
    code = store.terms().lookup("place", stated) if stated else ""
    if code is None and strict:
        known = store.terms().aliases.get("place", {})
        near = known.get(nearest(folded(stated), known), "")
        raise KidoError(Problem("unknown-value", "country", stated, {"fact": "country", "near": near, "values": "", "list": "place"}))
    return code or ""


def _own(files: Iterable[str | Path]) -> tuple[PartyList, ...]:
    from kido.screen.lists import read_list

    return tuple(read_list(file) for file in files)
