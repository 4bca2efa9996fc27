"""Uploaded tables under attack: names, slow and broken uploads, full disks, removal at any moment, a server that comes back."""

import asyncio
import errno
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
import warnings

import psutil
import pytest

from kido.errors import KidoError
from kido.face.http import jobs as making
from kido.face.http.app import create_app
from kido.face.http.job import processes
from kido.face.http.jobs import MOST_RUNNING, Jobs, safe_name

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

TABLE = "No.,形状,輸出国,仕向地,出荷日\n1,磁石,中国,日本,2026-01-15\n".encode()


@pytest.fixture
def client(tmp_path) -> TestClient:
    return TestClient(create_app(tmp_path / "jobs"), base_url="http://127.0.0.1")


def waited(client: TestClient, id: str) -> dict:
    for _ in range(600):
        shown = client.get(f"/api/batch/{id}").json()
        if shown["state"] != "running":
            return shown
        time.sleep(0.1)
    raise AssertionError("the job did not end")


def codes(response) -> list[str]:
    return [one["code"] for one in response.json()["problems"]]


# -- names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "a\r\nX-Evil: 1.csv", 'a".csv', "a;b.csv", "あ" * 120 + ".csv", "日本" * 90 + ".csv", "é" * 190 + ".csv", "a\x00.csv", "\u202egpj.csv", "-rf.csv",
        "$(id).csv", "CON.csv", "lpt1.csv", "~root.csv", "a\u2028b.csv", "x" * 190 + ".csv", "C:\\a\\b.csv", "%2e%2e%2fa.csv", "..csv.csv",
    ],
)  # fmt: skip
def test_the_name_of_a_table_is_a_name_of_ours(client, name):
    added = client.post("/api/batch", params={"filename": name}, content=TABLE)
    assert added.status_code == 202, added.text
    kept = added.json()["file"]
    assert kept.endswith(".csv") and len(kept.encode()) <= 200 and not set(kept) & set('/\\\r\n\0"<>:;') and kept[0] not in ".~"
    assert added.headers["location"] == f"/api/batch/{added.json()['id']}" and "x-evil" not in added.headers
    assert client.delete(added.headers["location"]).status_code == 204


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> tuple[TestClient, dict]:
    client = TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1")
    return client, waited(client, client.post("/api/batch", params={"filename": 'あ" \r\n.csv'}, content=TABLE).json()["id"])


def test_files_of_answers_have_checksums_and_plain_names(finished):
    client, job = finished
    assert job["state"] == "done" and len(job["files"]) == 3, job
    for one in job["files"]:
        url = f"/api/batch/{job['id']}/files/{one['name']}"
        told = client.get(url, headers={"Accept-Encoding": "gzip"})
        assert told.headers["content-disposition"] == f'attachment; filename="{one["name"]}"' and "content-encoding" not in told.headers
        assert hashlib.sha256(told.content).hexdigest() == one["sha256"] and len(told.content) == one["bytes"]
        assert told.headers["content-digest"] and "public" not in told.headers["cache-control"]
        assert client.get(url, headers={"If-None-Match": told.headers["etag"]}).status_code == 304
        assert client.get(url, headers={"Range": "bytes=0-4"}).content == told.content[:5]


@pytest.mark.parametrize("name", ["...", ".csv", "a.csv/", "a", "a.csv.exe", "a.csv\\"])
def test_a_name_of_no_table_is_refused(client, name):
    assert codes(client.post("/api/batch", params={"filename": name}, content=TABLE)) == ["wrong-kind-of-file"]


@pytest.mark.parametrize(
    "name",
    [
        "..%2fjob.json",
        "job.json",
        "answers.csv%00",
        "..%2fin%2fa.csv",
        "..%5cjob.json",
        "%2e%2e%2fstderr",
        "stderr",
        "Answers.csv",
    ],
)
def test_only_its_answers_are_given(finished, name):
    client, job = finished
    told = client.get(f"/api/batch/{job['id']}/files/{name}")
    assert told.status_code == 404


@pytest.mark.parametrize("id", ["..", "%2e%2e", "A" * 32, "0" * 31, "0" * 33, "0" * 31 + "%0a", "..%2f..", "*", "0" * 32])
def test_an_id_is_no_path(client, id):
    for method in ("GET", "DELETE"):
        assert client.request(method, f"/api/batch/{id}").status_code in (404, 405)


def test_names_of_files_are_short_enough_for_a_file_system():
    for name in ("日" * 300 + ".xlsx", "a" * 300 + ".csv", "😀" * 200 + ".csv"):
        assert len(safe_name(name).encode()) <= 160 and safe_name(name).endswith(name[-4:])


# -- uploads ----------------------------------------------------------------------------------------


class Slow:
    """An upload that arrives in two parts, the second when it is let."""

    def __init__(self, end: BaseException | None = None):
        self.go, self.end = asyncio.Event(), end

    async def stream(self):
        yield TABLE
        await self.go.wait()
        if self.end:
            raise self.end


ASKED = {"output": ".csv", "on": None, "known_on": None, "lang": "en"}


def test_tables_that_are_still_arriving_have_a_place_as_well(tmp_path):
    """Otherwise ten slow uploads pass the count before the first is there, and fill the disk."""
    jobs = Jobs(tmp_path)

    async def run():
        slow = [Slow(ConnectionError()) for _ in range(MOST_RUNNING)]
        arriving = [asyncio.create_task(jobs.add(one, "a.csv", ASKED, "sato")) for one in slow]
        await asyncio.sleep(0.05)
        with pytest.raises(KidoError, match="too-many-jobs"):
            await jobs.add(Slow(), "b.csv", ASKED, "sato")
        for one in slow:
            one.go.set()
        return await asyncio.gather(*arriving, return_exceptions=True)

    ended = asyncio.run(run())
    assert all(isinstance(one, Exception) for one in ended) and jobs.arriving == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="rights of files")
def test_tables_are_nobody_elses_on_this_machine(client, tmp_path):
    client.delete(client.post("/api/batch?filename=a.csv", content=TABLE).headers["location"])
    assert (tmp_path / "jobs").stat().st_mode & 0o077 == 0


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path):
    jobs = Jobs(tmp_path)

    async def run(end: BaseException):
        one = Slow(end)
        one.go.set()
        await jobs.add(one, "a.csv", ASKED, "sato")

    for end in (ConnectionError(), KidoError([]), asyncio.CancelledError()):
        with pytest.raises(BaseException):  # noqa: B017
            asyncio.run(run(end))
        assert list(tmp_path.iterdir()) == [] and jobs.arriving == 0


def test_a_full_disk_is_told_and_leaves_nothing(client, tmp_path, monkeypatch):
    real = making.Path.open

    class Full:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(making.Path, "open", lambda path, *a, **k: Full(real(path, *a, **k)) if "in" in path.parts else real(path, *a, **k))
    told = client.post("/api/batch?filename=a.csv", content=TABLE)
    assert told.status_code == 507 and codes(told) == ["data-folder"] and "No space left" in told.json()["problems"][0]["wrong"]["en"]
    assert list((tmp_path / "jobs").iterdir()) == []


def test_a_disk_that_fills_while_a_table_is_judged_is_told(tmp_path, monkeypatch):
    from kido.face.http import job

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_bytes(TABLE)
    (tmp_path / "job.json").write_text(json.dumps(ASKED | {"file": "a.csv"}))

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(job.desk, "batch", full, raising=False)
    assert [one["code"] for one in job.work(tmp_path)["problems"]] == ["data-folder"]


# -- removal ----------------------------------------------------------------------------------------


def long_table(rows: int = 300_000) -> bytes:
    return b"form,from,to,date\n" + b"magnet,CN,JP,2026-01-15\n" * rows


def test_a_job_is_removed_while_it_runs_with_all_it_began(client, tmp_path):
    id = client.post("/api/batch?filename=a.csv", content=long_table()).json()["id"]
    place = tmp_path / "jobs" / id
    for _ in range(200):
        if len(processes(place)) > 1 or (place / "progress.json").is_file():
            break
        time.sleep(0.05)
    those = processes(place)
    assert those
    assert client.delete(f"/api/batch/{id}").status_code == 204
    assert client.get(f"/api/batch/{id}").status_code == 404
    psutil.wait_procs(those, timeout=15)
    assert not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in those)
    time.sleep(0.7)  # longer than two notes of progress are apart
    assert not place.exists()


def test_removing_at_every_moment_leaves_nothing(client, tmp_path):
    for delay in (0, 0.01, 0.1, 0.3, 0.6, 1.0):
        id = client.post("/api/batch?filename=a.csv", content=TABLE).json()["id"]
        time.sleep(delay)
        assert client.delete(f"/api/batch/{id}").status_code == 204
        assert client.delete(f"/api/batch/{id}").status_code == 404
    time.sleep(0.7)
    assert list((tmp_path / "jobs").iterdir()) == []


def test_many_upload_and_remove_at_once(client, tmp_path):
    told, lock = [], threading.Lock()

    def one(number: int) -> None:
        added = client.post(f"/api/batch?filename=t{number}.csv", content=TABLE)
        with lock:
            told.append(added.status_code)
        if added.status_code == 202:
            id = added.json()["id"]
            client.get(f"/api/batch/{id}")
            with lock:
                told.append(client.delete(f"/api/batch/{id}").status_code)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(told) <= {202, 204, 503} and 202 in told and told.count(202) == told.count(204)
    time.sleep(0.7)
    assert list((tmp_path / "jobs").iterdir()) == []


# -- a server that comes back ------------------------------------------------------------------------


def test_a_job_of_an_earlier_server_goes_on_and_can_be_stopped(client, tmp_path):
    id = client.post("/api/batch?filename=a.csv", content=long_table()).json()["id"]
    again = TestClient(create_app(tmp_path / "jobs"), base_url="http://127.0.0.1")
    assert again.get(f"/api/batch/{id}").json()["state"] == "running"
    process = client.app.state.jobs.running[id]
    assert again.delete(f"/api/batch/{id}").status_code == 204
    process.wait(15)
    assert not (tmp_path / "jobs" / id).exists()


def test_the_number_of_a_process_that_another_has_now_is_not_taken_for_the_job(client, tmp_path):
    id = client.post("/api/batch?filename=a.csv", content=TABLE).json()["id"]
    waited(client, id)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    try:
        place = tmp_path / "jobs" / id
        (place / "process").write_text(str(other.pid))
        again = TestClient(create_app(tmp_path / "jobs"), base_url="http://127.0.0.1")
        assert processes(place) == [] and again.delete(f"/api/batch/{id}").status_code == 204
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_what_is_left_of_uploads_and_dead_jobs_goes_after_a_while(client, tmp_path):
    folder = tmp_path / "jobs"
    half, dead, young = (folder / (letter * 32) for letter in "abc")
    for place in (half, dead, young):
        (place / "in").mkdir(parents=True)
    for place in (dead, young):
        (place / "job.json").write_text('{"file": "a.csv", "bytes": 1}')
    old = time.time() - 8 * 86_400
    for place in (half, dead, dead / "job.json"):
        os.utime(place, (old, old))
    assert client.get(f"/api/batch/{dead.name}").json()["problems"][0]["code"] == "process-died"
    id = client.post("/api/batch?filename=a.csv", content=TABLE).json()["id"]
    assert {one.name for one in folder.iterdir()} == {young.name, id}
    client.delete(f"/api/batch/{id}")


def test_notes_that_were_cut_off_are_no_end(client, tmp_path):
    id = client.post("/api/batch?filename=a.csv", content=TABLE).json()["id"]
    waited(client, id)
    for name in ("done.json", "progress.json", "job.json"):
        (tmp_path / "jobs" / id / name).write_bytes(b'{"half')
        assert client.get(f"/api/batch/{id}").status_code == 200
