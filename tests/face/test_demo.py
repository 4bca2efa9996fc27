"""`kido demo`: a first answer without a file; with --web a desk on sample data that leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("fastapi")


def test_a_first_answer_without_a_file():
    done = subprocess.run([sys.executable, "-m", "kido", "demo", "--lang", "ja"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "事実不足" in done.stdout and "足りない事実" in done.stdout


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_the_desk_with_samples_touches_nothing_else_and_cleans_up(tmp_path, by):
    mine, port = tmp_path / "mine", free()
    environment = os.environ | {"KIDO_DATA": str(mine), "KIDO_RECORDS": f"sqlite:///{tmp_path / 'mine.sqlite'}", "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "kido", "demo", "--web", "--port", str(port), "--lang", "en"]
    desk = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        said = ""
        while f":{port}/" not in said:
            line = desk.stderr.readline()
            assert line, said
            said += line
        (folder,) = tmp_path.glob("kido-demo-*")
        assert str(folder) in said and "Ctrl-C" in said
        home = read(port, "/?lang=en")
        assert 'id="demo"' in home and "runs on sample data" in home
        table = re.search(r'href="(/tables/[0-9a-f]{32})\?', home)[1]
        assert "6 answered" in read(port, f"{table}?lang=en")
        for link in re.findall(r'href="(/[^"]+)"', home.split('id="demo"')[1].split("</section>")[0]):
            assert "<h1>" in read(port, link.replace("&amp;", "&"))
        assert (folder / "records.sqlite").is_file()
        desk.send_signal(by)
        assert desk.wait(30) == 0
    finally:
        desk.kill()
        desk.stderr.close()
    assert list(tmp_path.glob("kido-demo-*")) == [] and not mine.exists() and not (tmp_path / "mine.sqlite").exists()


def read(port: int, path: str) -> str:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def test_without_it_the_first_page_offers_no_samples(tmp_path):
    from fastapi.testclient import TestClient

    from kido.face.http.app import create_app

    assert 'id="demo"' not in TestClient(create_app(tmp_path), base_url="http://127.0.0.1:8512").get("/").text
    assert Path(tmp_path).is_dir()
