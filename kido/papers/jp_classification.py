"""該非判定書: the goods beside every entry of Appended Table 1 that the register holds, and where they stand in item 16.

build(case)  -> Paper `jp-classification`
"""

from __future__ import annotations

from kido.papers.case import Case
from kido.papers.comparison import Condition
from kido.papers.document import Block, Cell, Field, Fields, Grid, Heading, Paper, Paragraph, Signatures
from kido.papers.jp_entries import LISTED, MARKS, NOT_CONCERNED, NOT_LISTED, UNDECIDED, Entry, held_items, judged_entries
from kido.papers.jp_item16 import Item16, item_16
from kido.papers.legal_words import MET, both, fact_gap, fact_name, joined, standing_words
from kido.papers.stated import composition_cell, given_cell, goods_cell, line_cell, place_cell, sample_note, worded_cell
from kido.register.model import Instrument
from kido.terms.text import Text

TITLE: Text = {"ja": "該非判定書(項目別対比表つき)", "en": "Classification sheet with item-by-item comparison"}


def build(case: Case) -> Paper:
    """The classification sheet of the goods of a transaction."""
    entries, sixteen = judged_entries(case), item_16(case)
    blocks: tuple[Block, ...] = (
        *sample_note(case),
        _about(case),
        *_result(case, entries),
        *_law(case, entries),
        *_comparison(entries),
        *_coverage(case, entries),
        *_sixteen(case, entries, sixteen),
        *_missing(case, entries, sixteen),
        *_close(case),
    )
    return Paper("jp-classification", TITLE, blocks, ("ja", "en"), case.foot)


def _about(case: Case) -> Fields:
    order, terms = case.order, case.terms
    rows = [
        order.field("jp.sheet_no"),
        Field("made", both("判定日", "day of judging"), case.made.isoformat()),
        Field("goods.name", both("品名", "name of the goods"), goods_cell(case)),
        Field("goods.model", both("型番", "model"), line_cell(case, "model")),
        order.field("jp.maker"),
        Field("goods.form", both("形態", "form"), worded_cell(case, "form")),
        Field("goods.composition", both("組成(wt%)", "composition (wt%)"), composition_cell(case)),
        Field("goods.hs", both("HSコード", "HS code"), given_cell(case, "hs")),
        Field("exporter.name", both("輸出者", "exporter"), order.party_cell("exporter", "name")),
        Field("destination", both("仕向地", "destination"), place_cell(case, "destination")),
        order.field("jp.evidence"),
    ]
    if "maker_grade" in case.determination.transaction.given:
        rows.insert(5, Field("goods.grade", fact_name("maker_grade", terms), case.determination.transaction.given["maker_grade"]))
    return Fields(tuple(rows))


# -- result ------------------------------------------------------------------------------


def _result(case: Case, entries: tuple[Entry, ...]) -> tuple[Block, ...]:
    stated = case.determination.transaction.facts.values.get("jp_listed_item")
    blocks: list[Block] = [Heading(both("1. 判定結果", "1. Result"), 2), Paragraph(result_words(case, entries), "warning")]
    if stated is not None:
        words = both("1〜15の項に該当すると述べられています。", "The file states that the goods are listed in items 1 to 15.") if stated else both(
            "1〜15の項に該当しないと述べられています。この判定書の照合によるものではありません。",
            "The file states that the goods are not listed in items 1 to 15. That does not come from the comparison in this sheet.",
        )  # fmt: skip
        blocks.append(Paragraph(words, "note"))
    return tuple(blocks)


def result_words(case: Case, entries: tuple[Entry, ...]) -> Text:
    """The result in one sentence, never wider than what was compared."""
    listed = [entry for entry in entries if entry.mark == LISTED]
    open_ = [entry for entry in entries if entry.mark == UNDECIDED]
    rest = both("この登録簿に収録のない項目は判定していません(未判定)。", "Entries this register does not hold were not judged.")
    if listed:
        codes = ", ".join(entry.code for entry in listed)
        first = both("該当: 輸出令別表第一 {codes}", "Listed: Appended Table 1, {codes}", codes=codes)
        if open_:
            first = joined(first, both("。ほかに判定不能 {n}項目", "; {n} more entries cannot be judged", n=len(open_)), apart="")
        return joined(first, rest, apart=" / ")
    if case.determination.transaction.facts.values.get("jp_listed_item"):
        return joined(
            both("該当(述べられた事実による。項番は照合できていません)", "Listed, as stated; the entry was not found by comparison"),
            rest,
            apart=" / ",
        )
    if open_:
        codes = ", ".join(entry.code for entry in open_)
        return joined(
            both("判定不能: 事実が足りない項目 {codes}", "Cannot be judged: facts are missing for {codes}", codes=codes), rest, apart=" / "
        )
    return joined(
        both("当登録簿に収録のある{n}項目について: 非該当または対象外", "Of the {n} entries this register holds: none matches", n=len(entries)), rest, apart=" / "
    )  # fmt: skip


# -- the law it rests on -------------------------------------------------------------------


def _law(case: Case, entries: tuple[Entry, ...]) -> tuple[Block, ...]:
    acts = list(dict.fromkeys(entry.act.id for entry in entries))
    watch = case.register.watches["JP"]
    blocks: list[Block] = [Heading(both("2. 準拠した法令と版", "2. Law and edition used"), 2)]
    for id in acts:
        blocks += _act(case, case.register.instruments[id], entries)
    words = both(
        "登録簿が日本の法令を最後に確認した日は{verified}、読めた最新の資料は{newest}です。",
        "The register last checked Japanese law on {verified}; its newest source is of {newest}.",
        verified=watch.verified,
        newest=watch.newest_source,
    )
    return *blocks, Paragraph(words, "warning" if case.determination.on > watch.verified else "note")


def _act(case: Case, act: Instrument, entries: tuple[Entry, ...]) -> list[Block]:
    measures = {entry.measure.id: entry.measure for entry in entries if entry.act.id == act.id}
    rows = [
        Field(f"law.{act.id}", both("法令", "act"), joined({"ja": act.number, "en": act.number}, act.title)),
        Field("law.day", both("法令の基準日", "day of the law"), case.determination.on.isoformat()),
        Field("law.version", both("登録簿の版", "version of the register"), case.determination.version),
    ]
    for id, measure in measures.items():
        finding = case.determination.finding(id)
        if finding:
            rows.append(
                Field(f"law.{id}", measure.title, standing_words(finding.status, case.register), {"ja": measure.text, "en": measure.text})
            )
    sources = [
        Field(
            f"{act.id}.source.{n}",
            both("読んだ版{n}", "edition read {n}", n=n),
            f"{source.publisher}, {source.url} ({source.read}, {source.seen})",
        )
        for n, source in enumerate(act.sources, 1)
    ]
    doubts = [Paragraph(joined(both("疑義: ", "Doubt: "), text, apart=""), "note") for text in act.doubts]
    return [Fields((*rows, *sources)), *doubts]


# -- comparison ----------------------------------------------------------------------------


def _comparison(entries: tuple[Entry, ...]) -> tuple[Block, ...]:
    head = (both("項番", "entry"), both("条文", "article"), both("項目", "goods named"), both("判定", "mark"), both("理由", "reason"))
    rows = tuple(({"ja": e.code, "en": e.code}, e.match.item.text, e.match.item.name, MARKS[e.mark], _reason(e)) for e in entries)
    return (
        Heading(both("3. 項目別対比表", "3. Item-by-item comparison"), 2),
        Paragraph(_LEGEND, "note"),
        Grid(head, rows, (1, 1.6, 2.4, 1, 3)),
        *_details(entries),
    )


_LEGEND = both(
    "該当: すべての条件を満たす。非該当: 項目の貨物だが条件を満たさない。対象外: 項目の貨物ではない。判定不能: 事実が足りない。"
    "どの判定も、この表にある項目についてだけのものです。",
    "Listed: every condition is met. Not listed: goods of the kind, but a condition is not met. Other goods: not the kind of goods the "
    "entry names. Undecided: facts are missing. Every mark speaks of the entry of its own row alone.",
)


def _reason(entry: Entry) -> Cell:
    if entry.out:
        return joined(both("「除く」に当たる: ", "taken out by the entry: "), entry.out, apart="")
    if entry.mark == LISTED:
        parts = [both("すべての条件を満たします", "every condition is met")]
        if entry.by_supplier:
            parts = [
                both(
                    "供給者の管理コードによります。述べられた事実では確認できません",
                    "by the supplier's control code; the facts do not show it",
                )
            ]
        parts += [joined(both("次の除外は未確認: ", "exclusion not settled: "), text, apart="") for text in entry.open_out]
        return joined(*parts, apart=" / ")
    if entry.mark == UNDECIDED:
        if entry.match.stated == "within":
            return both("供給者の管理コードがこの項を含みます", "the supplier's control code lies in this group")
        rows = [row for row in entry.conditions if row.met is None]
        return both("不明な条件 {n}件(4に記載)", "{n} conditions not known (see 4)", n=len(rows))
    found = entry.decisive
    if found is None:
        return both("条文の条件を満たしません", "the conditions of the text are not met")
    if entry.mark == NOT_CONCERNED and found.stated:
        return found.stated
    return joined(both("満たさない条件: ", "not met: "), found.text, apart="")


def _details(entries: tuple[Entry, ...]) -> tuple[Block, ...]:
    """The figures of every entry whose goods these are or may be."""
    near = [entry for entry in entries if entry.mark in (LISTED, UNDECIDED, NOT_LISTED)]
    blocks: list[Block] = [Heading(both("4. 条件ごとの照合(申告値と閾値)", "4. Condition by condition: stated value against threshold"), 2)]
    if not near:
        blocks.append(
            Paragraph(
                both(
                    "収録項目の貨物に当たるものがないため、数値の照合はありません。",
                    "The goods are of no kind named by an entry held, so no figures were compared.",
                )
            )
        )
    for entry in near:
        title = {lang: f"{entry.code} {entry.match.item.name.get(lang, '')} ({entry.match.item.text})" for lang in ("ja", "en")}
        blocks.append(Heading(title, 3))
        head = (both("条文の条件", "condition of the entry"), both("申告された値", "value stated"), both("照合", "compared"))
        blocks.append(Grid(head, tuple(_row(row) for row in entry.conditions), (3, 2.5, 0.9)))
        blocks += [Paragraph(joined(label, text, apart=""), "note") for label, text in _notes(entry) if text]
    return tuple(blocks)


def _row(row: Condition) -> tuple[Cell, ...]:
    return row.text, row.stated, MET[row.met]


def _notes(entry: Entry) -> tuple[tuple[Text, Text | None], ...]:
    item = entry.match.item
    return (
        (both("注: ", "Note: "), item.note),
        (both("除く: ", "Excludes: "), item.excludes),
        (both("含む: ", "Includes: "), item.includes),
    )  # fmt: skip


# -- what was not judged ---------------------------------------------------------------------


def _coverage(case: Case, entries: tuple[Entry, ...]) -> tuple[Block, ...]:
    head = (
        both("別表第一の項", "item"),
        both("収録項目数", "entries held"),
        both("判定の内訳", "marks"),
        both("収録のない項目", "entries not held"),
    )
    rows = tuple(
        (item, str(len(held)), _tally(held), both("未判定(原文で確認)", "not judged (check the text)"))
        for item, held in held_items(entries).items()
    )
    watch = case.register.watches["JP"]
    return (
        Heading(both("5. 1〜15の項の収録状況", "5. What is held of items 1 to 15"), 2),
        Grid(head, rows, (1, 1, 3, 2)),
        *(Paragraph(joined(both("収録していないもの: ", "Not held: "), text, apart=""), "note") for text in watch.not_held),
    )


def _tally(held: tuple[Entry, ...]) -> Cell:
    if not held:
        return both("収録なし", "none held")
    counts = {mark: sum(entry.mark == mark for entry in held) for mark in MARKS}
    return {lang: ", ".join(f"{MARKS[mark][lang]} {n}" for mark, n in counts.items() if n) for lang in ("ja", "en")}


def _sixteen(case: Case, entries: tuple[Entry, ...], sixteen: Item16) -> tuple[Block, ...]:
    listed = any(entry.mark == LISTED for entry in entries)
    rows = (
        Field("goods.hs", both("HSコード", "HS code"), given_cell(case, "hs")),
        Field("item16.kind", both("16の項の区分", "part of item 16"), sixteen.kind_words),
        Field("item16.group", both("仕向地の区分", "group of the destination"), sixteen.group_words or fact_gap("destination", case.terms)),
    )
    before = (
        (
            Paragraph(
                both(
                    "1〜15の項に該当するため、リスト規制が先に適用されます。",
                    "An entry of items 1 to 15 matches, so the list control comes first.",
                )
            ),
        )
        if listed
        else ()
    )
    return (
        Heading(both("6. 16の項(一)(二)", "6. Item 16(1) and (2)"), 2),
        *before,
        Fields(rows),
        Paragraph(both(
            "「非該当」は1〜15の項についてだけの言葉です。16の項の用途・需要者・通知の確認は取引審査票で行います。",
            "A negative mark speaks of items 1 to 15 only. The end-use, end-user and notice tests of item 16 stand in the screening sheet.",
        ), "note"),
    )  # fmt: skip


def _missing(case: Case, entries: tuple[Entry, ...], sixteen: Item16) -> tuple[Block, ...]:
    names = [name for entry in entries for name in entry.missing]
    if sixteen.kind == "?" and case.determination.transaction.value("hs") is None:
        names.append("hs")
    heading = Heading(both("7. 足りない事実", "7. Facts that are missing"), 2)
    if not names:
        return heading, Paragraph(
            both("収録のある項目を判定するための事実は述べられています。", "The facts that the entries held ask for are stated.")
        )
    head = (both("足りない事実", "missing fact"), both("確認すること", "what to ask"), both("関係する項番", "entries"))
    rows = []
    for name in dict.fromkeys(names):
        gap = fact_gap(name, case.terms)
        rows.append((gap.label, gap.ask or gap.label, ", ".join(entry.code for entry in entries if name in entry.missing) or "16"))
    return heading, Grid(head, tuple(rows), (2, 3.5, 1.5))


def _close(case: Case) -> tuple[Block, ...]:
    people = Fields((case.order.field("people.judge"), case.order.field("people.approver")))
    return (
        Paragraph(both(
            "該非判定は輸出者の責任で行います。法令の改正があれば判定し直してください。",
            "The exporter classifies and answers for it. Judge again whenever the list changes.",
        ), "note"),
        people,
        Signatures((both("判定者 署名・日付", "judged by: signature, date"), both("承認者 署名・日付", "approved by: signature, date"))),
    )  # fmt: skip
