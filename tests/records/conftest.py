"""The records on both databases: every test that takes `address` runs on SQLite and on a real PostgreSQL."""

import pytest

from kido.records.book import Book


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """An empty place for records."""
    if request.param == "sqlite":
        yield str(tmp_path / "records.sqlite")
        return
    server = request.getfixturevalue("postgresql")
    found = server.database()
    yield found
    server.emptied(found)


@pytest.fixture
def book(address):
    with Book(address) as made:
        yield made


@pytest.fixture
def in_use(address, monkeypatch):
    """The records that the desk uses."""
    from kido import desk

    monkeypatch.setenv("KIDO_RECORDS", address)
    yield desk.book()
    desk.book().close()


@pytest.fixture
def small(tmp_path, monkeypatch):
    """As `in_use`, on SQLite only: for what does not depend on the database."""
    from kido import desk

    monkeypatch.setenv("KIDO_RECORDS", str(tmp_path / "records.sqlite"))
    yield desk.book()
    desk.book().close()
