"""Job 4 of users.md: a trading firm imports magnets with dysprosium. Which licence, by when, whose papers, and who is on the other side."""

from __future__ import annotations

from tests.browser.golden import case, example
from tests.browser.seeing import ANSWERS, open_all, press, state, words, write

PAPERS = {"ja": ("最終需要者・最終用途証明書", "成分分析"), "en": ("end-user and end-use certificate", "certificate of analysis")}
APPLICANT = {"ja": "買い手", "en": "The buyer cannot apply"}
COMPARED = {"ja": "照合", "en": "compared with 16 lists"}
NOT_SEARCHED = {"ja": "調べていないもの", "en": "not searched"}
WATCHED = {"ja": "注視リスト", "en": "watch list"}


def order(page, users: list[str]) -> None:
    """Type the order of examples/import-pack.yaml with these end users, and judge it."""
    lang, given, form = page.lang, example("import-pack"), page.locator("#facts")
    goods = given["goods"]
    page.goto("/check")
    contents = ", ".join(f"{symbol} {content}" for symbol, content in goods["composition"].items())
    for fact, value in (
        ("act", given["act"]), ("exported_from", given["from"]), ("destination", given["to"]), ("via", "none"), ("name", goods["name"]), ("form", goods["form"]),
        ("magnet_family", goods["magnet_family"]), ("composition", contents), ("composition_complete", True), ("hs", goods["hs"]), ("origin", goods["origin"]),
        ("control_code", goods["control_code"]), ("military_end_use", False),
    ):  # fmt: skip
        state(form, fact, value, lang)
    write(form.locator("[name=on]"), str(given["date"]))
    for number, name in enumerate(users):
        write(form.locator(f'[name="party.{number}.name"]'), name)
        write(form.locator(f'[name="party.{number}.country"]'), "JP")
        press(page, "judge", form)


def test_the_licence_its_papers_and_its_days(visitor, shots):
    page, lang, given = visitor, visitor.lang, example("import-pack")
    user = next(one for one in given["parties"] if one["role"] == "end_user")
    order(page, [user["name"]["ja"]])
    assert ANSWERS["licence_required"][lang] in words(page.locator(".verdict"))
    assert str(given["date"]) in words(page.locator(".verdict"))
    assert "2027-01-27" in words(page.locator("#when"))  # 45 working days after 2026-11-24: one day after users.md § 3.2
    why = page.locator("#why .finding", has_text="公告2025年第18号").first
    golden = case("cn/2025/mofcom-gacc-18.yaml", "NdFeB with 3 % dysprosium")
    assert all(code in words(why) for code in golden["items"]["cn-mofcom-gacc-2025-18/1"])
    todo = words(page.locator("#do"))
    assert APPLICANT[lang] in todo and all(paper in todo for paper in PAPERS[lang])
    assert NOT_SEARCHED[lang] in words(page.locator("#proof"))
    open_all(page.locator("#why"))
    assert user["name"]["ja"] in words(page.locator("#why"))
    shots.take(page, "import")


def test_a_listed_end_user_changes_what_can_be_planned(visitor, shots):
    page, lang = visitor, visitor.lang
    order(page, ["TDK株式会社"])
    open_all(page.locator("#why"))
    party = words(page.locator("#why .hit").first)
    assert "TDK" in party and WATCHED[lang] in party and "2026-02-24" in party
    assert "2027-01-27" not in words(page.locator("#when"))  # no statutory days run for a party on the watch list, Art. 26
    shots.take(page, "import-watched")


def test_a_slip_stands_beside_its_field_and_nothing_is_lost(visitor, shots):
    page, lang = visitor, visitor.lang
    form = page.locator("#facts")
    page.goto("/check")
    state(form, "name", "sintered NdFeB magnet, 烧结钕铁硼", lang)
    state(form, "composition", "Nd 27.5, Dy about 3", lang)
    state(form, "destination", "Japn", lang)
    press(page, "judge", form)
    for fact, typed in (("composition", "Nd 27.5, Dy about 3"), ("destination", "Japn")):
        control = form.locator(f"[name={fact}]")
        assert control.input_value() == typed and control.get_attribute("aria-invalid") == "true"
        said = page.locator(f"#{control.get_attribute('aria-describedby').split()[-1]}")
        assert said.is_visible() and words(said)
    assert form.locator("[name=name]").input_value().endswith("烧结钕铁硼")
    shots.take(page, "slip")
    write(form.locator("[name=destination]"), "Japan")
    write(form.locator("[name=composition]"), "Nd 27.5, Dy 3")
    press(page, "judge", form)
    assert page.locator(".verdict").is_visible() and page.locator("[aria-invalid=true]").count() == 0
