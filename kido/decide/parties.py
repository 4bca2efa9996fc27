"""The parties of a transaction as rows; the kind of the end user answers the military question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kido.decide.owners import read_owned
from kido.decide.values import Values
from kido.register.yaml_file import Mark
from kido.screen.holdings import Owned
from kido.terms.amounts import UNKNOWN
from kido.terms.text import Text, folded, nearest

KEYS = (
    "role",
    "name",
    "country",
    "kind",
    "lists",
    "address",
    "contact",
    "phone",
    "mail",
    "registered_no",
    "owners",
    "owners_complete",
    "ruled_out",
)
_WORDED = {"name": "names", "address": "addresses"}  # may be given in several languages: {ja: …, en: …, zh: …}
_LANGS = ("ja", "en", "zh", "ko")
ROLES: dict[str, Text] = {
    "exporter": {"ja": "輸出者", "en": "exporter"}, "buyer": {"ja": "買主", "en": "buyer"}, "consignee": {"ja": "荷受人", "en": "consignee"},
    "middleman": {"ja": "仲介者", "en": "middleman"}, "end_user": {"ja": "最終需要者", "en": "end user"}, "owner": {"ja": "所有者", "en": "owner"},
    "other": {"ja": "その他", "en": "other"},
}  # fmt: skip
KINDS: dict[str, Text] = {
    "military": {"ja": "軍事ユーザー", "en": "military"}, "defence_industry": {"ja": "防衛産業", "en": "defence industry"},
    "civil": {"ja": "民生", "en": "civil"}, "unknown": {"ja": "不明", "en": "unknown"},
}  # fmt: skip
LISTS = {"party_role": ROLES, "party_kind": KINDS}
_MILITARY = {"end_user": "military_end_user"}


@dataclass(frozen=True, slots=True)
class Party:
    """One party. `names` and `addresses` by language, where several were given; `name` is the first of them."""

    role: str
    name: str
    country: str = ""
    kind: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""
    mail: str = ""
    registered_no: str = ""
    names: Text = field(default_factory=dict)
    addresses: Text = field(default_factory=dict)
    owned: Owned | None = None
    ruled_out: tuple[str, ...] = ()

    def words(self, what: str) -> Text | str:
        """`name`, `address`, `contact` … as a paper prints it: in every language given, else as written."""
        return getattr(self, _WORDED.get(what, what)) or getattr(self, what)

    @property
    def owners_complete(self) -> bool:
        """Whether every owner is named, as far up as there are any."""
        return self.owned is not None and _told(self.owned)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name of the party, as written."""
        return tuple(dict.fromkeys(name for name in (self.name, *self.names.values()) if name))


def _told(owned: Owned) -> bool:
    return owned.complete and all(_told(holding.owner) for holding in owned.owners)


def read_parties(mark: Mark | None, values: Values, state: Callable[[str, bool, Mark], None]) -> tuple[Party, ...]:
    """Every party; `state` takes what a row says of a fact: the fact, its answer, and where it stands."""
    if mark is None:
        return ()
    if not isinstance(mark.value, list):
        values.wrong("wrong-shape", mark, wanted="[{role: …, name: …}]")
        return ()
    found = []
    for row in mark.value:
        if not isinstance(row.value, dict):
            values.wrong("wrong-shape", row, wanted="{role: …, name: …}")
            continue
        party = _party(row, values)
        found.append(party)
        fact = _MILITARY.get(party.role)
        if fact and party.kind == "defence_industry":
            values.note("defence-industry")
        if fact and party.kind in ("military", "civil"):
            state(fact, party.kind == "military", row.value["kind"])
    return tuple(found)


def _party(row: Mark, values: Values) -> Party:
    text: dict[str, str] = {}
    worded: dict[str, Text] = {}
    out: tuple[str, ...] = ()
    for key, child in row.value.items():
        if key not in KEYS:
            values.wrong("unknown-key", row.keys[key], key, near=nearest(key, KEYS), values=", ".join(KEYS))
        elif key in ("lists", "owners", "owners_complete"):
            continue
        elif key == "ruled_out":
            out = _ids(child, values)
        elif key in _WORDED and isinstance(child.value, dict):
            worded[key] = _in_languages(child, values)
        elif not isinstance(child.value, str):
            values.wrong("wrong-shape", child, wanted="one value")
        elif folded(child.value) in UNKNOWN and key != "kind":
            continue
        elif key in ("role", "kind"):
            text[key] = _word(f"party_{key}", child, values)
        elif key == "country":
            text[key] = values.place(values.terms.facts["destination"], child) or ""
        else:
            text[key] = child.value.strip()
    if "role" not in row.value:
        values.wrong("missing-key", row, "role")
    first = {key: next(iter(words.values()), "") for key, words in worded.items()}
    found = {"role": "", "name": "", **first, **text}
    owners, complete = row.value.get("owners"), row.value.get("owners_complete")
    owned = read_owned(found["name"], owners, complete, values) if owners is not None or complete is not None else None
    return Party(**found, names=worded.get("name", {}), addresses=worded.get("address", {}), owned=owned, ruled_out=out)


def _ids(mark: Mark, values: Values) -> tuple[str, ...]:
    """Entries the user has found to be other parties."""
    if not isinstance(mark.value, list) or not all(isinstance(one.value, str) for one in mark.value):
        values.wrong("wrong-shape", mark, wanted="[cn-…, us-entity-list-…]")
        return ()
    return tuple(one.value.strip() for one in mark.value)


def _in_languages(mark: Mark, values: Values) -> Text:
    """A name or address in several languages."""
    found: Text = {}
    for lang, child in mark.value.items():
        if lang not in _LANGS:
            values.wrong("unknown-key", mark.keys[lang], lang, near=nearest(lang, _LANGS), values=", ".join(_LANGS))
        elif not isinstance(child.value, str):
            values.wrong("wrong-shape", child, wanted="one value")
        elif folded(child.value) not in UNKNOWN:
            found[lang] = child.value.strip()
    return found


def _word(name: str, mark: Mark, values: Values) -> str:
    """A role or kind by its id or its name in ja or en."""
    known = LISTS[name]
    word = folded(mark.value).replace(" ", "_").replace("-", "_")
    if not word or word in UNKNOWN:
        return "unknown"
    for id, label in known.items():
        if word in (id, label["ja"], label["en"].replace(" ", "_")):
            return id
    values.wrong("unknown-value", mark, fact=name.removeprefix("party_"), near=nearest(word, known), values=", ".join(known), list=name)
    return ""
