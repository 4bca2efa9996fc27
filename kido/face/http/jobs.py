"""Tables of transactions over HTTP: upload, progress, files with checksums. Each job is a process of its own, and its folder says all.

POST /batch?filename=orders.xlsx   the table as the body   -> 202 and the job
GET  /batch/{id}                    state, rows done, counts, files
GET  /batch/{id}/files/{name}       one file
DELETE /batch/{id}                  stop it and remove all of it
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Protocol

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kido.errors import KidoError, Problem
from kido.face.http.asked import Fields, KnownOn, Lang, On, answered, part_of
from kido.face.http.download import download
from kido.face.http.job import NOTE, ended, processes
from kido.face.http.people import person_of
from kido.register.home import write_whole
from kido.register.table_source import KINDS

MOST_UPLOAD = 500_000_000  # bytes
MOST_RUNNING = 2
MOST_AGE = 7 * 86_400  # seconds a job is kept
MOST_NAME = 160  # bytes; a file system takes 255, and the name gets endings
OUTPUTS = (".csv", ".xlsx", ".parquet")
MEDIA = {".csv": "text/csv; charset=utf-8", ".parquet": "application/vnd.apache.parquet", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip
_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[^\w.\-()（） ]+")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)  # no file of Windows has these names


class Upload(Protocol):
    """What a table is read from: a request, or the file of a form."""

    def stream(self) -> AsyncIterator[bytes]: ...


@dataclass(slots=True)
class Jobs:
    """The jobs of one folder. A job goes on in its process whatever happens to the server, and its folder outlives both."""

    folder: Path
    running: dict[str, subprocess.Popen] = field(default_factory=dict)
    arriving: int = 0

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

    async def add(self, upload: Upload, filename: str, asked: dict, who: str) -> str:
        """Keep the upload and start its process; nothing of it stays if it does not arrive whole."""
        name = safe_name(filename)
        if Path(name).suffix.casefold() not in KINDS:
            raise KidoError(Problem("wrong-kind-of-file", "filename", filename[:100]))
        self._tidy()
        id = secrets.token_hex(16)
        place = self.folder / id
        with self._seat():
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # a firm's orders are nobody else's on this machine
                (place / "in").mkdir(parents=True)
                size = await _kept(upload, place / "in" / name)
                if not size:
                    raise KidoError(Problem("empty-input", "body", name))
                asked = asked | {"who": who, "file": name, "bytes": size, "began": time.time()}
                write_whole(place / "job.json", json.dumps(asked, ensure_ascii=False).encode())
                self.running[id] = self._started(place)
            except OSError as error:
                shutil.rmtree(place, ignore_errors=True)
                raise KidoError(Problem("data-folder", "batch", str(self.folder), {"why": error.strerror or str(error)})) from error
            except BaseException:
                shutil.rmtree(place, ignore_errors=True)
                raise
        return id

    @contextmanager
    def _seat(self) -> Iterator[None]:
        """One of the few places; a table that is still arriving has one as well, or slow ones would fill the disk."""
        if self.arriving + sum(one.poll() is None for one in self.running.values()) >= MOST_RUNNING:
            raise KidoError(Problem("too-many-jobs", "batch", "", {"most": str(MOST_RUNNING)}))
        self.arriving += 1
        try:
            yield
        finally:
            self.arriving -= 1

    def _started(self, place: Path) -> subprocess.Popen:
        with (place / "stderr").open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "kido.face.http.job", str(place)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=errors, start_new_session=True,
            )  # fmt: skip
        write_whole(place / "process", str(process.pid).encode())
        return process

    def shown(self, id: str) -> dict:
        """What is known of a job."""
        place = self.place(id)
        asked, alive = _read(place / "job.json"), self._alive(id)
        done = _read(place / NOTE)  # after the process: one that ended in between has written it
        progress = _read(place / "progress.json") or {"done": 0, "rows": None}
        state = "failed" if "problems" in done else "done" if done else "running" if alive else "failed"
        if state == "failed" and not done:
            done = {"problems": [Problem("process-died", "batch", asked.get("file", ""), {"rows": str(progress["done"])}).to_dict()]}
        return {
            "id": id, "state": state, "file": asked.get("file", ""), "bytes": asked.get("bytes", 0), "progress": progress,
            "files": done.pop("files", []), **({"result": done} if state == "done" else {}), **({"problems": done["problems"]} if state == "failed" else {}),
        }  # fmt: skip

    def file(self, request: Request, id: str, name: str, **headers: str) -> Response:
        """One file of a job that has ended.

        Raises
        ------
        KidoError : no such job or file
        """
        one = next((one for one in self.shown(id)["files"] if one["name"] == name), None)
        if one is None:
            raise KidoError(Problem("no-such-job", "batch", f"{id}/{name}"[:100]))
        path = self.place(id) / "out" / name
        return download(request, path, one["sha256"], MEDIA.get(path.suffix, "application/octet-stream"), **headers)

    def remove(self, id: str) -> None:
        """Stop a job if it runs, with the processes it has begun, and remove its folder."""
        place = self.place(id)
        (place / "job.json").unlink(missing_ok=True)  # from here on there is no such job, also for its own process
        process = self.running.pop(id, None)
        ended(processes(place))
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
        for _ in range(5):  # a file that was just being written
            shutil.rmtree(place, ignore_errors=True)
            if not place.exists():
                return
            time.sleep(0.1)

    def _alive(self, id: str) -> bool:
        process = self.running.get(id)
        return process.poll() is None if process is not None else bool(processes(self.folder / id))

    def _tidy(self) -> None:
        """Jobs are kept for a week, and what never became one for a day."""
        for id in [id for id, process in self.running.items() if process.poll() is not None]:
            del self.running[id]
        for place in self.folder.glob("*"):
            with suppress(OSError):
                age = time.time() - max(one.stat().st_mtime for one in (place, *place.glob("*.json")))
                most = MOST_AGE if (place / "job.json").is_file() else 86_400
                if _ID.fullmatch(place.name) and age > most and not self._alive(place.name):
                    shutil.rmtree(place, ignore_errors=True)


async def _kept(upload: Upload, path: Path) -> int:
    """Write an upload as it arrives; its size."""
    size = 0
    with path.open("wb") as file:
        async for part in upload.stream():
            size += len(part)
            if size > MOST_UPLOAD:
                raise KidoError(Problem("body-too-large", "body", f"> {MOST_UPLOAD:,}", {"most": f"{MOST_UPLOAD:,}"}))
            file.write(part)
    return size


def safe_name(filename: str) -> str:
    """The name of an upload as one of our own files: no folder, no leading point, no device, not too long for a file system.

    >>> safe_name("../../etc/pass wd.csv"), safe_name("C:\\\\x\\\\受注<1>.xlsx"), safe_name(".."), safe_name("con.csv")
    ('pass wd.csv', '受注_1_.xlsx', 'table', '_con.csv')
    >>> len(safe_name("日" * 200 + ".csv").encode())
    160
    """
    name = _NAME.sub("_", filename.replace("\\", "/").rpartition("/")[2]).strip(" .")
    name = name.encode()[-MOST_NAME:].decode(errors="ignore").strip(" .") or "table"
    return f"_{name}" if _DEVICE.match(name) else name


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}


def routes(jobs: Jobs) -> APIRouter:
    """The routes of one folder of jobs."""
    batch = APIRouter(tags=["batch"])
    body = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}

    @batch.post("/batch", status_code=202, summary="Judge a table: the file is the body. 表を判定する", openapi_extra=body)
    async def start_batch(
        request: Request, lang: Lang, filename: Annotated[str, Query(min_length=1, max_length=200, description="Name of the table. ファイル名", examples=["orders.xlsx"])],
        output: Annotated[Literal[".csv", ".xlsx", ".parquet"], Query(description="Kind of the answers. 出力の形式")] = ".csv",
        on: On = None, known_on: KnownOn = None,
    ) -> Response:  # fmt: skip
        who = person_of(request).name
        id = await jobs.add(request, filename, {"output": output, "on": on, "known_on": known_on, "lang": lang}, who)
        response = answered(request, jobs.shown(id), lang, status=202)
        response.headers["Location"] = f"/api/batch/{id}"
        return response

    @batch.get("/batch/{id}", summary="State, progress, counts and files of a job. 状態")
    def show_batch(request: Request, id: str, lang: Lang, fields: Fields = None) -> Response:
        return answered(request, part_of(jobs.shown(id), fields), lang)

    @batch.get("/batch/{id}/files/{name}", summary="One file of a finished job. ファイル")
    def batch_file(request: Request, id: str, name: str) -> Response:
        return jobs.file(request, id, name)

    @batch.delete("/batch/{id}", status_code=204, summary="Stop a job and remove all of it. 削除")
    def remove_batch(id: str) -> Response:
        jobs.remove(id)
        return Response(status_code=204)

    return batch
