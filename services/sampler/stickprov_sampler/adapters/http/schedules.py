"""Routes of the rolling schedules: set one, list what is missing on a day."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from stickprov_contracts.http.sampler import ControlPointId
from stickprov_contracts.http.schedules import DueSchedule, Schedule, SetSchedule
from stickprov_kernel.http.commands import command, if_match
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.http.answers import REFUSED
from stickprov_sampler.adapters.http.control_points import EVERYBODY
from stickprov_sampler.adapters.parts import GetParts
from stickprov_sampler.domain.schedule.schedule import Set


def schedules_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/schedules`` and ``/v1/schedule``."""
    router = ServiceRouter(prefix="/v1", tags=["schedules"])

    @router.put(
        "/schedules/{control_point}",
        summary="Set a control point's schedule",
        response_model=Schedule,
        responses={**REFUSED, 412: refused("It has another version than If-Match says")},
    )
    async def set_schedule(
        control_point: ControlPointId,
        asked: SetSchedule,
        context: Annotated[CommandContext, Depends(command("coordinator"))],
        seen: Annotated[int | None, Depends(if_match)],
    ) -> Response:
        """Make this the schedule. What does not change anything leaves the version as it is."""
        receipt = await parts().scheduling.set(context, Set(control_point, asked), seen)
        version = Schedule.model_validate_json(receipt.answer).version
        return Response(receipt.answer, media_type="application/json", headers={"ETag": f'"{version}"'})

    @router.get(
        "/schedule",
        summary="Which frames and draws are missing on a day",
        dependencies=[Depends(require(*EVERYBODY))],
    )
    async def read_schedule(
        on: Annotated[date | None, Query(description="The day; today (UTC) when left out")] = None,
        control_point: Annotated[ControlPointId | None, Query(description="Of this one only")] = None,
    ) -> DueSchedule:
        """Return every schedule, and of each month that is over what it lacks."""
        return await parts().scheduling.due(on or datetime.now(UTC).date(), control_point)

    return router
