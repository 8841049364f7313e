"""The logs that a service hears, for those who operate it: how each stands, what waits, and what can be set going."""

import asyncio
from collections.abc import Mapping
from typing import ClassVar, Final

from stickprov_contracts.http.logs import LogState, QuarantinedEvent
from stickprov_contracts.topics import Source
from stickprov_kernel.errors import ConflictError, NotFoundError
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.log.feed import FeedUnavailableError

_HEAD_SECONDS: Final = 3.0


class StillQuarantinedError(ConflictError):
    """The event was tried again and still cannot be applied."""

    code: ClassVar[str] = "still-quarantined"
    title: ClassVar[str] = "The event still cannot be applied"


class StillHaltedError(ConflictError):
    """The source's history still disagrees with what was applied."""

    code: ClassVar[str] = "still-halted"
    title: ClassVar[str] = "The log stays halted"


class HeardLogs:
    """All logs that a service hears; empty until its lifespan has begun."""

    def __init__(self) -> None:
        self._inboxes: dict[Source, Inbox] = {}

    def begin(self, inboxes: Mapping[Source, Inbox]) -> None:
        """Take in the inboxes of a lifespan."""
        self._inboxes.update(inboxes)

    async def states(self) -> list[LogState]:
        """Return how each log stands; a source that does not answer soon has no head."""
        return list(await asyncio.gather(*map(_state, self._inboxes.values())))

    async def quarantined(self, limit: int) -> list[QuarantinedEvent]:
        """Return events that wait in quarantine, by source and oldest first."""
        found: list[QuarantinedEvent] = []
        for source in sorted(self._inboxes):
            found += await self._inboxes[source].quarantine(limit - len(found))
        return found

    async def resume(self, source: Source) -> LogState:
        """Go on with a halted log if its source agrees with what was applied; one that is not halted goes on anyway.

        Raises:
            NotFoundError: this log is not heard here.
            StillHaltedError: the source disagrees; says how.
            FeedUnavailableError: the source does not answer, so nothing can be compared.
        """
        inbox = self._inbox(source)
        disagreement = await inbox.resume()
        if disagreement is not None:
            raise StillHaltedError(
                f"The log of {source} stays halted: {disagreement}. Restore the source's log, or rebuild what was made "
                "from it, and resume again."
            )
        return await _state(inbox)

    async def requeue(self, source: Source, position: int) -> LogState:
        """Apply an event again that could not be applied; one that was requeued before is left as it is.

        Raises:
            NotFoundError: this log is not heard here, or this event was never set aside.
            StillQuarantinedError: it still cannot be applied; says why.
        """
        inbox = self._inbox(source)
        await inbox.requeue(position)
        aside = await inbox.set_aside(position)
        if aside is None:
            raise NotFoundError(f"The event at position {position} of {source} is not in quarantine.")
        if not aside.requeued:
            raise StillQuarantinedError(f"Position {position} of {source} stays in quarantine: {aside.reason}.")
        return await _state(inbox)

    async def requeue_all(self, source: Source) -> LogState:
        """Apply all events of a log again that could not be applied; the answer counts those that still cannot be.

        Raises:
            NotFoundError: this log is not heard here.
        """
        inbox = self._inbox(source)
        await inbox.requeue()
        return await _state(inbox)

    def _inbox(self, source: Source) -> Inbox:
        if source not in self._inboxes:
            raise NotFoundError(f"This service does not hear the log of {source}.")
        return self._inboxes[source]


async def _state(inbox: Inbox) -> LogState:
    state, head = await asyncio.gather(inbox.state(), _head(inbox))
    return LogState(
        source=state.source,
        state="halted" if state.state == "halted" else "following",
        reason=state.reason,
        applied=state.position,
        chain_hash=state.chain_hash.hex(),
        head=head,
        healed=state.healed,
        quarantined=state.quarantined,
    )


async def _head(inbox: Inbox) -> int | None:
    try:
        async with asyncio.timeout(_HEAD_SECONDS):
            return await inbox.source_head()
    except (TimeoutError, FeedUnavailableError):
        return None
