"""The nouns of the register as the records of law files: what `load` reads back.

Every key of a shape is written from the attribute of the same name, so that a key added to a
shape is carried as soon as its noun has it.  Rules travel as text, dates as ISO days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kido.register import model as m
from kido.register import shapes
from kido.register.exchange.rule_text import rule_text
from kido.rule.nodes import Node
from kido.terms.sources import Source

Record = dict[str, object]

_RENAMED = {"from": "start", "is": "basis"}
_EMPTY = (None, "", (), frozenset())


def act_record(act: m.Instrument) -> Record:
    """An act as its law file would say it."""
    return _record(act, shapes.ACT, {"definitions": {d.name: _definition(d) for d in act.definitions}})


def answer_record(answer: m.Answer) -> Record:
    return _record(answer, shapes.ANSWER, {"when": _rule(answer.rule_text, answer.when)})


def watch_record(watch: m.Watch) -> Record:
    return _record(watch, shapes.WATCH, {"reach": _rule(getattr(watch, "rule_text", ""), watch.reach)})


def _definition(definition: m.Definition) -> Record:
    special = {"when": _rule(definition.rule_text, definition.rule), "ja": definition.label["ja"], "en": definition.label["en"]}
    return _record(definition, shapes.DEFINITION, special)


def _item(item: m.Item) -> Record:
    return _record(item, shapes.ITEM, {"when": _rule(item.rule_text, item.when)})


def _measure(measure: m.Measure) -> Record:
    return _record(measure, shapes.MEASURE, {"when": _rule(measure.rule_text, measure.when)})


def _procedure(procedure: m.Procedure) -> Record:
    return _record(procedure, shapes.PROCEDURE, {"days_unless": _rule(procedure.rule_text, procedure.days_unless)})


def _unless(unless: m.Unless) -> Record:
    return _record(unless, shapes.UNLESS, {"when": _rule(unless.rule_text, unless.when)})


def _event(event: m.Event) -> Record:
    return _record(event, shapes.EVENT, {kind: event.target if kind == event.kind else "" for kind in m.EVENTS})


def _practice(practice: m.Practice) -> Record:
    return _record(practice, shapes.PRACTICE, {"ja": practice.said["ja"], "en": practice.said["en"]})


_WRITERS = {m.Item: _item, m.Measure: _measure, m.Procedure: _procedure, m.Unless: _unless, m.Event: _event, m.Practice: _practice}
_SHAPES = {
    m.Printed: shapes.PRINTED, m.SubItem: shapes.SUB_ITEM, m.Figure: shapes.FIGURE, Source: shapes.SOURCE,
}  # fmt: skip


def _record(noun: object, shape: shapes.Shape, special: Mapping[str, object]) -> Record:
    """A noun in the order of its shape; an optional key without a value is left out."""
    record: Record = {}
    for key, (_, required) in shape.items():
        value = special[key] if key in special else getattr(noun, _RENAMED.get(key, key))
        if required or (value not in _EMPTY and value != {}):
            record[key] = _plain(value)
    return record


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(child) for child in value]
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if writer := _WRITERS.get(type(value)):
        return writer(value)
    if shape := _SHAPES.get(type(value)):
        return _record(value, shape, {})
    return value


def _rule(text: str, node: Node | None) -> str:
    return text or (rule_text(node) if node is not None else "")
