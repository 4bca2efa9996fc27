"""A question of an interview, and what is left at its end, as plain data in one language."""

from __future__ import annotations

from kido.decide.interview import Interview
from kido.decide.next_question import NextQuestion
from kido.face.language import word
from kido.register import store
from kido.terms.text import said

_EXAMPLES = ("number", "place", "places", "element", "code", "hs", "money", "date")


def question(q: NextQuestion, number: int, lang: str) -> dict:
    """One question: what is asked, what may be answered, why, who can know it, and what the answers would do."""
    return {
        "number": number,
        "fact": q.name,
        "facts": list(q.facts),
        "label": said(q.fact.label, lang),
        "question": said(q.ask, lang),
        "type": q.fact.type,
        "values": [{"value": value, "label": said(label, lang)} for value, label in q.values],
        "unit": q.unit,
        "example": _example(q, lang),
        "shown_by": _paper(q.shown_by, lang),
        "who": q.who,
        "who_words": word(f"ask.who.{q.who}", lang),
        "measures": list(q.measures),
        "answer": q.answer,
        "answer_words": word(f"answer.{q.answer}", lang),
        "open": q.open,
        "effects": [
            {
                "value": e.value,
                "label": said(e.label, lang),
                "answer": e.answer,
                "open": e.open,
                "words": word("ask.effect", lang, answer=word(f"answer.{e.answer}", lang), open=e.open)
                if e.answer
                else word("ask.contradicts", lang),
            }
            for e in q.effects
        ],
    }


def _example(q: NextQuestion, lang: str) -> str:
    if q.name in ("composition", "inputs"):
        return word(f"ask.example.{q.name}", lang)
    return word(f"ask.example.{q.fact.type}", lang) if q.fact.type in _EXAMPLES else ""


def _paper(id: str, lang: str) -> str:
    documents = store.terms().documents
    return said(documents[id].label, lang) if id in documents else ""


def ended(talk: Interview, lang: str) -> dict:
    """How an interview stands: its answers, and what stayed unknown with whom can know it."""
    return {
        "asked": len(talk.log),
        "answers": [{"fact": a.name, "value": a.value} for a in talk.log],
        "more": talk.question is not None,
        "unknown": [
            {
                "fact": u.fact.name,
                "label": said(u.fact.label, lang),
                "question": said(u.fact.ask, lang),
                "who": u.who,
                "who_words": word(f"ask.who.{u.who}", lang),
                "shown_by": _paper(u.shown_by, lang),
            }
            for u in talk.unknown
        ],
    }
