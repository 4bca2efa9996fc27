"""The first five minutes (users.md § 6): from the three doors to an answer, with nothing but a supplier's letter."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook

from kido.terms.ground import ground
from tests.browser.golden import case, example
from tests.browser.seeing import ANSWERS, HEADS, field, follow, leaving, open_all, press, words, write

NO_18 = "mofcom-gacc-18.yaml"
DOORS = {
    "ja": ("部品表を調べる", "この貨物は大丈夫か", "今週の変更"),
    "en": ("Check a part list", "What about this shipment?", "What changed this week"),
}
STAYS = {"ja": "コンピューターの外に出ません", "en": "leaves this machine"}
SAMPLE = {"ja": "見本を判定する", "en": "Judge the sample"}
LETTER = {"ja": "供給者の手紙", "en": "A supplier's letter"}
COUNTED = {"ja": "{0} 行 = 判定 {1} + 受け付けられない行 {2}", "en": "{0} rows = {1} answered + {2} rejected"}
UNUSED = {"ja": "使わなかった列", "en": "Columns that were not used"}


def test_home_has_three_doors_and_says_that_nothing_leaves(visitor, shots):
    page, lang = visitor, visitor.lang
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == lang  # by what the browser says, nobody chose it
    assert STAYS[lang] in words(page)
    for door in DOORS[lang]:
        assert page.get_by_role("link", name=door).is_visible()
    assert page.locator(".doors").bounding_box()["y"] < 768  # above the fold
    shots.take(page, "home")


def test_from_the_letter_to_a_licence(visitor, shots):
    page, lang = visitor, visitor.lang
    letter, stated = example("supplier-letter"), case(f"cn/2025/{NO_18}", "NdFeB with 3 % dysprosium")
    page.goto("/")
    follow(page, DOORS[lang][1])
    follow(page, LETTER[lang])
    for fact, value in (("exported_from", letter["from"]), ("destination", letter["to"]), ("origin", letter["goods"]["origin"])):
        assert field(page.locator("#facts"), fact, lang).input_value() == value

    # the answer first, then the rest in its order; both contents are missing, and one is asked for
    assert ANSWERS["facts_missing"][lang] in words(page.locator(".verdict"))
    assert page.locator(".verdict").bounding_box()["y"] < 200
    heads = [head.strip() for head in page.locator("#answer h2").all_inner_texts()]
    places = [heads.index(head) for head in HEADS[lang]]
    assert places == sorted(places)
    for fact in case(f"cn/2025/{NO_18}", "Dysprosium and terbium content not stated, so we cannot say")["missing"]:
        assert field(page.locator("#missing"), fact, lang).is_visible()
    assert "2027-01-26" in words(page.locator("#when"))  # 45 working days from the day of the letter, users.md § 3.2
    assert page.locator(".ask .asked").is_visible() and "Dy" in words(page.locator(".ask"))
    shots.take(page, "letter")

    # the maker's answer comes: typed where it was asked for, sent with the Enter key
    content = field(page.locator("#missing"), "dy_wt_pct", lang)
    write(content, str(stated["facts"]["dy_wt_pct"]))
    with leaving(page):
        content.press("Enter")
    assert ANSWERS["licence_required"][lang] in words(page.locator(".verdict"))
    why = page.locator("#why .finding", has_text="公告2025年第18号").first
    (item,) = stated["items"]["cn-mofcom-gacc-2025-18/1"]
    assert item in words(why) and "含镝的钕铁硼永磁材料" in words(why) and "2025-04-04" in words(why)
    assert field(page.locator("#facts"), "dy_wt_pct", lang).input_value() == str(stated["facts"]["dy_wt_pct"])
    shots.take(page, "licence")

    # in the other language the same facts, the same clause, the same days
    other = {"ja": "en", "en": "ja"}[lang]
    with leaving(page):
        page.locator("nav.tongues a").click()
    assert page.locator("html").get_attribute("lang") == other
    assert ANSWERS["licence_required"][other] in words(page.locator(".verdict"))
    assert item in words(page.locator("#why")) and "2027-01-26" in words(page.locator("#when"))
    open_all(page.locator("#why"))
    assert not page.locator("#why").get_by_text("undefined").count()


def test_the_sample_list_and_an_own_one(visitor, shots, tmp_path):
    page, lang = visitor, visitor.lang
    page.goto("/")
    follow(page, DOORS[lang][0])
    with leaving(page):
        page.get_by_role("button", name=SAMPLE[lang]).click()
    finished(page)
    assert COUNTED[lang].format(6, 6, 0) in words(page)
    counts = dict(zip(*[iter(page.locator("main table").first.locator("tbody th, tbody td").all_inner_texts())] * 2, strict=True))
    counts = {id: int(count) for id in ("licence_required", "facts_missing") for said, count in counts.items() if ANSWERS[id][lang] in said}
    assert counts == {"licence_required": 2, "facts_missing": 4}  # NdFeB with Dy and SmCo; the other four rows leave something open
    shots.take(page, "sample-judged")
    with page.expect_download() as got:
        page.get_by_role("link", name="answers.xlsx").click()
    book = load_workbook(io.BytesIO(got.value.path().read_bytes()), read_only=True)
    cells = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None]
    assert any("1C905.a.4" in cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in map(str, row))
    assert any(ANSWERS["licence_required"][lang] in cell for cell in cells)

    # a list of one's own, as an old system writes it: cp932, a column nobody needs, a row that cannot be read
    text = io.StringIO()
    csv.writer(text).writerows([
        ["品番", "品名", "形態", "磁石の種類", "積出国・地域", "最終仕向地", "原産国・地域", "社内記号"],
        ["A-1", "サーボ用磁石", "磁石", "SmCo", "中国", "日本", "中国", "髙"],
        ["A-2", "六角ボルト", "なにか", "", "中国", "日本", "中国", "x"],
    ])  # fmt: skip
    own = tmp_path / "部品表.csv"
    own.write_bytes(text.getvalue().encode("cp932"))
    page.goto("/tables")
    page.locator("input[type=file]").set_input_files(own)
    field_of_day = page.locator("input[name=on]")
    write(field_of_day, "2026-11-23")
    with leaving(page):
        field_of_day.press("Enter")
    finished(page)
    assert COUNTED[lang].format(2, 1, 1) in words(page)
    assert UNUSED[lang] in words(page) and "社内記号" in words(page)
    shots.take(page, "own-judged")


def test_a_file_dropped_on_the_first_page(visitor):
    """The letter as a file: dropped anywhere, or chosen where there is no script."""
    page, lang, letter = visitor, visitor.lang, ground("examples") / "supplier-letter.yaml"
    page.goto("/")
    if page.script:
        carried = page.evaluate_handle(
            "([name, text]) => { const carried = new DataTransfer(); carried.items.add(new File([text], name)); return carried }",
            [letter.name, letter.read_text(encoding="utf-8")],
        )
        with leaving(page):
            page.dispatch_event("h1", "drop", {"dataTransfer": carried})
    else:
        page.locator("form.drop input[type=file]").set_input_files(letter)
        with leaving(page):
            page.locator("form.drop button").click()
    assert ANSWERS["facts_missing"][lang] in words(page.locator(".verdict"))
    assert field(page.locator("#facts"), "maker_grade", lang).input_value() == example("supplier-letter")["goods"]["maker_grade"]


def test_what_changed_this_week(visitor, shots):
    page, lang = visitor, visitor.lang
    page.goto("/")
    follow(page, DOORS[lang][2])
    assert page.locator("section.box h2").is_visible()
    write(field_by_name(page, "first"), "2026-11-09")
    write(field_by_name(page, "last"), "2026-11-15")
    press(page, "show")
    row = page.locator("tr", has_text="公告2025年第57号")
    assert "2026-11-10" in words(row)  # the suspension ran out that day, users.md § 1.11
    shots.take(page, "changes")


def field_by_name(page, name):
    return page.locator(f"main input[name={name}]")


def finished(page) -> None:
    """Wait as a person does: the page reads itself again."""
    page.get_by_role("link", name="answers.").first.wait_for(timeout=60_000)
