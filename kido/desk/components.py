"""A table of components beside a table of transactions: part, element, content; a line for each component of a part.

beside(sources, path)  -> (sources whose rows say their composition, Beside)

The parts are told by the heading that both tables have. A part that the component table does not know keeps an unknown composition.
Contents go through the door as text, so that a component that is no element, or one said twice, rejects the rows of its part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kido.decide.cells import by_word, text_of
from kido.errors import KidoError, Problem
from kido.register.table_source import BEYOND, NotRead, Source, all_not_read, sources
from kido.terms.text import folded

COMPOSITION = "composition"
MOST_TOLD = 20  # rows of a component table that are told together
STEP = 200_000  # rows looked at together
_ELEMENT = ("element", "元素", "元素名", "元素記号", "component", "成分", "成分名", "substance", "物質", "物質名", "symbol")
_CONTENT = re.compile(r"^(content|contents|wt|mass|質量|含有率|含有量|割合)?\s*[(\[_ ]?\s*(wt)?\s*(?P<unit>%|pct|ppm|mg/kg)?\s*[)\]]?$")
_PPM = ("ppm", "mg/kg")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the two tables have in common.

    heading   of the column that names the part
    parts     of the component table
    without   rows of the transactions whose part is not among them, or that name none
    """

    name: str
    heading: str
    parts: int
    without: int


@dataclass(slots=True)
class WithComponents(Source):
    """A table whose rows are told the composition of their part."""

    plain: Source | None = None
    part: int = 0  # the column that names it
    contents: pl.DataFrame | None = field(default=None, repr=False)  # `part` as it is compared, `told`
    components: tuple[Source, ...] = ()

    @property
    def local(self) -> bool:
        return True

    def piece(self, start: int, rows: int) -> pl.DataFrame:
        found = self.plain.piece(start, rows)
        keys = pl.DataFrame({"part": part_of(found[str(self.part)])})
        told = keys.join(self.contents, on="part", how="left", maintain_order="left")["told"]
        return found.with_columns(told.alias(str(len(self.header) - 1)))

    def unchanged(self) -> None:
        for one in (self.plain, *self.components):
            one.unchanged()


def with_composition(header: Sequence[str], name: str) -> tuple[str, ...]:
    """The headings with that of the composition, which may not be there yet."""
    if COMPOSITION in header:
        raise KidoError(Problem("components-twice", name, COMPOSITION))
    return *header, COMPOSITION


def beside(found: list[Source], path: Path) -> tuple[list[Source], Beside]:
    """Put the composition of its part beside every row.

    Raises
    ------
    KidoError : the component table cannot be read, has no columns of element and content, or not exactly one heading in common
    """
    tables = sources(path, _heading)
    header, columns = found[0].header, tables[0].header
    for other in tables[1:]:
        if other.header != columns:
            read, first = (", ".join(one.header)[:200] for one in (other, tables[0]))
            raise KidoError(Problem("other-header", other.name, read, {"first": tables[0].name, "columns": first}))
    element, content, ppm = _told(tables[0])
    ours = {folded(heading).strip(): at for at, heading in enumerate(header) if heading}
    shared = [at for at, heading in enumerate(columns) if folded(heading).strip() in ours and at not in (element, content)]
    if len(shared) != 1:
        read, both = ", ".join(columns)[:200], ", ".join(columns[at] for at in shared) or "-"
        raise KidoError(Problem("components-no-part", tables[0].name, read, {"shared": both, "columns": ", ".join(header)[:200]}))
    part = ours[folded(columns[shared[0]]).strip()]
    contents = _contents(tables, shared[0], element, content, ppm)
    known = contents["part"].implode()
    names = (part_of(one.piece(start, STEP)[str(part)]) for one in found for start in range(0, one.rows, STEP))
    without = sum(int((~some.is_in(known)).fill_null(True).sum()) for some in names)
    more = tuple(one.identity for one in tables)
    made: list[Source] = [
        WithComponents(
            one.path, one.name, with_composition(header, one.name), one.rows, (*one.identity, more), copied=one.copied, not_read=one.not_read,
            plain=one, part=part, contents=contents, components=tuple(tables),
        )
        for one in found
    ]  # fmt: skip
    made[0].not_read = NotRead(
        **{kind: tuple(places) for kind, places in all_not_read([one.not_read for one in (found[0], *tables)]).items()}
    )
    return made, Beside(path.name, header[part], contents.height, without)


def _heading(text: str) -> bool:
    word = folded(text).strip()
    return word in _ELEMENT or bool(word and (found := _CONTENT.match(word)) and found[0])


def _told(table: Source) -> tuple[int, int, bool]:
    """The columns of element and content, and whether contents are in parts of a million."""
    words = [folded(heading).strip() for heading in table.header]
    element = [at for at, word in enumerate(words) if word in _ELEMENT]
    content = [at for at, word in enumerate(words) if word and (found := _CONTENT.match(word)) and found[0]]
    if len(element) != 1 or len(content) != 1:
        raise KidoError(Problem("components-columns", table.name, ", ".join(table.header)[:200]))
    return element[0], content[0], any(unit in words[content[0]] for unit in _PPM)


def _contents(tables: Sequence[Source], part: int, element: int, content: int, ppm: bool) -> pl.DataFrame:
    """What each part consists of, as people write it: `Nd 29.5, Dy ?`."""
    frames = []
    for table in tables:
        for start in range(0, table.rows, STEP):
            piece = table.piece(start, STEP)
            columns = {"part": part_of(piece[str(part)]), "element": text_of(piece[str(element)]), "content": text_of(piece[str(content)])}
            beyond = piece[BEYOND] if BEYOND in piece.columns else pl.repeat(None, piece.height, dtype=pl.String, eager=True)
            frames.append(pl.DataFrame(columns | {"place": piece["place"], "beyond": beyond}))
    cells = pl.concat(frames)
    _whole(cells)
    amount = pl.col("content")
    if ppm:  # a figure without a unit is in that of its heading
        amount = pl.when(amount.str.contains("[0-9]") & ~amount.str.contains("(?i)[%％]|ppm|mg")).then(amount + " ppm").otherwise(amount)
    amount = pl.when(pl.col("content").fill_null("") == "").then(pl.lit("?")).otherwise(amount)
    written = pl.concat_str(pl.col("element").fill_null("?"), pl.lit(" "), amount)
    return cells.filter(pl.col("part").is_not_null()).group_by("part", maintain_order=True).agg(written.str.join(", ").alias("told"))


def _whole(cells: pl.DataFrame) -> None:
    """A component of nobody knows which part, or cut off behind the header, would be missing from some part in silence."""
    odd = cells.filter(
        pl.col("beyond").is_not_null() | (pl.col("part").is_null() & (pl.col("element").is_not_null() | pl.col("content").is_not_null()))
    )
    if odd.height:
        raise KidoError(
            Problem("beyond-header", place, beyond)
            if beyond
            else Problem("components-nameless", place, f"{element or ''} {content or ''}".strip())
            for _, element, content, place, beyond in odd.head(MOST_TOLD).iter_rows()
        )


def part_of(cells: pl.Series) -> pl.Series:
    """The names of parts as they are compared: width, case and blanks at the ends do not count."""
    text = text_of(cells)
    return by_word(text, {word: folded(word).strip() or None for word in text.unique().drop_nulls().to_list()}, pl.String())
