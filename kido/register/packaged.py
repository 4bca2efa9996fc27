"""A register in one piece, to be kept beside the answers given with it, and answered with again years later.

packaged()          the law files of the register in use
package_hash()      the sha256 of that
answering(…)        inside this block a packaged register answers
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.bundle import ground_files, named_files, pack
from kido.register.home import alone
from kido.terms.ground import ground

_LAW = "law"
_hashes: dict[Path, tuple[tuple, str]] = {}  # folder -> its files as they were, and the hash of their package


def packaged() -> bytes:
    """Every law file of the register in use; the same register gives the same bytes.

    Raises
    ------
    KidoError : the files are not those that the register in use was read from
    """
    folder = ground(_LAW)
    try:
        data = _package(folder)
        found = store.version_of(store.content_hash(folder))  # after they were read: a change meanwhile is seen
    except OSError as error:
        raise KidoError(Problem("register-changed", str(error.filename or folder), store.register().version)) from None
    if found != store.register().version:
        raise KidoError(Problem("register-changed", str(folder), store.register().version))
    return data


def package_hash() -> str:
    """The sha256 of what `packaged` would give; "" where the files cannot be read."""
    return _hash(ground(_LAW))


@contextmanager
def answering(version: str, sha: str, data: Callable[[], bytes]) -> Iterator[None]:
    """Answer with a packaged register.

    Parameters
    ----------
    sha : the sha256 of the package
    data : gives the package, where it does not lie unpacked already

    Raises
    ------
    KidoError : it is damaged, or is not the version it was kept as
    """
    folder = store.cache_folder() / "answered-with" / version
    if _hash(folder / _LAW) != sha:
        with alone():  # several may want it at once; one that is whole is never touched, for somebody may be answering with it
            if _hash(folder / _LAW) != sha:
                _laid(folder, version, data())
    with store.inside(folder):
        yield


def _package(folder: Path) -> bytes:
    return pack(named_files(_LAW, folder))


def _hash(folder: Path) -> str:
    """The hash of the package of a folder, worked out again when one of its files is another."""
    try:
        stamp = tuple((str(path), about.st_mtime_ns, about.st_size) for path in ground_files(folder) for about in (path.stat(),))
        if folder not in _hashes or _hashes[folder][0] != stamp:
            _hashes[folder] = stamp, hashlib.sha256(_package(folder)).hexdigest()
        return _hashes[folder][1]
    except OSError:
        return ""


def _laid(folder: Path, version: str, data: bytes) -> None:
    """Unpack a package beside, and move it to its place once it is found to be that version."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=folder.parent) as aside, zipfile.ZipFile(io.BytesIO(data)) as files:
            for name in files.namelist():
                if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or not name.startswith(f"{_LAW}/"):
                    raise zipfile.BadZipFile(name)
            new = Path(aside) / "new"
            files.extractall(new)
            if store.version_of(store.content_hash(new / _LAW)) != version:
                raise zipfile.BadZipFile("other content")
            if folder.exists():  # damaged
                folder.rename(Path(aside) / "old")
            new.rename(folder)
    except (OSError, zipfile.BadZipFile) as error:
        raise KidoError(Problem("register-kept-damaged", str(folder), version, {"why": str(error)})) from None
