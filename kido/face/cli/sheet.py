"""A page on the terminal: heads and paragraphs, folded to the width by Japanese rules."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from kido.face.cli.wrap import wrapped
from kido.face.language import word

_SHORT = {"questions": 6, "items": 3, "practice": 1, "sources": 1, "doubts": 1, "not_searched": 3, "facts": 4, "notes": 3, "hits": 3}
_FULL = dict.fromkeys(_SHORT, 10_000)


class Page:
    """Writes sections; width-aware, colour never alone."""

    def __init__(self, lang: str, console: Console | None = None, full: bool = False):
        self.lang = lang
        self.console = console or Console(highlight=False, soft_wrap=False)
        self.full = full
        self.limit = _FULL if full else _SHORT

    def head(self, id: str) -> None:
        self.console.print()
        self.console.print(Text(word(id, self.lang), style="bold underline"))

    def raw(self, text: str) -> None:
        """A line as it is: its blanks mean something."""
        self.console.print(Text(text), no_wrap=True, overflow="ignore", crop=False)

    def line(self, text: str, depth: int = 0, style: str = "", mark: str = "") -> None:
        """One paragraph, folded under its own first character."""
        indent = " " * (2 * depth)
        hang = indent + " " * (cell_len(mark) + 1 if mark else 0)
        first = indent + (f"{mark} " if mark else "")
        for number, part in enumerate(wrapped(text, max(20, self.console.width - len(hang)))):
            self.console.print(Text((hang if number else first) + part, style=style), no_wrap=True, overflow="ignore", crop=False)
