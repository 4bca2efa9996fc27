"""What a database says when it fails, in our words: busy, not reached, or damaged."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from kido.errors import KidoError, Problem

_BUSY = ("55P03", "40001", "40P01", "57014")  # SQLSTATE: lock_timeout, serialization, deadlock, cancelled
_UNREACHED = ("08", "25", "28", "3D", "3F", "42501", "53", "57", "58")  # … and rights, space, a server that goes down or comes up
_SQLITE_UNREACHED = ("AUTH", "CANTOPEN", "FULL", "IOERR", "NOLFS", "NOMEM", "PERM", "READONLY", "TOOBIG")


def told(error: SQLAlchemyError, shown: str, seconds: float) -> KidoError:
    """The problem of an error; `seconds` is how long another writer was waited for."""
    found = getattr(error, "orig", None)
    state = _state(found)
    if isinstance(error, NoConnection) or state in ("BUSY", "LOCKED", *_BUSY):
        return KidoError(busy(shown, seconds))
    why = _why(found or error)
    lost = isinstance(error, InterfaceError) or (isinstance(error, DBAPIError) and error.connection_invalidated)
    if lost or not state or state.startswith(_UNREACHED) or state in _SQLITE_UNREACHED:
        return KidoError(Problem("records-not-opened", shown, "", {"why": why}))
    return KidoError(Problem("records-damaged", shown, "", {"why": why}))


def busy(shown: str, seconds: float) -> Problem:
    return Problem("records-busy", shown, "", {"seconds": f"{seconds:g}"})


def _state(error: BaseException | None) -> str:
    """What kind of error it is: the SQLSTATE of PostgreSQL, or SQLite's name; nothing where no database has answered."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
    told = error.args[0] if error is not None and error.args else None
    return str(told.get("C", "")) if isinstance(told, dict) else str(getattr(error, "sqlstate", None) or "")


def _why(error: BaseException) -> str:
    """The first line of what was said; pg8000 gives it as a table."""
    told = error.args[0] if error.args else ""
    text = told.get("M", "") if isinstance(told, dict) else str(error)
    return text.splitlines()[0][:200] if text.strip() else type(error).__name__
