"""Which fact each column of a table of transactions holds, told by its heading or said by the user.

columns_of(header, terms, said)  -> Columns
.transaction(cells)              -> the mapping that `determine` reads
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kido.decide.transaction import ALIASES, COLLECTIONS
from kido.errors import KidoError, Problem
from kido.terms.text import folded, nearest
from kido.terms.vocabulary import CONTENT, Terms

_ID = frozenset(
    (
        "no",
        "no.",
        "id",
        "line",
        "行",
        "番号",
        "品番",
        "注文番号",
        "order no",
        "order_no",
        "invoice",
        "part no",
        "part number",
        "型番",
        "管理番号",
        "row",
    )
)
_CONTENT = re.compile(r"^(?P<element>\S+?)\s*(?:[(\[]?(?:wt|mass|質量)?\s*[%％][)\]]?|wt_pct|含有率|含有量)?$", re.IGNORECASE)
UNUSED, ID = "-", "id"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table.

    facts   column number -> fact, `id` for what names the row, or `composition:Dy` for a content
    unused  headings that no fact was found for: shown, never dropped in silence
    """

    header: tuple[str, ...]
    facts: Mapping[int, str]
    unused: tuple[str, ...]
    stated: Mapping[str, str] = field(default_factory=dict)  # of every row, where the row itself says nothing

    def transaction(self, cells: Sequence[str]) -> tuple[str, dict[str, object]]:
        """The id of a row and its facts; an empty cell states nothing."""
        id, facts, contents = [], {}, {}
        for number, fact in self.facts.items():
            cell = cells[number].strip() if number < len(cells) else ""
            if not cell:
                continue
            if fact == ID:
                id.append(cell)
            elif fact.startswith("composition:"):
                contents[fact.partition(":")[2]] = cell
            else:
                facts[fact] = cell
        if contents and "composition" in facts:  # said in text as well: the door puts them together, or refuses what is said twice
            facts |= {f"{symbol.lower()}{CONTENT}": cell for symbol, cell in contents.items()}
        elif contents:
            facts["composition"] = contents
        facts = {**self.stated, **facts} if facts else facts
        return " ".join(id), facts


def columns_of(header: Iterable[str], terms: Terms, said: Mapping[str, str] | None = None, place: str = "") -> Columns:
    """Tell the columns of a header.

    Parameters
    ----------
    said : heading -> fact, `id`, or `-` to leave the column out; it goes before what the heading tells

    Raises
    ------
    KidoError : a heading or fact that there is not, one fact in two columns, no column with a fact

    >>> from kido.register.store import terms
    >>> found = columns_of(["No.", "品名", "仕向地", "Dy wt%", "備考"], terms())
    >>> found.facts, found.unused
    ({0: 'id', 1: 'name', 2: 'destination', 3: 'composition:Dy'}, ('備考',))
    """
    header = tuple(cell.strip() for cell in header)
    said = said or {}
    problems = [
        Problem("no-such-column", place, heading, {"near": nearest(heading, header), "columns": ", ".join(header)})
        for heading in said
        if heading not in header
    ]
    known = (*terms.facts, *ALIASES, "composition", UNUSED, ID)
    facts: dict[int, str] = {}
    unused: list[str] = []
    for number, heading in enumerate(header):
        fact = said.get(heading) or _told(heading, terms)
        if heading in said and fact not in known and not fact.startswith("composition:"):
            problems.append(Problem("unknown-fact", place, fact, {"near": nearest(fact, known)}))
        elif fact == UNUSED or not fact:
            unused += [heading] if heading and not fact else []
        else:
            facts[number] = ALIASES.get(fact, fact)
    for fact in {fact for fact in facts.values() if fact != ID and list(facts.values()).count(fact) > 1}:
        names = ", ".join(header[number] for number, other in facts.items() if other == fact)
        problems.append(Problem("fact-in-two-columns", place, names, {"fact": fact}))
    if not problems and not any(fact != ID for fact in facts.values()):
        problems.append(Problem("no-fact-column", place, ", ".join(header)[:200]))
    if problems:
        raise KidoError(problems)
    return Columns(header, facts, tuple(unused))


def _told(heading: str, terms: Terms) -> str:
    word = " ".join(folded(heading).split())
    if word in _ID:
        return ID
    found = _headings(terms).get(word)
    if found:
        return found
    content = _CONTENT.match(heading.strip())
    if content:
        name = content["element"]
        symbol = next((id for id, element in terms.elements.items() if name == id or name in element.label.values()), "")
        if symbol and (symbol != heading.strip() or len(symbol) > 1):  # a column called Y or C may be anything
            return f"composition:{symbol}"
    return ""


_TOLD: dict[int, dict[str, str]] = {}


def _headings(terms: Terms) -> dict[str, str]:
    """Every heading that tells a fact: its name, its labels, and what people write."""
    if id(terms) in _TOLD:
        return _TOLD[id(terms)]
    found = {folded(name): name for name in (*terms.facts, *COLLECTIONS[:1])} | {folded(alias): fact for alias, fact in ALIASES.items()}
    with Path(__file__).with_name("headings.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):  # before the labels: 形状 over a column is the form, though a rod has a 形状 as well
            found.setdefault(folded(row["heading"]), row["fact"])
    for name, fact in terms.facts.items():
        for label in fact.label.values():
            found.setdefault(folded(label), name)
    _TOLD.clear()
    _TOLD[id(terms)] = found
    return found
