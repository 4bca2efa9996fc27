"""The description of the API (OpenAPI 3.1): what each operation answers, with examples in ja and en, and every status it may have.

description(app) -> dict, made once for each version of the register, for the examples are its answers
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI

from kido import __version__, desk
from kido.errors import Problem
from kido.face.http.bulk import MEDIA_TYPES
from kido.face.http.examples import ANSWERS
from kido.face.http.jobs import MEDIA
from kido.face.http.problems import MEDIA as PROBLEM
from kido.face.http.problems import SHAPE, problem_body
from kido.face.language import LANGUAGES, word

_NAMES = {
    "list_": "records",
    "verify": "verify_records",
    "one": "record",
    "part": "record_part",
    "say": "remark",
    "replay": "replay_record",
}
_TAGS = {
    "answers": ("取引の判定、理由、次の質問、当事者の照合", "A transaction judged, the reasons, the next question, names compared"),
    "register": ("法令の登録簿: ある日の状態、推移、変化、収録範囲", "The register of law: one day, over time, what changed, what is held"),
    "batch": ("表をまとめて判定する", "Tables judged row by row"),
    "records": ("残した答えと、その確認・再現", "Answers that were kept, verified and repeated"),
    "bulk": ("登録簿全体のファイル(チェックサム付き)", "The whole register as files with checksums"),
    "health": ("版", "Versions"),
}
_ALWAYS, _BODY = (401, 421, 422, 429, 500), (400, 408, 413, 415)
_MORE = {  # statuses beside those that follow from method, body and address
    "determine": (503, 507), "screen": (503, 507), "start_batch": (503, 507), "bulk_index": (507,), "bulk_file": (416, 507), "batch_file": (416,),
    "words": (404,), "records": (404, 503), "verify_records": (403, 503), "record": (410, 503), "record_part": (410, 503), "replay_record": (410, 503),
    "remark": (409, 410, 503, 507),
}  # fmt: skip
_TOLD = {  # one problem of each status, as an example
    400: Problem("json-syntax", "body:1:2", "[1", {"why": "Expecting ',' delimiter"}),
    401: Problem("sign-in-needed", "/api/determine", "POST"),
    403: Problem("form-of-others", "/api/determine", "https://other.example"),
    404: Problem("no-such-measure", "register", "cn-mofcom-gacc-2025-81", {"near": "cn-mofcom-gacc-2025-18"}),
    408: Problem("body-too-slow", "body", "120", {"seconds": "60"}),
    409: Problem("cursor-stale", "cursor", "WzEwMCwgIjhkMGRmN2I0MjlhMCJd"),
    410: Problem("record-removed", "records", "R12"),
    413: Problem("body-too-large", "body", "2000000", {"most": "1,000,000"}),
    415: Problem("wrong-kind-of-body", "Content-Type", "multipart/form-data"),
    416: Problem("no-such-range", "Range", "bytes=9000000-", {"bytes": "979,312"}),
    421: Problem("wrong-host", "Host", "other.example"),
    422: Problem("unknown-parameter", "known-on", "known-on", {"near": "known_on", "values": "on, known_on, lang, fields"}),
    429: Problem("too-many-requests", "/api/determine", "tanaka", {"seconds": "60"}),
    500: Problem("failed-inside", "/api/determine", "RuntimeError"),
    503: Problem("too-many-jobs", "batch", "", {"most": "2"}),
    507: Problem("data-folder", "batch", "/home/tanaka/kido", {"why": "No space left on device"}),
}
_TYPES: dict[str, dict] = {
    "text": {"type": "string"}, "text?": {"type": ["string", "null"]}, "day": {"type": "string", "format": "date"},
    "day?": {"type": ["string", "null"], "format": "date"}, "number": {"type": "integer"}, "object": {"type": "object"},
    "object?": {"type": ["object", "null"]}, "objects": {"type": "array", "items": {"type": "object"}},
    "texts": {"type": "array", "items": {"type": "string"}},
}  # fmt: skip
_HEADERS = {
    "Kido-Register": ("登録簿の版", "Version of the register"),
    "ETag": ("登録簿、プログラム、日付、求め方が変わると変わる", "Changes with register, program, day and what was asked"),
    "Kido-Record": ("残した記録の番号", "Number of the record"),
    "Location": ("結果の場所", "Where it is"),
    "Content-Digest": ("送った中身のSHA-256(RFC 9530)", "SHA-256 of what is sent (RFC 9530)"),
    "Repr-Digest": ("ファイル全体のSHA-256(RFC 9530)", "SHA-256 of the whole file (RFC 9530)"),
}
_FILES = {
    "bulk_file": tuple(MEDIA_TYPES.values()),
    "batch_file": tuple(MEDIA.values()),
    "record_part": ("application/json", "application/octet-stream"),
}


def description(app: FastAPI) -> dict:
    """The description with the examples of the register in use."""
    return _described(app, desk.register().version)


@lru_cache(maxsize=4)
def _described(app: FastAPI, version: str) -> dict:
    found = app.openapi()
    found["info"]["license"] = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
    found["info"]["version"] = __version__
    found["servers"] = [{"url": "/"}]
    found["tags"] = [{"name": name, "description": f"{en}. {ja}"} for name, (ja, en) in _TAGS.items()]
    found["components"] = {
        "schemas": {"Problems": SHAPE, **{name: _schema(name) for name in _tables()}},
        "responses": {f"Problem{status}": _problem(status, told) for status, told in _TOLD.items()},
        "headers": {name: {"description": f"{en}. {ja}", "schema": {"type": "string"}} for name, (ja, en) in _HEADERS.items()},
    }
    for path, methods in found["paths"].items():
        for method, one in methods.items():
            name = one["operationId"] = _NAMES.get(one["operationId"], one["operationId"])
            one["responses"] = _right(name, method, one) | {
                str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in _statuses(name, method, path, one)
            }
    return found


def _statuses(name: str, method: str, path: str, one: dict) -> list[int]:
    given = {parameter["name"] for parameter in one.get("parameters", ())}
    found = {*_ALWAYS, *_MORE.get(name, ())}
    found |= {403} if method != "get" else set()
    found |= set(_BODY) if "requestBody" in one else set()
    found |= {404} if "{" in path and "{of}" not in path else set()
    found |= {409} if {"cursor", "limit"} <= given and name != "records" else set()
    return sorted(found)


def _right(name: str, method: str, one: dict) -> dict:
    """What is answered where nothing is wrong."""
    if name == "remove_batch":
        return {"204": {"description": "Removed. 削除しました"}}
    if name in _FILES:
        content = {media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in _FILES[name]}
        whole = {"description": "The file. ファイル", "content": content}
        if name == "record_part":
            return {"200": whole}
        headers = _headers("ETag", "Repr-Digest")
        part = content | {"multipart/byteranges": {"schema": {"type": "string", "format": "binary"}}}
        found = {
            "200": whole | {"headers": headers | _headers("Content-Digest")},
            "206": {"description": "One range of it. 一部", "content": part, "headers": headers},
            "304": {"description": "Not changed. 変更なし"},
        }
        leads = {
            "307": {"description": "`latest` or a version of the register leads to the edition. 版の場所", "headers": _headers("Location")}
        }
        return found | (leads if name == "bulk_file" else {})
    status = {"start_batch": "202", "remark": "201"}.get(name, "200")
    table = {"show_batch": "start_batch"}.get(name, name)
    schema = {"$ref": f"#/components/schemas/{table}"} if table in _tables() else {"type": "object"}
    named = ["Kido-Register", *(["ETag"] if _tagged(name, one) else []), *(["Location"] if status == "202" else [])]
    body = {"schema": schema} | ({"examples": _examples(name)} if name in ANSWERS else {})
    found = {status: {"description": "The answer. 答え", "content": {"application/json": body}, "headers": _headers(*named)}}
    if name == "determine":
        found[status]["headers"] |= _headers("Kido-Record")
    return found | ({"304": {"description": "Not changed. 変更なし", "headers": _headers("ETag")}} if _tagged(name, one) else {})


def _tagged(name: str, one: dict) -> bool:
    return one["tags"][0] in ("register", "health") or name == "bulk_index"


def _headers(*names: str) -> dict:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _examples(name: str) -> dict:
    asked, answer = ANSWERS[name]
    return {lang: {"summary": asked.format(lang=lang), "value": answer(lang)} for lang in LANGUAGES}


def _problem(status: int, told: Problem) -> dict:
    examples = {lang: {"value": problem_body([told], status, lang)} for lang in LANGUAGES}
    text = f"{word(f'http.{status}', 'en')}. {word(f'http.{status}', 'ja')}"
    return {"description": text, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problems"}, "examples": examples}}}


def _schema(name: str) -> dict:
    """The names of an answer; none is required, for `fields` may leave any out."""
    shown = {row["name"]: _TYPES[row["type"]] | {"description": f"{row['en']}. {row['ja']}"} for row in _tables()[name]}
    return {"type": "object", "properties": shown}


@lru_cache(maxsize=1)
def _tables() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (Path(__file__).parent / "answers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["operation"], []).append(row)
    return found
