"""The data dictionary is in step with the code, and every key has its meaning in both languages."""

from pathlib import Path

import pytest

from kido.face.dictionary import PATHS, SHAPES, dictionary
from kido.register import shapes
from kido.terms.ground import PACKAGE
from kido.terms.vocabulary import rows

ROOT = Path(__file__).resolve().parents[1]
KEYS = {(row["shape"], row["key"]): row for row in rows(PACKAGE / "register" / "keys.csv")}


def test_every_key_of_every_shape_has_a_meaning():
    assert set(KEYS) == {(name, key) for name in SHAPES for key in getattr(shapes, name)}
    assert all(row["ja"] and row["en"] for row in KEYS.values())


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_is_in_step(lang):
    assert (ROOT / PATHS[lang]).read_text(encoding="utf-8") == dictionary(lang), "run: python -m kido.face.dictionary"
