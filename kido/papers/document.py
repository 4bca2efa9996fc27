"""A paper before it is written: blocks of words in several languages, the same for every format.

A `Cell` is what stands in one place: words in several languages, a text that is the same in all of them (a name, a figure),
or a `Gap`, which is printed as a gap. Writers choose the languages; nothing here knows of fonts or pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kido.terms.text import Text


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that is missing: printed as a marked gap, never filled by guess. `ask` says what to find out."""

    label: Text
    ask: Text = field(default_factory=dict)


Cell = Text | str | Gap


@dataclass(frozen=True, slots=True)
class Heading:
    text: Text
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`kind`: body, note (small), warning (framed)."""

    text: Cell
    kind: str = "body"


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value. `key` names the fact, so that papers of one order can be compared: `order.contract_no`, `end_user.address`."""

    key: str
    label: Text
    value: Cell
    note: Cell = ""


@dataclass(frozen=True, slots=True)
class Fields:
    rows: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `widths` are shares of the page width; `keys` name the fact of each column, where it is one."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A line of a check sheet. `mark`: yes, no, unknown, or "" for a box to tick by hand."""

    text: Text
    mark: str = ""
    detail: Cell = ""


@dataclass(frozen=True, slots=True)
class Checks:
    rows: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines left blank for hand and stamp."""

    rows: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo with its caption; without a file, an empty frame."""

    caption: Cell
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A new page begins."""


Block = Heading | Paragraph | Fields | Grid | Checks | Signatures | Picture | Break


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands at the foot of every page, before page n/N."""

    version: str
    on: date
    made: date


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper.

    id        file name without ending: `jp-classification`, `cn-2-end-user-certificate`
    langs     languages it is printed in; the first leads, the second stands beside it
    one_page  a single A4 page is promised
    leaves    what becomes of it: "out" (handed over), "in" (stays in the firm)
    """

    id: str
    title: Text
    blocks: tuple[Block, ...]
    langs: tuple[str, ...]
    foot: Foot
    one_page: bool = False
    leaves: str = "out"

    def gaps(self) -> Iterator[Gap]:
        """Every gap, in the order of the page."""
        for cell in self.cells():
            if isinstance(cell, Gap):
                yield cell

    def cells(self) -> Iterator[Cell]:
        """Every cell that carries a fact, in the order of the page."""
        for block in self.blocks:
            if isinstance(block, Fields):
                for row in block.rows:
                    yield row.value
                    yield row.note
            elif isinstance(block, Grid):
                for cells in block.rows:
                    yield from cells
            elif isinstance(block, Checks):
                for check in block.rows:
                    yield check.detail
            elif isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, Picture):
                yield block.caption

    def fields(self) -> Iterator[tuple[str, Cell]]:
        """Every named fact with its value, those of tables with the row number: `lines.1.quantity`."""
        for block in self.blocks:
            if isinstance(block, Fields):
                for row in block.rows:
                    yield row.key, row.value
            elif isinstance(block, Grid) and block.keys:
                for number, cells in enumerate(block.rows, 1):
                    for key, cell in zip(block.keys, cells, strict=True):
                        if key:
                            stem, _, last = key.rpartition(".")
                            yield f"{stem}.{number}.{last}", cell


def spoken(cell: Cell, lang: str) -> tuple[str, str]:
    """A cell in one language, with the language it is really in: another where this one is missing, "" where it has none.

    >>> spoken({"ja": "磁石", "en": "magnet"}, "zh"), spoken("C-118", "zh")
    (('magnet', 'en'), ('C-118', ''))
    """
    if isinstance(cell, str):
        return cell, ""
    if isinstance(cell, Gap):
        words, found = spoken(cell.label, lang)
        return f"{_OPEN[found if found in _OPEN else 'en']}{words}】", found
    for language in (lang, "en", "ja", "zh"):
        if cell.get(language):
            return cell[language], language
    return "", ""


_OPEN = {"ja": "【未記入: ", "en": "【missing: ", "zh": "【待填写: "}
