"""Reads the active generation; never events.

What must not break: everything of one reading is of one moment, hence one transaction.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple
from datetime import date
from typing import ClassVar, cast
from uuid import UUID

import asyncpg

from stickprov_contracts.events import Event
from stickprov_contracts.events.follow_ups import ControlConcluded
from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.statistics import AsOf
from stickprov_contracts.topics import SOURCES
from stickprov_kernel.errors import UnavailableError
from stickprov_kernel.log.hashing import GENESIS
from stickprov_reporting.adapters.sql import rows
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.domain.behind import After, Behind
from stickprov_reporting.domain.projection import PROJECTION, READABLE
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.chronicle import Entry
from stickprov_reporting.domain.projection.row import CaseRow, RowKey
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey
from stickprov_reporting.domain.reading import (
    PointFacts,
    Serving,
    servings_of,
    streams_wanted,
    weighed_of,
    weighed_servings,
)
from stickprov_reporting.domain.statistics.statistic import DateRange
from stickprov_reporting.domain.statistics.tally import WeighedCase


class NotReadableError(UnavailableError):
    """What is stored was folded by a release too far from this one; it can be read when it is rebuilt."""

    code: ClassVar[str] = "projection-not-readable"
    title: ClassVar[str] = "The projection cannot be read yet"


class StoredReading:
    """Implements ``Reading`` over the tables, within one transaction."""

    def __init__(
        self, connection: asyncpg.Connection, generation: int, projection: int, as_of: Mapping[str, AsOf]
    ) -> None:
        self.generation = generation
        self.projection = projection
        self.as_of = as_of
        self._connection = connection

    async def facts(
        self, control_points: Sequence[str], dates: DateRange, indicators: Sequence[str] | None = None
    ) -> dict[str, PointFacts]:
        """Return what is known of control points and their draws within a range."""
        points = list(control_points)
        definitions = dict(map(rows.definition_of, await self._fetch("definitions_of", points)))
        strata = dict(map(rows.stratum_of, await self._fetch("strata_within", points, dates.start, dates.end)))
        servings = servings_of(strata)
        cells = await self._cells(servings, indicators)
        weighed = await self._weighed(weighed_servings(strata))
        entries = await self._entries(points, strata, cells) if indicators is None else {}
        return {
            name: PointFacts(
                definition.point,
                {key: found for key, found in strata.items() if key.control_point == name},
                {key: value for key, value in cells.items() if key.control_point == name},
                weighed.get(name, []),
                entries.get(name, []),
            )
            for name, definition in definitions.items()
        }

    async def points(self, year: int | None) -> list[ControlPointDefined]:
        """Return the control points of a year, of the newest for None, all for 0."""
        return [rows.definition_of(record)[1].point for record in await self._fetch("points_of_year", year)]

    async def years(self) -> list[int]:
        """Return every year that has a control point, newest first."""
        return [record[0] for record in await self._fetch("years")]

    async def entries(
        self,
        kinds: Sequence[type[Event]],
        *,
        control_points: Sequence[str] | None = None,
        plans: Sequence[str] | None = None,
    ) -> list[Entry]:
        """Return what the chronicle has of some kinds."""
        names = [kind.name for kind in kinds]
        records = await self._fetch("entries_of_kinds", names, control_points, plans)
        return [rows.entry_of(record)[1] for record in records]

    async def newest(self, streams: Sequence[str]) -> dict[str, Entry]:
        """Return the newest entry of each of some streams."""
        found = [rows.entry_of(record)[1] for record in await self._fetch("entries_of_streams", list(streams))]
        return {entry.stream: entry for entry in found}

    async def measures(self, control_points: Sequence[str], dates: DateRange) -> list[tuple[str, RegisterMeasured]]:
        """Return register measures with the control point they serve."""
        records = await self._fetch("register_measures_within", list(control_points), dates.start, dates.end)
        return [(point, RegisterMeasured.model_validate_json(measured)) for point, _, measured in records]

    async def drawn_within(self, dates: DateRange) -> set[str]:
        """Return the control points with a draw whose period lies within a range."""
        return {record[0] for record in await self._fetch("drawn_within", dates.start, dates.end)}

    async def ranges(self, control_points: Sequence[str]) -> dict[str, tuple[date, date]]:
        """Return from when to when control points were drawn for."""
        found = await self._fetch("ranges_of_points", list(control_points))
        return {point: (start, end) for point, start, end in found}

    async def totals(self, control_points: Sequence[str], indicators: Sequence[str]) -> dict[tuple[str, str], int]:
        """Return sums over all cells of control points, by point and indicator."""
        found = await self._fetch("totals_of_points", list(control_points), list(indicators))
        return {(point, indicator): int(total) for point, indicator, total in found}

    async def known(self, limit: int) -> list[str]:
        """Return the ids of control points, the first few."""
        return [record[0] for record in await self._fetch("known_control_points", limit)]

    async def cases(
        self, control_point: str, draws: Sequence[UUID], behind: Behind, after: After | None, limit: int
    ) -> tuple[int, list[tuple[RowKey, CaseRow]]]:
        """Return how many cases of some draws are behind a number, and a page of them."""
        place = (after.draw, bytes.fromhex(after.case)) if after else (None, None)
        records = await self._fetch("cases_behind", control_point, list(draws), *astuple(behind), *place, limit)
        found = [
            (RowKey(draw, point, case.hex()), rows.case_row_of(*columns))
            for _, draw, point, case, *columns in records
            if draw is not None
        ]
        return records[0]["count"], found

    async def _fetch(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        return list(await self._connection.fetch(SQL[name], self.generation, *arguments))

    async def _cells(self, servings: Sequence[Serving], indicators: Sequence[str] | None) -> dict[CellKey, int]:
        if not servings:
            return {}
        columns = rows.serving_columns(servings)
        if indicators is None:
            return dict(map(rows.cell_of, await self._fetch("cells_of_draws", *columns)))
        return dict(map(rows.cell_of, await self._fetch("progress_of_draws", *columns, list(indicators))))

    async def _weighed(self, servings: Sequence[Serving]) -> dict[str, list[WeighedCase]]:
        found: dict[str, list[WeighedCase]] = {}
        if servings:
            for record in await self._fetch("rows_of_draws", *rows.serving_columns(servings)):
                key, row = rows.row_of(record)
                case = weighed_of(key, row)
                if case is not None:
                    found.setdefault(key.control_point, []).append(case)
        return found

    async def _entries(
        self, points: Sequence[str], strata: Mapping[StratumKey, Stratum], cells: Mapping[CellKey, int]
    ) -> dict[str, list[Entry]]:
        concluded = await self.entries([ControlConcluded], control_points=points)
        streams = streams_wanted(strata, cells)
        shared = list((await self.newest(streams)).values()) if streams else []
        return {point: [*shared, *(entry for entry in concluded if entry.control_point == point)] for point in points}


@asynccontextmanager
async def snapshot(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """Open a transaction in which every statement sees the same moment, and that changes nothing."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        # The pool's proxy has a connection's methods but not its type.
        yield cast("asyncpg.Connection", connection)


@asynccontextmanager
async def stored_reading(pool: asyncpg.Pool) -> AsyncIterator[StoredReading]:
    """Open a reading of this moment."""
    async with snapshot(pool) as connection:
        yield await reading_on(connection)


async def reading_on(connection: asyncpg.Connection) -> StoredReading:
    """Return a reading on a connection whose transaction sees one moment.

    Raises:
        NotReadableError: the active generation is of a release too far from this one.
    """
    active = await connection.fetchrow(SQL["active"])
    if active is None:
        return StoredReading(connection, 0, PROJECTION, await positions(connection))
    number, version, sampler, findings = active
    if version not in READABLE:
        raise NotReadableError(f"What is stored is of projection {version}, which this release cannot read.")
    if sampler is None:
        return StoredReading(connection, number, version, await positions(connection))
    frozen = await connection.fetch(SQL["chain_hashes"], list(SOURCES), [_at(it, sampler, findings) for it in SOURCES])
    return StoredReading(connection, number, version, as_of_records(frozen))


async def positions(connection: asyncpg.Connection) -> dict[str, AsOf]:
    """Return how far each log was applied; a log that was never heard of is at its beginning."""
    return as_of_records(await connection.fetch(SQL["positions"]))


def as_of_records(records: Sequence[asyncpg.Record]) -> dict[str, AsOf]:
    """Read ``source, position, chain_hash``; a source that is not among them is at its beginning."""
    found: dict[str, AsOf] = {source: AsOf(position=0, chain_hash=GENESIS.hex()) for source in SOURCES}
    for source, position, chain_hash in records:
        found[source] = AsOf(position=position, chain_hash=chain_hash.hex())
    return found


def _at(source: str, sampler: int, findings: int) -> int:
    return sampler if source == "sampler" else findings
