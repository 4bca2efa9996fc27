"""Papers of a transaction: the pack, and a firm's own form filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kido.desk.answers import determine
from kido.desk.days import as_date
from kido.register import store
from kido.register.yaml_file import Mark

if TYPE_CHECKING:
    from kido.papers.case import Case
    from kido.papers.forms import Filled
    from kido.papers.pack import Delivery, Pack


def papers(
    transaction: dict | Mark,
    on: date | str | None = None,
    known_on: date | str | None = None,
    made: date | str | None = None,
    only: Collection[str] = (),
    langs: Collection[str] = (),
    beside: str | Path = "",
) -> Pack:
    """Build the papers of a transaction and check them against each other; nothing is written.

    Parameters
    ----------
    transaction : facts, parties, and the order under `papers`
    on, known_on : as for `determine`
    made : the day that stands on the papers; the day of the law if left out
    only : ids of papers; all that are due if left out
    langs : ja, en, zh: print in these instead of each paper's own languages
    beside : the folder in which photos are looked for

    Raises
    ------
    KidoError : every problem of the facts or of the order

    >>> pack = papers({"act": "export", "from": "JP", "to": "DE", "form": "magnet"}, on="2026-11-23", only=["reply"])
    >>> [paper.id for paper in pack.papers]
    ['check', 'reply']
    """
    from kido.papers.pack import pack

    return pack(_case(transaction, on, known_on, made, beside), only, langs)


def write_papers(pack: Pack, into: str | Path, formats: Iterable[str] = ("pdf", "docx", "xlsx")) -> Delivery:
    """Write a pack into a folder; a paper that cannot be written is reported and the others are there."""
    from kido.papers.pack import write_pack

    return write_pack(pack, Path(into), formats)


def fill_form(
    form: str | Path,
    transaction: dict | Mark,
    on: date | str | None = None,
    known_on: date | str | None = None,
    made: date | str | None = None,
    lang: str = "ja",
) -> Filled:
    """Fill in a firm's own .xlsx or .docx: by `{{order.contract_no}}` in its text, or by a map of cells in YAML.

    Raises
    ------
    KidoError : macros, an old or damaged file, a key that there is not, a cell that holds a formula
    """
    from kido.papers.form_values import form_values
    from kido.papers.forms import fill, read_form

    return fill(read_form(Path(form)), form_values(_case(transaction, on, known_on, made)), lang)


def _case(
    transaction: dict | Mark, on: date | str | None, known_on: date | str | None, made: date | str | None, beside: str | Path = ""
) -> Case:
    from kido.papers.case import Case
    from kido.papers.order import read_order

    d = determine(transaction, on, known_on)
    order = read_order(d.transaction.papers, d.transaction.parties)
    return Case(d, order, store.register(), store.terms(), as_date(made, "made") or d.on, Path(beside))
