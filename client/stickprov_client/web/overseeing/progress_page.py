"""How far the reviewing has come: by control point, unit, reviewer and period, with what is late."""

import asyncio
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.web.access import Examiner
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.addresses import NamedPurpose
from stickprov_client.web.reviewing.queue_page import TITLES

_USUAL_DAYS: Final = 14
_MOST_DAYS: Final = 3650


def progress_router() -> APIRouter:
    """Return the page."""
    router = APIRouter(prefix="/progress")

    @router.get("")
    async def progress(
        request: Request,
        services: Connected,
        _examiner: Examiner,
        purpose: NamedPurpose,
        control_point: str = "",
        period: str = "",
        days: str = "",
    ) -> Response:
        late_after = min(int(days), _MOST_DAYS) if days.isascii() and days.isdigit() else _USUAL_DAYS
        found, names, disagreed = await asyncio.gather(
            services.findings.progress(
                control_point=control_point or None,
                period=period or None,
                purpose=purpose,
                overdue_days=late_after,
            ),
            names_for(request, services),
            services.findings.disagreements(control_point=control_point or None),
        )
        return page(
            request,
            "overseeing/progress.html",
            found=found,
            names=names,
            purposes=TITLES,
            wanted={"purpose": purpose, "control_point": control_point, "period": period, "days": late_after},
            disagreed=[item for item in disagreed if not item.closed],
        )

    return router
