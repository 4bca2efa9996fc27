"""Job 2 of users.md: a Japanese maker ships a terbium target to Germany. Is it listed in Japan, and does No. 61 of China reach it?"""

from __future__ import annotations

from pypdf import PdfReader

from tests.browser.golden import example
from tests.browser.seeing import ANSWERS, field, leaving, open_all, press, state, words, write

NO_61 = "公告2025年第61号"
PLACES = {"ja": ("中国", "日本"), "en": ("China", "Japan")}
REASON = {"ja": "理由をすべて見る", "en": "The whole reason"}
BACK = {"ja": "取引のページに戻る", "en": "Back to the transaction"}
STANDING = {  # of limb 1(1); examples/target-papers.yaml names the four days, users.md § 1.11 the reason
    "2025-11-06": {"ja": ("未施行", "2025-12-01"), "en": ("not yet in force", "2025-12-01")},
    "2025-11-07": {"ja": ("停止中", "2026-11-10"), "en": ("suspended", "2026-11-10")},
    "2026-11-10": {"ja": ("2026-11-10 以降の効力を確認できません",), "en": ("standing unknown since 2026-11-10",)},
}


def judged(page) -> None:
    """The order typed into the form, row by row, and judged."""
    lang, order = page.lang, example("target-papers")
    goods, form = order["goods"], page.locator("#facts")
    page.goto("/check")
    for fact, value in (
        ("act", order["act"]), ("exported_from", order["from"]), ("destination", order["to"]), ("via", "none"), ("on", order["date"]), ("name", goods["name"]),
        ("form", goods["form"]), ("element", goods["element"]), ("composition", "Tb 99.9"), ("hs", goods["hs"]), ("origin", goods["origin"]), ("value", goods["value"]),
        ("military_end_use", order["end_use"]["military_end_use"]),
    ):  # fmt: skip
        if fact == "on":
            write(page.locator("#facts [name=on]"), str(value))
        else:
            state(form, fact, value, lang)
    user = next(one for one in order["parties"] if one["role"] == "end_user")
    for key, value in (("name", user["name"]["en"]), ("country", user["country"])):
        write(page.locator(f'[name="party.0.{key}"]'), value)
    open_all(form)
    terbium = goods["inputs"][0]
    for key in ("name", "element", "origin", "value"):
        write(page.locator(f'[name="input.0.{key}"]'), terbium[key])
    page.locator('[name="input.0.form"]').select_option(terbium["form"])
    state(form, "inputs_complete", True, lang)
    press(page, "judge", form)


def test_japan_and_no_61_are_answered_side_by_side(visitor, shots):
    page, lang, order = visitor, visitor.lang, example("target-papers")
    judged(page)
    assert ANSWERS["facts_missing"][lang] in words(page.locator(".verdict"))
    heads = page.locator("table.sides thead th").all_inner_texts()
    for place in PLACES[lang]:
        assert any(place in head for head in heads)

    # what the maker knows of his own goods is stated where it is asked for
    open_all(page.locator("#missing"))
    for fact in ("foreign_made", "made_with_cn_ree_technology", "jp_listed_item"):
        value = order["goods"].get(fact, order.get(fact))
        if (control := field(page.locator("#missing"), fact, lang)).count() and control.is_visible():
            control.select_option(str(value).lower())
    press(page, "judge", page.locator("#facts"))
    assert words(page.locator("#facts")).count("▲") == 0

    # No. 61 is open, and what would settle it is said: nobody has asked MOFCOM about a terbium target
    open_all(page.locator("#why"))
    assert NO_61 in words(page.locator("#why")) and STANDING["2026-11-10"][lang][0] in words(page.locator("#why"))
    open_all(page.locator("#missing"))
    assert field(page.locator("#missing"), "classification_reply", lang).is_visible()
    shots.take(page, "target")

    # the share of value in full: 59,640 of 1,850,000 yen, users.md § 4 job 2
    with leaving(page):
        page.locator('#why a[href*="/explain/cn-mofcom-2025-61/1"]').first.click()
    assert NO_61 in words(page) and "3.22" in words(page) and "0.1" in words(page)
    shots.take(page, "target-reason")

    # the day of shipment decides whether No. 61 stands
    with leaving(page):
        page.get_by_role("link", name=BACK[lang]).click()
    for day, sayings in STANDING.items():
        write(page.locator("#facts [name=on]"), day)
        press(page, "judge", page.locator("#facts"))
        assert day in words(page.locator(".verdict"))
        check = page.url
        page.goto(check.replace("/check?", "/explain/cn-mofcom-2025-61/1?"))
        for said in sayings[lang]:
            assert said in words(page.locator("main"))
        page.goto(check)


def test_two_sheets_for_two_laws(visitor, shots):
    """The classification of Japan and the sheet of No. 61, each a paper of its own, with the sum written out."""
    page = visitor
    page.goto("/papers?sample=target-papers")
    for paper in ("jp-classification", "no61-sheet"):
        assert page.locator("li.paper small", has_text=paper).count(), paper
    shots.take(page, "target-papers")
    with page.expect_download() as got:
        page.locator("li.paper button[value='no61-sheet.pdf']").click()
    printed = "".join("".join(one.extract_text() for one in PdfReader(got.value.path()).pages).split())
    assert "59,640" in printed and "1,850,000" in printed and "3.22" in printed
