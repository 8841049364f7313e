"""The statistics pages: every control point, and everything that is counted of one."""

import asyncio
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api.reporting import EVERY_YEAR
from stickprov_client.language.periods import DateRange
from stickprov_client.language.translations import marked
from stickprov_client.web.charts import category_bars, month_shares, option_bars
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reporting.addresses import (
    STATISTICS,
    by_number,
    cases_behind,
    days_in,
    days_or_everything,
    page_of,
    reports_address,
    rooms_of,
)
from stickprov_client.web.reporting.changed import Changes, changes_between
from stickprov_client.web.reporting.known import Known, as_known, kept, known_in
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.statistics import (
    Assumption,
    Interval,
    QuestionStatistics,
    ReasonCount,
    Statistics,
    StratumStatistics,
)


@dataclass(frozen=True)
class Past:
    """What a page that looks at the past shows beside the figures; nothing of it for one that does not."""

    known: Known | None = None
    changes: Changes | None = None


def statistics_router() -> APIRouter:
    """Return the list of control points and the page of one."""
    router = APIRouter(prefix=STATISTICS)

    @router.get("")
    async def control_points(request: Request, services: Connected) -> Response:
        known = await services.reporting.control_points(EVERY_YEAR)
        ordered = sorted(known, key=lambda point: (-point.year, by_number(point.control_point)))
        years = {year: list(points) for year, points in groupby(ordered, key=lambda point: point.year)}
        return page(request, "reporting/control_points.html", years=years)

    @router.get("/{control_point}")
    async def statistics(
        request: Request,
        services: Connected,
        control_point: str,
        start: Annotated[str, Query(alias="from")] = "",
        end: Annotated[str, Query(alias="to")] = "",
    ) -> Response:
        chosen, known = days_in(request, control_point, start, end), known_in(request)
        days = await days_or_everything(services, control_point, chosen)
        if days is None:
            counted = await services.reporting.register_measures(control_point)
            return page(request, "reporting/no_draws.html", control_point=control_point, register=counted)
        if known is not None:
            then, now = await asyncio.gather(
                as_known(
                    request, services.reporting.statistics(control_point, days.start, days.end, positions=known.at)
                ),
                services.reporting.statistics(control_point, days.start, days.end),
            )
            return _page(
                request, then, (days, chosen), [], Past(known, changes_between(then, now, language_of(request)))
            )
        found, counted = await asyncio.gather(
            services.reporting.statistics(control_point, days.start, days.end),
            services.reporting.register_measures(control_point, *((days.start, days.end) if chosen else ())),
        )
        return _page(request, found, (days, chosen), counted, Past())

    return router


def _page(
    request: Request,
    found: Statistics,
    dates: tuple[DateRange, DateRange | None],
    register: list[RegisterMeasure],
    past: Past,
) -> Response:
    """Show it. ``dates`` are those it is of, and those that the address chose."""
    days, chosen = dates
    known = past.known
    return page(
        request,
        "reporting/statistics.html",
        statistics=found,
        days=days,
        chart=month_shares(found.months, language_of(request), found.tolerance),
        bars=category_bars(found.categories),
        option_bars={
            (question.questionnaire, question.question): option_bars(question.options) for question in _questions(found)
        },
        register=register,
        behind=cases_behind(found.control_point, days.start, days.end, known),
        room_pages=rooms_of(found.control_point, chosen, known),
        downloads={
            form: page_of(found.control_point, f"figures.{form}", days, **kept(known)) for form in ("csv", "xlsx")
        },
        report=reports_address(found.control_point, days, known),
        known=known,
        changes=past.changes,
        strata=_told_apart(found),
        assumed=_assumed(found),
        reasons=_reasons(found),
        sections=_sections(found, register),
    )


def _questions(found: Statistics) -> list[QuestionStatistics]:
    again = found.file_review.questions if found.file_review else []
    return [*found.questions, *again]


def _told_apart(found: Statistics) -> list[StratumStatistics]:
    """Return the strata; none where the draws were not stratified, so that each month is its only stratum."""
    return found.strata if any(part.stratum for part in found.strata) else []


def _assumed(found: Statistics) -> list[Interval]:
    """Return the intervals whose assumptions the page tells: each assumption once."""
    told: set[Assumption] = set()
    intervals = [found.interval, *(month.interval for month in found.months)]
    chosen = []
    for interval in intervals:
        if interval is not None and not told.issuperset(interval.assumptions):
            chosen.append(
                interval.model_copy(update={"assumptions": [a for a in interval.assumptions if a not in told]})
            )
            told |= set(interval.assumptions)
    return chosen


def _reasons(found: Statistics) -> dict[tuple[str, str], list[ReasonCount]]:
    """Return the reasons by outcome and level, the commonest first."""
    order = sorted(found.reasons, key=lambda one: (one.level, one.outcome, -one.count))
    return {key: list(those) for key, those in groupby(order, key=lambda one: (one.outcome, one.level))}


def _sections(found: Statistics, register: list[RegisterMeasure]) -> list[tuple[str, str]]:
    """Return the page's sections that there is something in: anchor and text."""
    there = (
        ("months", marked("By month"), found.months),
        ("left-out", marked("What was not reviewed"), found.reasons or (found.missing and found.missing.missing)),
        ("strata", marked("By stratum"), _told_apart(found)),
        ("units", marked("By unit"), found.units),
        ("categories", marked("What the remarks are about"), found.categories),
        ("questions", marked("Answers"), found.questions),
        ("subunits", marked("Inside the cases"), found.subunits),
        ("agreement", marked("Agreement between reviewers"), found.agreement),
        ("file-review", marked("File review"), found.file_review),
        ("register", marked("Register measures"), register),
        ("draws", marked("Draws"), found.draws),
    )
    return [(anchor, text) for anchor, text, something in there if something]
