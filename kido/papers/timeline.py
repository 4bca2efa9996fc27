"""The timeline of a licence: steps from papers to shipment, statutory days in working days beside what firms report, reminders.

    timeline(case)  -> Timeline
    build(case)     -> Paper `timeline`

Statutory days are counted on the calendar of the authority's country from the day of acceptance. Where that day is not known the
page says from which day it counts instead. A buyer on the watch list has no statutory clock, and no end is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kido.papers.case import Case
from kido.papers.document import Block, Field, Fields, Gap, Grid, Heading, Paper, Paragraph
from kido.papers.legal_words import both
from kido.papers.order import order_fields
from kido.papers.stated import sample_note
from kido.papers.workdays import Calendar, calendar
from kido.register.model import Procedure
from kido.terms.text import Text

TITLE = both("許可までの日程", "Timeline to the licence")
CUSTOMS_DAYS = 7  # working days to answer a query of Chinese customs (GACC notice 123 of 2025)
_BEFORE = timedelta(days=14)  # how long ahead a reminder rings
_GOUDSMIT = "https://www.goudsmit.co.uk/impact-of-chinas-restriction-on-rare-earth-metal-exports-july-2025-update"
_XHMAG = "https://xhmag.com/china-dual-use-item-export-license-application-guide-for-dy-tb-included-magnet/"
_PREPARE, _FILE, _SHIP = (3, 20), (5, 20), (7, 30)  # calendar days that magnet firms report (the two pages above, 2025)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `first` and `last` are the days it may end on; None where no day can be given. `fixed`: it is a stated fact."""

    id: str
    text: Text
    first: date | None
    last: date | None
    basis: Text
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    id: str
    on: date
    text: Text


@dataclass(frozen=True, slots=True)
class Timeline:
    """`end` is the last statutory day, None without a clock; `accepted` the day it is counted from, stated or assumed."""

    procedure: Procedure | None
    calendar: Calendar | None
    accepted: date | None
    stated: bool
    end: date | None
    bound: bool
    steps: tuple[Step, ...]
    reminders: tuple[Reminder, ...]


def timeline(case: Case) -> Timeline:
    """Steps and reminders of the first procedure that the determination names; without one, an empty timeline."""
    procedure = next(iter(case.determination.procedures), None)
    if procedure is None:
        return Timeline(None, None, None, False, None, True, (), ())
    place = procedure.act.split("-")[0].upper()
    days = calendar(place, case.terms)
    accepted, stated = _accepted(case)
    bound = procedure not in case.determination.unbound and procedure.working_days is not None
    end = days.after(accepted, procedure.working_days) if bound and procedure.working_days else None
    steps = _steps(case, procedure, accepted, stated, end)
    return Timeline(procedure, days, accepted, stated, end, bound, steps, _reminders(case, days, end, stated))


def _accepted(case: Case) -> tuple[date, bool]:
    """The day of acceptance, or the day it is assumed to be: filing, else the day the papers are made."""
    found = _day(case, "licence.accepted")
    return (found, True) if found else (_day(case, "licence.filed") or case.made, False)


def _day(case: Case, key: str) -> date | None:
    value = case.order.values.get(key)
    return value if isinstance(value, date) else None


def _steps(case: Case, procedure: Procedure, accepted: date, stated: bool, end: date | None) -> tuple[Step, ...]:
    """Each step from what is stated, else from the end of the step before and the days that firms report."""
    reported = both("企業の報告(暦日)。約束ではありません", "reported by firms (calendar days), no promise")
    fact = both("述べられた日", "as stated")
    rule = both("法定: 受理から{days}業務日", "statutory: {days} working days from acceptance", days=procedure.working_days)
    plan = (
        ("papers", both("書類をそろえ、原本を発送する", "papers complete, originals sent"), _PREPARE, "licence.papers_sent"),
        ("filed", both("輸出者が申請する", "the exporter files"), _FILE, "licence.filed"),
        ("accepted", both("受理される(法定の日数はここから)", "the file is accepted (the clock starts)"), None, "licence.accepted"),
        ("licence", both("許可が出る", "the licence is issued"), None, "licence.issued"),
        ("shipped", both("通関し、船積みする", "cleared and shipped"), _SHIP, "licence.shipped"),
    )
    first: date | None = case.made
    last: date | None = case.made
    steps: list[Step] = []
    for place, (id, text, span, key) in enumerate(plan):
        day = _day(case, key)
        later = next((found for *_, other in plan[place + 1 :] if (found := _day(case, other))), None)
        if day:
            first = last = day
            steps.append(Step(id, text, day, day, fact, True))
        elif later:
            first = last = later
            steps.append(
                Step(
                    id,
                    text,
                    None,
                    later,
                    both("後の段階が済んでいます。日は述べられていません", "a later step is done; the day is not stated"),
                )
            )
        elif id == "accepted":
            steps.append(Step(id, text, first, None, both("受理の日は当局が決めます", "the authority decides the day of acceptance")))
        elif id == "licence":
            first, last = None, (end if stated else _counted(case, procedure, last)) if end and last else None
            none = both("期限なし(法定の日数は当てはまりません)", "no limit (the statutory days do not bind)")
            steps.append(Step(id, text, None, last, rule if last else none))
        else:
            least, most = span or (0, 0)
            first, last = first and first + timedelta(days=least), last and last + timedelta(days=most)
            steps.append(Step(id, text, first, last, reported))
    return tuple(steps)


def _counted(case: Case, procedure: Procedure, start: date) -> date:
    return calendar(procedure.act.split("-")[0].upper(), case.terms).after(start, procedure.working_days or 0)


def _reminders(case: Case, days: Calendar, end: date | None, stated: bool) -> tuple[Reminder, ...]:
    """Only of days that rest on a stated fact."""
    found: list[Reminder] = []
    number = case.order.values.get("order.order_no", "")
    about = f" ({number})" if number else ""

    def ring(id: str, on: date | None, ja: str, en: str) -> None:
        if on:
            found.append(Reminder(id, on, both(ja + about, en + about)))

    issued, query = _day(case, "licence.issued"), _day(case, "licence.customs_query")
    until, ship = _day(case, "licence.valid_until"), _day(case, "order.shipment_date")
    if stated and end and not issued:
        ring("ask", end - _BEFORE, "許可の進み具合を輸出者に尋ねる", "ask the exporter how the licence stands")
        ring("limit", end, "法定の日数が終わる日(延びることがあります)", "statutory days end (they may be extended)")
    if query:
        last = days.after(query, CUSTOMS_DAYS)
        ring("customs", last, "税関の質疑への回答期限(7業務日)", "answer to the customs query is due (7 working days)")
    if until:
        ring("renew", until - timedelta(days=60), "許可の有効期限の60日前", "60 days before the licence ends")
        ring("expires", until, "許可の有効期限", "last day of the licence")
    if ship:
        ring("ship", ship - _BEFORE, "船積み予定日の14日前", "14 days before the planned shipment")
    if days.official.year == case.made.year:
        december = date(case.made.year, 12, 15)
        ring("calendar", max(december, case.made), "翌年の公式の休日表が出たか確かめ、日程を作り直す", "see whether next year's official calendar is out; make the timeline again")  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.on, one.id)))


def build(case: Case) -> Paper | None:
    """The page; None where no procedure is named, so that there is nothing to count."""
    found = timeline(case)
    if found.procedure is None:
        return None
    blocks = (*sample_note(case), *_clock(found), *_table(found), *_practice(found), *_ringing(found))
    return Paper("timeline", TITLE, blocks, ("ja", "en"), case.foot, leaves="in")


def _clock(found: Timeline) -> tuple[Block, ...]:
    procedure, days = found.procedure, found.calendar
    rows = [Field("timeline.procedure", both("手続", "procedure"), procedure.name), Field("timeline.authority", both("当局", "authority"), procedure.authority)]  # fmt: skip
    if not found.bound:
        warn = both(
            "法定の日数は当てはまりません。期限の見込みは立てられません。", "The statutory days do not bind here. No end can be given."
        )
        why = procedure.not_counted if procedure.working_days and procedure.not_counted else None
        return (Heading(both("1. 法定の日数", "1. Statutory days"), 2), Fields(tuple(rows)), Paragraph(warn, "warning"), *((Paragraph(why),) if why else ()))  # fmt: skip
    start = found.accepted.isoformat()
    label = both("受理日", "accepted on")
    ask = order_fields()["licence.accepted"].ask
    rows += [
        Field("licence.accepted", label, start if found.stated else Gap(label, ask)),
        Field("timeline.days", both("法定の日数", "statutory days"), both("受理から{n}業務日", "{n} working days from acceptance", n=procedure.working_days)),
        Field("timeline.end", both("その最終日", "their last day"), found.end.isoformat() if found.stated else both(
            "{end}({start}に受理されたとした場合)", "{end} (if the file is accepted on {start})", end=found.end, start=start)),
    ]  # fmt: skip
    notes: list[Block] = [Paragraph(procedure.not_counted)] if procedure.not_counted else []
    if days.estimated(found.end):
        notes.append(Paragraph(both(
            "{place}の公式の休日表は{until}までしか登録されていません。それより後は、法律の定める祝日と週末だけを除いた見込みです。"
            "振替の出勤日と休日は、公式の休日表が出てから数え直してください。",
            "The official calendar of {place} is held until {until} only. After that day only statutory holidays and weekends are left out: an estimate. "
            "Exchanged days are to be counted again when the official calendar is out.",
            place=days.place, until=days.official,
        ), "warning"))  # fmt: skip
    return (Heading(both("1. 法定の日数", "1. Statutory days"), 2), Fields(tuple(rows)), *notes)


def _table(found: Timeline) -> tuple[Block, ...]:
    none = both("分かりません", "not known")
    rows = tuple(
        (
            str(n),
            step.text,
            step.first.isoformat() if step.first else "–",
            step.last.isoformat() if step.last else none,
            step.basis,
        )
        for n, step in enumerate(found.steps, 1)
    )
    head = (both("順", "no."), both("段階", "step"), both("早ければ", "earliest"), both("遅ければ", "latest"), both("根拠", "basis"))
    note = both(
        "企業の報告する日数の出典: {a} (2025年7月)、{b} (2025年)。確度は中。",
        "Source of the days that firms report: {a} (July 2025), {b} (2025); confidence medium.",
        a=_GOUDSMIT, b=_XHMAG,
    )  # fmt: skip
    return (Heading(both("2. 日程", "2. Steps"), 2), Grid(head, rows, (0.5, 3, 1.3, 1.3, 2.6)), Paragraph(note, "note"))


def _practice(found: Timeline) -> tuple[Block, ...]:
    """What others report, newest first: context, not a forecast."""
    seen = sorted(found.procedure.observed, key=lambda one: one.date, reverse=True)
    if not seen:
        return ()
    head = (both("時期", "when"), both("報告", "report"), both("報告した者", "by"), both("確度", "confidence"), both("出典", "source"))
    rows = tuple((one.date, one.said, one.by, one.confidence, one.url) for one in seen)
    note = both("予測ではありません。数え方は報告ごとに異なります。", "No forecast. The reports count in different ways.")
    return (Heading(both("3. 報告された実際", "3. What was reported"), 2), Paragraph(note, "note"), Grid(head, rows, (1, 4, 1.4, 0.9, 2.6)))


def _ringing(found: Timeline) -> tuple[Block, ...]:
    head = (both("日", "day"), both("知らせ", "reminder"))
    rows = tuple((one.on.isoformat(), one.text) for one in found.reminders)
    title = Heading(both("4. 知らせ(reminders.ics にも入っています)", "4. Reminders (also in reminders.ics)"), 2)
    if not rows:
        return (
            title,
            Paragraph(both("日付の述べられた出来事がないため、知らせはありません。", "No dated event is stated, so there is no reminder.")),
        )
    return (title, Grid(head, rows, (1, 5)))
