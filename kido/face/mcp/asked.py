"""What a tool is asked: its arguments, strictly read, and the day that a question is for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kido import desk
from kido.decide.transaction import states
from kido.errors import KidoError, Problem
from kido.face.language import LANGUAGES
from kido.register.yaml_file import Mark, marked
from kido.terms.text import nearest

MOST_FACTS = 100_000  # characters of one transaction
MOST_SHOWN = 200  # characters of what was read, in an error

Word = Annotated[str | None, Field(max_length=200)]
Day = Annotated[str | None, Field(max_length=40)]
On = Annotated[
    Day, Field(description="Day the law is asked for, e.g. 2026-11-23; left out: the transaction's own `on`, else today. 判定日")
]
OfDay = Annotated[Day, Field(description="Day asked for, e.g. 2026-11-23; left out: today. 基準日")]
KnownOn = Annotated[Day, Field(description="Use only acts published by this day. この日までに公布された法令だけを使う")]
Facts = Annotated[
    dict[str, Any],
    Field(
        description="What is known of one transaction: act, exported_from, destination, origin, via, form, element, magnet_family, composition "
        "({Dy: 1.2}, wt%), control_code, hs, parties ([{role, name}]) … The tool `words` lists every name and value. Leave out what is not known: "
        "never guess. Figures as text keep their digits ('1.20'). 取引について分かっている事実。分からないものは書かない",
        examples=[{"act": "export", "exported_from": "CN", "destination": "JP", "form": "magnet", "magnet_family": "NdFeB", "composition": {"Dy": "1.2"}}],
    ),
]  # fmt: skip


class Asked(BaseModel):
    """`part` and `start` page through one list of an answer that was cut."""

    model_config = ConfigDict(extra="forbid", strict=True)

    lang: Annotated[Literal[LANGUAGES] | None, Field(description="Language of the answer. 言語")] = None
    part: Annotated[Word, Field(description="Only this list of the answer, in full. 答えのこの一覧だけ")] = None
    start: Annotated[int, Field(ge=0, le=1_000_000, description="Its first entry to show. 何件目から")] = 0


class OfTransaction(Asked):
    facts: Facts
    on: On = None
    known_on: KnownOn = None


class AsksNext(OfTransaction):
    skipped: Annotated[
        list[Annotated[str, Field(max_length=200)]], Field(max_length=500, description="Facts nobody knows; not asked again. 聞かない事実")
    ] = []


class Explains(OfTransaction):
    measure: Annotated[
        str, Field(max_length=200, description="Id of a measure or of an act with one, e.g. cn-mofcom-gacc-2025-18/1. 措置の番号")
    ]


class Searches(Asked):
    element: Annotated[Word, Field(description="Dy, ネオジム, rare earths …")] = None
    form: Annotated[Word, Field(description="magnet, metal, oxide …")] = None
    hs: Annotated[Word, Field(description="HS code or its beginning")] = None
    code: Annotated[Word, Field(description="Control code or its beginning, e.g. 1C905")] = None
    word: Annotated[Word, Field(description="A word of title, note or entry, in ja, en or zh")] = None
    kind: Annotated[Word, Field(description="licence, ban, quota, stockpile, 備蓄 …")] = None
    place: Annotated[Word, Field(description="Place a measure speaks of, e.g. JP")] = None
    jurisdiction: Annotated[Word, Field(description="Whose law, e.g. CN")] = None
    on: OfDay = None
    known_on: KnownOn = None


class ShowsAct(Asked):
    id: Annotated[str, Field(max_length=200, description="Id of an act or of one measure of it, e.g. cn-mofcom-gacc-2025-18. 法令の番号")]
    code: Annotated[Word, Field(description="Only entries whose code begins so")] = None
    on: OfDay = None
    known_on: KnownOn = None


class Compares(Asked):
    first: Annotated[str, Field(max_length=40, description="From this day, e.g. 2025-11-08. 最初の日")]
    last: Annotated[str, Field(max_length=40, description="To this day. 最後の日")]
    known_on: KnownOn = None


class Screens(Asked):
    name: Annotated[str, Field(max_length=1_000, description="A name in Japanese, Chinese, Korean or Latin script. 名称")]
    country: Annotated[Word, Field(description="Country of the party; it ranks hits and leaves none out. 国")] = None
    on: OfDay = None


class Lists(Asked):
    list_name: Annotated[
        Word, Field(alias="list", description="form, element, place …, or a fact; left out: the facts themselves. 一覧")
    ] = None
    word: Annotated[Word, Field(description="Only what this word stands in. この言葉を含むもの")] = None


class Covers(Asked):
    jurisdiction: Annotated[Word, Field(description="Only this one, e.g. CN; then all that is not held. 法域")] = None
    on: OfDay = None


def read(shape: type[Asked], arguments: dict[str, Any]) -> Asked:
    """The arguments of a tool; every one that is wrong is a problem of its own."""
    try:
        return shape.model_validate(arguments)
    except ValidationError as error:
        names = [field.alias or name for name, field in shape.model_fields.items()]
        raise KidoError([_problem(one, names) for one in error.errors(include_url=False, include_context=True)]) from None


def _problem(one: dict[str, Any], names: list[str]) -> Problem:
    place, found = ".".join(str(part) for part in one["loc"])[:MOST_SHOWN], shown(one.get("input"))
    context = one.get("ctx", {})
    match one["type"]:
        case "extra_forbidden":
            return Problem("unknown-key", place, place, {"near": nearest(place, names), "values": ", ".join(names)})
        case "missing":
            return Problem("missing-key", place, place)
        case "literal_error":
            return Problem("unknown-language", place, found)
        case "string_too_long":
            return Problem("too-long", place, found, {"most": f"{context['max_length']:,}"})
    wanted = {"dict_type": "{fact: value, …}", "list_type": "[fact, …]", "int_type": "0, 1, 2 …", "string_type": '"…"'}
    limits = {
        "greater_than_equal": f">= {context.get('ge')}",
        "less_than_equal": f"<= {context.get('le')}",
        "too_long": f"<= {context.get('max_length')}",
    }
    return Problem("tool-argument", place, found, {"wanted": (wanted | limits).get(one["type"], one["type"])})


def shown(value: object, most: int = MOST_SHOWN) -> str:
    """What was read, short."""
    plain = isinstance(value, float | bool | None) or (isinstance(value, int) and abs(value) < 10**18)  # a longer one may not be writable
    text = value if isinstance(value, str) else repr(value) if plain else type(value).__name__
    return text if len(text) <= most else f"{text[:most]}…"


def facts_of(facts: dict[str, Any]) -> Mark:
    """The facts with their places.

    Raises
    ------
    KidoError : too much, or too deep
    """
    found = marked(facts, "facts")
    if len(repr(found.plain())) > MOST_FACTS:
        raise KidoError(Problem("too-long", "facts", "", {"most": f"{MOST_FACTS:,}"}))
    return found


def day_of(on: str | None, facts: Mark | None = None) -> tuple[str | None, str]:
    """The day a question is for, and whose day it is: the one asked for, the transaction's own, else today's.

    >>> day_of("2026-11-23")
    ('2026-11-23', 'asked')
    """
    if on is not None:
        return on, "asked"
    if facts is not None and states(facts, "on"):
        return None, "transaction"
    return date.today().isoformat(), "today"


def known(*days: str | None) -> None:
    """Every day that is no date is told at once."""
    problems: list[Problem] = []
    for name, day in zip(("on", "known_on"), days, strict=False):
        desk.as_date(day, name, problems)
    if problems:
        raise KidoError(problems)


def stated(asked: BaseModel, names: Iterable[str]) -> dict[str, str]:
    """The words a search asks for, those left out not counted."""
    return {name: value for name in names if (value := getattr(asked, name))}
