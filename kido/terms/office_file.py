"""The parts of an .xlsx or .docx of somebody else, opened with care: no macros, no password, no bomb of zip or XML.

parts = opened(path)          -> {name: bytes}, or KidoError
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from kido.errors import KidoError, Problem

KINDS = (".xlsx", ".docx")
MOST_BYTES = 30_000_000  # of the file
MOST_UNPACKED = 5  # times that, of all parts
MOST_PARTS = 2_000
MOST_RATIO = 250  # unpacked to packed, of a part above a megabyte
_MACRO_KINDS = (".xlsm", ".xltm", ".xlam", ".xlsb", ".docm", ".dotm")
_OLD_KINDS = (".xls", ".doc", ".xlt", ".dot")
_HEAD = 4_096  # bytes of a part in which it would declare entities: that is how a small XML grows without end
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def opened(path: Path, most: int = MOST_BYTES) -> dict[str, bytes]:
    """Every part of the file, in its order; `most` bytes of file, and five times that unpacked."""
    place = path.name
    if path.suffix.lower() in _MACRO_KINDS:
        raise KidoError(Problem("office-macros", place, path.suffix))
    data = _bytes(path, most)
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise KidoError(Problem("office-locked" if locked else "office-old-kind", place))
    if path.suffix.lower() not in KINDS:
        raise KidoError(
            Problem("office-old-kind" if path.suffix.lower() in _OLD_KINDS else "office-wrong-kind", place, path.suffix or place)
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_size(package, place, MOST_UNPACKED * most)
            parts = {entry.filename: _part(package, entry, place) for entry in package.infolist()}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, zlib.error) as error:
        raise KidoError(Problem("office-not-read", place, "", {"why": str(error)[:120]})) from None
    _check_kind(parts, path)
    for name, data in parts.items():
        head = data[:_HEAD]
        if name.lower().endswith((".xml", ".rels")) and (b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"<\0!\0D\0" in head):
            raise KidoError(Problem("office-entities", place, name))
    return parts


def _bytes(path: Path, most: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > most:
            raise too_large(path.name, f"{size / 1e6:.0f} MB", f"{most / 1e6:.0f} MB")
        return path.read_bytes()
    except OSError as error:
        raise KidoError(Problem("file-not-read", path.name, path.name, {"why": error.strerror or ""})) from None


def _check_size(package: zipfile.ZipFile, place: str, most: int) -> None:
    """Sizes as the file states them; `_part` holds each part to what it stated."""
    entries = package.infolist()
    if len(entries) > MOST_PARTS:
        raise too_large(place, f"{len(entries):,}", f"{MOST_PARTS:,}")
    if len({entry.filename for entry in entries}) < len(entries):
        raise zipfile.BadZipFile("two parts have the same name")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > most:
        raise too_large(place, f"{unpacked / 1e6:.0f} MB", f"{most / 1e6:.0f} MB")
    for entry in entries:
        if entry.flag_bits & 1:
            raise KidoError(Problem("office-locked", place))
        if entry.file_size > 1_000_000 and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise too_large(place, f"{entry.file_size // max(entry.compress_size, 1):,} : 1", f"{MOST_RATIO} : 1")


def _part(package: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str) -> bytes:
    with package.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise too_large(place, entry.filename[:80], f"{entry.file_size:,}")
    return data


def _check_kind(parts: Mapping[str, bytes], path: Path) -> None:
    """The inside is what the name says, and holds no macros."""
    types = parts.get("[Content_Types].xml", b"")
    macros = [name for name in parts if "vbaproject" in name.lower() or "macrosheets/" in name.lower()]
    if macros or b"macroenabled" in types.lower():
        raise KidoError(Problem("office-macros", path.name, macros[0] if macros else "macroEnabled"))
    main = {".xlsx": "xl/workbook.xml", ".docx": "word/document.xml"}[path.suffix.lower()]
    if main not in parts:
        raise KidoError(Problem("office-not-read", path.name, "", {"why": f"{main} –"}))


def too_large(place: str, read: str, most: str) -> KidoError:
    return KidoError(Problem("office-too-large", place, read, {"most": most}))
