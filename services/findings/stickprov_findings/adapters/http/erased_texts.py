"""Route of what went with an erasure: free text that findings had about the erased cases."""

import json
from uuid import UUID

from fastapi import APIRouter, Depends

from stickprov_contracts.http.erasure import ErasedText
from stickprov_findings.adapters.hearing_erasures import SQL
from stickprov_findings.adapters.parts import GetParts
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter


def erased_texts_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/erased-texts``."""
    router = ServiceRouter(
        prefix="/v1/erased-texts", tags=["erasure"], dependencies=[Depends(require("coordinator", "auditor", "ops"))]
    )

    @router.get("", summary="Free text that went with an erasure")
    async def read_erased_texts(erasure: UUID) -> list[ErasedText]:
        """Return how much went, draw by draw; it follows the sampler's erasure within seconds."""
        rows = await parts().notes.fetch(SQL["texts_erased"], str(erasure))
        told = [(json.loads(row["data"]), row["time"]) for row in rows]
        return [ErasedText(**data | {"cases": len(data["cases"])}, time=time) for data, time in told]

    return router
