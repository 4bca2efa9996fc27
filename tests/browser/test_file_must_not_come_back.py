"""Job 4 of users.md: a trading firm imports magnets with dysprosium. Which licence, by when, whose papers, and who is on the other side."""

from __future__ import annotations

import io
import unicodedata
import zipfile

from pypdf import PdfReader

from kido.terms.ground import ground
from tests.browser.golden import case, example
from tests.browser.seeing import ANSWERS, follow, leaving, open_all, press, state, words, write

PAPERS = {"ja": ("最終需要者・最終用途証明書", "成分分析"), "en": ("end-user and end-use certificate", "certificate of analysis")}
APPLICANT = {"ja": "買い手", "en": "The buyer cannot apply"}
COMPARED = {"ja": "照合", "en": "compared with 16 lists"}
NOT_SEARCHED = {"ja": "調べていないもの", "en": "not searched"}
TO_PAPERS = {"ja": "書類を作る", "en": "Papers for this transaction"}
GAPS = {"ja": "未記入", "en": "gaps"}
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


def test_the_pack_of_the_licence(visitor, shots):
    """From the answer to its papers; then the whole order from a file: what is missing, what does not agree, and the files."""
    page, lang, given = visitor, visitor.lang, example("import-pack")
    order(page, ["見本モーター株式会社"])
    follow(page, TO_PAPERS[lang], page.locator("#papers"))
    certificate = page.locator("li.paper", has_text="cn-2-end-user-certificate")
    assert GAPS[lang] in words(certificate)  # nothing is made up: what nobody stated is a gap
    shots.take(page, "papers-first")
    page.locator("input[type=file]").set_input_files(ground("examples") / "import-pack.yaml")
    with leaving(page):
        page.locator("form[action*='/papers/file'] button").click()
    for paper in ("cn-2-end-user-certificate", "cn-3-profile", "cn-4-supply-chain", "timeline"):
        assert page.locator("li.paper", has_text=paper).count(), paper
    assert given["papers"]["order"]["contract_no"] in [one.input_value() for one in page.locator("[name='papers.order.contract_no']").all()]
    shots.take(page, "papers-whole")
    with page.expect_download() as got:
        page.locator("button[value='papers.zip']").click()
    archive = zipfile.ZipFile(got.value.path())
    names = archive.namelist()
    assert archive.testzip() is None and any("end-user-certificate" in name and name.endswith(".pdf") for name in names)
    (pdf,) = [name for name in names if "end-user-certificate" in name and name.endswith(".pdf")]
    printed = "".join(
        unicodedata.normalize("NFKC", "".join(one.extract_text() for one in PdfReader(io.BytesIO(archive.read(pdf))).pages)).split()
    )
    user = next(one for one in given["parties"] if one["role"] == "end_user")
    assert user["name"]["zh"] in printed and given["papers"]["order"]["contract_no"] in printed


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
