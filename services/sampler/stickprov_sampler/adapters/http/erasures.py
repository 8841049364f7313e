"""Routes of erasure: retentions, holds, what is due, erasing, and what was erased."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from stickprov_contracts.http import erasure as api
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_kernel.http.commands import command, if_match
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.erasing.reading import day_of
from stickprov_sampler.adapters.http.answers import REFUSED, created, creating
from stickprov_sampler.adapters.parts import GetParts
from stickprov_sampler.domain.erasure.retention import Rule

_READERS: Final = Depends(require("coordinator", "auditor", "ops"))
_Coordinating = Annotated[CommandContext, Depends(command("coordinator"))]
_Running = Annotated[CommandContext, Depends(command("coordinator", "ops"))]
_HELD: Final[dict[int | str, dict[str, Any]]] = {
    409: refused("`legal-hold`: a hold keeps all of it"),
    404: refused("There is no such thing"),
}


def retentions_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/retentions``."""
    router = ServiceRouter(prefix="/v1/retentions", tags=["erasure"])

    @router.get("", summary="How long identities are kept, by control point", dependencies=[_READERS])
    async def list_retentions() -> list[api.Retention]:
        """Return every control point, those without a retention too."""
        return await parts().erasures.deciding.retentions()

    @router.put(
        "/{control_point}",
        summary="Decide how long a control point's identities are kept",
        response_model=api.Retention,
        responses={**REFUSED, 412: refused("It has another version than If-Match says")},
    )
    async def set_retention(
        control_point: ControlPointId,
        request: api.SetRetention,
        context: _Coordinating,
        seen: Annotated[int | None, Depends(if_match)],
    ) -> Response:
        """Decide it. Without a retention nothing is ever due; the same again changes nothing."""
        receipt = await parts().erasures.deciding.set_retention(context, control_point, request, seen)
        version = api.Retention.model_validate_json(receipt.answer).version
        return Response(receipt.answer, media_type="application/json", headers={"ETag": f'"{version}"'})

    return router


def holds_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/holds``."""
    router = ServiceRouter(prefix="/v1/holds", tags=["erasure"])

    @router.get("", summary="All legal holds", dependencies=[_READERS])
    async def list_holds() -> list[api.Hold]:
        """Return every hold there ever was, oldest first, with the reasons that have not been erased."""
        return await parts().erasures.deciding.holds()

    @creating(router, "", "Keep something from being erased", api.PlacedHold)
    async def place_hold(request: api.PlaceHold, context: _Coordinating) -> Response:
        """Hold a control point, a draw or one case. It stops what is due and what is asked for."""
        return created(await parts().erasures.deciding.place(context, request))

    @creating(router, "/{hold}/lifting", "Lift a hold", api.PlacedHold)
    async def lift_hold(hold: UUID, request: api.LiftHold, context: _Coordinating) -> Response:
        """End a hold; what it held is erased once it is due."""
        return created(await parts().erasures.deciding.lift(context, hold, request))

    return router


def erasures_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/erasures``."""
    router = ServiceRouter(prefix="/v1/erasures", tags=["erasure"])

    @router.get("", summary="All erasures", dependencies=[_READERS])
    async def list_erasures() -> list[api.Erasure]:
        """Return every erasure, the newest first."""
        return await parts().erasures.telling.erasures()

    @router.get("/due", summary="What is due to be erased, and what is not", dependencies=[_READERS])
    async def read_due(
        on: date | None = None,
        control_point: Annotated[ControlPointId | None, Query()] = None,
        months: Annotated[int | None, Query(ge=0, le=1200)] = None,
        *,
        keep_for_research: bool = False,
    ) -> api.DueErasure:
        """Return how every draw and frame stands on a day, today when none is named.

        With a control point and months: how it would stand if that were decided.
        """
        supposed = {control_point: Rule(months, keep_for_research)} if control_point and months is not None else {}
        return await parts().erasures.telling.due(on or day_of(datetime.now(UTC)), supposed)

    @router.get("/{erasure}", summary="What one erasure took", dependencies=[_READERS])
    async def read_erasure(erasure: UUID) -> api.Erasure:
        """Return the report of an erasure."""
        return await parts().erasures.telling.erasure(erasure)

    @creating(router, "/due", "Erase whatever is due", api.CarriedOut)
    async def erase_due(context: _Running) -> Response:
        """Erase what the hourly look would; nothing where nothing is due."""
        return created(await parts().erasures.erasing.due(context))

    _add_requests(router, parts)
    return router


def _add_requests(router: APIRouter, parts: GetParts) -> None:
    @creating(router, "/draws/{draw}", "Erase a draw before its time", api.CarriedOut, refused=_HELD)
    async def erase_draw(draw: UUID, context: _Coordinating) -> Response:
        """Erase who the cases of a draw are; an identity that another draw has stays."""
        return created(await parts().erasures.erasing.draw(context, draw))

    @creating(router, "/cases", "Erase one case", api.CarriedOut, refused=_HELD)
    async def erase_case(request: api.EraseCase, context: _Coordinating) -> Response:
        """Erase who a case is, in every draw that has it."""
        return created(await parts().erasures.erasing.case(context, request))

    @creating(router, "/persons", "Erase a person", api.CarriedOut, refused=_HELD)
    async def erase_person(request: api.ErasePerson, context: _Coordinating) -> Response:
        """Erase every case of a person. The number is looked for, and neither stored nor told again."""
        return created(await parts().erasures.erasing.person(context, request.number))

    @router.post("/persons/preview", summary="What an erasure of a person would find", responses=REFUSED)
    async def preview_person(request: api.ErasePerson, _context: _Coordinating) -> api.FoundPerson:
        """Look for a person as an erasure would; nothing is stored, and the number is not told again."""
        return await parts().erasures.erasing.preview(request.number)

    @creating(router, "/staff", "Erase names of people who left", api.CarriedOut)
    async def erase_staff(request: api.EraseStaff, context: _Coordinating) -> Response:
        """Erase names and addresses of people who are not on the staff list; their pseudonyms stay."""
        return created(await parts().erasures.erasing.staff(context, request.staff))
