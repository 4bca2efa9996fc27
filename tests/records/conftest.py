"""The records on both databases: every test that takes `address` runs on SQLite and on a real PostgreSQL."""

import pytest

from kido.records import people
from kido.records.book import Book


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch, request):
    """Hashes of passwords that cost little, but for a test that asks for real ones."""
    if "real_hashes" not in request.fixturenames:
        from argon2 import PasswordHasher

        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(people, "_hasher", lambda: hasher)
    people._nobody.cache_clear()
    yield
    people._nobody.cache_clear()


@pytest.fixture
def real_hashes():
    """Passwords are hashed as a firm's are."""


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
