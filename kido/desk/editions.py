"""The whole register as files with checksums, made once for each version and kept in the data folder.

bulk(version)  -> Edition: its name, its folder, its files

An edition is named for the register and for the program that wrote it: the same name is always the same bytes, so that a
copy of a file never has to be asked for again.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.home import alone, data_folder, write_whole
from kido.terms.ground import PACKAGE
from kido.terms.text import nearest

FORMATS = ("json", "csv", "parquet", "sqlite")
SUMS = "SHA256SUMS"
MOST_KEPT = 8  # editions; an older one of a register that is still here is made again
_NAME = re.compile(r"([0-9a-f]{12})-[0-9a-f]{8}")
_ABOUT = "edition.json"
_DAY = (1980, 1, 1, 0, 0, 0)  # of the members of a zip: the same content gives the same bytes


@dataclass(frozen=True, slots=True)
class BulkFile:
    name: str
    format: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Edition:
    """The files of one register as one program wrote them."""

    name: str
    register: str  # its version
    made_with: str
    folder: Path
    files: tuple[BulkFile, ...]

    def file(self, name: str) -> BulkFile:
        """One file by name.

        Raises
        ------
        KidoError : no such file
        """
        found = {one.name: one for one in self.files}
        if name not in found:
            raise KidoError(Problem("no-such-bulk-file", f"bulk/{self.name}", name[:100], {"near": nearest(name[:100], found)}))
        return found[name]


def bulk(version: str = "") -> Edition:
    """The files of a register, made now if they are not there yet.

    Parameters
    ----------
    version : of a register on this machine, or the name of an edition that is kept; the register in use if left out

    Raises
    ------
    KidoError : no such version here; the data folder cannot be written
    """
    found = _NAME.fullmatch(version)
    if found and (edition := _kept(version)):
        return edition
    register = found[1] if found else version
    with store.at(register) if register else nullcontext():
        name = f"{store.register().version}-{_program()}"
        if found and name != version:  # of another program
            raise KidoError(Problem("no-such-edition", "bulk", version, {"there": ", ".join(_names())}))
        return _kept(name) or _make(name)


def _folder() -> Path:
    return data_folder() / "bulk"


def _names() -> list[str]:
    return sorted(place.parent.name for place in _folder().glob(f"*/{_ABOUT}"))


@cache
def _program() -> str:
    """What the bytes depend on beside the register: the code that writes them and the libraries it writes with."""
    try:
        polars = version("polars")
    except PackageNotFoundError:
        raise KidoError(Problem("extra-missing", "parquet", "polars", {"extra": "tables"})) from None
    digest = hashlib.sha256(f"{store.own_version()} {polars} {sqlite3.sqlite_version}".encode())
    here = PACKAGE / "register"
    for path in (*sorted(here.rglob("*.py")), *sorted(here.rglob("*.csv")), Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


_whole: dict[tuple, Edition] = {}  # editions whose checksums were compared, by name, folder and sizes on the disk


def _kept(name: str) -> Edition | None:
    """An edition that is kept and whole; a damaged file must never be given as that of its checksum."""
    place = _folder() / name
    try:
        told = json.loads((place / _ABOUT).read_bytes())
        files = tuple(BulkFile(**one) for one in told["files"])
        key = place, tuple((one.name, (place / one.name).stat().st_mtime_ns) for one in files)
        if key not in _whole:
            if any(hashlib.sha256((place / one.name).read_bytes()).hexdigest() != one.sha256 for one in files):
                return None
            _whole[key] = Edition(name, told["register"], told["made_with"], place, files)
        return _whole[key]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make(name: str) -> Edition:
    """Write every file aside and move them together, so that an edition is there whole or not at all."""
    with alone():
        if edition := _kept(name):  # another was faster
            return edition
        folder = _folder()
        folder.mkdir(exist_ok=True)
        for left in folder.glob(".*"):  # of a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=folder) as made:
            _write(Path(made) / name, name)
            shutil.rmtree(folder / name, ignore_errors=True)  # damaged
            (Path(made) / name).rename(folder / name)
        for old in sorted(folder.iterdir(), key=lambda place: place.stat().st_mtime)[:-MOST_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    _whole.clear()
    if (edition := _kept(name)) is None:
        raise KidoError(Problem("data-folder", str(folder), str(folder), {"why": "damaged"}))
    return edition


def _write(place: Path, name: str) -> None:
    content = _content()
    files = [BulkFile(one, format, len(data), hashlib.sha256(data).hexdigest()) for one, (format, data) in content.items()]
    sums = "".join(f"{one.sha256}  {one.name}\n" for one in files).encode()
    files.append(BulkFile(SUMS, "sha256sum", len(sums), hashlib.sha256(sums).hexdigest()))
    told = {"register": name.partition("-")[0], "made_with": f"kido {store.own_version()}", "files": [asdict(one) for one in files]}
    for one, (_, data) in (content | {SUMS: ("", sums)}).items():
        write_whole(place / one, data)
    write_whole(place / _ABOUT, json.dumps(told).encode())


def _content() -> dict[str, tuple[str, bytes]]:
    """Every file of every form by name: name -> form and bytes."""
    from kido.desk.shelf import export

    found: dict[str, tuple[str, bytes]] = {}
    with tempfile.TemporaryDirectory(prefix="kido-bulk-") as aside:
        for format in FORMATS:
            files = {path.name: path.read_bytes() for path in export(format, str(Path(aside) / format))[0]}
            if format == "csv":
                found["register-csv.zip"] = "csv", _zipped(files)
            if format == "parquet":  # one description for each form of the tables
                files["datapackage.parquet.json"] = files.pop("datapackage.json")
            found |= {name: (format, data) for name, data in files.items()}
    return found


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
