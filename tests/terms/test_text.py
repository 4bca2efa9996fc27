"""Text as people type it."""

from __future__ import annotations

import pytest

from kido.terms.text import folded, full_width, nearest, said


@pytest.mark.parametrize(
    ("raw", "key"), [(" ＤＹ ", "dy"), ("Dy", "dy"), ("ﾈｵｼﾞﾑ", "ネオジム"), ("STRASSE", "strasse"), ("㎜", "mm"), ("磁石　", "磁石")]
)
def test_folding(raw, key):
    assert folded(raw) == key


@pytest.mark.parametrize(("raw", "wide"), [
    ("０.1", True), ("0.１", True), ("ＤＹ", True), ("0.1", False), ("ジスプロシウム", False), ("ネオジム磁石", False), ("", False), ("0.1 wt%", False), ("Ａ", True),
])  # fmt: skip
def test_full_width(raw, wide):
    assert full_width(raw) is wide


@pytest.mark.parametrize("raw", ["2.5％", "0.5～1.2", "0.5〜1.2"])
def test_only_figures_and_letters_count_as_full_width(raw):
    """amounts.py reads ～ as a range and units.py reads ％: they are no figures or letters."""
    assert not full_width(raw)


def test_nearest():
    assert nearest("grian_size_um", ["grain_size_um", "density_g_cm3"]) == "grain_size_um"
    assert nearest("zzz", ["grain_size_um"]) == ""


def test_said():
    assert said({"ja": "磁石", "en": "magnet"}, "ja") == "磁石"
    assert said({"en": "magnet", "zh": "磁体"}, "ja") == "magnet"
    assert said({"zh": "磁体"}, "en") == "磁体"
    assert said(None, "en") == "" == said({}, "en")
