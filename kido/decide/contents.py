"""A composition in wt% as bounds: what is stated, what is only present, what is missing to 100, what may be left out.

`other: 5` are 5 wt% of elements without a name; `Fe: balance` is what is missing to 100.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kido.decide.values import Values
from kido.register.yaml_file import Mark
from kido.rule.judge import Components
from kido.terms.amounts import UNKNOWN, Amount, exact, plain
from kido.terms.text import folded, nearest
from kido.terms.vocabulary import CONTENT, Fact

HUNDRED = exact(100)
ROOM = exact(1)  # a list said to be complete that leaves more than this open is not; a balance may hide as much
PRESENT = Amount(1, HUNDRED, "> 0")
REST = Amount(0, HUNDRED, "balance")  # what is missing to 100: settled when everything else is read
OTHER = "other"  # elements without a name
OTHERS = {
    "other", "others", "other elements", "unnamed", "impurities", "other impurities", "その他", "他", "其他", "其它", "不純物", "不可避不純物", "その他元素",
    "その他の元素", "杂质",
}  # fmt: skip
BALANCE = {"balance", "bal", "bal.", "rest", "remainder", "rem", "rem.", "残部", "残り", "残", "残余", "差引", "余量", "余", "其余"}
_BETWEEN = re.compile(r"[、;；，]|,(?!\d{3}(?!\d)|\s*[<>≦≧≤≥])")  # not in 1,000 ppm, not in >=5, <10
_NAMED = re.compile(r"^\s*([^\s=:：<>≦≧≤≥＜＞]+)\s*([=:：])?\s*(.*)$", re.DOTALL)
_GLUED = re.compile(r"^(?:残部|残り|残|余量|bal\.)(.+)$|^(.+?)(?:残部|残り|残|余量|bal\.)$", re.IGNORECASE)

Contents = dict[str, Amount | None]  # by symbol or "other"; None: named, and its content not known at all


def read_composition(mark: Mark, values: Values) -> Contents:
    """Contents by element from a mapping `{Dy: 2.5}`, a list of rows, or text `Nd 30, Dy present, Fe bal.`."""
    found: Contents = {}
    for name, amount_mark, at in rows_of(mark, values):
        symbol, content = _content(name, amount_mark, at, values)
        if symbol in found:
            values.wrong("element-twice", at, name, symbol=symbol)
        if symbol:
            found[symbol] = content
    return found


def _content(name: str, stated: Mark, at: Mark, values: Values) -> tuple[str, Amount | None]:
    """One row: the symbol and its content; "" for a name that is no element."""
    words = stated.value if isinstance(stated.value, str) else ""
    if (glued := _GLUED.match(name)) and values.terms.lookup("element", glued[1] or glued[2]):
        name, words = glued[1] or glued[2], "balance"  # 残部Fe
    if folded(name) in BALANCE and values.terms.lookup("element", words) not in (None, "mixed"):
        name, words = words, "balance"  # "Bal. Fe"
    symbol = OTHER if folded(name) in OTHERS | BALANCE else values.terms.lookup("element", name)
    if symbol is None or symbol == "mixed":
        values.wrong("oxide-in-composition" if _is_formula(name) else "unknown-element", at, name)
        return "", None
    if folded(words) in BALANCE:
        return symbol, REST
    return symbol, values.read(_wt_fact(symbol, values), stated)


def rows_of(mark: Mark, values: Values) -> Iterator[tuple[str, Mark, Mark]]:
    """The rows of a composition however it is written: name, content as written, and where the name stands."""
    if isinstance(mark.value, dict):
        for name, child in mark.value.items():
            yield name, child, mark.keys[name]
    elif isinstance(mark.value, list):
        for row in mark.value:
            if isinstance(row.value, dict) and "element" in row.value and isinstance(row.value["element"].value, str):
                for key in row.value.keys() - {"element", "wt_pct", "wt%", "content"}:
                    values.wrong("unknown-key", row.keys[key], key, near=nearest(key, ("element", "wt_pct")))
                content = next((row.value[key] for key in ("wt_pct", "wt%", "content") if key in row.value), None)
                yield row.value["element"].value, content or Mark("unknown", row.file, row.line, row.column), row.value["element"]
            else:
                values.wrong("wrong-shape", row, wanted="{element: …, wt_pct: …}")
    elif folded(mark.value) not in UNKNOWN:
        for part in _BETWEEN.split(mark.value):
            if found := _NAMED.match(part):
                name, sign, content = found.groups()
                yield name, Mark(content.strip() or ("unknown" if sign else "present"), mark.file, mark.line, mark.column), mark
            elif part.strip():
                values.wrong("wrong-shape", mark, wanted="Nd 30, Fe 66, Dy present")


def _is_formula(name: str) -> bool:
    """Looks like Dy2O3: an oxide or compound, whose content is not that of the element."""
    return any(char.isdigit() for char in name) and name[:1].isupper()


def _wt_fact(symbol: str, values: Values) -> Fact:
    name = f"{symbol.lower()}{CONTENT}"
    return values.terms.facts.get(name) or Fact(name, "number", "wt%", "composition", "", {}, {}, "")


def balance(contents: Contents, complete: bool, mark: Mark | None, values: Values) -> Components:
    """Bounds of every content, and of what the list leaves out.

    Stated figures are taken as rounded to their last digit when they are added up, so that the
    room left for unlisted elements is never understated.  A list that adds up to more than
    100 is refused.
    """
    mark = mark or Mark("", "composition", 0, 0)
    open_ = [symbol for symbol, amount in contents.items() if amount is REST]
    if len(open_) > 1:
        values.wrong("two-balances", mark, ", ".join(open_))
    stated = {symbol: amount for symbol, amount in contents.items() if amount is not None and amount is not REST}
    total = sum(_least(amount) for amount in stated.values())
    slack = sum(amount.ulp // 2 for amount in stated.values())
    if total - slack > HUNDRED:
        values.wrong("more-than-100", mark, ", ".join(f"{s} {a}" for s, a in stated.items()), total=plain(total))
    room = max(0, HUNDRED - (total - slack))
    rest = _left_out(contents, complete, bool(open_), slack)
    rows = []
    for symbol, amount in contents.items():
        if symbol == OTHER:
            continue
        if amount is REST:
            amount = _missing_to_100(contents, rest, total, slack)
        low, high, text = (amount.low, amount.high, amount.text) if amount else (0, HUNDRED, "?")
        if low < high:
            high = max(low, min(high, room + low))
        rows.append({"element": symbol, "wt_pct": Amount(low, high, text)})
    return Components(tuple(rows), rest, frozenset(contents) - {OTHER}, Amount(HUNDRED, HUNDRED))


def _least(amount: Amount) -> int:
    """What a content adds up to at least; "present" adds nothing."""
    return amount.low if amount.low > 1 else 0


def _most(amount: Amount | None) -> int:
    return HUNDRED if amount is None else amount.high


def _left_out(contents: Contents, complete: bool, balanced: bool, slack: int) -> Amount | None:
    """The most that elements without a row may amount to; None if there are none.

    A list is taken at its word if it can add up to 100.  What is stated of other elements then bounds
    them; a balance may hide a little of anything, unless the list is said to be complete.
    """
    named = {symbol: amount for symbol, amount in contents.items() if symbol != OTHER and amount is not REST}
    known = [amount for amount in named.values() if amount is not None]
    room = max(0, HUNDRED - sum(_least(amount) for amount in known) + sum(amount.ulp // 2 for amount in known))
    other = contents.get(OTHER)
    if OTHER in contents and (other is None or other is REST):
        return Amount(0, room)
    adds_up = balanced or sum(_most(amount) for amount in contents.values()) + slack >= HUNDRED - ROOM
    if not adds_up:
        return Amount(0, room)
    if other is not None and other.high > 0:
        return Amount(0, min(room, other.high + other.ulp // 2))
    if complete or other is not None:
        return None
    return Amount(0, min(room, max(slack, ROOM)) if balanced else room)


def _missing_to_100(contents: Contents, rest: Amount | None, total: int, slack: int) -> Amount:
    """The content of the balance: 100 less everything else, what the list leaves out included."""
    others = sum(_most(amount) for amount in contents.values() if amount is not REST)
    hidden = rest.high if rest and OTHER not in contents else 0
    high = HUNDRED - total if total < HUNDRED else max(1, slack)
    return Amount(min(high, max(1, HUNDRED - others - hidden)), high, "balance")
