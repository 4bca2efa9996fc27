"""The record of every answer: kept with its facts and its register, found again, decided on, removed when its time is over."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.yaml_file import Mark

if TYPE_CHECKING:
    from kido.decide.determine import Determination
    from kido.records.book import Book, Entry, New
    from kido.records.people import People
    from kido.records.periods import Due
    from kido.records.remarks import State
    from kido.records.verify import Verified

REGISTER = "register"  # the kind of entry that holds a register in one piece


@dataclass(frozen=True, slots=True)
class Kept:
    """A record with all that was said of it, oldest first; `last` is the last day on which it must be kept."""

    record: Entry
    remarks: tuple[Entry, ...]
    state: State
    last: date | None


@lru_cache(maxsize=4)
def _book(address: str) -> Book:
    from kido.records.book import Book

    return Book(address)


def book() -> Book:
    """The records in use: KIDO_RECORDS, else a file in the data folder; made if there are none."""
    from kido.records.store import place

    return _book(place())


def user() -> str:
    """Who works on this machine, where nobody has signed in: by the system, and not by a variable that anybody can set."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a user without a name
        return f"uid {os.getuid()}"
    except ImportError:  # Windows
        return getpass.getuser()


# -- keep --------------------------------------------------------------------------------------


def determined(found: Determination, facts: dict | Mark, shown: bytes, lang: str, who: str) -> New:
    """A determination as it is kept.

    Parameters
    ----------
    facts : as they were given
    shown : the whole answer, byte for byte as it was given
    """
    plain = facts.plain() if isinstance(facts, Mark) else facts
    name = found.transaction.value("name")
    body = {"subject": str(name or _about(plain)), "keep": keeping(found)}
    return _new("determination", who, found.answer, plain, shown, lang, found.on, found.known_on, body)


def screened(name: str, country: str, on: date, answer: str, shown: bytes, lang: str, who: str) -> New:
    """A screening as it is kept; without lists of the user's own, which are not held here."""
    return _new("screening", who, answer, {"name": name, "country": country}, shown, lang, on, None, {"subject": name, "keep": longest()})


def papered(
    facts: dict | Mark, found: Determination, made: date, only: Sequence[str], langs: Sequence[str],
    shown: bytes, files: Mapping[str, bytes], lang: str, who: str,
) -> New:  # fmt: skip
    """A pack of papers as it is kept: its files, and the page of its check."""
    plain = facts.plain() if isinstance(facts, Mark) else facts
    how = {"made": made.isoformat(), "only": list(only), "langs": list(langs)}
    body = {"subject": str(found.transaction.value("name") or _about(plain)), "keep": keeping(found), "how": how}
    return _new("papers", who, found.answer, plain, shown, lang, found.on, found.known_on, body, {f"file:{n}": d for n, d in files.items()})


def tabled(file: Path, on: date, known_on: date | None, result: Mapping[str, object], lang: str, who: str) -> New:
    """A judged table as it is kept: what was read and written by their sha256, and the counts. Its rows stand in the files.

    Parameters
    ----------
    file : the table that was read
    on : the day of rows without one
    result : rows, rejected, answers, and the files written, as the face tells them
    """
    with file.open("rb") as data:
        stated = {"file": file.name, "sha256": hashlib.file_digest(data, "sha256").hexdigest()}
    body = {"subject": file.name, "keep": longest(), "rows": result["rows"], "rejected": result["rejected"]}
    shown = json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode()
    return _new("table", who, "judged", stated, shown, lang, on, known_on, body)


def _new(
    kind: str, who: str, outcome: str, facts: object, shown: bytes, lang: str, on: date, known_on: date | None, body: dict,
    files: Mapping[str, bytes] | None = None,
) -> New:  # fmt: skip
    from kido.records.book import New
    from kido.records.chain import canonical, sha256

    about = {
        "register": store.register().version, "program": store.own_version(), "lang": lang, "on": on.isoformat(),
        "known_on": known_on.isoformat() if known_on else None,
    }  # fmt: skip
    stated = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()  # in the order given: an answer tells the facts in it
    made = {name: sha256(data) for name, data in (files or {}).items()}
    same = sha256(canonical([kind, sha256(stated), sha256(shown), about, body.get("how"), made]))
    return New(kind, who, about | body, {"facts": stated, "answer": shown, **(files or {})}, outcome=outcome, same=same)


def keep(news: Sequence[New]) -> list[Entry]:
    """Keep answers: all of them, or none. The register they were given with is kept once.

    >>> import kido, tempfile, os
    >>> found = kido.determine({"form": "magnet", "magnet_family": "SmCo", "act": "export", "from": "CN", "to": "JP"}, on="2026-11-23")
    >>> keep([determined(found, {"form": "magnet"}, b"{}", "en", "sato")])[0].outcome
    'licence_required'
    """
    from kido.records.book import New

    there = book()
    for version in sorted({str(new.body["register"]) for new in news}):
        if not any("law" in one.parts for one in there.find((REGISTER,), outcome=version, limit=10)):
            from kido.register.packaged import packaged

            with nullcontext() if version == store.register().version else store.at(version):
                law = packaged()
            there.add([New(REGISTER, news[0].who, {"subject": version}, {"law": law}, outcome=version, same=version)])
    return there.add(news)


def keeping(found: Determination) -> list[dict]:
    """The periods of the laws that reach a transaction, or may; where none gives years, the longest that is known."""
    reached = {j.jurisdiction for j in found.jurisdictions if j.reach is not False}
    return _periods(reached) or longest()


def longest() -> list[dict]:
    """The longest period of any law of the register, for what belongs to no jurisdiction."""
    every = _periods(set(store.register().watches))
    return [max(every, key=lambda rule: (rule["years"], rule["from"]))] if every else []


def _periods(places: set[str]) -> list[dict]:
    return [
        {"jurisdiction": act.jurisdiction, "act": act.id, "years": act.keep_years, "from": act.keep_from}
        for act in store.register().instruments.values()
        if act.keep_years and act.jurisdiction in places
    ]


def _newer(body: Mapping[str, object]) -> list[dict]:
    """What the laws of a record ask for today."""
    return _periods({rule["jurisdiction"] for rule in body.get("keep", ())})


def _about(facts: object) -> str:
    """A few words of facts without a name."""
    flat = [f"{key} {value}" for key, value in _flat(facts) if key in ("form", "substance", "magnet_family", "element", "equipment", "hs")]
    return ", ".join(flat)[:200]


def _flat(facts: object) -> Iterable[tuple[str, str]]:
    for key, value in facts.items() if isinstance(facts, Mapping) else ():
        if isinstance(value, Mapping):
            yield from _flat(value)
        elif isinstance(value, str | int | float):
            yield key, str(value)


# -- find --------------------------------------------------------------------------------------


def records(
    text: str = "", kind: str = "", who: str = "", outcome: str = "", since: date | str | None = None, until: date | str | None = None,
    before: int | None = None, limit: int = 50,
) -> list[Kept]:  # fmt: skip
    """Records, newest first, each with its remarks.

    Parameters
    ----------
    text : a piece of what it is about
    before : only records with a smaller number, to read on
    """
    from kido.records.book import RECORDED

    if kind and kind not in RECORDED:
        raise KidoError(Problem("not-one-of", "kind", kind[:40], {"fact": "kind", "values": ", ".join(RECORDED), "near": ""}))
    days = [day.isoformat() if day else "" for day in (as_date(since, "since"), as_date(until, "until"))]
    found = book().find((kind,) if kind else RECORDED, None, text, who, outcome, *days, before, limit)
    return _kept(found, strict=False)


def record(id: str) -> Kept:
    """One record.

    Raises
    ------
    KidoError : there is none of that number
    """
    from kido.records.book import RECORDED, seq_of

    found = book().get(seq_of(id))
    if found.kind not in RECORDED:
        raise KidoError(Problem("no-such-record", book().place, id.strip()[:40]))
    return _kept([found])[0]


def _kept(found: Sequence[Entry], strict: bool = True) -> list[Kept]:
    """Entries with their remarks; a record with a damaged remark is as damaged, for nobody knows what it said."""
    from kido.records.periods import one
    from kido.records.remarks import KINDS

    said = book().remarks([each.seq for each in found], KINDS, strict)
    lost = {seq for seq, remarks in said.items() if any(remark.damaged for remark in remarks)}
    there = {seq: [remark for remark in remarks if not remark.damaged] for seq, remarks in said.items()}
    due = (one(replace(each, damaged=each.damaged or each.seq in lost), there[each.seq], _newer) for each in found)
    return [Kept(each.record, tuple(there[each.record.seq]), each.state, each.last) for each in due]


def part_of(kept: Kept, name: str) -> bytes:
    """The facts, the answer, or a file of a record, byte for byte."""
    return book().content(kept.record, name)


def remark(id: str, kind: str, who: str, text: str = "", shipped: date | str | None = None) -> Kept:
    """Say something of a record: comment, approve, reject, shipped, hold, release.

    Raises
    ------
    KidoError : what the rules of `kido.records.remarks` refuse
    """
    from kido.records.book import seq_of
    from kido.records.remarks import NEVER, say

    day = shipped if shipped in (None, NEVER) else as_date(shipped, "shipped")
    say(book(), seq_of(id), kind, who, text, day)
    return record(id)


# -- look after --------------------------------------------------------------------------------


def verify_records(mark: str = "", progress: Callable[[int, int], None] | None = None) -> Verified:
    """Whether the records are as they were written; `mark` is what an earlier run said, kept elsewhere."""
    from kido.records.verify import verified

    return verified(book(), mark, progress)


def due_records(on: date | str) -> tuple[list[Due], list[Due]]:
    """Records whose time is over on a day, and those of which nobody said when they were shipped, or that they were not."""
    from kido.records.periods import due

    day = as_date(on, "on")
    over, asking = [], []
    for one in due(book(), _newer):
        if one.over(day):
            over.append(one)
        elif one.state.shipped is None:
            asking.append(replace(one, record=replace(one.record, body={}, parts={})))  # there may be very many
    return over, asking


def remove_records(on: date | str, who: str) -> list[Due]:
    """Take away the contents of every record whose time is over on a day; the chain keeps that they were there."""
    from kido.records.periods import remove

    day = as_date(on, "on")
    over, _ = due_records(day)
    remove(book(), over, day, who)
    return over


def backup_records(into: str | Path) -> int:
    """All records, accounts and sign-ins in one new SQLite file, verified; how many entries it has."""
    from kido.records.copies import backup

    return backup(book(), Path(into))


def restore_records(file: str | Path) -> int:
    """Fill empty records from a backup, which is verified first; how many entries they have."""
    from kido.records.copies import restore

    return restore(Path(file), book())


def export_records(into: str | Path, since: date | str | None = None, until: date | str | None = None) -> int:
    """Records with everything that proves them in a new folder that can be checked without kido; how many."""
    from kido.records.export import exported

    days = [day.isoformat() if day else "" for day in (as_date(since, "since"), as_date(until, "until"))]
    return exported(book(), Path(into), *days)


def records_held() -> tuple[str, int]:
    """Where the records lie, and how many entries there are."""
    return book().place, book().counted()


def alone_may(kind: str) -> None:
    """Refuse all but a comment by somebody who has not signed in, where the people of a team have accounts."""
    if kind != "comment" and people().any():
        raise KidoError(Problem("decide-signed-in", "kind", kind))


def people() -> People:
    """The accounts beside the records in use."""
    from kido.records.people import People

    return People(book())
