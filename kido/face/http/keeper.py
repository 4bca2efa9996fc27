"""Answers on their way into the records: those of one moment go in one transaction, so that each need not wait for the disk alone.

await keeper.keep(new)   -> the entry, once it is written; what hinders that is raised
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from anyio import to_thread

from kido import desk
from kido.errors import KidoError
from kido.records.book import Entry, New

MOST = 200  # entries of a transaction


class Keeper:
    """One writer at a time; while it writes, others line up and go together."""

    def __init__(self):
        self.waiting: list[tuple[Sequence[New], asyncio.Future]] = []
        self.busy = False

    async def keep(self, news: Sequence[New]) -> list[Entry]:
        """The entries of these answers, all of them or none."""
        if not news:
            return []
        done = asyncio.get_running_loop().create_future()
        self.waiting.append((news, done))
        if not self.busy:
            self.busy = True
            asyncio.get_running_loop().create_task(self._write())
        return await done

    async def _write(self) -> None:
        try:
            while self.waiting:
                some, count = [], 0
                while self.waiting and (not some or count + len(self.waiting[0][0]) <= MOST):
                    some.append(self.waiting.pop(0))
                    count += len(some[-1][0])
                try:
                    entries = await to_thread.run_sync(desk.keep, [new for news, _ in some for new in news])
                except (KidoError, Exception) as error:
                    for _, done in some:
                        if not done.cancelled():
                            done.set_exception(error)
                    continue
                start = 0
                for news, done in some:
                    if not done.cancelled():
                        done.set_result(entries[start : start + len(news)])
                    start += len(news)
        finally:
            self.busy = False
