"""Questions to the user: which fact is worth asking for next, and an interview that asks them one by one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.yaml_file import Mark, marked

if TYPE_CHECKING:
    from kido.decide.interview import Interview, Resumed
    from kido.decide.next_question import NextQuestion


def next_question(
    transaction: dict | Mark, on: date | str | None = None, known_on: date | str | None = None, skipped: Collection[str] = ()
) -> NextQuestion | None:
    """What to ask next, why, who can know it, and what each answer would change; None where nothing can change the answer.

    Parameters
    ----------
    transaction : the facts so far, as for `determine`
    on, known_on : as for `determine`
    skipped : facts not to ask for again, because nobody knows them

    Raises
    ------
    KidoError : every problem of the facts

    >>> facts = {"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "magnet", "magnet_family": "ferrite"}
    >>> question = next_question(facts, on="2026-11-23")
    >>> question is None or question.name not in facts
    True
    """
    from kido.decide.next_question import next_question as found

    mark = marked(transaction, "")
    return found(store.register(), store.terms(), mark, _day(mark, on), as_date(known_on, "known_on"), skipped)


def interview(transaction: dict | Mark, on: date | str | None = None, known_on: date | str | None = None) -> Interview:
    """An interview on a transaction: `.question`, `.answer(value)`, `.skip()`, `.back()`, `.found`.

    >>> talk = interview({"form": "magnet", "magnet_family": "SmCo", "from": "CN", "to": "JP"}, on="2026-11-23")
    >>> talk.skip()
    >>> talk.log[0].value is None
    True
    """
    from kido.decide.interview import Interview

    mark = marked(transaction, "")
    return Interview(store.register(), store.terms(), mark, _day(mark, on), as_date(known_on, "known_on"))


def resume(saved: str, place: str = "interview", on: date | str | None = None, known_on: date | str | None = None) -> Resumed:
    """Go on with a saved interview (the JSON of `Interview.to_dict`); says where register or day differ from now.

    Raises
    ------
    KidoError : no saved interview, or an answer that is refused now; `place` names the file
    """
    from kido.decide.interview import resumed

    return resumed(saved, place, store.register(), store.terms(), as_date(on, "on"), as_date(known_on, "known_on"))


def _day(transaction: Mark, on: date | str | None) -> date:
    """The day asked for, else the transaction's own."""
    from kido.decide.transaction import read_transaction

    day = as_date(on, "on") or read_transaction(transaction, store.terms()).on
    if day == date.max:
        raise KidoError(Problem("missing-key", "on", "on"))
    return day
