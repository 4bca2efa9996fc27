"""The register, compiled once and kept by content: what makes a cold command start fast.

    register()   the register of the law folder beside the code or in the wheel
    terms()      its words

The compiled form lies in the user's cache under a name made of the content of `law/` and
of the code that reads it; a changed file is another name, so nothing can be stale.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from functools import lru_cache
from pathlib import Path

from kido.register.load import law_files, load
from kido.register.model import Register
from kido.terms.ground import PACKAGE, ground
from kido.terms.vocabulary import Terms, read_terms

_READERS = ("rule/nodes.py", "rule/parse.py", "register/model.py", "register/load.py", "register/shapes.py",
            "register/fields.py", "terms/vocabulary.py", "terms/sources.py", "terms/dates.py", "terms/amounts.py", "terms/text.py", "register/yaml_file.py", "register/store.py")  # fmt: skip


def register() -> Register:
    """Every act of the register, checked."""
    return _compiled(ground("law"))[1]


def terms() -> Terms:
    """The words: facts, choices, elements, places, documents."""
    return _compiled(ground("law"))[0]


def content_hash(folder: Path) -> str:
    """Hash of every file of the law folder, names included."""
    digest = hashlib.sha256()
    for path in (*law_files(folder), *sorted((folder / "terms").glob("*.csv"))):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _compiled(folder: Path) -> tuple[Terms, Register]:
    content = content_hash(folder)
    readers = hashlib.sha256(b"\0".join((PACKAGE / name).read_bytes() for name in _READERS)).hexdigest()
    file = cache_folder() / f"register-{content[:24]}-{readers[:12]}.pickle"
    try:
        return _loaded(file.read_bytes())
    except Exception:  # a missing or damaged file is made anew; what it held is in law/
        pass
    words = read_terms(folder / "terms")
    compiled = words, load(folder, words, version=content[:12])
    data = pickle.dumps(compiled, protocol=5)
    _keep(file, hashlib.sha256(data).digest() + data)
    return compiled


def _loaded(stored: bytes) -> tuple[Terms, Register]:
    """The compiled form, if its checksum holds: a damaged register must never answer."""
    data = stored[32:]
    if hashlib.sha256(data).digest() != stored[:32]:
        raise ValueError("damaged")
    return pickle.loads(data)


def cache_folder() -> Path:
    """`KIDO_CACHE`, else the platform's cache folder for kido."""
    if override := os.environ.get("KIDO_CACHE"):
        return Path(override)
    from platformdirs import user_cache_path

    return user_cache_path("kido")


def _keep(file: Path, data: bytes) -> None:
    """Write beside and rename, so that a killed run leaves nothing half-written; drop older ones."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(f".{os.getpid()}.tmp")
        beside.write_bytes(data)
        beside.replace(file)
        old = sorted(file.parent.glob("register-*.pickle"), key=lambda p: p.stat().st_mtime)[:-4]
        for path in old:
            path.unlink(missing_ok=True)
    except OSError:
        pass  # a read-only cache costs time, not answers
