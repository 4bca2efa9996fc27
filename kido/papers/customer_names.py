"""Names of customers, found again inside other words: for copies in which they are hidden.

customer_names(case)        -> the names, as they are compared
names_one(cell, names)      -> whether a value says one of them, in any language
plain_name(text)            -> a text as it is compared: without width, case, marks, spaces and forms of characters

What is hidden too often does no harm; what is shown once does. So a name is looked for without its legal form and its brackets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from kido.papers.case import Case
from kido.papers.document import Cell, Gap
from kido.screen.names import folded
from kido.screen.word_tables import kanji_table, legal_table

OURS = ("buyer", "exporter")  # the importer and his supplier are no customers
_WORDS = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(?:\w\.){2,}")  # K.K., G.m.b.H.
_BRACKETS = re.compile(r"\([^()]*\)")


def customer_names(case: Case) -> frozenset[str]:
    """Every customer of the order: all parties and links of the chain but the importer and his supplier."""
    ours = {core for party in case.order.parties if party.role in OURS for name in party.spellings for core in cores(name)}
    stated = [name for party in case.order.parties if party.role not in OURS for name in party.spellings]
    stated += [name for row in case.order.rows("supply_chain") for name in said_names(row.get("name", ""))]
    stated += said_names(case.order.values.get("end_use.maker", ""))
    return frozenset(core for name in stated for core in cores(name)) - ours


def names_one(cell: Cell, names: Collection[str]) -> bool:
    """Whether a value holds a name, whatever stands around it.

    >>> names = cores("見本モーター株式会社")
    >>> names_one({"ja": "見本モーター向け", "en": "for Mihon Motor"}, names), names_one("C-118", names)
    (True, False)
    >>> names_one("magnets", cores("AG")), names_one("for AG, Bonn", cores("AG"))
    (False, True)
    """
    return any(_holds(text, name) for text in said_names(cell) for name in names)


def _holds(text: str, name: str) -> bool:
    """A name of one or two Latin letters must stand alone: AG is no part of magnet."""
    if len(name) < 3 and name.isascii():
        return re.search(rf"(?<![a-z0-9]){name}(?![a-z0-9])", _one(text)) is not None
    return name in plain_name(text)


def said_names(cell: object) -> list[str]:
    """What a value says, in each of its languages."""
    if isinstance(cell, Gap):
        return []
    return [text for text in cell.values() if text] if isinstance(cell, dict) else [str(cell)] if cell else []


def cores(name: str) -> frozenset[str]:
    """A name without its legal form, also without brackets and without what follows the form; the whole where too little is left.

    >>> sorted(cores("Mihon Motor Co., Ltd.") | cores("Mihon K.K.")), sorted(cores("A Co.")), sorted(cores("见本磁材（宁波）有限公司"))
    (['mihon', 'mihonmotor'], ['aco'], ['见本磁材', '见本磁材宁波'])
    >>> sorted(cores("見本モーター株式会社上田工場")), sorted(cores("Mihon Co., Ltd., Ueda Plant"))
    (['见本モーター', '见本モーター株式会社上田工场'], ['mihon', 'mihoncoltduedaplant'])
    """
    plain = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", _one(name))
    bare = _BRACKETS.sub(" ", _ends(plain))
    found = {_short(plain), _short(bare), _short(_before_form(bare))}
    return frozenset(core for core in found if _tells(core)) or frozenset({plain_name(name)} - {""})


def plain_name(text: str) -> str:
    """A text as names are compared in it.

    >>> plain_name("見本 モーター㈱") == plain_name("见本モーター(株)")
    True
    """
    return "".join(_WORDS.findall(_one(text)))


@lru_cache(maxsize=1024)
def _one(text: str) -> str:
    return folded(text).translate(kanji_table())


def _before_form(plain: str) -> str:
    """What stands before a legal form inside a name: the firm without its plant."""
    table = legal_table()
    words = _WORDS.findall(min((plain.partition(form)[0].strip() or plain for form in table.native), key=len))
    at = next((number for number, word in enumerate(words) if number and word in table.anywhere), len(words))
    return " ".join(words[:at])


def _short(plain: str) -> str:
    """Without legal forms before and behind; one inside stays, for the name is looked for as a whole."""
    return "".join(_trimmed(_WORDS.findall(_ends(plain))))


def _ends(plain: str) -> str:
    """Without a Chinese, Japanese or Korean legal form before or behind."""
    for form in legal_table().native:
        plain = plain.strip().removeprefix(form).removesuffix(form)
    return plain


def _trimmed(words: list[str]) -> Iterator[str]:
    table = legal_table()
    while len(words) > 1 and words[-1] in table.anywhere | table.end:
        words = words[:-1]
    while len(words) > 1 and words[0] in table.anywhere | table.start:
        words = words[1:]
    yield from words


def _tells(core: str) -> bool:
    """Whether enough is left to be told apart: three letters, or two characters of another script."""
    return len(core) > 2 or (len(core) == 2 and core > "\u2e80")
