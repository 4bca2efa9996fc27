"""The register on this machine: versions, signers, exchange with others, checks."""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kido.desk.days import as_date
from kido.errors import Problem
from kido.register import store

if TYPE_CHECKING:
    from kido.register.bundle import Bundle
    from kido.register.changes import RegisterChange
    from kido.register.exchange.disagreements import Comparison
    from kido.register.exchange.layers import Layer
    from kido.register.exchange.loss import LossReport
    from kido.register.fetch import Progress
    from kido.register.versions import Version


def export(format: str, into: str, on: date | str | None = None, replace: bool = False) -> tuple[list[Path], LossReport | None]:
    """The register in an open form, or in the fields of a foreign list with a loss report.

    Parameters
    ----------
    format : json, csv, parquet, sqlite (nothing is lost); qr, mast2012, mast2019, oecd, gta (a loss report goes along)
    into : a new or empty folder to write to
    on : of a foreign list, only what stands on that day, or may stand; each row says its standing
    replace : put the files in place of an earlier export of the same format
    """
    from kido.register.exchange import export as exported

    return exported(store.register(), format, into, as_date(on, "on"), store.terms(), replace)


def foreign() -> Comparison:
    """Others' measures beside ours, and where they disagree: who says so, since when."""
    from kido.register.exchange import disagreements, layers

    return disagreements.compare(store.register(), [row for layer in layers.layers() for row in layer.rows])


def foreign_add(file: str, replace: bool = False) -> Layer:
    """Keep a CSV of others' measures as a layer; refused whole if any row is wrong."""
    from kido.register.exchange import layers

    return layers.add(file, replace)


def foreign_remove(name: str) -> None:
    """Take a layer away."""
    from kido.register.exchange import layers

    layers.remove(name)


def bundle(key: str, into: str = ".") -> Bundle:
    """The register in use as one signed, citable file."""
    from kido.register.bundle import make

    return make(key, into)


def make_key(path: str) -> str:
    """Make a key to sign bundles with; its fingerprint is returned."""
    from kido.register import keys

    return keys.make_key(path)


def trust(name: str, key: str) -> str:
    """Trust a signer's public key under a name; its fingerprint is returned."""
    from kido.register import keys

    return keys.trust(name, key)


def distrust(name: str) -> None:
    """No longer trust a signer."""
    from kido.register import keys

    keys.distrust(name)


def trusted() -> dict[str, str]:
    """The signers that are trusted, each with its fingerprint."""
    from kido.register import keys

    return {name: keys.fingerprint(key) for name, key in keys.trusted().items()}


def pull(source: str, progress: Progress | None = None) -> Bundle:
    """Bring in a bundle from a path or address: verified and kept, not yet used."""
    from kido.register import versions as kept

    return kept.pull(source, progress)


def use(version: str) -> Version:
    """Answer with this version from now on; `shipped` is the one that came with kido."""
    from kido.register import versions as kept

    return kept.use(_bare(version))


def versions() -> list[Version]:
    """The registers on this machine."""
    from kido.register import versions as kept

    return kept.versions()


def remove_version(version: str) -> None:
    """Take away a version that is not in use."""
    from kido.register import versions as kept

    kept.remove(version)


def diff_versions(older: str, newer: str) -> list[RegisterChange]:
    """What was learnt: acts added, removed or read differently between two versions."""
    from kido.register.changes import between_versions

    with store.at(_bare(older)):
        before = store.register()
    with store.at(_bare(newer)):
        return between_versions(before, store.register())


def _bare(version: str) -> str:
    """A version as answers print it (`r2026-11-23-…`) or as it is kept."""
    return re.sub(r"^r\d{4}-\d\d-\d\d-", "", version)


def at(version: str) -> AbstractContextManager[None]:
    """Answer with one version inside a `with`, so that a past answer can be repeated.

    >>> import kido
    >>> now = kido.register().version
    >>> with at(now):
    ...     kido.register().version == now
    True
    """
    return store.at(_bare(version))


def distrusted() -> Problem | None:
    """What to say where the register in use was signed with a key that is no longer trusted."""
    return store.distrusted()


def overridden() -> bool:
    """Whether KIDO_GROUND goes before the version chosen."""
    return bool(os.environ.get("KIDO_GROUND"))


def check() -> list[Problem]:
    """Check law and cases; an empty list means that nothing was found.

    Reads every file again, runs every golden case, and looks for thresholds without a case
    on each side, rules that are never true, and measures with fewer than three cases.
    """
    from kido.decide.check import check_all

    return check_all()
