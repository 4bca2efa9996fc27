"""A record as a face shows it; and the bytes of an answer as they are kept and repeated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from kido.desk.recorded import Kept
from kido.desk.replayed import Replayed, unstamped
from kido.face import papers_view, party_view, view
from kido.face.exact_json import encoded
from kido.face.language import word
from kido.records.book import Entry
from kido.records.periods import Due
from kido.records.remarks import NEVER, text_of
from kido.register import store
from kido.terms.text import said

_SHOWN = {"determination": view.determination, "screening": party_view.screening, "papers": papers_view.pack}
MOST_DIFFERENCES = 40
MARKS = {"open": "□", "approved": "■", "rejected": "✕"}


def bytes_of(kind: str, found: object, lang: str) -> bytes:
    """An answer as it is kept: what `replay` compares."""
    return encoded(_SHOWN[kind](found, lang))


def short(kept: Kept, lang: str) -> dict:
    """One line of a list."""
    record, state, body = kept.record, kept.state, kept.record.body
    return {
        "id": record.id, "kind": record.kind, "kind_words": word(f"record.kind.{record.kind}", lang), "at": record.at, "at_words": record.at if record.damaged else clock(record.at),
        "who": record.who, "subject": record.subject, "answer": record.outcome, "answer_words": outcome(record, lang),
        "on": body["on"] if body else None, "register": body["register"] if body else None,
        "decision": state.decision, "decision_words": word(f"record.decision.{state.decision}", lang, who=state.decided_by, at=clock(state.decided_at)),
        "known_on": body.get("known_on") if body else None, "removed": body is None and not record.damaged, "damaged": record.damaged,
    }  # fmt: skip


def whole(kept: Kept, lang: str) -> dict:
    """A record with all that was said of it, and how long it is kept."""
    record, state, body = kept.record, kept.state, kept.record.body or {}
    shipped = None if state.shipped is None else str(state.shipped)
    return short(kept, lang) | {
        "hash": record.hash, "program": body.get("program"), "lang": body.get("lang"),
        "files": [name.removeprefix("file:") for name in record.parts if name.startswith("file:")],
        "remarks": [remark(one, lang) for one in kept.remarks],
        "shipped": shipped, "shipped_words": word("record.shipped.never" if shipped == NEVER else "record.shipped" if shipped else "record.shipped.unknown", lang, day=shipped or ""),
        "held": state.held, "kept_until": kept.last.isoformat() if kept.last else None, "kept_words": _kept_words(kept, lang),
        "keep": [_period(rule, lang) for rule in body.get("keep", ())],
    }  # fmt: skip


def remark(one: Entry, lang: str) -> dict:
    """One remark in words."""
    if one.kind == "shipped":
        words = word("record.shipped.never" if one.outcome == NEVER else "record.shipped", lang, day=one.outcome)
    else:
        words = word(f"record.said.{one.kind}", lang)
    return {
        "id": one.id,
        "kind": one.kind,
        "words": words,
        "at": one.at,
        "at_words": clock(one.at),
        "who": one.who,
        "text": text_of(one),
        "removed": one.body is None,
    }


def replayed(found: Replayed, lang: str) -> dict:
    """What was answered, whether the same comes out again, and what today's register says."""
    program = store.own_version()
    recorded, today = (_read(unstamped(*one)) for one in ((found.recorded, found.register), (found.today, found.now)))
    notes = []
    if not found.same:
        notes.append(word("replay.program" if found.program != program else "replay.differs", lang, recorded=found.program, now=program))
    return {
        "id": found.record.id,
        "same": found.same,
        "words": word("replay.same" if found.same else "replay.not_same", lang, register=found.register),
        "notes": notes,
        "register": found.register,
        "program": found.program,
        "today": {
            "register": found.now,
            "same": found.same_today,
            "answer": _answer(today),
            "words": word("replay.today_same" if found.same_today else "replay.today_differs", lang, register=found.now),
            "differences": _differences(recorded, today)[:MOST_DIFFERENCES] if not found.same_today else [],
            "problems": today.get("problems", []),
        },
        "recorded": {"answer": _answer(recorded), "sha256": found.record.parts["answer"]},
    }


def due(one: Due, lang: str) -> dict:
    """A record whose time is over, or that waits for its day."""
    return {
        "id": one.record.id, "subject": one.record.subject, "at": one.record.at, "at_words": clock(one.record.at), "kind_words": word(f"record.kind.{one.record.kind}", lang),
        "kept_until": one.last.isoformat() if one.last else None,
    }  # fmt: skip


def outcome(record: Entry, lang: str) -> str:
    """The answer of a record in words; of a damaged one nothing is said."""
    if record.damaged:
        return "–"
    if record.kind == "table":
        counts = record.body or {}
        return word("record.table", lang, rows=counts.get("rows", "–"), rejected=counts.get("rejected", "–"))
    return word(f"party.answer.{record.outcome}" if record.kind == "screening" else f"answer.{record.outcome}", lang)


def clock(at: str) -> str:
    """A time of the chain as it is read here, with its zone.

    >>> clock("2026-11-29T00:30:00.000000Z")[:10] in ("2026-11-28", "2026-11-29")
    True
    """
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z") if at else ""


def _period(rule: dict, lang: str) -> dict:
    act = store.register().instruments.get(rule["act"])
    words = word(f"record.keep.{rule['from']}", lang, years=rule["years"])
    return {"act": rule["act"], "title": said(act.title, lang) if act else rule["act"], "words": words}


def _kept_words(kept: Kept, lang: str) -> str:
    if kept.record.body is None:
        return word("record.removed", lang)
    if kept.last is None:
        return word("record.keep.unknown", lang)
    return word("record.keep.held" if kept.state.held else "record.keep.until", lang, day=kept.last)


def _read(data: bytes) -> dict:
    return json.loads(data)


def _answer(shown: dict) -> str | None:
    found = shown.get("answer")
    return found.get("id") if isinstance(found, dict) else found


def _differences(before: object, after: object, path: str = "") -> list[dict]:
    """Where two answers differ: path, then, now."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            one
            for key in {**before, **after}
            for one in _differences(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [one for no, pair in enumerate(zip(before, after, strict=True)) for one in _differences(*pair, f"{path}[{no}]")]
    return [] if before == after else [{"path": path, "then": _brief(before), "now": _brief(after)}]


def _brief(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:299] + "…"


def listed(found: Sequence[Kept], lang: str) -> list[dict]:
    """Lines of a list."""
    return [short(one, lang) for one in found]
