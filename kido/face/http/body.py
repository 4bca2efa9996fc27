"""What stands in the body of a request: its kind, its size, and the facts or the object it holds."""

from __future__ import annotations

import json
import re

from fastapi import Request

from kido.errors import KidoError, Problem
from kido.face.exact_json import exact
from kido.register.yaml_file import Mark, marked

MOST_BODY = 1_000_000  # bytes of one transaction
MOST_VALUES = 5_000  # of one transaction: a fact that is none is looked up among all names
MOST_PARTIES = 200  # each is compared with every list
_NOT_JSON = (
    "multipart/",
    "text/html",
    "text/xml",
    "text/csv",
    "application/xml",
    "image/",
    "audio/",
    "video/",
    "application/zip",
    "application/pdf",
)

_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def kind_refused(request: Request, table: bool) -> Problem | None:
    """What is wrong with the kind of a body. `curl -d` says that JSON is a form, so only what can be nothing else is refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    packed = request.headers.get("content-encoding", "").strip().casefold()
    if packed not in ("", "identity"):
        return Problem("wrong-kind-of-body", "Content-Encoding", packed[:60])
    wrong = ("multipart/",) if table else _NOT_JSON
    return Problem("wrong-kind-of-body", "Content-Type", kind[:60]) if kind.startswith(wrong) else None


async def body_of(request: Request) -> Mark:
    """The facts of a request."""
    return facts_of(await read_all(request, MOST_BODY))


def facts_of(data: bytes) -> Mark:
    """The facts of a body, every figure as it was written.

    Raises
    ------
    KidoError : as `_object`; more values or parties than any transaction has
    """
    found = _object(data)
    values, parties = _count(found), found.get("parties")
    for place, count, most in (("body", values, MOST_VALUES), ("parties", len(parties) if isinstance(parties, list) else 0, MOST_PARTIES)):
        if count > most:
            raise KidoError(Problem("too-many-values", place, f"{count:,}", {"most": f"{most:,}"}))
    return marked(found, "body")


async def object_of(request: Request) -> dict:
    """The JSON object of a request, figures as figures; errors as `_object`."""
    data = await read_all(request, MOST_BODY)
    _object(data)
    return json.loads(data.decode("utf-8-sig"), parse_int=float)  # thousands of digits are no reason to fail


def _object(data: bytes) -> dict:
    """A JSON object.

    Raises
    ------
    KidoError : not UTF-8, not JSON, half a character, no object
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KidoError(Problem("not-utf-8", "body", "", {"why": str(error)})) from None
    if not text.strip():
        raise KidoError(Problem("empty-input", "body", ""))
    found = exact(text, "body")
    if _HALF.search(text) and (half := _half_of(found)):  # without its other half no answer can hold it
        raise KidoError(Problem("half-a-character", "body", half))
    if not isinstance(found, dict):
        raise KidoError(Problem("wrong-shape", "body", str(found)[:60], {"wanted": "{fact: value, …}"}))
    return found


def _half_of(found: object) -> str:
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        return f"\\u{ord(error.object[error.start]):04x}"
    return ""


def _count(value: object) -> int:
    """Values, however deep.

    >>> _count({"a": "1", "b": ["2", {"c": "3"}]})
    6
    """
    count, rest = 0, [value]
    while rest:
        one = rest.pop()
        count += 1
        if isinstance(one, dict):
            rest += one.values()
        elif isinstance(one, list):
            rest += one
    return count


async def read_all(request: Request, most: int) -> bytes:
    """The body, held to its size while it arrives."""
    said = request.headers.get("content-length", "")
    found = bytearray()
    if not (said.isdecimal() and len(said) < 20 and int(said) > most):
        async for part in request.stream():
            found += part
            if len(found) > most:
                break
        else:
            return bytes(found)
    raise KidoError(Problem("body-too-large", "body", said[:20] or f"> {most:,}", {"most": f"{most:,}"}))
