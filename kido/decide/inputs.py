"""The inputs of the goods: materials and parts built in, with origin, form and value."""

from __future__ import annotations

from kido.decide.values import Values
from kido.register.yaml_file import Mark
from kido.rule.judge import Components
from kido.terms.amounts import LIMIT, Amount, exact
from kido.terms.text import nearest
from kido.terms.vocabulary import Fact

KEYS = ("name", "element", "form", "alloy_system", "origin", "value", "value_pct")
_SHARE = Fact("value_pct", "number", "% of value", "money", "", {}, {}, "")
HUNDRED = Amount(exact(100), exact(100), "100 %")


def read_inputs(mark: Mark | None, complete: bool, whole: Amount | None, values: Values) -> Components | None:
    """Rows of inputs; None if none were stated.

    Values are money in the currency of the goods, or all of them `value_pct` (per cent of the
    goods' value).  Without the goods' value a share in money is not known.
    """
    if mark is None:
        return None
    if not isinstance(mark.value, list):
        values.wrong("wrong-shape", mark, wanted="[{name: …, origin: …, value: …}]")
        return None
    rows = [row for child in mark.value if (row := _row(child, values)) is not None]
    in_percent = [row for row in rows if "value_pct" in row]
    if in_percent and any("value" in row for row in rows):
        values.wrong("value-or-percent", mark, "inputs")
        return None
    if in_percent:
        whole = HUNDRED
        rows = [{("value" if key == "value_pct" else key): value for key, value in row.items()} for row in rows]
    whole = whole or Amount(0, LIMIT)
    known = sum(row["value"].low for row in rows if "value" in row)
    if known > whole.high:
        values.wrong("inputs-above-value", mark, "inputs")
    if whole.high < LIMIT:
        for row in rows:
            if "value" not in row:
                row["value"] = Amount(0, max(0, whole.high - known), "?")
    rest = None if complete else Amount(0, max(0, whole.high - known))
    return Components(tuple(rows), rest, frozenset(), whole)


def _row(mark: Mark, values: Values) -> dict | None:
    if not isinstance(mark.value, dict):
        values.wrong("wrong-shape", mark, wanted="{name: …, origin: …, value: …}")
        return None
    row: dict[str, object] = {}
    for key, child in mark.value.items():
        if key not in KEYS:
            values.wrong("unknown-key", mark.keys[key], key, near=nearest(key, KEYS))
            continue
        fact = _SHARE if key == "value_pct" else values.terms.facts[key]
        found = values.read(fact, child)
        if found is not None:
            row[key] = found
    return row
