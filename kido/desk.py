"""The questions a user asks, one short function each. Faces call these and nothing below."""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kido.decide.determine import Determination
from kido.decide.determine import determine as _determine
from kido.decide.finding import Finding
from kido.decide.parties import LISTS
from kido.decide.transaction import Transaction, read_transaction
from kido.errors import KidoError, Problem
from kido.register import store
from kido.register.asked import judged_measure
from kido.register.model import Instrument, Register
from kido.register.timeline import Change, Status, changes, status
from kido.register.yaml_file import Mark
from kido.terms.dates import read_date
from kido.terms.text import nearest

if TYPE_CHECKING:
    from kido.register.bundle import Bundle
    from kido.register.changes import LawChange, RegisterChange
    from kido.register.coverage import Coverage
    from kido.register.exchange.disagreements import Comparison
    from kido.register.exchange.layers import Layer
    from kido.register.exchange.loss import LossReport
    from kido.register.fetch import Progress
    from kido.register.search import Hit
    from kido.register.versions import Version
    from kido.terms.words import Words


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


def register() -> Register:
    """The register: every act, measure, item and event, with its version.

    >>> "cn-mofcom-gacc-2025-18" in register().instruments
    True
    """
    return store.register()


def act(id: str) -> Instrument:
    """One act by its id; a measure's id gives its act."""
    acts = store.register().instruments
    name = str(id).partition("/")[0]
    if name not in acts:
        raise KidoError(Problem("no-such-measure", "register", str(id), {"near": nearest(name, acts)}))
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


def search(**wanted: str) -> list[Hit]:
    """Which measures speak of a material, form, HS prefix, control code, word, kind, justification, place or jurisdiction?

    Parameters
    ----------
    wanted : `element`, `form`, `hs`, `code`, `word`, `kind`, `justification`, `place`, `jurisdiction`; names in ja, en or zh

    >>> [hit.measure.id for hit in search(element="ホルミウム", form="metal", kind="licence")]
    ['cn-mofcom-gacc-2025-57/1']
    """
    from kido.register import search as searching

    return searching.search(store.register(), store.terms(), searching.query(store.register(), store.terms(), wanted))


def as_of(on: date | str, known_on: date | str | None = None, **wanted: str) -> list[Hit]:
    """What stood on a day, with the figures of that day (quota of the year, rate of a duty).

    >>> {hit.status.word for hit in as_of("2025-11-08", element="Ho", form="metal")}
    {'suspended'}
    """
    from kido.register import search as searching

    day, known = as_date(on, "on"), as_date(known_on, "known_on") or date.max
    return searching.as_of(store.register(), store.terms(), searching.query(store.register(), store.terms(), wanted), day, known)


def timeline(**wanted: str) -> list[tuple[Hit, list[Change]]]:
    """Every change of standing of the measures that fit, oldest act first.

    >>> [(c.day.isoformat(), c.word) for _, changes in timeline(element="Ho", form="metal", kind="licence") for c in changes]
    [('2025-10-09', 'not_yet'), ('2025-11-07', 'suspended'), ('2026-11-10', 'unknown')]
    """
    return [(hit, changes(store.register(), hit.act, hit.measure)) for hit in search(**wanted)]


def diff(first: date | str, last: date | str, known_on: date | str | None = None) -> list[LawChange]:
    """What changed in law from one day to another.

    >>> {c.act.id for c in diff("2025-11-08", "2025-11-09") if c.what == "standing"}
    {'cn-mofcom-2024-46'}
    """
    from kido.register.changes import between_days

    problems: list[Problem] = []
    start, end = as_date(first, "first", problems), as_date(last, "last", problems)
    known = as_date(known_on, "known_on", problems) or date.max
    if not problems and start > end:
        problems.append(Problem("dates-in-wrong-order", "diff", f"{start} > {end}"))
    if problems:
        raise KidoError(problems)
    return between_days(store.register(), start, end, known)


def coverage(on: date | str) -> list[Coverage]:
    """What the register holds of each jurisdiction, what it does not, and when it was last checked.

    >>> coverage("2026-11-24")[0].watch.depth
    'register'
    """
    from kido.register.coverage import coverage as covered

    return covered(store.register(), as_date(on, "on"))


def export(format: str, into: str, on: date | str | None = None, replace: bool = False) -> tuple[list[Path], LossReport | None]:
    """The register in an open form, or in the fields of a foreign list with a loss report.

    Parameters
    ----------
    format : json, csv, parquet, sqlite (nothing is lost); qr, mast2012, mast2019, oecd, gta (a loss report goes along)
    into : a new or empty folder to write to
    on : of a foreign list, only what stands on that day, or may stand; each row says its standing
    replace : put the files in place of an earlier export of the same format
    """
    from kido.register.exchange import export as exported

    return exported(store.register(), format, into, as_date(on, "on"), store.terms(), replace)


def foreign() -> Comparison:
    """Others' measures beside ours, and where they disagree: who says so, since when."""
    from kido.register.exchange import disagreements, layers

    return disagreements.compare(store.register(), [row for layer in layers.layers() for row in layer.rows])


def foreign_add(file: str, replace: bool = False) -> Layer:
    """Keep a CSV of others' measures as a layer; refused whole if any row is wrong."""
    from kido.register.exchange import layers

    return layers.add(file, replace)


def foreign_remove(name: str) -> None:
    """Take a layer away."""
    from kido.register.exchange import layers

    layers.remove(name)


def bundle(key: str, into: str = ".") -> Bundle:
    """The register in use as one signed, citable file."""
    from kido.register.bundle import make

    return make(key, into)


def make_key(path: str) -> str:
    """Make a key to sign bundles with; its fingerprint is returned."""
    from kido.register import keys

    return keys.make_key(path)


def trust(name: str, key: str) -> str:
    """Trust a signer's public key under a name; its fingerprint is returned."""
    from kido.register import keys

    return keys.trust(name, key)


def distrust(name: str) -> None:
    """No longer trust a signer."""
    from kido.register import keys

    keys.distrust(name)


def trusted() -> dict[str, str]:
    """The signers that are trusted, each with its fingerprint."""
    from kido.register import keys

    return {name: keys.fingerprint(key) for name, key in keys.trusted().items()}


def pull(source: str, progress: Progress | None = None) -> Bundle:
    """Bring in a bundle from a path or address: verified and kept, not yet used."""
    from kido.register import versions as kept

    return kept.pull(source, progress)


def use(version: str) -> Version:
    """Answer with this version from now on; `shipped` is the one that came with kido."""
    from kido.register import versions as kept

    return kept.use(_bare(version))


def versions() -> list[Version]:
    """The registers on this machine."""
    from kido.register import versions as kept

    return kept.versions()


def remove_version(version: str) -> None:
    """Take away a version that is not in use."""
    from kido.register import versions as kept

    kept.remove(version)


def diff_versions(older: str, newer: str) -> list[RegisterChange]:
    """What was learnt: acts added, removed or read differently between two versions."""
    from kido.register.changes import between_versions

    with store.at(_bare(older)):
        before = store.register()
    with store.at(_bare(newer)):
        return between_versions(before, store.register())


def _bare(version: str) -> str:
    """A version as answers print it (`r2026-11-23-…`) or as it is kept."""
    return re.sub(r"^r\d{4}-\d\d-\d\d-", "", version)


def at(version: str) -> AbstractContextManager[None]:
    """Answer with one version inside a `with`, so that a past answer can be repeated.

    >>> now = register().version
    >>> with at(now):
    ...     register().version == now
    True
    """
    return store.at(_bare(version))


def distrusted() -> Problem | None:
    """What to say where the register in use was signed with a key that is no longer trusted."""
    return store.distrusted()


def overridden() -> bool:
    """Whether KIDO_GROUND goes before the version chosen."""
    return bool(os.environ.get("KIDO_GROUND"))


def check() -> list[Problem]:
    """Check law and cases; an empty list means that nothing was found.

    Reads every file again, runs every golden case, and looks for thresholds without a case
    on each side, rules that are never true, and measures with fewer than three cases.
    """
    from kido.decide.check import check_all

    return check_all()


def words(list: str | None = None, word: str | None = None) -> Words:
    """The names of facts; or the values of a list (form, substance, element, place …) with their aliases.

    Parameters
    ----------
    list : the name of a list, or of a fact whose values are asked for; left out: the facts themselves
    word : only what this word stands in, in any language

    >>> [word.id for word in words("element", "ネオジ")], [word.unit for word in words(word="密度")][:1]
    (['Nd'], ['g/cm3'])
    """
    from kido.terms.words import words as found

    return found(store.terms(), list, word, LISTS)


def lists() -> dict[str, int]:
    """The lists `words` can show, with the number of their values.

    >>> lists()["crystallinity"]
    3
    """
    from kido.terms.words import lists as found

    return found(store.terms(), LISTS)


def schema(noun: str = "transaction") -> dict:
    """JSON Schema of an input: `transaction` or `act`.

    >>> schema("transaction")["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    from kido.decide.schema import act_schema, transaction_schema

    made = {"transaction": transaction_schema, "act": act_schema}
    if noun not in made:
        near = nearest(str(noun), made)
        raise KidoError(Problem("not-one-of", "schema", str(noun), {"fact": "schema", "near": near, "values": ", ".join(made)}))
    return made[noun](store.terms())


def as_date(value: date | str | None, name: str, problems: list[Problem] | None = None) -> date | None:
    """A date argument, written or not; a wrong one is raised, or added to `problems`."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    found = read_date(str(value))
    if found is None:
        problem = Problem("not-a-date", name, str(value))
        if problems is None:
            raise KidoError(problem)
        problems.append(problem)
    return found
