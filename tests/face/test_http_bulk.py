"""The register as files over HTTP: what the index says is what comes, whole or in parts, once made and never changed."""

import base64
import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import threading
import warnings
import zipfile

import pytest

import kido
from kido import desk
from kido.desk import editions as making
from kido.errors import KidoError
from kido.face.http.app import create_app
from kido.register.home import data_folder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> TestClient:
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512", follow_redirects=False)


@pytest.fixture(scope="module")
def index(client) -> dict:
    return client.get("/api/bulk").json()


def digest(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def test_every_file_is_what_the_index_says(client, index):
    assert index["register"] == kido.register().version and index["licence"]["id"] == "Apache-2.0"
    assert {one["format"] for one in index["files"]} == {"json", "csv", "parquet", "sqlite", "sha256sum"}
    for one in index["files"]:
        told = client.get(one["url"])
        assert told.status_code == 200 and len(told.content) == one["bytes"], one["name"]
        assert hashlib.sha256(told.content).hexdigest() == one["sha256"]
        assert told.headers["content-type"] == one["media_type"] and told.headers["content-length"] == str(one["bytes"])
        assert told.headers["content-digest"] == told.headers["repr-digest"] == digest(told.content)
        assert "immutable" in told.headers["cache-control"] and not told.headers["etag"].startswith("W/")
        assert told.headers["kido-register"] == kido.register().version


def test_the_files_are_those_of_an_export(client, index, tmp_path):
    got = {one["name"]: client.get(one["url"]).content for one in index["files"]}
    for format in ("json", "csv", "sqlite"):
        for path in desk.export(format, str(tmp_path / format))[0]:
            assert got[path.name] == path.read_bytes(), path.name
    with zipfile.ZipFile(io.BytesIO(got["register-csv.zip"])) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            path.name: path.read_bytes() for path in (tmp_path / "csv").iterdir()
        }
    database = sqlite3.connect(":memory:")
    database.deserialize(got["register.sqlite"])
    assert database.execute("select count(*) from acts").fetchone()[0] == len(kido.register().instruments)


def test_both_descriptions_of_the_tables_name_files_that_are_there(client, index):
    names = {one["name"] for one in index["files"]}
    for name in ("datapackage.json", "datapackage.parquet.json"):
        told = client.get(f"/api/bulk/{index['version']}/{name}").json()
        assert {one["path"] for one in told["resources"]} <= names and told["resources"]


def test_sha256sum_takes_the_list(client, index, tmp_path):
    for one in index["files"]:
        (tmp_path / one["name"]).write_bytes(client.get(one["url"]).content)
    done = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": OK") == len(index["files"]) - 1
    (tmp_path / "acts.csv").write_bytes(b"x")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_a_range_is_part_of_the_file_and_says_whose(client, index):
    url = f"/api/bulk/{index['version']}/acts.csv"
    whole = client.get(url)
    size = len(whole.content)
    for asked, part, said in (
        ("bytes=0-9", whole.content[:10], f"bytes 0-9/{size}"),
        ("bytes=10-", whole.content[10:], f"bytes 10-{size - 1}/{size}"),
        ("bytes=-7", whole.content[-7:], f"bytes {size - 7}-{size - 1}/{size}"),
        (f"bytes=5-{size + 99}", whole.content[5:], f"bytes 5-{size - 1}/{size}"),
    ):
        told = client.get(url, headers={"Range": asked, "Accept-Encoding": "gzip"})
        assert (told.status_code, told.content, told.headers["content-range"]) == (206, part, said)
        assert "content-digest" not in told.headers and told.headers["repr-digest"] == digest(whole.content)
        assert told.headers["etag"] == whole.headers["etag"] and "content-encoding" not in told.headers


@pytest.mark.parametrize("asked", ["bytes=9-3", "lines=0-9", "bytes=0-3,8-9", "bytes=", "bytes=x-y", "bytes=-", "bytes=٣-٤", "bytes=+1-2"])
def test_a_range_that_says_nothing_is_passed_over(client, index, asked):
    told = client.get(f"/api/bulk/{index['version']}/acts.csv", headers={"Range": asked.encode()})
    assert told.status_code == 200 and hashlib.sha256(told.content).hexdigest() in {one["sha256"] for one in index["files"]}


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_told(client, index, asked):
    told = client.get(f"/api/bulk/{index['version']}/acts.csv", headers={"Range": asked})
    assert told.status_code == 416 and told.json()["problems"][0]["code"] == "no-such-range"
    assert told.headers["content-range"].startswith("bytes */")


def test_a_copy_that_is_still_right_costs_nothing(client, index):
    url = f"/api/bulk/{index['version']}/acts.csv"
    tag = client.get(url).headers["etag"]
    for said in (tag, f'"x", W/{tag}', "*"):
        told = client.get(url, headers={"If-None-Match": said})
        assert (told.status_code, told.content, told.headers["etag"]) == (304, b"", tag) and "immutable" in told.headers["cache-control"]
    assert client.get(url, headers={"If-Range": '"other"', "Range": "bytes=0-9"}).status_code == 200
    assert client.get(url, headers={"If-Range": tag, "Range": "bytes=0-9"}).status_code == 206


def test_latest_and_the_version_of_the_register_lead_to_the_edition(client, index):
    for version in ("latest", kido.register().version):
        told = client.get(f"/api/bulk/{version}/register.sqlite")
        assert told.status_code == 307 and told.headers["location"] == f"/api/bulk/{index['version']}/register.sqlite"
        assert "immutable" not in told.headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("0123456789ab/acts.csv", "no-such-version"),
        ("0123456789ab-01234567/acts.csv", "no-such-version"),
        ("{register}-00000000/acts.csv", "no-such-edition"),
        ("{version}/axts.csv", "no-such-bulk-file"),
        ("{version}/edition.json", "no-such-bulk-file"),
        ("{version}/..%2f..%2fregister.json", "no-such-page"),
        ("..%2f../register.json", "no-such-page"),
        ("{version}/%2e%2e", "no-such-bulk-file"),
        ("../etc/passwd", "no-such-page"),
        ("%00/acts.csv", "no-such-version"),
        ("{version}/acts.csv%00", "no-such-bulk-file"),
        ("..%5c..%5c/acts.csv", "no-such-version"),
    ],
)
def test_what_is_not_here_is_told(client, index, path, what):
    told = client.get("/api/bulk/" + path.format(version=index["version"], register=index["register"]))
    assert told.status_code == 404 and [one["code"] for one in told.json()["problems"]] == [what]


def test_a_wrong_name_of_a_file_is_put_right(client, index):
    told = client.get(f"/api/bulk/{index['version']}/axts.csv?lang=en").json()
    assert "acts.csv" in told["detail"]


# -- made once, whole or not at all ----------------------------------------------------------------


@pytest.fixture
def fresh(monkeypatch, tmp_path):
    monkeypatch.setenv("KIDO_DATA", str(tmp_path))
    making._whole.clear()
    yield tmp_path
    making._whole.clear()


def test_many_that_ask_at_once_make_it_once(fresh, monkeypatch):
    made, real = [], making._write
    monkeypatch.setattr(making, "_write", lambda place, name: (made.append(name), real(place, name)))
    found = []
    threads = [threading.Thread(target=lambda: found.append(desk.bulk())) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 1 and len(found) == 8 and len({one.name for one in found}) == 1


def test_a_disk_that_is_full_leaves_nothing_half(fresh, monkeypatch):
    real, written = making.write_whole, []

    def full(path, data):
        written.append(path)
        if len(written) > 5:
            raise OSError(28, "No space left on device", str(path))
        real(path, data)

    monkeypatch.setattr(making, "write_whole", full)
    client = TestClient(create_app(fresh / "jobs"), base_url="http://127.0.0.1")
    told = client.get("/api/bulk")
    assert told.status_code == 507 and told.json()["problems"][0]["code"] == "data-folder"
    assert list((data_folder() / "bulk").iterdir()) == []
    monkeypatch.setattr(making, "write_whole", real)
    assert client.get("/api/bulk").status_code == 200


def test_a_file_that_was_changed_is_never_given(fresh):
    edition = desk.bulk()
    good = (edition.folder / "acts.csv").read_bytes()
    (edition.folder / "acts.csv").write_bytes(good.replace(b"cn", b"xx", 1))
    again = desk.bulk()
    assert again == edition and (edition.folder / "acts.csv").read_bytes() == good
    shutil.rmtree(edition.folder)
    assert (desk.bulk(edition.name).folder / "acts.csv").read_bytes() == good


def test_an_edition_of_another_program_stays_until_it_is_old(fresh):
    edition = desk.bulk()
    for number in range(making.MOST_KEPT + 2):
        place = edition.folder.with_name(f"{edition.register}-{number:08d}")
        shutil.copytree(edition.folder, place)
    assert desk.bulk(f"{edition.register}-00000001").name.endswith("-00000001")
    shutil.rmtree(edition.folder)
    desk.bulk()
    assert len(list((fresh / "bulk").iterdir())) == making.MOST_KEPT
    with pytest.raises(KidoError, match="no-such-edition"):
        desk.bulk(f"{edition.register}-99999999")


def test_a_killed_run_leaves_nothing_behind_the_next(fresh):
    (fresh / "bulk" / ".killed" / "x").mkdir(parents=True)
    edition = desk.bulk()
    assert [one.name for one in (fresh / "bulk").iterdir()] == [edition.name]
    assert json.loads((edition.folder / "edition.json").read_bytes())["register"] == edition.register
