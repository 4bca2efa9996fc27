"""The words of the law in papers: answers, marks, gates, standings, facts and places, in ja and en (zh where a pack needs it).

fact_name("dy_wt_pct", terms)  -> {"ja": …, "en": …}
standing_words(status, register) -> what a paper prints of an act's standing
"""

from __future__ import annotations

from datetime import timedelta

from kido.papers.document import Gap
from kido.register.model import Register
from kido.register.timeline import UNKNOWN, Status
from kido.terms.text import Text, said
from kido.terms.vocabulary import CONTENT, Terms

LANGS = ("ja", "en")

ANSWERS: dict[str, Text] = {
    "licence_required": {"ja": "許可必要", "en": "licence required", "zh": "需要许可"},
    "prohibited": {"ja": "禁止", "en": "prohibited", "zh": "禁止"},
    "presumption_of_denial": {"ja": "原則不許可", "en": "presumption of denial", "zh": "原则上不予许可"},
    "facts_missing": {"ja": "事実不足", "en": "facts missing", "zh": "事实不足"},
    "outside_data": {"ja": "データ範囲外", "en": "outside the data", "zh": "超出数据范围"},
    "exception": {"ja": "許可不要(条件付き)", "en": "no licence required (conditions)", "zh": "无需许可（附条件）"},
    "no_match": {"ja": "登録簿に当てはまる措置なし", "en": "no measure of the register matches", "zh": "登记册中无相符措施"},
}  # fmt: skip
for _lesser in ("registration", "report_after", "licence_exception"):
    ANSWERS[_lesser] = ANSWERS["exception"]
ANSWERS["outside"] = {
    "ja": "対象外(公式回答・例外による)",
    "en": "outside (by an official answer or exception)",
    "zh": "不在管制范围内（依官方答复或例外）",
}

FINDINGS: dict[str, Text] = {
    "applies": {"ja": "当てはまります", "en": "applies"},
    "does_not_apply": {"ja": "述べられた事実では当てはまりません", "en": "does not apply on the facts stated"},
    "unknown": {"ja": "事実が足りず、分かりません", "en": "not known: facts are missing"},
    "conflict": {"ja": "例外どうしが食い違います", "en": "exceptions conflict"},
}  # fmt: skip

GATES: dict[str, Text] = {
    "dual_use": {"ja": "リスト規制", "en": "list control"},
    "catch_all": {"ja": "キャッチオール規制", "en": "catch-all control"},
    "sanctions": {"ja": "制裁措置", "en": "sanctions"},
    "export_licence": {"ja": "輸出許可・割当・禁止", "en": "export licence, quota or ban"},
    "state_trading": {"ja": "国営貿易", "en": "state trading"},
    "technology": {"ja": "技術の提供", "en": "technology"},
    "other": {"ja": "その他の義務", "en": "other duties"},
}  # fmt: skip

_STANDINGS: dict[str, Text] = {
    "in_force": {"ja": "施行中({since}から)", "en": "in force since {since}"},
    "not_yet": {"ja": "未施行({start}から施行の予定)", "en": "not yet in force (from {start})"},
    "suspended": {"ja": "停止中({since}から{until}まで、{by}による)", "en": "suspended from {since} until {until} by {by}"},
    "suspended_open": {"ja": "停止中({since}から、{by}による。期限の定めなし)", "en": "suspended since {since} by {by}, without an end date"},
    "ended": {"ja": "終了({since}から)", "en": "ended on {since}"},
    "unknown": {
        "ja": "停止期間の満了後の取扱いを確認できません({since}から不明、停止は{by}による)",
        "en": "could not be confirmed (unknown since {since}, when the suspension by {by} ran out)",
    },
    "undated": {"ja": "施行中(初日は未確認)", "en": "in force (first day not confirmed)"},
    "undated_unknown": {"ja": "効力を確認できません(初日は未確認)", "en": "standing not confirmed (first day not known)"},
}  # fmt: skip

YES_NO: dict[bool | None, Text] = {
    True: {"ja": "はい", "en": "yes", "zh": "是"},
    False: {"ja": "いいえ", "en": "no", "zh": "否"},
    None: {"ja": "述べられていません", "en": "not stated", "zh": "未说明"},
}  # fmt: skip
MET: dict[bool | None, Text] = {
    True: {"ja": "満たす", "en": "met"},
    False: {"ja": "満たさない", "en": "not met"},
    None: {"ja": "不明", "en": "not known"},
}  # fmt: skip


def fact_name(name: str, terms: Terms) -> Text:
    """A fact by its label; contents by their element; "listed" questions as they are.

    >>> from kido.register.store import terms
    >>> fact_name("tb_wt_pct", terms())["ja"], fact_name("inputs", terms())["en"]
    ('テルビウム(Tb)の含有率', 'inputs: origin, form and value')
    """
    if name in _OWN_WORDS:
        return _OWN_WORDS[name][0]
    if name in terms.facts:
        return terms.facts[name].label
    if name.endswith(CONTENT) and (symbol := name.removesuffix(CONTENT).capitalize()) in terms.elements:
        label = terms.elements[symbol].label
        return {"ja": f"{label['ja']}({symbol})の含有率", "en": f"{label['en']} ({symbol}) content"}
    return _COLLECTIONS.get(name, {"ja": name, "en": name})


_COLLECTIONS: dict[str, Text] = {
    "composition": {"ja": "組成", "en": "composition"},
    "inputs": {"ja": "投入材料(原産地・形態・価額)", "en": "inputs: origin, form and value"},
}  # fmt: skip


_OWN_WORDS: dict[str, tuple[Text, Text]] = {
    "clearly_other_use": (
        {"ja": "懸念用途でないことが明らか", "en": "evidently for another use"},
        {
            "ja": "明らかガイドラインのすべての項目に照らして、懸念される用途に用いられないことが明らかですか。",
            "en": "By every point of METI's guideline, is it evident that the goods are not for the use of concern?",
        },
    ),
}  # a label and a question that papers say in their own words


def fact_gap(name: str, terms: Terms) -> Gap:
    """A missing fact, with the question to ask."""
    if name in _OWN_WORDS:
        return Gap(*_OWN_WORDS[name])
    about = terms.facts.get(name)
    return Gap(fact_name(name, terms), about.ask if about else {})


def named(names: list[str] | tuple[str, ...], terms: Terms) -> Text:
    """Facts in one line."""
    labels = [fact_name(name, terms) for name in names]
    return {"ja": "、".join(said(label, "ja") for label in labels), "en": "; ".join(said(label, "en") for label in labels)}


def place_name(code: str, terms: Terms) -> Text:
    """A place by its names, with its code."""
    found = terms.places.get(code)
    return {lang: f"{name} ({code})" for lang, name in found.label.items()} if found else {"ja": code, "en": code}


def both(ja: str, en: str, /, **values: object) -> Text:
    """A sentence in two languages with the same figures.

    >>> both("{n}件", "{n} rows", n=3)
    {'ja': '3件', 'en': '3 rows'}
    """
    return {"ja": ja.format(**values), "en": en.format(**values)}


def joined(*texts: Text, apart: str = " ") -> Text:
    """Sentences after one another, in every language they all have."""
    return {lang: apart.join(part for text in texts if (part := said(text, lang))) for lang in LANGS}


def number_of(act: str, register: Register) -> str:
    """An act in its issuer's own form."""
    found = register.instruments.get(act)
    return found.number or act if found else act


def standing_words(status: Status, register: Register) -> Text:
    """The standing of a measure in one sentence.

    >>> from datetime import date
    >>> from kido.register import store
    >>> from kido.register.timeline import status
    >>> act = store.register().instruments["cn-mofcom-2025-61"]
    >>> standing_words(status(store.register(), act, act.measures[2], date(2026, 11, 11)), store.register())["ja"][:20]
    '停止期間の満了後の取扱いを確認できません'
    """
    word = status.word
    if status.since is None and word in ("in_force", UNKNOWN):
        word = "undated" if word == "in_force" else "undated_unknown"
    elif word == "suspended" and status.until is None:
        word = "suspended_open"
    formal = [event for event in status.events if event.formal]
    by = number_of(status.ended_by or (formal[-1].by if formal else ""), register) or "–"
    start = status.until + timedelta(days=1) if status.word == "not_yet" and status.until else ""
    pattern = _STANDINGS[word]
    return {lang: pattern[lang].format(since=status.since, until=status.until, by=by, start=start) for lang in LANGS}


def standing_notes(status: Status, register: Register) -> list[Text]:
    """What must stand beside an unknown or doubtful standing."""
    formal = [event for event in status.events if event.formal]
    notes = []
    if status.word == UNKNOWN and formal and formal[-1].until:
        last = formal[-1]
        newest = register.watches[register.instruments[last.by].jurisdiction].newest_source
        notes.append(both(
            "停止は{until}までです。その後の公告は、この登録簿({newest}までの資料)では見つかっていません。条文どおりなら再び適用されます。",
            "The suspension ran until {until}. No later notice was found in this register (sources up to {newest}). By its letter the act applies again.",
            until=last.until, newest=newest,
        ))  # fmt: skip
        if last.last_day == "in_doubt":
            notes.append(
                both(
                    "{until}当日が停止期間に含まれるかは書かれていません。",
                    "Whether {until} itself is inside the suspension is not stated.",
                    until=last.until,
                )
            )
    if status.announced and status.announced.until:
        act = register.instruments[status.announced.by]
        notes.append(both(
            "{until}までの延長が発表されていますが({published})、公告は見つかっていません。",
            "An extension until {until} was announced ({published}); no notice was found.",
            until=status.announced.until, published=act.published,
        ))  # fmt: skip
    if status.word in ("suspended", UNKNOWN) and not status.operated:
        notes.append(both("一度も施行されないまま停止されました。", "It was suspended before it ever operated."))
    return notes
