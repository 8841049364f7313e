"""Route of progress: how far the reviewing has come."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from stickprov_contracts.http.findings import Progress, Purpose
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_findings.adapters.http.queue import End, PeriodLabel, Start
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.adapters.sql.queue import Selection
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter


def progress_router(parts: GetParts) -> APIRouter:
    """Return the route under ``/v1/progress``."""
    router = ServiceRouter(prefix="/v1/progress", tags=["progress"])

    @router.get(
        "",
        summary="How far the reviewing has come",
        dependencies=[Depends(require("coordinator", "auditor"))],
    )
    async def read_progress(
        control_point: Annotated[ControlPointId | None, Query(description="Only this control point")] = None,
        draw: Annotated[UUID | None, Query(description="Only this draw")] = None,
        period: PeriodLabel = None,
        start: Start = None,
        end: End = None,
        purpose: Annotated[Purpose, Query(description="Which reviews are counted")] = "review",
        overdue_days: Annotated[
            int, Query(ge=0, le=3650, description="Days after the period's end when what is not done is overdue")
        ] = 0,
    ) -> Progress:
        """Return counts of the selection in all, and by control point, unit, reviewer and period."""
        day = datetime.now(UTC).date() - timedelta(days=overdue_days)
        selection = Selection(control_point=control_point, draw=draw, period=period, within=(start, end))
        return await parts().progress.progress(selection, purpose, day)

    return router
