"""Route of the vault: who a drawn case is."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.http.sampler import CaseIdentity, ShowIdentity
from stickprov_kernel.http.commands import command
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import Caller, Role, require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.parts import GetParts

_SHOWN_TO: Final[tuple[Role, ...]] = ("reviewer", "protected-reviewer", "coordinator")
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    403: refused("`identity-not-shown`"),
    404: refused("`case-unknown`, `identity-erased`"),
    503: refused("`findings-unavailable`"),
}


def identities_router(parts: GetParts) -> APIRouter:
    """Return the route of a drawn case's identity."""
    router = ServiceRouter(prefix="/v1/draws/{draw}/cases", tags=["identities"])

    @router.post("/{case}/identity", summary="Be shown who a drawn case is", responses=_REFUSED)
    async def show_identity(
        draw: UUID,
        case: Hex256,
        body: ShowIdentity,
        request: Request,
        context: Annotated[CommandContext, Depends(command(*_SHOWN_TO))],
        caller: Annotated[Caller, Depends(require(*_SHOWN_TO))],
    ) -> CaseIdentity:
        """Return the case's number and identity columns from the vault. That it was shown is recorded first."""
        authorization = request.headers.get("authorization", "")
        return await parts().identities.show(context, caller, authorization, draw=draw, case=case, request=body)

    return router
