"""Tables of transactions over HTTP: upload, progress, files with checksums. Each job is a process of its own, and its folder says all.

POST /batch?filename=orders.xlsx   the table as the body   -> 202 and the job
GET  /batch/{id}                    state, rows done, counts, files
GET  /batch/{id}/files/{name}       one file
DELETE /batch/{id}                  stop it and remove all of it
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from kido.errors import KidoError, Problem
from kido.face.http.asked import KnownOn, Lang, On, answered
from kido.register.home import write_whole
from kido.register.table_source import KINDS

MOST_UPLOAD = 500_000_000  # bytes
MOST_RUNNING = 2
MOST_AGE = 7 * 86_400  # seconds a finished job is kept
OUTPUTS = (".csv", ".xlsx", ".parquet")
_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[^\w.\-()（） ]+")


@dataclass(slots=True)
class Jobs:
    """The jobs of one folder. A job goes on in its process whatever happens to the server, and its folder outlives both."""

    folder: Path
    running: dict[str, subprocess.Popen] = field(default_factory=dict)

    def place(self, id: str) -> Path:
        """The folder of a job; nothing of an id is a path.

        Raises
        ------
        KidoError : no such job
        """
        place = self.folder / id
        if not _ID.fullmatch(id) or not (place / "job.json").is_file():
            raise KidoError(Problem("no-such-job", "batch", id[:60]))
        return place

    async def add(self, request: Request, filename: str, asked: dict) -> str:
        """Keep the upload and start its process."""
        self._tidy()
        if sum(one.poll() is None for one in self.running.values()) >= MOST_RUNNING:
            raise KidoError(Problem("too-many-jobs", "batch", "", {"most": str(MOST_RUNNING)}))
        name = safe_name(filename)
        if Path(name).suffix.casefold() not in KINDS:
            raise KidoError(Problem("wrong-kind-of-file", "filename", filename[:100]))
        id = secrets.token_hex(16)
        place = self.folder / id
        (place / "in").mkdir(parents=True)
        try:
            size = 0
            with (place / "in" / name).open("wb") as file:
                async for part in request.stream():
                    size += len(part)
                    if size > MOST_UPLOAD:
                        raise KidoError(Problem("body-too-large", "body", f"> {MOST_UPLOAD:,}", {"most": f"{MOST_UPLOAD:,}"}))
                    file.write(part)
            if not size:
                raise KidoError(Problem("empty-input", "body", name))
            asked = asked | {"file": name, "bytes": size, "began": time.time()}
            write_whole(place / "job.json", json.dumps(asked, ensure_ascii=False).encode())
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        self.running[id] = subprocess.Popen(
            [sys.executable, "-m", "kido.face.http.job", str(place)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=(place / "stderr").open("wb"), start_new_session=True,
        )  # fmt: skip
        return id

    def shown(self, id: str) -> dict:
        """What is known of a job."""
        place = self.place(id)
        asked, done = _read(place / "job.json"), _read(place / "done.json")
        progress = _read(place / "progress.json") or {"done": 0, "rows": None}
        process = self.running.get(id)
        state = "failed" if done and "problems" in done else "done" if done else "running"
        if state == "running" and not (process and process.poll() is None) and not _alive(place):
            state, done = (
                "failed",
                {"problems": [Problem("process-died", "batch", asked["file"], {"rows": str(progress["done"])}).to_dict()]},
            )
        files = sorted((place / "out").glob("answers*")) if state == "done" else []
        return {
            "id": id, "state": state, "file": asked["file"], "bytes": asked["bytes"], "progress": progress,
            "files": [{"name": one.name, "bytes": one.stat().st_size, "sha256": _checksum(one)} for one in files if one.is_file()],
            **({"result": done} if state == "done" else {}), **({"problems": done["problems"]} if state == "failed" else {}),
        }  # fmt: skip

    def remove(self, id: str) -> None:
        """Stop a job if it runs, and remove its folder."""
        place = self.place(id)
        process = self.running.pop(id, None)
        if process and process.poll() is None:
            with suppress(OSError):
                process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
        shutil.rmtree(place)

    def _tidy(self) -> None:
        """Jobs are kept for a week."""
        for place in self.folder.glob("*"):
            if _ID.fullmatch(place.name) and (done := place / "done.json").is_file() and time.time() - done.stat().st_mtime > MOST_AGE:
                shutil.rmtree(place, ignore_errors=True)


def safe_name(filename: str) -> str:
    """The name of an upload as one of our own files: no folder, no leading point.

    >>> safe_name("../../etc/pass wd.csv"), safe_name("C:\\\\x\\\\受注<1>.xlsx"), safe_name("..")
    ('pass wd.csv', '受注_1_.xlsx', 'table')
    """
    name = _NAME.sub("_", filename.replace("\\", "/").rpartition("/")[2]).strip(" .")[-100:]
    return name or "table"


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}


def _alive(place: Path) -> bool:
    """Whether the process of an earlier server still works on a job: it holds the lock of its output."""
    from filelock import FileLock, Timeout

    locks = list((place / "out").glob(".*.lock"))
    try:
        for one in locks:
            with FileLock(one, blocking=False):
                pass
    except Timeout:
        return True
    return False


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def routes(jobs: Jobs) -> APIRouter:
    """The routes of one folder of jobs."""
    batch = APIRouter(tags=["batch"])
    body = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}

    @batch.post("/batch", status_code=202, summary="Judge a table: the file is the body. 表を判定する", openapi_extra=body)
    async def add(
        request: Request, lang: Lang, filename: Annotated[str, Query(min_length=1, max_length=200, examples=["orders.xlsx"])],
        output: Annotated[str, Query(pattern=r"^\.(csv|xlsx|parquet)$", description="Kind of the answers. 出力の形式")] = ".csv",
        on: On = None, known_on: KnownOn = None,
    ) -> Response:  # fmt: skip
        id = await jobs.add(request, filename, {"output": output, "on": on, "known_on": known_on, "lang": lang})
        response = answered(request, jobs.shown(id), lang, status=202)
        response.headers["Location"] = str(request.url.replace(query="")) + f"/{id}"
        return response

    @batch.get("/batch/{id}", summary="State, progress, counts and files of a job. 状態")
    async def show(request: Request, id: str, lang: Lang) -> Response:
        return answered(request, jobs.shown(id), lang)

    @batch.get("/batch/{id}/files/{name}", summary="One file of a finished job. ファイル")
    async def file(id: str, name: str) -> FileResponse:
        known = {one["name"] for one in jobs.shown(id)["files"]}
        if name not in known:
            raise KidoError(Problem("no-such-job", "batch", f"{id}/{name}"[:100]))
        return FileResponse(jobs.place(id) / "out" / name, filename=name, content_disposition_type="attachment")

    @batch.delete("/batch/{id}", status_code=204, summary="Stop a job and remove all of it. 削除")
    async def remove(id: str) -> Response:
        jobs.remove(id)
        return Response(status_code=204)

    return batch
