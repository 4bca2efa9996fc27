"""The 50 % rules: which parties count as listed because of who owns them.

    ownership(party, on, register)  -> one `Ruled` for each rule of tables/ownership.csv

Each owner's name is compared with the lists of the rule. A name that only looks like a listed one, a list that is old, and a
share that nobody stated keep the answer open; only a chain that is known to its end says no.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kido.register.model import Register
from kido.register.timeline import status
from kido.screen.holdings import WHOLE, Bounds, Chart, Owned, chart, held
from kido.screen.search import Screening, screen
from kido.terms.amounts import exact
from kido.terms.text import Text

_TABLE = Path(__file__).with_name("tables") / "ownership.csv"


@dataclass(frozen=True, slots=True)
class Rule:
    """`lowest` and `highest`: how a chain is counted at least and at most, see `holdings.held`; `summed`: whether shares are added up."""

    id: str
    act: str  # of the register, whose standing decides; "": guidance that is no act, in force since `since`
    since: date | None
    lists: frozenset[str]
    at_least: int
    summed: bool
    lowest: str
    highest: str
    title: Text
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """One rule and one party.

    reached   True, False, or None where it is not known
    share     lowest and highest share that listed owners hold, in 10^-12 percent
    listed    owners that are surely on a list of the rule and listed on the day
    open      owners whose name only looks listed, or could not be searched in a current list, or whose own owners are not known
    standing  of the rule's act on the day: in_force, suspended, not_yet, ended, unknown
    """

    rule: Rule
    reached: bool | None
    share: Bounds
    listed: tuple[str, ...]
    open: tuple[str, ...]
    standing: str

    @property
    def counts(self) -> bool | None:
        """Whether the party counts as listed on the day; None where that is open."""
        if self.reached is False or self.standing in ("not_yet", "suspended", "ended"):
            return False
        return self.reached if self.standing == "in_force" else None


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the table.

    >>> [(rule.id, rule.at_least == exact(50)) for rule in rules()]
    [('cn-50', True), ('us-bis-50', True), ('us-ofac-50', True)]
    """
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Rule(
                row["id"], row["act"], date.fromisoformat(row["since"]) if row["since"] else None, frozenset(row["lists"].split()), exact(row["at_least"]), row["summed"] == "yes", row["lowest"],
                row["highest"], {"ja": row["ja"], "en": row["en"]}, row["source"], row["confidence"],
            )
            for row in csv.DictReader(lines)
        )  # fmt: skip


def ownership(party: Owned, on: date, register: Register) -> tuple[Ruled, ...]:
    """Judge a party by every rule.

    Raises
    ------
    KidoError : a share outside 0 to 100, more than 100 in sum, an owner named twice
    """
    found = chart(party)
    searched = {key: screen(entity.name, on) for key, entity in found.entities.items() if key != found.party}
    return tuple(_ruled(rule, found, searched, on, register) for rule in rules())


def _ruled(rule: Rule, found: Chart, searched: Mapping[str, Screening], on: date, register: Register) -> Ruled:
    counted: dict[str, Bounds] = {key: _counted(rule, screening) for key, screening in searched.items()} | {found.party: (0, 0)}

    def enough(share: int) -> bool:
        return share >= rule.at_least

    low = _single(found, counted) if not rule.summed else held(found, counted, rule.lowest, enough)[found.party][0]
    high = max(low, held(found, counted, rule.highest, enough)[found.party][1])
    reached = True if enough(low) else None if enough(high) else False
    names = {key: entity.name for key, entity in found.entities.items()}
    untold = tuple(entity.name for key, entity in found.entities.items() if entity.open and counted[key] != (WHOLE, WHOLE))
    doubtful = tuple(names[key] for key, (least, most) in counted.items() if least != most)
    return Ruled(
        rule, reached, (low, high), tuple(names[key] for key, bounds in counted.items() if bounds == (WHOLE, WHOLE)),
        () if reached else tuple(dict.fromkeys((*doubtful, *untold))), _standing(rule, on, register),
    )  # fmt: skip


def _standing(rule: Rule, on: date, register: Register) -> str:
    if rule.since is not None:
        return "in_force" if on >= rule.since else "not_yet"
    act = register.instruments[rule.act]
    return status(register, act, act.measures[0], on).word


def _counted(rule: Rule, screening: Screening) -> Bounds:
    """Whether an owner is listed: surely, surely not, or not known."""
    hits = [hit for hit in screening.hits if hit.list in rule.lists and hit.standing not in ("not_yet", "removed")]
    if any(hit.sure and hit.standing == "listed" for hit in hits):
        return WHOLE, WHOLE
    lists = [one for one in screening.searched if one.id in rule.lists]
    current = {one.id for one in lists if one.searched and not one.stale}
    return (0, WHOLE) if hits or screening.reason or current != rule.lists else (0, 0)


def _single(found: Chart, counted: Mapping[str, Bounds]) -> int:
    """The largest share that one listed owner holds directly: what counts where a rule does not say that shares are added up."""
    return max((least for owner, (least, _) in found.entities[found.party].owners.items() if counted[owner] == (WHOLE, WHOLE)), default=0)
