"""Words: every error code and phrase exists, in ja and en, with the same placeholders; no verdict we never give."""

from __future__ import annotations

import ast
import csv
import re
import string
from pathlib import Path

import pytest
import yaml

from kido.errors import Problem, catalogue

ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "kido"
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(CODE.rglob("*.py"))}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ERRORS = table(CODE / "errors.csv")
WORDS = table(CODE / "face" / "words.csv")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def literals(node: ast.expr) -> list[str]:
    """The strings an expression may be, through a conditional."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def used_codes() -> dict[str, str]:
    """Codes given to Problem(…), .wrong(…), .problem(…), AmountError(…), with the place of use."""
    found = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
                if name in ("Problem", "wrong", "problem", "AmountError"):
                    for code in literals(node.args[0]):
                        if code not in ("ja", "en"):
                            found[code] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def test_every_code_used_has_words():
    known = {row["code"] for row in ERRORS}
    assert {code: place for code, place in used_codes().items() if code not in known} == {}


def test_every_code_with_words_is_used():
    strings = {
        node.value for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [row["code"] for row in ERRORS if row["code"] not in strings] == []


def test_codes_stand_once():
    codes = [row["code"] for row in ERRORS]
    assert len(codes) == len(set(codes))
    ids = [row["id"] for row in WORDS]
    assert len(ids) == len(set(ids))


def values_given() -> dict[str, list[set[str]]]:
    """Which values each use of a code passes to its message (keyword names or keys of a literal dict)."""
    given: dict[str, list[set[str]]] = {}
    for tree in TREES.values():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name not in ("Problem", "wrong", "problem"):
                continue
            names = {keyword.arg for keyword in node.keywords if keyword.arg} | {"read", "hint", "choose"}
            for arg in (*node.args, *(k.value for k in node.keywords)):
                if isinstance(arg, ast.Dict):
                    names |= {key.value for key in arg.keys if isinstance(key, ast.Constant)}
            for code in literals(node.args[0]):
                given.setdefault(code, []).append(names)
    return given


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row["code"])
def test_every_error_speaks_both_languages(row):
    for column in ("wrong_ja", "wrong_en", "do_ja", "do_en"):
        assert row[column] and row[column].strip(), column
    needed = set().union(*(placeholders(row[column]) for column in ("wrong_ja", "wrong_en", "do_ja", "do_en")))
    values = {name: f"<{name}>" for name in needed}
    problem = Problem(row["code"], "here:1:2", "<read>", values)
    for lang in ("ja", "en"):
        assert "{" not in problem.wrong(lang).replace("{ja:", "").replace("{Dy:", "")
        assert problem.text(lang).count("\n") >= 2
    assert set(problem.to_dict()) == {"code", "place", "read", "wrong", "do"}
    for names in values_given().get(row["code"], []):
        assert needed <= names, f"{row['code']} needs {needed - names}"


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row["code"])
def test_japanese_is_japanese(row):
    for column in ("wrong_ja", "do_ja"):
        assert re.search(r"[ぁ-んァ-ヶ一-龠]", row[column])
    for column in ("wrong_en", "do_en"):
        assert not re.search(r"[ぁ-んァ-ヶ]", row[column])


def test_the_hint_is_said_in_both_languages():
    problem = Problem("unknown-fact", "x:1:1", "grian", {"near": "grain"})
    assert "grain" in problem.wrong("ja") and "grain" in problem.wrong("en")
    silent = Problem("unknown-fact", "x:1:1", "grian", {"near": ""})
    assert "?" not in silent.wrong("en") and "ことですか" not in silent.wrong("ja")


def test_the_catalogue_is_the_table():
    assert set(catalogue()) == {row["code"] for row in ERRORS}


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row["id"])
def test_every_phrase_speaks_both_languages(row):
    assert row["ja"].strip() and row["en"].strip()
    assert placeholders(row["ja"]) == placeholders(row["en"])


def phrase_ids() -> dict[str, str]:
    """Ids in word(…) and .head(…) of the faces; for f-strings, the part before the first value."""
    found = {}
    for path, tree in TREES.items():
        if "face" not in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
                if name in ("word", "head"):
                    for id in literals(node.args[0]):
                        found[id] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def test_every_phrase_a_face_says_exists():
    ids = {row["id"] for row in WORDS}
    found = phrase_ids()
    assert len(found) > 30
    assert {id: place for id, place in found.items() if id not in ids} == {}


def test_phrases_are_given_the_values_they_name():
    words = {row["id"]: row for row in WORDS}
    for path, tree in TREES.items():
        if "face" not in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "word" and node.args:
                if any(keyword.arg is None for keyword in node.keywords):
                    continue
                given = {keyword.arg for keyword in node.keywords}
                for id in literals(node.args[0]):
                    if id in words and given:
                        assert placeholders(words[id]["en"]) <= given, f"{path.name}:{node.lineno} {id}"
                    elif id in words:
                        assert not placeholders(words[id]["en"]), f"{path.name}:{node.lineno} {id} needs values"


def test_every_answer_status_reason_and_note_has_words():
    """Ids that are put together at run time: every value of theirs must have its phrase."""
    from kido.decide import determine, finding
    from kido.register.model import CONFIDENCE, GATES, OUTCOMES

    ids = {row["id"] for row in WORDS}
    wanted = {f"answer.{a}" for a in (*determine.ANSWERS, *OUTCOMES)} | {f"sentence.{a}" for a in determine.ANSWERS}
    wanted |= {f"gate.{g}" for g in GATES} | {f"level.{c}" for c in CONFIDENCE}
    wanted |= {f"finding.{a}" for a in (finding.APPLIES, finding.DOES_NOT, finding.OPEN, finding.CONFLICT)}
    wanted |= {"truth.true", "truth.false", "truth.none"}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and path.name == "derive.py" and isinstance(node.func, ast.Name) and node.func.id == "add":
                wanted |= {f"reason.{id}" for id in literals(node.args[2])}
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "note" and "decide" in path.parts:
                wanted |= {f"note.{id}" for id in literals(node.args[0])}
    assert wanted - ids == set()


# -- words that are never an answer ---------------------------------------------------------

NEVER_EN = re.compile(r"\b(clear(?:ed)?|ok|okay|safe(?! data sheet)|compliant)\b", re.IGNORECASE)
NEVER_JA = re.compile(r"問題ありません|問題なし|安全です|適法です|合規|合规|安全(?!データシート|技術説明書|・|保障|と利益|に)")


@pytest.mark.parametrize("row", [*ERRORS, *WORDS], ids=lambda row: row.get("code") or row["id"])
def test_no_phrase_gives_a_verdict_we_never_give(row):
    for column, text in row.items():
        never = NEVER_EN if column.endswith("en") else NEVER_JA
        assert not never.search(text or ""), (column, text)


_VERDICT = re.compile(
    r"\b(?:is|are|goods|export|shipment|transaction|answer:?)\s+(?:all\s+)?(?:clear|cleared|ok|okay|safe|compliant)\b"
    r"|問題ありません|問題なし|安全です|(?:^|[。:：,，])\s*(?:合规|安全)[。.]?$|是(?:合规|安全)的",
    re.IGNORECASE,
)


def texts(value: object):
    if isinstance(value, dict):
        for child in value.values():
            yield from texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from texts(child)
    elif isinstance(value, str):
        yield value


def test_no_law_text_gives_a_verdict_we_never_give():
    found = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted((ROOT / "law").rglob("*.yaml")):
        for text in texts(yaml.load(path.read_text(encoding="utf-8"), loader)):
            if _VERDICT.search(text) or text.strip().lower() in ("clear", "ok", "safe", "compliant", "合规", "安全"):
                found.append((path.name, text[:80]))
    assert found == []


@pytest.mark.parametrize(("text", "banned"), [
    ("customs clearance", False), ("safety data sheet", False), ("OK", True), ("it is clear", True), ("compliance notice", False),
    ("safe data sheet", False), ("Safe to ship", True), ("not clearly stated", False),
])  # fmt: skip
def test_the_ban_is_by_word(text, banned):
    assert bool(NEVER_EN.search(text)) is banned
