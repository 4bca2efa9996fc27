"""YAML with places: every value remembers its line and column, and nothing is guessed.

Plain YAML reads NO as false and 0123 as 83.  Here every scalar stays the text that was
written, together with its quotes, and the reader above says what it must be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType

from kido.errors import KidoError, Problem

DEEPEST = 100  # lists and mappings inside each other; no law file or transaction comes near it
ROOM_FOR_REPEATS = 10_000  # values that repeats (YAML aliases) may add to what was written


@dataclass(frozen=True, slots=True)
class Mark:
    """A value of a file: text, list or mapping, where it stands, and whether it was quoted."""

    value: str | list[Mark] | dict[str, Mark]
    file: str
    line: int
    column: int
    quoted: bool = False
    keys: dict[str, Mark] | None = None  # of a mapping: where each key stands

    @property
    def place(self) -> str:
        """File, line and column; for values that came without a file, their path."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def plain(self) -> object:
        """The value without places, for tests and for reading facts."""
        if isinstance(self.value, dict):
            return {key: mark.plain() for key, mark in self.value.items()}
        if isinstance(self.value, list):
            return [mark.plain() for mark in self.value]
        return self.value


def read_yaml(path: Path, name: str) -> Mark:
    """Read one document; `name` is the file's name in error messages."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise KidoError(Problem("not-utf-8", name, "", {"why": str(error)})) from None
    return read_yaml_text(text, name)


def read_yaml_text(text: str, name: str) -> Mark:
    """Read YAML text; a syntax error is a KidoError with line and column.

    >>> read_yaml_text("code: 0123", "x.yaml").value["code"].value
    '0123'
    """
    import yaml  # only where a YAML file is read

    try:
        return _composed(yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), yaml, name, len(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        if "nesting depth" in (error.problem or ""):  # newer libyaml stops before we do
            raise KidoError(Problem("too-deep", place, "", {"most": str(DEEPEST)})) from None
        line = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
        raise KidoError(Problem("yaml-syntax", place, line.strip()[:80], {"why": error.problem or ""})) from None
    except yaml.YAMLError as error:
        raise KidoError(Problem("yaml-syntax", name, "", {"why": str(error)})) from None


def marked(value: object, path: str, inside: frozenset[int] = frozenset()) -> Mark:
    """Give plain values (from JSON or Python) a place: their path, such as `goods.form`.

    >>> marked({"on": date(2026, 11, 23), "goods": {"calcined": True}}, "").plain()
    {'on': '2026-11-23', 'goods': {'calcined': 'true'}}
    """
    if isinstance(value, Mark):
        return value
    if not isinstance(value, Mapping | list | tuple):
        return Mark(_text(value, path), path, 0, 0, quoted=True)
    if len(inside) >= DEEPEST or id(value) in inside:  # a mapping that holds itself has no end
        raise KidoError(Problem("too-deep", _short(path), "", {"most": str(DEEPEST)}))
    inside |= {id(value)}
    if not isinstance(value, Mapping):
        return Mark([marked(child, f"{path}[{i}]", inside) for i, child in enumerate(value)], path, 0, 0)
    for key in value:
        if not isinstance(key, str):
            raise KidoError(Problem("key-is-not-text", _short(path), repr(key)[:80]))
    children = {key: marked(child, f"{path}.{key}" if path else key, inside) for key, child in value.items()}
    return Mark(children, path, 0, 0, keys={key: Mark(key, child.file, 0, 0) for key, child in children.items()})


def _text(value: object, path: str) -> str:
    """A single value of Python as it would be written; one that is no text, figure, date or yes-or-no is refused."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value == value else ""  # pandas' NaT is not equal to itself
    if isinstance(value, int) and value.bit_length() > 10_000:  # never written out: it can have millions of digits
        return f"{'-' if value < 0 else ''}1e{int(value.bit_length() * 0.30103)}"
    if isinstance(value, date | Decimal | Fraction) or hasattr(value, "__float__") or hasattr(value, "__index__"):
        return str(value)
    raise KidoError(Problem("wrong-shape", _short(path), repr(value)[:80], {"wanted": "text, a figure, a date, true or false"}))


def _short(path: str) -> str:
    return path if len(path) <= 80 else f"{path[:80]}…"


class _Open:
    """A list or mapping that is being read: what is in it so far, and how many values that is, repeats counted."""

    def __init__(self, mark: Mark, anchor: str | None):
        self.mark, self.anchor, self.size = mark, anchor, 1
        self.key: Mark | None = None

    def add(self, child: Mark, size: int) -> None:
        self.size += size
        if isinstance(self.mark.value, list):
            self.mark.value.append(child)
        elif self.key is None:
            if not isinstance(child.value, str):
                raise KidoError(Problem("yaml-syntax", child.place, "", {"why": "a key must be text"}))
            if child.value in self.mark.value:
                raise KidoError(Problem("duplicate-key", child.place, child.value))
            self.key = child
        else:
            self.mark.value[self.key.value], self.mark.keys[self.key.value] = child, self.key
            self.key = None


def _composed(events: Iterable, yaml: ModuleType, name: str, length: int) -> Mark:
    """The one document of a stream of YAML events: no recursion, so that no file can overrun the stack.

    A repeat (`*name`) stands for its anchor; a file that grows by repeats far beyond what was written is refused.
    """
    most = length + ROOM_FOR_REPEATS
    open_: list[_Open] = []
    anchors: dict[str, tuple[Mark, int]] = {}
    found: Mark | None = None
    for event in events:
        at = f"{name}:{event.start_mark.line + 1}:{event.start_mark.column + 1}" if event.start_mark else name
        match event:
            case yaml.DocumentStartEvent() if found is not None:
                raise KidoError(Problem("yaml-syntax", at, "", {"why": "expected a single document in the stream"}))
            case yaml.ScalarEvent():
                mark, size = Mark(event.value, name, *_at(event), quoted=event.style in ("'", '"')), 1
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                if len(open_) >= DEEPEST:
                    raise KidoError(Problem("too-deep", at, "", {"most": str(DEEPEST)}))
                mapping = isinstance(event, yaml.MappingStartEvent)
                open_.append(_Open(Mark({} if mapping else [], name, *_at(event), keys={} if mapping else None), event.anchor))
                anchors.pop(event.anchor, None)
                continue
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = open_.pop()
                mark, size = done.mark, done.size
                event = done
            case yaml.AliasEvent():
                if event.anchor not in anchors:
                    raise KidoError(Problem("yaml-syntax", at, f"*{event.anchor}", {"why": "found undefined alias"}))
                mark, size = anchors[event.anchor]
                event = None
            case _:
                continue
        if event is not None and event.anchor:
            anchors[event.anchor] = (mark, size)
        if open_:
            open_[-1].add(mark, size)
            size = open_[-1].size
        else:
            found = mark
        if size > most:
            raise KidoError(Problem("too-many-repeats", at, "", {"most": str(most)}))
    return found if found is not None else Mark({}, name, 1, 1, keys={})


def _at(event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
