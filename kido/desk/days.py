"""A day as a user states it: one the desk is asked for, or asked with."""

from __future__ import annotations

from datetime import date, datetime

from kido.errors import KidoError, Problem
from kido.terms.dates import read_date


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
