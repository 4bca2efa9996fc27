"""The pack of a Chinese licence: nothing differs between two papers, nothing is guessed, everything opens and has its glyphs."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from kido.decide.parties import Party
from kido.papers import cn_chain, cn_leaves, cn_photos, cn_progress
from kido.papers.case import Case
from kido.papers.document import Checks, Fields, Foot, Gap, Grid, Heading, Paper, Signatures, spoken
from kido.papers.fonts import missing_glyphs
from kido.papers.pack import pack, write_pack
from kido.terms.text import Text
from tests.papers.office import pages, printed
from tests.papers.paper_text import BANNED, BANNED_CJK, case_of, every_language, example, text

CASE = example("import-pack.yaml", "2026-11-24")
PACK = pack(CASE)
PAPERS = {paper.id: paper for paper in PACK.papers}
BARE = case_of({"act": "export", "from": "CN", "to": "JP", "form": "magnet"}, "2026-11-24")
OUT = ("cn-2-end-user-certificate", "cn-3-profile", "cn-4-supply-chain", "cn-5-technical", "cn-6-photos")


def stated(values: dict | None = None, lists: dict | None = None, parties: tuple[Party, ...] = ()) -> Case:
    """The sample with other values, rows and more parties."""
    order = CASE.order
    more = replace(
        order, values={**order.values, **(values or {})}, lists={**order.lists, **(lists or {})}, parties=(*order.parties, *parties)
    )
    return replace(CASE, order=more)


def hidden(case: Case, key: str) -> bool:
    return next(cn_leaves.masked(one) for one in cn_leaves.leaving(case) if one.key == key) == "●●●"


def ours(paper: Paper) -> Iterator[Text]:
    """The words of the project on a paper, not those of the order."""
    yield paper.title
    for block in paper.blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Fields):
            yield from (row.label for row in block.rows)
        elif isinstance(block, Grid):
            yield from block.head
        elif isinstance(block, Checks):
            yield from (check.text for check in block.rows)
        elif isinstance(block, Signatures):
            yield from block.rows


def test_the_pack_of_an_import_has_its_papers():
    assert list(PAPERS) == ["check", "cn-0-what-leaves", *OUT, "cn-7-courier", "cn-9-progress", "timeline"]
    assert PACK.left_out["jp-classification"] == "not-from-japan" and PACK.left_out["no61-sheet"] == "from-china"


def test_no_field_differs_between_two_papers():
    met: dict[str, set] = {}
    for paper in PACK.papers:
        for key, cell in paper.fields():
            if key:
                met.setdefault(key, set()).add(
                    json.dumps(cell, sort_keys=True, ensure_ascii=False) if isinstance(cell, dict | str) else "gap"
                )
    assert len(met) > 50 and not {key: found for key, found in met.items() if len(found) > 1}
    assert not [point for point in PACK.checked.points if point.code == "papers-differ"]


def test_the_sample_has_nothing_to_mend():
    assert not PACK.checked.points
    assert {id for id, _ in PACK.checked.gaps} == {
        "cn-6-photos",
        "timeline",
    }  # no photos travel with the sample; nobody knows the day of acceptance


def test_every_value_of_the_order_stands_on_a_paper():
    printed_words = "\n".join(every_language(paper) for paper in PACK.papers)
    for value in (
        "C-2026-118",
        "PO-4711",
        "N42SH-R38",
        "2000",
        "36.5",
        "MSM-400",
        "D-1042 rev. B",
        "COA-2026-77",
        "1C905.a.4",
        "见本工机株式会社",
        "8505111000",
    ):
        assert value in printed_words, value


def test_an_empty_order_gives_gaps_and_no_guess():
    empty = pack(BARE)
    gaps = dict(empty.checked.gaps)
    assert {"cn-2-end-user-certificate", "cn-3-profile", "cn-4-supply-chain", "cn-5-technical", "cn-6-photos"} <= set(gaps)
    for paper in empty.papers:
        if paper.id in OUT:
            assert "草稿" in text(paper, "zh") and "下書き" in text(paper, "ja")
            for key, cell in paper.fields():
                assert isinstance(cell, Gap) or key in ("destination", "form", "composition"), (paper.id, key)


@pytest.mark.parametrize("case", [CASE, BARE], ids=["sample", "bare"])
def test_no_banned_word_and_every_language_is_there(case):
    for paper in pack(case).papers:
        words = every_language(paper)
        assert not any(word in words for word in BANNED_CJK), paper.id
        assert not [word for word in BANNED if re.search(rf"\b{word}\b", words, re.I)], paper.id
        for cell in ours(paper):
            for lang in paper.langs:
                assert spoken(cell, lang)[1] == lang, (paper.id, lang, cell)


def test_customers_are_masked_in_the_second_table():
    page = text(PAPERS["cn-0-what-leaves"], "ja")
    first, second = page.split("2. 社内回覧用")
    assert "見本工機株式会社" in first and "見本モーター株式会社" in first
    assert "見本工機株式会社" not in second and "見本モーター株式会社" not in second and "●●●" in second


@pytest.mark.parametrize(
    "key",
    [
        "end_use.place",
        "end_use.signatory",
        "end_use.model",
        "end_user.address",
        "lines.1.drawing",
        "history.1.contract_no",
        "resale.re_export",
    ],
)
def test_nothing_that_leads_to_a_customer_stands_in_the_masked_table(key):
    assert hidden(CASE, key)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"ja": "見本モーター向けの磁石です"}, True),
        ({"ja": "日本語では伏せた", "zh": "见本工机株式会社"}, True),
        ("magnets for MIHON MOTOR", True),
        ({"ja": "见本モーターの窓口"}, True),
        ({"ja": "見本商事株式会社が輸入します"}, False),
        ({"ja": "磁性材料の輸入と販売"}, False),
    ],
    ids=["without-its-legal-form", "in-another-language", "other-case", "other-characters", "the-importer", "nobody"],
)
def test_a_customer_named_in_any_other_words_is_masked(words, found):
    assert hidden(stated({"profile.business": words}), "profile.business") is found
    assert not hidden(CASE, "buyer.name")


def test_what_no_text_asks_for_is_not_said_to_be_required():
    levels = {one.key: one.level for one in cn_leaves.leaving(CASE)}
    for key in ("lines.1.drawing", "lines.1.hs_jp", "buyer.registered_no", "profile.website", "people.phone"):
        assert levels[key] == "volunteered", key
    for key in ("end_use.product", "end_user.name", "buyer.name", "composition"):  # Decree 792 Arts. 16 and 24
        assert levels[key] == "required", key
    assert all(one.source.startswith(("Decree 792", "MOFCOM", "https://")) for one in cn_leaves.leaving(CASE) if one.level != "volunteered")
    assert "https://xhmag.com/" in text(PAPERS["cn-0-what-leaves"], "ja")


def test_a_middleman_who_is_left_out_of_the_chain_is_put_into_it():
    met = Party("middleman", "Muster Handel GmbH", "DE")
    found = dict(cn_chain.build(stated(parties=(met,))).fields())
    assert found["supply_chain.4.name"] == "Muster Handel GmbH" and found["supply_chain.4.country"]["zh"].endswith("(DE)")
    assert isinstance(found["supply_chain.4.address"], Gap) and isinstance(found["supply_chain.4.receives"], Gap)
    for name in ("Muster Handel GmbH", {"en": "MUSTER  HANDEL GmbH"}):
        rows = ({"stage": "middleman", "name": name},)
        assert "supply_chain.2.name" not in dict(cn_chain.build(stated(lists={"supply_chain": rows}, parties=(met,))).fields())
    bare = dict(cn_chain.build(stated(lists={"supply_chain": ()}, parties=(met,))).fields())
    assert isinstance(bare["supply_chain.1.name"], Gap) and bare["supply_chain.2.name"] == "Muster Handel GmbH"


def test_a_photo_without_its_file_or_kind_is_a_gap():
    found = cn_photos.build(stated(lists={"photos": ({"kind": "production", "caption": "x"}, {"file": "a.jpg", "caption": "y"})}))
    assert [gap.label["ja"] for gap in found.gaps()] == [
        "写真のファイル",
        "写真の種類",
        "最終製品の写真と説明",
        "製品中の磁石の位置の写真と説明",
    ]


@pytest.mark.parametrize(
    ("values", "states", "limit"),
    [
        ({}, ["これから"] * 5, "受理日が決まってから数えます"),
        ({"licence.papers_sent": date(2026, 12, 4)}, ["予定", *["これから"] * 4], "受理日が決まってから数えます"),
        ({"licence.papers_sent": date(2026, 11, 24)}, ["済み", *["これから"] * 4], "受理日が決まってから数えます"),
        ({"licence.accepted": date(2026, 11, 23)}, ["日付未記入", "日付未記入", "済み", "これから", "これから"], "2027-01-26"),
        (
            {"licence.accepted": date(2026, 12, 21)},
            ["これから", "これから", "予定", "これから", "これから"],
            "2027-03-01(2026-12-21に受理された場合)",
        ),
        ({"licence.issued": date(2026, 11, 20)}, [*["日付未記入"] * 3, "済み", "これから"], "許可は出ています"),
        ({"licence.shipped": date(2026, 11, 20)}, [*["日付未記入"] * 4, "済み"], "貨物は船積み済みです"),
    ],
    ids=["nothing", "planned", "today", "accepted", "acceptance-planned", "issued", "shipped-without-a-licence-day"],
)
def test_the_progress_sheet_says_done_only_of_days_that_were(values, states, limit):
    paper = cn_progress.build(stated(values))
    grid = next(block for block in paper.blocks if isinstance(block, Grid))
    assert [row[2]["ja"] for row in grid.rows] == states
    assert spoken(dict(paper.fields())["progress.limit"], "ja")[0] == limit


def test_without_a_procedure_the_progress_sheet_counts_nothing():
    bolt = case_of({"act": "export", "from": "CN", "to": "DE", "form": "article"}, "2026-11-24")
    bolt = replace(bolt, determination=replace(bolt.determination, procedures=()))
    page = text(cn_progress.build(bolt), "ja")
    assert "許可が要らないという意味ではありません" in page and "済み" not in page and "これから" not in page


def test_every_value_that_leaves_is_sorted():
    assert "未分類 0" in text(PAPERS["cn-0-what-leaves"], "ja")


def test_the_customer_sees_no_price_and_no_end_use():
    page = every_language(PAPERS["cn-9-progress"])
    assert "1850000" not in page and "数値制御" not in page and "1,850,000" not in page
    assert all("1850000" not in every_language(PAPERS[id]) for id in OUT)


# -- on paper ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    into = tmp_path_factory.mktemp("pack")
    return into, write_pack(PACK, into)


def test_everything_is_written_and_no_glyph_is_missing(folder):
    into, made = folder
    assert not made.problems and not made.missing and not made.stale
    assert {path.name for path in made.files} == {f"{id}.{format}" for id in PAPERS for format in ("pdf", "docx", "xlsx")} | {
        "reminders.ics"
    }
    for paper in PACK.papers:
        assert not missing_glyphs(every_language(paper)), paper.id
    index = json.loads((into / "pack.json").read_text(encoding="utf-8"))
    assert set(index["files"]) == {path.name for path in made.files} and index["register"] == CASE.determination.version


def test_the_pages_of_the_pdf(folder):
    into, _ = folder
    for id, paper in PAPERS.items():
        found = pages((into / f"{id}.pdf").read_bytes())
        assert not paper.one_page or len(found) == 1, id
        for number, page in enumerate(found, 1):
            assert f"{number}/{len(found)}" in page and CASE.determination.version in page and "2026-11-24" in page, (id, number)
        whole = re.sub(r"\s", "", "".join(found))
        for key, cell in paper.fields():
            if isinstance(cell, str):
                assert re.sub(r"\s", "", cell) in whole, (id, key)


def test_word_and_excel_open_in_libreoffice(folder, tmp_path):
    into, _ = folder
    for format in ("docx", "xlsx"):
        found = printed([into / f"{id}.{format}" for id in PAPERS], tmp_path / format) if (tmp_path / format).mkdir() is None else {}
        for id, paper in PAPERS.items():
            whole = re.sub(r"\s", "", "".join(found[id]))
            for title in paper.langs[:1]:
                assert re.sub(r"\s", "", spoken(paper.title, title)[0]) in whole, (id, format)
            assert CASE.determination.version in whole, (id, format)
            assert not paper.one_page or len(found[id]) == 1, (id, format, len(found[id]))


def test_a_second_pack_in_the_folder_says_what_is_left_of_the_first(tmp_path):
    write_pack(PACK, tmp_path, ["docx"])
    later = write_pack(pack(CASE, only=["timeline"]), tmp_path, ["docx"])
    assert "cn-3-profile.docx" in later.stale and (tmp_path / "cn-3-profile.docx").exists()


def test_the_foot_of_a_paper_is_the_day_of_the_law():
    assert PAPERS["cn-3-profile"].foot == Foot(CASE.determination.version, CASE.determination.on, CASE.made)
    assert replace(PAPERS["cn-3-profile"], langs=("ja",)).langs == ("ja",)
