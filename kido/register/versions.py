"""The versions of the register on this machine: pulled, kept, and one of them in use.

    pull(path or address)   verify, unpack, load; only then it lies beside the others; nothing about the one in use changes
    use(version)            from now on every run answers with it; `shipped` is the one that came with kido
    versions()              all of them, with day, signer and counts
    remove(version)         not the one in use
    export(version, into)   the bundle again, byte for byte, to hand on

`store.at(version)` answers with a kept version once, so that a past answer can be repeated.  A version whose signer is
no longer trusted is refused by `use` and `at`; while it is in use it answers, and `store.distrusted()` says so.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.bundle import Bundle, checked, lay, loaded_as_stated, members_of, opened, summary, written
from kido.register.fetch import Progress, fetched
from kido.register.home import alone, write_whole
from kido.register.keys import trusted
from kido.terms.ground import SHIPPED, chosen, ground, no_such_version, pulled_versions, registers_folder
from kido.terms.text import nearest


@dataclass(frozen=True, slots=True)
class Version:
    """One register on this machine."""

    name: str  # what `use` takes: a version, or "shipped"
    version: str
    folder: Path
    in_use: bool = False
    stated: dict = field(default_factory=dict)  # the manifest without its files: verified, jurisdictions, cite, ...
    signer: str = ""  # name of the trusted key; "" for the shipped one, and where the key is no longer trusted
    fingerprint: str = ""
    problem: KidoError | None = None  # why it cannot be used
    instead_of: str = ""  # of `use`: the later day on which the register used before was checked; "" if this one is not older


# -- bring in ----------------------------------------------------------------------------------


def pull(source: str | Path, progress: Progress | None = None, timeout: float = 30.0) -> Bundle:
    """Bring in a bundle from a path or address; what is wrong with it is refused by name, and nothing is kept of it."""
    with fetched(source, progress, timeout) as file:
        bundle = opened(file, str(source), trusted())
    with alone():
        registers = _registers()
        incoming = registers / ".incoming"
        try:
            lay(bundle.files, incoming)
            loaded_as_stated(bundle, incoming, str(source))
            if not _same(bundle, registers / bundle.version):
                _put(incoming, registers / bundle.version)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    store.forget()
    return replace(bundle, path=registers / bundle.version)


def _registers() -> Path:
    """The folder of the pulled registers, without what a killed run left; with it the choice begins to be kept."""
    folder = registers_folder()
    if not folder.is_dir():
        _choose(SHIPPED)
        folder.mkdir()
    for left in folder.glob(".*"):
        shutil.rmtree(left, ignore_errors=True)
    return folder


def _same(bundle: Bundle, folder: Path) -> bool:
    """Whether exactly these files lie there already."""
    return folder.is_dir() and members_of(folder) == bundle.files


def _put(incoming: Path, folder: Path) -> None:
    """Move an unpacked register to its place; a damaged one of the same version goes away."""
    outgoing = folder.with_name(".outgoing")
    if folder.is_dir():
        folder.rename(outgoing)
    incoming.rename(folder)
    shutil.rmtree(outgoing, ignore_errors=True)


# -- choose ------------------------------------------------------------------------------------


def use(version: str) -> Version:
    """Answer with this version from now on; it is verified again first. `KIDO_GROUND`, if set, still goes before it."""
    with alone():
        found = _shipped() if version == SHIPPED else _pulled(_there(version).name)
        if found.problem:
            raise found.problem
        with store.at(version):
            store.register()
        before = _checked_on_now()
        _choose(version)
    store.forget()
    return replace(found, in_use=True, instead_of=before if "" < str(found.stated.get("verified", "")) < before else "")


def _checked_on_now() -> str:
    """The day on which the register chosen until now was checked; nothing where that cannot be told."""
    try:
        now = chosen()
        stated = _shipped().stated if now == SHIPPED else json.loads((registers_folder() / now / "manifest.json").read_bytes())
        return str(stated.get("verified", ""))
    except (KidoError, OSError, ValueError, AttributeError):
        return ""


def _choose(version: str) -> None:
    write_whole(registers_folder().with_name("register.json"), json.dumps({"version": version}).encode() + b"\n")


def versions() -> list[Version]:
    """The shipped register and every pulled one; where the choice is lost, none is in use until `use` is called."""
    try:
        now = ground("law")
    except KidoError:
        now = None
    found = [_shipped(), *(_pulled(version) for version in pulled_versions())]
    return [replace(each, in_use=each.folder / "law" == now) for each in found]


def _shipped() -> Version:
    """The register that came with kido."""
    with store.at(SHIPPED):
        folder = ground("law")
        try:
            register = store.register()
        except KidoError as error:
            return Version(SHIPPED, store.shipped_version(), folder.parent, problem=error)
    return Version(SHIPPED, register.version, folder.parent, stated=summary(register, store.content_hash(folder)))


def _pulled(version: str) -> Version:
    """A pulled register, verified; damage is told with the files that are damaged."""
    folder, known = registers_folder() / version, trusted()
    try:
        bundle = checked(members_of(folder), str(folder), known)
        if bundle.version != version:
            raise KidoError(Problem("bundle-version", str(folder), version, {"found": bundle.version}))
    except (KidoError, OSError) as error:
        problems = error.problems if isinstance(error, KidoError) else ()
        if problems and problems[0].code in ("bundle-untrusted", "bundle-newer"):
            stated = json.loads((folder / "manifest.json").read_bytes())
            return Version(version, version, folder, stated=_without_files(stated), problem=error)
        return Version(version, version, folder, problem=KidoError([Problem("register-damaged", str(folder), version), *problems]))
    return Version(version, version, folder, False, _without_files(bundle.manifest), bundle.signer, bundle.fingerprint)


def _without_files(manifest: dict) -> dict:
    return {key: value for key, value in manifest.items() if key != "files"}


def _there(version: str) -> Path:
    if version not in pulled_versions():
        near = SHIPPED if version == store.shipped_version() else nearest(version, pulled_versions())
        raise no_such_version(version, near)
    return registers_folder() / version


def remove(version: str) -> None:
    """Take a pulled version away; the one in use, and the one that came with kido, stay."""
    with alone():
        if version in (SHIPPED, chosen()):
            raise KidoError(Problem("version-in-use", str(registers_folder()), version))
        folder = _there(version)
        folder.rename(outgoing := folder.with_name(".outgoing"))
        shutil.rmtree(outgoing, ignore_errors=True)
    store.forget()


def export(version: str, into: Path | str) -> tuple[Path, str]:
    """Write the bundle of a pulled version again, byte for byte as it was signed; its path and sha256."""
    folder = _there(version)
    if problem := _pulled(version).problem:
        raise problem
    return written(members_of(folder), version, into)
