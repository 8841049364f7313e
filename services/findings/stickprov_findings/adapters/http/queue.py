"""Routes of the queue: drawn cases with their progress, and the next one to review."""

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from stickprov_contracts.http.findings import Queue, QueueItem, Status
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.adapters.sql.queue import Selection
from stickprov_kernel.http.identity import Caller, require

_PAGE_LIMIT: Final = 1000

Point = Annotated[ControlPointId | None, Query(description="Only this control point")]
Draw = Annotated[UUID | None, Query(description="Only this draw")]


def queue_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/queue``."""
    router = APIRouter(prefix="/v1/queue", tags=["queue"])

    @router.get("", summary="Drawn cases with their progress")
    async def read_queue(
        caller: Annotated[Caller, Depends(require("reviewer", "coordinator"))],
        control_point: Point = None,
        draw: Draw = None,
        mine: Annotated[bool, Query(description="Only cases whose handler is the caller")] = False,
        status_: Annotated[Status | Literal["all"], Query(alias="status", description="Which cases to list")] = "all",
        limit: Annotated[int, Query(ge=1, le=_PAGE_LIMIT)] = 100,
        offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    ) -> Queue:
        """Return counts over the whole selection, whatever their status, and one page of the cases with the status.

        A reviewer sees cases of their own and those without a handler; a coordinator sees all.
        """
        own_only = mine or "coordinator" not in caller.roles
        selection = Selection(control_point, draw, caller.actor if own_only else None, unassigned_too=not mine)
        return await parts().queue.page(selection, None if status_ == "all" else status_, limit, offset)

    @router.get(
        "/next",
        summary="The next case to review",
        response_model=QueueItem,
        responses={status.HTTP_204_NO_CONTENT: {"description": "Nothing waits for this reviewer"}},
    )
    async def read_next(
        caller: Annotated[Caller, Depends(require("reviewer"))], control_point: Point = None, draw: Draw = None
    ) -> QueueItem | Response:
        """Return the first waiting case that is the reviewer's own or without a handler."""
        item = await parts().queue.next_for(caller.actor, control_point, draw)
        return Response(status_code=status.HTTP_204_NO_CONTENT) if item is None else item

    return router
