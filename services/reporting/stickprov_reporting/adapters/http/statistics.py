"""Routes of the statistics."""

from typing import Annotated

from fastapi import APIRouter, Query

from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_contracts.http.statistics import Statistics
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.http.date_range import AsOfMoment, Dates
from stickprov_reporting.adapters.http.readers import READS_FIGURES
from stickprov_reporting.adapters.measuring import Durations
from stickprov_reporting.adapters.parts import GetParts
from stickprov_reporting.adapters.statistics import read_statistics
from stickprov_reporting.adapters.summaries import read_summaries


def statistics_router(parts: GetParts, durations: Durations) -> APIRouter:
    """Return ``/v1/statistics`` and ``/v1/control-points``."""
    router = ServiceRouter(
        prefix="/v1",
        tags=["statistics"],
        dependencies=[READS_FIGURES],
    )

    @router.get("/statistics/{control_point}", summary="The statistic of a control point for a date range")
    async def read_statistic(control_point: ControlPointId, dates: Dates, moment: AsOfMoment) -> Statistics:
        """Return every figure with its numerator and denominator, and up to where in the logs it knows."""
        with durations.statistic.time():
            async with parts().readings.at(moment) as reading:
                return await read_statistics(reading, control_point, dates)

    @router.get("/control-points", summary="Control points of a year with their progress")
    async def read_control_points(
        year: Annotated[
            int | None, Query(ge=0, le=9999, description="The newest that has a control point when left out; 0: all")
        ] = None,
    ) -> list[ControlPointSummary]:
        """Return every control point of a year that reporting has heard of."""
        async with parts().readings.now() as reading:
            return await read_summaries(reading, year)

    return router
