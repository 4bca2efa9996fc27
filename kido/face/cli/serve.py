"""Start the desk: alone on this machine, or for a team that signs in."""

from __future__ import annotations

import re
import socket
import ssl
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

from kido import desk
from kido.errors import KidoError, Problem
from kido.face import view
from kido.face.language import chosen, word

if TYPE_CHECKING:
    from fastapi import FastAPI

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Team:
    """How a team reaches the desk.

    names         what it is called: it answers under these names only
    certificate   files of TLS; or
    proxy         the address of a program before it that does TLS
    """

    names: Sequence[str] = ()
    certificate: str | None = None
    key: str | None = None
    proxy: str | None = None
    wanted: bool = False

    def needed(self, host: str) -> bool:
        return self.wanted or host not in LOOPBACK or any((self.proxy, self.certificate, self.key, self.names))


def serve(host: str, port: int, lang: str | None, team: Team = Team(), filled: Callable[[FastAPI], object] | None = None) -> None:
    """Serve until it is stopped. Beyond this machine only with accounts, and over TLS.

    Parameters
    ----------
    filled : called with the application before anybody may ask it
    """
    try:
        import uvicorn

        from kido.face.http import app as http
    except ImportError as error:
        raise KidoError(Problem("extra-missing", "serve", error.name or "fastapi", {"extra": "web"})) from None
    desk.register()  # a law folder that cannot be read is said now
    desk.party_lists()  # shown on the first page
    how, many = {}, team.needed(host)
    if many:
        app, how = _for_team(host, team), _carried(team)
    else:
        app = http.create_app()
    listening = _listening(host, port)
    if filled is not None:
        filled(app)
    beforehand = Timer(2, _beforehand)  # not beside the first page, which a browser asks for at once
    beforehand.daemon = True
    beforehand.start()
    at = f"{'https' if team.certificate else 'http'}://{f'[{host}]' if ':' in host else host}:{port}/"
    print(word("serve.team" if many else "serve.at", chosen(lang), at=at, names=", ".join(team.names)), file=sys.stderr, flush=True)
    settings = {"log_level": "warning", "access_log": False, "server_header": False, "proxy_headers": False}
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        uvicorn.Server(uvicorn.Config(app, **settings | how)).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """The address, taken before it is told to anybody."""
    try:
        found = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048)
        # asyncio sends without delay only where it sees that it is TCP; else each answer waits 40 ms for an acknowledgement
        return socket.socket(found.family, found.type, socket.IPPROTO_TCP, fileno=found.detach())
    except OSError as error:
        raise KidoError(Problem("address-taken", "--port", f"{host}:{port}", {"why": error.strerror or str(error)})) from None


def _for_team(host: str, team: Team):
    """The application with accounts; what is not safe is refused before anything listens."""
    from kido.face.http.app import LOOPBACK as OURS
    from kido.face.http.app import create_app
    from kido.face.http.behind import Behind

    outside = host not in LOOPBACK
    if (outside and not team.names) or any(not _NAME.fullmatch(name) for name in team.names):
        raise KidoError(Problem("team-needs-name", "--name", ", ".join(team.names) or host))
    if team.proxy and (team.certificate or team.key):
        raise KidoError(Problem("tls-twice", "--behind-proxy", team.proxy))
    if (outside or team.certificate or team.key) and not (team.proxy or (team.certificate and team.key)):
        raise KidoError(Problem("team-needs-tls", "--certificate", host))
    for flag, file in (("--certificate", team.certificate), ("--key", team.key)):
        if file and not Path(file).is_file():
            raise KidoError(Problem("no-such-file", flag, file))
    if team.certificate:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(team.certificate, team.key)
        except (ssl.SSLError, OSError) as error:
            raise KidoError(Problem("file-not-read", "--certificate", team.certificate, {"why": str(error)})) from None
    people = desk.people()
    if not people.admins():
        raise KidoError(Problem("team-needs-admin", "kido accounts", desk.records_held()[0]))
    try:
        import argon2  # noqa: F401
        import limits  # noqa: F401
    except ImportError as error:
        raise KidoError(Problem("extra-missing", "serve", error.name or "argon2", {"extra": "team"})) from None
    names = [name.casefold() for name in team.names]
    app = create_app(hosts=names if outside else [*names, *OURS], people=people, secure=bool(team.certificate or team.proxy))
    if not team.proxy:
        return app
    try:
        return Behind(app, team.proxy)
    except ValueError as error:
        raise KidoError(Problem("no-proxy-address", "--behind-proxy", team.proxy, {"why": str(error)})) from None


def _carried(team: Team) -> dict[str, object]:
    """What uvicorn needs for TLS."""
    return {"ssl_certfile": team.certificate, "ssl_keyfile": team.key} if team.certificate else {}


def _beforehand() -> None:
    """What the first answer would wait for, while nobody waits; the names of the party lists take some seconds with an empty cache."""
    facts, today = {"form": "magnet"}, date.today()
    view.determination(desk.determine(facts, today), "ja")
    desk.next_question(facts, today)
    with suppress(KidoError):  # a database that is not there is told to who asks
        desk.records_held()
    desk.screen("kido", today)
