"""The process of one uploaded table: `python -m kido.face.http.job FOLDER`. Writes progress.json, the answers, done.json.

A job whose folder has no job.json any more was removed: its process ends without another word.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kido import desk
from kido.decide.columns import Columns
from kido.errors import KidoError, Problem
from kido.face.batch_words import BatchWords
from kido.register.home import write_whole
from kido.register.table_source import all_not_read

if TYPE_CHECKING:
    import psutil

EVERY = 0.5  # seconds between two notes of progress
HEADER = "header.json"
NOTE = "done.json"


def work(place: Path) -> dict:
    """Judge the table of a job; what came of it."""
    asked = json.loads((place / "job.json").read_bytes())
    today, last = date.today(), 0.0  # one day for the whole job, though it may run past midnight

    def seen(done: int, rows: int) -> None:
        nonlocal last
        if time.monotonic() - last > EVERY or done == rows:
            last = time.monotonic()
            note(place, "progress.json", {"done": done, "rows": rows})

    into = place / "out" / f"answers{asked['output']}"
    try:
        found = desk.batch(
            place / "in" / asked["file"],
            into,
            asked["on"],
            asked["known_on"],
            columns=_told(place, asked.get("reading")),
            otherwise=today,
            seen=seen,
            wording=BatchWords(asked["lang"]),
        )
    except KidoError as error:
        return {"problems": [one.to_dict() for one in error.problems]}
    except OSError as error:  # the disk is full
        return {"problems": [Problem("data-folder", "batch", str(place.parent), {"why": error.strerror or str(error)}).to_dict()]}
    told = {
        "rows": found.rows, "answered": found.answered, "rejected": found.rejected, "undated": found.undated, "not_read": all_not_read(found.not_read), "answers": dict(found.answers),
        "columns": {found.columns.names[number]: fact for number, fact in found.columns.facts.items()}, "unused": list(found.columns.unused),
        "files": [{"name": one.name, "bytes": one.stat().st_size, "sha256": _checksum(one)} for one in found.files if one.is_file()],
    }  # fmt: skip
    day, known_on = desk.as_date(asked["on"], "on") or today, desk.as_date(asked["known_on"], "known_on")
    try:
        new = desk.tabled(place / "in" / asked["file"], day, known_on, told, asked["lang"], asked["who"])
        told["record"] = desk.keep([new])[0].id
    except KidoError as error:  # an answer that could not be recorded is not given
        return {"problems": [one.to_dict() for one in error.problems]}
    return told


def note(place: Path, name: str, told: dict) -> None:
    """Keep a note of a job; a job that was removed ends here, or its folder would come back."""
    if not (place / "job.json").is_file():
        os._exit(0)
    write_whole(place / name, json.dumps(told, ensure_ascii=False).encode())


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def processes(place: Path) -> list[psutil.Process]:
    """The process of a job and those it has begun, as long as it lives; a number that another process has by now is not taken for it."""
    import psutil

    with suppress(OSError, ValueError, psutil.Error):
        first = psutil.Process(int((place / "process").read_bytes()))
        if first.status() != psutil.STATUS_ZOMBIE and str(place) in first.cmdline():
            return [first, *first.children(recursive=True)]
    return []


def ended(those: list[psutil.Process], patience: float = 5.0) -> None:
    """End processes, and kill what does not end."""
    import psutil

    for one in those:
        with suppress(psutil.Error):
            one.terminate()
    for one in psutil.wait_procs(those, timeout=patience)[1]:
        with suppress(psutil.Error):
            one.kill()


def _told(place: Path, reading: dict | None) -> Callable[[Sequence[str], str], Columns] | None:
    """Columns as a page confirmed them, else as they are remembered, and noted for the page; without a page as the headings tell."""
    if reading is None:
        return None

    def told(header: Sequence[str], name: str) -> Columns:
        found: dict = {"header": [cell.strip() for cell in header], "columns": {}, "left": [], "unused": [], "day": ""}
        try:
            columns, found["day"] = desk.told_columns(header, name, reading)
            facts = {columns.names[number]: fact for number, fact in columns.facts.items()}
            found |= {"columns": facts, "left": columns.left, "unused": columns.unused}
            return columns
        finally:
            if (place / "job.json").is_file():  # else it was removed, and its folder would come back
                write_whole(place / HEADER, json.dumps(found, ensure_ascii=False).encode())

    return told


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    note(folder, NOTE, work(folder))
