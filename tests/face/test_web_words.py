"""The words a user may write, as pages; and problems on pages point there instead of to a command."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
from fastapi.testclient import TestClient

from kido import desk
from kido.errors import Problem, catalogue
from kido.face.http.app import create_app
from kido.face.web.advice import LINKS, advice, advice_of, table
from tests.face.test_web import PAGES, Read, asked, sound
from tests.test_words import ROOT, TREES, literals

COMMAND = re.compile(r"\bkido (?:words|register|determine|explain|check|screen|papers|schema|records|serve|demo|bom)\b|(?<![\w-])--[a-z]|pip install|/api/|(?<![\w./])law/|KIDO_")  # fmt: skip
NEVER_ON_A_PAGE = ("kido/rule/", "kido/register/exchange/", "kido/register/bundle", "kido/register/keys", "kido/register/database_source", "kido/register/versions", "kido/desk/spark",
                   "kido/desk/editions", "kido/desk/components", "kido/desk/records", "kido/decide/interview", "kido/decide/batch", "kido/screen/names_file", "kido/face/cli/", "kido/face/mcp/",
                   "kido/face/http/", "kido/face/language", "kido/records/copies", "kido/records/verify")  # fmt: skip


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_list_is_a_page(web, lang):
    for path in ("/words", *(f"/words/{name}" for name in desk.lists()), "/words/grain_size_um", "/words/end_user_list"):
        response = web.get(asked(path, lang))
        page = sound(response, lang)
        assert response.status_code == 200 and len(response.content) < 150_000, path
        for entry in desk.words(path.removeprefix("/words").strip("/") or None):
            assert entry.id in page.words and entry.label[lang] in page.words, (path, entry.id)


def test_a_list_can_be_searched_by_any_name(web):
    page = Read(web.get("/words/element?word=ネオジウム&lang=en").text)
    assert "neodymium" in page.words and "1 found" in page.words and "dysprosium" not in page.words
    assert "密度" in Read(web.get("/words?word=density&lang=ja").text).words
    page = sound(web.get("/words/form?word=zzzz&lang=en"), "en")
    assert "not in the list" in page.words and next(c for c in page.controls if c.get("name") == "word")["value"] == "zzzz"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_list_that_is_none_is_told(web, lang):
    response = web.get(asked("/words/frm", lang))
    page = sound(response, lang)
    assert response.status_code == 404 and "form" in page.words
    assert [attrs["href"] for attrs in page.all("a") if attrs.get("href", "").startswith("/words?")]


# -- advice ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(("query", "list_"), [("form=zz", "form"), ("element=Qq", "element"), ("destination=Zz", "place"), ("party.0.name=A&party.0.country=Zz", "place"), ("grian=1", "")])  # fmt: skip
def test_a_value_that_is_none_links_to_its_list(web, query, list_, lang):
    page = sound(web.get(asked(f"/check?{query}", lang)), lang)
    found = [attrs["href"] for attrs in page.all("a") if attrs.get("href", "").startswith("/words/" if list_ else "/words?")]
    assert f"/words/{list_}?lang={lang}" in found if list_ else found
    assert not COMMAND.search(page.words), COMMAND.search(page.words)


@pytest.mark.parametrize(
    "path",
    [
        *PAGES,
        "/nope",
        "/act/nope",
        "/tables/abc",
        "/explain/nope",
        "/register?element=zz&hs=x",
        "/parties?names=a&country=zz",
        "/papers?form=zz",
    ],
)
def test_no_page_names_a_command(web, path):
    for lang in ("ja", "en"):
        words = Read(web.get(asked(path, lang)).text).words
        assert not COMMAND.search(words), (path, COMMAND.search(words))


def uses() -> dict[str, set[str]]:
    """Where each code is raised."""
    found: dict[str, set[str]] = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
                if name in ("Problem", "wrong", "problem", "_wrong"):
                    for code in (code for arg in node.args[:2] for code in literals(arg)):
                        found.setdefault(code, set()).add(str(path.relative_to(ROOT)))
    return found


def test_every_problem_that_may_stand_on_a_page_is_told_without_commands():
    where, missing = {"bad-column-flag": {"kido/face/cli/"}} | uses(), []
    for code in catalogue():
        places = where.get(code, {"kido/face/web/"})
        values = {"list": "form", "values": "a, b", "near": "x", "act": "cn-x"}
        said = [f"{Problem(code, 'p', 'r', values).wrong(lang)} {advice(Problem(code, 'p', 'r', values), lang)}" for lang in ("ja", "en")]
        if any(COMMAND.search(re.sub(r"<[^>]*>", "", text)) for text in said) and any(
            not place.startswith(NEVER_ON_A_PAGE) for place in places
        ):
            missing.append((code, sorted(places)))
    assert missing == []


def test_advice_is_of_codes_that_are_and_in_both_languages():
    with (Path(__file__).resolve().parents[2] / "kido/face/web/advice.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(table()) and {row["code"] for row in rows} <= set(catalogue())
    for row in rows:
        assert re.search(r"[ぁ-んァ-ヶ一-龠]", row["ja"]) and not re.search(r"[ぁ-んァ-ヶ]", row["en"]) and row["en"]
        assert not COMMAND.search(row["ja"] + row["en"]) and row["link"] in ("", *LINKS)


def test_advice_is_escaped():
    problem = Problem("extra-missing", "x", "<script>", {"list": '"><script>'})
    for text in (advice(problem, "en"), advice_of(problem.to_dict(), "ja")):
        assert "<script>" not in text and "&lt;script&gt;" in text
