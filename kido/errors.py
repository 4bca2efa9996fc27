"""Errors as data: code, place, what was read, what is wrong, what to do, in Japanese and English.

    KidoError                 one or more problems; nothing was written or answered
        .problems             tuple of Problem, in the order met

A problem's words live in `errors.csv` beside this file, one row per code, so that
screen, JSON and tests say the same; the row is read only when a problem is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what was read, and the values its message names.

    >>> Problem("unknown-fact", "law/x.yaml:3:9", "grian", {"near": "grain"}).wrong("en")
    '"grian" is not a fact. Did you mean "grain"?'
    """

    code: str
    place: str
    read: str = ""
    values: dict[str, str] = field(default_factory=dict)
    snippet: str = ""

    def wrong(self, lang: str) -> str:
        return self._words("wrong", lang)

    def do(self, lang: str, commands: bool = True) -> str:
        """What to do; without `commands`, the one that lists the values is not named, for pages have a list to link to."""
        return self._words("do", lang, commands)

    def _words(self, part: str, lang: str, commands: bool = True) -> str:
        template = catalogue()[self.code][f"{part}_{lang}"]
        values = {"read": self.read, **self.values}
        near = values.get("near", "")
        hint = {"ja": f"「{near}」のことですか。", "en": f'Did you mean "{near}"?'}[lang] if near else ""
        return template.format_map(_Values(values, hint=hint, choose=_choose(values, lang, commands))).strip()

    def to_dict(self) -> dict:
        """Plain form for JSON, both languages."""
        return {
            "code": self.code,
            "place": self.place,
            "read": self.read,
            "wrong": {lang: self.wrong(lang) for lang in ("ja", "en")},
            "do": {lang: self.do(lang) for lang in ("ja", "en")},
        }

    def text(self, lang: str) -> str:
        """The five parts as a short block of text."""
        label = {"ja": ("読み取り", "対処"), "en": ("read", "do")}[lang]
        lines = [f"{self.place}  {self.code}"]
        lines += [f"  {line}" for line in self.snippet.splitlines()]
        if self.read and not self.snippet:
            lines.append(f"  {label[0]}: {self.read}")
        lines.append(f"  {self.wrong(lang)}")
        lines.append(f"  {label[1]}: {self.do(lang)}")
        return "\n".join(lines)


def _choose(values: dict[str, str], lang: str, commands: bool) -> str:
    """What may be written instead: the values where they are given, and the command that lists them with their aliases."""
    words = {"ja": "使える値: {values}。", "en": "Values: {values}. "}[lang].format(**values) if values.get("values") else ""
    name = values.get("list") if commands else None
    return words + (
        {"ja": f"一覧と別名は kido words {name} で見られます。", "en": f"kido words {name} lists them, with aliases."}[lang] if name else ""
    )


class _Values(dict):
    """Values of a message; one that is not known is a dash, never an error inside an error."""

    def __missing__(self, key: str) -> str:
        return "–"


class KidoError(Exception):
    """Raised with every problem found, so that all can be mended in one go."""

    def __init__(self, problems: Problem | Iterable[Problem]):
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(f"{p.place}: {p.code}: {p.read}" for p in self.problems))

    def __reduce__(self):
        """It also comes from other processes."""
        return KidoError, (self.problems,)

    def __str__(self) -> str:
        return self.text("en")

    def text(self, lang: str) -> str:
        return "\n".join(problem.text(lang) for problem in self.problems)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """The words of every error code, from errors.csv."""
    import csv

    with (Path(__file__).parent / "errors.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}
