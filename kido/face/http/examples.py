"""Requests that the description shows, in ja and en; each is run by the tests."""

from __future__ import annotations

_TRANSACTION = {
    "ja": {
        "summary": "中国からサマリウムコバルト磁石を輸入する",
        "value": {"act": "export", "from": "中国", "to": "日本", "origin": "中国", "form": "磁石", "magnet_family": "SmCo"},
    },
    "en": {
        "summary": "Dysprosium metal from China to Germany",
        "value": {"act": "export", "from": "CN", "to": "DE", "origin": "CN", "form": "metal", "element": "Dy", "composition": {"Dy": 99.9}},
    },
}
_SCHEMA = {
    "type": "object",
    "description": "Facts by name (see /schema/transaction and /words); what is left out is unknown. 事実。書かないものは不明",
    "additionalProperties": True,
}
_NAMES = {
    "ja": {"summary": "日本語の名称", "value": {"names": ["ＴＤＫ株式会社"]}},
    "en": {"summary": "A name with its country", "value": {"names": [{"name": "TDK Corporation", "country": "JP"}]}},
}
_NAMES_SCHEMA = {
    "type": "object",
    "required": ["names"],
    "additionalProperties": False,
    "properties": {
        "names": {
            "type": "array", "minItems": 1, "maxItems": 1000,
            "items": {"anyOf": [{"type": "string"}, {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "country": {"type": "string"}}}]},
        }
    },
}  # fmt: skip


def _asked(schema: dict, examples: dict) -> dict:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "examples": examples}}}}


TRANSACTIONS, NAMES = _asked(_SCHEMA, _TRANSACTION), _asked(_NAMES_SCHEMA, _NAMES)
EXAMPLES = {"transaction": _TRANSACTION, "names": _NAMES}
