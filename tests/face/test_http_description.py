"""The description of the API says what is there: names, answers with examples in both languages, every status."""

import json
import re
import warnings

import pytest
from jsonschema import Draft202012Validator

from kido.face.http import examples
from kido.face.http.app import create_app
from kido.face.http.examples import ANSWERS, EXAMPLES, MADE_UP
from kido.face.http.problems import STATUS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> TestClient:
    return TestClient(create_app(tmp_path_factory.mktemp("jobs")), base_url="http://127.0.0.1:8512")


@pytest.fixture(scope="module")
def told(client) -> dict:
    return client.get("/api/openapi.json").json()


def operations(told: dict) -> dict[str, tuple[str, str, dict]]:
    return {one["operationId"]: (method, path, one) for path, methods in told["paths"].items() for method, one in methods.items()}


def test_operations_have_names_that_stay(told):
    """A client that was made from the description calls them by these."""
    assert set(operations(told)) == {
        "determine", "explain", "next_question", "screen", "acts", "act", "as_of", "timeline", "diff", "coverage", "words", "schema", "start_batch",
        "show_batch", "remove_batch", "batch_file", "bulk_index", "bulk_file", "health", "records", "verify_records", "record", "record_part", "remark",
        "replay_record",
    }  # fmt: skip
    assert sum(len(methods) for methods in told["paths"].values()) == len(operations(told))


def test_tags_and_parameters_are_described_in_both_languages(told):
    named = {one["name"]: one["description"] for one in told["tags"]}
    kana = re.compile(r"[ぁ-んァ-ヶ一-龠]")
    assert all(kana.search(text) and re.search(r"[a-z]", text) for text in named.values())
    for name, (_, path, one) in operations(told).items():
        assert len(one["tags"]) == 1 and one["tags"][0] in named and kana.search(one["summary"]), name
        for parameter in one.get("parameters", ()):
            if parameter["in"] == "query":
                assert kana.search(parameter["description"]), (name, parameter["name"])
        assert {p["name"] for p in one.get("parameters", ()) if p["in"] == "path"} == set(re.findall(r"{(\w+)}", path))


def test_every_answer_has_a_shape_and_examples_of_it_in_both_languages(told):
    schemas = told["components"]["schemas"]
    for name, (_, _, one) in operations(told).items():
        (status,) = [status for status in one["responses"] if status in ("200", "201", "202", "204")]
        content = one["responses"][status].get("content", {}).get("application/json")
        if content is None or name in ("record_part", "bulk_file"):
            continue
        assert name in ANSWERS or one["tags"] == ["records"] or name == "schema", name
        if "examples" in content:
            shape = schemas[content["schema"]["$ref"].rpartition("/")[2]]
            assert set(content["examples"]) == {"ja", "en"}
            for lang, example in content["examples"].items():
                Draft202012Validator(shape).validate(example["value"])
                assert set(example["value"]) <= set(shape["properties"]) and example["value"] and f"lang={lang}" in example["summary"]


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in MADE_UP])
def test_an_example_is_what_is_answered(client, told, name, lang):
    _, _, one = operations(told)[name]
    example = one["responses"]["200"]["content"]["application/json"]["examples"][lang]
    method, _, path = example["summary"].partition(" ")
    body = {"determine": "transaction", "explain": "transaction", "next_question": "transaction", "screen": "names"}.get(name)
    answer = client.request(method, path, json=EXAMPLES[body][lang]["value"] if body else None)
    assert answer.status_code == 200, answer.text
    assert answer.json() == example["value"]
    assert len(json.dumps(example["value"], ensure_ascii=False)) < 12_000  # short enough to be read


def test_examples_that_were_made_up_have_the_names_of_real_ones(client):
    real = client.get("/api/bulk").json()
    shown = examples.ANSWERS["bulk_index"][1]("en")
    assert set(shown) == set(real) and set(shown["files"][0]) == set(real["files"][0]) and set(shown["licence"]) == set(real["licence"])


def test_a_whole_answer_has_the_names_that_are_described(client, told):
    """Each name of an answer is in its shape, so that nothing is given that is not described."""
    for name, path in (("acts", "/api/register"), ("act", "/api/register/cn-mofcom-gacc-2025-18"), ("as_of", "/api/as-of"), ("timeline", "/api/timeline"),
                       ("diff", "/api/diff?first=2025-11-08&last=2025-11-10"), ("coverage", "/api/coverage"), ("words", "/api/words"),
                       ("bulk_index", "/api/bulk"), ("health", "/api/health"), ("records", "/api/records"), ("verify_records", "/api/records/verify")):  # fmt: skip
        assert set(client.get(path).json()) == set(told["components"]["schemas"][name]["properties"]), name
    letter = EXAMPLES["transaction"]["en"]["value"]
    for name, path in (
        ("determine", "/api/determine"),
        ("explain", "/api/explain/cn-mofcom-gacc-2025-18"),
        ("next_question", "/api/next-question"),
    ):
        assert set(client.post(path, json=letter).json()) == set(told["components"]["schemas"][name]["properties"]), name
    assert set(client.post("/api/screen", json={"names": ["x"]}).json()) == set(told["components"]["schemas"]["screen"]["properties"])


def test_every_status_of_a_problem_has_an_example(told):
    found = told["components"]["responses"]
    assert {int(name.removeprefix("Problem")) for name in found} == {*STATUS, 422}
    for name, one in found.items():
        content = one["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problems"}
        for lang in ("ja", "en"):
            value = content["examples"][lang]["value"]
            Draft202012Validator(told["components"]["schemas"]["Problems"]).validate(value)
            assert (
                f"Problem{value['status']}" == name
                and value["detail"] == value["problems"][0]["wrong"][lang]
                and "–" not in value["detail"]
            )


def test_statuses_stand_where_they_may_come(told):
    found = {name: set(one["responses"]) for name, (_, _, one) in operations(told).items()}
    assert {"400", "403", "408", "413", "415", "421", "422", "500"} <= found["determine"] & found["start_batch"]
    assert (
        {"503", "507"} <= found["start_batch"] and {"206", "304", "307", "404", "416"} <= found["bulk_file"] and "404" not in found["acts"]
    )
    assert (
        all("409" in found[name] for name in ("acts", "as_of", "timeline", "diff"))
        and "304" in found["coverage"]
        and "304" not in found["determine"]
    )


def test_the_description_has_a_tag_and_no_dead_end(client, told):
    answer = client.get("/api/openapi.json")
    assert answer.headers["etag"] and client.get("/api/openapi.json", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert len(answer.content) < 250_000
    for ref in set(re.findall(r'"#/components/(\w+)/([\w.-]+)"', answer.text.replace('"$ref":', ""))):
        assert ref[1] in told["components"][ref[0]], ref


# -- parts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "fields", "names"),
    [
        ("/api/register?limit=2", "acts.id", {"acts", "total", "next"}),
        ("/api/register?limit=2", "on", {"on", "total", "next"}),
        ("/api/as-of?limit=2", "measures.figures.words,searched", {"measures", "searched", "total", "next"}),
        ("/api/timeline?limit=2", "measures.spans.from", {"measures", "total", "next"}),
        ("/api/diff?first=2025-11-08&last=2025-11-10", "changes.day,from", {"changes", "from", "total", "next"}),
        ("/api/coverage", "coverage.not_held", {"coverage"}),
        ("/api/words", "words.id", {"words"}),
        ("/api/register/cn-mofcom-gacc-2025-18", "id, items.code", {"id", "items"}),
        ("/api/as-of?element=Ho&form=metal&kind=備蓄", "measures.id", {"measures", "total", "next"}),
    ],
)
def test_parts_of_what_the_register_says(client, path, fields, names):
    """`next` and `total` are never left out: a page without them looks like the whole."""
    whole = client.get(path).json()
    shown = client.get(path, params={"fields": fields} | dict(p.split("=") for p in path.partition("?")[2].split("&") if p)).json()
    assert set(shown) == names
    for name, value in shown.items():
        if isinstance(value, list):
            asked = {path.split(".")[1] for path in fields.replace(" ", "").split(",") if path.startswith(f"{name}.")}
            assert value == [{key: part(one[key], fields, name, key) for key in asked} if asked else one for one in whole[name]]
        else:
            assert value == whole[name]


def part(value: object, fields: str, *path: str) -> object:
    below = [name.split(".")[2] for name in fields.split(",") if name.startswith(".".join(path) + ".")]
    return [{name: one[name] for name in below} for one in value] if below else value


@pytest.mark.parametrize(
    ("fields", "near"), [("acts.titel", "title"), ("act", "acts"), ("acts.measures.stat", "status"), ("on.x", ""), ("acts.id.x", "")]
)
def test_a_part_that_is_none_is_told(client, fields, near):
    told = client.get("/api/register", params={"fields": fields, "lang": "en"}).json()
    assert [one["code"] for one in told["problems"]] == ["not-one-of"] and near in told["detail"]
