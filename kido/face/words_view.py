"""The words a user may write, in one language: names of facts, and the values of a list with their aliases."""

from __future__ import annotations

from kido import desk
from kido.terms.text import said
from kido.terms.words import Word


def words(name: str | None, word: str | None, lang: str) -> dict:
    """Facts, or the values of a list; with the lists there are, where none was named."""
    found = [_word(entry, lang) for entry in desk.words(name, word)]
    if name is not None:
        return {"list": name, "words": found}
    return {"list": None, "words": found, "lists": desk.lists()}


def _word(entry: Word, lang: str) -> dict:
    shown: dict = {"id": entry.id, "label": said(entry.label, lang)}
    if entry.type:
        return shown | {"type": entry.type, "unit": entry.unit, "list": entry.list, "question": said(entry.ask, lang)}
    return shown | {"aliases": [*(text for code, text in entry.label.items() if code != lang), *entry.aliases]}
