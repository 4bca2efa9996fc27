"""Papers on the terminal: the check first, then the files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kido import desk
from kido.errors import KidoError, Problem
from kido.face import papers_view
from kido.face.cli.answer import Given, fail_words, show_errors
from kido.face.cli.given import today
from kido.face.cli.output import put_json
from kido.face.cli.sheet import Page
from kido.face.exact_json import encoded
from kido.face.language import chosen, word
from kido.papers.pack import Delivery, Pack
from kido.register.home import write_whole

FAIL = {"stops": 10, "gaps": 11}


def papers(
    file: str, transactions: Given, into: str | None, formats: list[str], only: list[str], langs: str, forms: list[str],
    made: str | None, fail_on: list[str], on: str | None, known_on: str | None, lang: str | None, as_json: bool, keep: bool = False,
) -> int:  # fmt: skip
    """The pack of the one transaction of a file. Returns the exit code."""
    lang = chosen(lang)
    wanted = fail_words(fail_on, FAIL)
    transaction = _one(transactions, file)
    if forms and into is None:
        raise KidoError(Problem("form-needs-folder", "--form", forms[0]))
    day, printed = today(on, transaction), made or date.today().isoformat()
    languages = [one.strip() for one in langs.split(",") if one.strip()]
    pack = desk.papers(transaction, day, known_on, printed, only, languages, Path(file).parent)
    shown = papers_view.pack(pack, lang)
    recorded = encoded(shown)
    code, written = 0, None
    if into is not None:
        written = desk.write_papers(pack, into, formats or ("pdf", "docx", "xlsx"))
        shown |= papers_view.delivery(written, lang)
        for form in forms:
            filled = desk.fill_form(form, transaction, day, known_on, printed, lang)
            path = Path(into) / f"{Path(form).stem}-filled{filled.suffix}"
            write_whole(path, filled.data)
            shown["files"].append(path.name)
            shown["notes"] += [word("papers.form_gaps", lang, file=path.name, gaps=", ".join(filled.gaps))] if filled.gaps else []
    if keep:
        from kido.face.cli.record_page import keep as kept

        files = {path.name: path.read_bytes() for path in written.files} if written else {}
        made_on = pack.case.made
        kept([desk.papered(transaction, pack.case.determination, made_on, only, languages, recorded, files, lang, desk.user())], lang)
    if as_json:
        put_json(shown)
    else:
        _page(Page(lang), shown, into)
    if written and written.problems:
        code = show_errors(KidoError(written.problems))
    return code or _failing(pack, written, wanted)


def _one(transactions: Given, file: str):
    """Papers are made of one transaction."""
    found = list(transactions)
    if len(found) != 1:
        raise KidoError(Problem("papers-one-transaction", file, str(len(found))))
    if isinstance(found[0], KidoError):
        raise found[0]
    return found[0]


def _failing(pack: Pack, written: Delivery | None, wanted: list[str]) -> int:
    if "stops" in wanted and any(point.stops for point in pack.checked.points):
        return FAIL["stops"]
    return FAIL["gaps"] if "gaps" in wanted and pack.checked.gaps else 0


def _page(page: Page, shown: dict, into: str | None) -> None:
    page.line(word("papers.head", page.lang, answer=shown["answer_words"], on=shown["on"], made=shown["made"]), style="bold")
    stops = [point for point in shown["points"] if point["stops"]]
    for head, points in (("papers.stops", stops), ("papers.looks", [point for point in shown["points"] if not point["stops"]])):
        if points:
            page.head(head)
            for point in points:
                page.line(point["words"], 1, mark="!" if point["stops"] else "?")
                page.line(point["do"], 2)
    page.head("papers.made")
    for paper in shown["papers"]:
        stays = word("papers.stays" if paper["leaves"] == "in" else "papers.leaves", page.lang)
        page.line(
            word("papers.paper", page.lang, paper=paper["id"], title=paper["title"], gaps=paper["gaps"], stops=paper["stops"], stays=stays),
            1,
            mark="-",
        )
    _gaps(page, shown["gaps"])
    if shown["left_out"]:
        page.head("papers.left_out")
        for one in shown["left_out"]:
            page.line(f"{one['paper']}: {one['words']}", 1, mark="-")
    if into is None:
        page.line(word("papers.not_written", page.lang))
        return
    page.head("papers.files")
    page.line(word("papers.written", page.lang, n=len(shown["files"]), folder=into), 1)
    for note in shown["notes"]:
        page.line(note, 1, mark="!")


def _gaps(page: Page, gaps: list[dict]) -> None:
    """Each missing value once, with the papers it is missing on."""
    by_field: dict[tuple[str, str], list[str]] = {}
    for gap in gaps:
        by_field.setdefault((gap["field"], gap["ask"]), []).append(gap["paper"])
    if not by_field:
        return
    page.head("papers.gaps")
    for (field, ask), papers in by_field.items():
        page.line(f"{field} ({', '.join(papers)})", 1, mark="□")
        if ask:
            page.line(ask, 2)
