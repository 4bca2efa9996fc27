"""Lines on the terminal without Rich, which takes longer to import than an answer takes to find.

    plainly()  -> how lines are written here: as they are, with the marks of style that every terminal knows, or not at all

Where anything else is in question (Windows, a dumb terminal, colour forced or forbidden) Rich writes; the lines are the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

_ASKED = ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "JUPYTER_COLUMNS")
_CODES = {
    "bold": "1", "dim": "2", "underline": "4", "reverse": "7", "black": "30", "magenta": "35", "white": "37",
    "on_red": "41", "on_green": "42", "on_yellow": "43", "on_cyan": "46",
}  # fmt: skip
_CONTROL = dict.fromkeys((7, 8, 11, 12, 13))  # a bell is no text


Writes = Callable[[str, str, str], bool]


def plainly() -> Writes | None:
    """What writes a text in a style and what stands beside it, and says whether it could; None where Rich must write."""
    if (
        sys.stdout is None
        or os.name != "posix"
        or any(name in os.environ for name in _ASKED)
        or "IPython" in sys.modules
        or "idlelib" in sys.modules
    ):
        return None
    if not sys.stdout.isatty():
        return lambda text, style, beside: _written(text, beside, "", "")
    if os.environ.get("TERM", "").casefold() in ("dumb", "unknown"):
        return None
    return lambda text, style, beside: _written(text, beside, *_marks(style))


def _written(text: str, beside: str, before: str | None, after: str) -> bool:
    if before is None or any(sign in text for sign in "\t\n\x1b"):
        return False
    text = text.translate(_CONTROL)
    print(f"{before}{text}{after} {beside}" if beside else f"{before}{text}{after}" if text else "", flush=True)
    return True


def _marks(style: str) -> tuple[str | None, str]:
    """What stands before and after a text; None for a style that is not known here.

    >>> _marks("bold white on red")
    ('\\x1b[1;37;41m', '\\x1b[0m')
    """
    codes = [_CODES.get(part, "") for part in style.replace("on ", "on_").split()]
    return (f"\x1b[{';'.join(codes)}m" if all(codes) else None, "\x1b[0m") if codes else ("", "")


def width() -> int:
    """The columns of the terminal: as `COLUMNS` says, else as any standard stream knows, else 80."""
    if (columns := os.environ.get("COLUMNS", "")).isdigit():
        return int(columns) or 80
    for stream in range(3):
        try:
            return os.get_terminal_size(stream).columns or 80
        except OSError:
            pass
    return 80
