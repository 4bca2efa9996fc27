"""A first look without a file: one real answer, or the desk with sample data of its own that is gone when it stops."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kido import desk
from kido.errors import KidoError, Problem
from kido.face.language import chosen, word
from kido.terms.ground import ground

if TYPE_CHECKING:
    from fastapi import FastAPI

SAMPLE = "supplier-letter.yaml"
PATIENCE = 120  # seconds for the sample table
OWN = ("KIDO_DATA", "KIDO_RECORDS")  # where a user's own things lie


def example() -> str:
    """The file that is answered."""
    return str(ground("examples") / SAMPLE)


def web(port: int, lang: str | None) -> None:
    """The desk on sample data in a folder of its own; Ctrl-C stops it and removes the folder."""
    try:
        import fastapi  # noqa: F401
    except ImportError as error:
        raise KidoError(Problem("extra-missing", "demo", error.name or "fastapi", {"extra": "web"})) from None
    from kido.face.cli.serve import serve

    with _own_folder() as folder:
        print(word("demo.folder", chosen(lang), folder=folder), file=sys.stderr, flush=True)
        filled: list[FastAPI] = []
        try:
            serve("127.0.0.1", port, lang, filled=lambda app: filled.append(_filled(app, chosen(lang))))
        finally:
            for app in filled:
                _emptied(app)


@contextmanager
def _own_folder() -> Iterator[str]:
    """A data folder for this run only; a signal to end it removes it as well."""
    before = {name: os.environ.pop(name, None) for name in OWN}
    handled = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="kido-demo-", ignore_cleanup_errors=True) as folder:
        os.environ["KIDO_DATA"] = folder
        try:
            yield folder
        finally:
            signal.signal(signal.SIGTERM, handled)
            os.environ.pop("KIDO_DATA", None)
            os.environ.update({name: value for name, value in before.items() if value is not None})


def _filled(app: FastAPI, lang: str) -> FastAPI:
    """The desk with a table that was judged; its first page links to that and to the sample transactions."""
    from kido.face.web.tables import sample_upload

    jobs = app.state.jobs
    asked = {"output": ".xlsx", "on": None, "known_on": None, "lang": lang, "reading": {}}
    upload = sample_upload(lang)
    id = asyncio.run(jobs.add(upload, upload.file.filename or "", asked, desk.user()))
    jobs.running[id].wait(PATIENCE)
    app.state.demo = id
    return app


def _emptied(app: FastAPI) -> None:
    """Nothing goes on after the desk: tables that are being judged are stopped."""
    jobs = app.state.jobs
    for id in list(jobs.running):
        jobs.remove(id)
