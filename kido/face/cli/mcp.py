"""Start the tools of the Model Context Protocol on standard input and output."""

from __future__ import annotations

import sys

from kido import desk
from kido.errors import KidoError, Problem
from kido.face.language import chosen, word


def serve(lang: str | None) -> None:
    """Serve one client until it goes away."""
    try:
        from kido.face.mcp.server import serve as start
    except ImportError as error:
        raise KidoError(Problem("extra-missing", "mcp", error.name or "mcp", {"extra": "mcp"})) from None
    desk.register()  # a law folder that cannot be read is said now
    print(word("mcp.at", chosen(lang)), file=sys.stderr, flush=True)
    start(chosen(lang))
