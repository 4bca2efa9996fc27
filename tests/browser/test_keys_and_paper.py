"""Without a mouse, and on paper."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browser.seeing import ANSWERS, HEADS, words, write

LANGS = pytest.mark.parametrize("lang", ["ja", "en"])
LETTER = (
    "/check?act=export&exported_from=CN&destination=JP&form=magnet&magnet_family=NdFeB&origin=CN&composition=Nd+29,+Dy+3.2&on=2026-11-23"
)
OUTLINE = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return { seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.top < innerHeight,
           what: one.outerHTML.slice(0, 120), top: box.top + scrollY, inside: one.closest('header, main, footer')?.tagName ?? '' };
}"""
PAGES = [
    "/",
    LETTER,
    "/register?element=Dy&form=magnet",
    "/act/cn-mofcom-gacc-2025-57",
    "/timeline?element=Ho",
    "/changes",
    "/parties?names=TDK",
    "/tables",
]


@pytest.mark.parametrize("path", PAGES)
def test_focus_is_seen_wherever_it_goes_and_goes_down_the_page(visit, path):
    page = visit("ja")
    page.goto(path)
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(OUTLINE)
        if found["what"].startswith("<body"):
            break
        assert found["seen"], found
        stops.append(found)
    assert "skip" in stops[0]["what"]
    parts = [stop["inside"] for stop in stops if stop["inside"]]
    assert parts == sorted(parts, key=["HEADER", "MAIN", "FOOTER"].index) and "MAIN" in parts


@LANGS
def test_the_skip_link_leads_to_the_content(visit, lang):
    page = visit(lang)
    page.goto(LETTER)
    page.keyboard.press("Tab")
    assert page.locator("a.skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@LANGS
@pytest.mark.parametrize("path", ["/", "/register"])
def test_a_slash_goes_to_the_search_box_and_is_a_letter_elsewhere(visit, path, lang):
    page = visit(lang)
    page.goto(path)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q" and page.input_value("#q") == ""
    page.keyboard.type("8505/11")
    assert page.input_value("#q") == "8505/11"


@LANGS
def test_a_search_and_a_check_by_keys_alone(visit, lang):
    page = visit(lang)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type({"ja": "磁石", "en": "magnet"}[lang])
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    page.locator("main a[href*='form=magnet']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/check?*form=magnet*")
    for name, value in (("exported_from", "CN"), ("destination", "JP"), ("composition", "Nd 29, Dy 3.2")):
        page.locator(f"#facts [name={name}]").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(value)
    page.locator("#facts [name=magnet_family]").focus()
    page.keyboard.press("ArrowDown")  # the first kind after "not known"
    assert page.input_value("#facts [name=magnet_family]") == "NdFeB"
    page.locator("#facts [name=composition]").focus()
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    assert ANSWERS["licence_required"][lang] in words(page.locator(".verdict"))


def printed(data: bytes) -> list[str]:
    """The letters of each sheet without spaces; Chromium writes some as radicals, which look the same."""
    return ["".join(unicodedata.normalize("NFKC", one.extract_text()).split()) for one in PdfReader(BytesIO(data)).pages]


@LANGS
def test_the_answer_on_paper(visit, shots, lang):
    page = visit(lang)
    page.goto(LETTER)
    page.emulate_media(media="print")
    for hidden in ("nav.rooms", ".top .find", ".ask", ".toc"):
        assert page.locator(hidden).first.is_hidden()
    data = page.pdf(format="A4", print_background=False, margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))
    (shots.folder / f"paper-{lang}.pdf").write_bytes(data)
    pages = printed(data)
    squeezed = "".join(pages)
    assert ANSWERS["licence_required"][lang].replace(" ", "") in pages[0]  # the answer comes first on paper too
    at = 0
    for head in HEADS[lang]:  # in this order
        at = squeezed.index(head.replace(" ", ""), at)
    for kept in ("1C905.a.4", "2027-01-26", "Dy3.2", "2026-11-23"):
        assert kept in squeezed
    assert len(pages) <= 8


@LANGS
def test_an_act_on_paper(visit, shots, lang):
    page = visit(lang)
    page.goto("/act/cn-mofcom-gacc-2025-57?on=2026-11-23")
    data = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))
    (shots.folder / f"paper-act-{lang}.pdf").write_bytes(data)
    squeezed = "".join(printed(data))
    for kept in ("公告2025年第57号", "1C909.a.1", "金属钬", "2025-11-07", "2026-11-10"):
        assert kept in squeezed


def test_writing_in_a_field_does_not_move_the_page(visit):
    """A "/" in a field stays there, and a line of several names is typed with the Enter key."""
    page = visit("en")
    page.goto("/parties")
    page.locator("textarea").click()
    page.keyboard.type("A/S Sample\nSample KK")
    assert page.locator("textarea").input_value() == "A/S Sample\nSample KK"
    write(page.locator("main [name=on]"), "2026-11-23")
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    assert page.locator("section.party").count() == 2
