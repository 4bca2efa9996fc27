"""The facts of one case, as every reader of a rule sees them: checked, in bounds, unknown where absent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kido.terms.amounts import LIMIT, Amount

ANYTHING = Amount(0, LIMIT)
Truth = bool | None
Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Components:
    """The components of a case.  `rest` is the most that unlisted ones can amount to.

    rows   one dict per component: worded fields as str, amounts as Amount; absent is unknown
    rest   None if the list is complete; an unlisted component is never one of `listed`
    whole  the amount of the whole goods, for shares
    """

    rows: tuple[dict[str, str | Amount], ...] = ()
    rest: Amount | None = None
    listed: frozenset[str] = frozenset()
    whole: Amount = ANYTHING


@dataclass(slots=True)
class Facts:
    """The facts of one case, checked and in the units of the facts table.

    values      what is known of each fact; bounds for figures
    excluded    values an unknown worded fact cannot have: goods named for iron are no gallium arsenide
    maybe       values a known worded fact may have beside its own: a phosphor may also be an oxide
    components  composition and inputs
    """

    values: dict[str, bool | str | tuple[str, ...] | date | Amount] = field(default_factory=dict)
    components: dict[str, Components] = field(default_factory=dict)
    on: date = date.max
    listings: dict[tuple[str, str], bool] = field(default_factory=dict)
    codes: CodeIndex | None = None
    groups: GroupIndex | None = None
    excluded: dict[str, frozenset[str]] = field(default_factory=dict)
    maybe: dict[str, frozenset[str]] = field(default_factory=dict)
    memo: dict[int, object] | None = field(default=None, repr=False, compare=False)  # definitions judged before; only while nothing changes

    def is_one_of(self, fact: str, value: str, values: tuple[str, ...]) -> Truth:
        """Whether a known worded fact has one of the values; unknown where it may have one beside its own."""
        if value in values:
            return True
        beside = self.maybe.get(fact)
        return None if beside and not beside.isdisjoint(values) else False


class CodeIndex:
    """Which control codes the goods fall under; filled in by the determination."""

    def under(self, prefixes: tuple[str, ...]) -> tuple[Truth, tuple[str, ...]]:
        raise NotImplementedError


class GroupIndex:
    """Dated groups of places; `terms.Terms` is one. A span has code, start and end."""

    def spans(self, group: str):
        raise NotImplementedError


EXACT = "_is_exact"  # `form_is_exact` settles what `form` may be beside what was stated
