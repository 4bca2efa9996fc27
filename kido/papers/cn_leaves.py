"""社外に出る情報: every value that stands on a paper that is handed over: required, asked for, or volunteered. It stays in the firm.

build(case)  -> Paper `cn-0-what-leaves`
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kido.papers import cn_certificate, cn_chain, cn_photos, cn_profile, cn_technical
from kido.papers.case import Case
from kido.papers.cn_stated import ROLES_ZH, sample_lines, words
from kido.papers.document import Block, Cell, Gap, Grid, Heading, Paper, Paragraph, Picture, spoken
from kido.papers.order import PARTY_WORDS, order_fields
from kido.terms.text import Text

TITLE = words("离开本公司的信息", "社外に出る情報", "What leaves the company")
OUT: tuple[Callable[[Case], Paper], ...] = (cn_certificate.build, cn_profile.build, cn_chain.build, cn_technical.build, cn_photos.build)
LEVELS: dict[str, Text] = {
    "required": words("法定", "必須(法令)", "required"), "asked": words("被要求", "求められる(報告・慣行)", "asked for"),
    "volunteered": words("自愿", "任意", "volunteered"), "": words("未分类", "未分類(確かめる)", "not sorted: look at it"),
}  # fmt: skip
SECRET = (
    "end_use.customers",
    "end_use.maker",
    "end_user.",
    "supply_chain.",
    "history.",
    "user_profile.",
)  # names of customers and what they make
_MASK = "●●●"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Leaving:
    """One value that leaves: its key, label, the value on paper, the papers it stands on, and why it is there."""

    key: str
    label: Text
    value: str
    missing: bool
    papers: tuple[str, ...]
    level: str
    why: Text
    source: str


@cache
def _levels() -> tuple[tuple[str, str, Text, str], ...]:
    with Path(__file__).with_name("leaving.csv").open(encoding="utf-8", newline="") as lines:
        return tuple((row["key"], row["level"], {"ja": row["why_ja"], "en": row["why_en"]}, row["source"]) for row in csv.DictReader(lines))


def level_of(key: str) -> tuple[str, Text, str]:
    """Level, reason and source of a key: the longest entry of the table that it begins with.

    >>> level_of("end_use.product")[0], level_of("end_use.model")[0], level_of("profile.website")[0]
    ('required', 'asked', 'volunteered')
    """
    fits = [row for row in _levels() if key == row[0] or (row[0].endswith(".") and key.startswith(row[0]))]
    if not fits:
        return "", {}, ""
    _, level, why, source = max(fits, key=lambda row: len(row[0]))
    return level, why, source


def leaving(case: Case) -> tuple[Leaving, ...]:
    """Every keyed value of the papers that are handed over, in their order; a photo by its caption."""
    met: dict[str, list] = {}
    for build in OUT:
        paper = build(case)
        for key, cell in (*paper.fields(), *_photos(paper)):
            met.setdefault(key, [cell, []])[1].append(paper.id)
    found = []
    for key, (cell, papers) in met.items():
        level, why, source = level_of(key)
        found.append(Leaving(key, _label(key), _value(cell), isinstance(cell, Gap), tuple(dict.fromkeys(papers)), level, why, source))
    return tuple(found)


def _photos(paper: Paper) -> list[tuple[str, Cell]]:
    pictures = [block for block in paper.blocks if isinstance(block, Picture)]
    return [(f"photos.{number}", picture.caption) for number, picture in enumerate(pictures, 1)]


def _label(key: str) -> Text:
    parts = key.split(".")
    listed = f"{parts[0]}[].{parts[-1]}"
    about = order_fields().get(key) or order_fields().get(listed)
    if parts[0] in ROLES_ZH:
        return {lang: f"{ROLES_ZH[parts[0]][lang]}: {PARTY_WORDS[parts[-1]][lang]}" for lang in ("ja", "en")}
    if about is None:
        return _OTHER.get(key) or words("", "写真{n}の説明", "caption of photo {n}", n=parts[-1])
    number = parts[1] if len(parts) == 3 else ""
    return {lang: f"{number}. {text}" if number else text for lang, text in about.label.items()}


_OTHER = {
    "goods.name": words("", "品名", "name of the goods"), "destination": words("", "最終仕向地", "final destination"),
    "composition": words("", "組成", "composition"), "form": words("", "形態", "form"),
}  # fmt: skip


def _value(cell: Cell) -> str:
    text = "" if isinstance(cell, Gap) else spoken(cell, "ja")[0]
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def masked(one: Leaving) -> str:
    """The value with customers hidden, for a copy that goes round the house."""
    return _MASK if one.value and any(one.key == key or (key.endswith(".") and one.key.startswith(key)) for key in SECRET) else one.value


def build(case: Case) -> Paper:
    """First as it leaves, then the same with the names of customers masked."""
    rows = leaving(case)
    blocks: tuple[Block, ...] = (
        *sample_lines(case),
        Paragraph(_counted(rows)),
        Paragraph(words(
            "", "任意の項目は、出さないことを選べます。求められる項目も、様式が尋ねていなければ出さなくてかまいません。",
            "What is volunteered may be left out; so may what is asked for, where the form does not ask.",
        ), "note"),
        Heading(words("", "1. 社外に出る項目", "1. What leaves"), 2),
        _grid(rows, lambda one: one.value),
        Heading(words("", "2. 社内回覧用(顧客名を伏せたもの)", "2. For circulation in the house (customers masked)"), 2),
        _grid(rows, masked),
    )  # fmt: skip
    return Paper("cn-0-what-leaves", TITLE, blocks, ("ja",), case.foot, leaves="in")


def _counted(rows: tuple[Leaving, ...]) -> Text:
    stated = [one for one in rows if not one.missing]
    count = {level: sum(one.level == level for one in stated) for level in LEVELS}
    return words(
        "", "社外に出る値は {n} 項目です: 必須 {a}、求められる {b}、任意 {c}、未分類 {d}。",
        "{n} values leave: {a} required, {b} asked for, {c} volunteered, {d} not sorted.",
        n=len(stated), a=count["required"], b=count["asked"], c=count["volunteered"], d=count[""],
    )  # fmt: skip


def _grid(rows: tuple[Leaving, ...], value: Callable[[Leaving], str]) -> Grid:
    head = (
        words("", "項目", "field"),
        words("", "値", "value"),
        words("", "区分", "level"),
        words("", "理由", "why"),
        words("", "書類", "papers"),
    )
    missing = words("", "(未記入)", "(missing)")
    cells = tuple(
        (one.label, missing if one.missing else value(one), LEVELS[one.level], one.why, ", ".join(_short(id) for id in one.papers))
        for one in rows
    )
    return Grid(head, cells, (2, 3, 1.2, 2.4, 0.9))


def _short(id: str) -> str:
    """The number of a paper: `cn-2-end-user-certificate` is 2."""
    return id.split("-")[1]
