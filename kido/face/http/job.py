"""The process of one uploaded table: `python -m kido.face.http.job FOLDER`. Writes progress.json, the answers, done.json."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path

from kido import desk
from kido.errors import KidoError
from kido.face.batch_words import BatchWords
from kido.register.home import write_whole
from kido.register.table_source import all_not_read

EVERY = 0.5  # seconds between two notes of progress


def work(place: Path) -> dict:
    """Judge the table of a job; what came of it."""
    asked = json.loads((place / "job.json").read_bytes())
    told = 0.0

    def seen(done: int, rows: int) -> None:
        nonlocal told
        if time.monotonic() - told > EVERY or done == rows:
            told = time.monotonic()
            write_whole(place / "progress.json", json.dumps({"done": done, "rows": rows}).encode())

    into = place / "out" / f"answers{asked['output']}"
    try:
        found = desk.batch(
            place / "in" / asked["file"],
            into,
            asked["on"],
            asked["known_on"],
            otherwise=date.today(),
            seen=seen,
            wording=BatchWords(asked["lang"]),
        )
    except KidoError as error:
        return {"problems": [one.to_dict() for one in error.problems]}
    return {
        "rows": found.rows, "answered": found.answered, "rejected": found.rejected, "undated": found.undated, "not_read": all_not_read(found.not_read), "answers": dict(found.answers),
        "columns": {found.columns.names[number]: fact for number, fact in found.columns.facts.items()}, "unused": list(found.columns.unused),
    }  # fmt: skip


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write_whole(folder / "done.json", json.dumps(work(folder), ensure_ascii=False).encode())
