"""Screening of names: what is found, what is reported wrongly, and how long it takes, beside two peers in the same run.

    .venv/bin/python benchmarks/screen.py [--faults] [--queries FILE] [--unlisted FILE]

`--faults` prints every query that went wrong. The peers are rapidfuzz's plain ratio on folded names, and nomenklatura's
matcher. nomenklatura needs ICU and is never imported by kido: install it into an environment of its own
(`pip install nomenklatura`, with libicu-dev and a compiler) and name its interpreter in KIDO_NOMENKLATURA; else it is skipped.
Peers are given the threshold at which they do best with fewer than 2 % of the unlisted names reported.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from kido.screen.index import index
from kido.screen.lists import lists
from kido.screen.search import THRESHOLD, screen

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "tests" / "screen" / "examples.csv"
QUERIES = ROOT / "benchmarks" / "screening" / "queries.csv"
UNLISTED = ROOT / "benchmarks" / "screening" / "unlisted.csv"
ON = date(2026, 8, 24)  # the day of the newest copy
MOST_FALSE = 0.02
TIMED = 1_000


@dataclass(frozen=True, slots=True)
class Query:
    """A name and the parties it means; none for a name that is on no list."""

    text: str
    group: str  # Latin, or one of the scripts of East Asia
    parties: frozenset[str]
    how: str
    carried: bool = True  # a list carries the name in some writing; else it is a former, local or short name


def read(path: Path) -> list[Query]:
    """Labelled queries, or names that are on no list."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Query(
            row.get("query") or row["name"],
            "Latin" if row["script"] == "Latn" else "CJK",
            frozenset(filter(None, (row.get("expected_party_id", "none"), *row.get("also_acceptable", "").split("|")))) - {"none"},
            row.get("how") or row.get("made", ""),
            row.get("carried", "") != "no",
        )
        for row in rows
    ]


# -- kido --------------------------------------------------------------------------------------


def measure(queries: list[Query]) -> tuple[dict[str, str], list[str]]:
    """Recall and false alarms at the default threshold; and what went wrong."""
    counts: dict[tuple[str, str], list[int]] = {}
    faults = []

    def count(what: str, query: Query, right: bool) -> bool:
        for group in (query.group, "all"):
            counts.setdefault((what, group), []).append(right)
        return right

    for query in queries:
        found = screen(query.text, ON)
        names = "; ".join(
            f"{hit.name.text} [{hit.list} {hit.score:.0f}{' sure' if hit.sure else ''} {' '.join(hit.how)}]" for hit in found.hits[:2]
        )
        near = "; ".join(f"{hit.name.text} {hit.score:.0f}" for hit in found.near[:2])
        if query.parties:
            if not count("found (recall)", query, any(hit.party.party in query.parties for hit in found.hits)):
                faults.append(f"missed  {query.text} ({query.how}; {' '.join(query.parties)}): {names} | near {near}")
            count("best hit is the right party", query, bool(found.hits) and found.hits[0].party.party in query.parties)
            if not count(
                "no other party said to be surely the same", query, not any(hit.sure and not same_party(hit, query) for hit in found.hits)
            ):
                faults.append(f"surely  {query.text} ({query.how}; {' '.join(query.parties)}): {names}")
        else:
            if count("not listed, yet reported (false alarm)", query, bool(found.hits)):
                faults.append(f"alarm   {query.text} ({query.how}): {names}")
            count("not listed, yet reported as surely the same", query, any(hit.sure for hit in found.hits))
    return {f"{what}, {group} ({len(hits)})": f"{100 * statistics.mean(hits):.1f} %" for (what, group), hits in counts.items()}, faults


def same_party(hit, query: Query) -> bool:
    """The party meant, or one that has this very name on another list."""
    if hit.party.party in query.parties:
        return True
    wanted = {name.text.casefold() for one in lists() for entry in one if entry.party in query.parties for name in entry.names}
    return any(name.text.casefold() in wanted for name in hit.party.names)


def speed(queries: list[Query]) -> dict[str, str]:
    """Seconds for 1,000 names in one process, all lists; the first figure with a cold start of the index from the cache."""
    names = [(query.text, "") for query in (queries * (TIMED // len(queries) + 1))[:TIMED]]
    code = (
        "import sys, json, time; start = time.perf_counter(); from datetime import date; from kido.screen.search import screen_many;"
        f"n = sum(1 for _ in screen_many(json.load(sys.stdin), date({ON.year}, {ON.month}, {ON.day}))); print(time.perf_counter() - start)"
    )
    whole = float(
        subprocess.run([sys.executable, "-c", code], input=json.dumps(names), capture_output=True, text=True, check=True, cwd=ROOT).stdout
    )
    loaded = []
    for _ in range(5):
        loading = subprocess.run(
            [sys.executable, "-c", "import time; start = time.perf_counter(); from kido.screen.index import index; from kido.screen.lists import lists;"
             "index(lists()); print(time.perf_counter() - start)"],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        loaded.append(float(loading.stdout))
    times = []
    for name, _ in names[:500]:
        start = time.perf_counter()
        screen(name, ON)
        times.append(1000 * (time.perf_counter() - start))
    times.sort()
    return {
        f"{TIMED:,} names against {sum(one.records for one in lists()):,}, with start and index load, s": f"{whole:.2f}",
        "start and index load alone, s": f"{statistics.median(loaded):.2f}",
        "one name, median / 95th percentile, ms": f"{statistics.median(times):.1f} / {times[int(0.95 * len(times))]:.1f}",
    }


# -- peers -------------------------------------------------------------------------------------


def best_threshold(scored: list[tuple[Query, float, bool]]) -> dict[str, str]:
    """Recall of a peer at the lowest threshold that reports fewer than 2 % of the unlisted names.

    `scored`: a query, its best score, and for a listed party the score of its own best name in the place of the first.
    """
    unlisted = sorted((score for query, score, _ in scored if not query.parties), reverse=True)
    threshold = unlisted[int(MOST_FALSE * len(unlisted))]
    shown = {}
    for group in ("Latin", "CJK"):
        found = [right and score > threshold for query, score, right in scored if query.parties and query.group == group]
        shown[f"recall {group} ({len(found)})"] = f"{100 * statistics.mean(found):.1f} %"
    return shown | {"threshold": f"{threshold:.1f}"}


def plain_ratio(queries: list[Query]) -> dict[str, str]:
    """rapidfuzz's ratio on names it has folded itself, the best name of all."""
    owners, names = zip(
        *((entry.party, utils.default_process(name.text)) for one in lists() for entry in one for name in entry.names), strict=True
    )
    start = time.perf_counter()
    scored = []
    for query in queries:
        asked = utils.default_process(query.text)
        best = process.extract(asked, names, scorer=fuzz.ratio, limit=25)
        mine = [score for _, score, number in best if owners[number] in query.parties]
        scored.append((query, max(mine, default=0.0), bool(mine)) if query.parties else (query, best[0][1], False))
    seconds = (time.perf_counter() - start) * TIMED / len(queries)
    return best_threshold(scored) | {f"{TIMED:,} names, s": f"{seconds:.1f}"}


_PEER = """
import json, sys, time
from nomenklatura.matching import get_algorithm
from nomenklatura.matching.types import ScoringConfig
from followthemoney import EntityProxy, model
best = get_algorithm("logic-v2") or get_algorithm("logic-v1")
def party(name): return model.get_proxy({"id": name[:60], "schema": "LegalEntity", "properties": {"name": [name]}})
def scored(pairs):
    config = best.default_config() if hasattr(best, "default_config") else ScoringConfig.defaults()
    for asked, names in pairs:
        one = party(asked)
        yield [best.compare(one, party(name), config).score * 100 for name in names]
pairs = json.load(sys.stdin)
start = time.perf_counter()
found = list(scored(pairs))
print(json.dumps({"seconds": time.perf_counter() - start, "scores": found, "name": best.NAME}))
"""


def nomenklatura(queries: list[Query], python: str) -> dict[str, str]:
    """Its matcher on the names that our own index offers, since comparing with every name takes it hours."""
    offered = [_offered(query) for query in queries]
    pairs = [(query.text, [name for name, _ in names]) for query, names in zip(queries, offered, strict=True)]
    ran = subprocess.run([python, "-c", _PEER], input=json.dumps(pairs), capture_output=True, text=True, check=False)
    if ran.returncode:
        return {"failed": ran.stderr.strip().splitlines()[-1][:160]}
    answer = json.loads(ran.stdout)
    scored = []
    for query, names, scores in zip(queries, offered, answer["scores"], strict=True):
        mine = [score for (_, owner), score in zip(names, scores, strict=True) if owner in query.parties]
        scored.append((query, max(mine, default=0.0), bool(mine)) if query.parties else (query, max(scores, default=0.0), False))
    compared = sum(len(names) for names in offered)
    return (
        {"matcher": answer["name"]}
        | best_threshold(scored)
        | {f"comparisons a second ({compared:,} made)": f"{compared / answer['seconds']:,.0f}"}
    )


def _offered(query: Query) -> list[tuple[str, str]]:
    from kido.screen.names import forms

    found, held = index(lists()), lists()
    numbers = dict.fromkeys(number for form in forms(query.text) for number in found.near(form))
    places = [tuple(found.at[3 * number : 3 * number + 3]) for number in numbers]
    return [(held[at][entry].names[name].text, held[at][entry].party) for at, entry, name in places]


# -- table -------------------------------------------------------------------------------------


def table(title: str, rows: dict[str, str]) -> str:
    return "\n".join(
        [f"### {title}", "", "| what | figure |", "| --- | ---: |", *(f"| {name} | {figure} |" for name, figure in rows.items()), ""]
    )


def shown(title: str, queries: list[Query], faults: list[str]) -> Iterable[str]:
    rows, wrong = measure(queries)
    faults += [f"{title}: {fault}" for fault in wrong]
    yield table(f"{title}, threshold {THRESHOLD:g}", rows)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--queries", type=Path, default=QUERIES)
    asked.add_argument("--unlisted", type=Path, default=UNLISTED)
    asked.add_argument("--faults", action="store_true")
    asked.add_argument("--no-peers", action="store_true")
    options = asked.parse_args()
    queries, unlisted, faults = read(options.queries), read(options.unlisted), []
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, rapidfuzz {version('rapidfuzz')}\n")
    carried, other = [query for query in queries if query.carried], [query for query in queries if not query.carried]
    for title, some in (
        ("Labelled queries, of names that a list carries", carried),
        ("Labelled queries, of former, local and short names that no list carries", other),
        ("Labelled queries, all", queries),
        ("Examples", read(EXAMPLES)),
        ("Unlisted names", unlisted),
    ):
        print(*shown(title, some, faults))
    print(table("Time", speed(queries)))
    if not options.no_peers:
        both = queries + unlisted
        print(table("rapidfuzz's plain ratio, same queries", plain_ratio(both)))
        python = os.environ.get("KIDO_NOMENKLATURA", "")
        print(
            table(
                "nomenklatura, same queries",
                nomenklatura(both, python) if python else {"skipped": "KIDO_NOMENKLATURA is not set, see the head of this file"},
            )
        )
    if options.faults:
        print(*faults, sep="\n")


if __name__ == "__main__":
    main()
