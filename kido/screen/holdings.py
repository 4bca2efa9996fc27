"""Who owns whom, as stated: a tree of holdings, checked, and the share that counted owners hold of each party, as bounds.

    Owned, Holding            the tree that a door fills
    chart(party)              -> Chart: one entity a name; every contradiction at once as a KidoError
    held(chart, counted, …)   -> for every entity, the lowest and highest share that counted owners hold

Shares are whole numbers of 10^-12 percent.  What is not known stays open: an owner without a share may hold anything that
the others leave, and what nobody named may belong to anyone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kido.errors import KidoError, Problem
from kido.terms.amounts import LIMIT, SCALE, Amount, plain
from kido.terms.text import folded

WHOLE = 100 * SCALE
DEEPEST, MOST = 40, 5_000
CHAINS = ("direct", "multiplied", "passes_on", "widest")
_ROUNDS = 2_000  # circles come to rest long before; one that does not stays open

Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Owned:
    """A party, or one of its owners, and who owns it.

    complete  every owner is named; with no owners: nobody owns it (a person, a state)
    place     where it was stated, for messages
    """

    name: str
    owners: tuple[Holding, ...] = ()
    complete: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """An owner and its share in percent; None where the share is not known."""

    owner: Owned
    share: Amount | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One name of the chart.

    owners  key of each owner -> bounds of its share
    open    others may own a part: the list is not complete, or what it names does not reach 100 %
    short   it is called complete, and yet does not reach 100 %
    """

    name: str = field(compare=False)
    owners: Mapping[str, Bounds]
    open: bool
    short: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Every entity by its key, the party first, then level by level."""

    party: str
    entities: Mapping[str, Entity]


def key(name: str) -> str:
    """Names that differ in width, case or spaces only are one owner.

    >>> key("ＡＢＣ  Trading") == key("abc trading")
    True
    """
    return " ".join(folded(name).split())


def chart(party: Owned) -> Chart:
    """The chart of a tree.  KidoError: a share outside 0 to 100, more than 100 in sum, an owner twice, two accounts of one owner.

    >>> listed = Owned("X")
    >>> found = chart(Owned("T", (Holding(Owned("B", (Holding(listed, Amount(WHOLE, WHOLE)),), True)),)))
    >>> list(found.entities), found.entities["t"].owners["b"] == (0, WHOLE), found.entities["b"].open
    (['t', 'b', 'x'], True, False)
    """
    problems: list[Problem] = []
    entities: dict[str, Entity] = {}
    waiting = deque([(party, 0)])
    count = 0
    while waiting:
        one, depth = waiting.popleft()
        count += 1
        if depth > DEEPEST or count > MOST:
            problems.append(Problem("owners-too-many", one.place or one.name, one.name, {"deep": str(DEEPEST), "most": str(MOST)}))
            break
        entity, known = _entity(one, problems), entities.get(key(one.name))
        if known is None or not known.told:
            entities[key(one.name)] = entity
        elif entity.told and entity != known:
            problems.append(Problem("owner-two-accounts", one.place or one.name, one.name))
        waiting.extend((holding.owner, depth + 1) for holding in one.owners)
    if problems:
        raise KidoError(problems)
    return Chart(key(party.name), entities)


def _entity(one: Owned, problems: list[Problem]) -> Entity:
    place = one.place or one.name
    if not key(one.name):
        problems.append(Problem("owner-no-name", place))
    owners: dict[str, Bounds] = {}
    rounding = 0
    for holding in one.owners:
        name, share = holding.owner.name, holding.share
        low, high = (share.low, share.high) if share else (0, WHOLE)
        high = WHOLE if high == LIMIT else high  # "at least 30" ends at the whole
        if not 0 <= low <= high <= WHOLE:
            problems.append(Problem("owner-share", holding.owner.place or place, str(share), {"owner": name}))
            continue
        if key(name) in owners:
            problems.append(Problem("owner-twice", holding.owner.place or place, name, {"of": one.name}))
        owners[key(name)] = (low, high)
        rounding += share.ulp if share else 0
    least, most = sum(low for low, _ in owners.values()), sum(high for _, high in owners.values())
    if least > WHOLE + rounding // 2:
        problems.append(Problem("owners-over-100", place, plain(least), {"of": one.name}))
    short = one.complete and bool(owners) and most < WHOLE
    return Entity(one.name, owners, short or not one.complete, short, bool(owners) or one.complete)


def left(entity: Entity) -> Bounds:
    """What nobody named may own: from nothing to what the named owners leave."""
    return 0, max(0, WHOLE - sum(low for low, _ in entity.owners.values())) if entity.open else 0


def shares(entity: Entity) -> dict[str, Bounds]:
    """Each owner's share, its upper bound no higher than what the others leave."""
    least = sum(low for low, _ in entity.owners.values())
    return {name: (low, max(low, min(high, WHOLE - least + low))) for name, (low, high) in entity.owners.items()}


def held(found: Chart, counted: Mapping[str, Bounds], chain: str, enough: Callable[[int], bool]) -> dict[str, Bounds]:
    """Bounds of the share that counted owners hold of each entity.

    Parameters
    ----------
    counted : key -> (0, 0) not counted, (WHOLE, WHOLE) counted, (0, WHOLE) not known
    chain : what an owner passes on that is not counted itself
        direct      nothing
        multiplied  the share that counted owners hold of it
        passes_on   all it holds where counted owners hold enough of it, else nothing
        widest      all it holds where counted owners hold enough of it, else the share they hold
    enough : whether a share reaches the threshold

    The bounds grow from nothing, so a circle of holdings adds only what enters it from outside.
    """
    result: dict[str, Bounds] = dict.fromkeys(found.entities, (0, 0))
    for _ in range(_ROUNDS):
        weights = {name: weight(counted[name], result[name], chain, enough) for name in found.entities}
        fresh = {name: _share(entity, weights) for name, entity in found.entities.items()}
        if fresh == result:
            return result
        result = fresh
    return {name: (low, WHOLE) for name, (low, _) in result.items()}


def weight(counted: Bounds, share: Bounds, chain: str, enough: Callable[[int], bool]) -> Bounds:
    """How much of what an owner holds is counted, as bounds of a share of the whole."""
    low, high = (_passed(part, chain, enough) for part in share)
    return max(counted[0], low), max(counted[1], high)


def _passed(part: int, chain: str, enough: Callable[[int], bool]) -> int:
    if chain == "direct":
        return 0
    if chain != "multiplied" and enough(part):
        return WHOLE
    return 0 if chain == "passes_on" else part


def _share(entity: Entity, weights: Mapping[str, Bounds]) -> Bounds:
    """Lowest: every share at its least. Highest: what is left over goes where it counts most. Rounded outwards."""
    low = sum(least * weights[name][0] for name, (least, _) in entity.owners.items())
    high = sum(least * weights[name][1] for name, (least, _) in entity.owners.items())
    spare = max(0, WHOLE - sum(least for least, _ in entity.owners.values()))
    rooms = [(weights[name][1], most - least) for name, (least, most) in entity.owners.items()]
    for counts, room in sorted([*rooms, (WHOLE, WHOLE)] if entity.open else rooms, reverse=True):
        taken = min(room, spare)
        high, spare = high + taken * counts, spare - taken
    return min(WHOLE, low // WHOLE), min(WHOLE, -(-high // WHOLE))
