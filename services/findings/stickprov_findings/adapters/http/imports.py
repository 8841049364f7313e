"""Routes for many findings at once: a table of them in, and the list of one's own."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response

from stickprov_contracts.http.imports import ImportedFindings, ImportFindings, MyFindings
from stickprov_findings.adapters.http.addresses import REVIEWERS, Cleared, Context, is_cleared
from stickprov_findings.adapters.http.queue import Draw, Point, Which
from stickprov_findings.adapters.parts import GetParts
from stickprov_findings.adapters.sql.my_findings import Mine
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.routing import ServiceRouter

IMPORT_PATH: Final = "/v1/findings"
IMPORT_LIMIT: Final = 20_000_000
"""Bytes of a table that is taken."""

_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    422: refused("`rows-rejected`: nothing was stored; every fault has its row and column")
}


def import_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/findings``."""
    router = ServiceRouter(prefix=IMPORT_PATH, tags=["findings"])

    @router.get("", summary="What the caller has found")
    async def read_my_findings(
        caller: Annotated[Caller, Depends(require(*REVIEWERS))],
        control_point: Point = None,
        draw: Draw = None,
        purpose: Which = None,
        export: Annotated[
            bool, Query(description="For a file: without cases whose identity is protected, whoever asks")
        ] = False,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    ) -> MyFindings:
        """Return the reviews whose newest outcome or mark is the caller's."""
        mine = Mine(caller.actor, control_point, draw, purpose, cleared=is_cleared(caller))
        return await parts().my_findings.page(mine, limit, offset, export=export)

    @router.post(
        "/import", summary="Record many findings, all or none", response_model=ImportedFindings, responses=_REFUSED
    )
    async def import_findings(request: ImportFindings, context: Context, cleared: Cleared) -> Response:
        """Record what a table says of cases that the caller may review. What stands so already stays as it is."""
        receipt = await parts().imports.carry_out(context, request, cleared=cleared)
        return Response(receipt.answer, media_type="application/json")

    @router.post("/import/preview", summary="See what importing would do", responses=_REFUSED)
    async def preview_import(
        request: ImportFindings, caller: Annotated[Caller, Depends(require(*REVIEWERS))]
    ) -> ImportedFindings:
        """Check every row and count what would be recorded; nothing is stored."""
        return await parts().imports.preview(caller.actor, datetime.now(UTC), request, cleared=is_cleared(caller))

    return router
