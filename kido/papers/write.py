"""Papers become files: one master, three formats.

write(paper, "pdf", folder)  -> where it was written, with what could not be printed as it stands
FORMATS                      docx, xlsx, pdf
"""

from __future__ import annotations

from pathlib import Path

from kido.errors import KidoError, Problem
from kido.papers.document import Paper
from kido.papers.written import Written
from kido.register.home import write_whole
from kido.terms.text import nearest

FORMATS = ("docx", "xlsx", "pdf")


def rendered(paper: Paper, format: str) -> Written:
    """A paper in one format; nothing is written. The libraries come with the extra `papers` and are loaded only here."""
    if format == "pdf":
        from kido.papers.write_pdf import pdf as made
    elif format == "docx":
        from kido.papers.write_docx import docx as made
    elif format == "xlsx":
        from kido.papers.write_xlsx import xlsx as made
    else:
        near = nearest(format, FORMATS)
        raise KidoError(Problem("not-one-of", paper.id, format, {"fact": "format", "near": near, "values": ", ".join(FORMATS)}))
    return made(paper)


def write(paper: Paper, format: str, folder: Path) -> tuple[Path, Written]:
    """Write `folder/<id>.<format>`, whole or not at all; an older file of that name is replaced."""
    done = rendered(paper, format)
    path = folder / f"{paper.id}.{format}"
    write_whole(path, done.data)
    return path, done
