"""The same verbs in Python and on the command line, and habits of the command line."""

import json
import subprocess
import sys

import pytest

import kido
from kido.face.cli.main import app, registers

PYTHON_ONLY = {"KidoError", "act", "history", "search", "standing"}  # parts of `register show` and `register list`
PYTHON_ONLY |= {
    "at",
    "batch",
    "diff_versions",
    "distrust",
    "fill_form",
    "foreign_add",
    "foreign_remove",
    "make_key",
    "next_question",
    "on_spark",
    "party_lists",
    "record",
    "remove_version",
    "screen_many",
    "trusted",
    "write_papers",
}  # flags
FACES = {"serve", "mcp", "accounts", "demo"}  # ways to ask and who may, no questions


def run(*arguments, text=None):
    return subprocess.run([sys.executable, "-m", "kido", *arguments], capture_output=True, text=True, input=text, check=False)


def test_verbs_are_the_same():
    """`kido register as-of` is `kido.as_of`; list and show are parts of `kido.register` and `kido.act`."""
    commands = {command.callback.__name__ for command in app.registered_commands} | {group.name for group in app.registered_groups}
    below = {command.name.replace("-", "_") for command in registers.registered_commands} - {"list", "show", "key"}
    assert (commands | below) - FACES == set(kido.__all__) - PYTHON_ONLY


def test_verbs_over_http_and_mcp_are_verbs_of_ours():
    from kido.face.http.app import create_app
    from kido.face.mcp.tools import TOOLS

    paths = {path.split("/")[2].replace("-", "_") for path in create_app().openapi()["paths"] if path.startswith("/api/")} - {
        "health",
        "bulk",
    }
    assert paths <= set(kido.__all__)
    assert {"determine", "next_question", "words", "coverage"} <= set(TOOLS)


def test_every_command_explains_itself():
    for name in ("determine", "explain", "register", "check", "schema"):
        done = run(name, "--help")
        assert done.returncode == 0 and done.stdout.strip()


SOME = ["--act", "export", "--from", "CN", "--to", "JP", "--form", "磁石", "--magnet", "NdFeB", "--on", "2026-11-23"]


def test_the_page_has_its_order_in_both_languages():
    for lang, heads in (
        ("ja", ["事実不足", "いつまでに", "理由", "足りない事実", "次にすること", "根拠と調べた範囲"]),
        ("en", ["facts missing", "By when", "Why", "What is missing", "What to do", "Proof and scope"]),
    ):
        text = run("determine", *SOME, "--lang", lang).stdout
        places = [text.index(f"\n{head}\n") if number else text.index(head) for number, head in enumerate(heads)]
        assert places == sorted(places)


def test_json_is_one_object_and_the_same_answer_in_both_languages():
    found = {lang: json.loads(run("determine", *SOME, "--json", "--lang", lang).stdout) for lang in ("ja", "en")}
    assert list(found["ja"])[:6] == ["answer", "by_when", "why", "duties", "missing", "do"]
    assert found["ja"]["answer"]["id"] == found["en"]["answer"]["id"] == "facts_missing"
    assert [q["fact"] for q in found["ja"]["missing"]] == [q["fact"] for q in found["en"]["missing"]]


def test_json_lines_answer_the_good_and_report_the_bad():
    lines = '{"form": "magnet", "magnet_family": "SmCo", "act": "export", "from": "CN", "to": "JP"}\n{"form": \n{"grain_sise_um": 3}\n'
    done = run("determine", "-", "--jsonl", "--on", "2026-11-23", "--lang", "en", text=lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0]["answer"]["id"] == "licence_required"
    assert [answer["problems"][0]["code"] for answer in answers[1:]] == ["json-syntax", "unknown-fact"]
    assert "<stdin>:2" in answers[1]["problems"][0]["place"]
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("flags", "fail_on", "code"),
    [
        (["--contains", "Dy=3"], "licence", 10),
        ([], "missing", 11),
        (["--contains", "Dy=3", "--fact", "military_end_user=true"], "prohibited", 12),
        ([], "licence", 0),
    ],
)
def test_exit_codes(flags, fail_on, code):
    assert run("determine", *SOME, *flags, "--fail-on", fail_on).returncode == code


def test_stale_is_an_exit_code():
    arguments = [part if part != "2026-11-23" else "2027-03-01" for part in SOME]
    assert run("determine", *arguments, "--fail-on", "stale").returncode == 13


def test_wrong_use_is_2_and_errors_name_place_and_way_out():
    assert run("determine", "--no-such-flag").returncode == 2
    assert run("determine").returncode == 2
    done = run("determine", "--form", "magnett", "--on", "2026-13-01", "--lang", "ja")
    assert done.returncode == 1 and done.stdout == ""
    assert "unknown-value" in done.stderr and "対処" in done.stderr and "Traceback" not in done.stderr


def test_a_schema_holds_for_the_examples():
    import jsonschema

    from kido.register.yaml_file import read_yaml
    from kido.terms.ground import ground

    schema = kido.schema("transaction")
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in ground("examples").glob("*.yaml"):
        jsonschema.validate(read_yaml(path, path.name).plain(), schema)


def test_register_show_and_list():
    shown = json.loads(run("register", "show", "cn-mofcom-gacc-2025-57", "--on", "2026-11-09", "--json", "--lang", "en").stdout)
    assert shown["measures"][0]["status"] == "suspended"
    assert [change["status"] for change in shown["measures"][0]["history"]] == ["not_yet", "suspended", "unknown"]
    listed = json.loads(run("register", "list", "--element", "ホルミウム", "--form", "metal", "--json").stdout)
    assert {act["id"] for act in listed["acts"]} == {"cn-mofcom-gacc-2025-57", "cn-ree-export-duty-2006-2015"}


def test_explain_gives_the_whole_reason():
    done = run("explain", "cn-mofcom-gacc-2025-18/1", *SOME, "--contains", "Dy=3", "--lang", "en")
    assert done.returncode == 0
    assert "it contains dysprosium" in done.stdout
