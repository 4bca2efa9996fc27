"""What is in force on a day: suspensions, extensions, repeals, two clocks; small registers and a day-by-day oracle."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kido.register import model as m
from kido.register.files import act_path
from kido.register.load import load
from kido.register.timeline import changes, status
from kido.rule.nodes import Some
from kido.terms.vocabulary import read_terms

TERMS = read_terms(Path(__file__).resolve().parents[2] / "law" / "terms")
TARGET = "cn-target-2025-1"


def d(text: str) -> date:
    return date.fromisoformat(text)


def act(id: str, published: str, effective: str | None = None, events: tuple[dict, ...] = (), measures: int = 0) -> dict:
    """A law file as plain data; JSON is YAML."""
    raw: dict = {
        "id": id, "jurisdiction": "CN", "authority": ["MOFCOM"], "kind": "licence" if measures else "suspension",
        "title": {"ja": "告示", "en": "notice"}, "published": published, "effective": effective or published, "confidence": "high",
        "sources": [{"url": "https://example.org", "publisher": "invented", "kind": "copy", "read": "full", "seen": "2026-11-23"}],
    }  # fmt: skip
    if measures:
        raw["measures"] = [
            {
                "no": no,
                "title": {"ja": "措置", "en": "measure"},
                "kind": "licence",
                "gate": "dual_use",
                "when": "calcined",
                "text": "body",
                "outcome": "licence_required",
            }
            for no in range(1, measures + 1)
        ]
    if events:
        raw["events"] = list(events)
    return raw


def written(folder: Path, *acts: dict) -> m.Register:
    """Write acts as law files in a temporary folder and load them."""
    law = folder / "law"
    watch = {
        "jurisdiction": "CN", "verified": "2026-11-23", "newest_source": "2026-10-08", "covers_from": "2023-08-01", "depth": "register",
        "reach": "calcined", "reach_text": {"ja": "中国", "en": "China"}, "held": [], "not_held": [], "open_questions": [],
    }  # fmt: skip
    (law / "cn").mkdir(parents=True, exist_ok=True)
    (law / "cn" / "watch.yaml").write_text(json.dumps(watch, ensure_ascii=False), encoding="utf-8")
    for raw in acts:
        path = law / act_path(raw["id"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    return load(law, TERMS, "test")


def standing(register: m.Register, on: str, known_on: str | None = None, no: int = 1):
    target = register.instruments[TARGET]
    return status(register, target, target.measures[no - 1], d(on), d(known_on) if known_on else date.max)


def words(register: m.Register, *days: str, known_on: str | None = None, no: int = 1) -> list[str]:
    return [standing(register, day, known_on, no).word for day in days]


BASE = act(TARGET, "2025-04-01", "2025-05-01", measures=2)


def test_before_and_after_the_first_day(tmp_path):
    register = written(tmp_path, BASE)
    assert words(register, "2025-03-01", "2025-04-30", "2025-05-01", "2030-01-01") == ["not_yet", "not_yet", "in_force", "in_force"]
    found = standing(register, "2025-06-01")
    assert (found.since, found.until, found.operated) == (d("2025-05-01"), None, True)
    waiting = standing(register, "2025-04-30")
    assert waiting.until == d("2025-04-30") and not waiting.operated


def test_an_act_effective_before_it_was_published(tmp_path):
    register = written(tmp_path, act(TARGET, "2025-05-10", "2025-05-01", measures=1))
    assert words(register, "2025-04-30", "2025-05-01", "2025-05-05") == ["not_yet", "in_force", "in_force"]


def test_a_measure_may_start_later_than_its_act(tmp_path):
    raw = json.loads(json.dumps(BASE))
    raw["measures"][1]["effective"] = "2025-12-01"
    register = written(tmp_path, raw)
    assert words(register, "2025-11-30", "2025-12-01", no=1) == ["in_force", "in_force"]
    assert words(register, "2025-11-30", "2025-12-01", no=2) == ["not_yet", "in_force"]


@pytest.mark.parametrize(("last_day", "on_until"), [("in", "suspended"), ("out", "unknown"), ("in_doubt", "unknown")])
def test_the_last_day_of_a_suspension(tmp_path, last_day, on_until):
    stop = act(
        "cn-stop-2025-9", "2025-10-01", events=({"suspend": TARGET, "from": "2025-11-01", "until": "2025-12-31", "last_day": last_day},)
    )
    register = written(tmp_path, BASE, stop)
    assert words(register, "2025-10-31", "2025-11-01", "2025-12-30") == ["in_force", "suspended", "suspended"]
    assert words(register, "2025-12-31", "2026-01-01", "2027-01-01") == [on_until, "unknown", "unknown"]
    first = d("2026-01-01") if last_day == "in" else d("2025-12-31")
    assert standing(register, "2026-06-01").since == first


def test_the_last_day_is_in_where_nothing_is_said(tmp_path):
    register = written(
        tmp_path, BASE, act("cn-stop-2025-9", "2025-10-01", events=({"suspend": TARGET, "from": "2025-11-01", "until": "2025-12-31"},))
    )
    assert words(register, "2025-12-31", "2026-01-01") == ["suspended", "unknown"]


def test_a_suspension_without_end(tmp_path):
    register = written(tmp_path, BASE, act("cn-stop-2025-9", "2025-10-01", events=({"suspend": TARGET, "from": "2025-11-01"},)))
    assert words(register, "2025-10-31", "2025-11-01", "2099-01-01") == ["in_force", "suspended", "suspended"]
    assert standing(register, "2026-01-01").until is None


def stop(**more) -> dict:
    return act("cn-stop-2025-9", "2025-10-01", events=({"suspend": TARGET, "from": "2025-11-01", "until": "2025-12-31", **more},))


@pytest.mark.parametrize("of", ["cn-stop-2025-9", TARGET])
def test_a_formal_extension_of_the_act_or_of_the_suspension(tmp_path, of):
    more = act("cn-more-2025-10", "2025-12-15", events=({"extend": of, "from": "2026-01-01", "until": "2026-03-31"},))
    register = written(tmp_path, BASE, stop(), more)
    assert words(register, "2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01") == ["suspended", "suspended", "suspended", "unknown"]
    assert standing(register, "2026-02-01").until == d("2026-03-31")
    assert standing(register, "2026-05-01").since == d("2026-04-01")


def test_an_extension_from_the_last_day_in_doubt_closes_the_doubt(tmp_path):
    more = act(
        "cn-more-2025-10",
        "2025-12-15",
        events=({"extend": "cn-stop-2025-9", "from": "2025-12-31", "until": "2026-03-31", "last_day": "in_doubt"},),
    )
    register = written(tmp_path, BASE, stop(last_day="in_doubt"), more)
    assert words(register, "2025-12-31", "2026-03-30", "2026-03-31") == ["suspended", "suspended", "unknown"]


def test_two_extensions_follow_each_other(tmp_path):
    first = act("cn-more-2025-10", "2025-12-15", events=({"extend": "cn-stop-2025-9", "from": "2026-01-01", "until": "2026-03-31"},))
    second = act("cn-more-2026-3", "2026-03-15", events=({"extend": "cn-stop-2025-9", "from": "2026-04-01", "until": "2026-06-30"},))
    register = written(tmp_path, BASE, stop(), first, second)
    assert words(register, "2026-04-01", "2026-06-30", "2026-07-01") == ["suspended", "suspended", "unknown"]
    assert words(register, "2026-03-31", "2026-04-01", known_on="2026-03-01") == ["suspended", "unknown"]


def test_an_announced_extension_is_shown_but_does_not_suspend(tmp_path):
    said = act(
        "cn-word-2025-11",
        "2025-12-15",
        events=({"extend": "cn-stop-2025-9", "from": "2026-01-01", "until": "2026-03-31", "formal": False},),
    )
    register = written(tmp_path, BASE, stop(), said)
    assert words(register, "2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01") == ["suspended", "unknown", "unknown", "unknown"]
    assert standing(register, "2026-02-01").announced.until == d("2026-03-31")
    assert standing(register, "2026-04-01").announced is None
    assert standing(register, "2025-12-31").announced is None


def test_a_gap_between_suspension_and_extension_is_unknown(tmp_path):
    """Nothing is known of January: neither suspended nor in force by guess."""
    more = act("cn-more-2026-1", "2026-01-20", events=({"extend": "cn-stop-2025-9", "from": "2026-02-01", "until": "2026-03-31"},))
    register = written(tmp_path, BASE, stop(), more)
    assert words(register, "2025-12-31", "2026-01-15", "2026-02-01", "2026-03-31", "2026-04-01") == [
        "suspended",
        "unknown",
        "suspended",
        "suspended",
        "unknown",
    ]


def test_an_extension_never_shortens(tmp_path):
    """A second suspension to June; an old extension of the first to March says nothing about it."""
    old = act("cn-more-2025-10", "2025-12-15", events=({"extend": TARGET, "from": "2026-01-01", "until": "2026-03-31"},))
    back = act("cn-back-2026-1", "2026-01-10", events=({"resume": TARGET, "from": "2026-01-15"},))
    again = act("cn-again-2026-2", "2026-01-20", events=({"suspend": TARGET, "from": "2026-02-01", "until": "2026-06-30"},))
    register = written(tmp_path, BASE, stop(), old, back, again)
    assert words(register, "2026-01-14", "2026-01-15", "2026-01-31", "2026-02-01") == ["suspended", "in_force", "in_force", "suspended"]
    assert words(register, "2026-04-15", "2026-06-30", "2026-07-01") == ["suspended", "suspended", "unknown"]


def test_of_two_suspensions_the_longer_one_holds(tmp_path):
    """The act is suspended for the year; one of its measures was also suspended for a month in between."""
    year = act("cn-year-2025-8", "2025-10-01", events=({"suspend": TARGET, "from": "2025-11-01", "until": "2026-10-31"},))
    month = act("cn-month-2026-2", "2026-01-15", events=({"suspend": f"{TARGET}/1", "from": "2026-02-01", "until": "2026-02-28"},))
    register = written(tmp_path, BASE, year, month)
    assert words(register, "2026-02-15", "2026-03-01", "2026-10-31", "2026-11-01") == ["suspended", "suspended", "suspended", "unknown"]


def test_resume_ends_a_suspension(tmp_path):
    back = act("cn-back-2025-11", "2025-11-20", events=({"resume": TARGET, "from": "2025-12-01"},))
    register = written(tmp_path, BASE, stop(), back)
    assert words(register, "2025-11-30", "2025-12-01", "2026-06-01") == ["suspended", "in_force", "in_force"]
    assert standing(register, "2026-06-01").since == d("2025-12-01")


def test_resume_after_the_suspension_ran_out(tmp_path):
    back = act("cn-back-2026-2", "2026-02-01", events=({"resume": TARGET, "from": "2026-02-10"},))
    register = written(tmp_path, BASE, stop(), back)
    assert words(register, "2026-01-15", "2026-02-09", "2026-02-10") == ["unknown", "unknown", "in_force"]


def test_suspended_again_after_a_resume(tmp_path):
    back = act("cn-back-2025-11", "2025-11-20", events=({"resume": TARGET, "from": "2025-12-01"},))
    again = act("cn-again-2026-2", "2026-02-01", events=({"suspend": TARGET, "from": "2026-03-01", "until": "2026-03-31"},))
    register = written(tmp_path, BASE, stop(), back, again)
    assert words(register, "2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01") == ["in_force", "suspended", "suspended", "unknown"]


def test_repeal_ends_for_good(tmp_path):
    end = act("cn-end-2026-1", "2026-01-10", events=({"repeal": TARGET, "from": "2026-02-01"},))
    register = written(tmp_path, BASE, stop(), end)
    assert words(register, "2025-12-31", "2026-01-31", "2026-02-01", "2030-01-01") == ["suspended", "unknown", "ended", "ended"]
    assert standing(register, "2026-03-01").since == d("2026-02-01")
    assert standing(register, "2025-06-01").until == d("2025-10-31")


def test_one_measure_only(tmp_path):
    part = act(
        "cn-part-2025-9",
        "2025-10-01",
        events=({"suspend": f"{TARGET}/2", "from": "2025-11-01", "until": "2025-12-31"}, {"repeal": f"{TARGET}/2", "from": "2026-06-01"}),
    )
    register = written(tmp_path, BASE, part)
    assert words(register, "2025-11-15", "2026-01-01", "2026-06-01", no=1) == ["in_force", "in_force", "in_force"]
    assert words(register, "2025-11-15", "2026-01-01", "2026-06-01", no=2) == ["suspended", "unknown", "ended"]


def test_suspended_before_it_ever_operated(tmp_path):
    """Like No. 57 of 2025: in force from 8 November, suspended from the 7th."""
    raw = act(TARGET, "2025-10-09", "2025-11-08", measures=1)
    before = act(
        "cn-stop-2025-9", "2025-11-07", events=({"suspend": TARGET, "from": "2025-11-07", "until": "2026-11-10", "last_day": "in_doubt"},)
    )
    register = written(tmp_path, raw, before)
    assert words(register, "2025-11-06", "2025-11-08", "2026-11-09", "2026-11-10", "2026-11-23") == [
        "not_yet",
        "suspended",
        "suspended",
        "unknown",
        "unknown",
    ]
    assert not standing(register, "2025-12-01").operated and not standing(register, "2026-11-23").operated
    assert words(register, "2025-11-08", known_on="2025-11-06") == ["in_force"]


def test_a_suspension_that_ran_out_before_the_first_day_leaves_it_not_yet(tmp_path):
    raw = act(TARGET, "2025-04-01", "2026-06-01", measures=1)
    register = written(tmp_path, raw, stop())
    assert words(register, "2026-03-01") == ["not_yet"]


def test_a_suspension_that_was_only_announced_does_not_suspend(tmp_path):
    register = written(tmp_path, BASE, stop(formal=False))
    assert words(register, "2025-10-31") == ["in_force"]
    assert words(register, "2025-11-15") != ["suspended"]


@pytest.mark.parametrize(("kind", "never"), [("repeal", "ended"), ("resume", "in_force")])
def test_what_was_only_announced_does_not_end_or_resume(tmp_path, kind, never):
    word = act("cn-word-2025-11", "2025-11-10", events=({kind: TARGET, "from": "2025-12-01", "formal": False},))
    register = written(tmp_path, BASE, stop(), word)
    assert words(register, "2025-12-15") != [never]


# -- two clocks ----------------------------------------------------------------------------


def test_before_it_was_published_nobody_knew(tmp_path):
    register = written(tmp_path, BASE, stop())
    assert words(register, "2025-06-01", "2026-01-01", known_on="2025-03-31") == ["not_known", "not_known"]
    assert words(register, "2025-06-01", known_on="2025-04-01") == ["in_force"]


def test_a_later_act_is_left_out_of_earlier_knowledge(tmp_path):
    register = written(tmp_path, BASE, stop())
    assert words(register, "2025-11-15", known_on="2025-09-30") == ["in_force"]
    assert words(register, "2025-11-15", known_on="2025-10-01") == ["suspended"]


def test_knowledge_of_an_extension(tmp_path):
    more = act("cn-more-2025-10", "2026-01-20", events=({"extend": "cn-stop-2025-9", "from": "2026-01-01", "until": "2026-03-31"},))
    register = written(tmp_path, BASE, stop(), more)
    assert words(register, "2026-01-10", known_on="2026-01-19") == ["unknown"]
    assert words(register, "2026-01-10", known_on="2026-01-20") == ["suspended"]


def test_history_names_every_change_once(tmp_path):
    more = act("cn-more-2025-10", "2025-12-15", events=({"extend": "cn-stop-2025-9", "from": "2026-01-01", "until": "2026-03-31"},))
    end = act("cn-end-2026-9", "2026-08-01", events=({"repeal": TARGET, "from": "2026-09-01"},))
    register = written(tmp_path, BASE, stop(), more, end)
    target = register.instruments[TARGET]
    found = [(c.day.isoformat(), c.word) for c in changes(register, target, target.measures[0])]
    assert found == [
        ("2025-04-01", "not_yet"),
        ("2025-05-01", "in_force"),
        ("2025-11-01", "suspended"),
        ("2026-04-01", "unknown"),
        ("2026-09-01", "ended"),
    ]


# -- against a slow oracle -------------------------------------------------------------------

START = date(2025, 1, 1)
SPAN = 60


def built(effective: int, events: list[m.Event], published: dict[str, int]) -> m.Register:
    """A register put together without files."""
    measure = m.Measure(f"{TARGET}/1", 1, {}, "licence", "dual_use", Some(()), "", "licence_required")
    target = m.Instrument(
        TARGET, "CN", (), "licence", {}, (), "high", published=START, effective=START + timedelta(days=effective), measures=(measure,)
    )
    acts = {TARGET: target}
    for event in events:
        day = START + timedelta(days=published[event.by])
        acts[event.by] = m.Instrument(event.by, "CN", (), "suspension", {}, (), "high", published=day, effective=day, events=(event,))
    return m.Register("test", acts, {}, {})


def last_sure(event: m.Event) -> date:
    if event.until is None:
        return date.max
    return event.until if event.last_day == "in" else event.until - timedelta(days=1)


def oracle(effective: date, events: list[m.Event], day: date) -> str | None:
    """Walk through the days, keeping which suspensions are alive and until when each surely holds.

    None where the question has two fair answers (a suspension begins before the first day).
    """
    alive: dict[str, date] = {}
    now = START
    while True:
        for event in events:
            if event.start == now and event.kind == "repeal":
                return "ended"
            if event.start == now and event.kind == "suspend":
                alive[event.by] = last_sure(event)
        for event in events:
            if event.start == now and event.kind == "resume":
                alive = {}
            if event.start == now and event.kind == "extend" and event.formal:
                for by in alive:
                    if event.target in (by, TARGET):
                        alive[by] = max(alive[by], last_sure(event))
        if now == day:
            break
        now += timedelta(days=1)
    if day < effective:
        return None if alive else "not_yet"
    if not alive:
        return "in_force"
    return "suspended" if any(day <= until for until in alive.values()) else "unknown"


def day_of(n: int) -> date:
    return START + timedelta(days=n)


@st.composite
def histories(draw, overlapping: bool):
    """A random life of one act: suspensions, each with contiguous extensions, resumes, perhaps a repeal."""
    effective = draw(st.integers(0, 10))
    events: list[m.Event] = []
    at = draw(st.integers(0, 15))
    for number in range(draw(st.integers(0, 3))):
        by = f"cn-stop-{number}"
        length = draw(st.integers(2, 12))
        last_day = draw(st.sampled_from(("in", "out", "in_doubt")))
        until = None if draw(st.integers(0, 9)) == 0 else day_of(at + length)
        first = m.Event("suspend", draw(st.sampled_from((TARGET, f"{TARGET}/1"))), by, day_of(at), until, last_day)
        events.append(first)
        end = last_sure(first)
        for more in range(draw(st.integers(0, 2)) if until else 0):
            start = max(end, first.start)  # the extension begins on the last sure day: no gap, no doubt
            longer = m.Event(
                "extend",
                by,
                f"cn-more-{number}-{more}",
                start,
                start + timedelta(days=draw(st.integers(2, 8))),
                draw(st.sampled_from(("in", "out", "in_doubt"))),
                draw(st.booleans()),
            )
            events.append(longer)
            if longer.formal:
                end = max(end, last_sure(longer))
        if overlapping:
            at += draw(st.integers(1, 15))
            if draw(st.booleans()):
                events.append(m.Event("resume", TARGET, f"cn-back-{number}", day_of(at)))
                at += 1
        else:  # the next suspension only after a resume, and after everything of this one
            after = (max(end, first.start) - START).days if end != date.max else at + length
            at = after + draw(st.integers(1, 5))
            if number < 2 or draw(st.booleans()):
                events.append(m.Event("resume", TARGET, f"cn-back-{number}", day_of(at)))
                at += draw(st.integers(1, 5))
    if draw(st.integers(0, 4)) == 0:
        events.append(m.Event("repeal", TARGET, "cn-end", day_of(draw(st.integers(0, SPAN)))))
    if draw(st.booleans()):
        events.append(m.Event("amend", TARGET, "cn-amend", day_of(draw(st.integers(0, SPAN)))))
    events = draw(st.permutations(events))
    # knowledge that comes in the order of the days leaves no suspension overlapping another
    published = {event.by: draw(st.integers(0, SPAN)) if overlapping else (event.start - START).days for event in events}
    return effective, list(events), published


def agrees(history, known: int | None) -> None:
    effective, events, published = history
    register = built(effective, events, published)
    target = register.instruments[TARGET]
    known_on = date.max if known is None else day_of(known)
    seen = [event for event in events if known is None or published[event.by] <= known]
    for n in range(0, SPAN, 1):
        wanted = oracle(day_of(effective), seen, day_of(n))
        found = status(register, target, target.measures[0], day_of(n), known_on)
        if wanted is not None:
            assert found.word == wanted, f"day {n} ({day_of(n)}): {wanted} wanted, {found.word} found; {seen}"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(histories(overlapping=False), st.none() | st.integers(0, SPAN))
def test_one_suspension_after_another_agrees_with_the_oracle(history, known):
    agrees(history, known)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(histories(overlapping=True), st.none() | st.integers(0, SPAN))
def test_overlapping_suspensions_agree_with_the_oracle(history, known):
    agrees(history, known)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(histories(overlapping=False))
def test_history_agrees_with_the_standing_of_every_day(history):
    effective, events, published = history
    register = built(effective, events, published)
    target = register.instruments[TARGET]
    found = changes(register, target, target.measures[0])
    assert [c.day for c in found] == sorted({c.day for c in found})
    for n in range(SPAN):
        before = [c for c in found if c.day <= day_of(n)]
        if before:
            assert before[-1].word == status(register, target, target.measures[0], day_of(n)).word, (n, found)


def test_an_act_without_a_day_is_of_unknown_standing_before_its_source_was_seen(tmp_path):
    undated = act(TARGET, "2025-01-01", measures=1)
    del undated["published"], undated["effective"]
    register = written(tmp_path, undated)
    assert standing(register, "2026-11-22").word == "unknown" and standing(register, "2026-11-22").since is None
    assert standing(register, "2026-11-23").word == "in_force" and standing(register, "2026-11-23").since is None
    assert standing(register, "2026-11-23", known_on="2026-11-22").word == "not_known"


def test_a_measure_that_a_later_act_brought_in_is_known_with_that_act(tmp_path):
    older, later = act(TARGET, "2010-01-01", measures=1), act("cn-later-2025-2", "2025-04-09")
    older["measures"][0] |= {"effective": "2025-10-09", "added_by": "cn-later-2025-2"}
    register = written(tmp_path, older, later)
    assert standing(register, "2025-10-08").word == "not_yet" and standing(register, "2025-10-08").since == d("2025-04-09")
    assert standing(register, "2025-10-09").word == "in_force"
    assert standing(register, "2025-10-09", known_on="2025-04-08").word == "not_known"
    assert standing(register, "2025-10-09", known_on="2025-04-09").word == "in_force"


def test_a_measure_that_its_own_text_or_a_later_act_ends(tmp_path):
    older, later = act(TARGET, "2010-01-01", measures=1), act("cn-later-2025-2", "2025-04-09")
    older["measures"][0] |= {"until": "2025-10-08", "by": "cn-later-2025-2"}
    register = written(tmp_path, older, later)
    last = standing(register, "2025-10-08")
    assert (last.word, last.until, last.ended_by) == ("in_force", d("2025-10-08"), "cn-later-2025-2")
    over = standing(register, "2025-10-09")
    assert (over.word, over.since, over.ended_by) == ("ended", d("2025-10-09"), "cn-later-2025-2")


def test_what_will_suspend_it_is_named_while_it_is_in_force(tmp_path):
    stop = act("cn-stop-2025-9", "2025-11-07", events=({"suspend": TARGET, "from": "2025-11-07", "until": "2026-11-10"},))
    found = standing(written(tmp_path, act(TARGET, "2025-10-09", measures=1), stop), "2025-11-01")
    assert (found.word, found.until, found.ended_by) == ("in_force", d("2025-11-06"), "cn-stop-2025-9")
