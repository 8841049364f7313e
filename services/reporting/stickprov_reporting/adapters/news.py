"""Tells those who wait that something was applied.

What must not break: however many wait, the database is asked once a look, and not at all while nobody waits.
"""

import asyncio
import math
from collections.abc import Callable, Mapping
from typing import Final

import asyncpg

from stickprov_contracts.http.dashboard import Changed
from stickprov_contracts.http.statistics import AsOf
from stickprov_reporting.adapters.sql.stored import reading_on, snapshot

_LOOK_SECONDS: Final = 0.25


class News:
    """How far the logs have been applied, for whoever wants to know when they move."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._looking: asyncio.Task[Changed] | None = None
        self._looked_at = -math.inf

    async def since(self, mark: str | None, wait: float, stopping: Callable[[], bool]) -> Changed:
        """Return where the logs stand, once they stand elsewhere than at a mark, or the wait is over or the process."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        found = await self._look(loop.time())
        while found.mark == mark and loop.time() < until and not stopping():
            await asyncio.sleep(min(_LOOK_SECONDS, until - loop.time()))
            found = await self._look(loop.time() - _LOOK_SECONDS / 2)
        return found.model_copy(update={"changed": found.mark != mark})

    async def _look(self, earliest: float) -> Changed:
        """Return what was seen by the last look that began no earlier than this, or by a new one."""
        if self._looking is None or self._looked_at < earliest or self._failed():
            self._looked_at = asyncio.get_running_loop().time()
            self._looking = asyncio.create_task(self._read(), name="news")
        return await asyncio.shield(self._looking)

    def _failed(self) -> bool:
        looking = self._looking
        return looking is not None and looking.done() and (looking.cancelled() or looking.exception() is not None)

    async def _read(self) -> Changed:
        async with snapshot(self._pool) as connection:
            reading = await reading_on(connection)
        return Changed(mark=_mark(reading.generation, reading.as_of), changed=True, as_of=dict(reading.as_of))


def _mark(generation: int, as_of: Mapping[str, AsOf]) -> str:
    return ".".join([str(generation), *(str(as_of[source].position) for source in sorted(as_of))])
