"""A request that never comes to its end is given up: it would hold a connection, and a table a place among the few."""

from __future__ import annotations

import asyncio
import time

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kido.errors import Problem
from kido.face.http.problems import problem_response

PATIENCE = 60.0  # seconds for a body
SLOWEST = 20_000  # bytes a second that a longer one has to come with


class Patience:
    """Reads a body with a limit of time; whoever reads it sees no difference."""

    def __init__(self, app: ASGIApp, patience: float = PATIENCE):
        self.app, self.patience = app, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, size, whole, started = time.monotonic(), 0, False, False

        async def received() -> Message:
            nonlocal size, whole
            if whole:  # what is waited for now is the end of the connection
                return await receive()
            try:
                async with asyncio.timeout(began + self.patience + size / SLOWEST - time.monotonic()):
                    message = await receive()
            except TimeoutError:
                raise _TooSlow from None
            size += len(message.get("body", b""))
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def sent(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, received, sent)
        except ClientDisconnect:
            pass  # nobody is there to be told
        except _TooSlow:
            if not started:
                request = Request(scope)
                answer = problem_response(
                    request, [Problem("body-too-slow", "body", f"{size:,}", {"seconds": f"{self.patience:.0f}"})], 408
                )
                answer.headers["Connection"] = "close"
                await answer(scope, receive, send)


class _TooSlow(Exception):
    pass
