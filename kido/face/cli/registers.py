"""`kido register …`: search, a day, a timeline, coverage, versions, exchange."""

from __future__ import annotations

from typing import Annotated

import typer

from kido.face.cli.flags import Json, KnownOn, Lang, On

registers = typer.Typer(no_args_is_help=True, help="The acts and what is in force. 法令と、いま効いているもの。")


class Wanted:
    """What a search asks for; every flag narrows it."""

    Element = Annotated[str | None, typer.Option("--element", help="element or material: Dy, ネオジム, gallium")]
    Form = Annotated[str | None, typer.Option("--form", help="form of the goods")]
    Hs = Annotated[str | None, typer.Option("--hs", help="HS prefix, 2 digits or more")]
    Code = Annotated[str | None, typer.Option("--code", help="beginning of a control code")]
    Word = Annotated[str | None, typer.Option("--word", help="a word in ja, en or zh")]
    Kind = Annotated[str | None, typer.Option("--kind", help="licence, ban, quota, export_tax, stockpile, agreement …")]
    Why = Annotated[str | None, typer.Option("--justification", help="a word of the stated reason")]
    Place = Annotated[str | None, typer.Option("--place", help="country the measure is of, against or with")]
    Of = Annotated[str | None, typer.Option("--jurisdiction", help="whose law: CN, JP, US, EU …")]


def _wanted(**flags: str | None) -> dict[str, str]:
    return {name: value for name, value in flags.items() if value is not None}


@registers.command("list")
def register_list(
    on: On = None, known_on: KnownOn = None, lang: Lang = None, json_: Json = False,
    element: Wanted.Element = None, form: Wanted.Form = None, hs: Wanted.Hs = None, code: Wanted.Code = None, word: Wanted.Word = None,
    kind: Wanted.Kind = None, justification: Wanted.Why = None, place: Wanted.Place = None, jurisdiction: Wanted.Of = None,
) -> None:  # fmt: skip
    """Acts that fit, each with its standing on a day. 法令の検索と、その日の効力。"""
    from kido.face.cli import shelf

    wanted = _wanted(
        element=element,
        form=form,
        hs=hs,
        code=code,
        word=word,
        kind=kind,
        justification=justification,
        place=place,
        jurisdiction=jurisdiction,
    )
    shelf.list_acts(on, known_on, lang, json_, wanted)


@registers.command("as-of")
def register_as_of(
    on: Annotated[str, typer.Argument(help="the day, for example 2012-06-30")],
    known_on: KnownOn = None, lang: Lang = None, json_: Json = False,
    element: Wanted.Element = None, form: Wanted.Form = None, hs: Wanted.Hs = None, code: Wanted.Code = None, word: Wanted.Word = None,
    kind: Wanted.Kind = None, justification: Wanted.Why = None, place: Wanted.Place = None, jurisdiction: Wanted.Of = None,
) -> None:  # fmt: skip
    """What stood on a day, with the figures of that day. ある日に効力があったもの。"""
    from kido.face.cli import history

    wanted = _wanted(
        element=element,
        form=form,
        hs=hs,
        code=code,
        word=word,
        kind=kind,
        justification=justification,
        place=place,
        jurisdiction=jurisdiction,
    )
    history.as_of(on, known_on, lang, json_, wanted)


@registers.command("timeline")
def register_timeline(
    lang: Lang = None, json_: Json = False,
    first: Annotated[str | None, typer.Option("--from", help="first day shown")] = None,
    last: Annotated[str | None, typer.Option("--until", help="last day shown; today if left out")] = None,
    chart: Annotated[str | None, typer.Option("--chart", help="also draw it: FILE.svg")] = None,
    element: Wanted.Element = None, form: Wanted.Form = None, hs: Wanted.Hs = None, code: Wanted.Code = None, word: Wanted.Word = None,
    kind: Wanted.Kind = None, justification: Wanted.Why = None, place: Wanted.Place = None, jurisdiction: Wanted.Of = None,
) -> None:  # fmt: skip
    """The standing of measures over time, as text and as a chart. 措置の経過。"""
    from kido.face.cli import history

    wanted = _wanted(
        element=element,
        form=form,
        hs=hs,
        code=code,
        word=word,
        kind=kind,
        justification=justification,
        place=place,
        jurisdiction=jurisdiction,
    )
    history.timeline(lang, json_, wanted, first, last, chart)


@registers.command("coverage")
def register_coverage(lang: Lang = None, json_: Json = False) -> None:
    """What is held of each jurisdiction and, first, what is not. 収録していないもの、しているもの。"""
    from kido.face.cli import history

    history.coverage(lang, json_)


@registers.command("show")
def register_show(
    id: Annotated[str, typer.Argument(help="an act or measure, e.g. cn-mofcom-gacc-2025-18")],
    on: On = None, known_on: KnownOn = None, lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """One act: standing, history, measures, items, doubts, sources. 法令一件の全体。"""
    from kido.face.cli import shelf

    shelf.show_act(id, on, known_on, lang, json_)


@registers.command("export")
def register_export(
    format: Annotated[str, typer.Argument(help="json, csv, parquet, sqlite, qr, mast2012, mast2019, oecd or gta")],
    into: Annotated[str, typer.Argument(help="a new or empty folder; it is made, the folder around it must be there")],
    on: Annotated[str | None, typer.Option("--on", help="of a form of others: only what stands, or may stand, on this day")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="put the files in place of an earlier export of the same form")] = False,
    lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """The register in an open form, into a new or empty folder; a report says what is lost. 公開形式での書き出し(新しいフォルダーへ)。"""
    from kido.face.cli import versions

    versions.export(format, into, on, replace, lang, json_)


@registers.command("foreign")
def register_foreign(
    file: Annotated[str | None, typer.Argument(help="CSV of others' measures to add; without it, what is there and where it disagrees")] = None,
    remove: Annotated[str | None, typer.Option("--remove", help="take a layer away by its name")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="put the file in place of the layer of the same name")] = False,
    lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """Measures as others state them, as layers beside the register; they never change an answer. 他者が示す措置(別の層)。"""
    from kido.face.cli import versions

    versions.foreign(file, remove, replace, lang, json_)


@registers.command("bundle")
def register_bundle(
    key: Annotated[str, typer.Argument(help="private key file, made by kido register key")],
    into: Annotated[str, typer.Argument(help="folder to write to")] = ".",
    lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """The register in use as one signed file to hand on. 署名つきの束を作る。"""
    from kido.face.cli import versions

    versions.bundle(key, into, lang, json_)


@registers.command("key")
def register_key(path: Annotated[str, typer.Argument(help="file to write; .pub is written beside it")], lang: Lang = None) -> None:
    """Make a key to sign bundles with. 署名用の鍵を作る。"""
    from kido.face.cli import versions

    versions.key(path, lang)


@registers.command("trust")
def register_trust(
    name: Annotated[str, typer.Argument(help="your name for the signer")],
    file: Annotated[str | None, typer.Argument(help="the signer's .pub file")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="no longer trust this name")] = False,
    lang: Lang = None,
) -> None:  # fmt: skip
    """Whose bundles may be used; nobody's by default. どの署名者の束を使うか。"""
    from kido.face.cli import versions

    versions.trust(name, file, remove, lang)


@registers.command("pull")
def register_pull(
    source: Annotated[str, typer.Argument(help="path or address of a bundle")], lang: Lang = None, json_: Json = False
) -> None:  # fmt: skip
    """Bring in a newer register; it is verified, kept, and not yet used. 新しい登録簿を取り込む(検証のみ)。"""
    from kido.face.cli import versions

    versions.pull(source, lang, json_)


@registers.command("use")
def register_use(version: Annotated[str, typer.Argument(help="a version, or shipped")], lang: Lang = None) -> None:
    """Answer with this version from now on. この版で答える。"""
    from kido.face.cli import versions

    versions.use(version, lang)


@registers.command("versions")
def register_versions(
    lang: Lang = None, json_: Json = False,
    diff: Annotated[tuple[str, str] | None, typer.Option("--diff", help="what differs between two versions")] = None,
    remove: Annotated[str | None, typer.Option("--remove", help="take a version away")] = None,
) -> None:  # fmt: skip
    """The registers on this machine, and what differs between two. 手元にある版と、その違い。"""
    from kido.face.cli import versions

    versions.versions(lang, json_, diff, remove)
