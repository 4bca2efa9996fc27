"""The party lists of the register: who is on which, since when, and how old our copy is.

    lists()          every list that the register in use should hold, read when first asked for, kept compiled
    listed()         every entry of all lists
    read_list(path)  a user's own list of names, as one more PartyList
    key_of(lists)    a name for exactly these lists, for what is built upon them and kept

A list that is missing, empty, changed without its manifest, or broken in one row stops nothing: it is a PartyList with
`searched` False and its problems, so that whoever finds nothing can say that he did not look there. `kido check` reports it.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register.store import PACKAGE, kept
from kido.screen.manifest import Manifest, Says, blank, read_index, read_manifest
from kido.screen.rows import Entries, Entry, read_own, read_rows
from kido.terms.ground import ground
from kido.terms.sources import Source
from kido.terms.text import Text

_READERS = ("screen/lists.py", "screen/manifest.py", "screen/rows.py", "register/fields.py", "register/yaml_file.py", "terms/sources.py")
STANDINGS = ("listed", "suspended", "unknown", "not_yet", "removed")
OWN = "own"
ALSO_KNOWN = "also_known.csv"


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a party. `source` and `note` only where they are not those of the entry."""

    text: str
    lang: str
    script: str
    kind: str  # primary translation alias; also_known: on no list, from also_known.csv
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list: a party under one notice, with its names, the primary one first.

    since      first day; None where the copy carries no date
    suspended  (from, until) spans, both days inside; until None is open
    """

    list: str
    party: str
    entry: str
    names: tuple[Name, ...]
    country: tuple[str, ...]
    address: str
    type: str  # company university person body vessel: told by words in the name, a hint only
    concern: tuple[str, ...]  # METI: B C M N CW
    since: date | None
    until: date | None
    suspended: tuple[tuple[date, date | None], ...]
    by: str
    source: str
    note: str
    edition: date  # of the list: before this day an entry without a date is of unknown standing

    def standing(self, on: date) -> str:
        """`listed`, `suspended`, `unknown`, `not_yet` or `removed` on a day.

        Unknown: a suspension ran out and nothing later is known, or the copy carries no date and the day lies before it.

        >>> day = date.fromisoformat
        >>> span = (day("2025-05-14"), day("2026-11-10"))
        >>> x = Listed("a", "p", "1", (), (), "", "", (), day("2025-04-04"), None, (span,), "", "", "", day("2026-08-24"))
        >>> [x.standing(day(on)) for on in ("2025-04-03", "2025-05-13", "2025-05-14", "2026-11-10", "2026-11-11")]
        ['not_yet', 'listed', 'suspended', 'suspended', 'unknown']
        """
        if self.since is not None and on < self.since:
            return "not_yet"
        if self.until is not None and on > self.until:
            return "removed"
        if any(start <= on and (end is None or on <= end) for start, end in self.suspended):
            return "suspended"
        if any(end is not None and end < on for _, end in self.suspended):
            return "unknown"
        return "unknown" if self.since is None and on < self.edition else "listed"


@dataclass(frozen=True, slots=True)
class PartyList:
    """One list as held here. `entries` are plain values; index or iterate the list itself for `Listed`.

    edition      the day after which nothing is in the copy
    stale_after  days after the edition from which a change is to be expected
    records      name rows; `parties` entries
    says         what a live hit means for the facts of a transaction; empty: shown only
    """

    id: str
    jurisdiction: str
    title: Text
    edition: date
    stale_after: int
    stale_why: Text = field(default_factory=dict)
    records: int = 0
    parties: int = 0
    sha256: str = ""  # of the rows as read
    acts: tuple[str, ...] = ()
    says: tuple[Says, ...] = ()
    means: Text = field(default_factory=dict)
    not_in: Text = field(default_factory=dict)
    doubts: tuple[Text, ...] = ()
    confidence: str = "low"
    sources: tuple[Source, ...] = ()
    licence: Text = field(default_factory=dict)
    by: str = ""  # notice and page of entries that name none of their own
    source: str = ""
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def searched(self) -> bool:
        """Whether the list can be searched at all."""
        return not self.problems

    @property
    def problem(self) -> Problem | None:
        """Why it cannot; the first of `problems`."""
        return self.problems[0] if self.problems else None

    def stale(self, on: date) -> bool:
        """Whether the copy is so old on a day that the list has probably changed since."""
        return on > self.edition + timedelta(days=self.stale_after)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Listed]:
        return (self._listed(entry) for entry in self.entries)

    def __getitem__(self, number: int) -> Listed:
        return self._listed(self.entries[number])

    def _listed(self, entry: Entry) -> Listed:
        number, party, country, address, kind, concern, since, until, suspended, by, source, note, names = entry
        spans = tuple((date.fromisoformat(start), _day(end)) for start, end in suspended)
        return Listed(
            self.id, party, number, tuple(Name(*name) for name in names), country, address, kind, concern, _day(since), _day(until),
            spans, by or self.by, source or self.source, note, self.edition,
        )  # fmt: skip


def lists(folder: Path | None = None) -> tuple[PartyList, ...]:
    """Every list named in `lists.csv` of the law folder in use, in that order, and any that lies there unnamed.

    >>> {one.id for one in lists()} >= {"cn-control-list", "cn-watch-list", "jp-foreign-end-user-list", "us-entity-list"}
    True
    """
    folder = folder or ground("law")
    return _lists(folder, _stamp(folder))


def listed(folder: Path | None = None) -> Iterator[Listed]:
    """Every entry of every list that can be searched."""
    return (entry for one in lists(folder) for entry in one)


def read_list(path: Path | str, edition: date = date.min) -> PartyList:
    """A user's own list: a CSV with a column `name`; the other columns of the register's lists may be there too.

    `edition` is the day of the list if the user says it; an own list is never called stale.

    Raises
    ------
    KidoError : every problem of the file, each with row and column; a list with one broken row is refused whole
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise KidoError(Problem("no-such-file", str(path), str(path))) from None
    except OSError as error:
        raise KidoError(Problem("file-not-read", str(path), path.name, {"why": error.strerror or str(error)})) from None
    found = read_own(data, path.name)
    return PartyList(
        f"{OWN}:{path.stem}", "", {"ja": path.name, "en": path.name}, edition, (date.max - edition).days,
        records=found.records, parties=len(found.entries), sha256=hashlib.sha256(data).hexdigest(), entries=found.entries,
    )  # fmt: skip


def key_of(found: Iterable[PartyList]) -> str:
    """A hash that changes with any list that changes, for indexes that are kept.

    >>> len(key_of(lists())), key_of(lists()) == key_of(lists()[1:])
    (64, False)
    """
    others = repr(also_known(ground("law")))
    return hashlib.sha256("\n".join((*(f"{one.id} {one.sha256} {one.searched}" for one in found), others)).encode()).hexdigest()


# -- read and keep -----------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _lists(folder: Path, stamp: tuple) -> tuple[PartyList, ...]:
    named, _ = read_index(folder)
    there = {path.stem: path for path in sorted(folder.glob("*/lists/*.yaml"))}
    expected = {id: folder / jurisdiction.lower() / "lists" / f"{id}.yaml" for id, jurisdiction in named.items()}
    unnamed = {id: path for id, path in there.items() if id not in expected}
    return tuple(_one(path, folder) for path in (expected | unnamed).values())


def _stamp(folder: Path) -> tuple:
    """What changes when a file does, without reading it: a long run must notice that a list was replaced or lost."""
    found = ((path, path.stat()) for path in sorted((*folder.glob("lists.csv"), *folder.glob(ALSO_KNOWN), *folder.glob("*/lists/*"))))
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


def _one(path: Path, folder: Path) -> PartyList:
    """One list, from the cache if exactly these files were read before by this code."""
    name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    try:
        written = path.read_bytes()
    except OSError:
        return _failed(path.stem, [Problem("list-missing", name, path.name)])
    rows = path.with_suffix(".csv")
    data = rows.read_bytes() if rows.is_file() else None
    others = also_known(folder)
    content = hashlib.sha256(b"\0".join((name.encode(), written, hashlib.sha256(data or b"").digest(), repr(others).encode()))).hexdigest()
    kept_as = f"list-{path.stem}-{content[:24]}-{_readers()[:12]}"
    return kept(kept_as, f"list-{path.stem}-????????????????????????-*", 2, lambda: _compiled(path.stem, written, data, name, others))


@lru_cache(maxsize=1)
def _readers() -> str:
    return hashlib.sha256(b"\0".join((PACKAGE / name).read_bytes() for name in _READERS)).hexdigest()


def also_known(folder: Path) -> dict[str, tuple[tuple, ...]]:
    """Names that no list carries, each with its source: former names, and names in the party's own script."""
    try:
        text = (folder / ALSO_KNOWN).read_text(encoding="utf-8")
    except OSError:
        return {}
    found: dict[str, tuple[tuple, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        until = f"{row['kind']} {row['until']}".strip()
        found[row["party"]] = (*found.get(row["party"], ()), (row["name"], row["lang"], row["script"], "also_known", row["source"], until))
    return found


def _with_others(entries: tuple[Entry, ...], others: dict[str, tuple[tuple, ...]]) -> tuple[Entry, ...]:
    return tuple((*entry[:-1], (*entry[-1], *others[entry[1]])) if entry[1] in others else entry for entry in entries)


def _compiled(id: str, written: bytes, data: bytes | None, name: str, others: dict[str, tuple[tuple, ...]]) -> PartyList:
    """Read manifest and rows; whatever is wrong stands in the list's problems."""
    try:
        manifest = read_manifest(written, name, id)
    except KidoError as error:
        return _failed(id, error.problems)
    place = f"{name.rpartition('/')[0]}/{manifest.csv}"
    problems, entries = _rows(data, place, name, manifest)
    return PartyList(
        manifest.id, manifest.jurisdiction, manifest.title, manifest.edition, manifest.stale_after, manifest.stale_why,
        manifest.records, manifest.parties, hashlib.sha256(data or b"").hexdigest(), manifest.acts, manifest.says, manifest.means,
        manifest.not_in, manifest.doubts, manifest.confidence, manifest.sources, manifest.licence, manifest.by, manifest.source,
        () if problems else _with_others(entries.entries, others), tuple(problems),
    )  # fmt: skip


def _rows(data: bytes | None, place: str, name: str, manifest: Manifest) -> tuple[list[Problem], Entries]:
    """The rows, held against checksum and counts of the manifest."""
    nothing = Entries((), 0)
    if data is None:
        return [Problem("list-missing", place, manifest.csv)], nothing
    problems = []
    if (found := hashlib.sha256(data).hexdigest()) != manifest.sha256:
        problems.append(Problem("list-checksum", f"{name}:sha256", manifest.sha256, {"found": found}))
    try:
        entries = read_rows(data.decode("utf-8"), place)
    except UnicodeDecodeError as error:
        return [*problems, Problem("not-utf-8", place, "", {"why": str(error)})], nothing
    except KidoError as error:
        return [*problems, *error.problems], nothing
    for key, stated, counted in (("records", manifest.records, entries.records), ("parties", manifest.parties, len(entries.entries))):
        if stated != counted:
            problems.append(Problem("list-count", f"{name}:{key}", str(stated), {"found": str(counted)}))
    return problems, entries


def _failed(id: str, problems: Iterable[Problem]) -> PartyList:
    return PartyList(problems=tuple(problems), **blank(id))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
