"""What a page advises where something is wrong: without the commands of a terminal, and with a link to the page that helps.

advice(problem, lang)             of a problem
advice_of(told, lang)             of one that came as data from another process
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from kido.errors import Problem
from kido.face.language import word

LINKS = {"/": "web.back_home", "/words": "web.words.see", "/register": "web.search.register", "/act/{act}": "web.act.whole", "/tables": "web.job.other",
         "/check": "web.search.check", "/data": "web.foot.data", "/records": "web.nav.records"}  # fmt: skip


@lru_cache(maxsize=1)
def table() -> dict[str, dict[str, str]]:
    """The advice of pages by code of the problem."""
    with Path(__file__).with_name("advice.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def advice(problem: Problem, lang: str) -> Markup:
    """What to do about a problem, on a page.

    >>> advice(Problem("no-such-measure", "register", "x"), "en")
    Markup('Find it in the register. <a href="/register?lang=en">See the acts</a>')
    """
    row = table().get(problem.code)
    text = row[lang].format_map({"read": problem.read}) if row else problem.do(lang, commands=False)
    found = problem.values.get("list", "")
    link = _link(f"/words/{quote(found)}", "web.words.see", lang) if found else _of(row, problem.values, lang)
    return escape(text) + link


def advice_of(told: Mapping, lang: str) -> Markup:
    """The advice of a problem that was written down: `Problem.to_dict`."""
    row = table().get(told["code"])
    return escape(row[lang].format_map({"read": told["read"]})) + _of(row, {}, lang) if row else escape(told["do"][lang])


def _of(row: Mapping[str, str] | None, values: Mapping[str, str], lang: str) -> Markup:
    path = row["link"] if row else ""
    if not path or ("{act}" in path and not values.get("act")):
        return Markup("")
    return _link(path.format(act=quote(values.get("act", ""))), LINKS[path], lang)


def _link(path: str, words: str, lang: str) -> Markup:
    return Markup(' <a href="{}">{}</a>').format(f"{path}?{urlencode({'lang': lang})}", word(words, lang))
