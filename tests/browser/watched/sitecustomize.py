"""Read by Python at its start: writes down every connection and every look-up of a name the server and its workers try."""

import os
import sys


def _watch(event: str, given: tuple) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        target = given[1] if event in ("socket.connect", "socket.sendto") else given[0]
        if isinstance(target, tuple) or event.startswith("socket.get"):  # a path is a socket of this machine
            with open(os.environ["KIDO_CALLS"], "a", encoding="utf-8") as calls:  # noqa: PTH123
                calls.write(f"{event} {target!r}\n")


if "KIDO_CALLS" in os.environ:
    sys.addaudithook(_watch)
