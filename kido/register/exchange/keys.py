"""The keys of an exported file, read back: which measure, under which code, for which products, from when to when.

read_keys(scheme, folder)   -> measure id -> Key, from the files that `export` wrote there
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kido.register.exchange.package import SEPARATOR
from kido.terms.cells import read_csv


@dataclass(frozen=True, slots=True)
class Key:
    """What identifies a measure in a foreign format; `hs` are full codes for QR, else their first six digits."""

    measure: str
    codes: tuple[str, ...]
    hs: tuple[str, ...]
    items: tuple[str, ...]
    start: str
    until: str


@dataclass(frozen=True, slots=True)
class _Columns:
    file: str
    code: str
    hs: str
    start: str
    until: str


_MAST = {"code": "code", "hs": "hs6", "start": "start_date", "until": "end_date"}
_COLUMNS = {
    "qr": _Columns("qr-section-1", "symbols", "", "in_force_from", "termination"),
    "mast2012": _Columns("mast2012", **_MAST),
    "mast2019": _Columns("mast2019", **_MAST),
    "oecd": _Columns("oecd", "measure", "hs2007", "first_year", "last_year"),
    "gta": _Columns("gta", "intervention_type", "affected_products", "date_implemented", "date_removed"),
}


def read_keys(scheme: str, folder: Path | str) -> dict[str, Key]:
    """The keys of every measure in a folder's files of one format; several rows of a measure are joined."""
    names = _COLUMNS[scheme]
    found: dict[str, Key] = {}
    lines: dict[str, list[str]] = {}
    if scheme == "qr":
        for row in read_csv(Path(folder) / "qr-tariff-lines.csv"):
            lines.setdefault(row["measure_id"], []).append(row["code"])
    for row in read_csv(Path(folder) / f"{names.file}.csv"):
        id = row["measure_id"]
        hs = tuple(lines.get(id, ())) if scheme == "qr" else _entries(row[names.hs])
        before = found.get(id, Key(id, (), (), (), "", ""))
        found[id] = Key(
            id, _joined(before.codes, _entries(row[names.code])), _joined(before.hs, hs), _joined(before.items, _entries(row["items"])),
            row[names.start], row[names.until],
        )  # fmt: skip
    return found


def _joined(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))


def _entries(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(SEPARATOR)) if cell else ()
