"""The manifest beside each party list: what the list is, how old, what a hit means, what it cannot show.

read_manifest(data, name, id)   strict; every problem at once
read_index(folder)              the lists that a law folder should hold, from `lists.csv`
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register.fields import Reader
from kido.register.model import CONFIDENCE
from kido.register.shapes import SOURCE, Shape
from kido.register.yaml_file import read_yaml_text
from kido.terms.sources import Source
from kido.terms.text import Text

INDEX = "lists.csv"
UNKNOWN = "unknown"

SAYS: Shape = {
    "fact": ("text", True), "value": ("text", True), "roles": ("texts", True), "concern": ("texts", False), "share": ("int", False),
}  # fmt: skip
MANIFEST: Shape = {
    "id": ("text", True), "jurisdiction": ("text", True), "title": ("words", True), "csv": ("text", True), "sha256": ("text", True),
    "records": ("int", True), "parties": ("int", True), "edition": ("date", True), "stale_after": ("int", True),
    "stale_why": ("words", True), "acts": ("texts", True), "says": ([SAYS], True), "means": ("words", True), "not_in": ("words", True),
    "doubts": ("words list", True), "confidence": (CONFIDENCE, True), "sources": ([SOURCE], True), "licence": ("words", True),
    "by": ("text", False), "source": ("text", False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Says:
    """What a live hit states of a transaction, if the party has one of `roles`.

    value    True, False, a word of a choice; None: the answer becomes open and must be asked
    concern  only where the entry has one of these; empty: always
    share    an owner counts from this share on, in percent
    """

    fact: str
    value: bool | str | None
    roles: tuple[str, ...]
    concern: tuple[str, ...] = ()
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    id: str
    jurisdiction: str
    title: Text
    csv: str
    sha256: str
    records: int
    parties: int
    edition: date
    stale_after: int
    stale_why: Text
    acts: tuple[str, ...]
    says: tuple[Says, ...]
    means: Text
    not_in: Text
    doubts: tuple[Text, ...]
    confidence: str
    sources: tuple[Source, ...]
    licence: Text
    by: str = ""
    source: str = ""


def read_manifest(data: bytes, name: str, id: str) -> Manifest:
    """Read one manifest; its id must be the name of its file, its folder that of the jurisdiction."""
    problems: list[Problem] = []
    try:
        mark = read_yaml_text(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise KidoError(Problem("not-utf-8", name, "", {"why": str(error)})) from None
    raw = Reader(problems).record(mark, MANIFEST)
    if problems:
        raise KidoError(problems)
    folder = name.split("/")[-3]
    for key, expected in (("id", id), ("csv", f"{id}.csv"), ("jurisdiction", folder.upper())):
        if raw[key] != expected:
            problems.append(Problem("list-name", mark.value[key].place, raw[key], {"expected": expected}))
    if problems:
        raise KidoError(problems)
    lists = {key: tuple(raw[key]) for key in ("acts", "doubts")}
    says = tuple(_says(one) for one in raw["says"])
    return Manifest(**raw | lists | {"says": says, "sources": tuple(Source(**source) for source in raw["sources"])})


def _says(raw: dict) -> Says:
    value = {"true": True, "false": False, UNKNOWN: None}.get(raw["value"], raw["value"])
    return Says(raw["fact"], value, tuple(raw["roles"]), tuple(raw.get("concern", ())), raw.get("share"))


def blank(id: str) -> dict:
    """What is said of a list whose manifest cannot be read: nothing but its name, and that it is as old as can be."""
    return {"id": id, "jurisdiction": id.partition("-")[0].upper(), "title": {"ja": id, "en": id}, "edition": date.min, "stale_after": 0}


def read_index(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """List id -> jurisdiction, in the order of the index, and what is wrong with it; an older register has none."""
    path = folder / INDEX
    place = f"{folder.name}/{INDEX}"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return {}, [Problem("list-missing", place, INDEX, {"why": str(error)})]
    if reader.fieldnames != ["list", "jurisdiction"]:
        return {}, [Problem("missing-column", f"{place}:1", "list, jurisdiction")]
    return {row["list"] or "": row["jurisdiction"] or "" for row in rows}, []
