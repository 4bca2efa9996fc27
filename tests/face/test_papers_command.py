"""kido papers on the terminal: the check, the files, the exit codes, and a firm's own form."""

import json
import subprocess
import sys
from pathlib import Path

from docx import Document

from kido.terms.ground import ground

SAMPLE = str(Path(ground("examples")) / "import-pack.yaml")


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "kido", "papers", *arguments], capture_output=True, text=True, check=False)


def test_the_check_alone_writes_nothing(tmp_path):
    done = run(SAMPLE, "--on", "2026-11-24", "--lang", "ja")
    assert done.returncode == 0 and "--into" in done.stdout and "cn-2-end-user-certificate" in done.stdout
    assert not list(tmp_path.iterdir())


def test_the_files_and_an_own_form(tmp_path):
    form = tmp_path / "own.docx"
    document = Document()
    document.add_paragraph("契約番号: {{order.contract_no}} / {{end_user.name|zh}}")
    document.save(form)
    into = tmp_path / "out"
    done = run(SAMPLE, "--on", "2026-11-24", "--into", str(into), "--format", "docx", "--form", str(form), "--json", "--lang", "en")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert "own-filled.docx" in shown["files"] and len(shown["files"]) == len(list(into.iterdir())) - 1  # pack.json is the index
    assert Document(into / "own-filled.docx").paragraphs[0].text == "契約番号: C-2026-118 / 见本电机株式会社"


def test_exit_codes(tmp_path):
    assert run(SAMPLE, "--on", "2026-11-24", "--fail-on", "gaps").returncode == 11  # the photos are missing
    assert run(SAMPLE, "--on", "2026-11-24", "--fail-on", "stops").returncode == 0
    assert run(SAMPLE, "--on", "2026-11-24", "--only", "nothing").returncode in (1, 2)
    assert run(SAMPLE, "--on", "2026-11-24", "--form", "x.docx").returncode in (1, 2)
    assert run(str(Path(ground("examples")) / "order-lines.jsonl"), "--on", "2026-11-24").returncode in (1, 2)
