"""Text in the cells of CSV files. A spreadsheet runs a cell that begins like a formula, so such text gets an apostrophe in front.

    kept(text)       text as a cell that no spreadsheet runs
    read(cell)       the text again, letter by letter
    read_csv(path)   the rows of a CSV file that `export` wrote

Text that begins with apostrophes and then like a formula gets one more, so that every text comes back as it was.
"""

from __future__ import annotations

import re
from pathlib import Path

from kido.terms.vocabulary import rows

FORMULA = r"'*[=+\-@\t\r\n＝＋－＠]"
_FORMULA = re.compile(FORMULA)  # full width as well: Excel in Japanese and Chinese takes them for the same
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def kept(text: str, number: bool = False) -> str:
    """A text as a cell; in a column of numbers a negative one stays as it is.

    >>> kept("=1+1"), kept("'-x"), kept("-5"), kept("-5", number=True), kept("metal -5")
    ("'=1+1", "''-x", "'-5", '-5', 'metal -5')
    """
    if not _FORMULA.match(text) or (number and _NUMBER.fullmatch(text)):
        return text
    return f"'{text}"


def read(cell: str) -> str:
    """The text of a cell; an apostrophe that does not stand before a formula belongs to the text.

    >>> read("'=1+1"), read("''-x"), read("-5"), read("'quoted'")
    ('=1+1', "'-x", '-5', "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file of ours, every cell as it was before it was written."""
    return [{name: read(cell) for name, cell in row.items()} for row in rows(path)]
