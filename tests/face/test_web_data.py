"""Data health: what is not here stands first; every source says when it was last checked, how old that is, and what rests on it."""

from __future__ import annotations

import pytest

pytest.importorskip("fastapi")
from fastapi.testclient import TestClient

from kido import desk
from kido.face import history_view
from kido.face.http.app import create_app
from kido.face.http.asked import day_of
from kido.face.web.source_sites import source_sites
from kido.terms.text import said
from tests.face.test_web import Read, asked, sound


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_is_not_here_stands_first_and_whole(web, lang):
    response = web.get(asked("/data", lang))
    page = sound(response, lang)
    assert len(response.content) < 150_000
    order = [page.ids.index(id) for id in ("not", "ages", "lists", "sites", "CN")]
    assert order == sorted(order)
    held = history_view.coverage(lang, day_of(None))
    assert f"{sum(len(entry['not_held']) for entry in held)}" in page.words
    for entry in held:
        for text in entry["not_held"]:
            assert "".join(text.split()) in "".join("".join(page.text).split()), text


def test_every_list_and_every_place_of_sources_says_its_age(web):
    page = Read(web.get("/data?lang=en").text)
    for one in desk.party_lists():
        assert said(one.title, "en") in page.words and one.edition.isoformat() in page.words and f"{one.records:,}" in page.words
    sites = source_sites(desk.register().instruments.values(), day_of(None))
    for one in sites:
        assert one["site"] in page.words and one["last"] in page.words and f" {one['age']} " in page.words


def test_places_count_every_source_once():
    acts = desk.register().instruments.values()
    sites = source_sites(acts, day_of(None))
    assert sum(sum(one["read"].values()) for one in sites) == sum(len(act.sources) for act in acts)
    assert {one["kind"] for one in sites} <= {"official", "agency", "copy", "lawfirm", "news", "other"}
    unopened = sum(source.read.startswith("not opened") for act in acts for source in act.sources)
    assert sum(one["read"]["unopened"] for one in sites) == unopened > 0
