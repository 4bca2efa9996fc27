"""What to write into a firm's own form: its map of cells, and the placeholders in its text.

read_form(path)              -> Form, from a map in YAML or from the form itself
Values(values, lang)         looks facts up for one form, and gathers gaps and problems
replaced(pieces, said)       -> text in pieces with its placeholders replaced
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.papers.document import Cell, Gap, spoken
from kido.papers.layout import LONGEST, marked
from kido.register.yaml_file import Mark, read_yaml
from kido.terms.amounts import AmountError, exact
from kido.terms.text import nearest

BRACES = "{{order.contract_no}}"
LANGS = ("ja", "en", "zh")
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}|\s][^{}|]{0,120}?)\s*(?:\|\s*(\w+)\s*)?\}\}")
_KEYS = ("form", "cells")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What stands in one cell of the form: the fact, its language ("" for that of the form), and where the map says so."""

    key: str
    place: str
    lang: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form and the cells to fill in: `Sheet1!B4` → what."""

    path: Path
    cells: Mapping[str, Wanted] = field(default_factory=dict)


def read_form(path: Path) -> Form:
    """Read a map, or take a form that has placeholders only. The form stands beside its map."""
    if path.suffix.lower() not in (".yaml", ".yml"):
        return Form(path)
    try:
        mark = read_yaml(path, path.name)
    except OSError as error:
        raise KidoError(Problem("file-not-read", path.name, path.name, {"why": error.strerror or ""})) from None
    if not isinstance(mark.value, dict):
        raise _shape(mark, "form: own.xlsx")
    problems = [_unknown(name, mark.keys[name].place, _KEYS) for name in mark.value if name not in _KEYS]
    if problems:
        raise KidoError(problems)
    form = mark.value.get("form")
    if form is None or not isinstance(form.value, str):
        raise KidoError(Problem("missing-key", mark.place, "form"))
    if Path(form.value).name != form.value:
        raise _shape(form, "form: own.xlsx")
    cells = mark.value.get("cells")
    if cells is not None and not isinstance(cells.value, dict):
        raise _shape(cells, "cells: {Sheet1!B4: order.contract_no}")
    return Form(path.with_name(form.value), {name: _wanted(child) for name, child in (cells.value if cells else {}).items()})


def _wanted(mark: Mark) -> Wanted:
    number = False
    named = mark
    if isinstance(mark.value, dict) and set(mark.value) <= {"value", "as"} and "value" in mark.value:
        named = mark.value["value"]
        number = "as" in mark.value and mark.value["as"].value == "number"
        if "as" in mark.value and not number:
            raise _shape(mark.value["as"], "as: number")
    if not isinstance(named.value, str):
        raise _shape(mark, "order.contract_no / {value: order.total, as: number}")
    key, _, lang = (part.strip() for part in named.value.partition("|"))
    return Wanted(key, named.place, lang, number)


def _shape(mark: Mark, wanted: str) -> KidoError:
    return KidoError(Problem("wrong-shape", mark.place, str(mark.plain())[:80], {"wanted": wanted}))


def _unknown(key: str, place: str, known: Sequence[str]) -> Problem:
    return Problem("unknown-key", place, key[:80], {"near": nearest(key, known), "values": ", ".join(list(known)[:60])})


class Values:
    """The values of one form: looks keys up, gathers problems and gaps."""

    def __init__(self, values: Mapping[str, Cell], lang: str):
        self.values, self.lang = values, lang
        self.problems: list[Problem] = []
        self.gaps: dict[str, None] = {}
        self.count = 0

    def text(self, wanted: Wanted) -> str:
        """The value as it is written; for a gap its mark; for a key nobody knows a problem."""
        if wanted.lang and wanted.lang not in LANGS:
            self.problems.append(_unknown(wanted.lang, wanted.place, LANGS))
        if wanted.key not in self.values:
            self.problems.append(_unknown(wanted.key, wanted.place, list(self.values)))
            return ""
        cell = self.values[wanted.key]
        self.count += 1
        if isinstance(cell, Gap):
            self.gaps[wanted.key] = None
        found = marked(spoken(cell, wanted.lang or self.lang)[0])
        if len(found) > LONGEST:
            self.problems.append(Problem("too-long", wanted.place, found[:80], {"most": f"{LONGEST:,}"}))
        return found[:LONGEST]

    def number(self, wanted: Wanted) -> str | None:
        """The value as a plain figure; None for a gap."""
        if isinstance(self.values.get(wanted.key), Gap):
            return None
        plain = self.text(wanted).replace(",", "").strip()
        try:
            exact(plain)
        except AmountError:
            self.problems.append(Problem("form-not-a-number", wanted.place, plain[:80]))
        return plain

    def in_text(self, pieces: list[str], place: str) -> list[str]:
        """Pieces of text with their placeholders replaced; `place` is where they stand."""
        return replaced(pieces, lambda found: self.text(Wanted(found[1], f"{place} {found[0]}", found[2] or "")))


def replaced(pieces: list[str], said: Callable[[re.Match], str]) -> list[str]:
    """A text that is cut into pieces, with its placeholders replaced; the value stands in the piece where its placeholder began.

    >>> replaced(["No. {{ord", "er.no", "}} of"], lambda found: found[1].upper())
    ['No. ORDER.NO', '', ' of']
    """
    whole = "".join(pieces)
    edits = [(found.start(), found.end(), said(found)) for found in _PLACEHOLDER.finditer(whole)]
    if not edits:
        return pieces
    result, start = [], 0
    for piece in pieces:
        end, text, at = start + len(piece), "", start
        for first, last, value in edits:
            if last <= start or first >= end:
                continue
            text += whole[at : max(first, at)] + (value if first >= start else "")
            at = min(last, end)
        result.append(text + whole[at:end])
        start = end
    return result
