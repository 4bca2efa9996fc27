"""Courier checklist: what goes as an original, with stamp, handwriting and translation. It stays in the firm.

build(case)  -> Paper `cn-7-courier`
"""

from __future__ import annotations

from kido.papers.case import Case
from kido.papers.cn_stated import order_field, party_fields, sample_lines, words
from kido.papers.document import Block, Check, Checks, Field, Fields, Heading, Paper, Paragraph

TITLE = words("寄送清单", "発送チェックリスト(原本・押印・自筆)", "Courier checklist")
_ITEMS = (
    (words("最终用户和最终用途证明", "最終需要者・最終用途証明書", "End-user and end-use certificate"),
     words("原件；亲笔签字；盖章；1份1个订单号", "原本、自筆の署名、社印。1枚に注文番号は一つ", "original, signed by hand, stamped, one order number on each")),
    (words("合同或协议", "契約書・合意書", "Contract or agreement"), words("原件或与原件一致的副本", "原本、または原本と相違ない写し", "original or true copy")),
    (words("订单", "注文書", "Purchase order"), words("副本；编号与证明一致", "写し。番号が証明書と同じであること", "copy; its number is that of the certificate")),
    (words("进口商与最终用户概况", "輸入者・最終需要者の概要", "Profile of importer and end user"), words("盖章；中文", "社印、中国語", "stamped, in Chinese")),
    (words("供应链说明", "サプライチェーン説明書", "Supply-chain statement"), words("盖章；中文", "社印、中国語", "stamped, in Chinese")),
    (words("技术说明或检测报告", "技術説明書・検査報告書", "Technical sheet or test report"), words("副本；中文译文", "写し、中国語の訳", "copy with a Chinese translation")),
    (words("照片", "写真シート", "Photo sheet"), words("中文说明", "中国語の説明", "captions in Chinese")),
)  # fmt: skip
_BEFORE = (
    words(
        "所有书面材料的名称、地址、数量、单位、运输方式一致",
        "すべての書類で名称・住所・数量・単位・輸送方法が同じ(check の頁を見る)",
        "names, addresses, quantities, units and freight agree in all papers (see page check)",
    ),
    words("签字为亲笔，姓名与职务用印刷体写明", "署名は自筆。氏名と役職は活字", "signature by hand, name and title in print"),
    words("公章清晰，与登记一致", "社印がかすれていない", "the stamp can be read"),
    words(
        "寄出前已扫描存档（至少保存5年）", "発送前にすべて読み取って保管(5年以上)", "everything is scanned and kept (at least five years)"
    ),
    words("已核对“离开本公司的信息”页", "「社外に出る情報」の頁を確かめた", "the page of what leaves the company was checked"),
)
_SOURCE = words(
    "依据：两用物项出口管制条例第16、24、27条；原件与亲笔签字为制造商所报告（xhmag.com，2025年，可信度中）。",
    "根拠: 両用品目輸出管理条例第16・24・27条。原本と自筆は製造元の報告による(xhmag.com、2025年、確度は中)。",
    "Basis: Regulations on dual-use items Arts. 16, 24, 27; original and handwriting as makers report (xhmag.com, 2025, confidence medium).",
)


_BY_HAND = words("____年__月__日", "    年   月   日", "____-__-__")


def build(case: Case) -> Paper:
    """One page to tick by hand."""
    blocks: tuple[Block, ...] = (
        *sample_lines(case),
        Fields((*party_fields(case, "exporter", ("name", "address", "contact", "phone")), order_field(case, "order.order_no"),
                Field("licence.papers_sent", words("寄出日期", "発送日", "sent on"), str(case.order.values.get("licence.papers_sent", "")) or _BY_HAND))),
        Heading(words("1. 装入的材料", "1. 入れる書類", "1. What goes in"), 2),
        Checks(tuple(Check(text, "", detail) for text, detail in _ITEMS)),
        Heading(words("2. 封装前", "2. 封をする前に", "2. Before it is closed"), 2),
        Checks(tuple(Check(text) for text in _BEFORE)),
        Paragraph(_SOURCE, "note"),
    )  # fmt: skip
    return Paper("cn-7-courier", TITLE, blocks, ("ja", "zh"), case.foot, one_page=True, leaves="in")
