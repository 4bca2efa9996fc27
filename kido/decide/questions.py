"""The facts that could still change the answer, most telling first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kido.decide.finding import DOES_NOT, SEVERITY, Finding
from kido.register.model import DECIDING, GATES
from kido.terms.vocabulary import CONTENT, Fact, Terms

# what a buyer knows first; within a group the fact that settles most goes first
GROUPS = ("composition", "movement", "goods", "parameter", "party", "end_use", "money", "technology", "law")
_GOODS = GATES.index("sanctions")  # gates of goods and parties come before the others
FIRST = ("act", "exported_from", "destination", "form", "element", "magnet_family", "substance", "equipment")


@dataclass(frozen=True, slots=True)
class Question:
    """A missing fact: how many measures and items it bears on."""

    fact: Fact
    measures: tuple[str, ...]
    items: int
    status_known: bool  # False: it bears only on acts whose standing is itself unknown
    decides: bool = True  # False: it bears only on duties and routes, not on the answer
    names: tuple[str, ...] = ()  # the facts it settles
    stricter: bool = True  # it could make the answer stricter than what binds already
    tier: int = 0  # see `_Bearing.tier`
    distance: int = 0  # how many facts, this one included, the nearest thing it settles still lacks; 99: technology only


def rank(findings: Iterable[Finding], terms: Terms, reached: Collection[str], reach: Collection[str]) -> tuple[Question, ...]:
    """Missing facts of all findings that bind or may bind, in the order to ask them.

    First what could make the answer stricter in the jurisdictions surely reached, then what settles whether the
    others reach (`reach`) and their entries that may fit, then the rest; among these, what settles something soonest (the fewest other facts are missing beside it), then what buyers know best.  Questions on technology wait for whether any goes along.
    """
    asked: dict[str, _Bearing] = {}
    findings = [finding for finding in findings if finding.answer != DOES_NOT]
    bound = max((finding.severity for finding in findings if finding.binds and finding.measure.kind in DECIDING), default=0)
    for finding in findings:
        if not (finding.binds or finding.may_bind):
            continue
        about = _About.of(finding, bound, finding.act.jurisdiction in reached)
        for names, is_item in _sets(finding):
            beside = len(names)
            for name in names:
                if (bearing := asked.get(name)) is None:
                    bearing = asked[name] = _Bearing()
                bearing.add(about, beside, is_item)
    questions = [found.question(fact_of(name, terms), name in reach) for name, found in asked.items()]
    return tuple(sorted(_together(questions), key=_key))


def _sets(finding: Finding) -> Iterable[tuple[tuple[str, ...], bool]]:
    """The sets of facts that settle something: each item that may match, and the measure itself."""
    scope = finding.because.missing
    for match in (*finding.possible, *(m for m in finding.items if m.missing)):
        yield (*scope, *match.missing), True
    if scope and not finding.possible:
        yield scope, False
    for exception in finding.open:
        yield exception.because.missing, False


@dataclass(frozen=True, slots=True)
class _About:
    """What of a finding bears on every fact it lacks, worked out once."""

    measure: str
    in_force: bool
    decides: bool
    reached: bool
    stricter: bool
    gate: int
    near: bool  # not of technology alone

    @classmethod
    def of(cls, finding: Finding, bound: int, reached: bool) -> _About:
        gate, in_force, decides = finding.gate, finding.status.word == "in_force", finding.measure.kind in DECIDING
        stricter = decides and SEVERITY[finding.worst] > bound
        return cls(finding.measure.id, in_force, decides, reached, stricter, GATES.index(gate), gate != "technology" or not in_force)


class _Bearing:
    """What one missing fact bears on."""

    def __init__(self):
        self.measures: list[str] = []
        self.items, self.distance = 0, 99
        self.status_known = self.decides = self.stricter = self.reached = False
        self.gate = len(GATES)

    def add(self, about: _About, beside: int, is_item: bool) -> None:
        self.measures.append(about.measure)
        self.items += is_item
        self.status_known |= about.in_force
        self.decides |= about.decides
        self.reached |= about.reached
        self.stricter |= about.stricter
        if about.gate < self.gate:
            self.gate = about.gate
        if about.near and beside < self.distance:
            self.distance = beside

    def tier(self, settles_reach: bool) -> int:
        """0 goods and parties where the law surely reaches; 1 whether it reaches; 2 entries where it may; 3 the rest."""
        goods = self.gate <= _GOODS
        if self.reached and self.stricter and goods:
            return 0
        return 1 if settles_reach else 2 if goods and self.items else 3

    def question(self, fact: Fact, settles_reach: bool) -> Question:
        measures = tuple(dict.fromkeys(self.measures))
        return Question(
            fact,
            measures,
            self.items,
            self.status_known,
            self.decides,
            (fact.name,),
            self.stricter,
            self.tier(settles_reach),
            self.distance,
        )


def _together(questions: list[Question]) -> list[Question]:
    """Many contents that bear on the same measures are one question: which of these are in it?"""
    contents = [q for q in questions if q.fact.name.endswith(CONTENT) and q.fact.group == "composition"]
    groups: dict[tuple, list[Question]] = {}
    for question in contents:
        groups.setdefault((question.measures, question.status_known), []).append(question)
    for same in groups.values():
        if len(same) > 3:
            symbols = [q.fact.name.removesuffix(CONTENT).capitalize() for q in same]
            listed = ", ".join(symbols)
            ask = {
                "ja": f"次の元素を含みますか。含むものは含有率(wt%)も教えてください(微量でも): {listed}",
                "en": f"Which of these elements does it contain, and how many wt% (traces too): {listed}?",
            }
            fact = Fact(
                "composition", "number", "wt%", "composition", "", {"ja": "組成", "en": "composition"}, ask, "certificate_of_analysis"
            )
            first = min(same, key=_key)
            questions = [q for q in questions if q not in same]
            named = tuple(q.fact.name for q in same)
            questions.append(replace(first, fact=fact, items=sum(q.items for q in same), names=named))
    return questions


def _key(question: Question) -> tuple:
    fact = question.fact
    basic = FIRST.index(fact.name) if fact.name in FIRST and question.distance < 99 else len(FIRST)
    group = GROUPS.index(fact.group) if fact.group in GROUPS else len(GROUPS)
    return (
        not question.decides, question.tier, not question.stricter, not question.status_known,
        question.distance == 99 and fact.name != "technology_supplied",
        basic, question.distance > 3, group, question.distance, -len(question.measures), -question.items, fact.name,
    )  # fmt: skip


def fact_of(name: str, terms: Terms) -> Fact:
    """A fact by its name, with its question; the contents of elements and the lists of a transaction included."""
    if name in terms.facts:
        return terms.facts[name]
    if name in _COLLECTED:
        label, ask, shown_by = _COLLECTED[name]
        return Fact(name, "bool" if name.endswith("complete") else "text", "", "composition", "", label, ask, shown_by)
    if name.endswith(CONTENT):
        symbol = name.removesuffix(CONTENT).capitalize()
        label = terms.elements[symbol].label
        ask = {"ja": f"{label['ja']}({symbol})は何wt%含まれますか。", "en": f"How many wt% of {label['en']} ({symbol}) does it contain?"}
        return Fact(
            name,
            "number",
            "wt%",
            "composition",
            "",
            {"ja": f"{label['ja']}の含有率", "en": f"{label['en']} content"},
            ask,
            "certificate_of_analysis",
        )
    ask = {"ja": f"{name} を教えてください。", "en": f"Please state {name}."}
    return Fact(name, "text", "", "goods", "", {"ja": name, "en": name}, ask, "")


_COLLECTED = {
    "composition": (
        {"ja": "組成", "en": "composition"},
        {
            "ja": "組成(元素ごとのwt%)を教えてください(例: Nd 30, Dy 2.5, B 1, Fe 残部)。微量でも含む元素は書いてください。",
            "en": "What is the composition in wt% by element (for example Nd 30, Dy 2.5, B 1, Fe balance)? Name traces too.",
        },
        "certificate_of_analysis",
    ),
    "inputs": (
        {"ja": "使った材料・部品", "en": "materials and parts built in"},
        {
            "ja": "使った材料・部品を、名称、元素、形態、原産国、価額とともに教えてください。",
            "en": "Which materials and parts are built in? State name, element, form, origin and value of each.",
        },
        "maker_declaration",
    ),
    "inputs_complete": (
        {"ja": "材料・部品は全部か", "en": "list of materials is complete"},
        {
            "ja": "お答えの材料・部品で、使ったものはすべてですか。",
            "en": "Does the list name every material and part built in?",
        },
        "maker_declaration",
    ),
}
