"""Routes of the queue: what there is to review with its progress, and the next one."""

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from stickprov_contracts.http.findings import Purpose, Queue, QueueItem, Status
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_findings.adapters.http.addresses import REVIEWERS, is_cleared
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.adapters.sql.queue import Selection
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.routing import ServiceRouter

_PAGE_LIMIT: Final = 1000

Point = Annotated[ControlPointId | None, Query(description="Only this control point")]
Draw = Annotated[UUID | None, Query(description="Only this draw")]
Which = Annotated[Purpose | None, Query(description="Only first, second or file reviews")]
Unit = Annotated[str | None, Query(max_length=200, description="Only cases of this unit")]
PeriodLabel = Annotated[str | None, Query(max_length=50, description="Only this period, by its label")]
Start = Annotated[date | None, Query(description="Only periods that begin on this day or later")]
End = Annotated[date | None, Query(description="Only periods that have ended when this day begins")]
Whose = Annotated[str | None, Query(max_length=100, description="Only what this reviewer, a pseudonym, is to do")]


def queue_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/queue``."""
    router = ServiceRouter(prefix="/v1/queue", tags=["queue"])

    @router.get("", summary="What there is to review, with its progress")
    async def read_queue(
        caller: Annotated[Caller, Depends(require(*REVIEWERS, "coordinator"))],
        control_point: Point = None,
        draw: Draw = None,
        purpose: Which = None,
        unit: Unit = None,
        reviewer: Whose = None,
        mine: Annotated[bool, Query(description="Only what the caller is to do")] = False,
        period: PeriodLabel = None,
        case: Annotated[
            str | None, Query(pattern="^[0-9a-f]{8,64}$", description="Only cases whose id begins like this")
        ] = None,
        status_: Annotated[
            Status | Literal["closed", "all"],
            Query(
                alias="status",
                description="Which cases to list; `closed`: still to be done when their period was closed, and not "
                "listed as `waiting` or `started`",
            ),
        ] = "all",
        newest: Annotated[bool, Query(description="The latest period first, instead of the earliest")] = False,
        limit: Annotated[int, Query(ge=1, le=_PAGE_LIMIT)] = 100,
        offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    ) -> Queue:
        """Return counts over the whole selection, whatever their status, and one page of the cases with the status.

        A reviewer sees what they were given, and what nobody was given and the control point's rule lets them take; a
        coordinator sees everything. Second and file reviews are there once somebody has been given them.
        """
        everything = "coordinator" in caller.roles
        selection = Selection(
            control_point=control_point,
            draw=draw,
            purpose=purpose,
            unit=unit,
            whose=caller.actor if mine else reviewer,
            visible_to=None if everything else caller.actor,
            period=period,
            case=case,
        )
        status_wanted = None if status_ == "all" else status_
        # What a coordinator is listed of a case stands in its draw for everybody to read.
        cleared = is_cleared(caller) or (everything and not mine)
        return await parts().queue.page(
            selection, caller.actor, status_wanted, limit, offset, newest_first=newest, cleared=cleared
        )

    @router.get(
        "/next",
        summary="The next case to review",
        response_model=QueueItem,
        responses={status.HTTP_204_NO_CONTENT: {"description": "Nothing waits for this reviewer"}},
    )
    async def read_next(
        caller: Annotated[Caller, Depends(require(*REVIEWERS))],
        control_point: Point = None,
        draw: Draw = None,
        purpose: Which = None,
        other_than: Annotated[
            str | None,
            Query(
                pattern="^(review|second-review|file-review)/[0-9a-f-]{36}/[^/]{1,100}/[0-9a-f]{64}$",
                description="Not this one: PURPOSE/DRAW/POINT/CASE, whose finding is just being sent",
            ),
        ] = None,
    ) -> QueueItem | Response:
        """Return what the reviewer has begun; else what they were given; else what the rule lets them take."""
        item = await parts().queue.next_for(
            caller.actor, control_point, draw, purpose, other_than=other_than, cleared=is_cleared(caller)
        )
        return Response(status_code=status.HTTP_204_NO_CONTENT) if item is None else item

    return router
