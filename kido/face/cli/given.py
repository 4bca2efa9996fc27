"""Transactions from a file, from standard input, or from flags."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from kido.decide.transaction import laid_over, states
from kido.errors import KidoError, Problem
from kido.face.exact_json import exact
from kido.register.address import is_address, shown
from kido.register.yaml_file import Mark, marked, read_yaml

LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".parquet")  # judged row by row, see `batch`
NOT_READ = (".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods", ".pdf", ".doc", ".docx", ".zip", ".parquet")
LONGEST_LINE = 10_000_000  # bytes; a longer line is no transaction, and is never held whole


def transactions(
    file: str | None, flags: dict[str, str | None], contains: list[str], facts: list[str], on: str | None = None
) -> Iterator[Mark | KidoError]:
    """Every transaction asked for, flags laid over each; one that cannot be read is an error in its place, and the next is read."""
    over = _flags(flags, contains, facts)
    if file is None:
        if not over.value:
            raise KidoError(Problem("no-facts", "command line", ""))
        yield over
        return
    empty = True
    for transaction in _read(file):
        empty = False
        try:
            yield transaction if isinstance(transaction, KidoError) else laid_over(transaction, over)
        except KidoError as error:
            yield error
    if empty:
        raise KidoError(Problem("empty-input", "command line", "<stdin>" if file == "-" else file))


def is_table(file: str | None) -> bool:
    """Whether a file, a folder of files, or a table of a database is judged row by row."""
    return file is not None and file != "-" and (is_address(file) or Path(file).is_dir() or Path(file).suffix.casefold() in TABLES)


def today(on: str | None, transaction: Mark) -> str | None:
    """The day asked for: --on, the transaction's own date, else today."""
    if on is not None or states(transaction, "on"):
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
        values["composition"] = ", ".join(contains)  # `Dy=2.5`, `Dy<0.1`, `Dy`: as a composition is read from text
    return marked(values, "")


def _read(file: str) -> Iterator[Mark | KidoError]:
    if file == "-":
        stream = getattr(sys.stdin, "buffer", None) or io.BytesIO(sys.stdin.read().encode("utf-8", "surrogatepass"))
        yield from _lines(stream, "<stdin>")
        return
    path = _file(file)
    try:
        if path.suffix.casefold() in LINES:
            with path.open("rb") as lines:
                yield from _lines(lines, path.name)
        elif path.suffix.casefold() == ".json":
            text = path.read_text(encoding="utf-8-sig")
            yield from _each(marked(exact(text, path.name), path.name) if text.strip() else marked({}, path.name))
        else:
            yield from _each(read_yaml(path, path.name))
    except UnicodeDecodeError as error:
        raise KidoError(Problem("not-utf-8", path.name, "", {"why": str(error)})) from None
    except OSError as error:
        raise KidoError(Problem("file-not-read", "command line", file, {"why": error.strerror or str(error)})) from None


def _file(file: str) -> Path:
    """A file, or a pipe that stands where a file may stand; anything else is refused by name."""
    path = Path(file)
    if not os.path.lexists(file):
        raise KidoError(Problem("no-such-file", "command line", shown(file)))
    if not (path.is_file() or path.is_fifo()):
        raise KidoError(Problem("file-not-read", "command line", file, {"why": "not a file" if path.exists() else "broken link"}))
    if path.suffix.casefold() in NOT_READ:
        raise KidoError(Problem("wrong-kind-of-file", "command line", file))
    return path


def _each(mark: Mark) -> Iterator[Mark]:
    """The transactions of a file: a list of them, or one; a file without any fact holds none."""
    if isinstance(mark.value, list):
        yield from mark.value
    elif mark.value:
        yield mark


def _lines(lines: BinaryIO, name: str) -> Iterator[Mark | KidoError]:
    """One JSON object a line; a line that cannot be read does not stop the others (see `answer`)."""
    number = 0
    while raw := lines.readline(LONGEST_LINE + 1):
        number += 1
        place = f"{name}:{number}"
        if len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            while (more := lines.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
                pass
            yield KidoError(Problem("too-long", place, raw[:40].decode(errors="replace"), {"most": f"{LONGEST_LINE:,}"}))
        elif raw.strip(b" \t\r\n\xef\xbb\xbf"):
            try:
                yield marked(exact(raw.decode("utf-8-sig" if number == 1 else "utf-8").strip(), place, line=True), place)
            except UnicodeDecodeError as error:
                yield KidoError(Problem("not-utf-8", place, "", {"why": str(error)}))
            except KidoError as error:
                yield error
