"""The arithmetic of the value ratio as it is printed: every product, the sum, the quotient, and what would change it."""

from __future__ import annotations

from fractions import Fraction

from kido.papers.case import Case
from kido.papers.document import Block, Cell, Field, Fields, Gap, Grid, Heading, Paragraph
from kido.papers.legal_words import both, joined, place_name
from kido.papers.no61_facts import No61
from kido.papers.no61_ratio import ANYTHING, NOTHING, PER_CENT, SWING, Line, Span, at, divided, money, percent
from kido.terms.text import Text, said

SIDES: dict[str, Text] = {
    "reached": {"ja": "{limit} % 以上: 該当の方向", "en": "at or above {limit} %: towards the control"},
    "below": {"ja": "{limit} % 未満: この計算では達していません", "en": "below {limit} %: not reached by this reckoning"},
    "undecided": {"ja": "決まりません: 事実が足りないか、食い違います", "en": "undecided: facts are missing or disagree"},
}  # fmt: skip
_COUNTED: dict[bool | None, Text] = {
    True: {"ja": "算入", "en": "counted"}, False: {"ja": "算入しない", "en": "not counted"}, None: {"ja": "不明(上限に算入)", "en": "not known (counted in the upper bound)"},
}  # fmt: skip
_PROBLEMS: dict[str, Text] = {
    "currency": {"ja": "「{name}」の単価は貨物の価額と通貨(または百分率)が異なるため、計算に使っていません。換算はしません。", "en": "The price of {name} is not in the currency of the goods (or the inputs are in per cent); it was not used. Nothing is converted."},
    "negative": {"ja": "「{name}」の使用量または単価が負の数です。計算に使っていません。", "en": "Quantity or price of {name} is negative; it was not used."},
    "differs": {"ja": "「{name}」は、使用量×単価と、述べられた価額が異なります。両方を含む範囲で計算しました。どちらかを直してください。", "en": "For {name}, quantity times price differs from the value stated. The range of both was used. Correct one of them."},
    "unmatched": {"ja": "「{name}」という名称の投入材料が取引の inputs にありません。算入されるかもしれないものとして上限に入れました。", "en": "No input called {name} is stated in the transaction. It was put into the upper bound."},
    "no_value": {"ja": "「{name}」の価額が分かりません。", "en": "The value of {name} is not known."},
}  # fmt: skip


def sums(case: Case, found: No61) -> tuple[Block, ...]:
    """The whole calculation."""
    limit = percent(found.ratio.threshold, digits=1)
    return (
        Heading(both("価値比率の計算", "The value ratio in full"), 2),
        Paragraph(both(
            "価値比率 = 中国原産の附属書1第1部品目の価額 ÷ 貨物の価額(閾値 {limit} %)",
            "Value ratio = value of Chinese-origin items of annex 1 part 1 ÷ value of the goods (threshold {limit} %)", limit=limit,
        )),
        *_inputs(case, found),
        *_quotient(case, found, limit),
        *_sensitivity(found, limit),
    )  # fmt: skip


def _inputs(case: Case, found: No61) -> tuple[Block, ...]:
    if not found.lines:
        return (Paragraph(Gap(
            both("投入材料(名称、原産地、形態、価額)", "inputs: name, origin, form, value"),
            both("貨物に含まれるレアアース材料の名称、原産地、形態、使用量、単価は何ですか。", "Which rare-earth materials are in the goods: name, origin, form, quantity, unit price?"),
        ), "warning"),)  # fmt: skip
    head = (
        both("投入材料", "input"), both("原産地", "origin"), both("第1部の中国原産品目か", "Chinese-origin part 1 item"),
        both("使用量 × 単価", "quantity × unit price"), both("単価の出所・日付", "source and date of the price"), both("価額", "value"),
    )  # fmt: skip
    rows = tuple(_input(case, line, found.currency) for line in found.lines)
    keys = ("inputs_detail.name", "", "", "inputs_detail.product", "inputs_detail.price_source", "inputs_detail.value")
    notes = tuple(
        Paragraph({lang: _PROBLEMS[line.problem][lang].format(name=line.name or "?") for lang in ("ja", "en")}, "warning")
        for line in found.lines
        if line.problem
    )
    return Grid(head, rows, (2, 1, 1.6, 2.6, 2.2, 1.6), keys), *notes


def _input(case: Case, line: Line, currency: str) -> tuple[Cell, ...]:
    origin = line.row.get("origin")
    place = place_name(str(origin), case.terms) if origin else Gap(both("原産地", "origin"))
    return (
        line.name or Gap(both("名称", "name")), place, _COUNTED[line.counted], _product(line, currency), _source(line),
        Gap(both("価額", "value")) if line.value == ANYTHING else amount(line.value, currency),
    )  # fmt: skip


def _product(line: Line, currency: str) -> Cell:
    """0.42 kg × 142,000 JPY/kg = 59,640 JPY, or a gap for what is missing of it."""
    detail = line.detail
    if detail is None:
        return (
            both("価額だけが述べられています", "only the value is stated")
            if line.problem != "no_value"
            else Gap(both("使用量と単価", "quantity and unit price"))
        )
    if detail.product is None:
        return Gap(both("使用量または単価", "quantity or unit price"))
    unit, coin = f" {detail.unit}".rstrip(), detail.currency or ("" if currency == PER_CENT else currency)
    per = f"/{detail.unit}" if detail.unit else ""
    return f"{money(detail.quantity)}{unit} × {money(detail.unit_price)} {coin}{per} = {money(detail.product)} {coin}".strip()


def _source(line: Line) -> Cell:
    detail = line.detail
    if line.counted is False and detail is None:
        return "–"
    if detail is None or (not detail.price_source and not detail.price_date):
        return Gap(both("単価の出所と日付", "source and date of the price"))
    return ", ".join(
        part for part in (detail.price_source, detail.price_date if detail.price_date not in detail.price_source else "") if part
    )


def amount(value: Span, currency: str) -> str:
    """An amount, exact or as bounds."""
    if value.exact:
        return f"{money(value.low)} {currency}".strip()
    high = "?" if value.high is None else money(value.high)
    return f"{money(value.low)} … {high} {currency}".strip()


def share(value: Span, threshold: Fraction) -> str:
    """A ratio in per cent, exact or as bounds."""
    if value.exact:
        return f"{percent(value.low, threshold)} %"
    high = "?" if value.high is None else f"{percent(value.high, threshold)} %"
    return f"{percent(value.low, threshold)} % … {high}"


def _quotient(case: Case, found: No61, limit: str) -> tuple[Block, ...]:
    r = found.ratio
    goods: Cell = Gap(both("貨物の価額", "value of the goods")) if r.goods == ANYTHING else amount(r.goods, found.currency)
    terms = [amount(line.adds, "") for line in found.lines if line.adds != NOTHING] or ["0"]
    above = f"({' + '.join(terms)})" if len(terms) > 1 else terms[0]
    known = r.goods != ANYTHING
    quotient: Cell = f"{above} ÷ {amount(r.goods, '')} = {share(r.of_listed, r.threshold)}" if known else Gap(both("比率", "ratio"))
    rows = [
        Field("no61.part", both("算入する価額の合計", "sum of what counts"), amount(r.part, found.currency)),
        Field("no61.value", both("貨物の価額", "value of the goods"), goods, case.order.cell("no61.value_source")),
        Field("no61.ratio", both("比率(述べられた投入材料による)", "ratio, by the inputs listed"), quotient),
        Field(
            "no61.bounds",
            both("比率の範囲(書かれていない投入材料を含む)", "bounds, inputs not listed included"),
            share(r.bounds, r.threshold),
        ),
    ]
    if found.stated is not None:
        rows.append(Field("no61.stated", both("取引に述べられた比率", "ratio stated in the file"), share(found.stated, r.threshold)))
    rows.append(
        Field(
            "no61.side",
            both("閾値との関係", "against the threshold"),
            {lang: SIDES[found.side][lang].format(limit=limit) for lang in ("ja", "en")},
        )
    )
    blocks: list[Block] = [Fields(tuple(rows))]
    if not found.complete and found.lines:
        blocks.append(Paragraph(both(
            "投入材料の一覧が完全だとは述べられていません。上限には、書かれていない材料がすべて中国原産の第1部品目である場合を入れています。",
            "The list of inputs is not stated to be complete. The upper bound takes everything not listed as Chinese-origin part 1 items.",
        ), "note"))  # fmt: skip
    if found.contradicts:
        blocks.append(Paragraph(both(
            "述べられた比率と計算した比率が閾値の両側に分かれます。確かめるまで、該当の方向として扱ってください。",
            "The ratio stated and the ratio reckoned lie on different sides of the threshold. Until this is settled, treat it as reached.",
        ), "warning"))  # fmt: skip
    return tuple(blocks)


def _sensitivity(found: No61, limit: str) -> tuple[Block, ...]:
    """± 20 % on the prices, and the value at which the ratio would be the threshold."""
    r = found.ratio
    if r.part == NOTHING or r.goods == ANYTHING:
        return ()
    head = (both("前提", "assumption"), both("比率", "ratio"), both("閾値との関係", "against the threshold"))
    cases = (
        (both("単価 −20 %", "prices −20 %"), -SWING),
        (both("単価 ±0 %", "prices as stated"), Fraction(0)),
        (both("単価 +20 %", "prices +20 %"), SWING),
    )
    rows = tuple(
        (
            words,
            share(r.swung(by), r.threshold),
            {lang: SIDES[at(r.swung(by), r.threshold)][lang].format(limit=limit) for lang in ("ja", "en")},
        )
        for words, by in cases
    )
    steady = (
        both("結論は変わりません。", "The conclusion does not change.")
        if r.steady
        else both("結論が変わります。", "The conclusion changes.")
    )
    low, high = (share(side, r.threshold) for side in (_listed(found, -SWING), _listed(found, SWING)))
    summary = both(
        "感度: 単価 ±20 % で {low}～{high}(述べられた投入材料による)。",
        "Sensitivity: prices ±20 % give {low} to {high} (inputs listed).",
        low=low,
        high=high,
    )
    return (
        Heading(both("感度", "Sensitivity"), 3),
        Paragraph(joined(summary, steady)),
        Grid(head, rows, (1.5, 2, 3)),
        Fields(tuple(_turning(found, limit))),
    )


def _listed(found: No61, by: Fraction) -> Span:
    return divided(found.ratio.part.times(1 + by), found.ratio.goods)


def _turning(found: No61, limit: str) -> list[Field]:
    """The figures at which the ratio would stand exactly at the threshold."""
    r = found.ratio
    label = both("比率が {limit} % になる投入材料の価額", "value of the inputs at which the ratio is {limit} %", limit=limit)
    rows = [Field("no61.turning", label, amount(r.turning_value, found.currency))]
    counted = [line for line in found.lines if line.counted]
    if len(counted) == 1 and r.goods.exact and r.part.exact:
        detail, turning = counted[0].detail, r.turning_value.low
        if detail and detail.product:
            price = f"{money(turning / detail.quantity)} {found.currency}" + (f"/{detail.unit}" if detail.unit else "")
            rows.append(Field("no61.turning_price", both("そのときの単価(使用量は同じ)", "unit price then (same quantity)"), price))
            quantity = f"{money(turning / detail.unit_price)} {detail.unit}".strip()
            rows.append(Field("no61.turning_quantity", both("そのときの使用量(単価は同じ)", "quantity then (same price)"), quantity))
        goods = f"{money(r.part.low / r.threshold)} {found.currency}"
        rows.append(
            Field(
                "no61.turning_goods",
                both("比率が {limit} % になる貨物の価額", "value of the goods at which the ratio is {limit} %", limit=limit),
                goods,
            )
        )
    return rows


def side_words(found: No61) -> Text:
    """The side of the threshold in one phrase."""
    limit = percent(found.ratio.threshold, digits=1)
    return {lang: said(SIDES[found.side], lang).format(limit=limit) for lang in ("ja", "en")}
