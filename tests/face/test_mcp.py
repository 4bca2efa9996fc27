"""kido mcp over stdio by a real client: tools, answers beside the desk, sizes, schemas, and calls that harm."""

import asyncio
import json
import re
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml

from kido import desk
from kido.face.language import word
from kido.register.cases import read_cases
from kido.terms.ground import ground

mcp = pytest.importorskip("mcp")
from mcp.client.stdio import StdioServerParameters, stdio_client  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
MAGNET = {"act": "export", "from": "CN", "to": "JP", "form": "magnet", "magnet_family": "NdFeB", "composition": {"Dy": "1.2"}}
ON = "2026-11-23"
CALLS = {
    "determine": {"facts": MAGNET, "on": ON},
    "next_question": {"facts": MAGNET, "on": ON},
    "explain_measure": {"facts": MAGNET, "measure": "cn-mofcom-gacc-2025-18/1", "on": ON},
    "search_register": {"element": "ジスプロシウム", "kind": "licence", "on": ON},
    "show_act": {"id": "cn-mofcom-gacc-2025-18", "on": ON},
    "what_changed": {"first": "2025-11-08", "last": "2025-11-10"},
    "screen_party": {"name": "ＴＤＫ㈱", "on": "2026-08-24"},
    "words": {"list": "form"},
    "coverage": {"on": ON},
}
MOST = 8_000
CASES = read_cases(ground("cases"), desk.register().instruments)


@asynccontextmanager
async def client():
    server = StdioServerParameters(command=sys.executable, args=["-m", "kido", "mcp", "--lang", "en"], cwd=str(ROOT))
    async with stdio_client(server) as (read, write), mcp.ClientSession(read, write, read_timeout_seconds=timedelta(seconds=60)) as session:
        await session.initialize()
        yield session


def asked(*calls: tuple[str, dict]) -> list:
    """The results of calls to one server, in order; the session itself holds each against its schema."""

    async def ask():
        async with client() as session:
            await session.list_tools()
            return [await session.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(ask())


def told(result) -> dict:
    assert not result.isError, result.content[0].text
    assert json.loads(result.content[0].text) == result.structuredContent
    return result.structuredContent


def problems(result) -> list[dict]:
    assert result.isError and result.structuredContent is None
    return json.loads(result.content[0].text)["problems"]


def facts_of(case) -> dict:
    known = {"known_on": case.known_on.isoformat()} if case.known_on else {}
    return {"facts": case.facts.plain(), "on": case.on.isoformat()} | known


@pytest.fixture(scope="module")
def tools() -> dict:
    async def ask():
        async with client() as session:
            return (await session.list_tools()).tools

    return {tool.name: tool for tool in asyncio.run(ask())}


@pytest.fixture(scope="module")
def answers() -> dict:
    pairs = [(name, lang) for name in CALLS for lang in ("ja", "en")]
    return dict(zip(pairs, map(told, asked(*((name, CALLS[name] | {"lang": lang}) for name, lang in pairs))), strict=True))


def test_tools_are_read_only_and_named_in_both_languages(tools):
    assert set(tools) == set(CALLS)
    for tool in tools.values():
        marks = tool.annotations
        assert (marks.readOnlyHint, marks.destructiveHint, marks.idempotentHint, marks.openWorldHint) == (True, False, True, False)
        assert " / " in tool.title and any("ぁ" <= char <= "ん" or "一" <= char <= "龠" for char in tool.title + tool.description)
        assert tool.inputSchema["additionalProperties"] is False
        for schema in (tool.outputSchema, *tool.outputSchema["$defs"].values()):
            assert schema["additionalProperties"] is False
        jsonschema.Draft202012Validator.check_schema(tool.inputSchema)
        jsonschema.Draft202012Validator.check_schema(tool.outputSchema)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_answer_says_what_it_rests_on(answers, tools, name, lang):
    found = answers[name, lang]
    jsonschema.validate(found, tools[name].outputSchema)
    assert desk.register().version in found["register"]["version"] and date.fromisoformat(found["register"]["verified"])
    assert all(one["url"] and one["publisher"] and date.fromisoformat(one["seen"]) for one in found["sources"])
    assert found["sources"] or name == "words"  # a list of words names no act
    assert found["not_covered"]["not_searched"] and found["not_covered"]["parties"]
    assert found["not_covered"]["not_advice"] == word("proof.not_advice", lang)
    assert len(json.dumps(found, ensure_ascii=False, separators=(",", ":"))) < MOST
    for one in found["left_out"]:
        assert one["count"] > 0 and f"part={one['part']}" in one["how"]


def test_sources_are_those_of_the_acts_named(answers):
    for name in ("determine", "explain_measure", "search_register", "show_act", "what_changed"):
        found = answers[name, "en"]
        listed = [found["measure"]] if name == "explain_measure" else [*found.get("measures", []), *found.get("changes", [])]
        listed += [*found.get("binding", []), *found.get("open", []), *found.get("beside", [])]
        acts = {one["measure"].partition("/")[0] for one in listed if one["measure"]}
        assert acts <= {one["of"] for one in found["sources"]}
        urls = {source.url for act in acts for source in desk.act(act).sources}
        assert {one["url"] for one in found["sources"] if one["of"] in acts} <= urls


def test_answers_are_those_of_the_desk(answers):
    found = answers["determine", "ja"]
    d = desk.determine(MAGNET, ON)
    assert found["answer"] == d.answer and found["on"] == ON and found["on_from"] == "asked"
    assert {one["measure"] for one in found["binding"]} == {f.measure.id for f in d.findings if f.binds}
    questions = [q.fact.name for q in d.questions]
    assert [one["fact"] for one in found["missing"]] == questions[: len(found["missing"])]
    assert answers["next_question", "ja"]["question"]["fact"] == desk.next_question(MAGNET, ON).name
    explained = desk.explain(MAGNET, "cn-mofcom-gacc-2025-18/1", ON)
    assert answers["explain_measure", "en"]["measure"]["answer"] == explained.answer == "applies"
    assert "1C905.a.4" in [one["code"] for one in answers["explain_measure", "en"]["items"]]
    hits = desk.search(element="Dy", kind="licence")
    assert answers["search_register", "ja"]["count"] == len(hits)
    assert {one["measure"] for one in answers["search_register", "ja"]["measures"]} <= {hit.measure.id for hit in hits}
    assert answers["show_act", "ja"]["number"] == desk.act("cn-mofcom-gacc-2025-18").number
    assert answers["what_changed", "ja"]["count"] == len(desk.diff("2025-11-08", "2025-11-10"))
    screened = desk.screen("ＴＤＫ㈱", "2026-08-24")
    assert answers["screen_party", "ja"]["answer"] == screened.answer == "listed"
    assert answers["screen_party", "ja"]["hits"][0]["list_id"] == screened.hits[0].list
    assert answers["words", "ja"]["count"] == len(desk.words("form"))
    assert answers["coverage", "ja"]["jurisdictions"][0]["jurisdiction"] == desk.coverage(ON)[0].watch.jurisdiction


def test_both_languages_say_the_same(answers):
    for name in CALLS:
        ja, en = answers[name, "ja"], answers[name, "en"]
        assert ja.get("answer") == en.get("answer") and ja.get("count") == en.get("count") and ja["register"] == en["register"]


def test_no_answer_gives_a_verdict_we_never_give(answers):
    never = re.compile(r"\b(?:is|are|all) (?:clear|ok|okay|safe|compliant)\b|問題ありません|問題なし|安全です|適法です", re.IGNORECASE)
    for found in answers.values():
        assert not never.search(json.dumps(found, ensure_ascii=False))


def test_golden_cases_are_answered_as_by_the_desk():
    sample = CASES[:: len(CASES) // 20][:20]
    for case, result in zip(sample, asked(*(("determine", facts_of(case)) for case in sample)), strict=True):
        found, d = told(result), desk.determine(case.facts, case.on, case.known_on)
        reached = [(j.jurisdiction, j.said) for j in d.jurisdictions if j.reach is not False]
        assert found["answer"] == d.answer and [(j["jurisdiction"], j["answer"]) for j in found["jurisdictions"]] == reached
        binding = {f.measure.id for f in d.findings if f.binds}
        cut = sum(one["count"] for one in found["left_out"] if one["part"] == "binding")
        assert {one["measure"] for one in found["binding"]} <= binding and len(found["binding"]) + cut == len(binding)


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_examples_are_answered_as_by_the_desk(file):
    from kido.face.mcp.server import result

    facts = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)
    found = told(result("determine", {"facts": facts}, "en"))
    assert found["answer"] == desk.determine(facts, found["on"]).answer
    assert found["on_from"] == ("transaction" if "on" in str(facts.keys()) or "date" in str(facts) else "today")


def test_answers_to_golden_cases_are_small(tools):
    from kido.face.mcp.server import result

    schema = jsonschema.Draft202012Validator(tools["determine"].outputSchema)
    for case in CASES[::40]:
        for lang in ("ja", "en"):
            done = result("determine", facts_of(case) | {"lang": lang}, "en")
            assert len(done.content[0].text) < MOST, case.name
            schema.validate(told(done))


def test_every_part_can_be_read_to_its_end():
    from kido.face.mcp.server import result

    first = told(result("determine", CALLS["determine"], "en"))
    cut = {one["part"]: one["count"] for one in first["left_out"]}
    assert "open" in cut
    ids, left = [one["measure"] for one in first["open"]], cut["open"]
    while left:
        more = told(result("determine", CALLS["determine"] | {"part": "open", "start": len(ids)}, "en"))
        ids += [one["measure"] for one in more["open"]]
        left = next((one["count"] for one in more["left_out"] if one["part"] == "open"), 0)
    d = desk.determine(MAGNET, ON)
    assert sorted(ids) == sorted(f.measure.id for f in d.findings if f.may_bind)


def test_the_day_left_out_is_the_transactions_own_or_todays():
    own, today, other = map(
        told,
        asked(
            ("determine", {"facts": MAGNET | {"on": "2025-11-08"}}), ("determine", {"facts": MAGNET}), ("determine", {"facts": MAGNET | {"on": ON}, "on": "2025-11-08"}),
        ),
    )  # fmt: skip
    assert (own["on"], own["on_from"]) == ("2025-11-08", "transaction")
    assert (today["on"], today["on_from"]) == (date.today().isoformat(), "today")
    assert (other["on"], other["on_from"]) == ("2025-11-08", "asked")


def test_a_negative_says_what_was_searched():
    steel = {"act": "export", "from": "CN", "to": "JP", "form": "article", "element": "Fe", "via": "none", "origin": "CN"}
    found, none, place = map(
        told,
        asked(
            ("determine", {"facts": steel, "on": ON}), ("search_register", {"word": "zzqxwk"}), ("coverage", {"jurisdiction": "FR"}),
        ),
    )  # fmt: skip
    assert found["searched"] and found["sources"] and found["not_covered"]["not_searched"]
    assert none["count"] == 0 and none["searched"] and none["sources"]
    assert place["jurisdictions"] == [] and "France" in place["not_covered"]["not_searched"][0]


# -- calls that are refused, and calls that harm ---------------------------------------------------


def test_bad_facts_are_told_with_code_place_and_advice():
    bad = {"facts": {"grian_size_um": "5", "form": "magnetto", "to": "Atlantis"}, "on": "someday"}
    for lang in ("ja", "en"):
        (done,) = asked(("determine", bad | {"lang": lang}))
        found = problems(done)
        assert {one["code"] for one in found} >= {"unknown-fact", "unknown-value", "not-a-date"}
        assert all(one["place"] and one["wrong"] and one["do"] for one in found)
        assert any("ぁ" <= char <= "ん" for char in found[0]["do"]) is (lang == "ja")


REFUSED = {
    "language": ("determine", {"facts": {}, "lang": "fr"}, "unknown-language"),
    "argument": ("determine", {"facts": {}, "factz": {}}, "unknown-key"),
    "no facts": ("determine", {}, "missing-key"),
    "facts as a list": ("determine", {"facts": [1]}, "tool-argument"),
    "facts as text": ("determine", {"facts": "{}"}, "tool-argument"),
    "day as a number": ("determine", {"facts": {}, "on": 20261123}, "tool-argument"),
    "empty day": ("determine", {"facts": {}, "on": ""}, "not-a-date"),
    "long text": ("determine", {"facts": {"description": "x" * 20_000}}, "too-long"),
    "many facts": ("determine", {"facts": {f"f{number}": "x" * 900 for number in range(200)}}, "too-long"),
    "many wrong facts": ("determine", {"facts": {f"f{number}": 1 for number in range(500)}}, "unknown-fact"),
    "junk": ("determine", {"facts": {"goods": {"form": {"a": [{"b": None}, 1e308]}}, "composition": [[[]]]}}, ""),
    "null bytes": ("determine", {"facts": {"form": "\0\u202e\ud7ff"}}, "unknown-value"),
    "nested": ("determine", {"facts": {"goods": json.loads("[" * 120 + "]" * 120)}}, "too-deep"),
    "part": ("determine", {"facts": {}, "part": "everything"}, "not-one-of"),
    "start": ("determine", {"facts": {}, "part": "open", "start": -1}, "tool-argument"),
    "measure": ("explain_measure", {"facts": {}, "measure": "cn-nothing/1"}, "no-such-measure"),
    "act": ("show_act", {"id": "../../etc/passwd"}, "no-such-measure"),
    "hs": ("search_register", {"hs": "magnet"}, "not-an-hs-code"),
    "element": ("search_register", {"element": "Xx", "kind": "nonsense"}, "unknown-value"),
    "long word": ("search_register", {"word": "x" * 5_000_000}, "too-long"),
    "days": ("what_changed", {"first": "2026-01-01", "last": "2025-01-01"}, "dates-in-wrong-order"),
    "name": ("screen_party", {"name": "x" * 100_000}, "too-long"),
    "country": ("screen_party", {"name": "x", "country": "Atlantis"}, "unknown-value"),
    "list": ("words", {"list": "nonsense"}, "no-such-list"),
    "tool": ("rm", {}, "not-one-of"),
    "skipped": ("next_question", {"facts": {}, "skipped": ["a", 1]}, "tool-argument"),
}


def test_whatever_is_asked_the_next_call_works():
    calls = []
    for name, arguments, _ in REFUSED.values():
        calls += [(name, arguments), ("words", {"list": "crystallinity"})]
    done = asked(*calls)
    for (title, (_, _, code)), refused, next_ in zip(REFUSED.items(), done[::2], done[1::2], strict=True):
        found = problems(refused)
        assert "tool-failed" not in [one["code"] for one in found], title
        assert not code or code in [one["code"] for one in found], (title, found)
        assert len(refused.content[0].text) < 60_000, title
        assert told(next_)["count"] == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"facts": {"composition": {"Dy": float("nan")}}}, "nan"), ({"facts": {"composition": {"Dy": float("-inf")}}}, "nan"),
        ({"facts": {"value": 10**200_000}}, "too-large"), ({"facts": {}, "start": 10**5_000}, "tool-argument"), ({"facts": None}, "tool-argument"),
    ],
)  # fmt: skip
def test_figures_that_are_none(arguments, code):
    from kido.face.mcp.server import result

    assert [one["code"] for one in problems(result("determine", arguments, "ja"))] == [code]


def test_a_list_that_a_party_stands_on_has_its_source():
    from kido.face.mcp.server import result

    found = told(result("determine", {"facts": MAGNET | {"parties": [{"role": "end_user", "name": "TDK Corporation"}]}, "on": ON}, "en"))
    assert found["parties"][0]["answer"] == "listed" and any("cn-watch-list" in one["of"] for one in found["sources"])
    assert found["not_covered"]["parties"] == word("proof.parties_compared", "en", parties=1, lists=len(desk.party_lists()))


def test_lines_that_are_no_messages_do_not_stop_it():
    start = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    lines = [
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start}),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        "not json", "[]", '{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":1}}', "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
        '{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"words","arguments":' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "}}",
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "words", "arguments": {"list": "crystallinity"}}}),
    ]  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "kido", "mcp"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        server.stdin.write(("\n".join(lines) + "\n").encode())
        server.stdin.flush()
        for line in server.stdout:
            message = json.loads(line)  # nothing but the protocol is on standard output
            if message.get("id") == 2:
                assert message["result"]["structuredContent"]["count"] == 3
                break
        else:
            pytest.fail("the server went away")
        server.stdin.close()
        assert server.wait(20) == 0


def test_without_the_sdk_the_extra_is_named():
    code = "import sys; sys.modules['mcp'] = None; sys.argv = ['kido', 'mcp']; from kido.face.cli.main import run; run()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "kido[mcp]" in done.stderr and "extra-missing" in done.stderr


def test_nothing_else_imports_the_sdk():
    code = "import sys, kido, kido.desk, kido.face.cli.main, kido.face.view; print([n for n in sys.modules if n.split('.')[0] in ('mcp', 'pydantic', 'anyio')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_licence_of_the_sdk():
    from importlib.metadata import metadata

    assert metadata("mcp")["License"] == "MIT" or metadata("mcp")["License-Expression"] == "MIT"
