"""kido (希土): export controls on rare earths and other critical raw materials.

>>> import kido
>>> kido.determine({"form": "magnet", "magnet_family": "SmCo", "act": "export", "from": "CN", "to": "JP"}, on="2026-11-23").answer
'licence_required'
>>> kido.next_question({"form": "magnet", "act": "export", "from": "CN", "to": "JP", "origin": "CN"}, on="2026-11-23").name
'magnet_family'
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "KidoError", "act", "as_of", "at", "batch", "bundle", "check", "coverage", "determine", "diff", "diff_versions", "distrust", "explain", "export", "fill_form", "foreign", "foreign_add", "foreign_remove", "history", "make_key", "next_question", "on_spark", "papers", "party_lists", "pull", "record", "records", "register", "remove_version", "replay", "schema", "screen", "screen_many", "search", "standing", "timeline", "trust", "trusted", "use", "versions", "words", "write_papers",
]  # fmt: skip

if TYPE_CHECKING:
    from kido.desk.answers import determine, explain
    from kido.desk.asking import next_question
    from kido.desk.batches import batch
    from kido.desk.law import act, as_of, coverage, diff, history, register, search, standing, timeline
    from kido.desk.paper import fill_form, papers, write_papers
    from kido.desk.parties import party_lists, screen, screen_many
    from kido.desk.recorded import record, records
    from kido.desk.replayed import replay
    from kido.desk.shelf import (
        at,
        bundle,
        check,
        diff_versions,
        distrust,
        export,
        foreign,
        foreign_add,
        foreign_remove,
        make_key,
        pull,
        remove_version,
        trust,
        trusted,
        use,
        versions,
    )
    from kido.desk.spark import on_spark
    from kido.desk.vocabulary import schema, words
    from kido.errors import KidoError


def __getattr__(name: str):
    """Names are loaded when first used, so that importing kido costs nothing."""
    if name == "KidoError":
        from kido.errors import KidoError

        return KidoError
    if name in __all__:
        from kido import desk

        return getattr(desk, name)
    raise AttributeError(f"module 'kido' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Kido(ModuleType):
    """`kido.screen` is the verb, though a room has that name too: importing the room does not take its place."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Kido
