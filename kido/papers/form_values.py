"""Every value a firm's own form may ask for, by key: facts, order, parties, answer.

form_values(case)  -> {key: Cell}: `order.contract_no`, `lines.1.quantity`, `end_user.name`, `destination`, `answer`, `register.version`
"""

from __future__ import annotations

from kido.decide.parties import ROLES
from kido.papers.case import Case
from kido.papers.document import Cell
from kido.papers.legal_words import ANSWERS
from kido.papers.order import PARTY_WORDS, order_fields
from kido.papers.stated import composition_cell, given_cell, goods_cell, place_cell, via_cell


def form_values(case: Case) -> dict[str, Cell]:
    """Values as the papers print them; what is not stated is a gap."""
    return _facts(case) | _order(case) | _parties(case) | _answer(case)


def _facts(case: Case) -> dict[str, Cell]:
    """Every fact under its name as it was written; places, route and composition in words."""
    found = {name: given_cell(case, name) for name in case.terms.facts}
    found |= {name: place_cell(case, name) for name, fact in case.terms.facts.items() if fact.type == "place"}
    return found | {"via": via_cell(case), "composition": composition_cell(case), "goods.name": goods_cell(case)}


def _order(case: Case) -> dict[str, Cell]:
    """Fields by key; rows of lists by number. A list without rows has one row of gaps."""
    found: dict[str, Cell] = {}
    for key in order_fields():
        name, of_list, what = key.partition("[].")
        if not of_list:
            found[key] = case.order.cell(key)
        else:
            found |= {f"{name}.{n}.{what}": case.order.cell(key, row) for n, row in enumerate(case.order.rows(name) or ({},), 1)}
    return found


def _parties(case: Case) -> dict[str, Cell]:
    return {f"{role}.{what}": case.order.party_cell(role, what) for role in ROLES for what in PARTY_WORDS}


def _answer(case: Case) -> dict[str, Cell]:
    d = case.determination
    codes = ", ".join(dict.fromkeys(match.item.code for finding in d.findings if finding.binds for match in finding.items))
    return {
        "answer": ANSWERS[d.answer], "answer.codes": codes or "–", "answer.on": d.on.isoformat(),
        "register.version": d.version, "made": case.made.isoformat(),
    }  # fmt: skip
