"""One answer on the terminal: answer, by when, why, what is missing, what to do, proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kido.face.cli.party_page import parties
from kido.face.cli.sheet import Page
from kido.face.language import word

if TYPE_CHECKING:
    from rich.console import Console

RULE = 120  # characters of a rule that the short page shows whole
_MARKS = {
    "prohibited": "✕",
    "presumption_of_denial": "✕",
    "licence_required": "■",
    "facts_missing": "？",
    "exception": "△",
    "outside_data": "–",
    "no_match": "□",
}
_STYLES = {"prohibited": "bold white on red", "presumption_of_denial": "bold white on red", "licence_required": "bold black on yellow",
           "facts_missing": "bold black on cyan", "exception": "bold black on green", "outside_data": "bold reverse", "no_match": "bold reverse"}  # fmt: skip


def determination(shown: dict, lang: str, console: Console | None = None, full: bool = False) -> None:
    """The answer on one page; `full` leaves nothing out."""
    page = Page(lang, console, full)
    answer = shown["answer"]
    page.mark(f" {_MARKS[answer['id']]} {answer['label']} ", _STYLES[answer["id"]], answer["on"])
    for sentence in answer["sentences"]:
        page.line(sentence, 1)
    _side_by_side(page, answer["jurisdictions"])
    page.head("head.by_when")
    for text in shown["by_when"]:
        page.line(text, 1, mark="・")
    _why(page, shown)
    parties(page, shown["parties"])
    _missing(page, shown)
    page.head("head.do")
    for number, text in enumerate(shown["do"], 1):
        page.line(text, 1, mark=f"{number}.")
    _proof(page, shown)


def _side_by_side(page: Page, jurisdictions: list[dict]) -> None:
    """Every jurisdiction that is or may be touched, one line each, with what would settle it."""
    for j in jurisdictions:
        may = j["answer"] == "no_match" and j["reach"] is None
        at = f" ({', '.join(j['decided_at'])})" if j["decided_at"] else ""
        page.line(
            f"{j['label']}: {j['words']}{at}", 1, style="bold" if j["reach"] else "", mark=_MARKS["facts_missing" if may else j["answer"]]
        )
        if (may or j["answer"] == "facts_missing") and j["depends_on"]:
            names = [entry["label"] for entry in j["depends_on"]]
            more = " …" if len(names) > page.limit["facts"] else ""
            page.line(word("answer.depends", page.lang, facts=", ".join(names[: page.limit["facts"]]) + more), 3, style="dim")


def _why(page: Page, shown: dict) -> None:
    """In short: the gates that decide; in full: every gate of every jurisdiction."""
    page.head("head.why")
    said: set[str] = set()
    for jurisdiction in shown["why"]:
        if not page.full and jurisdiction["answer"] in ("no_match", "outside_data"):
            continue
        if not page.full and jurisdiction["reach"] is None:
            _may_reach(page, jurisdiction)
            continue
        page.line(jurisdiction["label"], 1, style="bold")
        if page.full:
            page.line(jurisdiction["reach_words"], 2, style="dim")
        for gate in jurisdiction["gates"]:
            if page.full or gate["answer"] not in ("no_match", "outside_data"):
                _gate(page, gate, jurisdiction["answer"], said)
    page.line(word("gate.separate", page.lang), 1, style="dim")
    if shown["duties"]:
        page.line(word("head.duties", page.lang), 1, style="bold")
        for duty in shown["duties"]:
            page.line(f"{duty['title']} [{duty['measure']}]: {duty['words']} → {duty['outcome_words']}", 2)
            for figure in duty["figures"][: page.limit["items"]]:
                page.line(figure["words"], 3)
    for problem in shown["conflicts"]:
        page.line(f"{problem['code']}: {problem['wrong'][page.lang]}", 1, style="bold")
    _practice(page, shown)


def _may_reach(page: Page, jurisdiction: dict) -> None:
    """A jurisdiction that only unstated facts could bring in: what waits there, and its standing."""
    page.line(word("why.may_reach", page.lang, place=jurisdiction["label"]), 1, style="bold")
    waiting = [f for gate in jurisdiction["gates"] for f in (*gate["findings"], *gate["also_open"]) if f["answer"] != "does_not_apply"]
    waiting = [f for f in waiting if f["status"] in ("in_force", "unknown")]
    waiting.sort(key=lambda f: not (f["items"] or f["possible"]))
    for finding in waiting[: page.limit["items"]]:
        page.line(f"{finding['title']} [{finding['measure']}]: {finding['standing']}", 2, mark="？")
    if len(waiting) > page.limit["items"]:
        page.line(word("missing.more", page.lang, count=len(waiting) - page.limit["items"]), 2)


def _gate(page: Page, gate: dict, answer: str, said: set[str]) -> None:
    page.line(f"{gate['label']}: {gate['words']}", 2, style="bold", mark=_MARKS[gate["answer"]])
    if not page.full and gate["answer"] != answer and gate["planning"] == gate["answer"]:
        names = ", ".join(entry["label"] for entry in _open_facts(gate)[: page.limit["facts"]])
        if names:
            page.line(word("why.opened_by", page.lang, facts=names), 4)
        return
    decided = page.full or gate["answer"] == "facts_missing"
    for finding in gate["findings"]:
        if decided or finding["answer"] != "unknown":
            _finding(page, finding, said)
    waiting = [] if decided else [finding for finding in gate["findings"] if finding["answer"] == "unknown"]
    _also_open(page, gate | {"also_open": waiting + gate["also_open"], "opened_by": _open_facts(gate)})


def _open_facts(gate: dict) -> list[dict]:
    """The facts that keep a gate open."""
    found = {entry["fact"]: entry for finding in gate["findings"] for entry in finding["missing_facts"]}
    return list((found | {entry["fact"]: entry for entry in gate["opened_by"]}).values())


def _also_open(page: Page, gate: dict) -> None:
    """Measures that only a missing fact keeps open, in one paragraph."""
    if not gate["also_open"]:
        return
    ids = ", ".join(finding["measure"] for finding in gate["also_open"][: page.limit["items"]])
    more = " …" if len(gate["also_open"]) > page.limit["items"] else ""
    facts = ", ".join(entry["label"] for entry in gate["opened_by"][: page.limit["facts"]])
    page.line(word("why.also_open", page.lang, count=len(gate["also_open"]), ids=ids + more), 2)
    page.line(word("why.opened_by", page.lang, facts=facts), 3)


def _practice(page: Page, shown: dict) -> None:
    """Reported practice of the acts that fit or may fit these goods, newest first."""
    found = [p for f in _findings(shown) if f["items"] or f["possible"] for p in f["practice"]]
    if not found:
        return
    page.line(word("head.practice", page.lang), 1, style="magenta")
    for practice in sorted(found, key=lambda p: p["date"] if p["date"][:1].isdigit() else "", reverse=True)[: page.limit["practice"]]:
        page.line(f"{practice['date']} {practice['text']} ({practice['by']})", 2, style="magenta", mark="・")
    if len(found) > page.limit["practice"]:
        page.line(word("missing.more", page.lang, count=len(found) - page.limit["practice"]), 2, style="magenta")


def _findings(shown: dict) -> list[dict]:
    return [f for j in shown["why"] for gate in j["gates"] for f in gate["findings"]]


def _finding(page: Page, finding: dict, said: set[str]) -> None:
    """One measure; a note said once is not said again."""
    lang = page.lang
    page.line(f"{finding['title']} [{finding['measure']}]", 2)
    words = finding["words"] if finding["answer"] == "does_not_apply" else f"{finding['words']} → {finding['outcome_words']}"
    confidence = word("finding.confidence", lang, level=finding["confidence_words"])
    page.line(f"{words}  |  {finding['standing']}  |  {confidence}", 3)
    for item in finding["items"][: page.limit["items"]]:
        original = f" ({item['original']})" if item["original"] else ""
        rule = f": {item['rule']}" if page.full or len(item["rule"]) <= RULE else ""
        page.line(f"{item['code']} {item['name']}{original}{rule}", 3, mark="▸")
    if len(finding["items"]) > page.limit["items"]:
        page.line(word("missing.more", lang, count=len(finding["items"]) - page.limit["items"]), 3)
    if finding["possible"]:
        codes = ", ".join(f"{item['code']} {item['name']}" for item in finding["possible"][: page.limit["items"]])
        more = " …" if len(finding["possible"]) > page.limit["items"] else ""
        page.line(f"{word('finding.possible', lang, count=len(finding['possible']))} ({codes}{more})", 3)
    for note in finding["notes"][: page.limit["notes"]]:
        if note not in said:
            said.add(note)
            page.line(note, 3, mark="※")
    for official in finding["official_answers"][: page.limit["items"]]:
        page.line(f"{word('finding.decided', lang)} {official['id']}: {official['answer']}", 3, mark="◇")


def _missing(page: Page, shown: dict) -> None:
    lang = page.lang
    page.head("head.missing")
    if not shown["missing"]:
        page.line(word("missing.none", lang), 1)
    for number, question in enumerate(shown["missing"][: page.limit["questions"]], 1):
        page.line(question["question"], 1, mark=f"{number}.")
        detail = [question["fact"], word("missing.bears", lang, measures=len(question["measures"]), items=question["items"])]
        if question["shown_by"]:
            detail.append(word("missing.shown_by", lang, paper=question["shown_by"]))
        if question["only_if_in_force"]:
            detail.append(word("missing.conditional", lang))
        page.line(" | ".join(detail), 2, style="dim")
    if len(shown["missing"]) > page.limit["questions"]:
        page.line(word("missing.more", lang, count=len(shown["missing"]) - page.limit["questions"]), 1)


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
    shown_acts: set[str] = set()
    for finding in _findings(shown):
        if finding["act"] not in shown_acts and (page.full or finding["items"] or finding["answer"] == "applies"):
            shown_acts.add(finding["act"])
            _source(page, finding)
    if page.full:
        for what in ("penalties", "records"):
            for text in proof[what]:
                page.line(word(f"proof.{what}", lang, text=text), 1)
    page.line(word("proof.not_searched", lang) + ":", 1)
    many = (
        proof["not_searched"]
        if shown["answer"]["id"] in ("no_match", "outside_data")
        else proof["not_searched"][-page.limit["not_searched"] :]
    )
    for text in many:
        page.line(text, 2, mark="・")
    if len(many) < len(proof["not_searched"]):
        page.line(word("proof.not_searched_more", lang, count=len(proof["not_searched"]) - len(many)), 2)
    if not page.full:
        page.line(word("page.full", lang), 1, style="dim")
    page.line(proof["not_advice"], 1, style="dim")


def _source(page: Page, finding: dict) -> None:
    """Place in the act, first source, and doubts of one finding."""
    lang = page.lang
    page.line(word("proof.place", lang, text=f"{finding['act']} {finding['text']}"), 1)
    for source in finding["sources"][: page.limit["sources"]]:
        text = word("proof.source", lang, publisher=source["publisher"], kind=source["kind"], seen=source["seen"], url=source["url"])
        page.line(text, 2, style="dim")
    for doubt in finding["doubts"][: page.limit["doubts"]]:
        page.line(doubt, 2, mark="？")
    if len(finding["doubts"]) > page.limit["doubts"] or len(finding["sources"]) > page.limit["sources"]:
        page.line(word("proof.more_in", lang, act=finding["act"]), 2, style="dim")


def heading(number: int, name: object, lang: str) -> None:
    """Which of several transactions an answer is for: its number, and the name of the goods."""
    if number:
        page = Page(lang)
        page.blank()
        page.line(word("page.transaction", lang, number=number, name=name or word("page.unnamed", lang)), style="bold reverse", mark="━━")


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
