"""The order compared with the papers of others, as they were read: contract, invoice, packing list, certificate, drawing.

seen_points(case)  -> every field in which a paper differs from the order, or two papers from each other
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from kido.papers.case import Case
from kido.papers.legal_words import both
from kido.papers.order import Order, Value, order_fields
from kido.papers.order_points import Point, number
from kido.terms.text import Text, said

_PARTY = {"exporter": "name", "buyer": "name", "buyer_address": "address", "end_user": "name", "end_user_address": "address"}
_ORDER = ("contract_no", "order_no", "currency", "freight", "shipments", "shipment_date")
_LINE = ("model", "drawing", "unit")
_SUMMED = ("quantity", "net_kg", "amount")
COMPARED = (*_PARTY, *_ORDER, *_LINE, *_SUMMED)
_FREIGHT = {
    "sea": ("sea", "ocean", "vessel", "ship", "海上", "海运", "船"), "air": ("air", "航空", "空运"),
    "courier": ("courier", "express", "dhl", "ems", "fedex", "ups", "宅配", "快递"), "rail": ("rail", "鉄道", "铁路"),
    "road": ("road", "truck", "陸上", "トラック", "公路"),
}  # fmt: skip


def seen_points(case: Case) -> Iterator[Point]:
    """The order first, then the papers among themselves where the order is silent."""
    for what in COMPARED:
        ours, source = _ours(case.order, what), both("注文", "the order")
        for row in case.order.rows("seen"):
            theirs = row.get(what)
            if theirs is None:
                continue
            if ours:
                yield from _compared(what, ours, theirs, row, source)
            else:
                ours, source = (str(number(_text(theirs))) if what in _SUMMED else _text(theirs),), _paper(row)


def _ours(order: Order, what: str) -> tuple[str, ...]:
    """Every way in which the order states a field; none where it is silent."""
    if what in _PARTY:
        role = what.removesuffix("_address")
        found = [party.words(_PARTY[what]) for party in order.parties if party.role == role]
        return tuple(text for value in found for text in (value.values() if isinstance(value, dict) else (value,)) if text)
    if what in _ORDER:
        value = order.values.get(f"order.{what}")
        return (_text(value),) if value is not None else ()
    values = [row.get(what) for row in order.rows("lines")]
    if what in _LINE:
        return tuple(dict.fromkeys(_text(value) for value in values if value is not None))
    units = {_plain(_text(row.get("unit", ""))) for row in order.rows("lines")}
    if not values or None in values or (what == "quantity" and len(units) > 1):
        return ()
    return (str(sum((number(_text(value)) for value in values), Fraction())),)


def _text(value: Value | None) -> str:
    return "" if value is None else said(value, "ja") if isinstance(value, dict) else str(value)


def _paper(row: Mapping[str, Value]) -> Text:
    """How a paper is called: its file, else its kind."""
    return dict.fromkeys(("ja", "en"), _text(row.get("file")) or _text(row.get("paper")) or "?")


def _compared(what: str, ours: tuple[str, ...], theirs: Value, row: Mapping[str, Value], source: Text) -> Iterator[Point]:
    label = order_fields()[f"seen[].{what}"].label
    read = _text(theirs)
    degree = _degree(what, ours, read)
    if not degree:
        return
    shown, name = _shown(what, ours), said(_paper(row), "en")
    text = {
        "ja": f"{label['ja']}: {said(source, 'ja')}では「{shown}」、{name} では「{read}」です。",
        "en": f"{label['en']}: {said(source, 'en')} has “{shown}”, {name} has “{read}”.",
    }
    if degree == "written":
        advice = both("書き方をそろえてください(空白、記号、全角・半角)。", "Write it the same way in every paper (spaces, marks, width).")
        yield Point("written-differently", False, text, advice=advice)
    else:
        advice = both(
            "どちらが正しいかを確かめ、誤った書類を出し直してもらってください。",
            "Find out which is right and have the wrong paper issued again.",
        )
        yield Point("paper-differs", True, text, advice=advice)


def _shown(what: str, ours: tuple[str, ...]) -> str:
    if what not in _SUMMED:
        return " / ".join(ours)
    value = Fraction(ours[0])
    return f"{float(value):,.10g}"


def _degree(what: str, ours: Iterable[str], read: str) -> str:
    """ "" the same, `written` the same but for spaces, marks and width, `differs`."""
    if what in _SUMMED or what == "shipments":
        return "" if any(Fraction(one) == number(read) for one in (str(number(text)) for text in ours)) else "differs"
    if what == "freight":
        return "" if any(_mode(one) == _mode(read) and _mode(read) for one in ours) else "differs"
    if read in ours:
        return ""
    return "written" if any(_plain(one) == _plain(read) for one in ours) else "differs"


def _mode(text: str) -> str:
    """The mode of transport that a text names; "" where it names none or several."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = [mode for mode, words in _FREIGHT.items() if any(re.search(rf"(?<![a-z]){word}", plain) for word in words)]
    return found[0] if len(found) == 1 else ""


def _plain(text: str) -> str:
    """Letters and digits alone."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
