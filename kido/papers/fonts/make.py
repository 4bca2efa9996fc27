"""Makes the fonts of this folder from the Noto fonts of Debian; README.md says how and why.

    python kido/papers/fonts/make.py FOLDER      FOLDER holds the .ttc and .ttf files of fonts-noto-cjk and fonts-noto-core

Needs fonttools. The same sources give the same glyphs.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

HERE = Path(__file__).parent
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x2B0, 0x460), 0x490, 0x491, *range(0x1E00, 0x1F00), *range(0x2010, 0x2050)]
LATIN += [*range(0x2070, 0x20C0)]
BOXES = [0x2610, 0x2611, 0x2612, 0x2714, 0x2717]  # ☐ ☑ ☒ ✔ ✗, from Noto Sans Symbols 2
SIGNS = [0x2252, 0x223C, 0x203E]  # ≒ ∼ ‾, from Noto Sans Math
MARKS = [0x3099, 0x309A, 0x200B, 0x200D, 0x2060, 0xFEFF]  # voicing marks, and what is not drawn
NAMES = "𠮷𠀋𡈽𣘺𣳾𤭖𥔎𦥯𩸽𪧦" + "𬬻𬭊𬭳𬭛𬭶鿏𫟼𬬭鿔鿭𫓧𫟷鿬鿫"  # of persons; of elements in Chinese
LANGUAGES = ["DFLT.dflt", "latn.dflt", "kana.dflt", "kana.ZHS", "hani.dflt", "hani.ZHS", "hang.dflt"]


def held(codec: str) -> set[int]:
    """Every character of a two-byte encoding."""
    found = set()
    for lead, trail in product(range(0x81, 0xFF), range(0x40, 0xFF)):
        try:
            found |= set(map(ord, bytes([lead, trail]).decode(codec)))
        except UnicodeDecodeError:
            continue
    return found


def narrowed(source: Path, characters: set[int], number: int = -1) -> TTFont:
    """A font with these characters only; the forms of Simplified Chinese stay, reached by the language of the text."""
    font = TTFont(source, fontNumber=number, recalcTimestamp=False)
    options = subset.Options(hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    options.layout_features = ["locl", "ccmp", "mark", "mkmk", "kern", "vert"]
    options.layout_scripts = LANGUAGES if number >= 0 else ["*"]
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE"]
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=characters)
    chosen.subset(font)
    return font


def named(font: TTFont, family: str, weight: str) -> TTFont:
    """A changed font has a name of its own; rights and licence stay as they were."""
    words = {1: family, 2: weight, 3: f"{family} {weight}", 4: f"{family} {weight}", 6: f"{family.replace(' ', '')}-{weight}"}
    names = font["name"]
    names.names = [name for name in names.names if name.platformID == 3 and name.langID == 0x409 and name.nameID not in (16, 17)]
    for number, text in words.items():
        names.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        top = font["CFF "].cff
        top.fontNames = [words[6]]
        top[0].FamilyName, top[0].FullName = family, words[4]
    font["cmap"].tables = [one_table(font.getBestCmap())]
    return font


def one_table(glyphs: dict[int, str]) -> CmapSubtable:
    """One table of characters, of format 12: format 4 has no room for so many, and `fonts.py` reads only this one."""
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language, table.cmap = 3, 10, 0, dict(glyphs)
    return table


def east_asian(noto: Path, weight: str, characters: set[int]) -> None:
    font = narrowed(noto / f"NotoSansCJK-{weight}.ttc", characters, number=0)  # 0: forms of Japan first
    named(font, "Kido Sans", weight).save(HERE / f"KidoSans-{weight}.otf")


def latin(noto: Path, weight: str) -> None:
    parts = [(f"NotoSans-{weight}.ttf", LATIN), ("NotoSansSymbols2-Regular.ttf", BOXES), ("NotoSansMath-Regular.ttf", SIGNS)]
    files = []
    for number, (source, characters) in enumerate(parts):
        files.append(HERE / f".part{number}.ttf")
        narrowed(noto / source, set(characters)).save(files[-1])
    font = Merger().merge([str(file) for file in files])
    font["head"].modified = TTFont(noto / parts[0][0])["head"].modified
    font.recalcTimestamp = False
    named(font, "Kido Latin", weight).save(HERE / f"KidoLatin-{weight}.ttf")
    for file in files:
        file.unlink()


def main(noto: Path) -> None:
    plain = set(range(0x20, 0x7F)) | set(MARKS)
    headings = plain | held("shift_jis") | held("cp932") | held("gb2312")
    every = headings | set(map(ord, NAMES)) | held("shift_jis_2004") | held("gbk") | held("big5") | held("euc_kr")
    east_asian(noto, "Regular", every)
    east_asian(noto, "Bold", headings)
    for weight in ("Regular", "Bold"):
        latin(noto, weight)
    for file in sorted(HERE.glob("Kido*")):
        print(f"{file.name:24} {file.stat().st_size / 1e6:5.2f} MB  {len(TTFont(file).getBestCmap()):6,} characters")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
