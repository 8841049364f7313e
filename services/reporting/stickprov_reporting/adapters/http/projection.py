"""Routes of the projection itself."""

from fastapi import APIRouter, Depends

from stickprov_contracts.http.projection import ProjectionState
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.parts import GetParts


def projection_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/projection``."""
    router = ServiceRouter(prefix="/v1/projection", tags=["projection"])

    @router.get(
        "",
        summary="Which generation of the projection is read, and whether the next is being built",
        dependencies=[Depends(require("coordinator", "auditor", "board", "ops"))],
    )
    async def read_projection() -> ProjectionState:
        """Return the state of the projection."""
        return await parts().generations.state()

    @router.post(
        "/rebuild",
        summary="Fold both logs anew, beside what is read, and switch when that has caught up",
        status_code=202,
        dependencies=[Depends(require("coordinator", "ops"))],
    )
    async def rebuild() -> ProjectionState:
        """Begin to rebuild, the trail too, unless that is under way; statistics are answered meanwhile."""
        await parts().trails.remake()
        return await parts().generations.rebuild()

    return router
