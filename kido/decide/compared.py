"""The parties of a transaction compared with the party lists on the day, and what follows for the facts.

    compare(transaction, on)  -> Compared: what was found, and the transaction with the facts that follow

A name that is on a list says yes to the facts its list speaks of. A name that only looks like one leaves them open. That no
name was found says no only where every list was searched, none is old, and every party and owner in question was named;
otherwise the question stays. A list that no rule judges (`says` is empty) is shown, and keeps the answer from being a plain no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from kido.decide.derive import Derived
from kido.decide.parties import Party
from kido.decide.transaction import Transaction
from kido.errors import KidoError, Problem
from kido.register.store import register
from kido.terms.amounts import Amount

if TYPE_CHECKING:  # names are compared only where a party is named; what that needs takes long to import
    from kido.screen.lists import PartyList
    from kido.screen.manifest import Says
    from kido.screen.ownership import Ruled
    from kido.screen.search import Hit, Screening

LIVE, OPEN = ("listed",), ("unknown",)
_STRICTER = {"end_user_list": ("control", "watch")}  # of two lists the stricter one is the answer
_CHINESE = "end_user_on_control_or_watch_list"
_CHINESE_LISTS = frozenset(("cn-control-list", "cn-watch-list"))
_CHINESE_ROLES = ("end_user", "buyer", "consignee")
_CHINESE_RULE, _US_RULE, _US_SHARE = "cn-50", "us-bis-50", "us_listed_owner_pct"
_FOREIGN_ROLES = ("buyer", "consignee", "middleman", "end_user", "other")


@dataclass(frozen=True, slots=True)
class ComparedParty:
    """One party, what each of its names met on the lists, and what its owners mean; entries the user ruled out are kept apart."""

    party: Party
    screenings: tuple[Screening, ...]
    ruled_out: tuple[Hit, ...] = ()
    owned: tuple[Ruled, ...] = ()  # what the 50 % rules say of the owners stated; none where none are

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The best hit on each entry, whichever name met it."""
        best: dict[tuple[str, str], Hit] = {}
        for hit in (hit for screening in self.screenings for hit in screening.hits):
            key = (hit.party.list, f"{hit.party.party}/{hit.party.by}")
            if key not in best or (hit.sure, hit.score) > (best[key].sure, best[key].score):
                best[key] = hit
        return tuple(sorted((hit for hit in best.values() if hit not in self.ruled_out), key=lambda hit: (not hit.sure, -hit.score)))

    @property
    def answer(self) -> str:
        """`listed`, `possible`, `not_listed` or `not_searched`."""
        if any(hit.sure for hit in self.hits):
            return "listed"
        if self.hits:
            return "possible"
        return "not_listed" if all(s.answer == "not_listed" or s.hits for s in self.screenings) else "not_searched"


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison found.

    transaction  with the facts that follow
    unjudged     jurisdictions on whose lists a party stands, or may stand, that no rule judges
    """

    transaction: Transaction
    parties: tuple[ComparedParty, ...] = ()
    unjudged: frozenset[str] = frozenset()


def compare(transaction: Transaction, on: date) -> Compared:
    """Compare every named party. A stated "no" against a party that surely stands on the list is a KidoError."""
    named = [party for party in _parties(transaction) if party.spellings]
    if not named:
        return Compared(transaction)
    from kido.screen.lists import lists

    known = {one.id: one for one in lists()}
    parties = tuple(_compared(party, on) for party in named)
    values = dict(transaction.facts.values)
    derived: list[Derived] = []
    problems: list[Problem] = []
    for party, hit, says in _said(parties, known):
        if hit.sure and hit.standing in LIVE:
            _state(values, transaction, derived, problems, says, party, hit)
    if problems:
        raise KidoError(problems)
    _owned(values, derived, parties)
    if _CHINESE not in values and _surely_not_chinese(parties):
        values[_CHINESE] = False
        derived.append(Derived(_CHINESE, "False", "not-on-lists", "parties"))
    unjudged = frozenset(
        known[hit.list].jurisdiction for party in parties for hit in party.hits if hit.standing in LIVE + OPEN and not known[hit.list].says
    )
    facts = replace(transaction.facts, values=values)
    return Compared(replace(transaction, facts=facts, derived=(*transaction.derived, *derived)), parties, unjudged)


def _parties(transaction: Transaction) -> Iterator[Party]:
    """The parties stated as rows, and the end user where he is named by his fact alone."""
    yield from transaction.parties
    name = transaction.facts.values.get("end_user")
    if isinstance(name, str) and name not in [n for p in transaction.parties if p.role == "end_user" for n in p.spellings]:
        yield Party("end_user", name)


def _compared(party: Party, on: date) -> ComparedParty:
    found = tuple(_screened(name, on, party.country, register().version) for name in party.spellings)
    out = tuple(hit for screening in found for hit in screening.hits if hit.party.party in party.ruled_out)
    from kido.screen.ownership import ownership

    owned = ownership(party.owned, on, register()) if party.owned is not None else ()
    return ComparedParty(party, found, out, owned)


def _owned(values: dict, derived: list[Derived], parties: tuple[ComparedParty, ...]) -> None:
    """What the owners state of the facts: yes where a rule's share is reached, the American share where it is known of every party."""
    for compared in parties:
        for ruled in compared.owned:
            if (
                ruled.rule.id == _CHINESE_RULE
                and ruled.reached
                and compared.party.role in _CHINESE_ROLES
                and values.get(_CHINESE) is not True
            ):
                values[_CHINESE] = True
                derived.append(Derived(_CHINESE, "True", "owned-by-listed", f"{compared.party.name} < {', '.join(ruled.listed)}"))
    asked = [compared for compared in parties if compared.party.role in _FOREIGN_ROLES]
    ruled = [next((one for one in compared.owned if one.rule.id == _US_RULE), None) for compared in asked]
    reached = [one for one in ruled if one is not None and one.reached]
    known = reached or (ruled if ruled and all(one is not None and one.reached is False for one in ruled) else [])
    if known and _US_SHARE not in values:
        low, high = (max(one.share[end] for one in known if one is not None) for end in (0, 1))
        values[_US_SHARE] = Amount(low, high)
        derived.append(Derived(_US_SHARE, str(values[_US_SHARE]), "owned-by-listed" if reached else "owners-not-listed", "owners"))


@lru_cache(maxsize=256)
def _screened(name: str, on: date, country: str, version: str) -> Screening:
    """An interview asks the same names many times over."""
    from kido.screen.search import screen

    return screen(name, on, country=country)


def _said(parties: Iterable[ComparedParty], known: dict[str, PartyList]) -> Iterator[tuple[Party, Hit, Says]]:
    """What each hit says of the facts: the role of the party and the concern of the entry decide."""
    for compared in parties:
        for hit in compared.hits:
            for says in known[hit.list].says:
                if compared.party.role in says.roles and (not says.concern or set(says.concern) & set(hit.party.concern)):
                    yield compared.party, hit, says


def _state(
    values: dict, transaction: Transaction, derived: list[Derived], problems: list[Problem], says: Says, party: Party, hit: Hit
) -> None:
    """One fact that a list states; what the user stated otherwise is a contradiction, and he must say who is right."""
    if says.value is None:
        return
    source = f"{party.name} = {hit.list}/{hit.party.entry}"
    stated = transaction.facts.values.get(says.fact)
    if stated is not None and _lenience(says.fact, stated) > _lenience(says.fact, says.value):
        problems.append(Problem("party-on-list", says.fact, str(stated), {"entry": source, "entry_id": hit.party.party}))
    if says.fact not in values or _lenience(says.fact, values[says.fact]) > _lenience(says.fact, says.value):
        values[says.fact] = says.value
        derived[:] = [one for one in derived if one.fact != says.fact]
        derived.append(Derived(says.fact, str(says.value), "name-on-list", source))


def _lenience(fact: str, value: object) -> int:
    """The place of a value among the answers of a fact, the strictest first."""
    order = _STRICTER.get(fact, (True,))
    return order.index(value) if value in order else len(order)


def _surely_not_chinese(parties: tuple[ComparedParty, ...]) -> bool:
    """Every end user, buyer and consignee was compared with both Chinese lists, no owner is unknown, and nothing was found."""
    asked = [compared for compared in parties if compared.party.role in _CHINESE_ROLES]
    return any(compared.party.role == "end_user" for compared in asked) and all(
        not any(hit.list in _CHINESE_LISTS for hit in compared.hits)
        and all(one.searched and not one.stale for s in compared.screenings for one in s.searched if one.id in _CHINESE_LISTS)
        and {one.id for s in compared.screenings for one in s.searched} >= _CHINESE_LISTS
        and compared.party.owners_complete
        and any(ruled.rule.id == _CHINESE_RULE and ruled.reached is False for ruled in compared.owned)
        for compared in asked
    )
