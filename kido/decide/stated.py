"""What an interview states: answers laid over the facts that were given, one by one."""

from __future__ import annotations

from kido.decide.contents import rows_of
from kido.decide.transaction import ALIASES, SECTIONS, laid_over
from kido.decide.values import Values
from kido.register.yaml_file import Mark, marked
from kido.terms.amounts import UNKNOWN
from kido.terms.text import folded
from kido.terms.vocabulary import CONTENT, Terms


def is_unknown(value: object) -> bool:
    """Whether an answer says that it is not known: None, or a word for it.

    >>> is_unknown(None), is_unknown("不明"), is_unknown(False)
    (True, True, False)
    """
    return value is None or (isinstance(value, str) and folded(value) in UNKNOWN)


def stating(facts: Mark, name: str, value: object, terms: Terms) -> Mark:
    """The facts with one more; a content takes the place of what a composition says of that element.

    >>> from kido.register.store import terms
    >>> stating(marked({"composition": "Nd 30, Dy present"}, ""), "dy_wt_pct", "2.5", terms()).plain()
    {'composition': {'Nd': '30'}, 'dy_wt_pct': '2.5'}
    """
    if not isinstance(facts.value, dict):
        return facts
    if name == "composition":
        facts = _without(facts, {row.casefold() for row in _symbols(marked(value, name), terms)})
    elif name.endswith(CONTENT):
        facts = _without_row(facts, name.removesuffix(CONTENT).capitalize(), terms)
    found = laid_over(facts, marked({name: value}, ""))
    return _keeping(found, {key: child for key, child in found.value.items() if key != name} | {name: found.value[name]})


def states_fact(facts: Mark, name: str) -> bool:
    """Whether a section or the transaction itself says something of a fact."""
    if not isinstance(facts.value, dict):
        return False
    inside = (child for key, child in facts.value.items() if key in SECTIONS)
    return any(ALIASES.get(key, key) == name for key in facts.value) or any(states_fact(child, name) for child in inside)


def _symbols(composition: Mark, terms: Terms) -> list[str]:
    rows = rows_of(composition, Values(terms, []))
    return [symbol for name, _, _ in rows if (symbol := terms.lookup("element", name))]


def _without(facts: Mark, symbols: set[str]) -> Mark:
    """Without single contents of these elements."""
    gone = {key for key in facts.value if key.casefold().endswith(CONTENT) and key.casefold().removesuffix(CONTENT) in symbols}
    return _keeping(facts, {key: child for key, child in facts.value.items() if key not in gone}) if gone else facts


def _without_row(facts: Mark, symbol: str, terms: Terms) -> Mark:
    """Without the row of one element in the composition."""
    composition = facts.value.get("composition")
    if composition is None or symbol not in _symbols(composition, terms):
        return facts
    rows = [row for row in rows_of(composition, Values(terms, [])) if terms.lookup("element", row[0]) != symbol]
    left = Mark(
        {name: amount for name, amount, _ in rows},
        composition.file,
        composition.line,
        composition.column,
        keys={name: at for name, _, at in rows},
    )
    others = {key: child for key, child in facts.value.items() if key != "composition"}
    return _keeping(facts, others | ({"composition": left} if rows else {}))


def _keeping(facts: Mark, values: dict[str, Mark]) -> Mark:
    return Mark(
        values, facts.file, facts.line, facts.column, keys={key: (facts.keys or {}).get(key, child) for key, child in values.items()}
    )
