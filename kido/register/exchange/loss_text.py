"""A loss report as text for people, in Japanese or English."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from kido.register.exchange.loss import LOST, PART, LossReport
from kido.terms.vocabulary import rows


@cache
def _words() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows(Path(__file__).parent / "words.csv")}


def word(id: str, lang: str, **values: object) -> str:
    """A phrase of `words.csv` beside this file.

    >>> word("on", "en", on="2026-11-23")
    'Only measures in force, suspended or of unknown standing on 2026-11-23.'
    """
    return _words()[id][lang].format(**values)


def loss_text(report: LossReport, lang: str) -> str:
    """Everything the report says: left out, lost, in part, unfilled, and measure by measure."""
    left, written = len(report.left_out), len(report.carried)
    lines = [word("title", lang, format=word(report.scheme, lang)), ""]
    lines.append(word("scope", lang, version=report.version, all=left + written, carried=written, left=left))
    if report.on:
        lines.append(word("on", lang, on=report.on))
    elif report.standing_on:
        lines.append(word("standing_on", lang, on=report.standing_on))
    if report.scheme == "qr":
        lines.append(word("draft", lang))
    if report.unverified:
        lines.append(word("unverified", lang, codes=", ".join(report.unverified)))
    lines += _block("left", lang, _left(report, lang))
    lines += _block("standings", lang, _standings(report, lang))
    lines += _block("lost", lang, _fields(report, lang, LOST))
    lines += _block("part", lang, _parts(report, lang))
    lines += _block("unfilled", lang, _unfilled(report, lang))
    lines += _block("values", lang, _values(report, lang))
    return "\n".join(lines) + "\n"


def _block(head: str, lang: str, lines: list[str]) -> list[str]:
    return ["", word(head, lang), *(f"  {line}" for line in lines or [word("none", lang)])]


def _left(report: LossReport, lang: str) -> list[str]:
    reasons: dict[str, list[str]] = defaultdict(list)
    for left in report.left_out:
        reasons[left.why[lang]].append(left.measure)
    return [f"{why}: {', '.join(measures)}" for why, measures in reasons.items()]


def _standings(report: LossReport, lang: str) -> list[str]:
    """Measures by what they are: suspended until a day, or unknown."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in report.standings:
        until = word("until", lang, until=each.until) if each.until else ""
        found[f"{word(each.standing, lang)}{until}"].append(each.measure)
    return [f"{standing}: {', '.join(measures)}" for standing, measures in found.items()]


def _fields(report: LossReport, lang: str, wanted: str) -> list[str]:
    by_noun: dict[str, list[str]] = defaultdict(list)
    for fate in report.fates:
        if fate.fate == wanted:
            by_noun[fate.noun].append(f"{fate.label[lang]} ({fate.field})")
    comma = "、" if lang == "ja" else ", "
    return [f"{word(noun, lang)}: {comma.join(names)}" for noun, names in by_noun.items()]


def _parts(report: LossReport, lang: str) -> list[str]:
    return [f"{word(f.noun, lang)} {f.label[lang]} ({f.field}) → {f.column}: {f.how[lang]}" for f in report.fates if f.fate == PART]


def _unfilled(report: LossReport, lang: str) -> list[str]:
    lines = []
    for field in report.unfilled:
        recalled = f" [{word('recalled', lang)}]" if field.status == "recalled" else ""
        note = f" ({field.note[lang]})" if field.note[lang] else ""
        lines.append(f"{field.label[lang]} ({field.part}.{field.key}): {word(f'field_{field.filled}', lang)}{note}{recalled}")
    return lines


def _values(report: LossReport, lang: str) -> list[str]:
    """One line per measure: by noun, the fields that have values, `*` where a part of them is carried."""
    labels = {(fate.noun, fate.field): fate.label[lang] for fate in report.fates}
    by_measure: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for value in report.lost:
        count = f" {len(value.of)}" if len(value.of) > 1 else ""
        label = f"{labels[value.noun, value.field]}{'' if value.fate == LOST else '*'}{count}"
        by_measure[value.measure][value.noun].append(label)
    comma, colon = ("、", "：") if lang == "ja" else (", ", ": ")
    return [
        f"{measure}{colon}" + "; ".join(f"{word(noun, lang)} [{comma.join(fields)}]" for noun, fields in nouns.items())
        for measure, nouns in by_measure.items()
    ]
