"""The parties of a transaction and what a search of the lists found of each, as papers print them.

    party_grid(case)        -> who takes part
    screening_blocks(case)  -> what was searched for each name, and what was found

A party without a name is not searched, and that is printed; silence is never printed as a negative.
"""

from __future__ import annotations

from kido.decide.parties import KINDS, ROLES
from kido.papers.case import Case
from kido.papers.document import Block, Cell, Gap, Grid, Paragraph
from kido.papers.legal_words import both, place_name
from kido.screen.search import Hit, Screening, SearchedList
from kido.terms.text import Text

_ANSWERS: dict[str, Text] = {
    "listed": {"ja": "掲載あり", "en": "listed"},
    "possible": {"ja": "似た名称あり(要確認)", "en": "similar names (to be looked at)"},
    "not_listed": {"ja": "下の一覧では見つかりませんでした", "en": "not found in the lists below"},
    "not_searched": {"ja": "見つかりませんが、最新の全一覧では照合できていません", "en": "not found, but not every list was searched in a current edition"},
}  # fmt: skip
_STANDINGS: dict[str, Text] = {
    "listed": {"ja": "掲載中", "en": "listed on that day"},
    "suspended": {"ja": "停止中", "en": "suspended on that day"},
    "unknown": {"ja": "その日の扱いは不明", "en": "standing on that day unknown"},
    "not_yet": {"ja": "まだ掲載されていません", "en": "not yet listed on that day"},
    "removed": {"ja": "削除済み", "en": "removed"},
}  # fmt: skip
_RULED_OUT: Text = {"ja": "別の者と確認済みとされています", "en": "stated to be another party"}
_MOST = 3  # hits a row
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


def screening_blocks(case: Case) -> tuple[Block, ...]:
    """The search of each name; the lists with their editions."""
    found = [screening for party in case.determination.compared.parties for screening in party.screenings]
    if not found:
        return (
            Paragraph(both("当事者が述べられていないため、照合していません。", "No party is named, so nothing was searched."), "warning"),
        )
    out = {hit for party in case.determination.compared.parties for hit in party.ruled_out}
    head = (both("名称", "name"), both("照合の結果", "result of the search"), both("見つかった名称", "names found"))
    rows = tuple((one.query, _ANSWERS[one.answer], _hits(one, out)) for one in {one.query: one for one in found}.values())
    return Grid(head, rows, (2, 1.6, 3)), *_lists(found[0])


def _hits(found: Screening, out: set[Hit]) -> Cell:
    """At most three names a row; how many more there are is said, and which the user has ruled out."""
    if not found.hits:
        return "–"
    more = f" (+{len(found.hits) - _MOST})" if len(found.hits) > _MOST else ""
    return {lang: "; ".join(_hit(hit, hit in out, lang) for hit in found.hits[:_MOST]) + more for lang in ("ja", "en")}


def _hit(hit: Hit, out: bool, lang: str) -> str:
    said = f"{hit.name.text} [{hit.list}] {hit.score:.0f} {_STANDINGS[hit.standing][lang]}"
    return f"{said} ({_RULED_OUT[lang]})" if out else said


def _lists(found: Screening) -> tuple[Block, ...]:
    """Each list once, with its edition, size and age."""
    head = (both("照合した一覧", "list"), both("版", "edition"), both("件数", "records"), both("状態", "state"))
    rows = tuple((row.title, row.edition.isoformat(), f"{row.records:,}", _state(row)) for row in found.searched)
    note = both(
        "見つからないことは、一覧の外の者について何も示しません。", "That nothing was found says nothing of parties outside these lists."
    )
    return Grid(head, rows, (3, 1.2, 1, 1.6)), Paragraph(note, "note")


def _state(row: SearchedList) -> Text:
    if not row.searched:
        return NOT_DONE
    return both("古い版", "stale edition") if row.stale else both("照合済み", "searched")
