"""All papers of one transaction: which are due, what is wrong with them together, and the files.

pack(case, only, langs)            -> Pack: the papers in order, the check over all of them, and what is not made and why
write_pack(pack, folder, formats)  -> Delivery: the files, and what could not be printed as it stands
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from kido.errors import KidoError, Problem
from kido.papers.case import Case
from kido.papers.consistency import Checked, check_page, check_papers
from kido.papers.document import Paper, Paragraph
from kido.papers.order import LANGS
from kido.papers.write import FORMATS, write
from kido.register.home import write_whole
from kido.terms.text import Text, nearest

CHINA, JAPAN = "CN", "JP"
INDEX = "pack.json"


@dataclass(frozen=True, slots=True)
class Maker:
    """A builder, the ids of its papers, and when they are due: "" or an id of `REASONS` why not."""

    room: str
    ids: tuple[str, ...]
    due: Callable[[Case], str]
    otherwise: str = "no-limb"  # why, where the builder finds nothing to print


def _from_japan(case: Case) -> str:
    return _leaves(case, JAPAN, "not-from-japan")


def _from_china(case: Case) -> str:
    return _leaves(case, CHINA, "not-from-china")


def _leaves(case: Case, place: str, otherwise: str) -> str:
    found = case.determination.transaction.value("exported_from")
    return "" if found == place else otherwise if found else "exit-unknown"


def _abroad(case: Case) -> str:
    """Whether Chinese law may reach goods that leave another country."""
    if not _from_china(case):
        return "from-china"
    reach = case.determination.jurisdiction(CHINA)
    return "china-does-not-reach" if reach is not None and reach.reach is False else ""


def _to_a_customer(case: Case) -> str:
    return "from-china" if not _from_china(case) else ""


def _always(case: Case) -> str:
    return ""


MAKERS = (
    Maker("jp_classification", ("jp-classification",), _from_japan),
    Maker("jp_screening", ("jp-screening",), _from_japan),
    Maker("no61", ("no61-sheet",), _abroad),
    Maker("no61_notice", ("no61-notice",), _abroad),
    Maker("reply", ("reply",), _to_a_customer),
    Maker("cn_leaves", ("cn-0-what-leaves",), _from_china),
    Maker("cn_certificate", ("cn-2-end-user-certificate",), _from_china),
    Maker("cn_profile", ("cn-3-profile",), _from_china),
    Maker("cn_chain", ("cn-4-supply-chain",), _from_china),
    Maker("cn_technical", ("cn-5-technical",), _from_china),
    Maker("cn_photos", ("cn-6-photos",), _from_china),
    Maker("cn_courier", ("cn-7-courier",), _from_china),
    Maker("cn_progress", ("cn-9-progress",), _from_china),
    Maker("timeline", ("timeline",), _always, "no-procedure"),
)

REASONS: dict[str, Text] = {
    "not-from-japan": {"ja": "貨物が日本から出ないため", "en": "the goods do not leave Japan"},
    "not-from-china": {"ja": "貨物が中国から出ないため", "en": "the goods do not leave China"},
    "from-china": {"ja": "貨物が中国から出るため(中国の許可の書類を使います)", "en": "the goods leave China (the papers of the Chinese licence serve)"},
    "exit-unknown": {"ja": "どの国から出るか(from)が述べられていないため", "en": "it is not stated which country the goods leave (from)"},
    "china-does-not-reach": {"ja": "述べられた事実では中国法が及ばないため", "en": "on the facts stated Chinese law does not reach it"},
    "no-limb": {"ja": "第61号のどの類型にも当たらないため", "en": "no limb of No. 61 may hold"},
    "no-procedure": {"ja": "述べられた事実では、日数を数える手続がないため", "en": "on the facts stated no procedure has days to count"},
    "not-asked": {"ja": "指定された書類ではないため", "en": "it was not asked for"},
}  # fmt: skip
IDS = tuple(id for maker in MAKERS for id in maker.ids)
_DRAFT: Text = {
    "ja": "下書き: 未記入 {gaps} か所、食い違い {stops} 件。check の頁を見て直すまで、印刷・押印・提出をしないでください。",
    "en": "DRAFT: {gaps} gaps, {stops} contradictions. Do not print, sign or hand in before the page check is settled.",
    "zh": "草稿：未填写 {gaps} 处，不一致 {stops} 处。按核对页改正前，请勿打印、盖章或提交。",
}


@dataclass(frozen=True, slots=True)
class Pack:
    """`left_out`: id of a paper -> id of the reason in `REASONS`."""

    case: Case
    papers: tuple[Paper, ...]
    checked: Checked
    left_out: dict[str, str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was written.

    missing   file -> characters the fonts do not hold, printed as their numbers
    absent    file -> photos that were not found
    problems  papers that could not be written in a format; the others are there
    stale     files of an earlier pack in this folder that this one does not have
    """

    files: tuple[Path, ...]
    missing: dict[str, str]
    absent: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...]
    stale: tuple[str, ...]


def pack(case: Case, only: Collection[str] = (), langs: Collection[str] = ()) -> Pack:
    """Build every paper that is due, check them against each other, and put the page of the check first.

    Parameters
    ----------
    only : ids of papers; left out, all that are due
    langs : languages to print in instead of each paper's own: the first leads, the second stands beside it

    Raises
    ------
    KidoError : an id or a language that there is not
    """
    _known("--only", only, IDS)
    _known("--langs", langs, LANGS)
    papers: list[Paper] = []
    left_out: dict[str, str] = {}
    for maker in MAKERS:
        wanted = [id for id in maker.ids if not only or id in only]
        reason = maker.due(case) if not only else ""
        if reason or not wanted:
            left_out |= dict.fromkeys(maker.ids, reason or "not-asked")
            continue
        made = import_module(f"kido.papers.{maker.room}").build(case)
        if made is None:
            left_out |= dict.fromkeys(maker.ids, maker.otherwise)
        else:
            papers.append(made)
    checked = check_papers(case, tuple(papers))
    marked = (_marked(paper, checked) for paper in papers)
    every = (check_page(case, checked), *marked)
    return Pack(case, tuple(replace(paper, langs=tuple(langs)) for paper in every) if langs else every, checked, left_out)


def _known(flag: str, stated: Collection[str], known: Collection[str]) -> None:
    values = ", ".join(known)
    problems = [
        Problem("not-one-of", flag, id, {"fact": flag, "near": nearest(id, known), "values": values}) for id in stated if id not in known
    ]
    if problems:
        raise KidoError(problems)


def _marked(paper: Paper, checked: Checked) -> Paper:
    """A paper with gaps or contradictions says on its first line that it is a draft."""
    gaps, stops = sum(1 for _ in paper.gaps()), checked.stops(paper.id)
    if paper.leaves == "in" or not (gaps or stops):
        return paper
    words = {lang: text.format(gaps=gaps, stops=stops) for lang, text in _DRAFT.items()}
    return replace(paper, blocks=(Paragraph(words, "warning"), *paper.blocks))


def write_pack(made: Pack, folder: Path, formats: Iterable[str] = FORMATS) -> Delivery:
    """Write every paper in every format. A paper that cannot be written is reported and the others go on."""
    formats = tuple(dict.fromkeys(formats))
    _known("--format", formats, FORMATS)
    before = _earlier(folder)
    files: list[Path] = []
    missing: dict[str, str] = {}
    absent: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for paper in made.papers:
        for format in formats:
            try:
                path, written = write(paper, format, folder)
            except KidoError as error:
                problems += error.problems
                continue
            except OSError as error:
                problems.append(Problem("file-not-written", f"{paper.id}.{format}", str(folder), {"why": error.strerror or str(error)}))
                continue
            files.append(path)
            if written.missing:
                missing[path.name] = written.missing
            if written.absent:
                absent[path.name] = written.absent
    if any(paper.id == "timeline" for paper in made.papers):
        files.append(_reminders(made, folder))
    names = {path.name for path in files}
    stale = tuple(sorted(name for name in before - names if (folder / name).exists()))
    if files:
        write_whole(folder / INDEX, json.dumps(_index(made, files, stale), ensure_ascii=False, indent=1).encode())
    return Delivery(tuple(files), missing, absent, tuple(problems), stale)


def _reminders(made: Pack, folder: Path) -> Path:
    """The reminders beside the timeline, for the mail program."""
    from kido.papers.reminders import ics
    from kido.papers.timeline import timeline

    langs = next(paper.langs for paper in made.papers if paper.id == "timeline")
    path = folder / "reminders.ics"
    write_whole(path, ics(timeline(made.case), made.case.made, langs[0], made.case.determination.version))
    return path


def _index(made: Pack, files: Iterable[Path], stale: Iterable[str]) -> dict:
    """What the folder holds, so that a paper can be found again with the register it rests on."""
    d = made.case.determination
    return {
        "register": d.version, "on": d.on.isoformat(), "made": made.case.made.isoformat(), "answer": d.answer,
        "papers": [{"id": paper.id, "title": paper.title, "langs": list(paper.langs), "gaps": sum(1 for _ in paper.gaps())} for paper in made.papers],
        "left_out": made.left_out,
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
        "of_an_earlier_pack": list(stale),
    }  # fmt: skip


def _earlier(folder: Path) -> set[str]:
    """Files that an earlier pack wrote into the folder."""
    try:
        found = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        return {*found["files"], *found["of_an_earlier_pack"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
