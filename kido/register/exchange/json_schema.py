"""JSON Schema of the register as JSON, made from the shapes its reader is strict about."""

from __future__ import annotations

from kido.register import shapes
from kido.register.exchange.plain import FORMAT, FORMAT_VERSION

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_WORDS = {
    "type": "object", "properties": {lang: {"type": "string", "minLength": 1} for lang in ("ja", "en", "zh")}, "required": ["ja", "en"],
    "additionalProperties": False,
}  # fmt: skip
_KINDS = {
    "words": _WORDS, "words list": {"type": "array", "items": _WORDS}, "date": {"type": "string", "format": "date"},
    "texts": {"type": "array", "items": {"type": "string"}}, "codes": {"type": "array", "items": {"type": "string"}},
    "covers": {"type": "array", "items": {"type": "string"}}, "bool": {"type": "boolean"}, "int": {"type": "integer", "minimum": 0},
    "number": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
}  # fmt: skip


def register_schema() -> dict:
    """Schema of what `write_json` writes.

    >>> sorted(register_schema()["$defs"])
    ['act', 'answer', 'watch']
    """
    parts = {"acts": "act", "answers": "answer", "watches": "watch"}
    return {
        "$schema": DRAFT,
        "title": "kido register",
        "description": "One record per law file: acts with their items, measures and events; official answers; what the files hold. "
        "Rules are text in kido's rule language.",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "format_version": {"const": FORMAT_VERSION},
            "version": {"type": "string"},
            **{name: {"type": "array", "items": {"$ref": f"#/$defs/{noun}"}} for name, noun in parts.items()},
        },
        "required": ["format", "format_version", "version", *parts],
        "additionalProperties": False,
        "$defs": {"act": _shape(shapes.ACT), "answer": _shape(shapes.ANSWER), "watch": _shape(shapes.WATCH)},
    }


def _shape(shape: shapes.Shape) -> dict:
    return {
        "type": "object",
        "properties": {key: _kind(kind) for key, (kind, _) in shape.items()},
        "required": [key for key, (_, required) in shape.items() if required],
        "additionalProperties": False,
    }


def _kind(kind: shapes.Kind) -> dict:
    if isinstance(kind, tuple):
        return {"enum": list(kind)}
    if isinstance(kind, list):
        return {"type": "array", "items": _shape(kind[0])}
    if isinstance(kind, dict):
        return {"type": "object", "additionalProperties": _shape(kind["*"])}
    return _KINDS.get(kind, {"type": "string", "minLength": 1})
