"""How long the papers of one transaction take, beside LibreOffice making the same pages from the .docx files.

.venv/bin/python benchmarks/papers.py
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ("import-pack.yaml", "target-papers.yaml")
RUNS = 5
BOUND = 5.0  # seconds; of the issue


def cold(example: str, into: Path) -> float:
    """Seconds of the command, start of the interpreter included."""
    start = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "kido",
        "papers",
        str(ROOT / "examples" / example),
        "--into",
        str(into),
        "--on",
        "2026-11-24",
        "--json",
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - start


def libreoffice(folder: Path) -> float | None:
    """Seconds for the .docx files of the folder, one start of the program."""
    program = shutil.which("soffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as home:
        start = time.perf_counter()
        files = [str(path) for path in sorted(folder.glob("*.docx"))]
        profile = f"-env:UserInstallation={(Path(home) / 'profile').as_uri()}"
        subprocess.run(
            [program, profile, "--headless", "--convert-to", "pdf", "--outdir", home, *files],
            check=True,
            capture_output=True,
            env=os.environ | {"HOME": home},
        )
        return time.perf_counter() - start


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n\n| what | figure |\n| --- | ---: |")
    for example in EXAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            times = [cold(example, Path(folder)) for _ in range(RUNS)]
            count = len(list(Path(folder).iterdir()))
            print(f"| {example}: {count} files, cold, median of {RUNS}, s (bound {BOUND:g}) | {statistics.median(times):.2f} |")
            peer = libreoffice(Path(folder))
            print(f"| {example}: LibreOffice makes the PDF files alone, s | {'not installed' if peer is None else f'{peer:.2f}'} |")


if __name__ == "__main__":
    main()
