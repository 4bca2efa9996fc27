"""The XML inside an office file that was looked at: parsed without entities, written back, packed again.

tree(parts, name, place)      -> the XML of one part
text_of(root)                 -> its bytes again
packed(path, changed, parts)  -> the same file with the changed parts, all others as they were
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.terms.office_file import too_large

MOST_XML = 40_000_000  # of one part that is read as XML


def tree(parts: Mapping[str, bytes], name: str, place: str):
    """The XML of a part, without entities."""
    try:
        from lxml import etree
    except ImportError:
        raise KidoError(Problem("extra-missing", place, "lxml", {"extra": "papers"})) from None
    if len(parts[name]) > MOST_XML:
        raise too_large(place, f"{name}: {len(parts[name]) / 1e6:.0f} MB", f"{MOST_XML / 1e6:.0f} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(parts[name], parser)
    except etree.XMLSyntaxError as error:
        raise KidoError(Problem("office-not-read", place, name, {"why": f"{name}: {str(error)[:100]}"})) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise KidoError(Problem("office-entities", place, name))
    return root


def text_of(root) -> bytes:
    """A part as bytes again."""
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def packed(path: Path, changed: Mapping[str, bytes], parts: Mapping[str, bytes]) -> bytes:
    """The file with some parts changed; order and dates of its parts stay."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, entry.date_time)
            new.writestr(info, changed.get(entry.filename, parts[entry.filename]), zipfile.ZIP_DEFLATED)
    return out.getvalue()
