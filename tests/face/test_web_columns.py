"""How the columns of an uploaded table are read: put right on its page, judged again, remembered and forgotten."""

from __future__ import annotations

import csv
import time

import pytest

pytest.importorskip("fastapi")
from fastapi.testclient import TestClient

from kido import desk
from kido.face.http.app import create_app
from kido.face.web.columns import called, names
from kido.terms.text import LANGUAGES
from tests.face.test_web import Read, sound

TABLE = "品番,どこへ,積出国,どんな形,何の磁石,メモ\nA-1,日本,中国,磁石,ネオジム磁石,x\nA-2,ドイツ,中国,金属,,y\n".encode()


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512")


def finished(web, place: str, lang: str = "ja") -> Read:
    for _ in range(240):
        response = web.get(place)
        if 'http-equiv="refresh"' not in response.text:
            return sound(response, lang)
        time.sleep(0.5)
    raise AssertionError("the table was not judged in two minutes")


def begun(web, data: bytes, lang: str = "ja") -> str:
    sent = web.post(
        f"/tables?lang={lang}", files={"file": ("表.csv", data)}, data={"output": ".csv", "on": "2026-11-23"}, follow_redirects=False
    )
    assert sent.status_code == 303
    return sent.headers["location"]


def read_as(page: Read) -> list[str]:
    return [control["value"] for control in page.controls if control["name"].startswith("column.")]


def again(web, place: str, values: list[str], **more: str):
    fields = {f"column.{number}": value for number, value in enumerate(values)} | {"do": "again"} | more
    return web.post(place.replace("?", "/columns?"), data=fields, follow_redirects=False)


def test_columns_are_put_right_and_remembered_until_they_are_forgotten(web):
    place = begun(web, TABLE)
    page = finished(web, place)
    assert read_as(page) == ["行の番号", "", "積出国・地域", "", "", ""] and page.words.count("▲ 読んでいない") == 4
    right = ["行の番号", "最終仕向地", "積出国・地域", "形態", "磁石の種類", "使わない"]
    sent = again(web, place, right, remember="1")
    assert sent.status_code == 303 and web.get(place).status_code == 404  # the first reading is gone
    page = finished(web, sent.headers["location"])
    assert read_as(page) == right and "読んでいない" not in page.words and "に確認した読み方です" in page.words
    link = next(attrs["href"] for attrs in page.all("a") if attrs.get("href", "").split("?")[0].endswith("answers.csv"))
    rows = list(csv.DictReader(web.get(link).content.decode("utf-8-sig").splitlines()))
    assert len(rows) == 2
    later = begun(web, TABLE)
    page = finished(web, later)
    assert read_as(page) == right and "に確認した読み方です" in page.words
    forgotten = web.post(later.replace("?", "/columns?"), data={"do": "forget"}, follow_redirects=False)
    assert "覚えていた読み方を消しました" in Read(web.get(forgotten.headers["location"]).text).words
    assert read_as(finished(web, begun(web, TABLE)))[1] == ""


def test_without_the_tick_nothing_is_remembered(web):
    place = begun(web, b"a,to,form\n1,JP,magnet\n")
    finished(web, place)
    sent = again(web, place, ["id", "destination", "form"])
    page = finished(web, sent.headers["location"])
    assert "確認した読み方" not in page.words and read_as(page) == ["行の番号", "最終仕向地", "形態"]
    assert read_as(finished(web, begun(web, b"a,to,form\n1,JP,magnet\n")))[0] == ""


def test_an_emptied_field_leaves_a_column_out(web):
    place = begun(web, b"to,form,origin\nJP,magnet,CN\n")
    finished(web, place)
    page = finished(web, again(web, place, ["destination", "form", ""]).headers["location"])
    assert read_as(page)[2] == "使わない"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_reading_is_told_beside_its_column_and_the_answers_stay(web, lang):
    place = begun(web, TABLE, lang)
    finished(web, place, lang)
    for values, wrong in ((["", "destinatoin", "", "", "", ""], [1]), (["", "destination", "destination", "", "", ""], [1, 2])):
        sent = again(web, place, values)
        page = sound(sent, lang)
        assert sent.status_code == 422 and read_as(page) == values
        invalid = [control["name"] for control in page.controls if control.get("aria-invalid")]
        assert invalid == [f"column.{number}" for number in wrong], (invalid, page.words)
        assert web.get(place).status_code == 200
    assert again(web, place, [""] * 6).status_code == 422  # no fact at all


def test_a_table_without_any_column_of_facts_can_be_put_right(web):
    place = begun(web, "甲,乙\n日本,磁石\n".encode())
    page = finished(web, place)
    assert read_as(page) == ["", ""]
    page = finished(web, again(web, place, ["最終仕向地", "形態"]).headers["location"])
    assert "1 行 = 判定 1" in page.words


def test_a_page_of_others_does_not_reread(web):
    place = begun(web, b"to,form\nJP,magnet\n")
    finished(web, place)
    sent = web.post(place.replace("?", "/columns?"), data={"do": "forget"}, headers={"origin": "https://evil.example"})
    assert sent.status_code == 403
    assert web.post("/tables/abc/columns", data={"do": "again"}).status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_page_calls_a_fact_is_read_as_that_fact(lang):
    from kido.face.web.columns import Noted, said

    for fact in (*names(lang), "id", "-", "composition:Dy", "content"):
        asked = Noted(("x",), {}, (), (), "")
        assert said(asked, {"column.0": called(fact, lang)}) == {"x": fact}, (fact, called(fact, lang))


def test_the_api_reads_as_headings_tell_whatever_a_page_remembers(web):
    header = ("どこへ2", "form")
    told, _ = desk.told_columns(header, "t", {"どこへ2": "destination"})
    desk.confirm_columns(told, "2026-11-29")
    id = web.post(
        "/api/batch?filename=t.csv&on=2026-11-23",
        content="どこへ2,form\n日本,magnet\n".encode(),
        headers={"content-type": "application/octet-stream"},
    ).json()["id"]
    for _ in range(240):
        found = web.get(f"/api/batch/{id}").json()
        if found["state"] != "running":
            break
        time.sleep(0.5)
    assert found["result"]["unused"] == ["どこへ2"]
