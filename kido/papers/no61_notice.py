"""A draft of the notice to the next buyer under No. 61, where one of its limbs holds or may hold.

build(case)  -> Paper `no61-notice`, or None where no limb can hold on the facts stated
"""

from __future__ import annotations

from kido.decide.finding import DOES_NOT
from kido.papers.case import Case
from kido.papers.document import Block, Field, Fields, Paper, Paragraph, Signatures
from kido.papers.legal_words import both, joined, standing_words
from kido.papers.no61_facts import No61, read
from kido.papers.stated import goods_cell, place_cell, sample_note
from kido.terms.text import Text

TITLE: Text = {
    "ja": "次の買主への告知(案) — 商務部公告2025年第61号",
    "en": "Notice to the next buyer (draft): MOFCOM Announcement No. 61 of 2025",
}
_LIMBS: dict[str, Text] = {
    "1(1)": {
        "ja": "この貨物は、公告の附属書1第1部に載る中国原産の材料を含んでいます(または含んでいる可能性があります)。",
        "en": "The goods contain, or may contain, materials of Chinese origin that are named in annex 1 part 1 of the Announcement.",
    },
    "1(2)": {
        "ja": "この貨物は、公告が挙げる中国原産の技術を使って製造されました(またはその可能性があります)。",
        "en": "The goods were made, or may have been made, with technology of Chinese origin that is named in the Announcement.",
    },
    "1(3)": {
        "ja": "この貨物は、公告の附属書1に載る中国原産の品目です(またはその可能性があります)。",
        "en": "The goods are, or may be, items of Chinese origin that are named in annex 1 of the Announcement.",
    },
}  # fmt: skip
_BODY = both(
    "公告が施行されている間は、この貨物を中国以外の国・地域へ再輸出・移転する前に、商務部の許可が必要になることがあります。"
    "再輸出・転売・移転の前に、弊社に連絡し、商務部の公表を確認してください。",
    "While the Announcement is in force, a licence of MOFCOM may be needed before the goods are re-exported or transferred to any place other "
    "than China. Before you re-export, resell or transfer them, please contact us and check the publications of MOFCOM.",
)
_PASS_ON = both(
    "この貨物を引き渡すときは、この告知を次の買主にも渡してください。",
    "Please hand this notice on to whoever takes the goods from you.",
)
_DRAFT = both(
    "案です。公告の附属書2(告知書の指引)は読めていません。様式や記載事項が定められている可能性があるため、原文を確認してから使ってください。",
    "Draft. Annex 2 of the Announcement, the guide to this notice, was not read. It may prescribe form or content: read it before use.",
)


def build(case: Case) -> Paper | None:
    """The draft notice, English leading."""
    found = read(case)
    if not found.may_hold:
        return None
    blocks: tuple[Block, ...] = (
        Paragraph(_DRAFT, "warning"), *sample_note(case), _parties(case), *_statements(case, found),
        Paragraph(_BODY), Paragraph(_PASS_ON), Signatures((both("署名・日付", "signature, date"),)),
    )  # fmt: skip
    return Paper("no61-notice", TITLE, blocks, ("en", "ja"), case.foot)


def _parties(case: Case) -> Fields:
    order = case.order
    return Fields((
        Field("exporter.name", both("売主", "from"), order.party_cell("exporter", "name")),
        Field("exporter.address", both("売主の所在地", "address"), order.party_cell("exporter", "address")),
        Field("buyer.name", both("買主", "to"), order.party_cell("buyer", "name")),
        Field("buyer.address", both("買主の所在地", "address of the buyer"), order.party_cell("buyer", "address")),
        order.field("order.contract_no"),
        Field("goods.name", both("品名", "goods"), goods_cell(case)),
        Field("destination", both("仕向地", "destination"), place_cell(case, "destination")),
    ))  # fmt: skip


def _statements(case: Case, found: No61) -> tuple[Block, ...]:
    """Why the notice is given, limb by limb, each with its standing on the planned day."""
    blocks: list[Block] = []
    for limb, standing in zip(found.limbs, found.planned, strict=True):
        if limb.answer == DOES_NOT:
            continue
        words = _LIMBS.get(limb.measure.text, limb.measure.title)
        day = both("({limb}、{day}の時点: ", " ({limb}; on {day}: ", limb=limb.measure.text, day=found.shipment)
        blocks.append(Paragraph(joined(words, day, standing_words(standing, case.register), both(")", ")"), apart="")))
    return tuple(blocks)
