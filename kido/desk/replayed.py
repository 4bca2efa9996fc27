"""A recorded answer worked out again: with the register it was given on, and with the one in use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kido.desk.recorded import REGISTER, book, record
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.yaml_file import marked

if TYPE_CHECKING:
    from kido.records.book import Entry

Show = Callable[[str, object, str], bytes]  # kind, what was found, language -> the bytes of the answer


@dataclass(frozen=True, slots=True)
class Replayed:
    """An old answer worked out again.

    same     whether the bytes are those of the record
    again    what the register of the record says, with the program of today
    today    what the register in use says
    same_today  … but for the name of the register, which every change of any law changes
    now      the version of the register in use
    program  the version of kido that gave the recorded answer
    """

    record: Entry
    recorded: bytes
    again: bytes
    today: bytes
    same: bool
    same_today: bool
    program: str
    register: str
    now: str


def replay(id: str, show: Show) -> Replayed:
    """Work an old answer out again with the register it was given on, and with the one in use.

    Parameters
    ----------
    show : how a face writes what was found as bytes; the face that recorded it writes it again

    Raises
    ------
    KidoError : no such record, its contents were removed, its register is damaged, or this kido cannot read it
    """
    kept = record(id)
    if kept.record.kind == "table":
        raise KidoError(Problem("table-not-repeated", book().place, kept.record.id))
    there, body = book(), kept.record.body
    facts, recorded = json.loads(there.content(kept.record, "facts")), there.content(kept.record, "answer")
    try:
        with _answering(body["register"]):
            again = _again(kept.record, facts, show)
    except KidoError as error:
        if body["program"] == store.own_version():
            raise
        programs = Problem("replay-other-program", there.place, kept.record.id, {"recorded": body["program"], "now": store.own_version()})
        raise KidoError([programs, *error.problems]) from error
    try:
        today = _again(kept.record, facts, show)
    except KidoError as error:  # a fact may have gone from the words of the register
        today = json.dumps({"problems": [one.to_dict() for one in error.problems]}, ensure_ascii=False).encode()
    before, now = body["register"], store.register().version
    same_today = unstamped(recorded, before) == unstamped(today, now)
    return Replayed(kept.record, recorded, again, today, recorded == again, same_today, body["program"], before, now)


def unstamped(answer: bytes, version: str) -> bytes:
    """An answer without the name of the register that gave it.

    >>> unstamped(b'{"proof":"register r2026-11-23-0123456789ab"}', "0123456789ab")
    b'{"proof":"register *"}'
    """
    return re.sub(rb"(r\d{4}-\d\d-\d\d-)?" + re.escape(version.encode()), b"*", answer)


def _answering(version: str) -> AbstractContextManager[None]:
    """The register of a record: the one that was kept, which may be the one in use."""
    from kido.register.packaged import answering, package_hash

    there = book()
    found = there.find((REGISTER,), outcome=version, limit=10)
    kept = [one for one in found if "law" in one.parts]  # the newest that still has its contents
    if not kept and any(one.damaged for one in found):
        raise KidoError(Problem("record-damaged", there.place, found[0].id))
    if not kept:
        return store.at(version)  # the one in use, a pulled one, or refused by name
    sha = kept[0].parts["law"]
    if store.register().version == version and package_hash() == sha:
        return nullcontext()
    return answering(version, sha, lambda: there.content(kept[0], "law"))


def _again(record: Entry, facts: dict, show: Show) -> bytes:
    body = record.body
    lang, on, known_on = body["lang"], body["on"], body["known_on"]
    if record.kind == "screening":
        from kido.desk.parties import screen

        return show(record.kind, screen(facts["name"], on, facts["country"]), lang)
    mark = marked(facts, "")
    if record.kind == "papers":
        from kido.desk.paper import papers

        how = body["how"]
        return show(record.kind, papers(mark, on, known_on, how["made"], how["only"], how["langs"]), lang)
    from kido.desk.answers import determine

    return show(record.kind, determine(mark, on, known_on), lang)
