"""`kido determine --ask`: questions on the terminal or answers from a pipe, then the answer.

Questions go to stderr and the answer to stdout, so that `--json` stays readable by programs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from rich.console import Console

from kido import desk
from kido.decide.interview import Interview
from kido.errors import KidoError, Problem
from kido.face import interview_view, view
from kido.face.cli.answer import FAIL, fail_words, failing
from kido.face.cli.given import today
from kido.face.cli.output import OutputFile, dumped, put_json
from kido.face.cli.page import determination
from kido.face.cli.sheet import Page
from kido.face.exact_json import encoded
from kido.face.language import chosen, word
from kido.register.yaml_file import Mark, marked, read_yaml_text
from kido.terms.text import folded

SHOWN_MEASURES = 3
_LIST = ("inputs",)  # answered as a list of rows
_LARGEST = 5_000_000  # bytes of a saved interview


def asked(
    file: str | None, transactions: Iterator[Mark | KidoError] | None, on: str | None, known_on: str | None, lang: str | None,
    save: str | None, resume: str | None, as_json: bool, line: bool, full: bool, fail_on: list[str], output: str | None, keep: bool = False,
) -> int:  # fmt: skip
    """Hold the interview and print what can be said; returns the exit code. Without `transactions` it starts from nothing."""
    lang = chosen(lang)
    fail_on = fail_words(fail_on, FAIL)
    if file == "-":
        raise KidoError(Problem("ask-stdin-taken", "command line", file))
    if resume and transactions is not None:
        raise KidoError(Problem("resume-with-facts", "--resume", resume))
    page = Page(lang, Console(stderr=True, highlight=False, soft_wrap=False))
    with OutputFile(output, file, line) as answers:
        talk = _resumed(page, resume, on, known_on) if resume else desk.interview(one := _one(transactions), today(on, one), known_on)
        saved = _Kept(save or resume, page)
        _converse(page, talk, saved)
        saved.told()
        left = interview_view.ended(talk, lang)
        found = view.determination(talk.found, lang)
        if keep:
            from kido.face.cli.record_page import keep as recorded

            recorded([desk.determined(talk.found, talk.facts, encoded(found), lang, desk.user())], lang)
        shown = found | {"interview": left}
        answers.add(shown)
    if as_json or line:
        put_json(shown, line=line)
    else:
        determination(shown, lang, full=full)
        _left(Page(lang), left)
    return failing(talk.found, shown, fail_on)


def _one(transactions: Iterator[Mark | KidoError] | None) -> Mark:
    """The one transaction; none at all is an interview that starts from nothing."""
    if transactions is None:
        return marked({}, "")
    first = next(transactions)
    if isinstance(first, KidoError):
        raise first
    if next(transactions, None) is not None:
        raise KidoError(Problem("ask-one-transaction", "command line", ""))
    return first


def _resumed(page: Page, file: str, on: str | None, known_on: str | None) -> Interview:
    """A saved interview; what differs from when it was saved is said."""
    try:
        if Path(file).stat().st_size > _LARGEST:
            raise KidoError(Problem("too-long", file, "", {"most": f"{_LARGEST:,}"}))
        text = Path(file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise KidoError(Problem("no-such-file", "--resume", file)) from None
    except UnicodeDecodeError as error:
        raise KidoError(Problem("not-utf-8", file, "", {"why": str(error)})) from None
    except OSError as error:
        raise KidoError(Problem("file-not-read", "--resume", file, {"why": error.strerror or str(error)})) from None
    found = desk.resume(text, file, on, known_on)
    page.line(word("ask.resumed", page.lang, count=len(found.interview.log)))
    if found.other_register:
        page.line(word("ask.other_register", page.lang, saved=found.other_register), mark="※")
    if found.other_day:
        page.line(word("ask.other_day", page.lang, saved=found.other_day, on=found.interview.on), mark="※")
    return found.interview


# -- the conversation ------------------------------------------------------------------------


def _converse(page: Page, talk: Interview, saved: _Kept) -> None:
    """Ask until nothing can change the answer, or the user stops; every answer is kept at once."""
    read = _Answers() if talk.question is not None else None
    while talk.question is not None:
        shown = interview_view.question(talk.tried, len(talk.log) + 1, page.lang)
        _show(page, shown)
        line = _heard(page, read, talk, shown)
        saved.write(talk)
        if line is None:
            page.line(word("ask.stopped", page.lang))
            return
    page.line(word("ask.ended", page.lang))


def _heard(page: Page, read: _Answers, talk: Interview, shown: dict) -> str | None:
    """One line that the interview takes; None where the user stops. What is refused is said, and asked again."""
    while (line := read.line()) is not None:
        text = line.strip()
        if text == "q":
            return None
        if not text:
            page.line(word("ask.empty", page.lang), 1)
        elif text == "b":
            if not talk.log:
                page.line(word("ask.first", page.lang), 1)
                continue
            talk.back()
            return line
        elif text in ("?", "？"):
            talk.skip()
            page.line(word("ask.skipped", page.lang), 1)
            return line
        else:
            try:
                talk.answer(_value(text, shown))
                return line
            except KidoError as error:
                page.raw(error.text(page.lang))
    return None


def _value(text: str, shown: dict) -> object:
    """The value a line stands for: a number of the list offered, rows, or the words as they are."""
    number = folded(text)
    if shown["values"] and number.isascii() and number.isdigit() and 0 < int(number) <= len(shown["values"]):
        return shown["values"][int(number) - 1]["value"]
    if shown["fact"] in _LIST and text[0] in "[{-":
        return read_yaml_text(text, shown["fact"]).plain()
    return text


def _show(page: Page, shown: dict) -> None:
    """One question with all that helps to answer it."""
    lang = page.lang
    page.console.print()
    head = word("ask.head", lang, number=shown["number"], open=shown["open"], answer=shown["answer_words"])
    page.line(head, style="bold")
    page.line(shown["question"], 1, style="bold")
    effects = {e["value"]: e["words"] for e in shown["effects"]}
    for number, entry in enumerate(shown["values"], 1):
        does = f" → {effects[entry['value']]}" if entry["value"] in effects else ""
        page.line(f"{entry['label']}{does}", 1, mark=f"{number}.")
    for effect in shown["effects"] if not shown["values"] else ():
        page.line(f"{effect['label']} → {effect['words']}", 1, mark="・")
    if shown["example"]:
        page.line(shown["example"], 1)
    if shown["unit"]:
        page.line(word("ask.unit", lang, unit=shown["unit"]), 1)
    more = " …" if len(shown["measures"]) > SHOWN_MEASURES else ""
    paper = [word("missing.shown_by", lang, paper=shown["shown_by"])] if shown["shown_by"] else []
    page.line(" | ".join([shown["who_words"], *paper]), 1, style="dim")
    if shown["measures"]:
        page.line(word("ask.why", lang, measures=", ".join(shown["measures"][:SHOWN_MEASURES]) + more), 1, style="dim")
    page.line(word("ask.keys", lang), 1, style="dim")


def _left(page: Page, found: dict) -> None:
    """At the end: what stayed unknown, and who can know it."""
    page.head("ask.unknown")
    if not found["unknown"]:
        page.line(word("ask.unknown_none" if not found["more"] else "ask.stopped", page.lang), 1)
    for number, entry in enumerate(found["unknown"], 1):
        page.line(f"{entry['question']} ({entry['fact']})", 1, mark=f"{number}.")
        paper = [word("missing.shown_by", page.lang, paper=entry["shown_by"])] if entry["shown_by"] else []
        page.line(" | ".join([entry["who_words"], *paper]), 2, style="dim")


class _Answers:
    """Lines of standard input. Nothing at all to read is an error, before anything is asked; an end later only stops."""

    def __init__(self):
        self.stream: TextIO | None = sys.stdin
        if self.stream is None or self.stream.closed:
            raise KidoError(Problem("ask-no-input", "standard input", ""))
        self.terminal = self.stream.isatty()
        self.first = "" if self.terminal else self._read()
        if not self.terminal and not self.first:
            raise KidoError(Problem("ask-no-input", "standard input", ""))

    def line(self) -> str | None:
        """The next line; None at the end, and where the user breaks off."""
        if self.terminal:
            print("> ", end="", file=sys.stderr, flush=True)
        found, self.first = self.first or self._read(), ""
        return found or None

    def _read(self) -> str:
        try:
            return self.stream.readline()
        except KeyboardInterrupt:
            return ""
        except UnicodeDecodeError as error:
            raise KidoError(Problem("not-utf-8", "standard input", "", {"why": str(error)})) from None
        except OSError:
            return ""


class _Kept:
    """The file of --save: written beside and renamed after every answer, so that a broken run loses nothing."""

    def __init__(self, path: str | None, page: Page):
        self.path, self.page = Path(path) if path else None, page
        self.written = False

    def write(self, talk: Interview) -> None:
        if self.path is None:
            return
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        try:
            beside.write_text(dumped(talk.to_dict(), line=False) + "\n", encoding="utf-8")
            beside.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink()
            raise KidoError(Problem("file-not-written", "--save", str(self.path), {"why": error.strerror or str(error)})) from None
        self.written = True

    def told(self) -> None:
        """Where it was saved; or that it was not."""
        if self.path is None:
            self.page.line(word("ask.not_saved", self.page.lang))
        elif self.written:
            self.page.line(word("ask.saved", self.page.lang, file=self.path))
