"""Where answers go: the terminal, whatever it can show, and the file of -o, written as it goes."""

from __future__ import annotations

import json
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from kido.errors import KidoError, Problem

_COMPACT = (",", ":")


def adapt() -> None:
    """A terminal that cannot show a character shows a question mark in its place; no answer is lost for that."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def put_json(shown: object, line: bool = False) -> None:
    """JSON on standard output: UTF-8 as it is; any other encoding gets escapes, so that programs read it whole."""
    utf_8 = (sys.stdout.encoding or "utf-8").casefold().replace("-", "").replace("_", "") == "utf8"
    print(dumped(shown, line, ascii=not utf_8))


def dumped(shown: object, line: bool, ascii: bool = False) -> str:
    """One line without spaces, or a page of JSON.

    >>> dumped({"answer": "許可必要"}, line=True)
    '{"answer":"許可必要"}'
    """
    return json.dumps(shown, ensure_ascii=ascii, separators=_COMPACT) if line else json.dumps(shown, ensure_ascii=ascii, indent=2)


class OutputFile:
    """The file of -o: one object, a list, or lines; each answer is written when it is there, in the order of the input.

    With `lines`, or a name ending in .jsonl, one line an answer; else one object for one transaction, a list for several.
    The file is opened before anything is read, and what it held stays until there is an answer.
    """

    def __init__(self, path: str | None, source: str | None, lines: bool):
        self.path = Path(path) if path is not None else None
        self.file: TextIO | None = None
        self.count, self.written, self.first = 0, False, None
        if self.path is None:
            return
        self.lines = lines or self.path.suffix.casefold() in (".jsonl", ".ndjson")
        if source is not None and _same(self.path, source):
            raise KidoError(Problem("output-is-input", "--output", str(path)))
        try:
            self.new = not self.path.exists()
            self.file = self.path.open("a", encoding="utf-8", errors="replace", newline="\n")
        except (OSError, ValueError) as error:
            raise self._problem(error) from None

    def __enter__(self) -> OutputFile:
        return self

    def add(self, shown: object) -> None:
        """One answer, or the problems of one transaction."""
        if self.file is None:
            return
        self.count += 1
        if self.lines:
            self._write(dumped(shown, line=True) + "\n")
        elif self.count == 1:
            self.first = shown  # whether it stands alone is known when the next one comes, or none
        else:
            self._write(("[\n" + dumped(self.first, line=False) if self.count == 2 else "") + ",\n" + dumped(shown, line=False))
            self.first = None

    def __exit__(self, *error: object) -> None:
        if self.file is None:
            return
        if self.count and not self.lines:
            self._write(dumped(self.first, line=False) + "\n" if self.count == 1 else "\n]\n")
        try:
            self.file.close()
            if self.new and not self.written:
                self.path.unlink()
        except OSError as failed:
            raise self._problem(failed) from None

    def _write(self, text: str) -> None:
        try:
            if not self.written:
                self.written = True
                with suppress(OSError):  # a pipe holds nothing that could be dropped
                    self.file.truncate(0)
            self.file.write(text)
        except OSError as error:
            raise self._problem(error) from None

    def _problem(self, error: Exception) -> KidoError:
        why = getattr(error, "strerror", None) or str(error)
        return KidoError(Problem("file-not-written", "--output", str(self.path), {"why": why}))


def _same(path: Path, source: str) -> bool:
    """Whether answers would be written over the transactions they are made from."""
    with suppress(OSError, ValueError):
        other = os.fstat(sys.stdin.fileno()) if source == "-" else Path(source).stat()
        return stat.S_ISREG(other.st_mode) and os.path.samestat(path.stat(), other)
    return False
