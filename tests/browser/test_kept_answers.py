"""An answer is kept: found again, worked out again with the same bytes, and approved by somebody else (four eyes)."""

from __future__ import annotations

import pytest

from tests.browser.barriers import grave
from tests.browser.conftest import PASSWORDS
from tests.browser.golden import example
from tests.browser.seeing import ANSWERS, leaving, press, wide, words, write

LANGS = pytest.mark.parametrize("lang", ["ja", "en"])
LETTER = "/check?act=export&exported_from=CN&destination=JP&form=magnet&magnet_family=NdFeB&origin=CN&dy_wt_pct=3&on=2026-11-23&name="
REPLAY = {"ja": "同じ答えをもう一度出す", "en": "Work the answer out again"}
APPROVE = {"ja": "承認する", "en": "Approve"}
SIGN_IN, SIGN_OUT = {"ja": "サインイン", "en": "Sign in"}, {"ja": "サインアウト", "en": "Sign out"}


def sound(page) -> None:
    assert grave(page) == [] and wide(page) == 0


@LANGS
def test_an_answer_is_found_again_and_is_the_same(visit, shots, lang):
    page = visit(lang)
    page.lang, page.script = lang, True
    name = f"order 4711 {lang}"
    page.goto(LETTER + name)
    with leaving(page):
        page.locator("a[href*='/records/']").first.click()
    assert ANSWERS["licence_required"][lang] in words(page.locator(".verdict")) and name in words(page.locator("h1"))
    assert example("supplier-letter")["date"].isoformat() in words(page.locator(".verdict"))
    sound(page)
    shots.take(page, "record")
    with leaving(page):
        page.get_by_role("link", name=REPLAY[lang]).click()
    assert "●" in words(page.locator("main .box").first)  # the same bytes
    sound(page)
    shots.take(page, "replay")
    page.goto("/records")
    write(page.locator("main [name=text]"), name)
    with leaving(page):
        page.keyboard.press("Enter")
    assert page.locator("main tbody tr").count() == 1 and name in words(page.locator("main tbody tr"))
    sound(page)
    shots.take(page, "records")


def sign_in(page, name: str, password: str) -> None:
    write(page.locator("main [name=name]"), name)
    write(page.locator("main [name=password]"), password)
    with leaving(page):
        page.get_by_role("button", name=SIGN_IN[page.lang], exact=True).click()


@LANGS
def test_four_eyes(visit, team, shots, lang):
    """A clerk judges and cannot approve; the approver does. Nothing is shown before somebody has signed in."""
    clerk, approver = visit(lang, at=team), visit(lang, at=team)
    for page in (clerk, approver):
        page.lang, page.script = lang, True
    clerk.goto(LETTER + f"four eyes {lang}")
    assert "/sign-in" in clerk.url and clerk.locator(".verdict").count() == 0
    sound(clerk)
    sign_in(clerk, "hana", "not her password")
    assert (
        clerk.locator(".error-box").is_visible()
        and clerk.locator("[name=name]").input_value() == "hana"
        and clerk.locator("[name=password]").input_value() == ""
    )
    shots.take(clerk, "sign-in-refused")
    sound(clerk)
    sign_in(clerk, "hana", PASSWORDS["hana"])
    assert ANSWERS["licence_required"][lang] in words(clerk.locator(".verdict"))  # where she wanted to go
    with leaving(clerk):
        clerk.locator("a[href*='/records/']").first.click()
    assert clerk.get_by_role("button", name=APPROVE[lang], exact=True).count() == 0
    record = clerk.url

    approver.goto(record)
    sign_in(approver, "ken", PASSWORDS["ken"])
    assert approver.url.split("?")[0] == record.split("?")[0]
    sound(approver)
    write(approver.locator("main textarea[name=text]"), "ok by test report 12")
    with leaving(approver):
        approver.get_by_role("button", name=APPROVE[lang], exact=True).click()
    said = words(approver.locator(".said"))
    assert "ken" in said and "ok by test report 12" in said
    shots.take(approver, "approved")
    clerk.reload()
    assert "ken" in words(clerk.locator(".said"))
    with leaving(clerk):
        clerk.get_by_role("button", name=SIGN_OUT[lang], exact=True).click()
    clerk.goto(record)
    assert "/sign-in" in clerk.url


@LANGS
def test_the_pages_of_people(visit, team, shots, lang):
    page = visit(lang, at=team)
    page.lang, page.script = lang, True
    page.goto("/people")
    sign_in(page, "mio", PASSWORDS["mio"])
    for name in ("hana", "ken", "mio"):
        assert name in words(page.locator("main"))
    sound(page)
    shots.take(page, "people")
    page.goto("/me")
    sound(page)
    shots.take(page, "me")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/people", "/me", "/records"):
        page.goto(path)
        assert wide(page) == 0, path


def test_judge_is_a_button_of_the_desk_with_accounts_too(visit, team):
    page = visit("en", at=team)
    page.lang, page.script = "en", True
    page.goto("/check")
    sign_in(page, "hana", PASSWORDS["hana"])
    write(page.locator("#facts [name=destination]"), "JP")
    press(page, "judge", page.locator("#facts"))
    assert page.locator(".verdict").is_visible()
