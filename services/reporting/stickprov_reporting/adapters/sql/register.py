"""Register measures in the projection's table, and read from it."""

from collections.abc import Mapping
from datetime import date

import asyncpg

from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.statistics import snapshot, unknown
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.register import RegisterKey
from stickprov_reporting.domain.register.measure import measure_of

_ALWAYS = (date.min, date.max)


class RegisterReader:
    """The register measures as they are now."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def measures(self, control_point: str, start: date | None, end: date | None) -> list[RegisterMeasure]:
        """Return a control point's measures whose frame's period lies within ``[start, end)``.

        Raises:
            NotFoundError: reporting knows no such control point; names those it knows.
        """
        limits = (start or _ALWAYS[0], end or _ALWAYS[1])
        async with snapshot(self._pool) as connection:
            records = await connection.fetch(SQL["register_measures_within"], PROJECTION, control_point, *limits)
            if not records and await connection.fetchrow(SQL["definition"], PROJECTION, control_point) is None:
                raise await unknown(connection, control_point)
            return [measure_of(register_of(record)[1]) for record in records]


def register_of(record: asyncpg.Record) -> tuple[RegisterKey, RegisterMeasured]:
    """Read ``control_point, measure, measured``."""
    point, measure, measured = record
    return RegisterKey(point, measure), RegisterMeasured.model_validate_json(measured)


def register_columns(measures: Mapping[RegisterKey, RegisterMeasured]) -> tuple[list[object], ...]:
    """Return control points, measures, first days, days past the last, and what was measured."""
    rows = [
        (key.control_point, key.measure, found.period.start, found.period.end, found.model_dump_json())
        for key, found in measures.items()
    ]
    return tuple(list(column) for column in zip(*rows, strict=True))
