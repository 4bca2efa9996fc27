"""A firm's own form, filled in: an .xlsx by cells, an .xlsx or .docx by `{{order.contract_no}}` in its text.

    read_form(path)              -> Form, from a map in YAML or from the form itself
    fill(form, values, lang)     -> Filled: the bytes, and which facts were missing

The map: `form: own.xlsx`, `cells: {Sheet1!B4: order.contract_no, Sheet1!C7: {value: order.total, as: number}}`. After a key, `|zh`
chooses a language. Only what is filled in changes: formats, formulas, pictures and all other sheets stay as they were. A missing
value prints the marked gap. Everything is written as text unless the map says `as: number`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kido.errors import KidoError, Problem
from kido.papers import form_sheets, form_texts, office_parts
from kido.papers.document import Cell
from kido.papers.form_map import BRACES, Form, Values, read_form
from kido.terms.office_file import opened

__all__ = ["Filled", "Form", "fill", "read_form"]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form filled in. `gaps` are the facts that were missing and stand as gaps, in the order met."""

    data: bytes
    suffix: str
    count: int
    gaps: tuple[str, ...] = ()


def fill(form: Form, values: Mapping[str, Cell], lang: str = "ja") -> Filled:
    """Fill in a form. Every problem of the map and of the placeholders is reported together; the form itself is never changed."""
    parts = opened(form.path)
    found = Values(values, lang)
    kind = form_sheets if form.path.suffix.lower() == ".xlsx" else form_texts
    changed = kind.changed_parts(form, parts, found)
    if found.problems:
        raise KidoError(found.problems)
    if not changed:
        raise KidoError(Problem("form-nothing-to-fill", form.path.name, "", {"braces": BRACES}))
    return Filled(office_parts.packed(form.path, changed, parts), form.path.suffix.lower(), found.count, tuple(found.gaps))
