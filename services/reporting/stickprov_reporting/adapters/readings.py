"""Opens readings: of now, or of an earlier moment.

What must not break: an earlier moment is folded from the log copies alone, with what of them was applied.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import asyncpg

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.topics import SOURCES
from stickprov_kernel.errors import BadInputError
from stickprov_kernel.log.understanding import NotUnderstoodError
from stickprov_reporting.adapters.damage import telling_of_damage
from stickprov_reporting.adapters.folded import FoldedReading
from stickprov_reporting.adapters.reading import Moment, Reading, When
from stickprov_reporting.adapters.sql.folding_pages import fold_page
from stickprov_reporting.adapters.sql.rereading import pages
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.stored import StoredReading, as_of_records, positions, snapshot, stored_reading
from stickprov_reporting.adapters.trails import Trails
from stickprov_reporting.domain.projection.folding_anew import FoldingAnew

_KEPT_SECONDS: Final = 60.0


class Readings:
    """What can be read."""

    def __init__(self, pool: asyncpg.Pool, trails: Trails) -> None:
        self._pool = pool
        self._trails = trails
        # A fold holds every drawn case in memory; two at once would hold them twice.
        self.turn = asyncio.Lock()
        self._kept = _Kept()

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
        folding = FoldingAnew()
        async with snapshot(self._pool) as connection:
            heard = await positions(connection)
            _require_heard(wanted, {source: heard[source].position for source in SOURCES})
            aside = {source: await connection.fetch(SQL["all_set_aside"], source) for source in SOURCES}
            kept = self._kept.get((moment, aside))
            if kept is not None:
                return kept
            self._kept.forget()
            for source in SOURCES:
                met = _Met({row["position"]: row["waiting"] for row in aside[source]})
                async for page in pages(connection, source, wanted[source]):
                    fold_page(page, folding, met)
            hashes = await connection.fetch(SQL["chain_hashes"], list(wanted), list(wanted.values()))
        reading = FoldedReading(await asyncio.to_thread(folding.folded), as_of_records(hashes))
        self._kept.keep((moment, aside), reading)
        return reading


class _Kept:
    """A moment that was folded, kept for a while: whoever looks at one asks several questions about it."""

    def __init__(self) -> None:
        self._found: tuple[object, Reading] | None = None
        self._forgetting: asyncio.TimerHandle | None = None

    def get(self, key: object) -> Reading | None:
        """Return what was kept under a key, and keep it longer."""
        if self._found is None or self._found[0] != key:
            return None
        self.keep(*self._found)
        return self._found[1]

    def keep(self, key: object, reading: Reading) -> None:
        """Keep a reading, and nothing else."""
        self.forget()
        self._found = (key, reading)
        self._forgetting = asyncio.get_running_loop().call_later(_KEPT_SECONDS, self.forget)

    def forget(self) -> None:
        """Keep nothing."""
        if self._forgetting is not None:
            self._forgetting.cancel()
        self._found = self._forgetting = None


class _Met:
    """Leaves out what was set aside, and goes no further where a copy is damaged."""

    def __init__(self, waiting: Mapping[int, bool]) -> None:
        self.aside = waiting

    def waits(self, position: int, type_: str) -> bool:  # noqa: ARG002 - a replay compares it
        return self.aside[position]

    def refused(self, position: int, type_: str, why: NotUnderstoodError) -> None:
        if not self.aside.get(position):
            raise ValueError(f"position {position} ({type_}) was applied and cannot be understood: {why}")

    def unreadable(self, position: int) -> None:
        raise ValueError(f"position {position} of a log copy has no envelope")


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
