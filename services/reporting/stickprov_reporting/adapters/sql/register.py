"""Register measures in the projection's table."""

from collections.abc import Mapping

from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_reporting.domain.projection.register import RegisterKey


def register_columns(measures: Mapping[RegisterKey, RegisterMeasured]) -> tuple[list[object], ...]:
    """Return control points, measures, first days, days past the last, and what was measured."""
    rows = [
        (key.control_point, key.measure, found.period.start, found.period.end, found.model_dump_json())
        for key, found in measures.items()
    ]
    return tuple(list(column) for column in zip(*rows, strict=True))
