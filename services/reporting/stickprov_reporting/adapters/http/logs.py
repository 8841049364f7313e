"""Routes of the logs that are heard."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from stickprov_contracts.http.reporting import LogState, QuarantinedEvent
from stickprov_contracts.topics import Source
from stickprov_kernel.http.identity import require
from stickprov_reporting.adapters.parts import GetParts

_LARGEST = 2**63 - 1
_MOST = 1000


def logs_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/logs`` and ``/v1/quarantine``."""
    router = APIRouter(prefix="/v1", tags=["logs"])

    @router.get(
        "/logs",
        summary="How each source log stands",
        dependencies=[Depends(require("coordinator", "auditor", "board", "ops"))],
    )
    async def read_logs() -> list[LogState]:
        """Return how far each log was applied, and how far it has come at its source."""
        return await parts().logs.states()

    @router.get(
        "/quarantine",
        summary="Events that could not be applied",
        dependencies=[Depends(require("coordinator", "auditor", "ops"))],
    )
    async def read_quarantine(limit: Annotated[int, Query(ge=1, le=_MOST)] = 100) -> list[QuarantinedEvent]:
        """Return the events that wait, oldest first, each with why."""
        return await parts().logs.quarantined(limit)

    @router.post(
        "/quarantine/{source}/{position}/requeue",
        summary="Try an event again that could not be applied",
        dependencies=[Depends(require("coordinator", "ops"))],
    )
    async def requeue(source: Source, position: Annotated[int, Path(ge=1, le=_LARGEST)]) -> LogState:
        """Apply the event, as after an upgrade; doing it again changes nothing."""
        return await parts().logs.requeue(source, position)

    return router
