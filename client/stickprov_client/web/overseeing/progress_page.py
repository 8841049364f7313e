"""How far the reviewing has come: by control point, unit, reviewer and period, with what is late."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.web.access import Examiner
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.queue_page import TITLES
from stickprov_contracts.http.findings import Purpose

_USUAL_DAYS: Final = 14
_MOST_DAYS: Final = 3650


def purpose_in(purpose: str = "") -> Purpose:
    """Return the purpose that an address names; the first review for any other."""
    return next((known for known in TITLES if known == purpose), "review")


NamedPurpose = Annotated[Purpose, Depends(purpose_in)]
"""A route's parameter: the purpose that its address names."""


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
            disagreed=disagreed,
        )

    return router
