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

from kido.decide.transaction import ALIASES, COLLECTIONS, read_transaction
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
_PER_CENT = r"[(\[（]?\s*(?:wt|mass|質量)?\.?\s*[%％]\s*[)\]）]?"
_OF_ONE = re.compile(rf"^(?P<element>\S+?)\s*(?:_?wt_pct|の?(?:含有率|含有量|content)?\s*(?:{_PER_CENT})?)$", re.IGNORECASE)
_OF_NAMED = re.compile(rf"^(?:wt_pct|(?:含有率|含有量|content|contents)\s*(?:{_PER_CENT})?|(?:wt|mass|質量)\s*[%％])$", re.IGNORECASE)
UNUSED, ID = "-", "id"
OF_NAMED = "content"  # of the element that another column names
COMPOSED = "composition:"
_OTHER_NAMES = ALIASES | {"technology_used": "technology", "end_use": "end_use_text"}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table.

    facts   column number -> fact, `id` for what names the row, `composition:Dy` for a content, `content` for that of the element in its column
    unused  headings that no fact was found for: shown, never dropped in silence
    left    headings that the user leaves out
    """

    header: tuple[str, ...]
    facts: Mapping[int, str]
    unused: tuple[str, ...]
    stated: Mapping[str, str] = field(default_factory=dict)  # of every row, where the row itself says nothing
    left: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The headings; one that stands twice is `見出し#2` the second time."""
        return names_of(self.header)

    def heading(self, fact: str) -> str:
        """The user's own word for a fact that a problem speaks of."""
        content = fact.replace(".", ":", 1)  # the door says composition.Dy
        return next((self.header[number] for number, told in self.facts.items() if told in (fact, content, fact.partition(":")[0])), fact)

    def transaction(self, cells: Sequence[str]) -> tuple[str, dict[str, object]]:
        """The id of a row and its facts; an empty cell states nothing."""
        id, facts, contents = [], {}, {}
        for number, fact in self.facts.items():
            cell = cells[number].strip() if number < len(cells) else ""
            if not cell:
                continue
            if fact == ID:
                id.append(cell)
            elif fact.startswith(COMPOSED):
                contents[fact.removeprefix(COMPOSED)] = cell
            else:
                facts[fact] = cell
        if OF_NAMED in facts:
            told = f"{facts.get('element', '?')} {facts.pop(OF_NAMED)}"
            facts["composition"] = f"{facts['composition']}, {told}" if "composition" in facts else told
        if contents and "composition" in facts:  # said in text as well: the door puts them together, or refuses what is said twice
            facts |= {f"{symbol.lower()}{CONTENT}": cell for symbol, cell in contents.items()}
        elif contents:
            facts["composition"] = contents
        return " ".join(id), {**self.stated, **facts}


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
    said, names = said or {}, names_of(header)
    problems = [
        Problem("no-such-column", place, heading, {"near": nearest(heading, header), "columns": ", ".join(header)})
        for heading in said
        if heading not in header and heading not in names
    ]
    known = (*terms.facts, *ALIASES, "composition", UNUSED, ID)
    facts: dict[int, str] = {}
    unused: list[str] = []
    left: list[str] = []
    for number, (heading, name) in enumerate(zip(header, names, strict=True)):
        mine = said.get(name) or said.get(heading) or ""
        fact = _fact_of(mine, terms) if mine else _told(heading, terms)
        if mine and fact not in known and not fact.startswith(COMPOSED) and fact != OF_NAMED:
            problems.append(Problem("unknown-fact", place, mine, {"near": nearest(mine, known)}))
        elif fact.startswith(COMPOSED) and fact.removeprefix(COMPOSED) not in terms.elements:
            problems.append(Problem("unknown-element", place, mine))
        elif fact == UNUSED:
            left.append(name)
        elif fact:
            facts[number] = fact
        elif heading:
            unused.append(name)
    if OF_NAMED in facts.values() and "element" not in facts.values():  # of which element, nothing says
        unused += [names[number] for number, fact in facts.items() if fact == OF_NAMED]
        facts = {number: fact for number, fact in facts.items() if fact != OF_NAMED}
    for fact in dict.fromkeys(fact for fact in facts.values() if fact != ID and list(facts.values()).count(fact) > 1):
        twice = [names[number] for number, other in facts.items() if other == fact]
        problems.append(Problem("fact-in-two-columns", place, ", ".join(twice), {"fact": fact, "last": twice[-1]}))
    if not problems and not any(fact != ID for fact in facts.values()):
        problems.append(Problem("no-fact-column", place, ", ".join(header)[:200]))
    if problems:
        raise KidoError(problems)
    return Columns(header, facts, tuple(unused), left=tuple(left))


def stated_facts(facts: Mapping[str, str], terms: Terms) -> dict[str, str]:
    """What is stated of every row, by the names of the columns.

    Raises
    ------
    KidoError : an unknown fact, or a value that cannot be read

    >>> from kido.register.store import terms
    >>> stated_facts({"to": "日本", "dy_wt_pct": "5", "composition": "Nd 30"}, terms())
    {'destination': '日本', 'composition': 'Nd 30, Dy 5'}
    """
    found, contents = {}, [facts["composition"]] if "composition" in facts else []
    for name, value in facts.items():
        fact = _fact_of(name, terms)
        if fact.startswith(COMPOSED):
            contents.append(f"{fact.removeprefix(COMPOSED)} {value}")
        elif fact != "composition":
            found[fact] = value
    if contents:
        found["composition"] = ", ".join(contents)
    if found:
        read_transaction(found, terms)
    return found


def names_of(header: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{text}#{header[: at + 1].count(text)}" if text and text in header[:at] else text for at, text in enumerate(header))


def _fact_of(name: str, terms: Terms) -> str:
    """The fact that somebody means by its name, by another name, or by what it is called in a heading; else the name."""
    symbol = (
        name.removeprefix(COMPOSED) if name.startswith(COMPOSED) else name[: -len(CONTENT)] if name.casefold().endswith(CONTENT) else ""
    )
    if symbol and (element := terms.lookup("element", symbol)) and element in terms.elements:
        return f"{COMPOSED}{element}"
    name = _OTHER_NAMES.get(name, name)
    return name if name in terms.facts or name.startswith(COMPOSED) else _headings(terms).get(folded(name), "") or name


def is_heading(heading: str, terms: Terms) -> bool:
    """Whether a heading tells a fact or the name of a row."""
    return bool(_told(heading, terms))


def _told(heading: str, terms: Terms) -> str:
    word = " ".join(folded(heading).split())
    if word in _ID:
        return ID
    found = _headings(terms).get(word)
    if found:
        return _fact_of(found, terms)
    if _OF_NAMED.match(heading.strip()):
        return OF_NAMED
    content = _OF_ONE.match(heading.strip())
    if content:
        name = content["element"]
        symbol = next((id for id, element in terms.elements.items() if name == id or name in element.label.values()), "")
        if symbol and (symbol != heading.strip() or len(symbol) > 1):  # a column called Y or C may be anything
            return f"{COMPOSED}{symbol}"
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
