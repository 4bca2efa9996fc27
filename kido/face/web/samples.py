"""The samples that pages offer: examples of the house, as the fields of the check page and as whole transactions."""

from __future__ import annotations

from functools import lru_cache

from kido.face.web.given import as_fields
from kido.register.yaml_file import read_yaml
from kido.terms.ground import ground

TRANSACTIONS = ("supplier-letter", "magnet-with-dysprosium", "japan-wafer", "steel-bolt")
PAPERS = ("import-pack", "target-papers")


def sample(name: str) -> dict[str, object]:
    """An example, as its file has it."""
    return read_yaml(ground("examples") / f"{name}.yaml", f"{name}.yaml").plain()


@lru_cache(maxsize=8)
def sample_fields(name: str) -> list[tuple[str, str]]:
    """An example as the fields of the check page.

    >>> ("exported_from", "CN") in sample_fields("supplier-letter")
    True
    """
    return as_fields(sample(name))
