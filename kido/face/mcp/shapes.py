"""The shapes of what tools answer. Each is a JSON Schema that a client can hold an answer against.

Every answer has `register`, `sources` and `not_covered`; `left_out` says which lists were cut, and how to ask for the rest.
A value that is not there is left out, or "".
"""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12


class RegisterUsed(TypedDict):
    """The register that answered; `verified`: the day its files were last checked, of the oldest that was searched."""

    version: str
    verified: str
    warning: NotRequired[str]


class SourceOf(TypedDict):
    """Where an act or a list was read; `seen` is the day, `read` how far."""

    of: str
    url: str
    publisher: str
    kind: str
    read: str
    seen: str


class NotCovered(TypedDict):
    """What this answer does not say."""

    not_searched: list[str]
    parties: str
    not_advice: str


class LeftOut(TypedDict):
    """A list that was cut: how many entries follow, and how to ask for them."""

    part: str
    count: int
    how: str


class Answer(TypedDict):
    register: RegisterUsed
    sources: list[SourceOf]
    not_covered: NotCovered
    left_out: list[LeftOut]


class Dated(Answer):
    """`on_from`: whether the day was asked for, is the transaction's own, or is today's."""

    on: str
    on_from: Literal["asked", "transaction", "today"]
    known_on: NotRequired[str]


class Where(TypedDict):
    """One jurisdiction in one line."""

    jurisdiction: str
    label: str
    reach: Literal["yes", "unknown"]
    answer: str
    words: str
    decided_at: list[str]
    depends_on: list[str]


class Fitting(TypedDict):
    """One entry the goods fit (`true`), or may fit (`unknown`)."""

    code: str
    name: str
    text: str
    answer: Literal["true", "unknown"]


class MeasureLine(TypedDict):
    """One measure: its id, the issuer's own number, the place in its text, standing, and the facts it waits for."""

    measure: str
    number: str
    title: str
    place: str
    answer: str
    outcome: str
    outcome_words: str
    standing: str
    confidence: str
    items: list[Fitting]
    more_items: int
    waits_for: list[str]


class Missing(TypedDict):
    """A fact that is missing: its name for `facts`, what it is, and why it is asked."""

    fact: str
    label: str
    unit: NotRequired[str]
    why: str
    shown_by: NotRequired[str]


class Party(TypedDict):
    role: str
    names: list[str]
    answer: str
    words: str
    hits: list[str]


class Determined(Dated):
    answer: str
    words: str
    sentences: list[str]
    planning: str
    may_become: str
    jurisdictions: list[Where]
    binding: list[MeasureLine]
    open: list[MeasureLine]
    not_in_force: list[MeasureLine]
    beside: list[MeasureLine]
    missing: list[Missing]
    by_when: list[str]
    do: list[str]
    conflicts: list[str]
    notes: list[str]
    parties: list[Party]
    searched: list[str]


class Value(TypedDict):
    value: str
    label: str


class Effect(TypedDict):
    value: str
    words: str


class Question(TypedDict):
    """What to ask, who can know it, and what some answers would do."""

    fact: str
    label: str
    question: str
    type: str
    unit: str
    example: str
    who: str
    shown_by: str
    values: list[Value]
    effects: list[Effect]
    waiting: list[Measured]


class Measured(TypedDict):
    measure: str
    number: str


class NextQuestion(Dated):
    answer: str
    words: str
    more: bool
    question: NotRequired[Question]
    searched: list[str]


class Reason(TypedDict):
    """One line of a reason; `depth` says what it is a part of."""

    depth: int
    answer: Literal["true", "false", "unknown"]
    text: str
    found: str


class Said(TypedDict):
    """An official answer or a practice: who said it, when, and what."""

    date: str
    by: str
    text: str
    url: str


class Explained(Dated):
    measure: MeasureLine
    words: str
    reason: list[Reason]
    items: list[ItemReason]
    missing: list[Missing]
    notes: list[str]
    official_answers: list[Said]
    practice: list[Said]
    doubts: list[str]


class ItemReason(TypedDict):
    code: str
    name: str
    text: str
    answer: Literal["true", "false", "unknown"]
    rule: str
    waits_for: list[str]
    note: str
