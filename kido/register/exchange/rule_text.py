"""A rule back to its text: what `parse` reads into the same tree.

Law files keep the text of their rules; this is for trees that come without one.
"""

from __future__ import annotations

from kido.rule import nodes as n


def rule_text(node: n.Node) -> str:
    """The text of a tree; reading it gives an equal tree.

    >>> from kido.register.store import terms
    >>> from kido.rule.parse import Scope, parse
    >>> rule = parse('form in ("metal", "alloy") and not dy_wt_pct <= 2.5', Scope(terms()))
    >>> rule_text(rule)
    'form in ("metal", "alloy") and not (sum(composition, wt_pct, element == "Dy") <= 2.5)'
    >>> parse(rule_text(rule), Scope(terms())) == rule
    True
    """
    match node:
        case n.Fact(name) | n.Named(name):
            return name
        case n.All(parts):
            return " and ".join(_inner(part) for part in parts)
        case n.Some(parts):
            return " or ".join(_inner(part) for part in parts)
        case n.Not(part):
            return f"not ({rule_text(part)})"
        case n.OneOf(fact, _, group) if group:
            return f"{fact.name} in {group}"
        case n.OneOf(fact, (value,)):
            return f"{fact.name} == {_quoted(value)}"
        case n.OneOf(fact, values):
            return f"{fact.name} in ({', '.join(map(_quoted, values))})"
        case n.Under(fact, prefixes):
            return f"under({fact.name}, {', '.join(map(_quoted, prefixes))})"
        case n.Within(fact, start, end):
            return f'within({fact.name}, "{start}", "{end}")'
        case n.Listed(party, list_):
            return f"listed({party}, {_quoted(list_)})"
        case n.Known(fact):
            return f"known({fact.name})"
        case n.Compare(left, op, right):
            return f"{_figure(left)} {op} {_figure(right)}"
        case n.Any(collection, where):
            return f"any({collection}, {rule_text(where)})"
    return _figure(node)


def _figure(node: n.Node) -> str:
    match node:
        case n.Fact(name):
            return name
        case n.Const(_, text):
            return text
        case n.Sum(collection, amount, where):
            return f"sum({collection}, {amount}, {rule_text(where)})"
        case n.Share(collection, amount, where):
            return f"share({collection}, {amount}, {rule_text(where)})"
        case n.Plus(left, right):
            return f"({_figure(left)} + {_figure(right)})"
        case n.Times(factor, part):
            return f"{factor.text} * {_figure(part)}"
    raise TypeError(f"no text for {type(node).__name__}")


def _inner(node: n.Node) -> str:
    text = rule_text(node)
    return f"({text})" if isinstance(node, n.All | n.Some) else text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
