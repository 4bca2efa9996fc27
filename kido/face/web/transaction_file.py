"""A transaction file that came with a form: read by the house's own readers, held to its size, exactly one transaction."""

from __future__ import annotations

from pathlib import PurePath

from fastapi import Request
from starlette.datastructures import UploadFile

from kido.errors import KidoError, Problem
from kido.face.exact_json import exact
from kido.face.http.body import MOST_BODY
from kido.face.http.jobs import safe_name
from kido.face.web.tables import own_form
from kido.register.yaml_file import Mark, marked, read_yaml_text

KINDS = (".yaml", ".yml", ".json")
ROOM = 10_000  # bytes of a form around its file


async def sent_file(request: Request) -> tuple[bytes, str]:
    """The one file of a form of ours, and its name without a folder.

    Raises
    ------
    KidoError : no file, too large
    """
    own_form(request)
    said = request.headers.get("content-length", "")
    if not said.isdigit() or int(said) > MOST_BODY + ROOM:
        raise KidoError(Problem("body-too-large", "file", said or "?", {"most": f"{MOST_BODY:,}"}))
    async with request.form(max_files=1, max_fields=6) as sent:
        file = sent.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise KidoError(Problem("no-file-chosen", "file", ""))
        return await file_of(file)


async def file_of(file: UploadFile) -> tuple[bytes, str]:
    """What is in a file that was sent, and its name without a folder.

    Raises
    ------
    KidoError : too large for a transaction
    """
    if (file.size or 0) > MOST_BODY:
        raise KidoError(Problem("body-too-large", "file", f"{file.size:,}", {"most": f"{MOST_BODY:,}"}))
    return await file.read(), safe_name(file.filename or "")


def read_transaction_file(data: bytes, name: str) -> Mark:
    """The transaction of a .yaml or .json file.

    >>> read_transaction_file(b"form: magnet\\nto: JP\\n", "a.yaml").plain()
    {'form': 'magnet', 'to': 'JP'}

    Raises
    ------
    KidoError : another kind of file, text that cannot be read, not one transaction
    """
    kind = PurePath(name).suffix.casefold()
    if kind not in KINDS:
        raise KidoError(Problem("not-a-transaction-file", "file", name))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KidoError(Problem("not-utf-8", name, "", {"why": str(error)})) from None
    mark = marked(exact(text, name), "") if kind == ".json" and text.strip() else read_yaml_text(text, name)
    found = mark.value if isinstance(mark.value, list) else [mark] if mark.value else []
    if len(found) != 1 or not isinstance(found[0].value, dict) or not found[0].value:
        raise KidoError(Problem("not-one-transaction", name, str(len(found))))
    return found[0]
