"""Headings of a table: told, said, refused; nothing dropped in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kido.decide.columns import columns_of
from kido.errors import KidoError
from kido.register.store import terms


@pytest.mark.parametrize(
    ("heading", "fact"),
    [("仕向地", "destination"), ("To", "destination"), ("最終仕向地", "destination"), ("ＨＳコード", "hs"), ("HS Code", "hs"), ("形態", "form"), ("Country of origin", "origin"),
     ("Dy", "composition:Dy"), ("Dy wt%", "composition:Dy"), ("ジスプロシウム(%)", "composition:Dy"), ("Nd含有率", "composition:Nd"), ("purity_pct", "purity_pct"),
     ("品番", "id"), ("取引日", "on"), ("組成", "composition")],
)  # fmt: skip
def test_headings_that_are_told(heading, fact):
    assert columns_of([heading, "form of the goods" if fact != "form" else "hs"], terms()).facts[0] == fact


@pytest.mark.parametrize("heading", ["備考", "Y", "C", "I", "数量", "担当", "In"])
def test_headings_that_may_be_anything_are_not_used_and_said(heading):
    found = columns_of(["form", heading], terms())
    assert heading in found.unused or heading == "In"


def test_what_the_user_says_goes_first():
    found = columns_of(["出荷先", "仕向地", "形態"], terms(), {"出荷先": "to", "仕向地": "-"})
    assert found.facts == {0: "destination", 2: "form"} and not found.unused


@pytest.mark.parametrize(
    ("header", "said", "code"),
    [(["仕向地", "to"], {}, "fact-in-two-columns"), (["備考"], {}, "no-fact-column"), (["form"], {"forms": "form"}, "no-such-column"), (["form"], {"form": "fomr"}, "unknown-fact")],
)  # fmt: skip
def test_headers_that_cannot_be_used(header, said, code):
    with pytest.raises(KidoError) as error:
        columns_of(header, terms(), said)
    assert code in {problem.code for problem in error.value.problems}


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8), st.lists(st.text(max_size=8), max_size=10))
def test_every_column_is_used_or_said(header, cells):
    try:
        found = columns_of(["form", *header], terms())
    except KidoError:
        return
    used = {found.header[number] for number in found.facts}
    assert all(heading in used or heading in found.unused for heading in found.header if heading)
    id, facts = found.transaction(cells)
    assert isinstance(id, str) and all(facts.values())
