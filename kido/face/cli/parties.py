"""Names compared with the party lists, on the terminal: one name, or a file of thousands."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kido import desk
from kido.errors import KidoError, Problem
from kido.face import party_view
from kido.face.cli.answer import fail_words
from kido.face.cli.output import OutputFile, put_json
from kido.face.cli.party_page import MARKS, lists, page
from kido.face.cli.sheet import Page
from kido.face.language import chosen, word
from kido.screen.search import Screening
from kido.terms.cells import kept as as_text

ANSWERS = ("listed", "possible", "not_listed", "not_searched")
FAIL = {"listed": 10, "possible": 11, "not_searched": 13}
_COLUMNS = ("place", "name", "answer", "words", "list", "listed_name", "score", "same", "standing", "since", "how", "lists_searched")


def screen(
    name: str | None, file: str | None, column: str, country: str, own: list[str], on: str | None, lang: str | None,
    as_json: bool, lines: bool, fail_on: list[str], output: str | None, full: bool, keep: bool = False,
) -> int:  # fmt: skip
    """One name on a page, or every name of a file. Returns the exit code."""
    lang = chosen(lang)
    wanted = fail_words(fail_on, FAIL)
    if (name is None) == (file is None):
        raise KidoError(Problem("name-or-file", "kido screen", name or ""))
    day = on or date.today().isoformat()
    if keep and file is not None:
        raise KidoError(Problem("keep-one", "--keep", file))
    if file is not None:
        counts = many(file, column, day, own, lang, as_json or lines, output)
    else:
        found = desk.screen(name, day, country, own)
        counts = {found.answer: 1}
        shown = party_view.screening(found, lang)
        if keep:
            _recorded(name, country, found, shown, bool(own), lang)
        with OutputFile(output, None, lines) as kept:
            kept.add(shown)
        if as_json or lines:
            put_json(shown, line=lines)
        elif output is None:
            page(Page(lang, full=full), shown)
    return next((FAIL[answer] for answer in FAIL if answer in wanted and counts.get(answer)), 0)


def _recorded(name: str, country: str, found: Screening, shown: dict, own: bool, lang: str) -> None:
    from kido.face.cli.record_page import keep
    from kido.face.exact_json import encoded

    if own:
        raise KidoError(Problem("keep-own-list", "--keep", "--list"))
    keep([desk.screened(name, country, found.on, found.answer, encoded(shown), lang, desk.user())], lang)


def many(file: str, column: str, on: str, own: list[str], lang: str, lines: bool, output: str | None) -> dict[str, int]:
    """Every name of a file, in its order, with a bar on standard error; returns how many had each answer."""
    from kido.screen.names_file import read_names

    read = read_names(file, column)
    print(
        word("party.file", lang, file=Path(file).name, rows=f"{len(read.rows):,}", column=read.column, encoding=read.encoding),
        file=sys.stderr,
    )
    found = desk.screen_many([(row.name, row.country) for row in read.rows], on, own=own)
    counts = dict.fromkeys(ANSWERS, 0)
    table = output is not None and output.casefold().endswith(".csv")
    with _Table(output, file) if table else OutputFile(output, file, lines=True) as kept:
        for row, screening in zip(read.rows, _with_bar(found, len(read.rows), lang), strict=True):
            counts[screening.answer] += 1
            shown = {"place": row.place} | party_view.screening(screening, lang)
            kept.add(shown)
            if lines:
                put_json(shown, line=True)
            elif output is None and screening.answer in ("listed", "possible"):
                _short(shown, lang)
    if not lines:
        _counted(counts, shown["searched"], lang)
    return counts


def _counted(counts: dict[str, int], searched: list[dict], lang: str) -> None:
    sheet = Page(lang)
    sheet.head("head.counts")
    for answer, count in counts.items():
        sheet.line(f"{word(f'party.answer.{answer}', lang)}: {count:,}", 1, mark=MARKS[answer])
    lists(sheet, searched)


def _with_bar(found: Iterator[Screening], total: int, lang: str) -> Iterator[Screening]:
    """A bar where someone looks; nothing where standard error is a file."""
    if not sys.stderr.isatty():
        yield from found
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(found, description=word("party.comparing", lang), total=total, console=Console(stderr=True), transient=True)


def _short(shown: dict, lang: str) -> None:
    best = shown["hits"][0]
    text = f"{shown['place']}  {shown['query']}  →  {best['name']} [{best['list_title']}] {best['sure_words']} {best['score']:.0f}, {best['standing_words']}"
    Page(lang).line(text, mark=MARKS[shown["answer"]])


def _flat(shown: dict) -> dict[str, str]:
    """One row a name, with its best hit."""
    best = shown["hits"][0] if shown["hits"] else None
    about = {
        "place": shown["place"], "name": shown["query"], "answer": shown["answer"], "words": shown["words"],
        "lists_searched": "; ".join(entry["words"] for entry in shown["searched"]),
    }  # fmt: skip
    if best:
        about |= {
            "list": best["list"], "listed_name": best["name"], "score": f"{best['score']:.0f}", "same": best["sure_words"],
            "standing": best["standing_words"], "since": best["since"], "how": "; ".join(best["how_words"]),
        }  # fmt: skip
    return about


class _Table:
    """A CSV that Excel reads, a row a name; no text in it runs as a formula."""

    def __init__(self, path: str, source: str):
        self.path = Path(path)
        if self.path.exists() and self.path.samefile(source):
            raise KidoError(Problem("output-is-input", "--output", path))

    def __enter__(self) -> _Table:
        try:
            self.file = self.path.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise KidoError(Problem("file-not-written", "--output", str(self.path), {"why": error.strerror or str(error)})) from None
        self.writer = csv.DictWriter(self.file, _COLUMNS, restval="")
        self.writer.writeheader()
        return self

    def add(self, shown: dict) -> None:
        self.writer.writerow({key: as_text(value) for key, value in _flat(shown).items()})

    def __exit__(self, *error: object) -> None:
        self.file.close()
