"""Register measures in the projection's table."""

from collections.abc import Mapping

import asyncpg

from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_reporting.domain.projection.register import RegisterKey


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
