"""Facts that follow from stated ones. Each derivation names its reason and is shown."""

from __future__ import annotations

from dataclasses import dataclass

from kido.rule.judge import Facts
from kido.terms.amounts import Amount, exact
from kido.terms.vocabulary import Terms

_HALF = exact(50)
_MAGNET_METALS = frozenset(("Nd", "Pr", "Sm", "Dy", "Tb"))
_PARTNERS = frozenset(("Fe", "Co", "Ni", "Cu", "Al", "Mg"))
_FAMILIES = {"NdFeB": {"Nd", "Fe", "B"}, "SmCo": {"Sm", "Co"}}


@dataclass(frozen=True, slots=True)
class Derived:
    """`fact` has `value` because of `reason` (an id of the view's words) and `source` (a stated fact)."""

    fact: str
    value: str
    reason: str
    source: str


def derive(facts: Facts, terms: Terms, complete: bool) -> tuple[Derived, ...]:
    """Add what follows to the facts; never overrides a stated fact."""
    found: list[Derived] = []
    stated = frozenset(facts.values)

    def add(fact: str, value: object, reason: str, source: str) -> None:
        if fact not in facts.values:
            facts.values[fact] = value
            found.append(Derived(fact, str(value), reason, source))

    substance = terms.choices["substance"].get(str(facts.values.get("substance")))
    if substance and substance.form:
        add("form", substance.form, "usual-form", "substance")
    if facts.values.get("cn_origin"):
        add("origin", "CN", "stated-chinese-origin", "cn_origin")
    if facts.values.get("act") == "technology_transfer":
        add("form", "technology", "act-is-technology", "act")
    if facts.values.get("form") == "technology":
        add("technology_supplied", True, "form-is-technology", "form")
    if "element" not in facts.values and (element := _majority(facts, complete)):
        add("element", element, "majority", "composition")
    if facts.values.get("form") in ("magnet", "magnet_powder") and (family := family_of(facts)):
        add("magnet_family", family, "contents-of-magnet", "composition")
    _exclude_substances(facts, terms, stated)
    _form_beside(facts, terms, stated)
    _exclude_elements(facts, terms)
    _beside_what_is_stated(facts, stated)
    return tuple(found)


def _exclude_substances(facts: Facts, terms: Terms, stated: frozenset[str]) -> None:
    """Goods that are said to be named for one element are none of the named substances without it.

    Never from a majority of the composition: a wire saw is mostly steel, an ore mostly rock.
    """
    element = facts.values.get("element")
    derived = element is not None and "element" not in stated
    if element in (None, "mixed") or derived or "substance" in facts.values or facts.values.get("form") == "ore":
        return
    without = {id for id, choice in terms.choices["substance"].items() if choice.elements and element not in choice.elements}
    facts.excluded["substance"] = frozenset(without)


def _exclude_elements(facts: Facts, terms: Terms) -> None:
    """Goods are not named for an element that is surely not in them."""
    if "element" in facts.values:
        return
    composition = facts.components["composition"]
    absent = {row["element"] for row in composition.rows if row["wt_pct"].high == 0}
    if composition.rest is None and composition.rows:
        absent |= set(terms.elements) - {"mixed"} - {row["element"] for row in composition.rows}  # what is mixed is no element
    if absent:
        facts.excluded["element"] = frozenset(absent)


def _form_beside(facts: Facts, terms: Terms, stated: frozenset[str]) -> None:
    """What the goods may be beside the form stated: the law may call them by a neighbouring word.

    The usual form of a substance is only usual: it can bring goods in, never take them out.
    """
    form = facts.values.get("form")
    if form is None or facts.values.get("form_is_exact") is True:
        return
    usual = "form" not in stated and facts.values.get("act") != "technology_transfer"
    if usual:
        near = frozenset(terms.choices["form"]) - {form, "technology", "software"}
    else:
        near = terms.near_forms.get(form, frozenset())
    substance = terms.choices["substance"].get(str(facts.values.get("substance")))
    if not usual and substance and substance.form == form:
        near -= {"oxide"}  # a named substance that is no oxide is none
    facts.maybe["form"] = near | _form_by_contents(facts, form)


def _form_by_contents(facts: Facts, form: object) -> frozenset[str]:
    """Forms that other stated facts speak for: a piece with rare earths may be a magnet, a metal of two elements an alloy."""
    present = _present(facts)
    found: set[str] = set()
    if form == "article" and len(present & _MAGNET_METALS) > 0 and len(present) > 1:
        found |= {"magnet", "magnet_powder", "alloy"}
    if form == "metal" and present & _MAGNET_METALS and present & _PARTNERS:
        found.add("alloy")
    if form in ("article", "assembly") and facts.values.get("equipment") not in (None, "other", "none"):
        found.add("equipment")
    return frozenset(found - {form})


def _beside_what_is_stated(facts: Facts, stated: frozenset[str]) -> None:
    """Contents that speak against the element or the magnet family stated leave a question, not a no."""
    majority, element = _majority(facts, False), facts.values.get("element")
    composition = facts.components["composition"]
    most = _contents(facts)[element].high if element in _contents(facts) else composition.rest.high if composition.rest else 0
    absent = "element" in stated and element != "mixed" and most <= _HALF // 50  # 1 wt% at the most
    if absent and majority not in (None, "mixed") and not facts.values.get("element_is_exact"):
        facts.maybe["element"] = frozenset({majority})
    family, present = facts.values.get("magnet_family"), _present(facts)
    may = {name for name, needs in _FAMILIES.items() if needs <= present} - {family}
    if "magnet_family" in stated and may and not facts.values.get("magnet_family_is_exact"):
        facts.maybe["magnet_family"] = frozenset(may)


def _contents(facts: Facts) -> dict[str, Amount]:
    return {row["element"]: row["wt_pct"] for row in facts.components["composition"].rows}


def _present(facts: Facts) -> set[str]:
    """The elements that are surely in the goods."""
    return {symbol for symbol, content in _contents(facts).items() if content.low > 0}


def _majority(facts: Facts, complete: bool) -> str | None:
    """The element with more than half of the mass; "mixed" where surely none has it."""
    contents = _contents(facts)
    for symbol, content in contents.items():
        if content.low > _HALF:
            return symbol
    sure = [symbol for symbol, content in contents.items() if content.low > 0]
    if complete and len(contents) == 1 and sure:
        return sure[0]
    rest = facts.components["composition"].rest
    none_can = all(content.high <= _HALF for content in contents.values())
    if sure and none_can and (rest is None or rest.high <= _HALF):
        return "mixed"
    return None


def family_of(facts: Facts) -> str | None:
    """Magnet family by the elements surely present; nothing is concluded from one alone."""
    present = _present(facts)
    possible = [family for family, needs in _FAMILIES.items() if needs <= present]
    both_metals = {"Nd", "Sm"} <= present  # with the other family's metal beside, the contents do not say
    return possible[0] if len(possible) == 1 and not both_metals else None
