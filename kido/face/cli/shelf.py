"""The register on the terminal: list, show, and the result of a check."""

from __future__ import annotations

from datetime import date

from rich.console import Console
from rich.table import Table

from kido import desk
from kido.face import shelf_view
from kido.face.cli.output import put_json
from kido.face.cli.sheet import Page
from kido.face.language import chosen, word


def list_acts(on: str | None, known_on: str | None, lang: str | None, as_json: bool, wanted: dict[str, str]) -> None:
    lang = chosen(lang)
    shown = shelf_view.acts(on or date.today().isoformat(), known_on, lang, wanted)
    if as_json:
        put_json(shown)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("register.id", "register.title", "register.published", "register.status", "register.items"):
        wide = head == "register.id"
        table.add_column(word(head, lang, on=shown["on"]) if head == "register.status" else word(head, lang), overflow="fold", no_wrap=wide)
    for act in shown["acts"]:
        standing = "\n".join([*act["does"], *dict.fromkeys(m["standing"] for m in act["measures"])]) or word("register.no_measures", lang)
        table.add_row(act["id"], f"{act['number']} {act['title']}", act["published"] or "–", standing, str(act["items"]))
    console = Console(highlight=False)
    console.print(table)
    if not shown["acts"]:
        console.print(word("search.nothing", lang))
    if shown["without_hs"]:
        console.print(word("search.no_hs", lang, count=shown["without_hs"]))
    console.print(
        word(
            "register.count",
            lang,
            acts=len(shown["acts"]),
            measures=sum(len(a["measures"]) for a in shown["acts"]),
            items=sum(a["items"] for a in shown["acts"]),
        )
    )


def show_act(id: str, on: str | None, known_on: str | None, lang: str | None, as_json: bool) -> None:
    lang = chosen(lang)
    shown = shelf_view.act(id, on or date.today().isoformat(), known_on, lang)
    if as_json:
        put_json(shown)
        return
    page = Page(lang)
    page.line(f"{shown['number']} {shown['original']}", style="bold")
    page.line(f"{shown['title']}  [{shown['id']}]")
    page.line(
        f"{word('register.published', lang)} {shown['published'] or '–'}  {word('register.effective', lang)} {shown['effective'] or '–'}  {word('finding.confidence', lang, level=shown['confidence_words'])}"
    )
    if shown["note"]:
        page.line(shown["note"], 1)
    for measure in shown["measures"]:
        page.console.print()
        page.line(f"{measure['id']}  {measure['title']}", style="bold")
        page.line(f"{word('register.status', lang, on=shown['on'])}: {measure['standing']}", 1)
        for note in [*measure["notes"], measure["note"], measure["review"]]:
            if note:
                page.line(note, 2, mark="※")
        if measure["rule"]:
            page.line(f"{word('register.rule', lang)}: {measure['rule']} → {measure['outcome_words']}  ({measure['text']})", 1)
        for entry in measure["figures"]:
            span = f"  ({entry['from'] or ''}–{entry['until'] or ''})" if entry["from"] or entry["until"] else ""
            page.line(entry["words"] + span + (f"  {entry['note']}" if entry["note"] else ""), 2, mark="＝")
        for exception in measure["unless"]:
            page.line(exception, 2, mark="–")
        page.line(word("register.history", lang) + ": " + "  ".join(f"{c['day']} {c['words']}" for c in measure["history"]), 1)
    for item in shown["items"]:
        page.line(f"{item['code']}  {item['name']} {item['original']}", 1, mark="▸")
        if item["rule"]:
            page.line(item["rule"], 3)
        if item["from"] or item["until"]:
            page.line(
                word("register.on_list", lang, start=item["from"] or "–", until=item["until"] or "–", by=item["by"] or "–"), 3, style="dim"
            )
        for hs in item["hs"]:
            page.line(f"{hs['tariff']} {hs['is_words']}: {', '.join(hs['codes'])}", 3, style="dim")
    _tail(page, shown, lang)


def _tail(page: Page, shown: dict, lang: str) -> None:
    for what in ("penalties", "records"):
        if shown[what]:
            page.line(word(f"proof.{what}", lang, text=shown[what]), 1)
    for what in ("partners", "entities"):
        if shown[what]:
            page.line(word(f"register.{what}", lang, names=", ".join(shown[what])), 1)
    if shown["practice"]:
        page.head("head.practice")
        for practice in shown["practice"]:
            page.line(f"{practice['date']} {practice['text']} ({practice['by']})", 1, style="magenta", mark="・")
    if shown["doubts"]:
        page.head("head.doubts")
        for doubt in shown["doubts"]:
            page.line(doubt, 1, mark="？")
    page.head("register.sources")
    for source in shown["sources"]:
        page.line(
            word("proof.source", lang, publisher=source["publisher"], kind=source["kind"], seen=source["seen"], url=source["url"]),
            1,
            style="dim",
        )


def check(lang: str | None, as_json: bool) -> int:
    """Print the result of a check; 1 if anything was found."""
    lang = chosen(lang)
    problems = desk.check()
    if as_json:
        put_json([p.to_dict() for p in problems])
        return 1 if problems else 0
    for problem in problems:
        print(problem.text(lang))
    if problems:
        print(word("check.failed", lang, count=len(problems)))
        return 1
    shown = shelf_view.checked(lang)
    print(word("check.passed", lang, **shown["counts"]))
    page = Page(lang)
    page.head("check.doubtful")
    for entry in shown["doubtful"]:
        page.line(f"{entry['act']} ({entry['confidence_words']}): {entry['count']}", 1)
        for text in entry["doubts"]:
            page.line(text, 2, mark="？")
    return 0
