"""The fields of a form: which control a fact is asked with, what was typed, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kido import desk
from kido.decide.questions import fact_of
from kido.face.language import word, words
from kido.register import store
from kido.terms.text import said

FORM = {
    "movement": ("act", "exported_from", "via", "destination", "on"),
    "goods": ("name", "form", "element", "magnet_family", "composition", "composition_complete", "hs", "origin", "control_code", "value"),
    "use": ("end_use_text", "military_end_use"),
}
FIRST = tuple(name for names in FORM.values() for name in names)
_LISTS = {"element": "elements", "place": "places", "places": "places"}
_EXAMPLES = ("number", "place", "places", "element", "code", "hs", "money", "date")


@dataclass(frozen=True, slots=True)
class Field:
    """One control with its label. `options` make it a list to choose from; `list` names suggestions."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"  # text select number
    options: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    hint: str = ""
    list: str = ""
    problems: tuple[dict, ...] = ()
    optional: str = ""  # the words of the empty choice

    @property
    def slug(self) -> str:
        """The name as part of an id, which has no spaces."""
        return re.sub(r"[^\w.-]+", "-", self.name)


def fact_field(name: str, value: str, lang: str, problems: Mapping[str, list[dict]], at: str = "", hint: str | None = None) -> Field:
    """The control of a fact; `at` is its name in the form where it stands in a row."""
    fact = fact_of(name, store.terms())
    wrong = tuple(problems.get(at or name, ()))
    options: tuple[tuple[str, str], ...] = ()
    if fact.type == "bool":
        options = (("true", word("truth.true", lang)), ("false", word("truth.false", lang)))
        value = _yes_or_no(value)
    elif fact.type == "choice":
        known = store.terms().choices[fact.choices]
        options = tuple((id, said(choice.label, lang)) for id, choice in known.items())
        value = store.terms().lookup(fact.choices, value) or value
    if hint is None:
        hint = word("ask.example.composition", lang) if name == "composition" else _example(fact.type, lang)
    if options and value and value not in dict(options):
        options = (*options, (value, value))  # what was typed is kept, with what is wrong beside it
    return Field(
        at or name, said(fact.label, lang), value, "select" if options else "text", options, fact.unit if fact.type == "number" else "", hint,
        _LISTS.get(fact.type, ""), wrong, word("web.unknown", lang),
    )  # fmt: skip


def _yes_or_no(value: str) -> str:
    return {"はい": "true", "yes": "true", "いいえ": "false", "no": "false"}.get(value.strip().casefold(), value)


def _example(type: str, lang: str) -> str:
    return word(f"ask.example.{type}", lang) if type in _EXAMPLES else ""


def suggestions(lang: str) -> dict[str, list[tuple[str, str]]]:
    """What element and place fields suggest: the materials and jurisdictions the register speaks of."""
    terms, acts = store.terms(), desk.register().instruments.values()
    spoken = {symbol for act in acts for item in act.items for symbol in item.elements}
    elements = [(id, said(one.label, lang)) for id, one in terms.elements.items() if id in spoken]
    held = [code for code in (*desk.register().watches, "TW", "HK", "DE", "SG", "TH") if code in terms.places]
    return {"elements": elements, "places": [(code, said(terms.places[code].label, lang)) for code in held]}


def kinds(lang: str) -> list[tuple[str, str]]:
    """Kinds of measures with their labels."""
    return [(id.removeprefix("kind."), row[lang]) for id, row in words().items() if id.startswith("kind.")]
