"""One file as it is: tag, checksums, one range of it; a copy that is still right costs nothing.

RFC 9110 (ranges, conditions) and RFC 9530 (Content-Digest of what is sent, Repr-Digest of the whole file).
"""

from __future__ import annotations

import base64
import re
from pathlib import Path

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from kido.errors import Problem
from kido.face.http.asked import has_already
from kido.face.http.problems import problem_response

IMMUTABLE = "public, max-age=31536000, immutable"
OWN = "private, no-cache"
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.ASCII)


def download(request: Request, path: Path, sha256: str, media: str, cache: str = OWN, **headers: str) -> Response:
    """A file whose checksum is known."""
    digest = f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
    told = {"ETag": f'"{sha256[:32]}"', "Cache-Control": cache, "Repr-Digest": digest, "Content-Digest": digest, **headers}
    if has_already(request, told["ETag"]):
        return Response(status_code=304, headers={name: told[name] for name in ("ETag", "Cache-Control")})
    size = path.stat().st_size
    if request.headers.get("if-range", told["ETag"]) == told["ETag"] and _beyond(asked := request.headers.get("range", ""), size):
        response = problem_response(request, [Problem("no-such-range", "Range", asked, {"bytes": f"{size:,}"})], 416)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    return _Whole(path, headers=told, media_type=media, filename=path.name, content_disposition_type="attachment")


class _Whole(FileResponse):
    """The file, or the one range asked for. Anything else that Range says is passed over, as the RFC allows."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            # of the whole file, so it may not stand over a part; nothing is sent to a HEAD
            if message["type"] == "http.response.start" and (message["status"] != 200 or head):
                message = message | {"headers": list(message["headers"])}
                del MutableHeaders(scope=message)["content-digest"]
            await send(message)

        head = scope.get("kido.asked", scope["method"]) == "HEAD"
        headers = [(name, value) for name, value in scope["headers"] if name != b"range" or _one(value)]
        await super().__call__(scope | {"headers": headers, "method": "HEAD" if head else scope["method"]}, receive, sent)


def _one(value: bytes) -> bool:
    """Whether it is one range, and its end not before its beginning."""
    found = _RANGE.fullmatch(value.decode("latin-1"))
    return bool(found) and not (found[1] and found[2] and int(found[1]) > int(found[2]))


def _beyond(asked: str, size: int) -> bool:
    """Whether a range has nothing of the file.

    >>> _beyond("bytes=10-", 10), _beyond("bytes=-0", 10), _beyond("bytes=9-20", 10), _beyond("lines=1-2", 10)
    (True, True, False, False)
    """
    found = _RANGE.fullmatch(asked)
    return bool(found) and (int(found[1]) >= size if found[1] else int(found[3]) == 0)
