"""A file dropped on the first page: a table is judged row by row, a transaction fills the check page; without a script it is chosen."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

pytest.importorskip("fastapi")
import yaml
from fastapi.testclient import TestClient

import kido
from kido.face.http.app import create_app
from kido.face.web.given import as_fields, not_shown
from tests.face.test_web import EXAMPLES, Read, sound
from tests.face.test_web_live import app, at, chromium, origin  # noqa: F401  fixtures

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512")


def drop(web, name: str, data: bytes, path: str = "/drop", lang: str = "ja"):
    return web.post(f"{path}?lang={lang}", files={"file": (name, data)}, follow_redirects=False)


@pytest.mark.parametrize("path", ["/drop", "/check/file"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_transaction_fills_the_check_page_and_is_answered_the_same(web, name, path):
    data = (ROOT / "examples" / f"{name}.yaml").read_bytes()
    facts = yaml.safe_load(data)
    found = kido.determine({key: value for key, value in facts.items() if key != "papers"}, str(facts.get("date", "2026-11-23")))
    for sent in (
        drop(web, f"{name}.yaml", data, path),
        drop(web, f"{name}.json", json.dumps(yaml.load(data, yaml.BaseLoader)).encode(), path),
    ):
        assert sent.status_code == 303 and sent.headers["location"].startswith("/check?lang=ja")
        page = sound(web.get(sent.headers["location"] + ("" if "date" in facts else "&on=2026-11-23")), "ja")
        assert any(f"verdict a-{found.answer}" in (attrs.get("class") or "") for attrs in page.all("section"))
        assert f"「{name}." in page.words


def test_what_has_no_field_is_judged_as_it_is_and_recorded(web):
    """The English name of a party may stand on a list that the Chinese one does not: nothing of the file is left out."""
    data = (ROOT / "examples/import-pack.yaml").read_bytes()
    sent = drop(web, "import-pack.yaml", data)
    assert sent.status_code == 303 and sent.headers["location"].startswith("/records/R")
    number = sent.headers["location"].split("/")[2].partition("?")[0]
    facts = yaml.load(data, yaml.BaseLoader)
    assert web.get(f"/api/records/{number}/parts/facts").json() == facts
    shown = web.get(f"/api/records/{number}").json()
    assert shown["answer"] == kido.determine(facts, shown["on"]).answer
    page = sound(web.get(sent.headers["location"]), "ja")
    again = next(attrs["href"] for attrs in page.all("a") if attrs.get("href", "").startswith("/check?") and "left=" in attrs["href"])
    asked = web.get(again)  # the check page has no field for it, so it gives no answer
    assert asked.status_code == 422 and "parties.name.en" in asked.text and "verdict" not in asked.text


@pytest.mark.parametrize("key", ["draft", "skip", "lang", "known_on", "left"])
def test_a_file_does_not_steer_the_page(web, key):
    sent = drop(web, "a.json", json.dumps({"form": "magnet", key: "1"}).encode())
    assert sent.status_code != 303 and key in sent.text


def test_one_fact_with_two_values_is_never_settled(web):
    for twice in (
        "destination=JP&to=KP",
        "destination=JP&destination=KP",
        "military_end_use=true&military_end_use=false",
        "input.0.name=a&input.00.name=b",
    ):
        page = web.get(f"/check?lang=en&act=export&exported_from=CN&form=magnet&on=2026-11-23&{twice}")
        assert page.status_code == 422 and "one fact has two values" in page.text and "verdict" not in page.text, twice
    same = web.get(
        "/check?lang=en&act=export&exported_from=CN&form=magnet&on=2026-11-23&destination=JP&destination=JP&military_end_use=unknown&military_end_use=true"
    )
    assert same.status_code == 200


def test_a_party_of_which_only_the_kind_is_known_is_not_dropped(web):
    page = web.get(
        "/check?lang=en&act=export&exported_from=CN&destination=JP&form=article&element=Fe&on=2026-11-23&party.0.role=end_user&party.0.kind=military"
    )
    assert page.status_code == 422 or "a-no_match" not in page.text


def test_an_answer_by_older_acts_says_so_in_its_heading(web):
    asked = "act=export&exported_from=CN&destination=JP&origin=CN&form=magnet&magnet_family=SmCo&on=2026-11-23&known_on=2024-06-01&lang=en"
    page = web.get(f"/check?{asked}").text
    heading = page[page.index('id="h-answer"') :].partition("</h2>")[0]
    assert "only by acts published by 2024-06-01" in heading
    assert "only by acts published by 2024-06-01" in web.get("/records?lang=en").text


def test_every_value_of_every_example_is_shown_or_named():
    for path in sorted((ROOT / "examples").glob("*.yaml")):
        facts = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        said = " ".join(value for _, value in as_fields(facts)) + " ".join(not_shown(facts))
        for value in leaves({key: child for key, child in facts.items() if key not in not_shown(facts)}):
            assert value in said or any(name in said for name in ("parties.",)), (path.name, value)


def leaves(value):
    if isinstance(value, dict):
        for key, child in value.items():
            yield from leaves(child) if key != "parties" else ()
    elif isinstance(value, list):
        for child in value:
            yield from leaves(child)
    elif value:
        yield value


def test_a_table_begins_to_be_judged(web):
    sent = drop(web, "部品表.csv", "品番,仕向地,形態\nA,日本,磁石\n".encode())
    assert sent.status_code == 303 and sent.headers["location"].startswith("/tables/")
    assert "部品表.csv" in Read(web.get(sent.headers["location"]).text).words


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(
    ("name", "data"),
    [("x.exe", b"MZ"), ("a.pdf", b"%PDF"), ("empty.csv", b""), ("a.yaml", b"a: ["), ("a.json", b'{"form": "magnet"} x'), ("a.yaml", b"- {form: magnet}\n- {form: metal}"),
     ("a.yaml", b"x: " + b"y" * 1_100_000), ("a.yaml", b"end_use: " + "あ".encode() * 2_000), ("", b"x")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_the_field(web, name, data, lang):
    sent = drop(web, name, data, lang=lang)
    page = sound(sent, lang)
    assert sent.status_code == 422 and len(page.all("h1")) == 1
    control = next(control for control in page.controls if control.get("name") == "file")
    assert control["aria-invalid"] == "true" and "doors" in sent.text


def test_a_form_of_another_page_does_not_act(web):
    for path in ("/drop", "/check/file"):
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            assert web.post(path, files={"file": ("a.yaml", b"form: magnet")}, headers=headers).status_code == 403


def test_a_hostile_name_is_only_text(web):
    sent = drop(web, "<script>alert(1)</script>.yaml", b"form: magnet\n", lang="en")
    text = web.get(sent.headers["location"]).text
    assert "<script>alert" not in text and "script" in dict(parse_qsl(urlsplit(sent.headers["location"]).query))["file"]
    assert "<script>alert" not in web.get("/check?file=<script>alert(1)</script>&left=<script>alert(2)</script>").text


# -- in the browser -------------------------------------------------------------------------

DROPS = """([files]) => {
  const carried = new DataTransfer();
  for (const [name, data] of files) carried.items.add(new File([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], name));
  for (const kind of ["dragover", "drop"]) document.querySelector("h1").dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


def dropped(page, *files: tuple[str, bytes]) -> None:
    page.evaluate(DROPS, [[[name, base64.b64encode(data).decode()] for name, data in files]])


def test_dropped_in_a_browser(at, origin):  # noqa: F811
    letter = (ROOT / "examples/supplier-letter.yaml").read_bytes()
    at.goto(f"{origin}/?lang=en")
    dropped(at, ("supplier-letter.yaml", letter), ("b.yaml", letter))
    assert at.inner_text("[data-drop-says]") == "One file at a time."
    with at.expect_navigation():
        dropped(at, ("supplier-letter.yaml", letter))
    assert "/check?" in at.url and "facts missing" in at.inner_text("#h-answer")
    at.goto(f"{origin}/?lang=ja")
    with at.expect_navigation():
        dropped(at, ("表.csv", "品番,仕向地,形態\nA,日本,磁石\n".encode()))
    assert "/tables/" in at.url and "表.csv" in at.inner_text("h1")
