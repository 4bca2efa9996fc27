"""How the columns of a table are read, as the user confirmed it: remembered for its header in the data folder.

told_columns(header, name, said)  -> the columns, and the day they were confirmed; "" if never
confirm_columns(columns, day)     remember them
forget_columns(header)            -> whether anything was remembered
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kido.decide.columns import ID, UNUSED, Columns, columns_of, names_of
from kido.decide.transaction import ALIASES
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.home import alone, write_whole
from kido.terms.ground import data_folder

FOLDER = "columns"


@dataclass(frozen=True, slots=True)
class _Saved:
    """What was confirmed: heading -> fact, the headings no fact was found for, and the day."""

    columns: Mapping[str, str]
    unused: tuple[str, ...]
    day: str


def told_columns(header: Sequence[str], name: str, said: Mapping[str, str] | None = None) -> tuple[Columns, str]:
    """The columns of a header: as `said`, then as they were confirmed, then as the headings tell.

    Raises
    ------
    KidoError : as `columns_of`; what is remembered cannot be read
    """
    header, said = tuple(cell.strip() for cell in header), said or {}
    saved = _saved(header)
    if saved is not None:
        names = names_of(header)
        taken = {ALIASES.get(fact, fact) for fact in said.values()} - {ID}
        kept = {name: saved.columns.get(name, UNUSED) for name in names if name and name not in said}
        try:
            told = columns_of(header, store.terms(), {**{h: f for h, f in kept.items() if f not in taken or f == UNUSED}, **said}, name)
        except KidoError:
            pass  # --column is wrong, and is told below; or a fact is no longer there, and the headings tell
        else:
            open_ = {*told.unused, *(heading for heading in saved.unused if heading not in said)}
            unused = tuple(name for name in names if name in open_)
            told = replace(told, unused=unused, left=tuple(name for name in told.left if name not in open_))
            return told, saved.day if _facts(told) == saved.columns else ""
    return columns_of(header, store.terms(), said, name), ""


def confirm_columns(columns: Columns, day: str) -> None:
    """Remember how the columns of this header are read."""
    found = {"header": columns.header, "columns": _facts(columns), "unused": columns.unused, "on": day}
    with alone():
        write_whole(_file(columns.header), json.dumps(found, ensure_ascii=False, indent=1).encode())


def forget_columns(header: Sequence[str]) -> bool:
    """Remember nothing of this header."""
    with alone():
        file = _file(header)
        there = file.exists()
        file.unlink(missing_ok=True)
    return there


def _facts(columns: Columns) -> dict[str, str]:
    return {columns.names[number]: fact for number, fact in columns.facts.items()}


def _file(header: Sequence[str]) -> Path:
    said = json.dumps([cell.strip() for cell in header], ensure_ascii=False)
    return data_folder() / FOLDER / f"{hashlib.sha256(said.encode()).hexdigest()[:16]}.json"


def _saved(header: Sequence[str]) -> _Saved | None:
    file = _file(header)
    try:
        found = json.loads(file.read_bytes())
        saved = _Saved(dict(found["columns"]), tuple(found["unused"]), found["on"])
        texts = (*saved.columns.values(), *saved.unused, saved.day)
        if list(header) != found["header"] or not all(isinstance(text, str) for text in texts):
            raise ValueError
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise KidoError(Problem("columns-damaged", str(file), file.name)) from None
    return saved
