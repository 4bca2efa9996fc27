"""Records on the terminal."""

from __future__ import annotations

import sys
from datetime import date

from kido import desk
from kido.errors import KidoError, Problem
from kido.face import records_view
from kido.face.cli.output import put_json
from kido.face.cli.sheet import Page
from kido.face.language import chosen, word
from kido.records.book import New, seq_of
from kido.records.chain import printable  # what others wrote must not steer a terminal

SHOWN_ASKING = 20


def keep(news: list[New], lang: str) -> list[str]:
    """Keep answers and say under which numbers, on standard error; their numbers."""
    kept = desk.keep(news)
    ids = [one.id for one in kept]
    print(word("records.kept", lang, record=", ".join(ids)), file=sys.stderr)
    return ids


def listed(
    text: str, kind: str, who: str, answer: str, since: str | None, until: str | None, before: str | None, limit: int, lang: str | None, as_json: bool
) -> None:  # fmt: skip
    """One line a record."""
    lang = chosen(lang)
    found = desk.records(text, kind, who, answer, since, until, seq_of(before) if before else None, limit)
    shown = records_view.listed(found, lang)
    if as_json:
        put_json({"records": shown})
        return
    page = Page(lang)
    if not shown:
        place, count = desk.records_held()
        page.line(word("records.none", lang, count=count, place=place), mark="□")
    for one in shown:
        line = f"{one['id']}  {one['at_words']}  {one['who']}  {one['kind_words']}: {one['subject']} → {one['answer_words']} ({one['decision_words']})"
        page.line(printable(line), mark=records_view.MARKS[one["decision"]])
        if one["damaged"]:
            page.line(word("record.damaged", lang), 1, mark="✕")
    if len(shown) == limit:
        page.line(word("records.more", lang, record=shown[-1]["id"]))


def one(id: str, part: str, lang: str | None, as_json: bool) -> None:
    """One record, or the bytes of a part of it."""
    lang = chosen(lang)
    kept = desk.record(id)
    if part:
        name = part if part in ("facts", "answer") else f"file:{part.removeprefix('file:')}"
        sys.stdout.flush()
        sys.stdout.buffer.write(desk.part_of(kept, name))
        return
    shown = records_view.whole(kept, lang)
    if as_json:
        put_json(shown)
        return
    page = Page(lang)
    page.mark(printable(f"{shown['id']}  {shown['kind_words']}: {shown['subject']}"), "bold")
    page.line(f"{shown['answer_words']}  ({shown['on']}, {shown['register']}, kido {shown['program']})", 1)
    page.line(f"{shown['at_words']}  {shown['who']}", 1)
    page.line(shown["decision_words"], 1, mark=records_view.MARKS[shown["decision"]])
    page.line(shown["shipped_words"], 1)
    page.line(shown["kept_words"], 1)
    for rule in shown["keep"]:
        page.line(f"{rule['title']}: {rule['words']}", 2)
    for remark in shown["remarks"]:
        page.line(printable(f"{remark['at_words']}  {remark['who']}  {remark['words']}  {remark['text']}"), 1, mark="・")
    for file in shown["files"]:
        page.line(printable(file), 1, mark="▸")
    page.line(shown["hash"], 1, style="dim")


def say(id: str, kind: str, text: str, lang: str | None, as_json: bool) -> None:
    """Add a remark; people of a team decide where they sign in."""
    lang = chosen(lang)
    desk.alone_may(kind)
    kept = desk.remark(id, kind, desk.user(), "", text.strip() or None) if kind == "shipped" else desk.remark(id, kind, desk.user(), text)
    shown = records_view.whole(kept, lang)
    if as_json:
        put_json(shown)
        return
    last = shown["remarks"][-1]
    Page(lang).line(printable(f"{shown['id']}  {last['who']}  {last['words']}  {last['text']}"), mark="・")


def verify(mark: str, lang: str | None, as_json: bool) -> int:
    """The chain worked out again; 1 where a fault was found."""
    lang = chosen(lang)
    found = desk.verify_records(mark)
    if as_json:
        shown = {"entries": found.entries, "contents": found.contents, "removed": found.removed, "mark": found.mark, "book": found.book}
        put_json(shown | {"problems": [one.to_dict() for one in found.problems]})
        return 1 if found.problems else 0
    page = Page(lang)
    if found.problems:
        page.line(word("records.broken", lang, count=len(found.problems)), style="bold", mark="✕")
        for problem in found.problems:
            page.raw(problem.text(lang))
        return 1
    page.line(word("records.verified", lang, entries=found.entries, contents=found.contents), mark="●")
    if found.removed:
        page.line(word("records.removed_count", lang, count=found.removed), 1)
    if mark:
        page.line(word("records.mark_found", lang, mark=mark), mark="●")
    if found.mark:
        page.line(word("records.mark", lang, mark=found.mark))
    return 0


def due(on: str | None, remove: bool, lang: str | None, as_json: bool) -> None:
    """What may go, what waits for a day; and with `remove`, what went."""
    lang, day = chosen(lang), on or date.today().isoformat()
    if remove and desk.as_date(day, "--on") > date.today():
        raise KidoError(Problem("day-to-come", "--on", day))
    over, asking = desk.due_records(day)
    if remove:
        over = desk.remove_records(day, desk.user())
    shown = [records_view.due(one, lang) for one in over]
    asked = [records_view.due(one, lang) for one in asking]
    if as_json:
        put_json({"on": day, "over": shown, "asking": asked, "removed": len(shown) if remove else 0})
        return
    page = Page(lang)
    page.line(word("records.over", lang, on=day, count=len(shown)), style="bold")
    for one in shown:
        page.line(printable(f"{one['id']}  {one['at_words']}  {one['kind_words']}: {one['subject']} ({one['kept_until']})"), 1, mark="・")
    page.line(word("records.asking", lang, count=len(asked)))
    for one in asked[:SHOWN_ASKING]:
        page.line(printable(f"{one['id']}  {one['at_words']}  {one['kind_words']}: {one['subject']}"), 1, mark="？")
    if len(asked) > SHOWN_ASKING:
        page.line(word("web.more", lang, count=len(asked) - SHOWN_ASKING), 1)
    if shown:
        page.line(word("records.removed_now", lang, count=len(shown)) if remove else word("records.remove_how", lang))


def export(into: str, since: str | None, until: str | None, lang: str | None) -> None:
    lang = chosen(lang)
    count = desk.export_records(into, since, until)
    Page(lang).line(word("records.exported", lang, count=count, folder=into), mark="▸")


def backup(into: str, lang: str | None) -> None:
    lang = chosen(lang)
    Page(lang).line(word("records.backed_up", lang, count=desk.backup_records(into), file=into), mark="▸")


def restore(file: str, lang: str | None) -> None:
    lang = chosen(lang)
    Page(lang).line(word("records.restored", lang, count=desk.restore_records(file)), mark="▸")


def replay(id: str, lang: str | None, as_json: bool) -> int:
    """The recorded answer again; 1 where it is not the same."""
    lang = chosen(lang)
    shown = records_view.replayed(desk.replay(id, records_view.bytes_of), lang)
    if as_json:
        put_json(shown)
    else:
        page = Page(lang)
        page.line(f"{shown['id']}: {shown['words']}", style="bold", mark="●" if shown["same"] else "✕")
        for note in shown["notes"]:
            page.line(note, 1, mark="※")
        today = shown["today"]
        page.line(today["words"], mark="●" if today["same"] else "◐")
        for difference in today["differences"]:
            page.line(printable(f"{difference['path']}: {difference['then']} → {difference['now']}"), 1, mark="・")
        for problem in today["problems"]:
            page.line(problem["wrong"][lang], 1, mark="✕")
    return 0 if shown["same"] else 1
