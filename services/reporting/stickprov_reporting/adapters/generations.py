"""Keeps the projection's generations: rebuilds when this release needs it, or when somebody asks for it.

What must not break: one process at a time builds, on the connection that holds the lock.
"""

import asyncio
from contextlib import suppress
from typing import Final

import asyncpg
import structlog

from stickprov_contracts.http.projection import ProjectionState, Rebuilding
from stickprov_contracts.topics import SOURCES
from stickprov_kernel.log.leadership import Leadership
from stickprov_kernel.messaging.backoff import Backoff
from stickprov_kernel.messaging.faults import describe, is_interruption
from stickprov_reporting.adapters.measuring import Progress
from stickprov_reporting.adapters.sql.rebuilding import (
    begin_building,
    build_on,
    built,
    delete_leaving,
    freeze_outdated,
)
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.stored import positions, reading_on, snapshot
from stickprov_reporting.domain.projection import PROJECTION

_LOCK: Final = 0x5374_5062_75  # "StPbu"
_LOOK_SECONDS: Final = 5.0
"""How long another process's wish to rebuild may wait until the leader sees it."""

_log = structlog.get_logger(__name__)


class Generations:
    """The generations of one database."""

    def __init__(self, pool: asyncpg.Pool, dsn: str, progress: Progress) -> None:
        self._pool = pool
        self._leadership = Leadership(dsn, _LOCK)
        self._progress = progress
        self._wanted = asyncio.Event()

    async def begin(self) -> None:
        """Let an older release's generation stand; call it before anything is heard."""
        async with self._pool.acquire() as connection:
            await freeze_outdated(connection)

    async def run(self) -> None:
        """Rebuild whenever it is needed, until cancelled. A database that is away is waited for."""
        waiting = Backoff()
        while True:
            try:
                async with self._leadership.held() as connection:
                    waiting.reset()
                    await self._keep(connection)
            except Exception as error:
                if not is_interruption(error):
                    raise
                _log.warning("rebuild-interrupted", reason=describe(error))
                await asyncio.sleep(waiting.next())

    async def rebuild(self) -> ProjectionState:
        """Begin the next generation, unless one is being built; return how things stand."""
        async with self._pool.acquire() as connection:
            await begin_building(connection, asked_for=True)
        self._wanted.set()
        return await self.state()

    async def state(self) -> ProjectionState:
        """Return which generation is read, and how far the next one is."""
        async with snapshot(self._pool) as connection:
            reading = await reading_on(connection)
            heard = {source: found.position for source, found in (await positions(connection)).items()}
            leaving = [number for (number,) in await connection.fetch(SQL["leaving"])]
            rebuilding = await _rebuilding(connection, heard)
        following = all(reading.as_of[source].position == heard[source] for source in SOURCES)
        return ProjectionState(
            generation=reading.generation,
            version=reading.projection,
            release=PROJECTION,
            following=following,
            as_of=dict(reading.as_of),
            rebuilding=rebuilding,
            leaving=leaving,
        )

    async def _keep(self, connection: asyncpg.Connection) -> None:
        while True:
            self._wanted.clear()
            await begin_building(connection, asked_for=False)
            while await build_on(connection):
                await self._tell(connection)
            await self._tell(connection)
            await delete_leaving(connection)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._wanted.wait()

    async def _tell(self, connection: asyncpg.Connection) -> None:
        building = await built(connection)
        heard = await positions(connection) if building else {}
        left = sum(heard[source].position - building.to(source) for source in SOURCES) if building else 0
        self._progress.left(left)


async def _rebuilding(connection: asyncpg.Connection, heard: dict[str, int]) -> Rebuilding | None:
    for number, version, state, sampler, findings, started in await connection.fetch(SQL["generations"]):
        if state == "building":
            folded = {"sampler": sampler, "findings": findings}
            return Rebuilding(
                generation=number,
                version=version,
                started=started,
                folded=folded,
                of=heard,
                left=sum(heard[source] - folded[source] for source in folded),
            )
    return None
