"""供应链说明: everyone between the Chinese exporter and the user of the end product, sales to third countries, past deals.

build(case)  -> Paper `cn-4-supply-chain`
"""

from __future__ import annotations

from collections.abc import Mapping

from kido.papers.case import Case
from kido.papers.cn_stated import CHOICES, OUR_FORM, goods_names, order_field, party_fields, place_words, sample_lines, words
from kido.papers.customer_names import plain_name, said_names
from kido.papers.document import Block, Cell, Field, Fields, Grid, Heading, Paper, Paragraph
from kido.papers.order import Value, order_fields

TITLE = words("供应链说明", "サプライチェーン説明書", "Supply-chain statement")
_CHAIN = ("stage", "name", "address", "country", "receives")
_HISTORY = ("period", "contract_no", "goods", "quantity", "licence_no")
NO_HISTORY = words(
    "未记载以往交易。",
    "過去の取引は記載されていません。初めての取引なら、そう書いてください。",
    "No past deal is stated. If this is the first, say so.",
)


def build(case: Case) -> Paper:
    """The chain as stated; a stage that nobody stated is a gap."""
    blocks: tuple[Block, ...] = (
        *sample_lines(case),
        Paragraph(OUR_FORM, "note"),
        Heading(words("1. 交易各方", "1. 取引の当事者", "1. Parties to the deal"), 2),
        Fields((*party_fields(case, "exporter", ("name",)), *party_fields(case, "buyer", ("name",)), *party_fields(case, "end_user", ("name",)),
                order_field(case, "order.contract_no"), order_field(case, "order.order_no"), Field("goods.name", words("品名", "品名", "name of the goods"), goods_names(case)))),
        Heading(words("2. 供应链各环节", "2. サプライチェーンの各段階", "2. Stages of the chain"), 2),
        _grid(case, "supply_chain", _CHAIN, (1, 2, 2.6, 1.2, 1.8), (*(case.order.rows("supply_chain") or ({},)), *_middlemen(case))),
        Heading(words("3. 最终产品与向第三国（地区）的销售", "3. 最終製品と第三国への販売", "3. End product and sales to third countries"), 2),
        Fields(tuple(order_field(case, key) for key in ("end_use.product", "end_use.customers", "resale.third_countries", "resale.re_export"))),
        Heading(words("4. 以往交易", "4. 過去の取引", "4. Past deals"), 2),
        _grid(case, "history", _HISTORY, (1, 1.6, 2.4, 1.2, 1.6), case.order.rows("history")) if case.order.rows("history") else Paragraph(NO_HISTORY),
    )  # fmt: skip
    return Paper("cn-4-supply-chain", TITLE, blocks, ("zh", "ja"), case.foot)


def _middlemen(case: Case) -> tuple[Mapping[str, Value], ...]:
    """Middlemen who are parties of the transaction and whom nobody put into the chain: nobody in between is left out."""
    chained = {plain_name(name) for row in case.order.rows("supply_chain") for name in said_names(row.get("name", ""))}
    left = (
        party for party in case.order.parties if party.role == "middleman" and not chained & {plain_name(name) for name in party.spellings}
    )
    rows = (
        {"stage": "middleman", "name": party.words("name"), "address": party.words("address"), "country": party.country} for party in left
    )
    return tuple({key: value for key, value in row.items() if value} for row in rows)


def _grid(case: Case, name: str, columns: tuple[str, ...], widths: tuple[float, ...], rows: tuple[Mapping[str, Value], ...]) -> Grid:
    """The rows of a list; a list without rows has one row of gaps."""
    fields = order_fields()
    return Grid(
        tuple(fields[f"{name}[].{what}"].label for what in columns),
        tuple(tuple(_cell(case, name, what, row) for what in columns) for row in rows or ({},)),
        widths,
        tuple(f"{name}.{what}" for what in columns),
    )


def _cell(case: Case, name: str, what: str, row: Mapping[str, Value]) -> Cell:
    cell = case.order.cell(f"{name}[].{what}", row)
    if what == "country" and isinstance(cell, str):
        return place_words(case, cell)
    return CHOICES.get(cell, cell) if isinstance(cell, str) else cell
