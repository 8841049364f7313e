"""Routes of the audit."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from stickprov_contracts.http.audit import Moment, Replay
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.http.date_range import Dates, in_utc
from stickprov_reporting.adapters.measuring import Durations
from stickprov_reporting.adapters.parts import GetParts


def audit_router(parts: GetParts, durations: Durations) -> APIRouter:
    """Return ``/v1/audit``."""
    router = ServiceRouter(
        prefix="/v1/audit", tags=["audit"], dependencies=[Depends(require("auditor", "coordinator"))]
    )

    @router.get("/replay", summary="Verify both logs and fold the statistic again from the first event")
    async def replay(
        control_point: Annotated[ControlPointId, Query(description="Whose statistic to compare")], dates: Dates
    ) -> Replay:
        """Return whether logs, figures and everything projected are what the events give; else the differences."""
        with durations.replay.time():
            return await parts().replayer.replay(control_point, dates)

    @router.get("/moment", summary="Which positions of the logs a point in time means")
    async def read_moment(
        at: Annotated[AwareDatetime, Query(description="With its offset from UTC")],
    ) -> Moment:
        """Return the last position of each log up to which everything had happened then."""
        found = await parts().readings.moment(in_utc(at))
        return Moment(at=at, sampler=found.sampler, findings=found.findings)

    return router
