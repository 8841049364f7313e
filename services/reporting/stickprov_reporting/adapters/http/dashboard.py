"""Routes of what a board sees at one look, and of what has changed since."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from stickprov_contracts.http.dashboard import Changed, Dashboard
from stickprov_kernel.ending import is_stopping
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.dashboard import read_dashboard
from stickprov_reporting.adapters.http.date_range import AsOfMoment
from stickprov_reporting.adapters.http.readers import READS_FIGURES
from stickprov_reporting.adapters.parts import GetParts

LONGEST_WAIT = 30
"""Seconds that somebody may wait for a change."""


def dashboard_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/dashboard`` and ``/v1/changes``."""
    router = ServiceRouter(
        prefix="/v1",
        tags=["dashboard"],
        dependencies=[READS_FIGURES],
    )

    @router.get("/dashboard", summary="Controls, actions and plans of a year at one look")
    async def read_standing(
        moment: AsOfMoment,
        year: Annotated[
            int | None, Query(ge=1, le=9999, description="The newest that has a control point when left out")
        ] = None,
    ) -> Dashboard:
        """Return how the year's controls stand, which actions are open and how its plans stand."""
        async with parts().readings.at(moment) as reading:
            day = moment if isinstance(moment, datetime) else datetime.now(UTC)
            return await read_dashboard(reading, year, day.date())

    @router.get("/changes", summary="Wait until something was applied")
    async def read_changes(
        request: Request,
        after: Annotated[str | None, Query(max_length=200, description="The mark of the answer before")] = None,
        wait: Annotated[
            int, Query(ge=0, le=LONGEST_WAIT, description="Seconds; answers sooner when there is news")
        ] = 0,
    ) -> Changed:
        """Return at once when something was applied since ``after``, else when something is or the wait is over."""
        return await parts().news.since(after, wait, lambda: is_stopping(request.app))

    return router
