"""JSON Schema of what is put in: a transaction, and an act of the register. Made from the tables."""

from __future__ import annotations

from kido.decide import parties
from kido.decide.transaction import ALIASES, SECTIONS
from kido.register import shapes
from kido.register.shape_schema import DRAFT, schema_of
from kido.terms.vocabulary import Fact, Terms

_FIGURE = {
    "description": "a figure in the unit of the fact, or bounds: 2.5, \"0.3 mm\", \">= 99.9\", \"0.1以下\", \"0.5..1.2\", \"present\", \"unknown\"",
    "type": ["number", "string", "null"],
}  # fmt: skip


def transaction_schema(terms: Terms) -> dict:
    """Schema of a transaction: every fact with label, question, unit and values, in ja and en."""
    facts = {name: _fact(fact, terms) for name, fact in terms.facts.items() if not name.endswith("_wt_pct") or fact.group != "composition"}
    facts |= {alias: facts[name] for alias, name in ALIASES.items() if name in facts}
    facts |= {
        "composition": {
            "description": "contents in wt% by element; elements left out are unknown unless composition_complete; "
            "other: elements without a name, balance: what is missing to 100",
            "anyOf": [
                {"type": "object", "propertyNames": {"type": "string"}, "additionalProperties": _FIGURE},
                {"type": "array", "items": {"type": "object", "properties": {"element": {"type": "string"}, "wt_pct": _FIGURE}}},
                {"type": "string", "examples": ["Nd 30, Fe 66, B 1, Dy present"]},
            ],
        },
        "composition_complete": {"type": ["boolean", "string"], "description": "nothing else is in it"},
        "inputs": {"type": "array", "items": _input(terms)},
        "inputs_complete": {"type": ["boolean", "string"], "description": "no other input is in it"},
        "parties": {"type": "array", "items": _party()},
        "papers": {"type": "object", "description": "the order behind the papers, for `kido papers`; its fields: kido/papers/fields"},
    }
    contents = {"pattern": "^[a-z]{1,2}_wt_pct$", "schema": _FIGURE}
    section = {
        "type": "object",
        "properties": facts | {name: {"type": "string", "description": "in words; judged by no rule"} for name in SECTIONS},
        "patternProperties": {contents["pattern"]: contents["schema"]},
        "additionalProperties": False,
    }
    return {
        "$schema": DRAFT,
        "$defs": {"owner": _owner()},
        "title": "kido transaction",
        "description": "Facts left out are unknown. Flat, or in sections; the same keys in both.",
        **section,
        "properties": facts | {name: {"anyOf": [section, {"type": "string"}]} for name in SECTIONS},
    }


def _fact(fact: Fact, terms: Terms) -> dict:
    text = {
        "title": f"{fact.label.get('en', fact.name)} / {fact.label.get('ja', '')}",
        "description": f"{fact.ask.get('en', '')} / {fact.ask.get('ja', '')}",
    }
    match fact.type:
        case "number" | "money":
            return text | {"type": _FIGURE["type"]} | ({"x-unit": fact.unit} if fact.unit else {})
        case "bool":
            return text | {"type": ["boolean", "string", "null"]}
        case "choice" | "element":
            return text | {"type": ["string", "null"], "examples": list(terms.ids(fact))}
        case "places":
            return text | {"type": ["array", "string", "null"], "items": {"type": "string"}}
        case "date":
            return text | {"type": ["string", "null"], "examples": ["2026-11-23"]}
    return text | {"type": ["string", "null"]}


def _input(terms: Terms) -> dict:
    names = ("name", "element", "form", "alloy_system", "origin", "value")
    fields = {name: _fact(terms.facts[name], terms) for name in names} | {"value_pct": _FIGURE}
    return {"type": "object", "properties": fields, "additionalProperties": False}


def _owner() -> dict:
    fields = {
        "name": {"type": "string"},
        "share": _FIGURE,
        "country": {"type": "string"},
        "owners_complete": {"type": ["boolean", "string"]},
    }
    fields |= {"owners": {"type": "array", "items": {"$ref": "#/$defs/owner"}}}
    return {"type": "object", "properties": fields, "additionalProperties": False, "required": ["name"]}


def _party() -> dict:
    fields: dict = {key: {"type": "string"} for key in parties.KEYS}
    fields |= {key: {"type": ["string", "object"]} for key in ("name", "address")}
    fields |= {"role": {"enum": list(parties.ROLES)}, "kind": {"enum": list(parties.KINDS)}, "lists": {"type": "object"}}
    fields |= {
        "owners": {"type": "array", "items": {"$ref": "#/$defs/owner"}, "description": "who owns the party, as deep as it is known"},
        "owners_complete": {"type": ["boolean", "string"], "description": "every owner is named"},
        "ruled_out": {"type": "array", "items": {"type": "string"}, "description": "entries of party lists that are other parties"},
    }
    return {"type": "object", "properties": fields, "additionalProperties": False, "required": ["role"]}


def act_schema(terms: Terms) -> dict:
    """Schema of an act file under law/, from the shapes its reader is strict about."""
    return {"$schema": DRAFT, "title": "kido act", **schema_of(shapes.ACT)}
