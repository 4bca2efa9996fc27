"""JSON Schema of the register as JSON, made from the shapes its reader is strict about."""

from __future__ import annotations

from kido.register import shapes
from kido.register.exchange.plain import FORMAT, FORMAT_VERSION
from kido.register.shape_schema import DRAFT, schema_of


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
        "$defs": {"act": schema_of(shapes.ACT), "answer": schema_of(shapes.ANSWER), "watch": schema_of(shapes.WATCH)},
    }
