"""The shapes of what the tools on register, names and words answer; see `shapes`."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from kido.face.mcp.shapes import Answer, Dated


class Entry(TypedDict):
    """One entry of an annex, by its code, with its place in the text."""

    code: str
    name: str
    text: str


class Found(TypedDict):
    """A measure that a search met; `stands`: neither over nor still to come on that day, though it may be suspended."""

    measure: str
    jurisdiction: str
    place: str
    number: str
    title: str
    kind: str
    kind_words: str
    stands: bool
    standing: str
    items: list[Entry]
    figures: list[str]


class SearchAnswer(Dated):
    count: int
    measures: list[Found]
    searched: list[str]


class MeasureShown(TypedDict):
    measure: str
    title: str
    kind: str
    gate: str
    place: str
    standing: str
    outcome: str
    outcome_words: str
    rule: str
    unless: list[str]
    figures: list[str]
    history: list[str]
    notes: list[str]


class ItemShown(TypedDict):
    code: str
    name: str
    text: str
    rule: str
    note: str
    hs: list[str]


class ActShown(Dated):
    act: str
    jurisdiction: str
    number: str
    title: str
    original: str
    published: str
    effective: str
    confidence: str
    note: str
    does: list[str]
    measures: list[MeasureShown]
    items: list[ItemShown]
    penalties: str
    records: str
    doubts: list[str]


class Change(TypedDict):
    day: str
    what: str
    act: str
    measure: str
    place: str
    number: str
    title: str
    before: str
    after: str


class Changed(Answer):
    first: str
    last: str
    known_on: NotRequired[str]
    count: int
    changes: list[Change]


class Hit(TypedDict):
    """An entry of a party list that a name met."""

    list_id: str
    list_title: str
    name: str
    entry: str
    party: str
    sure: bool
    sure_words: str
    why: list[str]
    score: float
    standing: str
    standing_words: str
    since: NotRequired[str]
    until: NotRequired[str]
    countries: list[str]
    means: str


class ListSearched(TypedDict):
    list_id: str
    title: str
    edition: str
    records: int
    searched: bool
    old: bool


class Screened(Dated):
    name: str
    answer: str
    words: str
    reason: str
    hits: list[Hit]
    near: list[Hit]
    searched: list[ListSearched]


class WordShown(TypedDict):
    id: str
    label: str
    aliases: list[str]
    type: NotRequired[str]
    unit: NotRequired[str]
    list_id: NotRequired[str]
    question: NotRequired[str]


class Words(Answer):
    list_id: str
    count: int
    words: list[WordShown]
    lists: list[str]


class Covered(TypedDict):
    jurisdiction: str
    label: str
    depth: str
    depth_words: str
    covers_from: str
    verified: str
    newest_source: str
    acts: int
    judged: int
    policy: int
    items: int
    doubts: int
    newest_act: list[Named]
    held: list[str]
    not_held: list[str]
    more_not_held: int
    open_questions: list[str]


class Named(TypedDict):
    act: str
    number: str


class Coverage(Dated):
    jurisdictions: list[Covered]
