"""Routes of the register measures: make one, list, show, count again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from stickprov_contracts.http.measures import MakeMeasure, Measure, MeasurePreview, MeasureVerification
from stickprov_kernel.http.commands import command
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.http.answers import REFUSED, REPEATED, created
from stickprov_sampler.adapters.http.control_points import EVERYBODY
from stickprov_sampler.adapters.parts import GetParts


def measures_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/measures``."""
    router = ServiceRouter(prefix="/v1/measures", tags=["measures"])

    @router.post(
        "",
        summary="Count a rule over a frozen frame",
        status_code=status.HTTP_201_CREATED,
        response_model=Measure,
        responses={200: {"model": Measure, "description": REPEATED}, **REFUSED},
    )
    async def make_measure(
        asked: MakeMeasure, context: Annotated[CommandContext, Depends(command("coordinator"))]
    ) -> Response:
        """Count every unit of the frame, after checking that its file is the frozen one."""
        return created(await parts().measuring.measure(context, asked))

    @router.post(
        "/preview",
        summary="See what a rule would count",
        responses=REFUSED,
        dependencies=[Depends(require("coordinator"))],
    )
    async def preview_measure(asked: MakeMeasure) -> MeasurePreview:
        """Count as for a measure; nothing is stored."""
        return await parts().measuring.preview(asked)

    @router.get("", summary="All register measures", dependencies=[Depends(require(*EVERYBODY))])
    async def list_measures() -> list[Measure]:
        """Return every register measure, oldest first."""
        return await parts().lists.measures()

    @router.get("/{measure}", summary="One register measure", dependencies=[Depends(require(*EVERYBODY))])
    async def read_measure(measure: UUID) -> Measure:
        """Return a register measure with what it counted by month, unit and category."""
        return await parts().measuring.show(measure)

    @router.get(
        "/{measure}/verification",
        summary="Count a register measure again",
        dependencies=[Depends(require("coordinator", "auditor"))],
    )
    async def verify_measure(measure: UUID) -> MeasureVerification:
        """Compare the event with what counting the frame file again gives."""
        return await parts().measuring.verify(measure)

    return router
