"""The wheel carries the ground: an installed kido needs no checkout, no network and no compiler."""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_an_installed_wheel_answers_away_from_the_checkout(tmp_path):
    def pip(python, *arguments):
        subprocess.run([python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True, cwd=tmp_path)

    pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", tmp_path, ROOT)
    wheel = next(tmp_path.glob("kido-*.whl"))
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip(python, "install", "--only-binary", ":all:", wheel)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("KIDO_", "PYTHONPATH"))} | {
        "KIDO_CACHE": str(tmp_path / "cache")
    }
    done = subprocess.run(
        [python, "-m", "kido", "determine", "--form", "magnet", "--magnet", "SmCo", "--act", "export", "--from", "CN", "--to", "JP", "--on", "2026-11-23"],
        capture_output=True, text=True, cwd=tmp_path, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "1C902.a.4" in done.stdout
    packages = home / "lib"
    own = sum(file.stat().st_size for file in packages.rglob("*") if file.is_file() and not {"pip", "setuptools"} & set(file.parts))
    assert own < 75_000_000
