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
_REMARK = {
    "ja": {"summary": "コメントを書く", "value": {"kind": "comment", "text": "供給者に成分表を依頼した"}},
    "en": {"summary": "Say when it was shipped", "value": {"kind": "shipped", "shipped": "2026-11-29"}},
}
_REMARK_SCHEMA = {
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": ["comment", "approve", "reject", "shipped", "hold", "release"]},
        "text": {"type": "string", "maxLength": 4000},
        "shipped": {"type": "string", "description": "A day, or never. 日付または never", "examples": ["2026-11-29", "never"]},
    },
}


def _asked(schema: dict, examples: dict) -> dict:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "examples": examples}}}}


TRANSACTIONS, NAMES, REMARKS = _asked(_SCHEMA, _TRANSACTION), _asked(_NAMES_SCHEMA, _NAMES), _asked(_REMARK_SCHEMA, _REMARK)
EXAMPLES = {"transaction": _TRANSACTION, "names": _NAMES}
