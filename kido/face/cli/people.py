"""`kido accounts …`: the people of a team. The first admin is made here; later ones also on the pages."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kido.face.cli.flags import Json, Lang

accounts = typer.Typer(no_args_is_help=True, help="People who sign in. 利用者。")
Name = Annotated[str, typer.Argument(help="name of the account; 利用者の名前")]
Role = Annotated[str, typer.Option("--role", help="reader, clerk, approver or admin")]


@accounts.command()
def add(name: Name, role: Role = "clerk", lang: Lang = None) -> None:
    """Make an account; its password is asked for, or read from standard input. 利用者を加える。"""
    from kido import desk

    desk.people().add(name, _password(lang), role, desk.user())
    _said("accounts.added", lang, name=name, role=role)


@accounts.command("list")
def list_(lang: Lang = None, json_: Json = False) -> None:
    """Everybody who has an account. 利用者の一覧。"""
    from dataclasses import asdict

    from kido import desk
    from kido.face.cli.output import put_json
    from kido.face.cli.sheet import Page
    from kido.face.language import chosen, word

    found = desk.people().list()
    if json_:
        put_json({"accounts": [asdict(one) for one in found]})
        return
    lang = chosen(lang)
    page = Page(lang)
    if not found:
        page.line(word("accounts.none", lang), mark="□")
    for one in found:
        page.line(
            f"{one.name}  {word(f'role.{one.role}', lang)}  {'' if one.active else word('accounts.off', lang)}",
            mark="■" if one.active else "□",
        )


@accounts.command()
def password(name: Name, lang: Lang = None) -> None:
    """A new password; sessions and tokens of that person end. パスワードを変える。"""
    from kido import desk

    desk.people().set_password(name, _password(lang))
    _said("accounts.changed", lang, name=name)


@accounts.command()
def role(name: Name, role: Annotated[str, typer.Argument(help="reader, clerk, approver or admin")], lang: Lang = None) -> None:
    """Another role. 役割を変える。"""
    from kido import desk

    desk.people().set_role(name, role)
    _said("accounts.changed", lang, name=name)


@accounts.command()
def off(name: Name, lang: Lang = None) -> None:
    """Switch an account off; the records keep its name. 利用者を止める。"""
    from kido import desk

    desk.people().set_active(name, False)
    _said("accounts.changed", lang, name=name)


@accounts.command()
def on(name: Name, lang: Lang = None) -> None:
    """Switch an account on again. 利用者を再開する。"""
    from kido import desk

    desk.people().set_active(name, True)
    _said("accounts.changed", lang, name=name)


@accounts.command()
def token(
    name: Name, label: Annotated[str, typer.Option("--label", help="what it is for")] = "",
    days: Annotated[int, typer.Option("--days", help="how long it holds")] = 90, lang: Lang = None,
) -> None:  # fmt: skip
    """A token for a program, shown once. プログラム用のトークン。"""
    from kido import desk

    print(desk.people().make_token(name, label, days))


def _password(lang: str | None) -> str:
    from kido.face.language import chosen, word

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return typer.prompt(word("accounts.password", chosen(lang)), hide_input=True, confirmation_prompt=True)


def _said(id: str, lang: str | None, **values: str) -> None:
    from kido.face.language import chosen, word

    print(word(id, chosen(lang), **values))
