"""The reports page: what to report and how; the file comes from reporting as it is."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final, get_args

import httpx
from fastapi import APIRouter, Query
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from stickprov_client.api import ApiProblem, ClientError, Services
from stickprov_client.api.reporting import EVERY_YEAR, ReportRequest
from stickprov_client.language import reports
from stickprov_client.language.periods import DateRange, range_of
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import texts
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reporting.addresses import all_days_of, by_number
from stickprov_client.web.reporting.known import CLOCK, DAY, known_in
from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_contracts.http.reports import ReportFormat, ReportLanguage

REPORTS: Final = "/reports"
_PASSED_ON: Final = ("Content-Disposition", "Content-Type", "Content-Length")
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'; sandbox"
)
"""A report in HTML has its styles in itself. It is shown alone, without scripts and apart from our pages."""
_YEAR_DIGITS: Final = 4
LEAST_LIMIT: Final = 2
MOST_LIMIT: Final = 20
_TYPED: Final = ("kind", "plan", "year", "period", "from", "to", "suppress_below", "format", DAY, CLOCK)
_FORMATS: Final[tuple[ReportFormat, ...]] = get_args(ReportFormat)
_LANGUAGES: Final[tuple[ReportLanguage, ...]] = get_args(ReportLanguage)


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
        try:
            known = known_in(request)
            wanted = _wanted(request, control_point or [], await services.reporting.control_points(EVERY_YEAR))
            wanted = replace(wanted, positions=known.at if known else None)
        except _Refused as refused:
            return await _page(request, services, refused.sentence)
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
        headers["Content-Security-Policy"] = _POLICY
        return StreamingResponse(_pieces(response), headers=headers, background=BackgroundTask(opened.aclose))

    return router


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    async for piece in response.aiter_bytes():
        yield piece


async def _page(request: Request, services: Services, fault: str = "") -> Response:
    known = await services.reporting.control_points(EVERY_YEAR)
    typed = request.query_params
    return page(
        request,
        "reporting/reports.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        fault=fault,
        points=sorted(known, key=lambda point: (-point.year, by_number(point.control_point))),
        chosen=set(typed.getlist("control_point")),
        typed={name: typed.get(name, "") for name in _TYPED},
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


class _Refused(Exception):  # noqa: N818 - what the reader is told
    """What was chosen makes no report.

    Attributes:
        sentence: why, in the reader's language.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _wanted(request: Request, control_points: list[str], known: Sequence[ControlPointSummary]) -> ReportRequest:
    """Read what to report: of each kind only what it takes.

    Raises:
        _Refused: something is missing or wrong.
    """
    say = texts(language_of(request)).gettext
    typed = request.query_params
    language = next((one for one in _LANGUAGES if one == typed.get("language")), language_of(request))
    file_format: ReportFormat = next((one for one in _FORMATS if one == typed.get("format")), "pdf")
    year = typed.get("year", "")
    told_year = int(year) if year.isascii() and year.isdigit() and len(year) == _YEAR_DIGITS else None
    plan = typed.get("plan", "").strip() or None
    match typed.get("kind"):
        case "standard-form":
            days = _days(request, control_points, known)
            return ReportRequest(
                kind="standard-form",
                control_points=control_points,
                start=days.start,
                end=days.end,
                suppress_below=_smallest(request),
                language=language,
                format=file_format,
            )
        case "plan-status":
            if plan is None:
                raise _Refused(say("Choose a plan."))
            return ReportRequest(kind="plan-status", plan=plan, year=told_year, language=language, format=file_format)
        case "actions":
            return ReportRequest(
                kind="actions",
                control_points=control_points,
                plan=plan,
                year=told_year,
                language=language,
                format=file_format,
            )
        case _:
            raise _Refused(say("Choose what to report."))


def _smallest(request: Request) -> int | None:
    """Return the limit below which numbers are left out, None where all are shown."""
    typed = request.query_params.get("suppress_below", "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and LEAST_LIMIT <= int(typed[:3]) <= MOST_LIMIT):
        say = texts(language_of(request)).gettext
        raise _Refused(say("Numbers may be left out below 2 to 20; leave the field empty to show all."))
    return int(typed)


def _days(request: Request, control_points: list[str], known: Sequence[ControlPointSummary]) -> DateRange:
    """Return the days of a standard form: those that are told, else those of every draw of its control points."""
    say = texts(language_of(request)).gettext
    if not control_points:
        raise _Refused(say("Choose at least one control point."))
    period, start, end = (request.query_params.get(name, "").strip() for name in ("period", "from", "to"))
    try:
        if period:
            return range_of(period)
        if start or end:
            return range_of(f"{start}/{end}")
    except ValueError:
        raise _Refused(say("Write the period as 2021, 2021-Q1, 2021-T1 or 2021-03, or give two dates.")) from None
    drawn = [days for point in known if point.control_point in control_points and (days := all_days_of(point))]
    if not drawn:
        raise _Refused(say("Nothing has been drawn for these control points yet."))
    return DateRange(min(days.start for days in drawn), max(days.end for days in drawn))
