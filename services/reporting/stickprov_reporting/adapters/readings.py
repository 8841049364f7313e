"""Opens readings: of now, or of an earlier moment.

What must not break: an earlier moment is folded from the log copies alone, with what of them was applied.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import asyncpg

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.topics import SOURCES
from stickprov_kernel.errors import BadInputError
from stickprov_reporting.adapters.damage import telling_of_damage
from stickprov_reporting.adapters.folded import FoldedReading
from stickprov_reporting.adapters.reading import Moment, Reading, When
from stickprov_reporting.adapters.sql.copies import applied_pages
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.stored import StoredReading, as_of_records, positions, snapshot, stored_reading
from stickprov_reporting.adapters.trails import Trails
from stickprov_reporting.domain.projection.fold import Folded

_PAGE: Final = 500


class Readings:
    """What can be read."""

    def __init__(self, pool: asyncpg.Pool, trails: Trails) -> None:
        self._pool = pool
        self._trails = trails
        # A fold holds every drawn case in memory; two at once would hold them twice.
        self.turn = asyncio.Lock()

    @asynccontextmanager
    async def now(self) -> AsyncIterator[StoredReading]:
        """Open a reading of what is stored.

        Raises:
            FiguresDamagedError: what is stored cannot be counted with.
        """
        async with stored_reading(self._pool) as reading:
            with telling_of_damage():
                yield reading

    @asynccontextmanager
    async def at(self, when: When) -> AsyncIterator[Reading]:
        """Open a reading of an earlier moment; of now for None.

        Raises:
            BadInputError: the logs were not heard that far.
            FiguresDamagedError: what is stored cannot be counted with.
            TrailBehindError: which positions a point in time means cannot be told yet.
        """
        if when is None:
            async with self.now() as reading:
                yield reading
            return
        moment = await self.moment(when)
        async with self.turn:
            with telling_of_damage():
                yield await self._folded(moment)

    async def moment(self, when: Moment | datetime) -> Moment:
        """Return the positions of a point in time: of each log all that had happened then.

        Raises:
            TrailBehindError: that cannot be told yet.
        """
        return when if isinstance(when, Moment) else Moment(*await self._trails.moment(when))

    async def _folded(self, moment: Moment) -> Reading:
        wanted = {"sampler": moment.sampler, "findings": moment.findings}
        folded = Folded()
        async with snapshot(self._pool) as connection:
            heard = await positions(connection)
            _require_heard(wanted, {source: heard[source].position for source in SOURCES})
            for source in SOURCES:
                async for events in applied_pages(connection, source, 0, wanted[source], _PAGE):
                    folded.apply(events)
            hashes = await connection.fetch(SQL["chain_hashes"], list(wanted), list(wanted.values()))
        return FoldedReading(folded, as_of_records(hashes))


def _require_heard(wanted: dict[str, int], heard: dict[str, int]) -> None:
    errors = [
        FieldProblem(
            field=f"{source}_position",
            code="position-ahead",
            message=f"The log of {source} was heard up to position {heard[source]}, not {position}.",
        )
        for source, position in wanted.items()
        if position > heard[source]
    ]
    if errors:
        raise BadInputError("The logs were not heard that far.", errors=errors)
