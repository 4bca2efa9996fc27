"""The owners that a party's row states: `owners: [{name: …, share: 30, owners: […]}]`, as deep as they are known.

read_owned(name, owners, complete, values)  -> Owned; every problem with its place
"""

from __future__ import annotations

from kido.decide.values import Values
from kido.register.yaml_file import Mark
from kido.screen.holdings import DEEPEST, Holding, Owned
from kido.terms.amounts import UNKNOWN, Amount, AmountError, amount
from kido.terms.text import folded, nearest

KEYS = ("name", "share", "owners", "owners_complete", "country")
YES, NO = ("yes", "true", "はい", "有", "全部", "complete"), ("no", "false", "いいえ", "無", "")


def read_owned(name: str, owners: Mark | None, complete: Mark | None, values: Values, depth: int = 0) -> Owned:
    """A party or an owner with those above it."""
    if owners is not None and not isinstance(owners.value, list):
        values.wrong("wrong-shape", owners, wanted="[{name: …, share: 30}]")
        owners = None
    rows = owners.value if owners is not None and depth < DEEPEST else []
    holdings = tuple(found for row in rows if (found := _holding(row, values, depth)) is not None)
    place = owners.place if owners is not None else ""
    return Owned(name, holdings, yes_or_no(complete, values), place)


def _holding(row: Mark, values: Values, depth: int) -> Holding | None:
    if not isinstance(row.value, dict):
        values.wrong("wrong-shape", row, wanted="{name: …, share: 30}")
        return None
    for key in row.value:
        if key not in KEYS:
            values.wrong("unknown-key", row.keys[key], key, near=nearest(key, KEYS), values=", ".join(KEYS))
    name = row.value.get("name")
    if name is None or not isinstance(name.value, str) or not name.value.strip():
        values.wrong("owner-no-name", name or row)
        return None
    owner = read_owned(name.value.strip(), row.value.get("owners"), row.value.get("owners_complete"), values, depth + 1)
    return Holding(owner, _share(row.value.get("share"), values))


def _share(mark: Mark | None, values: Values) -> Amount | None:
    """A share in percent; None where it is not known."""
    if mark is None or not isinstance(mark.value, str):
        return None
    raw = mark.value.strip().removesuffix("%").removesuffix("％").strip()
    if folded(raw) in UNKNOWN:
        return None
    try:
        return amount(raw)
    except AmountError as error:
        values.wrong(error.code, mark, mark.value)
        return None


def yes_or_no(mark: Mark | None, values: Values) -> bool:
    """Whether all owners are named; what is not said is no."""
    if mark is None or isinstance(mark.value, bool):
        return bool(mark and mark.value)
    word = folded(mark.value) if isinstance(mark.value, str) else ""
    if word not in YES and word not in NO and word not in UNKNOWN:
        values.wrong("unknown-value", mark, fact="owners_complete", near=nearest(word, ("yes", "no")), values="yes, no")
    return word in YES
