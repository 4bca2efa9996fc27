"""Determinations over HTTP beside a bare FastAPI echo of the same size, loaded by wrk in turns within the same run.

    .venv/bin/python benchmarks/http_load.py [--seconds 10] [--rounds 3] [--connections 16]

Needs wrk (Debian's package) and two cores that do nothing else; the load found at the start is printed. Four loads:

- bare: an echo that reads the body and sends as many bytes as a determination has
- the same: one transaction asked again and again (a warm determination)
- never asked: 200 different transactions, each request with a name and a mass that were never sent before, so that no answer is kept from an earlier one
- never asked, recorded: the same, each answer written to the records before it is given
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from kido.register.cases import read_cases
from kido.register.store import register
from kido.terms.ground import ground

ON, DIFFERENT = "2026-11-23", 200
ECHO = """
from fastapi import FastAPI, Request
from starlette.responses import Response
import uvicorn, sys
app = FastAPI()
answer = open(sys.argv[2], "rb").read()
@app.post("/api/determine")
async def echo(request: Request):
    await request.body()
    return Response(answer, media_type="application/json")
@app.get("/api/health")
async def health():
    return {}
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
"""
# A body with @ in it is another one each time: the number of the run and of the request stand in its place.
LUA = """
local bodies, at, run = {}, 0, os.getenv("KIDO_RUN")
for line in io.lines(os.getenv("KIDO_BODIES")) do bodies[#bodies + 1] = line end
request = function()
  at = at + 1
  local body = bodies[(at - 1) % #bodies + 1]:gsub("@", run .. string.format("%06d", at))
  return wrk.format("POST", os.getenv("KIDO_PATH"), {["Content-Type"] = "application/json"}, body)
end
"""


@dataclass(frozen=True)
class Load:
    name: str
    port: int
    bodies: Path
    keep: bool = False

    @property
    def path(self) -> str:
        return f"/api/determine?on={ON}&lang=ja&keep={str(self.keep).lower()}"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def started(command: list[str], port: int, **environment: str) -> subprocess.Popen:
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ | environment)
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=1).close()
            return process
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def different(cases: list) -> list[str]:
    """Transactions of the golden cases, spread over all of them, each with a place for what makes it another."""
    found = []
    for case in cases[:: max(1, len(cases) // DIFFERENT)][:DIFFERENT]:
        facts = case.facts.plain()
        found.append(json.dumps(facts | {"name": "lot @"} | ({} if "mass_kg" in facts else {"mass_kg": "7.@"}), ensure_ascii=False))
    return found


def loaded(load: Load, script: Path, run: int, seconds: int, connections: int) -> tuple[float, float, float]:
    """Requests a second, and the milliseconds that half and 99 of 100 need, by wrk."""
    command = ["wrk", "-t1", f"-c{connections}", "--latency", "-s", str(script), f"-d{seconds}s", f"http://127.0.0.1:{load.port}"]
    environment = {"KIDO_RUN": str(run), "KIDO_BODIES": str(load.bodies), "KIDO_PATH": load.path}
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | environment).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(told)
    half, most = (_milliseconds(told, share) for share in (50, 99))
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]), half, most


def _milliseconds(told: str, share: int) -> float:
    number, unit = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", told).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=int, default=10)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--connections", type=int, default=16)
    given = asked.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("Install wrk (Debian: apt-get install wrk).")
    busy = os.getloadavg()[0]
    cases = read_cases(ground("cases"), register().instruments)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        script, same, many = here / "load.lua", here / "same", here / "many"
        script.write_text(LUA)
        same.write_text(json.dumps(cases[0].facts.plain(), ensure_ascii=False) + "\n", encoding="utf-8")
        many.write_text("\n".join(different(cases)) + "\n", encoding="utf-8")
        port, other = free_port(), free_port()
        server = started([sys.executable, "-m", "kido", "serve", "--port", str(port)], port, KIDO_DATA=str(here / "data"))
        warm = Load("the same transaction, again and again", port, same)
        answer = urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{warm.path}", same.read_bytes())).read()
        (here / "answer.json").write_bytes(answer)
        names = urllib.request.Request(f"http://127.0.0.1:{port}/api/screen?keep=false", b'{"names": ["kido"]}')
        urllib.request.urlopen(names).read()  # the party lists are indexed beside the first requests; it is over now
        time.sleep(2.5)
        (here / "echo.py").write_text(ECHO, encoding="utf-8")
        echo = started([sys.executable, str(here / "echo.py"), str(other), str(here / "answer.json")], other)
        loads = [
            Load(f"bare FastAPI, the same {len(answer):,} bytes", other, same),
            warm,
            Load(f"{DIFFERENT} transactions, never asked before", port, many),
            Load(f"{DIFFERENT} transactions, never asked before, recorded", port, many, keep=True),
        ]
        try:
            for number, load in enumerate(loads):
                loaded(load, script, 900 + number, 2, given.connections)  # warm
            rounds = [
                [loaded(load, script, 100 * (turn + 1) + number, given.seconds, given.connections) for number, load in enumerate(loads)]
                for turn in range(given.rounds)
            ]
        finally:
            for one in (server, echo):
                one.terminate()
                one.wait(20)
    print(f"{given.connections} connections, wrk, {given.rounds} rounds of {given.seconds} s each, medians; load before: {busy:.1f}\n")
    print("| | requests a second | to bare | half within, ms | 99 of 100 within, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    found = [[statistics.median(column) for column in zip(*one, strict=True)] for one in zip(*rounds, strict=True)]
    for load, (rate, half, most) in zip(loads, found, strict=True):
        print(f"| {load.name} | {rate:,.0f} | {rate / found[0][0]:.2f} | {half:.1f} | {most:.1f} |")


if __name__ == "__main__":
    main()
