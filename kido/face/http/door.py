"""What is refused before anything is read: a page of others that writes, a parameter nobody knows, a kind of body that is not read.

door(request)   a dependency of every route of the API
"""

from __future__ import annotations

from fastapi import Request
from fastapi.dependencies.models import Dependant

from kido.errors import KidoError, Problem
from kido.face.http.asked import Lang
from kido.face.http.body import kind_refused
from kido.face.http.people import own
from kido.terms.text import nearest

MOST_TOLD = 20  # parameters; ten thousand would each be compared with every name
_READS = ("GET", "HEAD")


async def door(request: Request, lang: Lang) -> None:
    """
    Raises
    ------
    KidoError : all that is wrong with the parameters, or the one thing that is wrong with the rest
    """
    if request.method not in _READS and not own(request, strict=False):
        # on this machine everybody is the user: a page in the same browser could write into the records
        raise KidoError(Problem("form-of-others", request.url.path, request.headers.get("origin", "")[:80]))
    if problems := _parameters(request):
        raise KidoError(problems)
    if request.method == "POST" and (problem := kind_refused(request, request.url.path == "/api/batch")):
        raise KidoError(problem)


def _parameters(request: Request) -> list[Problem]:
    """A name that is none would be passed over, and the answer be one to another question; so would the first of two values."""
    given = [name for name, _ in request.query_params.multi_items()]
    if not given:
        return []
    known = tuple(dict.fromkeys([*known_parameters(request.scope["route"].dependant), "lang"]))
    wrong = [name for name in dict.fromkeys(given) if name not in known]
    found = [_unknown(name, known) for name in wrong[:MOST_TOLD]]
    if len(wrong) > MOST_TOLD:
        found.append(Problem("too-many-values", "query", f"{len(given):,}", {"most": str(len(known))}))
    if len(given) > len(set(given)):
        found += [Problem("parameter-twice", name[:60], name[:60]) for name in known if given.count(name) > 1]
    return found


def _unknown(name: str, known: tuple[str, ...]) -> Problem:
    near = nearest(name[:60].replace("-", "_").casefold(), known)
    return Problem("unknown-parameter", name[:60], name[:60], {"near": near, "values": ", ".join(known) or "–"})


def known_parameters(dependant: Dependant) -> tuple[str, ...]:
    """Every name a route reads from the query, those of its dependencies too."""
    found = [field.alias for field in dependant.query_params]
    for below in dependant.dependencies:
        found += known_parameters(below)
    return tuple(dict.fromkeys(found))
