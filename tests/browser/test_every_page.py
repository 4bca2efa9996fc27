"""Every page in both languages: what it weighs, how it reads on narrow windows and at 200 %, its letters, its barriers; with and without scripts."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.routing import APIRoute
from fontTools.ttLib import TTCollection, TTFont

from kido.face.http.app import create_app
from kido.face.web.pages import pages
from tests.browser.barriers import grave
from tests.browser.rooms import FILES, PAGES, WRONG, asked
from tests.browser.seeing import leaving, wide, words

MOST = 150_000  # bytes of a page with its style and scripts, as they are sent; fonts would not count, and there are none
WIDTHS = (1366, 683, 390, 320)  # a laptop, the same at 200 %, a phone, and the narrowest of WCAG 1.4.10
CUT = """() => [...document.querySelectorAll('main :is(p, h1, h2, h3, li, label, button, th, td, dd, summary)')]
  .filter((one) => one.offsetParent && getComputedStyle(one).overflow === 'hidden' && !one.closest('.unseen, label') && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.textContent.trim().slice(0, 60))"""
LANGS = pytest.mark.parametrize("lang", ["ja", "en"])


@pytest.mark.parametrize("path", [*PAGES, *WRONG])
def test_a_page(visit, path):
    page, sent = visit("ja"), []
    page.on("response", lambda response: sent.append(response))
    for lang in ("ja", "en"):
        sent.clear()
        assert page.goto(asked(path, lang)).status == WRONG.get(path, 200)
        sizes = {urlsplit(one.url).path: len(one.body()) for one in sent}
        assert sum(sizes.values()) < MOST, (lang, sizes)
        assert grave(page) == [], lang
        assert widths(page) == {}, lang
        assert missing_letters(words(page)) == "", lang


@LANGS
def test_the_pages_without_a_script(visit, lang):
    page = visit(lang, script=False)
    scripted = visit(lang)
    for path in PAGES[::4]:
        page.goto(asked(path, lang))
        scripted.goto(asked(path, lang))
        assert squeezed(page) == squeezed(scripted), path


@LANGS
def test_a_table_while_it_is_judged_and_after(visit, lang, tmp_path, shots):
    """Its page while it runs, stopped; of one that cannot be read; and of one that is done."""
    page = visit(lang)
    page.lang, page.script = lang, True
    row = "\nexport,CN,JP,CN,magnet,NdFeB,Nd 29 Dy 1.2 Fe 68 B 1"
    running, broken = tmp_path / "long.csv", tmp_path / "broken.xlsx"
    running.write_text("act,exported_from,destination,origin,form,magnet_family,composition" + row * 100_000, encoding="utf-8")
    broken.write_bytes(b"PK\x03\x04 this is no workbook")
    for file, sign in ((running, "#told[data-running]"), (broken, ".error-box")):
        page.goto("/tables")
        page.locator("input[type=file]").set_input_files(file)
        with leaving(page):
            page.locator("form.box button").click()
        page.locator(sign).wait_for()
        assert grave(page) == [] and widths(page) == {}
        assert page.locator(sign).is_visible()
        shots.take(page, f"table-{file.stem}")
        gone = page.url
        page.locator("form[action*=remove] button").click()
        page.wait_for_url("**/tables?*")
        assert page.goto(gone).status == 404
    page.goto("/tables")
    with leaving(page):
        page.locator("form:has([name=sample]) button").click()
    page.locator("a[download]").first.wait_for()
    assert grave(page) == [] and widths(page) == {}


def test_no_page_of_the_house_is_left_out(tmp_path):
    """A page that is new belongs into a list of rooms.py."""
    seen = [urlsplit(path).path for path in (*PAGES, *WRONG)]
    routes = [one for one in flat(pages(create_app(tmp_path).state.jobs).routes) if "GET" in one.methods]
    assert len(routes) > 10
    left_out = [one.path for one in routes if one.path not in FILES and not any(one.path_regex.fullmatch(path) for path in seen)]
    assert left_out == []


def flat(routes) -> list[APIRoute]:
    """The routes of an application; newer FastAPI keeps those of a router together."""
    found = []
    for one in routes:
        inner = getattr(one, "original_router", None)
        found += flat(inner.routes) if inner else [one] if isinstance(one, APIRoute) else []
    return found


def squeezed(page) -> str:
    """What stands in the page, without what the script says of its own doing."""
    page.evaluate("document.getElementById('state')?.remove()")
    return words(page.locator("main")).replace(" ", "")


def widths(page) -> dict[int, object]:
    """By how much the page is too wide, where it is; and at 200 % the texts that do not fit into their place."""
    before, found = page.viewport_size, {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        if over := wide(page):
            found[width] = over
        if width == 683 and (cut := page.evaluate(CUT)):
            found["cut"] = cut
    page.set_viewport_size(before)
    return found


@lru_cache(maxsize=1)
def letters() -> set[int]:
    """What the fonts that dev.py installs can draw."""
    found: set[int] = set()
    for folder in (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"):
        for file in folder.rglob("NotoSansCJK-Regular.*"):
            found |= set(TTCollection(file, lazy=True).fonts[0].getBestCmap())
        for file in folder.rglob("DejaVuSans.ttf"):
            found |= set(TTFont(file, lazy=True).getBestCmap())
    assert found, "no fonts here; `python3 dev.py test` installs them"
    return found


def missing_letters(text: str) -> str:
    """Letters that would be drawn as boxes."""
    return "".join(sorted({letter for letter in text if ord(letter) not in letters() and not re.match(r"[\s\ufe0e\ufe0f\u200b]", letter)}))
