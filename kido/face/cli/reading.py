"""How the columns of a table are read: shown and confirmed where someone looks, and remembered for the next table like it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from kido import desk
from kido.decide.columns import Columns
from kido.errors import KidoError, Problem
from kido.face.cli.sheet import Page
from kido.face.language import word
from kido.terms.text import folded

_YES, _NO = ("", "y", "yes", "はい"), ("n", "no", "いいえ")


class Reading:
    """Given to the desk, which calls it with the header. `day`: when it was confirmed; `note`: what else there is to say."""

    def __init__(self, lang: str, said: dict[str, str], yes: bool, forget: bool, today: str, as_json: bool, then: Callable[[], None]):
        self.page, self.beside = Page(lang), sys.stdout
        if as_json:  # programs read standard output whole
            from rich.console import Console

            self.page, self.beside = Page(lang, Console(stderr=True, highlight=False, soft_wrap=False)), sys.stderr
        self.said, self.yes, self.forget, self.today, self.then = said, yes, forget, today, then
        self.day = self.note = ""
        self.shown = False

    def __call__(self, header: Sequence[str], name: str) -> Columns:
        if self.forget:
            self.note = forgotten(header, self.page.lang)
        columns, self.day = desk.told_columns(header, name, self.said)
        if not self.day and (self.yes or self._right(columns, name)):
            desk.confirm_columns(columns, self.today)
            self.day, self.note = self.today, word("batch.remembered", self.page.lang)
        self.then()
        return columns

    def _right(self, columns: Columns, name: str) -> bool:
        """Ask; without a terminal nothing is asked, and nothing confirmed."""
        if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        show(self.page, columns)
        self.shown = True
        while True:
            print(word("batch.right", self.page.lang), end=" ", file=self.beside, flush=True)
            line = sys.stdin.readline()
            answer = folded(line).strip()
            if line and answer in _YES:
                return True
            if not line or answer in _NO:
                raise KidoError(Problem("columns-not-right", name))


def forgotten(header: Sequence[str], lang: str) -> str:
    """Forget, and the words for it."""
    return word("batch.forgotten" if desk.forget_columns(header) else "batch.nothing_forgotten", lang)


def show(page: Page, columns: Columns, day: str = "") -> None:
    page.head("batch.columns")
    if day:
        page.line(word("batch.confirmed", page.lang, on=day), 1)
    page.line(", ".join(f"{columns.names[number]} → {fact}" for number, fact in columns.facts.items()), 1)
    if columns.left:
        page.line(word("batch.left", page.lang, columns=", ".join(columns.left)), 1)
    if columns.unused:
        page.line(word("batch.unused", page.lang, columns=", ".join(columns.unused)), 1, mark="!")
