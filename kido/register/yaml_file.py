"""YAML with places: every value remembers its line and column, and nothing is guessed.

Plain YAML reads NO as false and 0123 as 83.  Here every scalar stays the text that was
written, together with its quotes, and the reader above says what it must be.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kido.errors import KidoError, Problem


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
        node = yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        line = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
        raise KidoError(Problem("yaml-syntax", place, line.strip()[:80], {"why": error.problem or ""})) from None
    except yaml.YAMLError as error:
        raise KidoError(Problem("yaml-syntax", name, "", {"why": str(error)})) from None
    if node is None:
        return Mark({}, name, 1, 1, keys={})
    return _marked(node, name)


def marked(value: object, path: str) -> Mark:
    """Give plain values (from JSON or Python) a place: their path, such as `goods.form`."""
    if isinstance(value, dict):
        children = {str(key): marked(child, f"{path}.{key}" if path else str(key)) for key, child in value.items()}
        return Mark(children, path, 0, 0, keys={key: Mark(key, child.file, 0, 0) for key, child in children.items()})
    if isinstance(value, list | tuple):
        return Mark([marked(child, f"{path}[{i}]") for i, child in enumerate(value)], path, 0, 0)
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return Mark(text, path, 0, 0, quoted=True)


def _marked(node, name: str) -> Mark:
    """A PyYAML node as a Mark."""
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node.value, str):
        return Mark(node.value, name, line, column, quoted=node.style in ("'", '"'))
    if node.id == "sequence":
        return Mark([_marked(child, name) for child in node.value], name, line, column)
    values: dict[str, Mark] = {}
    keys: dict[str, Mark] = {}
    for key, value in node.value:
        key_mark = _marked(key, name)
        if not isinstance(key_mark.value, str):
            raise KidoError(Problem("yaml-syntax", key_mark.place, "", {"why": "a key must be text"}))
        if key_mark.value in values:
            raise KidoError(Problem("duplicate-key", key_mark.place, key_mark.value))
        values[key_mark.value] = _marked(value, name)
        keys[key_mark.value] = key_mark
    return Mark(values, name, line, column, keys=keys)
