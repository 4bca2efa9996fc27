"""A real PostgreSQL server for tests, as Debian installs it: started once, with a new database for whoever asks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from itertools import count
from pathlib import Path

import psutil
import sqlalchemy as sa


def _bin() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
    return folders[-1] if folders else Path(shutil.which("initdb")).parent


def _as_postgres(*command: object) -> list[str]:
    """PostgreSQL does not start as root."""
    plain = [str(part) for part in command]
    return ["runuser", "-u", "postgres", "--", *plain] if os.geteuid() == 0 else plain


class Server:
    """One server in a folder of its own.

    Parameters
    ----------
    fsync : whether what was committed outlives the power, as it does where a firm runs it; without it tests are faster
    """

    def __init__(self, fsync: bool = False):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        made = subprocess.run(_as_postgres("mktemp", "-d", "/tmp/kido-pg-XXXXXX"), capture_output=True, text=True, check=True)
        self.folder, self.fsync, self.numbers = Path(made.stdout.strip()), "on" if fsync else "off", count(1)
        self.empty: list[str] = []  # databases that were given back
        made = [_bin() / "initdb", "-D", self.folder / "data", "-U", "kido", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run(_as_postgres(*made), check=True, capture_output=True, cwd="/")
        self.start()

    @property
    def url(self) -> str:
        return self._url("postgres")

    def _url(self, database: str) -> str:
        return f"postgresql://kido@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync={self.fsync}"
        start = [_bin() / "pg_ctl", "-D", self.folder / "data", "-w", "-o", options, "-l", self.folder / "log", "start"]
        subprocess.run(_as_postgres(*start), check=True, stdout=subprocess.DEVNULL, cwd="/")

    def stop(self) -> None:
        stop = [_bin() / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop"]
        subprocess.run(_as_postgres(*stop), check=True, capture_output=True, cwd="/")

    def kill(self) -> None:
        """End the server and everything it started at once, as a power cut would."""
        first = psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]))
        every = [first, *first.children(recursive=True)]
        for process in every:
            process.kill()
        psutil.wait_procs(every)

    def remove(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self) -> str:
        """The address of an empty database."""
        if self.empty:
            return self.empty.pop()
        name = f"kido_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self._url(name)

    def emptied(self, address: str) -> None:
        """Take a database back; making one for every test takes time and some megabytes each."""
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            "DROP SCHEMA public CASCADE",
            "CREATE SCHEMA public",
            "GRANT USAGE ON SCHEMA public TO PUBLIC",
            address=address,
        )
        self.empty.append(address)

    def run(self, *statements: str, address: str = "") -> None:
        """Statements, each at once and for good."""
        engine = sa.create_engine((address or self.url).replace("://", "+pg8000://"), poolclass=sa.NullPool)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
