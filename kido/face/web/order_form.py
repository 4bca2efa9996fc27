"""The order of the papers as fields: what the papers due ask for, what was stated, and the rest folded away.

needed(pack)                        which fields the papers print, and in which languages
parties(made, wants, lang, …)       each party that is stated or asked for
sections(made, wants, lang, …)      the sections of the order, each with its rows of fields
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kido.decide.parties import KINDS, ROLES
from kido.errors import KidoError
from kido.face.language import word
from kido.face.web.fields import Field
from kido.face.web.order_typed import PARTY, Cell, Row, Typed, lists
from kido.face.web.sheet import by_field
from kido.papers.cn_stated import CHOICES
from kido.papers.order import PARTY_WORDS, OrderField, order_fields
from kido.papers.pack import Pack
from kido.terms.text import Text, said

SECTIONS = (
    "order", "lines", "end_use", "people", "profile", "user_profile", "supply_chain", "resale", "technical", "jp", "no61", "inputs_detail",
    "reply", "licence", "history", "seen",
)  # fmt: skip
ALWAYS = ("seen",)  # offered though no paper prints it: papers of others are compared with the order
USUAL = ("exporter", "buyer", "end_user")
_TONGUES = ("ja", "zh", "en", "ko")
_WORDED = ("name", "address")
_BY_LANG = re.compile(r"(ja|zh|en): *(.*?)(?=, *(?:ja|zh|en):|}$)")
_NUMBER = re.compile(r"\.\d+\.")
Langs = dict[str, None]
Problems = Mapping[str, list[dict]]


@dataclass(slots=True)
class Wants:
    """What the papers due print: order field -> languages; role -> what of the party -> languages."""

    fields: dict[str, Langs] = field(default_factory=dict)
    parties: dict[str, dict[str, Langs]] = field(default_factory=dict)


def needed(pack: Pack | None) -> Wants:
    """Which fields the papers of a pack print; a gap that is no named field is known by its label."""
    wants, known = Wants(), order_fields()
    labels: dict[str, list[str]] = {}
    for key, about in known.items():
        labels.setdefault(_label(about.label), []).append(key)
    for paper in pack.papers if pack else ():
        langs = dict.fromkeys(paper.langs)
        for name, _ in paper.fields():
            key, (role, _, what) = _NUMBER.sub("[].", name), name.partition(".")
            if key in known:
                wants.fields.setdefault(key, {}).update(langs)
            elif role in ROLES and what in PARTY_WORDS:
                wants.parties.setdefault(role, {}).setdefault(what, {}).update(langs)
        for gap in paper.gaps():
            keys = labels.get(_label(gap.label), ())
            if keys and not any(key in wants.fields for key in keys):
                wants.fields.setdefault(keys[0], {}).update(langs)
    return wants


def _label(text: Text) -> str:
    return repr(sorted(text.items()))


def wrong_fields(error: KidoError, lang: str) -> dict[str, list[dict]]:
    """Problems by the name of the field they stand beside."""
    found: dict[str, list[dict]] = {}
    for place, problems in by_field(error, lang).items():
        name = re.sub(r"\[(\d+)\]", r".\1", place).replace("parties.", "party.")
        found.setdefault(name, []).extend(problems)
    return found


# -- parties --------------------------------------------------------------------------------


def parties(made: Typed, wants: Wants, lang: str, problems: Problems) -> list[dict]:
    """Every party stated, then those the papers name that are missing."""
    stated = {row["role"][""] for row in made.parties if "" in row.get("role", {})}
    missing = [role for role in dict.fromkeys((*USUAL, *wants.parties)) if role not in stated]
    rows = [*made.parties, *({"role": {"": role}} for role in missing)]
    found = []
    for number, row in enumerate(rows):
        role, name = row.get("role", {}).get("", ""), row.get("name", {})
        called = said(ROLES[role], lang) if role in ROLES else word("web.papers.party", lang)
        label = f"{called}: {said(name, lang) or name.get('')}" if name else called
        found.append(_section(f"party.{number}", label, [_party(row, number, wants, lang, problems)]))
    return found


def _section(id: str, label: str, rows: list[list[Field]], rest: tuple[Field, ...] = (), many: bool = False, open: bool = False) -> dict:
    """A part that folds; it is open where something is wrong, and says how much of it is blank."""
    every = [field for row in rows for field in row]
    wrong = any(field.problems for field in (*every, *rest))
    return {
        "id": id,
        "label": label,
        "rows": rows,
        "rest": rest,
        "many": many,
        "open": open or wrong,
        "blank": sum(not field.value for field in every),
    }


def _party(row: Row, number: int, wants: Wants, lang: str, problems: Problems) -> list[Field]:
    role = row.get("role", {}).get("", "end_user")
    asked = wants.parties.get(role, {})
    every = dict.fromkeys(("zh", "ja") if any("zh" in langs for langs in asked.values()) else ("ja", "en"))
    options = tuple((id, said(text, lang)) for id, text in ROLES.items())
    at = f"party.{number}"
    found = [Field(f"{at}.role", word("web.party.role", lang), role, "select", options, problems=tuple(problems.get(f"{at}.role", ())))]
    for what in PARTY[1:]:
        if what in ("name", "country", "address") or what in asked or what in row:
            label = said(PARTY_WORDS[what], lang)
            langs = every if what in _WORDED else {}
            found += _each(f"{at}.{what}", label, row.get(what, {}), langs, lang, problems, list="places" if what == "country" else "")
    if "kind" in row:
        kinds = tuple((id, said(text, lang)) for id, text in KINDS.items())
        found.append(Field(f"{at}.kind", word("web.party.kind", lang), row["kind"].get("", ""), "select", kinds, optional=word("web.unknown", lang)))  # fmt: skip
    return found


# -- the order ------------------------------------------------------------------------------


def sections(made: Typed, wants: Wants, lang: str, problems: Problems) -> list[dict]:
    """The sections that the papers print or the order states; `rest` is what nobody asks for."""
    found = []
    for section in SECTIONS:
        many = section in lists()
        rows = made.rows.get(section, []) if many else [made.values.get(section, {})]
        keys = [key for key in order_fields() if key.startswith(f"{section}{'[]' if many else ''}.")]
        asked = [key for key in keys if key in wants.fields]
        if not (asked or any(rows) or section in ALWAYS):
            continue
        rows = [*rows, {}] if many and (section != "lines" or not rows) else rows
        shown, rest = [], []
        for number, row in enumerate(rows):
            at = f"papers.{section}.{number}" if many else f"papers.{section}"
            first, second = [], []
            for key in keys:
                name = key.rpartition(".")[2]
                place = first if key in wants.fields or name in row or section in ALWAYS else second
                place += _order_field(key, f"{at}.{name}", row.get(name, {}), wants.fields.get(key, {}), lang, problems)
            shown.append(first)
            rest += second if not many or number == 0 else []
        found.append(_section(section, word(f"web.order.{section}", lang), shown, tuple(rest), many, section == SECTIONS[0]))
    return found


def _order_field(key: str, name: str, cell: Cell, langs: Langs, lang: str, problems: Problems) -> list[Field]:
    about = order_fields()[key]
    label, example = said(about.label, lang), _example(about)
    if about.choices:
        options = tuple((id, _choice(id, lang)) for id in about.choices)
        value = cell.get("", "")
        options = options if value in ("", *about.choices) else (*options, (value, value))
        return [Field(name, label, value, "select", options, problems=tuple(problems.get(name, ())), optional=word("web.unknown", lang))]
    langs = (langs or dict.fromkeys((lang,))) if about.type == "texts" else {}
    return _each(name, label, cell, langs, lang, problems, example)


def _choice(id: str, lang: str) -> str:
    return said(CHOICES[id], lang) if id in CHOICES else word(f"web.order.paper.{id}", lang)


def _each(
    name: str, label: str, cell: Cell, langs: Langs, lang: str, problems: Problems, example: Cell | None = None, list: str = ""
) -> list[Field]:
    """One field, or one for each language of a text; a text that is the same in all has a field of its own."""
    example, wrong = example or {}, tuple(problems.get(name, ()))
    if not langs:
        return [Field(name, label, cell.get("", ""), hint=example.get("", ""), list=list, problems=wrong)]
    found = [Field(name, f"{label} ({word('web.order.same', lang)})", cell[""], problems=wrong)] if "" in cell else []
    for tongue in (one for one in _TONGUES if one in langs or one in cell):
        hint = example.get(tongue, example.get("", "")) if "" not in cell else ""
        found.append(
            Field(
                f"{name}.{tongue}",
                f"{label} ({word(f'web.tongue.{tongue}', lang)})",
                cell.get(tongue, ""),
                hint=hint,
                problems=wrong if not found else (),
            )
        )
    return found


def _example(about: OrderField) -> Cell:
    """The example of a field by language.

    >>> _example(order_fields()["end_use.product"])["ja"]
    '工作機械用サーボモーター'
    """
    if not about.example.startswith("{"):
        return {"": about.example} if about.example != "–" else {}
    return {lang: text.strip("'\" ") for lang, text in _BY_LANG.findall(about.example)}
