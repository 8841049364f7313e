"""How a control point's share moves, step by step, and how any two of its periods differ."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import Services
from stickprov_client.language.periods import whole_years
from stickprov_client.web.charts import period_shares
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reporting.addresses import (
    STATISTICS,
    all_days_of,
    cases_behind,
    days_in,
    page_of,
    rooms_of,
    summary_of,
)
from stickprov_client.web.reporting.known import as_known, kept, known_in
from stickprov_contracts.http.trends import PeriodDifference, PeriodShare, Trend, TrendStep

STEPS: Final[tuple[TrendStep, ...]] = get_args(TrendStep)


def trend_router() -> APIRouter:
    """Return the page."""
    router = APIRouter(prefix=STATISTICS)

    @router.get("/{control_point}/trend")
    async def trend(
        request: Request,
        services: Connected,
        control_point: str,
        start: Annotated[str, Query(alias="from")] = "",
        end: Annotated[str, Query(alias="to")] = "",
        by: str = "month",
        period: str = "",
        against: str = "",
    ) -> Response:
        chosen, known = days_in(request, control_point, start, end), known_in(request)
        point = await summary_of(services, control_point)
        drawn = all_days_of(point)
        days = chosen or (whole_years(drawn) if drawn else None)
        if days is None:
            return RedirectResponse(page_of(control_point))
        step = next((one for one in STEPS if one == by), STEPS[0])
        positions = known.at if known else None
        found = await as_known(
            request, services.reporting.trend(control_point, step, days.start, days.end, positions=positions)
        )
        return page(
            request,
            "reporting/trend.html",
            point=point,
            days=days,
            step=step,
            steps={one: page_of(control_point, "trend", chosen, by=one, **kept(known)) for one in STEPS},
            trend=found,
            chart=period_shares(found.periods, language_of(request), _tolerance(found)),
            behind=[cases_behind(control_point, one.start, one.end, known) for one in found.periods],
            difference=await _difference(services, found, (period, against), positions),
            compared={"period": period, "against": against},
            room_pages=rooms_of(control_point, chosen, known),
            downloads={
                form: page_of(control_point, f"trend.{form}", days, by=step, **kept(known)) for form in ("csv", "xlsx")
            },
            known=known,
        )

    return router


def _tolerance(trend: Trend) -> Decimal | None:
    return next((one.verdict.tolerance for one in reversed(trend.periods) if one.verdict), None)


async def _difference(
    services: Services, trend: Trend, labels: tuple[str, str], positions: datetime | None
) -> PeriodDifference | None:
    """Ask how two of the trend's periods differ, as it was known; None unless two of them are named."""
    period, against = labels
    labelled: dict[str, PeriodShare] = {one.label: one for one in trend.periods}
    if period == against or period not in labelled or against not in labelled:
        return None
    later, earlier = labelled[period], labelled[against]
    return await services.reporting.difference(
        trend.control_point, (later.start, later.end), (earlier.start, earlier.end), positions=positions
    )
