"""The commands. Each reads its input, calls the desk, and prints the view."""

from __future__ import annotations

import gc
import sys
from copy import copy
from typing import Annotated

import typer

from kido import __version__
from kido.errors import KidoError
from kido.face.cli.flags import Json, JsonLines, Keep, KnownOn, Lang, On
from kido.face.cli.people import accounts
from kido.face.cli.records import records, replay
from kido.face.cli.registers import registers

app = typer.Typer(
    name="kido", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Export controls on rare earths and critical raw materials. 希土類・重要鉱物の輸出管理。",
)  # fmt: skip
app.add_typer(registers, name="register")
app.add_typer(records, name="records")
app.add_typer(accounts, name="accounts")
app.command()(replay)

File = Annotated[
    str | None,
    typer.Argument(
        help="transaction as .yaml, .json or .jsonl; - reads JSON lines; a table as .csv, .xlsx, .xls, .parquet, a folder of them, "
        "or of a database: sqlite:///orders.db::shipments, postgresql://…/trade::shipments"
    ),
]
Pairs = Annotated[list[str] | None, typer.Option("--fact", "-f", help="any fact, name=value; may be repeated")]


Version = Annotated[str | None, typer.Option("--register", help="answer with this version of the register; この版で答える")]


class FactFlags:
    """Flags for the facts people state most; any other goes by --fact name=value."""

    Form = Annotated[str | None, typer.Option("--form", help="form of the goods: magnet, metal, oxide, alloy, assembly, article …")]
    Element = Annotated[str | None, typer.Option("--element", help="the element the goods are named for: Dy, ネオジム …")]
    Contains = Annotated[list[str] | None, typer.Option("--contains", help="content in wt%: Dy=2.5, Tb=present, 'Dy<0.1'; may be repeated")]
    Magnet = Annotated[str | None, typer.Option("--magnet", help="magnet family: NdFeB, SmCo, ferrite …")]
    Origin = Annotated[str | None, typer.Option("--origin", help="country of origin")]
    From = Annotated[str | None, typer.Option("--from", help="country the goods leave")]
    To = Annotated[str | None, typer.Option("--to", help="final destination")]
    Via = Annotated[str | None, typer.Option("--via", help="places passed on the way, comma separated; none for direct")]
    Code = Annotated[str | None, typer.Option("--code", help="control code the supplier stated, e.g. 1C905.a.4")]
    Hs = Annotated[str | None, typer.Option("--hs", help="HS code; it only points")]
    Act = Annotated[str | None, typer.Option("--act", help="export, reexport, transit or technology_transfer")]


@app.command()
def determine(
    file: File = None, form: FactFlags.Form = None, element: FactFlags.Element = None, contains: FactFlags.Contains = None,
    magnet: FactFlags.Magnet = None, origin: FactFlags.Origin = None, from_: FactFlags.From = None, to: FactFlags.To = None,
    via: FactFlags.Via = None, code: FactFlags.Code = None, hs: FactFlags.Hs = None, act: FactFlags.Act = None,
    fact: Pairs = None, on: On = None, known_on: KnownOn = None, lang: Lang = None, json_: Json = False, jsonl: JsonLines = False,
    fail_on: Annotated[list[str] | None, typer.Option("--fail-on", help="licence, missing, prohibited or stale: exit 10 to 13; of a table also rejected: 14")] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", help="write the JSON answer to this file; of a table: the answers, as .xlsx, .csv or .parquet; 答えの書き出し先")] = None,
    full: Annotated[bool, typer.Option("--full", help="leave nothing out of the page; すべて表示")] = False, register: Version = None,
    ask: Annotated[bool, typer.Option("--ask", help="ask what can still change the answer; 質問して埋める")] = False,
    save: Annotated[str | None, typer.Option("--save", help="with --ask: keep the interview in this file")] = None,
    resume: Annotated[str | None, typer.Option("--resume", help="go on with a saved interview; 続きから")] = None,
    column: Annotated[list[str] | None, typer.Option("--column", help="of a table: HEADING=FACT, =id, or =- to leave it out; 列の読み方")] = None,
    processes: Annotated[int | None, typer.Option("--processes", min=1, help="of a table: how many; as many as cores if left out")] = None,
    on_spark: Annotated[bool, typer.Option("--on-spark", help="of a Parquet table: judge it on Spark, by Spark's own settings; Sparkで判定")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="of a table: the columns are read right; do not ask, and remember it; 列の読み方を確認済みとする")] = False,
    forget_columns: Annotated[bool, typer.Option("--forget-columns", help="of a table: forget how the columns of this header were confirmed; 覚えた読み方を消す")] = False,
    components: Annotated[str | None, typer.Option("--components", help="beside a table: another of part, element and content; 成分の表")] = None,
    row: Annotated[str | None, typer.Option("--row", help="of a table: the whole answer of one row, by its line or id; 1行の理由")] = None,
    keep: Keep = False,
) -> None:  # fmt: skip
    """Needed or not, under which clause, from when, what is unknown, what to do. 許可が要るか。"""
    from kido.face.cli import answer, given

    flags = {
        "form": form, "element": element, "magnet_family": magnet, "origin": origin, "exported_from": from_,
        "destination": to, "via": via, "control_code": code, "hs": hs, "act": act,
    }  # fmt: skip
    if file is not None and (on_spark or given.is_table(file)):
        from kido.face.cli import batch

        with answer.answered_by(register):
            if row is not None:
                one = batch.row(file, row, column or [], flags, contains or [], fact or [], components)
                raise typer.Exit(answer.determinations([one], on, known_on, lang, json_, jsonl, fail_on or [], output, full, file, keep))
            how = (column or [], flags, contains or [], fact or [])
            then = (fail_on or [], processes, on_spark, yes, forget_columns, components, keep)
            raise typer.Exit(batch.batch(file, output, *how, on, known_on, lang, json_ or jsonl, *then))
    stated = file is not None or bool(contains or fact or any(flags.values()))
    transactions = given.transactions(file, flags, contains or [], fact or [], on)
    with answer.answered_by(register):
        if ask or save or resume:
            from kido.face.cli.ask import asked

            how = {"as_json": json_, "line": jsonl, "full": full, "fail_on": fail_on or [], "output": output, "keep": keep}
            raise typer.Exit(asked(file, transactions if stated else None, on, known_on, lang, save, resume, **how))
        raise typer.Exit(answer.determinations(transactions, on, known_on, lang, json_, jsonl, fail_on or [], output, full, file, keep))


@app.command()
def explain(
    measure: Annotated[str, typer.Argument(help="a measure, e.g. cn-mofcom-gacc-2025-18/1; the act is enough if it has one")],
    file: File = None, form: FactFlags.Form = None, element: FactFlags.Element = None, contains: FactFlags.Contains = None,
    magnet: FactFlags.Magnet = None, origin: FactFlags.Origin = None, from_: FactFlags.From = None, to: FactFlags.To = None,
    code: FactFlags.Code = None, act: FactFlags.Act = None, fact: Pairs = None,
    on: On = None, known_on: KnownOn = None, lang: Lang = None, json_: Json = False, register: Version = None,
) -> None:  # fmt: skip
    """Why one measure applies or does not: the whole reason, leaf by leaf. 理由をすべて示す。"""
    from kido.face.cli import answer, given

    flags = {
        "form": form, "element": element, "magnet_family": magnet, "origin": origin, "exported_from": from_,
        "destination": to, "control_code": code, "act": act,
    }  # fmt: skip
    transactions = given.transactions(file, flags, contains or [], fact or [], on)
    with answer.answered_by(register):
        raise typer.Exit(answer.explanation(transactions, measure, on, known_on, lang, json_))


@app.command()
def screen(
    name: Annotated[str | None, typer.Argument(help="a name in Japanese, Chinese, Korean or Latin script")] = None,
    file: Annotated[str | None, typer.Option("--file", help="a file of names: .csv, .tsv, .txt, .xlsx; 名称のファイル")] = None,
    column: Annotated[str, typer.Option("--column", help="its column of names")] = "",
    country: Annotated[str, typer.Option("--country", help="country of the party; it ranks hits and leaves none out")] = "",
    own: Annotated[list[str] | None, typer.Option("--list", help="a list of your own (CSV with a column name), searched as well")] = None,
    on: On = None, lang: Lang = None, json_: Json = False, jsonl: JsonLines = False,
    fail_on: Annotated[list[str] | None, typer.Option("--fail-on", help="listed, possible or not_searched: exit 10, 11, 13")] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", help="write to this file: .json, .jsonl or .csv")] = None,
    full: Annotated[bool, typer.Option("--full", help="leave nothing out of the page; すべて表示")] = False, register: Version = None,
    keep: Keep = False,
) -> None:  # fmt: skip
    """Is a name on a party list, why, and what was searched. 相手先の名称とリストの照合。"""
    from kido.face.cli import answer, parties

    with answer.answered_by(register):
        raise typer.Exit(parties.screen(name, file, column, country, own or [], on, lang, json_, jsonl, fail_on or [], output, full, keep))


@app.command()
def papers(
    file: Annotated[str, typer.Argument(help="transaction as .yaml or .json, with the order under papers:")],
    into: Annotated[str | None, typer.Option("--into", help="folder to write to; left out: only the check is shown; 出力先のフォルダー")] = None,
    format_: Annotated[list[str] | None, typer.Option("--format", help="pdf, docx or xlsx; may be repeated; left out: all")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="id of a paper; may be repeated; left out: all that are due")] = None,
    langs: Annotated[str, typer.Option("--langs", help="print in these instead of each paper's own: ja,zh")] = "",
    form: Annotated[list[str] | None, typer.Option("--form", help="your own .xlsx or .docx, or its map in YAML; 自社の様式")] = None,
    made: Annotated[str | None, typer.Option("--made", help="day that stands on the papers; today if left out")] = None,
    fail_on: Annotated[list[str] | None, typer.Option("--fail-on", help="stops or gaps: exit 10 or 11")] = None,
    fact: Pairs = None, on: On = None, known_on: KnownOn = None, lang: Lang = None, json_: Json = False, register: Version = None,
    keep: Keep = False,
) -> None:  # fmt: skip
    """The papers of one transaction, checked against each other. 書類一式の作成と確認。"""
    from kido.face.cli import answer, given, papers

    with answer.answered_by(register):
        transactions = given.transactions(file, {}, [], fact or [], on)
        raise typer.Exit(
            papers.papers(
                file, transactions, into, format_ or [], only or [], langs, form or [], made, fail_on or [], on, known_on, lang, json_, keep
            )
        )


@app.command()
def diff(
    first: Annotated[str, typer.Argument(help="from this day")], last: Annotated[str, typer.Argument(help="to this day")],
    known_on: KnownOn = None, lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """What changed in law from one day to another. 二つの日の間の法令の変更。"""
    from kido.face.cli import history

    history.diff(first, last, known_on, lang, json_)


@app.command()
def check(lang: Lang = None, json_: Json = False) -> None:
    """Check the law files and run every golden case. 法令ファイルと事例の検査。"""
    from kido.face.cli import shelf

    raise typer.Exit(shelf.check(lang, json_))


@app.command()
def schema(noun: Annotated[str, typer.Argument(help="transaction or act")] = "transaction") -> None:
    """JSON Schema of an input. 入力の型。"""
    from kido import desk
    from kido.face.cli.output import put_json

    put_json(desk.schema(noun))


@app.command()
def words(
    list_: Annotated[str | None, typer.Argument(metavar="[LIST]", help="form, substance, element, place …, or a fact; left out: the facts")] = None,
    word: Annotated[str | None, typer.Option("--word", "-w", help="only what this word stands in")] = None,
    lang: Lang = None, json_: Json = False,
) -> None:  # fmt: skip
    """The names of facts, or the values of a list with their aliases. 事実の名前、一覧の値と別名。"""
    from kido.face.cli import lists

    lists.show(list_, word, lang, json_)


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="beyond this machine: only with accounts and TLS")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="of the address")] = 8512,
    team: Annotated[bool, typer.Option("--team", help="with accounts, on this machine too; 利用者ごとにサインインする")] = False,
    name: Annotated[list[str] | None, typer.Option("--name", help="a name it is reached under, such as kido.example.co.jp; may be repeated")] = None,
    certificate: Annotated[str | None, typer.Option("--certificate", help="file of the TLS certificate")] = None,
    key: Annotated[str | None, typer.Option("--key", help="file of its key")] = None,
    behind_proxy: Annotated[str | None, typer.Option("--behind-proxy", help="address of a proxy that does TLS, for example 127.0.0.1")] = None,
    lang: Lang = None,
) -> None:  # fmt: skip
    """The desk over HTTP, on this machine or for a team. HTTPで使う。"""
    from kido.face.cli.serve import Team
    from kido.face.cli.serve import serve as start

    start(host, port, lang, Team(name or (), certificate, key, behind_proxy, team))


@app.command()
def demo(
    web: Annotated[bool, typer.Option("--web", help="the desk with sample data, gone when it stops; 見本データで画面を開く")] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="of the address, with --web")] = 8512,
    lang: Lang = None,
) -> None:
    """A first answer without any file, or the desk with sample data. 見本で試す。"""
    from kido.face.cli import demo as shown

    if web:
        shown.web(port, lang)
        return
    from kido.face.cli import answer, given

    file = shown.example()
    transactions = given.transactions(file, {}, [], [], None)
    raise typer.Exit(answer.determinations(transactions, None, None, lang, False, False, [], None, False, file))


@app.command()
def mcp(lang: Lang = None) -> None:
    """Tools of the Model Context Protocol for a client that starts this. MCPで使う。"""
    from kido.face.cli.mcp import serve as start

    start(lang)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="print the version")] = False) -> None:
    if version:
        typer.echo(f"kido {__version__}")
        raise typer.Exit


def _alone(verb: list[str]) -> typer.Typer:
    """The command asked for without the others, which take longer to build than an answer takes to find."""
    asked = [command for command in app.registered_commands if command.callback.__name__ in verb]
    if not asked:
        return app
    alone = copy(app)
    alone.registered_commands, alone.registered_groups = asked, []
    return alone


def run() -> None:
    """Entry point: errors are shown with their five parts, and exit 1 (2 for wrong use)."""
    from kido.face.cli.output import adapt

    adapt()
    gc.set_threshold(100_000)  # a command is over before there is garbage worth looking for
    try:
        _alone(sys.argv[1:2])()
    except KidoError as error:
        from kido.face.cli.answer import show_errors

        sys.exit(show_errors(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
