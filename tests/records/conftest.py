"""The records on both databases: every test that takes `address` runs on SQLite and on a real PostgreSQL."""

import gc
import io
import json
import sys

import pytest

from kido.face.cli import main
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


class Said:
    """What a command said, and its exit code."""

    def __init__(self, code: int, out: bytes, err: str):
        self.code, self.bytes, self.out, self.err = code, out, out.decode(errors="replace"), err

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def kido(monkeypatch):
    """Run a command in this process, as `kido` does."""

    def run(*arguments: str, text: str = "", lang: str = "en", **environment: str) -> Said:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        before = gc.get_threshold()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["kido", *arguments])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            for name, value in {"KIDO_LANG": lang, "COLUMNS": "200", **environment}.items():
                patch.setenv(name, value)
            try:
                main.run()
                code = 0
            except SystemExit as end:
                code = end.code or 0
            finally:
                gc.set_threshold(*before)
        return Said(code, out.buffer.getvalue(), err.buffer.getvalue().decode())

    return run
