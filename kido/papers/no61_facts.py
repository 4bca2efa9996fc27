"""No. 61 of 2025 beside one transaction: the entries of its annex, the value ratio, its three limbs and their standing.

read(case)  -> No61
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kido.decide.finding import DOES_NOT, Finding
from kido.decide.match import ItemMatch
from kido.papers.case import Case
from kido.papers.jp_entries import day_facts, matches_of
from kido.papers.no61_ratio import ANYTHING, NOTHING, PER_CENT, Detail, Line, Ratio, Span, at, ratio, read_inputs, span
from kido.register.model import Instrument
from kido.register.timeline import Status, status
from kido.rule import nodes as n
from kido.rule.judge import Facts, Truth, component_fits
from kido.terms.amounts import SCALE, Amount
from kido.terms.money import read_money

ACT = "cn-mofcom-2025-61"
PART2 = "annex1.2"
_STATED = "cn_origin_part1_value_pct"


@dataclass(frozen=True, slots=True)
class No61:
    """What the seven steps rest on.

    entries   entries of annex 1 that match or may match
    lines     inputs with their values; `ratio` their sum over the value of the goods
    stated    the ratio that the file states itself; None where it states none
    limbs     the findings of the three limbs; `planned` their standing on the day of shipment
    """

    act: Instrument
    entries: tuple[ItemMatch, ...]
    lines: tuple[Line, ...]
    ratio: Ratio
    stated: Span | None
    currency: str
    complete: bool
    limbs: tuple[Finding, ...]
    shipment: date
    planned: tuple[Status, ...]

    @property
    def in_part2(self) -> Truth:
        mine = [match.answer for match in self.entries if match.item.code.startswith(PART2)]
        return True if True in mine else None if None in mine else False

    @property
    def side(self) -> str:
        """Reached, below or undecided: by the ratio stated and the one reckoned, where they agree."""
        sides = {self.ratio.answer, *([at(self.stated, self.ratio.threshold)] if self.stated else [])} - {"undecided"}
        return sides.pop() if len(sides) == 1 else "undecided"

    @property
    def contradicts(self) -> bool:
        """The ratio stated and the one reckoned lie on different sides."""
        return self.stated is not None and {self.ratio.answer, at(self.stated, self.ratio.threshold)} == {"reached", "below"}

    @property
    def may_hold(self) -> bool:
        """Whether a limb holds or cannot be ruled out, by its letter."""
        return any(limb.answer != DOES_NOT for limb in self.limbs)


def read(case: Case) -> No61:
    """Everything the sheet prints, worked out once."""
    d = case.determination
    act = case.register.instruments[ACT]
    facts = day_facts(d)
    currency, lines, found = _reckoned(case, act, facts)
    stated = facts.values.get(_STATED)
    limbs = tuple(f for measure in act.measures if (f := d.finding(measure.id)) is not None)
    shipment = case.order.values.get("order.shipment_date")
    day = shipment if isinstance(shipment, date) else d.on
    planned = tuple(status(case.register, act, limb.measure, day, d.known_on or date.max) for limb in limbs)
    entries = tuple(match for match in matches_of(case, "CN").get(ACT, ()) if match.answer is not False)
    components = facts.components.get("inputs")
    return No61(
        act, entries, lines, found, span(stated).times(Fraction(1, 100)) if isinstance(stated, Amount) else None, currency,
        components is not None and components.rest is None, limbs, day, planned,
    )  # fmt: skip


def _reckoned(case: Case, act: Instrument, facts: Facts) -> tuple[str, tuple[Line, ...], Ratio]:
    where, threshold = share_of(act)
    components = facts.components.get("inputs")
    rows = components.rows if components else ()
    in_percent = components is not None and components.whole.text == "100 %"
    currency = PER_CENT if in_percent else case.determination.transaction.currency
    lines = read_inputs(rows, _details(case), lambda row: component_fits(where, row, facts), currency)
    goods = span(components.whole if components else facts.values.get("value"))
    return currency, lines, ratio(lines, goods, _rest(components, lines, goods), threshold)


def _rest(components: object, lines: tuple[Line, ...], goods: Span) -> Span:
    """The most that inputs nobody listed could add: what the known values leave of the value of the goods."""
    if components is not None and components.rest is None:
        return NOTHING
    if goods.high is None:
        return ANYTHING
    known = sum((line.value.low for line in lines), Fraction(0))
    return Span(Fraction(0), max(Fraction(0), goods.high - known))


def share_of(act: Instrument) -> tuple[n.Node, Fraction]:
    """Which inputs count, and the threshold, as the law's own rule says: 0.1 per cent is 1/1000."""
    for measure in act.measures:
        for node in n.walk(measure.when):
            if isinstance(node, n.Compare) and isinstance(node.left, n.Share) and isinstance(node.right, n.Const):
                return node.left.where, Fraction(node.right.value, SCALE) / 100
    raise LookupError(act.id)


def _details(case: Case) -> tuple[Detail, ...]:
    found = []
    for number, row in enumerate(case.order.rows("inputs_detail"), 1):
        text = {key: str(value) for key, value in row.items()}
        currency = read_money(f"1 {text['currency']}").currency if text.get("currency") else ""
        found.append(Detail(
            text.get("name", ""), _figure(text.get("quantity")), text.get("unit", ""), _figure(text.get("unit_price")), currency,
            text.get("price_date", ""), text.get("price_source", ""), f"inputs_detail.{number}",
        ))  # fmt: skip
    return tuple(found)


def _figure(raw: str | None) -> Fraction | None:
    """A figure that the order has already checked."""
    return Fraction(raw.replace(",", "")) if raw else None
