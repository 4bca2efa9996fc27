"""The user's data folder: one writer at a time, and whole files or none.

alone()               nobody else changes the folder inside this block
write_whole(path, …)  beside and renamed, so that a killed run leaves the old file
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.terms.ground import data_folder


@contextmanager
def alone() -> Iterator[Path]:
    """The data folder, held by this process; the system lets go of it if the process is killed."""
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("a+b") as file:
            _hold(file.fileno())
            yield folder
    except OSError as error:
        raise KidoError(
            Problem("data-folder", str(error.filename or folder), str(folder), {"why": error.strerror or str(error)})
        ) from error


def _hold(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: waits ten seconds, then an OSError
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that either the old or the new one stands there, whatever happens.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "new" / "a.txt", b"whole")
    ...     (Path(folder) / "new" / "a.txt").read_bytes()
    b'whole'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
