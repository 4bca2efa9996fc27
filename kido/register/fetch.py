"""Read a file from a path or an address into a nameless temporary file: nothing is left if the run is killed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kido.errors import KidoError, Problem

MOST_BYTES = 200_000_000
_BLOCK = 1 << 16
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)

Progress = Callable[[int, int | None], None]  # bytes read, bytes in all if known


@contextmanager
def fetched(source: str | Path, progress: Progress | None = None, timeout: float = 30.0) -> Iterator[BinaryIO]:
    """The bytes behind a path or an http, https or file address; `timeout` is for one wait on the network.

    >>> with fetched(Path(__file__)) as file:
    ...     file.read(11)
    b'\"\"\"Read a f'
    """
    import tempfile

    with tempfile.TemporaryFile() as into:
        size = 0
        with _opened(str(source), timeout) as (read, total):
            while block := read(_BLOCK):
                size += len(block)
                if max(size, total or 0) > MOST_BYTES:
                    sizes = f"{max(size, total or 0):,}", f"{MOST_BYTES:,}"
                    raise KidoError(Problem("bundle-too-large", str(source), str(source), {"size": sizes[0], "most": sizes[1]}))
                into.write(block)
                if progress:
                    progress(size, total)
            if total is not None and size < total:
                raise OSError(f"ended after {size:,} of {total:,} bytes")
        into.seek(0)
        yield into


@contextmanager
def _opened(source: str, timeout: float) -> Iterator[tuple[Callable[[int], bytes], int | None]]:
    """A function that reads, and the size if it is known; what goes wrong on the way is one error."""
    scheme = found[1].lower() if (found := _ADDRESS.match(source)) else ""
    if scheme in ("", "file"):
        path = _local(source) if scheme else Path(source)
        try:
            with path.open("rb") as file:
                yield file.read, path.stat().st_size
        except OSError as error:
            raise KidoError(Problem("no-such-bundle", source, source, {"why": error.strerror or str(error)})) from None
        return
    if scheme not in ("http", "https"):
        raise KidoError(Problem("url-failed", source, source, {"why": f"{scheme}://"}))
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    try:
        with urlopen(Request(source, headers={"User-Agent": "kido"}), timeout=timeout) as answer:
            stated = answer.headers.get("Content-Length", "")
            yield answer.read, int(stated) if stated.isdigit() else None
    except (OSError, HTTPException, ValueError) as error:
        raise KidoError(Problem("url-failed", source, source, {"why": str(error)})) from None


def _local(address: str) -> Path:
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    return Path(url2pathname(urlsplit(address).path))
