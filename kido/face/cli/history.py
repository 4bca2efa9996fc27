"""The register over time on the terminal: as-of, timeline, diff, coverage."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kido.face import history_view
from kido.face.cli.output import put_json
from kido.face.cli.sheet import Page
from kido.face.language import chosen, word

ITEMS, BAR = 6, 48
_SIGNS = {"in_force": "█", "suspended": "░", "not_yet": "·", "unknown": "?", "ended": " ", "not_known": " "}


def as_of(on: str, known_on: str | None, lang: str | None, as_json: bool, wanted: dict[str, str]) -> None:
    lang = chosen(lang)
    shown = history_view.as_of(on, known_on, lang, wanted)
    if as_json:
        put_json(shown)
        return
    page = Page(lang)
    for measure in shown["measures"]:
        page.line(f"{measure['place']}  {measure['number']} {measure['title']} [{measure['id']}]", style="bold")
        page.line(f"{measure['kind_words']}  |  {measure['standing']}", 1)
        for entry in measure["figures"]:
            page.line(f"{entry['words']}  ({entry['from'] or ''}–{entry['until'] or ''})", 1, mark="＝")
        if measure["no_figure"]:
            page.line(word("as_of.no_figure", lang), 1, mark="＝")
        for item in measure["items"][:ITEMS]:
            page.line(f"{item['code']} {item['name']}", 2, mark="▸")
        if len(measure["items"]) > ITEMS:
            page.line(word("missing.more", lang, count=len(measure["items"]) - ITEMS), 2)
    page.line(word("as_of.count", lang, on=shown["on"], count=len(shown["measures"])), style="bold")
    early = [s for s in shown["searched"] if s["covers_from"] > shown["on"]]
    if early:
        page.line(word("as_of.before", lang, places=", ".join(f"{s['label']} ({s['covers_from']})" for s in early)), 1, mark="※")


def timeline(
    lang: str | None, as_json: bool, wanted: dict[str, str], first: str | None, last: str | None, chart: str | None
) -> None:  # fmt: skip
    lang = chosen(lang)
    shown = history_view.timeline(lang, wanted, first, last or date.today().isoformat())
    if chart:
        from kido.face.chart import timeline as drawn

        drawn(shown, Path(chart), lang)
    if as_json:
        put_json(shown)
        return
    page = Page(lang)
    start, end = date.fromisoformat(shown["from"]), date.fromisoformat(shown["until"])
    page.raw(f"{shown['from']} {' ' * (BAR - 22)} {shown['until']}")
    for measure in shown["measures"]:
        page.raw(_bar(measure["spans"], start, end) + f" {measure['place']} {measure['number'] or measure['id']} {measure['title']}")
        for span in measure["spans"]:
            page.line(f"{span['from']} {span['words']} ({span['by']})", 2, style="dim")
    page.line("  ".join(f"{sign} {word('history.' + name, lang)}" for name, sign in _SIGNS.items() if sign.strip()), style="dim")


def _bar(spans: list[dict], start: date, end: date) -> str:
    """One character per slice of the span of days, by the standing at its middle."""
    total = max((end - start).days, 1)
    signs = []
    for slot in range(BAR):
        day = date.fromordinal(start.toordinal() + round(total * (slot + 0.5) / BAR)).isoformat()
        here = next((s["status"] for s in spans if s["from"] <= day and (s["until"] is None or day <= s["until"])), "not_known")
        signs.append(_SIGNS[here])
    return "".join(signs)


def diff(first: str, last: str, known_on: str | None, lang: str | None, as_json: bool) -> None:
    lang = chosen(lang)
    shown = history_view.diff(first, last, known_on, lang)
    if as_json:
        put_json(shown)
        return
    page = Page(lang)
    for change in shown["changes"]:
        page.line(
            f"{change['day'] or '–'}  {change['place']}  {change['number']} {change['title']} [{change['measure'] or change['act']}]",
            style="bold",
        )
        page.line(f"{change['before']} → {change['after']}" if change["before"] else change["after"], 1)
    page.line(word("diff.count", lang, count=len(shown["changes"]), first=first, last=last))


def coverage(lang: str | None, as_json: bool) -> None:
    lang = chosen(lang)
    shown = history_view.coverage(lang, date.today())
    if as_json:
        put_json(shown)
        return
    page = Page(lang)
    for entry in shown:
        page.line(f"{entry['label']}  {entry['depth_words']}", style="bold")
        page.line(word("coverage.checked", lang, verified=entry["verified"], age=entry["age"], newest=entry["newest_source"]), 1)
        page.line(word("coverage.not_held", lang), 1, style="bold")
        for text in entry["not_held"]:
            page.line(text, 2, mark="・")
        for text in entry["open_questions"]:
            page.line(text, 2, mark="？")
        page.line(
            word("coverage.held", lang, **{key: entry[key] for key in ("acts", "judged", "policy", "items", "figures")}), 1, style="bold"
        )
        for text in entry["held"]:
            page.line(text, 2, mark="・")
        page.line(word("coverage.doubts", lang, doubts=entry["doubts"], low=len(entry["low"]), since=entry["covers_from"]), 1)
