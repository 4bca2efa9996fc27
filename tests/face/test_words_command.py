"""`kido words` and `kido.words`: every name and value a user may write, and the way there from an error."""

from __future__ import annotations

import json

import pytest

import kido
from kido.errors import KidoError
from kido.register.store import terms
from tests.face.test_input import codes, run


def test_facts_have_name_type_unit_label_and_question():
    found = {word.id: word for word in kido.words()}
    assert found.keys() == terms().facts.keys()
    density = found["density_g_cm3"]
    assert (density.type, density.unit, density.label["ja"]) == ("number", "g/cm3", "密度") and "密度" in density.ask["ja"]
    assert (found["destination"].list, found["element"].list, found["form"].list, density.list) == ("place", "element", "form", "")


@pytest.mark.parametrize("name", [*terms().choices, "element", "place", "party_role", "party_kind"])
def test_every_list_can_be_shown(name):
    found = kido.words(name)
    assert found and all(word.label["ja"] and word.label["en"] for word in found)


def test_aliases_are_shown():
    nd = next(word for word in kido.words("element") if word.id == "Nd")
    assert "ネオジウム" in nd.aliases and nd.label["ja"] == "ネオジム"


def test_a_fact_leads_to_its_list():
    assert kido.words("destination") == kido.words("place") and kido.words("magnet_family")[0].id in terms().choices["magnet_family"]
    assert [word.id for word in kido.words("purity_pct")] == ["purity_pct"]


@pytest.mark.parametrize(("list_", "word", "id"), [
    ("place", "日本", "JP"), ("place", "ＪＡＰＡＮ", "JP"), ("element", "ネオジ", "Nd"), ("substance", "gaas", "gallium_arsenide"), (None, "密度", "density_g_cm3"), (None, "grain_size", "grain_size_um"),
])  # fmt: skip
def test_a_word_narrows_a_list(list_, word, id):
    found = kido.words(list_, word)
    assert id in [entry.id for entry in found] and len(found) < len(kido.words(list_)) / 2


def test_a_list_that_is_not_there():
    with pytest.raises(KidoError) as error:
        kido.words("substanse")
    (problem,) = error.value.problems
    assert problem.code == "no-such-list" and '"substance"' in problem.wrong("en") and "magnet_family" in problem.do("ja")
    assert codes(run("words", "ネオジム", "--lang", "en")) == ["no-such-list"]


@pytest.mark.parametrize(("lang", "label"), [("ja", "鉱石"), ("en", "ore")])
def test_the_command_in_both_languages(lang, label):
    done = run("words", "form", "--lang", lang, PYTHONIOENCODING="utf-8")
    assert done.returncode == 0 and label in done.stdout.decode()
    shown = json.loads(run("words", "form", "--json", "--lang", lang, PYTHONIOENCODING="utf-8").stdout)
    assert label in shown["words"][0]["label"] and shown["words"][0]["aliases"]
    facts = json.loads(run("words", "--json", "--lang", lang, PYTHONIOENCODING="utf-8").stdout)
    assert (
        facts["lists"]["form"] == len(kido.words("form"))
        and {"id", "label", "type", "unit", "list", "question"} == facts["words"][0].keys()
    )
    assert "kido words LIST" in run("words", "--lang", "en").stdout.decode()


@pytest.mark.parametrize(("flags", "list_"), [
    (["--form", "magnte"], "form"), (["--to", "Atlantis"], "place"), (["--element", "Dx"], "element"), (["--fact", "substance=x"], "substance"), (["--via", "JP, Atlantis"], "place"),
])  # fmt: skip
def test_an_error_leads_to_the_list(flags, list_):
    for lang in ("ja", "en"):
        done = run("determine", *flags, "--on", "2026-11-23", "--lang", lang, PYTHONIOENCODING="utf-8")
        assert f"kido words {list_}" in done.stderr.decode() and "law/terms" not in done.stderr.decode()
        assert run("words", list_).returncode == 0
