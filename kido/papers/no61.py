"""The sheet for China's No. 61 of 2025: seven questions, the value ratio in full, and whether the act stands on the planned day.

build(case)  -> Paper `no61-sheet`
"""

from __future__ import annotations

from kido.decide.finding import APPLIES, DOES_NOT, Finding
from kido.papers.case import Case
from kido.papers.document import Block, Cell, Field, Fields, Grid, Heading, Paper, Paragraph, Signatures
from kido.papers.legal_words import ANSWERS, FINDINGS, YES_NO, both, fact_gap, joined, named, place_name, standing_notes, standing_words
from kido.papers.no61_facts import PART2, No61, read
from kido.papers.no61_sums import share, side_words, sums
from kido.papers.parties_shown import party_grid, screening_blocks
from kido.papers.stated import composition_cell, given_cell, goods_cell, place_cell, sample_note, via_cell, worded_cell
from kido.register.timeline import IN_FORCE, UNKNOWN
from kido.terms.text import Text

TITLE: Text = {"ja": "中国 商務部公告2025年第61号 確認書", "en": "China: check under MOFCOM Announcement No. 61 of 2025"}
_PARTIES = ("end_user_on_control_or_watch_list", "military_end_user")
_REFUSED = ("military_end_use", "raises_military_strength", "wmd_or_terrorism_end_use")
_CASE_BY_CASE = ("advanced_chip_or_military_ai_end_use",)
_EMERGENCY = ("medical_or_disaster_emergency",)


def build(case: Case) -> Paper:
    """The sheet of one transaction; `no61_notice` drafts the notice to the next buyer."""
    found = read(case)
    blocks: tuple[Block, ...] = (
        *sample_note(case),
        Paragraph(conclusion(found), "warning"),
        *_about(case, found),
        *_steps(case, found),
        *sums(case, found),
        *_limbs(case, found),
        *_parties(case),
        *_standing(case, found),
        *_missing(case, found),
        *_law(case, found),
        Fields((case.order.field("people.judge"), case.order.field("people.approver"))),
        Signatures((both("作成者 署名・日付", "prepared by: signature, date"), both("承認者 署名・日付", "approved by: signature, date"))),
    )
    return Paper("no61-sheet", TITLE, blocks, ("ja", "en"), case.foot, leaves="in")


def conclusion(found: No61) -> Text:
    """What stands, in one sentence: by its letter, then whether it is in force on the planned day."""
    holds = [limb.measure.text for limb in found.limbs if limb.answer == APPLIES]
    open_ = [limb.measure.text for limb in found.limbs if limb.answer not in (APPLIES, DOES_NOT)]
    if holds:
        first = both("条文どおりなら当てはまります: {limbs}。", "By its letter it applies: {limbs}.", limbs=", ".join(holds))
    elif open_:
        first = both("事実が足りず、決まりません: {limbs}。", "Undecided, facts are missing: {limbs}.", limbs=", ".join(open_))
    else:
        return both(
            "述べられた事実では、1(1)〜1(3)のどれにも当てはまりません。読めた範囲の条文と附属書だけによります。",
            "On the facts stated none of 1(1) to 1(3) applies. This rests on the text and annex as far as they were read.",
        )
    words = [standing for limb, standing in zip(found.limbs, found.planned, strict=True) if limb.answer != DOES_NOT]
    if any(standing.word == IN_FORCE for standing in words):
        return joined(first, both("予定日には施行中です。", "It is in force on the planned day."))
    if any(standing.word == UNKNOWN for standing in words):
        return joined(first, both(
            "停止期間の満了後の取扱いを確認できません。確認できるまで、許可必要として計画してください。",
            "The treatment after the suspension ran out could not be confirmed. Until it is, plan for: licence required.",
        ))  # fmt: skip
    return joined(first, both("予定日には効力がありません(下の表)。", "It is not in force on the planned day (see the table)."))


def _about(case: Case, found: No61) -> tuple[Block, ...]:
    return (Fields((
        Field("made", both("作成日", "made on"), case.made.isoformat()),
        Field("goods.name", both("品名", "name of the goods"), goods_cell(case)),
        Field("goods.form", both("形態", "form"), worded_cell(case, "form")),
        Field("goods.composition", both("組成(wt%)", "composition (wt%)"), composition_cell(case)),
        Field("goods.value", both("貨物の価額", "value of the goods"), given_cell(case, "value")),
        Field("goods.origin", both("原産地", "origin"), place_cell(case, "origin")),
        Field("exported_from", both("積出国・地域", "leaves from"), place_cell(case, "exported_from")),
        Field("via", both("経由地", "passed on the way"), via_cell(case)),
        Field("destination", both("最終仕向地", "final destination"), place_cell(case, "destination")),
        Field("order.shipment_date", both("船積み予定日", "planned day of shipment"), case.order.cell("order.shipment_date"),
              "" if "order.shipment_date" in case.order.values else both("以下では法令の基準日 {on} を使いました", "the day of the law, {on}, was used", on=found.shipment)),
    )),)  # fmt: skip


# -- the seven steps -----------------------------------------------------------------------


def _steps(case: Case, found: No61) -> tuple[Block, ...]:
    head = (both("番号", "no."), both("確認すること", "question"), both("答え", "answer"), both("根拠", "basis"))
    rows = (
        ("1", both("附属書1第2部の品目か", "Is it an item of annex 1 part 2?"), _part2(case, found), both("附属書1第2部", "annex 1 part 2")),
        ("2", both("中国原産の第1部品目を含むか。価額の比率は閾値以上か", "Are Chinese-origin part 1 items inside, and what share of value?"), _ratio(found), "1(1)"),
        ("3", both("中国原産の技術で製造したか", "Was it made with Chinese-origin technology?"), _fact(case, "made_with_cn_ree_technology"), "1(2)"),
        ("4", both("貨物そのものが中国原産か", "Do the goods themselves originate in China?"), _origin(case), "1(3)"),
        ("5", both("当事者は管控名単・関注名単に載るか、50 %以上保有されるか、軍事ユーザーか", "Is a party on the control or watch list, held 50 % or more by one, or a military user?"),
         _facts(case, _PARTIES), "Art. 2-3"),
        ("6", both("拒否される用途か、個別審査の用途か", "Is the end use among the refused or the case-by-case ones?"), _uses(case), "Art. 3-5"),
        ("7", both("予定日({day})に効力があるか", "Is it in force on the planned day ({day})?", day=found.shipment), _in_force(case, found), both("停止の公告", "notice of suspension")),
    )  # fmt: skip
    return Heading(both("七つの確認", "Seven questions"), 2), Grid(head, rows, (0.4, 3, 3.4, 1.2))


def _part2(case: Case, found: No61) -> Cell:
    mine = [match for match in found.entries if match.item.code.startswith(PART2)]
    sure = ", ".join(match.item.code for match in mine if match.answer)
    if sure:
        return both("はい: {codes}", "yes: {codes}", codes=sure)
    if mine:
        names = named([name for match in mine for name in match.missing], case.terms)
        first = both(
            "決まりません: {codes}。第2部の希土類ターゲットの全リストは未読です。",
            "undecided: {codes}. The full list of targets was not read.",
            codes=", ".join(match.item.code for match in mine),
        )
        return joined(first, joined(both("足りない事実: ", "missing: "), names, apart=""))
    return both("述べられた事実では当てはまりません(読めた項目の範囲)", "not on the facts stated (entries that were read)")


def _ratio(found: No61) -> Cell:
    bounds = share(found.stated if found.stated is not None else found.ratio.bounds, found.ratio.threshold)
    return joined(side_words(found), dict.fromkeys(("ja", "en"), f"({bounds})"))


def _fact(case: Case, name: str) -> Cell:
    value = case.determination.transaction.value(name)
    return fact_gap(name, case.terms) if value is None else YES_NO[bool(value)]


def _origin(case: Case) -> Cell:
    transaction = case.determination.transaction
    origin = transaction.value("origin")
    if isinstance(origin, str):
        return joined(YES_NO[origin == "CN"], {lang: f"({name})" for lang, name in place_name(origin, case.terms).items()})
    return YES_NO[True] if transaction.value("cn_origin") is True else fact_gap("origin", case.terms)


def _facts(case: Case, names: tuple[str, ...]) -> Text:
    """Several questions in one cell; what is not stated is said."""
    values = {name: case.determination.transaction.value(name) for name in names}
    parts = [
        joined(fact_gap(name, case.terms).label, YES_NO[None if value is None else bool(value)], apart=": ")
        for name, value in values.items()
    ]
    return joined(*parts, apart=" / ")


def _uses(case: Case) -> Cell:
    refused = joined(both("拒否される用途 — ", "refused uses: "), _facts(case, _REFUSED), apart="")
    return joined(refused, _facts(case, (*_CASE_BY_CASE, *_EMERGENCY)), apart=" / ")


def _in_force(case: Case, found: No61) -> Cell:
    words = {standing.word: standing_words(standing, case.register) for standing in found.planned}
    return joined(*words.values(), apart=" / ")


# -- limbs and standing --------------------------------------------------------------------


def _limbs(case: Case, found: No61) -> tuple[Block, ...]:
    head = (
        both("条項", "limb"),
        both("文言による判定", "by its letter"),
        both("施行中なら", "if in force"),
        both("品目", "entries"),
        both("足りない事実", "missing"),
    )
    rows = tuple(
        (limb.measure.title, FINDINGS[limb.answer], _outcome(limb), _codes(limb), named(limb.missing, case.terms) if limb.missing else "–")
        for limb in found.limbs
    )
    return Heading(both("条項ごとの判定", "Limb by limb"), 2), Grid(head, rows, (2.6, 1.6, 1.4, 1.4, 3))


def _outcome(limb: Finding) -> Cell:
    """What would follow; where an exception is not settled, the strictest too."""
    if limb.answer == DOES_NOT:
        return "–"
    if limb.worst != limb.outcome:
        return joined(ANSWERS[limb.outcome], joined(both("最も厳しい場合: ", "at worst: "), ANSWERS[limb.worst], apart=""), apart=" / ")
    return ANSWERS[limb.outcome]


def _codes(limb: Finding) -> Cell:
    sure = [match.item.code for match in limb.items]
    open_ = [f"{match.item.code}?" for match in limb.possible]
    return ", ".join([*sure, *open_]) or "–"


def _parties(case: Case) -> tuple[Block, ...]:
    owned = both(
        "50 %以上の保有は名称の照合では分かりません。出資関係を確認してください。",
        "Ownership of 50 % or more cannot be seen in a search of names. Find out who owns the parties.",
    )
    return Heading(both("当事者", "Parties"), 2), *party_grid(case), *screening_blocks(case), Paragraph(owned, "note")


def _standing(case: Case, found: No61) -> tuple[Block, ...]:
    days = [found.shipment] if found.shipment == case.determination.on else [case.determination.on, found.shipment]
    head = (both("条項", "limb"), *(both("{day}の効力", "standing on {day}", day=day) for day in days))
    rows = []
    for limb, planned in zip(found.limbs, found.planned, strict=True):
        cells = [standing_words(limb.status, case.register)] if len(days) == 2 else []
        rows.append((limb.measure.text, *cells, standing_words(planned, case.register)))
    notes: dict[str, tuple[Text, list[str]]] = {}
    for limb, planned in zip(found.limbs, found.planned, strict=True):
        for note in standing_notes(planned, case.register):
            notes.setdefault(note["ja"], (note, []))[1].append(limb.measure.text)
    return (
        Heading(both("効力", "Standing"), 2),
        Grid(head, tuple(rows), (0.6, *([2] * len(days)))),
        *(
            Paragraph(joined(both("{limbs}: ", "{limbs}: ", limbs=", ".join(limbs)), note, apart=""), "note")
            for note, limbs in notes.values()
        ),
        Fields(_ask_whom(case, found)),
    )


def _ask_whom(case: Case, found: No61) -> tuple[Field, ...]:
    """Who can confirm the standing, and who applies."""
    procedures = dict.fromkeys(limb.measure.procedure for limb in found.limbs if limb.measure.procedure)
    rows = []
    for id in procedures:
        procedure = case.register.procedures[id]
        rows.append(Field("no61.authority", both("確認先・申請先", "authority to ask"), procedure.authority))
        rows.append(Field("no61.applicant", both("申請者・照会先", "who applies, where to ask"), procedure.applicant))
    official = next((source.url for source in found.act.sources if source.kind == "official"), "")
    return (*rows, Field("no61.page", both("公告のページ", "page of the notice"), official))


# -- what is missing, what it rests on ------------------------------------------------------


def _missing(case: Case, found: No61) -> tuple[Block, ...]:
    names = [name for limb in found.limbs if limb.answer != DOES_NOT for name in limb.missing]
    if not names:
        return ()
    head = (both("足りない事実", "missing fact"), both("確認すること", "what to ask"))
    rows = tuple(
        (fact_gap(name, case.terms).label, fact_gap(name, case.terms).ask or fact_gap(name, case.terms).label)
        for name in dict.fromkeys(names)
    )
    return Heading(both("足りない事実", "Facts that are missing"), 2), Grid(head, rows, (2, 4))


def _law(case: Case, found: No61) -> tuple[Block, ...]:
    act = found.act
    rows = [Field("law", both("法令", "act"), joined({"ja": act.number, "en": act.number}, act.title))]
    rows += [Field("law.zh", both("原題", "original title"), act.title["zh"])] if act.title.get("zh") else []
    sources = [
        Field(f"{act.id}.source.{n}", both("読んだ版{n}", "edition read {n}", n=n), f"{s.publisher}, {s.url} ({s.read}, {s.seen})")
        for n, s in enumerate(act.sources[:3], 1)
    ]
    doubts = [Paragraph(joined(both("疑義: ", "Doubt: "), text, apart=""), "note") for text in act.doubts]
    return Heading(both("根拠と読めなかったもの", "Sources, and what was not read"), 2), Fields((*rows, *sources)), *doubts
