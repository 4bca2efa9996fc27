"""kido (希土): export controls on rare earths and other critical raw materials.

>>> import kido
>>> kido.determine({"form": "magnet", "magnet_family": "SmCo", "act": "export", "from": "CN", "to": "JP"}, on="2026-11-23").answer
'licence_required'
>>> kido.next_question({"form": "magnet", "act": "export", "from": "CN", "to": "JP", "origin": "CN"}, on="2026-11-23").name
'magnet_family'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "KidoError", "act", "as_of", "at", "bundle", "check", "coverage", "determine", "diff", "diff_versions", "distrust", "explain", "export", "foreign", "foreign_add", "foreign_remove", "history", "make_key", "next_question", "party_lists", "pull", "register", "remove_version", "schema", "screen", "screen_many", "search", "standing", "timeline", "trust", "trusted", "use", "versions", "words",
]  # fmt: skip

if TYPE_CHECKING:
    from kido.desk import (  # fmt: skip
        act,
        as_of,
        at,
        bundle,
        check,
        coverage,
        determine,
        diff,
        diff_versions,
        distrust,
        explain,
        export,
        foreign,
        foreign_add,
        foreign_remove,
        history,
        make_key,
        next_question,
        party_lists,
        pull,
        register,
        remove_version,
        schema,
        screen,
        screen_many,
        search,
        standing,
        timeline,
        trust,
        trusted,
        use,
        versions,
        words,
    )
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
