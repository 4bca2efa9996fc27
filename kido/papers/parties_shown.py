"""The parties of a transaction and what a search of the lists found of each, as papers print them.

    party_grid(case)                   -> who takes part
    screening_blocks(case, screenings) -> what was searched for each name, and what was found

`screenings` maps a party's name to the result of a search: `answer` (listed, possible, not_listed, not_searched), `searched`
(rows with title, edition, records, stale, searched) and `hits` (rows with list, name, score, standing). A name without a
result is printed as not searched; silence is never printed as a negative.
"""

from __future__ import annotations

from collections.abc import Mapping

from kido.decide.parties import KINDS, ROLES
from kido.papers.case import Case
from kido.papers.document import Block, Cell, Gap, Grid, Paragraph
from kido.papers.legal_words import both, place_name
from kido.terms.text import Text

Screenings = Mapping[str, object]
_ANSWERS: dict[str, Text] = {
    "listed": {"ja": "掲載あり", "en": "listed"},
    "possible": {"ja": "似た名称あり(要確認)", "en": "similar names (to be looked at)"},
    "not_listed": {"ja": "下の一覧では見つかりませんでした", "en": "not found in the lists below"},
    "not_searched": {"ja": "照合できていません", "en": "not searched"},
}  # fmt: skip
_STANDINGS: dict[str, Text] = {
    "listed": {"ja": "掲載中", "en": "listed on that day"},
    "suspended": {"ja": "停止中", "en": "suspended on that day"},
    "unknown": {"ja": "その日の扱いは不明", "en": "standing on that day unknown"},
    "not_yet": {"ja": "まだ掲載されていません", "en": "not yet listed on that day"},
    "removed": {"ja": "削除済み", "en": "removed"},
}  # fmt: skip
NOT_DONE: Text = {"ja": "照合していません", "en": "not searched"}


def party_grid(case: Case) -> tuple[Block, ...]:
    """Every party stated; roles that every deal has are gaps where nobody is named."""
    head = (both("役割", "role"), both("名称", "name"), both("国・地域", "country"), both("種別", "kind"), both("所在地", "address"))
    rows = []
    for party in case.order.parties:
        country = place_name(party.country, case.terms) if party.country else Gap(both("国・地域", "country"))
        rows.append((
            ROLES.get(party.role, {"ja": party.role, "en": party.role}), party.words("name") or Gap(both("名称", "name")), country,
            KINDS.get(party.kind or "unknown", KINDS["unknown"]), party.words("address") or Gap(both("所在地", "address")),
        ))  # fmt: skip
    named = {party.role for party in case.order.parties}
    for role in ("exporter", "buyer", "end_user"):
        if role not in named:
            rows.append((ROLES[role], case.order.party_cell(role, "name"), "", KINDS["unknown"], ""))
    return (Grid(head, tuple(rows), (1, 2.4, 1.2, 1, 2.4)),)


def screening_blocks(case: Case, screenings: Screenings | None) -> tuple[Block, ...]:
    """The search of each name; the lists with their editions."""
    names = [name for party in case.order.parties for name in party.spellings]
    if not names:
        return (
            Paragraph(both("当事者が述べられていないため、照合していません。", "No party is named, so nothing was searched."), "warning"),
        )
    found = {name: (screenings or {}).get(name) for name in dict.fromkeys(names)}
    head = (both("名称", "name"), both("照合の結果", "result of the search"), both("見つかった名称", "names found"))
    rows = tuple((name, _answer(result), _hits(result)) for name, result in found.items())
    return Grid(head, rows, (2, 1.6, 3)), *_lists(found)


def _answer(result: object) -> Text:
    return _ANSWERS.get(getattr(result, "answer", ""), NOT_DONE) if result is not None else NOT_DONE


def _hits(result: object) -> Cell:
    """At most three names a row; how many more there are is said."""
    hits = tuple(getattr(result, "hits", ()))
    if not hits:
        return "–"
    return {
        lang: "; ".join(_hit(hit, lang) for hit in hits[:3]) + (f" (+{len(hits) - 3})" if len(hits) > 3 else "") for lang in ("ja", "en")
    }


def _hit(hit: object, lang: str) -> str:
    name = getattr(hit, "name", "")
    standing = _STANDINGS.get(str(getattr(hit, "standing", "")), {lang: ""})[lang]
    return f"{getattr(name, 'text', name)} [{getattr(hit, 'list', '')}] {getattr(hit, 'score', '')} {standing}".strip()


def _lists(found: Mapping[str, object]) -> tuple[Block, ...]:
    """Each list once, with its edition, size and age."""
    lists = {getattr(row, "id", ""): row for result in found.values() if result is not None for row in getattr(result, "searched", ())}
    if not lists:
        return (Paragraph(both(
            "名称の照合は、この書類では行っていません。外国ユーザーリストなどの最新版で照合し、版と日付を記録してください。",
            "No name was searched for this sheet. Search the current Foreign End User List and other lists, and record edition and date.",
        ), "warning"),)  # fmt: skip
    head = (both("照合した一覧", "list"), both("版", "edition"), both("件数", "records"), both("状態", "state"))
    rows = tuple(
        (getattr(row, "title", id), str(getattr(row, "edition", "")), str(getattr(row, "records", "")), _state(row))
        for id, row in lists.items()
    )
    note = both(
        "見つからないことは、一覧の外の者について何も示しません。", "That nothing was found says nothing of parties outside these lists."
    )
    return Grid(head, rows, (3, 1.2, 1, 1.6)), Paragraph(note, "note")


def _state(row: object) -> Text:
    if not getattr(row, "searched", True):
        return NOT_DONE
    return both("古い版", "stale edition") if getattr(row, "stale", False) else both("照合済み", "searched")
