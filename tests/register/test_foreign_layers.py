"""What others say: read whole or not at all, kept apart, and shown where it disagrees."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kido import desk
from kido.errors import KidoError
from kido.register.exchange import layers
from kido.register.exchange.disagreements import FROM, KIND, UNTIL, compare
from kido.register.exchange.foreign import NEEDED, OPTIONAL, PRODUCT, ForeignRow, read_foreign
from kido.register.exchange.plain import write_json
from kido.register.store import register, terms

REGISTER, TERMS = register(), terms()
COLUMNS = (*NEEDED, *PRODUCT, *OPTIONAL)
GALLIUM = "cn-mofcom-gacc-2023-23/1"
ROW = {
    "contributor": "A", "said_on": "2026-11-20", "source_url": "https://example.org/a", "jurisdiction": "CN", "kind": "licence",
    "title": "gallium and germanium", "material": "Ga;Ge", "from": "2023-08-01",
}  # fmt: skip


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("KIDO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def text(*rows: dict[str, str], columns=COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read(*rows: dict[str, str], columns=COLUMNS) -> tuple[ForeignRow, ...]:
    return read_foreign(text(*rows, columns=columns).encode(), "in.csv", TERMS, REGISTER)


def refused(content: str | bytes) -> list[tuple[str, str, str]]:
    """Code, place and what was read of every problem; each speaks both languages."""
    with pytest.raises(KidoError) as error:
        read_foreign(content if isinstance(content, bytes) else content.encode(), "in.csv", TERMS, REGISTER)
    for problem in error.value.problems:
        for lang in ("ja", "en"):
            assert problem.wrong(lang) and problem.do(lang) and "–" not in problem.wrong("en")
    return [(problem.code, problem.place, problem.read) for problem in error.value.problems]


# -- reading -----------------------------------------------------------------------------------


def test_a_row_is_read_and_marked():
    (row,) = read(ROW | {"hs": "8112.92", "until": "2026-12-31", "measure_id": GALLIUM, "value": "1,000.5", "unit": "t", "note": "n"})
    assert (row.contributor, row.said_on, row.jurisdiction, row.scheme, row.kind) == ("A", date(2026, 11, 20), "CN", "kido", "licence")
    assert (row.hs, row.materials, row.elements) == (("811292",), ("Ga", "Ge"), ("Ga", "Ge"))
    assert (row.start, row.until, row.value, row.measure) == (date(2023, 8, 1), date(2026, 12, 31), "1000.5", GALLIUM)
    plain = row.to_dict()
    assert plain["layer"] == "foreign" and plain["source_url"] and plain["said_on"] == "2026-11-20"


@pytest.mark.parametrize("encode", [
    lambda t: t.encode(), lambda t: t.encode("utf-8-sig"), lambda t: t.encode("utf-16"), lambda t: t.replace("\n", "\r\n").encode(),
])  # fmt: skip
def test_files_as_excel_writes_them(encode):
    row = ROW | {
        "title": "ガリウム、ゲルマニウム",
        "jurisdiction": "中国",
        "material": "ガリウム",
        "said_on": "令和8年11月20日",
        "from": "２０２３/8/1",
    }
    (found,) = read_foreign(encode(text(row)), "in.csv", TERMS, REGISTER)
    assert (found.title, found.jurisdiction, found.elements, found.said_on) == (row["title"], "CN", ("Ga",), date(2026, 11, 20))
    assert found.start == date(2023, 8, 1)


@pytest.mark.parametrize(("encoding", "said"), [
    ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp932", "cp932"),
])  # fmt: skip
def test_the_encoding_that_was_taken_is_said(tmp_path, encoding, said):
    path = tmp_path / "others.csv"
    path.write_bytes(text(ROW | {"title": "ガリウム、髙純度", "material": "ｶﾞﾘｳﾑ;Ge", "jurisdiction": "中国"}).encode(encoding))
    added = layers.add(path)
    assert added.encoding == said and added.rows[0].title == "ガリウム、髙純度" and added.rows[0].elements == ("Ga", "Ge")
    assert layers.layers() == [added]


def test_an_apostrophe_before_a_formula_is_taken_away():
    assert [row.title for row in read(ROW | {"title": "'=1+1"}, ROW | {"title": "'quoted'"})] == ["=1+1", "'quoted'"]


def test_materials_are_elements_groups_or_substances():
    (row,) = read(ROW | {"material": "レアアース; tungsten carbide; ネオジウム"})
    assert row.materials == ("rare_earths", "tungsten_carbide", "Nd")
    assert {"Dy", "W", "Nd", "REE"} <= set(row.elements)


def test_a_kind_may_come_from_any_scheme_and_recalled_codes_stay_marked():
    kinds = [("qr", "NAL X"), ("mast2012", "P13"), ("mast2019", "P33"), ("oecd", "licensing_requirement"), ("gta", "35"), ("", "licence")]
    rows = read(*(ROW | {"scheme": scheme, "kind": kind} for scheme, kind in kinds))
    assert [row.scheme for row in rows] == ["qr", "mast2012", "mast2019", "oecd", "gta", "kido"]
    assert [row.kind_status for row in rows] == ["read", "recalled", "read", "read", "read", "read"]


BAD = [
    ({"source_url": ""}, "foreign-no-source", "source_url", "gallium and germanium"),
    ({"source_url": "see the ministry"}, "not-an-address", "source_url", "see the ministry"),
    ({"contributor": " "}, "missing-key", "contributor", "contributor"),
    ({"said_on": ""}, "missing-key", "said_on", "said_on"),
    ({"title": ""}, "missing-key", "title", "title"),
    ({"said_on": "2026-02-30"}, "not-a-date", "said_on", "2026-02-30"),
    ({"from": "soon"}, "not-a-date", "from", "soon"),
    ({"from": "2026-01-02", "until": "2026-01-01"}, "dates-in-wrong-order", "until", "2026-01-02 > 2026-01-01"),
    ({"jurisdiction": "Chna"}, "unknown-value", "jurisdiction", "Chna"),
    ({"kind": "licens"}, "unknown-value", "kind", "licens"),
    ({"scheme": "mast", "kind": "P33"}, "unknown-value", "scheme", "mast"),
    ({"scheme": "mast2019", "kind": "P34"}, "unknown-value", "kind", "P34"),
    ({"scheme": "qr", "kind": "NAL Z"}, "unknown-value", "kind", "NAL Z"),
    ({"hs": "85O5"}, "not-an-hs-code", "hs", "85O5"),
    ({"material": "unobtainium"}, "unknown-value", "material", "unobtainium"),
    ({"material": ""}, "no-product", "hs / material", "gallium and germanium"),
    ({"measure_id": "cn-mofcom-gacc-2023-23/7"}, "no-such-measure", "measure_id", "cn-mofcom-gacc-2023-23/7"),
    ({"value": "many"}, "not-a-number", "value", "many"),
]


@pytest.mark.parametrize(("change", "code", "column", "was_read"), BAD, ids=lambda value: str(value)[:30])
def test_a_wrong_cell_is_refused_by_name(change, code, column, was_read):
    assert refused(text(ROW, ROW | {"contributor": "B"} | change)) == [(code, f"in.csv:3:{column}", was_read)]


def test_a_near_miss_is_suggested():
    with pytest.raises(KidoError) as error:
        read(ROW | {"kind": "licens"})
    assert 'Did you mean "licence"?' in error.value.problems[0].wrong("en")


def test_all_problems_of_all_rows_at_once():
    found = refused(text(*(ROW | {"contributor": str(number)} | change for number, (change, *_) in enumerate(BAD))))
    assert [(code, place) for code, place, _ in found] == [(code, f"in.csv:{n}:{column}") for n, (_, code, column, _) in enumerate(BAD, 2)]


@pytest.mark.parametrize(("content", "problem"), [
    ("", ("no-rows", "in.csv:1", "")),
    (text(), ("no-rows", "in.csv:1", "")),
    (text(columns=[c for c in COLUMNS if c != "source_url"]), ("missing-key", "in.csv:1", "source_url")),
    (text(columns=[c for c in COLUMNS if c not in PRODUCT]), ("missing-key", "in.csv:1", "hs / material")),
    (text(columns=[*COLUMNS, "sorce"]), ("unknown-key", "in.csv:1", "sorce")),
    (text(columns=[*COLUMNS, "note"]), ("duplicate-key", "in.csv:1", "note")),
    (text(ROW) + "A,B" + "," * 20 + "left over\n", ("row-too-long", "in.csv:3", "")),
    (text(ROW) + '"never closed', ("csv-syntax", "in.csv:3", "")),
    (text(ROW, ROW), ("row-twice", "in.csv:3", "gallium and germanium")),
    (text(ROW).encode("utf-16")[:-1], ("not-utf-8", "in.csv", "")),
    (text(ROW | {"title": "希土類"}).encode("cp932"), ("not-utf-8", "in.csv", "")),  # no kana
    (text(ROW | {"title": "ガリウム"}).encode("cp932") + b"\x82", ("not-utf-8", "in.csv", "")),
    (text(ROW | {"title": "ガリウムとゲルマニウム"}).encode() + "あ".encode()[:2], ("not-utf-8", "in.csv", "")),  # UTF-8, cut off
    (text(ROW | {"title": "镓和锗的出口许可"}).encode("gbk"), ("not-utf-8", "in.csv", "")),
    (text(ROW | {"title": "ガリウム"}).encode("euc-jp"), ("not-utf-8", "in.csv", "")),
    (text(ROW | {"title": "갈륨 수출 허가"}).encode("cp949"), ("not-utf-8", "in.csv", "")),
    (text(ROW | {"title": "Ölförderung größer"}).encode("latin-1"), ("not-utf-8", "in.csv", "")),
])  # fmt: skip
def test_a_wrong_file_is_refused_by_name(content, problem):
    assert problem in refused(content)


def test_lines_are_counted_as_an_editor_does():
    first = ROW | {"title": "two\nlines"}
    assert refused(text(first, ROW | {"kind": "x"}))[0][1] == "in.csv:4:kind"


cells = st.one_of(
    st.sampled_from(["", "CN", "licence", "qr", "NAL X", "Ga", "850511", "2026-11-23", "https://example.org", "9999-12-31"]),
    st.text(max_size=12),
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, cells)), min_size=1, max_size=3))
@example([ROW | {"hs": ""}])
def test_any_file_is_read_or_refused_by_name(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    try:
        found = read_foreign(out.getvalue().encode(errors="surrogatepass"), "in.csv", TERMS, REGISTER)
    except KidoError as error:
        assert error.text("ja") and error.text("en")
    else:
        assert all(row.source_url and row.contributor and row.said_on > date.min and (row.hs or row.materials) for row in found)
        compare(REGISTER, found)


# -- kept apart --------------------------------------------------------------------------------


def file(tmp_path, name: str, *rows: dict[str, str]):
    path = tmp_path / name
    path.write_text(text(*rows), encoding="utf-8")
    return path


def test_layers_are_added_listed_replaced_and_removed(tmp_path, data):
    assert layers.layers() == []
    added = layers.add(file(tmp_path, "others.csv", ROW))
    assert added.path == data / "foreign" / "others.csv" and len(added.rows) == 1
    assert [(layer.name, layer.rows) for layer in layers.layers()] == [("others", added.rows)]
    layers.add(file(tmp_path, "others.csv", ROW))  # the same again changes nothing
    with pytest.raises(KidoError, match="layer-exists"):
        layers.add(file(tmp_path, "others.csv", ROW | {"title": "other"}))
    assert layers.layers()[0].rows == added.rows
    assert layers.add(file(tmp_path, "others.csv", ROW | {"title": "other"}), replace=True).rows[0].title == "other"
    with pytest.raises(KidoError, match="no-such-layer"):
        layers.remove("other")
    layers.remove("others")
    assert layers.layers() == [] and layers.names() == []


def test_nothing_of_a_wrong_file_is_kept_and_the_register_stays(tmp_path, data):
    before = write_json(register())
    with pytest.raises(KidoError) as error:
        layers.add(file(tmp_path, "bad.csv", ROW, ROW | {"contributor": "B", "source_url": ""}))
    assert [problem.code for problem in error.value.problems] == ["foreign-no-source"]
    assert not (data / "foreign").exists() and layers.layers() == []
    assert write_json(register()) == before


@pytest.mark.parametrize(
    ("name", "code"), [("nothing-there.csv", "no-such-file"), ("two words.csv", "layer-name"), ("-x.csv", "layer-name")]
)
def test_a_file_that_cannot_be_a_layer(tmp_path, name, code):
    if code == "layer-name":
        file(tmp_path, name, ROW)
    with pytest.raises(KidoError, match=code):
        layers.add(tmp_path / name)


def test_a_layer_damaged_since_is_named_and_can_be_removed(tmp_path, data):
    layers.add(file(tmp_path, "good.csv", ROW))
    layers.add(file(tmp_path, "spoilt.csv", ROW))
    (data / "foreign" / "spoilt.csv").write_text("contributor\n", encoding="utf-8")
    with pytest.raises(KidoError) as error:
        layers.layers()
    assert {problem.place for problem in error.value.problems} == {"spoilt.csv:1"}
    layers.remove("spoilt")
    assert [layer.name for layer in layers.layers()] == ["good"]


def test_a_layer_stays_readable_when_a_measure_it_names_is_gone(tmp_path, data):
    layers.add(file(tmp_path, "names.csv", ROW | {"measure_id": GALLIUM}))
    kept = data / "foreign" / "names.csv"
    kept.write_text(kept.read_text(encoding="utf-8").replace(GALLIUM, "cn-gone-2020-1/1"), encoding="utf-8")
    assert layers.layers()[0].rows[0].measure == "cn-gone-2020-1/1"


def test_no_determination_reads_a_layer(tmp_path):
    facts = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "metal", "element": "Ga"}
    before = desk.determine(facts, on="2026-11-23")
    layers.add(file(tmp_path, "others.csv", ROW | {"kind": "ban", "title": "ban on gallium"}))
    assert desk.determine(facts, on="2026-11-23") == before


# -- disagreements -----------------------------------------------------------------------------


def differences(*rows: dict[str, str]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(d.about, d.measure, tuple(s.says for s in d.statements)) for d in compare(REGISTER, read(*rows)).disagreements]


def test_a_row_that_agrees_is_settled():
    (beside,) = compare(REGISTER, read(ROW)).beside
    assert beside.settled and GALLIUM in beside.ours and differences(ROW) == []
    assert differences(ROW | {"scheme": "mast2019", "kind": "P33"}, ROW | {"contributor": "B", "scheme": "mast2019", "kind": "P3"}) == []


def test_another_kind_disagrees_and_says_who_since_when_and_from_where():
    (found,) = compare(REGISTER, read(ROW | {"kind": "quota", "measure_id": GALLIUM})).disagreements
    ours, theirs = found.statements
    act = REGISTER.instruments[GALLIUM.split("/")[0]]
    assert (found.about, found.measure) == (KIND, GALLIUM)
    assert (theirs.who, theirs.since, theirs.source, theirs.says) == ("A", date(2026, 11, 20), "https://example.org/a", "kido quota")
    assert REGISTER.version in ours.who and ours.since == min(s.seen for s in act.sources) and ours.says == "kido licence"


@pytest.mark.parametrize(("change", "wanted"), [
    ({"from": "2023-09-01"}, [(FROM, GALLIUM, ("2023-08-01", "2023-09-01"))]),
    ({"until": "2026-12-31"}, [(UNTIL, GALLIUM, ("", "2026-12-31"))]),
    ({"from": ""}, []),  # a day that is left out is not said
    ({"scheme": "gta", "kind": "19"}, [(KIND, GALLIUM, ("kido licence", "gta 19"))]),
    ({"scheme": "mast2012", "kind": "P1"}, []),
    ({"kind": "ban", "from": "2024-01-01"}, [(KIND, GALLIUM, ("kido licence", "kido ban")), (FROM, GALLIUM, ("2023-08-01", "2024-01-01"))]),
])  # fmt: skip
def test_what_is_said_of_one_measure(change, wanted):
    assert differences(ROW | {"measure_id": GALLIUM} | change) == wanted


def test_without_an_id_place_product_and_time_find_the_measure():
    assert GALLIUM in {measure for _, measure, _ in differences(ROW | {"from": "2023-09-01"})}
    assert differences(ROW | {"jurisdiction": "BR"}) == []  # nothing of ours there
    assert differences(ROW | {"from": "2001-01-01", "until": "2002-01-01"}) == []  # no time together
    assert differences(ROW | {"material": "", "hs": "010121"}) == []  # another product
    assert differences(ROW | {"material": "", "hs": "8112.92", "from": "2023-07-31"}) == [(FROM, GALLIUM, ("2023-08-01", "2023-07-31"))]


def test_contributors_disagree_with_each_other():
    one = ROW | {"jurisdiction": "BR", "material": "Nb"}
    other = one | {"contributor": "B", "said_on": "2026-11-21", "kind": "ban", "from": "2024-01-01"}
    found = compare(REGISTER, read(one, other)).disagreements
    assert [(d.about, d.measure, [(s.who, s.says) for s in d.statements]) for d in found] == [
        (KIND, "", [("A", "kido licence"), ("B", "kido ban")]),
        (FROM, "", [("A", "2023-08-01"), ("B", "2024-01-01")]),
    ]
    assert differences(one, other | {"contributor": "A"}) == []  # one contributor does not disagree with itself
    assert differences(one, other | {"material": "Ta"}) == []
    assert differences(one, one | {"contributor": "B", "scheme": "mast2019", "kind": "P33"}) == []  # the same in other words
    assert [about for about, _, _ in differences(one, one | {"contributor": "B", "scheme": "gta", "kind": "18"})] == [KIND]


def test_rows_that_fit_two_measures_of_ours_do_not_disagree():
    """A licence on one day and a ban on another for one element are two measures, both of ours."""
    ban = REGISTER.instruments["cn-mofcom-2024-46"]
    other = ROW | {"contributor": "B", "kind": "ban", "measure_id": f"{ban.id}/1", "from": str(ban.effective)}
    assert all(beside.settled for beside in compare(REGISTER, read(ROW, other)).beside)
    assert differences(ROW, other) == []
    assert differences(ROW, other | {"kind": "quota"}) != []
