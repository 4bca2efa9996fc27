"""What was asked and answered, in a chain that shows when a row was changed; who may see and approve it."""

from kido.errors import KidoError, Problem

try:
    import sqlalchemy as _sqlalchemy  # noqa: F401
except ImportError as error:  # said by every door into this room
    raise KidoError(Problem("extra-missing", "records", error.name or "sqlalchemy", {"extra": "records"})) from None
