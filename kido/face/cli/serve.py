"""Start the desk on this machine: one process, loopback, one user."""

from __future__ import annotations

import sys

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
    print(word("serve.at", chosen(lang), host=f"[{host}]" if ":" in host else host, port=port), file=sys.stderr, flush=True)
    uvicorn.run(create_app(), host=host, port=port, log_level="warning", access_log=False, server_header=False)
