"""Law files are read strictly: every slip is refused with file, line, column, and a suggestion."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from kido.errors import KidoError, Problem
from kido.register.cases import read_cases
from kido.register.files import act_path
from kido.register.load import load
from kido.register.yaml_file import read_yaml_text
from kido.rule import nodes as n
from kido.terms.vocabulary import read_terms

TERMS = read_terms(Path(__file__).resolve().parents[2] / "law" / "terms")
PATH = "law/cn/2025/test-7.yaml"

GOOD = """\
id: cn-test-2025-7
jurisdiction: CN
authority: [MOFCOM, GACC]
number: "公告2025年第7号"
kind: licence
title: {zh: 决定, ja: 決定, en: Decision}
published: 2025-04-04
effective: 2025-05-04
confidence: high
sources:
  - {url: "https://example.org", publisher: MOFCOM, kind: copy, read: full, seen: 2026-11-23}
definitions:
  leaves:
    when: exported_from == "CN" and destination != "CN"
    text: Art. 2
    ja: 中国から出る
    en: leaves China
items:
  - code: "1C902.a.1"
    name: {ja: 金属サマリウム, en: samarium metal}
    elements: [Sm]
    when: form == "metal" and element == "Sm"
    text: "1C902.a.1"
    hs:
      - {tariff: "CN 2025", is: reference, codes: ["0123", "2805301910"]}
  - code: "1C902.b"
    name: {ja: 酸化サマリウム, en: samarium oxide}
    when: 'form == "oxide" and sm_wt_pct > 0'
    text: "1C902.b"
measures:
  - no: 1
    title: {ja: 許可, en: licence}
    kind: licence
    gate: dual_use
    when: leaves
    covers: all
    text: body
    outcome: licence_required
    unless:
      - {when: calcined, outcome: outside, text: "Art. 3"}
"""


WATCH = """\
jurisdiction: CN
verified: 2026-11-23
newest_source: 2026-10-08
covers_from: 2023-08-01
depth: register
reach: exported_from == "CN"
reach_text: {ja: 中国から出る貨物, en: goods that leave China}
held: []
not_held: []
open_questions: []
"""


def lay(folder: Path, files: dict[str, str | bytes]) -> Path:
    law = folder / "law"
    files = {"law/cn/watch.yaml": WATCH} | files
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return law


def problems(folder: Path, text: str | bytes, name: str = PATH, **more: str) -> tuple[Problem, ...]:
    with pytest.raises(KidoError) as error:
        load(lay(folder, {name: text, **more}), TERMS)
    for problem in error.value.problems:
        for lang in ("ja", "en"):
            assert problem.wrong(lang) and problem.do(lang) and problem.text(lang)
    return error.value.problems


def changed(old: str, new: str, count: int = 1) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, count)


def spot(text: str, word: str, nth: int = 1) -> str:
    """file:line:column of the nth occurrence of a word."""
    at = -1
    for _ in range(nth):
        at = text.index(word, at + 1)
    line = text.count("\n", 0, at) + 1
    return f"{PATH}:{line}:{at - text.rfind(chr(10), 0, at)}"


def test_a_good_file_is_read_whole(tmp_path):
    register = load(lay(tmp_path, {PATH: GOOD}), TERMS, "v1")
    act = register.instruments["cn-test-2025-7"]
    assert register.version == "v1" and act.file == PATH
    assert act.authority == ("MOFCOM", "GACC") and act.number == "公告2025年第7号"
    assert [item.code for item in act.items] == ["1C902.a.1", "1C902.b"]
    assert act.items[0].hs[0].codes == ("0123", "2805301910")
    assert act.items[0].when == n.All((n.OneOf(n.Fact("form"), ("metal",)), n.OneOf(n.Fact("element"), ("Sm",))))
    measure = act.measures[0]
    assert measure.id == "cn-test-2025-7/1" and isinstance(measure.when, n.Named)
    assert measure.unless[0].outcome == "outside"
    assert act.items_of(measure) == act.items
    assert register.measure("cn-test-2025-7/1") is measure
    assert register.definitions["leaves"].act == act.id


@pytest.mark.parametrize(("id", "path"), [
    ("cn-mofcom-gacc-2025-18", "cn/2025/mofcom-gacc-18.yaml"), ("cn-export-control-law-2020", "cn/2020/export-control-law.yaml"),
    ("cn-us-kl-arrangement-extension-2026-09", "cn/2026/us-kl-arrangement-extension-09.yaml"), ("jp-meti-2024-1", "jp/2024/meti-1.yaml"),
])  # fmt: skip
def test_the_id_is_the_path(id, path):
    assert act_path(id) == path


# -- keys ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new", "key", "near"), [
    ("effective: 2025", "efective: 2025", "efective", "effective"), ("confidence: high", "confidence: high\nconfidance: low", "confidance", "confidence"),
    ("    gate: dual_use", "    gate: dual_use\n    gat: dual_use", "gat", "gate"), ("    covers: all", "    cover: all", "cover", "covers"),
    ("    elements: [Sm]", "    element: [Sm]", "element", "elements"), ("{tariff:", "{tarif: x, tariff:", "tarif", "tariff"),
    ("{url:", "{ulr: x, url:", "ulr", "url"), ("zh: 决定,", "zh: 决定, fr: non,", "fr", None), ("{when: calcined,", "{when: calcined, wen: x,", "wen", "when"),
])  # fmt: skip
def test_an_unknown_key_is_refused_where_it_stands(tmp_path, old, new, key, near):
    text = changed(old, new)
    found = [p for p in problems(tmp_path, text) if p.code == "unknown-key"]
    assert [p.read for p in found] == [key]
    line, column = found[0].place.removeprefix(PATH + ":").split(":")
    assert text.splitlines()[int(line) - 1][int(column) - 1 :].startswith(key)
    if near:
        assert found[0].values["near"] == near and near in found[0].wrong("en") and near in found[0].wrong("ja")


@pytest.mark.parametrize(("line", "key"), [
    ("jurisdiction: CN\n", "jurisdiction"), ("kind: licence\n", "kind"), ("confidence: high\n", "confidence"), ("    outcome: licence_required\n", "outcome"),
    ("    gate: dual_use\n", "gate"), ("    text: Art. 2\n", "text"), ("  - no: 1\n    title", "no"), ("    en: leaves China\n", "en"),
])  # fmt: skip
def test_a_missing_key_is_named(tmp_path, line, key):
    text = GOOD.replace(line, "  - title" if key == "no" else "", 1)
    assert ("missing-key", key) in {(p.code, p.read) for p in problems(tmp_path, text)}


def test_an_empty_file_lacks_every_key(tmp_path):
    found = problems(tmp_path, "")
    assert {p.code for p in found} == {"missing-key"}
    assert {p.read for p in found} == {"id", "jurisdiction", "authority", "kind", "title", "confidence", "sources"}


def test_a_key_written_twice(tmp_path):
    text = changed("kind: licence\n", "kind: licence\nkind: ban\n")
    found = problems(tmp_path, text)
    assert [(p.code, p.read, p.place) for p in found] == [("duplicate-key", "kind", spot(text, "kind", 2))]


# -- values --------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new", "word"), [
    ('code: "1C902.b"', "code: 1C902.b", "1C902.b"), ('code: "1C902.b"', "code: 1E902", "1E902"), ('codes: ["0123", ', "codes: [0123, ", "0123"),
    ("covers: all", "covers: [1C902]", "1C902]"), ("    text: \"1C902.b\"", '    text: "1C902.b"\n    previous_code: 3C001', "3C001"),
])  # fmt: skip
def test_a_code_must_be_quoted(tmp_path, old, new, word):
    text = changed(old, new)
    found = [p for p in problems(tmp_path, text) if p.code == "unquoted-code"]
    read = word.rstrip("]")
    assert [p.read for p in found] == [read]
    line, column = map(int, found[0].place.removeprefix(PATH + ":").split(":"))
    assert text.splitlines()[line - 1][column - 1 :].startswith(read)
    assert f'"{read}"' in found[0].do("en")


@pytest.mark.parametrize(("old", "new", "code", "read"), [
    ("effective: 2025-05-04", "effective: 2025-02-30", "not-a-date", "2025-02-30"), ("effective: 2025-05-04", "effective: soon", "not-a-date", "soon"),
    ("no: 1", "no: one", "not-a-number", "one"), ("no: 1", "no: 1.5", "not-a-number", "1.5"), ("outcome: licence_required", "outcome: licence_requird", "unknown-value", "licence_requird"),
    ("gate: dual_use", "gate: dual-use", "unknown-value", "dual-use"), ("kind: copy", "kind: blog", "unknown-value", "blog"),
    ("confidence: high", "confidence: sure", "unknown-value", "sure"), ("authority: [MOFCOM, GACC]", "authority: MOFCOM", "wrong-shape", "MOFCOM"),
    ("when: leaves", "when: [leaves]", "wrong-shape", ""), ("text: body", 'text: ""', "wrong-shape", ""),
])  # fmt: skip
def test_a_value_of_the_wrong_kind(tmp_path, old, new, code, read):
    assert (code, read) in {(p.code, p.read) for p in problems(tmp_path, changed(old, new))}


@pytest.mark.parametrize(("old", "new"), [
    ("title: {zh: 决定, ja: 決定, en: Decision}", "title: {zh: 决定, en: Decision}"), ("title: {zh: 决定, ja: 決定, en: Decision}", "title: {ja: 決定}"),
    ("title: {zh: 决定, ja: 決定, en: Decision}", "title: Decision"), ("    title: {ja: 許可, en: licence}", "    title: {en: licence}"),
    ("name: {ja: 金属サマリウム, en: samarium metal}", "name: {en: samarium metal}"),
])  # fmt: skip
def test_words_need_both_languages(tmp_path, old, new):
    assert "words-in-two-languages" in {p.code for p in problems(tmp_path, changed(old, new))}


def test_no_stays_text():
    assert read_yaml_text("destination: NO\ncode: 0123\nyes: no\nn: ~\nx: 1e3", "x").plain() == {
        "destination": "NO",
        "code": "0123",
        "yes": "no",
        "n": "~",
        "x": "1e3",
    }


def test_definitions_must_be_a_mapping(tmp_path):
    text = re.sub(r"definitions:\n(    .*\n|  leaves:\n)+", "definitions: [leaves]\n", GOOD).replace("when: leaves", "when: calcined")
    assert "wrong-shape" in {p.code for p in problems(tmp_path, text)}


# -- ids and references --------------------------------------------------------------------


def test_the_id_must_be_the_path(tmp_path):
    found = problems(tmp_path, GOOD, "law/cn/2025/test-8.yaml")
    assert [(p.code, p.read, p.values["path"]) for p in found] == [("id-is-not-path", "cn-test-2025-7", PATH)]
    assert found[0].place == "law/cn/2025/test-8.yaml:1:5"


def test_an_item_code_stands_once(tmp_path):
    found = problems(tmp_path, changed('code: "1C902.b"', 'code: "1C902.a.1"'))
    assert [(p.code, p.read) for p in found] == [("duplicate-id", "1C902.a.1")]


def test_a_measure_number_stands_once(tmp_path):
    second = GOOD[GOOD.index("  - no: 1") :]
    found = problems(tmp_path, GOOD + second)
    assert "duplicate-id" in {p.code for p in found}


def test_a_definition_stands_once_in_the_register(tmp_path):
    other = GOOD.replace("cn-test-2025-7", "cn-other-2025-8").replace('exported_from == "CN" and destination != "CN"', "foreign_made")
    found = problems(tmp_path, GOOD, **{"law/cn/2025/other-8.yaml": other})
    assert "duplicate-id" in {p.code for p in found}


@pytest.mark.parametrize(("old", "new", "read", "near"), [
    ("confidence: high\n", "confidence: high\nevents:\n  - {suspend: cn-tset-2025-7, from: 2025-06-01}\n", "cn-tset-2025-7", "cn-test-2025-7"),
    ("confidence: high\n", "confidence: high\nevents:\n  - {suspend: cn-test-2025-7/3, from: 2025-06-01}\n", "cn-test-2025-7/3", None),
    ("    covers: all", '    covers: ["1C999"]', "1C999", None), ("    covers: all", "    covers: all\n    procedure: cn-no-such", "cn-no-such", None),
])  # fmt: skip
def test_what_is_named_must_exist(tmp_path, old, new, read, near):
    found = [p for p in problems(tmp_path, changed(old, new)) if p.code == "unknown-reference"]
    assert [p.read for p in found] == [read]
    assert found[0].place.startswith(PATH + ":")
    if near:
        assert near in found[0].wrong("en")


def test_every_prefix_of_covers_must_meet_an_item(tmp_path):
    found = problems(tmp_path, changed("    covers: all", '    covers: ["1C902.a", "1C9O2.b"]'))
    assert [(p.code, p.read) for p in found] == [("unknown-reference", "1C9O2.b")]


def test_papers_of_a_procedure_must_exist(tmp_path):
    procedure = textwrap.dedent("""\
        procedures:
          - id: cn-way
            name: {ja: 手続, en: way}
            authority: {ja: 商務部, en: MOFCOM}
            applicant: {ja: 輸出者, en: exporter}
            documents: [contract, contrackt]
            working_days: 45
            text: Art. 17
        """)
    found = problems(tmp_path, GOOD + procedure)
    assert [(p.code, p.read, p.values["near"]) for p in found] == [("unknown-reference", "contrackt", "contract")]


QA = """\
- id: cn-faq-1
  question: {ja: 問, en: question}
  answer: {ja: 答, en: answer}
  effect: out
  when: form == "assembly"
  measures: [cn-test-2025-7/1]
  items: ["1C902.b"]
  sources:
    - {url: "https://example.org", publisher: MOFCOM, kind: copy, read: full, seen: 2026-11-23}
  confidence: high
"""


def test_an_official_answer_takes_its_items_out(tmp_path):
    register = load(lay(tmp_path, {PATH: GOOD, "law/cn/qa.yaml": QA}), TERMS)
    first, second = register.instruments["cn-test-2025-7"].items
    assert first.unless == () and [u.answer for u in second.unless] == ["cn-faq-1"]
    assert second.unless[0].outcome == "outside"


@pytest.mark.parametrize(("old", "new", "code", "read"), [
    ("cn-test-2025-7/1", "cn-test-2025-7/9", "unknown-reference", "cn-test-2025-7/9"), ('"1C902.b"', '"1C902.x"', "unknown-reference", "1C902.x"),
    ("effect: out", "effect: away", "unknown-value", "away"), ("- id: cn-faq-1\n  question", "- question", "missing-key", "id"),
    ("  confidence: high\n", "", "missing-key", "confidence"), ('items: ["1C902.b"]', "items: [1C902.b]", "unquoted-code", "1C902.b"),
])  # fmt: skip
def test_official_answers_are_read_strictly(tmp_path, old, new, code, read):
    assert old in QA
    found = problems(tmp_path, GOOD, **{"law/cn/qa.yaml": QA.replace(old, new, 1)})
    assert (code, read) in {(p.code, p.read) for p in found}


def test_an_official_answer_stands_once(tmp_path):
    found = problems(tmp_path, GOOD, **{"law/cn/qa.yaml": QA + QA})
    assert "duplicate-id" in {p.code for p in found}


def test_an_event_must_say_what_it_does(tmp_path):
    found = problems(tmp_path, changed("confidence: high\n", "confidence: high\nevents:\n  - {from: 2025-06-01, until: 2025-07-01}\n"))
    assert found


def test_an_event_does_one_thing(tmp_path):
    found = problems(
        tmp_path,
        changed(
            "confidence: high\n", "confidence: high\nevents:\n  - {suspend: cn-test-2025-7, repeal: cn-test-2025-7, from: 2025-06-01}\n"
        ),
    )
    assert found


# -- rules ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new", "word", "code"), [
    ('form == "metal" and element == "Sm"', 'fomr == "metal" and element == "Sm"', "fomr", "unknown-fact"),
    ('form == "metal" and element == "Sm"', 'form == "metal" and elemnt == "Sm"', "elemnt", "unknown-fact"),
    ('form == "metal" and element == "Sm"', 'form == "metl" and element == "Sm"', '"metl"', "unknown-value"),
    ("sm_wt_pct > 0'", "sm_wt_pt > 0'", "sm_wt_pt", "unknown-fact"), ('form == "oxide" and', 'frm == "oxide" and', "frm", "unknown-fact"),
    ("when: leaves", "when: leves", "leves", "unknown-fact"), ("{when: calcined,", "{when: calcind,", "calcind", "unknown-fact"),
    ('exported_from == "CN"', 'exportd_from == "CN"', "exportd_from", "unknown-fact"), ("when: leaves", 'when: "leves"', "leves", "unknown-fact"),
    ("when: leaves", "when: '   leves'", "leves", "unknown-fact"), ("when: leaves", 'when: "name == \\"磁石\\" and leves"', "leves", "unknown-fact"),
])  # fmt: skip
def test_a_misspelt_word_is_shown_at_its_line_and_column(tmp_path, old, new, word, code):
    text = changed(old, new)
    found = [p for p in problems(tmp_path, text) if p.code == code]
    assert len(found) == 1 and found[0].place in (spot(text, word), spot(text, word.strip('"')))  # at the quote or behind it
    assert found[0].read == word.strip('"')


def test_a_misspelt_word_of_a_component_definition_is_shown_where_it_stands(tmp_path):
    more = '  part1_input:\n    when: orgin == "CN"\n    text: Art. 3\n    ja: 部品\n    en: part\n'
    text = changed("items:\n", more + "items:\n")
    found = [p for p in problems(tmp_path, text) if p.code == "unknown-fact"]
    assert [p.place for p in found] == [spot(text, "orgin")]


@pytest.mark.parametrize("style", [">-", "|"])
def test_a_misspelt_word_of_a_folded_rule_is_shown_in_its_line(tmp_path, style):
    text = changed('    when: form == "metal" and element == "Sm"', f'    when: {style}\n      form == "metal" and\n      elemnt == "Sm"')
    found = [p for p in problems(tmp_path, text) if p.code == "unknown-fact"]
    assert [p.read for p in found] == ["elemnt"]
    line = int(found[0].place.split(":")[1])
    first = text[: text.index("elemnt")].count("\n") + 1
    assert first - 2 <= line <= first


def test_definitions_may_use_others_in_any_order(tmp_path):
    more = "  abroad:\n    when: leaves and not calcined\n    text: Art. 3\n    ja: 国外\n    en: abroad\n"
    text = changed("definitions:\n", "definitions:\n" + more)
    assert load(lay(tmp_path, {PATH: text}), TERMS).definitions["abroad"].rule.parts[0].name == "leaves"


def test_definitions_in_a_circle(tmp_path):
    more = "  a:\n    when: b\n    text: t\n    ja: あ\n    en: a\n  b:\n    when: not a\n    text: t\n    ja: い\n    en: b\n"
    found = problems(tmp_path, changed("definitions:\n", "definitions:\n" + more))
    assert {p.values["name"] for p in found if p.code == "definitions-in-a-circle"} >= {"a", "b"}


def test_a_definition_that_uses_itself(tmp_path):
    found = problems(tmp_path, changed('when: exported_from == "CN"', 'when: leaves and exported_from == "CN"'))
    assert "definitions-in-a-circle" in {p.code for p in found}


def test_a_word_in_quotes_is_no_use_of_a_definition(tmp_path):
    """A definition may be called metal and ask for form == "metal"."""
    more = '  metal:\n    when: form == "metal" and not calcined\n    text: t\n    ja: 金属\n    en: metal\n'
    register = load(lay(tmp_path, {PATH: changed("definitions:\n", "definitions:\n" + more)}), TERMS)
    assert "metal" in register.definitions


def test_a_definition_does_not_hide_a_fact(tmp_path):
    """calcined is a fact; a definition of that name would change every rule that asks for it."""
    more = "  calcined:\n    when: coated\n    text: t\n    ja: 焼成\n    en: calcined\n"
    assert problems(tmp_path, changed("definitions:\n", "definitions:\n" + more))


# -- files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"), [("id: [cn\nkind: x\n", None), ("id: 'cn\n", None), ("a: 1\n\tb: 2\n", 2), ("a: b: c\n", 1), ("a: 1\n b: 2\n", 2)]
)
def test_no_yaml(tmp_path, text, line):
    found = problems(tmp_path, text)
    assert [p.code for p in found] == ["yaml-syntax"]
    assert re.fullmatch(re.escape(PATH) + r":\d+:\d+", found[0].place)
    if line:
        assert int(found[0].place.split(":")[1]) == line
    assert found[0].values["why"]


def test_not_utf_8(tmp_path):
    found = problems(tmp_path, GOOD.encode("cp932", errors="ignore"))
    assert [(p.code, p.place) for p in found] == [("not-utf-8", PATH)]


def test_a_byte_order_mark_is_no_harm(tmp_path):
    assert load(lay(tmp_path, {PATH: b"\xef\xbb\xbf" + GOOD.encode()}), TERMS).instruments


def test_problems_of_all_files_are_reported_at_once(tmp_path):
    other = (
        GOOD.replace("cn-test-2025-7", "cn-other-2025-8").replace("  leaves:", "  leaves_too:").replace("when: leaves", "when: leaves_too")
    )
    files = {
        PATH: changed("kind: licence\n", "kind: licnce\n"),
        "law/cn/2025/other-8.yaml": other.replace('"1C902.b"', "1C902.b", 1),
        "law/cn/2024/bad-1.yaml": "id: [",
    }
    with pytest.raises(KidoError) as error:
        load(lay(tmp_path, files), TERMS)
    assert {p.code for p in error.value.problems} == {"unknown-value", "unquoted-code", "yaml-syntax"}
    assert {p.place.split(":")[0] for p in error.value.problems} == {PATH, "law/cn/2025/other-8.yaml", "law/cn/2024/bad-1.yaml"}


def test_tables_of_terms_are_not_law_files(tmp_path):
    assert load(lay(tmp_path, {PATH: GOOD, "law/terms/x.yaml": "not law"}), TERMS).instruments


# -- cases ---------------------------------------------------------------------------------

CASE = """\
- name: samarium metal
  on: 2025-06-01
  facts: {form: metal, element: Sm}
  expect: {cn-test-2025-7/1: applies}
  why: "1C902.a.1"
"""


def test_cases_are_read_with_their_place(tmp_path):
    lay(tmp_path, {"cases/cn/2025/test-7.yaml": CASE})
    (case,) = read_cases(tmp_path / "cases", ["cn-test-2025-7"])
    assert (case.act, case.place, case.expect) == ("cn-test-2025-7", "cases/cn/2025/test-7.yaml:1:3", {"cn-test-2025-7/1": "applies"})


@pytest.mark.parametrize(("old", "new", "code"), [
    ("  why:", "  wy:", "unknown-key"), ('  why: "1C902.a.1"\n', "", "missing-key"), ("2025-06-01", "2025-06-31", "not-a-date"), ("facts: {", "facts: [{", "yaml-syntax"),
])  # fmt: skip
def test_cases_are_read_strictly(tmp_path, old, new, code):
    lay(tmp_path, {"cases/cn/2025/test-7.yaml": CASE.replace(old, new)})
    with pytest.raises(KidoError) as error:
        read_cases(tmp_path / "cases", ["cn-test-2025-7"])
    assert code in {p.code for p in error.value.problems}


def test_cases_that_are_not_utf_8(tmp_path):
    lay(tmp_path, {"cases/cn/2025/test-7.yaml": CASE.replace("samarium", "サマリウム").encode("cp932")})
    with pytest.raises(KidoError) as error:
        read_cases(tmp_path / "cases", ["cn-test-2025-7"])
    assert [p.code for p in error.value.problems] == ["not-utf-8"]


def test_two_watch_files_of_one_place_and_two_procedures_of_one_name_are_refused(tmp_path):
    found = problems(tmp_path, GOOD, **{"law/cn/2025/watch.yaml": WATCH})
    assert ("duplicate-id", "CN") in {(p.code, p.read) for p in found}
    procedure = """\
procedures:
  - id: cn-licence
    name: {ja: 許可, en: licence}
    authority: {ja: 商務部, en: MOFCOM}
    applicant: {ja: 輸出者, en: exporter}
    text: Art. 3
"""
    other = (GOOD + procedure).replace("cn-test-2025-7", "cn-test-2025-8").split("definitions:")[0] + procedure
    found = problems(tmp_path / "second", GOOD + procedure, **{"law/cn/2025/test-8.yaml": other})
    assert ("duplicate-id", "cn-licence") in {(p.code, p.read) for p in found}


def test_policies_are_held_and_what_is_judged_needs_its_rule(tmp_path):
    policy = changed("    kind: licence\n    gate", "    kind: stockpile\n    gate")
    assert {p.code for p in problems(tmp_path, policy)} == {"policy-is-not-judged"}
    held = GOOD.replace("    kind: licence\n    gate: dual_use\n    when: leaves\n", "    kind: stockpile\n").split("    outcome")[0]
    figures = """\
    figures:
      - {of: {ja: 備蓄, en: stock}, value: 60, unit: days, bound: at_least, from: 2020-01-01, until: 2020-12-31}
"""
    register = load(lay(tmp_path / "held", {PATH: held + figures}), TERMS)
    (measure,) = register.instruments["cn-test-2025-7"].measures
    assert not measure.judged and measure.figures[0].value == "60" and register.judged() == []
    turned = figures.replace("2020-12-31", "2019-12-31")
    assert {p.code for p in problems(tmp_path / "turned", held + turned)} == {"dates-in-wrong-order"}
    bare = changed('    when: form == "metal" and element == "Sm"\n', "")
    assert ("missing-key", "when") in {(p.code, p.read) for p in problems(tmp_path / "bare", bare)}


def test_what_would_be_passed_over_in_silence_is_refused(tmp_path):
    """A fact that is none, a file that is not read, a measure that ends before its act begins."""
    typo = WATCH + "listed_fact: dual_use_itme\n"
    found = problems(tmp_path, GOOD, **{"law/cn/watch.yaml": typo})
    assert [(p.code, p.read) for p in found] == [("unknown-reference", "dual_use_itme")] and "dual_use_item" in found[0].wrong("en")
    assert [p.code for p in problems(tmp_path / "form", GOOD, **{"law/cn/watch.yaml": WATCH + "listed_fact: form\n"})] == [
        "unknown-reference"
    ]
    assert [p.code for p in problems(tmp_path / "yml", GOOD, **{"law/cn/2025/other-8.yml": GOOD})] == ["not-a-yaml-name"]
    early = changed("    outcome: licence_required\n    unless", "    outcome: licence_required\n    until: 2025-05-03\n    unless")
    assert [p.code for p in problems(tmp_path / "early", early)] == ["dates-in-wrong-order"]
