"""Read marked YAML against a shape: strict, in one pass, every problem collected.

Reader(problems).record(mark, SHAPE)  -> dict of plain values, rules still as marks
"""

from __future__ import annotations

import re
from datetime import date

from kido.errors import Problem
from kido.register.shapes import Kind, Shape
from kido.register.yaml_file import Mark
from kido.terms.dates import read_date
from kido.terms.text import nearest

_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


class Reader:
    """Checks kinds and collects problems; the caller decides when to raise."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems

    def wrong(self, code: str, mark: Mark, **values: str) -> None:
        read = mark.value if isinstance(mark.value, str) else ""
        self.problems.append(Problem(code, mark.place, read[:80], values))

    def record(self, mark: Mark, shape: Shape) -> dict:
        """A mapping with exactly the keys of the shape."""
        if not isinstance(mark.value, dict):
            self.wrong("wrong-shape", mark, wanted="a mapping")
            return {}
        for key in mark.value:
            if key not in shape:
                self.problems.append(Problem("unknown-key", mark.keys[key].place, key, {"near": nearest(key, shape)}))
        for key, (_, required) in shape.items():
            if required and key not in mark.value:
                self.problems.append(Problem("missing-key", mark.place, key))
        return {key: self.value(mark.value[key], kind) for key, (kind, _) in shape.items() if key in mark.value}

    def value(self, mark: Mark, kind: Kind) -> object:
        if isinstance(kind, tuple):
            return self.one_of(mark, kind)
        if isinstance(kind, list):
            return [self.record(child, kind[0]) for child in self.list(mark)]
        if isinstance(kind, dict):
            if not isinstance(mark.value, dict):
                self.wrong("wrong-shape", mark, wanted="a mapping")
            children = mark.value if isinstance(mark.value, dict) else {}
            return {key: self.record(child, kind["*"]) for key, child in children.items()}
        return getattr(self, kind.replace(" ", "_"))(mark)

    # -- kinds ------------------------------------------------------------------------

    def list(self, mark: Mark) -> list[Mark]:
        if not isinstance(mark.value, list):
            self.wrong("wrong-shape", mark, wanted="a list")
            return []
        return mark.value

    def text(self, mark: Mark) -> str:
        if not isinstance(mark.value, str) or not mark.value.strip():
            self.wrong("wrong-shape", mark, wanted="text")
            return ""
        return mark.value.strip()

    def texts(self, mark: Mark) -> list[str]:
        return [self.text(child) for child in self.list(mark)]

    def code(self, mark: Mark) -> str:
        """A code must be quoted: YAML would read 0123 as a number and NO as false."""
        if isinstance(mark.value, str) and not mark.quoted:
            self.wrong("unquoted-code", mark)
        return self.text(mark)

    def codes(self, mark: Mark) -> list[str]:
        return [self.code(child) for child in self.list(mark)]

    def covers(self, mark: Mark) -> list[str]:
        return ["all"] if mark.value == "all" else self.codes(mark)

    def date(self, mark: Mark) -> date | None:
        found = read_date(mark.value) if isinstance(mark.value, str) else None
        if found is None:
            self.wrong("not-a-date", mark)
        return found

    def bool(self, mark: Mark) -> bool:
        if mark.value not in ("true", "false"):
            self.wrong("not-yes-or-no-value", mark)
        return mark.value == "true"

    def int(self, mark: Mark) -> int:
        if not (isinstance(mark.value, str) and mark.value.isdigit() and mark.value.isascii()):
            self.wrong("not-a-number", mark)
            return 0
        return int(mark.value)

    def number(self, mark: Mark) -> str:
        """A figure as printed; quoted or not, it is kept as text."""
        text = mark.value.replace(",", "") if isinstance(mark.value, str) else ""
        if not _NUMBER.match(text):
            self.wrong("not-a-number", mark)
        return text

    def words(self, mark: Mark) -> dict[str, str]:
        """A sentence in ja and en; zh where the text of record is Chinese."""
        if not isinstance(mark.value, dict):
            self.wrong("words-in-two-languages", mark)
            return {}
        for lang in mark.value:
            if lang not in ("ja", "en", "zh"):
                self.problems.append(Problem("unknown-key", mark.keys[lang].place, lang))
        if not {"ja", "en"} <= set(mark.value):
            self.wrong("words-in-two-languages", mark)
        return {lang: self.text(child) for lang, child in mark.value.items()}

    def words_list(self, mark: Mark) -> list[dict[str, str]]:
        return [self.words(child) for child in self.list(mark)]

    def one_of(self, mark: Mark, values: tuple[str, ...]) -> str:
        if mark.value not in values:
            near = nearest(mark.value, values) if isinstance(mark.value, str) else ""
            self.wrong("unknown-value", mark, fact=", ".join(values), near=near)
            return values[0]
        return mark.value

    def rule(self, mark: Mark) -> Mark:
        """A rule's text, kept with its place until definitions are known."""
        if not isinstance(mark.value, str) or not mark.value.strip():
            self.wrong("wrong-shape", mark, wanted="a rule")
        return mark

    def anything(self, mark: Mark) -> object:
        return mark
