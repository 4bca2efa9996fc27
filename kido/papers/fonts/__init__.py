"""The fonts that travel with the package, and which characters they hold.

    FOLDER                  the folder of the four files
    missing_glyphs(text)    the characters of a text that they cannot draw
    guessed(text, lang)     the language whose letter forms a name wants

Kido Sans holds Japanese, Chinese and Korean, with the forms of each language; Kido Latin the European scripts and boxes to tick.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
REGULAR = ("KidoLatin-Regular.ttf", "KidoSans-Regular.otf")
BOLD = ("KidoLatin-Bold.ttf", "KidoSans-Bold.otf")
_COMBINING = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")
_UNDRAWN = frozenset([0x0A, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])


def missing_glyphs(text: str, bold: bool = False) -> str:
    """The characters of `text` that the fonts do not hold, each once, in the order met.

    >>> missing_glyphs("髙﨑 镝终户 直骨门 한국 Łódź ㈱①℃☐☑"), missing_glyphs("磁石😀")
    ('', '😀')
    """
    if text.isascii() and text.isprintable():
        return ""
    held = characters(bold)
    composed = _COMBINING.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    return "".join(dict.fromkeys(char for char in composed if ord(char) not in held))


@cache
def characters(bold: bool = False) -> frozenset[int]:
    """Every character that can be printed, in regular or in bold type."""
    return _UNDRAWN.union(*(_held(FOLDER / name) for name in (BOLD if bold else REGULAR)))


def _held(font: Path) -> set[int]:
    """The characters of one font file: the groups of its one table of characters (`cmap`, format 12)."""
    data = font.read_bytes()
    tables = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * _short(data, 4), 16)}
    table = tables[b"cmap"] + struct.unpack_from(">I", data, tables[b"cmap"] + 8)[0]
    if _short(data, table) != 12:
        raise ValueError(f"{font.name}: the table of characters is not of format 12")
    (groups,) = struct.unpack_from(">I", data, table + 12)
    found: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">III", data[table + 16 : table + 16 + 12 * groups]):
        found.update(range(first if glyph else first + 1, last + 1))  # glyph 0 is the box for what is missing
    return found


def _short(data: bytes, at: int) -> int:
    return struct.unpack_from(">H", data, at)[0]


def guessed(text: str, lang: str) -> str:
    """The language whose forms a name or figure is printed in, when nobody said; `lang` is that of the paper.

    >>> guessed("烟台首钢磁性材料", "ja"), guessed("東京製作所", "en"), guessed("東京のキド", "zh"), guessed("한국자석", "ja"), guessed("C-118", "en")
    ('zh', 'ja', 'ja', 'ko', 'en')
    """
    if text.isascii():
        return lang
    if re.search("[\uac00-\ud7a3]", text):
        return "ko"
    if re.search("[\u3041-\u30fa]", text):
        return "ja"
    ideographs = "".join(re.findall("[\u3400-\u9fff]", text))
    if ideographs and _only_chinese(ideographs):
        return "zh"
    return "ja" if ideographs and lang not in ("ja", "zh") else lang


def _only_chinese(ideographs: str) -> bool:
    """True if a character is one of simplified Chinese and none of Japanese."""
    return any(not char.encode("euc_jis_2004", "ignore") and char.encode("gb2312", "ignore") for char in ideographs)
