"""Start the desk on this machine: one process, loopback, one user."""

from __future__ import annotations

import sys
from datetime import date
from threading import Thread

from kido import desk
from kido.errors import KidoError, Problem
from kido.face.language import chosen, word

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(host: str, port: int, lang: str | None) -> None:
    """Serve until it is stopped. Beyond this machine it does not go: there are no accounts yet."""
    if host not in LOOPBACK:
        raise KidoError(Problem("not-loopback", "--host", host))
    try:
        import uvicorn

        from kido.face.http.app import create_app
    except ImportError as error:
        raise KidoError(Problem("extra-missing", "serve", error.name or "fastapi", {"extra": "web"})) from None
    desk.register()  # a law folder that cannot be read is said now
    desk.party_lists()  # shown on the first page
    Thread(target=_beforehand, daemon=True).start()
    print(word("serve.at", chosen(lang), host=f"[{host}]" if ":" in host else host, port=port), file=sys.stderr, flush=True)
    uvicorn.run(create_app(), host=host, port=port, log_level="warning", access_log=False, server_header=False)


def _beforehand() -> None:
    """Index the names of the party lists while nobody waits: with an empty cache that takes some seconds."""
    desk.screen("kido", date.today())
