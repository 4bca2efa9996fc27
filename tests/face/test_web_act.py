"""The page of one act: its number as its issuer writes it, standing over time, entries beside originals, answers, practice, sources."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("fastapi")
from fastapi.testclient import TestClient

from kido import desk
from kido.face.http.app import create_app
from kido.face.web.act import number_in_full
from tests.face.test_web import NEVER, Read, asked, sound


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_act_is_a_sound_page(web, lang):
    for id, act in desk.register().instruments.items():
        response = web.get(asked(f"/act/{id}", lang))
        page = sound(response, lang)
        assert response.status_code == 200 and len(response.content) < 150_000, id
        assert not NEVER.search(page.words), (id, NEVER.search(page.words))
        for source in act.sources:
            assert source.seen.isoformat() in page.words, id
        for item in act.items:
            assert item.code in page.words, (id, item.code)


def test_the_number_stands_as_its_issuer_writes_it(web):
    for lang, ministry in (("ja", "商務部"), ("en", "Ministry of Commerce")):
        text = web.get(f"/act/cn-mofcom-gacc-2025-18?lang={lang}").text
        assert '<h1><span lang="zh">商务部 海关总署公告2025年第18号</span>' in text
        assert f'<span lang="zh">商务部</span> ({ministry})' in text
    acts = desk.register().instruments
    assert number_in_full(
        acts["cn-mofcom-2025-61"] if "cn-mofcom-2025-61" in acts else next(a for a in acts.values() if a.number == "公告2025年第61号")
    ).endswith("公告2025年第61号")
    for act in acts.values():
        assert number_in_full(act).endswith(act.number)


def test_each_part_of_the_page_can_be_reached(web):
    page = Read(web.get("/act/cn-mofcom-gacc-2025-18?lang=en").text)
    links = {attrs["href"] for attrs in page.all("a") if attrs.get("href", "").startswith("#")} - {"#main"}
    assert links == {"#items", "#qa", "#practice", "#sources"} and {link[1:] for link in links} <= set(page.ids)


def test_what_is_reported_stands_apart_from_the_law(web):
    text = web.get("/act/cn-mofcom-gacc-2025-18?lang=en").text
    practice = re.search(r'<div id="practice">.*?</aside>', text, re.DOTALL)[0]
    assert "not the law" in practice.lower() or "not law" in practice.lower()
    assert 'class="practice"' in practice and practice.count("confidence") > 5


def test_an_act_that_changed_it_is_a_link(web):
    text = web.get("/act/cn-mofcom-gacc-2025-57?lang=ja").text
    history = re.search(r"<caption>経過.*?</table>", text, re.DOTALL)[0]
    assert 'href="/act/cn-mofcom-gacc-2025-70?lang=ja"' in history


def test_codes_are_marked_and_equal_ones_stand_once(web):
    text = web.get("/act/cn-mofcom-gacc-2025-18?lang=en").text
    row = re.search(r'<th scope="row">1C902\.a\.1</th>.*?</tr>', text, re.DOTALL)[0]
    assert row.count("2805301910") == 1 and "CN 2025, CN 2026" in row and "reference" in row and "金属钐" in row and "metal" in row
