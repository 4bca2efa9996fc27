#!/usr/bin/env python3
"""Set-up with the standard library only.

python3 dev.py demo    make .venv, install kido, answer a real question
python3 dev.py test    make .venv, install, run everything CI runs
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
EXAMPLES = {"demo": "examples/supplier-letter.yaml"}
AXE = "4.14.1"
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", Path.home() / ".local/share/fonts")


def run(*command: str | Path, quiet: bool = False, **options) -> None:
    """Run a command; stop with its own exit code if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=quiet, text=True, check=False, **options)
    if done.returncode:
        if quiet:
            sys.stderr.write(done.stdout + done.stderr)
        sys.exit(done.returncode)


def make_venv() -> None:
    """Make .venv; on a bare Debian, fetch the package that lets Python do so."""
    if PYTHON.exists():
        return
    say(f"making {VENV.name} …")
    if not _try_venv():
        shutil.rmtree(VENV, ignore_errors=True)
        debian_packages("python3-venv")
        if not _try_venv():
            sys.exit(
                "Python could not make a virtual environment. Install the venv module of your Python (Debian: apt-get install python3-venv)."
            )


def _try_venv() -> bool:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    return made.returncode == 0 and PYTHON.exists()


def debian_packages(*names: str) -> None:
    """Install Debian packages where we may; otherwise say what to install."""
    apt = shutil.which("apt-get")
    if apt is None or (hasattr(os, "geteuid") and os.geteuid() != 0):
        sys.exit(f"Please install: {' '.join(names)} (Debian: sudo apt-get install {' '.join(names)}), then run this command again.")
    say(f"installing Debian packages {' '.join(names)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(apt, "update", "-qq", quiet=True, env=environment)
    run(apt, "install", "-y", "-qq", "--no-install-recommends", *names, quiet=True, env=environment)


def install(extra: str = "") -> None:
    """Install kido with an extra, once for each content of pyproject.toml."""
    make_venv()
    stamp = VENV / f".installed-{extra or 'core'}"
    content = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == content:
        return
    say(f"installing kido{f'[{extra}]' if extra else ''} …")
    target = f".[{extra}]" if extra else "."
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", target)
    stamp.write_text(content)


def office() -> None:
    """LibreOffice, which prints our papers in tests."""
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        debian_packages("libreoffice-writer-nogui", "libreoffice-calc-nogui")


def java() -> None:
    """Java, in which Spark runs in tests."""
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        debian_packages("openjdk-17-jre-headless")


def postgresql() -> None:
    """A database server that tables are read from in tests."""
    if not (shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        debian_packages("postgresql")


def chromium() -> None:
    """A browser for tests, letters of ja and zh for it, and what shuts both into a network without outside."""
    missing = [name for name, program in (("chromium", "chromium"), ("iproute2", "ip"), ("util-linux", "nsenter")) if not which(program)]
    if not any(file for folder in FONTS for file in Path(folder).rglob("NotoSansCJK-Regular.*")):
        missing.append("fonts-noto-cjk")
    if not list(Path("/usr/lib").glob("**/libatomic.so.1")):
        missing.append("libatomic1")  # Playwright's own Node.js needs it, and a bare Debian has none
    if missing:
        debian_packages(*missing)


def axe() -> None:
    """axe-core, which looks for barriers in pages; it stays below .venv, without a lock file."""
    place = VENV / "axe"
    kept = place / "node_modules/axe-core/package.json"
    if kept.exists() and json.loads(kept.read_bytes())["version"] == AXE:
        return
    if not which("npm"):
        debian_packages("npm")
    say(f"installing axe-core {AXE} …")
    quietly = ("--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
    run(which("npm"), "install", "--silent", "--prefix", place, *quietly, f"axe-core@{AXE}")


def which(program: str) -> str | None:
    """Where a program stands; a user's path leaves out the folders of an administrator."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def demo() -> None:
    """The main job on real input: the supplier's letter."""
    start = time.monotonic()
    install()
    say("$ kido determine examples/supplier-letter.yaml")
    run(PYTHON, "-m", "kido", "determine", EXAMPLES["demo"])
    say(f"\n{time.monotonic() - start:.1f} s. Next: .venv/bin/kido determine --help, or README.md")


def test() -> None:
    """Everything CI runs: style, tests (with doctests), law and golden cases."""
    make_venv()  # may need a Debian package itself, so not beside the other
    with ThreadPoolExecutor(1) as beside:
        programs = [beside.submit(one) for one in (office, java, postgresql, chromium, axe)]  # one after the other, for apt-get locks
        install("test")
        for program in programs:
            program.result()  # stops here with what could not be installed
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", ".")
    run(PYTHON, "-m", "kido", "check", "--lang", "en", stdout=subprocess.DEVNULL)
    apart = ("tests/browser", "tests/records")  # a browser and a disk are waited for most of the time: the other tests run beside them
    told = VENV / "apart.txt"
    with told.open("w", encoding="utf-8") as file:
        beside = subprocess.Popen([PYTHON, "-m", "pytest", *apart], cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
        others = subprocess.run([PYTHON, "-m", "pytest", *(f"--ignore={one}" for one in apart)], cwd=ROOT, check=False).returncode
        failed = beside.wait() or others
    say(told.read_text(encoding="utf-8"))
    if failed:
        sys.exit(failed)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    commands = {"demo": demo, "test": test}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]]()
