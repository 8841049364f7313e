"""The statistics pages."""

import asyncio
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import Services
from stickprov_client.language.periods import DateRange, whole_months
from stickprov_client.language.translations import texts
from stickprov_client.web.charts import category_bars, month_shares
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.problems import PageProblem
from stickprov_client.web.rendering import page


def statistics_router() -> APIRouter:
    """Return the list of control points and the page of one."""
    router = APIRouter(prefix="/statistics")

    @router.get("")
    async def control_points(request: Request, services: Connected) -> Response:
        known = await services.reporting.control_points()
        return page(request, "control_points.html", control_points=known)

    @router.get("/{control_point}")
    async def statistics(
        request: Request,
        services: Connected,
        control_point: str,
        start: Annotated[str, Query(alias="from")] = "",
        end: Annotated[str, Query(alias="to")] = "",
    ) -> Response:
        chosen = _chosen(request, control_point, start, end)
        days = chosen or await _everything(services, control_point)
        if days is None:
            counted = await services.reporting.register_measures(control_point)
            return page(request, "no_draws.html", control_point=control_point, register=counted)
        found, counted = await asyncio.gather(
            services.reporting.statistics(control_point, days.start, days.end),
            services.reporting.register_measures(control_point, *((days.start, days.end) if chosen else ())),
        )
        language = language_of(request)
        return page(
            request,
            "statistics.html",
            statistics=found,
            days=days,
            chart=month_shares(found.months, language),
            bars=category_bars(found.categories),
            register=counted,
        )

    return router


def _chosen(request: Request, control_point: str, start: str, end: str) -> DateRange | None:
    """Read the dates of the address; None when there are none."""
    if not start and not end:
        return None
    say = texts(language_of(request)).gettext
    try:
        days = DateRange(date.fromisoformat(start), date.fromisoformat(end))
    except ValueError:
        detail = say("Give both dates, each written as year-month-day, such as 2021-01-31.")
        raise _bad_dates(request, control_point, detail) from None
    if days.start >= days.end:
        raise _bad_dates(request, control_point, say("The second date is the day after the last, so it must be later."))
    return days


def _bad_dates(request: Request, control_point: str, detail: str) -> PageProblem:
    say = texts(language_of(request)).gettext
    way_on = (f"/statistics/{control_point}", say("Show everything there is"))
    return PageProblem(HTTPStatus.BAD_REQUEST, say("These dates cannot be used"), detail, way_on)


async def _everything(services: Services, control_point: str) -> DateRange | None:
    """Return the range of all draws of a control point; None when there are none yet."""
    known = await services.reporting.control_points()
    point = next((point for point in known if point.control_point == control_point), None)
    if point is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    if point.start is None or point.end is None:
        return None
    return whole_months(point.start, point.end)
