"""The whole register as files: the index with checksums, and each file under a name that never means other bytes."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kido import desk
from kido.desk.editions import SUMS
from kido.face.http.asked import Lang, answered, tag_of
from kido.face.http.download import IMMUTABLE, download
from kido.face.language import word
from kido.register.exchange.package import LICENCE

bulk = APIRouter(tags=["bulk"])
LATEST = "latest"
MEDIA_TYPES = {
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8; header=present",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".zip": "application/zip",
    "": "text/plain; charset=utf-8",
}


def _media(name: str) -> str:
    """
    >>> _media("acts.parquet"), _media("SHA256SUMS")
    ('application/vnd.apache.parquet', 'text/plain; charset=utf-8')
    """
    return MEDIA_TYPES["".join(name.rpartition(".")[1:]) if "." in name else ""]


@bulk.get("/bulk", summary="The whole register as files, with checksums. 登録簿のファイル一覧")
def bulk_index(request: Request, lang: Lang) -> Response:
    edition = desk.bulk()
    shown = {
        "version": edition.name,
        "register": edition.register,
        "made_with": edition.made_with,
        "licence": {"id": LICENCE["name"], "url": LICENCE["path"], "words": word("bulk.licence", lang)},
        "checksums": f"/api/bulk/{edition.name}/{SUMS}",
        "files": [
            {"name": one.name, "format": one.format, "bytes": one.bytes, "sha256": one.sha256, "media_type": _media(one.name),
             "licence": LICENCE["name"], "url": f"/api/bulk/{edition.name}/{one.name}"}
            for one in edition.files
        ],
    }  # fmt: skip
    return answered(request, shown, lang, tag_of("bulk", edition.name, lang))


@bulk.get("/bulk/{version}/{name}", summary="One file; `latest` and the version of a register lead to it. ファイル")
def bulk_file(request: Request, version: str, name: str) -> Response:
    edition = desk.bulk("" if version == LATEST else version)
    one = edition.file(name)
    if version != edition.name:
        return RedirectResponse(f"/api/bulk/{edition.name}/{name}", 307, {"Cache-Control": "no-cache"})
    headers = {"Kido-Register": edition.register}
    return download(request, edition.folder / one.name, one.sha256, _media(one.name), IMMUTABLE, **headers)
