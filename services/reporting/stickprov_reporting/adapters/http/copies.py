"""Routes of the log copies: what a source that lost the end of its log is recovered from."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from stickprov_contracts.log import LogPage
from stickprov_contracts.topics import Source
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.parts import GetParts

PAGE_LIMIT: Final = 1000
_LARGEST: Final = 2**63 - 1


def copies_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/copies``."""
    router = ServiceRouter(
        prefix="/v1/copies", tags=["log copies"], dependencies=[Depends(require("service", "ops", "auditor"))]
    )

    @router.get("/{source}", response_model=LogPage, summary="A range of the copy of a log")
    async def read_copy(
        source: Source,
        after: Annotated[int, Query(ge=0, le=_LARGEST, description="Position to start behind")] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT, description="How many entries at most")] = PAGE_LIMIT,
    ) -> Response:
        """Return up to ``limit`` events of a log as they were heard, with the end of the copy as its head."""
        page = await parts().copies.read(source, after, limit)
        # Built from our own rows: validating a thousand of them again would cost more than reading them did.
        return Response(page.model_dump_json(), media_type="application/json")

    return router
