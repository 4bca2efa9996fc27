"""A composition in wt% as bounds: what is stated, what is only present, what may be left out."""

from __future__ import annotations

from kido.decide.values import Values
from kido.register.yaml_file import Mark
from kido.rule.judge import Components
from kido.terms.amounts import UNKNOWN, Amount, exact, plain
from kido.terms.text import folded, nearest
from kido.terms.vocabulary import CONTENT, Fact

HUNDRED = exact(100)
ROOM = exact(1)  # a list said to be complete that leaves more than this open is not
PRESENT = Amount(1, HUNDRED, "> 0")
OTHER = {"other", "others", "rest", "balance", "その他", "他", "残り", "残部"}


def read_composition(mark: Mark, values: Values) -> dict[str, Amount | None]:
    """Contents by element from a mapping `{Dy: 2.5}`, a list of rows, or text `Nd 30, Dy present`.

    None means the element is named and its content is not known at all.
    """
    found: dict[str, Amount | None] = {}
    for name, amount_mark, at in _pairs(mark, values):
        if folded(name) in OTHER:
            continue
        symbol = values.terms.lookup("element", name)
        if symbol is None or symbol == "mixed":
            code = "oxide-in-composition" if _is_formula(name, values) else "unknown-element"
            values.wrong(code, at, name)
            continue
        content = values.read(_wt_fact(symbol, values), amount_mark)
        if symbol in found:
            values.wrong("element-twice", at, name, symbol=symbol)
        found[symbol] = content
    return found


def _pairs(mark: Mark, values: Values):
    if isinstance(mark.value, dict):
        for name, child in mark.value.items():
            yield name, child, mark.keys[name]
    elif isinstance(mark.value, str) and folded(mark.value) in UNKNOWN:
        return
    elif isinstance(mark.value, list):
        for row in mark.value:
            if isinstance(row.value, dict) and "element" in row.value and isinstance(row.value["element"].value, str):
                for key in row.value.keys() - {"element", "wt_pct", "wt%", "content"}:
                    values.wrong("unknown-key", row.keys[key], key, near=nearest(key, ("element", "wt_pct")))
                content = next((row.value[key] for key in ("wt_pct", "wt%", "content") if key in row.value), None)
                yield row.value["element"].value, content or Mark("unknown", row.file, row.line, row.column), row.value["element"]
            else:
                values.wrong("wrong-shape", row, wanted="{element: …, wt_pct: …}")
    else:
        for part in mark.value.replace("、", ",").split(","):
            name, _, content = part.strip().replace("=", " ").partition(" ")
            if name:
                yield name, Mark(content.strip() or "present", mark.file, mark.line, mark.column), mark


def _is_formula(name: str, values: Values) -> bool:
    """Looks like Dy2O3: an oxide or compound, whose content is not that of the element."""
    return any(char.isdigit() for char in name) and name[:1].isupper()


def _wt_fact(symbol: str, values: Values) -> Fact:
    name = f"{symbol.lower()}{CONTENT}"
    return values.terms.facts.get(name) or Fact(name, "number", "wt%", "composition", "", {}, {}, "")


def balance(contents: dict[str, Amount | None], complete: bool, mark: Mark | None, values: Values) -> Components:
    """Bounds of every content, and of what the list leaves out.

    Stated figures are taken as rounded to their last digit when they are added up, so that the
    room left for unlisted elements is never understated.  A list that adds up to more than
    100 is refused.
    """
    stated = {symbol: amount for symbol, amount in contents.items() if amount is not None}
    total = sum(amount.low for amount in stated.values() if amount.low > 1)  # "present" adds nothing
    slack = sum(amount.ulp // 2 for amount in stated.values())
    if total - slack > HUNDRED:
        values.wrong(
            "more-than-100", mark or Mark("", "composition", 0, 0), ", ".join(f"{s} {a}" for s, a in stated.items()), total=plain(total)
        )
    room = max(0, HUNDRED - (total - slack))
    rows = []
    for symbol, amount in contents.items():
        low, high, text = (amount.low, amount.high, amount.text) if amount else (0, HUNDRED, "?")
        if low < high:
            high = max(low, min(high, room + low))
        rows.append({"element": symbol, "wt_pct": Amount(low, high, text)})
    certain = len(stated) == len(contents) and all(amount.low == amount.high for amount in stated.values())
    believed = complete and not (certain and HUNDRED - total - slack > ROOM)
    rest = None if believed else Amount(0, room)
    return Components(tuple(rows), rest, frozenset(contents), Amount(HUNDRED, HUNDRED))
