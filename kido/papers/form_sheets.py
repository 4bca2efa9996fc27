"""Cells of an .xlsx that is somebody's own: filled in where the map or a placeholder says, and nothing else touched.

The parts are changed in place, so that pictures, text boxes, charts, lists of choices and print settings stay. What formulas had
reckoned before is taken out, and the spreadsheet reckons anew when it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy

from kido.errors import KidoError, Problem
from kido.papers import office_parts
from kido.papers.form_map import BRACES, Form, Values, Wanted
from kido.papers.form_texts import changed_texts
from kido.terms.text import nearest

MOST_ROWS = 100_000  # of one sheet
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def changed_parts(form: Form, parts: Mapping[str, bytes], values: Values) -> dict[str, bytes]:
    """The parts of an .xlsx that change."""
    file = form.path.name
    sheets = _sheets(parts, file)
    wanted = _by_sheet(form, sheets, values)
    strings = list(office_parts.tree(parts, "xl/sharedStrings.xml", file)) if "xl/sharedStrings.xml" in parts else []
    roots = {name: office_parts.tree(parts, part, file) for name, part in sheets.items() if part in parts}
    touched = {name for name, root in roots.items() if _Sheet(root, f"{file}!{name}", strings, values).fill(wanted.get(name, {}))}
    changed = changed_texts([name for name in parts if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)], parts, values, file)
    if touched:
        changed |= {sheets[name]: office_parts.text_of(root) for name, root in roots.items() if _forget_results(root) or name in touched}
        changed["xl/workbook.xml"] = _reckoned_anew(parts, file)
    return changed


def _sheets(parts: Mapping[str, bytes], file: str) -> dict[str, str]:
    """The part of each worksheet, by its name."""
    relations = office_parts.tree(parts, "xl/_rels/workbook.xml.rels", file) if "xl/_rels/workbook.xml.rels" in parts else ()
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    found = {}
    for sheet in office_parts.tree(parts, "xl/workbook.xml", file).iter("{*}sheet"):
        relation = sheet.get(_RELATION) or next((value for key, value in sheet.items() if key.endswith("}id")), "")
        target = targets.get(relation, "")
        found[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _by_sheet(form: Form, sheets: Mapping[str, str], values: Values) -> dict[str, dict[str, Wanted]]:
    """The map by sheet and cell: `様式!B4`, `'Sheet 1'!$B$4`; a form of one sheet needs no name of it."""
    found: dict[str, dict[str, Wanted]] = {}
    for at, wanted in form.cells.items():
        sheet, mark, cell = at.rpartition("!")
        sheet = sheet.strip().strip("'") if mark else next(iter(sheets), "")
        match = _CELL.fullmatch(cell.strip().upper())
        if match is None:
            values.problems.append(Problem("form-no-cell", wanted.place, at[:80], {"braces": BRACES}))
        elif sheet not in sheets:
            near = nearest(sheet, sheets)
            values.problems.append(Problem("form-no-sheet", wanted.place, sheet[:80], {"near": near, "values": ", ".join(sheets)}))
        else:
            found.setdefault(sheet, {})[match[1] + match[2]] = wanted
    return found


def _forget_results(root) -> bool:
    """Take out what formulas had reckoned; True if there was a formula."""
    formulas = [cell for cell in root.iter("{*}c") if cell.find("{*}f") is not None]
    for cell in formulas:
        for result in cell.findall("{*}v"):
            cell.remove(result)
        cell.attrib.pop("t", None)
    return bool(formulas)


def _reckoned_anew(parts: Mapping[str, bytes], file: str) -> bytes:
    root = office_parts.tree(parts, "xl/workbook.xml", file)
    settings = root.find("{*}calcPr")
    if settings is None:
        settings = root.makeelement(root.tag.replace("workbook", "calcPr"), {})
        after = [child for child in root if re.search(r"\}(definedNames|externalReferences|functionGroups|sheets)$", child.tag)]
        after[-1].addnext(settings)
    settings.set("fullCalcOnLoad", "1")
    return office_parts.text_of(root)


class _Sheet:
    """One worksheet while it is filled in."""

    def __init__(self, root, place: str, strings: list, values: Values):
        self.root, self.place, self.strings, self.values = root, place, strings, values
        self.rows = self._rows()
        self.cells = {cell.get("r"): cell for row in self.rows.values() for cell in row if cell.get("r")}
        self.merged = self._merged()

    def _rows(self) -> dict[int, object]:
        found, number = {}, 0
        for row in self.root.iter("{*}row"):
            number = int(row.get("r") or number + 1)
            found[number] = row
            if len(found) > MOST_ROWS:
                raise KidoError(Problem("office-too-large", self.place, f"> {MOST_ROWS:,}", {"most": f"{MOST_ROWS:,}"}))
            self._name_cells(row, number)
        return found

    @staticmethod
    def _name_cells(row, number: int) -> None:
        """Cells that leave out their name follow the one before."""
        column = 0
        for cell in row:
            match = _CELL.fullmatch(cell.get("r") or "")
            column = _number(match[1]) if match else column + 1
            cell.set("r", f"{_letters(column)}{number}")

    def _merged(self) -> list[tuple[int, int, int, int]]:
        found = []
        for merge in self.root.iter("{*}mergeCell"):
            corners = [_CELL.fullmatch(corner) for corner in merge.get("ref", "").split(":")]
            if len(corners) == 2 and all(corners):
                found.append((_number(corners[0][1]), int(corners[0][2]), _number(corners[1][1]), int(corners[1][2])))
        return found

    def _first(self, cell: str) -> str:
        """The cell itself, or the first one of the merged cells it lies in."""
        match = _CELL.fullmatch(cell)
        column, row = _number(match[1]), int(match[2])
        for left, top, right, bottom in self.merged:
            if left <= column <= right and top <= row <= bottom:
                return f"{_letters(left)}{top}"
        return cell

    def fill(self, wanted: Mapping[str, Wanted]) -> bool:
        """Fill in the cells of the map, then every placeholder; True if the sheet has changed."""
        done: set[str] = set()
        for at, want in wanted.items():
            cell = self._first(at)
            if cell in done:
                self.values.problems.append(Problem("form-cell-twice", want.place, cell))
            done.add(cell)
            self._map_cell(cell, want)
        found = [self._placeholders(name, cell) for name, cell in list(self.cells.items()) if name not in done]
        return any([*found, self._margins(), bool(done)])

    def _map_cell(self, name: str, want: Wanted) -> None:
        cell = self._cell(name)
        if cell.find("{*}f") is not None:
            self.values.problems.append(Problem("form-formula-cell", want.place, name))
            return
        number = self.values.number(want) if want.number else None
        if number is None:
            self._write(cell, [self.values.text(want)])
            return
        self._clear(cell)
        cell.attrib.pop("t", None)
        self._add(cell, "v").text = number

    def _placeholders(self, name: str, cell) -> bool:
        """Replace the placeholders of one cell, which may be cut into runs of different type."""
        source = self._source(cell)
        if source is None or cell.find("{*}f") is not None:
            return False
        texts = [text for text in source.iter("{*}t") if not any(above.tag.endswith("}rPh") for above in text.iterancestors())]
        old = [text.text or "" for text in texts]
        if "{{" not in "".join(old):
            return False
        new = self.values.in_text(old, f"{self.place}!{name}")
        if new == old:
            return False
        self._write(cell, new, source)
        return True

    def _source(self, cell):
        """Where the words of a cell stand: in the list of strings, or in the cell."""
        if cell.get("t") == "s":
            number = cell.findtext("{*}v") or ""
            return self.strings[int(number)] if number.isdigit() and int(number) < len(self.strings) else None
        return cell.find("{*}is") if cell.get("t") == "inlineStr" else None

    def _write(self, cell, texts: list[str], source=None) -> None:
        """Words into a cell, as text; with `source`, its runs keep their type, and the reading aid of the old words goes."""
        runs = [deepcopy(run) for run in source if not re.search(r"\}(rPh|phoneticPr)$", run.tag)] if source is not None else []
        self._clear(cell)
        cell.set("t", "inlineStr")
        inside = self._add(cell, "is")
        inside.extend(runs)
        places = list(inside.iter("{*}t")) or [self._add(inside, "t")]
        for place, text in zip(places, texts, strict=True):
            place.text = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)  # spreadsheets read _x0041_ as a letter
            place.set(_SPACE, "preserve")

    def _margins(self) -> bool:
        """Placeholders in what is printed at the head and foot of pages."""
        found = False
        for text in self.root.iterfind("{*}headerFooter/*"):
            new = self.values.in_text([text.text or ""], self.place)[0]
            if new != (text.text or ""):
                text.text, found = new, True
        return found

    def _cell(self, name: str):
        """The cell of this name; where the sheet has none yet, a new one at its place."""
        if name in self.cells:
            return self.cells[name]
        match = _CELL.fullmatch(name)
        column, number = _number(match[1]), int(match[2])
        row = self.rows.get(number)
        if row is None:
            row = self._inserted(self.root.find("{*}sheetData"), "row", str(number), sum(other < number for other in self.rows))
            self.rows[number] = row
        before = sum(_number(_CELL.fullmatch(cell.get("r"))[1]) < column for cell in row)
        self.cells[name] = self._inserted(row, "c", name, before)
        return self.cells[name]

    def _inserted(self, parent, tag: str, name: str, at: int):
        new = parent.makeelement(re.sub(r"[^}]+$", tag, self.root.tag), {"r": name})
        parent.insert(at, new)
        return new

    def _add(self, parent, tag: str):
        new = parent.makeelement(re.sub(r"[^}]+$", tag, self.root.tag), {})
        parent.append(new)
        return new

    @staticmethod
    def _clear(cell) -> None:
        for child in list(cell):
            cell.remove(child)


def _number(letters: str) -> int:
    """The number of a column.

    >>> _number("A"), _number("AB"), _letters(28)
    (1, 28, 'AB')
    """
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found


def _letters(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
