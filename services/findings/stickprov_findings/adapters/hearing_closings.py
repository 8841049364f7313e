"""Hears that the sampler closed a period: findings signs its own log then too, with what was found in that period."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import asyncpg

from stickprov_contracts.events.plans import PeriodClosed
from stickprov_kernel.inbox.protocols import Projection
from stickprov_kernel.log.records import Incoming


@dataclass(frozen=True, slots=True)
class HearingClosings:
    """A projection of the sampler's log that tells of closed periods.

    Attributes:
        projection: what the events change.
        closed: is told; a batch that is applied again tells again, which changes nothing.
    """

    projection: Projection
    closed: Callable[[], None]

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
        """Apply the events, then tell if a period was closed by one of them."""
        await self.projection.apply(connection, events)
        if any(isinstance(incoming.event, PeriodClosed) for incoming in events):
            self.closed()
