"""Routes of the statistics."""

from fastapi import APIRouter, Depends

from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_contracts.http.statistics import Statistics
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.http.date_range import Dates
from stickprov_reporting.adapters.measuring import Durations
from stickprov_reporting.adapters.parts import GetParts


def statistics_router(parts: GetParts, durations: Durations) -> APIRouter:
    """Return ``/v1/statistics`` and ``/v1/control-points``."""
    router = ServiceRouter(
        prefix="/v1",
        tags=["statistics"],
        dependencies=[Depends(require("coordinator", "board", "reviewer", "protected-reviewer", "auditor"))],
    )

    @router.get("/statistics/{control_point}", summary="The statistic of a control point for a date range")
    async def read_statistics(control_point: ControlPointId, dates: Dates) -> Statistics:
        """Return every figure with its numerator and denominator, and up to where in the logs it knows."""
        with durations.statistic.time():
            return await parts().statistics.statistics(control_point, dates)

    @router.get("/control-points", summary="Control points with their progress")
    async def read_control_points() -> list[ControlPointSummary]:
        """Return every control point that reporting has heard of."""
        return await parts().statistics.summaries()

    return router
