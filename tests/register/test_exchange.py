"""The register as JSON and back, and as tables: nothing lost, nothing half-read, the register in use untouched."""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
import os
import re
import sqlite3
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kido.errors import KidoError
from kido.register import shapes
from kido.register.exchange import FORMATS, export, folder, written
from kido.register.exchange.json_schema import register_schema
from kido.register.exchange.package import SEPARATOR
from kido.register.exchange.plain import from_plain, read_json, to_plain, write_json
from kido.register.exchange.rows import rows_of
from kido.register.exchange.rule_text import rule_text
from kido.register.exchange.tables import TABLES, TYPES
from kido.register.store import register, terms
from kido.rule.nodes import Node
from kido.rule.parse import Scope, parse
from kido.terms import cells

REGISTER, TERMS = register(), terms()
PLAIN = to_plain(REGISTER)


def small() -> dict:
    """A register of two acts, as plain values; a copy for every test."""
    source = {"url": "https://example.org", "publisher": "invented", "kind": "copy", "read": "full", "seen": "2026-11-23"}
    words = {"ja": "言葉", "en": "words"}
    act = {
        "id": "cn-test-2025-7", "jurisdiction": "CN", "authority": ["MOFCOM"], "kind": "licence", "title": words, "confidence": "high",
        "published": "2025-04-04", "effective": "2025-05-04", "sources": [source],
        "items": [
            {"code": "1C9.a", "name": words, "when": 'form == "metal"', "text": "a"},
            {"code": "1C9.b", "name": words, "when": 'form == "oxide"', "text": "b"},
        ],
        "measures": [{
            "no": 1, "title": words, "kind": "licence", "gate": "dual_use", "when": "calcined", "covers": ["all"], "text": "body",
            "outcome": "licence_required",
        }],
    }  # fmt: skip
    stop = {
        "id": "cn-stop-2025-9", "jurisdiction": "CN", "authority": ["MOFCOM"], "kind": "suspension", "title": words, "confidence": "high",
        "published": "2025-10-01", "sources": [source],
        "events": [{"suspend": "cn-test-2025-7", "from": "2025-11-01", "until": "2025-12-31"}],
    }  # fmt: skip
    watch = {
        "jurisdiction": "CN", "verified": "2026-11-23", "newest_source": "2026-10-08", "covers_from": "2023-08-01", "held": [words],
        "not_held": [words], "open_questions": [words], "reach": 'exported_from == "CN"', "reach_text": words, "depth": "register",
    }  # fmt: skip
    return {"format": "kido-register", "format_version": 1, "version": "test", "acts": [act, stop], "answers": [], "watches": [watch]}


# -- JSON and back ---------------------------------------------------------------------------


def test_the_register_comes_back_equal():
    back = read_json(write_json(REGISTER), TERMS)
    assert back == REGISTER
    assert write_json(back) == write_json(REGISTER)
    for part in ("instruments", "answers", "watches", "definitions", "procedures"):
        assert list(getattr(back, part)) == list(getattr(REGISTER, part)), part


def test_a_change_is_seen():
    """The comparison above would notice: a changed letter gives another register."""
    plain = small()
    plain["acts"][0]["sources"][0]["publisher"] += "x"
    assert from_plain(plain, TERMS) != from_plain(small(), TERMS)


def filled(shape: dict, own: dict | None = None) -> dict:
    """A record with every key of a shape, so that a new key is met by the test below."""
    words = {"ja": "言葉", "en": "words", "zh": "词"}
    plain = {
        "text": "x", "texts": ["x"], "code": "0123", "codes": ["0123"], "date": "2025-04-04", "bool": True, "int": 3, "number": "1.50",
        "rule": "calcined", "words": words, "words list": [words], "covers": ["all"],
    }  # fmt: skip
    record = {}
    for key, (kind, _) in shape.items():
        if own and key in own:
            record[key] = own[key]
        elif isinstance(kind, tuple):
            record[key] = kind[0]
        elif isinstance(kind, list):
            record[key] = [filled(kind[0])]
        elif isinstance(kind, dict):
            record[key] = {"named": filled(kind["*"])}
        else:
            record[key] = plain[kind]
    return record


def test_every_key_of_every_shape_comes_back():
    id = "cn-test-2025-7"
    item = filled(shapes.ITEM, {"elements": ["Sm"], "form": "metal", "by": id, "hs": [filled(shapes.PRINTED, {"by": id})]})
    measure = filled(shapes.MEASURE, {"procedure": "x", "by": id, "added_by": id, "figures": [filled(shapes.FIGURE, {"items": ["0123"]})]})
    event = {key: value for key, value in filled(shapes.EVENT).items() if key not in ("suspend", "resume", "amend", "repeal")}
    procedure = filled(shapes.PROCEDURE, {"documents": ["contract"], "importer_documents": ["contract"]})
    act = filled(shapes.ACT, {
        "id": id, "jurisdiction": "CN", "elements": ["Dy"], "partners": ["US"], "items": [item], "measures": [measure],
        "procedures": [procedure], "events": [event | {"extend": id, "formal": False, "last_day": "out"}],
    })  # fmt: skip
    answer = filled(shapes.ANSWER, {"id": "cn-answer", "effect": "out", "measures": [f"{id}/3"]})
    watch = filled(shapes.WATCH, {"listed_fact": "dual_use_item", "jurisdiction": "CN"})
    plain = small() | {"acts": [act], "answers": [answer], "watches": [watch]}
    back = to_plain(from_plain(plain, TERMS))
    assert back == plain
    jsonschema.validate(back, register_schema())


ODD = [
    "a\u2028b",
    "a\u0085b",
    "改行\nと\tタブ",
    '"quoted" \\ back',
    "# not a comment: {x}",
    "no",
    "0123",
    "e\u0301 \ufeff \U0001f9f2",
    "=1+1",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_characters_come_back(text):
    plain = small()
    plain["acts"][0]["title"]["en"] = text
    assert from_plain(plain, TERMS).instruments["cn-test-2025-7"].title["en"] == text


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.text(min_size=1).filter(lambda text: text.strip() == text))
def test_any_text_comes_back(text):
    plain = small()
    plain["acts"][0]["sources"][0]["note"] = text
    back = read_json(json.dumps(plain), TERMS)
    assert back.instruments["cn-test-2025-7"].sources[0].note == text
    assert read_json(write_json(back), TERMS) == back


def rules() -> list[tuple[Node, str]]:
    found = [(d.rule, "inputs" if name.endswith("_input") else "") for name, d in REGISTER.definitions.items()]
    for act in REGISTER.instruments.values():
        found += [(noun.when, "") for noun in (*act.items, *act.measures) if noun.when is not None]
        found += [(unless.when, "") for noun in (*act.items, *act.measures) for unless in noun.unless]
    return found + [(watch.reach, "") for watch in REGISTER.watches.values()]


def test_the_text_of_every_rule_reads_back():
    scope = Scope(TERMS, {name: d.rule for name, d in REGISTER.definitions.items()})
    assert len(rules()) > 100
    for node, collection in rules():
        assert parse(rule_text(node), scope, collection) == node, rule_text(node)


@pytest.mark.parametrize("text", [
    "not (calcined or (dy_wt_pct > 0 and purity_pct >= 99.9))", 'element in rare_earths and destination in EU and "CN" in via',
    'not form in ("metal", "alloy") or form != "oxide"', 'within(on, "2025-12-01", "2026-11-30") and listed(end_user, "cn-control-list")',
    'any(inputs, origin == "CN" and value > 10) and known(substance) and under(hs, "8505", "2805.30")',
    'share(inputs, value, origin == "CN") >= 0.1 and 2 * (dy_wt_pct + tb_wt_pct) + sum(composition, wt_pct, element == "Nd") < 5',
    "5 <= purity_pct <= 7 and purity_pct in (5, 6.50)", "calcined and (calcined and calcined)",
])  # fmt: skip
def test_the_text_of_each_kind_of_rule_reads_back(text):
    node = parse(text, Scope(TERMS))
    assert parse(rule_text(node), Scope(TERMS)) == node


# -- bad input -------------------------------------------------------------------------------


def problems(plain: object) -> list[tuple[str, str]]:
    """What a structure is refused for; the register in use is still the one it was."""
    with pytest.raises(KidoError) as error:
        from_plain(plain, TERMS, "in.json")
    assert register().version == REGISTER.version
    for problem in error.value.problems:
        assert problem.place.startswith("in.json") and problem.text("ja") and problem.text("en")
    return [(problem.code, problem.read) for problem in error.value.problems]


def test_two_acts_with_one_id():
    plain = small()
    plain["acts"].append(copy.deepcopy(plain["acts"][0]))
    assert problems(plain) == [("duplicate-id", "cn-test-2025-7")]


def test_an_item_code_twice():
    plain = small()
    plain["acts"][0]["items"][1]["code"] = "1C9.a"
    assert ("duplicate-id", "1C9.a") in problems(plain)


def test_a_date_order_that_cannot_be():
    plain = small()
    plain["acts"][1]["events"][0]["until"] = "2025-10-31"
    assert problems(plain) == [("dates-in-wrong-order", "suspend: 2025-11-01 > 2025-10-31")]
    assert to_plain(register()) == PLAIN, "the register in use stays as it was"


def test_all_problems_at_once_with_the_line_to_search_for():
    plain = small()
    plain["acts"][0]["items"][0]["when"] = 'form == "metall"'
    plain["acts"][1]["events"][0]["suspend"] = "cn-nothing-2025-1"
    plain["acts"][1]["colour"] = "red"
    with pytest.raises(KidoError) as error:
        from_plain(plain, TERMS, "in.json")
    assert {problem.code for problem in error.value.problems} == {"unknown-value", "unknown-reference", "unknown-key"}
    found = next(problem for problem in error.value.problems if problem.code == "unknown-key")
    assert found.place.startswith("in.json: law/cn/2025/stop-9.yaml:") and '"colour": "red"' in found.snippet


@pytest.mark.parametrize(("change", "code"), [
    ({"format": "other"}, "not-a-register"), ({"format_version": 2}, "not-a-register"), ({"acts": {}}, "wrong-shape"),
    ({"version": 3}, "wrong-shape"), ({"colour": 1}, "unknown-key"), ({"acts": ["x"]}, "missing-key"),
    ({"acts": [{"id": "../../etc/passwd"}]}, "bad-id"), ({"watches": [{"jurisdiction": "CN/../../x"}]}, "bad-id"),
    ({"watches": [{"jurisdiction": "CN"}, {"jurisdiction": "cn"}]}, "duplicate-id"),
])  # fmt: skip
def test_what_is_no_register(change, code):
    assert code in [found for found, _ in problems(small() | change)]


@pytest.mark.parametrize(
    ("text", "code"), [("", "json-syntax"), ('{"a": 1,}', "json-syntax"), ('{"a": 1, "a": 2}', "duplicate-key"), ("[]", "not-a-register")]
)
def test_what_is_no_json(text, code):
    with pytest.raises(KidoError) as error:
        read_json(text, TERMS)
    assert [problem.code for problem in error.value.problems] == [code]


def test_the_json_schema_holds_and_is_strict():
    jsonschema.Draft202012Validator.check_schema(register_schema())
    validator = jsonschema.Draft202012Validator(register_schema())
    validator.validate(PLAIN)
    for change in ({"colour": 1}, {"format": "other"}, {"acts": [{"id": "x"}]}):
        assert not validator.is_valid(PLAIN | change)


# -- tables ----------------------------------------------------------------------------------


def dated(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


READ = {
    "string": str, "integer": int, "number": float, "boolean": {"true": True, "false": False}.__getitem__, "date": date.fromisoformat,
    "list": lambda cell: tuple(cell.split(SEPARATOR)),
}  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    made = {}
    for form in ("json", "csv", "parquet", "sqlite"):
        made[form] = tmp_path_factory.mktemp(form)
        files, lost = export(REGISTER, form, made[form])
        assert lost is None and files and all(file.is_file() for file in files)
    return made


def test_text_like_a_formula_comes_back_and_numbers_stay(tmp_path):
    texts = ["=1+1", "+81 3", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "＝１", "'=x", "''-x", "'quoted'", "'", "-", "a=b", "", "x"]
    rows = [{"text": text, "list": (text, "=2"), "figure": -5, "value": "-5.25", "day": date(2026, 11, 23)} for text in texts]
    columns = ["text", "list", "figure", "value", "day"]
    (tmp_path / "x.csv").write_bytes(written.csv_bytes(columns, rows, ["value"]))
    raw = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_bytes().decode("utf-8-sig"), newline="")))
    for row in raw:
        assert not any(re.match("[=+@\t\r\n＝＋－＠-]", row[name]) for name in ("text", "list")), row
        assert (row["figure"], row["value"], row["day"]) == ("-5", "-5.25", "2026-11-23")
    back = cells.read_csv(tmp_path / "x.csv")
    assert [row["text"] for row in back] == texts
    assert [row["list"] for row in back] == [f"{text}|=2" for text in texts]
    odd = written.csv_bytes(["value"], [{"value": "-5+cmd()"}], ["value"])  # in a column of numbers, and none
    assert odd.decode("utf-8-sig").splitlines()[1] == "'-5+cmd()"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet="'=+-@\t\r\n＝ab1"))
def test_any_cell_comes_back(text):
    assert cells.read(cells.kept(text)) == text and cells.kept(text)[:1] not in set("=+-@\t\r\n＝")


def test_a_title_that_is_a_formula_is_written_as_text(tmp_path):
    plain = small()
    plain["acts"][0]["title"]["en"] = '=HYPERLINK("https://example.org")'
    plain["acts"][0]["measures"][0]["figures"] = [{"of": plain["acts"][0]["title"], "unit": "t", "value": "-1.50"}]
    odd = from_plain(plain, TERMS)
    export(odd, "csv", tmp_path / "csv")
    assert read_csv(tmp_path / "csv", "acts")[0]["title_en"] == '\'=HYPERLINK("https://example.org")'
    assert cells.read_csv(tmp_path / "csv" / "acts.csv")[0]["title_en"] == plain["acts"][0]["title"]["en"]
    assert read_csv(tmp_path / "csv", "figures")[0]["value"] == "-1.50"
    export(odd, "mast2019", tmp_path / "mast")
    assert read_csv(tmp_path / "mast", "mast2019")[0]["legislation"].startswith("'=")
    assert cells.read_csv(tmp_path / "mast" / "mast2019.csv")[0]["legislation"].startswith("=")


def read_csv(folder: Path, name: str) -> list[dict[str, str]]:
    data = (folder / f"{name}.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "Excel reads UTF-8 only with a byte order mark"
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_table_conforms_to_its_schema(folders):
    package = json.loads((folders["csv"] / "datapackage.json").read_text(encoding="utf-8"))
    tables = {resource["name"]: read_csv(folders["csv"], resource["name"]) for resource in package["resources"]}
    for resource in package["resources"]:
        schema, rows = resource["schema"], tables[resource["name"]]
        assert rows or resource["name"] not in ("acts", "measures", "items", "hs", "events", "sources", "doubts")
        names = [field["name"] for field in schema["fields"]]
        for row in rows:
            assert list(row) == names
            for field in schema["fields"]:
                if row[field["name"]]:
                    READ[field["type"]](row[field["name"]])
                else:
                    assert not field.get("constraints", {}).get("required"), (resource["name"], field["name"])
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
        assert len(keys) == len(set(keys)), resource["name"]
        for link in schema["foreignKeys"]:
            there = {tuple(row[name] for name in link["reference"]["fields"]) for row in tables[link["reference"]["resource"]]}
            for row in rows:
                value = tuple(row[name] for name in link["fields"])
                assert not any(value) or value in there, (resource["name"], value)


def test_the_package_is_what_it_says(folders):
    for form in ("csv", "parquet"):
        package = json.loads((folders[form] / "datapackage.json").read_text(encoding="utf-8"))
        jsonschema.validate(package, PACKAGE)
        assert package["version"] == REGISTER.version and package["licenses"][0]["name"] == "Apache-2.0"
        assert {source["path"] for source in package["sources"]} >= {s.url for act in REGISTER.instruments.values() for s in act.sources}
        assert [resource["name"] for resource in package["resources"]] == list(TABLES)
        for resource in package["resources"]:
            data = (folders[form] / resource["path"]).read_bytes()
            assert resource["bytes"] == len(data)
            assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"


FIELD = {
    "type": "object", "required": ["name", "type", "title", "description", "description_ja"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9_]+$"},
        "type": {"enum": ["string", "integer", "number", "boolean", "date", "array"]}, "title": {"type": "string", "minLength": 1},
        "description": {"type": "string", "minLength": 1}, "description_ja": {"type": "string", "minLength": 1},
        "separator": {"const": SEPARATOR}, "constraints": {"const": {"required": True}},
    },
    "additionalProperties": False,
}  # fmt: skip
NAMES = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}}
PACKAGE = {
    "type": "object", "required": ["$schema", "name", "title", "description", "version", "licenses", "sources", "resources"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/datapackage.json"}, "name": {"pattern": "^[a-z0-9._-]+$"},
        "licenses": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name", "path", "title"]}},
        "sources": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["title", "path"]}},
        "resources": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["name", "type", "path", "title", "format", "mediatype", "bytes", "hash", "schema"],
            "properties": {
                "type": {"const": "table"}, "name": {"pattern": "^[a-z0-9._-]+$"}, "path": {"pattern": "^[a-z0-9_]+[.](csv|parquet)$"},
                "encoding": {"const": "utf-8"}, "hash": {"pattern": "^sha256:[0-9a-f]{64}$"},
                "schema": {
                    "type": "object", "required": ["fields", "primaryKey", "foreignKeys"],
                    "properties": {
                        "fields": {"type": "array", "minItems": 1, "items": FIELD}, "primaryKey": NAMES,
                        "foreignKeys": {"type": "array", "items": {
                            "type": "object", "required": ["fields", "reference"],
                            "properties": {"fields": NAMES, "reference": {"required": ["resource", "fields"], "properties": {"fields": NAMES}}},
                        }},
                    },
                },
            },
        }},
    },
}  # fmt: skip


def test_nothing_of_the_register_is_missing_in_the_tables():
    """Every text of every law file stands in some cell."""
    cells = {cell for rows in rows_of(REGISTER).values() for row in rows for value in row.values() for cell in entries(value)}
    long = "\n".join(cells)
    missing = {
        text for text in leaves({part: PLAIN[part] for part in ("acts", "answers", "watches")}) if text not in cells and text not in long
    }
    assert missing == set()


def entries(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [str(entry) for entry in value]
    return [] if value is None else [str(value)]


def leaves(value: object) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(leaves, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(leaves, value)) if value else set()
    return {str(value)}


def test_no_entry_of_a_list_holds_the_separator():
    for name, rows in rows_of(REGISTER).items():
        for row in rows:
            for value in row.values():
                assert not isinstance(value, tuple) or not any(SEPARATOR in entry for entry in value), (name, value)


def test_the_same_register_gives_the_same_bytes():
    assert written.as_csv(REGISTER) == written.as_csv(REGISTER)
    assert written.as_json(REGISTER) == written.as_json(REGISTER)


def test_parquet_holds_the_same_rows_with_their_types(folders):
    pl = pytest.importorskip("polars")
    types = {"string": pl.String, "integer": pl.Int64, "boolean": pl.Boolean, "date": pl.Date, "list": pl.List(pl.String)}
    for name, rows in rows_of(REGISTER).items():
        frame = pl.read_parquet(folders["parquet"] / f"{name}.parquet")
        assert frame.columns == [column.name for column in TABLES[name].columns]
        for column in TABLES[name].columns:
            if column.type != "number":
                assert frame.schema[column.name] == types[column.type]
                given = [list(row[column.name]) if isinstance(row[column.name], tuple) else row[column.name] for row in rows]
                assert frame[column.name].to_list() == given, (name, column.name)
            else:
                assert [None if v is None else float(v) for v in frame[column.name]] == [
                    r[column.name] and float(r[column.name]) for r in rows
                ]


def test_sqlite_holds_the_same_rows_and_its_keys(folders):
    database = sqlite3.connect(folders["sqlite"] / "register.sqlite")
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("SELECT value FROM about WHERE key = 'version'").fetchone() == (REGISTER.version,)
    for name, rows in rows_of(REGISTER).items():
        assert database.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (len(rows),)
    for measure, kind, until in database.execute("SELECT measure, kind, until FROM measures"):
        ours = REGISTER.measure(measure)
        assert (kind, dated(until)) == (ours.kind, ours.until)
    found = database.execute("SELECT i.item FROM covered c JOIN items i USING (act, item) WHERE c.measure = 'cn-mofcom-gacc-2025-18/1'")
    assert {code for (code,) in found} == set(REGISTER.measure("cn-mofcom-gacc-2025-18/1").codes)
    database.close()


def test_json_tables_are_the_rows(folders):
    tables = json.loads((folders["json"] / "tables.json").read_text(encoding="utf-8"))["tables"]
    assert {name: len(rows) for name, rows in tables.items()} == {name: len(rows) for name, rows in rows_of(REGISTER).items()}
    assert read_json((folders["json"] / "register.json").read_text(encoding="utf-8"), TERMS) == REGISTER


def test_every_column_has_a_type_and_words():
    for table in TABLES.values():
        assert table.label["ja"] and table.label["en"]
        assert set(table.key) <= {column.name for column in table.columns}
        for column in table.columns:
            assert column.type in TYPES and column.label["en"] and not re.search(r"[ぁ-んァ-ヶ一-龠]", column.label["en"])
            assert re.search(r"[ぁ-んァ-ヶ一-龠]", column.label["ja"]), (table.name, column.name)


def test_every_hs_code_has_its_row():
    wanted = []
    for act in REGISTER.instruments.values():
        for item in act.items:
            wanted += [(act.id, item.code, printed.tariff, code) for printed in item.hs for code in printed.codes]
            wanted += [(act.id, item.code, None, code) for sub in item.sub_items for code in sub.hs]
    assert [(row["act"], row["item"], row["tariff"], row["code"]) for row in rows_of(REGISTER)["hs"]] == wanted


def test_standings_are_the_timeline():
    from kido.register.timeline import status

    for row in rows_of(REGISTER)["standings"]:
        act = REGISTER.instruments[row["measure"].split("/")[0]]
        for day in {row["from"], row["until"] or row["from"]}:
            assert status(REGISTER, act, REGISTER.measure(row["measure"]), day).word == row["standing"]


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(KidoError) as error:
        export(REGISTER, "cvs", tmp_path / "out")
    assert error.value.problems[0].code == "unknown-value" and "csv" in error.value.problems[0].wrong("en")
    assert not (tmp_path / "out").exists() and "csv" in FORMATS


# -- where it may be written -------------------------------------------------------------------


def refused(format: str, into: Path | str, replace: bool = False) -> str:
    """The code of the refusal; what stood there stays as it was."""
    root = Path(into) if os.path.isdir(into) else Path(into).parent  # noqa: PTH112
    before = {path: path.is_file() and path.read_bytes() for path in root.rglob("*")}
    with pytest.raises(KidoError) as error:
        export(REGISTER, format, into, replace=replace)
    (problem,) = error.value.problems
    assert problem.text("ja") and problem.text("en") and "–" not in problem.wrong("en")
    assert before == {path: path.is_file() and path.read_bytes() for path in root.rglob("*")}
    return problem.code


@pytest.mark.parametrize("form", ["csv", "mast2019"])
def test_only_a_new_or_empty_folder_is_written_to(tmp_path, form):
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        files, _ = export(REGISTER, form, tmp_path / name)
        assert sorted((tmp_path / name).iterdir()) == sorted(files)
        assert refused(form, tmp_path / name) == "folder-not-empty"
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert refused(form, tmp_path / "file") == refused(form, tmp_path / "file", True) == "not-a-folder"
    assert refused(form, tmp_path / "none" / "new") == refused(form, tmp_path / "file" / "new") == "no-such-folder"
    assert refused(form, tmp_path / ("x" * 300)) == "file-not-written"
    assert refused(form, str(tmp_path / "nul\0")) in ("file-not-written", "no-such-folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "new"]


def test_an_export_is_replaced_and_nothing_else(tmp_path):
    export(REGISTER, "mast2019", tmp_path / "out")
    kept = (tmp_path / "out" / "mast2019.csv").read_bytes()
    (tmp_path / "out" / "mast2019.csv").write_text("old", encoding="utf-8")
    (tmp_path / "out" / ".DS_Store").write_text("", encoding="utf-8")
    export(REGISTER, "mast2019", tmp_path / "out", replace=True)
    assert (tmp_path / "out" / "mast2019.csv").read_bytes() == kept
    assert refused("mast2012", tmp_path / "out", True) == "folder-of-others"
    (tmp_path / "out" / "mine.csv").write_text("mine", encoding="utf-8")
    assert refused("mast2019", tmp_path / "out", True) == "folder-of-others"
    assert refused("mast2019", tmp_path / "out") == "folder-not-empty"


def test_nothing_is_half_written(tmp_path, monkeypatch):
    """The disk is full at the third file, or the third cannot be moved: all of the old, or nothing."""

    def full(path: Path, data: bytes) -> None:
        if path.name.endswith("ja.txt"):
            raise OSError(28, "No space left on device", str(path))
        path.write_bytes(data)

    with monkeypatch.context() as patched:
        patched.setattr(folder, "write_whole", full)
        assert refused("mast2019", tmp_path / "new") == "file-not-written"
        assert list(tmp_path.iterdir()) == []
    files, _ = export(REGISTER, "mast2019", tmp_path / "out")
    for file in files[:-1]:
        file.write_text("old", encoding="utf-8")
    files[-1].unlink()
    move = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target.name.endswith("en.txt") and target.parent.name == "out":
            raise PermissionError(13, "Permission denied", str(target))
        return move(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", held)
        assert refused("mast2019", tmp_path / "out", True) == "file-not-written"
    assert [file.read_text(encoding="utf-8") for file in files[:-1]] == ["old"] * 3 and len(list((tmp_path / "out").iterdir())) == 3


def test_a_folder_that_may_not_be_written(tmp_path, monkeypatch):
    """The system's refusal is played, for whoever runs the tests as root may write anywhere."""
    locked = tmp_path / "locked"
    locked.mkdir()
    make = Path.mkdir

    def denied(self: Path, *rest: object, **more: object) -> None:
        if locked in self.parents:
            raise PermissionError(13, "Permission denied", str(self))
        make(self, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", denied)
        assert refused("mast2019", locked) == refused("mast2019", locked / "new") == "file-not-written"
    assert list(locked.iterdir()) == []


def test_the_flags_reach_the_export(tmp_path):
    from typer.testing import CliRunner

    from kido.face.cli.main import app

    def run(*words: str):
        return CliRunner().invoke(app, ["register", "export", "mast2019", str(tmp_path / "out"), "--lang", "en", *words])

    done = run("--on", "2025-11-23")
    assert done.exit_code == 0 and "suspended or of unknown standing on 2025-11-23" in " ".join(done.stdout.split())
    again = run()
    assert isinstance(again.exception, KidoError) and again.exception.problems[0].code == "folder-not-empty"
    assert json.loads(run("--replace", "--json").stdout)["loss"]["on"] is None
