"""Where law files stand: the id is the path."""

from __future__ import annotations

import re
from pathlib import Path

_YEAR = re.compile(r"^\d{4}$")


def act_path(id: str) -> str:
    """The file an act must stand in, from its id.

    >>> act_path("cn-mofcom-gacc-2025-18"), act_path("cn-export-control-law-2020")
    ('cn/2025/mofcom-gacc-18.yaml', 'cn/2020/export-control-law.yaml')
    """
    jurisdiction, *parts = id.split("-")
    year = next((part for part in parts if _YEAR.match(part)), None)
    if year is None:
        return f"{jurisdiction}/{'-'.join(parts)}.yaml"
    parts.remove(year)
    return f"{jurisdiction}/{year}/{'-'.join(parts)}.yaml"


def law_files(folder: Path) -> list[Path]:
    """The YAML files of law/ that hold law, in order: not the words, not the manifests of party lists."""
    return sorted(path for path in folder.rglob("*.yaml") if path.parts[len(folder.parts)] != "terms" and path.parent.name != "lists")


def list_files(folder: Path) -> list[Path]:
    """The index of the party lists, their manifests (each holds the checksum of its rows), and the names beside the lists."""
    return sorted((*folder.glob("lists.csv"), *folder.glob("also_known.csv"), *folder.glob("*/lists/*.yaml")))
