"""進捗表: one page for the customer: which steps are done, on which day, and what is open. No price and no end use stands on it.

build(case)  -> Paper `cn-9-progress`
"""

from __future__ import annotations

from datetime import date

from kido.papers.case import Case
from kido.papers.cn_stated import goods_names, order_field, party_fields, sample_lines, words
from kido.papers.document import Block, Cell, Field, Fields, Grid, Heading, Paper, Paragraph
from kido.papers.timeline import Timeline, timeline
from kido.terms.text import Text

TITLE = words("进度表", "輸出許可の進捗表", "Progress of the export licence")
_DONE, _PLANNED, _OPEN = words("完成", "済み", "done"), words("计划", "予定", "planned"), words("未完成", "これから", "open")
_UNDATED = words("日期未填写", "日付未記入", "day not stated")
_NOTE = words(
    "法定审查期限是法律规定的期限，并非承诺。许可与否由中国主管机关决定。",
    "法定の日数は法令上の期限で、約束ではありません。許可するかどうかは中国の当局が決めます。",
    "Statutory days are a limit in law and no promise. The Chinese authority decides whether to grant the licence.",
)
_NO_PROCEDURE = words(
    "按已述事实，尚未确定需计算期限的程序。这不表示无需许可。",
    "述べられた事実では、日数を数える手続が決まっていません。許可が要らないという意味ではありません。",
    "On the facts stated no procedure with days to count is known. It does not mean that no licence is needed.",
)


def build(case: Case) -> Paper:
    """The steps of the timeline; of what is not done, only the statutory end is given where it is counted from a stated day."""
    found = timeline(case)
    blocks: tuple[Block, ...] = (
        *sample_lines(case),
        Fields((*party_fields(case, "end_user", ("name",)), order_field(case, "order.order_no"), Field("goods.name", words("品名", "品名", "goods"), goods_names(case)))),
        *(_steps(case, found) if found.procedure else (Paragraph(_NO_PROCEDURE, "warning"),)),
        Fields((order_field(case, "people.contact"), order_field(case, "people.phone"), order_field(case, "people.mail"))),
    )  # fmt: skip
    return Paper("cn-9-progress", TITLE, blocks, ("ja", "en"), case.foot, one_page=True)


def _steps(case: Case, found: Timeline) -> tuple[Block, ...]:
    past = [number for number, step in enumerate(found.steps) if step.fixed and step.last and step.last <= case.made]
    rows = tuple(
        (
            str(number + 1),
            step.text,
            _state(number, step.fixed, past),
            step.last.isoformat() if step.fixed and step.last else "",
        )
        for number, step in enumerate(found.steps)
    )
    head = (words("序号", "順", "no."), words("步骤", "段階", "step"), words("状态", "状態", "state"), words("日期", "日付", "day"))
    done = {found.steps[number].id for number in past}
    return (
        Heading(words("1. 进度", "1. 進み具合", "1. Steps"), 2),
        Grid(head, rows, (0.5, 4, 1, 1.3), ("", "", "", "progress.day")),
        Heading(words("2. 期限", "2. 期限", "2. Limit"), 2),
        Fields(
            (
                Field(
                    "progress.limit",
                    words("法定审查期限末日", "法定の審査期間の最終日", "last statutory day"),
                    _limit(found, case.made, done),
                ),
            )
        ),
        Paragraph(_NOTE, "note"),
    )


def _state(number: int, stated: bool, past: list[int]) -> Text:
    """A step without a day is not said to be done, even where a later one is."""
    if stated:
        return _DONE if number in past else _PLANNED
    return _UNDATED if past and number < past[-1] else _OPEN


def _limit(found: Timeline, made: date, done: set[str]) -> Cell:
    """A day only where it is counted from a stated one; of a day to come it is said that it is."""
    if "licence" in done:
        return words("许可证已签发", "許可は出ています", "the licence has been issued")
    if "shipped" in done:
        return words("货物已发运", "貨物は船積み済みです", "the goods have been shipped")
    if not found.bound:
        return words("不适用法定期限", "法定の日数は当てはまりません", "the statutory days do not bind")
    if found.stated and found.accepted and found.end:
        start, end = found.accepted, found.end.isoformat()
        if start <= made:
            return end
        return words("{end}（如于{start}受理）", "{end}({start}に受理された場合)", "{end} (if accepted on {start})", end=end, start=start)
    return words("受理日未定", "受理日が決まってから数えます", "counted once the file is accepted")
