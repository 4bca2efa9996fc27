"""Read `law/` into a Register: strict files, definitions first, then rules, then references.

load(folder, terms)   -> Register, or KidoError with every problem of every file
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.register import model as m
from kido.register import shapes
from kido.register.fields import Reader
from kido.register.files import act_path, law_files
from kido.register.yaml_file import Mark, read_yaml
from kido.rule.nodes import Node, Some
from kido.rule.parse import Scope, parse
from kido.terms.codes import below
from kido.terms.sources import Source
from kido.terms.text import nearest
from kido.terms.vocabulary import Terms

_OTHER_FORMS = ("component", "chemical", "powder", "other")  # as acts group their items
_OTHER_ELEMENTS = ("REE",)
_PLAIN = (
    "id", "jurisdiction", "kind", "title", "confidence", "number", "justification", "published", "effective", "note", "penalties", "records",
    "keep_years", "keep_from",
)  # fmt: skip
_LISTS = ("authority", "legal_basis", "supersedes", "doubts", "elements", "partners", "entities")


def load(folder: Path, terms: Terms, version: str = "") -> m.Register:
    """Read every file; raise with all problems if there are any."""
    loader = _Loader(terms)
    for path in sorted(folder.rglob("*.[yY]*")):  # a file that is not read must not look as if it were
        if path.suffix == ".yaml" or path.suffix.casefold() not in (".yml", ".yaml"):
            continue
        loader.problems.append(Problem("not-a-yaml-name", f"{folder.name}/{path.relative_to(folder).as_posix()}", path.name))
    for path in law_files(folder):
        name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        try:
            loader.read(path, name, path.relative_to(folder).as_posix())
        except KidoError as error:
            loader.problems += error.problems
    register = loader.finish(version)
    if loader.problems:
        raise KidoError(loader.problems)
    return register


class _Loader:
    def __init__(self, terms: Terms):
        self.terms = terms
        self.problems: list[Problem] = []
        self.reader = Reader(self.problems)
        self.acts: list[tuple[dict, str]] = []
        self.answers: list[dict] = []
        self.watching: list[dict] = []
        self.definitions: dict[str, m.Definition] = {}
        self.lines: dict[str, list[str]] = {}
        self.marks: dict[str, Mark] = {}  # id -> where it stands, for errors of reference

    def read(self, path: Path, name: str, relative: str) -> None:
        mark = read_yaml(path, name)
        self.lines[name] = path.read_text(encoding="utf-8-sig").splitlines()
        if path.name == "qa.yaml":
            self.answers += [self.reader.record(child, shapes.ANSWER) | {"mark": child} for child in self.reader.list(mark)]
        elif path.name == "watch.yaml":
            raw = self.reader.record(mark, shapes.WATCH)
            if _complete(raw, shapes.WATCH):
                if raw["jurisdiction"] in [other["jurisdiction"] for other in self.watching]:
                    self.reader.wrong("duplicate-id", mark.value["jurisdiction"])
                listed = self.terms.facts.get(raw.get("listed_fact", ""))
                if "listed_fact" in raw and (listed is None or listed.type != "bool"):
                    near = nearest(raw["listed_fact"], [fact.name for fact in self.terms.facts.values() if fact.type == "bool"])
                    self.problems.append(
                        Problem(
                            "unknown-reference",
                            mark.value["listed_fact"].place,
                            raw["listed_fact"],
                            {"what": "yes-or-no fact", "near": near},
                        )
                    )
                self.watching.append(raw)
        else:
            raw = self.reader.record(mark, shapes.ACT)
            if raw.get("id") and act_path(raw["id"]) != relative:
                self.reader.wrong("id-is-not-path", mark.value["id"], path=f"law/{act_path(raw['id'])}")
            if raw.keys() >= {"id", "jurisdiction", "authority", "kind", "title", "sources", "confidence"}:
                if raw["id"] in self.marks:
                    self.reader.wrong("duplicate-id", mark.value["id"])
                self.acts.append((raw, name))
                self.marks[raw["id"]] = mark.value["id"]

    def finish(self, version: str) -> m.Register:
        self.define()
        instruments = {raw["id"]: self.instrument(raw, name) for raw, name in self.acts}
        for number, raw in enumerate(self.answers):
            if "id" in raw and raw["id"] in [other.get("id") for other in self.answers[:number]]:
                self.reader.wrong("duplicate-id", replace(raw["mark"], value=raw["id"]))
        answers = {raw["id"]: self.answer(raw) for raw in self.answers if _complete(raw, shapes.ANSWER)}
        instruments = {id: _with_answers(act, answers.values()) for id, act in instruments.items()}
        procedures: dict[str, m.Procedure] = {}
        for procedure in (p for act in instruments.values() for p in act.procedures):
            if procedure.id in procedures:
                self.reader.wrong("duplicate-id", replace(self.marks[procedure.act], value=procedure.id))
            procedures[procedure.id] = procedure
        watches = {raw["jurisdiction"]: self.watch(raw) for raw in self.watching}
        register = m.Register(version, instruments, answers, watches, self.definitions, procedures)
        self.references(register)
        return register

    # -- rules --------------------------------------------------------------------------

    def rule(self, mark: Mark, collection: str = "") -> Node:
        scope = Scope(self.terms, {name: d.rule for name, d in self.definitions.items()}, mark.file)
        text = mark.value.strip() if isinstance(mark.value, str) else ""
        try:
            return parse(text, scope, collection)
        except KidoError as error:
            for problem in error.problems:
                offset = int(problem.place.rsplit(":", 1)[1]) - 1
                self.problems.append(replace(problem, place=self.place_of(mark, text, offset, problem.read)))
            return Some(())

    def place_of(self, mark: Mark, text: str, offset: int, word: str) -> str:
        """Line and column of a word of a rule, found again in the lines of the file: a rule may be folded or quoted."""
        before = text[:offset].count(word)
        for number, line in enumerate(self.lines.get(mark.file, [])[mark.line - 1 :], mark.line):
            start = mark.column - 1 if number == mark.line else 0
            for found in re.finditer(re.escape(word), line[start:]) if word else ():
                if before == 0:
                    return f"{mark.file}:{number}:{start + found.start() + 1}"
                before -= 1
        return f"{mark.file}:{mark.line}:{mark.column + offset + mark.quoted}"

    def define(self) -> None:
        """Read definitions in an order in which each uses only those already read."""
        waiting = [(name, raw, act["id"]) for act, _ in self.acts for name, raw in act.get("definitions", {}).items() if "when" in raw]
        names = {name for name, _, _ in waiting}
        for number, (name, raw, _) in enumerate(waiting):
            if name in self.terms.facts or name in [other for other, _, _ in waiting[:number]]:
                self.reader.wrong("duplicate-id", replace(raw["when"], value=name))
        while waiting:
            ready = [entry for entry in waiting if not (_names(entry[1]["when"]) & (names - set(self.definitions)))]
            if not ready:
                for name, raw, _ in waiting:
                    self.reader.wrong("definitions-in-a-circle", raw["when"], name=name)
                return
            for name, raw, act in ready:
                collection = "inputs" if name.endswith("_input") else ""
                rule = self.rule(raw["when"], collection)
                label = {"ja": raw.get("ja", name), "en": raw.get("en", name)}
                self.definitions[name] = m.Definition(name, rule, raw.get("text", ""), label, act, _text(raw["when"]))
            waiting = [entry for entry in waiting if entry not in ready]

    # -- nouns --------------------------------------------------------------------------

    def instrument(self, raw: dict, name: str) -> m.Instrument:
        id = raw["id"]
        plain = {key: raw[key] for key in _PLAIN if key in raw}
        lists = {key: tuple(raw.get(key, ())) for key in _LISTS}
        items = tuple(self.item(item) for item in raw.get("items", ()) if _complete(item, shapes.ITEM))
        codes = [item.code for item in items]
        return m.Instrument(
            **plain,
            **lists,
            sources=_sources(raw),
            items=items,
            measures=tuple(self.measure(id, measure, codes) for measure in raw.get("measures", ()) if _complete(measure, shapes.MEASURE)),
            events=tuple(event for raw_event in raw.get("events", ()) for event in self.events(id, raw_event)),
            practice=_practice(raw.get("practice", ())),
            definitions=tuple(d for d in self.definitions.values() if d.act == id),
            procedures=tuple(self.procedure(p, id) for p in raw.get("procedures", ()) if _complete(p, shapes.PROCEDURE)),
            file=name,
        )

    def item(self, raw: dict) -> m.Item:
        printed = tuple(
            m.Printed(hs["tariff"], hs["is"], tuple(hs["codes"]), hs.get("digits", 0), hs.get("by", ""))
            for hs in raw.get("hs", ())
            if _complete(hs, shapes.PRINTED)
        )
        subs = tuple(m.SubItem(s["no"], s["name"], tuple(s.get("hs", ()))) for s in raw.get("sub_items", ()) if "name" in s)
        optional = {key: raw[key] for key in ("includes", "excludes", "note", "previous_code", "confidence", "until", "by") if key in raw}
        return m.Item(
            raw["code"], raw["name"], tuple(raw.get("elements", ())), raw.get("form", ""), self.optional_rule(raw), raw["text"],
            hs=printed, sub_items=subs, rule_text=_rule_text(raw), start=raw.get("from"), **optional,
        )  # fmt: skip

    def optional_rule(self, raw: dict) -> Node | None:
        return self.rule(raw["when"]) if "when" in raw else None

    def watch(self, raw: dict) -> m.Watch:
        lists = {key: tuple(value) for key, value in raw.items() if isinstance(value, list)}
        return m.Watch(**raw | lists | {"reach": self.rule(raw["reach"])})

    def measure(self, act: str, raw: dict, codes: list[str]) -> m.Measure:
        optional = {
            key: raw[key] for key in ("review", "procedure", "effective", "until", "by", "added_by", "note", "confidence") if key in raw
        }
        self.judged_or_policy(act, raw)
        unless = tuple(
            m.Unless(self.rule(u["when"]), u["outcome"], u["text"], u.get("note"), rule_text=_text(u["when"]))
            for u in raw.get("unless", ())
            if _complete(u, shapes.UNLESS)
        )
        prefixes = tuple(raw.get("covers", ()))
        return m.Measure(
            f"{act}/{raw['no']}", raw["no"], raw["title"], raw["kind"], raw.get("gate", ""), self.optional_rule(raw), raw["text"],
            raw.get("outcome", ""), prefixes, frozenset(code for code in codes if any(below(code, prefix) for prefix in prefixes)), unless=unless,
            rule_text=_rule_text(raw), figures=tuple(_figure(f) for f in raw.get("figures", ()) if _complete(f, shapes.FIGURE)), **optional,
        )  # fmt: skip

    def judged_or_policy(self, act: str, raw: dict) -> None:
        """What is judged needs gate, scope and outcome; what is only held has none of them."""
        place = f"{self.marks[act].place} {act}/{raw['no']}"
        for key in ("gate", "when", "outcome"):
            if raw["kind"] not in m.POLICY and key not in raw:
                self.problems.append(Problem("missing-key", place, key))
            elif raw["kind"] in m.POLICY and key in raw:
                self.problems.append(Problem("policy-is-not-judged", place, key))

    def procedure(self, raw: dict, act: str) -> m.Procedure:
        days = raw.get("days_unless")
        return m.Procedure(
            raw["id"], raw["name"], raw["authority"], raw["applicant"], tuple(raw.get("documents", ())), raw.get("working_days"),
            raw.get("from"), raw.get("not_counted"), raw.get("validity"), _practice(raw.get("observed", ())), raw["text"], act,
            tuple(raw.get("importer_documents", ())), tuple(raw.get("advice", ())),
            self.rule(days) if days else None, _text(days) if days else "",
        )  # fmt: skip

    def events(self, act: str, raw: dict) -> Iterable[m.Event]:
        if sum(kind in raw for kind in m.EVENTS) != 1:
            self.reader.wrong("event-without-kind", self.marks[act])
        for kind in m.EVENTS:
            if kind in raw and raw.get("from"):
                yield m.Event(
                    kind, raw[kind], act, raw["from"], raw.get("until"), raw.get("last_day", "in"),
                    raw.get("formal", True), raw.get("text", ""), raw.get("note"),
                )  # fmt: skip

    def answer(self, raw: dict) -> m.Answer:
        optional = {key: raw[key] for key in ("part", "date", "hedge", "note") if key in raw}
        when = self.rule(raw["when"]) if "when" in raw else None
        return m.Answer(
            raw["id"], raw.get("question", {}), raw.get("answer", {}), raw.get("effect", "procedure"), tuple(raw.get("measures", ())),
            tuple(raw.get("items", ())), _sources(raw), raw.get("confidence", "low"), when=when,
            rule_text=_text(raw["when"]) if "when" in raw else "", **optional,
        )  # fmt: skip

    # -- references ---------------------------------------------------------------------

    def references(self, register: m.Register) -> None:
        """Every act, measure, item, procedure and paper that is named must exist."""
        measures = {measure.id for _, measure in register.measures()}
        known = set(register.instruments) | measures
        for act in register.instruments.values():
            for event in act.events:
                self.ordered(event.start, event.until, act.id, event.kind)
                self.must_exist(event.target, known, self.marks[act.id], "act or measure")
            for measure in act.measures:
                for prefix in measure.covers:
                    if not any(below(item.code, prefix) for item in act.items):
                        self.must_exist(prefix, {item.code for item in act.items}, self.marks[act.id], "item")
                    for item in act.items:
                        if measure.judged and item.when is None and below(item.code, prefix):
                            self.problems.append(Problem("missing-key", f"{self.marks[act.id].place} {item.code}", "when"))
                for figure in measure.figures:
                    for code in figure.items:
                        self.must_exist(code, {item.code for item in act.items}, self.marks[act.id], "item")
                    self.ordered(figure.start, figure.until, act.id, figure.of["en"])
                self.ordered(measure.effective or act.effective, measure.until, act.id, measure.id)
                for by in filter(None, (measure.by, measure.added_by)):
                    self.must_exist(by, set(register.instruments), self.marks[act.id], "act")
                if measure.procedure:
                    self.must_exist(measure.procedure, set(register.procedures), self.marks[act.id], "procedure")
            self.must_exist(act.jurisdiction, {act.id.split("-")[0].upper()}, self.marks[act.id], "jurisdiction")
            self.must_exist(act.jurisdiction, set(register.watches), self.marks[act.id], "watch.yaml")
            for element in act.elements:
                self.must_exist(element, {*self.terms.elements, *_OTHER_ELEMENTS}, self.marks[act.id], "element")
            for partner in act.partners:
                self.must_exist(partner, {*self.terms.places, *self.terms.place_groups}, self.marks[act.id], "place")
            for basis in act.legal_basis:
                if basis.startswith(act.id.split("-")[0] + "-"):
                    self.must_exist(basis, set(register.instruments), self.marks[act.id], "act")
            for item in act.items:
                self.item_references(item, register, self.marks[act.id])
            codes = [item.code for item in act.items]
            codes += [measure.id for measure in act.measures]
            for code in {code for code in codes if codes.count(code) > 1}:
                self.reader.wrong("duplicate-id", replace(self.marks[act.id], value=code))
        for procedure in register.procedures.values():
            for document in (*procedure.documents, *procedure.importer_documents):
                self.must_exist(document, set(self.terms.documents), self.marks[procedure.act], "document")
        for raw in self.answers:
            answer = register.answers.get(raw.get("id", ""))
            for id in answer.measures if answer else ():
                self.must_exist(id, known, raw["mark"], "act or measure")
            codes = {
                item.code
                for id in (answer.measures if answer else ())
                if id.split("/")[0] in register.instruments
                for item in register.instruments[id.split("/")[0]].items
            }
            for code in answer.items if answer else ():
                self.must_exist(code, codes, raw["mark"], "item")

    def item_references(self, item: m.Item, register: m.Register, mark: Mark) -> None:
        """What an item says for information must use known words too: its form can move the gate."""
        if item.form:
            self.must_exist(item.form, {*self.terms.choices["form"], *_OTHER_FORMS}, mark, "form")
        for element in item.elements:
            self.must_exist(element, {*self.terms.elements, *_OTHER_ELEMENTS}, mark, "element")
        self.ordered(item.start, item.until, mark.value, item.code)
        if item.by:
            self.must_exist(item.by, set(register.instruments), mark, "act")
        for printed in item.hs:
            if printed.by:
                self.must_exist(printed.by, set(register.instruments), mark, "act")

    def ordered(self, start: date | None, until: date | None, act: str, what: str) -> None:
        if start and until and start > until:
            self.problems.append(Problem("dates-in-wrong-order", self.marks[act].place, f"{what}: {start} > {until}"))

    def must_exist(self, name: str, known: set[str], mark: Mark, what: str) -> None:
        if name not in known:
            self.problems.append(Problem("unknown-reference", mark.place, name, {"what": what, "near": nearest(name, known)}))


def _names(mark: Mark) -> set[str]:
    text = mark.value if isinstance(mark.value, str) else ""
    return set(re.findall(r"[A-Za-z_]\w*", re.sub(r"\"[^\"]*\"|'[^']*'", "", text)))


def _text(mark: Mark) -> str:
    return " ".join(mark.value.split()) if isinstance(mark.value, str) else ""


def _rule_text(raw: dict) -> str:
    return _text(raw["when"]) if "when" in raw else ""


def _figure(raw: dict) -> m.Figure:
    named = {key: raw[key] for key in ("value", "bound", "until", "published", "note", "confidence") if key in raw}
    return m.Figure(raw["of"], raw["unit"], items=tuple(raw.get("items", ())), start=raw.get("from"), **named)


def _complete(raw: dict, shape: shapes.Shape) -> bool:
    return all(key in raw for key, (_, required) in shape.items() if required)


def _sources(raw: dict) -> tuple[Source, ...]:
    return tuple(Source(**source) for source in raw.get("sources", ()) if _complete(source, shapes.SOURCE))


def _practice(raw: Iterable[dict]) -> tuple[m.Practice, ...]:
    return tuple(
        m.Practice(p["date"], p["by"], {"ja": p["ja"], "en": p["en"]}, p.get("url", ""), p["confidence"])
        for p in raw
        if _complete(p, shapes.PRACTICE)
    )


def _with_answers(act: m.Instrument, answers: Iterable[m.Answer]) -> m.Instrument:
    """An official answer that takes goods out works as an exception on the items it names."""
    out = [a for a in answers if a.effect == "out" and a.when is not None and any(id.split("/")[0] == act.id for id in a.measures)]
    if not out:
        return act
    items = []
    for item in act.items:
        unless = tuple(
            m.Unless(a.when, "outside", f"Q&A {a.part}".strip(), a.answer, a.id, a.rule_text) for a in out if item.code in a.items
        )
        items.append(replace(item, unless=unless))
    return replace(act, items=tuple(items))
