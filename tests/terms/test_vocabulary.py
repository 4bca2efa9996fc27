"""The tables of law/terms: complete in both languages, no spelling for two things."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from kido.terms.vocabulary import read_terms

FOLDER = Path(__file__).resolve().parents[2] / "law" / "terms"
TERMS = read_terms(FOLDER)


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


FACTS, CHOICES, ELEMENTS, PLACES, DOCUMENTS = (table(name) for name in ("facts", "choices", "elements", "places", "documents"))
TYPES = {"number", "bool", "choice", "element", "place", "places", "code", "hs", "date", "text", "money"}


def key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def spellings(row: dict[str, str], id_column: str) -> set[str]:
    names = [row[id_column], row["ja"], row["en"], row.get("zh", ""), *row.get("aliases", "").split(";")]
    found = {key(name) for name in names if name.strip()}
    return found | {name.replace("_", " ") for name in found}


def shared(rows: list[dict[str, str]], id_column: str) -> list[tuple[str, str, str]]:
    owner: dict[str, str] = {}
    twice = []
    for row in rows:
        for name in spellings(row, id_column):
            if owner.setdefault(name, row[id_column]) != row[id_column]:
                twice.append((name, owner[name], row[id_column]))
    return twice


@pytest.mark.parametrize("name", sorted({row["list"] for row in CHOICES}))
def test_no_choice_spelling_stands_for_two(name):
    assert shared([row for row in CHOICES if row["list"] == name], "id") == []


def test_no_element_spelling_stands_for_two():
    assert shared(ELEMENTS, "symbol") == []


def test_no_place_spelling_stands_for_two():
    assert shared(PLACES, "code") == []


@pytest.mark.parametrize(("rows", "column"), [(FACTS, "name"), (ELEMENTS, "symbol"), (PLACES, "code"), (DOCUMENTS, "id")])
def test_ids_stand_once(rows, column):
    ids = [row[column] for row in rows]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("first", "second", "names"), [
    ("Y", "Yb", ("イットリウム", "イッテルビウム")), ("Tb", "Er", ("テルビウム", "エルビウム")), ("Ho", "Tm", ("ホルミウム", "ツリウム")),
    ("Nd", "Pr", ("ネオジム", "プラセオジム")), ("La", "Lu", ("ランタン", "ルテチウム")),
])  # fmt: skip
def test_look_alikes_are_kept_apart(first, second, names):
    assert TERMS.lookup("element", names[0]) == first
    assert TERMS.lookup("element", names[1]) == second


def test_every_name_leads_to_its_own_element():
    for row in ELEMENTS:
        for name in (row["symbol"], row["ja"], row["en"], row["zh"], *row["aliases"].split(";")):
            if name.strip():
                assert TERMS.lookup("element", name) == row["symbol"], name


@pytest.mark.parametrize("row", FACTS, ids=lambda row: row["name"])
def test_every_fact_is_complete(row):
    for column in ("ja", "en", "ask_ja", "ask_en"):
        assert row[column].strip(), column
    assert row["type"] in TYPES
    if row["type"] == "choice":
        assert row["choices"] in TERMS.choices
    else:
        assert not row["choices"]
    if row["type"] == "number":
        assert row["unit"]
    assert row["shown_by"] in TERMS.documents, row["shown_by"]
    assert row["name"].isidentifier() and row["name"] == row["name"].lower()


@pytest.mark.parametrize(
    "row", [*CHOICES, *ELEMENTS, *PLACES, *DOCUMENTS], ids=lambda row: row.get("id") or row.get("symbol") or row.get("code")
)
def test_every_row_has_both_languages(row):
    assert row["ja"].strip() and row["en"].strip()


def test_choices_point_to_what_exists():
    for row in CHOICES:
        for symbol in filter(None, row["elements"].split(";")):
            assert symbol.strip() in TERMS.elements, row["id"]
        assert not row["form"] or row["form"] in TERMS.choices["form"], row["id"]


def test_rare_earths_are_seventeen():
    named = {"Sc", "Y", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"}
    assert TERMS.groups["rare_earths"] == named
    assert TERMS.groups["rare_earths"] == named


def _members(group, on):
    return {span.code for span in TERMS.spans(group) if span.start <= on <= span.end}


def test_groups_of_places_have_dates():
    assert "GB" in _members("EU", date(2020, 1, 31))
    assert "GB" not in _members("EU", date(2020, 2, 1))
    assert "HR" not in _members("EU", date(2013, 6, 30))
    assert "HR" in _members("EU", date(2013, 7, 1))
    assert len(_members("EU", date(2026, 11, 23))) == 27
    assert {m.code for group in TERMS.place_groups.values() for m in group} <= set(TERMS.places)


@pytest.mark.parametrize(("table_", "raw", "id"), [
    ("place", "Norway", "NO"), ("place", "NO", "NO"), ("place", "no", "NO"), ("place", "日本", "JP"), ("place", "UAE", "AE"), ("element", "ＤＹ", "Dy"),
    ("element", "ネオジウム", "Nd"), ("element", "dysprosium", "Dy"), ("form", "磁石", "magnet"), ("form", "Magnet Powder", "magnet_powder"),
])  # fmt: skip
def test_lookup(table_, raw, id):
    assert TERMS.lookup(table_, raw) == id


@pytest.mark.parametrize(("table_", "raw"), [("place", "Atlantis"), ("element", "unobtainium"), ("form", "Japan"), ("nothing", "x")])
def test_no_guesses(table_, raw):
    assert TERMS.lookup(table_, raw) is None


def test_no_fact_is_a_function_or_group_or_python_word():
    import keyword

    from kido.rule.parse import FUNCTIONS

    names = set(TERMS.facts)
    assert not names & set(FUNCTIONS)
    assert not names & ({*TERMS.groups, *TERMS.place_groups, "composition", "inputs"})
    assert not [name for name in names if keyword.iskeyword(name)]


@pytest.mark.parametrize(
    "file, old, new, code, place",
    [
        ("elements.csv", "symbol,", "sign,", "missing-column", "law/terms/elements.csv:2"),
        ("holidays.csv", "2026-01-01", "2026-13-01", "not-a-date", "law/terms/holidays.csv:"),
        ("place_groups.csv", None, "REVERSED,JP,2026-02-01,2026-01-01", "dates-in-wrong-order", "law/terms/place_groups.csv:"),
    ],
)
def test_a_broken_table_is_named_with_its_row(tmp_path, file, old, new, code, place):
    import shutil

    from kido.errors import KidoError

    folder = tmp_path / "terms"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8-sig")
    if old is None:
        header = text.splitlines()[0].split(",")
        row = dict.fromkeys(header, "") | dict(zip(("group", "code", "from", "until"), new.split(","), strict=True))
        changed = text.rstrip("\n") + "\n" + ",".join(row[name] for name in header) + "\n"
    else:
        assert old in text
        changed = text.replace(old, new, 1)
    (folder / file).write_text(changed, encoding="utf-8")
    with pytest.raises(KidoError) as error:
        read_terms(folder)
    assert error.value.problems[0].code == code and error.value.problems[0].place.startswith(place)
