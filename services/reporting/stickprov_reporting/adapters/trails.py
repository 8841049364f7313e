"""The trail: followed in the background, and read page by page or whole.

What must not break: an answer knows everything that was applied when it was asked for.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import ClassVar, Final

import asyncpg
import structlog

from stickprov_contracts.http.audit import Trail, TrailEntry
from stickprov_contracts.topics import SOURCES
from stickprov_kernel.errors import UnavailableError
from stickprov_kernel.messaging.backoff import Backoff
from stickprov_kernel.messaging.faults import describe, is_interruption
from stickprov_reporting.adapters.sql.following import PAGE, HoleInCopyError, TrailFollower
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.stored import positions, snapshot
from stickprov_reporting.adapters.sql.trail import Ends, TrailPlace, TrailWanted, read_ends, read_page

_LOOK_SECONDS: Final = 1.0
_MOST_AT_ONCE: Final = 50_000
"""Events that somebody may wait for while they are followed; more are followed in the background first."""
_FILE_PAGE: Final = 1_000

_log = structlog.get_logger(__name__)


class TrailBehindError(UnavailableError):
    """The trail does not reach as far as what was heard yet."""

    code: ClassVar[str] = "trail-behind"
    title: ClassVar[str] = "The trail is being made"


class Trails:
    """The trail of one database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._follower = TrailFollower(pool)
        # A page is followed by one at a time; another that waits would only find it done.
        self._turn = asyncio.Lock()

    async def begin(self) -> None:
        """Make ready what is followed; call it before anything is heard."""
        await self._follower.begin()

    async def remake(self) -> None:
        """Throw the trail away; it is made again from the log copies, in the background."""
        async with self._turn:
            await self._follower.forget()

    async def run(self) -> None:
        """Follow the copies until cancelled: once a second what came, and a backlog half of the time at most.

        What is heard comes first. Whoever asks does not wait for this; they follow what is missing themselves.
        """
        waiting, loop = Backoff(), asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                more = await self._step()
                waiting.reset()
            except HoleInCopyError as error:
                _log.error("trail-stands", reason=str(error))
                await asyncio.sleep(waiting.next())
            except Exception as error:
                if not is_interruption(error):
                    raise
                _log.warning("trail-interrupted", reason=describe(error))
                await asyncio.sleep(waiting.next())
            else:
                await asyncio.sleep(loop.time() - begun if more else _LOOK_SECONDS)

    async def left(self) -> int:
        """Return how many events are applied and not in the trail yet."""
        async with snapshot(self._pool) as connection:
            heard = await positions(connection)
            ends = await read_ends(connection)
        return sum(max(0, heard[source].position - ends.of(source)) for source in SOURCES)

    async def catch_up(self) -> None:
        """Follow everything that is applied now.

        Raises:
            TrailBehindError: that is more than somebody can wait for, or an entry is missing from a copy.
        """
        async with snapshot(self._pool) as connection:
            heard = await positions(connection)
            ends = await read_ends(connection)
        left = sum(max(0, heard[source].position - ends.of(source)) for source in SOURCES)
        if left > _MOST_AT_ONCE:
            raise TrailBehindError(f"{left} events have not been entered in the trail yet. Try again in a while.")
        for source in SOURCES:
            with suppress(HoleInCopyError):
                await self._follow_to(source, heard[source].position, ends.of(source))

    async def moment(self, at: datetime) -> Ends:
        """Return the last position of each log up to which everything had happened at a point in time.

        Raises:
            TrailBehindError: the trail does not reach as far as what was heard.
        """
        await self.catch_up()
        async with snapshot(self._pool) as connection:
            found = [await connection.fetchval(SQL["moment"], source, at) or 0 for source in Ends._fields]
        return Ends(*found)

    async def page(self, wanted: TrailWanted, after: TrailPlace | None, limit: int, *, newest: bool) -> Trail:
        """Return a page of the events that fit.

        Raises:
            TrailBehindError: the trail does not reach as far as what was heard.
            CopyDamagedError: an event cannot be read.
        """
        await self.catch_up()
        async with snapshot(self._pool) as connection:
            return await read_page(connection, wanted, await read_ends(connection), after, limit, newest=newest)

    async def all(self, wanted: TrailWanted, *, newest: bool) -> AsyncIterator[list[TrailEntry]]:
        """Yield all events that fit, in pages, up to where the logs stand now. Call ``catch_up`` before."""
        async with snapshot(self._pool) as connection:
            ends: Ends = await read_ends(connection)
        after: TrailPlace | None = None
        while True:
            async with snapshot(self._pool) as connection:
                found = await read_page(connection, wanted, ends, after, _FILE_PAGE, newest=newest, counted=False)
            yield found.entries
            if found.next is None:
                return
            after = TrailPlace.read(found.next)

    async def _step(self) -> bool:
        """Follow a page of each copy; return whether more may wait."""
        behind = {record["source"] for record in await self._pool.fetch(SQL["sources_behind"])}
        async with self._turn:
            moved = [await self._follower.follow(source) for source in SOURCES if source in behind]
        return PAGE in moved

    async def _follow_to(self, source: str, position: int, reached: int) -> None:
        for known in SOURCES:
            while known == source and reached < position:
                async with self._turn:
                    moved = await self._follower.follow(known)
                if not moved:
                    return
                reached += moved
