"""Golden cases: what a competent officer would answer; read from `cases/`, beside `law/`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register.fields import Reader
from kido.register.files import act_path
from kido.register.shapes import CASE
from kido.register.yaml_file import Mark, read_yaml


@dataclass(frozen=True, slots=True)
class Case:
    """One case: facts on a day, and the word expected of each measure named.

    act      the act whose file it stands beside; "" for cases across jurisdictions
    expect   measure id -> applies · does not apply · unknown · not yet · suspended · status unknown · ended;
             an empty mapping: no measure of the case's act applies, is unknown, or of unknown standing
    items    measure id -> exact list of item codes that match
    missing  each must be among the missing facts of the measures expected unknown
    outcome  measure id -> outcome
    """

    name: str
    act: str
    place: str
    on: date
    facts: Mark
    expect: dict[str, str]
    items: dict[str, list[str]]
    missing: tuple[str, ...]
    outcome: dict[str, str]
    why: str
    known_on: date | None = None
    answer: str = ""
    answers: dict[str, str] = field(default_factory=dict)  # jurisdiction -> answer


def read_cases(folder: Path, acts: Iterable[str]) -> list[Case]:
    """Every case of every file; problems of all files are raised together.

    A file belongs to the act (one of `acts`) whose law file stands at the same path; cases across
    jurisdictions stand in `across/`.
    """
    problems: list[Problem] = []
    beside = {act_path(act): act for act in acts}
    found: list[Case] = []
    for path in sorted(folder.rglob("*.yaml")):
        relative = path.relative_to(folder)
        act = beside.get(relative.as_posix(), "")
        if not act and relative.parts[0] != "across":
            problems.append(
                Problem("unknown-reference", f"{folder.name}/{relative.as_posix()}", relative.stem, {"what": "law file", "near": ""})
            )
        try:
            mark = read_yaml(path, f"{folder.name}/{relative.as_posix()}")
        except KidoError as error:
            problems += error.problems
            continue
        reader = Reader(problems)
        for child in reader.list(mark):
            raw = reader.record(child, CASE)
            if not {"name", "on", "facts", "expect", "why"} <= raw.keys():
                continue
            plain = {
                key: raw[key].plain() if isinstance(raw.get(key), Mark) else raw.get(key) or {}
                for key in ("expect", "items", "outcome", "answers")
            }
            found.append(
                Case(
                    raw["name"], act, child.place, raw["on"], raw["facts"], plain["expect"], plain["items"],
                    tuple(raw.get("missing", ())), plain["outcome"], raw["why"], raw.get("known_on"), raw.get("answer", ""), plain["answers"],
                )
            )  # fmt: skip
    if problems:
        raise KidoError(problems)
    return found
