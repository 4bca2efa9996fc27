"""进口商与最终用户概况: who buys and who uses the goods, in the firm's own words.

build(case)  -> Paper `cn-3-profile`
"""

from __future__ import annotations

from kido.papers.case import Case
from kido.papers.cn_stated import OUR_FORM, order_field, party_fields, same_party, sample_lines, words
from kido.papers.document import Block, Fields, Heading, Paper, Paragraph
from kido.papers.order import order_fields

TITLE = words("进口商与最终用户概况", "輸入者・最終需要者の概要", "Profile of importer and end user")
_PARTY = ("name", "address", "country", "registered_no")
SAME = words(
    "进口商即最终用户，概况见上。",
    "輸入者が最終需要者です。概要は上のとおりです。",
    "The importer is the end user; see above.",
)


def build(case: Case) -> Paper:
    """Importer first, end user second; once only where they are one."""
    blocks: tuple[Block, ...] = (
        *sample_lines(case),
        Paragraph(OUR_FORM, "note"),
        Heading(words("1. 进口商", "1. 輸入者", "1. Importer"), 2),
        Fields((*party_fields(case, "buyer", _PARTY), *(order_field(case, key) for key in _of("profile")))),
        Heading(words("2. 最终用户", "2. 最終需要者", "2. End user"), 2),
        *_user(case),
    )
    return Paper("cn-3-profile", TITLE, blocks, ("zh", "ja"), case.foot)


def _user(case: Case) -> tuple[Block, ...]:
    shown = [key for key in _of("user_profile") if key != "user_profile.output" or key in case.order.values]  # only where the form asks
    if same_party(case):
        return (Paragraph(SAME), Fields(tuple(order_field(case, key) for key in shown if key in _OF_USE or key in case.order.values)))
    return (Fields((*party_fields(case, "end_user", _PARTY), *(order_field(case, key) for key in shown))),)


_OF_USE = ("user_profile.production",)


def _of(section: str) -> list[str]:
    return [key for key in order_fields() if key.startswith(f"{section}.")]
