"""The register in the forms of others: JSON, CSV, Parquet, SQLite, and the fields of foreign lists with a loss report.

export(register, format, path)   -> the files that were written, and what was lost on the way
plain, records, json_schema      the whole register as JSON and back
tables, rows, package, written   flat tables and their description
cells, folder                    text that no spreadsheet runs, and back; where files may be written
schemes, entry, standing         codes of others, measures as they take them, our own columns beside theirs
loss, loss_text                  what is lost
qr, mast, oecd, gta, keys        foreign formats, and the keys read back from them
foreign, encoding, layers        what others say, read from their files and kept apart
disagreements                    where they and we differ
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.exchange import folder, gta, mast, oecd, qr, written
from kido.register.exchange.entry import English, Entry, entries
from kido.register.exchange.loss import LossReport, report
from kido.register.exchange.loss_text import loss_text
from kido.register.exchange.schemes import SCHEMES
from kido.register.model import Register
from kido.terms.text import nearest
from kido.terms.vocabulary import Terms

_OWN = {"json": written.as_json, "csv": written.as_csv, "parquet": written.as_parquet, "sqlite": written.as_sqlite}
FORMATS = (*_OWN, *SCHEMES)


def export(
    register: Register, format: str, path: Path | str, on: date | None = None, terms: Terms | None = None, replace: bool = False
) -> tuple[list[Path], LossReport | None]:
    """Write the register into a folder, one folder per format; file names are fixed, and all are written or none.

    Parameters
    ----------
    register : the register to write
    format : json, csv, parquet, sqlite (nothing is lost), or qr, mast2012, mast2019, oecd, gta (with a loss report)
    path : a new or empty folder; it is made, the folder around it is not
    on : of a foreign format, only measures that are in force, suspended or of unknown standing on that day; `kido_standing`
        says which. If left out, every measure, with its standing on the day the register was checked
    terms : the words for sentences about rules; those of the register in use if left out
    replace : put the files in place of an earlier export of the same format; a folder with any other file is refused

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     files, lost = export(store.register(), "mast2019", folder)
    >>> [file.name for file in files]
    ['mast2019.csv', 'mast2019-loss.json', 'mast2019-loss.ja.txt', 'mast2019-loss.en.txt']
    """
    if format not in FORMATS:
        raise KidoError(Problem("unknown-value", "format", format, {"fact": ", ".join(FORMATS), "near": nearest(format, FORMATS)}))
    folder.refuse(Path(path), replace)
    lost = None
    if format in _OWN:
        made = _OWN[format](register)
    else:
        found, left = entries(register, format, on)
        made = _foreign(format, found, English(register, terms or store.terms()), on)
        unverified = (code for entry in found for code in entry.coded.unverified)
        lost = report(format, register, on, {entry.measure.id: entry.standing for entry in found}, left, unverified)
        made |= {f"{format}-loss.json": written.json_bytes(lost.to_dict())}
        made |= {f"{format}-loss.{lang}.txt": loss_text(lost, lang).encode() for lang in ("ja", "en")}
    return folder.put(made, Path(path), replace), lost


def _foreign(format: str, found: list[Entry], english: English, on: date | None) -> written.Files:
    if format == "qr":
        return qr.files(found, english, on)
    if format == "oecd":
        return oecd.files(found, english)
    if format == "gta":
        return gta.files(found, english, on)
    return mast.files(format, found, english)
