"""技术说明: what the goods are, line by line, with composition, form and properties.

build(case)  -> Paper `cn-5-technical`
"""

from __future__ import annotations

from kido.papers.case import Case
from kido.papers.cn_certificate import goods_grid
from kido.papers.cn_stated import fact_words, order_field, sample_lines, words
from kido.papers.document import Block, Cell, Field, Fields, Gap, Heading, Paper, Paragraph
from kido.papers.order import order_fields

TITLE = words("技术说明", "技術説明書", "Technical sheet")
_COMPOSITION = words("成分（质量分数，%）", "組成(wt%)", "composition (wt%)")
_ASK = words(
    "", "組成(wt%)は何ですか。分析証明書で確認してください。", "What is the composition in wt%? Check the certificate of analysis."
)
_CODES = words(
    "海关商品编号仅供参考，不决定是否管制。",
    "税則番号は参考です。規制の有無は決まりません。",
    "Tariff numbers are references. They decide nothing.",
)


def build(case: Case) -> Paper:
    """The goods of the certificate, with what makes them controlled or not."""
    lines = case.order.rows("lines") or ({},)
    blocks: tuple[Block, ...] = (
        *sample_lines(case),
        Heading(words("1. 物项", "1. 貨物", "1. Goods"), 2),
        goods_grid(case),
        Heading(words("2. 成分与形态", "2. 組成と形態", "2. Composition and form"), 2),
        Fields((Field("composition", _COMPOSITION, _composition(case)), Field("form", words("形态", "形態", "form"), fact_words(case, "form")))),
        Heading(words("3. 规格与性能", "3. 仕様と性能", "3. Specification and properties"), 2),
        Fields(tuple(order_field(case, key) for key in order_fields() if key.startswith("technical."))),
        Heading(words("4. 编号（参考）", "4. 番号(参考)", "4. Numbers (for reference)"), 2),
        Fields(tuple(
            Field(f"lines.{number}.{what}", _numbered(what, number, len(lines)), case.order.cell(f"lines[].{what}", row))
            for number, row in enumerate(lines, 1)
            for what in ("drawing", "hs_cn", "hs_jp")
        )),
        Paragraph(_CODES, "note"),
    )  # fmt: skip
    return Paper("cn-5-technical", TITLE, blocks, ("zh", "ja"), case.foot)


def _composition(case: Case) -> Cell:
    return case.determination.transaction.given.get("composition") or Gap(_COMPOSITION, _ASK)


def _numbered(what: str, number: int, of: int):
    label = order_fields()[f"lines[].{what}"].label
    return label if of == 1 else {lang: f"{number}. {text}" for lang, text in label.items()}
