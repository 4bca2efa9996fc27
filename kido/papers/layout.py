"""What every writer prints, whatever the format: a cell in the languages of its paper, the marks of a check, the foot.

worded(cell, paper)  -> Words: lines, each with its language; for a gap also what to find out
foot(paper)          -> the lines at the foot of every page
marked(text)         -> the text with whatever no page can show made visible: [U+0007]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from kido.errors import KidoError, Problem
from kido.papers.document import Block, Cell, Gap, Paper, Picture, spoken
from kido.papers.fonts import guessed
from kido.terms.text import Text

LONGEST = 32_000  # characters of one cell; a cell of a spreadsheet holds no more
SIZE, SMALL = 10.5, 8.5  # points: text, and everything smaller

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MARKS = ("yes", "no", "unknown")
WORDS: dict[str, Text] = {
    "yes": {"ja": "はい", "en": "yes", "zh": "是"},
    "no": {"ja": "いいえ", "en": "no", "zh": "否"},
    "unknown": {"ja": "不明", "en": "unknown", "zh": "不明"},
    "no_photo": {"ja": "写真なし", "en": "no photo", "zh": "无照片"},
    "foot": {
        "ja": "登録簿 {version}・法令の基準日 {on}・作成日 {made}・法的助言ではありません。",
        "en": "Register {version} · law as of {on} · made {made} · not legal advice.",
        "zh": "登记册 {version}・法规基准日 {on}・制作日 {made}・不构成法律意见。",
    },
    "page": {"ja": "{page}/{pages} ページ", "en": "page {page}/{pages}", "zh": "第 {page}/{pages} 页"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one language: `ja`, `en`, `zh` or `ko`."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Words:
    """A cell as printed: the leading language, then the second where it has other words; `asks` in small print."""

    lines: tuple[Line, ...]
    gap: bool = False
    asks: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in (*self.lines, *self.asks))


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures that follow each other stand side by side."""

    pictures: tuple[Picture, ...]


def worded(cell: Cell, paper: Paper) -> Words:
    """A cell in the languages of the paper; a language that has no words of its own is left out, not borrowed for.

    >>> from datetime import date
    >>> from kido.papers.document import Foot
    >>> paper = Paper("x", {}, (), ("ja", "zh"), Foot("0" * 12, date(2026, 11, 24), date(2026, 11, 24)))
    >>> [line.text for line in worded({"ja": "磁石", "zh": "磁体"}, paper).lines], worded("C-118", paper).lines
    (['磁石', '磁体'], (Line(text='C-118', lang='ja'),))
    """
    if isinstance(cell, Gap):
        return Words(_lines(cell, paper), True, _lines(cell.ask, paper) if cell.ask else ())
    return Words(_lines(cell, paper))


def _lines(cell: Cell, paper: Paper) -> tuple[Line, ...]:
    found: list[Line] = []
    said = [(lang, *spoken(cell, lang)) for lang in paper.langs]
    if isinstance(cell, dict) and not any(text for _, text, _ in said):
        said = [("", text, "") for text in list(cell.values())[:1]]  # a name known in Korean only is better than none
    for lang, text, spoken_in in said:
        if text and (not found or (spoken_in == lang and text not in [line.text for line in found])):
            if len(text) > LONGEST:
                raise KidoError(Problem("too-long", paper.id, text[:80], {"most": f"{LONGEST:,}"}))
            found.append(Line(text, spoken_in or guessed(text, paper.langs[0])))
    return tuple(replace(line, text=marked(line.text)) for line in found)


def marked(text: str) -> str:
    """Control characters, halves of characters and hidden changes of direction made visible; line ends as `\\n`.

    >>> marked("a\\x07b\\ud800"), marked("1\\r\\n2")
    ('a[U+0007]b[U+D800]', '1\\n2')
    """
    lined = re.sub("\r\n?|[\u2028\u2029]", "\n", text)
    return _UNSEEN.sub(lambda found: code(found[0]), lined)


def code(character: str) -> str:
    """A character that cannot be shown, by its number: `[U+FFFF]`."""
    return f"[U+{ord(character):04X}]"


@cache
def ticks(mark: str, lang: str) -> str:
    """The answers of a check line, the stated one ticked; all open where it is filled by hand.

    >>> ticks("unknown", "en"), ticks("", "zh")
    ('☐ yes  ☐ no  ☑ unknown', '☐ 是  ☐ 否  ☐ 不明')
    """
    if mark not in (*_MARKS, ""):
        raise ValueError(f"no mark of a check: {mark}")
    return "  ".join(f"{'☑' if mark == answer else '☐'} {WORDS[answer][lang]}" for answer in _MARKS)


def ticked(mark: str, paper: Paper) -> Words:
    """The marks of a check line in the languages of the paper."""
    return Words(tuple(Line(ticks(mark, lang), lang) for lang in paper.langs))


def foot(paper: Paper) -> tuple[Line, ...]:
    """The foot of every page, one line for each language; the page number is the writer's."""
    about = paper.foot
    values = {"version": about.version, "on": about.on.isoformat(), "made": about.made.isoformat()}
    return tuple(Line(WORDS["foot"][lang].format_map(values), lang) for lang in paper.langs)


def grouped(paper: Paper) -> list[Block | Pictures]:
    """The blocks of a paper, with pictures that follow each other in one."""
    found: list[Block | Pictures] = []
    for pictures, group in groupby(paper.blocks, lambda block: isinstance(block, Picture)):
        blocks = tuple(group)
        found += [Pictures(blocks)] if pictures else blocks
    return found


_WIDTHS = {**dict.fromkeys("ijlI.,:;'|!()[]-/ ftr", 0.36), **dict.fromkeys("mwMW@%", 0.93)}


def ems(text: str) -> float:
    """About how wide a text is, in widths of a kanji.

    >>> ems("磁石"), round(ems("mill"), 2), round(ems("Dy"), 2)
    (2.0, 2.01, 1.24)
    """
    return sum(1.0 if char > "\u2e80" else _WIDTHS.get(char, 0.67 if char.isupper() else 0.57) for char in text)


def shares(widths: tuple[float, ...], count: int) -> tuple[float, ...]:
    """The shares of the page width of each column, which add up to one.

    >>> shares((1, 3), 2), shares((), 2)
    ((0.25, 0.75), (0.5, 0.5))
    """
    if widths and len(widths) != count:
        raise ValueError(f"{len(widths)} widths for {count} columns")
    whole = widths or (1.0,) * count
    return tuple(width / sum(whole) for width in whole)
