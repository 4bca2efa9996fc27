"""The register as plain JSON and back, with nothing lost: one record per act, as in its law file.

    to_plain(register)            -> dict, ready for JSON
    from_plain(plain, terms)      -> an equal Register, or KidoError with every problem
    write_json, read_json         the same as text

What is read goes through the strict reader of law files; a register in use is never touched.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kido.errors import KidoError, Problem
from kido.register.exchange.records import act_record, answer_record, watch_record
from kido.register.files import act_path
from kido.register.load import load
from kido.register.model import Register
from kido.terms.vocabulary import Terms

FORMAT, FORMAT_VERSION = "kido-register", 1
PARTS = ("acts", "answers", "watches")
_ID = re.compile(r"^[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$")
_BREAKS_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def to_plain(register: Register) -> dict:
    """Every act, answer and watch as plain values; definitions and procedures stand at their acts.

    >>> from kido.register.store import register
    >>> plain = to_plain(register())
    >>> plain["format"], "cn-mofcom-gacc-2025-18" in [act["id"] for act in plain["acts"]]
    ('kido-register', True)
    """
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "version": register.version,
        "acts": [act_record(act) for act in register.instruments.values()],
        "answers": [answer_record(answer) for answer in register.answers.values()],
        "watches": [watch_record(watch) for watch in register.watches.values()],
    }


def write_json(register: Register) -> str:
    """The register as JSON text; the same register gives the same bytes."""
    return json.dumps(to_plain(register), ensure_ascii=False, indent=1) + "\n"


def read_json(text: str, terms: Terms, name: str = "register.json") -> Register:
    """Read what `write_json` wrote; a key written twice is refused."""
    try:
        plain = json.loads(text, object_pairs_hook=lambda pairs: _once(pairs, name))
    except json.JSONDecodeError as error:
        line = (text.splitlines() or [""])[min(error.lineno, len(text.splitlines()) or 1) - 1]
        place = f"{name}:{error.lineno}:{error.colno}"
        raise KidoError(Problem("json-syntax", place, line.strip()[:80], {"why": error.msg})) from None
    return from_plain(plain, terms, name)


def from_plain(plain: object, terms: Terms, name: str = "register.json") -> Register:
    """The register of a plain structure, read as strictly as law files."""
    files = _files(plain, name)
    with TemporaryDirectory(prefix="kido-") as root:
        law = Path(root) / "law"
        law.mkdir()
        for relative, record in files.items():
            path = law / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_as_yaml(record), encoding="utf-8")
        try:
            return load(law, terms, plain["version"])
        except KidoError as error:
            raise KidoError([_placed(problem, files, name) for problem in error.problems]) from None


def _files(plain: object, name: str) -> dict[str, object]:
    """Law files by their path below `law/`; ids that are missing, malformed or used twice are refused here."""
    if not isinstance(plain, dict) or plain.get("format") != FORMAT or plain.get("format_version") != FORMAT_VERSION:
        read = f"{plain.get('format')} {plain.get('format_version')}" if isinstance(plain, dict) else type(plain).__name__
        raise KidoError(Problem("not-a-register", name, read))
    problems = [Problem("unknown-key", name, str(key)) for key in plain if key not in ("format", "format_version", "version", *PARTS)]
    problems += [Problem("missing-key", name, key) for key in ("version", *PARTS) if key not in plain]
    for part in PARTS:
        if not isinstance(plain.get(part, []), list):
            problems.append(Problem("wrong-shape", f"{name}: {part}", "", {"wanted": "a list"}))
    if not isinstance(plain.get("version", ""), str):
        problems.append(Problem("wrong-shape", f"{name}: version", "", {"wanted": "text"}))
    if problems:
        raise KidoError(problems)
    files: dict[str, object] = {}
    for part, key in zip(PARTS, ("id", "id", "jurisdiction"), strict=True):
        for number, record in enumerate(plain[part]):
            place = f"{name}: {part}[{number}]"
            id = record.get(key) if isinstance(record, dict) else None
            if id is None:
                problems.append(Problem("missing-key", place, key))
            elif not isinstance(id, str) or not _ID.match(id):
                problems.append(Problem("bad-id", place, str(id)[:80]))
            elif part == "answers":
                files.setdefault(f"{id.split('-')[0].lower()}/qa.yaml", []).append(record)
            else:
                path = act_path(id) if part == "acts" else f"{id.lower()}/watch.yaml"
                if path in files:
                    problems.append(Problem("duplicate-id", place, id))
                files[path] = record
    if problems:
        raise KidoError(problems)
    return files


def _as_yaml(record: object) -> str:
    """JSON is YAML, but for a few characters that YAML takes for line ends or refuses."""
    text = json.dumps(record, ensure_ascii=False, indent=1)
    return _BREAKS_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _placed(problem: Problem, files: dict[str, object], name: str) -> Problem:
    """A problem of a law file, with the name of what was read and the line itself to search for."""
    relative, _, rest = problem.place.removeprefix("law/").partition(":")
    line, _, _ = rest.partition(":")
    snippet = problem.snippet
    if not snippet and relative in files and line.isdigit():
        lines = _as_yaml(files[relative]).splitlines()
        snippet = lines[int(line) - 1].strip()[:120] if 0 < int(line) <= len(lines) else ""
    return replace(problem, place=f"{name}: {problem.place}", snippet=snippet)


def _once(pairs: list[tuple[str, object]], name: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise KidoError(Problem("duplicate-key", name, key))
        found[key] = value
    return found
