"""JSON Schema of a shape: what the strict reader takes, said to other programs."""

from __future__ import annotations

from kido.register.shapes import Kind, Shape

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_WORDS = {
    "type": "object", "properties": {lang: {"type": "string", "minLength": 1} for lang in ("ja", "en", "zh")}, "required": ["ja", "en"],
    "additionalProperties": False,
}  # fmt: skip
_TEXTS = {"type": "array", "items": {"type": "string"}}
_KINDS = {
    "words": _WORDS, "words list": {"type": "array", "items": _WORDS}, "date": {"type": "string", "format": "date"},
    "texts": _TEXTS, "codes": _TEXTS, "covers": {"anyOf": [{"const": "all"}, _TEXTS]}, "bool": {"type": "boolean"},
    "int": {"type": "integer", "minimum": 0}, "number": {"type": ["string", "number"], "pattern": r"^-?\d+(\.\d+)?$"},
}  # fmt: skip


def schema_of(shape: Shape) -> dict:
    """The schema of one record.

    >>> schema_of({"no": ("int", True)})["required"]
    ['no']
    """
    return {
        "type": "object",
        "properties": {key: _kind(kind) for key, (kind, _) in shape.items()},
        "required": [key for key, (_, required) in shape.items() if required],
        "additionalProperties": False,
    }


def _kind(kind: Kind) -> dict:
    if isinstance(kind, tuple):
        return {"enum": list(kind)}
    if isinstance(kind, list):
        return {"type": "array", "items": schema_of(kind[0])}
    if isinstance(kind, dict):
        return {"type": "object", "additionalProperties": schema_of(kind["*"])}
    return _KINDS.get(kind, {"type": "string", "minLength": 1})
