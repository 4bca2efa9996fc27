"""A page on the terminal: heads and paragraphs, folded to the width by Japanese rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kido.face.cli.terminal import plainly, width
from kido.face.cli.wrap import cell_len, wrapped
from kido.face.language import word

if TYPE_CHECKING:  # Rich is needed only where `terminal` leaves a line to it
    from rich.console import Console

_SHORT = {"questions": 6, "items": 3, "practice": 1, "sources": 1, "doubts": 1, "not_searched": 3, "facts": 4, "notes": 3, "hits": 3}
_FULL = dict.fromkeys(_SHORT, 10_000)


class Page:
    """Writes sections; width-aware, colour never alone."""

    def __init__(self, lang: str, console: Console | None = None, full: bool = False):
        self.lang = lang
        self._console = console
        self._plainly = plainly() if console is None else None
        self.full = full
        self.limit = _FULL if full else _SHORT

    @property
    def console(self) -> Console:
        if self._console is None:
            from rich.console import Console

            self._console = Console(highlight=False, soft_wrap=False)
        return self._console

    @property
    def width(self) -> int:
        return width() if self._plainly else self.console.width

    def blank(self) -> None:
        if not (self._plainly and self._plainly("", "", "")):
            self.console.print()

    def head(self, id: str) -> None:
        self.blank()
        self.mark(word(id, self.lang), "bold underline")

    def mark(self, text: str, style: str, beside: str = "") -> None:
        """A few words in a style, and what stands beside them; folded only where the terminal is very narrow."""
        if self._plainly and cell_len(text) + cell_len(beside) < self.width and self._plainly(text, style, beside):
            return
        from rich.text import Text

        self.console.print(Text(text, style=style), *([Text(beside)] if beside else []))

    def raw(self, text: str, style: str = "") -> None:
        """A line as it is: its blanks mean something."""
        if self._plainly and self._plainly(text, style, ""):
            return
        from rich.text import Text

        self.console.print(Text(text, style=style), no_wrap=True, overflow="ignore", crop=False)

    def line(self, text: str, depth: int = 0, style: str = "", mark: str = "") -> None:
        """One paragraph, folded under its own first character."""
        indent = " " * (2 * depth)
        hang = indent + " " * (cell_len(mark) + 1 if mark else 0)
        first = indent + (f"{mark} " if mark else "")
        for number, part in enumerate(wrapped(text, max(20, self.width - len(hang)))):
            self.raw((hang if number else first) + part, style)
