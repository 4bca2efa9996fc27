"""The questions a user asks, one short function each. Faces call these and nothing below."""

from __future__ import annotations

from datetime import date

from kido.decide.determine import Determination
from kido.decide.determine import determine as _determine
from kido.decide.finding import Finding
from kido.decide.transaction import Transaction, read_transaction
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.model import Instrument, Register
from kido.register.timeline import Change, Status, changes, status
from kido.register.yaml_file import Mark
from kido.terms.dates import read_date
from kido.terms.text import nearest


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

    >>> explain({"form": "article", "element": "Fe"}, "cn-mofcom-gacc-2025-18/1", on="2026-11-23").answer
    'does_not_apply'
    """
    known = {m.id for _, m in store.register().measures()}
    if measure not in known:
        raise KidoError(Problem("no-such-measure", "measure", measure, {"near": nearest(measure, known)}))
    found = determine(transaction, on, known_on).finding(measure)
    if found is None:
        raise KidoError(Problem("no-such-measure", f"known_on={known_on}", measure, {"near": ""}))
    return found


def register() -> Register:
    """The register: every act, measure, item and event, with its version.

    >>> "cn-mofcom-gacc-2025-18" in register().instruments
    True
    """
    return store.register()


def act(id: str) -> Instrument:
    """One act by its id; a measure's id gives its act."""
    acts = store.register().instruments
    name = id.partition("/")[0]
    if name not in acts:
        raise KidoError(Problem("no-such-measure", "register", id, {"near": nearest(name, acts)}))
    return acts[name]


def standing(id: str, on: date | str, known_on: date | str | None = None) -> list[tuple[str, Status]]:
    """The standing of an act's measures on a day.

    >>> [s.word for _, s in standing("cn-mofcom-gacc-2025-57", "2025-11-08")]
    ['suspended']
    """
    found, day, known = act(id), as_date(on, "on"), as_date(known_on, "known_on") or date.max
    return [(m.id, status(store.register(), found, m, day, known)) for m in found.measures]


def history(id: str) -> dict[str, list[Change]]:
    """Every day on which the standing of an act's measures changes."""
    found = act(id)
    return {m.id: changes(store.register(), found, m) for m in found.measures}


def check() -> list[Problem]:
    """Check law and cases; an empty list means that nothing was found.

    Reads every file again, runs every golden case, and looks for thresholds without a case
    on each side, rules that are never true, and measures with fewer than three cases.
    """
    from kido.decide.check import check_all

    return check_all()


def schema(noun: str = "transaction") -> dict:
    """JSON Schema of an input: `transaction` or `act`.

    >>> schema("transaction")["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    from kido.decide.schema import act_schema, transaction_schema

    made = {"transaction": transaction_schema, "act": act_schema}
    if noun not in made:
        raise KidoError(Problem("unknown-value", "schema", noun, {"fact": "schema", "near": nearest(noun, made)}))
    return made[noun](store.terms())


def as_date(value: date | str | None, name: str, problems: list[Problem] | None = None) -> date | None:
    """A date argument, written or not; a wrong one is raised, or added to `problems`."""
    if value is None or isinstance(value, date):
        return value
    found = read_date(str(value))
    if found is None:
        problem = Problem("not-a-date", name, str(value))
        if problems is None:
            raise KidoError(problem)
        problems.append(problem)
    return found
