"""A desk of its own: the real `kido serve`, with its own port, data and cache."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
START = 120  # seconds; the first start compiles the register
LOOK = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 1)"
FREE = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"


def watching(calls: Path) -> dict[str, str]:
    """The environment in which Python writes down every connection it tries to make."""
    return os.environ | {"PYTHONPATH": str(HERE / "watched"), "KIDO_CALLS": str(calls)}


class Serving:
    """One running desk.

    Parameters
    ----------
    folder : where its data go
    cache : the cache, which several desks may share
    inside : puts a command into the network it shall run in
    options : more of the command line, such as --team
    before : commands of kido that are run first on the same data, each with what it reads from standard input
    """

    def __init__(
        self,
        folder: Path,
        cache: Path,
        inside: Callable[[Sequence[str]], list[str]] = list,
        options: Sequence[str] = (),
        before: Sequence[tuple[Sequence[str], str]] = (),
    ):
        self.calls = folder / "calls.txt"
        self._inside = inside
        port = self._python(FREE).stdout.strip()
        self.origin = f"http://127.0.0.1:{port}"
        environment = watching(self.calls) | {"KIDO_DATA": str(folder / "data"), "KIDO_CACHE": str(cache)}
        for command, typed in before:
            subprocess.run(
                [sys.executable, "-m", "kido", *command],
                env=environment,
                cwd=HERE.parents[1],
                input=typed,
                text=True,
                capture_output=True,
                check=True,
            )
        self._log = (folder / "serve.log").open("w+", encoding="utf-8")
        command = [sys.executable, "-m", "kido", "serve", "--port", port, *options]
        self._process = subprocess.Popen(inside(command), env=environment, cwd=HERE.parents[1], stdout=self._log, stderr=subprocess.STDOUT)
        self._wait(port)

    def _python(self, code: str, *given: str) -> subprocess.CompletedProcess:
        return subprocess.run(self._inside([sys.executable, "-c", code, *given]), capture_output=True, text=True, check=False)

    def _wait(self, port: str) -> None:
        end = time.monotonic() + START
        while self._python(LOOK, port).returncode:
            if self._process.poll() is not None or time.monotonic() > end:
                self.close()
                raise RuntimeError(f"kido serve did not start:\n{self.said()}")
            time.sleep(0.2)

    def said(self) -> str:
        """What it printed until now."""
        self._log.flush()
        return Path(self._log.name).read_text(encoding="utf-8")

    def called(self) -> str:
        """The connections it tried to make; nothing if it tried none."""
        return self.calls.read_text(encoding="utf-8") if self.calls.exists() else ""

    def close(self) -> None:
        """Stop it."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
