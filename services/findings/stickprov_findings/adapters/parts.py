"""What the routes work with. Routes are built before the database is open; they ask for the parts at each request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from stickprov_findings.adapters.desk import ReviewDesk
from stickprov_findings.adapters.sql.queue import CaseQueue
from stickprov_findings.adapters.sql.reviews import Reviews
from stickprov_kernel.log.records import Head, Sequenced
from stickprov_kernel.log.store import LogReader


@dataclass(frozen=True, slots=True)
class Parts:
    """The service's parts, from its start to its stop."""

    desk: ReviewDesk
    queue: CaseQueue
    reviews: Reviews
    reader: LogReader


GetParts: TypeAlias = Callable[[], Parts]
"""Returns the parts; called at each request."""


class PartsReader:
    """Implements ``LogReader`` with the reader of the running parts."""

    def __init__(self, parts: GetParts) -> None:
        self._parts = parts

    async def head(self) -> Head:
        return await self._parts().reader.head()

    async def read(self, after: int, limit: int) -> list[Sequenced]:
        return await self._parts().reader.read(after, limit)

    async def position_of(self, event_id: UUID) -> int | None:
        return await self._parts().reader.position_of(event_id)
