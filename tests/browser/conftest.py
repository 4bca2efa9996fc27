"""One network without outside, one browser and one desk for all tests of this folder; visitors who read ja or en.

`desk` is the desk of one user, `team` one with accounts; a visitor of another one is `visit(lang, at=that_desk)`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.closed import Closed, NoNamespace
from tests.browser.seeing import SIZES, Shots
from tests.browser.serving import Serving

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
READS = {"ja": "ja-JP", "en": "en-GB"}  # what the browser of a visitor says; no address names a language
VISITORS = [pytest.param(("ja", True), id="ja"), pytest.param(("en", True), id="en"), pytest.param(("ja", False), id="ja-without-script")]


@pytest.fixture(scope="package")
def closed() -> Iterator[Closed]:
    """The network in which desks and browser run."""
    try:
        network = Closed()
    except NoNamespace as error:
        pytest.fail(str(error), pytrace=False)
    yield network
    network.close()


@pytest.fixture(scope="package")
def start(closed: Closed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Serving]]:
    """Starts a desk with these options of `kido serve`, after these commands, in a folder of its own; all are stopped at the end."""
    running: list[Serving] = []
    cache = tmp_path_factory.mktemp("cache")

    def begun(*options: str, before: Sequence[tuple[Sequence[str], str]] = ()) -> Serving:
        running.append(Serving(tmp_path_factory.mktemp("desk"), cache, closed.inside, options, before))
        return running[-1]

    yield begun
    for one in running:
        one.close()
    assert "".join(one.called() for one in running) == "", "a desk tried to make a connection"


@pytest.fixture(scope="package")
def desk(start: Callable[..., Serving]) -> Serving:
    """The desk of a single user, as `kido serve` starts it."""
    return start()


PASSWORDS = {"hana": "correct horse 1", "ken": "battery staple 2", "mio": "tr0ubador and 3"}
ROLES = {"hana": "clerk", "ken": "approver", "mio": "admin"}


@pytest.fixture(scope="package")
def team(start: Callable[..., Serving]) -> Serving:
    """A desk with accounts: a clerk, an approver, an admin. `PASSWORDS` says how they sign in."""
    return start("--team", before=[(("accounts", "add", name, "--role", ROLES[name]), f"{PASSWORDS[name]}\n") for name in ROLES])


@pytest.fixture(scope="package")  # not longer: while Playwright runs, other tests could not run an event loop of their own
def chromium(closed: Closed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium in that network."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "no Chromium here; `python3 dev.py test` installs it"
    with sync_playwright() as playwright:
        script = closed.script(program, tmp_path_factory.mktemp("chromium") / "chromium")
        browser = playwright.chromium.launch(executable_path=script, args=FLAGS, headless=True)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Shots:
    """Where screenshots go: KIDO_SHOTS, or a folder that goes away."""
    named = os.environ.get("KIDO_SHOTS")
    return Shots(Path(named) if named else tmp_path_factory.mktemp("shots"))


@pytest.fixture
def visit(chromium: Browser, desk: Serving) -> Iterator[Callable[..., Page]]:
    """Opens a window of a visitor. At the end: no request left the desk, no script failed, the policy was kept."""
    windows, wrong = [], []

    def opened(lang: str, script: bool = True, size: str = "laptop", at: Serving = desk, **more: object) -> Page:
        context = chromium.new_context(
            base_url=at.origin,
            locale=READS[lang],
            viewport=SIZES[size],
            java_script_enabled=script,
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(40_000)  # a first comparison of names may have to wait for their index
        context.on("request", lambda request: _elsewhere(request.url, at.origin, wrong))
        context.on("weberror", lambda error: wrong.append(f"script: {error.error}"))
        context.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        windows.append(context)
        return context.new_page()

    yield opened
    for context in windows:
        context.close()
    assert wrong == []


def _elsewhere(url: str, origin: str, wrong: list[str]) -> None:
    if not url.startswith((f"{origin}/", "data:", "blob:", "about:")):
        wrong.append(f"a request to {url}")


@pytest.fixture(params=VISITORS)
def visitor(request: pytest.FixtureRequest, visit: Callable[..., Page]) -> Page:
    """A visitor in each language, with scripts and without; `.lang` and `.script` say which."""
    lang, script = request.param
    page = visit(lang, script)
    page.lang, page.script = lang, script
    return page
