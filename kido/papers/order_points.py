"""What is wrong inside one order: two order numbers, split shipments, dates in the wrong order, figures that cannot be.

order_points(case)  -> every point, with what to do
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise

from kido.decide.parties import ROLES
from kido.papers.case import Case
from kido.papers.legal_words import both, place_name
from kido.papers.order import Order, order_fields
from kido.terms.text import Text, said


@dataclass(frozen=True, slots=True)
class Point:
    """`stops`: the file would come back. `papers`: ids of the papers it stands on; none, the whole order."""

    code: str
    stops: bool
    text: Text
    papers: tuple[str, ...] = ()
    advice: Text = field(default_factory=dict)


_SEVERAL = re.compile(r"[,、，;；/／&＆\n]|\band\b|および|及び|和|と", re.IGNORECASE)
_MASS = re.compile(r"^\s*(\d[\d,]*(?:\.\d+)?)\s*(mg|g|kg)\b")
_GRAMS = {"mg": Fraction(1, 1000), "g": Fraction(1), "kg": Fraction(1000)}
_PIECES = ("pcs", "pc", "pieces", "ea", "個", "件", "个", "枚", "片")
_NEAR = Fraction(5, 100)  # of the mass; packing lists round
_BY_SEA = ("fob", "cif", "cfr", "fas")
_CHAIN = (
    "order.contract_date", "order.order_date", "end_use.certificate_date", "licence.papers_sent", "licence.filed", "licence.accepted",
    "licence.issued", "licence.shipped", "licence.valid_until",
)  # fmt: skip  # each on the day before it or later; the first two may stand either way


def number(raw: str) -> Fraction:
    """A number as the order's door has let it in."""
    return Fraction(raw.replace(",", ""))


def order_points(case: Case) -> Iterator[Point]:
    """Points of the order alone."""
    order = case.order
    yield from _numbers(order)
    yield from _one_each(order)
    yield from _split(order)
    yield from _dates(case)
    yield from _figures(order)
    yield from _route(case)


def _numbers(order: Order) -> Iterator[Point]:
    """One certificate carries one order number, and one contract number."""
    for key in ("order.order_no", "order.contract_no"):
        value = str(order.values.get(key, ""))
        parts = [part for part in _SEVERAL.split(value) if part.strip()]
        if len(parts) > 1 and all(any(sign.isdigit() for sign in part) for part in parts):
            label = order_fields()[key].label
            yield Point(
                "two-numbers", True,
                both("{ja}が{n}つあります: {v}", "{n} values of {en}: {v}", ja=label["ja"], en=label["en"], n=len(parts), v=value),
                advice=both("証明書1枚に番号は一つです。注文ごとに書類を分けてください。", "One certificate carries one number. Make a set of papers for each order."),
            )  # fmt: skip


def _one_each(order: Order) -> Iterator[Point]:
    """One exporter, one importer, one end user on a certificate; the papers print the first of each."""
    for role in ("exporter", "buyer", "end_user"):
        found = [party.name for party in order.parties if party.role == role]
        if len(found) > 1:
            yield Point(
                "several-parties", True,
                both("{ja}が{n}者あります: {v}", "{n} parties are stated as {en}: {v}", ja=ROLES[role]["ja"], en=ROLES[role]["en"], n=len(found), v=", ".join(found)),
                advice=both("書類には最初の1者だけを印字します。相手ごとに取引のファイルを分けてください。", "Only the first is printed. Make a transaction file for each."),
            )  # fmt: skip


def _split(order: Order) -> Iterator[Point]:
    raw = order.values.get("order.shipments")
    if isinstance(raw, str) and number(raw) != 1:
        yield Point(
            "split-shipment", True, both("船積みが{n}回に分かれています。", "The order leaves in {n} shipments.", n=raw),
            advice=both("許可を受けた注文は分割できません(製造元の公表)。1回にまとめるか、注文を分けて、それぞれ申請してください。",
                        "A licensed order may not be split (as makers report). Ship it at once, or make separate orders, each with its own file."),
        )  # fmt: skip


def _dates(case: Case) -> Iterator[Point]:
    order = case.order
    known = [(key, value) for key in _CHAIN if isinstance(value := order.values.get(key), date)]
    for (before, first), (after, second) in pairwise(known):
        if second < first and {before, after} != {"order.contract_date", "order.order_date"}:
            a, b = order_fields()[before].label, order_fields()[after].label
            yield Point(
                "dates-out-of-order", True,
                both("{b_ja}({second})が{a_ja}({first})より前です。", "{b_en} ({second}) is before {a_en} ({first}).",
                     a_ja=a["ja"], b_ja=b["ja"], a_en=a["en"], b_en=b["en"], first=first, second=second),
                advice=both("どちらの日付が正しいかを確かめてください。", "Find out which date is right."),
            )  # fmt: skip
    for key in ("end_use.certificate_date", "licence.issued", "licence.accepted"):
        ship, other = order.values.get("order.shipment_date"), order.values.get(key)
        if isinstance(ship, date) and isinstance(other, date) and ship < other:
            label = order_fields()[key].label
            yield Point(
                "ships-too-early", True,
                both("船積み予定日({ship})が{ja}({other})より前です。", "The planned shipment ({ship}) is before {en} ({other}).",
                     ship=ship, other=other, ja=label["ja"], en=label["en"]),
                advice=both("許可の前に船積みできません。予定日を直してください。", "Nothing may leave before the licence. Mend the planned day."),
            )  # fmt: skip
    for n, row in enumerate(order.rows("photos"), 1):
        taken = row.get("taken")
        if isinstance(taken, date) and taken > case.made:
            yield Point(
                "photo-in-future", True, both("写真{n}の撮影日({d})が作成日より後です。", "Photo {n} was taken ({d}) after the papers were made.", n=n, d=taken),
                advice=both("撮影日を確かめてください。", "Check the day."),
            )  # fmt: skip


def _figures(order: Order) -> Iterator[Point]:
    for n, row in enumerate(order.rows("lines"), 1):
        for what in ("quantity", "net_kg", "amount"):
            raw = row.get(what)
            if isinstance(raw, str) and number(raw) <= 0:
                label = order_fields()[f"lines[].{what}"].label
                yield Point(
                    "not-above-zero", True, both("{n}行目の{ja}が{raw}です。", "Line {n}: {en} is {raw}.", n=n, raw=raw, ja=label["ja"], en=label["en"]),
                    advice=both("値を確かめてください。", "Check the value."),
                )  # fmt: skip
    yield from _mass(order)


def _mass(order: Order) -> Iterator[Point]:
    """Pieces times the mass of one, against the net mass: of an order of one line, since the mass of one piece is stated once."""
    rows, unit_mass = order.rows("lines"), _MASS.match(str(order.values.get("technical.unit_mass", "")))
    if len(rows) != 1 or not unit_mass:
        return
    quantity, net, unit = (str(rows[0].get(what, "")) for what in ("quantity", "net_kg", "unit"))
    if not quantity or not net or unit.casefold().strip() not in _PIECES:
        return
    expected = number(quantity) * number(unit_mass[1]) * _GRAMS[unit_mass[2]] / 1000
    if abs(expected - number(net)) > _NEAR * expected:
        yield Point(
            "mass-differs", True,
            both("{q}個 × {m} = {e:g} kg ですが、正味質量は {net} kg です。", "{q} pieces × {m} = {e:g} kg, but the net mass is {net} kg.",
                 q=quantity, m=f"{unit_mass[1]} {unit_mass[2]}", e=float(expected), net=net),
            advice=both("1個の質量、数量、正味質量のどれが正しいかを確かめてください。", "Find out which of unit mass, quantity and net mass is right."),
        )  # fmt: skip


def _route(case: Case) -> Iterator[Point]:
    """The end user stands where the goods end; a sea term goes with the sea."""
    order, place = case.order, case.determination.transaction.value("destination")
    user = order.party("end_user")
    if user and user.country and isinstance(place, str) and user.country != place:
        a, b = place_name(user.country, case.terms), place_name(place, case.terms)
        yield Point(
            "end-user-elsewhere", True,
            both("最終需要者の国({a})が仕向地({b})と異なります。", "The end user is in {a_en}, the goods go to {b_en}.",
                 a=said(a, "ja"), b=said(b, "ja"), a_en=said(a, "en"), b_en=said(b, "en")),
            advice=both("仕向地は最終需要者のいる国です。どちらかを直してください。", "The destination is where the end user is. Mend one of them."),
        )  # fmt: skip
    term, freight = str(order.values.get("order.incoterm", "")).casefold()[:3], order.values.get("order.freight")
    if term in _BY_SEA and freight in ("air", "courier", "rail", "road"):
        yield Point(
            "term-and-freight", False,
            both("貿易条件 {t} は海上輸送の条件ですが、輸送方法は {f} です。", "The trade term {t} is one of sea transport, but the goods go by {f}.",
                 t=term.upper(), f=freight),
            advice=both("契約書と輸送方法を見比べてください。航空なら FCA などを用います(Incoterms 2020)。", "Compare the contract with the mode. By air the term would be FCA or the like (Incoterms 2020)."),
        )  # fmt: skip
