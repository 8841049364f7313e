"""The reports page: what to report and how; the file comes from reporting as it is."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final, get_args

import httpx
from fastapi import APIRouter, Query
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from stickprov_client.api import ApiProblem, ClientError, Services
from stickprov_client.api.reporting import ReportRequest
from stickprov_client.language import reports
from stickprov_client.language.periods import range_of
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import texts
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.reports import ReportFormat, ReportKind, ReportLanguage

REPORTS: Final = "/reports"
_PASSED_ON: Final = ("Content-Disposition", "Content-Type", "Content-Length")
_YEAR_DIGITS: Final = 4


def reports_router() -> APIRouter:
    """Return the page and the file."""
    router = APIRouter()

    @router.get(REPORTS)
    async def choose(request: Request, services: Connected) -> Response:
        return await _page(request, services)

    @router.get(f"{REPORTS}/file")
    async def file(
        request: Request, services: Connected, control_point: Annotated[list[str] | None, Query()] = None
    ) -> Response:
        wanted, fault = _wanted(request, control_point or [])
        if wanted is None:
            return await _page(request, services, fault)
        opened = AsyncExitStack()
        try:
            response = await opened.enter_async_context(services.reporting.report(wanted))
        except ApiProblem as error:
            if not error.is_our_fault or error.problem.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
                raise
            faults = [one.message for one in error.problem.errors] or [error.problem.detail]
            sentence = " ".join(told(one, language_of(request)) for one in faults)
            return await _page(request, services, sentence)
        headers = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
        return StreamingResponse(_pieces(response), headers=headers, background=BackgroundTask(opened.aclose))

    return router


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    async for piece in response.aiter_bytes():
        yield piece


async def _page(request: Request, services: Services, fault: str = "") -> Response:
    known = await services.reporting.control_points()
    typed = request.query_params
    return page(
        request,
        "reporting/reports.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        fault=fault,
        points=sorted(known, key=lambda point: (-point.year, point.control_point)),
        chosen=set(typed.getlist("control_point")),
        typed={name: typed.get(name, "") for name in ("kind", "plan", "year", "period", "from", "to", "format")},
        report_language=typed.get("language", language_of(request)),
        kinds=reports.kinds(language_of(request)),
        formats=reports.formats(language_of(request)),
        languages=reports.LANGUAGES,
        years=sorted({point.year for point in known}, reverse=True),
        plans=await _plans(services),
    )


async def _plans(services: Services) -> list[str]:
    """Return the plans that can be reported on; without them their names are typed."""
    try:
        return [plan.plan for plan in await services.plans.plans()]
    except ClientError:
        return []


def _wanted(request: Request, control_points: list[str]) -> tuple[ReportRequest | None, str]:
    """Read what to report; else say what is wrong."""
    say = texts(language_of(request)).gettext
    typed = request.query_params
    kind: ReportKind | None = next((one for one in get_args(ReportKind) if one == typed.get("kind")), None)
    if kind is None:
        return None, say("Choose what to report.")
    if kind == "standard-form" and not control_points:
        return None, say("Choose at least one control point.")
    year = typed.get("year", "")
    try:
        start, end = _days(typed.get("period", ""), typed.get("from", ""), typed.get("to", ""))
    except ValueError:
        return None, say("Write the period as 2021, 2021-Q1, 2021-T1 or 2021-03, or give two dates.")
    forms: tuple[ReportFormat, ...] = get_args(ReportFormat)
    languages: tuple[ReportLanguage, ...] = get_args(ReportLanguage)
    return ReportRequest(
        kind=kind,
        control_points=control_points if kind == "standard-form" else (),
        plan=typed.get("plan") or None,
        year=int(year) if year.isascii() and year.isdigit() and len(year) == _YEAR_DIGITS else None,
        start=start,
        end=end,
        language=next((one for one in languages if one == typed.get("language")), language_of(request)),
        format=next((one for one in forms if one == typed.get("format")), "pdf"),
    ), ""


def _days(period: str, start: str, end: str) -> tuple[date | None, date | None]:
    if period.strip():
        days = range_of(period.strip())
        return days.start, days.end
    if not start and not end:
        return None, None
    return date.fromisoformat(start), date.fromisoformat(end)
