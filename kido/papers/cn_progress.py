"""進捗表: one page for the customer: which steps are done, on which day, and what is open. No price and no end use stands on it.

build(case)  -> Paper `cn-9-progress`
"""

from __future__ import annotations

from kido.papers.case import Case
from kido.papers.cn_stated import goods_names, order_field, party_fields, sample_lines, words
from kido.papers.document import Block, Field, Fields, Grid, Heading, Paper, Paragraph
from kido.papers.timeline import timeline

TITLE = words("进度表", "輸出許可の進捗表", "Progress of the export licence")
_DONE, _OPEN = words("完成", "済み", "done"), words("未完成", "これから", "open")
_NOTE = words(
    "法定审查期限是法律规定的期限，并非承诺。许可与否由中国主管机关决定。",
    "法定の日数は法令上の期限で、約束ではありません。許可するかどうかは中国の当局が決めます。",
    "Statutory days are a limit in law and no promise. The Chinese authority decides whether to grant the licence.",
)


def build(case: Case) -> Paper:
    """The steps of the timeline; of what is not done, only the statutory end is given where it is counted from a stated day."""
    found = timeline(case)
    rows = tuple(
        (str(number), step.text, _DONE if step.fixed else _OPEN, step.last.isoformat() if step.fixed and step.last else "–")
        for number, step in enumerate(found.steps, 1)
    )
    limit = (
        found.end.isoformat()
        if found.stated and found.end
        else words("受理日未定", "受理日が決まってから数えます", "counted once the file is accepted")
    )
    none = words("不适用法定期限", "法定の日数は当てはまりません", "the statutory days do not bind")
    blocks: tuple[Block, ...] = (
        *sample_lines(case),
        Fields((*party_fields(case, "end_user", ("name",)), order_field(case, "order.order_no"), Field("goods.name", words("品名", "品名", "goods"), goods_names(case)))),
        Heading(words("1. 进度", "1. 進み具合", "1. Steps"), 2),
        Grid((words("序号", "順", "no."), words("步骤", "段階", "step"), words("状态", "状態", "state"), words("日期", "日付", "day")), rows, (0.5, 4, 1, 1.3)),
        Heading(words("2. 期限", "2. 期限", "2. Limit"), 2),
        Fields((Field("progress.limit", words("法定审查期限末日", "法定の審査期間の最終日", "last statutory day"), limit if found.bound else none),)),
        Paragraph(_NOTE, "note"),
        Fields((order_field(case, "people.contact"), order_field(case, "people.phone"), order_field(case, "people.mail"))),
    )  # fmt: skip
    return Paper("cn-9-progress", TITLE, blocks, ("ja", "en"), case.foot, one_page=True)
