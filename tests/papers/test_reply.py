"""The answer for the foreign customer: the answer of the determination, articles, dates, what is unknown, one page."""

import re

import pytest

from kido.papers import reply
from kido.papers.document import Gap, Grid
from tests.papers.paper_text import BANNED, case_of, cells, every_language, example, text, value

DY = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "metal", "element": "Dy"}
EXAMPLES = [
    "target-papers.yaml",
    "target-to-germany.yaml",
    "japan-motor.yaml",
    "steel-bolt.yaml",
    "supplier-letter.yaml",
    "japan-wafer.yaml",
]


def words_of(facts, on):
    return text(reply.build(case_of(facts, on)), "en")


def test_a_licence_with_its_article_and_first_day():
    """No. 18 of 2025: dysprosium metal, 1C905.a.1, in force since 2025-04-04."""
    words = words_of(DY, "2026-11-23")
    assert "a licence is required before the goods leave" in words
    assert "公告2025年第18号" in words and "1C905.a.1" in words and "in force since 2025-04-04" in words


def test_a_lapsed_suspension_is_said_to_be_unknown():
    words = words_of(DY | {"element": "Ho"}, "2026-11-23")
    assert "could not be confirmed" in words and "unknown since 2026-11-10" in words and "公告2025年第57号" in words
    assert "Please plan for: licence required" in words
    assert "suspended from 2025-11-07 until 2026-11-10" in words_of(DY | {"element": "Ho"}, "2025-11-08")
    assert "not yet in force (from 2025-11-08)" in words_of(DY | {"element": "Ho"}, "2025-11-06")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_answer_is_that_of_the_determination(name):
    case = example(name)
    words = text(reply.build(case), "en")
    said = {
        "licence_required": "licence is required", "facts_missing": "cannot be answered yet", "no_match": "Controls outside that scope were not searched",
        "outside_data": "does not mean that no law applies", "prohibited": "is prohibited", "exception": "on the conditions",
        "presumption_of_denial": "in principle be refused",
    }  # fmt: skip
    d = case.determination
    assert said[d.answer] in words or (d.only_standing_is_open and "could not be confirmed" in words)
    assert str(d.on) in words and "law as of" in words


def test_what_the_customer_must_supply():
    words = words_of({"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "metal", "element": "Dy"}, "2026-11-23")
    assert "What we need from you" in words and "end-user and end-use certificate" in words
    assert "Whether" not in words.partition("What we need")[2]


def test_missing_names_are_gaps():
    paper = reply.build(case_of(DY, "2026-11-23"))
    assert isinstance(value(paper, "buyer.name"), Gap) and isinstance(value(paper, "people.contact"), Gap)
    full = reply.build(example("target-papers.yaml"))
    assert value(full, "buyer.name") == {"en": "Muster Beschichtung GmbH"} and not list(full.gaps())


def test_nothing_is_dropped_in_silence():
    paper = reply.build(example("steel-bolt.yaml"))
    rows = next(block for block in paper.blocks if isinstance(block, Grid)).rows
    assert len(rows) <= 4 and "more laws in our full record" in text(paper, "en") and re.search(r"and \d+ more\.", text(paper, "en"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_english_throughout_and_no_word_of_clearance(name):
    paper = reply.build(example(name))
    assert paper.langs == ("en",) and paper.one_page
    for cell in cells(paper):
        assert isinstance(cell, str | Gap) or cell.get("en"), cell
    assert not [word for word in BANNED if re.search(rf"\b{word}\b", every_language(paper), re.I)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_fits_one_page(name):
    pytest.importorskip("typst")
    from kido.papers.write_pdf import pdf

    assert pdf(reply.build(example(name))).data.startswith(b"%PDF")


def test_bare_facts_fit_one_page_too():
    """Nothing but gaps: the widest row of missing names still leaves one page."""
    pytest.importorskip("typst")
    from kido.papers.write_pdf import pdf

    assert pdf(reply.build(case_of({"act": "export", "from": "CN", "to": "US"}, "2026-11-23"))).data.startswith(b"%PDF")
