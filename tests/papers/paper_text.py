"""What tests of papers share: a case from facts, and every word a paper prints."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kido.decide.determine import determine
from kido.decide.transaction import laid_over, read_transaction
from kido.papers.case import Case
from kido.papers.document import Checks, Fields, Gap, Grid, Heading, Paper, Paragraph, Signatures, spoken
from kido.papers.order import read_order
from kido.register.store import register, terms
from kido.register.yaml_file import Mark, marked, read_yaml
from kido.terms.ground import ground

MADE = date(2026, 11, 24)
BANNED = ("ok", "clear", "safe", "compliant")  # whole words
BANNED_CJK = ("問題なし", "問題ありません", "安全です", "没有问题", "无问题", "没问题", "合规。")


def case_of(facts: dict | Mark, on: str | date | None = None) -> Case:
    """A case of the shipped register on a day."""
    day = date.fromisoformat(on) if isinstance(on, str) else on
    mark = facts if isinstance(facts, Mark) else marked(facts, "")
    read = read_transaction(mark, terms(), day)
    d = determine(register(), terms(), read, day or read.on)
    return Case(d, read_order(read.papers, read.parties), register(), terms(), MADE)


def example(name: str, on: str | None = None, **over: object) -> Case:
    """One of the examples, with facts replaced."""
    mark = read_yaml(Path(ground("examples")) / name, name)
    return case_of(laid_over(mark, marked(over, "")) if over else mark, on)


def cells(paper: Paper) -> Iterator[object]:
    """Everything printed: titles, labels, heads, values."""
    yield paper.title
    for block in paper.blocks:
        if isinstance(block, Heading | Paragraph):
            yield block.text
        elif isinstance(block, Fields):
            for row in block.rows:
                yield from (row.label, row.value, row.note)
        elif isinstance(block, Grid):
            yield from block.head
            for row in block.rows:
                yield from row
        elif isinstance(block, Checks):
            for check in block.rows:
                yield from (check.text, check.detail)
        elif isinstance(block, Signatures):
            yield from block.rows


def text(paper: Paper, lang: str) -> str:
    """The whole paper in one language."""
    return "\n".join(spoken(cell, lang)[0] for cell in cells(paper))


def every_language(paper: Paper) -> str:
    words = []
    for cell in cells(paper):
        if isinstance(cell, Gap):
            words += [*cell.label.values(), *cell.ask.values()]
        else:
            words += [cell] if isinstance(cell, str) else list(cell.values())
    return "\n".join(words)


def value(paper: Paper, key: str) -> object:
    """The value of a named field."""
    return next(cell for name, cell in paper.fields() if name == key)
