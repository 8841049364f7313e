"""Routes of trends and differences."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from stickprov_contracts.http.sampler import ControlPointId
from stickprov_contracts.http.trends import PeriodDifference, Trend, TrendStep
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.http.date_range import AsOfMoment, Dates, range_of
from stickprov_reporting.adapters.http.readers import READS_FIGURES
from stickprov_reporting.adapters.parts import GetParts
from stickprov_reporting.adapters.trends import read_difference, read_trend


def trends_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/trends`` and ``/v1/differences``."""
    router = ServiceRouter(
        prefix="/v1",
        tags=["statistics"],
        dependencies=[READS_FIGURES],
    )

    @router.get("/trends/{control_point}", summary="How a control point's share moves from period to period")
    async def read_periods(
        control_point: ControlPointId,
        dates: Dates,
        moment: AsOfMoment,
        by: Annotated[TrendStep, Query(description="How long a period is")] = "month",
    ) -> Trend:
        """Return every period with a draw, with its interval and its difference from the one before."""
        async with parts().readings.at(moment) as reading:
            return await read_trend(reading, control_point, dates, by)

    @router.get("/differences/{control_point}", summary="How one date range differs from another")
    async def read_two_periods(
        control_point: ControlPointId,
        dates: Dates,
        moment: AsOfMoment,
        against_from: Annotated[date, Query(description="First day of the range that is compared with")],
        against_to: Annotated[date, Query(description="First day that no longer counts in it")],
    ) -> PeriodDifference:
        """Return both, and the first's share minus the second's with its interval."""
        against = range_of(against_from, against_to, "against_to")
        async with parts().readings.at(moment) as reading:
            return await read_difference(reading, control_point, dates, against)

    return router
