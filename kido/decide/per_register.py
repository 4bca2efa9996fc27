"""Work on a register that is the same for every transaction is done once for each register."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from kido.register.model import Register

Made = TypeVar("Made")
_MOST = 4  # registers held; an answer is seldom repeated with more versions than that


def per_register(work: Callable[[Register], Made]) -> Callable[[Register], Made]:
    """Keep what `work` makes of a register: a register never changes once it is loaded.

    >>> from kido.register.store import register
    >>> counted = per_register(lambda register: [len(register.instruments)])
    >>> counted(register()) is counted(register())
    True
    """
    kept: dict[int, tuple[Register, Made]] = {}  # by identity; the register is held, so that no other takes its place

    @wraps(work)
    def made(register: Register) -> Made:
        known = kept.get(id(register))
        if known is None or known[0] is not register:
            if len(kept) >= _MOST:
                kept.clear()
            known = kept[id(register)] = register, work(register)
        return known[1]

    return made
