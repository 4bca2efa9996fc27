"""The facts of the check page: what its fields say, as a transaction; and a transaction as its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import QueryParams

from kido.decide.questions import fact_of
from kido.decide.stated import stating
from kido.decide.transaction import ALIASES, SECTIONS
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.yaml_file import Mark, marked
from kido.terms.vocabulary import CONTENT

PARTY, INPUT = ("role", "name", "country", "kind"), ("name", "element", "form", "origin", "value")
DRAFT = "draft"  # asked for while facts are typed: the answer is the same, and it is not kept
ROWS = {"party": ("parties", PARTY), "input": ("inputs", INPUT)}
SHEETS = {name: kind for kind, (name, _) in ROWS.items()}
FILE, LEFT = "file", "left"  # the file the facts came from, and what of it has no field
OURS = ("lang", "skip", "known_on", "sample", "csrf", DRAFT, FILE, LEFT)
_ROW = re.compile(r"(party|input)\.(\d{1,2})\.([a-z]+)")
PAPERS = "papers"  # the order: no answer depends on it
UNKNOWN = "unknown"  # as a field says that nobody knows
MOST_ROWS, MOST_FACTS = 20, 300


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed, by field; rows of parties and inputs without the empty ones; facts nobody knows."""

    typed: Mapping[str, str]
    party: tuple[dict[str, str], ...] = ()
    input: tuple[dict[str, str], ...] = ()
    skipped: tuple[str, ...] = ()
    known_on: str = ""
    wrong: tuple[Problem, ...] = ()  # one fact with two values, more fields than are read

    @property
    def on(self) -> str:
        return self.typed.get("on", "")

    @property
    def empty(self) -> bool:
        """Whether nothing but a day is stated."""
        return not (self.party or self.input or any(name != "on" for name in self.typed))

    def facts(self) -> Mark:
        """The transaction without its day; a content takes the place of what the composition says of that element.

        Raises
        ------
        KidoError : the fields do not say one thing; none of them is chosen
        """
        if self.wrong:
            raise KidoError(self.wrong)
        typed = {name: value for name, value in self.typed.items() if name != "on"}
        contents = [name for name in typed if name.endswith(CONTENT) and "composition" in typed]
        stated: dict[str, object] = {name: value for name, value in typed.items() if name not in contents}
        for kind, (name, _) in ROWS.items():
            if rows := getattr(self, kind):
                stated[name] = list(rows)
        if "inputs_complete" in typed and "inputs" not in stated:
            stated["inputs"] = []  # no rows, and none left out: there are no such inputs
        mark = marked(stated, "")
        for name in contents:
            mark = stating(mark, name, typed[name], store.terms())
        return mark

    def pairs(self) -> list[tuple[str, str]]:
        """The facts as they stand in an address."""
        rows = [
            (f"{kind}.{number}.{key}", value)
            for kind in ROWS
            for number, row in enumerate(getattr(self, kind))
            for key, value in row.items()
        ]
        return [
            *self.typed.items(),
            *rows,
            *(("skip", name) for name in self.skipped),
            *([("known_on", self.known_on)] if self.known_on else []),
        ]


def given(query: QueryParams) -> Given:
    """Read the fields. A field without a value says nothing; two unlike values of one fact are a problem, never a choice."""
    typed: dict[str, str] = {}
    rows: dict[str, dict[int, dict[str, str]]] = {kind: {} for kind in ROWS}
    wrong: list[Problem] = []
    stated = [(name, value.strip()) for name, value in query.multi_items() if name not in OURS and value.strip()]
    if len(stated) > MOST_FACTS:
        wrong.append(Problem("too-many-values", "facts", f"{len(stated):,}", {"most": str(MOST_FACTS)}))
    for name, value in stated[:MOST_FACTS]:
        row = _ROW.fullmatch(name)
        if row and row[3] in ROWS[row[1]][1] and int(row[2]) < MOST_ROWS:
            place, key = rows[row[1]].setdefault(int(row[2]), {}), row[3]
        else:
            place, key = typed, ALIASES.get(name, name)
        if place.get(key, value) not in (value, UNKNOWN):
            wrong.append(Problem("fact-twice", key, f"{place[key]} / {value}"[:120]))
        place[key] = value
    party = tuple(row for _, row in sorted(rows["party"].items()) if set(row) - {"role"})
    input_ = tuple(row for _, row in sorted(rows["input"].items()))
    skipped = tuple(dict.fromkeys(name for name in query.getlist("skip") if name and name not in typed))
    return Given(typed, party, input_, skipped, query.get("known_on", "").strip(), tuple(wrong))


def as_fields(facts: Mapping[str, object]) -> list[tuple[str, str]]:
    """A transaction as the fields of the form; see `not_shown` for what has no field.

    >>> as_fields({"from": "CN", "via": ["HK", "KR"], "goods": {"composition": {"Dy": 2.5}}, "end_use": {"military_end_use": False}})
    [('exported_from', 'CN'), ('via', 'HK, KR'), ('composition', 'Dy 2.5'), ('military_end_use', 'false')]
    """
    return [(name, value) for name, value, _ in _fields(facts) if value]


def not_shown(facts: Mapping[str, object]) -> list[str]:
    """What a transaction states that the form has no field for, each once.

    >>> not_shown({"form": "magnet", "parties": [{"name": {"ja": "見本", "en": "Mihon"}, "owners": []}], "papers": {"order": {}}})
    ['parties.name.en', 'parties.owners', 'papers']
    """
    return list(dict.fromkeys(left for _, _, left in _fields(facts) if left))


def _fields(facts: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """The field of each value, and its text; or what there is no field for."""
    for name, value in facts.items():
        if value is None:
            continue
        if name in SECTIONS and isinstance(value, Mapping):
            yield from _fields(value)
        elif name == "composition" and isinstance(value, Mapping):
            yield name, ", ".join(f"{symbol} {content}" for symbol, content in value.items()), ""
        elif name in SHEETS and isinstance(value, Sequence) and not isinstance(value, str):
            yield from _rows(name, value)
        elif name == "via" and value == []:
            yield name, "none", ""
        elif name == "papers" or isinstance(value, Mapping) or _nested(value):
            yield "", "", name
        else:
            fact = "end_use_text" if name == "end_use" else ALIASES.get(name, name)
            yield fact, ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value), ""


def _rows(name: str, rows: Sequence) -> Iterator[tuple[str, str, str]]:
    kind = SHEETS[name]
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping) or number >= MOST_ROWS:
            yield "", "", f"{name}[{number}]"
            continue
        for key, value in row.items():
            if key not in ROWS[kind][1] or isinstance(value, list):
                yield "", "", f"{name}.{key}"
            elif isinstance(value, Mapping):
                first, *others = value
                yield f"{kind}.{number}.{key}", _plain(value[first]), ""
                for other in others:
                    yield "", "", f"{name}.{key}.{other}"
            else:
                yield f"{kind}.{number}.{key}", _plain(value), ""


def _nested(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, Mapping | list) for one in value)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def known_fact(name: str) -> bool:
    """Whether a name is one a question may be asked for."""
    terms = store.terms()
    symbol = name.removesuffix(CONTENT).capitalize()
    return (
        name in terms.facts or name in ("composition", "inputs", "inputs_complete") or (name.endswith(CONTENT) and symbol in terms.elements)
    )


def label_of(name: str, lang: str) -> str:
    """A fact by its label; a name that is none, as it was typed."""
    return fact_of(name, store.terms()).label[lang] if known_fact(name) else name
