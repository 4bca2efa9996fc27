"""What is wrong with the papers of one order together, before anything is printed.

    check_papers(case, papers)  -> Checked: what stops the file, what to look at, and the gaps of each paper
    check_page(case, checked)   -> Paper `check`

A point that stops is one for which a file is sent back: two papers that differ, two order numbers, a split shipment, dates in
the wrong order, a vague end use. Whatever differs in writing only is a point to look at: the papers of one order must agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kido.papers.case import Case
from kido.papers.document import Block, Cell, Gap, Grid, Heading, Paper, Paragraph
from kido.papers.end_use_words import vague_points
from kido.papers.legal_words import both
from kido.papers.order_points import Point, order_points
from kido.papers.seen_points import COMPARED, seen_points
from kido.terms.text import Text, said

TITLE = both("印刷前の確認", "Check before printing")


@dataclass(frozen=True, slots=True)
class Checked:
    """Points in the order found; the gaps of each paper by its id."""

    points: tuple[Point, ...]
    gaps: tuple[tuple[str, tuple[Gap, ...]], ...]

    def stops(self, paper: str) -> int:
        """How many points stop a paper: its own, and those of the whole order."""
        return sum(1 for point in self.points if point.stops and (not point.papers or paper in point.papers))


def check_papers(case: Case, papers: tuple[Paper, ...]) -> Checked:
    """Every contradiction and every gap, whichever comes first on the page."""
    points = (*_between(papers), *seen_points(case), *order_points(case), *vague_points(case))
    gaps = tuple((paper.id, tuple(_one_each(paper.gaps()))) for paper in papers)
    return Checked(points, tuple((id, found) for id, found in gaps if found))


def _one_each(gaps: Iterable[Gap]) -> Iterator[Gap]:
    """A gap that stands in several places of a paper is asked for once."""
    met: set[str] = set()
    for gap in gaps:
        name = repr(sorted(gap.label.items()))
        if name not in met:
            met.add(name)
            yield gap


def _between(papers: tuple[Paper, ...]) -> Iterator[Point]:
    """One fact, two values: the builders read the same order, so this guards them, and papers that are added later."""
    met: dict[str, tuple[str, Cell]] = {}
    for paper in papers:
        for key, cell in paper.fields():
            if isinstance(cell, Gap) or not key:
                continue
            other, first = met.setdefault(key, (paper.id, cell))
            if not _same(first, cell):
                text = both("{key}: {a} では「{x}」、{b} では「{y}」です。", "{key}: {a} has “{x}”, {b} has “{y}”.",
                            key=key, a=other, b=paper.id, x=_read(first), y=_read(cell))  # fmt: skip
                yield Point("papers-differ", True, text, (other, paper.id))


def _same(first: Cell, second: Cell) -> bool:
    """Whether two cells agree in every language that both have."""
    if isinstance(first, dict) and isinstance(second, dict):
        return all(first[lang] == second[lang] for lang in first.keys() & second.keys())
    return first == second


def _read(cell: Cell) -> str:
    return cell if isinstance(cell, str) else said(cell, "ja") if isinstance(cell, dict) else ""


def check_page(case: Case, checked: Checked) -> Paper:
    """What must be settled first; it stays in the firm."""
    stops = [point for point in checked.points if point.stops]
    looks = [point for point in checked.points if not point.stops]
    blocks: list[Block] = [
        Paragraph(both(
            "直すこと {a} 件、見ること {b} 件、未記入のある書類 {c} 件。",
            "{a} to mend, {b} to look at, {c} papers with gaps.", a=len(stops), b=len(looks), c=len(checked.gaps),
        ), "warning" if stops or checked.gaps else "body"),
        *_points(both("1. 直すこと(このままでは返されます)", "1. To mend (the file would come back)"), stops),
        *_points(both("2. 見ること", "2. To look at"), looks),
        Heading(both("3. 未記入(書類ごと)", "3. Gaps, by paper"), 2),
        *_gaps(checked),
        Heading(both("4. 何を比べたか", "4. What was compared"), 2),
        Paragraph(_compared(case)),
    ]  # fmt: skip
    return Paper("check", TITLE, tuple(blocks), ("ja", "en"), case.foot, leaves="in")


def _points(title: Text, points: list[Point]) -> tuple[Block, ...]:
    head = (both("順", "no."), both("何が", "what"), both("どうする", "what to do"))
    if not points:
        return (Heading(title, 2), Paragraph(both("比べた範囲では見つかりませんでした。", "Nothing was found in what was compared.")))
    return (Heading(title, 2), Grid(head, tuple((str(n), point.text, point.advice) for n, point in enumerate(points, 1)), (0.5, 4, 4)))


def _gaps(checked: Checked) -> tuple[Block, ...]:
    if not checked.gaps:
        return (Paragraph(both("作った書類に未記入はありません。", "No paper that was made has a gap.")),)
    head = (both("書類", "paper"), both("項目", "field"), both("尋ねること", "question"))
    rows = tuple((id, gap.label, gap.ask) for id, gaps in checked.gaps for gap in gaps)
    return (Grid(head, rows, (1.6, 2.4, 4)),)


def _compared(case: Case) -> Text:
    rows = case.order.rows("seen")
    if not rows:
        return both(
            "他者の書類(契約書、送り状、包装明細書、図面など)は述べられていません(papers: seen:)。比べたのは、ここで作った書類どうしと、注文の中の値だけです。",
            "No paper of others (contract, invoice, packing list, drawing …) is stated under papers: seen:. Only the papers made here and the values of the order were compared.",
        )  # fmt: skip
    names = ", ".join(str(row.get("file") or row.get("paper") or "?") for row in rows)
    return both("注文の値を、述べられた {n} 件の書類({names})と {k} 項目で比べました。", "The order was compared with {n} papers ({names}) in {k} fields.",
                n=len(rows), names=names, k=len(COMPARED))  # fmt: skip
