"""社外に出る情報: every value that stands on a paper that is handed over: required, asked for, or volunteered. It stays in the firm.

build(case)  -> Paper `cn-0-what-leaves`
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kido.papers import cn_certificate, cn_chain, cn_photos, cn_profile, cn_progress, cn_technical
from kido.papers.case import Case
from kido.papers.cn_stated import ROLES_ZH, sample_lines, words
from kido.papers.customer_names import customer_names, names_one
from kido.papers.document import Block, Break, Cell, Gap, Grid, Heading, Paper, Paragraph, Picture, spoken
from kido.papers.order import PARTY_WORDS, order_fields
from kido.terms.text import Text

TITLE = words("离开本公司的信息", "社外に出る情報", "What leaves the company")
OUT: tuple[Callable[[Case], Paper], ...] = (
    cn_certificate.build,
    cn_profile.build,
    cn_chain.build,
    cn_technical.build,
    cn_photos.build,
    cn_progress.build,
)
LEVELS: dict[str, Text] = {
    "required": words("法定", "必須(法令)", "required"), "asked": words("被要求", "求められる(報告・慣行)", "asked for"),
    "volunteered": words("自愿", "任意", "volunteered"), "": words("未分类", "未分類(確かめる)", "not sorted: look at it"),
}  # fmt: skip
SECRET = (
    "end_use.",
    "end_user.",
    "user_profile.",
    "supply_chain.",
    "resale.",
    "history.",
    "photos.",
    "lines.drawing",
)  # who the customers are, where they are, what they make, and drawings; any other value that names one is hidden too
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
    secret: bool


@cache
def _levels() -> tuple[tuple[str, str, Text, str], ...]:
    with Path(__file__).with_name("leaving.csv").open(encoding="utf-8", newline="") as lines:
        return tuple((row["key"], row["level"], {"ja": row["why_ja"], "en": row["why_en"]}, row["source"]) for row in csv.DictReader(lines))


def level_of(key: str) -> tuple[str, Text, str]:
    """Level, reason and source of a key: the longest entry of the table that it begins with; row numbers do not count.

    >>> level_of("end_use.product")[0], level_of("end_use.model")[0], level_of("lines.1.drawing")[0]
    ('required', 'asked', 'volunteered')
    """
    fits = [row for row in _levels() if _under(key, row[0])]
    if not fits:
        return "", {}, ""
    _, level, why, source = max(fits, key=lambda row: len(row[0]))
    return level, why, source


def _under(key: str, entry: str) -> bool:
    """Whether a key is an entry of a table, or below one that ends with a point."""
    stem = ".".join(part for part in key.split(".") if not part.isdigit())
    return stem == entry or (entry.endswith(".") and f"{stem}.".startswith(entry))


def leaving(case: Case) -> tuple[Leaving, ...]:
    """Every keyed value of the papers that are handed over, in their order; a photo by its caption."""
    met: dict[str, list] = {}
    names = customer_names(case)
    for build in OUT:
        paper = build(case)
        for key, cell in (*paper.fields(), *_photos(paper)):
            if key and cell != "":
                met.setdefault(key, [cell, []])[1].append(paper.id)
    found = []
    for key, (cell, papers) in met.items():
        level, why, source = level_of(key)
        secret = any(_under(key, entry) for entry in SECRET) or names_one(cell, names)
        where = tuple(dict.fromkeys(papers))
        found.append(Leaving(key, _label(key), _value(cell), isinstance(cell, Gap), where, level, why, source, secret))
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
        return _OTHER.get(key) or words("", *_NUMBERED[parts[0]], n=parts[1])
    number = parts[1] if len(parts) == 3 else ""
    return {lang: f"{number}. {text}" if number else text for lang, text in about.label.items()}


_OTHER = {
    "goods.name": words("", "品名", "name of the goods"), "destination": words("", "最終仕向地", "final destination"),
    "composition": words("", "組成", "composition"), "form": words("", "形態", "form"),
    "progress.limit": words("", "審査期間の最終日", "last day of the examination"),
}  # fmt: skip
_NUMBERED = {"photos": ("写真{n}の説明", "caption of photo {n}"), "progress": ("段階{n}の日", "day of step {n}")}


def _value(cell: Cell) -> str:
    text = "" if isinstance(cell, Gap) else spoken(cell, "ja")[0]
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def masked(one: Leaving) -> str:
    """The value with customers hidden, for a copy that goes round the house."""
    return _MASK if one.value and one.secret else one.value


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
        Break(),
        Heading(words("", "2. 社内回覧用(顧客名を伏せたもの)", "2. For circulation in the house (customers masked)"), 2),
        _grid(rows, masked),
        Heading(words("", "3. 区分の根拠", "3. What the levels rest on"), 2),
        _sources(rows),
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


def _sources(rows: tuple[Leaving, ...]) -> Grid:
    """Each reason once, with its source; what nobody asks for has none."""
    head = (words("", "区分", "level"), words("", "理由", "why"), words("", "出典", "source"))
    met = {(one.level, one.why["ja"], one.source): one for one in rows if one.level}
    return Grid(head, tuple((LEVELS[one.level], one.why, one.source) for one in met.values()), (1.3, 2.6, 4))


def _short(id: str) -> str:
    """The number of a paper: `cn-2-end-user-certificate` is 2."""
    return id.split("-")[1]
