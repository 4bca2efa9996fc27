"""What a transaction and its order state of the goods, as a paper prints it: the words given, or a gap."""

from __future__ import annotations

from kido.papers.case import Case
from kido.papers.document import Block, Cell, Gap, Paragraph
from kido.papers.legal_words import both, fact_gap, place_name


def sample_note(case: Case) -> tuple[Block, ...]:
    """A sample file says so on its papers."""
    return (Paragraph(case.order.values["order.sample"], "warning"),) if "order.sample" in case.order.values else ()


def goods_cell(case: Case) -> Cell:
    """The name of the goods: of the order's lines, else of the transaction."""
    names = [row["name"] for row in case.order.rows("lines") if "name" in row]
    if len(names) == 1:
        return names[0]
    if names:
        return {
            lang: " / ".join(name if isinstance(name, str) else name.get(lang) or next(iter(name.values())) for name in names)
            for lang in ("ja", "en")
        }
    return case.determination.transaction.given.get("name") or fact_gap("name", case.terms)


def given_cell(case: Case, fact: str) -> Cell:
    """A fact as it was written, or a gap."""
    return case.determination.transaction.given.get(fact) or fact_gap(fact, case.terms)


def line_cell(case: Case, what: str) -> Cell:
    found = [str(row[what]) for row in case.order.rows("lines") if what in row]
    return ", ".join(found) or case.order.cell(f"lines[].{what}", {})


def worded_cell(case: Case, fact: str) -> Cell:
    value = case.determination.transaction.value(fact)
    if not isinstance(value, str):
        return fact_gap(fact, case.terms)
    return {lang: case.terms.value_label(case.terms.facts[fact], value, lang) for lang in ("ja", "en")}


def composition_cell(case: Case) -> Cell:
    given = case.determination.transaction.given.get("composition")
    return given or Gap(
        both("組成", "composition"),
        both("組成(wt%)は何ですか。分析証明書で確認してください。", "What is the composition in wt%? Check the certificate of analysis."),
    )


def place_cell(case: Case, fact: str) -> Cell:
    """A place the transaction states, or a gap."""
    value = case.determination.transaction.value(fact)
    return place_name(value, case.terms) if isinstance(value, str) else fact_gap(fact, case.terms)


def via_cell(case: Case) -> Cell:
    """The places passed on the way, or that there are none, or a gap."""
    value = case.determination.transaction.value("via")
    if not isinstance(value, tuple):
        return fact_gap("via", case.terms)
    if not value:
        return both("経由なし(直送)", "none (direct)")
    return {lang: ", ".join(place_name(code, case.terms).get(lang, code) for code in value) for lang in ("ja", "en")}
