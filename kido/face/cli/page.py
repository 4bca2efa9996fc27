"""One answer on the terminal: answer, by when, why, what is missing, what to do, proof."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from kido.face.language import word

QUESTIONS, POSSIBLE, PRACTICE, SOURCES = 6, 6, 3, 3
_MARKS = {
    "prohibited": "✕",
    "presumption_of_denial": "✕",
    "licence_required": "■",
    "facts_missing": "？",
    "outside_data": "–",
    "no_match": "□",
}
_STYLES = {"prohibited": "bold white on red", "presumption_of_denial": "bold white on red", "licence_required": "bold black on yellow",
           "facts_missing": "bold black on cyan", "outside_data": "bold reverse", "no_match": "bold reverse"}  # fmt: skip


class Page:
    """Writes sections; width-aware, colour never alone."""

    def __init__(self, lang: str, console: Console | None = None):
        self.lang = lang
        self.console = console or Console(highlight=False, soft_wrap=False)

    def head(self, id: str) -> None:
        self.console.print()
        self.console.print(Text(word(id, self.lang), style="bold underline"))

    def line(self, text: str, depth: int = 0, style: str = "", mark: str = "") -> None:
        """One paragraph, wrapped under its own first character."""
        body = Text(f"{mark} {text}" if mark else text, style=style)
        self.console.print(Padding(body, (0, 0, 0, 2 * depth)))


def determination(shown: dict, lang: str, console: Console | None = None) -> None:
    page = Page(lang, console)
    answer = shown["answer"]
    page.console.print(Text(f" {_MARKS[answer['id']]} {answer['label']} ", style=_STYLES[answer["id"]]), Text(answer["on"]))
    for sentence in answer["sentences"]:
        page.line(sentence, 1)
    for gate in answer["gates"]:
        page.line(f"{gate['label']}: {gate['words']}", 1, mark=_MARKS[gate["answer"]])
    page.head("head.by_when")
    for text in shown["by_when"]:
        page.line(text, 1, mark="・")
    _why(page, shown)
    _missing(page, shown)
    page.head("head.do")
    for number, text in enumerate(shown["do"], 1):
        page.line(text, 1, mark=f"{number}.")
    _proof(page, shown)


def _why(page: Page, shown: dict) -> None:
    page.head("head.why")
    page.line(word("gate.separate", page.lang), 1, style="dim")
    for gate in shown["why"]:
        page.line(f"{gate['label']}: {gate['words']}", 1, style="bold", mark=_MARKS[gate["answer"]])
        for finding in gate["findings"]:
            _finding(page, finding)
    if shown["duties"]:
        page.line(word("head.duties", page.lang), 1, style="bold")
        for finding in shown["duties"]:
            _finding(page, finding)
    for problem in shown["problems"]:
        page.line(f"{problem['code']}: {problem['wrong'][page.lang]}", 1, style="bold")
    practices = [
        p
        for gate in shown["why"]
        for f in gate["findings"]
        if f["answer"] != "does_not_apply" and f["status"] in ("in_force", "unknown")
        for p in f["practice"]
    ]
    if practices:
        page.line(word("head.practice", page.lang), 1, style="magenta")
        for practice in practices[:PRACTICE]:
            page.line(f"{practice['date']} {practice['text']} ({practice['by']})", 2, style="magenta", mark="・")
        if len(practices) > PRACTICE:
            page.line(word("missing.more", page.lang, count=len(practices) - PRACTICE), 2, style="magenta")


def _finding(page: Page, finding: dict) -> None:
    lang = page.lang
    page.line(f"{finding['title']} [{finding['measure']}]", 2)
    page.line(
        f"{finding['words']} → {finding['outcome_words']}  |  {finding['standing']}  |  {word('finding.confidence', lang, level=finding['confidence_words'])}",
        3,
    )
    for item in finding["items"][:POSSIBLE]:
        original = f" ({item['original']})" if item["original"] else ""
        page.line(f"{item['code']} {item['name']}{original}: {item['rule']}", 3, mark="▸")
    if len(finding["items"]) > POSSIBLE:
        page.line(word("missing.more", lang, count=len(finding["items"]) - POSSIBLE), 3)
    if finding["possible"]:
        codes = ", ".join(item["code"] for item in finding["possible"][:POSSIBLE])
        more = " …" if len(finding["possible"]) > POSSIBLE else ""
        page.line(f"{word('finding.possible', lang, count=len(finding['possible']))} ({codes}{more})", 3)
    for note in finding["notes"]:
        page.line(note, 3, mark="※")
    for official in finding["official_answers"][:PRACTICE]:
        page.line(f"{word('finding.decided', lang)} {official['id']}: {official['answer']}", 3, mark="◇")


def _missing(page: Page, shown: dict) -> None:
    lang = page.lang
    page.head("head.missing")
    if not shown["missing"]:
        page.line(word("missing.none", lang), 1)
    for number, question in enumerate(shown["missing"][:QUESTIONS], 1):
        page.line(question["question"], 1, mark=f"{number}.")
        detail = [question["fact"], word("missing.bears", lang, measures=len(question["measures"]), items=question["items"])]
        if question["shown_by"]:
            detail.append(word("missing.shown_by", lang, paper=question["shown_by"]))
        if question["only_if_in_force"]:
            detail.append(word("missing.conditional", lang))
        page.line(" | ".join(detail), 2, style="dim")
    if len(shown["missing"]) > QUESTIONS:
        page.line(word("missing.more", lang, count=len(shown["missing"]) - QUESTIONS), 1)


def _proof(page: Page, shown: dict) -> None:
    lang, proof, facts = page.lang, shown["proof"], shown["facts"]
    page.head("head.proof")
    stated = ", ".join(f"{entry['label']}={entry['value']}" for entry in facts["stated"])
    page.line(f"{word('head.stated', lang)}: {stated}", 1)
    for entry in facts["derived"]:
        page.line(f"{word('head.derived', lang)}: {entry['label']}={entry['value']} ({entry['because']})", 1)
    for note in [*facts["notes"], *proof["hs_points"]]:
        page.line(note, 1, mark="※")
    for text in proof["lines"]:
        page.line(text, 1)
    seen = set()
    for gate in shown["why"]:
        for finding in gate["findings"]:
            if finding["act"] in seen or finding["answer"] == "does_not_apply":
                continue
            seen.add(finding["act"])
            page.line(word("proof.place", lang, text=f"{finding['act']} {finding['text']}"), 1)
            for source in finding["sources"][:SOURCES]:
                page.line(
                    word("proof.source", lang, publisher=source["publisher"], kind=source["kind"], seen=source["seen"], url=source["url"]),
                    2,
                    style="dim",
                )
            for doubt in finding["doubts"]:
                page.line(doubt, 2, mark="？")
    page.line(word("proof.not_searched", lang) + ":", 1)
    for text in proof["not_searched"]:
        page.line(text, 2, mark="・")
    page.line(proof["not_advice"], 1, style="dim")


def explained(shown: dict, lang: str) -> None:
    """A finding with its whole reason."""
    page = Page(lang)
    _finding(page, shown)
    _reasons(page, shown["reason"], 2)
    for item in [*shown["items"], *shown["possible"]]:
        page.line(f"{item['code']} {item['name']}", 2, style="bold")
        _reasons(page, item["reason"], 3)
    for source in shown["sources"]:
        page.line(
            word("proof.source", lang, publisher=source["publisher"], kind=source["kind"], seen=source["seen"], url=source["url"]),
            1,
            style="dim",
        )
    for doubt in shown["doubts"]:
        page.line(doubt, 1, mark="？")


def _reasons(page: Page, reasons: list[dict], depth: int) -> None:
    for line in reasons:
        truth = word(f"truth.{'none' if line['answer'] is None else str(line['answer']).lower()}", page.lang)
        found = f"  [{line['found']}]" if line["found"] else ""
        missing = f"  ← {', '.join(line['missing'][:4])}" if line["missing"] else ""
        page.line(f"{truth}: {line['text']}{found}{missing}", depth + line["depth"])
