"""A network without outside: a namespace of the kernel with its own loopback and nothing else.

Closed()           made once, for all processes of a run
.inside(command)   the command, to be started in there
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

WHERE = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"  # a user's path leaves out where ip stands
SAYS = """\
These tests prove that no request leaves the machine, and for that they run in a network namespace of their own.
It could not be made here:
{why}
It needs Linux and either root (in a container: --cap-add SYS_ADMIN) or user namespaces (sysctl kernel.unprivileged_userns_clone=1),
and the Debian packages util-linux and iproute2 (`python3 dev.py test` installs them)."""


class NoNamespace(RuntimeError):
    """The kernel, or who runs it, does not give a namespace."""


class Closed:
    """A namespace that lives as long as its keeper, and the keeper as long as this process."""

    def __init__(self) -> None:
        programs = {name: shutil.which(name, path=WHERE) for name in ("unshare", "nsenter", "ip")}
        if missing := [name for name, place in programs.items() if place is None]:
            raise NoNamespace(SAYS.format(why=f"not installed: {', '.join(missing)}"))
        self._enter = programs["nsenter"]
        whys = []
        for as_user in ((), ("--user", "--map-root-user")):  # root needs no user namespace, anybody else does
            self._user = as_user
            up = f"{programs['ip']} link set lo up && echo up && exec cat"  # cat ends when this process does
            command = [programs["unshare"], *as_user, "--net", "sh", "-c", up]
            self._keeper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if self._keeper.stdout.readline() == "up\n":
                return
            whys.append(f"{' '.join(command[:-3])}: {self._keeper.communicate()[1].strip()}")
        raise NoNamespace(SAYS.format(why="\n".join(whys)))

    def inside(self, command: Sequence[str | Path]) -> list[str]:
        """The command as it is started in the namespace."""
        user = ["--user", "--preserve-credentials"] if self._user else []
        return [self._enter, "--target", str(self._keeper.pid), *user, "--net", "--", *(str(part) for part in command)]

    def script(self, program: str, place: Path) -> Path:
        """A program that starts another one in the namespace, for who wants the path of a program."""
        place.write_text(f'#!/bin/sh\nexec {" ".join(self.inside([program]))} "$@"\n', encoding="utf-8")
        place.chmod(0o755)
        return place

    def close(self) -> None:
        self._keeper.communicate()
