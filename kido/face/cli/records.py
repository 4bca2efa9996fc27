"""`kido records …`: the record of every answer, and `kido replay`."""

from __future__ import annotations

from typing import Annotated

import typer

from kido.face.cli.flags import Json, Lang

records = typer.Typer(no_args_is_help=True, help="Answers that were kept. 記録した答え。")
Id = Annotated[str, typer.Argument(help="number of the record, for example R12; 記録の番号")]


@records.command("list")
def list_(
    text: Annotated[str, typer.Option("--text", help="a piece of what it is about")] = "",
    kind: Annotated[str, typer.Option("--kind", help="determination, screening or papers")] = "",
    who: Annotated[str, typer.Option("--who", help="who recorded it")] = "",
    answer: Annotated[str, typer.Option("--answer", help="licence_required, no_match …")] = "",
    since: Annotated[str | None, typer.Option("--since", help="recorded on this day or later")] = None,
    until: Annotated[str | None, typer.Option("--until", help="recorded on this day or before")] = None,
    before: Annotated[str | None, typer.Option("--before", help="only records with a smaller number")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000)] = 50,
    lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """Records, newest first. 記録の一覧。"""
    from kido.face.cli import record_page

    record_page.listed(text, kind, who, answer, since, until, before, limit, lang, json_)


@records.command()
def show(
    id: Id, part: Annotated[str, typer.Option("--part", help="facts, answer or a file: its bytes go to standard output")] = "",
    lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """One record with all that was said of it. 一つの記録。"""
    from kido.face.cli import record_page

    record_page.one(id, part, lang, json_)


@records.command()
def say(
    id: Id,
    kind: Annotated[str, typer.Argument(help="comment, approve, reject, shipped, hold or release")],
    text: Annotated[str, typer.Argument(help="what to say; of shipped: the day, or never")] = "",
    lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """Comment on a record, decide on it (a second person), or say when it was shipped. コメント、承認・却下、出荷日。"""
    from kido.face.cli import record_page

    record_page.say(id, kind, text, lang, json_)


@records.command()
def verify(
    mark: Annotated[str, typer.Option("--mark", help="number:hash that an earlier run said")] = "", lang: Lang = None, json_: Json = False
) -> None:
    """Whether the records are as they were written; exit 1 if not. 改ざんの確認。"""
    from kido.face.cli import record_page

    raise typer.Exit(record_page.verify(mark, lang, json_))


@records.command()
def due(
    on: Annotated[str | None, typer.Option("--on", help="the day; today if left out")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="take the contents of those away whose time is over")] = False,
    lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """Records whose time is over by the periods of the register. 保存期間が過ぎた記録。"""
    from kido.face.cli import record_page

    record_page.due(on, remove, lang, json_)


@records.command()
def export(
    into: Annotated[str, typer.Argument(help="a new folder; 新しいフォルダー")],
    since: Annotated[str | None, typer.Option("--since", help="recorded on this day or later")] = None,
    until: Annotated[str | None, typer.Option("--until", help="recorded on this day or before")] = None,
    lang: Lang = None,
) -> None:  # fmt: skip
    """Everything an auditor needs, checkable without kido. 監査用の書き出し。"""
    from kido.face.cli import record_page

    record_page.export(into, since, until, lang)


@records.command()
def backup(into: Annotated[str, typer.Argument(help="a new file; 新しいファイル")], lang: Lang = None) -> None:
    """Copy all records and accounts into one file, while others go on. 控えを取る。"""
    from kido.face.cli import record_page

    record_page.backup(into, lang)


@records.command()
def restore(file: Annotated[str, typer.Argument(help="a backup; 控えのファイル")], lang: Lang = None) -> None:
    """Fill an empty database (KIDO_RECORDS) from a backup. 控えから戻す。"""
    from kido.face.cli import record_page

    record_page.restore(file, lang)


def replay(id: Id, lang: Lang = None, json_: Json = False) -> None:
    """An old answer again, with the register it was given on, and what today's register says; exit 1 if it differs. 答えの再現。"""
    from kido.face.cli import record_page

    raise typer.Exit(record_page.replay(id, lang, json_))
