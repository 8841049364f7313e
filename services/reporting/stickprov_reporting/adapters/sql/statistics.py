"""Reads statistics from cells; never from events.

What must not break: figures, log positions and chain hashes of one answer are of one moment, hence one transaction.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, cast

import asyncpg

from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_contracts.http.statistics import AsOf, Statistics
from stickprov_contracts.topics import SOURCES
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.log.hashing import GENESIS
from stickprov_reporting.adapters.sql import rows
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.statistics.statistic import DateRange, statistics_of
from stickprov_reporting.domain.statistics.tally import Basis

_NAMED: Final = 20


class StatisticsReader:
    """The statistics as they are now."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def statistics(self, control_point: str, dates: DateRange) -> Statistics:
        """Return the statistic of a control point.

        Raises:
            NotFoundError: reporting knows no such control point; names those it knows.
        """
        async with snapshot(self._pool) as connection:
            found = await stored_statistics(connection, control_point, dates)
            if found is None:
                raise await unknown(connection, control_point)
            return found

    async def summaries(self) -> list[ControlPointSummary]:
        """Return every control point that reporting knows, in the order of their ids."""
        return [_summary(record) for record in await self._pool.fetch(SQL["summaries"], PROJECTION)]


@asynccontextmanager
async def snapshot(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """Open a transaction in which every statement sees the same moment, and that changes nothing."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        # The pool's proxy has a connection's methods but not its type.
        yield cast("asyncpg.Connection", connection)


async def positions(connection: asyncpg.Connection) -> dict[str, AsOf]:
    """Return how far each log was applied; a log that was never heard of is at its beginning."""
    found: dict[str, AsOf] = {source: AsOf(position=0, chain_hash=GENESIS.hex()) for source in SOURCES}
    for source, position, chain_hash in await connection.fetch(SQL["positions"]):
        found[source] = AsOf(position=position, chain_hash=chain_hash.hex())
    return found


async def stored_statistics(connection: asyncpg.Connection, control_point: str, dates: DateRange) -> Statistics | None:
    """Return the statistic as the connection's transaction sees it, None if the control point is not known."""
    record = await connection.fetchrow(SQL["definition"], PROJECTION, control_point)
    if record is None:
        return None
    strata = dict(
        map(
            rows.stratum_of,
            await connection.fetch(SQL["strata_within"], PROJECTION, control_point, dates.start, dates.end),
        )
    )
    draws = list({key.draw for key in strata})
    cells = await connection.fetch(SQL["cells_of_draws"], PROJECTION, control_point, draws)
    _, definition = rows.definition_of(record)
    basis = Basis(definition.point, strata, dict(map(rows.cell_of, cells)))
    return statistics_of(basis, dates, await positions(connection))


async def unknown(connection: asyncpg.Connection, control_point: str) -> NotFoundError:
    """Return the error that names the control points there are."""
    known = await connection.fetch(SQL["known_control_points"], PROJECTION, _NAMED + 1)
    if not known:
        return NotFoundError(f"There is no control point {control_point}; none was defined yet.")
    names = ", ".join(record[0] for record in known[:_NAMED])
    more = " and others" if len(known) > _NAMED else ""
    return NotFoundError(f"There is no control point {control_point}. There are: {names}{more}.")


def _summary(record: asyncpg.Record) -> ControlPointSummary:
    definition, start, end, drawn, reviewed, remarks = record
    point = ControlPointDefined.model_validate_json(definition)
    return ControlPointSummary(
        control_point=point.control_point,
        number=point.number,
        measure=point.measure,
        year=point.year,
        start=start,
        end=end,
        drawn=drawn,
        reviewed=reviewed,
        remarks=remarks,
        over_coverage=0,
        non_response=0,
    )
