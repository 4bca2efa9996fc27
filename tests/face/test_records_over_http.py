"""Records over HTTP and on pages: kept, found, repeated, remarked; and what is said where the database is gone."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

import kido
from kido import desk
from kido.face.http.app import create_app
from kido.records import store

FACTS = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "magnet", "magnet_family": "SmCo", "name": "SmCo 磁石"}
CHECK = "/check?lang=en&act=export&exported_from=CN&destination=JP&form=magnet&magnet_family=SmCo&origin=CN&on=2026-11-23"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("KIDO_RECORDS", str(tmp_path / "records.sqlite"))
    return tmp_path / "records.sqlite"


@pytest.fixture
def client(place, tmp_path):
    with TestClient(create_app(tmp_path / "jobs", hosts=("testserver",)), follow_redirects=False) as found:
        yield found


def codes(answer) -> set[str]:
    return {one["code"] for one in answer.json()["problems"]}


def test_an_answer_is_kept_as_it_was_given(client):
    told = client.post("/api/determine?on=2026-11-23&lang=ja", json=FACTS)
    number = told.headers["kido-record"]
    assert client.get(f"/api/records/{number}/parts/answer").content == told.content
    assert client.get(f"/api/records/{number}/parts/facts").json() == FACTS
    shown = client.get(f"/api/records/{number}?lang=en").json()
    assert (shown["answer"], shown["on"], shown["register"], shown["who"]) == (
        "licence_required",
        "2026-11-23",
        kido.register().version,
        desk.user(),
    )


def test_a_part_of_an_answer_is_asked_for_and_the_whole_is_kept(client):
    whole = client.post("/api/determine?on=2026-11-23&lang=ja&keep=false", json=FACTS)
    part = client.post("/api/determine?on=2026-11-23&lang=ja&fields=answer", json=FACTS)
    assert "kido-record" not in whole.headers and set(part.json()) == {"answer"}
    assert client.get(f"/api/records/{part.headers['kido-record']}/parts/answer").content == whole.content


def test_the_same_question_is_one_record_a_day_and_another_day_of_law_another(client):
    numbers = [
        client.post(f"/api/determine?on={day}", json=FACTS).headers["kido-record"] for day in ("2026-11-23", "2026-11-23", "2026-11-24")
    ]
    assert numbers[0] == numbers[1] != numbers[2]


def test_names_are_kept_each_with_its_answer(client):
    told = client.post("/api/screen?on=2026-08-24&lang=en", json={"names": ["TDK", "Nobody Knows GmbH"]}).json()
    found = client.get("/api/records?kind=screening&lang=en").json()["entries"]
    assert [one["id"] for one in found] == told["records"][::-1]
    assert [one["answer"] for one in found] == [one["answer"] for one in told["screenings"]][::-1]


def test_many_at_once_are_all_kept(client):
    def ask(n):
        return client.post("/api/determine?on=2026-11-23", json=FACTS | {"name": f"lot {n}"}).headers["kido-record"]

    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(ask, range(60)))
    assert len(set(numbers)) == 60
    seen = client.get("/api/records/verify").json()
    assert seen["problems"] == [] and seen["entries"] == 61  # and the register


def test_lists_come_in_pages_and_are_narrowed(client):
    for n in range(7):
        client.post("/api/determine?on=2026-11-23", json=FACTS | {"name": f"lot {n}"})
    first = client.get("/api/records?limit=5").json()
    rest = client.get(f"/api/records?limit=5&cursor={first['next']}").json()
    subjects = [one["subject"] for one in first["entries"] + rest["entries"]]
    assert subjects == [f"lot {n}" for n in range(6, -1, -1)] and rest["next"] is None
    assert [one["subject"] for one in client.get("/api/records?text=LOT 3").json()["entries"]] == ["lot 3"]
    assert client.get("/api/records?until=2020-01-01").json()["entries"] == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/records/R99", 404, "no-such-record"), ("/api/records/x", 404, "no-such-record"), ("/api/records/R0", 404, "no-such-record"),
        ("/api/records/R1", 404, "no-such-record"), ("/api/records/R2/parts/x", 404, "no-such-part"), ("/api/records?since=x", 422, "not-a-date"),
        ("/api/records?kind=x", 422, "not-one-of"), ("/api/records?cursor=x", 404, "no-such-record"), ("/api/records/R99999999999999999999/replay", 404, "no-such-record"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said(client, path, status, code):
    client.post("/api/determine?on=2026-11-23", json=FACTS)
    asked = client.get(path)
    assert asked.status_code == status and codes(asked) == {code}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "comment"}, 422, "remark-empty"), ({"kind": "approve"}, 403, "four-eyes"), ({"kind": "nothing"}, 422, "not-one-of"),
        ({"kind": "shipped"}, 422, "missing-key"), ({"kind": "shipped", "shipped": "soon"}, 422, "not-a-date"), ({}, 422, "wrong-shape"),
        ({"kind": "comment", "text": 1}, 422, "wrong-shape"), ({"kind": "comment", "text": "x" * 4_001}, 422, "too-long"), ({"kind": "comment", "tekst": "x"}, 422, "wrong-shape"),
    ],
)  # fmt: skip
def test_a_remark_that_is_not_taken_leaves_nothing(client, body, status, code):
    number = client.post("/api/determine?on=2026-11-23", json=FACTS).headers["kido-record"]
    done = client.post(f"/api/records/{number}/remarks", json=body)
    assert done.status_code == status and codes(done) == {code}
    assert client.get(f"/api/records/{number}").json()["remarks"] == []


def test_a_remark_on_the_page_keeps_what_was_typed(client):
    number = client.post("/api/determine?on=2026-11-23", json=FACTS).headers["kido-record"]
    done = client.post(f"/records/{number}?lang=en", data={"kind": "shipped", "shipped": "soon", "text": "my words"})
    assert done.status_code == 422 and "my words" in done.text and 'value="soon"' in done.text
    done = client.post(f"/records/{number}?lang=en", data={"kind": "shipped", "shipped": "2026-11-29", "text": "my words"})
    assert done.status_code == 303
    page = client.get(f"/records/{number}?lang=en").text
    assert "shipped 2026-11-29" in page and "kept until 2033-11-29" in page


def test_replay_on_the_page_says_the_same_bytes(client):
    number = client.post("/api/determine?on=2026-11-23&lang=ja", json=FACTS).headers["kido-record"]
    found = client.get(f"/api/records/{number}/replay?lang=en").json()
    assert found["same"] and found["today"]["same"] and found["today"]["differences"] == []
    assert "byte for byte" in client.get(f"/records/{number}/replay?lang=en").text


def test_a_tampered_record_is_not_shown(client, place):
    number = client.post("/api/determine?on=2026-11-23", json=FACTS).headers["kido-record"]
    with sqlite3.connect(place) as raw:
        raw.execute("UPDATE content SET data = (SELECT data FROM content WHERE sha != ?) WHERE sha = ?", [json_sha(place, number)] * 2)
    asked = client.get(f"/api/records/{number}/parts/answer")
    assert asked.status_code == 500 and codes(asked) == {"record-damaged"}
    assert client.get("/api/records/verify").json()["problems"]


def json_sha(place, number: str) -> str:
    with sqlite3.connect(place) as raw:
        return raw.execute("SELECT sha FROM part WHERE seq = ? AND name = 'answer'", [int(number[1:])]).fetchone()[0]


# -- the database is gone, or held by somebody -------------------------------------------------


@pytest.fixture
def gone(monkeypatch, tmp_path):
    """A server that nobody answers at."""
    monkeypatch.setenv("KIDO_RECORDS", "postgresql://kido@127.0.0.1:9/kido")
    return TestClient(create_app(tmp_path / "jobs", hosts=("testserver",)), follow_redirects=False)


def test_where_the_records_are_gone_no_answer_is_given_and_it_is_said(gone):
    told = gone.post("/api/determine?on=2026-11-23", json=FACTS)
    assert told.status_code == 503 and codes(told) == {"records-not-opened"} and "licence" not in json.dumps(told.json())
    page = gone.get(CHECK)
    assert (
        page.status_code == 503 and 'value="CN"' in page.text and "nothing is stored by half" in page.text and "Recorded:" not in page.text
    )
    assert "Licence required" not in page.text and gone.get(f"{CHECK}&draft=1").status_code == 200
    assert (
        gone.get("/records?lang=ja").status_code == 503
        and gone.post("/api/determine?on=2026-11-23&keep=false", json=FACTS).status_code == 200
    )


def test_a_database_that_is_held_is_waited_for_and_then_said(client, place, monkeypatch):
    assert client.post("/api/determine?on=2026-11-23", json=FACTS).status_code == 200
    before = desk.records_held()[1]
    with sqlite3.connect(place, isolation_level=None, check_same_thread=False) as other:
        other.execute("BEGIN IMMEDIATE")
        letting_go = threading.Timer(1.0, lambda: other.execute("COMMIT"))
        letting_go.start()
        assert client.post("/api/determine?on=2026-11-23", json=FACTS | {"name": "waited"}).status_code == 200
        letting_go.join()
    assert desk.records_held()[1] == before + 1
    monkeypatch.setattr(store, "WAIT", 0.3)
    from kido.desk import recorded

    recorded._book.cache_clear()
    with sqlite3.connect(place, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        told = client.post("/api/determine?on=2026-11-23", json=FACTS | {"name": "too late"})
        assert told.status_code == 503 and codes(told) == {"records-busy"}
        other.execute("ROLLBACK")
    recorded._book.cache_clear()
    assert desk.records_held()[1] == before + 1


def test_there_is_a_page_for_a_record_of_every_kind(client, tmp_path):
    client.post("/api/determine?on=2026-11-23", json=FACTS)
    client.get("/parties?names=TDK&on=2026-08-24")
    carried = json.dumps(
        {"act": "export", "exported_from": "CN", "destination": "JP", "form": "magnet", "magnet_family": "SmCo", "name": "SmCo"}
    )
    assert client.post("/papers/get?lang=en", data={"facts": carried, "get": "timeline.docx"}).status_code == 200
    with TestClient(client.app, follow_redirects=True) as following:
        file = ("parts.csv", "名称,形状,輸出国,仕向地\n磁石,magnet,CN,JP\n".encode())
        for path in ("/drop", "/tables"):
            page = following.post(path, files={"file": file}, headers={"Origin": "http://testserver"})
            assert page.status_code == 200, page.text
            for _ in range(200):
                if "Recorded:" in (page := following.get(f"{page.url.path}?lang=en")).text:
                    break
                time.sleep(0.1)
            assert "Recorded:" in page.text, path
    found = client.get("/api/records?lang=en").json()["entries"]
    assert {one["kind"] for one in found} == {"determination", "screening", "papers", "table"}
    for one in found:
        for lang in ("ja", "en"):
            page = client.get(f"/records/{one['id']}?lang={lang}")
            assert page.status_code == 200 and one["subject"] in page.text
        assert client.get(f"/records/{one['id']}/replay").status_code == (422 if one["kind"] == "table" else 200)


def test_a_damaged_row_stands_in_the_list_as_damaged(client, place):
    numbers = [client.post("/api/determine?on=2026-11-23", json=FACTS | {"name": f"lot {n}"}).headers["kido-record"] for n in range(3)]
    with sqlite3.connect(place) as raw:
        raw.execute("UPDATE entry SET outcome = 'no_match' WHERE seq = ?", [int(numbers[1][1:])])
    page = client.get("/records?lang=en")
    assert page.status_code == 200 and page.text.count("not as it was written") == 1 and "no measure" not in page.text
    assert "lot 0" in page.text and "lot 2" in page.text and "lot 1" not in page.text
    assert client.get(f"/records/{numbers[1]}").status_code == 500
