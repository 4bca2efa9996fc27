"""Pages of the desk: how long the server takes, from the first one after a start, and what they weigh with style and scripts.

    .venv/bin/python benchmarks/pages.py [--times 30] [--slow]

--slow starts with an empty cache, as after an installation. The browser tests hold the weights below 150 kB; times are only measured here.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

MAGNET = "act=export&exported_from=CN&destination=JP&form=magnet&magnet_family=NdFeB&origin=CN&on=2026-11-23"
PAGES = {
    "home": "/", "check, empty": "/check", "check, the supplier's letter": f"/check?{MAGNET}", "check, with a party": f"/check?{MAGNET}&dy_wt_pct=3&party.0.role=end_user&party.0.name=TDK",
    "papers of an order": "/papers?sample=import-pack", "register": "/register", "act with 42 entries": "/act/cn-mofcom-gacc-2025-57", "timeline": "/timeline",
    "changes of a year": "/changes?first=2025-11-23&last=2026-11-23", "parties, two names": "/parties?names=TDK%0AQqqzz+Holdings", "calendar": "/calendar", "data health": "/data",
}  # fmt: skip
PARTS = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


def fetched(url: str) -> tuple[float, bytes]:
    """Seconds until the last byte, and the bytes."""
    start = time.perf_counter()
    with urllib.request.urlopen(url, timeout=120) as answer:
        data = answer.read()
    return time.perf_counter() - start, data


def started(folder: Path, environment: dict[str, str]) -> tuple[subprocess.Popen, str, float]:
    """A desk, its address, and the seconds until it listened."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    begun = time.perf_counter()
    log = (folder / "serve.log").open("w", encoding="utf-8")
    process = subprocess.Popen([sys.executable, "-m", "kido", "serve", "--port", str(port)], env=environment, stderr=log)
    while True:
        if process.poll() is not None:
            raise SystemExit((folder / "serve.log").read_text(encoding="utf-8"))
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return process, f"http://127.0.0.1:{port}", time.perf_counter() - begun


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--times", type=int, default=30)
    asked.add_argument("--slow", action="store_true", help="with an empty cache")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = os.environ | {"KIDO_DATA": str(folder / "data")} | ({"KIDO_CACHE": str(folder / "cache")} if given.slow else {})
        process, origin, began = started(folder, environment)
        try:
            first, _ = fetched(f"{origin}/?lang=ja")
            print(f"listening after {began:.1f} s; the first page took {first * 1000:.0f} ms\n")
            print("| page | median ms | slowest ms | kB | with style and scripts, kB |\n| --- | ---: | ---: | ---: | ---: |")
            for label, path in PAGES.items():
                url = f"{origin}{path}{'&' if '?' in path else '?'}lang=ja"
                fetched(url)
                taken, data = zip(*(fetched(url) for _ in range(given.times)), strict=True)
                beside = sum(len(fetched(origin + part.decode())[1]) for part in set(PARTS.findall(data[0])))
                weight = len(data[0]) / 1000
                print(
                    f"| {label} | {statistics.median(taken) * 1000:.0f} | {max(taken) * 1000:.0f} | {weight:.0f} | {weight + beside / 1000:.0f} |"
                )
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
