"""Print determinations and explanations: for people with Rich, for programs as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, islice

from kido import desk
from kido.errors import KidoError, Problem
from kido.face import finding_view, view
from kido.face.cli.given import today
from kido.face.cli.output import OutputFile, put_json
from kido.face.language import chosen
from kido.register.asked import judged_measure
from kido.register.yaml_file import Mark
from kido.terms.text import nearest

FAIL = {"licence": 10, "missing": 11, "prohibited": 12, "stale": 13}
WRONG_USE = ("no-facts", "bad-fact-flag", "unknown-language", "no-such-file", "not-one-of", "output-is-input", "wrong-kind-of-file",
             "name-or-file", "ask-one-transaction", "ask-no-input", "ask-stdin-taken", "resume-with-facts")  # fmt: skip

Given = Iterable[Mark | KidoError]


def answered_by(version: str | None) -> AbstractContextManager[None]:
    """The register that answers: the one in use, or one version, so that a past answer can be repeated."""
    return desk.at(version) if version else nullcontext()


def determinations(
    transactions: Given, on: str | None, known_on: str | None, lang: str | None, as_json: bool, lines: bool,
    fail_on: list[str], output: str | None, full: bool = False, source: str | None = None, keep: bool = False,
) -> int:  # fmt: skip
    """Answer each transaction; a bad one is reported and the next is answered. Returns the exit code."""
    lang = chosen(lang)
    fail_on = fail_words(fail_on, FAIL)
    desk.register()  # a law folder that cannot be read is said once, not for every line
    code, failed = 0, False
    with OutputFile(output, source, lines) as kept:
        for head, given in _headed(transactions, page=not (lines or as_json)):
            try:
                found = desk.determine(_good(given), today(on, _good(given)), known_on)
            except KidoError as error:
                failed = True
                _bad(error, lang, lines, as_json)
                kept.add(_problems(error))
                continue
            shown = view.determination(found, lang)
            if keep:  # before it is shown: an answer that could not be recorded is not given
                from kido.face.cli.record_page import keep as recorded
                from kido.face.exact_json import encoded

                recorded([desk.determined(found, _good(given), encoded(shown), lang, desk.user())], lang)
            kept.add(shown)
            if lines or as_json:
                put_json(shown, line=lines)
            else:
                from kido.face.cli.page import determination, heading

                heading(head, found.transaction.value("name"), lang)
                determination(shown, lang, full=full)
            code = max(code, failing(found, shown, fail_on))
    return 1 if failed else code


def explanation(transactions: Given, measure: str, on: str | None, known_on: str | None, lang: str | None, as_json: bool) -> int:
    """One measure's finding with its whole reason, for each transaction. Returns the exit code."""
    lang = chosen(lang)
    id = judged_measure(desk.register(), measure)
    failed = False
    for head, given in _headed(transactions, page=not as_json):
        try:
            found = desk.determine(_good(given), today(on, _good(given)), known_on)
            finding = desk.explain(found.transaction, id, found.on, known_on)
        except KidoError as error:
            failed = True
            _bad(error, lang, False, as_json)
            continue
        shown = finding_view.finding(finding, found, lang, full=True)
        if as_json:
            put_json(shown)
        else:
            from kido.face.cli.page import explained, heading

            heading(head, found.transaction.value("name"), lang)
            explained(shown, lang)
    return 1 if failed else 0


def _headed(transactions: Given, page: bool) -> Iterator[tuple[int, Mark | KidoError]]:
    """Each transaction with its number on a page that shows several, else 0; a page reads one ahead to know."""
    if not page:
        yield from ((0, given) for given in transactions)
        return
    rest = iter(transactions)
    first = list(islice(rest, 2))
    yield from enumerate(chain(first, rest), 1) if len(first) > 1 else ((0, given) for given in first)


def _good(given: Mark | KidoError) -> Mark:
    if isinstance(given, KidoError):
        raise given
    return given


def _bad(error: KidoError, lang: str, lines: bool, as_json: bool) -> None:
    if lines or as_json:
        put_json(_problems(error), line=True)
    print(error.text(lang), file=sys.stderr)


def _problems(error: KidoError) -> dict:
    return {"problems": [problem.to_dict() for problem in error.problems]}


def fail_words(stated: list[str], known: Iterable[str]) -> list[str]:
    """The words of --fail-on, checked before anything is read."""
    names = [name.strip() for words in stated for name in words.split(",")]
    wrong = [name for name in names if name not in known]
    if wrong:
        listed = ", ".join(known)
        raise KidoError(
            Problem("not-one-of", "--fail-on", name, {"fact": "--fail-on", "values": listed, "near": nearest(name, known)})
            for name in wrong
        )
    return names


def failing(found, shown: dict, fail_on: list[str]) -> int:
    facts = {
        "prohibited": found.answer in ("prohibited", "presumption_of_denial"),
        "licence": bool({found.answer, found.planning} & {"licence_required", "prohibited", "presumption_of_denial"}),
        "missing": bool(found.questions) or found.answer in ("facts_missing", "outside_data"),
        "stale": shown["proof"]["stale"],
    }
    return next((FAIL[name] for name in facts if name in fail_on and facts[name]), 0)


def show_errors(error: KidoError) -> int:
    """Errors on stderr in the language in use; JSON on stdout where JSON was asked for."""
    lang = _language()
    print(error.text(lang), file=sys.stderr)
    if "--json" in sys.argv or "--jsonl" in sys.argv:
        put_json(_problems(error), line=True)
    return 2 if any(p.code in WRONG_USE for p in error.problems) else 1


def _language() -> str:
    given = sys.argv[sys.argv.index("--lang") + 1 :][:1] if "--lang" in sys.argv else []
    return given[0] if given and given[0] in ("ja", "en") else chosen(None)
