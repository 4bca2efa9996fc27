"""How answers are carried: HEAD wherever GET is, and gzip where it can do no harm."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST = 1_000  # bytes that are worth packing: about one packet
LEVEL = 5  # nine makes 2 % less of an answer, in twice the time
# Pages are never packed. They will hold a token against forged forms beside what the user typed, and the size of a packed
# page tells, guess by guess, whether the two are alike (BREACH). Data of the API and files of the house hold no secret.
_PACKED = re.compile(r"/(?:api|static)/")
_AS_THEY_ARE = re.compile(r"/api/(?:bulk|batch/[^/]+/files)/.")  # their checksums and ranges are of the bytes as they lie there
_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0{0,3})?\s*(?:,|$))[^,]*)?(?:,|$)", re.IGNORECASE)


class Carried:
    """A HEAD is the GET without its body; an answer that was packed has a weak tag, for its bytes are others."""

    def __init__(self, app: ASGIApp):
        self.app, self.packed = app, GZipMiddleware(app, SMALLEST, LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                _vary_once(headers)
                if "content-encoding" in headers and (tag := headers.get("etag", "")).startswith('"'):
                    headers["etag"] = f"W/{tag}"
            elif message["type"] == "http.response.body" and head:
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        path, accepted = scope["path"], Headers(scope=scope).get("accept-encoding", "")
        refused = "gzip" in accepted and not _GZIP.search(accepted)  # q=0, which the middleware does not read
        packs = _PACKED.match(path) and not _AS_THEY_ARE.match(path) and not refused
        if head:
            scope = scope | {"method": "GET", "kido.asked": "HEAD"}
        await (self.packed if packs else self.app)(scope, receive, sent)


def _vary_once(headers: MutableHeaders) -> None:
    """Names of Vary, each once."""
    if told := headers.getlist("vary"):
        headers["vary"] = ", ".join(dict.fromkeys(name.strip() for one in told for name in one.split(",")))
