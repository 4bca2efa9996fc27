"""最终用户和最终用途证明: who uses the goods, where and for what, and what he undertakes; signed by hand, stamped, sent as original.

build(case)  -> Paper `cn-2-end-user-certificate`
"""

from __future__ import annotations

from kido.papers.case import Case
from kido.papers.cn_stated import OUR_FORM, goods_names, order_field, party_fields, place_words, same_party, sample_lines, words
from kido.papers.document import Block, Cell, Field, Fields, Grid, Heading, Paper, Paragraph, Signatures
from kido.papers.legal_words import fact_gap
from kido.papers.order import order_fields

TITLE = words("最终用户和最终用途证明", "最終需要者・最終用途証明書", "End-user and end-use certificate")
GOODS = ("name", "model", "quantity", "unit", "net_kg", "control_code")  # columns of the lines; the same keys stand on the technical sheet

UNDERTAKINGS = (
    words(
        "上述物项仅用于本证明所列的最终用途。未经中国商务部同意，不改变最终用途。",
        "上の貨物は、この証明書に書いた最終用途だけに使います。中国商務部の同意なしに最終用途を変えません。",
        "The goods are used only for the end use stated here. The end use is not changed without the consent of MOFCOM.",
    ),
    words(
        "未经中国商务部同意，不向最终用户以外的任何第三方转让上述物项。",
        "中国商務部の同意なしに、最終需要者以外の第三者に貨物を譲り渡しません。",
        "The goods are not transferred to anyone but the end user without the consent of MOFCOM.",
    ),
    words(
        "上述物项不用于大规模杀伤性武器及其运载工具的设计、开发、生产或使用。",
        "貨物を、大量破壊兵器とその運搬手段の設計・開発・製造・使用に用いません。",
        "The goods are not used to design, develop, make or use weapons of mass destruction or their means of delivery.",
    ),
    words(
        "上述物项不用于军事目的，不提供给军事用户，不用于恐怖主义目的。",
        "貨物を軍事目的に用いず、軍事ユーザーに渡さず、テロの目的に用いません。",
        "The goods are not used for military ends, not given to military users, and not used for terrorism.",
    ),
    words(
        "对本证明内容的真实性负责，并配合核查。",
        "この証明書の内容が真実であることに責任を負い、確認に協力します。",
        "We answer for the truth of this certificate and cooperate with checks.",
    ),
)


def build(case: Case) -> Paper:
    """The certificate of one order; one order number stands on it."""
    blocks: tuple[Block, ...] = (
        *sample_lines(case),
        Paragraph(OUR_FORM, "note"),
        Paragraph(words("致：中华人民共和国商务部", "中華人民共和国 商務部 御中", "To: Ministry of Commerce of the People's Republic of China")),
        Heading(words("1. 当事人", "1. 当事者", "1. Parties"), 2),
        Fields((*party_fields(case, "end_user", ("name", "address", "country")), *party_fields(case, "buyer"), *party_fields(case, "exporter", ("name",)))),
        Heading(words("2. 合同与物项", "2. 契約と貨物", "2. Contract and goods"), 2),
        Fields((order_field(case, "order.contract_no"), order_field(case, "order.order_no"), Field("goods.name", words("品名", "品名", "name of the goods"), goods_names(case)))),
        goods_grid(case),
        Heading(words("3. 最终用途", "3. 最終用途", "3. End use"), 2),
        Fields((*end_use_fields(case), Field("destination", words("最终目的国（地区）", "最終仕向地", "final destination"), destination(case)))),
        Heading(words("4. 承诺", "4. 誓約", "4. Undertakings"), 2),
        *(Paragraph({lang: f"({number}) {text}" for lang, text in undertaking.items()}) for number, undertaking in enumerate(UNDERTAKINGS, 1)),
        *_close(case),
    )  # fmt: skip
    return Paper("cn-2-end-user-certificate", TITLE, blocks, ("zh", "ja"), case.foot)


def goods_grid(case: Case) -> Grid:
    """The lines of the order, cell by cell; an order without lines has one row of gaps."""
    fields = order_fields()
    rows = case.order.rows("lines") or ({},)
    return Grid(
        tuple(fields[f"lines[].{what}"].label for what in GOODS),
        tuple(tuple(case.order.cell(f"lines[].{what}", row) for what in GOODS) for row in rows),
        (2.6, 1.5, 1.1, 0.9, 1.1, 1.4),
        tuple(f"lines.{what}" for what in GOODS),
    )


def end_use_fields(case: Case) -> tuple[Field, ...]:
    """Product, model, maker, place and function: an end use is exact if all of them are."""
    return tuple(order_field(case, f"end_use.{what}") for what in ("product", "model", "maker", "place", "function"))


def destination(case: Case) -> Cell:
    value = case.determination.transaction.value("destination")
    return place_words(case, value) if isinstance(value, str) else fact_gap("destination", case.terms)


def _close(case: Case) -> tuple[Block, ...]:
    """Printed name and title of who signs, and room for hand and stamp."""
    rows = [order_field(case, "end_use.certificate_date")]
    if same_party(case):
        rows += [order_field(case, "people.signer"), order_field(case, "people.signer_title")]
        lines: tuple[dict, ...] = (HAND, STAMP)
    else:
        rows += [order_field(case, f"end_use.{what}") for what in ("signatory", "signatory_title")]
        rows += [order_field(case, "people.signer"), order_field(case, "people.signer_title")]
        lines = (HAND, STAMP, IMPORTER_HAND)
    return (
        Heading(words("5. 签字与盖章", "5. 署名と押印", "5. Signature and stamp"), 2),
        Fields(tuple(rows)),
        Signatures(lines),
        Paragraph(words(
            "须亲笔签字并加盖公章，邮寄原件。一份证明只写一个订单号。",
            "自筆で署名し、社印を押して、原本を送ります。証明書1枚に注文番号は一つだけです。",
            "Sign by hand, stamp, and send the original. One certificate carries one order number.",
        ), "note"),
    )  # fmt: skip


HAND = words("最终用户签字（亲笔）", "最終需要者の署名(自筆)", "end user: signature by hand")
STAMP = words("最终用户盖章", "最終需要者の社印", "end user: company stamp")
IMPORTER_HAND = words("进口商签字（亲笔）与盖章", "輸入者の署名(自筆)と社印", "importer: signature by hand and stamp")
