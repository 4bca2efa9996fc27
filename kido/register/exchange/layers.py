"""The foreign layers of a user: CSV files that were read and found right, kept beside the register in the user's data folder.

    add(file)      read it whole; only if all of it is right it is kept, under its own name
    layers()       every layer with its rows
    remove(name)   take one away

The register in use is never touched, and no determination reads a layer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.exchange.encoding import decoded
from kido.register.exchange.foreign import ForeignRow, read_foreign
from kido.register.home import alone, write_whole
from kido.terms.ground import data_folder
from kido.terms.text import nearest

_NAME = re.compile(r"^\w[\w.-]*$")


@dataclass(frozen=True, slots=True)
class Layer:
    name: str
    path: Path
    rows: tuple[ForeignRow, ...]
    encoding: str = "UTF-8"  # the one that was taken


def folder() -> Path:
    """`foreign` in the data folder of kido (`KIDO_DATA`, else the platform's)."""
    return data_folder() / "foreign"


def add(file: Path | str, replace: bool = False) -> Layer:
    """Keep a file of foreign measures; one of the same name is only replaced if that is asked for.

    Raises
    ------
    KidoError : every problem of the file, each with line and column; nothing was kept
    """
    path = Path(file)
    try:
        data = path.read_bytes()
    except OSError:
        raise KidoError(Problem("no-such-file", str(path), str(path))) from None
    name = path.stem
    if not _NAME.match(name):
        raise KidoError(Problem("layer-name", str(path), name))
    rows = read_foreign(data, path.name, store.terms(), store.register())
    with alone():
        kept = folder() / f"{name}.csv"
        if kept.exists() and not replace and kept.read_bytes() != data:
            raise KidoError(Problem("layer-exists", str(kept), name))
        write_whole(kept, data)
    return Layer(name, kept, rows, decoded(data, path.name)[1])


def layers() -> list[Layer]:
    """Every layer, in the order of their names; a file that was damaged since is refused by name, with all of its problems."""
    problems: list[Problem] = []
    found: list[Layer] = []
    for name in names():
        path = folder() / f"{name}.csv"
        try:
            data = path.read_bytes()
            rows = read_foreign(data, path.name, store.terms(), store.register(), False)
            found.append(Layer(name, path, rows, decoded(data, path.name)[1]))
        except KidoError as error:
            problems += error.problems
    if problems:
        raise KidoError(problems)
    return found


def names() -> list[str]:
    """The names of the layers, whether they can be read or not."""
    return sorted(path.stem for path in folder().glob("*.csv")) if folder().is_dir() else []


def remove(name: str) -> None:
    """Take a layer away, a damaged one as well."""
    with alone():
        if name not in names():
            raise KidoError(Problem("no-such-layer", str(folder()), name, {"near": nearest(name, names())}))
        (folder() / f"{name}.csv").unlink()
