"""What an inbox needs from outside: somebody who applies events, and the source's feed."""

from collections.abc import Sequence
from typing import Protocol

import asyncpg

from stickprov_contracts.log import LogHead, LogPage
from stickprov_kernel.log.records import Incoming


class Projection(Protocol):
    """Turns another service's events into this service's own rows."""

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
        """Apply events of one source's log, in their order.

        Called inside the inbox's transaction: what is written stands or falls with the position. It must not commit,
        and must write through ``connection`` only. Events that were not understood are missing from the sequence,
        and come later by themselves when they are requeued. An exception that is no fault of the infrastructure
        puts the event that raises it into quarantine.
        """
        ...


class Feed(Protocol):
    """A source's log over HTTP: what is believed when Kafka lost, damaged or disordered something."""

    async def head(self) -> LogHead:
        """Return how far the source's log has come.

        Raises:
            FeedUnavailableError: the source does not answer, or not with a head.
        """
        ...

    async def read(self, after: int, limit: int) -> LogPage:
        """Return up to ``limit`` entries after a position.

        Raises:
            FeedUnavailableError: the source does not answer, or not with a page.
        """
        ...
