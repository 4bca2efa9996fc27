"""The words a user may write, on the terminal."""

from __future__ import annotations

from kido.face import words_view
from kido.face.cli.output import put_json
from kido.face.cli.sheet import Page
from kido.face.language import chosen, word


def show(name: str | None, wanted: str | None, lang: str | None, as_json: bool) -> None:
    """Names of facts with type, unit, list and question; or values with their aliases."""
    lang = chosen(lang)
    shown = words_view.words(name, wanted, lang)
    if as_json:
        put_json(shown)
        return
    page = Page(lang)
    if not shown["words"]:
        page.line(word("words.none", lang))
    for entry in shown["words"]:
        if "type" in entry:
            source = f"kido words {entry['list']}" if entry["list"] else ""
            page.line(" | ".join(part for part in (entry["label"], entry["type"], entry["unit"], source) if part), mark=entry["id"])
            page.line(entry["question"], 2, style="dim")
        else:
            page.line(f"{entry['label']}  ({', '.join(entry['aliases'])})" if entry["aliases"] else entry["label"], mark=entry["id"])
    if name is None:
        page.head("words.lists")
        page.line(", ".join(f"{list_} ({count})" for list_, count in shown["lists"].items()), 1)
        page.line(word("words.more", lang), 1, style="dim")
