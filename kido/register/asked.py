"""The measure that is asked for: by its own id, or by the id of an act that has one measure only."""

from __future__ import annotations

from kido.errors import KidoError, Problem
from kido.register.model import Register
from kido.terms.text import nearest


def judged_measure(register: Register, id: str) -> str:
    """The id of a measure that transactions are judged by; each way of missing it has its own error.

    >>> from kido.register.store import register
    >>> judged_measure(register(), "cn-mofcom-gacc-2025-57")
    'cn-mofcom-gacc-2025-57/1'
    """
    judged = {measure.id for _, measure in register.judged()}
    if id in judged:
        return id
    held = {measure.id: act.id for act, measure in register.measures()} | {name: name for name in register.instruments}
    if id not in held:
        raise KidoError(Problem("no-such-measure", "measure", str(id), {"near": nearest(str(id), held)}))
    own = [measure.id for measure in register.instruments[held[id]].measures if measure.id in judged] if held[id] == id else []
    if not own:
        raise KidoError(Problem("not-judged", "measure", id, {"act": held[id]}))
    if len(own) > 1:
        raise KidoError(Problem("several-measures", "measure", id, {"measures": ", ".join(own)}))
    return own[0]
