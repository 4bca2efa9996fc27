"""Office files from outside (.xlsx, .docx) are looked at before anything opens them: no macros, no bombs, no old formats.

    check_office(data, name, ending)   KidoError with what is wrong and what to do; nothing is unpacked
"""

from __future__ import annotations

import io
import zipfile

from kido.errors import KidoError, Problem

MOST_UNPACKED = 400_000_000  # bytes of all parts together; a sheet of 100,000 rows has about 60 million
MOST_RATIO = 200  # of one large part to its packed size; sheets of office programs stay below 60
_LARGE = 5_000_000
MOST_PARTS = 5_000
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, .doc, and every file with a password
_MAIN = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}


def check_office(data: bytes, name: str, ending: str) -> None:
    """Refuse what is no plain `.xlsx` or `.docx`.

    >>> check_office(b"PK", "a.xlsx", "xlsx")
    Traceback (most recent call last):
    kido.errors.KidoError: a.xlsx: office-damaged: File is not a zip file
    """
    if data.startswith(_OLE):
        raise KidoError(Problem("office-old-or-locked", name, name, {"ending": ending}))
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise KidoError(Problem("office-damaged", name, str(error))) from None
    names = {part.filename for part in parts}
    if any(part.casefold().endswith("vbaproject.bin") for part in names):
        raise KidoError(Problem("office-macros", name, name, {"ending": ending}))
    if _MAIN[ending] not in names:
        raise KidoError(Problem("office-damaged", name, f"no {_MAIN[ending]}"))
    unpacked = sum(part.file_size for part in parts)
    bomb = any(part.file_size > _LARGE and part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in parts)
    if bomb or unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise KidoError(Problem("office-too-large", name, f"{unpacked:,}", {"most": f"{MOST_UNPACKED:,}"}))
    if any(part.flag_bits & 1 for part in parts):
        raise KidoError(Problem("office-old-or-locked", name, name, {"ending": ending}))
    _no_entities(data, name, parts)


def _no_entities(data: bytes, name: str, parts: list[zipfile.ZipInfo]) -> None:
    """No part declares entities: that is how a small XML grows without end, and office programs never do."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    for part in parts:
        if part.filename.casefold().endswith((".xml", ".rels")):
            with archive.open(part) as file:
                head = file.read(4096)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"<\0!\0D\0" in head:
                raise KidoError(Problem("office-damaged", f"{name}:{part.filename}", "<!DOCTYPE"))
