"""A file of transactions on the terminal: how its columns were read, a bar with rate and time left, and the counts."""

from __future__ import annotations

import hashlib
import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

from kido import desk
from kido.decide.determine import ANSWERS
from kido.errors import KidoError, Problem
from kido.face.batch_words import BatchWords
from kido.face.cli.answer import fail_words
from kido.face.cli.output import put_json
from kido.face.cli.reading import Reading, forgotten, show
from kido.face.cli.sheet import Page
from kido.face.language import chosen, word
from kido.register.address import is_address
from kido.register.address import shown as safe
from kido.register.table_source import all_not_read
from kido.register.yaml_file import Mark, marked

FAIL = {"licence_required": 10, "presumption_of_denial": 10, "facts_missing": 11, "prohibited": 12}
FEW = 5
_WORDS = {"licence": ("licence_required", "presumption_of_denial"), "missing": ("facts_missing",), "prohibited": ("prohibited",)}
REJECTED, STOPPED = 14, 130


def batch(
    file: str, output: str | None, columns: list[str], flags: dict[str, str | None], contains: list[str], facts: list[str], on: str | None,
    known_on: str | None, lang: str | None, as_json: bool, fail_on: list[str], processes: int | None, spark: bool = False,
    yes: bool = False, forget: bool = False, components: str | None = None, keep: bool = False,
) -> int:  # fmt: skip
    """Judge a table. Returns the exit code."""
    lang = chosen(lang)
    if output is None and forget:
        print(forgotten(desk.header_of(file), lang))
        return 0
    if output is None:
        raise KidoError(Problem("batch-needs-output", safe(file), ""))
    fail_on = fail_words(fail_on, (*_WORDS, "rejected"))
    if keep and not (Path(file).is_file() and components is None):
        raise KidoError(Problem("keep-one", "--keep", safe(file)))
    stated = _stated(flags, contains, facts)
    bar = _Bar(lang)
    today = date.today().isoformat()
    told = Reading(lang, _pairs(columns, "bad-column-flag", "--column"), yes, forget, today, as_json, bar.begin)
    if spark and is_address(file) and ("::" in file or file.casefold().startswith(("sqlite", "postgres"))):  # hdfs:, s3a: are Spark's
        raise KidoError(Problem("spark-needs-parquet", safe(file), safe(file)))
    if spark and components:
        raise KidoError(Problem("spark-no-components", "--components", components))
    if spark:
        found = desk.on_spark(file, output, on, known_on, told, stated, today)
    else:
        try:
            found = desk.batch(file, output, on, known_on, told, stated, processes, today, bar.seen, components, BatchWords(lang))
        except KeyboardInterrupt:
            bar.end()
            print(word("batch.stopped", lang), file=sys.stderr)
            return STOPPED
    bar.end()
    shown = {
        "rows": found.rows, "answered": found.answered, "rejected": found.rejected, "resumed": found.resumed, "answers": dict(found.answers),
        "files": [str(path) for path in found.files], "columns": {found.columns.header[n]: fact for n, fact in found.columns.facts.items()},
        "unused": list(found.columns.unused), "confirmed": told.day or None,
        "components": asdict(found.beside) if found.beside else None,
        "not_read": all_not_read(found.not_read),
        "undated": found.undated, "day": today if found.undated else None, "on": on,
    }  # fmt: skip
    if keep:
        _recorded(Path(file), shown, on or today, known_on, lang)
    if as_json:
        put_json(shown)
    else:
        page = Page(lang)
        if not told.shown:
            show(page, found.columns, told.day)
        if told.note:
            page.line(told.note, 1)
        _page(page, shown)
    if "rejected" in fail_on and found.rejected:
        return REJECTED
    return max((FAIL[answer] for wanted in fail_on for answer in _WORDS.get(wanted, ()) if found.answers.get(answer)), default=0)


def _recorded(file: Path, shown: dict, on: str, known_on: str | None, lang: str) -> None:
    """Keep what was read and written by their sha256, and the counts."""
    from kido.face.cli.record_page import keep

    files = []
    for path in map(Path, shown["files"]):
        with path.open("rb") as data:
            files.append({"name": path.name, "sha256": hashlib.file_digest(data, "sha256").hexdigest()})
    days = desk.as_date(on, "--on"), desk.as_date(known_on, "--known-on")
    keep([desk.tabled(file, *days, shown | {"files": files}, lang, desk.user())], lang)


def row(
    file: str, wanted: str, columns: list[str], flags: dict[str, str | None], contains: list[str], facts: list[str], components: str | None
) -> Mark:
    """One row of a table as a transaction, for the page with its reasons."""
    said = _pairs(columns, "bad-column-flag", "--column")
    stated = _stated(flags, contains, facts)
    place, id, found = desk.row_of(file, wanted, lambda header, name: desk.told_columns(header, name, said)[0], stated, components)
    print(f"{place}  {id}", file=sys.stderr)  # a line goes before an id: say which row it is
    return marked(found, "")


def _stated(flags: dict[str, str | None], contains: list[str], facts: list[str]) -> dict[str, str]:
    """What the command line states of every row."""
    stated = {name: value for name, value in flags.items() if value is not None} | _pairs(facts, "bad-fact-flag", "--fact")
    return stated | ({"composition": ", ".join(contains)} if contains else {})


def _pairs(written: list[str], code: str, flag: str) -> dict[str, str]:
    found = {}
    for pair in written:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise KidoError(Problem(code, flag, pair))
        found[name.strip()] = value.strip()
    return found


def _page(page: Page, shown: dict) -> None:
    page.head("batch.counts")
    page.line(word("batch.rows", page.lang, **{name: f"{shown[name]:,}" for name in ("rows", "answered", "rejected")}), 1)
    if shown["components"]:
        page.line(word("batch.components", page.lang, **shown["components"]), 1)
        if shown["components"]["without"]:
            page.line(word("batch.without_components", page.lang, **shown["components"]), 1, mark="!")
    _notes(page, shown)
    if shown["resumed"]:
        page.line(word("batch.resumed", page.lang, rows=f"{shown['resumed']:,}"), 1)
    for answer in ANSWERS:
        if shown["answers"].get(answer):
            page.line(f"{word(f'answer.{answer}', page.lang)}: {shown['answers'][answer]:,}", 1, mark="-")
    page.head("batch.files")
    for path in shown["files"]:
        page.line(path, 1, mark="-")


def _notes(page: Page, shown: dict) -> None:
    """What the counts do not say: what was not read, and by which day rows were judged."""
    for name, some in shown["not_read"].items():
        told = ", ".join(some[:FEW]) + (" …" if len(some) > FEW else "")
        page.line(word(f"batch.not_read_{name}", page.lang, count=len(some), places=told), 1, mark="!")
    if shown["undated"]:
        page.line(word("batch.undated", page.lang, rows=f"{shown['undated']:,}", on=shown["day"]), 1, mark="!")
    if shown["on"] and "on" in shown["columns"].values():
        page.line(word("batch.on_for_all", page.lang, on=shown["on"]), 1, mark="!")


class _Bar:
    """Rows done, rows a second, and time left, on standard error where someone looks."""

    def __init__(self, lang: str):
        self.lang, self.start, self.looked = lang, time.monotonic(), sys.stderr.isatty()

    def begin(self) -> None:
        self.start = time.monotonic()

    def seen(self, done: int, total: int) -> None:
        if self.looked and done:
            rate = done / max(0.001, time.monotonic() - self.start)
            left = (total - done) / rate
            text = word("batch.bar", self.lang, done=f"{done:,}", total=f"{total:,}", rate=f"{rate:,.0f}", left=f"{left:,.0f}")
            print(f"\r{text}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.looked:
            print(file=sys.stderr)
