"""Questions on one transaction: is a licence needed, and why."""

from __future__ import annotations

from datetime import date

from kido.decide.determine import Determination
from kido.decide.determine import determine as _determine
from kido.decide.finding import Finding
from kido.decide.transaction import Transaction, read_transaction
from kido.desk.days import as_date
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.asked import judged_measure
from kido.register.yaml_file import Mark


def determine(transaction: dict | Mark | Transaction, on: date | str | None = None, known_on: date | str | None = None) -> Determination:
    """Which licences does this transaction need, under which clause, and what is still missing?

    Parameters
    ----------
    transaction : facts as a mapping (see `schema("transaction")`), or a Transaction
    on : the day the law is asked for; the transaction's own date if left out
    known_on : use only acts published by this day

    Raises
    ------
    KidoError : every problem of the facts, each with code, place, and what to do

    >>> d = determine({"act": "export", "from": "CN", "to": "JP", "origin": "CN", "form": "metal", "element": "Dy"}, on="2026-11-23")
    >>> d.answer, d.finding("cn-mofcom-gacc-2025-18/1").items[0].item.code
    ('licence_required', '1C905.a.1')
    """
    problems: list[Problem] = []
    day, known = as_date(on, "on", problems), as_date(known_on, "known_on", problems)
    read = _read(transaction, day, problems)
    day = day or read.on
    if day == date.max:
        raise KidoError(Problem("missing-key", "on", "on"))
    return _determine(store.register(), store.terms(), read, day, known)


def _read(transaction: dict | Mark | Transaction, day: date | None, problems: list[Problem]) -> Transaction:
    """Read the facts; problems of the dates are reported together with theirs."""
    try:
        read = transaction if isinstance(transaction, Transaction) else read_transaction(transaction, store.terms(), day)
    except KidoError as error:
        raise KidoError([*problems, *error.problems]) from None
    if problems:
        raise KidoError(problems)
    return read


def explain(
    transaction: dict | Mark | Transaction, measure: str, on: date | str | None = None, known_on: date | str | None = None
) -> Finding:
    """Why one measure applies or does not: the finding with its full reason.

    Parameters
    ----------
    measure : its id; the id of an act is enough where the act has one measure

    >>> explain({"form": "article", "element": "Fe"}, "cn-mofcom-gacc-2025-18/1", on="2026-11-23").answer
    'does_not_apply'
    """
    id = judged_measure(store.register(), measure)
    found = determine(transaction, on, known_on).finding(id)
    if found is None:
        raise KidoError(Problem("no-such-measure", f"known_on={known_on}", id, {"near": ""}))
    return found
