"""Job 3 of users.md: a trading firm, each Monday. What changed, what comes, what was not looked at; the act itself; our partners."""

from __future__ import annotations

import yaml

from kido.terms.ground import ground
from tests.browser.golden import case
from tests.browser.seeing import follow, leaving, press, words, write

SIX = [f"公告2025年第{number}号" for number in (55, 56, 57, 58, 61, 62)]  # suspended by No. 70 of 2025, users.md § 1.11
SUSPENDED = {"ja": "停止中(2025-11-07から2026-11-10まで", "en": "suspended from 2025-11-07 until 2026-11-10"}
UNKNOWN = {"ja": "2026-11-10 以降の効力を確認できません", "en": "standing unknown since 2026-11-10"}
NOT_CHECKED = {"ja": "その後の変更は分かりません", "en": "later changes are not known"}
ROOMS = {
    "register": {"ja": "法令", "en": "Register"}, "timeline": {"ja": "年表", "en": "Timeline"},
    "changes": {"ja": "変更", "en": "Changes"}, "calendar": {"ja": "暦", "en": "Calendar"}, "parties": {"ja": "相手先", "en": "Parties"}, "data": {"ja": "データの状態", "en": "Data health"},
}  # fmt: skip
COMPARE = {"ja": "照合する", "en": "Compare"}
LISTED = {"ja": "リストに同じ名称があります", "en": "The same name is on a list"}
NO_MATCH = {"ja": "一致なし", "en": "No match"}
IN_DOUBT = {"ja": "停止期間に含まれるかは書かれていません", "en": "is not stated"}
SEEN = {"ja": "参照", "en": "seen"}


def enter(page, room: str) -> None:
    with leaving(page):
        page.locator("nav.rooms").get_by_role("link", name=ROOMS[room][page.lang], exact=True).click()


def test_what_changed_and_what_was_not_looked_at(visitor, shots):
    page, lang = visitor, visitor.lang
    page.goto("/")
    enter(page, "changes")
    for first, last in (("2026-11-09", "2026-11-15"), ("2025-11-03", "2025-11-09")):
        write(page.locator("main [name=first]"), first)
        write(page.locator("main [name=last]"), last)
        press(page, "show")
        for number in SIX:
            row = page.locator("main tbody tr", has_text=number).first
            if first.startswith("2026"):
                assert "2026-11-10" in words(row) and SUSPENDED[lang] in words(row) and UNKNOWN[lang] in words(row)
            else:
                assert "2025-11-07" in words(row) and SUSPENDED[lang] in words(row) and "公告2025年第70号" in words(row)
    shots.take(page, "monday-changes")

    # a week nobody has looked at yet is not a week without changes
    verified = str(yaml.safe_load((ground("law") / "cn/watch.yaml").read_text(encoding="utf-8"))["verified"])
    write(page.locator("main [name=first]"), "2030-01-01")
    write(page.locator("main [name=last]"), "2030-01-07")
    press(page, "show")
    assert NOT_CHECKED[lang] in words(page) and verified in words(page)


def test_from_a_material_to_the_act_and_its_original(visitor, shots):
    page, lang = visitor, visitor.lang
    page.goto("/")
    enter(page, "register")
    write(page.locator("main [name=element]"), {"ja": "ホルミウム", "en": "holmium"}[lang])
    write(page.locator("main [name=on]"), "2026-11-09")
    press(page, "search", page.locator("main"))
    row = page.locator("main tbody tr", has_text="公告2025年第57号")
    assert SUSPENDED[lang] in words(row)
    shots.take(page, "register-holmium")
    follow(page, "公告2025年第57号")

    # the number in the issuer's own form, the standing over time, the item beside its original, the sources with their day
    golden = case("cn/2025/mofcom-gacc-57.yaml", "Holmium metal")
    (item,) = golden["items"]["cn-mofcom-gacc-2025-57/1"]
    assert "公告2025年第57号" in words(page.locator("h1")) and page.locator("h1 [lang=zh], h1 .original").count()
    assert page.locator("svg.strip").is_visible()
    history = words(page.locator("table", has_text="2025-10-09").first)
    assert [day in history for day in ("2025-10-09", "2025-11-07", "2026-11-10")] == [True] * 3
    entry = page.locator("table.items tbody tr", has=page.locator(f'th:text-is("{item}")'))
    assert "金属钬" in words(entry.locator("[lang=zh]"))
    sources = page.locator("ul.sources li")
    assert sources.count() > 0 and all(SEEN[lang] in said and "2026-" in said for said in sources.all_inner_texts())
    shots.take(page, "act-57")

    # the next day the suspension is over, and no view hides that
    write(page.locator("main form.inline [name=on]"), "2026-11-10")
    press(page, "show", page.locator("main"))
    assert UNKNOWN[lang] in words(page.locator("section.measure").first)


def test_the_years_at_one_look(visitor, shots):
    page = visitor
    page.goto("/")
    enter(page, "timeline")
    write(page.locator("main [name=element]"), "Dy")
    write(page.locator("main [name=until]"), "2026-11-23")
    press(page, "search", page.locator("main"))
    drawn = page.locator("svg.chart a", has_text="公告2025年第18号").first
    assert drawn.is_visible() and page.locator("svg.chart").count() == 2
    for summary in page.locator("main details > summary").all():
        summary.click()  # the same as a table, for who does not see the drawing
    row = page.locator("main tbody tr", has_text="公告2025年第18号").first
    assert "2025-04-04" in words(row)
    shots.take(page, "timeline-dysprosium")


def test_the_days_that_lie_ahead_and_the_working_days(visitor, shots):
    page, lang = visitor, visitor.lang
    page.goto("/")
    enter(page, "calendar")
    write(page.locator("main [name=element]"), "Ho")
    write(page.locator("main form.filters [name=on]"), "2026-11-23")
    press(page, "show", page.locator("main"))
    row = page.locator("main tbody tr", has_text="2026-11-10").filter(has_text="公告2025年第57号").first
    assert "公告2025年第70号" in words(row) and IN_DOUBT[lang] in words(row)  # nobody has said whether the 10th is inside
    with page.expect_download() as got:
        page.locator("a[href*='calendar.ics']").click()
    dates = got.value.path().read_text(encoding="utf-8")
    assert dates.startswith("BEGIN:VCALENDAR") and "20261110" in dates
    for name, value in (("begin", "2026-11-23"), ("days", "45")):
        write(page.locator(f"#count [name={name}]"), value)
    with leaving(page):
        page.keyboard.press("Enter")
    assert "2027-01-26" in words(page.locator("#count"))  # users.md § 3.2
    assert page.input_value("main form.filters [name=on]") == "2026-11-23"  # and what was shown is still shown
    shots.take(page, "calendar")


def test_our_partners_on_the_lists(visitor, shots):
    page, lang = visitor, visitor.lang
    page.goto("/")
    enter(page, "parties")
    write(page.locator("main [name=on]"), "2026-11-23")
    page.locator("main textarea").click()
    page.keyboard.type("ＴＤＫ㈱\nQqqzz Holdings")
    with leaving(page):
        page.get_by_role("button", name=COMPARE[lang]).click()
    hit, none = page.locator("section.party").all()
    assert LISTED[lang] in words(hit) and "TDK" in words(hit) and "2026-02-24" in words(hit)  # watch list, users.md § 1.12
    assert NO_MATCH[lang] in words(none)  # and never "clear": what was searched, of which day, and what was not
    assert "2026-08-24" in words(page) and page.locator("section:last-of-type li").count() > 16
    shots.take(page, "parties")


def test_how_old_the_data_are(visitor, shots):
    page, lang = visitor, visitor.lang
    page.goto("/")
    enter(page, "data")
    for code in ("CN", "JP", "US"):
        watch = yaml.safe_load((ground("law") / code.lower() / "watch.yaml").read_text(encoding="utf-8"))
        assert str(watch["verified"]) in words(page.locator("main table").first.locator("tr", has=page.locator(f'a[href="#{code}"]')))
        for missing in watch["not_held"]:
            said = missing[lang] if isinstance(missing, dict) else missing
            assert "".join(said.split()) in "".join(words(page.locator(f"section#{code}")).split())
    shots.take(page, "data")
