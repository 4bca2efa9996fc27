"""What is shown of a party compared with the lists: the hits with their reasons, what was searched, and what was not.

screening(found, lang)        -> dict of one name
party(compared, lang)         -> dict of one party of a transaction, all its names together
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kido.decide.compared import ComparedParty
from kido.decide.parties import ROLES
from kido.face.language import word
from kido.terms.amounts import plain
from kido.terms.text import said

if TYPE_CHECKING:
    from kido.screen.ownership import Ruled
    from kido.screen.search import Hit, Screening, SearchedList


def screening(found: Screening, lang: str) -> dict:
    """One name as plain data: answer, hits, near misses, what was searched and what no name search can show."""
    return {
        "query": found.query,
        "on": found.on.isoformat(),
        "answer": found.answer,
        "words": word(f"party.answer.{found.answer}", lang),
        "reason": _reason(found, lang),
        "hits": [hit(one, lang) for one in found.hits],
        "near": [hit(one, lang) for one in found.near],
        "searched": [_searched(one, lang) for one in found.searched],
        "not_covered": not_covered(lang),
    }


def party(compared: ComparedParty, lang: str) -> dict:
    """One party of a transaction."""
    first = compared.screenings[0]
    return {
        "role": compared.party.role,
        "role_words": said(ROLES.get(compared.party.role, {}), lang) or compared.party.role,
        "names": list(compared.party.spellings),
        "answer": compared.answer,
        "words": word(f"party.answer.{compared.answer}", lang),
        "hits": [hit(one, lang) for one in compared.hits],
        "ruled_out": [hit(one, lang) for one in compared.ruled_out],
        "owned": [_owned(one, lang) for one in compared.owned],
        "searched": [_searched(one, lang) for one in first.searched],
        "not_covered": not_covered(lang),
    }


def _owned(ruled: Ruled, lang: str) -> dict:
    """What a 50 % rule says of the owners stated."""
    low, high = (plain(end) for end in ruled.share)
    answer = {True: "yes", False: "no", None: "open"}[ruled.reached]
    words = word(f"party.owned.{answer}", lang, low=low, high=high, listed=", ".join(ruled.listed), open=", ".join(ruled.open) or "–")
    standing = word("party.owned.standing", lang, standing=word(f"party.rule.{ruled.standing}", lang))
    return {
        "rule": ruled.rule.id, "title": said(ruled.rule.title, lang), "reached": ruled.reached, "share_pct": [low, high], "listed": list(ruled.listed),
        "open": list(ruled.open), "standing": ruled.standing, "words": f"{words} {standing}", "source": ruled.rule.source, "confidence": ruled.rule.confidence,
    }  # fmt: skip


def hit(one: Hit, lang: str) -> dict:
    """One listed party that a name met: which name, why, since when, and what it means."""
    from kido.screen.lists import lists

    source = {each.id: each for each in lists()}.get(one.list)
    entry = one.party
    return {
        "list": one.list,
        "list_title": said(source.title, lang) if source else one.list,
        "party": entry.party,
        "entry": entry.entry,
        "name": one.name.text,
        "names": [name.text for name in entry.names],
        "countries": list(entry.country),
        "score": round(one.score, 1),
        "sure": one.sure,
        "sure_words": word("party.same" if one.sure else "party.similar", lang),
        "how": list(one.how),
        "how_words": [word(f"how.{reason}", lang) for reason in one.how],
        "standing": one.standing,
        "standing_words": word(f"party.standing.{one.standing}", lang),
        "since": entry.since.isoformat() if entry.since else "",
        "until": entry.until.isoformat() if entry.until else "",
        "suspended": [[start.isoformat(), end.isoformat() if end else ""] for start, end in entry.suspended],
        "concern": list(entry.concern),
        "by": entry.by,
        "source": entry.source,
        "note": entry.note,
        "means": said(source.means, lang) if source else "",
    }


def not_covered(lang: str) -> list[str]:
    """What a search of names cannot show."""
    return [word("party.not_covered.owners", lang), word("party.not_covered.lists", lang)]


def _searched(one: SearchedList, lang: str) -> dict:
    title, records = said(one.title, lang), f"{one.records:,}"
    if not one.searched:
        words = word("party.list_not_searched", lang, title=title, why=one.problem.wrong(lang) if one.problem else "")
    elif one.stale:
        words = word("party.list_stale", lang, title=title, edition=one.edition, records=records)
    else:
        words = word("party.list", lang, title=title, edition=one.edition, records=records)
    return {
        "id": one.id,
        "title": said(one.title, lang),
        "edition": one.edition.isoformat(),
        "records": one.records,
        "stale": one.stale,
        "searched": one.searched,
        "problem": one.problem.to_dict() if one.problem else None,
        "words": words,
    }


def _reason(found: Screening, lang: str) -> str:
    """Why a name could not be searched, where it could not."""
    reason = getattr(found, "reason", "")
    return word(f"party.reason.{reason}", lang) if reason else ""
