"""The data dictionary, made from the shapes, the words and the enumerations the readers themselves use.

python -m kido.face.dictionary        writes docs/data-dictionary.md and docs/ja/データ辞書.md
"""

from __future__ import annotations

from pathlib import Path

from kido.face.language import word
from kido.register import shapes, store
from kido.register.model import DECIDING, EVENTS, GATES, OUTCOMES, POLICY
from kido.terms.ground import PACKAGE
from kido.terms.text import said
from kido.terms.vocabulary import rows

PATHS = {"en": "docs/data-dictionary.md", "ja": "docs/ja/データ辞書.md"}
SHAPES = (
    "ACT", "ITEM", "SUB_ITEM", "PRINTED", "MEASURE", "UNLESS", "FIGURE", "EVENT", "PROCEDURE", "PRACTICE", "DEFINITION", "SOURCE",
    "ANSWER", "WATCH", "CASE",
)  # fmt: skip
_HEADS = {
    "en": {
        "key": "key",
        "kind": "kind",
        "needed": "needed",
        "means": "meaning",
        "name": "name",
        "type": "type",
        "unit": "unit",
        "label": "label",
    },
    "ja": {"key": "項目", "kind": "型", "needed": "必須", "means": "意味", "name": "名前", "type": "型", "unit": "単位", "label": "見出し"},
}
_TITLES = {
    "title": ("Data dictionary", "データ辞書"),
    "made": (
        "Made from the code by `python -m kido.face.dictionary`; do not edit. A test holds it in step.",
        "`python -m kido.face.dictionary` で作成。直接編集しないでください(テストで照合します)。",
    ),
    "shapes": ("Files of law/", "law/ のファイル"),
    "kinds": ("Kinds, gates, outcomes, events", "種類・窓口・結果・改廃"),
    "judged": ("kinds of measure that decide or are shown beside", "判定に使う措置、または併せて示す措置"),
    "policy": ("kinds of measure that are held and searched only", "収録と検索だけを行う措置"),
    "facts": ("Facts a rule may ask for", "要件が尋ねる事実"),
    "lists": ("Lists of values", "値の一覧"),
    "groups": ("Groups of places, by date", "国・地域のグループ(日付つき)"),
}


def dictionary(lang: str) -> str:
    """The whole page in one language.

    >>> dictionary("en").splitlines()[0]
    '# Data dictionary'
    """
    parts = [f"# {_t('title', lang)}", _t("made", lang), f"## {_t('shapes', lang)}"]
    meaning = {(row["shape"], row["key"]): row[lang] for row in rows(PACKAGE / "register" / "keys.csv")}
    for name in SHAPES:
        body = [
            (f"`{key}`", _kind(kind), "●" if needed else "", meaning[name, key])
            for key, (kind, needed) in getattr(shapes, name).items()
        ]  # fmt: skip
        parts += [f"### {name.replace('_', ' ').lower()}", _table(("key", "kind", "needed", "means"), body, lang)]
    parts += [f"## {_t('kinds', lang)}", *_kinds(lang)]
    terms = store.terms()
    facts = [(f"`{f.name}`", f.choices or f.type, f.unit, said(f.label, lang)) for f in terms.facts.values()]
    parts += [f"## {_t('facts', lang)}", _table(("name", "type", "unit", "label"), facts, lang)]
    parts.append(f"## {_t('lists', lang)}")
    for name, choices in sorted(terms.choices.items()):
        parts.append(f"**{name}**: " + ", ".join(f"`{id}` {said(choice.label, lang)}" for id, choice in choices.items()))
    parts.append(f"## {_t('groups', lang)}")
    for name, spans in sorted(terms.place_groups.items()):
        parts.append(f"**{name}**: " + ", ".join(dict.fromkeys(span.code for span in spans)))
    return "\n\n".join(parts) + "\n"


def _kinds(lang: str) -> list[str]:
    judged = [kind for kind in shapes.KINDS_OF_MEASURE if kind not in POLICY]
    return [
        f"**kind** ({_t('judged', lang)}): "
        + ", ".join(f"`{kind}` {word(f'kind.{kind}', lang)}{' ●' if kind in DECIDING else ''}" for kind in judged),
        f"**kind** ({_t('policy', lang)}): " + ", ".join(f"`{kind}` {word(f'kind.{kind}', lang)}" for kind in POLICY),
        "**gate**: " + ", ".join(f"`{gate}` {word(f'gate.{gate}', lang)}" for gate in GATES),
        "**outcome**: " + ", ".join(f"`{outcome}` {word(f'answer.{outcome}', lang)}" for outcome in OUTCOMES),
        "**event**: " + ", ".join(f"`{event}` {word(f'event.{event}', lang).rstrip(':')}" for event in EVENTS),
    ]


def _kind(kind: shapes.Kind) -> str:
    if isinstance(kind, tuple):
        return " / ".join(kind) if len(kind) <= 5 else "…".join((kind[0], kind[-1]))
    if isinstance(kind, list):
        return "list"
    return "mapping" if isinstance(kind, dict) else kind


def _table(heads: tuple[str, ...], body: list[tuple[str, ...]], lang: str) -> str:
    lines = [" | ".join(_HEADS[lang][head] for head in heads), " | ".join("---" for _ in heads)]
    lines += [" | ".join(cell.replace("|", "/") for cell in row) for row in body]
    return "\n".join(f"| {line} |" for line in lines)


def _t(name: str, lang: str) -> str:
    return _TITLES[name][lang == "ja"]


if __name__ == "__main__":
    for language, path in PATHS.items():
        Path(path).write_text(dictionary(language), encoding="utf-8")
