"""The route that lists where first and second reviewer disagree and nobody has settled it."""

import asyncio
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from stickprov_contracts.http.findings import QueueItem
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_findings.adapters.http.addresses import is_cleared
from stickprov_findings.adapters.http.queue import End, Start
from stickprov_findings.adapters.parts import GetParts, Parts
from stickprov_findings.adapters.sql.queue import Selection
from stickprov_findings.domain.review.agreement import disagrees
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.routing import ServiceRouter

_PAGE: Final = 1000
_AT_ONCE: Final = 8
"""Reviews read at the same time; the rest of the connections are for those who review."""


def disagreements_router(parts: GetParts) -> APIRouter:
    """Return the route under ``/v1/disagreements``."""
    router = ServiceRouter(prefix="/v1/disagreements", tags=["reviews"])

    @router.get("", summary="Cases whose two reviews differ and have not been settled")
    async def read_disagreements(
        caller: Annotated[Caller, Depends(require("coordinator", "auditor"))],
        control_point: Annotated[ControlPointId | None, Query(description="Only this control point")] = None,
        draw: Annotated[UUID | None, Query(description="Only this draw")] = None,
        start: Start = None,
        end: End = None,
    ) -> list[QueueItem]:
        """Return the first reviews of these cases, in the queue's order; in closed periods they stay as they are."""
        selection = Selection(control_point=control_point, draw=draw, purpose="second-review", within=(start, end))
        seconds = await _second_reviews(parts(), caller, selection)
        gate = asyncio.Semaphore(_AT_ONCE)

        async def judged(item: QueueItem) -> QueueItem | None:
            key = ReviewKey(item.draw, item.control_point, item.case)
            async with gate:
                record = await parts().reviews.read(key, caller.actor, cleared=is_cleared(caller), second=True)
            if record is None or record.review.beside is None:
                return None
            if not disagrees(record.review, record.review.beside):
                return None
            shown = {"purpose": "review", "status": record.review.status, "version": record.review.version}
            return item.model_copy(update=shown)

        return [item for item in await asyncio.gather(*map(judged, seconds)) if item is not None]

    return router


async def _second_reviews(parts: Parts, caller: Caller, selection: Selection) -> list[QueueItem]:
    """Return the second reviews that somebody has begun or ended; which of them may be read is told when they are."""
    items: list[QueueItem] = []
    while True:
        page = await parts.queue.page(selection, caller.actor, None, _PAGE, len(items), cleared=True)
        items += page.items
        if len(page.items) < _PAGE:
            return [item for item in items if item.version]
