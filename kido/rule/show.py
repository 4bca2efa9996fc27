"""A rule, or the reason of an answer, as sentences in Japanese or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kido.rule import nodes as n
from kido.rule.judge import Because, asked_by
from kido.terms.text import Text
from kido.terms.vocabulary import Terms

MOST_WRITTEN = 50_000  # rules of one register and language are fewer
_SIGNS = {
    "ja": {">": "{0} が {1} を超える", ">=": "{0} が {1} 以上", "<": "{0} が {1} 未満", "<=": "{0} が {1} 以下", "==": "{0} が {1}", "!=": "{0} が {1} ではない"},
    "en": {">": "{0} above {1}", ">=": "{0} at least {1}", "<": "{0} below {1}", "<=": "{0} at most {1}", "==": "{0} is {1}", "!=": "{0} is not {1}"},
}  # fmt: skip
_FIELDS = {
    "element": {"ja": "元素", "en": "element"}, "wt_pct": {"ja": "含有率", "en": "content"},
    "origin": {"ja": "原産地", "en": "origin"}, "form": {"ja": "形態", "en": "form"},
    "value": {"ja": "価額", "en": "value"}, "name": {"ja": "名称", "en": "name"},
    "alloy_system": {"ja": "合金系", "en": "alloy system"},
}  # fmt: skip
_OVER = {"composition": {"ja": "組成", "en": "the composition"}, "inputs": {"ja": "使用した材料・部品", "en": "the inputs"}}


@dataclass(frozen=True, slots=True)
class Show:
    """Writes rules in one language; `definitions` gives the labels of the law's own terms."""

    terms: Terms
    lang: str
    definitions: Mapping[str, Text]
    written: dict[int, tuple[n.Node, str]] = field(default_factory=dict, repr=False, compare=False)

    def sentence(self, node: n.Node) -> str:
        """One line for a rule.

        >>> from kido.register.store import terms
        >>> from kido.rule.parse import Scope, parse
        >>> rule = parse('form == "magnet" and dy_wt_pct > 0', Scope(terms()))
        >>> Show(terms(), "en", {}).sentence(rule)
        'form of the goods is permanent magnet (magnet material), and it contains dysprosium'
        """
        kept = self.written.get(id(node))
        if kept is None:  # the same rules stand in every answer; the node is held, so that its number stays its own
            if len(self.written) >= MOST_WRITTEN:
                self.written.clear()
            kept = self.written[id(node)] = node, self._written(node)
        return kept[1]

    def _written(self, node: n.Node) -> str:
        ja = self.lang == "ja"
        match node:
            case n.All(parts):
                return ("、かつ " if ja else ", and ").join(self._inner(part, n.Some) for part in parts)
            case n.Some(parts):
                return (" または " if ja else " or ").join(self._inner(part, n.All) for part in parts)
            case n.Not(n.OneOf(fact, values, group)):
                return (f"{self._label(fact.name)} が {self._values(fact, values, group)} ではない" if ja
                        else f"{self._label(fact.name)} is not {self._values(fact, values, group)}")  # fmt: skip
            case n.Not(part):
                return f"「{self.sentence(part)}」ではない" if ja else f"not ({self.sentence(part)})"
            case n.Named(name):
                return self.definitions.get(name, {}).get(self.lang, name)
            case n.Fact(name):
                return self._label(name)
            case n.OneOf(fact, values, group):
                inside = self._values(fact, values, group)
                return f"{self._label(fact.name)} が {inside}" if ja else f"{self._label(fact.name)} is {inside}"
            case n.Under(_, prefixes):
                codes = ", ".join(prefixes)
                if node.tariff:
                    return f"HSコードが {codes} に属する" if ja else f"the HS code lies under {codes}"
                return f"管理コード {codes} に当たる" if ja else f"falls under control code {codes}"
            case n.Within(fact, start, end):
                return f"{self._label(fact.name)} が {start}〜{end}" if ja else f"{self._label(fact.name)} from {start} to {end}"
            case n.Listed(party, list_):
                return f"{self._label(party)} が {list_} に載っている" if ja else f"{self._label(party)} is on {list_}"
            case n.Known(fact):
                return f"{self._label(fact.name)} が分かっている" if ja else f"{self._label(fact.name)} is known"
            case n.Compare(left, op, right):
                return self._comparison(left, op, right)
            case n.Any(collection, where):
                over = _OVER[collection][self.lang]
                return f"{over}に「{self.sentence(where)}」ものがある" if ja else f"something in {over} has {self.sentence(where)}"
        return self._figure(node)

    def _inner(self, node: n.Node, kind: type) -> str:
        text = self.sentence(node)
        return f"({text})" if isinstance(node, kind) else text

    def _comparison(self, left: n.Node, op: str, right: n.Node) -> str:
        content = _content_of(left)
        if content and op == ">" and isinstance(right, n.Const) and right.value == 0:
            label = self.terms.elements[content].label.get(self.lang, content)
            return f"{label}を含む" if self.lang == "ja" else f"it contains {label}"
        figure = self._figure(right)
        unit = self._unit(left)
        return _SIGNS[self.lang][op].format(self._figure(left), f"{figure} {unit}".strip())

    def _figure(self, node: n.Node) -> str:
        ja = self.lang == "ja"
        match node:
            case n.Const(_, text):
                return text
            case n.Fact(name):
                return self._label(name)
            case n.Plus(left, right):
                return f"{self._figure(left)} + {self._figure(right)}"
            case n.Times(factor, part):
                inner = self._figure(part)
                return f"{factor.text} × ({inner})" if isinstance(part, n.Plus) else f"{factor.text} × {inner}"
            case n.Sum(_, field, where):
                if content := _content_of(node):
                    label = self.terms.elements[content].label.get(self.lang, content)
                    return f"{label}の含有率" if ja else f"{label} content"
                return (
                    f"「{self.sentence(where)}」ものの{_FIELDS[field]['ja']}の合計"
                    if ja
                    else f"the sum of {_FIELDS[field]['en']} where {self.sentence(where)}"
                )
            case n.Share(_, field, where):
                return (
                    f"「{self.sentence(where)}」ものの{_FIELDS[field]['ja']}の割合"
                    if ja
                    else f"the share of {_FIELDS[field]['en']} where {self.sentence(where)}"
                )
        return self.sentence(node)

    def _unit(self, node: n.Node) -> str:
        if isinstance(node, n.Share):
            return "%"
        if isinstance(node, n.Sum):
            return "wt%" if node.field == "wt_pct" else ""
        return self.terms.facts[node.name].unit if isinstance(node, n.Fact) and node.name in self.terms.facts else ""

    def _label(self, name: str) -> str:
        if name in self.terms.facts:
            return self.terms.facts[name].label.get(self.lang, name)
        return _FIELDS.get(name, {}).get(self.lang, name)

    def _values(self, fact: n.Fact, values: tuple[str, ...], group: str) -> str:
        if (group and len(values) > 6) or not values:
            return {"rare_earths": {"ja": "希土類17元素", "en": "a rare earth (17 elements)"}}.get(group, {}).get(self.lang, group)
        known = self.terms.facts.get(fact.name)
        joint = "・" if self.lang == "ja" else " or "
        return joint.join(self.terms.value_label(known, value, self.lang) for value in values)

    # -- reasons ------------------------------------------------------------------------

    def reasons(self, because: Because, depth: int = 0) -> list[dict]:
        """The reason as lines: depth, answer, sentence, value found, facts missing."""
        line = {
            "depth": depth,
            "answer": because.answer,
            "text": self.sentence(because.node),
            "found": self._found(because),
            "missing": list(because.missing) if because.answer is None and not because.parts else [],
        }
        below: list[dict] = []
        for part in because.parts:
            below += self.reasons(part, depth + 1)
        return [line, *below]

    def _found(self, because: Because) -> str:
        if because.found in ("yes", "no"):
            return {"yes": {"ja": "はい", "en": "yes"}, "no": {"ja": "いいえ", "en": "no"}}[because.found][self.lang]
        if isinstance(because.node, n.OneOf):
            known = self.terms.facts.get(because.node.fact.name)
            return (
                ", ".join(self.terms.value_label(known, value, self.lang) for value in because.found.split(", ")) if because.found else ""
            )
        if because.found and isinstance(because.node, n.Compare):
            return f"{because.found} {self._unit(because.node.left)}".strip()
        return because.found


def _content_of(node: n.Node) -> str:
    """The element whose content a total is, if it is of one element."""
    if isinstance(node, n.Sum) and isinstance(node.where, n.OneOf) and node.where.fact.name == "element" and len(node.where.values) == 1:
        return node.where.values[0]
    return ""


def fact_names(node: n.Node) -> tuple[str, ...]:
    """Every fact a rule may ask for, contents as `dy_wt_pct`."""
    return asked_by(node)
