"""What a command is given: files of every kind, many transactions, a terminal that cannot show Japanese, the file of -o."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kido.errors import KidoError
from kido.face.cli import answer, given
from kido.face.cli.output import OutputFile

MAGNET = '{"form":"magnet","magnet_family":"SmCo","act":"export","from":"CN","to":"JP","name":"%s"}\n'
DAY = ["--on", "2026-11-23", "--lang", "en"]


def run(*arguments, data: bytes = b"", **env: str) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [sys.executable, "-m", "kido", *map(str, arguments)], capture_output=True, input=data, check=False, env=os.environ | env
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return done


def codes(done: subprocess.CompletedProcess) -> list[str]:
    """The codes of what was said on stderr, in order."""
    return [line.split()[-1] for line in done.stderr.decode().splitlines() if line and not line.startswith(" ")]


# -- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "content", "code"), [
    ("deep.yaml", b"[" * 100_000, "too-deep"), ("deep.json", b"[" * 100_000, "json-syntax"), ("deep2.json", b'{"a":' * 300 + b"1" + b"}" * 300, "too-deep"),
    ("scalar.yaml", b"42\n", "wrong-shape"), ("number.json", b"5", "wrong-shape"), ("rows.json", b"[[1]]", "wrong-shape"), ("word.yaml", b"- magnet\n", "wrong-shape"),
    ("binary.yaml", bytes(range(256)), "not-utf-8"), ("binary.json", b"\xff\xfe{", "not-utf-8"), ("nul.yaml", b"form: \x00", "yaml-syntax"), ("cp932.yaml", "form: 磁石".encode("cp932"), "not-utf-8"),
    ("empty.yaml", b"", "empty-input"), ("comment.yaml", b"# nothing yet\n", "empty-input"), ("empty.json", b" \n", "empty-input"), ("none.json", b"[]", "empty-input"),
    ("empty.jsonl", b"\n\n", "empty-input"), ("table.csv", b"form\nmagnet\n", "batch-needs-output"), ("table.XLSX", b"PK", "batch-needs-output"),
    ("problems.json", b'{"problems": 1}', "unknown-fact"), ("list.jsonl", b"[1]\n", "wrong-shape"), ("null.jsonl", b"null\n", "wrong-shape"),
])  # fmt: skip
def test_a_file_that_is_no_transaction_is_named(tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    done = run("determine", tmp_path / name, *DAY)
    assert codes(done) == [code] and done.returncode in (1, 2) and done.stdout == b""


def test_what_is_no_file_is_named(tmp_path):
    (tmp_path / "broken.yaml").symlink_to(tmp_path / "nothing")
    assert codes(run("determine", tmp_path, *DAY)) == ["batch-needs-output"]  # a folder of tables
    assert codes(run("determine", tmp_path / "broken.yaml", *DAY)) == ["file-not-read"]
    assert codes(run("determine", tmp_path / "nothing.yaml", *DAY)) == ["no-such-file"]
    assert codes(run("determine", "/dev/null", *DAY)) == ["file-not-read"]


def test_an_empty_file_stays_empty_with_flags(tmp_path):
    (tmp_path / "t.yaml").write_text("")
    assert codes(run("determine", tmp_path / "t.yaml", "--form", "magnet", *DAY)) == ["empty-input"]


@pytest.mark.parametrize("place", ["/nowhere", "/etc/passwd"])
def test_a_law_folder_that_is_not_there_is_named(place):
    assert codes(run("determine", "--form", "magnet", *DAY, KIDO_GROUND=place)) == ["no-ground"]


def test_a_law_folder_without_its_tables_is_named(tmp_path):
    (tmp_path / "law").mkdir()
    assert codes(run("determine", "--form", "magnet", *DAY, KIDO_GROUND=str(tmp_path))) == ["no-ground"]
    assert codes(run("words", "--lang", "en", KIDO_GROUND=str(tmp_path))) == ["no-ground"]


# -- many transactions -------------------------------------------------------------------------

BROKEN = (
    b"\xef\xbb\xbf" + (MAGNET % "one").encode() + b"\xff\xfe{\n" + b'{"form":\n' + b'{"form":"magnet","goods":{"form":"metal"}}\n' + b"[1]\n"
    + (MAGNET % "two").encode()
)  # fmt: skip
WRONG = ["not-utf-8", "json-syntax", "duplicate-key", "wrong-shape"]


@pytest.mark.parametrize("name", ["t.jsonl", "T.JSONL", "t.ndjson"])
def test_a_broken_line_does_not_stop_the_rest(tmp_path, name):
    (tmp_path / name).write_bytes(BROKEN)
    done = run("determine", tmp_path / name, "--jsonl", *DAY)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["problems"][0]["code"] if "problems" in line else line["answer"]["id"] for line in found] == [
        "licence_required", *WRONG, "licence_required",
    ]  # fmt: skip
    assert [line["problems"][0]["place"].split(":")[1].split(".")[0] for line in found[1:5]] == ["2", "3", "4", "5"]
    assert done.returncode == 1


def test_a_flag_that_meets_a_fact_twice_in_a_line_does_not_stop_the_rest(tmp_path):
    (tmp_path / "t.jsonl").write_bytes(b'{"form":"magnet","goods":{"form":"metal"}}\n' + (MAGNET % "two").encode())
    done = run("determine", tmp_path / "t.jsonl", "--jsonl", "--origin", "CN", *DAY)
    assert ["problems" in json.loads(line) for line in done.stdout.splitlines()] == [True, False]


def test_standard_input_is_read_as_utf_8_whatever_the_terminal_speaks():
    done = run("determine", "-", "--jsonl", *DAY, data=BROKEN, PYTHONIOENCODING="cp932")
    assert ["problems" in json.loads(line) for line in done.stdout.splitlines()] == [False, True, True, True, True, False]
    assert codes(run("determine", "-", *DAY)) == ["empty-input"]


def test_a_line_is_as_short_as_json_can_be():
    (line,) = run("determine", "-", "--jsonl", *DAY, data=(MAGNET % "one").encode()).stdout.decode().splitlines()
    assert line == json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":"))


def test_a_line_without_end_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(given, "LONGEST_LINE", 100)
    (tmp_path / "t.jsonl").write_bytes(b"x" * 1000 + b"\n" + b'{"form":"magnet"}\n' + b"y" * 350)
    found = list(given.transactions(str(tmp_path / "t.jsonl"), {}, [], []))
    assert [entry.problems[0].code if isinstance(entry, KidoError) else entry.plain() for entry in found] == [
        "too-long", {"form": "magnet"}, "too-long",
    ]  # fmt: skip


def test_nothing_is_kept_of_lines_that_were_answered(tmp_path):
    """However long the file, one transaction is held at a time; a page holds two, to know whether there are several."""
    path = tmp_path / "t.jsonl"
    path.write_text(MAGNET % "x" * 50)
    entries = given.transactions(str(path), {}, [], [])
    held = 0
    for number, _ in answer._headed(entries, page=True):
        held += 1
        assert number == held
    assert held == 50
    with OutputFile(str(tmp_path / "o.json"), None, False) as kept:
        for number in range(5):
            kept.add({"number": number})
            assert kept.first is None or number == 0
    assert [entry["number"] for entry in json.loads((tmp_path / "o.json").read_text())] == list(range(5))


def test_the_date_of_a_section_counts():
    entry = given.marked({"movement": {"date": "2026-11-09"}}, "")
    assert given.today(None, entry) is None and given.today("2026-11-23", entry) == "2026-11-23"
    assert given.today(None, given.marked({"form": "magnet"}, "")) is not None


# -- contents by flag ----------------------------------------------------------------------------


@pytest.mark.parametrize(("flag", "low", "high"), [
    ("Dy=2.5", "2.5", "2.5"), ("Dy<=0.1", "0", "0.1"), ("Dy≦0.1", "0", "0.1"), ("Dy=0.1以下", "0", "0.1"), ("Dy = 5-10", "5", "10"), ("Dy: 1,000 ppm", "0.1", "0.1"), ("Dy=", "0", "100"),
])  # fmt: skip
def test_contents_by_flag(flag, low, high):
    from kido.decide.transaction import read_transaction
    from kido.register.store import terms
    from kido.terms.amounts import exact

    (entry,) = given.transactions(None, {}, [flag, "Nd=1"], [])
    row = read_transaction(entry, terms()).facts.components["composition"].rows[0]["wt_pct"]
    assert (row.low, row.high) == (exact(low), min(exact(high), exact(99) + exact("0.5") if high == "100" else exact(high)))


# -- terminals -----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "cp932", "utf-8"])
def test_any_terminal_gets_an_answer(encoding):
    arguments = ["--form", "magnet", "--contains", "Dy=2", "--to", "JP", "--from", "CN", "--on", "2026-11-23", "--lang", "ja"]
    assert "Dy" in run("determine", *arguments, PYTHONIOENCODING=encoding).stdout.decode(encoding)
    shown = json.loads(run("determine", *arguments, "--json", PYTHONIOENCODING=encoding).stdout.decode(encoding))
    assert shown["facts"]["stated"][0]["label"] == "形態", "nothing is lost in JSON"
    for command in (
        ["register", "list"],
        ["schema"],
        ["words", "form"],
        ["determine", "--form", "x"],
        ["explain", "cn-mofcom-gacc-2025-57", *arguments],
    ):
        assert run(*command, *(["--lang", "ja"] if command[0] in ("register", "words") else []), PYTHONIOENCODING=encoding).returncode in (
            0,
            1,
        )


def test_half_of_a_character_in_json_is_no_end(tmp_path):
    (tmp_path / "t.jsonl").write_text('{"name":"\\ud800","form":"magnet"}\n')
    assert run("determine", tmp_path / "t.jsonl", "--json", "-o", tmp_path / "o.json", *DAY).returncode == 0


# -- fail-on, output -------------------------------------------------------------------------------


def test_words_of_fail_on_are_checked_before_anything_is_read(tmp_path):
    done = run("determine", tmp_path / "nothing.yaml", "--fail-on", "licens", *DAY)
    assert codes(done) == ["not-one-of"] and done.returncode == 2
    assert b'"licence"' in done.stderr and b"prohibited" in done.stderr
    facts = ["--form", "magnet", "--magnet", "SmCo", "--act", "export", "--from", "CN", "--to", "JP"]
    assert run("determine", *facts, "--fail-on", "prohibited,licence", *DAY).returncode == 10


def test_an_output_that_cannot_be_written_is_named_before_anything_is_read(tmp_path):
    for place in (tmp_path, tmp_path / "none" / "o.json"):
        done = run("determine", tmp_path / "nothing.yaml", "-o", place, *DAY)
        assert codes(done) == ["file-not-written"] and done.returncode == 1
    path = tmp_path / "t.jsonl"
    path.write_text(MAGNET % "one")
    assert codes(run("determine", path, "-o", path, *DAY)) == ["output-is-input"]
    assert path.read_text() == MAGNET % "one"


def test_an_output_keeps_what_it_held_until_there_is_an_answer(tmp_path):
    (tmp_path / "o.json").write_text("before")
    assert codes(run("determine", tmp_path / "nothing.yaml", "-o", tmp_path / "o.json", *DAY)) == ["no-such-file"]
    assert (tmp_path / "o.json").read_text() == "before"
    run("determine", tmp_path / "nothing.yaml", "-o", tmp_path / "new.json", *DAY)
    assert not (tmp_path / "new.json").exists()
    run("determine", "--form", "magnet", "-o", tmp_path / "o.json", *DAY)
    assert json.loads((tmp_path / "o.json").read_text())["answer"]["id"] == "facts_missing"


@pytest.mark.parametrize(("flags", "name"), [([], "o.json"), ([], "o.jsonl"), (["--jsonl"], "o.json")])
def test_the_output_has_the_order_of_the_input(tmp_path, flags, name):
    (tmp_path / "t.jsonl").write_bytes(BROKEN)
    run("determine", tmp_path / "t.jsonl", *flags, "-o", tmp_path / name, *DAY)
    text = (tmp_path / name).read_text()
    found = [json.loads(line) for line in text.splitlines()] if flags or name.endswith("l") else json.loads(text)
    assert ["problems" in entry for entry in found] == [False, True, True, True, True, False]
    assert [entry["facts"]["stated"][-1]["value"] for entry in found if "facts" in entry] == ["one", "two"]


# -- several on a page --------------------------------------------------------------------------------


def test_several_transactions_have_headings(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text(MAGNET % "磁石 A" + '{"form":"magnet"}\n')
    for command in (["determine"], ["explain", "cn-mofcom-gacc-2025-57/1"]):
        page = run(*command, path, "--on", "2026-11-23", "--lang", "ja", PYTHONIOENCODING="utf-8").stdout.decode()
        assert "取引 1: 磁石 A" in page and "取引 2: (品名なし)" in page
        assert page.index("取引 1") < page.index("取引 2")
    path.write_text(MAGNET % "磁石 A")
    assert "取引 1" not in run("determine", path, "--on", "2026-11-23", "--lang", "ja", PYTHONIOENCODING="utf-8").stdout.decode()


def test_explain_goes_on_after_a_broken_line(tmp_path):
    (tmp_path / "t.jsonl").write_bytes(BROKEN)
    done = run("explain", "cn-mofcom-gacc-2025-57", tmp_path / "t.jsonl", "--json", *DAY)
    assert done.returncode == 1 and codes(done) == WRONG


# -- explain by act -----------------------------------------------------------------------------------


def test_an_act_with_one_measure_can_be_explained_by_its_own_id():
    import kido

    facts = {"form": "metal", "element": "Ho", "from": "CN", "to": "JP"}
    by_act = kido.explain(facts, "cn-mofcom-gacc-2025-57", on="2026-11-23")
    assert by_act.measure.id == "cn-mofcom-gacc-2025-57/1" == kido.explain(facts, by_act.measure.id, on="2026-11-23").measure.id


def several() -> str:
    from kido.register import store

    judged = [act.id for act, _ in store.register().judged()]
    return next(id for id in judged if judged.count(id) > 1)


def held_only() -> tuple[str, str]:
    from kido.register import store

    judged = {act.id for act, _ in store.register().judged()}
    return next((act.id, measure.id) for act, measure in store.register().measures() if act.id not in judged)


def test_an_act_with_several_measures_lists_them():
    act = several()
    done = run("explain", act, "--form", "magnet", *DAY)
    assert codes(done) == ["several-measures"] and f"{act}/1".encode() in done.stderr


def test_a_measure_that_is_only_held_says_so():
    act, measure = held_only()
    for id in (act, measure):
        done = run("explain", id, "--form", "magnet", *DAY)
        assert codes(done) == ["not-judged"] and f"kido register show {act}".encode() in done.stderr
    assert codes(run("explain", "cn-nothing", "--form", "magnet", *DAY)) == ["no-such-measure"]


def test_wrong_arguments_from_python_are_named():
    import kido

    for wrong, code in ((lambda: kido.explain({}, 5, on="2026-11-23"), "no-such-measure"), (lambda: kido.act(5), "no-such-measure"),
                        (lambda: kido.schema(5), "not-one-of"), (lambda: kido.search(element=5), "unknown-value")):  # fmt: skip
        with pytest.raises(KidoError) as error:
            wrong()
        assert [problem.code for problem in error.value.problems] == [code]
    with pytest.raises(KidoError, match="not-one-of"):
        kido.search(kind="licens")


def test_examples_are_read(tmp_path):
    from kido.terms.ground import ground

    for path in sorted(Path(ground("examples")).iterdir()):
        if path.suffix in (".yaml", ".jsonl"):
            assert all(not isinstance(entry, KidoError) for entry in given.transactions(str(path), {}, [], []))
