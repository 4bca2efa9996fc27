"""取引審査票: who buys, for what, and what each gate of Japanese law says; judged and approved by hand.

build(case)  -> Paper `jp-screening`
"""

from __future__ import annotations

from kido.decide.finding import DOES_NOT, Finding
from kido.papers.case import Case
from kido.papers.comparison import Condition
from kido.papers.document import Block, Cell, Check, Checks, Field, Fields, Gap, Grid, Heading, Paper, Paragraph, Signatures
from kido.papers.jp_classification import result_words
from kido.papers.jp_entries import judged_entries
from kido.papers.jp_item16 import GROUP_A, Item16, Tested, item_16
from kido.papers.legal_words import ANSWERS, FINDINGS, GATES, MET, YES_NO, both, fact_gap, fact_name, joined, standing_words
from kido.papers.parties_shown import party_grid, screening_blocks
from kido.papers.stated import given_cell, goods_cell, place_cell, sample_note, via_cell
from kido.register.model import Answer
from kido.terms.text import Text, said

TITLE: Text = {"ja": "取引審査票", "en": "Transaction screening sheet"}
_USE = ("wmd_use_in_documents", "arms_use_in_documents")
_USER = ("wmd_user_in_documents", "arms_user_in_documents", "jp_designated_person")
_OPEN: tuple[Text, ...] = (
    {"ja": "用途からみて明らかか", "en": "evident from the end use"},
    {"ja": "取引の条件からみて明らかか", "en": "evident from the terms of the deal"},
    {"ja": "取引の態様からみて明らかか", "en": "evident from the manner of the deal"},
    {"ja": "17ロの特別の確認(入手できたのに入手していない文書も対象)", "en": "special check of item 17ロ (documents that could have been obtained count too)"},
    {"ja": "上のほかの確認項目(この登録簿に収録していません)", "en": "every other point of the guideline (not held by this register)"},
)  # fmt: skip
_ON_THE_TEXT = {"ja": "原文で確認", "en": "check the guideline's text"}


def build(case: Case) -> Paper:
    """The screening sheet of a transaction that leaves Japan."""
    sixteen = item_16(case)
    blocks: tuple[Block, ...] = (
        *sample_note(case),
        *_deal(case),
        Heading(both("2. 当事者", "2. Parties"), 2),
        *party_grid(case),
        *screening_blocks(case),
        *_uses(case),
        *_guideline(case, sixteen),
        *_tests(sixteen),
        *_gates(case),
        *_missing(case),
        *_close(case),
    )
    return Paper("jp-screening", TITLE, blocks, ("ja", "en"), case.foot, leaves="in")


def _deal(case: Case) -> tuple[Block, ...]:
    order, sixteen = case.order, item_16(case)
    rows = (
        order.field("jp.screening_no"),
        Field("made", both("審査日", "day of screening"), case.made.isoformat()),
        order.field("order.contract_no"),
        order.field("order.order_no"),
        Field("goods.name", both("品名", "name of the goods"), goods_cell(case)),
        Field("goods.hs", both("HSコード", "HS code"), given_cell(case, "hs")),
        Field("goods.value", both("価額", "value"), given_cell(case, "value")),
        Field("destination", both("最終仕向地", "final destination"), place_cell(case, "destination")),
        Field("via", both("経由地", "passed on the way"), via_cell(case)),
        Field("order.shipment_date", both("船積み予定日", "planned day of shipment"), order.cell("order.shipment_date")),
        Field("end_use", both("具体的な用途", "exact end use"), given_cell(case, "end_use_text")),
        order.field("jp.use_site"),
        Field("classification", both("該非判定の結果", "result of the classification"), result_words(case, judged_entries(case))),
        Field("item16.kind", both("16の項の区分", "part of item 16"), sixteen.kind_words),
        Field("item16.group", both("仕向地の区分", "group of the destination"), sixteen.group_words or fact_gap("destination", case.terms)),
    )
    return Heading(both("1. 取引の概要", "1. The deal"), 2), Fields(rows)


# -- end use, end user, notice, guideline --------------------------------------------------


def _check(case: Case, name: str) -> Check:
    """A question of the law with the answer stated; nothing stated is unknown."""
    gap, value = fact_gap(name, case.terms), case.determination.transaction.value(name)
    mark = "unknown" if value is None else "yes" if value else "no"
    return Check(gap.label, mark, gap if value is None else gap.ask)


def _uses(case: Case) -> tuple[Block, ...]:
    value = case.determination.transaction.value("meti_inform")
    about = case.terms.facts["meti_inform"]
    if isinstance(value, str):
        words: Text = {lang: case.terms.value_label(about, value, lang) for lang in ("ja", "en")}
        inform = Check(about.label, "no" if value == "none" else "yes", words)
    else:
        inform = Check(about.label, "unknown", Gap(about.label, about.ask))
    return (
        Heading(both("3. 用途の確認", "3. End use"), 2),
        Checks(tuple(_check(case, name) for name in _USE)),
        Heading(both("4. 需要者の確認", "4. End user"), 2),
        Checks(tuple(_check(case, name) for name in _USER)),
        Heading(both("5. 経済産業大臣からの通知(インフォーム)", "5. Notice of METI (inform)"), 2),
        Checks((inform,)),
        *(Paragraph(_official(answer), "note") for answer in _official_answers(case)),
    )  # fmt: skip


def _official_answers(case: Case) -> list[Answer]:
    """What METI's Q&A says on which knowledge counts."""
    return [
        a for id, a in case.register.answers.items() if id.startswith("jp-qa-") and any(m.startswith("jp-catchall-wmd") for m in a.measures)
    ]


def _official(answer: Answer) -> Text:
    return {lang: f"{said(answer.question, lang)} → {said(answer.answer, lang)} ({answer.id})" for lang in ("ja", "en")}


def _guideline(case: Case, sixteen: Item16) -> tuple[Block, ...]:
    needed = both(
        "需要者要件に当たるときだけ使います。一つでも確かでなければ「明らか」とはいえません。",
        "Used only where the user test is met. If one point is not certain, it is not evident.",
    )
    boxes = tuple(Check(text, "", _ON_THE_TEXT) for text in _OPEN)
    note = both(
        "ガイドラインの全文はこの登録簿に収録していません。空欄は原文で確認し、手で記入してください。",
        "The full guideline is not held by this register. Fill the open boxes by hand after reading its text.",
    )
    notes = [Paragraph(needed, "note"), Paragraph(note, "warning")]
    if sixteen.group == GROUP_A:
        notes.append(Paragraph(both(
            "グループA向けは、通知(インフォーム)を受けたときだけ許可が要ります。",
            "For Group A a licence is needed only after a notice of METI.",
        ), "note"))  # fmt: skip
    return (
        Heading(both("6. 明らかガイドラインの確認", "6. 'Obviously not' guideline"), 2),
        Checks((_check(case, "clearly_other_use"), *boxes)),
        *notes,
    )


# -- what the law says -----------------------------------------------------------------------


def _tests(sixteen: Item16) -> tuple[Block, ...]:
    """Tests that fit or may fit with every condition; those ruled out in one line, with what rules them out."""
    blocks: list[Block] = [Heading(both("7. キャッチオールの要件(条件ごと)", "7. Catch-all tests, condition by condition"), 2)]
    head = (both("条件", "condition"), both("述べられた事実", "facts stated"), both("照合", "compared"))
    for test in sixteen.tests:
        if test.finding.answer != DOES_NOT:
            blocks.append(Heading(_title(test), 3))
            blocks.append(Paragraph(joined(both("結果: ", "Result: "), FINDINGS[test.finding.answer], apart="")))
            blocks.append(Grid(head, tuple(_row(row) for row in test.conditions), (3, 2.5, 0.9)))
    ruled_out = [test for test in sixteen.tests if test.finding.answer == DOES_NOT]
    if ruled_out:
        head = (both("要件", "test"), both("満たさない条件", "condition not met"), both("述べられた事実", "facts stated"))
        blocks.append(Heading(both("述べられた事実では当てはまらない要件", "Tests that do not apply on the facts stated"), 3))
        blocks.append(Grid(head, tuple((_title(test), *_decisive(test)) for test in ruled_out), (3, 2.5, 2.5)))
    return tuple(blocks)


def _title(test: Tested) -> Text:
    return joined(test.finding.measure.title, dict.fromkeys(("ja", "en"), f"({test.finding.measure.text})"))


def _decisive(test: Tested) -> tuple[Cell, Cell]:
    """The shortest condition that fails; else the goods are of no item that the test covers."""
    failing = sorted((row for row in test.conditions if row.met is False), key=lambda row: len(row.text["ja"]))
    if failing:
        return failing[0].text, failing[0].stated
    if test.finding.excepted:
        return joined(
            both("例外: ", "exception: "), test.finding.excepted[0].unless.note or {"ja": test.finding.excepted[0].unless.text}, apart=""
        ), ""
    return both("対象の貨物ではありません", "not goods that the test covers"), ""


def _row(row: Condition) -> tuple[Cell, ...]:
    return row.text, YES_NO[None] if isinstance(row.stated, Gap) else row.stated, MET[row.met]


def _gates(case: Case) -> tuple[Block, ...]:
    """Each gate of Japanese law; other laws that are or may be touched in one line each."""
    d = case.determination
    rows = []
    for j in d.jurisdictions:
        if j.reach is False:
            continue
        name = (
            case.terms.places[j.jurisdiction].label if j.jurisdiction in case.terms.places else {"ja": j.jurisdiction, "en": j.jurisdiction}
        )
        if j.jurisdiction == "JP":
            for gate in j.gates:
                acts = [f for f in gate.findings if f.binds or f.may_bind]
                rows.append((joined(name, GATES[gate.gate]), ANSWERS[gate.answer], _articles(acts), _standings(case, acts)))
        else:
            rows.append((name, ANSWERS[j.answer], "", both("別の書類で確認", "see its own sheet")))
    head = (both("窓口", "gate"), both("答え", "answer"), both("条文", "articles"), both("効力", "standing"))
    scope = both(
        "答えは、登録簿に収録のある範囲と述べられた事実だけによります。一つの窓口の答えは、他の窓口の答えを意味しません。",
        "Every answer rests on what the register holds and on the facts stated. A no at one gate is not a no at another.",
    )
    return Heading(both("8. 窓口ごとの答え", "8. Answers by gate"), 2), Grid(head, tuple(rows), (2, 1.5, 2.5, 2)), Paragraph(scope, "note")


def _articles(findings: list[Finding]) -> str:
    return "; ".join(dict.fromkeys(f.measure.text for f in findings)) or "–"


def _standings(case: Case, findings: list[Finding]) -> Text | str:
    words = [standing_words(f.status, case.register) for f in findings]
    unique = list({word["ja"]: word for word in words}.values())
    return joined(*unique, apart="; ") if unique else "–"


def _missing(case: Case) -> tuple[Block, ...]:
    """What the catch-all, sanctions and other gates still ask; facts of the goods stand in the classification sheet."""
    mine = [f for f in case.determination.findings if f.act.jurisdiction == "JP" and f.gate != "dual_use" and (f.binds or f.may_bind)]
    names = dict.fromkeys(name for f in mine for name in f.missing)
    heading = Heading(both("9. 足りない事実", "9. Facts that are missing"), 2)
    if not names:
        return heading, Paragraph(both(
            "収録のある要件が尋ねる事実は述べられています(貨物の事実は該非判定書)。",
            "The facts that the tests held ask for are stated (facts of the goods: see the classification sheet).",
        ))  # fmt: skip
    head = (both("足りない事実", "missing fact"), both("確認すること", "what to ask"))
    rows = tuple((fact_name(name, case.terms), fact_gap(name, case.terms).ask or fact_name(name, case.terms)) for name in names)
    return heading, Grid(head, rows, (2, 4))


def _close(case: Case) -> tuple[Block, ...]:
    choices = (
        both("許可を申請する", "apply for a licence"), both("条件を付けて進める(条件を記入)", "go on under conditions (write them down)"),
        both("事実を確認してから審査し直す", "find out the facts and screen again"), both("取引をしない", "do not go on"),
    )  # fmt: skip
    return (
        Heading(both("10. 審査の結論(手書き)", "10. Decision (by hand)"), 2),
        Checks(tuple(Check(choice) for choice in choices)),
        Fields((case.order.field("jp.sales"), case.order.field("people.judge"), case.order.field("people.approver"))),
        Signatures((
            both("営業担当 署名・日付", "sales: signature, date"), both("審査者 署名・日付", "screened by: signature, date"),
            both("承認者 署名・日付", "approved by: signature, date"),
        )),
    )  # fmt: skip
