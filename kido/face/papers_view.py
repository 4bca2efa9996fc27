"""A pack of papers as a face shows it: the papers, what to mend, the gaps, what is not made and why, and the files."""

from __future__ import annotations

from kido.face.language import word
from kido.papers.document import Paper
from kido.papers.pack import REASONS, Delivery, Pack
from kido.terms.text import said


def pack(made: Pack, lang: str) -> dict:
    """The pack before it is written."""
    d = made.case.determination
    return {
        "answer": d.answer, "answer_words": word(f"answer.{d.answer}", lang), "on": d.on.isoformat(), "made": made.case.made.isoformat(),
        "register": d.version,
        "papers": [_paper(paper, made, lang) for paper in made.papers],
        "points": [
            {"code": point.code, "stops": point.stops, "words": said(point.text, lang), "do": said(point.advice, lang), "papers": list(point.papers)}
            for point in made.checked.points
        ],
        "gaps": [
            {"paper": id, "field": said(gap.label, lang), "ask": said(gap.ask, lang)} for id, gaps in made.checked.gaps for gap in gaps
        ],
        "left_out": [{"paper": id, "reason": reason, "words": said(REASONS[reason], lang)} for id, reason in made.left_out.items()],
    }  # fmt: skip


def _paper(paper: Paper, made: Pack, lang: str) -> dict:
    return {
        "id": paper.id, "title": said(paper.title, lang), "langs": list(paper.langs), "leaves": paper.leaves,
        "gaps": len(dict(made.checked.gaps).get(paper.id, ())), "stops": made.checked.stops(paper.id),
    }  # fmt: skip


def delivery(written: Delivery, lang: str) -> dict:
    """The files, and what could not be printed as it stands."""
    lines = [
        word("papers.no_glyph", lang, file=file, signs=" ".join(f"U+{ord(sign):04X}" for sign in signs))
        for file, signs in written.missing.items()
    ]
    lines += [word("papers.no_photo", lang, file=file, photos=", ".join(photos)) for file, photos in written.absent.items()]
    if written.stale:
        lines.append(word("papers.stale", lang, files=", ".join(written.stale)))
    return {"files": [path.name for path in written.files], "notes": lines}
