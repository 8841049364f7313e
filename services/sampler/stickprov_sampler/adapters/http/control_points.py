"""Routes of the control points."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from stickprov_contracts.http.sampler import ControlPoint, ControlPointId, DefineControlPoint
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.http.commands import command, if_match
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import Role, require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.http.answers import REFUSED
from stickprov_sampler.adapters.parts import GetParts
from stickprov_sampler.adapters.streams import control_point_of
from stickprov_sampler.domain.control_point.definition import Define, as_answer

EVERYBODY: Final[tuple[Role, ...]] = (
    "coordinator",
    "reviewer",
    "protected-reviewer",
    "board",
    "auditor",
    "ops",
    "service",
)


def control_points_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/control-points``."""
    router = ServiceRouter(prefix="/v1/control-points", tags=["control points"])

    @router.get("", summary="All control points", dependencies=[Depends(require(*EVERYBODY))])
    async def list_control_points() -> list[ControlPoint]:
        """Return every control point as it stands, by id."""
        return await parts().lists.control_points()

    @router.get("/{control_point}", summary="One control point", dependencies=[Depends(require(*EVERYBODY))])
    async def read_control_point(control_point: ControlPointId, response: Response) -> ControlPoint:
        """Return the control point as it stands; its version is the ETag."""
        history, defined = await control_point_of(parts().store, control_point)
        if defined is None:
            raise NotFoundError(f"There is no control point {control_point}.")
        response.headers["ETag"] = _etag(history.version)
        return as_answer(defined, history.version)

    @router.put(
        "/{control_point}",
        summary="Define a control point, or define it anew",
        response_model=ControlPoint,
        responses={**REFUSED, 412: refused("It has another version than If-Match says")},
    )
    async def define_control_point(
        control_point: ControlPointId,
        definition: DefineControlPoint,
        context: Annotated[CommandContext, Depends(command("coordinator"))],
        seen: Annotated[int | None, Depends(if_match)],
    ) -> Response:
        """Make this the control point's definition. What does not change anything leaves the version as it is."""
        receipt = await parts().defining.define(context, Define(control_point, definition), seen)
        version = ControlPoint.model_validate_json(receipt.answer).version
        return Response(receipt.answer, media_type="application/json", headers={"ETag": _etag(version)})

    return router


def _etag(version: int) -> str:
    return f'"{version}"'
