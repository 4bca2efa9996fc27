"""`kido determine --ask`: questions on stderr, answers by line, the answer on stdout; saved, resumed, and what bad input gets."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.face.test_input import codes, run

START = ["determine", "--ask", "--act", "export", "--from", "CN", "--to", "JP", "--origin", "CN", "--form", "magnet", "--on", "2026-11-23"]
DAY = ["--on", "2026-11-23", "--lang", "en"]


def lines(*answers: str) -> bytes:
    return "".join(f"{answer}\n" for answer in answers).encode()


def asked(done: subprocess.CompletedProcess) -> list[str]:
    return [line for line in done.stderr.decode().splitlines() if line.startswith(("Question ", "質問 "))]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_an_answer_by_number_settles_a_magnet(lang):
    """The second kind of magnet offered is samarium-cobalt: a Chinese licence (No. 18 of 2025)."""
    done = run(*START, "--lang", lang, data=lines("2", "q"))
    label = {"ja": "許可必要", "en": "licence required"}[lang]
    assert done.returncode == 0 and label in done.stdout.decode().splitlines()[0]
    assert {"ja": "磁石の種類", "en": "kind of magnet"}[lang] in done.stderr.decode()


def test_the_answer_is_the_same_as_with_the_fact_stated():
    by_ask = json.loads(run(*START, "--json", data=lines("SmCo", "q")).stdout)
    stated = json.loads(run(*[a for a in START if a != "--ask"], "--magnet", "SmCo", "--json").stdout)
    interview = by_ask.pop("interview")
    for shown in (by_ask, stated):
        shown["facts"]["stated"].sort(key=lambda entry: entry["fact"])  # each stands in the order in which it was stated
    assert by_ask == stated
    assert interview["answers"] == [{"fact": "magnet_family", "value": "SmCo"}] and interview["more"] is True


def test_each_question_shows_values_reason_paper_and_effect():
    text = run(*START, "--lang", "en", data=lines("q")).stderr.decode()
    assert "2. SmCo magnet (samarium-cobalt) → then: licence required" in text
    assert "shown by: catalogue" in text and "cn-mofcom" in text and "? I do not know" in text


def test_not_known_is_asked_no_more_and_named_at_the_end():
    done = run(*START, "--lang", "en", data=lines("?", "？", "unknown", "不明"))
    assert len(asked(done)) == 5 and done.returncode == 0
    out = done.stdout.decode()
    assert "What stayed unknown, and who can know it" in out and "(magnet_family)" in out


def test_back_asks_the_question_before_again():
    done = run(*START, "--lang", "en", data=lines("b", "1", "b", "2", "q"))
    text = done.stderr.decode()
    assert "This is the first question." in text
    assert [line.split()[1] for line in asked(done)] == ["1", "2", "1", "2"]
    assert "licence required" in done.stdout.decode().splitlines()[0]


def test_wrong_input_is_said_in_the_words_of_the_door_and_asked_again():
    done = run(*START, "--lang", "en", data=lines("", "rubbish", "99", "SmCo", "q"))
    text = done.stderr.decode()
    assert text.count("unknown-value") == 2 and "Enter ? if you do not know." in text
    assert "licence required" in done.stdout.decode().splitlines()[0]


def test_the_end_of_the_input_stops_and_says_what_can_be_said():
    done = run(*START, "--lang", "en", data=b"2")
    assert done.returncode == 0 and "Stopped here." in done.stderr.decode() and b"licence required" in done.stdout


def test_it_starts_from_nothing_and_from_a_file(tmp_path):
    done = run("determine", "--ask", *DAY, data=lines("q"))
    assert done.returncode == 0 and len(asked(done)) == 1 and b"facts missing" in done.stdout
    (tmp_path / "t.yaml").write_text("act: export\nfrom: CN\nto: JP\nform: magnet\nmagnet_family: SmCo\n")
    done = run("determine", tmp_path / "t.yaml", "--ask", *DAY, data=lines("q"))
    assert b"licence required" in done.stdout.splitlines()[0]


def test_fail_on_and_output_hold_for_an_interview(tmp_path):
    done = run(*START, "--lang", "en", "--fail-on", "licence", "-o", tmp_path / "a.json", data=lines("2", "q"))
    assert done.returncode == 10
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["answer"]["id"] == "licence_required"


# -- saved and resumed -----------------------------------------------------------------------------


def test_a_saved_interview_goes_on(tmp_path):
    file = tmp_path / "i.json"
    first = run(*START, "--lang", "en", "--save", file, data=lines("1", "?", "q"))
    assert f"Saved: {file}" in " ".join(first.stderr.decode().split())
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert [a["value"] for a in saved["answers"]] == ["NdFeB", None]
    second = run("determine", "--resume", file, *DAY, data=lines("b", "q"))
    assert asked(second)[0].startswith("Question 3 ") and "2 answers were read." in second.stderr.decode()
    assert len(json.loads(file.read_text(encoding="utf-8"))["answers"]) == 1  # going back is kept as well
    assert [path.name for path in tmp_path.iterdir()] == ["i.json"]


def test_an_answer_is_kept_before_the_run_breaks(tmp_path):
    """Killed while it waits for the second answer."""
    file = tmp_path / "i.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "kido", *START, "--lang", "en", "--save", str(file)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )  # fmt: skip
    process.stdin.write(lines("SmCo"))
    process.stdin.flush()
    for line in process.stderr:
        if line.startswith(b"Question 2"):
            break
    process.kill()
    process.communicate()
    assert [a["value"] for a in json.loads(file.read_text(encoding="utf-8"))["answers"]] == ["SmCo"]


def test_another_day_or_register_is_said(tmp_path):
    file = tmp_path / "i.json"
    run(*START, "--save", file, data=lines("1", "q"))
    saved = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(saved | {"register": "0123456789ab"}), encoding="utf-8")
    text = run("determine", "--resume", file, "--on", "2026-11-30", "--lang", "en", data=lines("q")).stderr.decode()
    assert "r0123456789ab" in text and "saved for 2026-11-23. It is now judged for 2026-11-30." in " ".join(text.split())


# -- what bad input gets ---------------------------------------------------------------------------


def test_no_terminal_and_no_input_is_wrong_use():
    done = run("determine", "--ask", *DAY)
    assert codes(done) == ["ask-no-input"] and done.returncode == 2 and done.stdout == b""
    closed = subprocess.run([sys.executable, "-m", "kido", "determine", "--ask", *DAY], capture_output=True, check=False, close_fds=True, preexec_fn=lambda: __import__("os").close(0))  # fmt: skip
    assert b"Traceback" not in closed.stderr and b"ask-no-input" in closed.stderr and closed.returncode == 2


def test_what_does_not_go_together_is_wrong_use(tmp_path):
    two = tmp_path / "two.jsonl"
    two.write_text('{"form":"magnet"}\n{"form":"metal"}\n')
    (tmp_path / "i.json").write_text("{}")
    for arguments, code in (
        (["determine", two, "--ask"], "ask-one-transaction"),
        (["determine", "-", "--ask"], "ask-stdin-taken"),
        (["determine", "--resume", tmp_path / "i.json", "--form", "magnet"], "resume-with-facts"),
        (["determine", "--resume", tmp_path / "none.json"], "no-such-file"),
        (["determine", "--ask", "--fail-on", "nothing"], "not-one-of"),
    ):
        done = run(*arguments, *DAY, data=lines("q"))
        assert codes(done) == [code] and done.returncode == 2 and done.stdout == b"", arguments


@pytest.mark.parametrize(("content", "code"), [
    (b"", "json-syntax"), (b"\xff\xfe{", "not-utf-8"), (b"[1]", "interview-foreign"), (b'{"form": "magnet"}', "interview-foreign"),
    (b'{"format": "kido-interview", "format_version": 99}', "interview-version"), (b'{"format": "kido-interview", "format_version": 1}', "interview-broken"),
])  # fmt: skip
def test_a_broken_or_foreign_saved_file_is_named(tmp_path, content, code):
    (tmp_path / "i.json").write_bytes(content)
    done = run("determine", "--resume", tmp_path / "i.json", *DAY, data=lines("q"))
    assert codes(done) == [code] and done.returncode == 1 and "i.json" in done.stderr.decode()
    assert (tmp_path / "i.json").read_bytes() == content


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    done = run(*START, "--lang", "en", "--save", tmp_path / "none" / "i.json", data=lines("1", "q"))
    assert "file-not-written" in done.stderr.decode() and done.returncode == 1


def test_answers_that_are_no_text_are_named():
    done = run(*START, "--lang", "en", data=b"\xff\xfe\n", PYTHONIOENCODING="utf-8:strict")
    assert b"not-utf-8" in done.stderr and done.returncode == 1


def test_a_wrong_first_fact_is_said_before_anything_is_asked():
    done = run("determine", "--ask", "--form", "magnte", *DAY, data=lines("q"))
    assert codes(done) == ["unknown-value"] and done.returncode == 1
