"""The rows of the flat tables, made from the register; columns stand in `tables.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kido.register import model as m
from kido.register.exchange.rule_text import rule_text
from kido.register.exchange.tables import TABLES
from kido.register.timeline import changes
from kido.rule.nodes import Node
from kido.terms.text import Text

Row = dict[str, object]


def rows_of(register: m.Register) -> dict[str, list[Row]]:
    """Every table's rows; a value that is not there is None, a list stays a tuple.

    >>> from kido.register.store import register
    >>> {row["judged"] for row in rows_of(register())["measures"] if row["act"] == "cn-mofcom-gacc-2025-18"}
    {True}
    """
    acts = register.instruments.values()
    made = {name: [row for act in acts for row in of_act(act)] for name, of_act in _OF_ACT.items()}
    made["standings"] = list(_standings(register))
    made["answers"] = [_answer(answer) for answer in register.answers.values()]
    made["watches"] = [_watch(watch) for watch in register.watches.values()]
    made["scope"] = [row for watch in register.watches.values() for row in _scope(watch)]
    made["sources"] += [row for answer in register.answers.values() for row in _sources(answer.id, answer.sources, answer=answer.id)]
    return {name: [_whole(row, name) for row in made[name]] for name in TABLES}


def _whole(row: Row, table: str) -> Row:
    """A row in the order of its table; empty text and lists are no value."""
    columns = [column.name for column in TABLES[table].columns]
    if unknown := set(row) - set(columns):
        raise KeyError(f"{table}: {unknown}")
    return {name: None if row.get(name) in ("", ()) else row.get(name) for name in columns}


def _said(name: str, text: Text | None) -> Row:
    """One column per language."""
    return {f"{name}_{lang}" if name else lang: value for lang, value in (text or {}).items()}


def _taken(noun: object, *names: str) -> Row:
    """Columns of the same name as the attribute."""
    return {name: getattr(noun, name) for name in names}


def _rule(noun: object, node: Node | None) -> str:
    return getattr(noun, "rule_text", "") or (rule_text(node) if node is not None else "")


def _act(act: m.Instrument) -> Iterator[Row]:
    names = ("jurisdiction", "authority", "number", "kind", "legal_basis", "justification", "published", "effective", "known_from",
             "supersedes", "elements", "partners", "entities", "confidence", "file", "keep_from")  # fmt: skip
    texts = _said("title", act.title) | _said("note", act.note) | _said("penalties", act.penalties) | _said("records", act.records)
    yield {"act": act.id, "keep_years": act.keep_years or None} | _taken(act, *names) | texts


def _measures(act: m.Instrument) -> Iterator[Row]:
    for measure in act.measures:
        names = (
            "no",
            "kind",
            "judged",
            "gate",
            "text",
            "outcome",
            "covers",
            "procedure",
            "effective",
            "until",
            "by",
            "added_by",
            "confidence",
        )
        texts = _said("title", measure.title) | _said("review", measure.review) | _said("note", measure.note)
        first = measure.effective or act.effective or act.known_from
        own = {"measure": measure.id, "act": act.id, "rule": _rule(measure, measure.when), "first_day": first}
        yield own | _taken(measure, *names) | texts


def _items(act: m.Instrument) -> Iterator[Row]:
    for item in act.items:
        texts = _said("name", item.name) | _said("includes", item.includes) | _said("excludes", item.excludes) | _said("note", item.note)
        own = {"act": act.id, "item": item.code, "rule": _rule(item, item.when), "from": item.start}
        yield own | _taken(item, "elements", "form", "text", "previous_code", "confidence", "until", "by") | texts


def _sub_items(act: m.Instrument) -> Iterator[Row]:
    for item in act.items:
        for no, sub in enumerate(item.sub_items, 1):
            yield {"act": act.id, "item": item.code, "no": no, "sub_item": sub.no} | _said("name", sub.name)


def _covered(act: m.Instrument) -> Iterator[Row]:
    for measure in act.measures:
        for item in act.items_of(measure):
            yield {"measure": measure.id, "act": act.id, "item": item.code}


def _hs(act: m.Instrument) -> Iterator[Row]:
    for item in act.items:
        found: list[Row] = [
            {"code": code} | _taken(printed, "tariff", "basis", "digits", "by") for printed in item.hs for code in printed.codes
        ]
        found += [{"code": code, "sub_item": sub.no} for sub in item.sub_items for code in sub.hs]
        for no, row in enumerate(found, 1):
            digits = "".join(char for char in row["code"] if char.isdigit())
            yield {"act": act.id, "item": item.code, "no": no, "hs6": digits[:6] if len(digits) >= 6 else ""} | row


def _exceptions(act: m.Instrument) -> Iterator[Row]:
    found = [({"measure": measure.id}, unless) for measure in act.measures for unless in measure.unless]
    found += [({"item": item.code}, unless) for item in act.items for unless in item.unless]
    for no, (owner, unless) in enumerate(found, 1):
        own = {"act": act.id, "no": no, "rule": _rule(unless, unless.when)} | owner
        yield own | _taken(unless, "outcome", "text", "answer") | _said("note", unless.note)


def _figures(act: m.Instrument) -> Iterator[Row]:
    for measure in act.measures:
        for no, figure in enumerate(measure.figures, 1):
            own = {"measure": measure.id, "no": no, "from": figure.start} | _said("of", figure.of) | _said("note", figure.note)
            yield own | _taken(figure, "unit", "value", "bound", "items", "until", "published", "confidence")


def _events(act: m.Instrument) -> Iterator[Row]:
    for no, event in enumerate(act.events, 1):
        target = {"target_act": event.target.partition("/")[0], "target_measure": event.target if "/" in event.target else ""}
        own = {"act": event.by, "no": no, "from": event.start} | target | _said("note", event.note)
        yield own | _taken(event, "kind", "until", "last_day", "formal", "text")


def _standings(register: m.Register) -> Iterator[Row]:
    for act, measure in register.measures():
        found = changes(register, act, measure)
        for no, change in enumerate(found, 1):
            until = found[no].day - timedelta(days=1) if no < len(found) else None
            yield {"measure": measure.id, "no": no, "from": change.day, "until": until, "standing": change.word, "by": change.by}


def _sources(of: str, sources: tuple, act: str = "", answer: str = "") -> Iterator[Row]:
    for no, source in enumerate(sources, 1):
        own = {"of": of, "no": no, "act": act, "answer": answer}
        yield own | _taken(source, "url", "publisher", "kind", "read", "seen", "note")


def _doubts(act: m.Instrument) -> Iterator[Row]:
    for no, doubt in enumerate(act.doubts, 1):
        yield {"act": act.id, "no": no} | _said("", doubt)


def _practice(act: m.Instrument) -> Iterator[Row]:
    for procedure, reports in [("", act.practice), *((p.id, p.observed) for p in act.procedures)]:
        for no, report in enumerate(reports, 1):
            own = {"of": procedure or act.id, "no": no, "act": act.id, "procedure": procedure}
            yield own | _taken(report, "date", "by", "url", "confidence") | _said("", report.said)


def _procedures(act: m.Instrument) -> Iterator[Row]:
    for procedure in act.procedures:
        own = {"procedure": procedure.id} | _taken(procedure, "act", "documents", "importer_documents", "working_days", "text")
        own["rule"] = _rule(procedure, procedure.days_unless)
        for name in ("name", "authority", "applicant", "start", "not_counted", "validity"):
            own |= _said(name, getattr(procedure, name))
        advice = getattr(procedure, "advice", ())
        yield own | {f"advice_{lang}": " / ".join(text.get(lang, "") for text in advice) for lang in ("ja", "en")}


def _definitions(act: m.Instrument) -> Iterator[Row]:
    for definition in act.definitions:
        own = {"definition": definition.name, "rule": _rule(definition, definition.rule)}
        yield own | _taken(definition, "act", "text") | _said("", definition.label)


def _answer(answer: m.Answer) -> Row:
    own = {"answer": answer.id, "rule": _rule(answer, answer.when)}
    texts = _said("question", answer.question) | _said("answer", answer.answer) | _said("note", answer.note)
    return own | _taken(answer, "part", "date", "effect", "hedge", "measures", "items", "confidence") | texts


def _watch(watch: m.Watch) -> Row:
    names = ("jurisdiction", "verified", "newest_source", "covers_from", "depth", "listed_fact")
    return _taken(watch, *names) | {"rule": _rule(watch, watch.reach)} | _said("reach", watch.reach_text)


def _scope(watch: m.Watch) -> Iterator[Row]:
    for part in ("held", "not_held", "open_questions"):
        for no, text in enumerate(getattr(watch, part), 1):
            yield {"jurisdiction": watch.jurisdiction, "part": part, "no": no} | _said("", text)


_OF_ACT = {
    "acts": _act, "measures": _measures, "items": _items, "sub_items": _sub_items, "covered": _covered, "hs": _hs,
    "exceptions": _exceptions, "figures": _figures, "events": _events, "doubts": _doubts, "practice": _practice,
    "procedures": _procedures, "definitions": _definitions, "sources": lambda act: _sources(act.id, act.sources, act=act.id),
}  # fmt: skip
