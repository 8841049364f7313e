"""Routes of the audit."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from stickprov_contracts.http.audit import Moment, PeriodReplay, Replay
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.http.stages import LINES, Tell, staged
from stickprov_reporting.adapters.http.date_range import Dates, in_utc
from stickprov_reporting.adapters.measuring import Durations
from stickprov_reporting.adapters.parts import GetParts

_MOST_POINTS: Final = 100


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

    @router.get(
        "/replays",
        summary="Verify both logs and fold every statistic of a range again",
        response_model=PeriodReplay,
        responses=LINES,
    )
    async def replays(
        request: Request,
        dates: Dates,
        control_point: Annotated[
            list[ControlPointId],
            Query(max_length=_MOST_POINTS, description="Only these; every one with a draw in the range else"),
        ] = [],  # noqa: B006 - FastAPI copies it
    ) -> Response:
        """Return whether logs, statistics and everything projected are what the events give; its stages, if asked."""

        async def work(tell: Tell) -> Response:
            with durations.replay.time():
                found = await parts().replayer.replays(list(dict.fromkeys(control_point)), dates, tell)
            return Response(found.model_dump_json(), media_type="application/json")

        return await staged(request, work)

    @router.get("/moment", summary="Which positions of the logs a point in time means")
    async def read_moment(
        at: Annotated[AwareDatetime, Query(description="With its offset from UTC")],
    ) -> Moment:
        """Return the last position of each log up to which everything had happened then."""
        found = await parts().readings.moment(in_utc(at))
        return Moment(at=at, sampler=found.sampler, findings=found.findings)

    return router
