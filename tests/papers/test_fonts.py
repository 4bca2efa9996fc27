"""The fonts that travel with the package: what they hold, in which forms, under which licence."""

from __future__ import annotations

import csv
import unicodedata
from itertools import product
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from kido.papers.fonts import BOLD, FOLDER, REGULAR, characters, guessed, missing_glyphs

ROOT = Path(__file__).resolve().parents[2]


def kanji_of(codec: str, leads: range, trails: range) -> str:
    found = set()
    for lead, trail in product(leads, trails):
        try:
            found.add(bytes([lead, trail]).decode(codec))
        except UnicodeDecodeError:
            continue
    return "".join(sorted(char for text in found for char in text if unicodedata.category(char) != "Co"))


JIS_X_0208 = kanji_of("euc_jp", range(0xA1, 0xFF), range(0xA1, 0xFF))
GB_2312 = kanji_of("gb2312", range(0xA1, 0xFF), range(0xA1, 0xFF))
NAMES = "髙﨑塚神祥福德邊邉齋齊濵𠮷𡈽栁桒槗𣘺俱嘆噓瀨"  # JIS X 0213, the vendor kanji, and beyond 16 bits
KOREAN = "한국희토류자석주식회사서울특별시"


def test_the_sets_of_characters_are_the_whole_standards():
    assert len(JIS_X_0208) == 6879
    assert len(GB_2312) == 7445


@pytest.mark.parametrize("text", [JIS_X_0208, GB_2312, NAMES, KOREAN], ids=["JIS X 0208", "GB 2312", "names", "Korean"])
def test_the_regular_face_holds(text):
    assert missing_glyphs(text) == ""


@pytest.mark.parametrize("text", [JIS_X_0208, GB_2312], ids=["JIS X 0208", "GB 2312"])
def test_the_bold_face_holds_what_headings_need(text):
    assert missing_glyphs(text, bold=True) == ""


def test_other_scripts_and_signs():
    assert (
        missing_glyphs("Łódź Škoda İstanbul Größe façade Ελλάδα Москва Київ ① ℃ ㈱ ㎏ ☐☑☒ → ≦ ≧ ≒ ± × Nd₂Fe₁₄B 10⁻⁶ “…” — 〜 ～ ｱｲｳ") == ""
    )
    assert missing_glyphs("臺灣電機繁體證終戶") == ""


def test_every_word_of_the_law_folder_and_of_the_papers_is_held():
    held = [ROOT / "law" / "terms", ROOT / "kido" / "papers" / "fields", ROOT / "kido" / "face"]
    files = [file for folder in held for file in folder.glob("*.csv")]
    assert len(files) > 5
    for file in files:
        assert missing_glyphs(file.read_text(encoding="utf-8-sig").replace("\r", "")) == "", file.name


def test_element_names_in_chinese():
    with (ROOT / "law" / "terms" / "elements.csv").open(encoding="utf-8") as rows:
        names = [row["zh"] for row in csv.DictReader(rows) if row.get("zh")]
    assert "镝" in "".join(names)
    assert missing_glyphs("".join(names) + "镝钕铽钐镧铈镨钆钇钪铒镥钬铥镱铕锗镓锑钨钼铟铋碲铌钽铪铼钒钷", bold=True) == ""


def test_what_is_missing_is_named_once_and_in_order():
    assert missing_glyphs("磁😀石🜁😀") == "😀🜁"
    assert missing_glyphs("a\x07\ud800") == "\x07\ud800"
    assert missing_glyphs("שלום") == "שלום"


def test_letters_in_parts_count_as_one():
    """が as か with a mark, é as e with one, and a kanji with a selector of its form."""
    assert missing_glyphs("か\u3099 e\u0301 辻\U000e0100 葛\ufe00") == ""


@given(st.text())
def test_missing_glyphs_are_part_of_the_text_or_of_its_composition(text):
    found = missing_glyphs(text)
    assert set(found) <= set(unicodedata.normalize("NFC", text)) | set(text)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("names", [REGULAR, BOLD])
def test_the_characters_are_those_of_the_files(names):
    """The short reader of the package against the one of fonttools."""
    expected = set().union(*(TTFont(FOLDER / name).getBestCmap() for name in names))
    drawn = characters(bold=names is BOLD)
    assert expected <= drawn
    invisible = drawn - expected
    assert all(unicodedata.category(chr(code)) in ("Cc", "Cf", "Mn") for code in invisible), invisible


@pytest.mark.parametrize("name", [*REGULAR, *BOLD])
def test_a_changed_font_has_its_own_name_and_the_licence(name):
    words = TTFont(FOLDER / name)["name"]
    assert words.getDebugName(1) in ("Kido Sans", "Kido Latin")
    assert "Noto" not in words.getDebugName(4)
    assert "SIL Open Font License" in words.getDebugName(13)


def test_licence_and_size():
    licence = (FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "© 2014-2021 Adobe" in licence
    assert "Reserved Font" in licence
    assert sum(file.stat().st_size for file in FOLDER.glob("Kido*")) < 12_000_000


def test_chinese_has_forms_of_its_own():
    """The font holds a second form of 直 骨 門 for text in Chinese, reached by the language of the text."""
    font = TTFont(FOLDER / "KidoSans-Regular.otf")
    table = font["GSUB"].table
    chinese = {
        index
        for script in table.ScriptList.ScriptRecord
        for language in script.Script.LangSysRecord
        if language.LangSysTag == "ZHS "
        for index in language.LangSys.FeatureIndex
        if table.FeatureList.FeatureRecord[index].FeatureTag == "locl"
    }
    swaps = {}
    for index in chinese:
        for lookup in table.FeatureList.FeatureRecord[index].Feature.LookupListIndex:
            for part in table.LookupList.Lookup[lookup].SubTable:
                swaps |= getattr(getattr(part, "ExtSubTable", part), "mapping", {})
    glyphs = font.getBestCmap()
    assert all(glyphs[ord(char)] in swaps for char in "直骨化")


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("烟台首钢磁性材料股份有限公司", "ja", "zh"),
        ("東京製作所", "zh", "zh"),  # no character tells; the paper's language stands
        ("東京製作所", "en", "ja"),
        ("キド", "zh", "ja"),
        ("한국", "en", "ko"),
        ("C-118", "zh", "zh"),
        ("Łódź", "en", "en"),
        ("", "ja", "ja"),
    ],
)
def test_the_language_of_a_name(text, lang, expected):
    assert guessed(text, lang) == expected
