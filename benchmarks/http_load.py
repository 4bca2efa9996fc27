"""Determinations over HTTP, warm, beside a bare FastAPI echo of the same size, both loaded by wrk.

    .venv/bin/python benchmarks/http_load.py [--seconds 10] [--connections 16]

Needs wrk (Debian's package). Three loads: one transaction asked again and again, five hundred different ones in turn, and the echo.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from kido.register.cases import read_cases
from kido.register.store import register
from kido.terms.ground import ground

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
LUA = """
local bodies = {}
for line in io.lines("%s") do bodies[#bodies + 1] = line end
local at = 0
request = function()
  at = at %% #bodies + 1
  return wrk.format("POST", "/api/determine?on=2026-11-23&lang=ja", {["Content-Type"] = "application/json"}, bodies[at])
end
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def started(command: list[str], port: int) -> subprocess.Popen:
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=1).close()
            return process
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def loaded(port: int, script: Path, seconds: int, connections: int) -> dict[str, float]:
    """Requests a second, and the time 99 of 100 need, by wrk."""
    address = f"http://127.0.0.1:{port}"
    run = ["wrk", "-t1", f"-c{connections}", "--latency", "-s", str(script)]
    subprocess.run([*run, "-d3s", address], capture_output=True, check=True)  # warm
    told = subprocess.run([*run, f"-d{seconds}s", address], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise SystemExit(told)
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", told).groups()
    return {"rate": float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]), "p99": float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]}


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=int, default=10)
    asked.add_argument("--connections", type=int, default=16)
    given = asked.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("Install wrk (Debian: apt-get install wrk).")
    facts = [json.dumps(case.facts.plain(), ensure_ascii=False) for case in read_cases(ground("cases"), register().instruments)]
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for name, some in (("one", facts[:1]), ("many", facts[:500])):
            (here / name).write_text("\n".join(some) + "\n", encoding="utf-8")
            (here / f"{name}.lua").write_text(LUA % (here / name), encoding="utf-8")
        port, other = free_port(), free_port()
        server = started([sys.executable, "-m", "kido", "serve", "--port", str(port)], port)
        answer = urllib.request.urlopen(
            urllib.request.Request(f"http://127.0.0.1:{port}/api/determine?on=2026-11-23&lang=ja", facts[0].encode())
        ).read()
        (here / "answer.json").write_bytes(answer)
        (here / "echo.py").write_text(ECHO, encoding="utf-8")
        echo = started([sys.executable, str(here / "echo.py"), str(other), str(here / "answer.json")], other)
        try:
            found = {
                f"bare FastAPI, the same {len(answer):,} bytes": loaded(other, here / "one.lua", given.seconds, given.connections),
                "one transaction, asked again": loaded(port, here / "one.lua", given.seconds, given.connections),
                "five hundred transactions in turn": loaded(port, here / "many.lua", given.seconds, given.connections),
            }
        finally:
            server.terminate()
            echo.terminate()
    first = next(iter(found.values()))["rate"]
    print(f"| {given.connections} connections, wrk, {given.seconds} s each | to bare | requests a second | 99 of 100 within, ms |")
    print("| --- | ---: | ---: | ---: |")
    for name, one in found.items():
        print(f"| {name} | {one['rate'] / first:.2f} | {one['rate']:,.0f} | {one['p99']:.1f} |")


if __name__ == "__main__":
    main()
