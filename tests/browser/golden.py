"""What is known beforehand: the examples and the golden cases of the house."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from kido.terms.ground import ground


@lru_cache(maxsize=16)
def example(name: str) -> dict[str, Any]:
    """The facts of an example, as they stand in its file."""
    return yaml.safe_load((ground("examples") / f"{name}.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def case(file: str, name: str) -> dict[str, Any]:
    """One golden case of a file below cases/."""
    (found,) = [one for one in yaml.safe_load((ground("cases") / file).read_text(encoding="utf-8")) if one["name"] == name]
    return found
