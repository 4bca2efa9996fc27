"""Past answers stay as they were: a change needs a line in the changelog that names the new answers."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent / "frozen"
ROOT = HERE.parents[1]


def made():
    spec = importlib.util.spec_from_file_location("frozen_make", HERE / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_past_answers_are_as_they_were():
    kept = json.loads((HERE / "answers.json").read_text(encoding="utf-8"))
    assert len(kept) == 10
    assert made().answers() == kept, "run tests/frozen/make.py, look at the differences, and say why in CHANGELOG.md"


def test_the_changelog_names_the_frozen_answers():
    text = (HERE / "answers.json").read_text(encoding="utf-8")
    assert f"frozen answers {made().digest(text)}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
