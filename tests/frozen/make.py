"""Past answers, frozen: `python tests/frozen/make.py` writes answers.json and prints the line CHANGELOG.md must have."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import kido
from kido.register.yaml_file import read_yaml

HERE = Path(__file__).resolve().parent


def answers() -> dict:
    """Every transaction on every day, by the knowledge of that day: answers, measures, entries."""
    asked = read_yaml(HERE / "transactions.yaml", "transactions.yaml").plain()
    return {
        day: {name: summary(kido.determine(dict(facts), on=day, known_on=day)) for name, facts in asked["transactions"].items()}
        for day in asked["days"]
    }


def summary(found) -> dict:
    measures = {
        f.measure.id: {"word": f.word, "outcome": f.outcome, "items": [match.item.code for match in f.items]}
        for f in (*found.findings, *found.duties)
        if f.word not in ("does not apply", "not yet", "ended")
    }
    return {
        "answer": found.answer,
        "planning": found.planning,
        "jurisdictions": {j.jurisdiction: j.answer for j in found.jurisdictions if j.reach is not False},
        "measures": measures,
    }


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def main() -> None:
    text = json.dumps(answers(), ensure_ascii=False, indent=1) + "\n"
    (HERE / "answers.json").write_text(text, encoding="utf-8")
    print(f"CHANGELOG.md must say why, and name: frozen answers {digest(text)}")


if __name__ == "__main__":
    main()
