"""Cells of an .xlsx sheet that are not what a reader of values takes them for.

odd_cells(parts, sheet)  -> {(row, column): text}, from 0; `parts` are those of the opened file

A number shown in per cents (0.975 in the file, 97.5% to whoever reads the sheet) has the text ""; an error (#N/A) and a formula
that was never computed have one that no fact can be read from, for an empty cell would say that nothing is there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_BUILT_IN = ("9", "10")  # 0% and 0.00%
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # text of a format that is no sign of it
_PLACE = re.compile(r"([A-Z]+)(\d+)")


def odd_cells(parts: Mapping[str, bytes], sheet: str) -> dict[tuple[int, int], str]:
    """The places of numbers with a format of per cent, of errors, and of formulas without a result."""
    data = parts.get(_file(parts, sheet), b"")
    styles = _styles(parts.get("xl/styles.xml", b""))
    if not styles and b't="e"' not in data and b"<f" not in data and b":f" not in data:
        return {}
    found = {}
    for _, cell in ElementTree.iterparse(io.BytesIO(data)):
        kind = cell.tag.rpartition("}")[2]
        if kind == "c" and (place := _PLACE.fullmatch(cell.get("r", ""))):
            value = next((one.text or "" for one in cell if one.tag.endswith("}v")), "")
            text = None
            if cell.get("t") == "e":
                text = value or "#ERROR"
            elif not value and cell.get("t") != "str" and any(one.tag.endswith("}f") for one in cell):  # a text may be empty
                text = "#FORMULA"
            elif cell.get("s", "0") in styles and cell.get("t", "n") == "n":
                text = ""
            if text is not None:
                found[int(place[2]) - 1, _column(place[1])] = text
        if kind == "row":
            cell.clear()
    return found


def _styles(data: bytes) -> set[str]:
    """The numbers of the cell styles that show per cents."""
    if b"%" not in data and not any(f'numFmtId="{number}"'.encode() in data for number in _BUILT_IN):
        return set()
    root = ElementTree.fromstring(data)
    own = {one.get("numFmtId") for one in _every(root, "numFmt") if "%" in _LITERAL.sub("", one.get("formatCode", ""))}
    styles = next(iter(_every(root, "cellXfs")), None)
    return {str(number) for number, one in enumerate(styles if styles is not None else ()) if one.get("numFmtId") in own | set(_BUILT_IN)}


def _file(parts: Mapping[str, bytes], sheet: str) -> str:
    """The part that holds a sheet, by its name in the workbook."""
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    one = next((one for one in _every(book, "sheet") if one.get("name") == sheet), None)
    links = ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<r/>"))
    id = next((value for key, value in one.items() if key.endswith("}id")), "") if one is not None else ""
    target = next((link.get("Target", "") for link in links if link.get("Id") == id), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _every(root: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return [*root.iter(f"{_MAIN}{tag}"), *root.iter(f"{_STRICT}{tag}")]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
