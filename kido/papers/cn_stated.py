"""What an order states, as the papers of a Chinese licence print it: in Chinese first, with Japanese beside it.

words(zh, ja, en)            -> Text in three languages
party_fields(case, role, …)  -> the rows of one party, each a value or a gap
"""

from __future__ import annotations

from kido.papers.case import Case
from kido.papers.document import Block, Cell, Field, Gap, Paragraph
from kido.papers.legal_words import fact_gap
from kido.papers.order import PARTY_WORDS, order_fields
from kido.terms.text import Text, said

LANGS = ("zh", "ja", "en")


def words(zh: str, ja: str, en: str, /, **values: object) -> Text:
    """A sentence in three languages with the same figures.

    >>> words("{n}份", "{n}部", "{n} copies", n=2)["zh"]
    '2份'
    """
    return {"zh": zh.format(**values), "ja": ja.format(**values), "en": en.format(**values)}


ROLES_ZH: dict[str, Text] = {
    "exporter": words("出口商", "輸出者(中国)", "exporter (China)"),
    "buyer": words("进口商", "輸入者(買主)", "importer (buyer)"),
    "consignee": words("收货人", "荷受人", "consignee"),
    "middleman": words("中间商", "仲介者", "middleman"),
    "end_user": words("最终用户", "最終需要者", "end user"),
    "owner": words("股东", "所有者", "owner"),
    "other": words("其他", "その他", "other"),
}


def party_fields(case: Case, role: str, whats: tuple[str, ...] = ("name", "address")) -> tuple[Field, ...]:
    """Name, address and so on of a party; what is not stated is a gap."""
    return tuple(
        Field(f"{role}.{what}", {lang: _label(role, what, lang) for lang in LANGS}, party_cell(case, role, what)) for what in whats
    )


def party_cell(case: Case, role: str, what: str) -> Cell:
    """A value of the first party of a role, or a gap with the question."""
    party = case.order.party(role)
    if what == "country":
        return place_words(case, party.country) if party and party.country else _party_gap(role, what)
    return (party.words(what) if party else "") or _party_gap(role, what)


def _party_gap(role: str, what: str) -> Gap:
    label = {lang: _label(role, what, lang) for lang in LANGS}
    ask = {
        "ja": f"{label['ja']}は何ですか。契約書と同じ書き方で書いてください。",
        "en": f"What is the {label['en']}? Write it as the contract does.",
    }
    return Gap(label, ask)


def _label(role: str, what: str, lang: str) -> str:
    return f"{ROLES_ZH[role][lang]}{'' if lang == 'zh' else ': '}{PARTY_WORDS[what][lang]}"


def place_words(case: Case, code: str) -> Text:
    """A place in three languages, with its code."""
    found = case.terms.places.get(code)
    return {lang: f"{said(found.label, lang)} ({code})" for lang in LANGS} if found else dict.fromkeys(LANGS, code)


def fact_words(case: Case, fact: str) -> Cell:
    """The value of a worded fact in three languages, or a gap."""
    value = case.determination.transaction.value(fact)
    if not isinstance(value, str):
        return fact_gap(fact, case.terms)
    return {lang: case.terms.value_label(case.terms.facts[fact], value, lang) for lang in LANGS}


def goods_names(case: Case) -> Cell:
    """The names of the goods of every line, or a gap."""
    names = [row["name"] for row in case.order.rows("lines") if "name" in row]
    if not names:
        return case.order.cell("lines[].name", {})
    if all(isinstance(name, str) for name in names):
        return " / ".join(dict.fromkeys(str(name) for name in names))
    return {lang: " / ".join(dict.fromkeys(name if isinstance(name, str) else said(name, lang) for name in names)) for lang in LANGS}


def order_field(case: Case, key: str) -> Field:
    """A field of the order with the words for its choice, where it is one."""
    field = case.order.field(key)
    if order_fields()[key].choices and isinstance(field.value, str):
        return Field(field.key, field.label, CHOICES.get(field.value, field.value), field.note)
    return field


CHOICES: dict[str, Text] = {
    "sea": words("海运", "海上輸送", "by sea"), "air": words("空运", "航空輸送", "by air"), "courier": words("快递", "国際宅配便", "by courier"),
    "rail": words("铁路运输", "鉄道輸送", "by rail"), "road": words("公路运输", "陸上輸送", "by road"),
    "importer": words("进口商", "輸入者", "importer"), "middleman": words("中间商", "仲介者", "middleman"),
    "processor": words("加工商", "加工者", "processor"), "maker": words("最终产品制造商", "最終製品の製造者", "maker of the end product"),
    "customer": words("客户", "顧客", "customer"),
    "production": words("生产现场", "生産現場", "production"), "product": words("最终产品", "最終製品", "end product"),
    "magnet_place": words("磁体在产品中的位置", "製品中の磁石の位置", "place of the magnet in the product"),
    "goods": words("物项", "貨物", "goods"), "site": words("经营场所", "事業所", "site"), "other": words("其他", "その他", "other"),
    "yes": words("有", "あり", "yes"), "no": words("无", "なし", "no"), "unknown": words("不明", "不明", "not known"),
}  # fmt: skip


def same_party(case: Case) -> bool:
    """Whether the importer is the end user: the same name, as written."""
    buyer, user = case.order.party("buyer"), case.order.party("end_user")
    return bool(buyer and user and set(buyer.spellings) & set(user.spellings))


def sample_lines(case: Case) -> tuple[Block, ...]:
    """A sample file says so on its papers."""
    found = case.order.values.get("order.sample")
    return (Paragraph(found, "warning"),) if isinstance(found, str | dict) else ()


OUR_FORM = words(
    "本稿系按制造商公开说明的栏目自行拟定，并非商务部的官方格式。供应商提供格式的，以其为准。",
    "この書面は、製造元が公表した記載項目にならった当方の案です。商務部の公式の様式ではありません。供給者から様式が届いたら、そちらを使ってください。",
    "This is our own draft on the fields that makers report, not MOFCOM's official form. Where the supplier sends a form, use that one.",
)
