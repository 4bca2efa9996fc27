"""A party list as CSV: one row a name, the rows of one party together, its facts on the first of them.

    read_rows(text, name)   rows of the register's own lists, strict -> Entries
    read_own(data, name)    a user's own list: any of UTF-8, UTF-16 and cp932, and only the names are needed

Every problem of a file is collected, each with file, row and column; a file with one broken row is refused whole, because
a list that is read in part would say "not found" of a party that it holds.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from kido.errors import KidoError, Problem
from kido.register.exchange.encoding import CP932, decoded
from kido.terms.dates import read_date
from kido.terms.text import nearest

COLUMNS = ("entry", "party", "name", "lang", "script", "kind", "country", "address", "type", "concern", "from", "until",
           "suspended_from", "suspended_until", "by", "source", "note")  # fmt: skip
OF_PARTY = ("country", "address", "type", "concern", "from", "until", "suspended_from", "suspended_until", "by")
WORDS = {
    "kind": ("primary", "translation", "alias"),
    "script": ("Latn", "Hans", "Hant", "Jpan", "Kore", "Cyrl", "Arab", "Grek", "Hebr", "Thai", "Deva"),
    "lang": ("en", "ja", "zh", "ko", "ru", "uk", "be", "fa", "ar", "he", "de", "fr", "es", "it", "nl", "pl", "cs", "lt", "bg", "tr", "vi", "th", "hi"),
    "type": ("company", "university", "person", "body", "vessel"),
    "concern": ("B", "C", "M", "N", "CW"),
}  # fmt: skip
OWN_NAMES = {"名称": "name", "名前": "name", "会社名": "name", "取引先名": "name", "国": "country", "住所": "address", "備考": "note"}
MOST_ROWS = 1_000_000
MOST_BYTES = 200_000_000
_BETWEEN = "|"
_COUNTRY = re.compile(r"[A-Z]{2}")
_NOT_NAMES = re.compile("[｡-ﾟ\ue000-\uf8ff]")  # half-width kana, private use: what bytes of other encodings become
_WIDE = re.compile(r"[^\x00-\x7f]+")

# One entry as plain values, quick to store and to load: entry, party, country, address, type, concern, from, until,
# suspended, by, source, note, names; days as ISO text, "" for none; a name is text, lang, script, kind, source, note.
Entry = tuple


@dataclass(frozen=True, slots=True)
class Entries:
    """What was read: the entries in the order of the file, and how many rows (names) that were."""

    entries: tuple[Entry, ...]
    records: int
    encoding: str = "UTF-8"


@dataclass(slots=True)
class _Open:
    """An entry that is being read: its first row, and the names so far."""

    line: int
    key: tuple[str, str, str]
    cells: dict[str, str]
    names: list[tuple] = field(default_factory=list)
    seen: dict[tuple, int] = field(default_factory=dict)


def read_rows(text: str, name: str) -> Entries:
    """Entries of a list of the register.

    >>> text = ",".join(COLUMNS) + "\\n1,cn-a,甲,zh,Hans,primary,JP,,company,,2026-02-24,,,,No. 1,,\\n1,cn-a,A Co.,en,Latn,translation" + "," * 11
    >>> found = read_rows(text, "a.csv")
    >>> len(found.entries), found.records
    (1, 2)
    """
    return _Reader(name, strict=True).read(text)


def read_own(data: bytes, name: str) -> Entries:
    """Entries of a user's own list; every row without a `party` is one of its own.

    >>> read_own("名称\\n山田商店\\n".encode("utf-16"), "a.csv").entries[0][-1][0][0]
    '山田商店'
    """
    if len(data) > MOST_BYTES:
        raise KidoError(Problem("list-too-large", name, f"{len(data):,}", {"most": f"{MOST_BYTES:,}"}))
    text, encoding = decoded_names(data, name)
    return replace(_Reader(name, strict=False).read(text), encoding=encoding)


def decoded_names(data: bytes, name: str) -> tuple[str, str]:
    """As for other tables; names in kanji alone are cp932 too, if nothing looks like another encoding read wrongly."""
    try:
        return decoded(data, name)
    except KidoError:
        try:
            text = data.decode("cp932")
        except UnicodeDecodeError:
            text = ""
        runs = _WIDE.findall(text)
        if not runs or _NOT_NAMES.search(text) or min(map(len, runs)) < 2:
            raise
        return text, CP932


class _Reader:
    """Reads one file and collects every problem."""

    def __init__(self, name: str, strict: bool):
        self.name, self.strict = name, strict
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.keys: dict[tuple, int] = {}
        self.countries: dict[str, tuple[str, int]] = {}

    def wrong(self, code: str, line: int, column: str, read: str = "", /, **values: str) -> None:
        place = f"{self.name}:{line}:{column}" if column else f"{self.name}:{line}"
        self.problems.append(Problem(code, place, read[:80], values))

    def read(self, text: str) -> Entries:
        lines = self.lines(text)
        first = next(lines, None)
        records = 0
        if first is None:
            if not self.problems:
                self.wrong("no-rows", 1, "")
        elif columns := self.header(*first):
            for line, cells in lines:
                records += 1
                self.row(line, cells, columns)
            if not records and not self.problems:
                self.wrong("no-rows", 1, "")
        if records > MOST_ROWS:
            self.wrong("too-many-rows", 1, "", f"{records:,}", most=f"{MOST_ROWS:,}")
        entries = tuple(self.closed(entry) for entry in self.open)
        if self.problems:
            raise KidoError(self.problems)
        return Entries(entries, records)

    def lines(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Rows with the line they begin on; empty ones are left out."""
        start = text.partition("\n")[0]
        between = "\t" if "\t" in start and "," not in start else ","  # Excel writes its UTF-16 text with tabs
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            self.wrong("csv-syntax", line, "", why=str(error))

    def header(self, line: int, cells: list[str]) -> list[str]:
        names = [cell.strip() for cell in cells]
        if not self.strict:
            names = [OWN_NAMES.get(name, name.lower()) for name in names]
            while names and not names[-1]:
                names.pop()
        known = COLUMNS if self.strict else (*COLUMNS, *OWN_NAMES)
        for name in names:
            if name not in COLUMNS:
                self.wrong("unknown-column", line, "", name, near=nearest(name, known), columns=", ".join(COLUMNS))
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            self.wrong("column-twice", line, "", name)
        for name in COLUMNS if self.strict else ("name",):
            if name not in names:
                self.wrong("missing-column", line, "", name)
        return [] if self.problems else names

    # -- one row ------------------------------------------------------------------------

    def row(self, line: int, written: list[str], columns: list[str]) -> None:
        if len(written) > len(columns) and any(cell.strip() for cell in written[len(columns) :]):
            self.wrong("row-too-long", line, "", written[len(columns)], cells=str(len(written)), columns=str(len(columns)))
            return
        if self.strict and len(written) < len(columns):
            self.wrong("row-too-short", line, "", ",".join(written), cells=str(len(written)), columns=str(len(columns)))
            return
        cells = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(columns, written, strict=False)}
        for column, cell in cells.items():
            if not cell.isprintable() and any(unicodedata.category(char) == "Cc" and char not in "\t\r\n" for char in cell):
                self.wrong("control-character", line, column, cell.encode("unicode_escape").decode())
        self.words(line, cells)
        if not cells["name"]:
            self.wrong("empty-name", line, "name")
        entry = self.entry(line, cells)
        name = (cells["name"], cells["lang"], cells["script"])
        if name in entry.seen:
            self.wrong("row-twice", line, "name", cells["name"], first=str(entry.seen[name]))
        entry.seen.setdefault(name, line)
        kind = cells["kind"] or ("alias" if entry.names else "primary")
        if self.strict and kind in WORDS["kind"] and (kind == "primary") == bool(entry.names):
            self.wrong("primary-first", line, "kind", kind)
        later = bool(entry.names)
        entry.names.append((*name, kind, cells["source"] if later else "", cells["note"] if later else ""))

    def words(self, line: int, cells: dict[str, str]) -> None:
        """Words of fixed lists, countries and days."""
        for column, known in WORDS.items():
            for word in cells[column].split(_BETWEEN) if column == "concern" else (cells[column],):
                if word and word not in known:
                    self.wrong("unknown-value", line, column, word, fact=column, near=nearest(word, known), values=", ".join(known))
        for column in ("entry", "party", "lang", "script", "kind") if self.strict else ():
            if not cells[column]:
                self.wrong("empty-cell", line, column, values=", ".join(WORDS.get(column, ())))
        for code in cells["country"].split(_BETWEEN):
            if code and not _COUNTRY.fullmatch(code):
                self.wrong("not-a-country-code", line, "country", code)
        for column in ("from", "until"):
            cells[column] = self.day(line, column, cells[column])
        if cells["from"] and cells["until"] and cells["until"] < cells["from"]:
            self.wrong("dates-in-wrong-order", line, "until", f"{cells['from']} > {cells['until']}")

    def day(self, line: int, column: str, text: str) -> str:
        """The day as ISO text, "" where none is given or it is wrong."""
        if not text:
            return ""
        try:
            return date.fromisoformat(text).isoformat() if self.strict else read_date(text).isoformat()  # type: ignore[union-attr]
        except (ValueError, AttributeError):
            self.wrong("not-a-date", line, column, text)
            return ""

    def entry(self, line: int, cells: dict[str, str]) -> _Open:
        """The entry a row belongs to: that of the row above if entry, party and notice are the same, else a new one."""
        party = cells["party"] or f"{self.name}:{line}"
        last = self.open[-1] if self.open else None
        if last and last.key[:2] == (cells["entry"], party) and cells["by"] in ("", last.key[2]):
            for column in OF_PARTY:
                if cells[column] and cells[column] != last.cells[column]:
                    self.differs(line, column, cells[column], party, last.cells[column], last.line)
            return last
        key = (cells["entry"], party, cells["by"])
        if key in self.keys:
            self.wrong("party-not-together", line, "party", party, first=str(self.keys[key]))
        self.keys.setdefault(key, line)
        country, first = self.countries.setdefault(party, (cells["country"], line))
        if country != cells["country"]:
            self.differs(line, "country", cells["country"], party, country, first)
        self.open.append(_Open(line, key, cells))
        return self.open[-1]

    def differs(self, line: int, column: str, read: str, party: str, other: str, first: int) -> None:
        self.wrong("party-differs", line, column, read, party=party, column=column, other=other or "–", first=str(first))

    def closed(self, entry: _Open) -> Entry:
        """The plain values of an entry."""
        cells = entry.cells
        number, party, by = entry.key
        country, concern = (tuple(part for part in cells[column].split(_BETWEEN) if part) for column in ("country", "concern"))
        return (
            number or str(entry.line), party, country, cells["address"], cells["type"], concern, cells["from"], cells["until"],
            self.suspended(entry), by, cells["source"], cells["note"], tuple(entry.names),
        )  # fmt: skip

    def suspended(self, entry: _Open) -> tuple[tuple[str, str], ...]:
        """Spans in which the listing was suspended; only the last may be open."""
        starts, ends = (entry.cells[column].split(_BETWEEN) for column in ("suspended_from", "suspended_until"))
        if starts == ends == [""]:
            return ()
        if len(starts) != len(ends):
            self.wrong("spans-differ", entry.line, "suspended_until", entry.cells["suspended_until"])
            return ()
        found = [
            (self.day(entry.line, "suspended_from", start), self.day(entry.line, "suspended_until", end))
            for start, end in zip(starts, ends, strict=True)
        ]
        before = ""
        for number, (start, end) in enumerate(found):
            if not starts[number] or (not ends[number] and number < len(found) - 1):
                self.wrong("spans-differ", entry.line, "suspended_from", entry.cells["suspended_from"])
            elif (end and end < start) or (before and start <= before):
                self.wrong("dates-in-wrong-order", entry.line, "suspended_until", f"{start} > {end or before}")
            before = end
        return tuple(found)
