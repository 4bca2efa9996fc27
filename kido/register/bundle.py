"""A register in one signed file: `kido-register-<version>.zip`.

    make(key, into)         pack, sign and write the register in use
    opened(file, …)         a bundle's files, after every name, size, checksum and the signature were checked
    members_of(folder)      what a folder would put into a bundle; `checked` judges it the same way
    loaded(folder)          the strict loader on unpacked files

Inside lie `law/` and `cases/` (data only, no code), `manifest.json` (version, counts, sha256 of every file) and
`manifest.sig` (Ed25519 over the bytes of the manifest). Names are sorted, days fixed and files stored without
compression: the same content gives the same bytes on every machine, and nothing can unfold to an unexpected size.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from kido.errors import KidoError, Problem
from kido.register import keys, store
from kido.register.cases import read_cases
from kido.register.home import write_whole
from kido.register.load import load
from kido.register.model import Register
from kido.terms.ground import ground, is_version
from kido.terms.vocabulary import read_terms

FORMAT = 1
READABLE_FROM = "0.1.0"  # the first kido that reads the law files as they are written now; goes up with their form
LICENCE = "Apache-2.0; law/LICENCE.md"
MOST_FILES = 20_000
MOST_DIRECTORY = 4_000_000  # bytes of the zip's own list of names

_MANIFEST, _SIGNATURE = "manifest.json", "manifest.sig"
_KINDS = ("yaml", "csv", "json", "md")  # acts, tables, the schema, the licences of the data
_NAME = re.compile(rf"manifest\.(json|sig)|(law|cases)(/[A-Za-z0-9_][A-Za-z0-9._-]*)+\.({'|'.join(_KINDS)})")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A register in one piece, checked: what its manifest says, and every file by name."""

    manifest: dict
    files: dict[str, bytes]  # manifest and signature included
    signer: str  # the name under which the key is trusted here; "" where we signed ourselves
    fingerprint: str
    sha256: str = ""  # of the bundle file, to be cited
    path: Path | None = None

    @property
    def version(self) -> str:
        return self.manifest["version"]


def make(key_file: Path | str, into: Path | str, law: Path | None = None, cases: Path | None = None) -> Bundle:
    """Write the bundle of a register into a folder; it must load, and every name must be one that a bundle may hold."""
    import tempfile

    files = _ground_files(law or ground("law"), cases or ground("cases"))
    if wrong := _names(files, str(law or ground("law"))):
        raise KidoError(wrong)
    with tempfile.TemporaryDirectory() as folder:  # what is loaded is what is packed, even while others write
        lay(files, Path(folder))
        content = store.content_hash(Path(folder) / "law")
        register = loaded(Path(folder), store.version_of(content))
    checksums = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    manifest = summary(register, content) | {"format": FORMAT, "needs": READABLE_FROM, "files": checksums}
    files[_MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    files[_SIGNATURE] = keys.sign(files[_MANIFEST], key_file)
    path, sha256 = written(files, register.version, into)
    return Bundle(manifest, files, "", json.loads(files[_SIGNATURE])["fingerprint"], sha256, path)


def _ground_files(law: Path, cases: Path) -> dict[str, bytes]:
    """Every file of the two folders that is of a kind the ground has."""
    return {name: data for top, folder in (("law", law), ("cases", cases)) for name, data in named_files(top, folder).items()}


def named_files(top: str, folder: Path) -> dict[str, bytes]:
    """The files of a ground folder as they are named in a bundle."""
    return {f"{top}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in ground_files(folder)}


def ground_files(folder: Path) -> list[Path]:
    """Every file of a folder that is of a kind the ground has."""
    return sorted(path for path in folder.rglob("*") if path.suffix[1:] in _KINDS and path.is_file())


def summary(register: Register, content: str) -> dict:
    """What a manifest says of a register, without the files."""
    verified = min((watch.verified for watch in register.watches.values()), default="")
    cited = f"{register.version}, {verified}, sha256 {content}"
    return {
        "made_with": store.own_version(),
        "version": register.version,
        "content": content,
        "verified": str(verified),  # every jurisdiction was looked through on this day or later
        "newest_source": str(max((watch.newest_source for watch in register.watches.values()), default="")),
        "jurisdictions": {name: _counts(register, name) for name in sorted(register.watches)},
        "licence": LICENCE,
        "cite": {"en": f"kido register of export controls {cited}", "ja": f"kido 輸出管理登録簿 {cited}"},
    }


def _counts(register: Register, jurisdiction: str) -> dict:
    acts = [act for act in register.instruments.values() if act.jurisdiction == jurisdiction]
    watch = register.watches[jurisdiction]
    counted = {part: sum(len(getattr(act, part)) for act in acts) for part in ("measures", "items", "events")}
    return {"acts": len(acts), **counted, "verified": str(watch.verified), "newest_source": str(watch.newest_source)}


def pack(files: Mapping[str, bytes]) -> bytes:
    """The zip of these files; the same files give the same bytes.

    >>> pack({"b": b"1", "a": b"2"}) == pack({"a": b"2", "b": b"1"})
    True
    """
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            packed.writestr(info, files[name])
    return buffer.getvalue()


def written(files: Mapping[str, bytes], version: str, into: Path | str) -> tuple[Path, str]:
    """Write a bundle into a folder; its path, and its sha256 to be cited."""
    path, data = Path(into) / f"kido-register-{version}.zip", pack(files)
    try:
        write_whole(path, data)
    except OSError as error:
        raise KidoError(Problem("file-not-written", str(error.filename or path), path.name, {"why": error.strerror or ""})) from None
    return path, hashlib.sha256(data).hexdigest()


# -- reading -----------------------------------------------------------------------------------


def opened(file: BinaryIO, place: str, trusted: Mapping[str, bytes]) -> Bundle:
    """Read a bundle and check all of it; nothing is written and nothing of it is run."""
    bundle = checked(_unzipped(file, place), place, trusted)
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return Bundle(bundle.manifest, bundle.files, bundle.signer, bundle.fingerprint, sha256)


def _unzipped(file: BinaryIO, place: str) -> dict[str, bytes]:
    """The files of a zip, after its names and sizes were looked at; problems of all files are raised together."""
    import struct
    import zipfile

    broken = (zipfile.BadZipFile, OSError, EOFError, ValueError, OverflowError, RuntimeError, struct.error)
    try:
        _look_at_end(file)
        packed = zipfile.ZipFile(file)
    except broken as error:
        raise KidoError(Problem("bundle-not-a-zip", place, Path(place).name, {"why": str(error)})) from None
    infos = packed.infolist()
    stored = sum(info.file_size for info in infos)
    if len(infos) > MOST_FILES or stored > file.seek(0, 2):
        size, most = f"{len(infos):,} / {stored:,}", f"{MOST_FILES:,} / {file.seek(0, 2):,}"
        raise KidoError(Problem("bundle-too-large", place, Path(place).name, {"size": size, "most": most}))
    problems = _names([info.filename for info in infos], place)
    for info in infos:
        if (kind := info.external_attr >> 16 & 0o170000) not in (0, 0o100000):
            problems.append(Problem("bundle-unsafe-name", place, f"{info.filename} ({kind:o})"))
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            problems.append(Problem("bundle-compressed", place, info.filename))
    if problems:
        raise KidoError(problems)
    members: dict[str, bytes] = {}
    for info in infos:
        try:
            members[info.filename] = packed.read(info)
        except broken:  # the zip's own checksum, or a name that is another one inside
            problems.append(Problem("bundle-checksum", place, info.filename))
    if problems:
        raise KidoError(problems)
    return members


def _look_at_end(file: BinaryIO) -> None:
    """A bundle ends in a plain end record with a short list of names: a long one alone could fill the memory."""
    size = file.seek(0, 2)
    file.seek(max(size - 42, 0))
    tail = file.read().rjust(42, b"\0")
    if tail[20:24] != b"PK\5\6" or tail[:4] == b"PK\6\7" or int.from_bytes(tail[32:36], "little") > MOST_DIRECTORY:
        raise ValueError("no plain end of a zip")


def _names(names: Iterable[str], place: str) -> list[Problem]:
    """Names that no bundle may hold, and names that would be one file on some machines."""
    names = list(names)
    inside = {name.rpartition("/")[0] for name in names} & set(names)  # one name is a folder of another
    problems = [Problem("bundle-unsafe-name", place, name) for name in names if not _NAME.fullmatch(name) or name in inside]
    counted = Counter(name.casefold() for name in names)
    return problems + [Problem("bundle-name-twice", place, name) for name, count in counted.items() if count > 1]


def checked(members: dict[str, bytes], place: str, trusted: Mapping[str, bytes]) -> Bundle:
    """Judge the files of a bundle, or of an unpacked one: signature, form, and the checksum of every file."""
    if missing := [name for name in (_MANIFEST, _SIGNATURE) if name not in members]:
        raise KidoError(Problem("bundle-missing-file", place, name) for name in missing)
    name, fingerprint = keys.signer(members[_MANIFEST], members[_SIGNATURE], trusted, place)
    manifest = read_manifest(members[_MANIFEST], place)
    stated = manifest["files"]
    found = members.keys() - {_MANIFEST, _SIGNATURE}
    problems = [Problem("bundle-missing-file", place, name) for name in sorted(stated.keys() - found)]
    problems += [Problem("bundle-unexpected-file", place, name) for name in sorted(found - stated.keys())]
    for file in sorted(found & stated.keys()):
        if hashlib.sha256(members[file]).hexdigest() != stated[file]:
            problems.append(Problem("bundle-checksum", place, file))
    if problems:
        raise KidoError(problems)
    return Bundle(manifest, members, name, fingerprint)


def read_manifest(text: bytes, place: str) -> dict:
    """The manifest, if it is one of ours and not of a newer kido's."""
    try:
        manifest = json.loads(text)
        if manifest["format"] > FORMAT or _numbers(manifest["needs"]) > _numbers(store.own_version()):
            raise KidoError(_newer(manifest, place))
        texts = [*manifest["files"].values(), manifest["made_with"], manifest["content"]]
        version = manifest["version"]
        whole = all(isinstance(text, str) for text in texts) and is_version(version) and version == store.version_of(manifest["content"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        raise KidoError(Problem("bundle-format", place, _MANIFEST))
    return manifest


def _newer(manifest: dict, place: str) -> Problem:
    needs, form = str(manifest.get("needs")), str(manifest.get("format"))
    return Problem("bundle-newer", place, str(manifest.get("version")), {"needs": needs, "format": form, "own": store.own_version()})


def _numbers(version: str) -> list[int]:
    """
    >>> _numbers("0.10.0") > _numbers("0.9.2")
    True
    """
    return [int(part) for part in re.findall(r"\d+", version)[:3]]


# -- unpacked ----------------------------------------------------------------------------------


def lay(files: Mapping[str, bytes], folder: Path) -> None:
    """Write checked files into a new folder."""
    for name in ("law/", "cases/", *files):
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_bytes(files[name])


def members_of(folder: Path) -> dict[str, bytes]:
    """Every file of an unpacked bundle."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def loaded(folder: Path, version: str) -> Register:
    """The register of an unpacked bundle by the strict loader, and its cases read."""
    try:
        register = load(folder / "law", read_terms(folder / "law" / "terms"), version)
        read_cases(folder / "cases", register.instruments)
    except KidoError:
        raise
    except Exception as error:  # a table without a column, a day that is none: refused like every other slip
        raise KidoError(Problem("register-unreadable", str(folder), version, {"why": f"{type(error).__name__}: {error}"})) from error
    return register


def loaded_as_stated(bundle: Bundle, folder: Path, place: str) -> Register:
    """Load an unpacked bundle; it must be the register that its manifest names."""
    manifest = bundle.manifest
    try:
        register = loaded(folder, bundle.version)
    except KidoError as error:
        problems = [replace(problem, place=f"{Path(place).name}: {problem.place}") for problem in error.problems]
        if manifest["made_with"] != store.own_version():
            problems.insert(0, store.made_with_another(bundle.files[_MANIFEST], place, bundle.version))
        raise KidoError(problems) from error
    if (content := store.content_hash(folder / "law")) != manifest["content"]:
        raise KidoError(Problem("bundle-version", place, bundle.version, {"found": store.version_of(content)}))
    return register
