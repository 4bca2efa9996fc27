"""Which missing facts a table names first: the same order for every row, since a column cannot weigh each row anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from kido.decide.questions import FIRST, GROUPS, fact_of
from kido.register.model import Register
from kido.rule import nodes as n
from kido.rule.judge import asked_by
from kido.terms.vocabulary import CONTENT, Terms

MOST_FACTS = 5
_KEPT: dict[str, list[str]] = {}


def asked_name(name: str) -> str:
    """Contents of elements are asked for together.

    >>> asked_name("dy_wt_pct"), asked_name("form_is_exact")
    ('composition', 'form_is_exact')
    """
    return "composition" if name.endswith(CONTENT) else name


def asked_order(register: Register, terms: Terms) -> list[str]:
    """Facts in the order to name them: what people know first, then by group, then what bears on most entries and measures."""
    if register.version not in _KEPT:
        bearing: Counter[str] = Counter()
        for rule in _rules(register):
            bearing.update({asked_name(name) for name in asked_by(rule)})
        _KEPT.clear()
        _KEPT[register.version] = sorted(bearing, key=lambda name: (*_place(name, terms), -bearing[name], name))
    return _KEPT[register.version]


def first_missing(names: Iterable[str], order: list[str]) -> str:
    """The first few of the facts that one row lacks.

    >>> first_missing(["form", "dy_wt_pct", "tb_wt_pct"], ["composition", "form"])
    'composition form'
    """
    asked = {asked_name(name) for name in names}
    return " ".join(sorted(asked, key=lambda name: (order.index(name) if name in order else len(order), name))[:MOST_FACTS])


def _place(name: str, terms: Terms) -> tuple[int, int]:
    group = fact_of(name, terms).group
    return FIRST.index(name) if name in FIRST else len(FIRST), GROUPS.index(group) if group in GROUPS else len(GROUPS)


def _rules(register: Register) -> Iterator[n.Node]:
    for act in register.instruments.values():
        for item in act.items:
            if item.when is not None:
                yield item.when
                yield from (unless.when for unless in item.unless)
    for _, measure in register.judged():
        yield measure.when
        yield from (unless.when for unless in measure.unless)
