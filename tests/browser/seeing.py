"""What stands on a page, as a person sees it; and pictures of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page

from kido.face.web.given import label_of

SIZES = {"laptop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}, "laptop_at_200": {"width": 683, "height": 384}}
ANSWERS = {  # fixed words, README and users.md
    "prohibited": {"ja": "禁止", "en": "prohibited"},
    "licence_required": {"ja": "許可必要", "en": "licence required"},
    "facts_missing": {"ja": "事実不足", "en": "facts missing"},
    "no_match": {"ja": "該当措置なし", "en": "no measure"},
}
HEADS = {
    "ja": ["いつまでに", "理由", "足りない事実", "次にすること", "根拠と調べた範囲"],
    "en": ["By when", "Why", "What is missing", "What to do", "Proof and scope"],
}
BUTTONS = {"judge": {"ja": "判定する", "en": "Judge"}, "search": {"ja": "検索", "en": "Search"}, "show": {"ja": "表示", "en": "Show"}}


def words(place: Page | Locator) -> str:
    """The text that is seen, with every run of spaces as one."""
    shown = place.locator("body") if isinstance(place, Page) else place
    return re.sub(r"\s+", " ", shown.inner_text()).strip()


def field(place: Page | Locator, fact: str, lang: str) -> Locator:
    """The control of a fact, found by its label; the first, for rows further down carry some labels again."""
    label = re.escape(label_of(fact, lang))
    return place.get_by_label(re.compile(rf"^\s*{label}( \([^()]*\))?\s*$", re.IGNORECASE)).first


def write(control: Locator, text: str) -> None:
    """Click into a field, clear it, type."""
    control.click()
    control.press("Control+A")
    control.press("Delete")
    control.page.keyboard.type(text)


def state(place: Page | Locator, fact: str, value: object, lang: str) -> None:
    """Say what is known: choose it from a list, or type it."""
    control, said = field(place, fact, lang), str(value).lower() if isinstance(value, bool) else str(value)
    if control.evaluate("one => one.tagName") == "SELECT":
        control.select_option(said)
    else:
        write(control, said)


@contextmanager
def leaving(page: Page) -> Iterator[None]:
    """What is done here leads to another page, which is there at the end. (A script that mends the address is no other page.)"""
    with page.expect_event("load"):
        yield


def press(page: Page, button: str, place: Locator | None = None) -> None:
    """Press the first button of this name, and wait for the page it leads to."""
    with leaving(page):
        (place or page).get_by_role("button", name=BUTTONS[button][page.lang], exact=True).first.click()


def follow(page: Page, link: str, place: Locator | None = None) -> None:
    """Click the first link whose words hold these, and wait for the page it leads to."""
    with leaving(page):
        (place or page.locator("main")).get_by_role("link", name=link).first.click()


def open_all(place: Locator) -> None:
    """Open what is folded away."""
    while (folded := place.locator("details:not([open]) > summary")).count():
        folded.first.click()


def wide(page: Page) -> int:
    """By how much the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


class Shots:
    """Pictures for people to look at, in a folder outside the repository."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        """The whole page on a laptop and on a phone. Without a script it looks the same."""
        if not page.script:
            return
        before = page.viewport_size
        for size in ("laptop", "phone"):
            page.set_viewport_size(SIZES[size])
            page.screenshot(path=self.folder / f"{name}-{page.lang}-{size}.png", full_page=True)
        page.set_viewport_size(before)
