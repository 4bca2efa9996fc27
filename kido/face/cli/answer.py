"""Print determinations and explanations: for people with Rich, for programs as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from kido import desk
from kido.errors import KidoError
from kido.face import finding_view, view
from kido.face.cli.given import today
from kido.face.language import chosen
from kido.register.yaml_file import Mark

FAIL = {"licence": 10, "missing": 11, "prohibited": 12, "stale": 13}


def determinations(
    transactions: Iterable[Mark], on: str | None, known_on: str | None, lang: str | None, as_json: bool, lines: bool,
    fail_on: list[str], output: str | None, full: bool = False,
) -> int:  # fmt: skip
    """Answer each transaction; a bad one is reported and the next is answered. Returns the exit code."""
    lang = chosen(lang)
    desk.register()  # a law folder that cannot be read is said once, not for every line
    code, failed, written = 0, False, []
    for transaction in transactions:
        try:
            if transaction.keys and "problems" in transaction.keys:
                raise KidoError(transaction.keys["problems"])
            found = desk.determine(transaction, today(on, transaction), known_on)
        except KidoError as error:
            failed = True
            if lines or as_json:
                print(json.dumps({"problems": [p.to_dict() for p in error.problems]}, ensure_ascii=False))
            print(error.text(lang), file=sys.stderr)
            continue
        shown = view.determination(found, lang)
        written.append(shown)
        if lines:
            print(json.dumps(shown, ensure_ascii=False))
        elif as_json:
            print(json.dumps(shown, ensure_ascii=False, indent=2))
        else:
            from kido.face.cli.page import determination

            determination(shown, lang, full=full)
        code = code or _fail(found, shown, fail_on)
    if output:
        text = json.dumps(written[0] if len(written) == 1 else written, ensure_ascii=False, indent=2)
        Path(output).write_text(text + "\n", encoding="utf-8")
    return 1 if failed else code


def _fail(found, shown: dict, fail_on: list[str]) -> int:
    facts = {
        "prohibited": found.answer in ("prohibited", "presumption_of_denial"),
        "licence": found.answer == "licence_required",
        "missing": bool(found.questions) or found.answer in ("facts_missing", "outside_data"),
        "stale": shown["proof"]["stale"],
    }
    unknown = [name for name in fail_on if name not in FAIL]
    if unknown:
        raise SystemExit(f"--fail-on {unknown[0]}: licence, missing, prohibited, stale")
    return next((FAIL[name] for name in facts if name in fail_on and facts[name]), 0)


def explanation(transactions: Iterable[Mark], measure: str, on: str | None, known_on: str | None, lang: str | None, as_json: bool) -> None:
    """One measure's finding with its whole reason."""
    lang = chosen(lang)
    for transaction in transactions:
        found = desk.determine(transaction, today(on, transaction), known_on)
        finding = desk.explain(found.transaction, measure, found.on, known_on)
        shown = finding_view.finding(finding, found, lang, full=True)
        if as_json:
            print(json.dumps(shown, ensure_ascii=False, indent=2))
        else:
            from kido.face.cli.page import explained

            explained(shown, lang)


def show_errors(error: KidoError) -> int:
    """Errors on stderr in the language in use; JSON on stdout where JSON was asked for."""
    lang = _language()
    print(error.text(lang), file=sys.stderr)
    if "--json" in sys.argv or "--jsonl" in sys.argv:
        print(json.dumps({"problems": [p.to_dict() for p in error.problems]}, ensure_ascii=False))
    return 2 if any(p.code in ("no-facts", "bad-fact-flag", "unknown-language", "no-such-file") for p in error.problems) else 1


def _language() -> str:
    given = sys.argv[sys.argv.index("--lang") + 1 :][:1] if "--lang" in sys.argv else []
    return given[0] if given and given[0] in ("ja", "en") else chosen(None)
