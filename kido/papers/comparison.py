"""A rule of the law beside the facts stated: each condition, what was stated, and whether it is met.

    conditions(rule, facts, words)  -> Condition, one for each part of the rule that must hold

Tests whether a fact is known at all are how a rule is written, not what the law says; they are left out of the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kido.decide.transaction import Transaction
from kido.papers.document import Cell, Gap
from kido.papers.legal_words import LANGS, YES_NO, fact_gap, fact_name
from kido.register.model import Register
from kido.rule import nodes as n
from kido.rule.judge import Because, Facts, Truth, asked_by, judge
from kido.rule.show import Show
from kido.terms.amounts import Amount
from kido.terms.text import Text, said
from kido.terms.vocabulary import CONTENT, Terms

_GROUPS: dict[str, Text] = {
    "JP_GROUP_A": {"ja": "グループA(輸出令別表第三)", "en": "Group A (Annex 3)"},
    "JP_ANNEX_3_2": {"ja": "国連武器禁輸国・地域(別表第三の二)", "en": "a UN arms embargo destination (Annex 3-2)"},
    "JP_ANNEX_4": {"ja": "別表第四の国", "en": "an Annex 4 country"},
}  # fmt: skip
_DERIVED: Text = {"ja": "(申告から導いた値)", "en": " (follows from what was stated)"}
IDENTITY = frozenset({
    "form", "element", "substance", "material", "material_class", "equipment", "alloy_system", "magnet_family", "powder_or_granules",
    "crucible", "metallic_magnetic_material", "superconducting_material", "maraging_steel", "organic_compound", "technology",
})  # fmt: skip  # facts that say what the goods are, not how they perform


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule beside the facts.

    text      the condition in words
    stated    the values stated of the facts it asks for, or a gap
    met       True, False, or None where facts are missing
    identity  it only asks what the goods are
    missing   facts that would settle it
    """

    text: Text
    stated: Cell
    met: Truth
    identity: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What is needed to put a rule into words."""

    terms: Terms
    shows: tuple[Show, ...]
    transaction: Transaction

    @classmethod
    def of(cls, register: Register, terms: Terms, transaction: Transaction) -> Words:
        labels = {name: definition.label for name, definition in register.definitions.items()}
        return cls(terms, tuple(Show(terms, lang, labels) for lang in LANGS), transaction)

    def sentence(self, rule: n.Node) -> Text:
        return {show.lang: _groups_named(show.sentence(rule), show.lang) for show in self.shows}

    def stated(self, names: tuple[str, ...], facts: Facts, missing: tuple[str, ...]) -> Cell:
        """The values of the facts asked for; those missing are named as missing."""
        known = {name: value for name in names if (value := self.value(name, facts))}
        if not known and len(missing) == 1:
            return fact_gap(missing[0], self.terms)
        if not known:
            return Gap(_list([fact_name(name, self.terms) for name in missing])) if missing else ""
        parts = [self._line(name, value) for name, value in known.items()]
        parts += [self._line(name, YES_NO[None]) for name in missing if name not in known]
        return _list(parts)

    def _line(self, name: str, value: Text) -> Text:
        label, derived = fact_name(name, self.terms), name in {found.fact for found in self.transaction.derived}
        return {lang: f"{said(label, lang)}: {said(value, lang)}{_DERIVED[lang] if derived else ''}" for lang in LANGS}

    def value(self, name: str, facts: Facts) -> Text | None:
        """One fact as it was stated, with its unit; None where it is not known."""
        if name.endswith(CONTENT) and name not in facts.values:
            return self._content(name.removesuffix(CONTENT).capitalize(), facts)
        if name in ("composition", "inputs"):
            given = self.transaction.given.get(name, "")
            return dict.fromkeys(LANGS, given) if given else None
        value = facts.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool):
            return YES_NO[value]
        about = self.terms.facts.get(name)
        if isinstance(value, Amount):
            text = str(value)
            unit = about.unit if about and not any(char.isalpha() or char == "%" for char in text) else ""
            return {lang: f"{text} {unit}".strip() for lang in LANGS}
        if isinstance(value, tuple):
            return {lang: ", ".join(self.terms.value_label(about, part, lang) for part in value) or "–" for lang in LANGS}
        return {lang: self.terms.value_label(about, str(value), lang) for lang in LANGS}

    def _content(self, symbol: str, facts: Facts) -> Text | None:
        composition = facts.components.get("composition")
        rows = composition.rows if composition else ()
        amounts = [row["wt_pct"] for row in rows if row.get("element") == symbol and "wt_pct" in row]
        if not amounts:
            return None
        text = str(amounts[0])
        return dict.fromkeys(LANGS, text if "%" in text else f"{text} wt%")


def conditions(rule: n.Node, facts: Facts, words: Words) -> tuple[Condition, ...]:
    """The parts of a rule that must all hold, each beside the facts.

    >>> from kido.register import store
    >>> from kido.decide.transaction import read_transaction
    >>> from kido.rule.parse import Scope, parse
    >>> t = read_transaction({"form": "magnet", "mass_kg": "12.5"}, store.terms())
    >>> words = Words.of(store.register(), store.terms(), t)
    >>> [(c.text["en"], c.met) for c in conditions(parse("mass_kg > 20 and coated", Scope(store.terms())), t.facts, words)]
    [('mass in kg above 20 kg', False), ('coated', None)]
    """
    return tuple(_condition(part, facts, words) for part in _parts(rule) if _shown(part, facts))


def _condition(part: n.Node, facts: Facts, words: Words) -> Condition:
    because = judge(part, facts).because
    missing = because.missing if because.answer is None else ()
    plain = without_known(part) or part
    identity = all(_says_what(leaf.node) for leaf in _leaves(because))
    return Condition(words.sentence(plain), words.stated(asked_by(part), facts, missing), because.answer, identity, missing)


def _leaves(because: Because) -> Iterator[Because]:
    """The tests that decided."""
    if not because.parts and not isinstance(because.node, n.Known):
        yield because
    for part in because.parts:
        yield from _leaves(part)


def _says_what(node: n.Node) -> bool:
    """It asks what the goods are or contain, not how they perform."""
    if isinstance(node, n.Compare) and isinstance(node.left, n.Sum | n.Any):
        return isinstance(node.right, n.Const) and node.right.value == 0
    return isinstance(node, n.Any) or set(asked_by(node)) <= IDENTITY


def _parts(rule: n.Node) -> Iterator[n.Node]:
    """The conjuncts of a rule, in the order of the text."""
    if isinstance(rule, n.All):
        for part in rule.parts:
            yield from _parts(part)
    else:
        yield rule


def _shown(part: n.Node, facts: Facts) -> bool:
    """A test of what is known is shown only where it fails."""
    return without_known(part) is not None or judge(part, facts).answer is not True


def without_known(node: n.Node) -> n.Node | None:
    """The node without its tests of what is known; None if nothing else is in it."""
    match node:
        case n.Known():
            return None
        case n.Not(part):
            inner = without_known(part)
            return None if inner is None else node if inner is part else replace(node, part=inner)
        case n.All(parts) | n.Some(parts):
            kept = tuple(part for part in map(without_known, parts) if part is not None)
            return None if not kept else kept[0] if len(kept) == 1 else replace(node, parts=tuple(dict.fromkeys(kept)))
    return node


def _list(texts: list[Text]) -> Text:
    return {"ja": "、".join(said(text, "ja") for text in texts), "en": "; ".join(said(text, "en") for text in texts)}


def _groups_named(sentence: str, lang: str) -> str:
    for group, name in _GROUPS.items():
        sentence = sentence.replace(group, name[lang])
    return sentence
