"""The check page answers while facts are typed: in a browser, against the real server. Without a script it works as before."""

from __future__ import annotations

import shutil
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("fastapi")
import uvicorn
from fastapi.testclient import TestClient

from kido.face.http.app import create_app

MAGNET = "act=export&exported_from=CN&destination=JP&form=magnet&magnet_family=NdFeB&origin=CN&on=2026-11-23"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app(tmp_path_factory.mktemp("jobs"))


# -- the server ------------------------------------------------------------------------------


def test_a_draft_is_answered_like_any_other_and_leaves_no_trace_in_links(app):
    web = TestClient(app, base_url="http://127.0.0.1:8512")
    plain, draft = (web.get(f"/check?{MAGNET}{more}&lang=en") for more in ("", "&draft=1"))
    kept, said = ([line for line in one.text.splitlines() if line not in other.text] for one, other in ((plain, draft), (draft, plain)))
    assert draft.status_code == 200 and "draft=" not in draft.text
    assert ["Recorded:" in line for line in kept] == [True] and ["not recorded yet" in line for line in said] == [True]


def test_the_policy_lets_a_page_ask_this_server_and_no_other(app):
    policy = TestClient(app, base_url="http://127.0.0.1:8512").get("/check").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["connect-src"] == rules["script-src"] == "'self'" and rules["default-src"] == "'none'"


# -- the browser -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def origin(app):
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    playing = pytest.importorskip("playwright.sync_api")
    with playing.sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def at(chromium, origin):
    """A page of the check, and what its script could not do."""
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.to = lambda query: page.goto(f"{origin}/check?{query}")
    page.set_default_timeout(20_000)
    yield page
    assert page.wrong == []
    page.close()


def until(page, now: str, text: str = "") -> str:
    """The words of the state, once it is this one."""
    page.wait_for_function("([now, text]) => { const s = document.getElementById('state'); return s.dataset.now === now && s.textContent.includes(text) }", arg=[now, text])  # fmt: skip
    return page.inner_text("#state")


def asked(page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize(("lang", "open_", "needed"), [("ja", "事実不足", "許可必要"), ("en", "facts missing", "licence required")])
def test_the_answer_follows_and_focus_and_caret_stay(at, lang, open_, needed):
    at.to(f"{MAGNET}&lang={lang}")
    assert open_ in at.inner_text("#h-answer")
    at.click("#f-composition")
    at.keyboard.type("Nd 29, Dy 2.5, Fe 67")
    at.keyboard.press("ArrowLeft")
    until(at, "done", needed)
    assert needed in at.inner_text("#h-answer")
    assert at.evaluate("[document.activeElement.id, document.activeElement.selectionStart]") == [
        "f-composition",
        len("Nd 29, Dy 2.5, Fe 67") - 1,
    ]
    assert asked(at)["composition"] == "Nd 29, Dy 2.5, Fe 67" and "draft" not in at.url
    assert "composition=Nd" in at.get_attribute(".tongue", "href") and "draft" not in at.get_attribute(".tongue", "href")
    at.reload()  # the address holds what is shown
    assert needed in at.inner_text("#h-answer") and at.input_value("#f-composition") == "Nd 29, Dy 2.5, Fe 67"


def test_half_a_word_is_no_error_until_it_is_left(at):
    at.to(f"{MAGNET}&lang=en")
    at.fill("#f-destination", "Germ")
    until(at, "unread")
    assert at.locator("#facts .error").count() == 0 and "facts missing" in at.inner_text("#h-answer")
    at.keyboard.press("Tab")
    until(at, "done")
    assert at.get_attribute("#f-destination", "aria-invalid") == "true" and at.input_value("#f-destination") == "Germ"
    assert at.locator("#facts .error").count() == 1 and at.locator("#h-answer").count() == 0
    at.fill("#f-destination", "Germany")
    until(at, "done", "facts missing")
    assert at.locator("#facts .error").count() == 0 and at.get_attribute("#f-destination", "aria-invalid") is None


def test_a_fact_stated_beside_the_answer_moves_into_the_form(at):
    at.to(f"{MAGNET}&composition=Nd+29,Dy+3&lang=en")
    at.select_option("#f-m-military_end_use", "true")
    until(at, "done", "prohibited")
    assert at.input_value("#f-military_end_use") == "true"
    at.click("#missing > details > summary")
    at.select_option("#f-m-end_user_on_control_or_watch_list", "false")
    at.wait_for_selector("#facts #f-end_user_on_control_or_watch_list")
    assert at.input_value("#facts #f-end_user_on_control_or_watch_list") == "false"
    until(at, "done")
    assert asked(at)["end_user_on_control_or_watch_list"] == "false"


def test_what_is_being_typed_beside_the_answer_is_not_taken_away(at):
    at.to(f"{MAGNET}&lang=en")
    at.evaluate("document.querySelectorAll('#missing details').forEach((one) => (one.open = true))")
    at.fill("#f-name", "ring")
    at.click("#f-m-dy_wt_pct")
    at.keyboard.type("2.5")
    at.wait_for_timeout(900)
    assert at.input_value("#f-m-dy_wt_pct") == "2.5"
    at.keyboard.press("Tab")
    until(at, "done", "licence required")
    assert asked(at)["dy_wt_pct"] == "2.5" and asked(at)["name"] == "ring"


def test_a_late_reply_to_an_older_question_is_dropped(at):
    at.to(f"{MAGNET}&lang=en")
    held = []
    at.route("**/check?*draft=1*", lambda route: held.append(route) if "Tb" in route.request.url else route.continue_())
    at.fill("#f-composition", "Tb 3")
    at.wait_for_timeout(700)
    assert len(held) == 1 and at.inner_text("#state") == "Being worked out…"
    assert at.get_attribute("#answer", "aria-busy") == "true"
    at.fill("#f-composition", "Fe 100")
    until(at, "done")
    before = at.inner_text("#answer")
    held[0].continue_()
    at.wait_for_timeout(500)
    assert at.inner_text("#answer") == before and asked(at)["composition"] == "Fe 100"
    assert at.get_attribute("#answer", "aria-busy") == "false"


def test_a_failure_says_so_and_the_button_still_works(at):
    at.to(f"{MAGNET}&lang=en")
    at.route("**/check?*draft=1*", lambda route: route.abort())
    at.fill("#f-composition", "Dy 3")
    assert "Press Judge" in until(at, "failed")
    assert "facts missing" in at.inner_text("#h-answer")
    at.click(".given .bar button >> nth=0")
    at.wait_for_load_state()
    assert "licence required" in at.inner_text("#h-answer") and "draft" not in at.url


def test_a_section_that_was_opened_stays_open(at):
    at.to(f"{MAGNET}&lang=en")
    summary = "#proof details summary"
    at.click(summary)
    at.fill("#f-name", "ring")
    until(at, "done")
    assert at.evaluate("document.querySelector('#proof details').open") is True


def test_without_a_script_the_button_does_it(chromium, origin):
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{origin}/check?{MAGNET}&lang=ja")
    assert page.locator("#state").is_hidden()
    page.fill("#f-composition", "Dy 3")
    page.click(".given .bar button >> nth=0")
    page.wait_for_load_state()
    assert "許可必要" in page.inner_text("#h-answer")
