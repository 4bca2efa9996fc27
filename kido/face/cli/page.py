"""One answer on the terminal: answer, by when, why, what is missing, what to do, proof."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from kido.face.cli.wrap import wrapped
from kido.face.language import word

QUESTIONS, POSSIBLE, PRACTICE, SOURCES, DOUBTS, NOT_SEARCHED = 6, 6, 3, 1, 2, 5
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
        """One paragraph, folded under its own first character."""
        indent = " " * (2 * depth)
        hang = indent + " " * (cell_len(mark) + 1 if mark else 0)
        first = indent + (f"{mark} " if mark else "")
        for number, part in enumerate(wrapped(text, max(20, self.console.width - len(hang)))):
            self.console.print(Text((hang if number else first) + part, style=style), no_wrap=True, overflow="ignore", crop=False)


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
    said: set[str] = set()
    for gate in shown["why"]:
        page.line(f"{gate['label']}: {gate['words']}", 1, style="bold", mark=_MARKS[gate["answer"]])
        for finding in gate["findings"]:
            _finding(page, finding, said)
        _also_open(page, gate)
    if shown["duties"]:
        page.line(word("head.duties", page.lang), 1, style="bold")
        for duty in shown["duties"]:
            page.line(f"{duty['title']} [{duty['measure']}]: {duty['words']} → {duty['outcome_words']}", 2)
    for problem in shown["conflicts"]:
        page.line(f"{problem['code']}: {problem['wrong'][page.lang]}", 1, style="bold")
    _practice(page, shown)


def _also_open(page: Page, gate: dict) -> None:
    """Measures that only a missing fact keeps open, in one paragraph."""
    if not gate["also_open"]:
        return
    ids = ", ".join(finding["measure"] for finding in gate["also_open"][:POSSIBLE])
    more = " …" if len(gate["also_open"]) > POSSIBLE else ""
    facts = ", ".join(entry["label"] for entry in gate["opened_by"][:4])
    page.line(word("why.also_open", page.lang, count=len(gate["also_open"]), ids=ids + more), 2)
    page.line(word("why.opened_by", page.lang, facts=facts), 3)


def _practice(page: Page, shown: dict) -> None:
    """Reported practice of the acts that fit or may fit these goods, newest first."""
    found = [p for gate in shown["why"] for f in gate["findings"] if f["items"] or f["possible"] for p in f["practice"]]
    if not found:
        return
    page.line(word("head.practice", page.lang), 1, style="magenta")
    for practice in sorted(found, key=lambda p: p["date"] if p["date"][:1].isdigit() else "", reverse=True)[:PRACTICE]:
        page.line(f"{practice['date']} {practice['text']} ({practice['by']})", 2, style="magenta", mark="・")
    if len(found) > PRACTICE:
        page.line(word("missing.more", page.lang, count=len(found) - PRACTICE), 2, style="magenta")


def _finding(page: Page, finding: dict, said: set[str]) -> None:
    """One measure; a note said once is not said again."""
    lang = page.lang
    page.line(f"{finding['title']} [{finding['measure']}]", 2)
    words = finding["words"] if finding["answer"] == "does_not_apply" else f"{finding['words']} → {finding['outcome_words']}"
    confidence = word("finding.confidence", lang, level=finding["confidence_words"])
    page.line(f"{words}  |  {finding['standing']}  |  {confidence}", 3)
    for item in finding["items"][:POSSIBLE]:
        original = f" ({item['original']})" if item["original"] else ""
        page.line(f"{item['code']} {item['name']}{original}: {item['rule']}", 3, mark="▸")
    if len(finding["items"]) > POSSIBLE:
        page.line(word("missing.more", lang, count=len(finding["items"]) - POSSIBLE), 3)
    if finding["possible"]:
        codes = ", ".join(f"{item['code']} {item['name']}" for item in finding["possible"][:3])
        more = " …" if len(finding["possible"]) > 3 else ""
        page.line(f"{word('finding.possible', lang, count=len(finding['possible']))} ({codes}{more})", 3)
    for note in finding["notes"]:
        if note not in said:
            said.add(note)
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
    for finding in (f for gate in shown["why"] for f in gate["findings"]):
        _source(page, finding)
    page.line(word("proof.not_searched", lang) + ":", 1)
    many = proof["not_searched"] if shown["answer"]["id"] in ("no_match", "outside_data") else proof["not_searched"][-NOT_SEARCHED:]
    for text in many:
        page.line(text, 2, mark="・")
    if len(many) < len(proof["not_searched"]):
        page.line(word("proof.not_searched_more", lang, count=len(proof["not_searched"]) - len(many)), 2)
    page.line(proof["not_advice"], 1, style="dim")


def _source(page: Page, finding: dict) -> None:
    """Place in the act, first source, and doubts of one finding."""
    lang = page.lang
    page.line(word("proof.place", lang, text=f"{finding['act']} {finding['text']}"), 1)
    for source in finding["sources"][:SOURCES]:
        text = word("proof.source", lang, publisher=source["publisher"], kind=source["kind"], seen=source["seen"], url=source["url"])
        page.line(text, 2, style="dim")
    for doubt in finding["doubts"][:DOUBTS]:
        page.line(doubt, 2, mark="？")
    if len(finding["doubts"]) > DOUBTS or len(finding["sources"]) > SOURCES:
        page.line(word("proof.more_in", lang, act=finding["act"]), 2, style="dim")


def explained(shown: dict, lang: str) -> None:
    """A finding with its whole reason."""
    page = Page(lang)
    _finding(page, shown, set())
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
