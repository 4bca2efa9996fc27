"""Measures as others report them: a CSV with who says so, since when, and from which source.

    read_foreign(data, name, terms, register)   -> the rows, or KidoError with every problem of the file

Nothing of a file is taken unless all of it is right.  Rows stand beside the register and never in it: no
determination reads them.  Files are UTF-8, UTF-16 with its mark, or cp932 (`encoding.py`).

Columns: contributor, said_on, source_url, jurisdiction, kind, title, from, until, and hs or material; and if wanted
scheme, measure_id, value, unit, note.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from kido.errors import KidoError, Problem
from kido.register import model as m
from kido.register.exchange.encoding import decoded
from kido.register.exchange.schemes import SCHEMES, code_of, codes, split
from kido.register.shapes import KINDS_OF_MEASURE
from kido.terms.cells import read as read_cell
from kido.terms.dates import read_date
from kido.terms.hs import read_hs
from kido.terms.text import folded, nearest
from kido.terms.vocabulary import Terms

OURS = "kido"  # the scheme of our own kinds of measure
NEEDED = ("contributor", "said_on", "source_url", "jurisdiction", "kind", "title", "from", "until")
PRODUCT = ("hs", "material")  # at least one of them
OPTIONAL = ("scheme", "measure_id", "value", "unit", "note")
_FILLED = ("contributor", "said_on", "jurisdiction", "kind", "title")
_ADDRESS = re.compile(r"^https?://[^\s/]+\.[^\s/]+\S*$")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
_RARE_EARTHS = ("ree", "rare earths", "rare earth elements", "レアアース", "希土類", "稀土")


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """What one contributor says of one measure; it is no part of the register."""

    file: str
    line: int
    contributor: str
    said_on: date
    source_url: str
    jurisdiction: str
    scheme: str
    kind: str
    title: str
    hs: tuple[str, ...]
    materials: tuple[str, ...]
    elements: tuple[str, ...]  # of the materials
    start: date | None
    until: date | None
    measure: str = ""  # ours that it speaks about
    value: str = ""
    unit: str = ""
    note: str = ""

    @property
    def kind_status(self) -> str:
        """How far the code of its scheme was read: read, partly or recalled; our own kinds are read."""
        found = code_of(self.scheme, self.kind) if self.scheme != OURS else None
        return found.status if found else "read"

    def to_dict(self) -> dict:
        """Plain form for JSON, marked as foreign."""
        plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}
        return {"layer": "foreign"} | plain | {"kind_status": self.kind_status}


def read_foreign(data: bytes, name: str, terms: Terms, register: m.Register, known_measures: bool = True) -> tuple[ForeignRow, ...]:
    """Every row of a file; `known_measures` also asks that each `measure_id` is one of the register.

    >>> from kido.register.store import register, terms
    >>> text = "contributor,said_on,source_url,jurisdiction,kind,title,material,from,until\\n"
    >>> text += "A,2026-11-23,https://example.org/a,CN,licence,gallium licence,Ga,2023-08-01,\\n"
    >>> read_foreign(text.encode(), "a.csv", terms(), register())[0].elements
    ('Ga',)
    """
    reader = _Reader(name, terms, register, known_measures)
    rows = reader.rows(decoded(data, name)[0])
    if reader.problems:
        raise KidoError(reader.problems)
    return rows


class _Reader:
    """Reads one file and collects every problem, each with file, line and column."""

    def __init__(self, name: str, terms: Terms, register: m.Register, known_measures: bool):
        self.name, self.terms, self.register = name, terms, register
        self.measures = {measure.id for _, measure in register.measures()} if known_measures else None
        self.problems: list[Problem] = []

    def wrong(self, code: str, line: int, column: str, read: str = "", **values: str) -> None:
        self.problems.append(Problem(code, f"{self.name}:{line}:{column}" if column else f"{self.name}:{line}", read[:80], values))

    def rows(self, text: str) -> tuple[ForeignRow, ...]:
        lines = list(self.lines(text))
        if not lines or not self.header(lines[0][1]):
            if not lines and not self.problems:
                self.wrong("no-rows", 1, "")
            return ()
        header = [cell.strip() for cell in lines[0][1]]
        found: list[ForeignRow] = []
        first: dict[tuple, int] = {}
        for line, cells in lines[1:]:
            if len(cells) > len(header):
                self.wrong("row-too-long", line, "", cells[len(header)], cells=str(len(cells)), columns=str(len(header)))
                continue
            row = self.row(line, {name: read_cell(cell.strip()) for name, cell in zip(header, (*cells, *[""] * len(header)), strict=False)})
            said = tuple(value for key, value in asdict(row).items() if key not in ("line", "note"))
            if said in first:
                self.wrong("row-twice", line, "", row.title, first=str(first[said]))
            first.setdefault(said, line)
            found.append(row)
        if not found and not self.problems:
            self.wrong("no-rows", 1, "")
        return tuple(found)

    def lines(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Records with the line they begin on; empty ones are left out."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            self.wrong("csv-syntax", line, "", why=str(error))

    def header(self, cells: list[str]) -> bool:
        names = [cell.strip() for cell in cells]
        known = (*NEEDED, *PRODUCT, *OPTIONAL)
        for name in names:
            if name not in known:
                self.wrong("unknown-key", 1, "", name, near=nearest(name, known))
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            self.wrong("duplicate-key", 1, "", name)
        for name in NEEDED:
            if name not in names:
                self.wrong("missing-key", 1, "", name)
        if not set(PRODUCT) & set(names):
            self.wrong("missing-key", 1, "", " / ".join(PRODUCT))
        return not self.problems

    # -- one row ------------------------------------------------------------------------

    def row(self, line: int, cells: dict[str, str]) -> ForeignRow:
        for column in _FILLED:
            if not cells[column]:
                self.wrong("missing-key", line, column, column)
        materials = tuple(self.material(line, part) for part in split(cells.get("material", "")))
        scheme = unicodedata.normalize("NFKC", cells.get("scheme", "")) or OURS
        start, until = self.day(line, cells, "from"), self.day(line, cells, "until")
        if start and until and start > until:
            self.wrong("dates-in-wrong-order", line, "until", f"{start} > {until}")
        if not cells.get("hs") and not cells.get("material"):
            self.wrong("no-product", line, " / ".join(PRODUCT), cells["title"])
        return ForeignRow(
            self.name, line, cells["contributor"], self.day(line, cells, "said_on") or date.min, self.source(line, cells),
            self.jurisdiction(line, cells["jurisdiction"]), scheme, self.kind(line, scheme, cells["kind"]), cells["title"],
            self.codes(line, cells.get("hs", "")), tuple(id for id, _ in materials),
            tuple(dict.fromkeys(element for _, elements in materials for element in elements)), start, until,
            self.measure(line, cells.get("measure_id", "")), self.number(line, cells.get("value", "")), cells.get("unit", ""),
            cells.get("note", ""),
        )  # fmt: skip

    def day(self, line: int, cells: dict[str, str], column: str) -> date | None:
        found = read_date(cells[column])
        if cells[column] and found is None:
            self.wrong("not-a-date", line, column, cells[column])
        return found

    def source(self, line: int, cells: dict[str, str]) -> str:
        if not cells["source_url"]:
            self.wrong("foreign-no-source", line, "source_url", cells["title"] or cells["contributor"])
        elif not _ADDRESS.match(cells["source_url"]):
            self.wrong("not-an-address", line, "source_url", cells["source_url"])
        return cells["source_url"]

    def jurisdiction(self, line: int, raw: str) -> str:
        known = {*self.terms.place_groups, *self.register.watches}
        found = self.terms.lookup("place", raw) or (raw.upper() if raw.upper() in known else None)
        if raw and found is None:
            self.wrong("unknown-value", line, "jurisdiction", raw, fact="jurisdiction", near=nearest(raw, [*self.terms.places, *known]))
        return found or ""

    def kind(self, line: int, scheme: str, raw: str) -> str:
        raw = " ".join(unicodedata.normalize("NFKC", raw).split())
        if scheme not in (OURS, *SCHEMES):
            self.wrong("unknown-value", line, "scheme", scheme, fact="scheme", near=nearest(scheme, (OURS, *SCHEMES)))
        elif raw:
            known = KINDS_OF_MEASURE if scheme == OURS else tuple(codes(scheme))
            if (raw not in known) if scheme == OURS else (code_of(scheme, raw) is None):
                self.wrong("unknown-value", line, "kind", raw, fact=f"kind ({scheme}: {', '.join(known)})", near=nearest(raw, known))
        return raw

    def codes(self, line: int, cell: str) -> tuple[str, ...]:
        for raw in split(cell):
            if read_hs(raw) is None:
                self.wrong("not-an-hs-code", line, "hs", raw)
        return tuple(digits for raw in split(cell) if (digits := read_hs(raw)))

    def material(self, line: int, raw: str) -> tuple[str, tuple[str, ...]]:
        """A material and its elements: an element, a group of them, or a substance."""
        if symbol := self.terms.lookup("element", raw):
            return symbol, (symbol,)
        group = "rare_earths" if folded(raw) in _RARE_EARTHS else folded(raw).replace(" ", "_")
        if group in self.terms.groups:
            return group, (*sorted(self.terms.groups[group]), *(("REE",) if group == "rare_earths" else ()))
        if substance := self.terms.lookup("substance", raw):
            return substance, self.terms.choices["substance"][substance].elements
        known = [*self.terms.elements, *self.terms.groups, *self.terms.choices["substance"]]
        self.wrong("unknown-value", line, "material", raw, fact="material", near=nearest(raw, known))
        return raw, ()

    def measure(self, line: int, raw: str) -> str:
        if raw and self.measures is not None and raw not in self.measures:
            self.wrong("no-such-measure", line, "measure_id", raw, near=nearest(raw, self.measures))
        return raw

    def number(self, line: int, raw: str) -> str:
        text = unicodedata.normalize("NFKC", raw).replace(",", "")
        if text and not _NUMBER.match(text):
            self.wrong("not-a-number", line, "value", raw)
        return text
