"""The words of a workbook of answers, in ja or en: headings, values, and the sheet that is read first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kido.face.finding_view import label, number_of, place
from kido.face.language import word
from kido.register import store
from kido.register.table_source import all_not_read
from kido.terms.text import said

_ANSWERS = (
    "place", "id", "on", "answer", "missing", "jurisdictions", "binding", "open", "may_become", "planning", "period_ends", "day_from", "listed_parties",
)  # fmt: skip
_LISTS = ("binding", "open")
_OF_ANSWER = ("answer", "planning", "may_become")


@dataclass(slots=True)
class BatchWords:
    """Implements `kido.register.answer_book.Wording`.

    >>> BatchWords("ja").value("answers", "jurisdictions", "CN: facts_missing; JP: no_match")
    '中国: 事実不足\\n日本: この登録簿に該当する措置なし'
    """

    lang: str
    titles: dict[str, str] = field(init=False)

    def __post_init__(self):
        self.titles = {measure.id: self._title(act, measure) for act, measure in store.register().measures()}

    def _title(self, act, measure) -> str:
        text = measure.title if len(act.measures) > 1 else act.title
        return f"{number_of(act.id)} {said(text, self.lang)} [{measure.id}]"

    def sheet(self, name: str) -> str:
        return word(f"book.sheet_{name}", self.lang)

    def columns(self, name: str, columns: Sequence[str]) -> Sequence[str]:
        if name == "answers":
            return _ANSWERS
        other = "_en" if self.lang == "ja" else "_ja"
        return [column for column in columns if not column.endswith(other)]

    def heading(self, name: str, column: str) -> str:
        column = column.removesuffix("_ja").removesuffix("_en")
        if name == "measures" and column == "answer":
            column = "says"
        return word(f"book.{column}", self.lang)

    def value(self, name: str, column: str, text: str) -> str:
        if not text:
            return ""
        if name == "answers":
            return self._of_answers(column, text)
        if name == "measures":
            return self._of_measures(column, text)
        return text

    def _of_answers(self, column: str, text: str) -> str:
        if column in _OF_ANSWER:
            return word(f"answer.{text}", self.lang)
        if column == "day_from":
            return word(f"book.day_{text}", self.lang)
        if column == "jurisdictions":
            pairs = (part.partition(": ") for part in text.split("; "))
            return "\n".join(f"{place(code, self.lang)}: {word(f'answer.{answer}', self.lang)}" for code, _, answer in pairs)
        if column in _LISTS:
            return "\n".join(self.titles.get(id, id) for id in text.split(" "))
        if column == "missing":
            return "\n".join(label(name, self.lang) for name in text.split(" "))
        return text

    def _of_measures(self, column: str, text: str) -> str:
        if column == "measure":
            return self.titles.get(text, text)
        if column == "answer":
            return word(f"book.says_{text}", self.lang)
        if column == "standing":
            return word(f"book.standing_{text}", self.lang)
        return word(f"answer.{text}", self.lang) if column == "outcome" else text

    def about(self, counts: Mapping[str, object]) -> Iterable[tuple[str, ...]]:
        lang, register = self.lang, store.register()
        yield (word("book.title", lang),)
        yield word("book.sources", lang), ", ".join(dict.fromkeys(counts["sources"]))
        figures = {name: f"{counts[name]:,}" for name in ("rows", "rejected")} | {"answered": f"{counts['rows'] - counts['rejected']:,}"}
        yield word("batch.counts", lang), word("batch.rows", lang, **figures)
        for answer, rows in counts["answers"].items():
            yield "", f"{word(f'answer.{answer}', lang)}: {rows:,}"
        if counts["undated"]:
            yield word("book.day_assumed", lang), word("book.undated", lang, rows=f"{counts['undated']:,}")
        for name, places in all_not_read(counts["not_read"]).items():
            yield "", word(f"batch.not_read_{name}", lang, count=len(places), places=", ".join(places[:20]))
        yield word("book.register", lang), f"{max(watch.verified for watch in register.watches.values())}-{register.version[:8]}"
        yield (word("book.how", lang),)
        for name in ("facts_missing", "no_match", "outside_data", "reach_unknown", "may_become", "period_ends", "not_covered"):
            yield (
                word(f"answer.{name}" if name in ("facts_missing", "no_match", "outside_data", "reach_unknown") else f"book.{name}", lang),
                word(f"book.how_{name}", lang),
            )
        yield (word("proof.not_searched", lang),)
        for watch in register.watches.values():
            for number, text in enumerate(watch.not_held):
                yield "" if number else place(watch.jurisdiction, lang), said(text, lang)
        yield "", word("proof.other_jurisdictions", lang)
        yield "", word("proof.not_advice", lang)


__all__ = ["BatchWords"]
