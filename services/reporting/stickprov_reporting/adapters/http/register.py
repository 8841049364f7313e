"""Routes of the register measures."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.http.readers import READS_FIGURES
from stickprov_reporting.adapters.parts import GetParts
from stickprov_reporting.adapters.register import read_measures


def register_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/register-measures``."""
    router = ServiceRouter(
        prefix="/v1/register-measures",
        tags=["register measures"],
        dependencies=[READS_FIGURES],
    )

    @router.get("/{control_point}", summary="What rules have counted over a control point's frames")
    async def read_register_measures(
        control_point: ControlPointId,
        start: Annotated[date | None, Query(alias="from", description="First day; from the beginning else")] = None,
        end: Annotated[date | None, Query(alias="to", description="First day that no longer counts")] = None,
    ) -> list[RegisterMeasure]:
        """Return each measure by month, year, unit and category, with numerator, denominator and goal."""
        async with parts().readings.now() as reading:
            return await read_measures(reading, control_point, start, end)

    return router
