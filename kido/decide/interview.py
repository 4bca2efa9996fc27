"""An interview: questions one by one, until nothing can change the answer or nobody knows the rest.

Interview(register, terms, facts, on)
    .question     the next question, or None at the end
    .answer(v)    state it; .skip() says it is not known; .back() takes the last answer away
    .found        the determination on what is known so far
    .unknown      at the end: what remains open, and who can know it
    .to_dict()    to save it; `resumed` reads it again
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kido.decide.determine import Determination, determine
from kido.decide.next_question import NextQuestion, best, effort, not_asked_again, with_effects
from kido.decide.open_points import OpenPoint, open_points
from kido.decide.questions import fact_of
from kido.decide.stated import is_unknown, stating
from kido.decide.transaction import read_transaction
from kido.errors import KidoError, Problem
from kido.register.model import Register
from kido.register.yaml_file import Mark, marked
from kido.terms.dates import read_date
from kido.terms.vocabulary import Fact, Terms

FORMAT, FORMAT_VERSION = "kido-interview", 1


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of the log. `value` is as it was given, None where it is not known; `facts` are not asked again."""

    name: str
    facts: tuple[str, ...]
    value: object


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that stayed open: who can know it, and the paper that shows it."""

    fact: Fact
    who: str
    shown_by: str


class Interview:
    """What was stated, what was answered in which order, and what follows.

    >>> from kido.register.store import register, terms
    >>> talk = Interview(register(), terms(), {"form": "magnet", "magnet_family": "SmCo", "to": "JP"}, date(2026, 11, 23))
    >>> talk.skip(), talk.log[0].value
    (None, None)
    """

    def __init__(self, register: Register, terms: Terms, facts: Mapping | Mark, on: date, known_on: date | None = None):
        self.register, self.terms, self.on, self.known_on = register, terms, on, known_on
        self.stated = marked(facts, "")
        self.log: list[Answered] = []
        self._facts = [self.stated]
        read_transaction(self.stated, terms, on)  # what is wrong with the facts is said before anything is asked

    @property
    def facts(self) -> Mark:
        """The facts so far: those given, with the answers laid over."""
        return self._facts[-1]

    @property
    def asked(self) -> frozenset[str]:
        """Facts that are not asked again: answered, or not known."""
        return frozenset(name for answered in self.log for name in answered.facts)

    @cached_property
    def found(self) -> Determination:
        """The determination on what is known so far."""
        return self._determined(self.facts)

    @cached_property
    def _points(self) -> tuple[OpenPoint, ...]:
        return open_points(self.found, not_asked_again(self.facts, self.asked))

    @cached_property
    def question(self) -> NextQuestion | None:
        """The next question without its effects (see `tried`); None where nothing asked could change the answer."""
        return best(self.found, self.terms, self.facts, self.asked, self._points)

    @cached_property
    def tried(self) -> NextQuestion | None:
        """The next question with what its answers would change."""
        if self.question is None:
            return None
        return with_effects(self.question, self.register, self.terms, self.facts, self.found, self._points)

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """What still could change the answer, and was not known."""
        asked = self.asked
        open_ = [name for point in open_points(self.found) for name in point.names]
        facts = [fact_of(name, self.terms) for name in dict.fromkeys(open_) if name in asked]
        return tuple(Unknown(f, effort(f)[0], f.shown_by if f.shown_by in self.terms.documents else "") for f in facts)

    def answer(self, value: object) -> None:
        """State the answer to the question. A value the door refuses is a KidoError, and nothing is changed."""
        if is_unknown(value):
            self.skip()
            return
        question = self._asking()
        facts = stating(self.facts, question.name, value, self.terms)
        found = self._determined(facts)
        self._note(Answered(question.name, (question.name,), value), facts)
        self.found = found

    def skip(self) -> None:
        """It is not known: the fact stays unknown and is asked no more."""
        question = self._asking()
        self._note(Answered(question.name, tuple(dict.fromkeys((question.name, *question.facts))), None), self.facts)

    def back(self) -> None:
        """Take the last answer away; at the first question nothing happens."""
        if self.log:
            self._forget(self._facts[-2])
            self.log.pop()
            self._facts.pop()

    def _determined(self, facts: Mark) -> Determination:
        return determine(self.register, self.terms, read_transaction(facts, self.terms, self.on), self.on, self.known_on)

    def _asking(self) -> NextQuestion:
        if self.question is None:
            raise KidoError(Problem("interview-over", "interview", ""))
        return self.question

    def _note(self, answered: Answered, facts: Mark) -> None:
        self._forget(facts)
        self.log.append(answered)
        self._facts.append(facts)

    def _forget(self, facts: Mark) -> None:
        """What was worked out falls away; the determination stays where the facts do."""
        for name in ("_points", "question", "tried", *(("found",) if facts is not self.facts else ())):
            self.__dict__.pop(name, None)

    def to_dict(self) -> dict:
        """Plain data to save: the facts as they were given, and every answer in its order."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "register": self.register.version,
            "on": self.on.isoformat(),
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "facts": self.stated.plain(),
            "answers": [
                {"name": a.name, "facts": list(a.facts), "value": marked(a.value, "").plain() if a.value is not None else None}
                for a in self.log
            ],
        }


@dataclass(frozen=True, slots=True)
class Resumed:
    """A saved interview that goes on: the register and the day it was saved with, where they differ from now; else ""."""

    interview: Interview
    other_register: str = ""
    other_day: str = ""


def resumed(text: str, place: str, register: Register, terms: Terms, on: date | None = None, known_on: date | None = None) -> Resumed:
    """Read a saved interview; `on` and `known_on` go before its own days. Answers are read again by the register in use.

    Raises
    ------
    KidoError : no saved interview, of a later format, or an answer that is refused now; with the place
    """
    saved = _checked(text, place)
    day = on or read_date(saved["on"])
    known = known_on or (read_date(saved["known_on"]) if saved["known_on"] else None)
    interview = Interview(register, terms, marked(saved["facts"], ""), day, known)
    for number, row in enumerate(saved["answers"]):
        try:
            facts = interview.facts if row["value"] is None else stating(interview.facts, row["name"], row["value"], terms)
            read_transaction(facts, terms, day)
        except KidoError as error:
            where = f"{place}: answers[{number}]"
            raise KidoError(Problem(p.code, f"{where} {p.place}", p.read, p.values) for p in error.problems) from None
        interview._note(Answered(row["name"], tuple(row["facts"]), row["value"]), facts)
    return Resumed(
        interview,
        saved["register"] if saved["register"] != register.version else "",
        saved["on"] if read_date(saved["on"]) != day else "",
    )


def _checked(text: str, place: str) -> dict:
    """The saved data, its shape checked; the first thing that is wrong is named with its place."""
    try:
        saved = json.loads(text)
    except RecursionError:
        raise KidoError(Problem("json-syntax", place, text.strip()[:60], {"why": "nested too deeply"})) from None
    except json.JSONDecodeError as error:
        raise KidoError(Problem("json-syntax", f"{place}:{error.lineno}:{error.colno}", text.strip()[:60], {"why": error.msg})) from None
    if not isinstance(saved, dict) or saved.get("format") != FORMAT:
        raise KidoError(Problem("interview-foreign", place, str(saved)[:60]))
    if saved.get("format_version") != FORMAT_VERSION:
        raise KidoError(
            Problem("interview-version", f"{place}: format_version", str(saved.get("format_version")), {"own": str(FORMAT_VERSION)})
        )
    shapes = {"register": str, "on": str, "known_on": str | None, "facts": dict, "answers": list}
    for key, shape in shapes.items():
        if not isinstance(saved.get(key), shape):
            raise KidoError(Problem("interview-broken", f"{place}: {key}", str(saved.get(key))[:60]))
    for key in ("on", "known_on"):
        if saved[key] is not None and read_date(saved[key]) is None:
            raise KidoError(Problem("not-a-date", f"{place}: {key}", saved[key]))
    for number, row in enumerate(saved["answers"]):
        if not _is_answer(row):
            raise KidoError(Problem("interview-broken", f"{place}: answers[{number}]", str(row)[:60]))
    return saved


def _is_answer(row: object) -> bool:
    names = row.get("facts") if isinstance(row, dict) else None
    return isinstance(names, list) and all(isinstance(n, str) for n in names) and isinstance(row.get("name"), str) and "value" in row
