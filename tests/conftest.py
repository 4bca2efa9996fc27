"""What several suites share."""

import pytest

from tests.postgresql import Server


@pytest.fixture(scope="session")
def postgresql():
    """One PostgreSQL server for the whole run; each who needs it takes a database of its own."""
    server = Server()
    yield server
    server.remove()
