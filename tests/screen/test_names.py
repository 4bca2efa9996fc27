"""Two writings of one name have one form; two names do not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kido.screen.asked import asked_forms
from kido.screen.lists import lists
from kido.screen.names import forms, listed_forms
from kido.screen.readings import key, loan, sino_korean
from kido.screen.search import screen
from kido.screen.word_tables import kanji_table

ON = max(one.edition for one in lists())


def native(text: str) -> str:
    return forms(text)[0].native


def words(text: str) -> tuple[str, ...]:
    return forms(text)[0].words


def test_writings_of_one_name():
    for one, other in (
        ("ＴＤＫ㈱", "TDK株式会社"),
        ("株式会社トーキン", "トーキン(株)"),
        ("ﾄｰｷﾝ株式会社", "トーキン株式会社"),
        ("とーきん", "トーキン"),
        ("冲电气工业株式会社", "沖電気工業㈱"),
        ("沖電氣工業株式會社", "沖電気工業㈱"),
        ("주식회사 토킨", "토킨(주)"),
        ("株式会 社ASPP", "ASPP"),
    ):
        assert forms(one)[0].joined == forms(other)[0].joined, (one, other)
    for one, other in (
        ("Acme Co., Ltd.", "ACME Company Limited"),
        ("Škoda Auto a.s.", "Skoda Auto"),
        ("Rheinmetall Aktiengesellschaft", "Rheinmetall AG"),
        ("The Fujikura Parachute", "Fujikura Parachute CO LTD"),
        ("A. Q. Khan Laboratories", "AQ Khan Laboratories"),
    ):
        assert words(one) == words(other), (one, other)


def test_names_that_are_two_have_two_forms():
    for one, other in (("沖縄電気工業", "沖電気工業"), ("東京科学大学", "東京理科大学"), ("日新電機", "日進電機")):
        assert native(one) != native(other)


def test_places_in_brackets_are_no_names():
    assert [form.native for form in forms("小松(中国)投资有限公司")] == ["小松投资", "小松中国投资"]
    assert all(form.joined != "thailand" for form, _ in asked_forms("Denso (Thailand) Co., Ltd.", lambda word: True))


def test_remarks_and_addresses_leave_the_name():
    for text in (
        "Acme Instruments Corp. Attn: Mr. J. Miller",
        "c/o Acme Instruments Corp.",
        "Acme Instruments, P.O. Box 1123",
        "Acme Instruments Corp., Unit 1205, 12/F, Kwun Tong",
    ):
        assert ("acme", "instrument") in [form.words for form, _ in asked_forms(text, lambda word: True)], text


def test_readings():
    assert key("Mitubisi Zyuko") == key("mitsubishijuukou") and key("Houwa Kougyou") == key("Howa Kogyo")
    assert loan("rheinmetall") == loan("rainmetaru") and loan("cambricon") == loan("kaembeurikon")
    assert sino_korean("朝鮮大成銀行".translate(kanji_table())) == "조선대성은행"
    assert any(form.key == key("mitsubishi genshi nenryo") for form in listed_forms("三菱原子燃料株式会社", "ja"))


@settings(deadline=None)
@given(st.sampled_from([entry.names[0].text for one in lists()[:3] for entry in one if entry.names[0].script != "Cyrl"][:400]))
def test_a_listed_name_is_found_as_it_is(name):
    found = screen(name, ON)
    assert found.answer in ("listed", "possible") and any(name in [one.text for one in hit.party.names] for hit in found.hits)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    found = screen(text, ON)
    assert found.answer in ("listed", "possible", "not_listed", "not_searched")
    assert not found.reason or found.answer == "not_searched"
