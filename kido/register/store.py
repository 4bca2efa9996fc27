"""The register, compiled once and kept by content: what makes a cold command start fast.

    register()   the register in use: the chosen version, or the law folder that came with kido
    terms()      its words
    at(version)  inside this block another version answers, so that a past answer can be repeated
    inside(…)    the same with a register that lies in a folder of its own
    distrusted() what to say where the register in use was signed with a key that is no longer trusted

The compiled form lies in the user's cache under a name made of the content of `law/` and
of the code that reads it; a changed file is another name, so nothing can be stale.
A pulled register answers only while its content still is the version it claims to be.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from kido.errors import KidoError, Problem
from kido.register.files import law_files, list_files
from kido.register.model import Register
from kido.register.packed import packed, unpacked
from kido.terms import ground as grounds
from kido.terms.ground import PACKAGE, SHIPPED, ground
from kido.terms.vocabulary import Terms, read_terms

Made = TypeVar("Made")

_READERS = ("rule/nodes.py", "rule/parse.py", "register/model.py", "register/load.py", "register/files.py", "register/shapes.py",
            "register/fields.py", "terms/vocabulary.py", "terms/sources.py", "terms/dates.py", "terms/amounts.py", "terms/text.py", "register/yaml_file.py", "register/packed.py", "register/store.py")  # fmt: skip


def register() -> Register:
    """Every act of the register, checked."""
    return _compiled(ground("law"))[1]


def terms() -> Terms:
    """The words: facts, choices, elements, places, documents."""
    return _compiled(ground("law"))[0]


@contextmanager
def at(version: str) -> Iterator[None]:
    """Answer with one version only, in this thread or task: `shipped`, a pulled one, or that of the register in use.

    >>> now = register().version
    >>> with at(now):
    ...     register().version == now
    True
    """
    token = grounds.asked.set(_known(version))
    try:
        yield
    finally:
        grounds.asked.reset(token)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Answer with the register of one folder only, in this thread or task; the caller has seen that it is the one it claims to be."""
    token = grounds.asked.set(str(folder.resolve()))
    try:
        yield
    finally:
        grounds.asked.reset(token)


def _known(version: str) -> str:
    """The name under which a version lies here; one whose signer is not trusted is refused, as `use` refuses it."""
    if version == SHIPPED:
        return version
    if version in grounds.pulled_versions():
        if (key := _distrusted_key(folder := grounds.registers_folder() / version)) is not None:
            raise KidoError(Problem("bundle-untrusted", str(folder), key))
        return version
    if version == version_of(content_hash(ground("law"))):
        return grounds.asked.get()
    if version == shipped_version():
        return SHIPPED
    raise grounds.no_such_version(version)


def distrusted() -> Problem | None:
    """The problem of the register that answers now, if it was pulled and its signer is not trusted any more.

    Cheap enough for every answer: it compares the key stated in `manifest.sig` with the trusted key files and
    verifies nothing; `use` and `versions` verify.

    >>> distrusted() is None
    True
    """
    folder = ground("law")
    if not (version := _pulled_version(folder)) or (key := _distrusted_key(folder.parent)) is None:
        return None
    return Problem("register-distrusted", str(folder.parent), version, {"fingerprint": key})


def _distrusted_key(folder: Path) -> str | None:
    """The fingerprint of the key that signed a pulled register, if it is not trusted; "–" where none is stated."""
    from kido.register import keys  # not needed for the register that came with kido

    try:
        key = keys.key_of((folder / "manifest.sig").read_bytes())
    except OSError:
        key = b""
    if key and key in keys.readable().values():
        return None
    return keys.fingerprint(key) if key else "–"


def shipped_version() -> str:
    """The version of the register that came with kido."""
    token = grounds.asked.set(SHIPPED)
    try:
        return version_of(content_hash(ground("law")))
    finally:
        grounds.asked.reset(token)


def forget() -> None:
    """Look again at the next question: another register was chosen, or its files were replaced."""
    grounds.forget()
    _compiled.cache_clear()


def version_of(content: str) -> str:
    """The version of a register, from the hash of its content."""
    return content[:12]


def content_hash(folder: Path) -> str:
    """Hash of every file of the register, names included; the rows of a party list by the checksum in its manifest."""
    digest = hashlib.sha256()
    for path in (*law_files(folder), *sorted((folder / "terms").glob("*.csv")), *list_files(folder)):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _compiled(folder: Path) -> tuple[Terms, Register]:
    content = _undamaged(folder)
    readers = hashlib.sha256(b"\0".join((PACKAGE / name).read_bytes() for name in _READERS)).hexdigest()
    return kept(f"register-{content[:24]}-{readers[:12]}", "register-*", 4, lambda: _read(folder, content))


def _pulled_version(folder: Path) -> str:
    """The version under which a law folder was pulled; "" for any other folder."""
    return folder.parent.name if folder.parent.parent == grounds.registers_folder() else ""


def _undamaged(folder: Path) -> str:
    """The content hash; that of a pulled register must be the version it lies under."""
    version = _pulled_version(folder)
    try:
        content = content_hash(folder)
    except OSError as error:
        if not version:
            raise
        raise KidoError(Problem("register-damaged", str(error.filename or folder), version)) from None
    if version and version_of(content) != version:
        raise KidoError(Problem("register-damaged", str(folder), version))
    return content


def _read(folder: Path, content: str) -> tuple[Terms, Register]:
    """Read the files; a pulled register that once loaded, and no longer does, is one of another kido's."""
    from kido.register.load import load  # not needed where the compiled form is there

    try:
        words = read_terms(folder / "terms")
        return words, load(folder, words, version=version_of(content))
    except Exception as error:
        if not (version := _pulled_version(folder)):
            raise
        manifest = (folder.parent / "manifest.json").read_bytes()
        problems = error.problems if isinstance(error, KidoError) else ()
        raise KidoError([made_with_another(manifest, str(folder), version), *problems]) from error


def made_with_another(manifest: bytes, place: str, version: str) -> Problem:
    """The problem of a register that this kido does not read: it names the kido that does."""
    import json

    made_with = str(json.loads(manifest).get("made_with"))
    return Problem("register-of-another-kido", place, version, {"made_with": made_with, "own": own_version()})


def own_version() -> str:
    """The version of this kido, read from its first file: a room may not import the house.

    >>> own_version().count(".") >= 2
    True
    """
    _, _, found = (PACKAGE / "__init__.py").read_text(encoding="utf-8").partition('__version__ = "')
    return found.partition('"')[0]


def kept(name: str, others: str, most: int, make: Callable[[], Made]) -> Made:
    """What lies in the cache under a name, else what `make` gives, kept there; of `others` (a pattern) the `most` newest stay.

    The name must hold the content and the code that it was made from: nothing looks again.
    """
    file = cache_folder() / f"{name}.pickle"
    try:
        return _loaded(file.read_bytes())
    except Exception:  # a missing or damaged file is made anew
        pass
    made = make()
    data = packed(made)
    _keep(file, hashlib.sha256(data).digest() + data, f"{others}.pickle", most)
    return made


def _loaded(stored: bytes):
    """The compiled form, if its checksum holds: a damaged one must never answer."""
    data = stored[32:]
    if hashlib.sha256(data).digest() != stored[:32]:
        raise ValueError("damaged")
    return unpacked(data)


def cache_folder() -> Path:
    """`KIDO_CACHE`, else the platform's cache folder for kido."""
    if override := os.environ.get("KIDO_CACHE"):
        return Path(override)
    from platformdirs import user_cache_path

    return user_cache_path("kido")


def _keep(file: Path, data: bytes, others: str, most: int) -> None:
    """Write beside and rename, so that a killed run leaves nothing half-written; drop older ones."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(f".{os.getpid()}.tmp")
        beside.write_bytes(data)
        beside.replace(file)
        old = sorted(file.parent.glob(others), key=lambda p: p.stat().st_mtime)[:-most]
        for path in old:
            path.unlink(missing_ok=True)
    except OSError:
        pass  # a read-only cache costs time, not answers
