"""Placeholders in the text of a form: paragraphs of a .docx, of headers and footers, and of text boxes in either kind of file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kido.errors import Problem
from kido.papers import office_parts
from kido.papers.form_map import BRACES, Form, Values

_TEXTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def changed_parts(form: Form, parts: Mapping[str, bytes], values: Values) -> dict[str, bytes]:
    """The parts of a .docx that change."""
    for wanted in form.cells.values():
        values.problems.append(Problem("form-no-cell", wanted.place, wanted.key, {"braces": BRACES}))
    return changed_texts([name for name in parts if _TEXTS.fullmatch(name)], parts, values, form.path.name)


def changed_texts(names: list[str], parts: Mapping[str, bytes], values: Values, file: str) -> dict[str, bytes]:
    """Replace the placeholders in every paragraph of some parts."""
    changed = {}
    for name in names:
        root = office_parts.tree(parts, name, file)
        if [paragraph for paragraph in root.iter("{*}p") if _paragraph(paragraph, values, file)]:
            changed[name] = office_parts.text_of(root)
    return changed


def _paragraph(paragraph, values: Values, file: str) -> bool:
    """Replace the placeholders of one paragraph, however its text is cut into runs; True if one was there."""
    texts = [text for text in paragraph.iter("{*}t") if _home(text) is paragraph]
    old = [text.text or "" for text in texts]
    before = (values.count, len(values.problems))
    new = values.in_text(old, file)
    for text, value in zip(texts, new, strict=True):
        if (text.text or "") != value:
            _put(text, value)
    return (values.count, len(values.problems)) != before


def _home(text):
    """The paragraph that a text belongs to: the nearest one, since a text box has paragraphs inside a paragraph."""
    return next((above for above in text.iterancestors("{*}p")), None)


def _put(text, value: str) -> None:
    """Set a text; further lines follow a line break."""
    first, *others = value.split("\n")
    text.text = first
    drawing = "drawingml" in text.tag
    if not drawing:
        text.set(_SPACE, "preserve")
    if drawing:
        text.text = " ".join([first, *others])
        return
    at = text
    for line in others:
        for tag, words in (("br", None), ("t", line)):
            new = text.makeelement(re.sub(r"[^}]+$", tag, text.tag), {})
            new.text = words
            if tag == "t":
                new.set(_SPACE, "preserve")
            at.addnext(new)
            at = new
