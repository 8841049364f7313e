"""Routes of protected identities."""

from typing import Annotated

from fastapi import APIRouter, Depends

from stickprov_contracts.http.protections import ProtectedCases
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_sampler.adapters.parts import GetParts


def protections_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/protections``."""
    router = ServiceRouter(prefix="/v1/protections", tags=["identities"])

    @router.get("", summary="The drawn cases whose identity is protected")
    async def read_protections(_caller: Annotated[Caller, Depends(require("service"))]) -> ProtectedCases:
        """Return them with how far the log had come; whoever asks keeps the answer in memory only."""
        return await parts().protecting.cases()

    return router
