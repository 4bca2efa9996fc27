"""The compiled form as bytes, made to be read fast: a command that starts reads thousands of frozen objects.

    packed(made)    -> bytes
    unpacked(data)  -> what was made

Python's own way asks each frozen object for its fields; here the fields of a class are looked up once for all of them.
"""

from __future__ import annotations

import gc
import io
import pickle
from collections.abc import Callable
from functools import lru_cache


def packed(made: object) -> bytes:
    """Pickled, each frozen object as its class and its values.

    >>> from kido.rule.nodes import Fact
    >>> unpacked(packed([Fact("form", at=3)]))[0].at
    3
    """
    file = io.BytesIO()
    _Packer(file, protocol=5).dump(made)
    return file.getvalue()


def unpacked(data: bytes) -> object:
    """Nothing that is read here is garbage, so nobody looks for it meanwhile."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(data)
    finally:
        if collects:
            gc.enable()


class _Packer(pickle.Pickler):
    def reducer_override(self, made: object):
        kind = type(made)
        if isinstance(made, type) or not _frozen(kind):
            return NotImplemented
        return _restored, (kind, *(getattr(made, name) for name in kind.__dataclass_fields__))


def _frozen(kind: type) -> bool:
    """Whether a class is a frozen dataclass with slots alone."""
    known = getattr(kind, "__dataclass_params__", None)
    return known is not None and known.frozen and kind.__dictoffset__ == 0


def _restored(kind: type, *values: object) -> object:
    made = object.__new__(kind)
    for put, value in zip(_slots(kind), values, strict=True):
        put(made, value)
    return made


@lru_cache(maxsize=256)
def _slots(kind: type) -> tuple[Callable[[object, object], None], ...]:
    """What puts a value into each slot of a class, in the order of its fields."""
    return tuple(getattr(kind, name).__set__ for name in kind.__dataclass_fields__)
