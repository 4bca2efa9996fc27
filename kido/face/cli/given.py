"""Transactions from a file, from standard input, or from flags."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kido.decide.transaction import laid_over
from kido.errors import KidoError, Problem
from kido.register.yaml_file import Mark, marked, read_yaml


def transactions(file: str | None, flags: dict[str, str | None], contains: list[str], facts: list[str], on: str | None) -> Iterator[Mark]:
    """Every transaction asked for; flags are laid over each."""
    over = _flags(flags, contains, facts)
    if file is None:
        if not over.value:
            raise KidoError(Problem("no-facts", "command line", ""))
        yield over
    else:
        for transaction in _read(file):
            yield laid_over(transaction, over)


def today(on: str | None, transaction: Mark) -> str | None:
    """The day asked for: --on, the transaction's own date, else today."""
    if on is not None or any(key in transaction.value for key in ("on", "date")):
        return on
    return date.today().isoformat()


def _flags(flags: dict[str, str | None], contains: list[str], facts: list[str]) -> Mark:
    values: dict[str, object] = {name: value for name, value in flags.items() if value is not None}
    for pair in facts:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise KidoError(Problem("bad-fact-flag", "--fact", pair))
        values[name.strip()] = value.strip()
    if contains:
        values["composition"] = ", ".join(_content(text) for text in contains)
    return marked(values, "")


def _content(text: str) -> str:
    """`Dy=2.5`, `Dy<0.1`, `Dy` -> the words a composition is read from."""
    for sign in ("<=", ">=", "<", ">"):
        if sign in text:
            name, _, value = text.partition(sign)
            return f"{name} {sign}{value}"
    return text.replace("=", " ") if "=" in text else f"{text} present"


def _read(file: str) -> Iterator[Mark]:
    if file == "-":
        yield from _lines(sys.stdin, "<stdin>")
        return
    path = Path(file)
    if not path.is_file():
        raise KidoError(Problem("no-such-file", "command line", file))
    try:
        if path.suffix == ".jsonl":
            with path.open(encoding="utf-8-sig") as lines:
                yield from _lines(lines, path.name)
        elif path.suffix == ".json":
            found = _json(path.read_text(encoding="utf-8-sig"), path.name)
            yield from (
                (marked(child, f"{path.name}[{i}]") for i, child in enumerate(found))
                if isinstance(found, list)
                else [marked(found, path.name)]
            )
        else:
            mark = read_yaml(path, path.name)
            yield from mark.value if isinstance(mark.value, list) else [mark]
    except UnicodeDecodeError as error:
        raise KidoError(Problem("not-utf-8", path.name, "", {"why": str(error)})) from None


def _lines(lines, name: str) -> Iterator[Mark]:
    """One JSON object a line; a bad line does not stop the others (see `answer`)."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield marked(_json(line, f"{name}:{number}"), f"{name}:{number}")
            except KidoError as error:
                yield Mark("", f"{name}:{number}", 0, 0, keys={"problems": error.problems})  # type: ignore[dict-item]


def _json(text: str, name: str) -> object:
    def no_constant(word: str) -> str:
        return word  # NaN and Infinity reach the door, which refuses them by name

    def once(pairs: list[tuple[str, object]]) -> dict:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [key for key, _ in pairs]
            raise KidoError(Problem("duplicate-key", name, next(key for key in names if names.count(key) > 1)))
        return found

    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=no_constant, object_pairs_hook=once)
    except RecursionError:
        raise KidoError(Problem("json-syntax", name, text.strip()[:60], {"why": "nested too deeply"})) from None
    except json.JSONDecodeError as error:
        raise KidoError(Problem("json-syntax", f"{name}:{error.lineno}:{error.colno}", text.strip()[:60], {"why": error.msg})) from None
