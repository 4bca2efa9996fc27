"""The tools: what each is called, what it is asked, what it answers.

called(name, arguments, lang)  -> dict, as small as `fitted` makes it
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from kido.errors import KidoError, Problem
from kido.face.language import LANGUAGES
from kido.face.mcp import asked, law, law_shapes, names, shapes, transaction
from kido.terms.text import nearest


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool; `title` in ja and en, `about` as a model reads it."""

    name: str
    title: str
    about: str
    asks: type[asked.Asked]
    answers: type
    answer: Callable[[Any, str], dict]


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "determine", "許可の要否 / Which licences are needed",
            "Judge one transaction by the export controls held: the answer, one line for each jurisdiction, measures that bind and that are open, "
            "missing facts, dates, what to do. facts_missing means that nothing is settled; no_match and outside_data never mean that no law applies: "
            "say what was searched and `not_covered`. 取引1件を判定する",
            asked.OfTransaction, shapes.Determined, transaction.determine,
        ),
        Tool(
            "next_question", "次に聞くこと / What to ask next",
            "The one question whose answer settles most, who can know it, and what some answers would do. Put it to the user; never answer it yourself. "
            "もっとも効く次の質問",
            asked.AsksNext, shapes.NextQuestion, transaction.next_question,
        ),
        Tool(
            "explain_measure", "一つの措置の理由 / Why one measure applies or not",
            "Why one measure applies to a transaction or does not, line by line, with official answers, practice and doubts. 一つの措置の理由をすべて示す",
            asked.Explains, shapes.Explained, transaction.explain_measure,
        ),
        Tool(
            "search_register", "登録簿の検索 / Search the register",
            "Measures of law and policy that speak of a material, form, HS or control code, word, kind, place or jurisdiction, with their standing on a day. "
            "It finds measures; whether one binds goods is for `determine`. 措置を探す",
            asked.Searches, law_shapes.SearchAnswer, law.search_register,
        ),
        Tool(
            "show_act", "一つの法令 / One act",
            "One act with its measures, entries, standing, history, doubts and sources. 法令1件の内容",
            asked.ShowsAct, law_shapes.ActShown, law.show_act,
        ),
        Tool(
            "what_changed", "二つの日の間の変化 / What changed between two days",
            "What changed in law from one day to another: standing, entries, figures. 期間中の法令の変更",
            asked.Compares, law_shapes.Changed, law.what_changed,
        ),
        Tool(
            "screen_party", "当事者リストとの照合 / Compare a name with party lists",
            "Whether a name is on a party list, why, and which lists of which day were searched. A name is not an identity; owners are not searched. "
            "名称をリストと照合する",
            asked.Screens, law_shapes.Screened, names.screen_party,
        ),
        Tool(
            "words", "事実の名前と値 / Names of facts and their values",
            "The names `facts` may have, or the values of one list with their aliases. 事実の名前、一覧の値と別名",
            asked.Lists, law_shapes.Words, names.words,
        ),
        Tool(
            "coverage", "収録範囲 / What is held and what is not",
            "What the register holds of each jurisdiction, what it does not, and when it was last checked. 収録しているもの、いないもの",
            asked.Covers, law_shapes.Coverage, law.coverage,
        ),
    )
}  # fmt: skip


def called(name: str, arguments: dict[str, Any], lang: str) -> dict:
    """The answer of one tool.

    Raises
    ------
    KidoError : no such tool, or every problem of its arguments
    """
    tool = TOOLS.get(name)
    if tool is None:
        known = ", ".join(TOOLS)
        raise KidoError(
            Problem("not-one-of", "name", name[: asked.MOST_SHOWN], {"fact": "name", "near": nearest(name[:80], TOOLS), "values": known})
        )
    read = asked.read(tool.asks, arguments)
    return tool.answer(read, read.lang or lang)


def language_of(arguments: dict[str, Any], lang: str) -> str:
    """The language asked for, where it is one, also of a call that is refused."""
    wanted = arguments.get("lang")
    return wanted if isinstance(wanted, str) and wanted in LANGUAGES else lang


def input_schema(tool: Tool) -> dict:
    return tool.asks.model_json_schema()


def output_schema(tool: Tool) -> dict:
    """Nothing but what is named may stand in an answer."""
    schema = TypeAdapter(tool.answers).json_schema()
    for shape in (schema, *schema.get("$defs", {}).values()):
        shape["additionalProperties"] = False
    return schema
