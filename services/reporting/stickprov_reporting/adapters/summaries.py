"""Control points of a year with their progress."""

from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_reporting.adapters.sql.stored import StoredReading
from stickprov_reporting.domain.projection.cell import PROGRESS


async def read_summaries(reading: StoredReading, year: int | None) -> list[ControlPointSummary]:
    """Return the control points of a year in the order of their ids; of the newest for None, all for 0."""
    points = await reading.points(year)
    names = [point.control_point for point in points]
    ranges = await reading.ranges(names)
    totals = await reading.totals(names, PROGRESS)
    return [
        ControlPointSummary(
            control_point=point.control_point,
            number=point.number,
            measure=point.measure,
            year=point.year,
            start=ranges.get(point.control_point, (None, None))[0],
            end=ranges.get(point.control_point, (None, None))[1],
            **{name.replace("-", "_"): totals.get((point.control_point, name), 0) for name in PROGRESS},
        )
        for point in points
    ]
