"""A register in one piece, to be kept beside the answers given with it, and answered with again years later.

packaged()               the law files of the register in use
answering(version, data) inside this block that register answers
"""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.bundle import pack
from kido.terms.ground import ground

_LAW = "law"
_SUFFIXES = (".yaml", ".csv", ".json", ".md")


def packaged() -> bytes:
    """Every law file of the register in use; the same register gives the same bytes."""
    folder = ground(_LAW)
    files = {
        f"{_LAW}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.suffix in _SUFFIXES and path.is_file()
    }
    return pack(files)


@contextmanager
def answering(version: str, data: bytes) -> Iterator[None]:
    """Answer with a packaged register.

    Raises
    ------
    KidoError : it is damaged, or is not the version it was kept as
    """
    folder = store.cache_folder() / "answered-with" / version
    if not _is(folder, version):
        _laid(folder, version, data)
    with store.inside(folder):
        yield


def _is(folder: Path, version: str) -> bool:
    try:
        return store.version_of(store.content_hash(folder / _LAW)) == version
    except OSError:
        return False


def _laid(folder: Path, version: str, data: bytes) -> None:
    beside = folder.with_name(f".{version}.{os.getpid()}.tmp")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            for name in files.namelist():
                if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or not name.startswith(f"{_LAW}/"):
                    raise zipfile.BadZipFile(name)
            files.extractall(beside)
        if not _is(beside, version):
            raise zipfile.BadZipFile("other content")
        shutil.rmtree(folder, ignore_errors=True)
        beside.replace(folder)
    except (OSError, zipfile.BadZipFile) as error:
        if not _is(folder, version):  # another process may have laid it meanwhile
            raise KidoError(Problem("register-kept-damaged", str(folder), version, {"why": str(error)})) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
