"""Routes of protected identities: all of them for services, and setting one or lifting it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, status

from stickprov_contracts.http.protections import ProtectedCases, SetProtection
from stickprov_kernel.http.commands import command
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.parts import GetParts

_REFUSED: Final[dict[int | str, dict[str, Any]]] = {404: refused("`case-unknown`, `identity-erased`")}


def protections_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/protections``."""
    router = ServiceRouter(prefix="/v1/protections", tags=["identities"])

    @router.get("", summary="The drawn cases whose identity is protected")
    async def read_protections(_caller: Annotated[Caller, Depends(require("service"))]) -> ProtectedCases:
        """Return them with how far the log had come; whoever asks keeps the answer in memory only."""
        return await parts().protecting.cases()

    @router.post(
        "",
        summary="Protect a drawn case's identity, or do so no longer",
        status_code=status.HTTP_204_NO_CONTENT,
        responses=_REFUSED,
    )
    async def set_protection(
        body: SetProtection, context: Annotated[CommandContext, Depends(command("protected-reviewer"))]
    ) -> None:
        """Take effect at the next request after the change was heard. The log says that something changed, not what."""
        await parts().protecting.set(context, body)

    return router
