"""Routes of the logs that a service hears, the same for every service that hears any."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query

from stickprov_contracts.http.logs import LogState, QuarantinedEvent
from stickprov_contracts.topics import Source
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.inbox.heard import HeardLogs

_LARGEST: Final = 2**63 - 1
_MOST: Final = 1000


def heard_logs_router(logs: HeardLogs) -> APIRouter:
    """Return ``/v1/logs`` and ``/v1/quarantine``."""
    router = ServiceRouter(prefix="/v1", tags=["logs"])

    @router.get(
        "/logs",
        summary="How each source log stands",
        dependencies=[Depends(require("coordinator", "auditor", "board", "ops"))],
    )
    async def read_logs() -> list[LogState]:
        """Return how far each log was applied, and how far it has come at its source."""
        return await logs.states()

    @router.post("/logs/{source}/resume", summary="Go on with a halted log", dependencies=[Depends(require("ops"))])
    async def resume(source: Source) -> LogState:
        """Compare with the source's log and go on if it agrees; doing it again changes nothing."""
        return await logs.resume(source)

    @router.get(
        "/quarantine",
        summary="Events that could not be applied",
        dependencies=[Depends(require("coordinator", "auditor", "ops"))],
    )
    async def read_quarantine(limit: Annotated[int, Query(ge=1, le=_MOST)] = 100) -> list[QuarantinedEvent]:
        """Return the events that wait, oldest first, each with why."""
        return await logs.quarantined(limit)

    @router.post(
        "/quarantine/{source}/requeue",
        summary="Try all events of a log again that could not be applied",
        dependencies=[Depends(require("coordinator", "ops"))],
    )
    async def requeue_all(source: Source) -> LogState:
        """Apply the events in their order, as after an upgrade; doing it again changes nothing."""
        return await logs.requeue_all(source)

    @router.post(
        "/quarantine/{source}/{position}/requeue",
        summary="Try an event again that could not be applied",
        dependencies=[Depends(require("coordinator", "ops"))],
    )
    async def requeue(source: Source, position: Annotated[int, Path(ge=1, le=_LARGEST)]) -> LogState:
        """Apply the event, as after an upgrade; doing it again changes nothing."""
        return await logs.requeue(source, position)

    return router
