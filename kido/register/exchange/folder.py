"""The folder an export goes to: a new or empty one, or one that holds nothing but the same export.

refuse(folder, replace)          KidoError if nothing may be written there; asked before the work
put(files, folder, replace)      all files, or none: they are written aside and moved when every one is whole
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register.home import write_whole

_NOT_FILES = (".DS_Store", "Thumbs.db", "desktop.ini")  # put there by the system when a folder is looked at
_SHOWN = 3


def refuse(folder: Path, replace: bool = False) -> None:
    """Nothing may be written into a file, below a folder that is not there, or (unless asked for) beside other files."""
    try:
        if folder.is_dir():
            if not replace and (there := _inside(folder)):
                raise KidoError(Problem("folder-not-empty", str(folder), str(folder), {"files": _listed(there)}))
        elif folder.exists() or folder.is_symlink():
            raise KidoError(Problem("not-a-folder", str(folder), str(folder)))
        elif not folder.parent.is_dir():
            raise KidoError(Problem("no-such-folder", str(folder), str(folder.parent)))
    except (OSError, ValueError) as error:
        raise _not_written(folder, error) from None


def put(files: Mapping[str, bytes], folder: Path, replace: bool = False) -> list[Path]:
    """Write the files; a folder that holds any other file is refused, also with `replace`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as root:
    ...     [path.name for path in put({"a.csv": b"a"}, Path(root) / "new")]
    ['a.csv']
    """
    refuse(folder, replace)
    new = not folder.is_dir()
    if not new and (others := [name for name in _inside(folder) if name not in files or not (folder / name).is_file()]):
        raise KidoError(Problem("folder-of-others", str(folder), str(folder), {"files": _listed(others)}))
    aside = (folder.parent if new else folder) / f".kido-{os.getpid()}.tmp"
    try:
        aside.mkdir()
        for name, data in files.items():
            write_whole(aside / name, data)
        if new:
            aside.rename(folder)
        else:
            _move(files, aside, folder)
    except (OSError, ValueError) as error:
        raise _not_written(folder, error) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return [folder / name for name in files]


def _move(names: Iterable[str], aside: Path, folder: Path) -> None:
    """Move files to their place; if one cannot be moved (on Windows: it is open in Excel), those before it go back."""
    before = aside / "before"
    before.mkdir()
    done: list[str] = []
    try:
        for name in names:
            done.append(name)
            if (folder / name).exists():
                (folder / name).replace(before / name)
            (aside / name).replace(folder / name)
    except OSError:
        for name in done:
            if (before / name).exists():
                (before / name).replace(folder / name)
            elif not (aside / name).exists():
                (folder / name).unlink(missing_ok=True)
        raise


def _inside(folder: Path) -> list[str]:
    """What a folder holds; what a killed run left aside, and what the system puts there, does not count."""
    names = sorted(path.name for path in folder.iterdir())
    return [name for name in names if name not in _NOT_FILES and not (name.startswith(".kido-") and name.endswith(".tmp"))]


def _listed(names: Iterable[str]) -> str:
    """
    >>> _listed("abcde")
    'a, b, c, …'
    """
    names = list(names)
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")


def _not_written(folder: Path, error: Exception) -> KidoError:
    why = getattr(error, "strerror", None) or str(error)
    return KidoError(Problem("file-not-written", str(getattr(error, "filename", None) or folder), folder.name or str(folder), {"why": why}))
