"""Work that takes long, apart from the loop that serves everybody, and only a few at a time.

apart(work, *given)  -> what it gives

Threads of Python take turns. With many of them a request that needs nothing but the loop waits for all of them in a row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

Made = TypeVar("Made")
MOST = 4
_limiter: RunVar[CapacityLimiter] = RunVar("kido.apart")  # of one loop


async def apart(work: Callable[..., Made], *given: object) -> Made:
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(MOST)
        _limiter.set(limiter)
    return await to_thread.run_sync(work, *given, limiter=limiter)
