"""Golden cases: what a competent officer would answer; read from `cases/`, beside `law/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register.fields import Reader
from kido.register.shapes import CASE
from kido.register.yaml_file import Mark, read_yaml


@dataclass(frozen=True, slots=True)
class Case:
    """One case: facts on a day, and the word expected of each measure named.

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


def read_cases(folder: Path) -> list[Case]:
    """Every case of every file; problems of all files are raised together."""
    problems: list[Problem] = []
    found: list[Case] = []
    for path in sorted(folder.rglob("*.yaml")):
        relative = path.relative_to(folder)
        act = act_of(relative)
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
                key: raw[key].plain() if isinstance(raw.get(key), Mark) else raw.get(key) or {} for key in ("expect", "items", "outcome")
            }
            found.append(
                Case(
                    raw["name"], act, child.place, raw["on"], raw["facts"], plain["expect"], plain["items"],
                    tuple(raw.get("missing", ())), plain["outcome"], raw["why"], raw.get("known_on"), raw.get("answer", ""),
                )
            )  # fmt: skip
    if problems:
        raise KidoError(problems)
    return found


def act_of(relative: Path) -> str:
    """The act a case file belongs to, from its path (the inverse of `load.act_path`).

    >>> act_of(Path("cn/2025/mofcom-gacc-18.yaml")), act_of(Path("cn/2020/export-control-law.yaml"))
    ('cn-mofcom-gacc-2025-18', 'cn-export-control-law-2020')
    """
    jurisdiction, *middle, last = relative.with_suffix("").parts
    words = last.split("-")
    if not middle:
        return f"{jurisdiction}-{last}"
    tail = [words.pop()] if words[-1].isdigit() else []
    return "-".join([jurisdiction, *words, *middle, *tail])
