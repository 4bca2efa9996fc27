"""What the party lists say, on the terminal: one name, or the parties of a transaction."""

from __future__ import annotations

from kido.face.cli.sheet import Page
from kido.face.language import word

MARKS = {"listed": "✕", "possible": "？", "not_searched": "–", "not_listed": "□"}


def page(sheet: Page, shown: dict) -> None:
    """One name: answer, hits with their reasons, near misses, what was searched."""
    sheet.line(f"{shown['query']}  ({shown['on']})", style="bold")
    sheet.line(shown["words"], 1, mark=MARKS[shown["answer"]], style="bold")
    if shown["reason"]:
        sheet.line(shown["reason"], 1)
    for hit in shown["hits"]:
        _listed(sheet, hit)
    if shown["near"]:
        sheet.head("head.near")
        for hit in shown["near"] if sheet.full else shown["near"][: sheet.limit["hits"]]:
            sheet.line(f"{hit['name']} ({hit['list_title']}) {hit['score']:.0f}: {', '.join(hit['how_words'])}", 1, mark="・", style="dim")
    searched(sheet, shown)


def parties(sheet: Page, shown: list[dict]) -> None:
    """The parties of a transaction: each with its answer and hits; what all were compared with is said once."""
    if not shown:
        return
    lang = sheet.lang
    sheet.head("head.parties")
    for party in shown:
        sheet.line(
            f"{word('party.row', lang, role=party['role_words'], names=' / '.join(party['names']))}  →  {party['words']}",
            1,
            mark=MARKS[party["answer"]],
        )
        for hit in party["hits"][: sheet.limit["hits"]]:
            _listed(sheet, hit, 2)
        if len(party["hits"]) > sheet.limit["hits"]:
            sheet.line(word("missing.more", lang, count=len(party["hits"]) - sheet.limit["hits"]), 2)
        for ruled in party["owned"]:
            sheet.line(f"{ruled['title']} {ruled['words']}", 2, mark={True: "✕", False: "□", None: "？"}[ruled["reached"]])
        if party["ruled_out"]:
            sheet.line(word("party.ruled_out", lang, names=" / ".join(hit["name"] for hit in party["ruled_out"])), 2, mark="※")
    lists = shown[0]["searched"]
    sheet.line(word("party.compared", lang, count=len(lists)), 1, style="dim")
    poor = [entry for entry in lists if entry["stale"] or not entry["searched"]]
    if sheet.full:
        searched(sheet, shown[0])
    elif poor:
        titles = ", ".join(f"{entry['title']} ({entry['edition']})" for entry in poor)
        sheet.line(word("party.stale_lists", lang, count=len(poor), titles=titles), 1, mark="!", style="dim")


def _listed(sheet: Page, hit: dict, depth: int = 1) -> None:
    """One listed party: name, list, standing, why it was met, and what follows."""
    lang = sheet.lang
    sheet.line(f"{hit['name']}  [{hit['list_title']}]  {hit['sure_words']}  {hit['score']:.0f}", depth, mark="■" if hit["sure"] else "？")
    since = word("party.since", lang, since=hit["since"]) if hit["since"] else word("party.since_unknown", lang)
    sheet.line(f"{hit['standing_words']}  {since}  {hit['by']}  [{hit['party']}]", depth + 1)
    sheet.line(word("party.why", lang, how=", ".join(hit["how_words"])), depth + 1, style="dim")
    if hit["means"]:
        sheet.line(hit["means"], depth + 1)
    if sheet.full:
        sheet.line(" / ".join(hit["names"]), depth + 1, style="dim")
        for text in (hit["note"], hit["source"]):
            if text:
                sheet.line(text, depth + 1, style="dim")


def searched(sheet: Page, shown: dict) -> None:
    """What was searched; then what no search of names can show."""
    lists(sheet, shown["searched"])
    for text in shown["not_covered"]:
        sheet.line(text, 1, style="dim")


def lists(sheet: Page, searched: list[dict]) -> None:
    """Every list with its day and size; an old one, or one that was not searched, is marked."""
    sheet.head("head.searched_lists")
    for entry in searched:
        sheet.line(entry["words"], 1, mark="・" if entry["searched"] and not entry["stale"] else "!")
