"""The nouns of the register, frozen.

Instrument   one published act, with sources and dates; holds items, measures and events
Item         one entry of an annex
Measure      what the act does: kind, gate, when, unless, outcome, procedure
Unless       an exception with its own outcome and clause
Event        suspend, resume, amend, repeal, extend: from one act to another
Procedure    who applies, with which papers, in how many working days
Answer       an official answer (Q&A); one that takes goods out works as an exception
Practice     what is reported to be done, never law
Figure       one number of a measure with its span: a quota of a year, a rate of a duty, a target
Watch        what a jurisdiction's files hold, what they do not, and when its law reaches a transaction
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kido.rule.nodes import Node
from kido.terms.sources import Source
from kido.terms.text import Text

OUTCOMES = (
    "licence_required", "prohibited", "presumption_of_denial", "registration", "report_after", "licence_exception",
    "duty_payable", "outside",
)  # fmt: skip
GATES = ("dual_use", "catch_all", "sanctions", "export_licence", "state_trading", "technology", "other")
DECIDING = ("licence", "ban", "technology", "state_trading", "quota")
BESIDE = ("duty", "facilitation", "export_tax", "import_duty")
POLICY = (
    "stockpile", "subsidy", "target", "agreement", "price_floor", "production_cap", "end_user_list", "reporting", "investigation",
    "general_licence", "ruling", "framework",
)  # fmt: skip  # held and searched, not judged against a transaction
KEEP_FROM = ("shipment", "year_end")
CONFIDENCE = ("high", "medium", "low")
EVENTS = ("suspend", "resume", "amend", "repeal", "extend")


@dataclass(frozen=True, slots=True)
class Printed:
    """HS codes as one tariff prints them; `basis` says whether they decide or only point."""

    tariff: str
    basis: str  # reference exact
    codes: tuple[str, ...]
    digits: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Unless:
    """An exception: when it holds, its outcome replaces the measure's."""

    when: Node
    outcome: str
    text: str
    note: Text | None = None
    answer: str = ""  # id of the official answer it comes from
    rule_text: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a measure: what it counts, its span, and how exact it is."""

    of: Text
    unit: str
    value: str = ""  # as printed; "" where the source gives none
    bound: str = "exact"  # exact at_most at_least about
    items: tuple[str, ...] = ()
    start: date | None = None
    until: date | None = None
    published: date | None = None
    note: Text | None = None
    confidence: str = ""

    def holds(self, on: date, known_on: date = date.max) -> bool:
        """Whether it is the figure of that day, known by then."""
        first = self.published or self.start or date.min
        return (self.start or date.min) <= on <= (self.until or date.max) and first <= known_on


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of an annex: its own text decides, its HS codes only point.

    An entry of a consolidated list has the days on which it stands there (`start`, `until`)
    and the act that put it there or took it out (`by`).
    """

    code: str
    name: Text
    elements: tuple[str, ...]
    form: str
    when: Node | None  # None: held for search only, no measure is judged by it
    text: str
    hs: tuple[Printed, ...] = ()
    includes: Text | None = None
    excludes: Text | None = None
    note: Text | None = None
    previous_code: str = ""
    sub_items: tuple[SubItem, ...] = ()
    confidence: str = ""
    rule_text: str = ""
    unless: tuple[Unless, ...] = ()
    start: date | None = None
    until: date | None = None
    by: str = ""

    def stands(self, on: date) -> bool:
        """Whether the entry is on its list that day."""
        return (self.start or date.min) <= on <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class SubItem:
    no: str
    name: Text
    hs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """What an act does: to a transaction (`judged`), or as policy that is held and searched."""

    id: str
    no: int
    title: Text
    kind: str
    gate: str
    when: Node | None
    text: str
    outcome: str
    covers: tuple[str, ...] = ()  # prefixes of items; () = the measure has none
    codes: frozenset[str] = frozenset()  # the items it covers
    review: Text | None = None
    unless: tuple[Unless, ...] = ()
    procedure: str = ""
    effective: date | None = None
    until: date | None = None  # last day, where the text itself or a consolidated version ends it
    by: str = ""  # the act that ended it
    added_by: str = ""  # the act that brought it in, where its own came before
    figures: tuple[Figure, ...] = ()
    note: Text | None = None
    confidence: str = ""
    rule_text: str = ""

    @property
    def judged(self) -> bool:
        """Whether a transaction is judged by it."""
        return self.kind not in POLICY


@dataclass(frozen=True, slots=True)
class Event:
    kind: str
    target: str  # an act, or one measure of it
    by: str  # the act that does it
    start: date
    until: date | None = None
    last_day: str = "in"  # in | out | in_doubt: whether `until` itself is inside
    formal: bool = True  # False: announced, no act found
    text: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Practice:
    date: str
    by: str
    said: Text
    url: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Procedure:
    id: str
    name: Text
    authority: Text
    applicant: Text
    documents: tuple[str, ...]
    working_days: int | None
    start: Text | None
    not_counted: Text | None
    validity: Text | None
    observed: tuple[Practice, ...]
    text: str
    act: str
    importer_documents: tuple[str, ...] = ()  # what the buyer abroad supplies to the applicant
    advice: tuple[Text, ...] = ()  # what to ask or do first
    days_unless: Node | None = None  # where it holds, the working days bind nobody
    rule_text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    id: str
    question: Text
    answer: Text
    effect: str  # in out definition procedure
    measures: tuple[str, ...]
    items: tuple[str, ...]
    sources: tuple[Source, ...]
    confidence: str
    part: str = ""
    date: str = ""
    hedge: str = ""
    when: Node | None = None
    note: Text | None = None
    rule_text: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """What one jurisdiction's files hold.

    reach        the test by which its law touches a transaction
    depth        `register`: its law on these materials, as far as `held` says; `single_acts`: only the acts named
    listed_fact  the yes-or-no fact that is set when an item of a licence measure in force matches
    """

    jurisdiction: str
    verified: date
    newest_source: date
    covers_from: date
    held: tuple[Text, ...]
    not_held: tuple[Text, ...]
    open_questions: tuple[Text, ...]
    reach: Node
    reach_text: Text
    depth: str
    listed_fact: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    rule: Node
    text: str
    label: Text
    act: str
    rule_text: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    id: str
    jurisdiction: str
    authority: tuple[str, ...]
    kind: str
    title: Text
    sources: tuple[Source, ...]
    confidence: str
    number: str = ""
    legal_basis: tuple[str, ...] = ()
    justification: str = ""
    published: date | None = None
    effective: date | None = None
    supersedes: tuple[str, ...] = ()
    note: Text | None = None
    doubts: tuple[Text, ...] = ()
    items: tuple[Item, ...] = ()
    measures: tuple[Measure, ...] = ()
    events: tuple[Event, ...] = ()
    practice: tuple[Practice, ...] = ()
    definitions: tuple[Definition, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    elements: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    penalties: Text | None = None
    records: Text | None = None
    keep_years: int = 0  # how long records are kept at least; 0 where the act gives no years
    keep_from: str = ""  # shipment year_end: the day of export, or the end of its calendar year
    file: str = ""

    @property
    def known_from(self) -> date:
        """The day the act could be known: published, else effective, else the day a source was seen."""
        return self.published or self.effective or min(source.seen for source in self.sources)

    @property
    def undated(self) -> bool:
        """The sources state neither a day of publication nor a first day."""
        return self.published is None and self.effective is None

    def items_of(self, measure: Measure) -> tuple[Item, ...]:
        """The items a measure covers, in the order of the annex."""
        return tuple(item for item in self.items if item.code in measure.codes)


@dataclass(slots=True)
class Register:
    """Every act of `law/`, checked, with its content hash as version.

    `standings` keeps what `timeline.standings` has computed for a day, `sieves` what `decide.match` rules out,
    `told` the events by what they touch.
    """

    version: str
    instruments: dict[str, Instrument]
    answers: dict[str, Answer]
    watches: dict[str, Watch]
    definitions: dict[str, Definition] = field(default_factory=dict)
    procedures: dict[str, Procedure] = field(default_factory=dict)
    standings: dict = field(default_factory=dict, compare=False, repr=False)
    sieves: dict = field(default_factory=dict, compare=False, repr=False)
    told: dict = field(default_factory=dict, compare=False, repr=False)

    def measure(self, id: str) -> Measure:
        act, _, no = id.partition("/")
        return next(m for m in self.instruments[act].measures if not no or str(m.no) == no)

    def measures(self) -> list[tuple[Instrument, Measure]]:
        return [(act, measure) for act in self.instruments.values() for measure in act.measures]

    def judged(self) -> list[tuple[Instrument, Measure]]:
        """The measures a transaction is judged by."""
        return [(act, measure) for act, measure in self.measures() if measure.judged]
