"""The logs that reporting hears: how each stands, and what of it waits in quarantine."""

import asyncio
from collections.abc import Mapping
from typing import ClassVar, Final

import asyncpg

from stickprov_contracts.http.reporting import LogState, QuarantinedEvent
from stickprov_contracts.topics import Source
from stickprov_kernel.errors import ConflictError, NotFoundError
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.protocols import Feed
from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_reporting.adapters.sql.statements import SQL

_HEAD_SECONDS: Final = 3.0


class StillQuarantinedError(ConflictError):
    """The event was tried again and still cannot be applied."""

    code: ClassVar[str] = "still-quarantined"
    title: ClassVar[str] = "The event still cannot be applied"


class HeardLogs:
    """Both logs as reporting has them."""

    def __init__(self, pool: asyncpg.Pool, inboxes: Mapping[Source, Inbox], feeds: Mapping[Source, Feed]) -> None:
        self._pool = pool
        self._inboxes = inboxes
        self._feeds = feeds

    async def states(self) -> list[LogState]:
        """Return how each log stands; a source that does not answer soon has no head."""
        return list(await asyncio.gather(*(self._state(source) for source in self._inboxes)))

    async def quarantined(self, limit: int) -> list[QuarantinedEvent]:
        """Return events that wait in quarantine, oldest first."""
        return [QuarantinedEvent(**dict(record)) for record in await self._pool.fetch(SQL["quarantined"], limit)]

    async def requeue(self, source: Source, position: int) -> LogState:
        """Apply an event again that could not be applied; one that was requeued before is left as it is.

        Raises:
            NotFoundError: this event was never set aside.
            StillQuarantinedError: it still cannot be applied; says why.
        """
        await self._inboxes[source].requeue(position)
        row = await self._pool.fetchrow(SQL["quarantine_row"], source, position)
        if row is None:
            raise NotFoundError(f"The event at position {position} of {source} is not in quarantine.")
        if not row["requeued"]:
            raise StillQuarantinedError(f"Position {position} of {source} stays in quarantine: {row['reason']}.")
        return await self._state(source)

    async def _state(self, source: Source) -> LogState:
        state, head = await asyncio.gather(self._inboxes[source].state(), self._head(source))
        return LogState(
            source=source,
            state="halted" if state.state == "halted" else "following",
            reason=state.reason,
            applied=state.position,
            chain_hash=state.chain_hash.hex(),
            head=head,
            healed=state.healed,
            quarantined=state.quarantined,
        )

    async def _head(self, source: Source) -> int | None:
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                return (await self._feeds[source].head()).position
        except (TimeoutError, FeedUnavailableError):
            return None
