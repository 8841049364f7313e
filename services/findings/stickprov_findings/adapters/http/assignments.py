"""Routes of assignments: who is given which cases, who has how much, and one case to another reviewer."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.http import findings as api
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_findings.adapters.http.addresses import CASE, PURPOSES, Cleared, recorded
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.domain.assignment.giving import Give
from stickprov_findings.domain.assignment.moving import Move
from stickprov_kernel.http.commands import command
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_kernel.notes.keeping import typed

_Context = Annotated[CommandContext, Depends(command("coordinator"))]
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    404: refused("`no-cases-drawn`"),
    409: refused("`period-closed`"),
}
_MOVED: Final[dict[str, Any]] = {
    "status_code": status.HTTP_201_CREATED,
    "response_model": api.Recorded,
    "responses": {
        200: {"model": api.Recorded, "description": "It had been carried out before; this is the first answer"},
        404: refused("`case-not-drawn`"),
        409: refused("`already-theirs`, `case-replaced`, `period-closed`"),
    },
}


def assignments_router(parts: GetParts) -> APIRouter:
    """Return the routes of assignments."""
    router = ServiceRouter(tags=["assignments"])

    @router.get("/v1/reviewers", summary="The reviewers with their loads", dependencies=[_coordinator()])
    async def read_reviewers() -> list[api.Reviewer]:
        """Return everybody on the staff list, by unit, with how much they are to do and have done."""
        return await parts().progress.reviewers()

    @router.post(
        "/v1/assignments",
        summary="Give the cases of a draw to reviewers",
        response_model=api.Assigned,
        responses=_REFUSED,
    )
    async def assign_cases(body: api.AssignCases, context: _Context) -> Response:
        """Give every case that waits for a reviewer to one, by rule; who has a case keeps it.

        With ``dry_run`` nothing is stored. Giving again gives what has come since.
        """
        asked = Give(
            draw=body.draw,
            control_point=body.control_point,
            purpose=body.purpose,
            rule=body.rule,
            group=body.group,
            share=body.share,
            capacity=body.capacity,
        )
        if body.dry_run:
            answer = (await parts().assigning.preview(asked)).model_dump_json().encode()
        else:
            answer = (await parts().assigning.give(context, asked)).answer
        return Response(answer, media_type="application/json")

    for purpose, path in PURPOSES.items():
        _moving(router, parts, purpose, path)
    return router


def _moving(router: APIRouter, parts: GetParts, purpose: api.Purpose, path: str) -> None:
    @router.post(
        f"{path}{CASE}/assignment",
        summary="Give a case to another reviewer",
        operation_id=f"assign_{purpose.replace('-', '_')}",
        **_MOVED,
    )
    async def move(
        draw: UUID,
        control_point: ControlPointId,
        case: Hex256,
        body: api.Reassign,
        context: _Context,
        cleared: Cleared,
    ) -> Response:
        """Give the case to somebody of the staff list, for a reason. The version is of the case's assignments."""
        asked = Move(draw, control_point, case, purpose, body.reviewer, typed(body.reason))
        return recorded(await parts().assigning.move(context, asked, cleared=cleared))


def _coordinator() -> Any:  # noqa: ANN401 - FastAPI's own type is none
    return Depends(require("coordinator"))
